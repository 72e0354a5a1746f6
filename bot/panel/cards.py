"""What a page can put on the first page: something that waits, counted for whoever looks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.panel.visit import Visit


@dataclass(frozen=True, slots=True)
class Card:
    """Something that waits. `path` is below /panel: where it is done."""

    words: str
    count: int
    path: str
    hint: str = ""


Look = Callable[[Visit], Awaitable[Card | None]]
"""Counts what waits for this visitor; None when it is no business of theirs."""
