"""The directory's history: every change field by field, who made it, when, why and from which source."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data.record_json import NEUTRAL, Fields, differences, dumps
from data.tables import change, change_batch

WHOLE = ""
"""The «field» of a row where a whole record came or went."""

_CHUNK = 2000
_IDS = 400


class Via(StrEnum):
    """By which way a change came in."""

    SEED = "seed"
    PANEL = "panel"
    IMPORT = "import"
    REFRESH = "refresh"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a batch of changes, and on which ground."""

    by: str
    via: Via
    why: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A record before and after, as fields: None before it came, or after it went.

    `undoes` maps a field to the change that is taken back.
    """

    service_id: str
    before: Fields | None
    after: Fields | None
    undoes: tuple[tuple[str, int], ...] = ()
    becomes_refuge: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that were published together."""

    id: int
    made_at: datetime
    author: Author
    version: int
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record. An erased change keeps no value."""

    id: int
    batch_id: int
    service_id: str
    field: str
    before: Any
    after: Any
    erased: bool
    undoes: int | None
    made_at: datetime
    author: Author


async def add(
    connection: AsyncConnection, author: Author, pairs: Sequence[Pair], *, version: int, now: datetime
) -> int:
    """Keep a batch; its number. A record that becomes a refuge loses its older values."""
    batch_id = await _add_batch(connection, author, version, now)
    for pair in pairs:
        if pair.becomes_refuge:
            await erase(connection, pair.service_id)
    rows = [row for pair in pairs for row in _rows(pair)]
    for start in range(0, len(rows), _CHUNK):
        chunk = [{"batch_id": batch_id, **row} for row in rows[start : start + _CHUNK]]
        await connection.execute(insert(change), chunk)
    return batch_id


async def erase(connection: AsyncConnection, service_id: str) -> None:
    """Forget every value that could tell a place, and the reasons and sources written beside them."""
    tells = (change.c.service_id == service_id) & change.c.field.not_in(NEUTRAL)
    await connection.execute(update(change).where(tells).values(before=None, after=None, erased=True))
    beside = select(change.c.batch_id).where(change.c.service_id == service_id)
    await connection.execute(
        update(change_batch).where(change_batch.c.id.in_(beside)).values(why="", source="")
    )


async def of_service(connection: AsyncConnection, service_id: str) -> tuple[Change, ...]:
    """Everything that happened to a record, newest first."""
    return await _changes(connection, change.c.service_id == service_id)


async def of_batch(connection: AsyncConnection, batch_id: int) -> tuple[Change, ...]:
    """The changes of a batch, newest first."""
    return await _changes(connection, change.c.batch_id == batch_id)


async def removed(connection: AsyncConnection, *, limit: int = 200) -> tuple[Change, ...]:
    """Records that went, the last first, each with what it was; also those that came back since."""
    went = (change.c.field == WHOLE) & change.c.after.is_(None) & change.c.before.is_not(None)
    return await _changes(connection, went, limit=limit)


async def get(connection: AsyncConnection, change_id: int) -> Change | None:
    """One change."""
    found = await _changes(connection, change.c.id == change_id)
    return found[0] if found else None


async def live_after(
    connection: AsyncConnection, change_id: int, service_ids: Sequence[str]
) -> dict[str, tuple[Change, ...]]:
    """Later changes of these records that nobody took back, by record."""
    found: dict[str, tuple[Change, ...]] = {}
    for start in range(0, len(service_ids), _IDS):
        among = change.c.service_id.in_(service_ids[start : start + _IDS])
        rows = await _changes(connection, among & (change.c.id >= change_id))
        for key in {row.service_id for row in rows}:
            found[key] = _live([row for row in rows if row.service_id == key])
    return found


def _live(newest_first: Sequence[Change]) -> tuple[Change, ...]:
    """A change that is itself undone takes nothing back."""
    undone: set[int] = set()
    for row in newest_first:
        if row.undoes is not None and row.id not in undone:
            undone |= {row.undoes, row.id}
    return tuple(row for row in newest_first if row.id not in undone)


async def changed_since(connection: AsyncConnection, version: int) -> frozenset[str]:
    """Ids of the records that changed after a version of the directory."""
    since = select(change_batch.c.id).where(change_batch.c.version > version)  # few: a join reads them all
    found = await connection.execute(
        select(change.c.service_id).where(change.c.batch_id.in_(since)).distinct()
    )
    return frozenset(found.scalars())


async def batches(connection: AsyncConnection, *, limit: int = 50) -> tuple[Batch, ...]:
    """The newest batches, each with the number of its changes."""
    counted = select(func.count()).where(change.c.batch_id == change_batch.c.id).scalar_subquery()
    query = select(change_batch, counted.label("changes")).order_by(change_batch.c.id.desc()).limit(limit)
    rows = (await connection.execute(query)).mappings()
    return tuple(Batch(r["id"], r["made_at"], _author(r), r["version"], r["changes"]) for r in rows)


async def _add_batch(connection: AsyncConnection, author: Author, version: int, now: datetime) -> int:
    values = {
        "made_at": now,
        "made_by": author.by,
        "via": author.via.value,
        "why": author.why,
        "source": author.source,
        "version": version,
    }
    made = await connection.execute(insert(change_batch).values(**values).returning(change_batch.c.id))
    return int(made.scalar_one())


def _rows(pair: Pair) -> list[dict[str, Any]]:
    undone = dict(pair.undoes)
    if pair.before is None or pair.after is None:
        return [_row(pair, WHOLE, pair.before, pair.after, undone)]
    found = differences(pair.before, pair.after)
    return [_row(pair, name, before, after, undone) for name, (before, after) in found.items()]


def _row(pair: Pair, field: str, before: Any, after: Any, undone: dict[str, int]) -> dict[str, Any]:
    erased = pair.becomes_refuge and pair.before is not None and field not in NEUTRAL
    return {
        "service_id": pair.service_id,
        "field": field,
        "before": None if erased or (field == WHOLE and before is None) else dumps(before),
        "after": None if erased or (field == WHOLE and after is None) else dumps(after),
        "erased": erased,
        "undoes": undone.get(field),
    }


async def _changes(
    connection: AsyncConnection, where: ColumnElement[bool], *, limit: int | None = None
) -> tuple[Change, ...]:
    joined = select(change, *_BESIDE).join(change_batch, change_batch.c.id == change.c.batch_id)
    query: Select[Any] = joined.where(where).order_by(change.c.id.desc()).limit(limit)
    return tuple(_change(row) for row in (await connection.execute(query)).mappings())


_BESIDE = tuple(change_batch.c[name] for name in ("made_at", "made_by", "via", "why", "source"))


def _change(row: Any) -> Change:
    return Change(
        id=row["id"],
        batch_id=row["batch_id"],
        service_id=row["service_id"],
        field=row["field"],
        before=_value(row["before"]),
        after=_value(row["after"]),
        erased=row["erased"],
        undoes=row["undoes"],
        made_at=row["made_at"],
        author=_author(row),
    )


def _author(row: Any) -> Author:
    return Author(by=row["made_by"], via=Via(row["via"]), why=row["why"], source=row["source"])


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
