"""What caseworkers did: logins, changes of accounts, decisions. Never a password, a code or an address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import audit

MAX_WHO, MAX_TARGET, MAX_DETAIL = 200, 300, 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing somebody did. `who` is the account's address, `action` a code of bot.panel.words."""

    id: int
    at: datetime
    who: str
    action: str
    target: str
    detail: str


async def note(
    connection: AsyncConnection,
    action: str,
    *,
    who: str,
    now: datetime,
    target: str = "",
    detail: str = "",
) -> None:
    """Write down what somebody did."""
    values = {
        "at": now,
        "who": who[:MAX_WHO],
        "action": action,
        "target": target[:MAX_TARGET],
        "detail": detail[:MAX_DETAIL],
    }
    await connection.execute(insert(audit).values(**values))


async def entries(
    connection: AsyncConnection,
    *,
    before: int | None = None,
    who: str = "",
    action: str = "",
    limit: int = 50,
) -> list[Entry]:
    """The newest entries, or the newest older than one."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    if who:
        query = query.where(audit.c.who == who)
    if action:
        query = query.where(audit.c.action == action)
    return [Entry(**row) for row in (await connection.execute(query)).mappings()]


async def purge(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget what is older than that; how many entries went."""
    gone = await connection.execute(delete(audit).where(audit.c.at < before))
    return gone.rowcount
