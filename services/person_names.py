"""Names of people as they are written on a phone, without capitals: where they stand in a text. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.spelling import fold

FOLDER = Path(__file__).resolve().parents[1] / "data" / "seed" / "names"

_WORD = re.compile(r"[^\W\d_]+")
_JOINTS = frozenset({"de", "del", "la", "las", "los"})
_SAINTS = frozenset({"san", "santa", "santo"})
_BEFORE_A_PLACE = frozenset({
    "en", "de", "desde", "hacia", "hasta", "por", "para", "municipio", "estado", "ciudad",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """Folded. `words` are given names that are words or places too: alone they stay."""

    given: frozenset[str]
    family: frozenset[str]
    words: frozenset[str]

    def is_name(self, word: str) -> bool:
        """Whether the word is on either list."""
        return word in self.given or word in self.family

    def is_sure(self, words: list[str]) -> bool:
        """Whether these are somebody's name: one that is no word, or a given name beside another name."""
        sure = any(word in self.given and word not in self.words for word in words)
        surname = any(word in self.family and _is_surname(word) for word in words)
        return sure or surname or (len(words) > 1 and any(word in self.given for word in words))


@cache
def load(folder: Path = FOLDER) -> Names:
    """The lists that Faro comes with."""
    given, family, words = (
        frozenset((folder / f"{name}.txt").read_text(encoding="utf-8").split())
        for name in ("given", "family", "words")
    )
    return Names(given, family, words)


def taken_out(text: str, mark: str, *, is_place: Callable[[str], bool]) -> str:
    """The text with a mark for each name. What follows «en», «de» and the like and is a place stays;
    «a» is said of people, too."""
    names, end = load(), 0
    parts: list[str] = []
    for start, stop in _runs(text, names):
        run = text[start:stop]
        before = {fold(word) for word in _WORD.findall(text[:start])[-1:]}
        if not (before & _BEFORE_A_PLACE and is_place(run)):
            parts += [text[end:start], mark]
            end = stop
    return "".join([*parts, text[end:]])


def _runs(text: str, names: Names) -> Iterator[tuple[int, int]]:
    """Names that follow one another, with «de la» and the like between them."""
    run: list[re.Match[str]] = []
    for found in (*_WORD.finditer(text), None):
        if found and _goes_on(text, run, found, names):
            run.append(found)
            continue
        yield from _settled(run, names)
        run = [found] if found and _begins(fold(found.group()), names) else []


def _begins(word: str, names: Names) -> bool:
    return names.is_name(word) or word in _SAINTS


def _goes_on(text: str, run: list[re.Match[str]], found: re.Match[str], names: Names) -> bool:
    if not run or text[run[-1].end() : found.start()].strip():
        return False
    word = fold(found.group())
    return names.is_name(word) or word in _JOINTS


def _settled(run: list[re.Match[str]], names: Names) -> Iterator[tuple[int, int]]:
    while run and not names.is_name(fold(run[-1].group())):
        run = run[:-1]
    words = [fold(each.group()) for each in run]
    if words and names.is_sure([word for word in words if word not in _JOINTS and word not in _SAINTS]):
        yield run[0].start(), run[-1].end()


def _is_surname(word: str) -> bool:
    """«Pérez», «Ruiz»: these endings are of no other word on the list."""
    return word.endswith(("ez", "iz")) or word == "garcia"
