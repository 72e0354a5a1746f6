"""What platforms deliver after an outage: answered by one apology, not as if it had just been said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import keywords
from bot.budget import join
from bot.flows import welcome
from bot.keywords import Command
from bot.messages import Meaning, Received
from bot.state import Effect, State, Talk, Turn
from bot.texts import channels as say
from services.directory import Directory

OLD = timedelta(minutes=30)
KEPT = timedelta(days=8)
"""No platform delivers what is older (Meta: up to 7 days): then the clock is wrong, not the message old."""
WINDOWS = {"whatsapp": timedelta(hours=24)}
"""After this the platform takes no free-form answer any more."""
KEPT_BY = {"telegram": timedelta(hours=24)}
_SILENT = frozenset({Command.STOP, Command.EXIT})


def is_old(received: Received, *, channel: str, now: datetime) -> bool:
    """Whether it was written so long ago that the talk it belongs to is over."""
    sent_at = received.inbound.sent_at
    return sent_at is not None and OLD < now - sent_at <= KEPT_BY.get(channel, KEPT)


def answer(
    state: State, messages: Sequence[Received], directory: Directory, *, channel: str, now: datetime
) -> Turn:
    """One apology with the menu; none beyond the platform's window, or when the last word was to stop."""
    last = messages[-1]
    if any(keywords.command(received.inbound.text) in _SILENT for received in messages):
        return Turn(State(stopped=True), (), Effect.STOP)
    window = WINDOWS.get(channel)
    if window and last.inbound.sent_at and now - last.inbound.sent_at >= window:
        return Turn(state, ())
    turn = welcome.show_menu(Talk(State(welcomed=state.welcomed), last.inbound, Meaning(), directory, now))
    first, *rest = turn.replies
    return replace(turn, replies=(replace(first, text=join([say.SORRY, first.text])), *rest))
