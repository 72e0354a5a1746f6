"""What people wrote, from the webhook until it is answered. Stored before the platform hears 200."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data import delivery_store, person_changes, person_lease
from data.database import Database
from data.outbox_store import Status
from data.person_changes import Change
from data.tables import inbox, person
from data.together import Together

WAITING, DONE, POISON = "waiting", "done", "poison"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message to store: hashed ids, sealed contents."""

    channel: str
    external_key: str
    person_id: str
    address: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message to be answered. `full_at`: when the person's bucket of turns is full again; None: it is."""

    id: int
    channel: str
    person_id: str
    payload: bytes
    attempts: int
    received_at: datetime
    not_before: datetime | None
    full_at: datetime | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """What one webhook brings, and when it came."""

    arrivals: list[Arrival]
    now: datetime
    changes: tuple[Change, ...] = ()
    statuses: tuple[Status, ...] = ()


async def accept(connection: AsyncConnection, arrivals: list[Arrival], now: datetime) -> None:
    """Store what is new; a message that was stored before is left alone."""
    await _accept_all(connection, [Webhook(arrivals, now)])


class Intake:
    """Concurrent webhooks share one commit, so that a slow disk does not cap the intake."""

    def __init__(self, database: Database) -> None:
        self._webhooks = Together(database, _accept_all)

    async def accept(
        self,
        arrivals: list[Arrival],
        now: datetime,
        *,
        changes: tuple[Change, ...] = (),
        statuses: tuple[Status, ...] = (),
    ) -> None:
        """Return once it is on disk. Raises what the database raised."""
        await self._webhooks.store(Webhook(arrivals, now, changes, statuses))


async def claim_people(
    connection: AsyncConnection, *, now: datetime, lease: timedelta, limit: int
) -> list[str]:
    """Take people whose messages wait and who are nobody else's, longest waiting first."""
    people = list((await connection.execute(_claim(), {"now": now, "most": limit})).scalars())
    if people:
        await person_lease.take(connection, person.c.turn_until, people, until=now + lease)
    return people


async def renew(connection: AsyncConnection, people: list[str], *, until: datetime) -> None:
    """Keep the people in hand for longer."""
    await person_lease.renew(connection, person.c.turn_until, people, until=until)


async def release(connection: AsyncConnection, *people: str) -> None:
    """Let another worker take these people."""
    await person_lease.release(connection, person.c.turn_until, list(people))


async def waiting_of(connection: AsyncConnection, person_id: str) -> list[Waiting]:
    """A person's messages that wait, in the order they came."""
    rows = await connection.execute(_waiting_of(), {"person": person_id})
    return [Waiting(*row) for row in rows]


@cache  # building a statement costs more than running it
def _claim() -> Select[Any]:
    """Goes through the index in order and stops at the limit, however many wait."""
    now, earlier = bindparam("now", type_=inbox.c.received_at.type), inbox.alias()
    first = ~exists().where(
        earlier.c.person_id == inbox.c.person_id,
        earlier.c.status == WAITING,
        earlier.c.id < inbox.c.id,
        or_(earlier.c.not_before.is_(None), earlier.c.not_before <= now),
    )
    due = or_(inbox.c.not_before.is_(None), inbox.c.not_before <= now)
    free = or_(person.c.turn_until.is_(None), person.c.turn_until < now)
    return (
        select(person.c.id)
        .join_from(inbox, person, person.c.id == inbox.c.person_id)
        .where(inbox.c.status == WAITING, due, free, first)
        .order_by(inbox.c.id)
        .limit(bindparam("most"))
        .with_for_update(of=person, skip_locked=True)
    )


@cache
def _waiting_of() -> Select[Any]:
    columns = (
        inbox.c.id,
        inbox.c.channel,
        inbox.c.person_id,
        inbox.c.payload,
        inbox.c.attempts,
        inbox.c.received_at,
        inbox.c.not_before,
        person.c.turns_full_at,
    )
    mine = and_(inbox.c.person_id == bindparam("person"), inbox.c.status == WAITING)
    query = select(*columns).outerjoin_from(inbox, person, person.c.id == inbox.c.person_id)
    return query.where(mine).order_by(inbox.c.id)


async def hold(connection: AsyncConnection, message_ids: list[int], *, until: datetime) -> None:
    """Not yet: the person writes too fast. What they write meanwhile is looked at all the same."""
    held = and_(inbox.c.id.in_(message_ids), inbox.c.status == WAITING)
    await connection.execute(update(inbox).where(held).values(not_before=until))


async def count_attempt(
    connection: AsyncConnection, waiting: Waiting, *, full_at: datetime | None = None
) -> bool:
    """Note that a turn is being tried, so that a message which kills the process is set aside, and what it
    took of the person's pace.

    False when somebody else has answered it by now.
    """
    if full_at:
        await connection.execute(_pace(), {"paced": waiting.person_id, "full_at": full_at})
    result: CursorResult[Any] = await connection.execute(_tried(), {"message": waiting.id})
    return result.rowcount == 1


async def finish(connection: AsyncConnection, message_id: int) -> bool:
    """The message is answered: its contents and its link to the person are wiped.

    False when somebody else has answered it by now: then this answer must not be kept.
    """
    return await _end(connection, message_id, status=DONE, reason="")


async def set_aside(connection: AsyncConnection, message_id: int, *, reason: str) -> bool:
    """The message cannot be handled: it is wiped as well, and the reason (no text) is kept.

    False when somebody else has answered it by now.
    """
    return await _end(connection, message_id, status=POISON, reason=reason)


async def purge(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget the keys of messages that no platform will deliver again."""
    ended = and_(inbox.c.received_at < before, inbox.c.status != WAITING)
    result: CursorResult[Any] = await connection.execute(delete(inbox).where(ended))
    return result.rowcount


async def oldest_waiting(connection: AsyncConnection) -> datetime | None:
    """When the longest waiting message came, or None."""
    query = select(inbox.c.received_at).where(inbox.c.status == WAITING).order_by(inbox.c.id).limit(1)
    return (await connection.execute(query)).scalar_one_or_none()


async def _accept_all(connection: AsyncConnection, webhooks: list[Webhook]) -> None:
    """Two statements for all messages: each way to the database and back costs more than what it does."""
    await person_changes.apply(connection, [change for webhook in webhooks for change in webhook.changes])
    # In the order of people, so that two processes never wait for each other in a circle; and a person's
    # row before their message: two webhooks of one person then wait for each other.
    arrivals = sorted(
        ((arrival, webhook.now) for webhook in webhooks for arrival in webhook.arrivals),
        key=lambda came: came[0].person_id,
    )
    if arrivals:
        dialect = connection.dialect.name
        await connection.execute(_remember(dialect), [_person(arrival, now) for arrival, now in arrivals])
        await connection.execute(_insert_message(dialect), [_row(arrival, now) for arrival, now in arrivals])
    statuses = [(status, webhook.now) for webhook in webhooks for status in webhook.statuses]
    for status, now in sorted(statuses, key=lambda told: told[0].outgoing_id):
        await delivery_store.note(connection, status, now)


def _person(arrival: Arrival, now: datetime) -> dict[str, Any]:
    """A message that comes a second time must not bring back a person who was forgotten since."""
    return {
        "new_id": arrival.person_id,
        "new_channel": arrival.channel,
        "new_address": arrival.address,
        "new_seen_at": now,
        "key": arrival.external_key,
    }


def _row(arrival: Arrival, now: datetime) -> dict[str, Any]:
    return {
        "channel": arrival.channel,
        "external_key": arrival.external_key,
        "person_id": arrival.person_id,
        "payload": arrival.payload,
        "received_at": now,
    }


@cache
def _remember(dialect: str) -> Any:
    values: dict[str, Any] = {
        name: bindparam(f"new_{name}", type_=person.c[name].type)
        for name in ("id", "channel", "address", "seen_at")
    }
    values |= {name: literal(False, person.c[name].type) for name in ("stopped", "erased")}
    known = exists().where(inbox.c.channel == values["channel"], inbox.c.external_key == bindparam("key"))
    insert = _insert(dialect, person).from_select(list(values), select(*values.values()).where(~known))
    latest = {"address": insert.excluded.address, "seen_at": insert.excluded.seen_at}
    return insert.on_conflict_do_update(index_elements=["id"], set_=latest)


@cache
def _insert_message(dialect: str) -> Any:
    names = ("channel", "external_key", "person_id", "payload", "received_at")
    return (
        _insert(dialect, inbox)
        .values(**{name: bindparam(name) for name in names}, status=WAITING, reason="", attempts=0)
        .on_conflict_do_nothing(index_elements=["channel", "external_key"])
    )


async def _end(connection: AsyncConnection, message_id: int, *, status: str, reason: str) -> bool:
    values = {"message": message_id, "new_status": status, "new_reason": reason}
    result: CursorResult[Any] = await connection.execute(_ended(), values)
    return result.rowcount == 1


@cache
def _pace() -> Any:
    return update(person).where(person.c.id == bindparam("paced")).values(turns_full_at=bindparam("full_at"))


@cache
def _tried() -> Any:
    return update(inbox).where(_waits(bindparam("message"))).values(attempts=inbox.c.attempts + 1)


@cache
def _ended() -> Any:
    new: dict[str, Any] = {"status": bindparam("new_status"), "reason": bindparam("new_reason")}
    return update(inbox).where(_waits(bindparam("message"))).values(payload=None, person_id=None, **new)


def _waits(message_id: Any) -> ColumnElement[bool]:
    return and_(inbox.c.id == message_id, inbox.c.status == WAITING)


def _insert(dialect: str, table: Any) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
