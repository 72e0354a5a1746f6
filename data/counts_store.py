"""Counters of what was asked: added to in a turn, published by month, and merged when small and old."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.counts import GRAVE, Asked, Cell, Counted, Outcome, Published
from data.tables import asked_count, asked_who_count, published_cell, published_month

_OUTCOME = ("month", "area", "need", "outcome")
_WHO = ("month", "state", "need", "who")


async def add(connection: AsyncConnection, asked: Iterable[Asked], *, month: str) -> None:
    """Count these in a month («2026-11»), in the caller's transaction."""
    outcomes: Counter[tuple[str, ...]] = Counter()
    people: Counter[tuple[str, ...]] = Counter()
    for each in asked:
        area = each.area[:2] if each.need in GRAVE else each.area
        outcomes[month, area, each.need, each.outcome.value] += 1
        if each.outcome in (Outcome.SHOWN, Outcome.NONE):
            people.update((month, area[:2], each.need, who) for who in each.who)
    # In one order always, so that two turns never wait for each other.
    for key, by in sorted(outcomes.items()):
        await _raise(connection, asked_count, dict(zip(_OUTCOME, key, strict=True)), by=by)
    for key, by in sorted(people.items()):
        await _raise(connection, asked_who_count, dict(zip(_WHO, key, strict=True)), by=by)


async def months(connection: AsyncConnection) -> tuple[str, ...]:
    """The months with counters, published or not, oldest first."""
    found = await connection.execute(select(asked_count.c.month).distinct().order_by(asked_count.c.month))
    return tuple(found.scalars())


async def of_month(connection: AsyncConnection, month: str) -> Counted:
    """The counters of a month."""
    a, w = asked_count.c, asked_who_count.c
    outcomes = select(a.area, a.need, a.outcome, a.count).where(a.month == month)
    people = select(w.state, w.need, w.who, w.count).where(w.month == month)
    return Counted(
        tuple(Cell(*row) for row in await connection.execute(outcomes)),
        tuple(Cell(*row) for row in await connection.execute(people)),
    )


async def published_months(connection: AsyncConnection) -> dict[str, int]:
    """The months that were published and the threshold each was published with, oldest first."""
    found = select(published_month.c.month, published_month.c.threshold).order_by(published_month.c.month)
    return {row.month: row.threshold for row in await connection.execute(found)}


async def publish(
    connection: AsyncConnection, month: str, cells: Sequence[Published], *, threshold: int, now: datetime
) -> bool:
    """Freeze what may leave of a month. False when it was frozen before: then nothing changes."""
    made: Any = _dialect(connection).insert(published_month)
    row = made.values(month=month, threshold=threshold, published_at=now).on_conflict_do_nothing()
    if (await connection.execute(row.returning(published_month.c.month))).first() is None:
        return False
    rows = [
        {"month": month, "kind": c.kind, "area": c.area, "need": c.need, "name": c.name, "count": c.count}
        for c in cells
    ]
    if rows:
        await connection.execute(insert(published_cell), rows)
    return True


async def published(connection: AsyncConnection, first: str, last: str) -> tuple[Published, ...]:
    """Everything that may leave of these months, both included, in order."""
    c = published_cell.c
    found = (
        select(c.month, c.kind, c.area, c.need, c.name, c.count)
        .where(c.month >= first, c.month <= last)
        .order_by(c.month, c.kind, c.area, c.need, c.name)
    )
    return tuple(Published(*row) for row in await connection.execute(found))


async def merge_small(connection: AsyncConnection, *, until: str, threshold: int) -> int:
    """Move the small counters of municipalities into their state, up to and including a published month.

    Gives how many were moved. No figure that was published changes.
    """
    c = asked_count.c
    small = (
        (c.month <= until)
        & (func.length(c.area) == 5)
        & (c.count < threshold)
        & c.month.in_(select(published_month.c.month))
    )
    rows = (await connection.execute(select(c.month, c.area, c.need, c.outcome, c.count).where(small))).all()
    if not rows:
        return 0
    await connection.execute(delete(asked_count).where(small))
    for month, area, need, outcome, count in sorted(rows):
        key = {"month": month, "area": area[:2], "need": need, "outcome": outcome}
        await _raise(connection, asked_count, key, by=count)
    return len(rows)


async def _raise(connection: AsyncConnection, table: Table, key: dict[str, Any], *, by: int = 1) -> None:
    await connection.execute(_raised(connection.dialect.name, table), {**key, "count": by})


@cache  # building a statement costs more than running it
def _raised(dialect: str, table: Table) -> Any:
    made: Any = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    key = [column.name for column in table.columns if column.name != "count"]
    more = {"count": table.c.count + made.excluded.count}
    return made.on_conflict_do_update(index_elements=key, set_=more)


def _dialect(connection: AsyncConnection) -> Any:
    return sqlite if connection.dialect.name == "sqlite" else postgresql
