"""What is kept about a person, for how long, and how it is forgotten."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Exists,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import inbox, outbox, person, request, sent_message


@dataclass(frozen=True, slots=True)
class Person:
    """A person as stored: `state` is the sealed conversation, None when forgotten; `has_asked`, to talk to
    a person."""

    id: str
    channel: str
    address: bytes | None
    state: bytes | None
    state_at: datetime | None
    stopped: bool
    offered: str = ""
    has_asked: bool = False


async def load(connection: AsyncConnection, person_id: str) -> Person | None:
    """The person, or None when everything was forgotten."""
    row = (await connection.execute(_load(), {"person": person_id})).one_or_none()
    return Person(*row) if row else None


async def lock(connection: AsyncConnection, person_id: str) -> bool:
    """Keep others from the person until the transaction ends. Whether the person had everything erased.

    First thing in every transaction that touches more than one of the person's rows: whoever takes them
    in another order waits for somebody who waits for them.
    """
    return bool(await connection.scalar(_lock(), {"person": person_id}))


async def lock_all(connection: AsyncConnection, people: set[str]) -> list[str]:
    """`lock` for several, in the order of people. Those of them who had everything erased."""
    rows = await connection.execute(_lock_all(), {"people": list(people)})
    return [person_id for person_id, is_erased in rows if is_erased]


async def save_state(
    connection: AsyncConnection, person_id: str, *, state: bytes | None, stopped: bool, now: datetime | None
) -> None:
    """Keep the conversation as it stands after a turn at `now`, which silence counts from.

    None: silence does not end it (somebody who left must not be met as one who never left).
    """
    values = {"person": person_id, "new_state": state, "new_state_at": now, "new_stopped": stopped}
    await connection.execute(_save_state(), values)


async def mark_offered(connection: AsyncConnection, person_id: str, consultation_id: str) -> None:
    """A consultation is offered to a person once, for as long as anything is kept about them."""
    await connection.execute(update(person).where(person.c.id == person_id).values(offered=consultation_id))


async def erase(connection: AsyncConnection, person_id: str) -> None:
    """Everything about a person but the address for the last answer, which goes once that is sent."""
    await connection.execute(delete(sent_message).where(sent_message.c.person_id == person_id))
    values = {"state": None, "state_at": None, "stopped": False, "erased": True, "offered": ""}
    await connection.execute(update(person).where(person.c.id == person_id).values(**values))


async def forget_erased(connection: AsyncConnection, person_id: str) -> None:
    """The last answer to an erased person was given: nothing is left of them."""
    await lock(connection, person_id)  # a message that is being stored now is then seen, and counts
    gone = and_(person.c.id == person_id, person.c.erased, ~_waits_for_a_turn(), ~_waits_for_an_answer())
    await connection.execute(delete(person).where(gone))


async def forget_conversations(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget need, place, who and step of those who have been silent."""
    idle = and_(person.c.state_at < before, person.c.state.is_not(None))
    result: CursorResult[Any] = await connection.execute(
        update(person).where(idle).values(state=None, state_at=None)
    )
    return result.rowcount


async def forget_people(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget people not seen since. Whoever waits for an answer made since then stays for it; an older
    one that nobody fetched, or whose channel is off by now, keeps nobody.
    """
    recent = _waits_for_an_answer().where(outbox.c.created_at >= before)
    gone = and_(person.c.seen_at < before, ~_waits_for_a_turn(), ~recent)
    result: CursorResult[Any] = await connection.execute(delete(person).where(gone))
    return result.rowcount


async def add_sent(connection: AsyncConnection, person_id: str, message: bytes, now: datetime) -> None:
    """Remember a message of ours, sealed, that the platform lets us delete later."""
    row = {"person_id": person_id, "message": message, "sent_at": now}
    await connection.execute(insert(sent_message).values(**row))


async def take_sent(connection: AsyncConnection, person_id: str, *, since: datetime) -> list[bytes]:
    """The messages that can still be deleted; they are forgotten here."""
    mine = sent_message.c.person_id == person_id
    rows = await connection.execute(
        select(sent_message.c.message)
        .where(mine, sent_message.c.sent_at >= since)
        .order_by(sent_message.c.id)
    )
    found = list(rows.scalars())
    await connection.execute(delete(sent_message).where(mine))
    return found


async def purge_sent(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget messages that the platform no longer lets us delete."""
    result: CursorResult[Any] = await connection.execute(
        delete(sent_message).where(sent_message.c.sent_at < before)
    )
    return result.rowcount


@cache  # building a statement costs more than running it
def _load() -> Select[Any]:
    columns: list[Any] = [person.c[name] for name in Person.__slots__ if name in person.c]
    return select(*columns, has_asked().label("has_asked")).where(person.c.id == bindparam("person"))


@cache
def _save_state() -> Any:
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("state", "state_at", "stopped")}
    return update(person).where(person.c.id == bindparam("person")).values(**new, erased=False)


@cache
def _lock() -> Select[Any]:
    return select(person.c.erased).where(person.c.id == bindparam("person")).with_for_update()


@cache
def _lock_all() -> Select[Any]:
    named = person.c.id.in_(bindparam("people", expanding=True))
    return select(person.c.id, person.c.erased).where(named).order_by(person.c.id).with_for_update()


def has_asked() -> ColumnElement[bool]:
    """Whether a person left a request that is open."""
    return exists().where(request.c.person_id == person.c.id, request.c.closed_at.is_(None))


def _waits_for_a_turn() -> ColumnElement[bool]:
    return exists().where(inbox.c.person_id == person.c.id)


def _waits_for_an_answer() -> Exists:
    return exists().where(outbox.c.person_id == person.c.id, outbox.c.status.in_(["waiting", "sending"]))
