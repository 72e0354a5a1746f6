"""Reads which labels a message carries: one independent probability for each need, steer and «urgent».

Two views of the words are joined: how they sound (TF-IDF of words, pairs and letter groups, which knows
the words of the training phrases however they are spelt) and what the sentence means (`vectors`, which
knows words the phrases never held). One logistic output per label stands on both.
"""

import json
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import sparse

from faro_nlu import network, vectors
from faro_nlu.corpus import FLAG
from faro_nlu.network import Network, Progress
from faro_nlu.segments import segments
from faro_nlu.spelling import Word

_REFUSED = "out_of_scope"


@dataclass(frozen=True)
class Settings:
    """What training may vary; `config.yml` sets it."""

    longest_letters: int = 5
    rounds: int = 12
    word_pace: float = 0.04
    meaning_pace: float = 0.0003
    refusal: float = 1.75
    """Added to the logit of out of scope: phrases that belong nowhere are rarer here than in life."""


@dataclass(frozen=True)
class Reader:
    """A trained reader. `vocabulary` maps an n-gram to its row in `word_weights`."""

    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    rarity: np.ndarray
    network: Network
    encoder: vectors.Encoder
    settings: Settings

    def probabilities(self, messages: list[list[Word]]) -> np.ndarray:
        """One row for each message, one column for each label."""
        parts = [segments(words) for words in messages]
        logits = self.logits([part for message in parts for part in message])
        rows, start = [], 0
        for message in parts:
            rows.append(_pooled(logits[start : start + len(message)]))
            start += len(message)
        joined = np.array(rows).reshape(len(messages), len(self.labels))
        joined[:, [label == _REFUSED for label in self.labels]] += self.settings.refusal
        return 1 / (1 + np.exp(-joined))

    def logits(self, stretches: list[list[Word]]) -> np.ndarray:
        out = network.meaning(self.network, self.encoder.pooled([written(words) for words in stretches]))
        for row, words in enumerate(stretches):
            ids, values = _weighted(
                ngrams(words, self.settings.longest_letters), self.vocabulary, self.rarity
            )
            out[row] += values @ self.network["words"][ids].astype(np.float32)
        return out

    def known(self, words: list[Word]) -> float:
        """The share of a message's words that the training phrases hold, by sound; 0 when it has none."""
        if not words:
            return 0.0
        return sum("w " + word.sound in self.vocabulary for word in words) / len(words)

    def save(self, folder: Path) -> None:
        small = {name: value.astype(np.float16) for name, value in self.network.items()}
        np.savez(folder / "reader.npz", rarity=self.rarity, **small)
        stored = {"labels": self.labels, "vocabulary": list(self.vocabulary), "settings": vars(self.settings)}
        (folder / "reader.json").write_text(json.dumps(stored, ensure_ascii=False), "utf-8")
        self.encoder.save(folder)


def load(folder: Path) -> Reader:
    stored = json.loads((folder / "reader.json").read_text("utf-8"))
    with np.load(folder / "reader.npz", allow_pickle=False) as arrays:
        # `words` stays small: its few rows that a message needs are widened when they are read
        read = {
            name: arrays[name] if name == "words" else arrays[name].astype(np.float32)
            for name in arrays.files
        }
    return Reader(
        labels=tuple(stored["labels"]),
        vocabulary={ngram: index for index, ngram in enumerate(stored["vocabulary"])},
        rarity=read.pop("rarity"),
        network=read,
        encoder=vectors.load(folder),
        settings=Settings(**stored["settings"]),
    )


def train(
    examples: list[tuple[list[Word], frozenset[str]]],
    *,
    labels: tuple[str, ...],
    settings: Settings,
    encoder: vectors.Encoder,
    progress: Progress,
) -> Reader:
    grams = [ngrams(words, settings.longest_letters) for words, _ in examples]
    vocabulary, rarity = _vocabulary(grams)
    progress(f"{len(examples)} examples, {len(vocabulary)} word features")
    words = _matrix(grams, vocabulary, rarity)
    meaning = _meaning([written(message) for message, _ in examples], encoder)
    progress("sentences read")
    wanted = np.array([[label in present for label in labels] for _, present in examples], dtype=np.float32)
    fitted = network.fit(
        network.Material(words, meaning, wanted, sum(label != FLAG for label in labels)),
        top={name: encoder.weights[name] for name in vectors.TOP},
        rounds=settings.rounds, word_pace=settings.word_pace, meaning_pace=settings.meaning_pace,
        progress=progress,
    )  # fmt: skip
    return Reader(
        labels=labels,
        vocabulary=vocabulary,
        rarity=rarity,
        network=fitted,
        encoder=encoder,
        settings=settings,
    )


def _meaning(texts: list[str], encoder: vectors.Encoder) -> np.ndarray:
    """`Encoder.pooled` on two processors."""
    half = len(texts) // 2
    with ThreadPoolExecutor(2) as threads:
        return np.vstack(list(threads.map(encoder.pooled, (texts[:half], texts[half:]))))


def written(words: Iterable[Word]) -> str:
    """The message as the sentence encoder reads it."""
    return " ".join(word.plain for word in words)


def ngrams(words: list[Word], longest: int) -> Counter[str]:
    """Words, pairs of words, and groups of two to `longest` letters within words."""
    sounds = [word.sound for word in words]
    found = Counter(f"w {sound}" for sound in sounds)
    found.update(f"p {a} {b}" for a, b in pairwise(sounds))
    for sound in sounds:
        padded = f" {sound} "
        for size in range(2, longest + 1):
            found.update("c" + padded[i : i + size] for i in range(len(padded) - size + 1))
    return found


def _pooled(logits: np.ndarray) -> np.ndarray:
    if len(logits) == 1:
        return logits[0]
    return 0.5 * logits[0] + 0.5 * logits[1:].max(axis=0)


def _vocabulary(grams: list[Counter[str]]) -> tuple[dict[str, int], np.ndarray]:
    seen: Counter[str] = Counter()
    for counted in grams:
        seen.update(counted.keys())
    kept = sorted(gram for gram, count in seen.items() if count >= 2 or gram[0] == "w")
    rarity = np.array([np.log((1 + len(grams)) / (1 + seen[gram])) + 1 for gram in kept], dtype=np.float32)
    return {gram: index for index, gram in enumerate(kept)}, rarity


def _weighted(
    counted: Counter[str], vocabulary: dict[str, int], rarity: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    pairs = [(vocabulary[gram], count) for gram, count in counted.items() if gram in vocabulary]
    ids = np.array([index for index, _ in pairs], dtype=np.int64)
    values = (1 + np.log([count for _, count in pairs] or np.empty(0))) * rarity[ids]
    length = np.sqrt((values * values).sum())
    return ids, (values / length if length else values).astype(np.float32)


def _matrix(grams: list[Counter[str]], vocabulary: dict[str, int], rarity: np.ndarray) -> sparse.csr_matrix:
    rows = [_weighted(counted, vocabulary, rarity) for counted in grams]
    starts = np.concatenate([[0], np.cumsum([len(ids) for ids, _ in rows])])
    ids = np.concatenate([ids for ids, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return sparse.csr_matrix((values, ids, starts), shape=(len(grams), len(vocabulary)), dtype=np.float32)
