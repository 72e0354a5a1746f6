"""A trained model in memory: texts in, answers in the shape of Rasa's own server out."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faro_nlu import spelling

Answer = dict[str, Any]
EMPTY = {"name": None, "confidence": 0.0}


@dataclass(frozen=True)
class Model:
    """A loaded graph. One thread at a time may use it."""

    name: str
    runner: Any
    target: str

    def parse(self, texts: list[str]) -> list[Answer | None]:
        """One answer for each text, in order; None where reading one failed. No text fails another."""
        try:
            return self._run(texts)
        except Exception:  # noqa: BLE001 - a text that breaks the batch must be found, alone
            return [self._alone(text) for text in texts]
        finally:
            spelling.forget()

    def _alone(self, text: str) -> Answer | None:
        try:
            return self._run([text])[0]
        except Exception:  # noqa: BLE001 - its sender gets an error, the others their answers
            return None

    def _run(self, texts: list[str]) -> list[Answer | None]:
        cleaned = [spelling.clean(text) for text in texts]
        asked = [_Written(text) for text in cleaned if text.strip()]
        found = iter(self._graph(asked) if asked else [])
        return [_answer(next(found)) if text.strip() else _nothing(text) for text in cleaned]

    def _graph(self, asked: list["_Written"]) -> list[Any]:
        inputs = {"__message__": asked, "__tracker__": None}
        return self.runner.run(inputs=inputs, targets=[self.target])[self.target]


@dataclass(frozen=True, slots=True)
class _Written:
    """What Rasa's graph expects of a message."""

    text: str
    message_id: str = ""
    metadata: None = None


def load(archive: Path) -> Model:
    from faro_nlu import lean

    lean.prepare()
    from rasa.engine.loader import load_predict_graph_runner
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    import faro_nlu.components  # noqa: F401 - the archive names its classes

    with tempfile.TemporaryDirectory() as folder:
        metadata, runner = load_predict_graph_runner(
            Path(folder), archive, LocalModelStorage, DaskGraphRunner
        )
    return Model(archive.name.removesuffix(".tar.gz"), runner, metadata.nlu_target)


def _answer(message: Any) -> Answer:
    return {
        "text": message.get("text"),
        "intent": message.get("intent") or EMPTY,
        "entities": message.get("entities") or [],
        "text_tokens": [[token.start, token.end] for token in message.get("text_tokens") or []],
        "intent_ranking": message.get("intent_ranking") or [],
    }


def _nothing(text: str) -> Answer:
    return {"text": text, "intent": dict(EMPTY), "entities": [], "text_tokens": [], "intent_ranking": []}
