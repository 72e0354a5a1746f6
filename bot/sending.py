"""Sending what waits in the outbox: in order per person, no database session open during a call."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics
from bot.channels import AcceptanceUnknown, Channel, FormRefused, Misconfigured, SendError, Sent
from bot.core import Core
from bot.messages import Reply, reply_from_dict
from bot.texts import welcome as say
from bot.turn import deletion
from data import outbox_store, people_store, request_store
from data.acceptance_store import Acceptance
from data.database import DatabaseAway
from data.keys import Keys, Unreadable
from data.outbox_store import SENDING, Outgoing

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
MAX_DELETE_ATTEMPTS = 5
"""What the person writes next waits behind it."""
WINDOW = timedelta(hours=24)
"""After this WhatsApp takes no free-form answer any more (Cloud API, customer service window)."""
_WAITS = (0.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
_OPERATOR_WAIT = 120.0
_NOTE_AGAIN = 0.5
_TOO_LATE = "too late to be sent"
_NOT_ITS_TURN = "somebody else answers in this conversation"


@dataclass(frozen=True, slots=True)
class Job:
    """What an outbox row asks for, opened."""

    reply: Reply | None
    delete: tuple[str, ...]
    context: str
    address: str
    drop_when_late: bool
    voice: str = request_store.ANY
    request: str = ""

    @property
    def is_goodbye(self) -> bool:
        """The words of SALIR: tried once, for whoever must not be written to."""
        return self.reply is not None and self.drop_when_late and not self.request


async def send_all(
    core: Core, person_id: str, *, now: datetime | None = None, stopping: Callable[[], bool] = lambda: False
) -> None:
    """Send what is due for one person, until something must wait."""
    while not stopping():
        moment = now or datetime.now(UTC)
        async with core.database.glance() as connection:
            outgoing = await outbox_store.next_of(connection, person_id)
        if outgoing is None or outgoing.not_before > moment:
            return
        if not await _send_one(core, outgoing, now=moment):
            return


async def fetch(core: Core, person_id: str, *, now: datetime | None = None) -> list[Reply]:
    """What waits for a person whose page fetches it: given once, and replaced when it comes too late."""
    moment = now or datetime.now(UTC)
    async with core.database.glance() as connection:
        if not await outbox_store.has_waiting(connection, person_id):
            return []
    async with core.database.store() as connection:
        await people_store.lock(connection, person_id)
        waiting = await outbox_store.waiting_of(connection, person_id)
        given = [await _fetched(core, connection, outgoing, now=moment) for outgoing in waiting]
        await people_store.forget_erased(connection, person_id)
    return [reply for reply in given if reply]


async def _fetched(
    core: Core, connection: AsyncConnection, outgoing: Outgoing, *, now: datetime
) -> Reply | None:
    job = _job(core, outgoing)
    if isinstance(job, str):
        await outbox_store.failed(connection, outgoing.id, reason=job)
        return None
    late = now >= outgoing.late_at
    if late and job.drop_when_late:
        await outbox_store.drop(connection, outgoing.id, reason=_TOO_LATE)
        return None
    if not await _is_its_turn(connection, outgoing, job):
        await outbox_store.drop(connection, outgoing.id, reason=_NOT_ITS_TURN)
        return None
    await outbox_store.sent(connection, outgoing.id)
    return Reply(say.LATE) if late and job.reply else job.reply


async def _send_one(core: Core, outgoing: Outgoing, *, now: datetime) -> bool:
    """True when the next answer of this person may follow at once."""
    job = _job(core, outgoing)
    if isinstance(job, str):
        return await _fail(core, outgoing, job)
    late = now >= outgoing.late_at
    was_cut_off = outgoing.status == SENDING
    if (late and job.drop_when_late) or (was_cut_off and job.is_goodbye):
        return await _drop(core, outgoing)
    unknown = outgoing.unknown + (1 if was_cut_off else 0)
    if unknown > 1 and job.reply:  # deleting twice harms nobody
        return await _fail(core, outgoing, "the platform never said whether it accepted it")
    channel = core.channels[outgoing.channel]
    pace, paced = channel.limits.sends, job.reply is not None and outgoing.attempts == 0
    wait = pace.wait(outgoing.full_at, now) if paced and not outgoing.hurry else 0.0
    async with core.database.note() as connection:
        if not await _is_its_turn(connection, outgoing, job):
            await outbox_store.drop(connection, outgoing.id, reason=_NOT_ITS_TURN)
            return True
        if wait:
            await outbox_store.hold(connection, outgoing.id, until=now + timedelta(seconds=wait))
            return False
        taken = pace.after(outgoing.full_at, now) if paced else None
        if not await outbox_store.start(connection, outgoing, unknown=unknown, full_at=taken):
            return True  # cancelled a moment ago, or in another's hands
    try:
        with core.meter.timed("send"):
            sent = await _deliver(core, channel, job, outgoing, late=late)
    except SendError as error:
        return await _after_error(core, outgoing, job, error, unknown=unknown, now=now)
    await _accepted(core, outgoing, sent, now=now)
    return outgoing.more


async def _is_its_turn(connection: AsyncConnection, outgoing: Outgoing, job: Job) -> bool:
    """Whether it is Faro, or a person of the team, who answers in this conversation just now."""
    if not (job.request or outgoing.has_asked):
        return True
    person_id, request_id = outgoing.person_id, job.request
    return await request_store.may_send(connection, person_id, voice=job.voice, request_id=request_id)


def _job(core: Core, outgoing: Outgoing) -> Job | str:
    """The row opened, or the reason why it cannot be."""
    if outgoing.address is None or outgoing.payload is None:
        return "the address is forgotten"
    try:
        address = core.keys.open(outgoing.address)
        data: dict[str, Any] = json.loads(core.keys.open(outgoing.payload))
        reply = reply_from_dict(data["reply"]) if "reply" in data else None
        delete = tuple(data.get("delete", ()))
        voice = data.get("voice", request_store.ANY)
        request = data.get("request", "")
        return Job(reply, delete, data.get("context", ""), address, outgoing.drop_when_late, voice, request)
    except Unreadable:
        return "sealed with a key that is gone"
    except (ValueError, KeyError, TypeError, AttributeError):
        return "kept in a form that can't be read"


async def _deliver(core: Core, channel: Channel, job: Job, outgoing: Outgoing, *, late: bool) -> Sent | None:
    if job.reply is None:
        await channel.delete(job.address, list(job.delete))
        return None
    reply = Reply(say.LATE) if late else job.reply
    message, plain = channel.render(reply), channel.render_plain(reply)
    reference = str(outgoing.id)
    try:
        return await channel.send(job.address, message, context=job.context, reference=reference)
    except FormRefused as error:  # nothing was accepted: the same in words is no second answer
        if plain == message:
            raise
        log.warning("%s: %s; sent as words instead", channel.name, error.reason)
        core.meter.count(metrics.SENDS, channel=channel.name, result="formrefused")
    return await channel.send(job.address, plain, context=job.context, reference=reference)


def message_key(keys: Keys, channel: str, external_id: str) -> str:
    """The platform's id of an answer as it is kept: a WhatsApp id holds the phone number."""
    return keys.digest("sent", channel, external_id)


async def _accepted(core: Core, outgoing: Outgoing, sent: Sent | None, *, now: datetime) -> None:
    core.meter.count(metrics.SENDS, channel=outgoing.channel, result="accepted")
    core.meter.observe(metrics.PART, (datetime.now(UTC) - outgoing.created_at).total_seconds(), part="outbox")
    accepted = Acceptance(outgoing.id, outgoing.person_id, outgoing.channel, now)
    if sent:
        key = message_key(core.keys, outgoing.channel, sent.external_id)
        accepted = replace(accepted, external_key=key)
    if sent and sent.deletable:
        sealed, unsend = core.keys.seal(sent.external_id), deletion(core.keys, [sent.external_id], now)
        accepted = replace(accepted, deletable=sealed, unsend=unsend)
    await _until_kept(lambda: core.accepted.store(accepted))


async def _after_error(
    core: Core, outgoing: Outgoing, job: Job, error: SendError, *, unknown: int, now: datetime
) -> bool:
    core.meter.count(metrics.SENDS, channel=outgoing.channel, result=type(error).__name__.lower())
    if job.is_goodbye:
        return await _drop(core, outgoing)
    limit = MAX_ATTEMPTS if job.reply else MAX_DELETE_ATTEMPTS
    spent = outgoing.attempts + 1 >= limit or now - outgoing.created_at > WINDOW
    is_unknown = isinstance(error, AcceptanceUnknown)
    if not error.retryable or spent or (is_unknown and unknown >= 1):
        return await _fail(core, outgoing, error.reason)
    wait = _wait(outgoing.attempts, error)
    log.warning("%s: %s; next try in %.0f s", outgoing.channel, error.reason, wait)
    later = now + timedelta(seconds=wait)
    unknown += 1 if is_unknown else 0
    await _noted(
        core,
        lambda c: outbox_store.retry(c, outgoing.id, not_before=later, unknown=unknown, reason=error.reason),
    )
    return False


def _wait(attempts: int, error: SendError) -> float:
    """Seconds until the next try: as the platform asks, else at once and then ever longer."""
    if error.retry_after is not None:
        return error.retry_after
    if error.growth:
        return float(min(error.growth**attempts, _WAITS[-1]))
    if isinstance(error, Misconfigured):
        return _OPERATOR_WAIT
    return _WAITS[min(attempts, len(_WAITS) - 1)]


async def _fail(core: Core, outgoing: Outgoing, reason: str) -> bool:
    log.error("%s: an answer was given up: %s", outgoing.channel, reason)
    core.meter.count(metrics.SENDS, channel=outgoing.channel, result="given_up")

    async def note(connection: AsyncConnection) -> None:
        await people_store.lock(connection, outgoing.person_id)
        await outbox_store.failed(connection, outgoing.id, reason=reason)
        await people_store.forget_erased(connection, outgoing.person_id)

    await _noted(core, note)
    return True


async def _drop(core: Core, outgoing: Outgoing) -> bool:
    core.meter.count(metrics.SENDS, channel=outgoing.channel, result="dropped")

    async def note(connection: AsyncConnection) -> None:
        await people_store.lock(connection, outgoing.person_id)
        await outbox_store.drop(connection, outgoing.id, reason=_TOO_LATE)
        await people_store.forget_erased(connection, outgoing.person_id)

    await _noted(core, note)
    return True


async def _noted(core: Core, note: Callable[[AsyncConnection], Awaitable[None]]) -> None:
    async def keep() -> None:
        async with core.database.store() as connection:
            await note(connection)

    await _until_kept(keep)


async def _until_kept(keep: Callable[[], Awaitable[None]]) -> None:
    """Write down how a send ended, however long the database is away: else it would be sent again."""
    while True:
        try:
            await keep()
            return
        except DatabaseAway as error:
            log.error("sends: %s; what was sent is noted once it is back", error)
            await asyncio.sleep(_NOTE_AGAIN)
