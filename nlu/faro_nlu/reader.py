"""Reads which labels a message carries: one independent probability for each need, steer and «urgent».

Two readers are added up. One knows how the words sound (TF-IDF of words, pairs and letter groups): it
knows the words of the training phrases however they are spelt, and is trained in a minute. The other
knows what a sentence means (`encoder`): it was made beforehand (`nlu/adapt`).
"""

import json
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Union

import marisa_trie
import numpy as np
from scipy import sparse

from faro_nlu import encoder, network, spelling
from faro_nlu.corpus import FLAG
from faro_nlu.encoder import Encoder
from faro_nlu.network import Network, Progress
from faro_nlu.segments import segments
from faro_nlu.spelling import Word

Vocabulary = Union[dict[str, int], marisa_trie.Trie]
_REFUSED = "out_of_scope"


@dataclass(frozen=True)
class Settings:
    """What training may vary; `config.yml` sets it."""

    longest_letters: int = 5
    rounds: int = 6
    pace: float = 0.06
    meaning: float = 1.0
    words: float = 0.5
    """Weights of the two readers' logits."""
    refusal: float = 1.75
    """Added to the logit of out of scope: phrases that belong nowhere are rarer here than in life."""


@dataclass(frozen=True)
class Heard:
    """A message as it came (clean, names of places hidden) and its words."""

    text: str
    words: list[Word]


def hear(text: str) -> Heard:
    """A text made clean, with its words."""
    clean = spelling.clean(text)
    return Heard(clean, spelling.words(clean))


@dataclass(frozen=True)
class Reader:
    """A trained reader. `vocabulary` gives an n-gram's row in `network["words"]`; a trie, as a dictionary of
    so many words would be a sixth of the process's memory."""

    vocabulary: marisa_trie.Trie
    rarity: np.ndarray
    network: Network
    encoder: Encoder
    settings: Settings

    @property
    def labels(self) -> tuple[str, ...]:
        return self.encoder.labels

    def probabilities(self, messages: list[Heard]) -> np.ndarray:
        """One row for each message, one column for each label."""
        meaning = self.encoder.logits([message.text for message in messages])
        words = np.array([self._by_words(message.words) for message in messages])
        joined = self.settings.meaning * meaning + self.settings.words * words.reshape(meaning.shape)
        joined[:, [label == _REFUSED for label in self.labels]] += self.settings.refusal
        return 1 / (1 + np.exp(-joined))

    def _by_words(self, words: list[Word]) -> np.ndarray:
        """A long message is read whole and stretch by stretch, half and half."""
        whole, *stretches = (self._of_stretch(stretch) for stretch in segments(words))
        return 0.5 * whole + 0.5 * np.max(stretches, axis=0) if stretches else whole

    def _of_stretch(self, words: list[Word]) -> np.ndarray:
        ids, values = _weighted(ngrams(words, self.settings.longest_letters), self.vocabulary, self.rarity)
        return self.network["bias"] + values @ self.network["words"][ids].astype(np.float32)

    def known(self, words: list[Word]) -> float:
        """The share of a message's words that the training phrases hold, by sound; 0 when it has none."""
        if not words:
            return 0.0
        return sum("w " + word.sound in self.vocabulary for word in words) / len(words)

    def save(self, folder: Path) -> None:
        small = {name: value.astype(np.float16) for name, value in self.network.items()}
        np.savez(folder / "reader.npz", rarity=self.rarity, **small)
        (folder / "reader.json").write_text(json.dumps(vars(self.settings)), "utf-8")
        self.vocabulary.save(str(folder / "vocabulary.marisa"))
        self.encoder.save(folder)


def load(folder: Path) -> Reader:
    with np.load(folder / "reader.npz", allow_pickle=False) as arrays:
        # `words` stays small: its few rows that a message needs are widened when they are read
        read = {
            name: arrays[name] if name == "words" else arrays[name].astype(np.float32)
            for name in arrays.files
        }
    return Reader(
        vocabulary=marisa_trie.Trie().load(str(folder / "vocabulary.marisa")),
        rarity=read.pop("rarity"),
        network=read,
        encoder=encoder.load(folder),
        settings=Settings(**json.loads((folder / "reader.json").read_text("utf-8"))),
    )


def train(
    examples: list[tuple[list[Word], frozenset[str]]],
    *,
    settings: Settings,
    meaning: Encoder,
    progress: Progress,
) -> Reader:
    """Only the words are trained here; `meaning` stays as it is."""
    grams = [ngrams(words, settings.longest_letters) for words, _ in examples]
    vocabulary, rarity = _vocabulary(grams)
    progress(f"{len(examples)} examples, {len(vocabulary)} word features")
    wanted = np.array(
        [[label in present for label in meaning.labels] for _, present in examples], dtype=np.float32
    )
    fitted = network.fit(
        network.Material(
            _matrix(grams, vocabulary, rarity), wanted, sum(label != FLAG for label in meaning.labels)
        ),
        rounds=settings.rounds,
        pace=settings.pace,
        progress=progress,
    )
    trie, rows = _small(vocabulary)
    fitted["words"] = fitted["words"][rows]
    return Reader(trie, rarity[rows], fitted, meaning, settings)


def _small(vocabulary: dict[str, int]) -> tuple[marisa_trie.Trie, np.ndarray]:
    """The trie, which numbers its words by itself, and for each of its numbers the row so far."""
    trie = marisa_trie.Trie(vocabulary)
    rows = np.empty(len(vocabulary), dtype=np.int64)
    for gram, row in vocabulary.items():
        rows[trie[gram]] = row
    return trie, rows


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


def _vocabulary(grams: list[Counter[str]]) -> tuple[dict[str, int], np.ndarray]:
    seen: Counter[str] = Counter()
    for counted in grams:
        seen.update(counted.keys())
    kept = sorted(gram for gram, count in seen.items() if count >= 2 or gram[0] == "w")
    rarity = np.array([np.log((1 + len(grams)) / (1 + seen[gram])) + 1 for gram in kept], dtype=np.float32)
    return {gram: index for index, gram in enumerate(kept)}, rarity


def _weighted(
    counted: Counter[str], vocabulary: Vocabulary, rarity: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    pairs = [(row, count) for gram, count in counted.items() if (row := vocabulary.get(gram)) is not None]
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
