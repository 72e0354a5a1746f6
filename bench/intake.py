"""How many webhooks `--only web` stores a second, against a bare aiohttp handler with the same HMAC check."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.figures import Figure, percentile
from bench.load import flat_out, steadily, webhook
from bench.subjects import Bench
from bench.world import World, another, databases, drained, world
from tests.fixtures.process import ROOT, free_port, until

CONNECTIONS = 32
STEADY = 200
TEXT = "buenas, ando buscando donde quedarme en tlapa con mis hijos"


async def measure(bench: Bench) -> list[Figure]:
    """Bare and Faro in turn, each run with the same number of requests; then a steady 200 a second."""
    found: list[Figure] = []
    async with bare() as port:
        with databases(bench) as urls:
            for name, url in urls.items():
                async with world(bench, database_url=url, web_only=True) as faro:
                    found += await _one(bench, name, faro, bare_port=port)
    return found


async def _one(bench: Bench, name: str, faro: World, *, bare_port: int) -> list[Figure]:
    rounds, size = bench.pick(quick=1, full=5), bench.pick(quick=500, full=1000)
    bare_rates, rates, tails = [], [], []
    for each in range(rounds):
        bench.say(f"{name}: run {each + 1} of {rounds}")
        bare = await flat_out(bare_port, _requests(size, bare_port, each), connections=CONNECTIONS)
        load = await flat_out(faro.port, _requests(size, faro.port, each), connections=CONNECTIONS)
        assert not load.refused, f"{load.refused} webhooks were refused"
        bare_rates.append(bare.per_second)
        rates.append(load.per_second)
        tails.append(1000 * percentile(load.latencies, 99))
    seconds = bench.pick(quick=3, full=8)
    bench.say(f"{name}: {STEADY} a second for {seconds} s")
    steady = [
        await steadily(faro.port, _requests(STEADY * seconds, faro.port, 90 + n), per_second=STEADY)
        for n in range(bench.pick(quick=1, full=3))  # what comes in must be answered within the bench
    ]
    bench.say(f"{name}: the queue is drained")
    seconds_to_drain, age = await _drain(faro, within=bench.pick(quick=120, full=900))
    ratios = tuple(ours / theirs for ours, theirs in zip(rates, bare_rates, strict=True))
    return [
        Figure(f"{name}: bare handler, {CONNECTIONS} connections", tuple(bare_rates), "/s"),
        Figure(f"{name}: Faro, {CONNECTIONS} connections", tuple(rates), "/s"),
        Figure(f"{name}: Faro in proportion to the bare handler", ratios, "", 0.5, at_least=True),
        Figure(f"{name}: p99 at full speed", tuple(tails), "ms"),
        Figure(
            f"{name}: p99 at {STEADY} a second",
            tuple(1000 * percentile(each.latencies, 99) for each in steady),
            "ms",
            100,
        ),
        Figure(f"{name}: until the queue was drained afterwards", (seconds_to_drain,), "s"),
        Figure(f"{name}: age of the oldest message meanwhile", (age,), "s"),
    ]


async def _drain(faro: World, *, within: float) -> tuple[float, float]:
    worker = another(faro)
    try:
        await faro.add(worker, "worker")
        return await drained(faro.database_url, within=within)
    finally:
        await worker.kill()


def _requests(size: int, port: int, block: int) -> list[bytes]:
    """Five messages of each person: below what makes Faro answer several together."""
    return [webhook(f"5215{block:03}{n // 5:06}", TEXT, port=port) for n in range(size)]


@asynccontextmanager
async def bare() -> AsyncIterator[int]:
    """The bare handler in a process of its own."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.bare", str(port), cwd=ROOT, stdin=asyncio.subprocess.DEVNULL
    )

    async def listens() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    try:
        assert await until(listens, seconds=20)
        yield port
    finally:
        process.kill()
        await process.wait()
