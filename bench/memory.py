"""Resident memory after ten thousand turns against after one thousand."""

import asyncio
import time

from bench.figures import Figure
from bench.latency import TEXTS
from bench.load import Line, webhook
from bench.subjects import Bench
from bench.world import CLOSED, World, world

AT_ONCE = 20
PER = 6000


async def measure(bench: Bench) -> list[Figure]:
    """One process on SQLite, twenty people at once, eight messages each; the keywords understand."""
    first, last = bench.pick(quick=200, full=1000), bench.pick(quick=800, full=10_000)
    async with world(bench, nlu_url=CLOSED) as faro:
        began = time.perf_counter()
        await _turns(bench, faro, 0, first)
        early = faro.resident
        await _turns(bench, faro, first, last)
        late, seconds = faro.resident, time.perf_counter() - began
    growth = (late - early) * PER / (last - first)
    return [
        Figure(f"after {first:,} turns", (early,), "MB"),
        Figure(f"after {last:,} turns", (late,), "MB"),
        Figure(f"growth in {PER:,} messages", (growth,), "MB", 10),
        Figure(f"turns, {AT_ONCE} people at once", (last / seconds,), "/s"),
    ]


async def _turns(bench: Bench, faro: World, start: int, end: int) -> None:
    """Each person says all that there is to say, one message after the other."""
    people = iter(range(start // len(TEXTS), -(-end // len(TEXTS))))

    async def client() -> None:
        line = await Line.open(faro.port)
        for person in people:
            if person % 125 == 0:
                bench.say(f"{person * len(TEXTS):,} turns, {faro.resident:.0f} MB")
            for n, text in enumerate(TEXTS):
                assert await line.ask(webhook(f"521{person:010}", text, port=faro.port))
                await faro.platform.answered(f"521{person:010}", n + 1)
        line.close()

    await asyncio.gather(*(client() for _ in range(AT_ONCE)))
