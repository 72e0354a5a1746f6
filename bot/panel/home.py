"""The first page: what needs me today, each one tap away."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.panel.guard import Page
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit


@dataclass(frozen=True, slots=True)
class Card:
    """Something that waits. `path` is below /panel: where it is done."""

    words: str
    count: int
    path: str
    hint: str = ""


Look = Callable[[Visit], Awaitable[Card | None]]
"""Counts what waits for this visitor; None when it is no business of theirs."""

LOOKS: tuple[Look, ...] = ()
"""In the order of the page."""


async def show(visit: Visit) -> Response:
    """All cards; those with nothing left come last."""
    found = [card for look in LOOKS if (card := await look(visit))]
    return visit.page("home.html", cards=sorted(found, key=lambda card: card.count == 0))


PAGES = (Page("GET", "/", Permission.READ, show),)
