"""Sending what waits in the outbox: in order per person, no database session open during a call."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels import AcceptanceUnknown, Channel, Misconfigured, SendError, Sent
from bot.core import Core
from bot.messages import Reply, reply_from_dict
from bot.texts import welcome as say
from data import outbox_store, people_store
from data.keys import Unreadable
from data.outbox_store import SENDING, Outgoing

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
WINDOW = timedelta(hours=24)
"""After this WhatsApp takes no free-form answer any more (Cloud API, customer service window)."""
_WAITS = (0.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
_OPERATOR_WAIT = 120.0


@dataclass(frozen=True, slots=True)
class Job:
    """What an outbox row asks for, opened."""

    reply: Reply | None
    delete: tuple[str, ...]
    context: str
    address: str


async def send_all(core: Core, person_id: str, *, now: datetime | None = None) -> None:
    """Send what is due for one person, until something must wait."""
    while True:
        moment = now or datetime.now(UTC)
        async with core.database.read() as connection:
            outgoing = await outbox_store.next_of(connection, person_id)
        if outgoing is None or outgoing.not_before > moment:
            return
        if not await _send_one(core, outgoing, now=moment):
            return


async def _send_one(core: Core, outgoing: Outgoing, *, now: datetime) -> bool:
    """True when the next answer of this person may follow at once."""
    job = _job(core, outgoing)
    if isinstance(job, str):
        return await _fail(core, outgoing, job)
    late = now >= outgoing.late_at
    if late and outgoing.drop_when_late:
        return await _drop(core, outgoing)
    unknown = outgoing.unknown + (1 if outgoing.status == SENDING else 0)
    if unknown > 1:
        return await _fail(core, outgoing, "the platform never said whether it accepted it")
    async with core.database.write() as connection:
        if not await outbox_store.start(connection, outgoing, unknown=unknown):
            return True  # cancelled a moment ago
    try:
        sent = await _deliver(core.channels[outgoing.channel], job, outgoing, late=late)
    except SendError as error:
        return await _after_error(core, outgoing, error, unknown=unknown, now=now)
    await _accepted(core, outgoing, sent, now=now)
    return True


def _job(core: Core, outgoing: Outgoing) -> Job | str:
    """The row opened, or the reason why it cannot be."""
    if outgoing.address is None or outgoing.payload is None:
        return "the address is forgotten"
    try:
        address = core.keys.open(outgoing.address)
        data: dict[str, Any] = json.loads(core.keys.open(outgoing.payload))
    except Unreadable:
        return "sealed with a key that is gone"
    reply = reply_from_dict(data["reply"]) if "reply" in data else None
    return Job(reply, tuple(data.get("delete", ())), data.get("context", ""), address)


async def _deliver(channel: Channel, job: Job, outgoing: Outgoing, *, late: bool) -> Sent | None:
    if job.reply is None:
        await channel.delete(job.address, list(job.delete))
        return None
    reply = Reply(say.LATE) if late else job.reply
    message = channel.render(reply)
    return await channel.send(job.address, message, context=job.context, reference=str(outgoing.id))


async def _accepted(core: Core, outgoing: Outgoing, sent: Sent | None, *, now: datetime) -> None:
    async with core.database.write() as connection:
        await outbox_store.sent(connection, outgoing.id)
        if sent and sent.deletable:
            message = core.keys.seal(sent.external_id)
            await people_store.add_sent(connection, outgoing.person_id, message, now)
        await people_store.forget_erased(connection, outgoing.person_id)


async def _after_error(
    core: Core, outgoing: Outgoing, error: SendError, *, unknown: int, now: datetime
) -> bool:
    spent = outgoing.attempts + 1 >= MAX_ATTEMPTS or now - outgoing.created_at > WINDOW
    is_unknown = isinstance(error, AcceptanceUnknown)
    if outgoing.drop_when_late:  # the goodbye of SALIR is tried once
        return await _drop(core, outgoing)
    if not error.retryable or spent or (is_unknown and unknown >= 1):
        return await _fail(core, outgoing, error.reason)
    wait = _wait(outgoing.attempts, error)
    log.warning("%s: %s; next try in %.0f s", outgoing.channel, error.reason, wait)
    async with core.database.write() as connection:
        await outbox_store.retry(
            connection,
            outgoing.id,
            not_before=now + timedelta(seconds=wait),
            unknown=unknown + (1 if is_unknown else 0),
        )
    return False


def _wait(attempts: int, error: SendError) -> float:
    """Seconds until the next try: as the platform asks, else at once and then ever longer."""
    if error.retry_after is not None:
        return error.retry_after
    if isinstance(error, Misconfigured):
        return _OPERATOR_WAIT
    return _WAITS[min(attempts, len(_WAITS) - 1)]


async def _fail(core: Core, outgoing: Outgoing, reason: str) -> bool:
    log.error("%s: an answer was given up: %s", outgoing.channel, reason)
    async with core.database.write() as connection:
        await outbox_store.failed(connection, outgoing.id, reason=reason)
        await people_store.forget_erased(connection, outgoing.person_id)
    return True


async def _drop(core: Core, outgoing: Outgoing) -> bool:
    async with core.database.write() as connection:
        await outbox_store.drop(connection, outgoing.id, reason="too late to be sent")
        await people_store.forget_erased(connection, outgoing.person_id)
    return True
