"""From a person's message to the answer at the platform, at ten messages a second; and the parts of it."""

import asyncio
import time

import aiohttp

from bench.figures import Figure, percentile
from bench.load import Line, webhook
from bench.subjects import Bench, Unavailable
from bench.world import World, databases, recorded, understanding, world

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
    with databases(bench) as urls:
        async with recorded(bench, TEXTS) as nlu_url:
            for name, url in urls.items():
                found += await _own(bench, name, url, nlu_url)
        for name, url in urls.items():
            try:
                found += await _whole(bench, name, url)
            except Unavailable as missing:
                bench.say(f"left out: {missing}")
    return found


async def _own(bench: Bench, name: str, url: str, nlu_url: str) -> list[Figure]:
    """All but the model, whose answers are played back, and the platform, which answers at once."""
    rounds, seconds = bench.pick(quick=1, full=3), bench.pick(quick=6, full=15)
    bench.say(f"{name}: Faro's own part, {rounds} × {seconds} s")
    own, spent = [], []
    async with world(bench, database_url=url, nlu_url=nlu_url) as faro:
        await _talk(faro, seconds=2, block=40)  # the first turns load what is loaded late
        for n in range(rounds):
            before = faro.processor
            own.append(await _talk(faro, seconds=seconds, block=n))
            spent.append(1000 * (faro.processor - before) / len(own[-1]))
    what = f"{name}: Faro's own part of a turn"
    return [
        *_percentiles(what, own, limits={95: 15.0}),
        Figure(f"{what}, processor time of its process", tuple(spent), "ms"),
    ]


async def _whole(bench: Bench, name: str, url: str) -> list[Figure]:
    """One process that does all, for minutes; then webhooks apart and two that answer."""
    rounds, seconds = bench.pick(quick=1, full=3), bench.pick(quick=6, full=45)
    what = "message to answer, platforms of 50 to 500 ms"
    bench.say(f"{name}: with the model and platforms of 50 to 500 ms, {rounds} × {seconds} s")
    async with understanding(bench) as nlu_url:
        parse = [await _parse(nlu_url, times=bench.pick(quick=50, full=300)) for _ in range(rounds)]
        async with world(bench, database_url=url, nlu_url=nlu_url, latency=PLATFORM) as faro:
            whole = [await _talk(faro, seconds=seconds, block=50 + n) for n in range(rounds)]
        async with world(bench, database_url=url, nlu_url=nlu_url, latency=PLATFORM, workers=2) as faro:
            apart = [await _talk(faro, seconds=bench.pick(quick=6, full=30), block=60)]
    return [
        *_percentiles(f"{name}: {what}", whole),
        *_percentiles(f"{name}: the same, webhooks apart and two workers", apart),
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
