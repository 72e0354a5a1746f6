"""The trained part of the reader, in numpy: words to one logistic output for each label."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

Network = dict[str, np.ndarray]
"""`words` (n-grams x labels) and `bias`."""
Progress = Callable[[str], None]

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
    """Adam over logistic losses; the pace falls to nothing by the last step."""
    chance = np.random.default_rng(seed)
    count, labels = material.wanted.shape
    net = {
        "words": np.zeros((material.words.shape[1], labels), dtype=np.float32),
        "bias": np.full(labels, -3.0, dtype=np.float32),
    }
    adam = _Adam(net, pace, rounds * -(-count // _BATCH))
    for turn in range(rounds):
        order = chance.permutation(count)
        for start in range(0, count, _BATCH):
            adam.step(_slopes(net, material, order[start : start + _BATCH]))
        progress(f"round {turn + 1} of {rounds}")
    return net


class _Adam:
    """Its moments live as long as one training."""

    def __init__(self, net: Network, pace: float, steps: int) -> None:
        self._net, self._pace, self._steps, self._taken = net, pace, steps, 0
        self._first = {name: np.zeros_like(value) for name, value in net.items()}
        self._second = {name: np.zeros_like(value) for name, value in net.items()}

    def step(self, slopes: Network) -> None:
        self._taken += 1
        fall = (1 - self._taken / (self._steps + 1)) * min(1.0, self._taken / _WARM_UP)
        for name, value in self._net.items():
            self._move(name, value, slopes[name], fall)

    def _move(self, name: str, value: np.ndarray, slope: np.ndarray, fall: float) -> None:
        first, second = self._first[name], self._second[name]
        first += 0.1 * (slope - first)
        second += 0.01 * (slope * slope - second)
        root = np.sqrt(second / (1 - 0.99**self._taken)) + 1e-7
        value -= (self._pace * fall / (1 - 0.9**self._taken)) * first / root
        value *= 1 - _SHRINK.get(name, 0.0) * fall


def _slopes(net: Network, material: Material, rows: np.ndarray) -> Network:
    words = material.words[rows]
    logits = words @ net["words"] + net["bias"]
    wanted = material.wanted[rows]
    error = 1 / (1 + np.exp(-logits)) - wanted
    error[:, : material.choices] += _CHOICE * _choice_error(
        logits[:, : material.choices], wanted[:, : material.choices]
    )
    error = (error / len(rows)).astype(np.float32)
    return {"words": words.T @ error, "bias": error.sum(axis=0)}


def _choice_error(logits: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Slope of the softmax loss: the labels present are to come before all others."""
    chosen = np.exp(logits - logits.max(axis=1, keepdims=True))
    chosen /= chosen.sum(axis=1, keepdims=True)
    present = wanted.sum(axis=1, keepdims=True)
    return chosen * (present > 0) - wanted / np.maximum(present, 1)
