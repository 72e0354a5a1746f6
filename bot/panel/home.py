"""The first page: what needs me today, each one tap away."""

from collections.abc import Mapping

from bot.panel import changes_page, requests_page, search, sources_page, verification_page
from bot.panel.cards import Card, Look
from bot.panel.directory_page import REPORTS_SINCE
from bot.panel.guard import Page
from bot.panel.rendering import ZONE
from bot.panel.roles import Permission, limits
from bot.panel.shelf import Entry, Shelves
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
        shelves = await visit.desk.shelf.at_newest(connection)
    mine = _mine(visit, shelves)
    count = sum(key in mine for key in reported)
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
    shelves = await _shelves(visit)
    mine = _mine(visit, shelves).values()
    key = ("due", limits(visit.account), today)
    count = shelves.once(key, lambda: sum(entry.is_due(today) for entry in mine))
    hint = "Su último dato es viejo, o llegó el día que alguien puso."
    return Card("Toca verificar", count, "/directorio?edad=due", hint)


async def _conflicts(visit: Visit) -> Card:
    shelves = await _shelves(visit)
    mine = _mine(visit, shelves).values()
    key = ("conflicts", limits(visit.account))
    count = shelves.once(key, lambda: sum(search.is_in_conflict(entry.record) for entry in mine))
    hint = "No se muestran, o se muestran con duda, hasta comprobarlas."
    return Card("Fuentes que no coinciden", count, "/directorio?marca=conflict", hint)


async def _approvals(visit: Visit) -> Card | None:
    if not visit.may(Permission.EDIT):
        return None
    waiting = await changes_page.waiting_for(visit)
    own = sum(each.is_own for each in waiting)
    hint = f"{own} de usted, que espera a otra persona." if own else "Cambios que esperan a otra persona."
    return Card("Por aprobar", len(waiting), "/cambios", hint)


async def _shelves(visit: Visit) -> Shelves:
    async with visit.desk.core.database.read() as connection:
        return await visit.desk.shelf.at_newest(connection)


def _mine(visit: Visit, shelves: Shelves) -> Mapping[str, Entry]:
    """Records that this account can do something about; all that it may know of, for who only reads."""

    def found() -> dict[str, Entry]:
        if visit.may(Permission.EDIT):
            return {e.record.id: e for e in shelves.within(visit.account, Permission.EDIT)}
        return {key: e for key, e in shelves.by_id.items() if e.record.exposure is not Exposure.NEVER}

    return shelves.once(("mine", limits(visit.account)), found)


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
