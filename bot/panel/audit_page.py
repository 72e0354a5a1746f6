"""The audit: who came in and what they changed, newest first."""

from bot.panel.guard import Page
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit
from bot.panel.words import ACTIONS
from data import account_store, audit_store

AT_ONCE = 50


async def show(visit: Visit) -> Response:
    """One page of it; `antes` is the id to go on from."""
    before, who, action = visit.asked("antes"), visit.asked("quien"), visit.asked("accion")
    async with visit.desk.core.database.read() as connection:
        found = await audit_store.entries(
            connection,
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
            who=who,
            action=action if action in ACTIONS else "",
            limit=AT_ONCE + 1,
        )
        accounts = await account_store.every(connection)
    return visit.page(
        "audit.html",
        entries=found[:AT_ONCE],
        more=found[AT_ONCE - 1].id if len(found) > AT_ONCE else None,
        accounts=accounts,
        who=who,
        action=action,
    )


PAGES = (Page("GET", "/bitacora", Permission.AUDIT, show),)
