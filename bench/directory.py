"""Search, snapshot and memory of 20,000 services grown from the seed; a sheet of 10,000 rows out and in."""

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.figures import Figure, percentile
from bench.subjects import Bench
from data import seed_files
from data.needs import Need
from data.records import Exposure, Kind, Location, Service
from services import directory as directories
from services import hours, ladder, matching, record_rules, routes
from services.directory import Directory, Operator
from services.exchange import area_names, files, plan
from services.exchange.area_names import AreaNames
from services.gazetteer import Gazetteer
from services.matching import Question
from services.record_rules import Rules

NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
PAGE, RUNS = 3, 3


async def measure(bench: Bench) -> list[Figure]:
    """Times of one thread of one process; the search includes the nearest one where nothing fits."""
    size, questions = bench.pick(quick=2000, full=20_000), bench.pick(quick=300, full=4000)
    gazetteer = Gazetteer.load()
    hours.prepare(NOW.date())
    services = tuple(grown(seed_files.read().services, size, gazetteer))
    bench.say(f"{size:,} services")
    tracemalloc.start()
    directory = built(services, gazetteer)
    memory = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    builds = tuple(_milliseconds(lambda: built(services, gazetteer)) for _ in range(RUNS))
    pages = [list(first_pages(directory, questions, gazetteer)) for _ in range(RUNS)]
    bench.say("a sheet, out and in again")
    return [
        Figure("snapshot build", builds, "ms", note=f"{size:,} services"),
        Figure("snapshot memory", (memory,), "MB"),
        Figure("first page, p50", tuple(percentile(times, 50) for times in pages), "ms"),
        Figure("first page, p99", tuple(percentile(times, 99) for times in pages), "ms", 10),
        *_sheet(bench, services),
    ]


def _sheet(bench: Bench, services: Sequence[Service]) -> list[Figure]:
    rows = bench.pick(quick=1000, full=10_000)
    rules = record_rules.load_rules()
    areas = area_names.load(rules.areas)
    figures = []
    for suffix in (".csv", ".xlsx"):
        path = bench.folder / f"sheet{suffix}"
        out = _milliseconds(
            partial(files.write, path, services[:rows], areas, audience=Exposure.STAFF, today=NOW.date())
        )
        into = _milliseconds(partial(_read_in, path, rules, areas))
        figures += [
            Figure(f"export of {rows:,} rows, {suffix}", (out / 1000,), "s", 30),
            Figure(f"import of {rows:,} rows, {suffix}, read and checked", (into / 1000,), "s", 30),
        ]
    return figures


def _read_in(path: Path, rules: Rules, areas: AreaNames) -> plan.Plan:
    return plan.compare(files.read(path), {}, rules=rules, areas=areas, now=NOW)


def grown(seed: Sequence[Service], wanted: int, gazetteer: Gazetteer) -> Iterator[Service]:
    """The seed, then its offices again in other municipalities, each its own record."""
    yield from seed[:wanted]
    draw = random.Random(7)  # noqa: S311 - the same directory every time
    towns = sorted(gazetteer.areas)
    towns = [key for key in towns if len(key) == 5]
    offices = [service for service in seed if service.kind is not Kind.REFUGE]
    for number in range(wanted - len(seed)):
        service, town = draw.choice(offices), draw.choice(towns)
        coverage = (town[:2],) if number % 4 == 0 else (town,)
        place = Location(state=town[:2], municipality=town)
        yield replace(service, id=f"G{number}", location=place, coverage=coverage)


def built(services: Sequence[Service], gazetteer: Gazetteer) -> Directory:
    """The snapshot."""
    return directories.build(
        services,
        version=1,
        gazetteer=gazetteer,
        ladder=ladder.load(),
        routes=routes.load(),
        operator=Operator(),
    )


def first_pages(directory: Directory, count: int, gazetteer: Gazetteer) -> Iterator[float]:
    """Milliseconds of each search: any need, anywhere, in the women's flow and outside it."""
    draw = random.Random(11)  # noqa: S311
    places = sorted(gazetteer.areas)
    for _ in range(count):
        question = Question(draw.choice(list(Need)), draw.choice(places), (), NOW, women=draw.random() < 0.4)
        began = time.perf_counter()
        page = matching.find(directory, question)[:PAGE]
        if not page:
            matching.nearest(directory, question)
        yield (time.perf_counter() - began) * 1000


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
