"""APScheduler's part: jobs that run by the clock, in one process of several."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError

from bot import missed, request_clock
from bot.backups import backup_daily
from bot.core import Core
from bot.refreshing import Refreshing
from bot.watching import Watch
from bot.watching import job as watching_job
from data import (
    account_store,
    audit_store,
    channel_store,
    directory_store,
    inbox_store,
    lease_store,
    outbox_store,
    people_store,
    phrase_store,
    process_store,
    source_store,
    upload_store,
)
from services import freshness, hours
from services.reports import publishing

log = logging.getLogger(__name__)

REDELIVERY = timedelta(days=9)  # Meta delivers again for up to 7 days
FAILURES = timedelta(hours=24)  # of logins; they count for minutes
DELETABLE = timedelta(hours=48)  # Telegram deletes no older message
LEADER = timedelta(seconds=90)
_BUDGET_STEPS = (80, 100)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so many seconds."""

    name: str
    seconds: int
    run: Callable[[], Awaitable[None]]


Alarm = Callable[[str], Awaitable[None]]
"""Tells the operator one sentence."""


def jobs(
    core: Core,
    *,
    sources_file: Path,
    budget: int = 0,
    alarm: Alarm | None = None,
    watch: Watch | None = None,
    backups: Path | None = None,
) -> tuple[Job, ...]:
    """Every job of this Faro; each runs in one process only, whoever holds the lease.

    `sources_file` declares the published lists.
    `budget`: WhatsApp messages a month after which the operator hears of it; 0: never.
    `backups`: the folder for a backup a day.
    """
    holder = core.id

    def led(run: Callable[[Core, datetime], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def job() -> None:
            now = datetime.now(UTC)
            async with core.database.write() as connection:
                if not await lease_store.take(connection, "scheduler", holder, now=now, until=now + LEADER):
                    return
            await run(core, now)

        return job

    watching = []
    if budget and alarm:
        watch_month = partial(watch_budget, budget=budget, alarm=alarm)
        watching = [Job("watch the budget", 300, led(watch_month))]
    if watch:
        watching.append(Job("watch over Faro", 60, watching_job(watch, led)))
    if backups:
        watching.append(Job("back up", 3600, led(partial(backup_daily, folder=backups))))
    return (
        *watching,
        Job("forget conversations", 60, led(forget_conversations)),
        Job("forget people", 600, led(forget_people)),
        Job("purge queues", 3600, led(purge_queues)),
        Job("look after requests", 60, led(request_clock.look_after)),
        Job("refresh holidays", 86_400, refresh_holidays),
        Job("mark stale", 86_400, led(mark_stale)),
        Job("refresh sources", 60, led(Refreshing(sources_file).run_due)),
        Job("publish months", 3600, led(publish_months)),
    )


async def mark_stale(core: Core, now: datetime) -> None:
    """Keep which records must be checked again, for whoever plans the calls, the figures and the panel."""
    async with core.database.read() as connection:
        services = await directory_store.load(connection)
    late = await asyncio.to_thread(freshness.overdue, services, today=freshness.day_of(now))
    async with core.database.write() as connection:
        await source_store.keep_stale(connection, {each.service.id: each.on for each in late})
    log.info("directory: %d of %d records must be checked again", len(late), len(services))


async def refresh_holidays() -> None:
    """Have this year's holidays and the next's at hand before somebody asks; in every process."""
    hours.prepare(datetime.now(UTC).date())


async def forget_conversations(core: Core, now: datetime) -> None:
    """Need, place, who and step go after the idle time."""
    before = now - timedelta(minutes=core.operator.idle_minutes)
    async with core.database.write() as connection:
        count = await people_store.forget_conversations(connection, before=before)
        await phrase_store.part(connection)
        await phrase_store.purge(connection, before=(now - missed.KEPT).date())
    await core.database.settle()
    if count:
        log.info("conversations forgotten: %d", count)


async def forget_people(core: Core, now: datetime) -> None:
    """Everything about a person goes after the retention time."""
    async with core.database.write() as connection:
        count = await people_store.forget_people(
            connection, before=now - timedelta(days=core.operator.retention_days)
        )
        await people_store.purge_sent(connection, before=now - DELETABLE)
    if count:
        log.info("people forgotten: %d", count)


async def purge_queues(core: Core, now: datetime) -> None:
    """Keys of old messages, ended answers, what the panel and killed processes left behind, the old audit."""
    async with core.database.write() as connection:
        await account_store.purge_sessions(connection, now=now)
        await account_store.purge_failures(connection, before=now - FAILURES)
        await upload_store.purge(connection, before=now - upload_store.KEPT)
        await process_store.purge(connection, before=now - DELETABLE)
        await inbox_store.purge(connection, before=now - REDELIVERY)
        await outbox_store.purge(connection, before=now - timedelta(days=core.operator.retention_days))
        await audit_store.purge(connection, before=now - timedelta(days=core.operator.audit_days))


async def watch_budget(core: Core, now: datetime, *, budget: int, alarm: Alarm) -> None:
    """Tell the operator once at 80 and once at 100 per cent of the month's WhatsApp messages."""
    async with core.database.read() as connection:
        accepted, billed, warned = await channel_store.counted(connection, "whatsapp", now)
    percent = 100 * accepted // budget
    reached = max((step for step in _BUDGET_STEPS if percent >= step), default=0)
    if reached <= warned:
        return
    await alarm(
        f"WhatsApp: {accepted} of {budget} messages of this month are sent ({percent} %), {billed} of them "
        "billed so far. Nothing is held back; raise FARO_WHATSAPP_MONTHLY_BUDGET or look for a flood."
    )
    async with core.database.write() as connection:
        await channel_store.warned(connection, "whatsapp", now, percent=reached)


async def step_down(core: Core) -> None:
    """Let another scheduler lead at once."""
    with suppress(SQLAlchemyError, OSError):
        async with core.database.write() as connection:
            await lease_store.release(connection, "scheduler", core.id)


async def publish_months(core: Core, now: datetime) -> None:
    """A month that is over is published for good; small old counters go into their state."""
    threshold = core.report_threshold
    published = await publishing.publish_due(core.database, threshold=threshold, now=now)
    merged = await publishing.merge_old(core.database, threshold=threshold, now=now)
    if published or merged:
        log.info("months published: %d, small counters merged: %d", len(published), merged)


@asynccontextmanager
async def running(all_jobs: tuple[Job, ...]) -> AsyncIterator[None]:
    """The jobs on their clock. Runs missed during sleep are caught up once."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    for job in all_jobs:
        scheduler.add_job(
            job.run,
            "interval",
            seconds=job.seconds,
            id=job.name,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
            next_run_time=datetime.now(UTC) + timedelta(seconds=min(job.seconds, 30)),
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
