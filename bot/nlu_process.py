"""Faro's own NLU process: started, watched, started again; it ends with its parent, even on SIGKILL."""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

import aiohttp

from bot.understanding import Nlu

log = logging.getLogger(__name__)

NLU_FOLDER = Path(__file__).resolve().parent.parent / "nlu"
PYTHON = NLU_FOLDER / ".venv" / "bin" / "python"
MODELS = NLU_FOLDER / "models"
START_SECONDS = 60.0
_RESTART_WAITS = (1.0, 2.0, 5.0, 15.0, 60.0)


class NluUnavailable(Exception):
    """The NLU process can't run here; the message says what to do."""


class NluProcess:
    """One child process with the model. Its standard input is a pipe that closes when Faro is gone."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        note: Path,
        *,
        changed: Callable[[Nlu | None], None],
        processes: int = 1,
    ) -> None:
        self._http = http
        self._note = note
        self._changed = changed
        self._processes = processes
        self._process: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """Keep one process alive, for ever; a wait grows with every start that failed."""
        failures = 0
        while True:
            try:
                self._changed(await self.start())
                failures = 0
                await self._wait()
                log.warning("the NLU process ended; the keywords answer until it is back")
            except NluUnavailable as error:
                log.warning("%s", error)
            self._changed(None)
            await self.stop()
            await asyncio.sleep(_RESTART_WAITS[min(failures, len(_RESTART_WAITS) - 1)])
            failures += 1

    async def start(self) -> Nlu:
        """Start the process and wait until it says where it listens. Raises NluUnavailable."""
        check_installed()
        self._process = await asyncio.create_subprocess_exec(
            str(PYTHON),
            "-m",
            "faro_nlu",
            "serve",
            "--models",
            str(MODELS),
            "--port",
            "0",
            "--processes",
            str(self._processes),
            "--until-stdin-closes",
            cwd=NLU_FOLDER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            start_new_session=True,  # Ctrl-C reaches Faro, which ends its child in order
        )
        port = await self._port()
        self._write_note(port)
        log.info("the NLU process is ready on port %d", port)
        return Nlu(self._http, f"http://127.0.0.1:{port}")

    async def stop(self) -> None:
        """End the process: first by closing its input, then by force."""
        process, self._process = self._process, None
        self._note.unlink(missing_ok=True)
        if process is None or process.returncode is not None:
            return
        if process.stdin:
            process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5)
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _port(self) -> int:
        process = self._process
        if process is None or process.stdout is None:
            raise NluUnavailable("The NLU process did not start.")
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
            return int(json.loads(line)["port"])
        except (TimeoutError, ValueError, KeyError, TypeError):
            raise NluUnavailable(
                "The NLU process did not get ready; see its messages above, or train it with «make nlu»."
            ) from None

    def _write_note(self, port: int) -> None:
        self._note.parent.mkdir(parents=True, exist_ok=True)
        pid = self._process.pid if self._process else 0
        self._note.write_text(json.dumps({"port": port, "pid": pid}), encoding="utf-8")

    async def _wait(self) -> None:
        if self._process:
            await self._process.wait()


def check_installed() -> None:
    """Raise NluUnavailable, with what to do, when there is no environment or no trained model."""
    if not PYTHON.exists():
        raise NluUnavailable("The NLU is not installed; run «make nlu». The keywords answer meanwhile.")
    if not any(MODELS.glob("*.tar.gz")):
        raise NluUnavailable("The NLU has no model; run «make nlu». The keywords answer meanwhile.")


async def running(http: aiohttp.ClientSession, note: Path) -> Nlu | None:
    """The NLU process of a Faro that runs already, or None."""
    try:
        port = _noted_port(note)
        url = f"http://127.0.0.1:{port}"
        async with http.get(f"{url}/", timeout=aiohttp.ClientTimeout(total=2)) as response:
            return Nlu(http, url) if response.status == 200 else None
    except (OSError, ValueError, KeyError, TypeError, aiohttp.ClientError, TimeoutError):
        return None


def _noted_port(note: Path) -> int:
    return int(json.loads(note.read_text(encoding="utf-8"))["port"])
