"""The kind of place said beside a name: «alcaldía Benito Juárez», «Querétaro, la ciudad», «SLP capital»."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from services.placenames import Names, Sense
from services.spans import (
    Found,
    is_elsewhere,
    named_in,
    places_within,
    with_states,
    without_hamlets,
    words_before,
)

_CITY = frozenset(("ciudad", "centro", "puerto"))
_MUNICIPALITY = frozenset(("municipio", "alcaldia", "delegacion"))
_WORDS = _CITY | _MUNICIPALITY | {"capital"}
_LINKS = frozenset(("de", "del", "la", "el", "mero", "mera", "puro"))
_LINKS_AFTER = frozenset((",", "(", "la", "el", "en", "mero", "mera", "es"))
_MOST_LINKS = 3
_OF = frozenset(("de", "del"))


def scan(names: Names, tokens: Sequence[str]) -> Iterator[Found]:
    """Every place named in the tokens, in their order, with the kind and the state beside it joined to it."""
    listed = without_hamlets(list(named_in(names, tokens)))
    joined = with_states(_with_kinds(names, tokens, listed), tokens)
    return (place for place in joined if not is_elsewhere(tokens, place))


def _with_kinds(names: Names, tokens: Sequence[str], found: Sequence[Found]) -> list[Found]:
    """The places, each narrowed to the kind beside it; a kind that is also a name («Centro») is none then."""
    read: list[Found] = []
    for at, place in enumerate(found):
        if read and place.start < read[-1].end:
            continue
        after = found[at + 1] if at + 1 < len(found) else None
        read.append(_narrowed(names, tokens, place, after))
    return _without_covered(read)


def _without_covered(read: Sequence[Found]) -> list[Found]:
    """Leave out a «Centro» that the next place has taken in: «el centro de Puebla»."""
    last = read[-1:]
    return [place for place, after in pairwise(read) if after.start >= place.end] + list(last)


def _narrowed(names: Names, tokens: Sequence[str], place: Found, after: Found | None) -> Found:
    for kind, start, end in _kinds(tokens, place, after):
        senses = _meant(names, place, tokens[kind])
        if senses:
            state = next((sense.key[:2] for sense in senses), None) if place.state else place.near
            return replace(place, start=start, end=end, senses=senses, near=state)
    return place


def _kinds(tokens: Sequence[str], place: Found, after: Found | None) -> list[tuple[int, int, int]]:
    """Positions of words of kind beside the place, each with the span that covers both."""
    kinds = []
    before = words_before(tokens, place.start, _MOST_LINKS + 1)
    skipped = len(list(takewhile(_LINKS.__contains__, before)))
    if skipped < len(before) and before[skipped] in _WORDS:
        at = place.start - skipped - 1
        kinds.append((at, at, place.end))
    following = tokens[place.end : place.end + _MOST_LINKS + 1]
    skipped = len(list(takewhile(_LINKS_AFTER.__contains__, following)))
    if skipped < len(following) and following[skipped] in _WORDS:
        at = place.end + skipped
        if _stands_by_itself(tokens, at, after):
            kinds.append((at, place.start, at + 1))
    return kinds


def _stands_by_itself(tokens: Sequence[str], at: int, after: Found | None) -> bool:
    """Not the «ciudad» of «Chihuahua, Ciudad Juárez» nor the «municipio» of «Puebla, municipio de Libres»."""
    following = tokens[at + 1 : at + 3]
    if following[:1] and following[0] in _OF and tuple(following) != ("del", "estado"):
        return False
    return after is None or after.start > at or after.end == at + 1


def _meant(names: Names, place: Found, kind: str) -> tuple[Sense, ...]:
    """The senses of a place that are of the kind; none when the word tells nothing."""
    if kind in ("alcaldia", "delegacion"):
        return places_within(place.senses, "09")
    if kind == "municipio":
        return tuple(sense for sense in place.senses if len(sense.key) == 5)
    city: Callable[[str], Sense | None] = names.capitals.get if kind == "capital" else names.cities.get
    sense = city(place.state or "")
    return (sense,) if sense else ()
