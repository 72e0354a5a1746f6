"""Reports over a year that invented people made in the real conversation: from counters to finished files."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bench.figures import Figure
from bench.subjects import Bench
from data import counts_store
from data.database import open_database
from services.reports import comparison, facts, knowledge, observed, output, publishing, unmet
from services.reports.figures import NATION, Figures
from services.reports.knowledge import Matter
from services.reports.pair import Pair
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
    database = open_database(url)
    try:
        began = time.perf_counter()
        await publishing.publish_due(database, threshold=THRESHOLD, now=NOW)
        published = time.perf_counter() - began
        async with database.read() as connection:
            wanted = tuple(await counts_store.published_months(connection))
            cells = await counts_store.published(connection, wanted[0], wanted[-1])
    finally:
        await database.close()
    figures = Figures(wanted, NATION, cells)
    directory = simulate_year.seed_directory()

    def national(folder: Path) -> None:
        section = observed.section(
            observed.Observations(), wanted=wanted, state="", threshold=THRESHOLD, today=TODAY
        )
        matter = Matter(figures, wanted, directory, section, THRESHOLD, TODAY)
        output.write(knowledge.report(matter), folder, tick=lambda _: None)

    def compared(folder: Path) -> None:
        pair = Pair("07", "25", directory, facts.load(), TODAY)
        asked = unmet.section(tuple((pair.name(s), replace(figures, state=s)) for s in pair.states))
        output.write(comparison.compare(pair, unmet=asked), folder, tick=lambda _: None)

    note = f"{questions:,} questions of {people:,} people, {len(wanted)} months to {LAST}"
    runs = {"national report": (national, 20), "two states compared": (compared, 10)}
    found = [
        Figure("the year talked through the conversation", (talked,), "s", note=note),
        Figure("the year published", (published,), "s"),
    ]
    for name, (make, limit) in runs.items():
        times = []
        for run in range(RUNS):
            began = time.perf_counter()
            make(bench.folder / f"{name} {run}")
            times.append(time.perf_counter() - began)
        found.append(Figure(f"{name}, all files", tuple(times), "s", limit))
    return found
