"""The first page: what needs me today, each one tap away."""

from bot.panel import changes_page, requests_page, search, sources_page, verification_page
from bot.panel.cards import Card, Look
from bot.panel.directory_page import REPORTS_SINCE
from bot.panel.guard import Page
from bot.panel.rendering import ZONE
from bot.panel.roles import Permission, may_change
from bot.panel.shelf import Entry
from bot.panel.visit import Response, Visit
from data import directory_store
from data.records import Exposure


async def show(visit: Visit) -> Response:
    """All cards; those with nothing left come last."""
    found = [card for look in LOOKS if (card := await look(visit))]
    return visit.page("home.html", cards=sorted(found, key=lambda card: card.count == 0))


async def _reported(visit: Visit) -> Card:
    since = visit.now.astimezone(ZONE).date() - REPORTS_SINCE
    async with visit.desk.core.database.read() as connection:
        reported = await directory_store.reports(connection, since=since)
    count = sum(entry.record.id in reported for entry in await _mine(visit))
    hint = "Personas que escribieron que no contestan o que el dato está mal."
    return Card(
        "Alguien dijo que no sirve",
        count,
        "/verificar?cuales=reported" if visit.may(Permission.VERIFY) else "/directorio?marca=reported",
        hint,
    )


async def _due(visit: Visit) -> Card | None:
    """For who can't verify; the round counts for whoever can."""
    if visit.may(Permission.VERIFY):
        return None
    today = visit.now.astimezone(ZONE).date()
    count = sum(entry.is_due(today) for entry in await _mine(visit))
    hint = "Su último dato es viejo, o llegó el día que alguien puso."
    return Card("Toca verificar", count, "/directorio?edad=due", hint)


async def _conflicts(visit: Visit) -> Card:
    count = sum(search.is_in_conflict(entry.record) for entry in await _mine(visit))
    hint = "No se muestran, o se muestran con duda, hasta comprobarlas."
    return Card("Fuentes que no coinciden", count, "/directorio?marca=conflict", hint)


async def _approvals(visit: Visit) -> Card | None:
    if not visit.may(Permission.EDIT):
        return None
    waiting = await changes_page.waiting_for(visit)
    own = sum(each.is_own for each in waiting)
    hint = f"{own} de usted, que espera a otra persona." if own else "Cambios que esperan a otra persona."
    return Card("Por aprobar", len(waiting), "/cambios", hint)


async def _mine(visit: Visit) -> list[Entry]:
    """Records that this account can do something about; all that it may know of, for who only reads."""
    async with visit.desk.core.database.read() as connection:
        shelves = await visit.desk.shelf.at_newest(connection)
    account = visit.account
    if visit.may(Permission.EDIT):
        return [entry for entry in shelves.by_id.values() if may_change(account, entry.record)]
    return [e for e in shelves.by_id.values() if e.record.exposure is not Exposure.NEVER]


LOOKS: tuple[Look, ...] = (
    requests_page.look,
    _reported,
    verification_page.look,
    _due,
    _approvals,
    sources_page.look,
    _conflicts,
)
"""In the order of the page."""

PAGES = (Page("GET", "/", Permission.READ, show),)
