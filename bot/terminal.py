"""Faro in the terminal: `chat`, `understand` and `places`. Nothing that is said here is kept."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot import app as composition
from bot import understanding
from bot.core import Core
from bot.flows import listing
from bot.messages import Attachment, Inbound, Meaning, Received, Reply
from bot.nlu_process import NluProcess, NluUnavailable, running
from bot.settings import Settings
from bot.state import Effect, State, Turn
from bot.turn import in_memory
from services.directory import Directory
from services.freshness import day_of
from services.gazetteer import Gazetteer
from services.places import Place, PlaceAnswer

MODEL_SECONDS = 60.0
_WAIT = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(slots=True)
class Session:
    """One person at the keyboard. Time can be made to pass."""

    core: Core
    directory: Directory
    state: State
    passed: timedelta = timedelta()
    turn: int = 0
    idle_since: datetime | None = None

    def now(self) -> datetime:
        """The time, with what was waited."""
        return datetime.now(UTC) + self.passed

    async def say(self, inbound: Inbound) -> tuple[Turn, Meaning]:
        """One turn."""
        now = self.now()
        state = self._remembered(now)
        received = Received("", "terminal", "", inbound)
        turn, meaning = await in_memory(self.core, state, received, directory=self.directory, now=now)
        self.state, self.idle_since = turn.state, now
        return turn, meaning

    def _remembered(self, now: datetime) -> State:
        idle = timedelta(minutes=self.directory.operator.idle_minutes)
        if self.idle_since is not None and now - self.idle_since > idle:
            return State(stopped=self.state.stopped, left=self.state.left)
        return self.state


async def chat(settings: Settings, *, as_json: bool, with_nlu: bool) -> None:
    """A conversation: for people, or one JSON object per turn."""
    async with _prepared(settings, with_nlu=with_nlu) as (core, directory):
        session = Session(core, directory, State())
        if as_json:
            await _json_chat(session)
        else:
            await _spoken_chat(session)


async def understand(settings: Settings, *, with_nlu: bool) -> None:
    """One message per line → what it means."""
    async with _prepared(settings, with_nlu=with_nlu) as (core, directory):
        async for line in _lines():
            meaning = await understanding.understand(
                core.nlu, Inbound(text=line), state=State(), directory=directory, reading=core.reading
            )
            _print(meaning_as_json(line, meaning))


def places() -> None:
    """One answer to «¿en qué municipio?» per line → the places it may be."""
    gazetteer = Gazetteer.load()
    for raw in sys.stdin.buffer:
        text = _decoded(raw)
        answer = gazetteer.resolve(text)
        _print({"text": text, **_answer(answer)})


def meaning_as_json(text: str, meaning: Meaning) -> dict[str, Any]:
    """The shape of `faro understand`."""
    return {
        "text": text,
        "needs": [{"need": n.need, "confidence": n.confidence} for n in meaning.needs],
        "urgent": meaning.danger.urgent,
        "gbv": meaning.danger.gbv,
        "who": list(meaning.who),
        "place": _answer(meaning.place) if meaning.place else None,
        "place_from": _answer(meaning.place_from) if meaning.place_from else None,
        "source": meaning.source,
    }


def reply_as_json(reply: Reply, directory: Directory, now: datetime) -> dict[str, Any]:
    """The shape of one reply of `faro chat --json`."""
    return {
        "text": reply.text,
        "options": [{"id": option.id, "label": option.label} for option in reply.options],
        "services": [_service(service_id, directory, now) for service_id in reply.services],
    }


async def _json_chat(session: Session) -> None:
    fresh = session
    async for line in _lines():
        if not line.strip():
            fresh = Session(session.core, session.directory, State())
            continue
        fresh.turn += 1
        wait, inbound = _input(line)
        if wait is not None:
            fresh.passed += wait
            _print({"turn": fresh.turn, "replies": [], "meaning": None})
            continue
        turn, meaning = await fresh.say(inbound)
        replies = [reply_as_json(reply, session.directory, fresh.now()) for reply in turn.replies]
        said = meaning_as_json(inbound.text, meaning) if inbound.text else None
        _print({"turn": fresh.turn, "replies": replies, "meaning": said})


async def _spoken_chat(session: Session) -> None:
    sys.stdout.write("Escriba un mensaje (Ctrl-D para terminar).\n> ")
    sys.stdout.flush()
    async for line in _lines():
        if line.strip():
            turn, _ = await session.say(Inbound(text=line))
            for reply in turn.replies:
                sys.stdout.write(_spoken(reply))
            if turn.effect is Effect.ERASE:
                session.state = State()
        sys.stdout.write("> ")
        sys.stdout.flush()
    sys.stdout.write("\n")


def _spoken(reply: Reply) -> str:
    options = "".join(f"  [{i}] {option.label}\n" for i, option in enumerate(reply.options, start=1))
    return f"\n{reply.text}\n{options}\n"


def _input(line: str) -> tuple[timedelta | None, Inbound]:
    """A line is JSON only if it parses to an object with exactly one of the known keys."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None, Inbound(text=line)
    if not isinstance(data, dict) or len(data) != 1:
        return None, Inbound(text=line)
    return _known(*next(iter(data.items()))) or (None, Inbound(text=line))


def _known(key: str, value: Any) -> tuple[timedelta | None, Inbound] | None:
    if key == "wait" and isinstance(value, str) and (match := _WAIT.fullmatch(value)):
        return timedelta(**{_UNITS[match[2]]: int(match[1])}), Inbound()
    if key == "text" and isinstance(value, str):
        return None, Inbound(text=value)
    if key == "option" and isinstance(value, str):
        return None, Inbound(option=value)
    if key == "attachment" and value in set(Attachment):
        return None, Inbound(attachment=Attachment(value))
    if key == "location" and isinstance(value, dict):
        return _location(value)
    return None


def _location(value: dict[str, Any]) -> tuple[timedelta | None, Inbound] | None:
    lat, lon = value.get("lat"), value.get("lon")
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        return None, Inbound(location=(float(lat), float(lon)))
    return None


def _service(service_id: str, directory: Directory, now: datetime) -> dict[str, Any]:
    service = directory.get(service_id, today=day_of(now))
    if service is None:
        raise LookupError(f"an answer shows {service_id}, which is not in the directory")
    return {
        "id": service.id,
        "name": service.name,
        "phones": listing.phones_as_shown(service),
        "women_only": service.compatibility.women_only,
        "verified_on": service.verified_on.isoformat() if service.verified_on else None,
        "confidence": service.confidence,
    }


def _answer(answer: PlaceAnswer) -> dict[str, Any]:
    return {"candidates": [_place(place) for place in answer.candidates], "ambiguous": answer.ambiguous}


def _place(place: Place) -> dict[str, Any]:
    return {"state": place.state, "municipality": place.municipality, "key": place.key}


@asynccontextmanager
async def _prepared(settings: Settings, *, with_nlu: bool) -> AsyncIterator[tuple[Core, Directory]]:
    """The database ready, and the model: the one that runs, or one of our own for this while."""
    async with composition.open_core(settings) as core, aiohttp.ClientSession() as http:
        async with core.database.read() as connection:
            directory = await core.directory(connection)
        if not with_nlu:
            yield core, directory
            return
        own = NluProcess(http, settings.data_dir / "nlu-terminal.json", changed=_ignore)
        try:
            core.nlu = await _model(settings, http, own)
            yield core, directory
        finally:
            await own.stop()


async def _model(
    settings: Settings, http: aiohttp.ClientSession, own: NluProcess
) -> understanding.Nlu | None:
    """Wait up to a minute; say on standard error when the keywords answer instead."""
    if settings.nlu_url:
        return _patient(understanding.Nlu(http, settings.nlu_url))
    if found := await running(http, settings.data_dir / "nlu.json"):
        return _patient(found)
    try:
        async with asyncio.timeout(MODEL_SECONDS):
            return _patient(await own.start())
    except (NluUnavailable, TimeoutError) as error:
        sys.stderr.write(f"faro: {error or 'The model took too long.'} Using the keyword understanding.\n")
        return None


def _patient(nlu: understanding.Nlu) -> understanding.Nlu:
    """Nobody waits at the other end of a file."""
    return replace(nlu, timeout=10.0)


async def _lines() -> AsyncIterator[str]:
    """Standard input, line by line, whatever bytes it holds."""
    while raw := await asyncio.to_thread(sys.stdin.buffer.readline):
        yield _decoded(raw)


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").rstrip("\r\n")


def _print(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _ignore(_nlu: understanding.Nlu | None) -> None:
    """The terminal reads the process's answer itself."""
