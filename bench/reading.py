"""The NLU process alone: ready, quick, small, steady; the stock Rasa server beside it where it is installed.

Rasa's own server loads a model of the same pipeline and phrases, trained in its whole environment.
"""

import asyncio
import json
import random
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import yaml

from bench import rasa_server
from bench.figures import Figure, percentile
from bench.load import Load, flat_out
from bench.subjects import Bench, Unavailable
from bench.world import reading_processes, resident, understanding
from bot.nlu_process import NLU_FOLDER, PYTHON
from tests.fixtures.process import children

CLIENTS = 32
SEED = 7


async def measure(bench: Bench) -> list[Figure]:
    """One client, then 32 at once, with phrases of the training data; last, memory over many parses."""
    texts = _texts()
    began = time.perf_counter()
    async with understanding(bench) as url:
        ready = time.perf_counter() - began
        port = urlsplit(url).port or 0
        ours = await _read(bench, "Faro", port, texts)
        processes = reading_processes()
        memory = sum(map(resident, processes))
        flood = bench.pick(quick=500, full=20_000)
        bench.say(f"{flood:,} parses more")
        await flat_out(port, _requests(port, texts, flood), connections=CLIENTS)
        growth = sum(map(resident, processes)) - memory
    return [
        *await _training(bench),
        Figure("ready after its start", (ready,), "s", 5),
        *ours,
        Figure(
            "resident memory", (memory,), "MB", 150, note="the process that reads and the one that minds it"
        ),
        Figure(f"growth over {flood:,} parses", (growth,), "MB", 10),
        *await _stock(bench, texts, ours, memory),
    ]


async def _training(bench: Bench) -> list[Figure]:
    """Seconds in which a model is made of all phrases; not in a quick run."""
    if bench.quick:
        return []
    bench.say("a model is trained")
    began = time.perf_counter()
    arguments = ("-m", "faro_nlu", "train", "--models", str(bench.folder / "models"))
    process = await asyncio.create_subprocess_exec(str(PYTHON), *arguments, cwd=NLU_FOLDER)
    if await process.wait():
        raise Unavailable("the training ended with an error")
    return [Figure("training", (time.perf_counter() - began,), "s", 60)]


async def _stock(bench: Bench, texts: Sequence[str], ours: list[Figure], memory: float) -> list[Figure]:
    try:
        await rasa_server.trained(bench)
    except Unavailable as missing:
        bench.say(f"without the stock server beside it: {missing}")
        return []
    began = time.perf_counter()
    async with rasa_server.rasa(bench, "--enable-api") as (url, pid):
        ready = time.perf_counter() - began
        theirs = await _read(bench, "stock Rasa", urlsplit(url).port or 0, texts)
        their_memory = sum(map(resident, {pid, *children(pid)}))
    return [
        Figure("stock Rasa: ready after its start", (ready,), "s"),
        *theirs,
        Figure("stock Rasa: resident memory", (their_memory,), "MB"),
        Figure("memory in proportion to stock Rasa", (memory / their_memory,), "", 1.0),
        *(_ratio(own, stock) for own, stock in zip(ours, theirs, strict=True)),
    ]


async def _read(bench: Bench, name: str, port: int, texts: Sequence[str]) -> list[Figure]:
    rounds = bench.pick(quick=1, full=3)
    few, many = bench.pick(quick=50, full=400), bench.pick(quick=200, full=2000)
    await flat_out(
        port, _requests(port, texts, few), connections=4
    )  # the first ones load what is loaded late
    alone, together = [], []
    for each in range(rounds):
        bench.say(f"{name}: run {each + 1} of {rounds}")
        alone.append(await flat_out(port, _requests(port, texts, few), connections=1))
        together.append(await flat_out(port, _requests(port, texts, many), connections=CLIENTS))
    own = name == "Faro"
    return [
        Figure(f"{name}: one client, p95", _p95(alone), "ms", 10 if own else None),
        Figure(f"{name}: {CLIENTS} clients, p95", _p95(together), "ms", 100 if own else None),
        Figure(
            f"{name}: {CLIENTS} clients",
            tuple(load.per_second for load in together),
            "/s",
            400 if own else None,
            at_least=True,
        ),
    ]


def _p95(loads: Sequence[Load]) -> tuple[float, ...]:
    for load in loads:
        assert not load.refused, f"{load.refused} texts were not read"
    return tuple(1000 * percentile(load.latencies, 95) for load in loads)


def _ratio(own: Figure, stock: Figure) -> Figure:
    name = own.name.removeprefix("Faro: ") + ", in proportion to stock Rasa"
    return Figure(name, (own.median / stock.median,), "", 1.0, at_least=own.at_least)


def _texts() -> list[str]:
    """Phrases as people write them, in a fixed order without rhyme."""
    found = [
        line.removeprefix("- ")
        for path in sorted((NLU_FOLDER / "data").glob("*/*.yml"))
        for intent in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in intent["examples"].splitlines()
        if "[" not in line
    ]
    random.Random(SEED).shuffle(found)  # noqa: S311 - nothing here is a secret
    return found


def _requests(port: int, texts: Sequence[str], count: int) -> list[bytes]:
    return [_request(port, texts[number % len(texts)]) for number in range(count)]


def _request(port: int, text: str) -> bytes:
    body = json.dumps({"text": text}).encode()
    head = f"POST /model/parse HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
