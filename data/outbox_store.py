"""What Faro answers, from the turn until the platform has it. In order per person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from data import person_lease
from data.people_store import has_asked
from data.tables import outbox, person

WAITING, SENDING, SENT, FAILED, DROPPED = "waiting", "sending", "sent", "failed", "dropped"
_CANCELLED = "cancelled by the person"
_LEFT = "cancelled by the person, who left"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An answer to be sent. `unknown` counts sends whose acceptance nobody knows.

    `full_at` is when the person's bucket of sends is full again; `hurry`, that something urgent waits for
    the person, here or behind; `more`, that something waits behind; `has_asked`, to talk to a person.
    """

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
    full_at: datetime | None
    hurry: bool
    more: bool
    has_asked: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to queue: sealed contents, and from when it would come too late. What is urgent waits
    for no pace of ours."""

    payload: bytes
    late_at: datetime
    drop_when_late: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """What the platform says became of an answer. `external_key` is the hashed id it gave the message."""

    outgoing_id: int
    channel: str
    external_key: str
    name: str
    reason: str = ""
    billed: bool = False


async def add(
    connection: AsyncConnection, person_id: str, channel: str, answers: list[Answer], now: datetime
) -> None:
    """Queue answers for a person, behind what waits already."""
    if any(answer.urgent for answer in answers):
        paced = and_(outbox.c.person_id == person_id, outbox.c.status == WAITING, outbox.c.attempts == 0)
        await connection.execute(update(outbox).where(paced).values(not_before=now))
    for answer in answers:
        row: dict[str, Any] = {
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
            "urgent": answer.urgent,
        }
        await connection.execute(_add(), row)


async def claim_people(
    connection: AsyncConnection, *, now: datetime, lease: timedelta, limit: int, channels: list[str]
) -> list[str]:
    """Take people whose next answer is due and whom nobody else is sending to, longest waiting first.

    An answer behind one that must wait is not due: the order holds.
    """
    values = {"now": now, "channels": channels, "most": limit}
    people = list((await connection.execute(_claim(), values)).scalars())
    if people:
        await person_lease.take(connection, person.c.send_until, people, until=now + lease)
    return people


async def renew(connection: AsyncConnection, people: list[str], *, until: datetime) -> None:
    """Keep the people in hand for longer."""
    await person_lease.renew(connection, person.c.send_until, people, until=until)


async def release(connection: AsyncConnection, *people: str) -> None:
    """Let another sender take these people."""
    await person_lease.release(connection, person.c.send_until, list(people))


async def next_of(connection: AsyncConnection, person_id: str) -> Outgoing | None:
    """A person's first answer that has not ended, due or not: the order holds."""
    row = (await connection.execute(_next_of(), {"person": person_id})).mappings().one_or_none()
    return Outgoing(**row) if row else None


async def start(
    connection: AsyncConnection, outgoing: Outgoing, *, unknown: int, full_at: datetime | None = None
) -> bool:
    """Note that a send begins, so that a crash leaves it as unknown, and what it took of the person's pace.

    False when it was cancelled, or somebody else began to send it.
    """
    if full_at:
        await connection.execute(_pace(), {"paced": outgoing.person_id, "full_at": full_at})
    values = {"outgoing": outgoing.id, "tries": outgoing.attempts, "new_unknown": unknown}
    result: CursorResult[Any] = await connection.execute(_started(), values)
    return result.rowcount == 1


async def hold(connection: AsyncConnection, outgoing_id: int, *, until: datetime) -> None:
    """Not yet: the person gets messages too fast."""
    waits = and_(outbox.c.id == outgoing_id, outbox.c.status == WAITING)
    await connection.execute(update(outbox).where(waits).values(not_before=until))


async def sent(connection: AsyncConnection, outgoing_id: int, *, external_key: str = "") -> bool:
    """The platform accepted it; the contents are wiped. `external_key`: its hashed id there.

    True when the person left (SALIR) meanwhile, so that it must be deleted at their side.
    """
    if await _end(connection, outgoing_id, status=SENT, reason="", external_key=external_key):
        return False
    reason = await connection.scalar(select(outbox.c.reason).where(outbox.c.id == outgoing_id))
    return reason == _LEFT


async def all_sent(connection: AsyncConnection, keys: dict[int, str]) -> None:
    """`sent` for several: by its id, each answer's hashed id at the platform."""
    rows = [_ending(outgoing_id, status=SENT, external_key=key) for outgoing_id, key in sorted(keys.items())]
    if rows:
        await connection.execute(_ended(), rows)


async def failed(connection: AsyncConnection, outgoing_id: int, *, reason: str) -> None:
    """It will not be sent; the reason (no text, no address) is kept for the operator."""
    await _end(connection, outgoing_id, status=FAILED, reason=reason)


async def retry(
    connection: AsyncConnection, outgoing_id: int, *, not_before: datetime, unknown: int, reason: str
) -> None:
    """Try again, not before a moment. The reason (no text, no address) is kept for the operator."""
    values = {"status": WAITING, "not_before": not_before, "unknown": unknown, "reason": reason[:200]}
    await connection.execute(update(outbox).where(_is_open(outgoing_id)).values(**values))


async def drop(connection: AsyncConnection, outgoing_id: int, *, reason: str) -> None:
    """It came too late to be sent at all."""
    await _end(connection, outgoing_id, status=DROPPED, reason=reason)


async def cancel_all(connection: AsyncConnection, person_id: str, *, leaves: bool = False) -> None:
    """Nothing that waits for this person is sent any more. `leaves`: nor may stay what is on its way."""
    open_rows = and_(outbox.c.person_id == person_id, outbox.c.status.in_([WAITING, SENDING]))
    values = {"status": DROPPED, "payload": None, "reason": _LEFT if leaves else _CANCELLED}
    await connection.execute(update(outbox).where(open_rows).values(**values))


async def has_waiting(connection: AsyncConnection, person_id: str) -> bool:
    """Whether there is something for the web chat to fetch."""
    mine = select(outbox.c.id).where(outbox.c.person_id == person_id, outbox.c.status == WAITING)
    return (await connection.execute(mine.limit(1))).first() is not None


async def waiting_of(connection: AsyncConnection, person_id: str) -> list[Outgoing]:
    """All that waits for a person, in order, for the web chat: nobody else gets it until this ends."""
    mine = and_(outbox.c.person_id == person_id, outbox.c.status == WAITING)
    query = _outgoing().where(mine).order_by(outbox.c.id).with_for_update(of=outbox)
    return [Outgoing(**row) for row in (await connection.execute(query)).mappings()]


async def purge(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget answers that ended long ago."""
    ended = and_(outbox.c.created_at < before, outbox.c.status.not_in([WAITING, SENDING]))
    result: CursorResult[Any] = await connection.execute(delete(outbox).where(ended))
    return result.rowcount


@cache  # building a statement costs more than running it
def _claim() -> Any:
    now = bindparam("now", type_=outbox.c.not_before.type)
    channels: Any = bindparam("channels", expanding=True)
    earlier = outbox.alias()
    first = ~exists().where(
        earlier.c.person_id == outbox.c.person_id,
        earlier.c.status.in_([WAITING, SENDING]),
        earlier.c.channel.in_(channels),
        earlier.c.id < outbox.c.id,
    )
    free = or_(person.c.send_until.is_(None), person.c.send_until < now)
    return (
        select(person.c.id)
        .join_from(outbox, person, person.c.id == outbox.c.person_id)
        .where(outbox.c.status.in_([WAITING, SENDING]), outbox.c.channel.in_(channels))
        .where(outbox.c.not_before <= now, free, first)
        .order_by(outbox.c.id)
        .limit(bindparam("most"))
        .with_for_update(of=person, skip_locked=True)
    )


@cache
def _pace() -> Any:
    return update(person).where(person.c.id == bindparam("paced")).values(sends_full_at=bindparam("full_at"))


@cache
def _started() -> Any:
    as_read = and_(_is_open(bindparam("outgoing")), outbox.c.attempts == bindparam("tries"))
    new = {"attempts": outbox.c.attempts + 1, "unknown": bindparam("new_unknown")}
    return update(outbox).where(as_read).values(status=SENDING, **new)


@cache
def _add() -> Any:
    return insert(outbox)


@cache
def _next_of() -> Any:
    mine = and_(outbox.c.person_id == bindparam("person"), outbox.c.status.in_([WAITING, SENDING]))
    return _outgoing().where(mine).order_by(outbox.c.id).limit(1)


@cache
def _ended() -> Any:
    names = ("status", "reason", "external_key")
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(outbox).where(_is_open(bindparam("outgoing"))).values(**values, payload=None)


def _outgoing() -> Any:
    """What `Outgoing` holds, with the person's address and pace."""
    other = outbox.alias()
    waits = and_(other.c.person_id == outbox.c.person_id, other.c.status == WAITING)
    columns: list[Any] = [outbox.c[name] for name in Outgoing.__slots__ if name in outbox.c]
    beside = {
        "full_at": person.c.sends_full_at,
        "hurry": exists().where(waits, other.c.urgent),
        "more": exists().where(waits, other.c.id > outbox.c.id),
        "has_asked": has_asked(),
    }
    columns += [person.c.address, *(value.label(name) for name, value in beside.items())]
    return select(*columns).join(person, person.c.id == outbox.c.person_id)


async def _end(
    connection: AsyncConnection, outgoing_id: int, *, status: str, reason: str, external_key: str = ""
) -> bool:
    ending = _ending(outgoing_id, status=status, reason=reason, external_key=external_key)
    result: CursorResult[Any] = await connection.execute(_ended(), ending)
    return result.rowcount == 1


def _ending(outgoing_id: int, *, status: str, reason: str = "", external_key: str = "") -> dict[str, Any]:
    new = {"new_status": status, "new_reason": reason, "new_external_key": external_key}
    return {"outgoing": outgoing_id, **new}


def _is_open(outgoing_id: Any) -> ColumnElement[bool]:
    # No IN: a statement with one cannot be run for several rows at once.
    is_open = or_(outbox.c.status == WAITING, outbox.c.status == SENDING)
    return and_(outbox.c.id == outgoing_id, is_open)
