"""The same conversation through the REST channel of Rasa's own server, and through Faro.

Rasa serves the same pipeline and phrases, with its rules for the dialogue: one fixed sentence for each need,
no directory, no database. Faro answers from the directory and keeps everything on disk (SQLite).
"""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp

from bench.figures import Figure, percentile
from bench.latency import TEXTS
from bench.load import Line, webhook
from bench.subjects import Bench, Unavailable
from bench.world import CLOSED, World, reading_processes, resident, understanding, world
from tests.fixtures.process import ROOT, children, free_port

NLU = ROOT / "nlu"
RASA = NLU / "stock" / ".venv" / "bin" / "rasa"
PROJECT = ROOT / "var" / "bench" / "rasa"
START_SECONDS = 300.0

Say = Callable[[str, int, str], Awaitable[object]]
"""Number of the person, of the message, and its words; ends with the answer."""


async def measure(bench: Bench) -> list[Figure]:
    """One person alone, then sixteen at once, who all say the same eight sentences."""
    await trained(bench)
    bench.say("Rasa's server starts")
    async with rasa(bench) as (url, pid), aiohttp.ClientSession() as http:

        async def to_rasa(person: str, number: int, words: str) -> None:
            del number
            message = {"sender": person, "message": words}
            async with http.post(f"{url}/webhooks/rest/webhook", json=message) as response:
                assert await response.json(), "Rasa said nothing"

        theirs = await _talk(bench, "Rasa", to_rasa, lambda: sum(map(resident, {pid, *children(pid)})))
    async with understanding(bench) as nlu_url, world(bench, nlu_url=nlu_url or CLOSED) as faro:
        ours = await _talk(
            bench, "Faro", _to(faro), lambda: faro.resident + sum(map(resident, reading_processes()))
        )
    return [*theirs, *ours, *_ratios(theirs, ours)]


def _to(faro: World) -> Say:
    lines: dict[str, Line] = {}

    async def say(person: str, number: int, words: str) -> None:
        line = lines.get(person) or await Line.open(faro.port)
        lines[person] = line
        assert await line.ask(webhook(person, words, port=faro.port))
        await faro.platform.answered(person, number + 1)

    return say


async def _talk(bench: Bench, name: str, say: Say, memory: Callable[[], float]) -> list[Figure]:
    bench.say(f"{name}: one person at a time")
    await _conversations(say, people=2, at_once=1, block=10)  # the first ones load what is loaded late
    alone, _ = await _conversations(say, people=bench.pick(quick=4, full=30), at_once=1, block=20)
    rounds, rates, tails = bench.pick(quick=1, full=3), [], []
    people = bench.pick(quick=16, full=80)
    for each in range(rounds):
        bench.say(f"{name}: sixteen people at once, run {each + 1} of {rounds}")
        took, seconds = await _conversations(say, people=people, at_once=16, block=30 + each)
        rates.append(len(took) / seconds)
        tails.append(1000 * percentile(took, 95))
    return [
        Figure(f"{name}: answer, one person, p50", (1000 * percentile(alone, 50),), "ms"),
        Figure(f"{name}: answer, one person, p95", (1000 * percentile(alone, 95),), "ms"),
        Figure(f"{name}: answers, sixteen people", tuple(rates), "/s"),
        Figure(f"{name}: answer, sixteen people, p95", tuple(tails), "ms"),
        Figure(f"{name}: memory of all its processes afterwards", (memory(),), "MB"),
    ]


async def _conversations(say: Say, *, people: int, at_once: int, block: int) -> tuple[list[float], float]:
    """Seconds of each answer, and of all together."""
    waiting, took = iter(range(people)), []

    async def client() -> None:
        for person in waiting:
            for number, words in enumerate(TEXTS):
                began = time.perf_counter()
                await say(f"521{block:04}{person:06}", number, words)
                took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(at_once)))
    return took, time.perf_counter() - began


def _ratios(theirs: list[Figure], ours: list[Figure]) -> list[Figure]:
    """Faro beside Rasa, in this run: for speed more is better, for time and memory less."""
    found = []
    for rasa_figure, faro_figure in zip(theirs, ours, strict=True):
        ratio = faro_figure.median / rasa_figure.median
        name = "Faro in proportion to Rasa: " + rasa_figure.name.removeprefix("Rasa: ")
        found.append(Figure(name, (ratio,), "", 1.0, at_least=rasa_figure.unit == "/s"))
    return found


async def trained(bench: Bench) -> None:
    """Rasa's project: our pipeline and phrases, and one rule and one sentence for each need.

    Raises Unavailable where Rasa's whole environment is not installed.
    """
    if not RASA.exists():
        raise Unavailable("Rasa's whole environment is not installed; run «make bench-rasa».")
    if any((PROJECT / "models").glob("*.tar.gz")):
        return
    PROJECT.mkdir(parents=True, exist_ok=True)
    domain = (NLU / "domain.yml").read_text(encoding="utf-8")
    intents = re.findall(r"^  - (\w+)$", domain.partition("entities:")[0], re.MULTILINE)
    said = "".join(f'  utter_{name}:\n    - text: "Respuesta a {name}."\n' for name in intents)
    rules = "".join(
        f"  - rule: {name}\n    steps:\n      - intent: {name}\n      - action: utter_{name}\n"
        for name in intents
    )
    config = (NLU / "config.yml").read_text(encoding="utf-8")
    files = {
        "config.yml": config.replace("policies: []", "policies:\n  - name: RulePolicy"),
        "domain.yml": f"{domain}\nresponses:\n{said}",
        "rules.yml": f'version: "3.1"\nrules:\n{rules}',
        "credentials.yml": "rest:\n",
    }
    for name, content in files.items():
        (PROJECT / name).write_text(content, encoding="utf-8")
    bench.say("Rasa trains its model once: some minutes")
    arguments = ("train", "-c", "config.yml", "-d", "domain.yml", "--out", "models", "--data", "rules.yml")
    process = await _run(bench, *arguments, str(NLU / "data"))
    if await process.wait():
        raise Unavailable(f"Rasa could not train; see {bench.folder / 'rasa.log'}")


@asynccontextmanager
async def rasa(bench: Bench, *options: str) -> AsyncIterator[tuple[str, int]]:
    """Rasa's own server with its REST channel: its address and its process."""
    port = free_port()
    process = await _run(
        bench,
        "run",
        "-m",
        "models",
        "--credentials",
        "credentials.yml",
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
        *options,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        await _ready(bench, url, process)
        yield url, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _ready(bench: Bench, url: str, process: asyncio.subprocess.Process) -> None:
    deadline = time.monotonic() + START_SECONDS
    async with aiohttp.ClientSession() as http:
        while process.returncode is None and time.monotonic() < deadline:
            try:
                async with http.get(f"{url}/") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.5)
    raise Unavailable(f"Rasa's server does not answer:\n{(bench.folder / 'rasa.log').read_text()[-2000:]}")


async def _run(bench: Bench, *arguments: str) -> asyncio.subprocess.Process:
    environment = {**os.environ, "PYTHONPATH": str(NLU), "RASA_TELEMETRY_ENABLED": "false"}
    with (bench.folder / "rasa.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            str(RASA), *arguments, cwd=PROJECT, env=environment, stdout=log, stderr=log
        )
