"""The words that danger rules know, and how a written word is recognised as one of them. Pure.

Each word, class or ending that a rule names is an atom, a number. A written word has the atoms of what it
sounds like; when it sounds like nothing known, those of the words one slip of the finger away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from bot.spanish import fold, sound, sounds
from bot.verbs import Forms, conjugate

START, END = "^", "$"

_SLIP_LENGTH = 6
_LONGEST_SLIP = 24
_STUCK = ("me", "nos", "le", "les", "la", "lo", "te", "se", "ke", "no", "mi")
_PREFIX_LENGTHS = range(3, 13)
_SUFFIX_LENGTHS = range(3, 6)
_KEYS_BESIDE = {
    key: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in ("qwertyuiop", "asdfghjklñ", "zxcvbnm")
    for place, key in enumerate(row)
}

Atoms = tuple[int, ...]


class PatternError(ValueError):
    """A rule that cannot be read. The text says which, and why."""


@dataclass(slots=True)
class Vocabulary:
    """Every word the rules know. Filled while they are compiled, then closed and only read.

    `known`: everyday words that are no slip of a dangerous one. `long_forms`: verbs with a pronoun behind
    («golpeándome»), too many to be looked for with slips. `starts`: the first letters of all `prefixes`.
    `choices`: the numbers of the choices of words that patterns hold. `read`: all atoms of a known word,
    those of its endings too.
    """

    classes: Mapping[str, Forms]
    known: frozenset[str]
    atoms: dict[str, int] = field(default_factory=dict)
    choices: dict[tuple[object, object], int] = field(default_factory=dict)
    words: dict[str, Atoms] = field(default_factory=dict)
    read: dict[str, Atoms] = field(default_factory=dict)
    prefixes: dict[str, Atoms] = field(default_factory=dict)
    starts: set[str] = field(default_factory=set)
    suffixes: dict[str, Atoms] = field(default_factory=dict)
    verbs: set[str] = field(default_factory=set)
    long_forms: set[str] = field(default_factory=set)
    slips: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_classes(raw: Mapping[str, Mapping[str, str]]) -> dict[str, Forms]:
    """Word classes from data: `words` as they are, `verbs` in all their forms, `without` taken away."""
    return {name: _class_forms(entry) for name, entry in raw.items()}


def atom(named: str, vocabulary: Vocabulary) -> int:
    """The number of a word, «<class>», «<class:tag tag>», «begin*» or «*end». Raises PatternError."""
    if named in vocabulary.atoms:
        return vocabulary.atoms[named]
    number = vocabulary.atoms[named] = len(vocabulary.atoms)
    if named.endswith("*"):
        _add_ending(vocabulary.prefixes, named[:-1], number, _PREFIX_LENGTHS)
    elif named.startswith("*"):
        _add_ending(vocabulary.suffixes, named[1:], number, _SUFFIX_LENGTHS)
    elif named not in (START, END):
        _add_words(_forms(named, vocabulary), number, vocabulary)
    return number


def close(vocabulary: Vocabulary) -> None:
    """Give each known word the endings it has, and prepare the slips. After this nothing is added."""
    vocabulary.starts.update(prefix[: _PREFIX_LENGTHS[0]] for prefix in vocabulary.prefixes)
    for word in vocabulary.known | vocabulary.words.keys():
        vocabulary.read[word] = vocabulary.words.get(word, ()) + _ending_atoms(word, vocabulary)
    slips: dict[str, list[str]] = {}
    for word in vocabulary.words:
        if len(word) >= _SLIP_LENGTH and word not in vocabulary.long_forms:
            for shorter in {word, *_one_less(word)}:
                slips.setdefault(shorter, []).append(word)
    vocabulary.slips.update({shorter: tuple(words) for shorter, words in slips.items()})


def atoms_of(word: str, vocabulary: Vocabulary) -> Iterator[Atoms]:
    """The atoms of one written word, as it sounds; two times when a pronoun is stuck to it («mepega»)."""
    direct = vocabulary.read.get(word)
    if direct is None:
        direct = _ending_atoms(word, vocabulary)
        if not direct and not word.isdigit():
            yield from _misspelt(word, vocabulary)
            return
    yield direct


def _misspelt(word: str, vocabulary: Vocabulary) -> Iterator[Atoms]:
    for stuck in _STUCK:
        if word.startswith(stuck) and len(word) > len(stuck) + 3 and word[len(stuck) :] in vocabulary.verbs:
            yield vocabulary.words.get(stuck, ())
            yield vocabulary.words[word[len(stuck) :]]
            return
    yield _slip_atoms(word, vocabulary)


def _class_forms(entry: Mapping[str, str]) -> Forms:
    written: dict[str, frozenset[str]] = dict.fromkeys(entry.get("words", "").split(), frozenset())
    for verb in _listed(entry.get("verbs", "")):
        written |= conjugate(verb)
    without = set(sounds(entry.get("without", "").split()))
    heard = zip(sounds(list(written)), written.values(), strict=True)
    return {form: tags for form, tags in heard if form not in without}


def _listed(entries: str) -> list[str]:
    return [entry.strip() for entry in entries.split(",") if entry.strip()]


def _add_ending(table: dict[str, Atoms], written: str, number: int, lengths: range) -> None:
    key = sound(fold(written))
    if len(key) not in lengths:
        raise PatternError(f"«{written}» beside a star must have {lengths[0]} to {lengths[-1]} letters.")
    table[key] = (*table.get(key, ()), number)


def _add_words(forms: Forms, number: int, vocabulary: Vocabulary) -> None:
    for form, tags in forms.items():
        if tags:
            vocabulary.verbs.add(form)
        if "con" in tags:
            vocabulary.long_forms.add(form)
        for spelling in {form, form.replace("ñ", "n"), form.replace("ñ", "ni")}:
            atoms = vocabulary.words.get(spelling, ())
            if number not in atoms:
                vocabulary.words[spelling] = (*atoms, number)


def _forms(named: str, vocabulary: Vocabulary) -> Forms:
    if not named.startswith("<"):
        return {sound(fold(named)): frozenset()}
    name, _, listed = named.strip("<>").partition(":")
    if name not in vocabulary.classes:
        raise PatternError(f"There is no class of words called «{name}» in words.yml.")
    wanted = frozenset(listed.split("/")) if listed else frozenset()
    forms = {form: tags for form, tags in vocabulary.classes[name].items() if wanted <= tags}
    if not forms:
        raise PatternError(f"No word of the class «{name}» is «{listed}».")
    return forms


def _ending_atoms(word: str, vocabulary: Vocabulary) -> Atoms:
    found: Atoms = ()
    if word[: _PREFIX_LENGTHS[0]] in vocabulary.starts:
        for length in _PREFIX_LENGTHS[: max(0, len(word) - _PREFIX_LENGTHS[0] + 1)]:
            found += vocabulary.prefixes.get(word[:length], ())
    for length in _SUFFIX_LENGTHS:
        found += vocabulary.suffixes.get(word[-length:], ()) if length < len(word) else ()
    return found


def _slip_atoms(word: str, vocabulary: Vocabulary) -> Atoms:
    if not _SLIP_LENGTH - 1 <= len(word) <= _LONGEST_SLIP:
        return ()
    near = {
        known
        for shorter in (word, *_one_less(word))
        for known in vocabulary.slips.get(shorter, ())
        if _is_slip(word, known)
    }
    return tuple({number for known in near for number in vocabulary.words[known]})


def _is_slip(word: str, known: str) -> bool:
    """Whether one letter was missed, doubled, swapped or hit beside its key.

    Never the first or the last, which tell one word or form from another.
    """
    if word[0] != known[0] or word[-1] != known[-1] or OSA.distance(word, known, score_cutoff=1) > 1:
        return False
    if len(word) != len(known):
        return True
    differing = [place for place in range(len(word)) if word[place] != known[place]]
    if len(differing) == 2:
        return True
    return all(known[place] in _KEYS_BESIDE.get(word[place], "") for place in differing)


def _one_less(word: str) -> list[str]:
    """The word without one letter, for each but the first and the last."""
    return [word[:place] + word[place + 1 :] for place in range(1, len(word) - 1)]
