"""A caseworker's answer to a person: first only «¿Puede escribir ahora?», the words after the «Sí».

What can't go is refused here with a sentence for the caseworker, and checked again when it is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import asking, calling, neutral
from bot.asking import LATE
from bot.budget import units
from bot.calling import BETWEEN_CALLS, FRESH, CannotAnswer
from bot.core import Core
from bot.messages import Reply
from bot.safe_times import Window
from bot.texts import casework as say
from bot.texts import person
from data import request_store
from data.keys import Unreadable
from data.request_store import PERSON, Kept, Said

MAX_TEXT = 700
"""UTF-16 units; the opening of a talk stands in the same message."""
SAME_FORM = timedelta(minutes=1)
"""The same words so soon again are a form sent twice."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A request for the panel. `place` is an INEGI key or empty; `reply_until` the platform's limit.

    `is_talking`: a person of the team answers, Faro is silent. `waits`: words are held for the «Sí»;
    `call_delivery`: what became of «¿Puede escribir ahora?», as in Line, empty when it was not asked.
    """

    id: str
    need: str
    place: str
    window: Window
    until: datetime
    created_at: datetime
    taken_by: str
    channel: str
    reply_until: datetime | None
    is_talking: bool
    waits: bool
    call_delivery: str
    doubt: bool
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """Words in a request. `delivery`: held, waiting, sending, sent, failed, dropped; empty: not known.

    `billed`: the platform charges for them.
    """

    text: str
    by_person: bool
    created_at: datetime
    delivery: str
    billed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an answer, in a sentence. `at`: when the person is asked, None when words went out."""

    sentence: str
    at: datetime | None = None


async def requests(core: Core) -> list[Opened]:
    """Open requests, oldest first, then closed ones. What can't be read any more is left out."""
    async with core.database.read() as connection:
        found = [
            *await request_store.open_ones(connection),
            *await request_store.closed_ones(connection),
        ]
    return [request for kept in found if (request := _opened(core, kept))]


async def take(core: Core, request_id: str, *, by: str) -> Opened:
    """A caseworker takes a request. Raises CannotAnswer when another has it, or it is gone."""
    async with core.database.write() as connection:
        if not await request_store.take(connection, request_id, by=by):
            is_there = await request_store.lock(connection, request_id)
            raise CannotAnswer(say.TAKEN if is_there else say.GONE)
        kept = await _mine(connection, request_id, by=by)
    request = _opened(core, kept)
    if request is None:
        raise CannotAnswer(say.GONE)
    return request


async def put_back(core: Core, request_id: str, *, by: str) -> None:
    """The caseworker leaves the request to others of the team."""
    async with core.database.write() as connection:
        await _mine(connection, request_id, by=by)
        await request_store.put_back(connection, request_id)


async def thread(core: Core, request_id: str, *, by: str, now: datetime) -> list[Line]:
    """All that was said, for the caseworker who has the request; the person's words are read with it."""
    async with core.database.write() as connection:
        kept = await request_store.load(connection, request_id)
        if kept is None:
            raise CannotAnswer(say.GONE)
        if kept.taken_by != by:
            raise CannotAnswer(say.NOT_YOURS)
        await request_store.mark_read(connection, request_id, now=now)
        said = await request_store.words(connection, request_id)
    return [_line(core, one) for one in said]


async def answer(core: Core, request_id: str, text: str, *, by: str, now: datetime) -> Outcome:
    """Words for the person: at once while they talk, else held until the person says «Sí».

    Raises CannotAnswer, and then nothing of it was kept.
    """
    text = _checked(text)
    async with core.database.write() as connection:
        kept = await _mine(connection, request_id, by=by)
        if await _is_said(core, connection, kept, text, now=now):
            return Outcome(say.SAID_ALREADY)
        if kept.owner == PERSON and kept.heard_at and now - kept.heard_at < FRESH:
            return await _send(core, connection, kept, text, now=now)
        return await _hold(core, connection, kept, text, now=now)


async def call(core: Core, request_id: str, *, by: str, now: datetime) -> Outcome:
    """Ask again whether the person can write. Raises CannotAnswer when nothing is held, or not now."""
    async with core.database.write() as connection:
        kept = await _mine(connection, request_id, by=by)
        if kept.held_at is None:
            raise CannotAnswer(say.NOTHING_HELD)
        return await _call(core, connection, kept, now=now)


async def hand_back(core: Core, request_id: str, *, by: str, now: datetime) -> None:
    """Faro answers again, and the person is told: now when they are there, else with their next message."""
    async with core.database.write() as connection:
        kept = await _mine(connection, request_id, by=by)
        await _end_talk(core, connection, kept, now=now)


async def close(core: Core, request_id: str, *, by: str, now: datetime) -> None:
    """The request is done; it is erased after the set days."""
    async with core.database.write() as connection:
        kept = await _mine(connection, request_id, by=by)
        await _end_talk(core, connection, kept, now=now)
        await request_store.close(connection, kept.id, now=now)


async def _mine(connection: AsyncConnection, request_id: str, *, by: str) -> Kept:
    kept = await request_store.lock(connection, request_id)
    if kept is None:
        raise CannotAnswer(say.GONE)
    if kept.taken_by != by:
        raise CannotAnswer(say.NOT_YOURS)
    return kept


async def _is_said(core: Core, connection: AsyncConnection, kept: Kept, text: str, *, now: datetime) -> bool:
    """Whether it is the same form, sent twice: the person must not read it twice."""
    return any(
        not said.by_person and now - said.created_at < SAME_FORM and _line(core, said).text == text
        for said in await request_store.words(connection, kept.id)
    )


async def _send(core: Core, connection: AsyncConnection, kept: Kept, text: str, *, now: datetime) -> Outcome:
    reply = Reply(text)
    row = await asking.queue(core, connection, kept, reply, voice=PERSON, late_at=now + LATE, now=now)
    await request_store.answer(connection, kept.id, core.keys.seal(text), outbox_id=row, now=now)
    return Outcome(say.SENT)


async def _hold(core: Core, connection: AsyncConnection, kept: Kept, text: str, *, now: datetime) -> Outcome:
    is_asked = kept.called and kept.called_at and now - kept.called_at < BETWEEN_CALLS
    outcome = Outcome(say.CALLED_ALREADY) if is_asked else await _call(core, connection, kept, now=now)
    await request_store.answer(connection, kept.id, core.keys.seal(text), outbox_id=None, now=now)
    return outcome


async def _call(core: Core, connection: AsyncConnection, kept: Kept, *, now: datetime) -> Outcome:
    """Ask now, or say from when on it will be asked."""
    try:
        window, zone = calling.window_of(core, kept)
    except Unreadable:
        raise CannotAnswer(say.GONE) from None
    moment = calling.when_to_ask(kept, window, zone=zone, now=now)
    if moment <= now:
        await calling.ask(core, connection, kept, window, zone, now=now)
        return Outcome(say.CALLED, now)
    if kept.owner == PERSON:
        await request_store.hand_back(connection, kept.id, untold=True)
    return Outcome(calling.sentence(say.HELD, zone, opens=moment), moment)


async def _end_talk(core: Core, connection: AsyncConnection, kept: Kept, *, now: datetime) -> None:
    if await request_store.on_their_way(connection, kept.id, now=now):
        raise CannotAnswer(say.ON_ITS_WAY)
    if kept.owner != PERSON:
        return
    is_there = bool(kept.heard_at and now - kept.heard_at < FRESH)
    await request_store.hand_back(connection, kept.id, untold=not is_there)
    if is_there:
        await calling.tell(core, connection, kept, person.HANDED_BACK, now=now)


def _checked(text: str) -> str:
    """The words as they will go. Raises CannotAnswer: empty, too long, or not for a locked screen."""
    text = text.strip()
    if not text:
        raise CannotAnswer(say.EMPTY)
    if units(text) > MAX_TEXT:
        raise CannotAnswer(say.TOO_LONG.format(limit=MAX_TEXT, length=units(text)))
    if word := neutral.exposing(text):
        raise CannotAnswer(say.NOT_NEUTRAL.format(word=word))
    return text


def _opened(core: Core, kept: Kept) -> Opened | None:
    try:
        wish = asking.opened(core.keys, kept)
    except Unreadable:
        return None
    return Opened(
        id=kept.id,
        need=wish.need,
        place=wish.place,
        window=wish.window,
        until=kept.until,
        created_at=kept.created_at,
        taken_by=kept.taken_by,
        channel=kept.channel,
        reply_until=calling.platform_limit(kept),
        is_talking=kept.owner == PERSON,
        waits=kept.held_at is not None,
        call_delivery=kept.call_delivery,
        doubt=kept.doubt,
        closed_at=kept.closed_at,
    )


def _line(core: Core, said: Said) -> Line:
    try:
        text = core.keys.open(said.payload)
    except Unreadable:
        text = say.UNREADABLE
    return Line(text, said.by_person, said.created_at, "held" if said.held else said.delivery, said.billed)
