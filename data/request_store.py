"""Requests to talk to a person, and what is said in them: sealed, tied to the person, gone with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import outbox, person, request, request_message

BOT, PERSON = "bot", "person"
"""Who answers in a conversation."""

ANY, CALL = "any", "call"
"""Besides those two, whose words an answer carries: words that always go, and «¿Puede escribir ahora?»."""

_WAITING = ("waiting", "sending")
_ENDED = "the talk with a person ended"


@dataclass(frozen=True, slots=True)
class Kept:
    """A request as stored. `payload` is sealed.

    `called`: «¿Puede escribir ahora?» waits for an answer, `called_at` when it was last asked and
    `call_delivery` what became of it in the outbox.
    `heard_at` and `spoke_at`: the last words of the person and of the caseworker while they talked.
    `doubt`: somebody else may hold the phone. `untold`: Faro answers again and has not said so yet.
    `held_at`: when the newest of the words came that wait for the person's «Sí», None without any.
    `seen_at`: the person's last message.
    """

    id: str
    person_id: str
    payload: bytes
    owner: str
    taken_by: str
    created_at: datetime
    until: datetime
    called_at: datetime | None
    called: bool
    call_delivery: str
    heard_at: datetime | None
    spoke_at: datetime | None
    doubt: bool
    untold: bool
    closed_at: datetime | None
    held_at: datetime | None
    channel: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """Words in a request, sealed. `delivery`: the outbox's status, empty when it is not known any more.

    `billed`: the platform charges for it.
    """

    id: int
    by_person: bool
    payload: bytes
    created_at: datetime
    held: bool
    read_at: datetime | None
    delivery: str
    billed: bool = False


async def leave(
    connection: AsyncConnection,
    person_id: str,
    payload: bytes,
    *,
    request_id: str,
    until: datetime,
    now: datetime,
) -> None:
    """Keep what a person asks for; it takes the place of what the same person asked before."""
    values = {"payload": payload, "until": until, "doubt": False, "called": False}
    mine = and_(request.c.person_id == person_id, _is_open())
    result: CursorResult[Any] = await connection.execute(update(request).where(mine).values(**values))
    if result.rowcount == 0:
        row = {**values, "id": request_id, "person_id": person_id, "created_at": now}
        await connection.execute(insert(request).values(**row))


async def open_of(connection: AsyncConnection, person_id: str) -> Kept | None:
    """A person's open request; there is at most one."""
    return await _one(connection, and_(request.c.person_id == person_id, _is_open()))


async def open_ones(connection: AsyncConnection) -> list[Kept]:
    """Every open request, oldest first."""
    query = _query().where(_is_open()).order_by(request.c.created_at, request.c.id)
    return [Kept(**row) for row in (await connection.execute(query)).mappings()]


async def closed_ones(connection: AsyncConnection) -> list[Kept]:
    """Closed requests that are not erased yet, the last closed first."""
    query = _query().where(~_is_open()).order_by(request.c.closed_at.desc(), request.c.id)
    return [Kept(**row) for row in (await connection.execute(query)).mappings()]


async def load(connection: AsyncConnection, request_id: str) -> Kept | None:
    """A request, open or closed, or None when it was taken back or erased."""
    return await _one(connection, request.c.id == request_id)


async def lock(connection: AsyncConnection, request_id: str) -> Kept | None:
    """An open request that nobody else changes until this transaction ends."""
    # The person first, as in every transaction: nobody then waits in a circle.
    whose = select(request.c.person_id).where(request.c.id == request_id).scalar_subquery()
    await connection.execute(select(person.c.id).where(person.c.id == whose).with_for_update())
    locked = select(request.c.id).where(request.c.id == request_id, _is_open()).with_for_update()
    if (await connection.execute(locked)).one_or_none() is None:
        return None
    return await load(connection, request_id)


async def take(connection: AsyncConnection, request_id: str, *, by: str) -> bool:
    """A caseworker takes a request. False when another has it, or it is not open any more."""
    free = and_(request.c.id == request_id, _is_open(), request.c.taken_by.in_(["", by]))
    result: CursorResult[Any] = await connection.execute(update(request).where(free).values(taken_by=by))
    return result.rowcount == 1


async def put_back(connection: AsyncConnection, request_id: str) -> None:
    """The caseworker leaves it to others."""
    await connection.execute(update(request).where(request.c.id == request_id).values(taken_by=""))


async def answer(
    connection: AsyncConnection, request_id: str, payload: bytes, *, outbox_id: int | None, now: datetime
) -> None:
    """Keep a caseworker's words: on their way with an outbox id, else held until the person's «Sí»."""
    await connection.execute(
        insert(request_message).values(
            request_id=request_id,
            by_person=False,
            payload=payload,
            created_at=now,
            held=outbox_id is None,
            outbox_id=outbox_id,
        )
    )
    if outbox_id is not None:
        await connection.execute(_one_request(request_id).values(spoke_at=now))


async def call(connection: AsyncConnection, request_id: str, *, outbox_id: int | None, now: datetime) -> None:
    """«¿Puede escribir ahora?» is on its way."""
    values = {"called": True, "called_at": now, "call_outbox_id": outbox_id, "owner": BOT}
    await connection.execute(_one_request(request_id).values(**values))


async def accept(connection: AsyncConnection, request_id: str, *, now: datetime) -> list[Said]:
    """The person said «Sí»: from now on a person answers. Returns the words that were held for it."""
    held = await _said(connection, and_(request_message.c.request_id == request_id, request_message.c.held))
    ids = [said.id for said in held]
    values = {"owner": PERSON, "called": False, "called_at": None, "doubt": False, "untold": False}
    await connection.execute(_one_request(request_id).values(**values, spoke_at=now, heard_at=now))
    await connection.execute(update(request_message).where(request_message.c.id.in_(ids)).values(held=False))
    return held


async def mark_sent(connection: AsyncConnection, said_id: int, *, outbox_id: int | None) -> None:
    """Note by which outbox row held words went."""
    mine = request_message.c.id == said_id
    await connection.execute(update(request_message).where(mine).values(outbox_id=outbox_id))


async def later(connection: AsyncConnection, request_id: str) -> None:
    """«Ahora no»: what was held stays held."""
    await connection.execute(_one_request(request_id).values(called=False))


async def hear(connection: AsyncConnection, request_id: str, payload: bytes, *, now: datetime) -> None:
    """Keep a person's words, for the caseworker only."""
    row = {"request_id": request_id, "by_person": True, "payload": payload, "created_at": now, "held": False}
    await connection.execute(insert(request_message).values(**row))
    await connection.execute(_one_request(request_id).values(heard_at=now, untold=False))


async def hand_back(connection: AsyncConnection, request_id: str, *, untold: bool) -> None:
    """Faro answers again; words of the caseworker that did not leave yet don't leave any more."""
    await _cancel_words(connection, request_id)
    await connection.execute(_one_request(request_id).values(owner=BOT, called=False, untold=untold))


async def pause(connection: AsyncConnection, request_id: str, *, now: datetime) -> None:
    """The same by the person's own word, who is left in peace for a while as after a question."""
    await hand_back(connection, request_id, untold=False)
    await connection.execute(_one_request(request_id).values(called_at=now))


async def doubt(connection: AsyncConnection, request_id: str) -> None:
    """Somebody else seems to hold the phone: nobody writes until the person asks again."""
    await hand_back(connection, request_id, untold=False)
    await connection.execute(_one_request(request_id).values(doubt=True))


async def close(connection: AsyncConnection, request_id: str, *, now: datetime) -> None:
    """It is done. What was held and never asked for goes at once, the rest after the set time."""
    await hand_back(connection, request_id, untold=False)
    held = and_(request_message.c.request_id == request_id, request_message.c.held)
    await connection.execute(delete(request_message).where(held))
    await connection.execute(_one_request(request_id).values(closed_at=now))


async def withdraw(connection: AsyncConnection, person_id: str, *, closed_too: bool) -> None:
    """The person takes it back: with every word in it, as if it had never been left."""
    mine = request.c.person_id == person_id
    gone = mine if closed_too else and_(mine, _is_open())
    ids = list((await connection.execute(select(request.c.id).where(gone))).scalars())
    for request_id in ids:
        await _cancel_words(connection, request_id)
    await connection.execute(delete(request).where(request.c.id.in_(ids)))


async def words(connection: AsyncConnection, request_id: str) -> list[Said]:
    """All that was said in a request, in order."""
    return await _said(connection, request_message.c.request_id == request_id)


async def mark_read(connection: AsyncConnection, request_id: str, *, now: datetime) -> None:
    """The caseworker has seen the person's words."""
    new = and_(
        request_message.c.request_id == request_id,
        request_message.c.by_person,
        request_message.c.read_at.is_(None),
    )
    await connection.execute(update(request_message).where(new).values(read_at=now))


async def on_their_way(connection: AsyncConnection, request_id: str, *, now: datetime) -> bool:
    """Whether words of the caseworker are still being sent."""
    open_rows = and_(_carries_words_of(request_id), outbox.c.status.in_(_WAITING), outbox.c.late_at > now)
    found = select(outbox.c.id).where(open_rows).limit(1)
    return (await connection.execute(found)).one_or_none() is not None


async def may_send(connection: AsyncConnection, person_id: str, *, voice: str, request_id: str) -> bool:
    """Whether an answer with that voice may still go to the person: asked when it is sent."""
    if voice == ANY:
        return True
    kept = await open_of(connection, person_id)
    owner = kept.owner if kept else BOT
    if voice == BOT:
        return owner == BOT
    if kept is None or kept.id != request_id:
        return False
    return owner == PERSON if voice == PERSON else kept.called and not kept.doubt and owner == BOT


async def outbox_id(connection: AsyncConnection, person_id: str, payload: bytes) -> int | None:
    """The outbox row that carries exactly these sealed bytes."""
    found = and_(outbox.c.person_id == person_id, outbox.c.payload == payload)
    return (await connection.execute(select(outbox.c.id).where(found))).scalar_one_or_none()


async def purge(connection: AsyncConnection, *, before: datetime) -> int:
    """Erase requests that were closed before, with every word in them."""
    old = request.c.closed_at < before
    result: CursorResult[Any] = await connection.execute(delete(request).where(old))
    return result.rowcount


async def _cancel_words(connection: AsyncConnection, request_id: str) -> None:
    waiting = and_(_carries_words_of(request_id), outbox.c.status == "waiting")
    values = {"status": "dropped", "payload": None, "reason": _ENDED}
    await connection.execute(update(outbox).where(waiting).values(**values))


def _carries_words_of(request_id: str) -> ColumnElement[bool]:
    """An outbox id may be another person's by now: SQLite gives the newest again once they are purged."""
    return exists().where(
        request_message.c.request_id == request_id,
        request_message.c.outbox_id == outbox.c.id,
        request.c.id == request_message.c.request_id,
        request.c.person_id == outbox.c.person_id,
    )


async def _one(connection: AsyncConnection, which: ColumnElement[bool]) -> Kept | None:
    row = (await connection.execute(_query().where(which))).mappings().one_or_none()
    return Kept(**row) if row else None


def _query() -> Any:
    held = and_(request_message.c.request_id == request.c.id, request_message.c.held)
    held_at = select(func.max(request_message.c.created_at)).where(held).scalar_subquery()
    mine = [request.c[name] for name in Kept.__slots__ if name in request.c]
    delivery = select(outbox.c.status).where(
        outbox.c.id == request.c.call_outbox_id, outbox.c.person_id == request.c.person_id
    )
    columns = (
        *mine,
        held_at.label("held_at"),
        func.coalesce(delivery.scalar_subquery(), "").label("call_delivery"),
        person.c.channel,
        person.c.seen_at,
    )
    return select(*columns).join(person, person.c.id == request.c.person_id)


async def _said(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Said]:
    columns = [request_message.c[name] for name in Said.__slots__ if name not in ("delivery", "billed")]
    same = and_(outbox.c.id == request_message.c.outbox_id, outbox.c.person_id == request.c.person_id)
    query = (
        select(*columns, outbox.c.status.label("delivery"), outbox.c.billed)
        .join_from(request_message, request)
        .join(outbox, same, isouter=True)
        .where(which)
        .order_by(request_message.c.id)
    )
    rows = (await connection.execute(query)).mappings()
    return [Said(**{**row, "delivery": row["delivery"] or "", "billed": bool(row["billed"])}) for row in rows]


def _one_request(request_id: str) -> Any:
    return update(request).where(request.c.id == request_id)


def _is_open() -> ColumnElement[bool]:
    return request.c.closed_at.is_(None)
