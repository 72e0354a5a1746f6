"""The names of places: every official name, short name, alias and town, and which places each may mean."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.spelling import joined_sound, sound

# Nine municipalities are younger than the 2020 census: taken as small, and never passed over in silence.
UNCOUNTED = 10_000
_BIG = 15_000
"""People of a town whose name of several words is well known: «Ojo de Agua»."""
_ARTICLES = frozenset(("el", "la", "los", "las"))


class Rank(IntEnum):
    """How a name belongs to a place, the firmest first."""

    STATE = 0
    MUNICIPALITY = 1
    ALIAS = 2
    SHORT = 3
    LOCALITY = 4


@dataclass(frozen=True, slots=True)
class Sense:
    """One place a name may mean. `weight` is about the number of people who live under that name."""

    key: str
    rank: Rank
    weight: int


@dataclass(frozen=True, slots=True)
class Shelves:
    """Names without spaces, as spelt or as they sound, by length: those with few slips are close by."""

    by_length: Mapping[int, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, names: Iterable[str], *, sounding: bool) -> "Shelves":
        """Sort names onto their shelves."""
        spelt: dict[str, list[str]] = {}
        by_length: dict[int, list[str]] = {}
        for name in names:
            joined = joined_sound(tuple(name.split())) if sounding else name.replace(" ", "")
            spelt.setdefault(joined, []).append(name)
        for joined in spelt:
            by_length.setdefault(len(joined), []).append(joined)
        return cls(
            {length: tuple(kept) for length, kept in by_length.items()},
            {joined: tuple(kept) for joined, kept in spelt.items()},
        )

    def near(self, wanted: str, slips: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Names at most `slips` letters away, with the distance. Short ones keep their first letter."""
        for length in range(len(wanted) - slips, len(wanted) + slips + 1):
            shelf = self.by_length.get(length, ())
            hits = process.extract(wanted, shelf, scorer=OSA.distance, score_cutoff=slips, limit=None)
            for joined, distance, _ in hits:
                if len(wanted) >= 7 or joined[0] == wanted[0]:
                    yield int(distance), self.names[joined]


@dataclass(frozen=True)
class Names:
    """Names as words joined by one space → their senses. `everyday` names are also ordinary words or
    names of persons; `ordinary` words are never a misspelt place."""

    senses: Mapping[str, tuple[Sense, ...]]
    everyday: frozenset[str]
    ordinary: frozenset[str]
    capitals: Mapping[str, Sense] = field(default_factory=dict)
    """State → its capital."""
    cities: Mapping[str, Sense] = field(default_factory=dict)
    """State → the city of its name: «la ciudad de Puebla», «Veracruz puerto»."""

    @cached_property
    def by_sound(self) -> Mapping[str, tuple[str, ...]]:
        """Sound of a name, without spaces → the names that sound so."""
        heard: dict[str, list[str]] = {}
        for name in self.senses:
            heard.setdefault(joined_sound(tuple(name.split())), []).append(name)
        return {sound: tuple(names) for sound, names in heard.items()}

    @cached_property
    def sounds(self) -> tuple[tuple[str, str], ...]:
        """Names of one word as they sound, sorted, each with the name."""
        return tuple(sorted((sound(name), name) for name in self.senses if " " not in name))

    @cached_property
    def longest_from(self) -> Mapping[str, int]:
        """First word of names, written or as it sounds → how many words the longest of them has."""
        longest: dict[str, int] = {}
        for name in self.senses:
            parts = name.split()
            for first in (parts[0], sound(parts[0])):
                longest[first] = max(longest.get(first, 0), len(parts))
        return longest

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words that official names are made of."""
        return frozenset(word for name in self.senses if self.is_official(name) for word in name.split())

    @cached_property
    def _official_by_sound(self) -> "Shelves":
        return Shelves.of(filter(self.is_official, self.senses), sounding=True)

    @cached_property
    def _official_by_spelling(self) -> "Shelves":
        return Shelves.of(filter(self.is_official, self.senses), sounding=False)

    @cached_property
    def _towns_by_sound(self) -> "Shelves":
        return Shelves.of(self.senses, sounding=True)

    @cached_property
    def _towns_by_spelling(self) -> "Shelves":
        return Shelves.of(self.senses, sounding=False)

    def prepare(self) -> None:
        """Build the indexes now, so that the first message does not wait for them."""
        _ = self.longest_from, self.vocabulary, self._official_by_sound, self._official_by_spelling
        _ = self._towns_by_sound, self._towns_by_spelling, self.sounds

    def is_official(self, name: str) -> bool:
        """True for a state, a municipality or an alias; False for towns and shortened names only."""
        return any(sense.rank <= Rank.ALIAS for sense in self.senses.get(name, ()))

    def is_everyday(self, name: str) -> bool:
        """True when the name is also an ordinary word, a first name or a surname."""
        if name in self.everyday:
            return True
        firm = Rank.SHORT if " " in name else Rank.ALIAS
        content = [word for word in name.split() if word not in _ARTICLES]
        saint = name.startswith(("san ", "santa ")) and len(content) == 2
        big = _BIG if len(content) > 1 and not saint else 0
        if any(sense.rank <= firm or 0 < big <= sense.weight for sense in self.senses.get(name, ())):
            return False
        return all(word in self.ordinary or len(word) < 4 for word in content)

    def heard(self, span: tuple[str, ...]) -> tuple[str, tuple[Sense, ...]]:
        """A name that sounds like the words, however they are spaced, and the senses of all that do."""
        alike = self.by_sound.get(joined_sound(span))
        if alike is None:
            return "", ()
        name = next(filter(self.is_everyday, alike), alike[0])
        return name, self._together(alike)

    def nearest(
        self, span: tuple[str, ...], slips: int, *, towns: bool = False, within: str | None = None
    ) -> tuple[tuple[Sense, ...], int]:
        """The senses of the names closest to the words and their distance, at most `slips` letters.

        Towns and short names only with `towns`; only places of the state `within`, when it is known.
        """
        found: dict[int, list[str]] = {}
        for wanted, shelves in (
            (joined_sound(span), self._towns_by_sound if towns else self._official_by_sound),
            ("".join(span), self._towns_by_spelling if towns else self._official_by_spelling),
        ):
            for distance, names in shelves.near(wanted, slips):
                found.setdefault(distance, []).extend(names)
        for distance in sorted(found):
            senses = self._together(_most_alike("".join(span), found[distance]))
            if inside := tuple(sense for sense in senses if within in (None, sense.key[:2])):
                return inside, distance
        return (), slips + 1

    def _together(self, names: Iterable[str]) -> tuple[Sense, ...]:
        return tuple(sense for name in names for sense in self.senses.get(name, ()))


def _most_alike(written: str, names: list[str]) -> list[str]:
    """Among names that sound equally near, those spelt nearest: «tlpaa» is Tlapa, not Tepa."""
    slips = [OSA.distance(written, name.replace(" ", "")) for name in names]
    return [name for name, many in zip(names, slips, strict=True) if many == min(slips)]
