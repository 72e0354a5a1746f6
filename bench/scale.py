"""Many people with whole talks at once, on PostgreSQL: with one and two workers and reading processes.

Everybody's messages come as fast as the web process takes them, which is more than can be answered: how old
the oldest grows, how many are answered a second, how soon the queue is empty and answers are quick again.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from bench import cost
from bench.figures import Figure
from bench.load import Line, flat_out, webhook
from bench.subjects import Bench, Unavailable
from bench.world import World, drained, understanding, world
from data import operation_store
from data.database import open_database
from tests.fixtures import postgres
from tests.transcripts import script

SIZES = ((1, 1), (2, 1), (1, 2), (2, 2))
"""Workers, reading processes."""
LONGEST = 5
"""Messages of one person: below every limit on how fast one person is answered."""
DRAIN_SECONDS = 1800.0
LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Overload:
    """Of one run: webhooks and answers a second, greatest age in seconds, seconds until nothing waited after
    the last webhook, milliseconds of an answer then, answers and refused webhooks.
    """

    intake: float
    rate: float
    oldest: float
    recovery: float
    after: float
    answers: int
    refused: int


async def measure(bench: Bench) -> list[Figure]:
    """Raises Unavailable without PostgreSQL or without the trained model."""
    if postgres.find_programs() is None:
        raise Unavailable("There is no PostgreSQL here, and several workers share nothing less.")
    people, rounds = bench.pick(quick=40, full=200), bench.pick(quick=1, full=2)
    found: list[Figure] = []
    costs: list[Figure] = []
    with postgres.running(durable=True) as server:
        for workers, readers in SIZES:
            name = _name(workers, readers)
            bench.say(f"{name}: {rounds} × {people} people")
            url = server.new_database()
            async with (
                understanding(bench, processes=readers) as nlu_url,
                world(bench, database_url=url, nlu_url=nlu_url, workers=workers, latency=(0.05, 0.2)) as faro,
            ):
                await _warm(faro)
                before = await cost.written(url)
                runs = [await _overload(faro, people=people, block=n) for n in range(rounds)]
                found += _figures(name, runs)
                if (workers, readers) == SIZES[0]:
                    answers = sum(run.answers for run in runs)
                    costs += cost.writes(before, await cost.written(url), messages=answers)
                    costs += cost.memory(faro, bench.folder / "nlu.json")
                if workers == 1:
                    costs.append(await _read(bench, nlu_url, readers))
    return [*found, *_ratios(found), *costs]


def conversations() -> list[tuple[str, ...]]:
    """What people write in the transcripts, one line a message; a button's label stands for its tap."""
    told = [
        tuple(step.inbound.text if step.inbound else step.tap for step in transcript.steps)
        for transcript in script.read_all()
    ]
    return [tuple(filter(None, lines))[:LONGEST] for lines in told]


async def _warm(faro: World) -> None:
    """Everything is loaded and every connection open before anything is measured."""
    await flat_out(faro.port, requests(faro.port, people=20, block=90), connections=16)
    await drained(faro.database_url, within=DRAIN_SECONDS)


async def _read(bench: Bench, nlu_url: str, readers: int) -> Figure:
    """Of the reading processes alone, while nothing else works."""
    texts = [line for lines in conversations() for line in lines]
    rate = await cost.texts_read(nlu_url, texts, seconds=bench.pick(quick=2, full=8))
    return Figure(f"{_readers(readers)}: texts", (rate,), "/s")


async def _overload(faro: World, *, people: int, block: int) -> Overload:
    messages = requests(faro.port, people=people, block=block)
    before = _answers(faro)
    began = time.monotonic()
    async with _watched(faro.database_url) as ages:
        load = await flat_out(faro.port, messages, connections=16)
        sent = time.monotonic()
        await drained(faro.database_url, within=DRAIN_SECONDS)
        empty = time.monotonic()
    answers = _answers(faro) - before
    return Overload(
        load.per_second,
        answers / (empty - began),
        max(ages),
        empty - sent,
        await _quick(faro, block=block),
        answers,
        load.refused,
    )


def requests(port: int, *, people: int, block: int) -> list[bytes]:
    """Everybody's first message, then everybody's second, as when news reaches many at once."""
    talks = conversations()
    turns = [
        (n, f"52155{block:02}{person:06}", lines[n])
        for person in range(people)
        for lines in [talks[person % len(talks)]]
        for n in range(len(lines))
    ]
    return [webhook(number, text, port=port) for _, number, text in sorted(turns)]


async def _quick(faro: World, *, block: int) -> float:
    """Milliseconds to the answer of somebody who writes once it is over: the median of ten."""
    line, took = await Line.open(faro.port), []
    for n in range(10):
        number = f"52156{block:02}{n:06}"
        began = time.perf_counter()
        assert await line.ask(webhook(number, "necesito comida en acapulco", port=faro.port))
        took.append(1000 * (await faro.platform.answered(number) - began))
    line.close()
    return statistics.median(took)


def _answers(faro: World) -> int:
    return sum(len(times) for times in faro.platform.times.values())


@asynccontextmanager
async def _watched(url: str) -> AsyncIterator[list[float]]:
    """Ages in seconds of the oldest message without an answer, seen while the block lasts."""
    ages = [0.0]
    database = open_database(url, pool=2)

    async def watch() -> None:
        while True:
            async with database.read() as connection:
                queue = await operation_store.inbox_queue(connection)
            if queue.oldest:
                ages.append((datetime.now(UTC) - queue.oldest).total_seconds())
            await asyncio.sleep(LOOK_SECONDS)

    task = asyncio.create_task(watch())
    try:
        yield ages
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await database.close()


def _figures(name: str, runs: list[Overload]) -> list[Figure]:
    return [
        Figure(f"{name}: answers", tuple(run.rate for run in runs), "/s"),
        Figure(f"{name}: webhooks taken meanwhile", tuple(run.intake for run in runs), "/s"),
        Figure(f"{name}: oldest message under overload", tuple(run.oldest for run in runs), "s"),
        Figure(f"{name}: nothing waits any more after", tuple(run.recovery for run in runs), "s"),
        Figure(f"{name}: an answer then", tuple(run.after for run in runs), "ms"),
        Figure(f"{name}: webhooks refused", tuple(float(run.refused) for run in runs), "", 0.0),
    ]


def _ratios(found: list[Figure]) -> list[Figure]:
    """Answers a second against one of each."""
    rates = {figure.name: figure.median for figure in found if figure.name.endswith(": answers")}
    one = rates[f"{_name(*SIZES[0])}: answers"]
    return [
        Figure(
            f"{_name(*size)}: times the answers of one of each",
            (rates[f"{_name(*size)}: answers"] / one,),
            "×",
        )
        for size in SIZES[1:]
    ]


def _name(workers: int, readers: int) -> str:
    return f"{workers} worker{'s' * (workers > 1)}, {_readers(readers)}"


def _readers(number: int) -> str:
    return f"{number} reading process{'es' * (number > 1)}"
