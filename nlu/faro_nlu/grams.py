"""What is counted of a message: its words, pairs of neighbours, and groups of letters within words."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Optional

import numpy as np

from faro_nlu.spelling import Word

OF_A_WORD = "w "
"""Before a word that is counted whole."""
_OF_A_PAIR = "p "
_OF_LETTERS = "c"
_FEWEST_LETTERS = 2


class Grams:
    """Rows of the n-grams of words, as `row` numbers them; one without a number is left out.

    It looks each word up once, and remembers it as long as it lives: for one training, or for the messages
    that are read at once.
    """

    def __init__(self, row: Callable[[str], Optional[int]], *, longest: int) -> None:
        self._row, self._longest = row, longest
        self._of_word = cache(self._find)

    def of(self, words: Sequence[Word]) -> np.ndarray:
        """Each row as often as its n-gram stands in the words."""
        sounds = [word.sound for word in words]
        pairs = self._rows(f"{_OF_A_PAIR}{one} {next_one}" for one, next_one in pairwise(sounds))
        return np.concatenate([*map(self._of_word, sounds), pairs])

    def _find(self, sound: str) -> np.ndarray:
        padded = f" {sound} "
        groups = (
            _OF_LETTERS + padded[start : start + size]
            for size in range(_FEWEST_LETTERS, self._longest + 1)
            for start in range(len(padded) - size + 1)
        )
        return self._rows([OF_A_WORD + sound, *groups])

    def _rows(self, grams: Iterable[str]) -> np.ndarray:
        return np.array([row for gram in grams if (row := self._row(gram)) is not None], dtype=np.int32)
