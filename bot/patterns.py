"""A small pattern language over words, matched in time that grows straight with the text. Pure.

How a pattern is written: data/seed/danger/LEEME.md. Where a word stands in a text is one bit of a whole
number, so that a match is a few shifts, whatever the text holds: nothing is tried twice.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from bot.lexicon import END, START, PatternError, Vocabulary, atom, atoms_of
from bot.spanish import sentences, sound

SENTENCE_GAP = 16
"""Empty places between two sentences: no pattern reaches over them."""

_UNORDERED_REACH = 8
_STRETCH = 40
_GAPS: Mapping[str, tuple[int, ...]] = {"+": (), " ": (1, 1), "..": (1, 2, 3)}
"""None, two or six words between, as shifts that add up to it."""
_NEGATIONS = frozenset(("no", "nunca", "jamas", "nadie", "ningun", "ninguna", "tampoco", "sin", "ni"))
_WORDS = re.compile(r"<[^>]*>|[^_]+")
_SEPARATOR = re.compile(r"\s*(\+|\s\.\.\s|\s)\s*")


class Phrase(NamedTuple):
    """A choice of several words in a row («no_me_deja»). `negative`: it says «no» itself."""

    atoms: tuple[int, ...]
    negative: bool


class Choice(NamedTuple):
    """The words and phrases that one place of a sequence lets choose from. Equal ones share their number."""

    number: int
    atoms: frozenset[int]
    phrases: tuple[Phrase, ...]


class Step(NamedTuple):
    """One place of a sequence. `widen`: the shifts that let some words stand before it."""

    choice: Choice
    widen: tuple[int, ...]


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


Sentences = list[list[list[str]]]
Starts = tuple[int, int, int]
"""How many words longer than one, where those start that say no «no», and where those that do."""


@dataclass(frozen=True, slots=True)
class Places:
    """A text as numbers: for each atom a bit per place where it stands.

    `starts` keeps, for the number of a choice that was looked up, where its words and phrases start: many
    patterns share them.
    """

    by_atom: Mapping[int, int]
    starts: dict[int, tuple[Starts, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as places, the atoms of each stretch of it, and its words as they sound, each with its place.

    No pattern is longer than a stretch. `clauses`: where each begins, behind a comma or a stop.
    """

    places: Places
    stretches: tuple[frozenset[int], ...]
    words: tuple[tuple[int, str], ...]
    clauses: tuple[int, ...]


def compile_pattern(source: str, vocabulary: Vocabulary) -> Pattern:
    """Read one pattern and add its words to the vocabulary. Raises PatternError."""
    try:
        parts = tuple(_compile_part(part.strip(), vocabulary) for part in source.split("&"))
    except PatternError as error:
        raise PatternError(f"The pattern «{source}» cannot be read. {error}") from error
    negations = {vocabulary.atoms[word] for word in _NEGATIONS if word in vocabulary.atoms}
    negative = tuple(any(negations & step.choice.atoms for step in part) for part in parts)
    return Pattern(source, parts, negative)


def build_index(groups: Sequence[Sequence[Pattern]]) -> Index:
    """Index patterns by what they cannot do without.

    A pattern stands under the step whose words the rules name least: «me» is in every text, «granada» is not.
    """
    listed = [
        (group, pattern, _choices(pattern)) for group, patterns in enumerate(groups) for pattern in patterns
    ]
    every = {choice.number: choice for _, _, choices in listed for choice in choices}
    named = Counter(word for choice in every.values() for word in choice.atoms)
    named.update(word for choice in every.values() for phrase in choice.phrases for word in phrase.atoms)
    telling = {number: _telling(choice, named) for number, choice in every.items()}
    bits = {number: 1 << bit for bit, number in enumerate(every)}
    steps_of: dict[int, int] = {}
    for number, words in telling.items():
        for word in words:
            steps_of[word] = steps_of.get(word, 0) | bits[number]
    often = {number: sum(steps_of[word].bit_count() for word in words) for number, words in telling.items()}
    by_atom: dict[int, list[int]] = {}
    for place, (_, _, choices) in enumerate(listed):
        for word in telling[min((choice.number for choice in choices), key=often.__getitem__)]:
            by_atom.setdefault(word, []).append(place)
    return Index(
        candidates=tuple(
            (group, pattern, _union(bits[choice.number] for choice in choices))
            for group, pattern, choices in listed
        ),
        by_atom={word: tuple(found) for word, found in by_atom.items()},
        steps_of=steps_of,
    )


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """Find where each known word stands."""
    found: dict[int, list[int]] = {}
    stretches: list[set[int]] = []
    words: list[tuple[int, str]] = []
    start = vocabulary.atoms.get(START, -1)
    for turn, (place, word, numbers) in enumerate(_placed(text, vocabulary)):
        if turn % _STRETCH == 0:
            stretches.append(set())
        stretches[-1].update(numbers)
        if word:
            words.append((place, word))
        for number in numbers:
            found.setdefault(number, []).append(place)
    by_atom = {number: _bits(places) for number, places in found.items()}
    clauses = tuple(found.get(start, ()))
    return Reading(Places(by_atom), tuple(map(frozenset, stretches)), tuple(words), clauses)


def possible(index: Index, reading: Reading) -> list[tuple[int, list[Pattern]]]:
    """The groups, in order, with those of their patterns whose steps one stretch of the text could fill."""
    steps_of = index.steps_of
    filled = [
        _union([steps_of[number] for number in steps_of.keys() & stretch]) for stretch in reading.stretches
    ]
    fitting: set[int] = set()
    for stretch, before, here, after in zip(
        reading.stretches, [0, *filled], filled, [*filled[1:], 0], strict=False
    ):
        missing = ~(before | here | after)
        for number in index.by_atom.keys() & stretch:
            fitting.update(
                [found for found in index.by_atom[number] if not index.candidates[found][2] & missing]
            )
    groups: dict[int, list[Pattern]] = {}
    for found in fitting:
        group, pattern, _ = index.candidates[found]
        groups.setdefault(group, []).append(pattern)
    return sorted(groups.items(), key=itemgetter(0))


def matches(pattern: Pattern, places: Places, *, barred: int = 0, joints: int = 0) -> int:
    """The places where the pattern ends. `barred` are places of words that a «no» takes back. No step and
    no part lies past one of the `joints` from another."""
    found = -1
    for part, negative in zip(pattern.parts, pattern.negative, strict=True):
        ends = _part_ends(part, places, -1 if negative else ~barred, joints)
        if not ends:
            return 0
        found = ends if found == -1 else _together(found, ends, joints)
    return found


def sentence_around(place: int, reading: Reading) -> tuple[str, ...]:
    """The words of the same sentence as they sound, to sixteen ahead of a place and behind it."""
    return _between(place - SENTENCE_GAP, place + SENTENCE_GAP + 1, reading)


def clauses_with(places: int, reading: Reading) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every clause, from one comma or stop to the next, that holds some of the places: the last of them in
    it, and its words as they sound. The last clause first."""
    while places:
        place = places.bit_length() - 1
        following = bisect_right(reading.clauses, place)
        first = reading.clauses[following - 1]
        last = reading.clauses[following] if following < len(reading.clauses) else reading.words[-1][0] + 1
        yield place, _between(first, last, reading)
        places &= (1 << first) - 1


def _between(first: int, last: int, reading: Reading) -> tuple[str, ...]:
    words = reading.words
    return tuple(word for _, word in words[bisect_left(words, (first, "")) : bisect_left(words, (last, ""))])


def spread(places: int, before: int, after: int) -> int:
    """The places with those up to `before` words ahead of them and `after` words behind them."""
    return _grow(places, after, _later) | _grow(places, before, _earlier)


def spread_in_clause(places: int, before: int, after: int, *, joints: int) -> int:
    """As `spread`, but not past a joint, a place that begins another clause."""
    if not joints:
        return spread(places, before, after)
    earlier = places
    for _ in range(before):
        earlier |= (earlier & ~joints) >> 1
    return _on(places, after, joints) | earlier


def _on(places: int, by: int, joints: int) -> int:
    for _ in range(by):
        places |= places << 1 & ~joints
    return places


def _placed(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """Every place of a text with the atoms that stand there, and the word if one begins there."""
    start, end = (vocabulary.atoms.get(START, -1),), (vocabulary.atoms.get(END, -1),)
    read = vocabulary.read
    place = 0
    for sentence in _heard(text):
        place += SENTENCE_GAP
        for phrase in sentence:
            yield place, "", start
            for word in phrase:
                begins = word
                for numbers in (known,) if (known := read.get(word)) else atoms_of(word, vocabulary):
                    place += 1
                    yield place, begins, numbers
                    begins = ""
            place += 1
            yield place, "", end


def _heard(text: str) -> Sentences:
    """The sentences of `bot.spanish` as they sound, all in one go: one by one takes three times as long."""
    spelt = sentences(text)
    heard = iter(sound("\n".join(" ".join(phrase) for sentence in spelt for phrase in sentence)).split("\n"))
    return [[next(heard).split() for _ in sentence] for sentence in spelt]


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
    gaps = [(), *(_GAPS[separator.strip() or " "] for separator in pieces[1::2])]
    return tuple(Step(_choice(piece, vocabulary), gap) for piece, gap in zip(pieces[::2], gaps, strict=True))


def _protect(part: str) -> str:
    """Inside <…> a space separates tags, not steps."""
    return re.sub(r"<[^<>]*>", lambda name: name.group().replace(" ", "/"), part)


def _choice(piece: str, vocabulary: Vocabulary) -> Choice:
    choices = [_WORDS.findall(choice) for choice in piece.split("|")]
    if not all(choices):
        raise PatternError("It has an empty choice.")
    single = frozenset(atom(words[0], vocabulary) for words in choices if len(words) == 1)
    phrases = tuple(
        Phrase(tuple(atom(word, vocabulary) for word in words), not _NEGATIONS.isdisjoint(words))
        for words in choices
        if len(words) > 1
    )
    number = vocabulary.choices.setdefault((single, phrases), len(vocabulary.choices))
    return Choice(number, single, phrases)


def _choices(pattern: Pattern) -> list[Choice]:
    return [step.choice for part in pattern.parts for step in part]


def _telling(choice: Choice, named: Mapping[int, int]) -> frozenset[int]:
    """Words of which one must be there: of a phrase, the word that the rules name least."""
    return choice.atoms.union(min(phrase.atoms, key=named.__getitem__) for phrase in choice.phrases)


def _part_ends(part: Sequence[Step], places: Places, allowed: int, joints: int) -> int:
    before, ends = -1, 0
    for choice, widen in part:
        if ends and joints:
            before = _on(ends << 1 & ~joints, sum(widen), joints)
        elif ends:
            before = ends << 1
            for by in widen:
                before |= before << by
        ends = 0
        for longer, plain, negative in _starts(choice, places):
            ends |= (plain & before) << longer & allowed | (negative & before) << longer
        if not ends:
            return 0
    return ends


def _starts(choice: Choice, places: Places) -> tuple[Starts, ...]:
    found = places.starts.get(choice.number)
    if found is None:
        found = places.starts[choice.number] = _find_starts(choice, places.by_atom)
    return found


def _find_starts(choice: Choice, by_atom: Mapping[int, int]) -> tuple[Starts, ...]:
    words = _union([by_atom[number] for number in choice.atoms if number in by_atom])
    found = [(0, words, 0)] if words else []
    for phrase in choice.phrases:
        if start := _phrase_starts(phrase, by_atom):
            longer = len(phrase.atoms) - 1
            found.append((longer, 0, start) if phrase.negative else (longer, start, 0))
    return tuple(found)


def _phrase_starts(phrase: Phrase, by_atom: Mapping[int, int]) -> int:
    here = -1
    for number, word in enumerate(phrase.atoms):
        if word not in by_atom:
            return 0
        here &= by_atom[word] >> number
    return here


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total


def _together(first: int, second: int, joints: int) -> int:
    reach = _UNORDERED_REACH
    near_second = second & spread_in_clause(first, reach, reach, joints=joints)
    if not near_second:
        return 0
    return near_second | first & spread_in_clause(second, reach, reach, joints=joints)


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
