"""The trained part of the reader, in numpy: words and meaning to one logistic output for each label.

The layers of the sentence encoder above its pooling are trained further together with the outputs;
the layers below stay as Google trained them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

Network = dict[str, np.ndarray]
"""`vectors.TOP` plus `words` (n-grams x labels), `out` (512 x labels) and `bias`."""
Progress = Callable[[str], None]

_SCALE = 8.0
_BATCH = 256
_DROPPED = 0.2
_CHOICE = 0.5
"""Weight of «the right label first» beside «each label present or not»."""
_SHRINK = {"words": 3e-4, "out": 1e-3}
_WARM_UP = 20


@dataclass(frozen=True)
class Material:
    """The examples: n-grams (sparse), `Encoder.pooled` rows, and which labels are wanted (0 or 1).

    The first `choices` labels compete to be first; the others (the flag) only stand beside them.
    """

    words: sparse.csr_matrix
    meaning: np.ndarray
    wanted: np.ndarray
    choices: int


def meaning(net: Network, pooled: np.ndarray) -> np.ndarray:
    """Logits from the meaning alone, bias included."""
    return _forward(net, pooled).unit @ net["out"] * _SCALE + net["bias"]


def fit(
    material: Material,
    *,
    top: Network,
    rounds: int,
    word_pace: float,
    meaning_pace: float,
    progress: Progress,
    seed: int = 0,
) -> Network:
    """Adam over logistic losses; the pace falls to nothing by the last step."""
    chance = np.random.default_rng(seed)
    labels = material.wanted.shape[1]
    net = {name: value.astype(np.float32).copy() for name, value in top.items()}
    net["words"] = np.zeros((material.words.shape[1], labels), dtype=np.float32)
    net["out"] = np.zeros((512, labels), dtype=np.float32)
    net["bias"] = np.full(labels, -3.0, dtype=np.float32)
    pace = dict.fromkeys(net, meaning_pace) | {
        "words": word_pace, "out": 4 * meaning_pace, "bias": 4 * meaning_pace,
    }  # fmt: skip
    count = len(material.wanted)
    steps = rounds * -(-count // _BATCH)
    adam = _Adam(net, pace, steps)
    for turn in range(rounds):
        order = chance.permutation(count)
        for start in range(0, count, _BATCH):
            adam.step(_slopes(net, material, order[start : start + _BATCH], chance))
        progress(f"round {turn + 1} of {rounds}")
    return net


class _Adam:
    """Its moments live as long as one training."""

    def __init__(self, net: Network, pace: dict[str, float], steps: int) -> None:
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
        value -= (self._pace[name] * fall / (1 - 0.9**self._taken)) * first / root
        value *= 1 - _SHRINK.get(name, 0.0) * fall


@dataclass(frozen=True)
class _Layers:
    mean: np.ndarray
    first: np.ndarray
    second: np.ndarray
    third: np.ndarray
    raw: np.ndarray
    length: np.ndarray
    unit: np.ndarray


def _forward(net: Network, pooled: np.ndarray) -> _Layers:
    mean = pooled[:, :-1] @ net["cnn_W"] + pooled[:, -1:] * net["cnn_b"]
    first = np.maximum(mean @ net["d0"], 0)
    second = np.maximum(mean @ net["p1"] + first @ net["d1"], 0)
    third = np.maximum(second @ net["d2"], 0)
    raw = np.tanh(second @ net["p3"] + third @ net["d3"])
    length = np.sqrt(np.maximum((raw * raw).sum(axis=1, keepdims=True), 1e-9))
    return _Layers(mean, first, second, third, raw, length, raw / length)


def _slopes(net: Network, material: Material, rows: np.ndarray, chance: np.random.Generator) -> Network:
    pooled, words = material.meaning[rows], material.words[rows]
    at = _forward(net, pooled)
    kept = (chance.random(at.unit.shape, dtype=np.float32) >= _DROPPED) / np.float32(1 - _DROPPED)
    shown = at.unit * kept
    logits = words @ net["words"] + shown @ net["out"] * _SCALE + net["bias"]
    wanted = material.wanted[rows]
    error = 1 / (1 + np.exp(-logits)) - wanted
    error[:, : material.choices] += _CHOICE * _choice_error(
        logits[:, : material.choices], wanted[:, : material.choices]
    )
    error = (error / len(rows)).astype(np.float32)
    back = _SCALE * (error @ net["out"].T) * kept
    back = (back - at.unit * (at.unit * back).sum(axis=1, keepdims=True)) / at.length
    return {
        "words": words.T @ error,
        "out": _SCALE * (shown.T @ error),
        "bias": error.sum(axis=0),
        **_slopes_below(net, at, pooled, back * (1 - at.raw * at.raw)),
    }


def _choice_error(logits: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Slope of the softmax loss: the labels present are to come before all others."""
    chosen = np.exp(logits - logits.max(axis=1, keepdims=True))
    chosen /= chosen.sum(axis=1, keepdims=True)
    present = wanted.sum(axis=1, keepdims=True)
    return chosen * (present > 0) - wanted / np.maximum(present, 1)


def _slopes_below(net: Network, at: _Layers, pooled: np.ndarray, back: np.ndarray) -> Network:
    third = (back @ net["d3"].T) * (at.third > 0)
    second = (back @ net["p3"].T + third @ net["d2"].T) * (at.second > 0)
    first = (second @ net["d1"].T) * (at.first > 0)
    mean = second @ net["p1"].T + first @ net["d0"].T
    return {
        "p3": at.second.T @ back,
        "d3": at.third.T @ back,
        "d2": at.second.T @ third,
        "p1": at.mean.T @ second,
        "d1": at.first.T @ second,
        "d0": at.mean.T @ first,
        "cnn_W": pooled[:, :-1].T @ mean,
        "cnn_b": pooled[:, -1] @ mean,
    }
