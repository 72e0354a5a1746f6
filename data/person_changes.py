"""People who left, got another id, or whose phone has another holder: what is kept follows, or goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data import outbox_store
from data.tables import inbox, outbox, person, request, sent_message

_OF_A_PERSON = (inbox, outbox, sent_message, request)
_WORDLESS = {"state": None, "state_at": None}


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: moved (to `new_person_id`), blocked, forgotten. Ids are hashes, the address is sealed."""

    kind: str
    person_id: str
    new_person_id: str = ""
    new_address: bytes | None = None


async def apply(connection: AsyncConnection, changes: list[Change]) -> None:
    """Make the changes that concern somebody who is kept; most concern nobody."""
    if not changes:
        return
    named = {change.person_id for change in changes} | {change.new_person_id for change in changes}
    # In the order of people, as in every transaction that touches several.
    query = select(person.c.id).where(person.c.id.in_(named - {""})).order_by(person.c.id).with_for_update()
    known = set((await connection.execute(query)).scalars())
    for change in changes:
        if change.person_id not in known:
            continue
        if change.kind == "moved":
            await _move(connection, change, is_known=change.new_person_id in known)
            known = (known - {change.person_id}) | {change.new_person_id}
        elif change.kind in ("blocked", "forgotten"):
            await _forget(connection, change.person_id, other_holder=change.kind == "forgotten")


async def _move(connection: AsyncConnection, change: Change, *, is_known: bool) -> None:
    """The same person under another id, perhaps one that is known already."""
    old, new = change.person_id, change.new_person_id
    if old == new:
        return
    before = await _row(connection, old)
    if is_known:
        await _merge(connection, before, await _row(connection, new))
    else:
        await connection.execute(insert(person).values(**{**before, "id": new}))
    if change.new_address:
        await connection.execute(_person(new).values(address=change.new_address))
    await _keep_the_newer_request(connection, (old, new))
    for table in _OF_A_PERSON:
        await connection.execute(update(table).where(table.c.person_id == old).values(person_id=new))
    await connection.execute(delete(person).where(person.c.id == old))


async def _merge(connection: AsyncConnection, old: dict[str, Any], new: dict[str, Any]) -> None:
    """The later conversation counts; who stopped messages under either id has stopped them."""
    newer = old if _is_later(old, new) else new
    values = {"state": newer["state"], "state_at": newer["state_at"], "stopped": newer["stopped"]}
    await connection.execute(_person(new["id"]).values(**values))


def _is_later(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return new["state"] is None or bool(old["seen_at"] > new["seen_at"] and old["state"] is not None)


async def _keep_the_newer_request(connection: AsyncConnection, ids: Iterable[str]) -> None:
    """There is one open request a person."""
    open_ones = and_(request.c.person_id.in_(ids), request.c.closed_at.is_(None))
    query = select(request.c.id).where(open_ones).order_by(request.c.created_at.desc())
    older = list((await connection.execute(query)).scalars())[1:]
    await connection.execute(delete(request).where(request.c.id.in_(older)))


async def _forget(connection: AsyncConnection, person_id: str, *, other_holder: bool) -> None:
    """The conversation, and what was still to be said in it, are not for whoever reads there now."""
    await outbox_store.cancel_all(connection, person_id)
    await connection.execute(_person(person_id).values(**_WORDLESS))
    mine = and_(request.c.person_id == person_id, request.c.closed_at.is_(None))
    if other_holder:
        await connection.execute(update(request).where(mine).values(doubt=True, owner="bot", called=False))
    else:
        await connection.execute(delete(request).where(mine))


async def _row(connection: AsyncConnection, person_id: str) -> dict[str, Any]:
    return dict((await connection.execute(select(person).where(person.c.id == person_id))).mappings().one())


def _person(person_id: str) -> Any:
    return update(person).where(person.c.id == person_id)
