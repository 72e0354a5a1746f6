"""What the platforms say became of an answer. It only moves forward, whatever order it is told in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data import channel_store
from data.outbox_store import FAILED, SENDING, SENT, WAITING, Status
from data.tables import outbox

_BEFORE: dict[str, tuple[str, ...]] = {
    "sent": ("",),
    "failed": ("", "sent"),
    "delivered": ("", "sent"),
    "read": ("", "sent", "delivered"),
    "played": ("", "sent", "delivered", "read"),
    "deleted": ("", "sent", "delivered", "read", "played"),
}
"""Each status with those it may follow: «delivered» that comes after «read» changes nothing."""


async def note(connection: AsyncConnection, status: Status, now: datetime) -> bool:
    """Keep a status. True when it is news.

    It proves that the platform has the message, also when a crash or a timeout kept us from hearing so:
    then it is not sent again.
    """
    if status.billed:
        await _bill(connection, status, now)
    forward = and_(_is_it(status), outbox.c.delivery.in_(_BEFORE.get(status.name, ())))
    values = {"delivery": status.name, "external_key": status.external_key}
    moved: CursorResult[Any] = await connection.execute(update(outbox).where(forward).values(**values))
    if moved.rowcount == 0:
        return False
    failed = status.name == "failed"
    ended = {"status": FAILED, "reason": status.reason} if failed else {"status": SENT, "reason": ""}
    unknown = outbox.c.status.in_([SENDING, WAITING])
    which = and_(_is_it(status), or_(unknown, outbox.c.status == SENT) if failed else unknown)
    await connection.execute(update(outbox).where(which).values(**ended, payload=None))
    return True


async def _bill(connection: AsyncConnection, status: Status, now: datetime) -> None:
    """Several statuses of a message say that it is billed; it counts once."""
    new = and_(_is_it(status), ~outbox.c.billed)
    result: CursorResult[Any] = await connection.execute(update(outbox).where(new).values(billed=True))
    if result.rowcount:
        await channel_store.count(connection, status.channel, now, billed=1)


def _is_it(status: Status) -> ColumnElement[bool]:
    """An id of the outbox may be given again once it is purged; the platform's own never is.

    Only what was begun to be sent can have a status: an answer that was not tried yet is another one.
    """
    same = outbox.c.external_key.in_([status.external_key, ""])
    tried = or_(outbox.c.attempts > 0, outbox.c.external_key == status.external_key)
    return and_(outbox.c.id == status.outgoing_id, outbox.c.channel == status.channel, same, tried)
