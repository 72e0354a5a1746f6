"""A Faro of several processes around which a bench stands: databases, the NLU process, and a WhatsApp that
tells when each answer arrives."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import func, select

from bench.subjects import Bench, Unavailable
from bot.nlu_process import NluProcess, NluUnavailable
from data.database import open_database
from data.inbox_store import oldest_waiting
from data.tables import inbox, outbox
from tests.fixtures import postgres
from tests.fixtures.platforms import GraphApi
from tests.fixtures.process import START_SECONDS, Process, children, until

APP_SECRET = "invented-app-secret"  # noqa: S105 - of a bench
CLOSED = "http://127.0.0.1:9"


class Answers(GraphApi):
    """WhatsApp that notes when each person's answers were accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.times: dict[str, list[float]] = {}
        self._waiters: dict[str, list[tuple[int, asyncio.Future[float]]]] = {}

    def _accept(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = super()._accept(body)
        now, number = time.perf_counter(), body["to"]
        times = self.times.setdefault(number, [])
        times.append(now)
        for waiter in [w for w in self._waiters.get(number, []) if len(times) >= w[0]]:
            self._waiters[number].remove(waiter)
            waiter[1].set_result(now)
        self.messages.clear()  # a bench does not look at them, and they would fill the memory
        self.calls.clear()
        self.answers.clear()
        return answer

    async def answered(self, number: str, times: int = 1, *, within: float = 60.0) -> float:
        """When the person's so-manieth answer was accepted."""
        if len(self.times.get(number, [])) >= times:
            return self.times[number][times - 1]
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(number, []).append((times, future))
        return await asyncio.wait_for(future, within)


@dataclass
class World:
    """A running Faro: the process that takes webhooks, and all of them."""

    web: Process
    processes: list[Process]
    platform: Answers
    database_url: str

    @property
    def port(self) -> int:
        return self.web.port

    @property
    def resident(self) -> float:
        """MB of memory of all its processes together (the NLU process is not one of them)."""
        return sum(resident(process.pid) for process in self.processes)

    @property
    def processor(self) -> float:
        """Seconds of processor time that its processes have used."""
        return sum(processor(process.pid) for process in self.processes)

    async def add(self, process: Process, role: str) -> None:
        """Start one more process of this Faro and wait until it works."""
        await process.launch("--only", role)
        seen = process._folder / "var" / f"seen-{role}"
        if not await until(seen.exists, seconds=START_SECONDS):
            raise TimeoutError(f"the {role} did not start: {process.said[-2000:]}")
        self.processes.append(process)


@asynccontextmanager
async def world(
    bench: Bench,
    *,
    database_url: str = "",
    nlu_url: str = CLOSED,
    workers: int = 0,
    web_only: bool = False,
    latency: tuple[float, float] = (0.0, 0.0),
) -> AsyncIterator[World]:
    """One process that does all; or, with `workers`, one for the webhooks and so many that answer."""
    async with AsyncExitStack() as stack:
        folder = bench.folder / f"world-{time.monotonic_ns()}"
        folder.mkdir()
        platform = await stack.enter_async_context(Answers())
        platform.latency = latency
        url = database_url or f"sqlite+aiosqlite:///{folder / 'faro.db'}"
        settings = _settings(platform, url, nlu_url)
        web = Process(folder, **settings)
        stack.push_async_callback(web.kill)
        alone = web_only or workers > 0
        await web.start(*(("--only", "web") if alone else ()))
        opened = World(web, [web], platform, url)
        for _ in range(workers):
            worker = another(opened)
            stack.push_async_callback(worker.kill)
            await opened.add(worker, "worker")
        yield opened


def another(opened: World) -> Process:
    """One more process of the same Faro, not started yet."""
    settings = {name: value for name, value in opened.web._environment.items() if name.startswith("FARO_")}
    for name in ("FARO_DATA_DIR", "FARO_PORT"):
        settings.pop(name)
    folder = opened.web._folder / f"worker-{time.monotonic_ns()}"
    folder.mkdir()
    return Process(folder, **settings)


@asynccontextmanager
async def understanding(bench: Bench, *, processes: int = 1) -> AsyncIterator[str]:
    """The address of so many NLU processes with the trained model. Raises Unavailable."""
    async with aiohttp.ClientSession() as http:
        process = NluProcess(http, bench.folder / "nlu.json", changed=lambda _: None, processes=processes)
        try:
            yield (await process.start()).url
        except NluUnavailable as missing:
            raise Unavailable(str(missing)) from None
        finally:
            await process.stop()


def reading_processes() -> list[int]:
    """The NLU processes that this bench started."""
    return [pid for pid in children(os.getpid()) if b"faro_nlu" in _command(pid)]


def _command(pid: int) -> bytes:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""


@asynccontextmanager
async def recorded(bench: Bench, texts: Sequence[str]) -> AsyncIterator[str]:
    """The address of a server that gives the model's own answers to these texts, at once.

    So that what is measured is Faro with everything the model leads to, and not the model. Without a model
    an address where nobody listens: Faro understands by its keywords.
    """
    try:
        async with understanding(bench) as url, aiohttp.ClientSession() as http:
            answers = {text: await _parsed(http, url, text) for text in texts}
    except Unavailable as missing:
        bench.say(f"with the keywords only: {missing}")
        yield CLOSED
        return

    async def parse(request: web.Request) -> web.Response:
        said = (await request.json())["text"]
        return web.Response(body=answers[said], content_type="application/json")

    app = web.Application()
    app.router.add_post("/model/parse", parse)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _parsed(http: aiohttp.ClientSession, url: str, text: str) -> bytes:
    async with http.post(f"{url}/model/parse", json={"text": text}) as response:
        return await response.read()


@contextmanager
def databases(bench: Bench) -> Iterator[dict[str, str]]:
    """By name: the URL of a database, empty for the SQLite of each world. PostgreSQL where it can be had."""
    if postgres.find_programs() is None:
        bench.say("no PostgreSQL here: only SQLite is measured")
        yield {"SQLite": ""}
        return
    with postgres.running(durable=True) as server:
        yield {"SQLite": "", "PostgreSQL": server.new_database()}


async def drained(url: str, *, within: float) -> tuple[float, float]:
    """Seconds until nothing waits any more, and the greatest age in seconds that was seen of what waited."""
    began, oldest = time.monotonic(), 0.0
    database = open_database(url)
    try:
        while time.monotonic() - began < within:
            async with database.read() as connection:
                since = await oldest_waiting(connection)
                left = await connection.scalar(
                    select(func.count()).where(outbox.c.status.in_(["waiting", "sending"]))
                )
                left = (left or 0) + (await connection.scalar(_waiting()) or 0)
            oldest = max(oldest, time.time() - since.timestamp() if since else 0.0)
            if not left:
                return time.monotonic() - began, oldest
            await asyncio.sleep(0.2)
    finally:
        await database.close()
    raise TimeoutError(f"{left} rows wait after {within:.0f} s")


def resident(pid: int, *, at_most: bool = False) -> float:
    """MB of memory that a process holds; `at_most`: that it ever held."""
    field = "VmHWM:" if at_most else "VmRSS:"
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _waiting() -> Any:
    return select(func.count()).select_from(inbox).where(inbox.c.status == "waiting")


def _settings(platform: Answers, database_url: str, nlu_url: str) -> dict[str, str]:
    return {
        "FARO_DATABASE_URL": database_url,
        "FARO_SECRET_KEY": "a secret of forty characters for benches",
        "FARO_NLU_URL": nlu_url,
        "FARO_WHATSAPP_TOKEN": platform.token,
        "FARO_WHATSAPP_PHONE_NUMBER_ID": platform.phone_number_id,
        "FARO_WHATSAPP_APP_SECRET": APP_SECRET,
        "FARO_WHATSAPP_VERIFY_TOKEN": "invented-verify-token",
        "FARO_WHATSAPP_API_URL": platform.api_url,
        "FARO_WHATSAPP_PER_SECOND": "1000",
        "FARO_LOG_LEVEL": "WARNING",
    }
