"""What a message means: danger rules first, then the NLU process, or the keywords when it is silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot import keywords, safety, who
from bot.messages import Danger, Inbound, Meaning, ScoredNeed
from bot.state import Asked, State
from data.needs import Need, Steer
from services.directory import Directory
from services.places import PlaceAnswer

URGENT = "urgent"
MAX_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader of words needs, loaded once."""

    rules: safety.Rules
    vocabulary: keywords.Vocabulary


@dataclass(frozen=True, slots=True)
class Nlu:
    """Where the NLU process is, how long to wait for it, and from when to believe it.

    `sure`: a label at least this likely is present; `possible`: worth offering as a button;
    `danger`: the model adds danger (it never removes any). All are probabilities.
    """

    http: aiohttp.ClientSession
    url: str
    timeout: float = 1.0
    sure: float = 0.5
    possible: float = 0.15
    danger: float = 0.6


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
    labels = await _ask(nlu, text) if nlu else None
    place, place_from = _places(text, state, directory)
    people = who.who(text)
    if nlu is None or labels is None:
        return _by_keywords(text, found, people, place, place_from, reading)
    return Meaning(
        needs=_present(labels, nlu.sure, found),
        guesses=_ranked(labels, nlu.possible)[:3],
        danger=_with_model(found, labels, nlu.danger),
        who=people,
        place=place,
        place_from=place_from,
        source="rasa",
    )


async def _ask(nlu: Nlu, text: str) -> Mapping[str, float] | None:
    """Label → probability, or None when the NLU process does not answer in time."""
    try:
        async with nlu.http.post(
            f"{nlu.url}/model/parse",
            json={"text": text},
            timeout=aiohttp.ClientTimeout(total=nlu.timeout),
        ) as response:
            if response.status != 200:
                return None
            return _labels(await response.json())
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None


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


def _present(labels: Mapping[str, float], threshold: float, danger: Danger) -> tuple[ScoredNeed, ...]:
    """All that are present, best first. What the rules found is present too."""
    needs = {n.need: n for n in _ranked(labels, threshold)}
    for code, found in ((Need.GBV, danger.gbv),):
        if found and code not in needs:
            needs[code] = ScoredNeed(code, max(threshold, labels.get(code, 0.0)))
    return tuple(needs.values())


def _ranked(labels: Mapping[str, float], threshold: float) -> tuple[ScoredNeed, ...]:
    found = [ScoredNeed(name, round(p, 3)) for name, p in labels.items() if p >= threshold and name != URGENT]
    return tuple(sorted(found, key=lambda n: (-n.confidence, n.need)))


def _with_model(danger: Danger, labels: Mapping[str, float], threshold: float) -> Danger:
    from dataclasses import replace

    urgent = max(labels.get(URGENT, 0.0), labels.get(Need.EMERGENCY, 0.0)) >= threshold
    gbv = labels.get(Need.GBV, 0.0) >= threshold
    return replace(danger, urgent=danger.urgent or urgent, gbv=danger.gbv or gbv)


def _places(text: str, state: State, directory: Directory) -> tuple[PlaceAnswer | None, PlaceAnswer | None]:
    """The place wanted and the place fled. A short answer to «¿en qué municipio?» is read as a place."""
    mentions = directory.gazetteer.find(text)
    if mentions.wanted or state.asked not in (Asked.PLACE, Asked.WHICH_PLACE):
        return mentions.wanted, mentions.fled
    within = state.place if len(state.place) == 2 and state.place != "00" else None
    answer = directory.gazetteer.resolve(text, within=within)
    return (answer if answer.candidates else None), mentions.fled


def _by_keywords(
    text: str,
    danger: Danger,
    people: tuple[Any, ...],
    place: PlaceAnswer | None,
    place_from: PlaceAnswer | None,
    reading: Reading,
) -> Meaning:
    needs = keywords.read(text, reading.vocabulary)
    guesses = keywords.guess(text, reading.vocabulary)
    source = "rules" if (danger.urgent or danger.gbv) and not needs else "keywords"
    return Meaning(needs, guesses[:3], danger, people, place, place_from, source)
