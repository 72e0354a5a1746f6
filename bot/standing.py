"""How Faro stands at one moment, read from the database: what metrics show, alarms weigh and doctor tells."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core import Core
from data import alarm_store, channel_store, counter_store, operation_store, process_store
from data.alarm_store import Alarm
from data.counter_store import Series
from data.database import Database
from data.operation_store import Freshness, Queue
from data.process_store import Process

LATELY = timedelta(hours=1)
SEEN = timedelta(seconds=60)
"""A process that said nothing for longer is not running."""
STALE = timedelta(days=180)
"""A service that nobody verified for longer counts as stale."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts, ages and processes; nothing about any person. `held` and `failed`: answers that wait after an
    error, and those given up within the last hour, by channel and reason.
    """

    now: datetime
    inbox: Queue
    outbox: dict[str, Queue]
    held: dict[tuple[str, str], int]
    failed: dict[tuple[str, str], int]
    set_aside: int
    last_received: datetime | None
    freshness: Freshness
    processes: tuple[Process, ...]
    alarms: tuple[Alarm, ...]
    counts: dict[Series, float]
    whatsapp_accepted: int
    whatsapp_billed: int

    def roles(self) -> set[str]:
        """Roles that somebody fills just now."""
        found = {process.role for process in self.processes}
        return {"web", "worker", "scheduler"} if "all" in found else found


async def look(core: Core, now: datetime) -> Standing:
    """Read it. Raises DatabaseAway."""
    return await look_at(core.database, now)


async def look_at(database: Database, now: datetime) -> Standing:
    """The same where nothing else is open."""
    async with database.read() as connection:
        accepted, billed, _ = await channel_store.counted(connection, "whatsapp", now)
        return Standing(
            now=now,
            inbox=await operation_store.inbox_queue(connection),
            outbox=await operation_store.outbox_queues(connection),
            held=await operation_store.held(connection),
            failed=await operation_store.failures(connection, since=now - LATELY),
            set_aside=await operation_store.set_aside(connection, since=now - LATELY),
            last_received=await operation_store.last_received(connection),
            freshness=await operation_store.freshness(
                connection, since=(now - STALE).date(), today=now.date()
            ),
            processes=tuple(await process_store.running(connection, since=now - SEEN)),
            alarms=tuple(await alarm_store.on(connection)),
            counts=await counter_store.load(connection),
            whatsapp_accepted=accepted,
            whatsapp_billed=billed,
        )


def age(moment: datetime | None, now: datetime) -> float:
    """Seconds since then; 0 for never."""
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
