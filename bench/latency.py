"""From a person's message to the answer at the platform, at ten messages a second; and the parts of it."""

import asyncio
import time

import aiohttp

from bench.figures import Figure, percentile
from bench.load import Line, webhook
from bench.subjects import Bench, Unavailable
from bench.world import CLOSED, World, databases, understanding, world

PER_SECOND = 10
PLATFORM = (0.05, 0.5)
"""Seconds that a platform takes for a call."""
TEXTS = (
    "hola",
    "buenas, ando buscando donde quedarme en tlapa con mis hijos",
    "necesito comida para mi familia en acapulco",
    "me robaron mis papeles, perdí mi acta de nacimiento",
    "quiero hablar con un abogado en chilpancingo",
    "mi mamá está enferma y no tenemos dinero para la medicina",
    "cuáles son mis derechos si nos tuvimos que ir del pueblo",
    "busco trabajo en puebla",
)


async def measure(bench: Bench) -> list[Figure]:
    """On both databases: Faro's own part, then everything with platforms that take their time."""
    found: list[Figure] = []
    rounds, seconds = bench.pick(quick=1, full=3), bench.pick(quick=6, full=60)
    with databases(bench) as urls:
        for name, url in urls.items():
            bench.say(f"{name}: Faro's own part, {rounds} × {seconds} s")
            async with world(bench, database_url=url, nlu_url=CLOSED) as faro:
                own = [await _talk(faro, seconds=seconds, block=n) for n in range(rounds)]
            found += _percentiles(f"{name}: Faro's own part of a turn", own, limits={95: 15.0})
        for name, url in urls.items():
            try:
                found += await _whole(bench, name, url, rounds=rounds, seconds=seconds)
            except Unavailable as missing:
                bench.say(f"left out: {missing}")
    return found


async def _whole(bench: Bench, name: str, url: str, *, rounds: int, seconds: int) -> list[Figure]:
    bench.say(f"{name}: with the model and platforms of 50 to 500 ms, {rounds} × {seconds} s")
    async with understanding(bench) as nlu_url:
        parse = [await _parse(nlu_url, times=bench.pick(quick=50, full=300)) for _ in range(rounds)]
        async with world(bench, database_url=url, nlu_url=nlu_url, latency=PLATFORM) as faro:
            whole = [await _talk(faro, seconds=seconds, block=50 + n) for n in range(rounds)]
    return [
        *_percentiles(f"{name}: message to answer, platforms of 50 to 500 ms", whole),
        *_percentiles(f"{name}: one parse of the NLU alone", parse),
    ]


async def _talk(faro: World, *, seconds: int, block: int) -> list[float]:
    """Seconds from each message to its answer."""
    line, began = await Line.open(faro.port), time.perf_counter()
    waiting = []
    for n in range(seconds * PER_SECOND):
        await asyncio.sleep(max(0.0, began + n / PER_SECOND - time.perf_counter()))
        number = f"5216{block:03}{n:06}"
        sent = time.perf_counter()
        assert await line.ask(webhook(number, TEXTS[n % len(TEXTS)], port=faro.port))
        waiting.append(asyncio.create_task(_until_answered(faro, number, sent)))
    took = await asyncio.gather(*waiting)
    line.close()
    return list(took)


async def _until_answered(faro: World, number: str, sent: float) -> float:
    return await faro.platform.answered(number) - sent


async def _parse(url: str, *, times: int) -> list[float]:
    took = []
    async with aiohttp.ClientSession() as http:
        for n in range(times):
            began = time.perf_counter()
            async with http.post(f"{url}/model/parse", json={"text": TEXTS[n % len(TEXTS)]}) as response:
                await response.read()
            took.append(time.perf_counter() - began)
    return took


def _percentiles(
    name: str, runs: list[list[float]], *, limits: dict[int, float] | None = None
) -> list[Figure]:
    limits = limits or {}
    return [
        Figure(
            f"{name}, p{percent}",
            tuple(1000 * percentile(run, percent) for run in runs),
            "ms",
            limits.get(percent),
        )
        for percent in (50, 95, 99)
    ]
