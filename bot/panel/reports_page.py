"""Reports and sheets from the panel: the same documents as the commands make, one file at a time."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date

from aiohttp import web

from bot import consulting
from bot.panel.guard import Page
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit
from data import counts_store, months
from services.directory import Directory
from services.reports import (
    gathering,
    html,
    knowledge,
    pdf,
    sheet,
    workbook,
)
from services.reports.document import Document
from services.reports.figures import NATION
from services.reports.spoken import ReportError, state_key

_FORMS: Mapping[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", pdf.written),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook.written),
}


async def show(visit: Visit) -> Response:
    """The forms. Only published months can be asked for."""
    return await _page(visit, status=200, error="")


async def make(visit: Visit) -> Response:
    """One file, made now. What can't be made comes back as a sentence above the form."""
    try:
        if visit.asked("que") == "hoja":
            return await _sheet(visit)
        document = await _document(visit)
    except ReportError as error:
        return await _page(visit, status=422, error=str(error))
    kind = visit.asked("forma")
    if kind not in _FORMS:
        return _to_read(await asyncio.to_thread(html.written, document))
    content_type, written = _FORMS[kind]
    data = await asyncio.to_thread(written, document)
    return _file(data, f"{document.key}.{kind}", content_type)


async def _document(visit: Visit) -> Document:
    """From what the clock has published; the panel itself publishes nothing."""
    core, today = visit.desk.core, _today(visit)
    directory = await _directory(visit)
    if visit.asked("que") == "comparar":
        states = _state(directory, visit.asked("a")), _state(directory, visit.asked("b"))
        return await gathering.compared(core.database, directory, states, now=visit.now, today=today)
    wanted = knowledge.period(visit.asked("desde"), visit.asked("hasta"))
    return await gathering.told(
        core.database,
        directory,
        wanted,
        state=_state(directory, visit.asked("estado")) if visit.asked("estado") else NATION,
        found=await consulting.observations(core.database, core.keys),
        threshold=core.report_threshold,
        today=today,
    )


def _state(directory: Directory, text: str) -> str:
    return state_key(directory.gazetteer, text)


async def _sheet(visit: Visit) -> Response:
    directory = await _directory(visit)
    place = sheet.place_of(directory, visit.asked("municipio"))
    if not place.municipality:
        raise ReportError("Elija un municipio. Para todo un estado use el comando «faro sheet».")
    made = sheet.make(directory, place.key, link=visit.desk.core.bot_link, today=_today(visit))
    if visit.asked("forma") == "txt":
        return _file(f"{made.message}\n".encode(), f"hoja-{place.key}.txt", "text/plain")
    data = await asyncio.to_thread(sheet.printed, made)
    return _file(data, f"hoja-{place.key}.pdf", "application/pdf")


async def _directory(visit: Visit) -> Directory:
    async with visit.desk.core.database.read() as connection:
        return await visit.desk.core.directory(connection)


async def _page(visit: Visit, *, status: int, error: str) -> Response:
    async with visit.desk.core.database.read() as connection:
        known = tuple(await counts_store.published_months(connection))
    areas = visit.desk.core.gazetteer.areas
    states = [(key, area.place.state) for key, area in sorted(areas.items()) if len(key) == 2]
    return visit.page("reports.html", status=status, error=error, months=known, states=states)


def _to_read(page: str) -> Response:
    """The page in the browser's tab. It holds its own style, and nothing else may run or be loaded."""
    policy = (
        f"default-src 'none'; style-src {html.style_source(page)}; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
    )
    return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": policy})


def _file(data: bytes, name: str, content_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=data, content_type=content_type, headers=headers)


def _today(visit: Visit) -> date:
    return visit.now.astimezone(months.ZONE).date()


PAGES = (
    Page("GET", "/informes", Permission.INSIGHT, show),
    Page("GET", "/informes/hacer", Permission.INSIGHT, make),
)
