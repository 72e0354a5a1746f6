"""Changes that wait for a second person: who proposed them, what they would change, who decided."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data.record_json import Fields, dumps
from data.tables import proposal

WAITING, APPROVED, REFUSED, WITHDRAWN = "waiting", "approved", "refused", "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`fields` holds only what would change; None once it was decided. `revision` None: a new record."""

    id: str
    service_id: str
    revision: int | None
    name: str
    fields: Fields | None
    why: str
    reasons: tuple[str, ...]
    proposed_by: str
    proposed_name: str
    proposed_at: datetime
    status: str = WAITING
    decided_name: str = ""
    decided_at: datetime | None = None
    note: str = ""


async def add(connection: AsyncConnection, new: Proposal) -> str:
    """Keep a proposal; the same one sent twice is kept once. Its id."""
    for known in await of_service(connection, new.service_id):
        if known.proposed_by == new.proposed_by and known.fields == new.fields:
            return known.id
    row = {name: getattr(new, name) for name in Proposal.__slots__}
    row |= {"fields": dumps(new.fields), "reasons": " ".join(new.reasons)}
    await connection.execute(insert(proposal).values(**row))
    return new.id


async def waiting(connection: AsyncConnection) -> list[Proposal]:
    """What waits, the oldest first."""
    query = select(proposal).where(proposal.c.status == WAITING).order_by(proposal.c.proposed_at)
    return [_proposal(row) for row in (await connection.execute(query)).mappings()]


async def count_waiting(connection: AsyncConnection) -> int:
    """How many wait."""
    return int(await connection.scalar(select(func.count()).where(proposal.c.status == WAITING)) or 0)


async def decided(connection: AsyncConnection, *, limit: int = 30) -> list[Proposal]:
    """What was decided last."""
    query = (
        select(proposal)
        .where(proposal.c.status != WAITING)
        .order_by(proposal.c.decided_at.desc())
        .limit(limit)
    )
    return [_proposal(row) for row in (await connection.execute(query)).mappings()]


async def of_service(connection: AsyncConnection, service_id: str) -> list[Proposal]:
    """What waits for a record."""
    which = (proposal.c.service_id == service_id) & (proposal.c.status == WAITING)
    query = select(proposal).where(which).order_by(proposal.c.proposed_at)
    return [_proposal(row) for row in (await connection.execute(query)).mappings()]


async def load(connection: AsyncConnection, proposal_id: str) -> Proposal | None:
    """One proposal."""
    row = (
        (await connection.execute(select(proposal).where(proposal.c.id == proposal_id)))
        .mappings()
        .one_or_none()
    )
    return _proposal(row) if row else None


async def decide(
    connection: AsyncConnection, proposal_id: str, status: str, *, by: str, note: str = "", now: datetime
) -> bool:
    """Settle one that waits; its values are in the history then, or nowhere. False when it was settled."""
    which = (proposal.c.id == proposal_id) & (proposal.c.status == WAITING)
    values = {"status": status, "decided_name": by, "decided_at": now, "note": note, "fields": None}
    done: CursorResult[Any] = await connection.execute(update(proposal).where(which).values(**values))
    return done.rowcount == 1


async def erase(connection: AsyncConnection, service_id: str) -> None:
    """The record is a refuge now: nothing that was to be written in it may stay."""
    await connection.execute(delete(proposal).where(proposal.c.service_id == service_id))


def _proposal(row: Any) -> Proposal:
    values = {name: row[name] for name in Proposal.__slots__}
    fields = json.loads(row["fields"]) if row["fields"] else None
    return Proposal(**{**values, "fields": fields, "reasons": tuple(row["reasons"].split())})
