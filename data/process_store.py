"""Which processes of this Faro run, as each of them says every few seconds."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import process


@dataclass(frozen=True, slots=True)
class Process:
    """A process. `role`: all, web, worker, scheduler. `understanding`: rasa, keywords, or empty where it
    takes no turns. `memory` in bytes; `disk_free`, the free share of its disk, 0 to 1.
    """

    id: str
    role: str
    version: str
    understanding: str
    memory: int
    disk_free: float
    started_at: datetime
    seen_at: datetime


async def see(connection: AsyncConnection, seen: Process) -> None:
    """Note that a process runs."""
    insert: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(process)
    values = asdict(seen)
    noted = insert.values(**values).on_conflict_do_update(index_elements=["id"], set_=values)
    await connection.execute(noted)


async def gone(connection: AsyncConnection, process_id: str) -> None:
    """It ended in order."""
    await connection.execute(delete(process).where(process.c.id == process_id))


async def running(connection: AsyncConnection, *, since: datetime) -> list[Process]:
    """Processes that were seen since then."""
    columns = [process.c[name] for name in Process.__slots__]
    query = select(*columns).where(process.c.seen_at >= since).order_by(process.c.role, process.c.id)
    return [Process(*row) for row in await connection.execute(query)]


async def purge(connection: AsyncConnection, *, before: datetime) -> None:
    """Forget processes that were killed long ago."""
    await connection.execute(delete(process).where(process.c.seen_at < before))
