"""The names of places: every official name, short name, alias and town, and which places each may mean."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.spelling import joined_sound, sound, words

MAX_CANDIDATES = 8

# Nine municipalities are younger than the 2020 census; the smallest of them has some 8,000 people.
UNCOUNTED = 10_000
# «San Cristóbal» stands for many places; «Ajuchitlán» hardly for another than Ajuchitlán del Progreso.
_SHORT_NAME_SHARE = 0.1
_ARTICLES = frozenset(("el", "la", "los", "las"))
_SAINTS = frozenset(("san", "santa", "santo", "santos", "santiago", "asuncion", "magdalena", "villa"))
_RANKS = frozenset(("general", "doctor", "coronel", "capitan"))
_TITLES = frozenset(("heroica", "ciudad", "villa", "de", "la", "el", "puerto", "valle", "general", "cuna"))


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


@dataclass(frozen=True)
class Names:
    """Names as words joined by one space → their senses. `everyday` names are also ordinary words or
    names of persons; `ordinary` words are never a misspelt place."""

    senses: Mapping[str, tuple[Sense, ...]]
    everyday: frozenset[str]
    ordinary: frozenset[str]

    @cached_property
    def by_sound(self) -> Mapping[str, tuple[str, ...]]:
        """Sound of a name, without spaces → the names that sound so."""
        heard: dict[str, list[str]] = {}
        for name in self.senses:
            heard.setdefault(joined_sound(tuple(name.split())), []).append(name)
        return {sound: tuple(names) for sound, names in heard.items()}

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
    def _official_by_length(self) -> Mapping[int, tuple[str, ...]]:
        return _by_length(
            sound for sound, names in self.by_sound.items() if any(map(self.is_official, names))
        )

    @cached_property
    def _all_by_length(self) -> Mapping[int, tuple[str, ...]]:
        return _by_length(self.by_sound)

    def prepare(self) -> None:
        """Build the indexes now, so that the first message does not wait for them."""
        _ = self.longest_from, self.vocabulary, self._official_by_length, self._all_by_length

    def is_official(self, name: str) -> bool:
        """True for a state, a municipality or an alias; False for towns and shortened names only."""
        return any(sense.rank <= Rank.ALIAS for sense in self.senses.get(name, ()))

    def is_everyday(self, name: str) -> bool:
        """True when the name is also an ordinary word, a first name or a surname."""
        if name in self.everyday:
            return True
        firm = Rank.SHORT if " " in name else Rank.ALIAS
        if any(sense.rank <= firm for sense in self.senses.get(name, ())):
            return False
        content = [word for word in name.split() if word not in _ARTICLES]
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
        wanted = joined_sound(span)
        shelves = self._all_by_length if towns else self._official_by_length
        found: dict[int, list[str]] = {}
        for length in range(len(wanted) - slips, len(wanted) + slips + 1):
            hits = process.extract_iter(
                wanted, shelves.get(length, ()), scorer=OSA.distance, score_cutoff=slips
            )
            for alike, distance, _ in hits:
                if len(wanted) < 7 and alike[0] != wanted[0]:
                    continue
                found.setdefault(int(distance), []).extend(self.by_sound[alike])
        for distance in sorted(found):
            senses = self._together(_most_alike("".join(span), found[distance]))
            if inside := tuple(sense for sense in senses if within in (None, sense.key[:2])):
                return inside, distance
        return (), slips + 1

    def _together(self, names: Iterable[str]) -> tuple[Sense, ...]:
        return tuple(sense for name in names for sense in self.senses.get(name, ()))


def read_names(folder: Path) -> Names:
    """Names of the gazetteer folder. Raises OSError, KeyError or ValueError for a missing or broken file."""
    senses: dict[str, dict[tuple[str, Rank], Sense]] = {}
    for name, sense in _all_names(folder):
        kept = senses.setdefault(name, {})
        same = kept.get((sense.key, sense.rank))
        if same is None or same.weight < sense.weight:
            kept[sense.key, sense.rank] = sense
    return Names(
        senses={name: tuple(kept.values()) for name, kept in senses.items()},
        everyday=_read_lines(folder / "everyday_names.txt"),
        ordinary=_read_lines(folder / "ordinary_words.txt"),
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def choose(senses: Iterable[Sense], *, within: str | None = None) -> tuple[tuple[str, ...], bool]:
    """Keys that a name means, the most likely first, and whether the person must be asked.

    A name of a state means the state, unless a state is known already. Among homonyms one is taken
    without asking only when it is at least four times as big as the next and has 100,000 people, or ten
    times with 50,000; among towns ten times with 10,000. Two municipalities of one state always ask.
    """
    pool = [sense for sense in senses if within is None or sense.key[:2] == within]
    pool = _states_first(pool) if within is None else _municipalities_first(pool)
    pool = _without_weak(pool)
    best: dict[str, Sense] = {}
    for sense in sorted(pool, key=lambda sense: (-sense.weight, sense.key)):
        best.setdefault(sense.key, sense)
    if not best:
        return (), False
    top, *others = best.values()
    rivals = [other for other in others if not _dwarfs(top, other)]
    if not rivals and not _outnumbered(top, others):
        return (top.key,), False
    return tuple(sense.key for sense in (top, *(rivals or others)))[:MAX_CANDIDATES], True


def _states_first(pool: list[Sense]) -> list[Sense]:
    if any(sense.rank is Rank.STATE for sense in pool):
        return [sense for sense in pool if sense.rank is Rank.STATE]
    return pool


def _municipalities_first(pool: list[Sense]) -> list[Sense]:
    return [sense for sense in pool if len(sense.key) == 5] or pool


def _without_weak(pool: list[Sense]) -> list[Sense]:
    """Leave out short names and towns that an official name of the same spelling outweighs."""
    official = [sense.weight for sense in pool if sense.rank <= Rank.ALIAS]
    if not official:
        return pool
    bar = max(official)
    return [sense for sense in pool if sense.rank <= Rank.ALIAS or sense.weight > bar]


def _dwarfs(top: Sense, other: Sense) -> bool:
    if other.weight == UNCOUNTED or top.rank == other.rank == Rank.STATE:
        return False
    if top.rank is Rank.ALIAS and other.rank is Rank.ALIAS and len(top.key) == 2:
        return False
    if top.key[:2] == other.key[:2] and top.rank is other.rank is Rank.MUNICIPALITY:
        return False
    if top.rank >= Rank.SHORT and other.rank <= Rank.ALIAS:
        return False
    times = top.weight / max(other.weight, 1)
    if top.weight >= 100_000 and times >= 4:
        return True
    if top.rank is Rank.SHORT and other.rank is Rank.LOCALITY:
        return top.weight >= 10_000 and times >= 4
    floor = 10_000 if other.rank >= Rank.SHORT else 50_000
    return top.weight >= floor and times >= 10


def _outnumbered(top: Sense, others: list[Sense]) -> bool:
    """A town or short name that many small places share: «San Miguel», «La Cruz»."""
    return top.rank >= Rank.SHORT and sum(other.weight for other in others) * 2 > top.weight


def _all_names(folder: Path) -> Iterator[tuple[str, Sense]]:
    municipalities = read_rows(folder / "municipios.csv")
    people = {row["cvegeo"]: int(row["pob_total_2020"] or UNCOUNTED) for row in municipalities}
    states = read_rows(folder / "estados.csv")
    people.update({row["cve_ent"]: int(row["pob_total_2020"]) for row in states})
    for row in states:
        yield " ".join(words(row["nom_ent"])), Sense(row["cve_ent"], Rank.STATE, people[row["cve_ent"]])
    for row in municipalities:
        yield from _names_of(row, people[row["cvegeo"]])
    for row in read_rows(folder / "aliases.csv"):
        yield from _aliases(row, people)
    for row in read_rows(folder / "localidades_1000.csv"):
        yield " ".join(words(row["nom_display"])), _town(row)


def _names_of(row: dict[str, str], people: int) -> Iterator[tuple[str, Sense]]:
    key, name = row["cvegeo"], words(row["nom_mun"])
    yield " ".join(name), Sense(key, Rank.MUNICIPALITY, people)
    for short in _short_names(name):
        yield " ".join(short), Sense(key, Rank.SHORT, int(people * _share(short)))
    seat = words(row["nom_cab"])
    if seat:
        yield " ".join(seat), Sense(key, Rank.LOCALITY, min(people, 1_000))


def _short_names(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """«Tlapa» of Tlapa de Comonfort, «Juxtlahuaca» of Santiago Juxtlahuaca, «Mante» of El Mante."""
    if name[:3] == ("heroica", "ciudad", "de"):
        name = name[3:]
        yield name
    if name[0] in _RANKS:
        yield name[1:]
    for joint in ("de", "del"):
        head = name[: name.index(joint)] if joint in name[1:] else ()
        if head and not _TITLES.issuperset(head):
            yield head
    if name[0] in _SAINTS and len(name) > 1 and len(name[-1]) >= 6 and len(name[-2]) > 3:
        yield name[-1:]
    if name[0] in _ARTICLES and len(name) > 1:
        yield name[1:]


def _share(short: tuple[str, ...]) -> float:
    return _SHORT_NAME_SHARE if len(short) > 1 or short[0] in _SAINTS else 1.0


def _aliases(row: dict[str, str], people: Mapping[str, int]) -> Iterator[tuple[str, Sense]]:
    name, keys = " ".join(words(row["alias"])), row["keys"].split()
    for key in keys:
        rank = Rank.STATE if len(key) == 2 else Rank.ALIAS
        yield name, Sense(key, rank, people[key])


def _town(row: dict[str, str]) -> Sense:
    return Sense(row["cve_entidad"] + row["cve_municipio"], Rank.LOCALITY, int(row["poblacion_total"]))


def _most_alike(written: str, names: list[str]) -> list[str]:
    """Among names that sound equally near, those spelt nearest: «tlpaa» is Tlapa, not Tepa."""
    slips = [OSA.distance(written, name.replace(" ", "")) for name in names]
    return [name for name, many in zip(names, slips, strict=True) if many == min(slips)]


def _by_length(sounds: Iterable[str]) -> Mapping[int, tuple[str, ...]]:
    shelves: dict[int, list[str]] = {}
    for sound in sounds:
        shelves.setdefault(len(sound), []).append(sound)
    return {length: tuple(sorted(kept)) for length, kept in shelves.items()}


def _read_lines(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").split("\n")) - {""}
