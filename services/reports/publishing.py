"""Months that are over are published once, for good; small old counters are merged into their state."""

from datetime import datetime, timedelta

from data import counts_store, months
from data.database import Database
from services.reports.suppression import publishable

GRACE = timedelta(days=1)
"""A message that waited over midnight is still counted in its month."""

MERGED_AFTER = timedelta(days=90)


async def publish_due(database: Database, *, threshold: int, now: datetime) -> tuple[str, ...]:
    """Publish every month that is over and wasn't yet; which. A published month never changes again."""
    current = months.of(now - GRACE)
    async with database.read() as connection:
        known = await counts_store.published_months(connection)
        counted = await counts_store.months(connection)
    due = [month for month in counted if month < current and month not in known]
    done = []
    for month in due:
        async with database.write() as connection:
            cells = publishable(await counts_store.of_month(connection, month), month, threshold=threshold)
            if await counts_store.publish(connection, month, cells, threshold=threshold, now=now):
                done.append(month)
    return tuple(done)


async def merge_old(database: Database, *, threshold: int, now: datetime) -> int:
    """Merge what is small and whose month ended 90 days ago; how many counters."""
    async with database.write() as connection:
        until = months.before(months.of(now - MERGED_AFTER))
        return await counts_store.merge_small(connection, until=until, threshold=threshold)
