"""Finds the places a message names, and whether help is wanted there or the person fled from there."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pycrfsuite

from faro_nlu import spelling
from faro_nlu.spelling import Word

_FILE = "places.crfsuite"
_NAMES = "names.json"
_HERE = "aquí"
_NO_NAME = "-"
_LONGEST_NAME = 6
_NAMED, _OTHERS = 2, 12
"""Of the phrases without a place every second one in which a word is a name, every twelfth of the others."""
_TOWN = 5000
"""Inhabitants from which a locality's name is learnt; smaller ones are known by the words around them."""

Marked = tuple[int, int, str]
"""Start and end in the text, and the role."""


@dataclass(frozen=True, slots=True)
class Found:
    start: int
    end: int
    role: str
    confidence: float


class Finder:
    """A trained finder. It holds the tagger of python-crfsuite, which one thread at a time may use."""

    def __init__(self, model: bytes, names: frozenset[str]) -> None:
        self._kept, self._names = model, names  # the tagger reads this memory without keeping it alive
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._kept)

    def find(self, text: str, words: list[Word]) -> list[Found]:
        if not words:
            return []
        tags = self._tagger.tag(_features(text, words, self._names))
        return [
            Found(words[first].start, words[last].end, tags[first][2:], self._sure(tags, first, last))
            for first, last in _spans(tags)
        ]

    def _sure(self, tags: list[str], first: int, last: int) -> float:
        return min(self._tagger.marginal(tags[index], index) for index in range(first, last + 1))


def load(folder: Path) -> Finder:
    names = frozenset(json.loads((folder / _NAMES).read_text("utf-8")))
    return Finder((folder / _FILE).read_bytes(), names)


def train(
    examples: Iterable[tuple[str, list[Word], Sequence[Marked]]], *, names: frozenset[str], folder: Path
) -> None:
    """Phrases with places are read as written and bare; of those without any, a share, bare."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for number, (text, words, marked) in enumerate(examples):
        if words and (marked or number % (_NAMED if _has_name(words, names) else _OTHERS) == 0):
            for variant in dict.fromkeys((text, _bare(text))) if marked else (_bare(text),):
                trainer.append(_features(variant, words, names), _tags(words, marked))
    trainer.set_params({"c1": 0.05, "c2": 0.02, "max_iterations": 60, "feature.possible_transitions": True})
    trainer.train(str(folder / _FILE))
    (folder / _NAMES).write_text(json.dumps(sorted(names), ensure_ascii=False), "utf-8")


def known_names(gazetteer: Path) -> frozenset[str]:
    """States, municipalities, their seats, towns and aliases, by sound; none where the folder is missing."""
    columns = (
        ("estados.csv", ("nom_ent",)),
        ("municipios.csv", ("nom_mun", "nom_cab")),
        ("aliases.csv", ("alias",)),
    )
    found = [row[column] for file, names in columns for row in _rows(gazetteer / file) for column in names]
    towns = _rows(gazetteer / "localidades_1000.csv")
    found += [row["nom_localidad"] for row in towns if int(row["poblacion_total"] or 0) >= _TOWN]
    return frozenset(" ".join(word.sound for word in spelling.words(name)) for name in found) - {""}


def hidden(text: str, marked: Iterable[Marked]) -> str:
    """The text with «aquí» in the place of every name."""
    for start, end, _ in sorted(marked, reverse=True):
        text = text[:start] + _HERE + text[end:]
    return text


def outside(words: Iterable[Word], marked: Sequence[Marked]) -> list[Word]:
    """The words that are no part of a name."""
    return [
        word for word in words if not any(word.start < end and word.end > start for start, end, _ in marked)
    ]


def _rows(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _bare(text: str) -> str:
    """The text without accents, character by character, so that offsets stay."""
    bare = text.translate(str.maketrans("áéíóúüÁÉÍÓÚÜ", "aeiouuAEIOUU"))
    return bare.lower()


def _tags(words: list[Word], marked: Sequence[Marked]) -> list[str]:
    tags = ["O"] * len(words)
    for start, end, role in marked:
        inside = [i for i, word in enumerate(words) if word.start < end and word.end > start]
        for position, index in enumerate(inside):
            tags[index] = ("B-" if position == 0 else "I-") + role
    return tags


def _spans(tags: list[str]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for index, tag in enumerate(tags):
        if tag.startswith("B-") or (tag.startswith("I-") and (not spans or spans[-1][1] != index - 1)):
            spans.append((index, index))
        elif tag.startswith("I-"):
            spans[-1] = (spans[-1][0], index)
    return spans


def _features(text: str, words: list[Word], names: frozenset[str]) -> list[list[str]]:
    shapes = [_shape(text[word.start : word.end]) for word in words]
    named = _named(words, names)
    return [[*_of(words, shapes, index), *_around(named, index)] for index in range(len(words))]


def _has_name(words: list[Word], names: frozenset[str]) -> bool:
    return any(mark != _NO_NAME for mark in _named(words, names))


def _named(words: list[Word], names: frozenset[str]) -> list[str]:
    """For each word whether it begins or goes on a name of the gazetteer, the longest one that fits."""
    first, marks, index = _first_words(names), [_NO_NAME] * len(words), 0
    while index < len(words):
        longest = _LONGEST_NAME if words[index].sound in first else 0
        size = next((n for n in range(longest, 0, -1) if _name(words[index : index + n], n) in names), 0)
        for place in range(size):
            marks[index + place] = ("B" if place == 0 else "I") + str(min(size, 2))
        index += max(size, 1)
    return marks


@lru_cache(maxsize=1)
def _first_words(names: frozenset[str]) -> frozenset[str]:
    """Few words begin a name: for all others no name need be looked up."""
    return frozenset(name.partition(" ")[0] for name in names)


def _name(words: list[Word], size: int) -> str:
    return " ".join(word.sound for word in words) if len(words) == size else ""


def _around(named: list[str], index: int) -> list[str]:
    before = named[index - 1] if index else "|"
    after = named[index + 1] if index + 1 < len(named) else "|"
    return ["name=" + named[index], "name-1=" + before, "name+1=" + after]


def _of(words: list[Word], shapes: list[str], index: int) -> list[str]:
    word = words[index]
    own = [
        "bias", "w=" + word.sound, "p3=" + word.sound[:3], "s3=" + word.sound[-3:], "s4=" + word.sound[-4:],
        "shape=" + shapes[index], f"break={word.breaks}", f"count={min(len(words), 4)}",
        f"first={index == 0}",
        f"last={index == len(words) - 1}",
    ]  # fmt: skip
    for offset in (-3, -2, -1, 1, 2):
        at = index + offset
        near = words[at].sound if 0 <= at < len(words) else "|"
        own.append(f"{offset}={near}")
    before = [w.sound for w in words[max(index - 2, 0) : index]]
    own.append("2-=" + " ".join(before))
    own.extend("far=" + w.sound for w in words[max(index - 7, 0) : max(index - 2, 0)])
    return own


def _shape(written: str) -> str:
    if written.isupper() and len(written) > 1:
        return "X"
    return "Xx" if written[:1].isupper() else ("9" if written[:1].isdigit() else "x")
