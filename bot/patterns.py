"""A small pattern language over words, matched in time that grows straight with the text. Pure.

A pattern is read in data/seed/danger/LEEME.md. Each step of a pattern is a set of words; where they stand in a
text is one whole number with a bit for each word, so a match is a few shifts, whatever the text holds.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.spanish import fold, sentences, sound
from bot.verbs import Forms, conjugate

START, END = "^", "$"
SENTENCE_GAP = 16
"""Empty places between two sentences: no pattern reaches over them."""

_UNORDERED_REACH = 8
_GAPS = {"+": 0, " ": 2, "..": 6}
_SLIP_LENGTH = 6
_STUCK = ("me", "nos", "le", "les", "la", "lo", "te", "se", "ke", "no", "mi")
_PREFIX_LENGTHS = range(4, 13)
_SUFFIX_LENGTHS = range(3, 6)
_KEYS_BESIDE = {
    key: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in ("qwertyuiop", "asdfghjklñ", "zxcvbnm")
    for place, key in enumerate(row)
}
_WORDS = re.compile(r"<[^>]*>|[^_]+")
_SEPARATOR = re.compile(r"\s*(\+|\s\.\.\s|\s)\s*")


class PatternError(ValueError):
    """A pattern that cannot be read. The text says which, and why."""


class Step(NamedTuple):
    """One place of a sequence: what may stand there, and how many words may stand before it.

    `phrases` are alternatives of several words («se_fue»): the atoms of each word, one after another.
    """

    atoms: tuple[int, ...]
    phrases: tuple[tuple[int, ...], ...]
    gap: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """Sequences that must stand near one another. `negative`: it says «no» itself."""

    source: str
    parts: tuple[tuple[Step, ...], ...]
    negative: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as numbers: for each atom a bit per place where it stands. `size` is the number of places."""

    places: Mapping[int, int]
    size: int


@dataclass(slots=True)
class Vocabulary:
    """Every word the patterns know. Filled by `compile_pattern`, closed by `close`, then only read."""

    classes: Mapping[str, Forms]
    known: frozenset[str]
    negations: frozenset[str]
    atoms: dict[str, int] = field(default_factory=dict)
    words: dict[str, tuple[int, ...]] = field(default_factory=dict)
    prefixes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    suffixes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    verbs: set[str] = field(default_factory=set)
    slips: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_classes(raw: Mapping[str, Mapping[str, str]]) -> dict[str, Forms]:
    """Word classes from data: `words` as they are, `verbs` in all their forms, `without` taken away."""
    return {name: _class_forms(entry) for name, entry in raw.items()}


def compile_pattern(source: str, vocabulary: Vocabulary) -> Pattern:
    """Read one pattern and add its words to the vocabulary. Raises PatternError."""
    parts = tuple(_compile_part(part.strip(), vocabulary, source) for part in source.split("&"))
    negative = any(alternative in vocabulary.negations for alternative in re.findall(r"[^\s+|&_]+", source))
    return Pattern(source, parts, negative)


def close(vocabulary: Vocabulary) -> None:
    """Prepare the words that may be recognised with one slip. After this nothing is added."""
    slips: dict[str, list[str]] = {}
    for word in vocabulary.words:
        if len(word) >= _SLIP_LENGTH:
            for shorter in {word, *_one_less(word)}:
                slips.setdefault(shorter, []).append(word)
    vocabulary.slips.update({shorter: tuple(words) for shorter, words in slips.items()})


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """Find where each known word stands."""
    places: dict[int, int] = {}
    place = 0
    start, end = vocabulary.atoms.get(START, -1), vocabulary.atoms.get(END, -1)
    for sentence in sentences(text):
        place += SENTENCE_GAP
        for phrase in sentence:
            places[start] = places.get(start, 0) | 1 << place
            for word in sound(" ".join(phrase)).split():
                for atoms in _atoms_of(word, vocabulary):
                    place += 1
                    for atom in atoms:
                        places[atom] = places.get(atom, 0) | 1 << place
            place += 1
            places[end] = places.get(end, 0) | 1 << place
    return Reading(places, place + SENTENCE_GAP)


def matches(pattern: Pattern, reading: Reading, barred: int = 0) -> int:
    """The places where the pattern ends; `barred` are places that no step may take (negated ones)."""
    found = -1
    allowed = -1 if pattern.negative else ~barred
    for part in pattern.parts:
        ends = _part_ends(part, reading.places, allowed)
        if not ends:
            return 0
        found = ends if found == -1 else _together(found, ends)
    return found


def spread(places: int, before: int, after: int) -> int:
    """The places with those up to `before` words ahead of them and `after` words behind them."""
    return _grow(places, after, _later) | _grow(places, before, _earlier)


def _class_forms(entry: Mapping[str, str]) -> Forms:
    forms: Forms = {sound(fold(word)): frozenset() for word in entry.get("words", "").split()}
    for verb in _entries(entry.get("verbs", "")):
        forms |= {sound(fold(form)): tags for form, tags in conjugate(verb).items()}
    without = {sound(fold(word)) for word in entry.get("without", "").split()}
    return {form: tags for form, tags in forms.items() if form not in without}


def _entries(listed: str) -> list[str]:
    return [entry.strip() for entry in listed.split(",") if entry.strip()]


def _compile_part(part: str, vocabulary: Vocabulary, source: str) -> tuple[Step, ...]:
    pieces = _SEPARATOR.split(_protect(part))
    if not part or not all(pieces):
        raise PatternError(f"The pattern «{source}» has an empty part.")
    gaps = [0, *(_GAPS[separator.strip() or " "] for separator in pieces[1::2])]
    return tuple(_step(piece, gap, vocabulary, source) for piece, gap in zip(pieces[::2], gaps, strict=True))


def _protect(part: str) -> str:
    """Inside <…> a space separates tags, not steps."""
    return re.sub(r"<[^<>]*>", lambda name: name.group().replace(" ", "/"), part)


def _step(piece: str, gap: int, vocabulary: Vocabulary, source: str) -> Step:
    listed = [
        tuple(_atom(word, vocabulary, source) for word in _WORDS.findall(choice))
        for choice in piece.split("|")
    ]
    if not all(listed):
        raise PatternError(f"The pattern «{source}» has an empty choice.")
    single = tuple(dict.fromkeys(atoms[0] for atoms in listed if len(atoms) == 1))
    return Step(single, tuple(atoms for atoms in listed if len(atoms) > 1), gap)


def _atom(alternative: str, vocabulary: Vocabulary, source: str) -> int:
    if alternative in vocabulary.atoms:
        return vocabulary.atoms[alternative]
    atom = vocabulary.atoms[alternative] = len(vocabulary.atoms)
    if alternative.endswith("*"):
        _add_ending(vocabulary.prefixes, alternative[:-1], atom, _PREFIX_LENGTHS)
    elif alternative.startswith("*"):
        _add_ending(vocabulary.suffixes, alternative[1:], atom, _SUFFIX_LENGTHS)
    elif alternative not in (START, END):
        _add_words(_forms(alternative, vocabulary, source), atom, vocabulary)
    return atom


def _add_ending(table: dict[str, tuple[int, ...]], written: str, atom: int, lengths: range) -> None:
    key = sound(fold(written))
    if len(key) not in lengths:
        raise PatternError(f"«{written}» beside a star must have {lengths[0]} to {lengths[-1]} letters.")
    table[key] = (*table.get(key, ()), atom)


def _add_words(forms: Forms, atom: int, vocabulary: Vocabulary) -> None:
    for form, tags in forms.items():
        if tags:
            vocabulary.verbs.add(form)
        for spelling in {form, form.replace("ñ", "n"), form.replace("ñ", "ni")}:
            atoms = vocabulary.words.get(spelling, ())
            if atom not in atoms:
                vocabulary.words[spelling] = (*atoms, atom)


def _forms(alternative: str, vocabulary: Vocabulary, source: str) -> Forms:
    if not alternative.startswith("<"):
        return {sound(fold(alternative)): frozenset()}
    name, _, listed = alternative.strip("<>").partition(":")
    if name not in vocabulary.classes:
        raise PatternError(f"The pattern «{source}» names the unknown class «{name}».")
    wanted = frozenset(listed.split("/")) if listed else frozenset()
    forms = {form: tags for form, tags in vocabulary.classes[name].items() if wanted <= tags}
    if not forms:
        raise PatternError(f"In «{source}» no word of «{name}» is «{listed}».")
    return forms


def _atoms_of(word: str, vocabulary: Vocabulary) -> Iterator[tuple[int, ...]]:
    """The atoms of one written word: of two when it is a pronoun stuck to a verb («mepega»)."""
    direct = vocabulary.words.get(word, ()) + _ending_atoms(word, vocabulary)
    if direct or word in vocabulary.known or word.isdigit():
        yield direct
        return
    for stuck in _STUCK:
        if word.startswith(stuck) and len(word) > len(stuck) + 3 and word[len(stuck) :] in vocabulary.verbs:
            yield vocabulary.words.get(stuck, ())
            yield vocabulary.words[word[len(stuck) :]]
            return
    yield _slip_atoms(word, vocabulary)


def _ending_atoms(word: str, vocabulary: Vocabulary) -> tuple[int, ...]:
    found: tuple[int, ...] = ()
    for length in _PREFIX_LENGTHS:
        found += vocabulary.prefixes.get(word[:length], ()) if length <= len(word) else ()
    for length in _SUFFIX_LENGTHS:
        found += vocabulary.suffixes.get(word[-length:], ()) if length < len(word) else ()
    return found


def _slip_atoms(word: str, vocabulary: Vocabulary) -> tuple[int, ...]:
    if not _SLIP_LENGTH - 1 <= len(word) <= 24:
        return ()
    near = {
        known
        for shorter in (word, *_one_less(word))
        for known in vocabulary.slips.get(shorter, ())
        if _is_slip(word, known)
    }
    return tuple({atom for known in near for atom in vocabulary.words[known]})


def _is_slip(word: str, known: str) -> bool:
    """Whether one letter was missed, doubled, swapped or hit beside its key; never the first or the last,
    which tell one word or form from another."""
    if word[0] != known[0] or word[-1] != known[-1] or OSA.distance(word, known, score_cutoff=1) > 1:
        return False
    if len(word) != len(known):
        return True
    differing = [place for place in range(len(word)) if word[place] != known[place]]
    return len(differing) == 2 or all(
        known[place] in _KEYS_BESIDE.get(word[place], "") for place in differing
    )


def _one_less(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _part_ends(part: Sequence[Step], places: Mapping[int, int], allowed: int) -> int:
    reached = 0
    for number, step in enumerate(part):
        before = -1 if number == 0 else _next(reached, step.gap)
        reached = _step_ends(step, places, before, allowed)
        if not reached:
            return 0
    return reached


def _step_ends(step: Step, places: Mapping[int, int], before: int, allowed: int) -> int:
    """Where a step ends that starts at one of the places `before`."""
    ends = _union(places.get(atom, 0) for atom in step.atoms) & allowed & before
    for phrase in step.phrases:
        here = before
        for number, atom in enumerate(phrase):
            here = (here << 1 if number else here) & places.get(atom, 0) & allowed
            if not here:
                break
        ends |= here
    return ends


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total


def _next(reached: int, gap: int) -> int:
    return _grow(reached << 1, gap, _later)


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
