"""Leases on people: one turn, and one send, at a time per person. The same for what comes in and goes out."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import person

Held = Column[datetime | None]
"""`turn_until` or `send_until` of a person; None: nobody's."""


async def take(connection: AsyncConnection, held: Held, people: list[str], *, until: datetime) -> None:
    """Hold people whose rows this transaction has locked."""
    await connection.execute(_take(held), {"people": people, "until": until})


async def renew(connection: AsyncConnection, held: Held, people: list[str], *, until: datetime) -> None:
    """Keep the people in hand for longer; not those whom somebody let go."""
    await connection.execute(_renew(held), {"people": people, "until": until})


async def release(connection: AsyncConnection, held: Held, people: list[str]) -> None:
    """Let another hold these people."""
    await connection.execute(_release(held), {"people": people})


@cache  # building a statement costs more than running it
def _take(held: Held) -> Any:
    return update(person).where(person.c.id.in_(_people())).values({held: bindparam("until")})


@cache
def _renew(held: Held) -> Any:
    mine = person.c.id.in_(_in_order())
    return update(person).where(mine, held.is_not(None)).values({held: bindparam("until")})


@cache
def _release(held: Held) -> Any:
    return update(person).where(person.c.id.in_(_in_order())).values({held: None})


def _in_order() -> Any:
    """In the order of people, as whoever stores their messages locks them."""
    mine = person.c.id.in_(_people())
    return select(person.c.id).where(mine).order_by(person.c.id).with_for_update()


def _people() -> Any:
    return bindparam("people", expanding=True)
