"""The first page: what needs me today, each one tap away."""

from bot.panel import requests_page
from bot.panel.cards import Look
from bot.panel.guard import Page
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit

LOOKS: tuple[Look, ...] = (requests_page.look,)
"""In the order of the page."""


async def show(visit: Visit) -> Response:
    """All cards; those with nothing left come last."""
    found = [card for look in LOOKS if (card := await look(visit))]
    return visit.page("home.html", cards=sorted(found, key=lambda card: card.count == 0))


PAGES = (Page("GET", "/", Permission.READ, show),)
