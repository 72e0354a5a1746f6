"""A lease: one process of several does what only one may do. The same on both databases."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import lease


async def take(
    connection: AsyncConnection, name: str, holder: str, *, now: datetime, until: datetime
) -> bool:
    """Take or prolong a lease. False while somebody else holds it."""
    insert: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(lease)
    taken = (
        insert.values(name=name, holder=holder, until=until)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "until": until},
            where=(lease.c.holder == holder) | (lease.c.until < now),
        )
        .returning(lease.c.name)
    )
    return (await connection.execute(taken)).first() is not None


async def release(connection: AsyncConnection, name: str, holder: str) -> None:
    """Let another take it at once."""
    await connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))
