"""Phrases that Faro did not understand: kept where the operator wants it, and never from a grave talk."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core import Core
from bot.messages import Meaning
from bot.state import Effect, State, Turn
from data import phrase_store
from data.needs import Need
from services.gazetteer import Gazetteer
from services.places import Place
from services.scrubbing import PLACE, scrubbed
from services.spelling import fold

KEPT = timedelta(days=30)
MAX_TEXT = 200
_GRAVE = frozenset({Need.EMERGENCY, Need.GBV, Need.MISSING})
_WORD = re.compile(r"\w+")
_SHORT = 3
"""Letters of a word that is too common to be the name of a place by itself."""


def quieted(before: State, turn: Turn, meaning: Meaning) -> Turn:
    """The turn with a state that remembers, for this talk, that nothing is learned from it."""
    if before.quiet or _is_grave(turn, meaning):
        return replace(turn, state=replace(turn.state, quiet=True), missed="")
    return turn


async def keep(core: Core, connection: AsyncConnection, person_id: str, turn: Turn, *, now: datetime) -> None:
    """In the turn's transaction. What was kept of a talk goes as soon as it turns grave."""
    if turn.state.quiet or turn.effect is not Effect.NOTHING or turn.state.left or turn.state.stopped:
        await phrase_store.drop_of(connection, person_id)
        return
    if not core.operator.keeps_phrases or not turn.missed:
        return
    words = anonymous(turn.missed, core.gazetteer)
    if words:
        await phrase_store.hold(connection, person_id, core.keys.seal(words), on=now.date())


def anonymous(text: str, gazetteer: Gazetteer) -> str:
    """The text without names, numbers and places; empty when it is too long or says nothing."""
    if len(text) > MAX_TEXT:
        return ""
    clean = scrubbed(text, gazetteer)
    mentions = gazetteer.find(text)
    places = [p for answer in (mentions.wanted, mentions.fled) if answer for p in answer.candidates]
    names = {word for place in places for word in _words(place)}
    for found in set(_WORD.findall(clean)):
        if fold(found) in names:
            clean = re.sub(rf"\b{re.escape(found)}\b", PLACE, clean)
    return clean if len(_WORD.findall(re.sub(r"\[\w+\]", "", clean))) >= 2 else ""


def _words(place: Place) -> set[str]:
    named = f"{place.municipality or ''} {place.state}"
    return {fold(word) for word in _WORD.findall(named) if len(word) > _SHORT}


def _is_grave(turn: Turn, meaning: Meaning) -> bool:
    danger, state = meaning.danger, turn.state
    signs = danger.urgent or danger.gbv or danger.kinds or danger.leaving or danger.other_person
    needs = {need.need for need in (*meaning.needs, *meaning.guesses)} | {state.need, *state.more_needs}
    return bool(signs or turn.grave or state.danger or state.gbv or state.child_alone or needs & _GRAVE)
