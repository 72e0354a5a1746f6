"""Keeps one or more reading processes behind one address: replaced before they grow, swapped for a new model.

All accept from one socket that the keeper holds open: while one is replaced, the next has taken over.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import threading
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from faro_nlu import training

READY_SECONDS = 60.0
LOOK_SECONDS = 2.0
_WAITS = (0.5, 2.0, 5.0, 15.0, 60.0)


@dataclass(frozen=True)
class Orders:
    """Where to listen, how many read, and from which resident size (bytes) one is replaced."""

    models: Path
    host: str
    port: int
    processes: int
    largest: int


@dataclass
class Reader:
    """A process that reads, its model, and how large it may grow: never less than half more than it began."""

    process: Process
    model: str
    largest: int


@dataclass
class Crew:
    """The readers and the socket they share."""

    orders: Orders
    listener: socket.socket
    say: Callable[[str], None]
    readers: "list[Reader]" = field(default_factory=list)
    failures: int = 0
    refused: str = ""
    """A model that could not be loaded; it is not tried again."""

    async def fill(self) -> None:
        """Start who is missing."""
        while len(self.readers) < self.orders.processes:
            self.readers.append(await self.start())

    async def start(self) -> Reader:
        """Raises OSError when it does not get ready."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "faro_nlu",
            "work",
            "--models",
            str(self.orders.models),
            "--fd",
            str(self.listener.fileno()),
            pass_fds=(self.listener.fileno(),),
            stdin=PIPE,
            stdout=PIPE,
        )
        try:
            line = await asyncio.wait_for(_first_line(process), READY_SECONDS)
            model = str(json.loads(line)["model"])
        except (asyncio.TimeoutError, ValueError, KeyError, TypeError):
            _kill(process)
            await process.wait()
            raise ChildProcessError("A reading process did not get ready; see above.") from None
        return Reader(process, model, max(self.orders.largest, resident(process.pid) * 3 // 2))

    async def look(self) -> None:
        """One round: the dead, the outdated and the large are replaced, one at a time."""
        for reader in list(self.readers):
            if reader.process.returncode is not None:
                self.say(f"A reading process ended ({reader.process.returncode}); another takes its place.")
                self.readers.remove(reader)
        newest = training.newest(self.orders.models)
        wanted = newest.name[: -len(".tar.gz")] if newest else ""
        for reader in list(self.readers):
            old = bool(wanted) and reader.model != wanted != self.refused
            if old or resident(reader.process.pid) > reader.largest:
                await self.replace(reader, wanted)
        await self.fill()

    async def replace(self, reader: Reader, wanted: str) -> None:
        """The new one is ready before the old one goes."""
        try:
            new = await self.start()
        except OSError as error:
            self.refused = wanted if reader.model != wanted else self.refused
            self.say(f"{error} The model {reader.model} stays.")
            return
        self.readers[self.readers.index(reader)] = new
        self.say(
            f"Reading with the model {new.model} now." if new.model != reader.model else "One was renewed."
        )
        await _end(reader.process)

    async def end(self) -> None:
        await asyncio.gather(*(_end(reader.process) for reader in self.readers))


async def keep(orders: Orders, *, until_stdin_closes: bool, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM, SIGINT or, if asked, until standard input closes. One line of JSON when ready."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if until_stdin_closes:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    crew = Crew(orders, _listen(orders.host, orders.port), say)
    try:
        crew.readers.append(await crew.start())
        told = {"port": crew.listener.getsockname()[1], "pid": os.getpid(), "model": crew.readers[0].model}
        print(json.dumps(told), flush=True)  # noqa: T201
        await _look(crew)
        while not stop.is_set():
            wait = LOOK_SECONDS if not crew.failures else _WAITS[min(crew.failures, len(_WAITS)) - 1]
            await _wait(stop, wait)
            await _look(crew)
    finally:
        await crew.end()
        crew.listener.close()


async def _look(crew: Crew) -> None:
    try:
        await crew.look()
        crew.failures = 0
    except OSError as error:
        crew.failures += 1
        crew.say(str(error))


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except asyncio.TimeoutError:
        return


def resident(pid: int) -> int:
    """Bytes in memory; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(512)
    listener.setblocking(False)
    return listener


async def _first_line(process: Process) -> bytes:
    return await process.stdout.readline() if process.stdout else b""


async def _end(process: Process) -> None:
    """In order: what it is reading is answered."""
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 15)
        except asyncio.TimeoutError:
            _kill(process)
            await process.wait()


def _kill(process: Process) -> None:
    try:
        process.kill()
    except ProcessLookupError:
        return


def _end_with_parent() -> None:
    """A killed parent closes the pipe; the readers' own pipes close with this process."""
    while os.read(0, 4096):
        pass
    os._exit(0)
