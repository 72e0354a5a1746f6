"""The published lists: where each stands, its readings, what waits for a decision, and reading one now."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.panel.cards import Card
from bot.panel.guard import Page
from bot.panel.roles import Permission, may_change
from bot.panel.visit import Response, Visit
from data import directory_store
from data.record_json import from_fields, to_fields
from data.records import RefugePlace, Service
from data.rejection_store import Rejection
from data.source_store import Kind, Outcome
from services import editing, held, refresh, showing
from services import sources as declared
from services.editing import EditError
from services.held import Decided, Waiting
from services.refresh import Busy, Desk
from services.sources import Source, SourcesError

log = logging.getLogger(__name__)

PATIENCE = 6.0
"""Seconds that a page waits for a reading; after that it goes on by itself and the page says so."""
AT_ONCE = 50
LATELY = 20
OUTCOMES: Mapping[str, str] = {
    Outcome.RUNNING: "se está leyendo",
    Outcome.PUBLISHED: "leída",
    Outcome.UNCHANGED: "sin cambios",
    Outcome.FAILED: "falló",
}
KINDS: Mapping[str, str] = {Kind.NEW: "nuevo", Kind.CHANGED: "cambia", Kind.GONE: "ya no está en la lista"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference that waits, side by side. Only within the limits of the account."""

    waiting: Waiting
    lines: list[showing.Difference]


async def show_all(visit: Visit) -> Response:
    """Every declared list."""
    sources, problem = _declared(visit)
    found = await refresh.standings(visit.desk.core.database, sources)
    return visit.page("sources.html", standings=found, outcomes=OUTCOMES, problem=problem)


async def show(visit: Visit) -> Response:
    """One list: readings, and what waits."""
    return await _page(visit)


async def read_now(visit: Visit) -> Response:
    """Read it now. A long reading goes on while the page says so."""
    source = _source(visit)
    reading = asyncio.create_task(refresh.run(_desk(visit), source, by=_who(visit), force=True))
    visit.desk.readings.add(reading)
    reading.add_done_callback(visit.desk.readings.discard)
    reading.add_done_callback(_ended)
    async with visit.desk.core.database.write() as connection:
        await visit.note(connection, "source_read", target=source.name)
    done, _ = await asyncio.wait({reading}, timeout=PATIENCE)
    if done and isinstance(reading.exception(), Busy):
        return await _page(visit, problem=str(reading.exception()), status=409)
    return visit.to(f"/fuentes/{source.name}", ok="source_read" if done else "source_reading")


async def show_run(visit: Visit) -> Response:
    """Why rows of a reading were not used."""
    source, number = _source(visit), _number(visit.id("run"))
    found = await refresh.runs(visit.desk.core.database, source=source.name, limit=200)
    run = next((each for each in found if each.id == number), None)
    if run is None:
        raise web.HTTPNotFound
    problems = await refresh.problems(visit.desk.core.database, run.id)
    return visit.page("source_run.html", source=source, run=run, problems=problems, outcomes=OUTCOMES)


async def decide(visit: Visit) -> Response:
    """Approve or reject chosen rows, or all that this account may decide."""
    source, what = _source(visit), visit.text("do")
    if what not in ("approve", "reject", "approve_all", "reject_all"):
        raise web.HTTPBadRequest
    mine = {each.waiting.id: each.waiting for each in await _mine(visit, source)}
    chosen = [number for number in mine if what.endswith("_all") or str(number) in _ticked(visit)]
    if not chosen:
        return await _page(visit, problem="Marque por lo menos una fila.", status=422)
    try:
        if what.startswith("reject"):
            return await _reject(visit, source, chosen)
        return await _approve(visit, source, chosen, mine)
    except EditError as told:
        return await _page(visit, problem=str(told), status=422)


async def _reject(visit: Visit, source: Source, chosen: list[int]) -> Response:
    count = await held.reject(_desk(visit), chosen, by=_who(visit), now=visit.now, why=_why(visit))
    await _note(visit, "held_rejected", source, count)
    return visit.to(f"/fuentes/{source.name}", ok="held_rejected")


async def _approve(visit: Visit, source: Source, chosen: list[int], mine: Mapping[int, Waiting]) -> Response:
    seen = {number: _revision(visit, number, mine[number]) for number in chosen}
    decided = await held.approve(
        _desk(visit), chosen, by=_who(visit), now=visit.now, revisions=seen, why=_why(visit)
    )
    await _note(visit, "held_approved", source, decided.published)
    if decided.refused:
        return await _page(visit, decided=decided, names=mine, status=409)
    return visit.to(f"/fuentes/{source.name}", ok="held_approved")


async def look(visit: Visit) -> Card | None:
    """How many differences wait."""
    if not visit.may(Permission.SOURCES):
        return None
    sources, problem = _declared(visit)
    standings = await refresh.standings(visit.desk.core.database, sources)
    failing = sum(each.is_failing for each in standings)
    hint = problem or (f"{failing} fuentes no se pudieron leer" if failing else "De las listas publicadas.")
    return Card("Diferencias por decidir", sum(each.held for each in standings), "/fuentes", hint)


PAGES = (
    Page("GET", "/fuentes", Permission.SOURCES, show_all),
    Page("GET", "/fuentes/{id}", Permission.SOURCES, show),
    Page("GET", "/fuentes/{id}/lecturas/{run}", Permission.SOURCES, show_run),
    Page("POST", "/fuentes/{id}/leer", Permission.SOURCES, read_now),
    Page("POST", "/fuentes/{id}/decidir", Permission.SOURCES, decide),
)


async def _page(
    visit: Visit,
    *,
    problem: str = "",
    decided: Decided | None = None,
    names: Mapping[int, Waiting] | None = None,
    status: int = 200,
) -> Response:
    source, database = _source(visit), visit.desk.core.database
    (standing,) = await refresh.standings(database, [source])
    waiting = await _mine(visit, source)
    return visit.page(
        "source.html",
        status=status,
        standing=standing,
        source=source,
        runs=await refresh.runs(database, source=source.name, limit=15),
        waiting=waiting[:AT_ONCE],
        total=len(waiting),
        others=standing.held - len(waiting),
        outcomes=OUTCOMES,
        kinds=KINDS,
        problem=problem,
        decided=decided,
        names=names or {},
        rejected=await _turned_down(visit, source),
        field_title=showing.title,
        is_running=bool(standing.last and standing.last.outcome is Outcome.RUNNING),
    )


async def _turned_down(visit: Visit, source: Source) -> list[Rejection]:
    """What was turned down lately, within the limits of the account."""
    database = visit.desk.core.database
    found = await held.rejections(database, source=source.name, limit=LATELY)
    async with database.read() as connection:
        records = await directory_store.load(connection, [each.service_id for each in found])
    hidden = {record.id for record in records if not may_change(visit.account, record, Permission.SOURCES)}
    known = {record.id for record in records}
    return [
        each
        for each in found
        if each.service_id not in hidden and (each.service_id in known or not visit.account.states)
    ]


async def _mine(visit: Visit, source: Source) -> list[Shown]:
    """What waits and lies within the limits of the account, before and after."""
    found = await held.waiting(_desk(visit), source=source.name)
    async with visit.desk.core.database.read() as connection:
        records = await directory_store.load(connection, [each.service_id for each in found])
    current = {record.id: record for record in records}
    return [
        Shown(each, _lines(visit, each))
        for each in found
        if _is_mine(visit, each, current.get(each.service_id))
    ]


def _is_mine(visit: Visit, waiting: Waiting, record: Service | None) -> bool:
    if record is not None and not may_change(visit.account, record, Permission.SOURCES):
        return False
    if waiting.kind is Kind.GONE:
        return record is not None or not visit.account.states
    made = _made(waiting, record)
    return made is not None and may_change(visit.account, made, Permission.SOURCES)


def _made(waiting: Waiting, record: Service | None) -> Service | None:
    """The record that approving would make; None when it can't be one."""
    changes = {change.field: change.after for change in waiting.changes}
    before = None if record is None else to_fields(record)
    try:
        return from_fields(editing.with_fields(before, waiting.service_id, changes))
    except (RefugePlace, ValueError, KeyError):
        return None


def _lines(visit: Visit, waiting: Waiting) -> list[showing.Difference]:
    areas = visit.desk.areas
    return [showing.difference(each.field, each.before, each.after, areas) for each in waiting.changes]


def _declared(visit: Visit) -> tuple[tuple[Source, ...], str]:
    """The lists of the file, and what is wrong with it."""
    try:
        return declared.read(visit.desk.settings.sources_file), ""
    except SourcesError as told:
        return (), str(told)


def _source(visit: Visit) -> Source:
    found = {source.name: source for source in _declared(visit)[0]}
    if visit.id() not in found:
        raise web.HTTPNotFound
    return found[visit.id()]


def _desk(visit: Visit) -> Desk:
    return Desk(visit.desk.core.database, visit.desk.rules, visit.desk.areas)


def _who(visit: Visit) -> str:
    return visit.account.name or visit.account.email


def _why(visit: Visit) -> str:
    return visit.text("why")[:300]


def _ticked(visit: Visit) -> set[Any]:
    return set(visit.form.getall("row", ()))


def _revision(visit: Visit, number: int, waiting: Waiting) -> int | None:
    """The revision that stood on the screen; whatever is no number matches none."""
    said = visit.text(f"revision-{number}")
    if not said:
        return None if waiting.revision is None else -1
    return _number(said)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


async def _note(visit: Visit, action: str, source: Source, count: int) -> None:
    async with visit.desk.core.database.write() as connection:
        await visit.note(
            connection, action, target=source.name, detail=showing.counted(count, "servicio", "servicios")
        )


def _ended(reading: "asyncio.Task[Any]") -> None:
    """What went wrong stands in the run; only what broke the program is told here."""
    if not reading.cancelled() and (error := reading.exception()) and not isinstance(error, Busy):
        log.error("panel: a reading broke (%s)", type(error).__name__)
