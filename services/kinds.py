"""The kind of place said beside a name: «alcaldía Benito Juárez», «Querétaro, la ciudad», «SLP capital»."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from services.placenames import Names, Rank, Sense
from services.spans import (
    Found,
    in_pairs,
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
_BELONGING = frozenset(
    tuple(words.split())
    for words in (
        ",", "de", "en", "(", "municipio", "municipio de", "del municipio", "del municipio de", ", municipio",
        "en el municipio", "de municipio", "( municipio",
        ", municipio de", ", en el municipio de", "en el municipio de", "( municipio de",
    )
)  # fmt: skip
_OF = frozenset(("de", "del"))


def scan(names: Names, tokens: Sequence[str]) -> Iterator[Found]:
    """Every place named in the tokens, in their order, with the kind and the state beside it joined to it."""
    listed = without_hamlets(list(named_in(names, tokens)))
    joined = list(with_states(_with_kinds(names, tokens, listed), tokens))
    joined = list(_with_municipalities(joined, tokens))
    return (place for place in joined if not is_elsewhere(tokens, place))


def _with_municipalities(found: Sequence[Found], tokens: Sequence[str]) -> Iterator[Found]:
    """Join a town to the municipality named behind it: «Córdoba, municipio de Fortín» is no other Córdoba."""
    return in_pairs(found, tokens, _town_within)


def _town_within(tokens: Sequence[str], here: Found, after: Found) -> Found | None:
    between = tuple(tokens[here.end : after.start])
    if tokens[after.start] == "municipio":  # it was read as a part of the place
        between = (*between, "municipio")
    if here.state or after.state or here.name == after.name or between not in _BELONGING:
        return None
    keys = {sense.key for sense in here.senses if len(sense.key) == 5}
    senses = tuple(sense for sense in after.senses if sense.key in keys and sense.rank <= Rank.SHORT)
    return replace(after, start=here.start, senses=senses, near=senses[0].key[:2]) if senses else None


def _with_kinds(names: Names, tokens: Sequence[str], found: Sequence[Found]) -> list[Found]:
    """The places, each narrowed to the kind beside it; a kind that is also a name («Centro») is none then."""
    read: list[Found] = []
    for at, place in enumerate(found):
        if read and place.start < read[-1].end:
            continue
        read.append(_narrowed(names, tokens, place, found[max(0, at - 1) : at + 2]))
    return _without_covered(read)


def _without_covered(read: Sequence[Found]) -> list[Found]:
    """Leave out a «Centro» that the next place has taken in: «el centro de Puebla»."""
    last = read[-1:]
    return [place for place, after in pairwise(read) if after.start >= place.end] + list(last)


def _narrowed(names: Names, tokens: Sequence[str], place: Found, near: Sequence[Found]) -> Found:
    """`near`: the place itself and those right before and after it."""
    for kind, start, end in _kinds(tokens, place, near):
        senses = _meant(names, place, tokens[kind])
        if senses:
            state = next((sense.key[:2] for sense in senses), None) if place.state else place.near
            return replace(place, start=start, end=end, senses=senses, near=state)
    return place


def _kinds(tokens: Sequence[str], place: Found, near: Sequence[Found]) -> list[tuple[int, int, int]]:
    """Positions of words of kind beside the place, each with the span that covers both."""
    kinds = []
    before = words_before(tokens, place.start, _MOST_LINKS + 1)
    skipped = len(list(takewhile(_LINKS.__contains__, before)))
    if skipped < len(before) and before[skipped] in _WORDS:
        at = place.start - skipped - 1
        if _stands_by_itself(tokens, at, near):
            kinds.append((at, at, place.end))
    following = tokens[place.end : place.end + _MOST_LINKS + 1]
    skipped = len(list(takewhile(_LINKS_AFTER.__contains__, following)))
    if skipped < len(following) and following[skipped] in _WORDS:
        at = place.end + skipped
        if _stands_by_itself(tokens, at, near) and not _goes_on(tokens, at):
            kinds.append((at, place.start, at + 1))
    return kinds


def _stands_by_itself(tokens: Sequence[str], at: int, near: Sequence[Found]) -> bool:
    """Not the «ciudad» of «Chihuahua, Ciudad Juárez», a part of a name; but the place «el centro»."""
    return all(
        not place.start <= at < place.end or set(tokens[place.start : place.end]) <= _LINKS | {tokens[at]}
        for place in near
    )


def _goes_on(tokens: Sequence[str], at: int) -> bool:
    """The «municipio» of «Puebla, municipio de Libres»."""
    following = tuple(tokens[at + 1 : at + 3])
    return following[:1] != () and following[0] in _OF and following != ("del", "estado")


def _meant(names: Names, place: Found, kind: str) -> tuple[Sense, ...]:
    """The senses of a place that are of the kind; none when the word tells nothing."""
    if kind in ("alcaldia", "delegacion"):
        return places_within(place.senses, "09")
    if kind == "municipio":
        return tuple(sense for sense in place.senses if len(sense.key) == 5)
    city: Callable[[str], Sense | None] = names.capitals.get if kind == "capital" else names.cities.get
    sense = city(place.state or "")
    return (sense,) if sense else ()
