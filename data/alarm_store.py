"""Alarms that are on, so that each is told once by whichever process, and told again only after a while."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import alarm


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm: a sentence for the operator, without personal data. `told_at` is None until it went out."""

    name: str
    sentence: str
    since: datetime
    told_at: datetime | None


async def on(connection: AsyncConnection) -> list[Alarm]:
    """Every alarm that is on, the oldest first."""
    query = select(*(alarm.c[name] for name in Alarm.__slots__)).order_by(alarm.c.since, alarm.c.name)
    return [Alarm(*row) for row in await connection.execute(query)]


async def raise_(connection: AsyncConnection, name: str, sentence: str, *, now: datetime) -> None:
    """Put an alarm on; one that is on keeps when it began."""
    insert: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(alarm)
    row = insert.values(name=name, sentence=sentence[:500], since=now, told_at=None)
    await connection.execute(
        row.on_conflict_do_update(index_elements=["name"], set_={"sentence": row.excluded.sentence})
    )


async def told(connection: AsyncConnection, name: str, *, now: datetime) -> None:
    """The operator has it."""
    await connection.execute(update(alarm).where(alarm.c.name == name).values(told_at=now))


async def lift(connection: AsyncConnection, name: str) -> None:
    """It is over."""
    await connection.execute(delete(alarm).where(alarm.c.name == name))
