"""What Faro answers, from the turn until the platform has it. In order per person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import outbox, person

WAITING, SENDING, SENT, FAILED, DROPPED = "waiting", "sending", "sent", "failed", "dropped"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An answer to be sent. `unknown` counts sends whose acceptance nobody knows."""

    id: int
    person_id: str
    channel: str
    payload: bytes
    status: str
    attempts: int
    unknown: int
    created_at: datetime
    not_before: datetime
    late_at: datetime
    drop_when_late: bool
    address: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to queue: sealed contents, and from when it would come too late."""

    payload: bytes
    late_at: datetime
    drop_when_late: bool = False


async def add(
    connection: AsyncConnection, person_id: str, channel: str, answers: list[Answer], now: datetime
) -> None:
    """Queue answers for a person, behind what waits already."""
    for answer in answers:
        row = {
            "person_id": person_id,
            "channel": channel,
            "payload": answer.payload,
            "status": WAITING,
            "reason": "",
            "attempts": 0,
            "unknown": 0,
            "created_at": now,
            "not_before": now,
            "late_at": answer.late_at,
            "drop_when_late": answer.drop_when_late,
        }
        await connection.execute(insert(outbox).values(**row))


async def claim_people(
    connection: AsyncConnection, *, now: datetime, lease: timedelta, limit: int, channels: list[str]
) -> list[str]:
    """Take people who have an answer due and whom nobody else is sending to."""
    due = (
        select(outbox.c.person_id)
        .where(outbox.c.status.in_([WAITING, SENDING]), outbox.c.channel.in_(channels))
        .where(outbox.c.not_before <= now)
        .distinct()
    )
    free = or_(person.c.send_until.is_(None), person.c.send_until < now)
    query = (
        select(person.c.id)
        .where(person.c.id.in_(due), free)
        .limit(limit)
        .with_for_update(of=person, skip_locked=True)
    )
    people = list((await connection.execute(query)).scalars())
    if people:
        await connection.execute(update(person).where(person.c.id.in_(people)).values(send_until=now + lease))
    return people


async def release(connection: AsyncConnection, person_id: str) -> None:
    """Let another sender take the person."""
    await connection.execute(update(person).where(person.c.id == person_id).values(send_until=None))


async def next_of(connection: AsyncConnection, person_id: str) -> Outgoing | None:
    """A person's first answer that has not ended, due or not: the order holds."""
    columns = [outbox.c[name] for name in Outgoing.__slots__ if name != "address"]
    query = (
        select(*columns, person.c.address)
        .join(person, person.c.id == outbox.c.person_id)
        .where(outbox.c.person_id == person_id, outbox.c.status.in_([WAITING, SENDING]))
        .order_by(outbox.c.id)
        .limit(1)
    )
    row = (await connection.execute(query)).mappings().one_or_none()
    return Outgoing(**row) if row else None


async def start(connection: AsyncConnection, outgoing: Outgoing, *, unknown: int) -> bool:
    """Note that a send begins, so that a crash leaves it as unknown. False when it was cancelled."""
    values = {"status": SENDING, "attempts": outgoing.attempts + 1, "unknown": unknown}
    open_row = and_(outbox.c.id == outgoing.id, outbox.c.status.in_([WAITING, SENDING]))
    result: CursorResult[Any] = await connection.execute(update(outbox).where(open_row).values(**values))
    return result.rowcount == 1


async def sent(connection: AsyncConnection, outgoing_id: int) -> None:
    """The platform accepted it; the contents are wiped."""
    await _end(connection, outgoing_id, status=SENT, reason="")


async def failed(connection: AsyncConnection, outgoing_id: int, *, reason: str) -> None:
    """It will not be sent; the reason (no text, no address) is kept for the operator."""
    await _end(connection, outgoing_id, status=FAILED, reason=reason)


async def retry(connection: AsyncConnection, outgoing_id: int, *, not_before: datetime, unknown: int) -> None:
    """Try again, not before a moment."""
    open_row = and_(outbox.c.id == outgoing_id, outbox.c.status.in_([WAITING, SENDING]))
    values = {"status": WAITING, "not_before": not_before, "unknown": unknown}
    await connection.execute(update(outbox).where(open_row).values(**values))


async def drop(connection: AsyncConnection, outgoing_id: int, *, reason: str) -> None:
    """It came too late to be sent at all."""
    await _end(connection, outgoing_id, status=DROPPED, reason=reason)


async def cancel_all(connection: AsyncConnection, person_id: str) -> None:
    """Nothing that waits for this person is sent any more."""
    open_rows = and_(outbox.c.person_id == person_id, outbox.c.status.in_([WAITING, SENDING]))
    values = {"status": DROPPED, "payload": None, "reason": "cancelled by the person"}
    await connection.execute(update(outbox).where(open_rows).values(**values))


async def waiting_of(connection: AsyncConnection, person_id: str) -> list[Outgoing]:
    """All that waits for a person, in order: what the web chat fetches."""
    columns = [outbox.c[name] for name in Outgoing.__slots__ if name != "address"]
    query = (
        select(*columns, person.c.address)
        .join(person, person.c.id == outbox.c.person_id)
        .where(outbox.c.person_id == person_id, outbox.c.status == WAITING)
        .order_by(outbox.c.id)
    )
    return [Outgoing(**row) for row in (await connection.execute(query)).mappings()]


async def purge(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget answers that ended long ago."""
    ended = and_(outbox.c.created_at < before, outbox.c.status.not_in([WAITING, SENDING]))
    result: CursorResult[Any] = await connection.execute(delete(outbox).where(ended))
    return result.rowcount


async def _end(connection: AsyncConnection, outgoing_id: int, *, status: str, reason: str) -> None:
    values = {"status": status, "payload": None, "reason": reason}
    await connection.execute(update(outbox).where(outbox.c.id == outgoing_id).values(**values))
