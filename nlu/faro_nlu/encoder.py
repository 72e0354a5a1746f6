"""What a sentence means: multilingual-e5-small, trained further on Faro's labels, as one ONNX graph.

`nlu/encoder` holds it; `nlu/adapt` makes it. It knows words and turns that the phrases never held.
"""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnxruntime

from faro_nlu import pieces

GRAPH = "encoder.onnx"
ABOUT = "encoder.json"
_HANDS = min(2, os.cpu_count() or 1)


@dataclass(frozen=True)
class Encoder:
    """One logit for each of `labels`. Any number of threads may use it; `hands` are those that it uses."""

    folder: Path
    labels: tuple[str, ...]
    words: pieces.Pieces
    session: onnxruntime.InferenceSession
    hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_HANDS, "encoder"))

    def logits(self, texts: list[str]) -> np.ndarray:
        """One row for each text. Each is read by itself, so that no text changes what another says; several
        at once, as the graph runs without Python."""
        several = len(texts) > 1
        rows = self.hands.map(self._of_text, texts) if several else map(self._of_text, texts)
        return np.array(list(rows)).reshape(len(texts), len(self.labels))

    def _of_text(self, text: str) -> np.ndarray:
        """A text longer than it reads at once counts half by all its parts, half by the strongest."""
        parts = [
            self.session.run(None, {"ids": np.array([ids], dtype=np.int64)})[0][0]
            for ids in self.words.of_text(text)
        ]
        return 0.5 * np.mean(parts, axis=0) + 0.5 * np.max(parts, axis=0) if len(parts) > 1 else parts[0]

    def save(self, folder: Path) -> None:
        for name in (GRAPH, ABOUT):
            shutil.copyfile(self.folder / name, folder / name)


def load(folder: Path) -> Encoder:
    """Raises FileNotFoundError when the folder holds no encoder."""
    about = json.loads((folder / ABOUT).read_text("utf-8"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
    words = pieces.from_list([(piece, score) for piece, score in about["pieces"]])
    return Encoder(folder, tuple(about["labels"]), words, session)
