"""A small pattern language over words, matched in time that grows straight with the text. Pure.

How a pattern is written: data/seed/danger/LEEME.md. Where a word stands in a text is one bit of a whole
number, so that a match is a few shifts, whatever the text holds: nothing is tried twice.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from bot.lexicon import END, START, PatternError, Vocabulary, atom, atoms_of
from bot.spanish import sentences, sound

SENTENCE_GAP = 16
"""Empty places between two sentences: no pattern reaches over them."""

_UNORDERED_REACH = 8
_CHUNK = 48
_GAPS = {"+": 0, " ": 2, "..": 6}
_NEGATIONS = frozenset(("no", "nunca", "jamas", "nadie", "ningun", "ninguna", "tampoco", "sin", "ni"))
_WORDS = re.compile(r"<[^>]*>|[^_]+")
_SEPARATOR = re.compile(r"\s*(\+|\s\.\.\s|\s)\s*")


class Phrase(NamedTuple):
    """A choice of several words in a row («no_me_deja»). `negative`: it says «no» itself."""

    atoms: tuple[int, ...]
    negative: bool


class Step(NamedTuple):
    """One place of a sequence: the words and phrases to choose from, and how many words may stand before."""

    atoms: frozenset[int]
    phrases: tuple[Phrase, ...]
    gap: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """Sequences that must stand near one another. `negative`: for each, whether a step of it is a «no»."""

    source: str
    parts: tuple[tuple[Step, ...], ...]
    negative: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Which patterns of which group are worth trying on a text.

    `candidates`: group, pattern, and a bit for each step that the pattern has. `by_atom`: the numbers of the
    candidates whose rarest step an atom may fill. `steps_of`: the bits of the steps that an atom may fill.
    """

    candidates: tuple[tuple[int, Pattern, int], ...]
    by_atom: Mapping[int, tuple[int, ...]]
    steps_of: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Places:
    """A text as numbers: for each atom a bit per place where it stands.

    `choices` keeps the places of every choice of words once it was looked up: many patterns share them.
    """

    by_atom: Mapping[int, int]
    choices: dict[frozenset[int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as places, and the atoms of each stretch of it that is as long as a pattern can be."""

    places: Places
    stretches: tuple[frozenset[int], ...]


def compile_pattern(source: str, vocabulary: Vocabulary) -> Pattern:
    """Read one pattern and add its words to the vocabulary. Raises PatternError."""
    try:
        parts = tuple(_compile_part(part.strip(), vocabulary) for part in source.split("&"))
    except PatternError as error:
        raise PatternError(f"The pattern «{source}» cannot be read. {error}") from error
    negations = {vocabulary.atoms[word] for word in _NEGATIONS if word in vocabulary.atoms}
    negative = tuple(any(negations & step.atoms for step in part) for part in parts)
    return Pattern(source, parts, negative)


def build_index(groups: Sequence[Sequence[Pattern]]) -> Index:
    """Index patterns by what they cannot do without.

    A pattern stands under the step whose words the rules name least: «me» is in every text, «granada» is not.
    """
    listed = [
        (group, pattern, _steps(pattern)) for group, patterns in enumerate(groups) for pattern in patterns
    ]
    numbers = {
        step: number for number, step in enumerate({step: 0 for _, _, steps in listed for step in steps})
    }
    steps_of: dict[int, int] = {}
    for step, number in numbers.items():
        for first in _first_atoms(step):
            steps_of[first] = steps_of.get(first, 0) | 1 << number
    by_atom: dict[int, list[int]] = {}
    for number, (_, _, steps) in enumerate(listed):
        rarest = min(steps, key=lambda step: sum(steps_of[first].bit_count() for first in _first_atoms(step)))
        for first in _first_atoms(rarest):
            by_atom.setdefault(first, []).append(number)
    return Index(
        candidates=tuple(
            (group, pattern, _union(1 << numbers[step] for step in steps)) for group, pattern, steps in listed
        ),
        by_atom={first: tuple(found) for first, found in by_atom.items()},
        steps_of=steps_of,
    )


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """Find where each known word stands."""
    found: dict[int, list[int]] = {}
    chunks: list[set[int]] = []
    for turn, (place, numbers) in enumerate(_placed(text, vocabulary)):
        if turn % _CHUNK == 0:
            chunks.append(set())
        chunks[-1].update(numbers)
        for number in numbers:
            found.setdefault(number, []).append(place)
    stretches = tuple(frozenset(one | other) for one, other in pairwise([*chunks, set()]))
    return Reading(Places({number: _bits(places) for number, places in found.items()}), stretches)


def possible(index: Index, reading: Reading) -> list[tuple[int, list[Pattern]]]:
    """The groups, in order, with those of their patterns whose steps one stretch of the text could fill."""
    missing = [~_union(index.steps_of.get(number, 0) for number in stretch) for stretch in reading.stretches]
    groups: dict[int, list[Pattern]] = {}
    for number in {found for word in reading.places.by_atom for found in index.by_atom.get(word, ())}:
        group, pattern, needs = index.candidates[number]
        if not all(needs & absent for absent in missing):
            groups.setdefault(group, []).append(pattern)
    return sorted(groups.items(), key=itemgetter(0))


def matches(pattern: Pattern, places: Places, barred: int = 0) -> int:
    """The places where the pattern ends; `barred` are places of words that a «no» takes back."""
    found = -1
    for part, negative in zip(pattern.parts, pattern.negative, strict=True):
        ends = _part_ends(part, places, -1 if negative else ~barred)
        if not ends:
            return 0
        found = ends if found == -1 else _together(found, ends)
    return found


def spread(places: int, before: int, after: int) -> int:
    """The places with those up to `before` words ahead of them and `after` words behind them."""
    return _grow(places, after, _later) | _grow(places, before, _earlier)


def _placed(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every place of a text with the atoms that stand there."""
    start, end = (vocabulary.atoms.get(START, -1),), (vocabulary.atoms.get(END, -1),)
    place = 0
    for sentence in sentences(text):
        place += SENTENCE_GAP
        for phrase in sentence:
            yield place, start
            for word in sound(" ".join(phrase)).split():
                for numbers in atoms_of(word, vocabulary):
                    place += 1
                    yield place, numbers
            place += 1
            yield place, end


def _bits(places: Sequence[int]) -> int:
    """One number with a bit for each place; made in one go, as shifting a long number each time is slow."""
    octets = bytearray(places[-1] // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")


def _compile_part(part: str, vocabulary: Vocabulary) -> tuple[Step, ...]:
    pieces = _SEPARATOR.split(_protect(part))
    if not part or not all(pieces):
        raise PatternError("It has an empty part.")
    gaps = [0, *(_GAPS[separator.strip() or " "] for separator in pieces[1::2])]
    return tuple(_step(piece, gap, vocabulary) for piece, gap in zip(pieces[::2], gaps, strict=True))


def _protect(part: str) -> str:
    """Inside <…> a space separates tags, not steps."""
    return re.sub(r"<[^<>]*>", lambda name: name.group().replace(" ", "/"), part)


def _step(piece: str, gap: int, vocabulary: Vocabulary) -> Step:
    choices = [_WORDS.findall(choice) for choice in piece.split("|")]
    if not all(choices):
        raise PatternError("It has an empty choice.")
    single = frozenset(atom(words[0], vocabulary) for words in choices if len(words) == 1)
    phrases = [
        Phrase(tuple(atom(word, vocabulary) for word in words), not _NEGATIONS.isdisjoint(words))
        for words in choices
        if len(words) > 1
    ]
    return Step(single, tuple(phrases), gap)


def _steps(pattern: Pattern) -> list[Step]:
    return [step for part in pattern.parts for step in part]


def _first_atoms(step: Step) -> frozenset[int]:
    return frozenset((*step.atoms, *(phrase.atoms[0] for phrase in step.phrases)))


def _part_ends(part: Sequence[Step], places: Places, allowed: int) -> int:
    reached = 0
    for number, step in enumerate(part):
        before = -1 if number == 0 else _grow(reached << 1, step.gap, _later)
        reached = _step_ends(step, places, before, allowed)
        if not reached:
            return 0
    return reached


def _step_ends(step: Step, places: Places, before: int, allowed: int) -> int:
    """Where a step ends that starts at one of the places `before`."""
    ends = _anywhere(step.atoms, places) & allowed & before
    for phrase in step.phrases:
        ends |= _phrase_ends(phrase, places, before, allowed)
    return ends


def _anywhere(atoms: frozenset[int], places: Places) -> int:
    found = places.choices.get(atoms)
    if found is None:
        found = _union(places.by_atom[number] for number in places.by_atom.keys() & atoms)
        places.choices[atoms] = found
    return found


def _phrase_ends(phrase: Phrase, places: Places, before: int, allowed: int) -> int:
    here = before
    for number, word in enumerate(phrase.atoms):
        here = (here << 1 if number else here) & places.by_atom.get(word, 0)
        if not here:
            return 0
    return here if phrase.negative else here & allowed


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total


def _together(first: int, second: int) -> int:
    reach = _UNORDERED_REACH
    near_second = second & spread(first, reach, reach)
    return near_second | first & spread(second, reach, reach) if near_second else 0


def _grow(places: int, width: int, move: Callable[[int, int], int]) -> int:
    """Widen by doubling: a reach of 16 takes five shifts."""
    step = 1
    left = width
    while left > 0:
        places |= move(places, min(step, left))
        left -= step
        step *= 2
    return places


def _later(places: int, by: int) -> int:
    return places << by


def _earlier(places: int, by: int) -> int:
    return places >> by
