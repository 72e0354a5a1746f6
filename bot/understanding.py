"""What a message means: danger rules first, then the NLU process, or the keywords when it is silent."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from bot import keywords, safety, who
from bot.messages import Danger, Inbound, Meaning, ScoredNeed
from bot.spanish import fold
from bot.state import Asked, State
from data.needs import Need, Steer, Who
from services.directory import Directory
from services.places import PlaceAnswer

URGENT = "urgent"
MAX_TEXT = 4096
KEYWORD_WEIGHT = 0.1
RULE_WEIGHT = 0.2
_SUREST = 1e-4
"""No probability of the model is taken for nearer to nothing, or to certainty."""
_WORDS_OF_A_STATE = 3
_LETTERS = frozenset("abcdefghijklmnñopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader of words needs, loaded once."""

    rules: safety.Rules
    vocabulary: keywords.Vocabulary


@dataclass(frozen=True, slots=True)
class Nlu:
    """Where the NLU process is, how long to wait for it (seconds), and from when to believe it.

    Probabilities: `present`, a label beside the best one is there too; `possible`, worth a button. Logarithms
    of odds: from `danger` on the model and the words together add a danger (the model never removes any);
    `points` is the weight of the words' own odds, `hinted` is for a hint of the rules, `taken_back` against
    what they found denied, imagined or a figure of speech, `out_of_scope` against what the model refuses.
    """

    http: aiohttp.ClientSession
    url: str
    timeout: float = 1.0
    present: float = 0.12
    possible: float = 0.1
    danger: float = -1.5
    points: float = 0.8
    hinted: float = 0.3
    taken_back: float = 3.0
    out_of_scope: float = 1.0


def load() -> Reading:
    """Read the rules and the vocabulary from data/seed."""
    return Reading(safety.load(), keywords.load())


async def understand(
    nlu: Nlu | None, inbound: Inbound, *, state: State, directory: Directory, reading: Reading
) -> Meaning:
    """The meaning of a text; nothing for a tap, a location or an attachment."""
    text = inbound.text[:MAX_TEXT]
    if not text.strip():
        return Meaning()
    found = safety.look(text, reading.rules)
    labels = await _ask(nlu, text) if nlu and _has_letters(text) else None
    place, place_from = _places(text, state, directory)
    people = who.who(text)
    if nlu is None or labels is None:
        return _by_keywords(text, found, people, place, place_from, reading)
    heard = without_absent_child(_with_other_readers(labels, text, found, reading), text, people)
    ranked = _ranked(heard, nlu.possible)
    return Meaning(
        needs=_present(ranked, nlu.present),
        guesses=ranked[:3],
        danger=with_model(found, labels, nlu),
        who=people,
        place=place,
        place_from=place_from,
        source="rasa",
    )


def _has_letters(text: str) -> bool:
    """A text without a letter of Spanish says nothing to the model, which answers all the same."""
    return any(letter in _LETTERS for letter in fold(text))


async def _ask(nlu: Nlu, text: str) -> Mapping[str, float] | None:
    """Label → probability, or None when the NLU process does not answer in time."""
    try:
        async with asyncio.timeout(nlu.timeout):
            try:
                return await _post(nlu, text)
            except aiohttp.ClientConnectionError:  # one of several that was replaced just now: ask another
                return await _post(nlu, text)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None


async def _post(nlu: Nlu, text: str) -> Mapping[str, float] | None:
    async with nlu.http.post(f"{nlu.url}/model/parse", json={"text": text}) as response:
        if response.status != 200:
            return None
        return _labels(await response.json())


def _labels(answer: Any) -> dict[str, float]:
    """Rasa's `intent_ranking`; anything else in the answer is not relied on."""
    ranking = answer.get("intent_ranking") if isinstance(answer, dict) else None
    if not isinstance(ranking, list):
        raise ValueError("the NLU process answered without intent_ranking")
    known = {*Need, *Steer, URGENT}
    return {
        item["name"]: float(item["confidence"])
        for item in ranking
        if isinstance(item, dict) and item.get("name") in known
    }


def _with_other_readers(
    labels: Mapping[str, float], text: str, danger: Danger, reading: Reading
) -> dict[str, float]:
    """The model's labels with a little weight for what the keywords and the danger rules say.

    The weights were chosen on phrases by authors whom the model had not read (nlu/README.md).
    """
    together = dict(labels)
    for guess in keywords.guess(text, reading.vocabulary):
        together[guess.need] = together.get(guess.need, 0.0) + KEYWORD_WEIGHT * guess.confidence
    for code, found in ((Need.EMERGENCY, danger.urgent), (Need.GBV, danger.gbv)):
        if found:
            together[code] = together.get(code, 0.0) + RULE_WEIGHT
    return {name: min(1.0, value) for name, value in together.items()}


def without_absent_child(
    labels: Mapping[str, float], text: str, people: tuple[Who, ...]
) -> Mapping[str, float]:
    """An old woman who was left alone is no child alone, though the model knows that from children."""
    if Who.OLDER not in people or who.speaks_of_a_child(text):
        return labels
    return {name: value for name, value in labels.items() if name != Need.CHILDREN}


def _present(ranked: tuple[ScoredNeed, ...], threshold: float) -> tuple[ScoredNeed, ...]:
    """The best label, and every other that is likely enough; nothing beside «out of scope»."""
    best, others = ranked[:1], [n for n in ranked[1:] if n.confidence >= threshold]
    if best and best[0].need == Steer.OUT_OF_SCOPE:
        return best
    return (*best, *(n for n in others if n.need in set(Need)))


def _ranked(labels: Mapping[str, float], threshold: float) -> tuple[ScoredNeed, ...]:
    found = [ScoredNeed(name, round(p, 3)) for name, p in labels.items() if p >= threshold and name != URGENT]
    return tuple(sorted(found, key=lambda n: (-n.confidence, n.need)))


def with_model(danger: Danger, labels: Mapping[str, float], nlu: Nlu) -> Danger:
    """What the rules found, and what the model's odds and the points of the words add to it.

    The figures were chosen on phrases by authors whom the model had not read (nlu/README.md).
    """
    urgent = max(labels.get(URGENT, 0.0), labels.get(Need.EMERGENCY, 0.0))
    against = nlu.out_of_scope * labels.get(Steer.OUT_OF_SCOPE, 0.0) + nlu.taken_back * danger.taken_back
    sums = {
        "urgent": _odds(urgent) + nlu.points * danger.points.urgent / 10 - against,
        "gbv": _odds(labels.get(Need.GBV, 0.0)) + nlu.points * danger.points.gbv / 10 - against,
    }
    added = {flag for flag in sums if sums[flag] + nlu.hinted * (flag in danger.hinted) >= nlu.danger}
    return replace(danger, urgent=danger.urgent or "urgent" in added, gbv=danger.gbv or "gbv" in added)


def _odds(probability: float) -> float:
    """The logarithm of the odds."""
    bounded = min(max(probability, _SUREST), 1 - _SUREST)
    return math.log(bounded / (1 - bounded))


def _places(text: str, state: State, directory: Directory) -> tuple[PlaceAnswer | None, PlaceAnswer | None]:
    """The place wanted and the place fled. A short answer to «¿en qué municipio?» is read as a place."""
    mentions = directory.gazetteer.find(text)
    if mentions.wanted or state.asked not in (Asked.PLACE, Asked.WHICH_PLACE):
        return mentions.wanted or _bare_state(text, directory), mentions.fled
    within = state.place if len(state.place) == 2 and state.place != "00" else None
    answer = directory.gazetteer.resolve(text, within=within)
    return (answer if answer.candidates else None), mentions.fled


def _bare_state(text: str, directory: Directory) -> PlaceAnswer | None:
    """«guerrero» and nothing else: inside a sentence it may be any word, alone it is the state."""
    said = fold(text)
    if not said or len(said.split()) > _WORDS_OF_A_STATE:
        return None
    answer = directory.gazetteer.resolve(text)
    states = [fold(place.state) for place in answer.candidates if place.municipality is None]
    return answer if states == [said] and len(answer.candidates) == 1 else None


def _by_keywords(
    text: str,
    danger: Danger,
    people: tuple[Any, ...],
    place: PlaceAnswer | None,
    place_from: PlaceAnswer | None,
    reading: Reading,
) -> Meaning:
    heard = {guess.need: guess.confidence for guess in keywords.guess(text, reading.vocabulary)}
    kept = without_absent_child(heard, text, people)
    guesses = tuple(ScoredNeed(need, confidence) for need, confidence in kept.items())
    needs = keywords.sure(guesses)
    source = "rules" if (danger.urgent or danger.gbv) and not needs else "keywords"
    return Meaning(needs, guesses[:3], danger, people, place, place_from, source)
