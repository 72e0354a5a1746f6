"""Which of a person's waiting messages are answered, in what company: one by one, or together when they
come too fast. Danger, and the words that always work, are answered at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import backlog, keywords, safety, turn
from bot.core import Core
from bot.messages import Received, received_from_json
from bot.pacing import Pace
from data import inbox_store
from data.inbox_store import Waiting
from data.keys import Unreadable

_AT_ONCE = ("danger:", "erase:")
"""Taps that must not wait, by the beginning of their id."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages answered by one turn: the last leads. `full_at`: the bucket once it is answered."""

    messages: tuple[Waiting, ...]
    with_model: bool = True
    full_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is answered now, in order, and what is held until when."""

    batches: tuple[Batch, ...]
    held: tuple[Waiting, ...] = ()
    until: datetime | None = None


async def take_all(
    core: Core,
    person_id: str,
    *,
    stopping: Callable[[], bool],
    after: Callable[[], None],
    clock: Callable[[], datetime],
) -> None:
    """Answer what one person wrote; `after` is called when an answer is in the outbox."""
    async with core.database.glance() as connection:
        messages = await inbox_store.waiting_of(connection, person_id)
    if not messages:
        return
    opened = {message.id: _opened(core, message) for message in messages}
    pace = core.channels[messages[0].channel].limits.turns if messages[0].channel in core.channels else None
    made = plan(core, messages, opened, pace=pace, full_at=messages[0].full_at, now=clock())
    for batch in made.batches:
        *beside, last = batch.messages
        if stopping() or not await turn.take(
            core, last, beside=beside, now=clock(), with_model=batch.with_model, full_at=batch.full_at
        ):
            return
        after()
    if made.held and made.until:
        async with core.database.store() as connection:
            await inbox_store.hold(connection, [message.id for message in made.held], until=made.until)


def plan(
    core: Core,
    messages: list[Waiting],
    opened: dict[int, Received | None],
    *,
    pace: Pace | None,
    full_at: datetime | None,
    now: datetime,
) -> Plan:
    """What an outage left behind first, by one answer; then each message by itself while the pace allows."""
    old = [message for message in messages if _is_old(opened[message.id], message.channel, now)]
    batches = [Batch(tuple(old), with_model=False)] if old else []
    held: list[Waiting] = []
    for message in messages:
        if message in old:
            continue
        received = opened[message.id]
        if message.not_before is None and not held and (pace is None or pace.wait(full_at, now) == 0):
            full_at = pace.after(full_at, now) if pace else None
            batches.append(Batch((message,), full_at=full_at))
        elif received is None or _at_once(core, received):
            batches.append(Batch((message,), with_model=False))
        else:
            held.append(message)
    if not held or pace is None:
        return Plan(tuple(batches))
    wait = pace.wait(full_at, now)
    if wait == 0:
        together = Batch(tuple(held), with_model=False, full_at=pace.after(full_at, now))
        return Plan((*batches, together))
    return Plan(tuple(batches), tuple(held), now + timedelta(seconds=wait))


def _at_once(core: Core, received: Received) -> bool:
    """Danger, and the words that work everywhere, wait for no pace."""
    inbound = received.inbound
    if inbound.option:
        return inbound.option.startswith(_AT_ONCE)
    if keywords.command(inbound.text):
        return True
    found = safety.look(inbound.text, core.reading.rules)
    return found.urgent or found.gbv or found.leaving or found.other_person


def _is_old(received: Received | None, channel: str, now: datetime) -> bool:
    return received is not None and backlog.is_old(received, channel=channel, now=now)


def _opened(core: Core, message: Waiting) -> Received | None:
    """None for what can't be read any more, which gets a turn that says so."""
    try:
        return received_from_json(core.keys.open(message.payload))
    except (Unreadable, ValueError, TypeError, KeyError):
        return None
