"""How Faro stands: the age of its queues, what failed lately, how fresh the directory is. Counts only."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from data import source_store
from data.tables import inbox, outbox, service, source_state

TRIAL_BYTES = 4096
_OPEN = ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait and since when the first does; `oldest` is None in an empty queue."""

    length: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """Services that are active, those nobody verified since `since`, and when each source was last read.

    `failing`: how often a source failed since; `held`: differences of it that wait for a caseworker.
    """

    services: int
    stale: int
    sources: dict[str, datetime | None]
    failing: dict[str, int]
    held: dict[str, int]


async def try_to_store(connection: AsyncConnection, *, now: datetime) -> None:
    """Write what a message takes and remove it again. Raises what the database raises: read-only, full."""
    values = {
        "channel": "trial",
        "external_key": secrets.token_hex(16),
        "person_id": "",
        "payload": secrets.token_bytes(TRIAL_BYTES),
        "received_at": now,
        "status": "done",
    }
    made = await connection.execute(insert(inbox).values(values).returning(inbox.c.id))
    await connection.execute(delete(inbox).where(inbox.c.id == made.scalar_one()))


async def inbox_queue(connection: AsyncConnection) -> Queue:
    """Messages without an answer."""
    return await _queue(connection, inbox.c.received_at, inbox.c.status == "waiting")


async def outbox_queues(connection: AsyncConnection) -> dict[str, Queue]:
    """Answers that no platform has accepted yet, by channel."""
    query = (
        select(outbox.c.channel, func.count(), func.min(outbox.c.created_at))
        .where(outbox.c.status.in_(_OPEN))
        .group_by(outbox.c.channel)
    )
    return {channel: Queue(length, oldest) for channel, length, oldest in await connection.execute(query)}


async def set_aside(connection: AsyncConnection, *, since: datetime) -> int:
    """Messages that could not be handled, since then."""
    poison = and_(inbox.c.status == "poison", inbox.c.received_at >= since)
    return await connection.scalar(select(func.count()).select_from(inbox).where(poison)) or 0


async def last_received(connection: AsyncConnection, *, channel: str = "") -> datetime | None:
    """When the last message came, of those still known; on one channel, or on any."""
    query = select(func.max(inbox.c.received_at))
    newest: datetime | None = await connection.scalar(
        query.where(inbox.c.channel == channel) if channel else query
    )
    return newest


async def failures(connection: AsyncConnection, *, since: datetime) -> dict[tuple[str, str], int]:
    """Answers given up since then, by channel and reason."""
    query = (
        select(outbox.c.channel, outbox.c.reason, func.count())
        .where(outbox.c.status == "failed", outbox.c.created_at >= since)
        .group_by(outbox.c.channel, outbox.c.reason)
    )
    return {(channel, reason): number for channel, reason, number in await connection.execute(query)}


async def freshness(connection: AsyncConnection, *, since: date, today: date) -> Freshness:
    """A service is stale when it was not verified since `since`, or its next check is overdue."""
    active = service.c.status == "active"
    old = or_(service.c.verified_on.is_(None), service.c.verified_on < since, service.c.check_due < today)
    count = select(func.count()).select_from(service)
    services = await connection.scalar(count.where(active)) or 0
    stale = await connection.scalar(count.where(active, old)) or 0
    rows = list(await connection.execute(select(source_state)))
    return Freshness(
        services,
        stale,
        sources={row.source: row.good_at for row in rows},
        failing={row.source: row.failures for row in rows},
        held=await source_store.held_counts(connection),
    )


async def moment(connection: AsyncConnection) -> datetime | None:
    """The database server's clock; None for SQLite, which has this machine's."""
    if connection.dialect.name == "sqlite":
        return None
    now: datetime | None = await connection.scalar(select(func.clock_timestamp()))
    return now


async def _queue(connection: AsyncConnection, at: ColumnElement[Any], waits: ColumnElement[bool]) -> Queue:
    row = (await connection.execute(select(func.count(), func.min(at)).where(waits))).one()
    return Queue(row[0], row[1])


async def held(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    """Answers that wait because a try failed, by channel and reason."""
    waits = and_(outbox.c.status == "waiting", outbox.c.reason != "")
    query = select(outbox.c.channel, outbox.c.reason, func.count()).where(waits)
    rows = await connection.execute(query.group_by(outbox.c.channel, outbox.c.reason))
    return {(channel, reason): number for channel, reason, number in rows}
