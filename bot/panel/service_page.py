"""A service: everything that is known of it, how the chat shows it, and its history with a way back."""

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.panel import preview, publishing
from bot.panel.directory_page import REPORTS_SINCE
from bot.panel.guard import Page
from bot.panel.rendering import ZONE
from bot.panel.roles import Permission, may_change, visible
from bot.panel.visit import Response, Visit
from data import directory_store, history_store, proposal_store
from data.history_store import WHOLE, Change, Via
from data.record_json import from_fields
from data.records import Exposure, Kind, RefugePlace, Service
from services import editing, showing
from services.differences import is_grave
from services.editing import EditError
from services.showing import Difference

MOST = 200
"""Changes of the history that are shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """Changes that were made together."""

    change: Change
    lines: list[tuple[int, Difference, bool]]


async def show(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def undo(visit: Visit) -> Response:
    """Take back one change; where a second person is needed, propose to."""
    number = visit.text("change")
    change_id = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
    desk, service_id = visit.desk, visit.id()
    try:
        async with desk.core.database.write() as connection:
            change = await history_store.get(connection, change_id)
            if change is None or change.service_id != service_id:
                raise web.HTTPNotFound
            record = await desk.shelf.record(connection, service_id) or _as_it_was(change)
            if record is None:
                raise web.HTTPNotFound
            if not may_change(visit.account, record):
                raise web.HTTPForbidden
            pair = await editing.undone(connection, change_id, rules=desk.rules)
            outcome = await publishing.undo(visit, connection, change_id, pair)
    except EditError as told:
        return await _page(visit, problem=str(told), status=409)
    if pair.after and pair.after["kind"] == Kind.REFUGE:
        await desk.core.database.settle()
    return visit.to(f"/servicios/{service_id}", ok=outcome)


async def show_removed(visit: Visit) -> Response:
    """The services that are in the directory no more, as far as this account may know of them."""
    async with visit.desk.core.database.read() as connection:
        changes = await history_store.removed(connection)
        shelves = await visit.desk.shelf.at_newest(connection)
    latest = {each.service_id: each for each in reversed(changes) if each.service_id not in shelves.by_id}
    found = [(_known(visit, _as_it_was(change)), change) for change in reversed(latest.values())]
    return visit.page("removed.html", removed=[(seen, change) for seen, change in found if seen])


PAGES = (
    Page("GET", "/directorio/quitados", Permission.READ, show_removed),
    Page("GET", "/servicios/{id}", Permission.READ, show),
    Page("POST", "/servicios/{id}/deshacer", Permission.EDIT, undo),
)


async def _page(visit: Visit, *, problem: str = "", status: int = 200) -> Response:
    desk = visit.desk
    today = visit.now.astimezone(ZONE).date()
    async with desk.core.database.read() as connection:
        shelves = await desk.shelf.at_newest(connection)
        entry = shelves.by_id.get(visit.id())
        changes = await history_store.of_service(connection, visit.id())
        if entry is None:
            return await _gone(visit, connection, changes, problem=problem, status=status)
        seen = visible(visit.account, entry.record)
        if seen is None:
            raise web.HTTPNotFound
        waiting = await proposal_store.of_service(connection, entry.record.id)
        reported = await directory_store.reports(connection, since=today - REPORTS_SINCE)
    is_mine = may_change(visit.account, entry.record)
    return visit.page(
        "service.html",
        status=status,
        record=seen,
        groups=showing.groups(seen, desk.areas),
        is_mine=is_mine,
        steps=_steps(visit, changes[:MOST], None if is_mine else entry.record),
        more=len(changes) > MOST,
        waiting=waiting,
        reported=reported,
        unseen=showing.why_unseen(entry.record, today),
        preview=preview.of(entry.record, desk.core, shelves, now=visit.now),
        via=showing.VIA,
        problem=problem,
    )


async def _gone(
    visit: Visit, connection: AsyncConnection, changes: tuple[Change, ...], *, problem: str, status: int
) -> Response:
    """What is known of a record that is in the directory no more, with the way back."""
    was = _as_it_was(changes[0]) if changes else None
    seen = _known(visit, was)
    if was is None or seen is None:
        raise web.HTTPNotFound
    is_mine = may_change(visit.account, was)
    return visit.page(
        "service_gone.html",
        status=status,
        record=seen,
        groups=showing.groups(seen, visit.desk.areas),
        change=changes[0],
        is_mine=is_mine,
        steps=_steps(visit, changes[:MOST], None if is_mine else was, is_gone=True),
        more=len(changes) > MOST,
        waiting=await proposal_store.of_service(connection, was.id),
        via=showing.VIA,
        problem=problem,
    )


def _as_it_was(change: Change) -> Service | None:
    """The record that a change took out of the directory; None when it did something else."""
    if change.field != WHOLE or change.after is not None or change.before is None:
        return None
    try:
        return from_fields(change.before)
    except (RefugePlace, ValueError, KeyError, TypeError):
        return None


def _known(visit: Visit, record: Service | None) -> Service | None:
    """A record that is gone as the account may read it."""
    return visible(visit.account, record) if record else None


def _steps(
    visit: Visit, changes: tuple[Change, ...], hidden_of: Service | None, *, is_gone: bool = False
) -> list[Step]:
    hides = _hidden(hidden_of) if hidden_of else frozenset()
    undone = {change.undoes for change in changes if change.undoes is not None}
    steps: dict[int, Step] = {}
    for change in changes:
        step = steps.setdefault(change.batch_id, Step(change, []))
        line = showing.of_change(change, visit.desk.areas)
        if change.field in hides:
            line = Difference(line.name, line.title, "oculto", "oculto")
        can_undo = not change.erased and change.id not in undone and _is_undoable(change, is_gone)
        step.lines.append((change.id, line, can_undo))
    return list(steps.values())


def _is_undoable(change: Change, is_gone: bool) -> bool:
    """A field while the record is there; that it came, where people brought it; that it went."""
    if change.field != WHOLE:
        return not is_gone
    if change.after is None:
        return is_gone
    return not is_gone and change.author.via in (Via.PANEL, Via.IMPORT) and not is_grave(change.after)


def _hidden(record: Service) -> frozenset[str]:
    """Fields whose values not even all of the staff may read."""
    found = {name for name, exposure in record.field_exposure if exposure is Exposure.NEVER}
    if "address" in found or "municipality" in found:
        found |= {"address", "locality", "latitude", "longitude"}
    if any(phone.exposure is Exposure.NEVER for phone in record.phones):
        found.add("phones")
    return frozenset(found)
