"""Calls that nobody answered while a record was being checked: when, by whom, and when to try again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import check_try


@dataclass(frozen=True, slots=True)
class Tries:
    """How often nobody answered since the record was last reached."""

    count: int
    last_at: datetime
    again_at: datetime


async def tried(
    connection: AsyncConnection, service_id: str, *, by: str, now: datetime, again_at: datetime
) -> None:
    """Nobody answered."""
    values = {"service_id": service_id, "tried_at": now, "tried_by": by[:200], "again_at": again_at}
    await connection.execute(insert(check_try).values(**values))


async def reached(connection: AsyncConnection, service_id: str) -> None:
    """Somebody answered, or it is known that nobody will: the tries no longer count."""
    await connection.execute(delete(check_try).where(check_try.c.service_id == service_id))


async def tries(connection: AsyncConnection) -> dict[str, Tries]:
    """Every record that did not answer, by id."""
    t = check_try.c
    latest = (func.count(), func.max(t.tried_at), func.max(t.again_at))
    rows = await connection.execute(select(t.service_id, *latest).group_by(t.service_id))
    return {key: Tries(count, last_at, again_at) for key, count, last_at, again_at in rows}
