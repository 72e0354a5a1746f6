"""Phrases as a caseworker writes them, found in messages as people type them. Pure.

`alberg*` is a word with any ending, `cuarto|cuartito` either, `...` up to four words; small words
may stand between two words of a phrase, and spelling counts only as far as it can be heard.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from bot.spanish import fold, sentences, sound
from services.once import once

PAUSE = ","
"""Stands in a heard text where the person put a comma."""

_SMALL = (
    "me te se le les nos lo la los las el un una unos unas de del a al mi mis tu su sus por para que y e "
    "ni ya muy mas pues favor todo toda todos todas aqui aca ahi ahorita ahora algun alguna alguno algunas "
    "algunos cualquier algo tambien como con en es esta este estas estos esa ese nuestro nuestra nuestros "
    "nuestras tan bien mero nomas solo hoy ustedes usted otro otra otros propio propia"
)
_GAP = rf"(?:(?: {PAUSE})? [^\s{PAUSE}]+){{0,4}}?(?: {PAUSE})?"
_START = 4
"""Letters by which phrases are looked up."""
_SOFT_END = {"k": "[ks]", "g": "[gj]"}
"""A stem that ends in c or g sounds one way or the other with its ending."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase, ready to be found. Any text that holds it holds one of each of its `words`.

    `pattern` is compiled when a text first holds its words: most of the thousands of phrases never are.
    """

    pattern: str
    words: tuple[tuple[str, ...], ...]

    def spans(self, heard: str) -> Sequence[tuple[int, int]]:
        """Where the phrase stands in a text that `hear` gave."""
        # Plain loops: hundreds of phrases are asked about each message, and nearly none is in it.
        for alternatives in self.words:
            for stem in alternatives:
                if stem in heard:
                    break
            else:
                return ()
        return [found.span() for found in _compiled(self.pattern).finditer(heard)]

    def is_in(self, heard: str) -> bool:
        """Whether the phrase stands anywhere in a text that `hear` gave."""
        return bool(self.spans(heard))


class Index:
    """Which of many phrases a text may hold: those with a word of theirs in it, by its first letters."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._by_start: dict[str, list[int]] = {}
        for number, each in enumerate(phrases):
            for start in _rarest(each.words):
                self._by_start.setdefault(start, []).append(number)

    def candidates(self, heard: str) -> list[int]:
        """In order, the numbers of the phrases that a text `hear` gave may hold; no other is in it."""
        starts = {word[:length] for word in heard.split() for length in range(1, _START + 1)}
        found = {number for start in starts for number in self._by_start.get(start, ())}
        return sorted(found)


def _rarest(words: tuple[tuple[str, ...], ...]) -> set[str]:
    """The beginnings of the word of a phrase whose alternatives say most."""
    best = max(words, key=lambda alternatives: min(map(len, alternatives)))
    return {stem.split(" ")[0][:_START] for stem in best}


@once
def hear(text: str) -> str:
    """The text as it sounds, one line per sentence, pauses kept as words of their own."""
    return "\n".join(f" {PAUSE} ".join(" ".join(words) for words in line) for line in _lines(text))


def phrase(written: str) -> Phrase:
    """Reads one phrase. One that is no phrase raises ValueError."""
    words = written.split() if isinstance(written, str) else []
    if not words or words[0] == "..." or words[-1] == "...":
        raise ValueError(f"La frase «{written}» debe empezar y terminar con una palabra.")
    pattern = _alternatives(words[0])
    for before, word in pairwise(words):
        if word != "...":
            pattern += (_GAP if before == "..." else _small_words()) + " " + _alternatives(word)
    needed = tuple(_stems(word) for word in words if word != "...")
    return Phrase(rf"(?<!\S){pattern}(?!\S)", needed)


@once
def tone(written: str) -> str:
    """Folded words as they sound; ñ is n, which many phones type."""
    return sound(fold(written)).replace("ñ", "n")


def _lines(text: str) -> Iterator[list[list[str]]]:
    for sentence in sentences(text):
        yield [sound(" ".join(words)).replace("ñ", "n").split() for words in sentence]


def _alternatives(word: str) -> str:
    return "(?:" + "|".join(_one(part) for part in word.split("|")) + ")"


def _one(part: str) -> str:
    if not part.endswith("*"):
        return re.escape(tone(part))
    stem = tone(part)
    return re.escape(stem[:-1]) + _SOFT_END.get(stem[-1:], re.escape(stem[-1:])) + r"\w*"


def _stems(word: str) -> tuple[str, ...]:
    return tuple(tone(part)[: -1 if part.endswith("*") else None] for part in word.split("|"))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _small_words() -> str:
    return "(?: (?:" + "|".join(sorted(set(tone(_SMALL).split()))) + ")){0,2}?"
