"""What a turn adds to the counters: each question once in a conversation, and nothing about the person."""

from dataclasses import replace

from bot.messages import Meaning
from bot.refusals import says_refused
from bot.state import Casework, Effect, State, Turn
from data.counts import FAMILY, GRAVE, NO_PLACE, Asked, Outcome
from data.needs import Need

_REMEMBERED = 40
"""So many questions of one conversation are told apart; more than that nobody asks."""


def noted(before: State, turn: Turn, meaning: Meaning, *, text: str = "") -> Turn:
    """The turn with what it counts, and with a state that remembers it for as long as the talk lasts.

    `text` is what the person wrote, which may say that a door was refused.
    """
    if turn.effect is not Effect.NOTHING or turn.state.left or turn.state.stopped:
        return turn
    new = {key: a for key, a in _all(before, turn, meaning, text) if key not in before.counted}
    state = replace(turn.state, counted=(*before.counted, *new)[-_REMEMBERED:])
    return replace(turn, state=state, counts=tuple(new.values()))


def _all(before: State, turn: Turn, meaning: Meaning, text: str) -> list[tuple[str, Asked]]:
    """(key, what to count); the same key is counted once."""
    found: list[tuple[str, str, State]] = [(*turn.ended, turn.state)] if turn.ended else []
    if turn.reported:
        found.append((turn.state.need, Outcome.WRONG, turn.state))
    if turn.false_alarm:
        found.append((turn.false_alarm, Outcome.FALSE_ALARM, turn.state))
    if _is_refused(before, turn, text):
        found.append((_refused_need(before, meaning), Outcome.REFUSED, turn.state))
    return [(_key(*each), _asked(*each)) for each in found]


def _key(need: str, outcome: str, state: State) -> str:
    """The first end of a question counts: nothing found after services were shown is no second question."""
    question = f"{need} {_area(need, state)}"
    return question if outcome in (Outcome.SHOWN, Outcome.NONE) else f"{outcome} {question}"


def _asked(need: str, outcome: str, state: State) -> Asked:
    family = [who for who in state.who if who in FAMILY]
    traits = (who for who in state.who if who not in FAMILY)
    return Asked(_area(need, state), need, Outcome(outcome), (*family[-1:], *traits))


def _area(need: str, state: State) -> str:
    """The municipality; for danger and violence only the state."""
    place = state.place or NO_PLACE
    return place[:2] if need in GRAVE else place


def _is_refused(before: State, turn: Turn, text: str) -> bool:
    """The person says so to Faro: neither in an opinion, nor to a caseworker."""
    aside = turn.opinion is not None or before.casework is Casework.TALKING
    return bool(text) and not aside and says_refused(text, in_hand=bool(before.in_hand))


def _refused_need(before: State, meaning: Meaning) -> str:
    """What was refused: what the message names, or what was asked for before; else the abuse itself."""
    named = [str(each.need) for each in meaning.needs if each.need in set(Need)]
    wanted = [need for need in (*named, before.need) if need and need != Need.HUMAN_RIGHTS]
    return wanted[0] if wanted else Need.HUMAN_RIGHTS
