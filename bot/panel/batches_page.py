"""Changes that came together, from a file or a list: what they were, and taking all of them back."""

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.panel import publishing
from bot.panel.guard import Page
from bot.panel.roles import Permission, may_change
from bot.panel.visit import Response, Visit
from data import directory_store, history_store
from data.history_store import Change, Via
from services import approval, editing, showing
from services.editing import EditError

MOST = 300
"""Changes that are shown of a batch."""
_NEEDS_TWO = (
    "Deshacerlo cambia servicios de emergencia o de violencia, o muestra lo que estaba oculto:"
    " lo tiene que deshacer otra persona, que apruebe cambios."
)


async def show(visit: Visit) -> Response:
    """One batch."""
    return await _page(visit)


async def undo(visit: Visit) -> Response:
    """All of it back; later changes are never lost."""
    database, rules = visit.desk.core.database, visit.desk.rules
    async with database.read() as connection:
        changes = await _changes(visit, connection)
    by, why = publishing.author(visit), visit.text("why")[:300]
    try:
        async with database.read() as connection:
            pairs = await editing.undone_batch(connection, changes[0].batch_id, rules=rules)
        needs_two = any(
            pair.after is not None and approval.reasons(pair.before, pair.after) for pair in pairs
        )
        if needs_two and (not visit.may(Permission.APPROVE) or changes[0].author.by == by):
            return await _page(visit, problem=_NEEDS_TWO, status=403)
        await editing.undo_batch(database, changes[0].batch_id, by=by, why=why, rules=rules, now=visit.now)
    except EditError as told:
        return await _page(visit, problem=str(told), status=409)
    async with database.write() as connection:
        await visit.note(connection, "batch_undone", target=f"lote {changes[0].batch_id}")
    return visit.to(f"/archivos/{changes[0].batch_id}", ok="undone")


PAGES = (
    Page("GET", "/archivos/{id}", Permission.IMPORT, show),
    Page("POST", "/archivos/{id}/deshacer", Permission.IMPORT, undo),
)


async def _changes(visit: Visit, connection: AsyncConnection) -> tuple[Change, ...]:
    """The changes of a batch that came from a file or a list, all within the limits of the account."""
    text = visit.id()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    changes = await history_store.of_batch(connection, number)
    if not changes or changes[0].author.via not in (Via.IMPORT, Via.REFRESH):
        raise web.HTTPNotFound
    records = await directory_store.load(connection, [change.service_id for change in changes])
    if any(not may_change(visit.account, record, Permission.IMPORT) for record in records):
        raise web.HTTPForbidden
    if len(records) < len({change.service_id for change in changes}) and visit.account.states:
        raise web.HTTPForbidden  # one that is gone can't be told to lie within the limits
    return changes


async def _page(visit: Visit, *, problem: str = "", status: int = 200) -> Response:
    async with visit.desk.core.database.read() as connection:
        changes = await _changes(visit, connection)
        shelves = await visit.desk.shelf.at_newest(connection)
    names = {key: entry.record.name for key, entry in shelves.by_id.items()}
    return visit.page(
        "batch.html",
        status=status,
        first=changes[0],
        count=len({change.service_id for change in changes}),
        lines=[(each.service_id, showing.of_change(each, visit.desk.areas)) for each in changes[:MOST]],
        total=len(changes),
        names=names,
        problem=problem,
    )
