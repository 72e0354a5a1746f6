"""What an uploaded file would change, sealed, while its uploader decides. The file itself is never kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import upload

KEPT = timedelta(hours=24)
"""How long one waits for its uploader."""


async def add(
    connection: AsyncConnection, upload_id: str, payload: bytes, *, account_id: str, now: datetime
) -> None:
    """Keep it; an older one of the same account goes."""
    await connection.execute(delete(upload).where(upload.c.account_id == account_id))
    values = {"id": upload_id, "account_id": account_id, "payload": payload, "uploaded_at": now}
    await connection.execute(insert(upload).values(**values))


async def load(
    connection: AsyncConnection, upload_id: str, *, account_id: str, since: datetime
) -> bytes | None:
    """What its uploader put there; another's, or an old one, is not found."""
    mine = (upload.c.id == upload_id) & (upload.c.account_id == account_id) & (upload.c.uploaded_at > since)
    payload: bytes | None = await connection.scalar(select(upload.c.payload).where(mine).with_for_update())
    return payload


async def keep(connection: AsyncConnection, upload_id: str, payload: bytes) -> None:
    """What is left of it."""
    await connection.execute(update(upload).where(upload.c.id == upload_id).values(payload=payload))


async def drop(connection: AsyncConnection, upload_id: str, *, account_id: str) -> None:
    """It is done with."""
    mine = (upload.c.id == upload_id) & (upload.c.account_id == account_id)
    await connection.execute(delete(upload).where(mine))


async def purge(connection: AsyncConnection, *, before: datetime) -> None:
    """Those that nobody came back to go."""
    await connection.execute(delete(upload).where(upload.c.uploaded_at < before))


async def erase(connection: AsyncConnection) -> None:
    """A record became a refuge: nothing that waits may hold its place, whoever uploaded it."""
    await connection.execute(delete(upload))
