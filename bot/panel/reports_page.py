"""Reports and sheets from the panel: the same documents as the commands make, one file at a time."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from aiohttp import web

from bot import consulting
from bot.panel.guard import Page
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit
from data import counts_store, months
from services.directory import Directory
from services.reports import comparison, facts, html, knowledge, observed, pdf, sheet, unmet, workbook
from services.reports.document import Document
from services.reports.figures import NATION, Figures
from services.reports.knowledge import Matter
from services.reports.pair import Pair
from services.reports.spoken import ReportError, state_key

_FORMS: Mapping[str, tuple[str, Callable[[Document], bytes]]] = {
    "html": ("text/html", lambda document: html.written(document).encode()),
    "pdf": ("application/pdf", pdf.written),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook.written),
}


async def show(visit: Visit) -> Response:
    """The forms. Only published months can be asked for."""
    return await _page(visit, status=200, error="")


async def make(visit: Visit) -> Response:
    """One file, made now. What can't be made comes back as a sentence above the form."""
    kind = visit.asked("forma")
    try:
        if visit.asked("que") == "hoja":
            return await _sheet(visit)
        document = await _document(visit)
    except ReportError as error:
        return await _page(visit, status=422, error=str(error))
    content_type, written = _FORMS.get(kind, _FORMS["html"])
    data = await asyncio.to_thread(written, document)
    return _file(data, f"{document.key}.{kind if kind in _FORMS else 'html'}", content_type)


async def _document(visit: Visit) -> Document:
    directory, today = await _directory(visit), _today(visit)
    gazetteer = directory.gazetteer
    if visit.asked("que") == "comparar":
        a, b = state_key(gazetteer, visit.asked("a")), state_key(gazetteer, visit.asked("b"))
        pair = Pair(a, b, directory, facts.load(), today)
        last = months.before(months.of(visit.now))
        wanted = tuple(months.between(months.before(last, by=unmet.MONTHS - 1), last))
        figures = await _figures(visit, wanted, NATION)
        asked = unmet.section(tuple((pair.name(s), replace(figures, state=s)) for s in pair.states))
        return await asyncio.to_thread(comparison.compare, pair, unmet=asked)
    wanted = knowledge.period(visit.asked("desde"), visit.asked("hasta"))
    state = state_key(gazetteer, visit.asked("estado")) if visit.asked("estado") else NATION
    threshold = visit.desk.core.report_threshold
    found = await consulting.observations(visit.desk.core.database, visit.desk.core.keys)
    matter = Matter(
        figures=await _figures(visit, wanted, state),
        wanted=wanted,
        directory=directory,
        observed=observed.section(found, wanted=wanted, state=state, threshold=threshold, today=today),
        threshold=threshold,
        today=today,
    )
    return await asyncio.to_thread(knowledge.report, matter)


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


async def _figures(visit: Visit, wanted: tuple[str, ...], state: str) -> Figures:
    """From what the clock has published; the panel itself publishes nothing."""
    async with visit.desk.core.database.read() as connection:
        known = await counts_store.published_months(connection)
        cells = await counts_store.published(connection, wanted[0], wanted[-1])
    return Figures(tuple(month for month in wanted if month in known), state, cells)


async def _directory(visit: Visit) -> Directory:
    async with visit.desk.core.database.read() as connection:
        return await visit.desk.core.directory(connection)


async def _page(visit: Visit, *, status: int, error: str) -> Response:
    async with visit.desk.core.database.read() as connection:
        known = tuple(await counts_store.published_months(connection))
    areas = visit.desk.core.gazetteer.areas
    states = [(key, area.place.state) for key, area in sorted(areas.items()) if len(key) == 2]
    return visit.page("reports.html", status=status, error=error, months=known, states=states)


def _file(data: bytes, name: str, content_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=data, content_type=content_type, headers=headers)


def _today(visit: Visit) -> date:
    return visit.now.astimezone(months.ZONE).date()


PAGES = (
    Page("GET", "/informes", Permission.INSIGHT, show),
    Page("GET", "/informes/hacer", Permission.INSIGHT, make),
)
