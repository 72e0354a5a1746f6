"""A whole text as the answer to «¿En qué municipio o estado está?»: more is a place than in a message."""

from collections.abc import Sequence

from services.cues import (
    AROUND,
    BEING,
    COMMON_NOUNS,
    KINDS,
    LEAVING,
    LEFT_BEHIND,
    MOTION,
    ORIGIN,
    SMALL_TALK,
)
from services.evidence import is_something_else
from services.mentions import read_message, role_of, wanted_and_fled
from services.placenames import Names, Rank, Sense
from services.spans import Found, places_within, scan
from services.spelling import joined_sound

# What is longer is a message, not an answer.
_ANSWER_WORDS = 60
_MOST_WORDS = 12
_MOST_SPANS = 24
_FILLING = SMALL_TALK | AROUND | BEING | KINDS | LEAVING | LEFT_BEHIND | MOTION | ORIGIN


def read_answer(names: Names, spoken: Sequence[str]) -> list[Found]:
    """Places that the answer names, the plainest first; none when it names another country or nothing."""
    if len(spoken) > _ANSWER_WORDS:
        return wanted_and_fled(read_message(names, spoken))[0]
    named = _without_chance(names, spoken, list(scan(names, spoken)))
    if _unexplained(spoken, named) and (meant := _guessed(names, spoken, named)):
        return meant
    if _only_places(spoken, named):
        return _not_fled(spoken, named)
    wanted, fled = wanted_and_fled(read_message(names, spoken))
    return wanted if wanted or fled else _guessed(names, spoken, named)


def _without_chance(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    """Leave out ordinary words beside other words: the «col.» and the «centro» of «col. centro, Oaxaca»."""
    if len(spoken) == 1:
        return list(named)
    if any(not names.is_everyday(place.name) for place in named):
        named = [place for place in named if place.name not in COMMON_NOUNS or place.near]
    state = next((place.state for place in named if place.state and len(place.name) > 3), None)
    return [place for place in named if place.near or not _by_chance(names, spoken, place, state)]


def _by_chance(names: Names, spoken: Sequence[str], place: Found, state: str | None) -> bool:
    if not names.is_everyday(place.name):
        return False
    if is_something_else(names, spoken, place):
        return True
    if place.state == state is not None:
        return False
    return len(place.name) <= 3 or (state is not None and not places_within(place.senses, state))


def _only_places(spoken: Sequence[str], named: Sequence[Found]) -> bool:
    """Whether nothing but filling words stands around the places."""
    if not named:
        return False
    covered = {at for place in named for at in range(place.start, place.end)}
    rest = [word for at, word in enumerate(spoken) if at not in covered]
    return all(word in _FILLING or not word.isalpha() for word in rest)


def _unexplained(spoken: Sequence[str], named: Sequence[Found]) -> bool:
    """A state, and beside it a name that is in another: «xalpa veracruz» is a slip of a place there."""
    states = [place for place in named if place.state]
    others = [place for place in named if not place.state]
    if len(states) != 1 or any(place.near for place in others):
        return False
    return len(others) == 1 or not _only_places(spoken, named)


def _not_fled(spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    return wanted_and_fled([role_of(spoken, place) for place in named])[0]


def _guessed(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    """The name with slips that is nearest to the words left when the filling is taken away."""
    state = next((place.state for place in named if place.state), None)
    core = _core(spoken, [place for place in named if place.state])
    if not core or len(core) > _MOST_WORDS or all(word in names.ordinary for word in core):
        return []
    best: tuple[float, tuple[Sense, ...]] = (1.0, ())
    for span in _spans(core):
        if _may_be_a_name(names, span):
            best = min(best, _guess(names, span, state, len(span) / len(core)), key=lambda guess: guess[0])
    if not best[1]:
        return []
    return [Found(0, len(spoken), " ".join(core), best[1], certain=False, near=state)]


def _spans(core: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The whole first, then its parts; a part of «San Juan Tenango» would be another place."""
    whole = [core] if len(core) <= 5 else []
    if core[0] in ("san", "santa", "santo"):
        return whole
    parts = [core[at : at + size] for size in (3, 2, 1) for at in range(len(core) - size + 1)]
    return [*whole, *parts][:_MOST_SPANS]


def _may_be_a_name(names: Names, span: tuple[str, ...]) -> bool:
    """Some word is no Spanish word, and every ordinary one also occurs in names («villa», «san»)."""
    strange = [word for word in span if len(word) > 3 and word not in names.ordinary]
    return bool(strange) and all(word in names.vocabulary for word in span if word not in strange)


def _core(spoken: Sequence[str], states: Sequence[Found]) -> tuple[str, ...]:
    taken = {at for place in states for at in range(place.start, place.end)}
    words = [word for at, word in enumerate(spoken) if word.isalpha() and at not in taken]
    while words and words[0] in _FILLING:
        words = words[1:]
    while words and words[-1] in _FILLING:
        words = words[:-1]
    return tuple(words)


def _guess(
    names: Names, span: tuple[str, ...], state: str | None, share: float
) -> tuple[float, tuple[Sense, ...]]:
    size = len(joined_sound(span))
    slips = _slips_allowed(size, sure=state is not None)
    if (share < (0.34 if state else 0.5)) or not slips:
        return 1.0, ()
    senses, distance = names.nearest(span, slips, towns=True, within=state)
    towns = state is not None or (size >= 7 and distance < 2)
    senses = tuple(sense for sense in senses if towns or sense.rank <= Rank.ALIAS)
    return (distance / size + (1 - share), senses) if senses else (1.0, ())


def _slips_allowed(size: int, *, sure: bool) -> int:
    if size < 4:
        return 0
    if size < 7:
        return 1
    return 3 if sure and size >= 15 else 2
