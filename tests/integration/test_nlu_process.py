"""Faro with its own NLU process: it answers without it, wins it back, and leaves none behind."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot import nlu_process, understanding
from bot.nlu_process import NluProcess, NluUnavailable
from bot.state import State
from bot.understanding import Meaning, Nlu, Reading
from services.directory import Directory
from tests.fixtures.process import Process
from tests.fixtures.require import require
from tools import evaluate

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.nlu]

READY_SECONDS = 90.0
FLOORS = {
    "right need first": 0.93,
    "right need among three": 0.96,
    "out of scope refused": 0.90,
    "danger found": 0.96,
    "place in a message": 0.90,
    "place answers": 0.92,
}
"""What the held-out phrases gave when this was written, less a margin for another training run."""
CEILINGS = {"false alarms on look-alikes": 0.09, "false alarms on calm requests": 0.05}

FLOORS_OF_JUDGES = {
    "right need first": 0.91,
    "right need among three": 0.95,
    "out of scope refused": 0.94,
    "danger found": 0.98,
}
"""The same of all judges together."""
CEILINGS_OF_JUDGES = {"false alarms on look-alikes": 0.05, "false alarms on calm requests": 0.02}


@pytest.fixture(autouse=True, scope="module")
def installed() -> None:
    try:
        nlu_process.check_installed()
    except NluUnavailable as error:
        require("nlu", str(error))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nlu(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nlu]:
    async with aiohttp.ClientSession() as http:
        process = NluProcess(http, tmp_path_factory.mktemp("nlu") / "nlu.json", changed=lambda _: None)
        yield await process.start()
        await process.stop()


async def test_the_model_reads_what_the_keywords_do_not_know(
    nlu: Nlu, directory: Directory, reading: Reading
) -> None:
    meaning = await _read(nlu, "ocupo donde quedarme con mis plebes unos dias", directory, reading)

    assert meaning.source == "rasa"
    assert meaning.needs[0].need == "shelter"


@pytest.mark.parametrize("text", ["😂😂👍", "​​", "ساعدني من فضلك", "/affirm", "\ud83d", "0", "zxcv qwrt plkm"])
async def test_nothing_recognised_is_never_a_yes(
    nlu: Nlu, directory: Directory, reading: Reading, text: str
) -> None:
    meaning = await _read(nlu, text, directory, reading)

    assert "affirm" not in [n.need for n in meaning.needs]


async def test_the_whole_understanding_keeps_its_floors_on_held_out_phrases(
    nlu: Nlu, directory: Directory, reading: Reading
) -> None:
    reads = await evaluate.read_all(evaluate.HOLDOUT, nlu, directory, reading)

    found = evaluate.figures(evaluate.HOLDOUT, reads, directory.gazetteer)

    assert _amiss(found, FLOORS, CEILINGS) == {}


async def test_the_whole_understanding_keeps_its_floors_on_the_judges(
    nlu: Nlu, directory: Directory, reading: Reading
) -> None:
    reads = [
        one
        for folder in sorted(evaluate.JUDGES.iterdir())
        for one in await evaluate.read_all(folder, nlu, directory, reading)
    ]

    found = evaluate.figures(evaluate.JUDGES, reads, directory.gazetteer)

    assert _amiss(found, FLOORS_OF_JUDGES, CEILINGS_OF_JUDGES) == {}


async def test_an_answer_comes_when_the_nlu_does_not(directory: Directory, reading: Reading) -> None:
    async with aiohttp.ClientSession() as http:
        meaning = await _read(Nlu(http, "http://127.0.0.1:9"), "busco albergue en tlapa", directory, reading)

    assert meaning.source == "keywords"
    assert meaning.needs[0].need == "shelter"
    assert meaning.place is not None


async def test_a_killed_nlu_is_started_again_and_ends_with_faro(
    tmp_path: Path,
) -> None:
    faro = Process(tmp_path)
    note = tmp_path / "var" / "nlu.json"
    await faro.start()
    first = await _noted_pid(note, other_than=0)

    os.kill(first, signal.SIGKILL)
    second = await _noted_pid(note, other_than=first)
    await faro.kill()

    assert await _ends(second)
    await faro.start()
    third = await _noted_pid(note, other_than=second)
    assert await faro.end(signal.SIGINT) == 0
    assert await _ends(third)
    assert not note.exists()


def _amiss(found: dict[str, float], floors: dict[str, float], ceilings: dict[str, float]) -> dict[str, float]:
    """What lies below its floor or above its ceiling, or is no figure because its phrases are gone."""
    low = {name: found[name] for name, floor in floors.items() if not found[name] >= floor}
    return low | {name: found[name] for name, ceiling in ceilings.items() if not found[name] <= ceiling}


async def _read(nlu: Nlu, text: str, directory: Directory, reading: Reading) -> Meaning:
    inbound = understanding.Inbound(text=text)
    return await understanding.understand(nlu, inbound, state=State(), directory=directory, reading=reading)


async def _noted_pid(note: Path, *, other_than: int) -> int:
    """The process that Faro says is ready."""
    for _ in range(int(READY_SECONDS * 10)):
        if note.exists() and (text := note.read_text(encoding="utf-8")):
            pid = int(json.loads(text)["pid"])
            if pid != other_than:
                return pid
        await asyncio.sleep(0.1)
    raise TimeoutError("the NLU process did not get ready")


async def _ends(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        await asyncio.sleep(0.1)
    return False
