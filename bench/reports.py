"""Reports over a year that invented people made in the real conversation: from counters to finished files."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

from bench.figures import Figure
from bench.subjects import Bench
from data import months
from data.database import open_database
from services.reports import gathering, output, publishing
from services.reports.document import Document
from services.reports.figures import NATION
from services.reports.observed import Observations
from tools import simulate_year

LAST = "2026-10"
NOW, TODAY = datetime(2026, 11, 26, 18, tzinfo=UTC), date(2026, 11, 26)
THRESHOLD, RUNS = 10, 3


async def measure(bench: Bench) -> list[Figure]:
    """Publishing the year, the national report and two states compared, each with all its files."""
    people = bench.pick(quick=3000, full=100_000)
    url = f"sqlite+aiosqlite:///{bench.folder / 'year.db'}"
    bench.say(f"{people:,} invented people talk")
    began = time.perf_counter()
    questions = await simulate_year.fill(url, people=people, last=LAST, seed=7)
    talked = time.perf_counter() - began
    directory = simulate_year.seed_directory()
    wanted = tuple(months.between(months.before(LAST, by=11), LAST))
    database = open_database(url)

    async def national() -> Document:
        return await gathering.told(
            database,
            directory,
            wanted,
            state=NATION,
            found=Observations(),
            threshold=THRESHOLD,
            today=TODAY,
        )

    async def compared() -> Document:
        return await gathering.compared(database, directory, ("07", "25"), now=NOW, today=TODAY)

    try:
        began = time.perf_counter()
        await publishing.publish_due(database, threshold=THRESHOLD, now=NOW)
        published = time.perf_counter() - began
        reports = [await _timed(bench, "national report", national, limit=20)]
        reports.append(await _timed(bench, "two states compared", compared, limit=10))
    finally:
        await database.close()
    note = f"{questions:,} questions of {people:,} people, {len(wanted)} months to {LAST}"
    return [
        Figure("the year talked through the conversation", (talked,), "s", note=note),
        Figure("the year published", (published,), "s"),
        *reports,
    ]


async def _timed(bench: Bench, name: str, make: Callable[[], Awaitable[Document]], *, limit: float) -> Figure:
    """From the first query to the last file."""
    times = []
    for run in range(RUNS):
        began = time.perf_counter()
        document = await make()
        await asyncio.to_thread(output.write, document, bench.folder / f"{name} {run}", tick=lambda _: None)
        times.append(time.perf_counter() - began)
    return Figure(f"{name}, all files", tuple(times), "s", limit)
