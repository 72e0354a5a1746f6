"""Reads which labels a message carries: one independent probability for each need, steer and «urgent».

Two readers are added up. One knows how the words sound (TF-IDF of words, pairs and letter groups): it
knows the words of the training phrases however they are spelt, and is trained in a minute. The other
knows what a sentence means (`encoder`): it was made beforehand (`nlu/adapt`).
"""

import json
from dataclasses import dataclass
from pathlib import Path

import marisa_trie
import numpy as np
from scipy import sparse

from faro_nlu import encoder, network, spelling
from faro_nlu.corpus import FLAG
from faro_nlu.encoder import Encoder
from faro_nlu.grams import OF_A_WORD, Grams
from faro_nlu.network import Network, Progress
from faro_nlu.segments import segments
from faro_nlu.spelling import Word

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
        grams = Grams(self.vocabulary.get, longest=self.settings.longest_letters)
        words = np.array([self._by_words(message.words, grams) for message in messages])
        joined = self.settings.meaning * meaning + self.settings.words * words.reshape(meaning.shape)
        joined[:, [label == _REFUSED for label in self.labels]] += self.settings.refusal
        return 1 / (1 + np.exp(-joined))

    def _by_words(self, words: list[Word], grams: Grams) -> np.ndarray:
        """A long message is read whole and stretch by stretch, half and half."""
        whole, *stretches = (self._of_stretch(grams.of(stretch)) for stretch in segments(words))
        return 0.5 * whole + 0.5 * np.max(stretches, axis=0) if stretches else whole

    def _of_stretch(self, counted: np.ndarray) -> np.ndarray:
        ids, values = _weighted(counted, self.rarity)
        return self.network["bias"] + values @ self.network["words"][ids].astype(np.float32)

    def known(self, words: list[Word]) -> float:
        """The share of a message's words that the training phrases hold, by sound; 0 when it has none."""
        if not words:
            return 0.0
        return sum(OF_A_WORD + word.sound in self.vocabulary for word in words) / len(words)

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
    vocabulary = marisa_trie.Trie().load(str(folder / "vocabulary.marisa"))
    settings = Settings(**json.loads((folder / "reader.json").read_text("utf-8")))
    return Reader(vocabulary, read.pop("rarity"), read, encoder.load(folder), settings)


def train(
    examples: list[tuple[list[Word], frozenset[str]]],
    *,
    settings: Settings,
    meaning: Encoder,
    progress: Progress,
) -> Reader:
    """Only the words are trained here; `meaning` stays as it is."""
    every: dict[str, int] = {}
    grams = Grams(lambda gram: every.setdefault(gram, len(every)), longest=settings.longest_letters)
    counted = [grams.of(words) for words, _ in examples]
    kept, rarity = _vocabulary(every, counted)
    row_of = np.full(len(every), -1)
    row_of[[every[gram] for gram in kept]] = np.arange(len(kept))
    progress(f"{len(examples)} examples, {len(kept)} word features")
    wanted = np.array(
        [[label in present for label in meaning.labels] for _, present in examples], dtype=np.float32
    )
    fitted = network.fit(
        network.Material(
            _matrix(counted, row_of, rarity),
            wanted,
            sum(label != FLAG for label in meaning.labels),
        ),
        rounds=settings.rounds,
        pace=settings.pace,
        progress=progress,
    )
    trie = marisa_trie.Trie(kept)
    rows = np.empty(len(kept), dtype=np.int64)
    rows[[trie[gram] for gram in kept]] = np.arange(len(kept))
    fitted["words"] = fitted["words"][rows]
    return Reader(trie, rarity[rows], fitted, meaning, settings)


def _vocabulary(every: dict[str, int], counted: list[np.ndarray]) -> tuple[list[str], np.ndarray]:
    """The n-grams that are worth a row, and how rare each is."""
    seen = np.bincount(np.concatenate([np.unique(rows) for rows in counted]), minlength=len(every))
    kept = sorted(gram for gram, row in every.items() if seen[row] >= 2 or gram.startswith(OF_A_WORD))
    often = seen[[every[gram] for gram in kept]]
    return kept, (np.log((1 + len(counted)) / (1 + often)) + 1).astype(np.float32)


def _weighted(counted: np.ndarray, rarity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """TF-IDF of a text's n-grams: their rows, and their values of the length 1."""
    ids, often = np.unique(counted, return_counts=True)
    values = (1 + np.log(often)) * rarity[ids]
    length = np.sqrt((values * values).sum())
    return ids, (values / length if length else values).astype(np.float32)


def _matrix(counted: list[np.ndarray], row_of: np.ndarray, rarity: np.ndarray) -> sparse.csr_matrix:
    """`row_of` turns the numbers that n-grams were counted under into rows, -1 where there is none."""
    known = (row_of[numbers] for numbers in counted)
    rows = [_weighted(found[found >= 0], rarity) for found in known]
    starts = np.concatenate([[0], np.cumsum([len(ids) for ids, _ in rows])])
    ids = np.concatenate([ids for ids, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return sparse.csr_matrix((values, ids, starts), shape=(len(counted), len(rarity)), dtype=np.float32)
