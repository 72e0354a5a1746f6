"""Evaluates the whole understanding on the held-out phrases: rules, model, keywords, places, who.

`python -m tools.evaluate [--no-nlu] [--phrases FOLDER …]` prints one table with a column for each folder: the
held-out set, and the judges, other authors who wrote of needs and danger only. Nobody trains on them.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from bot import understanding
from bot.messages import Inbound, Meaning
from bot.nlu_process import NluProcess
from bot.state import State
from bot.understanding import Nlu, Reading
from data.needs import Need
from services import directory as directories
from services import ladder, routes
from services.directory import Directory, Operator
from services.gazetteer import Gazetteer
from services.places import PlaceAnswer

HOLDOUT = Path(__file__).resolve().parents[1] / "nlu" / "tests" / "holdout"
JUDGES = HOLDOUT.parent / "judges"
MESSAGES = ("needs", "steering", "danger", "lookalikes", "out_of_scope", "places", "mixed")
CALM = ("needs", "steering", "places", "mixed")


@dataclass(frozen=True)
class Read:
    """A held-out phrase, and what it was understood as. A judge's says nothing of `place` and `who`."""

    part: str
    wanted: dict[str, Any]
    meaning: Meaning
    seconds: float


async def read_all(folder: Path, nlu: Nlu | None, directory: Directory, reading: Reading) -> list[Read]:
    """Every message of the held-out set, understood one after the other."""
    found = []
    for part in MESSAGES:
        for wanted in _phrases(folder, part):
            start = time.perf_counter()
            meaning = await understanding.understand(
                nlu, Inbound(text=wanted["text"]), state=State(), directory=directory, reading=reading
            )
            found.append(Read(part, wanted, meaning, time.perf_counter() - start))
    return found


def figures(folder: Path, reads: list[Read], gazetteer: Gazetteer) -> dict[str, float]:
    """Shares between 0 and 1 by name, and milliseconds."""
    asked = [r for r in reads if r.wanted["needs"] and r.wanted["needs"] != ["out_of_scope"]]
    outside = [r for r in reads if r.part == "out_of_scope"]
    danger = [r for r in reads if r.wanted["urgent"] or r.wanted["gbv"]]
    calm = [r for r in reads if r.part in CALM and not (r.wanted["urgent"] or r.wanted["gbv"])]
    alike = [r for r in reads if r.part == "lookalikes"]
    placed = [r for r in reads if r.wanted.get("place")]
    answers = _phrases(folder, "place_answers")
    return {
        "right need first": _share(asked, lambda r: _first(r) in r.wanted["needs"]),
        "right need among three": _share(asked, lambda r: bool(set(_three(r)) & set(r.wanted["needs"]))),
        "out of scope refused": _share(outside, _refused),
        "danger found": _share(danger, _alarmed),
        "urgent found": _share([r for r in danger if r.wanted["urgent"]], lambda r: r.meaning.danger.urgent),
        "gbv found": _share([r for r in danger if r.wanted["gbv"]], lambda r: r.meaning.danger.gbv),
        "false alarms on look-alikes": _share(alike, _alarmed),
        "false alarms on calm requests": _share(calm, _alarmed),
        "place in a message": _share(placed, lambda r: _is_place(r.meaning.place, r.wanted["place"])),
        "place answers": _share(answers, lambda a: _is_answer(gazetteer.resolve(a["text"]), a)),
        "who, exactly": _share(
            [r for r in reads if "who" in r.wanted], lambda r: set(r.meaning.who) == set(r.wanted["who"])
        ),
        "milliseconds, median": 1000 * statistics.median(r.seconds for r in reads),
        "milliseconds, p95": 1000 * sorted(r.seconds for r in reads)[int(len(reads) * 0.95)],
    }


def _phrases(folder: Path, part: str) -> list[dict[str, Any]]:
    path = folder / f"{part}.yml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) if path.exists() else []


def missed_needs(reads: list[Read]) -> Counter[str]:
    """Needs whose phrases were read as something else first."""
    wrong = [r for r in reads if r.wanted["needs"] and _first(r) not in r.wanted["needs"]]
    return Counter(r.wanted["needs"][0] for r in wrong)


def _first(read: Read) -> str:
    needs = read.meaning.needs
    return needs[0].need if needs else ""


def _three(read: Read) -> list[str]:
    return [n.need for n in (*read.meaning.needs, *read.meaning.guesses)][:3] or [""]


def _refused(read: Read) -> bool:
    return not any(n.need in set(Need) for n in read.meaning.needs)


def _alarmed(read: Read) -> bool:
    return read.meaning.danger.urgent or read.meaning.danger.gbv


def _is_place(answer: PlaceAnswer | None, key: str) -> bool:
    """`key` is an INEGI key, or «?» where Faro must ask which of several places is meant."""
    if answer is None or not answer.candidates:
        return False
    if key == "?":
        return answer.ambiguous
    keys = [place.key for place in answer.candidates]
    return key in keys if answer.ambiguous else keys[0] == key


def _is_answer(answer: PlaceAnswer, wanted: dict[str, Any]) -> bool:
    if wanted["ambiguous"]:
        return answer.ambiguous
    key = answer.candidates[0].key if answer.candidates else None
    return not answer.ambiguous and key == wanted["place"]


def _share(items: list[Any], is_right: Any) -> float:
    return sum(map(bool, map(is_right, items))) / len(items) if items else float("nan")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-nlu", action="store_true", help="rules and keywords only")
    parser.add_argument(
        "--phrases", type=Path, nargs="+", default=[HOLDOUT, *sorted(JUDGES.iterdir())], help="their folders"
    )
    asked = parser.parse_args()
    gazetteer = Gazetteer.load()
    directory = directories.build(
        (), version=1, gazetteer=gazetteer, ladder=ladder.load(), routes=routes.load(), operator=Operator()
    )
    async with aiohttp.ClientSession() as http:
        process = NluProcess(http, Path(tempfile.mkdtemp()) / "nlu.json", changed=lambda _: None)
        try:
            nlu = None if asked.no_nlu else await process.start()
            reading = understanding.load()
            reads = {folder: await read_all(folder, nlu, directory, reading) for folder in asked.phrases}
        finally:
            await process.stop()
    columns = {folder.name: figures(folder, read, gazetteer) for folder, read in reads.items()}
    sys.stdout.write(f"{'':32}{''.join(f'{name:>11}' for name in columns)}\n")
    for name in next(iter(columns.values())):
        row = "".join(
            f"{'' if isnan(column[name]) else f'{column[name]:.3f}':>11}" for column in columns.values()
        )
        sys.stdout.write(f"{name:32}{row}\n")
    missed = missed_needs([one for read in reads.values() for one in read])
    sys.stdout.write(f"most missed: {missed.most_common(6)}\n")


if __name__ == "__main__":
    asyncio.run(main())
