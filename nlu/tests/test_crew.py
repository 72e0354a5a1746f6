"""Several reading processes behind one address: renewed, swapped and restarted while they answer."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent


@contextmanager
def crew(models: Path, *more: str, stderr: "int | None" = None) -> "Iterator[tuple[subprocess.Popen, str]]":
    command = [
        sys.executable,
        "-m",
        "faro_nlu",
        "serve",
        "--models",
        str(models),
        "--until-stdin-closes",
        *more,
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=HOME, stdin=pipe, stdout=pipe, stderr=stderr) as process:
        try:
            ready = json.loads(process.stdout.readline())
            yield process, f"http://127.0.0.1:{ready['port']}"
        finally:
            process.terminate()
            process.wait(30)


def status(url: str) -> dict:
    with urllib.request.urlopen(f"{url}/status", timeout=10) as answer:
        return json.load(answer)


def until(happens: "Callable[[], bool]", seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.05)
    return False


class Asking(threading.Thread):
    """Asks one question after the other, each on a connection of its own, until told to stop."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.stop, self.statuses, self.pids = url, threading.Event(), [], set()

    def run(self) -> None:
        while not self.stop.is_set():
            body = json.dumps({"text": "necesito donde dormir"}).encode()
            request = urllib.request.Request(f"{self.url}/model/parse", data=body, method="POST")
            with urllib.request.urlopen(request, timeout=20) as answer:
                self.statuses.append(answer.status)
            self.pids.add(status(self.url)["pid"])


@contextmanager
def asked(url: str) -> Iterator[Asking]:
    asking = Asking(url)
    asking.start()
    try:
        yield asking
    finally:
        asking.stop.set()
        asking.join(30)


@pytest.fixture
def models(archive: Path, tmp_path: Path) -> Path:
    shutil.copy(archive, tmp_path / archive.name)
    return tmp_path


def test_a_new_model_is_taken_and_a_dead_reader_replaced_without_a_question_lost(models: Path) -> None:
    with crew(models, "--processes", "2") as (_, url), asked(url) as asking:
        assert until(lambda: len(asking.pids) >= 2)
        (first,) = models.glob("*.tar.gz")
        shutil.copy(first, models / "0123456789abcdef.tar.gz")
        os.utime(models / "0123456789abcdef.tar.gz")
        before = set(asking.pids)

        assert until(lambda: len(asking.pids - before) >= 2)
        new = next(iter(asking.pids - before))
        asking.stop.set()
        asking.join(30)
        assert set(asking.statuses) == {200}
        assert status(url)["model"] == "0123456789abcdef"

        os.kill(new, signal.SIGKILL)
        assert until(lambda: _another(url, asking.pids))


def _another(url: str, known: "set[int]") -> bool:
    return status(url)["pid"] not in known


def test_a_reader_that_grows_is_renewed(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from faro_nlu import crew as crews

    orders = crews.Orders(models, "127.0.0.1", 0, 1, largest=1)
    said: "list[str]" = []

    async def run() -> None:
        listener = crews._listen("127.0.0.1", 0)
        kept = crews.Crew(orders, listener, said.append)
        await kept.fill()
        first = kept.readers[0].process.pid
        monkeypatch.setattr(crews, "resident", lambda _pid: 10**12)
        await kept.look()
        assert kept.readers[0].process.pid != first
        await kept.end()
        listener.close()

    import asyncio

    asyncio.run(run())
    assert said == ["One was renewed."]


def test_a_model_that_cannot_be_loaded_leaves_the_old_one(models: Path) -> None:
    (good,) = models.glob("*.tar.gz")
    with crew(models, stderr=subprocess.PIPE) as (process, url):
        (models / "ffffffffffffffff.tar.gz").write_bytes(b"not a model")

        assert any(b"stays." in line for line in process.stderr)

        assert status(url)["model"] == good.name[:16]
        (models / "ffffffffffffffff.tar.gz").unlink()


def test_nobody_outlives_a_killed_keeper(models: Path) -> None:
    with crew(models, "--processes", "2") as (process, url):
        pids = {status(url)["pid"] for _ in range(20)}
        process.kill()
        process.wait(10)

        assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_the_state_tells_what_the_present_phrases_would_be_named(models: Path) -> None:
    from faro_nlu import training

    with crew(models) as (_, url):
        assert status(url)["data"] == training.fingerprint()
