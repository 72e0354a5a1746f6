"""The one budget that every channel can carry: composing within it, so that rendering drops nothing."""

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Option, Reply
from bot.state import State, Turn
from bot.texts.welcome import PRIVACY_LINE, PRIVACY_LINE_SHORT

MAX_TEXT = 1000
MAX_LABEL = 20
MAX_ID_BYTES = 64
MAX_BUTTONS = 3
MAX_ROWS = 10


def units(text: str) -> int:
    """Length in UTF-16 code units, as the platforms count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits(reply: Reply) -> bool:
    """Whether every channel can carry the reply as it is."""
    return (
        bool(reply.text.strip())
        and units(reply.text) <= MAX_TEXT
        and len(reply.options) <= MAX_ROWS
        and len({option.id for option in reply.options}) == len(reply.options)
        and all(_option_fits(option) for option in reply.options)
    )


def join(
    required: Sequence[str],
    optional: Sequence[str] = (),
    *,
    separator: str = "\n\n",
    limit: int = MAX_TEXT,
) -> str:
    """The required parts, then the optional ones that still fit. Empty parts are left out."""
    text = separator.join(part for part in required if part)
    for part in optional:
        longer = separator.join(p for p in (text, part) if p)
        if part and units(longer) <= limit:
            text = longer
    return text


def room(state: State) -> int:
    """How long an answer may be: the first one leaves place for the privacy notice."""
    return MAX_TEXT if state.welcomed else MAX_TEXT - units(PRIVACY_LINE) - 2


def with_notice(turn: Turn) -> Turn:
    """The first answer with the short privacy notice, if it fits; else the next one carries it."""
    if turn.state.welcomed or turn.state.left or turn.effect or not turn.replies:
        return turn
    if turn.replies[-1].card:  # it may go without its text
        return turn
    text = turn.replies[-1].text
    notice = PRIVACY_LINE_SHORT if "SALIR" in text else PRIVACY_LINE
    reply = replace(turn.replies[-1], text=join([text, notice]))
    if not fits(reply):
        return turn
    state = replace(turn.state, welcomed=True)
    return replace(turn, state=state, replies=(*turn.replies[:-1], reply))


def shorten(text: str, limit: int) -> str:
    """At most `limit` units, cut at a word. For names only: never for a number, a warning or a way out."""
    if units(text) <= limit:
        return text
    cut = text[: limit - 1]
    while units(cut) > limit - 1:
        cut = cut[:-1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:(") + "…"


def _option_fits(option: Option) -> bool:
    return 0 < units(option.label) <= MAX_LABEL and 0 < len(option.id.encode()) <= MAX_ID_BYTES
