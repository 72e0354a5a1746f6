"""A hundred people write five messages each in the same moment: how long each waits for its answer."""

import asyncio
import statistics
import time
from contextlib import AsyncExitStack

from bench.figures import Figure
from bench.latency import PLATFORM, TEXTS
from bench.load import Line, webhook
from bench.subjects import Bench, Unavailable
from bench.world import CLOSED, World, databases, understanding, world

PEOPLE, MESSAGES = 100, 5
PEER = "a peer's published mean is 2,221 ms"


async def measure(bench: Bench) -> list[Figure]:
    """Both databases; one process that does all, and one or two that answer beside one that takes in."""
    found: list[Figure] = []
    rounds = bench.pick(quick=1, full=4)
    async with AsyncExitStack() as stack:
        nlu_url = CLOSED
        try:
            nlu_url = await stack.enter_async_context(understanding(bench))
        except Unavailable as missing:
            bench.say(f"with the keywords only: {missing}")
        urls = stack.enter_context(databases(bench))
        for name, url in urls.items():
            for workers in (0, 1, 2):
                label = f"{name}, {_arrangement(workers)}"
                bench.say(label)
                async with world(bench, database_url=url, nlu_url=nlu_url, workers=workers) as faro:
                    found += await _runs(label, faro, rounds, limit=1000 if workers == 0 else None)
            bench.say(f"{name}, platforms of 50 to 500 ms")
            async with world(bench, database_url=url, nlu_url=nlu_url, latency=PLATFORM) as faro:
                found += await _runs(f"{name}, platforms of 50 to 500 ms", faro, rounds, limit=None)
    return found


def _arrangement(workers: int) -> str:
    return {0: "one process", 1: "webhooks apart, one worker", 2: "webhooks apart, two workers"}[workers]


async def _runs(label: str, faro: World, rounds: int, *, limit: float | None) -> list[Figure]:
    await _burst(faro, people=5)  # the first turns load the directory
    means, rates = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        took = await _burst(faro, people=PEOPLE)
        rates.append(len(took) / (time.perf_counter() - began))
        means.append(1000 * statistics.fmean(took))
    return [
        Figure(f"{label}: mean", tuple(means), "ms", limit, note=PEER if limit else ""),
        Figure(f"{label}: answers", tuple(rates), "/s"),
    ]


async def _burst(faro: World, *, people: int) -> list[float]:
    """Seconds from each message to its answer; a person's answers come in the order of the messages."""
    block = time.monotonic_ns() % 10**6
    took = await asyncio.gather(*(_person(faro, f"521{block:06}{n:04}") for n in range(people)))
    return [each for person in took for each in person]


async def _person(faro: World, number: str) -> list[float]:
    line = await Line.open(faro.port)
    sent = []
    for n in range(MESSAGES):
        sent.append(time.perf_counter())
        assert await line.ask(webhook(number, TEXTS[n % len(TEXTS)], port=faro.port))
    line.close()
    answered = [await faro.platform.answered(number, n + 1, within=120) for n in range(MESSAGES)]
    return [at - since for at, since in zip(answered, sent, strict=True)]
