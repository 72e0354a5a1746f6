"""Answers that a platform took: noted together, in an order in which two processes wait for no circle."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy.ext.asyncio import AsyncConnection

from data import channel_store, outbox_store, people_store
from data.outbox_store import Answer


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a platform took at `now`. `external_key`: the hashed id it gave a message; empty: it was no
    message. `deletable`: that id, sealed, where it can be deleted there; `unsend`: what deletes it."""

    outgoing_id: int
    person_id: str
    channel: str
    now: datetime
    external_key: str = ""
    deletable: bytes | None = None
    unsend: Answer | None = None


async def note(connection: AsyncConnection, accepted: list[Acceptance]) -> None:
    """The answers are sent and wiped, and counted. Whoever had everything erased is forgotten once the last
    answer is among them; what reached somebody who left meanwhile is queued to be deleted there."""
    erased = await people_store.lock_all(connection, {each.person_id for each in accepted})
    staying = {each.outgoing_id: each.external_key for each in accepted if each.deletable is None}
    await outbox_store.all_sent(connection, staying)
    for each in sorted(accepted, key=attrgetter("outgoing_id")):
        if each.deletable is not None:
            await _deletable(connection, each, each.deletable)
    await _count(connection, [each for each in accepted if each.external_key])
    for person_id in erased:
        await people_store.forget_erased(connection, person_id)


async def _deletable(connection: AsyncConnection, each: Acceptance, sealed: bytes) -> None:
    has_left = await outbox_store.sent(connection, each.outgoing_id, external_key=each.external_key)
    if has_left and each.unsend:
        await outbox_store.add(connection, each.person_id, each.channel, [each.unsend], each.now)
    elif not has_left:
        await people_store.add_sent(connection, each.person_id, sealed, each.now)


async def _count(connection: AsyncConnection, messages: list[Acceptance]) -> None:
    """Last: every process counts in the same few rows."""
    for _, group in groupby(sorted(messages, key=_counter), key=_counter):
        same = list(group)
        await channel_store.count(connection, same[0].channel, same[0].now, accepted=len(same))


def _counter(each: Acceptance) -> tuple[str, str]:
    return each.channel, channel_store.month(each.now)
