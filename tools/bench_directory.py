"""Search, snapshot and memory of a large directory grown from the seed: `python -m tools.bench_directory`."""

import argparse
import json
import random
import resource
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from data import seed_files
from data.needs import Need
from data.records import Kind, Location, Service
from services import directory as directories
from services import ladder, matching, routes
from services.directory import Directory, Operator
from services.gazetteer import Gazetteer
from services.matching import Question

NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
SERVICES, QUESTIONS, PAGE = 20_000, 4_000, 3


def main() -> int:
    """Measure and print one JSON object; times in milliseconds, memory in megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=SERVICES)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    options = parser.parse_args()
    sys.stdout.write(json.dumps(measured(options.services, options.questions), indent=2) + "\n")
    return 0


def measured(services: int, questions: int) -> dict[str, float]:
    """Every figure of a directory of so many services."""
    gazetteer = Gazetteer.load()
    grown_ones = tuple(grown(seed_files.read().services, services, gazetteer))
    tracemalloc.start()
    directory = built(grown_ones, gazetteer)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    began = time.perf_counter()
    built(grown_ones, gazetteer)
    build_ms = (time.perf_counter() - began) * 1000
    times = sorted(first_pages(directory, questions, gazetteer))
    return {
        "services": len(directory),
        "questions": questions,
        "snapshot_build_ms": round(build_ms, 1),
        "snapshot_memory_mb": round(held / 1e6, 1),
        "process_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, 1),
        "first_page_p50_ms": round(times[len(times) // 2], 3),
        "first_page_p99_ms": round(times[int(len(times) * 0.99)], 3),
        "first_page_max_ms": round(times[-1], 3),
    }


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


if __name__ == "__main__":
    sys.exit(main())
