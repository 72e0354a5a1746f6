"""Which of the names in an answer tell where the person is: not a «centro», nor a colonia beside its town."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from services.cues import BESIDE, COMMON_NOUNS
from services.elsewhere import border_states
from services.evidence import is_something_else
from services.placenames import Names, Rank
from services.spans import Found, places_within

_NEARBY = BESIDE | {"a", "y", "entre", "antes", "cerquita", "pegadito", "pegado", "saliendo", "camino"}


def without_chance(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
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
    opens = place.start == 0 and spoken[place.end : place.end + 1] == (",",)
    return (len(place.name) <= 3 and not opens) or (
        state is not None and not places_within(place.senses, state)
    )


def without_towns(names: Names, spoken: Sequence[str], kept: Sequence[Found]) -> list[Found]:
    """«El Coloso de Acapulco»: beside its municipality a town, or what is called like one, tells nothing."""
    towns = [
        here
        for here, after in pairwise(kept)
        if (_is_town(here) or _is_common(names, spoken, here))
        and not _is_town(after)
        and not after.state
        and not names.is_everyday(after.name)
        and _NEARBY.isdisjoint(spoken[here.end : after.start])
    ]
    return [place for place in kept if place not in towns]


def _is_common(names: Names, spoken: Sequence[str], place: Found) -> bool:
    """The «playas» of «playas de Tijuana», which is also short for Playas de Rosarito."""
    of = spoken[place.end : place.end + 1] == ("de",)
    return of and names.is_everyday(place.name) and not names.is_official(place.name)


def _is_town(place: Found) -> bool:
    return all(sense.rank is Rank.LOCALITY for sense in place.senses)


def at_border(spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    """«Ciudad Cuauhtémoc, en la raya con Guatemala»: only senses there, where a place has one."""
    states = border_states(spoken)
    inside = [tuple(sense for sense in place.senses if sense.key[:2] in states) for place in named]
    return [replace(place, senses=kept or place.senses) for place, kept in zip(named, inside, strict=True)]
