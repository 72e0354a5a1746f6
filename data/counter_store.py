"""Counters of what happened, added up by every process of this Faro. They outlive a restart."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import counter

Series = tuple[str, str]
"""A counter's name and its labels, as «key=value» in the order of the keys, with commas between."""

Counts = Mapping[Series, float]


async def add(connection: AsyncConnection, counts: Counts) -> None:
    """Raise counters. In one order, so that two processes never wait for each other in a circle."""
    insert: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(counter)
    raised = insert.on_conflict_do_update(
        index_elements=["name", "labels"], set_={"value": counter.c.value + insert.excluded.value}
    )
    rows = [{"name": n, "labels": labels, "value": v} for (n, labels), v in sorted(counts.items())]
    if rows:
        await connection.execute(raised, rows)


async def load(connection: AsyncConnection) -> dict[Series, float]:
    """Every counter."""
    query = select(counter.c.name, counter.c.labels, counter.c.value)
    return {(name, labels): value for name, labels, value in await connection.execute(query)}
