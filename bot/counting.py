"""What a turn adds to the counters: each question once in a conversation, and nothing about the person."""

from dataclasses import replace

from bot.messages import Meaning
from bot.state import Effect, State, Turn
from data.counts import FAMILY, GRAVE, NO_PLACE, Asked, Outcome
from data.needs import Need

_REMEMBERED = 40
"""So many questions of one conversation are told apart; more than that nobody asks."""


def noted(before: State, turn: Turn, meaning: Meaning) -> Turn:
    """The turn with what it counts, and with a state that remembers it for as long as the talk lasts."""
    if turn.effect is not Effect.NOTHING or turn.state.left or turn.state.stopped:
        return turn
    new = [asked for key, asked in _all(before, turn, meaning) if key not in before.counted]
    keys = [key for key, _ in _all(before, turn, meaning) if key not in before.counted]
    state = replace(turn.state, counted=tuple(dict.fromkeys((*before.counted, *keys)))[-_REMEMBERED:])
    return replace(turn, state=state, counts=tuple(new))


def _all(before: State, turn: Turn, meaning: Meaning) -> list[tuple[str, Asked]]:
    """(key, what to count); the same key is counted once."""
    found: list[tuple[str, Asked]] = []
    if turn.ended:
        need, outcome = turn.ended
        found.append((_key(need, outcome, turn.state), _asked(need, outcome, turn.state)))
    if turn.reported:
        found.append((f"wrong {turn.reported}", _asked(turn.state.need, Outcome.WRONG, turn.state)))
    if turn.false_alarm:
        alarm = turn.false_alarm
        found.append((f"false alarm {alarm}", _asked(alarm, Outcome.FALSE_ALARM, turn.state)))
    if _is_refused(before, meaning):
        found.append((f"refused {before.need}", _asked(before.need, Outcome.REFUSED, before)))
    return found


def _key(need: str, outcome: str, state: State) -> str:
    """The first end of a question counts: nothing found after services were shown is no second question."""
    first = outcome in (Outcome.SHOWN, Outcome.NONE)
    return f"{need} {_area(need, state)}" if first else f"{outcome} {need}"


def _asked(need: str, outcome: str, state: State) -> Asked:
    family = [who for who in state.who if who in FAMILY]
    traits = (who for who in state.who if who not in FAMILY)
    return Asked(_area(need, state), need, Outcome(outcome), (*family[-1:], *traits))


def _area(need: str, state: State) -> str:
    """The municipality; for danger and violence only the state."""
    place = state.place or NO_PLACE
    return place[:2] if need in GRAVE else place


def _is_refused(before: State, meaning: Meaning) -> bool:
    """Something was shown, and the person says that it was denied."""
    named = {str(each.need) for each in meaning.needs[:2]}
    return bool(before.in_hand and before.need) and (
        Need.HUMAN_RIGHTS in named and before.need != Need.HUMAN_RIGHTS
    )
