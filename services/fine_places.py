"""Places finer than a municipality, as people write them on a phone: towns, and saints of no municipality."""

import re
from collections.abc import Callable
from functools import cache

from data.inegi import GAZETTEER
from services.namefiles import read_rows
from services.spelling import fold

_WORD = re.compile(r"[^\W\d_]+")
_CUES = frozenset({"en", "de", "desde", "hacia", "hasta", "a", "por", "para", "del", "al"})
_SAINTS = frozenset({"san", "santa", "santo"})
_LONGEST = 6
_BRACKETS = re.compile(r"\s*[\[(]")
_NAMELESS = "ninguno"


def taken_out(text: str, mark: str, *, is_known: Callable[[str], bool]) -> str:
    """The text with a mark for each town behind «en», «de» and the like, and for each such saint.

    `is_known`: whether words are a state or a municipality, which stay.
    """
    found = list(_WORD.finditer(text))
    parts: list[str] = []
    end = number = 0
    while number < len(found):
        length = _length(text, found, number, is_known)
        if not length:
            number += 1
            continue
        parts += [text[end : found[number].start()], mark]
        end = found[number + length - 1].end()
        number += length
    return "".join([*parts, text[end:]])


def _length(text: str, found: list[re.Match[str]], number: int, is_known: Callable[[str], bool]) -> int:
    """How many words from here are such a place; 0: none."""
    first = fold(found[number].group())
    cued = number > 0 and fold(found[number - 1].group()) in _CUES
    for length in range(min(_LONGEST, len(found) - number) if cued else 0, 0, -1):
        words = text[found[number].start() : found[number + length - 1].end()]
        if " ".join(fold(words).split()) in load() and not is_known(words):
            return length
    if first not in _SAINTS or number + 1 >= len(found):
        return 0
    return 0 if is_known(text[found[number].start() : found[number + 1].end()]) else 2


@cache
def load() -> frozenset[str]:
    """Folded names of towns, without those that are a municipality's, a state's or an everyday word."""
    towns = {fold(_town(row["nom_display"])) for row in read_rows(GAZETTEER / "localidades_1000.csv")}
    states = {fold(row["nom_ent"]) for row in read_rows(GAZETTEER / "estados.csv")}
    municipalities = {fold(row["nom_mun"]) for row in read_rows(GAZETTEER / "municipios.csv")}
    words = {
        word
        for name in ("ordinary_words.txt", "everyday_names.txt")
        for word in (GAZETTEER / name).read_text(encoding="utf-8").splitlines()
    }
    return frozenset(towns - states - municipalities - words - {"", _NAMELESS})


def _town(name: str) -> str:
    """INEGI's «Nombre (otro) [Colonia]» without what stands in brackets, but for «Ninguno [Nombre]»."""
    before, within = _BRACKETS.split(name, maxsplit=1)[0], name.partition("[")[2]
    return within.rstrip("]") if fold(before) == _NAMELESS else before
