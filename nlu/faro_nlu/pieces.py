"""Words cut into the pieces that the sentence encoder was trained on (SentencePiece's unigram model)."""

import unicodedata
from dataclasses import dataclass
from itertools import chain

from faro_nlu import spelling

BEGIN, END, UNKNOWN = 0, 1, 2
"""Rows of the marks around a text, and of a letter that no piece holds. Pieces begin after them."""
FIRST = 3
MOST = 160
"""Pieces of a text that are read at once."""
_PARTS = 12
"""Lists of pieces that are read: more than Spanish of the longest message ever makes."""
_NO_PIECE = -30.0
_START = "▁"


@dataclass(frozen=True)
class Pieces:
    """`rows` maps a piece to its row in the encoder's table; `scores` are log probabilities by row.

    `asked` are the rows of the word with which the encoder was taught to begin («query:»).
    """

    rows: dict[str, int]
    scores: list[float]
    longest: int
    asked: list[int]

    def of_text(self, text: str) -> list[list[int]]:
        """Rows of a text's pieces between the marks: several lists of at most `MOST` when it is long."""
        found = list(chain.from_iterable(self.of_word(_START + word) for word in written(text).split()))
        found = found[: MOST * _PARTS]
        parts = -(-len(found) // MOST) or 1
        size = -(-len(found) // parts)
        cut = [found[size * part : size * (part + 1)] for part in range(parts)]
        return [[BEGIN, *self.asked, *part, END] for part in cut]

    def of_word(self, word: str) -> list[int]:
        """The most likely pieces of a word (Viterbi)."""
        best = [0.0] + [-1e30] * len(word)
        came: list[tuple[int, int]] = [(0, UNKNOWN)] * (len(word) + 1)
        for start in range(len(word)):
            self._go_on(word, start, best, came)
        rows, end = [], len(word)
        while end:
            end, piece = came[end]
            rows.append(piece)
        return rows[::-1]

    def _go_on(self, word: str, start: int, best: list[float], came: list[tuple[int, int]]) -> None:
        for end in range(start + 1, min(start + self.longest, len(word)) + 1):
            piece = self.rows.get(word[start:end])
            if piece is not None and best[start] + self.scores[piece] > best[end]:
                best[end] = best[start] + self.scores[piece]
                came[end] = (start, piece)
        if best[start] + _NO_PIECE > best[start + 1]:
            best[start + 1] = best[start] + _NO_PIECE
            came[start + 1] = (start, UNKNOWN)


def from_list(pieces: list[tuple[str, float]]) -> Pieces:
    """Pieces and their scores in the order of the table, the marks not among them."""
    rows = {piece: FIRST + index for index, (piece, _) in enumerate(pieces)}
    scores = [0.0] * FIRST + [score for _, score in pieces]
    made = Pieces(rows, scores, max(map(len, rows)), [])
    return Pieces(rows, scores, made.longest, made.of_word(_START + "query:"))


def written(text: str) -> str:
    """A text as the encoder was trained to read it, no longer than what is read of the words."""
    return spelling.kept(unicodedata.normalize("NFKC", text).lower())
