"""A caseworker's answer to a person: first only «¿Puede escribir ahora?», the words after the person's «Sí».

Every time is checked here, and again when a message is sent; reasons are sentences for the caseworker.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import asking, neutral
from bot.asking import LATE
from bot.budget import units
from bot.core import Core
from bot.flows import menu, talking
from bot.messages import Reply
from bot.safe_times import Window, closes, opens
from bot.texts import casework as say
from bot.texts import find_help, person
from data import request_store
from data.keys import Unreadable
from data.request_store import ANY, CALL, PERSON, Kept, Said
from services.gazetteer import Gazetteer
from services.matching import DEFAULT_ZONE

log = logging.getLogger(__name__)

MAX_TEXT = 700
"""UTF-16 units; the opening of a talk stands in the same message."""
FRESH = timedelta(minutes=30)
"""So long after the person's last words no new question is needed; so long may a caseworker be silent."""
BETWEEN_CALLS = timedelta(hours=1)
_PLATFORM_WINDOWS = {"whatsapp": timedelta(hours=24) - timedelta(minutes=5)}
"""After this no free answer is taken (Cloud API, customer service window), less the time of a send."""


class CannotAnswer(Exception):
    """Why not, as a sentence for the caseworker."""


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
    """Words in a request. `delivery`: held, waiting, sending, sent, failed, dropped; empty: not known."""

    text: str
    by_person: bool
    created_at: datetime
    delivery: str


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


def when_to_ask(kept: Kept, window: Window, *, zone: str, now: datetime) -> datetime:
    """When «¿Puede escribir ahora?» may go: `now`, or the next safe time. Raises CannotAnswer when never."""
    if kept.doubt:
        raise CannotAnswer(say.DOUBT)
    earliest = max(now, kept.called_at + BETWEEN_CALLS) if kept.called_at else now
    moment = opens(window, earliest, zone=zone)
    platform = _platform_limit(kept)
    if moment >= kept.until:
        raise CannotAnswer(_sentence(say.PAST_UNTIL, zone, limit=kept.until, opens=moment))
    if platform and moment >= platform:
        raise CannotAnswer(_sentence(say.PLATFORM_WINDOW, zone, limit=platform, opens=moment))
    return moment


async def look_after(core: Core, now: datetime) -> None:
    """By the clock: Faro returns after a caseworker's silence, held words are asked for, the old goes."""
    async with core.database.read() as connection:
        found = await request_store.open_ones(connection)
    unanswered = 0
    for kept in found:
        async with core.database.write() as connection:
            unanswered += await _look_after(core, connection, kept.id, now=now)
    async with core.database.write() as connection:
        before = now - timedelta(days=core.operator.request_days)
        erased = await request_store.purge(connection, before=before)
    if unanswered:
        log.warning("requests that nobody answered in time: %d", unanswered)
    if erased:
        log.info("closed requests erased: %d", erased)


async def _look_after(core: Core, connection: AsyncConnection, request_id: str, *, now: datetime) -> int:
    """One request; 1 when it ended without any answer."""
    kept = await request_store.lock(connection, request_id)
    if kept is None:
        return 0
    if kept.owner == PERSON:
        if kept.spoke_at is None or now - kept.spoke_at >= FRESH:
            await _return(core, connection, kept, now=now)
        return 0
    if kept.until <= now:
        return await _expire(connection, kept, now=now)
    await _ask_if_due(core, connection, kept, now=now)
    return 0


async def _return(core: Core, connection: AsyncConnection, kept: Kept, *, now: datetime) -> None:
    """Whoever waits for an answer is told; whoever does not is told with the next message."""
    waits = bool(kept.heard_at and kept.spoke_at and kept.heard_at > kept.spoke_at)
    await request_store.hand_back(connection, kept.id, untold=not waits)
    if waits:
        await _tell(core, connection, kept, person.RETURNED, now=now)


async def _expire(connection: AsyncConnection, kept: Kept, *, now: datetime) -> int:
    if kept.spoke_at:
        await request_store.close(connection, kept.id, now=now)
        return 0
    await request_store.withdraw(connection, kept.person_id, closed_too=False)
    return 1


async def _ask_if_due(core: Core, connection: AsyncConnection, kept: Kept, *, now: datetime) -> None:
    """Words that wait for the person's safe hours: asked for once they come, and once a day."""
    if kept.held_at is None:
        return
    try:
        window, zone = _window(core, kept)
        if _may_ask_unbidden(kept, zone, now) and when_to_ask(kept, window, zone=zone, now=now) <= now:
            await _ask(core, connection, kept, window, zone, now=now)
    except (CannotAnswer, Unreadable):
        return


def _may_ask_unbidden(kept: Kept, zone: str, now: datetime) -> bool:
    if kept.called_at is None or kept.held_at is None or kept.called_at < kept.held_at:
        return True
    local = ZoneInfo(zone)
    return kept.called_at.astimezone(local).date() < now.astimezone(local).date()


async def _mine(connection: AsyncConnection, request_id: str, *, by: str) -> Kept:
    kept = await request_store.lock(connection, request_id)
    if kept is None:
        raise CannotAnswer(say.GONE)
    if kept.taken_by != by:
        raise CannotAnswer(say.NOT_YOURS)
    return kept


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
        window, zone = _window(core, kept)
    except Unreadable:
        raise CannotAnswer(say.GONE) from None
    moment = when_to_ask(kept, window, zone=zone, now=now)
    if moment <= now:
        await _ask(core, connection, kept, window, zone, now=now)
        return Outcome(say.CALLED, now)
    if kept.owner == PERSON:
        await request_store.hand_back(connection, kept.id, untold=True)
    return Outcome(_sentence(say.HELD, zone, opens=moment), moment)


async def _ask(
    core: Core, connection: AsyncConnection, kept: Kept, window: Window, zone: str, *, now: datetime
) -> None:
    limits = [closes(window, now, zone=zone), kept.until, _platform_limit(kept), now + FRESH]
    late_at = min(limit for limit in limits if limit)
    row = await asking.queue(core, connection, kept, talking.CALL, voice=CALL, late_at=late_at, now=now)
    await request_store.call(connection, kept.id, outbox_id=row, now=now)


async def _end_talk(core: Core, connection: AsyncConnection, kept: Kept, *, now: datetime) -> None:
    if await request_store.on_their_way(connection, kept.id, now=now):
        raise CannotAnswer(say.ON_ITS_WAY)
    if kept.owner != PERSON:
        return
    is_there = bool(kept.heard_at and now - kept.heard_at < FRESH)
    await request_store.hand_back(connection, kept.id, untold=not is_there)
    if is_there:
        await _tell(core, connection, kept, person.HANDED_BACK, now=now)


async def _tell(core: Core, connection: AsyncConnection, kept: Kept, text: str, *, now: datetime) -> None:
    reply = Reply(text, (menu.menu(), menu.person()))
    await asking.queue(core, connection, kept, reply, voice=ANY, late_at=now + LATE, now=now)


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
        reply_until=_platform_limit(kept),
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
    return Line(text, said.by_person, said.created_at, "held" if said.held else said.delivery)


def _window(core: Core, kept: Kept) -> tuple[Window, str]:
    """The safe part of the day, and the clock it is read on. Raises Unreadable."""
    wish = asking.opened(core.keys, kept)
    return wish.window, _zone(core.gazetteer, wish.place)


def _zone(gazetteer: Gazetteer, key: str) -> str:
    return gazetteer.time_zone(key) if gazetteer.place(key) else DEFAULT_ZONE


def _platform_limit(kept: Kept) -> datetime | None:
    after = _PLATFORM_WINDOWS.get(kept.channel)
    return kept.seen_at + after if after else None


def _sentence(template: str, zone: str, **moments: datetime) -> str:
    return template.format(**{name: _spoken(moment, zone) for name, moment in moments.items()})


def _spoken(moment: datetime, zone: str) -> str:
    """«lunes 19:00 (hora de donde está)»."""
    local = moment.astimezone(ZoneInfo(zone))
    day = find_help.DAYS[local.weekday()]
    return say.MOMENT.format(day=day, hour=f"{local.hour}:{local.minute:02}")
