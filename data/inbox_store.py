"""What people wrote, from the webhook until it is answered. Stored before the platform hears 200."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.database import Database
from data.tables import inbox, person

WAITING, DONE, POISON = "waiting", "done", "poison"
MAX_BATCH = 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message to store: hashed ids, sealed contents. `answered` is False for what needs no turn."""

    channel: str
    external_key: str
    person_id: str
    address: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message to be answered."""

    id: int
    channel: str
    person_id: str
    payload: bytes
    attempts: int
    received_at: datetime


async def accept(connection: AsyncConnection, arrivals: list[Arrival], now: datetime) -> int:
    """Store what is new; a message that was stored before is left alone. Returns how many were new."""
    stored = 0
    for arrival in arrivals:
        # The person's row comes first: two webhooks of one person then wait for each other.
        await _remember_person(connection, arrival, now)
        stored += await _store(connection, arrival, now)
    return stored


class Intake:
    """Concurrent webhooks share one commit, so that a slow disk does not cap the intake."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: asyncio.Queue[tuple[list[Arrival], datetime, asyncio.Future[int]]] = asyncio.Queue()

    async def accept(self, arrivals: list[Arrival], now: datetime) -> int:
        """Return once the arrivals are on disk. Raises what the database raised when they are not."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        await self._queue.put((arrivals, now, future))
        return await future

    async def run(self) -> None:
        """Commit what has gathered, for ever."""
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty() and len(batch) < MAX_BATCH:
                batch.append(self._queue.get_nowait())
            await self._commit(batch)

    async def _commit(self, batch: list[tuple[list[Arrival], datetime, asyncio.Future[int]]]) -> None:
        try:
            async with self._database.write() as connection:
                counts = [await accept(connection, arrivals, now) for arrivals, now, _ in batch]
        except Exception as error:  # noqa: BLE001 - handed to every webhook that waits, which answers 503
            for _, _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, _, future), count in zip(batch, counts, strict=True):
            if not future.done():
                future.set_result(count)


async def claim_people(
    connection: AsyncConnection, *, now: datetime, lease: timedelta, limit: int
) -> list[str]:
    """Take people whose messages wait and who are nobody else's, longest waiting first."""
    waiting = (
        select(inbox.c.person_id, func.min(inbox.c.id).label("first"))
        .where(inbox.c.status == WAITING)
        .group_by(inbox.c.person_id)
        .order_by(func.min(inbox.c.id))
        .limit(limit * 4)
        .subquery()
    )
    free = or_(person.c.turn_until.is_(None), person.c.turn_until < now)
    query = (
        select(person.c.id)
        .join(waiting, waiting.c.person_id == person.c.id)
        .where(free)
        .order_by(waiting.c.first)
        .limit(limit)
        .with_for_update(of=person, skip_locked=True)
    )
    people = list((await connection.execute(query)).scalars())
    if people:
        await connection.execute(update(person).where(person.c.id.in_(people)).values(turn_until=now + lease))
    return people


async def release(connection: AsyncConnection, person_id: str) -> None:
    """Let another worker take the person."""
    await connection.execute(update(person).where(person.c.id == person_id).values(turn_until=None))


async def waiting_of(connection: AsyncConnection, person_id: str) -> list[Waiting]:
    """A person's messages that wait, in the order they came."""
    columns = (
        inbox.c.id,
        inbox.c.channel,
        inbox.c.person_id,
        inbox.c.payload,
        inbox.c.attempts,
        inbox.c.received_at,
    )
    mine = and_(inbox.c.person_id == person_id, inbox.c.status == WAITING)
    rows = await connection.execute(select(*columns).where(mine).order_by(inbox.c.id))
    return [Waiting(*row) for row in rows]


async def count_attempt(connection: AsyncConnection, message_id: int) -> None:
    """Note that a turn is being tried, so that a message which kills the process is set aside."""
    await connection.execute(
        update(inbox).where(inbox.c.id == message_id).values(attempts=inbox.c.attempts + 1)
    )


async def finish(connection: AsyncConnection, message_id: int) -> None:
    """The message is answered: its contents and its link to the person are wiped."""
    await _end(connection, message_id, status=DONE, reason="")


async def set_aside(connection: AsyncConnection, message_id: int, *, reason: str) -> None:
    """The message cannot be handled: it is wiped as well, and the reason (no text) is kept."""
    await _end(connection, message_id, status=POISON, reason=reason)


async def purge(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget the keys of messages that no platform will deliver again."""
    ended = and_(inbox.c.received_at < before, inbox.c.status != WAITING)
    result: CursorResult[Any] = await connection.execute(delete(inbox).where(ended))
    return result.rowcount


async def oldest_waiting(connection: AsyncConnection) -> datetime | None:
    """When the longest waiting message came, or None."""
    query = select(inbox.c.received_at).where(inbox.c.status == WAITING).order_by(inbox.c.id).limit(1)
    return (await connection.execute(query)).scalar_one_or_none()


async def _remember_person(connection: AsyncConnection, arrival: Arrival, now: datetime) -> None:
    insert = _insert(connection, person).values(
        id=arrival.person_id, channel=arrival.channel, address=arrival.address, seen_at=now, stopped=False
    )
    latest = {"address": insert.excluded.address, "seen_at": insert.excluded.seen_at}
    await connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=latest))


async def _store(connection: AsyncConnection, arrival: Arrival, now: datetime) -> int:
    insert = (
        _insert(connection, inbox)
        .values(
            channel=arrival.channel,
            external_key=arrival.external_key,
            person_id=arrival.person_id,
            payload=arrival.payload,
            status=WAITING,
            reason="",
            attempts=0,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["channel", "external_key"])
        .returning(inbox.c.id)
    )
    return len((await connection.execute(insert)).all())


async def _end(connection: AsyncConnection, message_id: int, *, status: str, reason: str) -> None:
    wiped = {"payload": None, "person_id": None, "status": status, "reason": reason}
    await connection.execute(update(inbox).where(inbox.c.id == message_id).values(**wiped))


def _insert(connection: AsyncConnection, table: Any) -> Any:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
