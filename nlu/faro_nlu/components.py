"""Faro's components, registered with Rasa's recipe: tokens, needs, places, and nothing recognised."""

from __future__ import annotations

import sys
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from faro_nlu import augment, encoder, gate, places, reader
from faro_nlu.corpus import FLAG, labels_of
from faro_nlu.reader import Heard, hear
from faro_nlu.spelling import Word
from faro_nlu.training import ENCODER, GAZETTEER

NOTHING = "nlu_fallback"
_HEARD = "faro_heard"
_KNOWN = "faro_known"
_TYPE = DefaultV1Recipe.ComponentType


def say(line: str) -> None:
    """Progress of a training, on standard error."""
    print(f"  {line}", file=sys.stderr, flush=True)  # noqa: T201


@DefaultV1Recipe.register(_TYPE.MESSAGE_TOKENIZER, is_trainable=False)
class SpanishTokenizer(Tokenizer):
    """Words with their offsets; `lemma` is the word as it sounds. Other Rasa components may use them."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "+"}

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        text = message.get(attribute) or ""
        found = hear(text)
        if attribute == TEXT:
            message.set(_HEARD, found)
        tokens = [Token(word.plain, word.start, word.end, lemma=word.sound) for word in _apart(found.words)]
        return tokens or [Token(text or " ", 0, max(len(text), 1))]


@DefaultV1Recipe.register(_TYPE.INTENT_CLASSIFIER, is_trainable=True)
class NeedClassifier(GraphComponent, IntentClassifier):
    """Every label of a message with its own probability, best first in `intent_ranking`.

    It stands behind the PlaceExtractor: the names of places are hidden from it, in training as well.
    """

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._reader: reader.Reader | None = None

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {**vars(reader.Settings()), "copies": 1, "seed": 7}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NeedClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NeedClassifier:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._reader = reader.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        config = dict(self._config)
        copies, seed = config.pop("copies"), config.pop("seed")
        known = {name: config[name] for name in vars(reader.Settings())}
        written = [
            (places.hidden(example.get(TEXT), _marked(example)), labels_of(example.get(INTENT)))
            for example in training_data.intent_examples
        ]
        heard = {
            hidden: _without_places(example)
            for (hidden, _), example in zip(written, training_data.intent_examples)
        }
        examples = [
            ((heard.get(text) or hear(text)).words, present)
            for text, present in augment.with_copies(written, copies=copies, seed=seed)
        ]
        trained = reader.train(
            examples, settings=reader.Settings(**known), meaning=encoder.load(ENCODER), progress=say
        )
        with self._storage.write_to(self._resource) as folder:
            trained.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        assert self._reader is not None  # noqa: S101 - Rasa loads before it processes
        found = [_without_places(message) for message in messages]
        rows = self._reader.probabilities(found) if messages else []
        for message, row in zip(messages, rows):
            ranking = sorted(
                ({"name": label, "confidence": float(p)} for label, p in zip(self._reader.labels, row)),
                key=lambda one: -one["confidence"],
            )
            message.set(_KNOWN, self._reader.known(places.outside(_heard(message).words, _marked(message))))
            message.set(
                INTENT, next((one for one in ranking if one["name"] != FLAG), ranking[0]), add_to_output=True
            )
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


@DefaultV1Recipe.register(_TYPE.ENTITY_EXTRACTOR, is_trainable=True)
class PlaceExtractor(GraphComponent, EntityExtractorMixin):
    """Places where help is wanted and places that were fled, as entities with a role."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, finder: places.Finder | None = None
    ) -> None:
        self._storage, self._resource, self._finder = storage, resource, finder

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlaceExtractor:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PlaceExtractor:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, places.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [
            (example.get(TEXT), _heard(example).words, _marked(example))
            for example in training_data.nlu_examples
        ]
        with self._storage.write_to(self._resource) as folder:
            places.train(examples, names=places.known_names(GAZETTEER), folder=folder)
        say(f"places read from {sum(bool(marked) for *_, marked in examples)} phrases")
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            found = self._finder.find(text, _heard(message).words) if self._finder else []
            entities = [
                {
                    "entity": "place",
                    "role": place.role,
                    "start": place.start,
                    "end": place.end,
                    "value": text[place.start : place.end],
                    "confidence_entity": place.confidence,
                    "confidence_role": place.confidence,
                }
                for place in found
            ]
            message.set(
                ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(entities), add_to_output=True
            )
        return messages


@DefaultV1Recipe.register(_TYPE.INTENT_CLASSIFIER, is_trainable=False)
class NothingRecognised(GraphComponent, IntentClassifier):
    """Puts `nlu_fallback` first when the message holds too little that training knows.

    A message with no word Faro knows («😂», «مساعدة», «asdfgh») gets nothing but `nlu_fallback`; so no
    answer, least of all «yes», is ever read out of noise. A doubtful one keeps its guesses behind it.
    """

    def __init__(self, config: Dict[str, Any]) -> None:
        self._known, self._threshold = float(config["known"]), float(config["threshold"])

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"known": gate.KNOWN_WORDS, "threshold": gate.SURE}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NothingRecognised:
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY) or []
            top = message.get(INTENT) or {"confidence": 0.0}
            if message.get(_KNOWN, 0.0) < self._known:
                self._set(message, {"name": NOTHING, "confidence": 1.0}, [])
            elif top["confidence"] < self._threshold:
                self._set(message, {"name": NOTHING, "confidence": 1.0 - top["confidence"]}, ranking)
        return messages

    @staticmethod
    def _set(message: Message, intent: Dict[str, Any], rest: List[Dict[str, Any]]) -> None:
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent, *rest], add_to_output=True)


def _heard(message: Message) -> Heard:
    """What the tokenizer heard; another tokenizer may stand before."""
    return message.get(_HEARD) or hear(message.get(TEXT) or "")


def _marked(message: Message) -> List[places.Marked]:
    """The places of a message, as training marks them or as the extractor found them."""
    return [
        (e["start"], e["end"], e.get("role", "wanted"))
        for e in message.get(ENTITIES, [])
        if e["entity"] == "place"
    ]


def _without_places(message: Message) -> Heard:
    """What needs are read from: which town it is says nothing about what is needed there."""
    marked = _marked(message)
    return hear(places.hidden(message.get(TEXT), marked)) if marked else _heard(message)


def _apart(found: List[Word]) -> List[Word]:
    """One word for each place in the text: «pal» is two words to the reader and one token to Rasa."""
    return list({word.start: word for word in reversed(found)}.values())[::-1]
