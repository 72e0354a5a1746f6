"""What is kept about a platform: how fast it was sent to, and how many answers it took in a month."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import channel_month, channel_pace


async def full_at(connection: AsyncConnection, channel: str) -> datetime | None:
    """When the platform's bucket of sends is full again; nobody else takes of it until this ends."""
    full: datetime | None = await connection.scalar(_full_at(), {"named": channel})
    return full


async def save_full_at(connection: AsyncConnection, channel: str, moment: datetime) -> None:
    """Note what was taken of the bucket."""
    pace = {"channel": channel, "full_at": moment}
    await connection.execute(_save_full_at(connection.dialect.name), pace)


async def count(
    connection: AsyncConnection, channel: str, now: datetime, *, accepted: int = 0, billed: int = 0
) -> None:
    """Add to the counters of a calendar month."""
    added = {"channel": channel, "month": month(now), "accepted": accepted, "billed": billed, "warned": 0}
    await connection.execute(_count(connection.dialect.name), added)


async def counted(connection: AsyncConnection, channel: str, now: datetime) -> tuple[int, int, int]:
    """Of this month: answers accepted, answers billed, and the percentage that was warned of last."""
    columns = (channel_month.c.accepted, channel_month.c.billed, channel_month.c.warned)
    this = (channel_month.c.channel == channel, channel_month.c.month == month(now))
    row = (await connection.execute(select(*columns).where(*this))).one_or_none()
    return (row.accepted, row.billed, row.warned) if row else (0, 0, 0)


async def warned(connection: AsyncConnection, channel: str, now: datetime, *, percent: int) -> None:
    """Note that the operator was told of a percentage of the budget."""
    this = (channel_month.c.channel == channel, channel_month.c.month == month(now))
    await connection.execute(update(channel_month).where(*this).values(warned=percent))


def month(now: datetime) -> str:
    """The calendar month (UTC, as Meta counts) of a moment, as «2026-11»."""
    return now.strftime("%Y-%m")


@cache  # building a statement costs more than running it
def _full_at() -> Any:
    named = channel_pace.c.channel == bindparam("named")
    return select(channel_pace.c.full_at).where(named).with_for_update()


@cache
def _save_full_at(dialect: str) -> Any:
    row = _insert(dialect, channel_pace)
    return row.on_conflict_do_update(index_elements=["channel"], set_={"full_at": row.excluded.full_at})


@cache
def _count(dialect: str) -> Any:
    row = _insert(dialect, channel_month)
    more = {
        "accepted": channel_month.c.accepted + row.excluded.accepted,
        "billed": channel_month.c.billed + row.excluded.billed,
    }
    return row.on_conflict_do_update(index_elements=["channel", "month"], set_=more)


def _insert(dialect: str, table: Any) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
