"""The trained part of the reader, in numpy: words to one logistic output for each label."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Union

import numpy as np
from scipy import sparse

Network = dict[str, np.ndarray]
"""`words` (n-grams x labels) and `bias`."""
Progress = Callable[[str], None]
_Rows = Union[np.ndarray, slice]
_Slope = tuple[_Rows, np.ndarray]

_BATCH = 512
_CHOICE = 0.5
"""Weight of «the right label first» beside «each label present or not»."""
_SHRINK = {"words": 3e-4}
_WARM_UP = 20


@dataclass(frozen=True)
class Material:
    """The examples: n-grams (sparse), and which labels are wanted (0 or 1).

    The first `choices` labels compete to be first; the others (the flag) only stand beside them.
    """

    words: sparse.csr_matrix
    wanted: np.ndarray
    choices: int


def fit(material: Material, *, rounds: int, pace: float, progress: Progress, seed: int = 0) -> Network:
    """RMSProp over logistic losses; the pace falls to nothing by the last step."""
    chance = np.random.default_rng(seed)
    count, labels = material.wanted.shape
    net = {
        "words": np.zeros((material.words.shape[1], labels), dtype=np.float32),
        "bias": np.full(labels, -3.0, dtype=np.float32),
    }
    steps = _Steps(net, pace, rounds * -(-count // _BATCH))
    for turn in range(rounds):
        order = chance.permutation(count)
        for start in range(0, count, _BATCH):
            steps.take(_slopes(net, material, order[start : start + _BATCH]))
        steps.shrink()
        progress(f"round {turn + 1} of {rounds}")
    return net


class _Steps:
    """RMSProp. Of the words only the rows that a batch holds are moved: a tenth of them, the rest stay.

    Without momentum, which would have to move all rows at every step. A row that comes first when the mean of
    squares has long warmed up makes one wide step: what is rare is learnt from few examples.
    """

    def __init__(self, net: Network, pace: float, steps: int) -> None:
        self._net, self._pace, self._steps, self._taken = net, pace, steps, 0
        self._square = {name: np.zeros_like(value) for name, value in net.items()}
        self._fallen = 0.0

    def take(self, slopes: dict[str, _Slope]) -> None:
        self._taken += 1
        fall = (1 - self._taken / (self._steps + 1)) * min(1.0, self._taken / _WARM_UP)
        self._fallen += fall
        for name, (rows, slope) in slopes.items():
            square = 0.99 * self._square[name][rows] + 0.01 * slope * slope
            self._square[name][rows] = square
            root = np.sqrt(square / (1 - 0.99**self._taken)) + 1e-7
            self._net[name][rows] -= self._pace * fall * slope / root

    def shrink(self) -> None:
        """Once a round: all weights a little smaller, for the pace of all its steps."""
        for name, share in _SHRINK.items():
            self._net[name] *= (1 - share) ** self._fallen
        self._fallen = 0.0


def _slopes(net: Network, material: Material, rows: np.ndarray) -> dict[str, _Slope]:
    """Of each part of the network the rows that the examples move, and their slopes."""
    words = material.words[rows]
    held, columns = np.unique(words.indices, return_inverse=True)
    words = sparse.csr_matrix((words.data, columns, words.indptr), shape=(len(rows), len(held)))
    logits = words @ net["words"][held] + net["bias"]
    wanted = material.wanted[rows]
    error = 1 / (1 + np.exp(-logits)) - wanted
    error[:, : material.choices] += _CHOICE * _choice_error(
        logits[:, : material.choices], wanted[:, : material.choices]
    )
    error = (error / len(rows)).astype(np.float32)
    return {"words": (held, words.T @ error), "bias": (slice(None), error.sum(axis=0))}


def _choice_error(logits: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Slope of the softmax loss: the labels present are to come before all others."""
    chosen = np.exp(logits - logits.max(axis=1, keepdims=True))
    chosen /= chosen.sum(axis=1, keepdims=True)
    present = wanted.sum(axis=1, keepdims=True)
    return chosen * (present > 0) - wanted / np.maximum(present, 1)
