"""What is kept about a platform: how fast it was sent to, and how many answers it took in a month."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import channel_month, channel_pace


async def full_at(connection: AsyncConnection, channel: str) -> datetime | None:
    """When the platform's bucket of sends is full again; nobody else takes of it until this ends."""
    query = select(channel_pace.c.full_at).where(channel_pace.c.channel == channel).with_for_update()
    return await connection.scalar(query)


async def save_full_at(connection: AsyncConnection, channel: str, moment: datetime) -> None:
    """Note what was taken of the bucket."""
    row = _insert(connection, channel_pace).values(channel=channel, full_at=moment)
    await connection.execute(
        row.on_conflict_do_update(index_elements=["channel"], set_={"full_at": row.excluded.full_at})
    )


async def count(
    connection: AsyncConnection, channel: str, now: datetime, *, accepted: int = 0, billed: int = 0
) -> None:
    """Add to the counters of the calendar month (UTC, as Meta counts)."""
    row = _insert(connection, channel_month).values(
        channel=channel, month=_month(now), accepted=accepted, billed=billed, warned=0
    )
    more = {
        "accepted": channel_month.c.accepted + row.excluded.accepted,
        "billed": channel_month.c.billed + row.excluded.billed,
    }
    await connection.execute(row.on_conflict_do_update(index_elements=["channel", "month"], set_=more))


async def counted(connection: AsyncConnection, channel: str, now: datetime) -> tuple[int, int, int]:
    """Of this month: answers accepted, answers billed, and the percentage that was warned of last."""
    columns = (channel_month.c.accepted, channel_month.c.billed, channel_month.c.warned)
    this = (channel_month.c.channel == channel, channel_month.c.month == _month(now))
    row = (await connection.execute(select(*columns).where(*this))).one_or_none()
    return (row.accepted, row.billed, row.warned) if row else (0, 0, 0)


async def warned(connection: AsyncConnection, channel: str, now: datetime, *, percent: int) -> None:
    """Note that the operator was told of a percentage of the budget."""
    this = (channel_month.c.channel == channel, channel_month.c.month == _month(now))
    await connection.execute(update(channel_month).where(*this).values(warned=percent))


def _month(now: datetime) -> str:
    return now.strftime("%Y-%m")


def _insert(connection: AsyncConnection, table: Any) -> Any:
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
