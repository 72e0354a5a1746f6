"""Phrases that were not understood, scrubbed and sealed, and what caseworkers wrote in their own words."""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import missed_phrase, own_phrase, person

MOST = 2000
"""More than these are not kept: nobody reads them all."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A phrase that nothing points to any more. `payload` is sealed."""

    id: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Own:
    """A caseworker's phrase and what it means: a code of Need or Steer."""

    id: str
    text: str
    label: str
    written_by: str
    written_on: date


async def hold(connection: AsyncConnection, person_id: str, payload: bytes, *, on: date) -> None:
    """Keep it with its talk, which may still turn to danger; nobody sees it before the talk is over."""
    if int(await connection.scalar(select(func.count()).select_from(missed_phrase)) or 0) >= MOST:
        return
    row = {"id": secrets.token_hex(8), "person_id": person_id, "payload": payload, "kept_on": on}
    await connection.execute(insert(missed_phrase).values(**row))


async def drop_of(connection: AsyncConnection, person_id: str) -> None:
    """The talk touched danger, or the person leaves: nothing of it stays."""
    await connection.execute(delete(missed_phrase).where(missed_phrase.c.person_id == person_id))


async def part(connection: AsyncConnection) -> None:
    """The phrases of talks that are forgotten point to nobody from now on."""
    over = select(person.c.id).where(person.c.state.is_(None))
    ended = missed_phrase.c.person_id.in_(over)
    await connection.execute(update(missed_phrase).where(ended).values(person_id=None))


async def purge(connection: AsyncConnection, *, before: date) -> None:
    """Old ones go, read or not."""
    await connection.execute(delete(missed_phrase).where(missed_phrase.c.kept_on < before))


async def missed(connection: AsyncConnection) -> list[Missed]:
    """All that nothing points to, in an order that tells nothing."""
    alone = missed_phrase.c.person_id.is_(None)
    query = select(missed_phrase.c.id, missed_phrase.c.payload).where(alone).order_by(missed_phrase.c.id)
    return [Missed(*row) for row in await connection.execute(query)]


async def remove(connection: AsyncConnection, phrase_id: str) -> None:
    """It is dealt with."""
    alone = (missed_phrase.c.id == phrase_id) & missed_phrase.c.person_id.is_(None)
    await connection.execute(delete(missed_phrase).where(alone))


async def write(connection: AsyncConnection, text: str, label: str, *, by: str, on: date) -> None:
    """Keep a caseworker's phrase; the same one is kept once."""
    row = {"id": secrets.token_hex(8), "text": text, "label": label, "written_by": by, "written_on": on}
    made = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(own_phrase)
    await connection.execute(made.values(**row).on_conflict_do_nothing())


async def written(connection: AsyncConnection) -> list[Own]:
    """Every phrase of a caseworker's, by meaning."""
    query = select(own_phrase).order_by(own_phrase.c.label, own_phrase.c.text)
    return [Own(**row) for row in (await connection.execute(query)).mappings()]


async def unwrite(connection: AsyncConnection, phrase_id: str) -> None:
    """Take a caseworker's phrase out again."""
    await connection.execute(delete(own_phrase).where(own_phrase.c.id == phrase_id))
