"""Requests by the clock: Faro returns after a silence, held words are asked for, what is over goes."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import calling
from bot.calling import FRESH, CannotAnswer
from bot.core import Core
from bot.texts import person
from data import request_store
from data.keys import Unreadable
from data.request_store import PERSON, Kept

log = logging.getLogger(__name__)


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
        await calling.tell(core, connection, kept, person.RETURNED, now=now)


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
        window, zone = calling.window_of(core, kept)
        if (
            _may_ask_unbidden(kept, zone, now)
            and calling.when_to_ask(kept, window, zone=zone, now=now) <= now
        ):
            await calling.ask(core, connection, kept, window, zone, now=now)
    except (CannotAnswer, Unreadable):
        return


def _may_ask_unbidden(kept: Kept, zone: str, now: datetime) -> bool:
    if kept.called_at is None or kept.held_at is None or kept.called_at < kept.held_at:
        return True
    local = ZoneInfo(zone)
    return kept.called_at.astimezone(local).date() < now.astimezone(local).date()
