"""What caseworkers turned down of published lists: who, when and why, without the values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data.source_store import Kind
from data.tables import rejection


@dataclass(frozen=True, slots=True)
class Rejection:
    """A difference that somebody turned down. `fields` are names of fields, `why` may be empty."""

    source: str
    service_id: str
    name: str
    kind: Kind
    fields: tuple[str, ...]
    why: str
    by: str
    at: datetime


async def add(connection: AsyncConnection, found: Sequence[Rejection]) -> None:
    """Keep who turned down what."""
    rows = [
        {
            "source": each.source,
            "service_id": each.service_id,
            "name": each.name[:300],
            "kind": each.kind.value,
            "fields": " ".join(each.fields)[:500],
            "why": each.why[:300],
            "rejected_by": each.by[:200],
            "rejected_at": each.at,
        }
        for each in found
    ]
    if rows:
        await connection.execute(insert(rejection), rows)


async def newest(connection: AsyncConnection, *, source: str = "", limit: int = 50) -> tuple[Rejection, ...]:
    """The newest first, of one source or of all."""
    query = select(rejection).order_by(rejection.c.id.desc()).limit(limit)
    if source:
        query = query.where(rejection.c.source == source)
    return tuple(
        Rejection(
            source=row["source"],
            service_id=row["service_id"],
            name=row["name"],
            kind=Kind(row["kind"]),
            fields=tuple(row["fields"].split()),
            why=row["why"],
            by=row["rejected_by"],
            at=row["rejected_at"],
        )
        for row in (await connection.execute(query)).mappings()
    )


async def erase(connection: AsyncConnection, service_id: str) -> None:
    """A record became a refuge: nothing stays that somebody wrote beside it."""
    of_service = rejection.c.service_id == service_id
    await connection.execute(update(rejection).where(of_service).values(name="", why="", source=""))


async def purge(connection: AsyncConnection, *, before: datetime) -> None:
    """Old ones go with the runs they belong to."""
    await connection.execute(delete(rejection).where(rejection.c.rejected_at < before))
