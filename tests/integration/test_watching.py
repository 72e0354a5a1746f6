"""Alarms reach FARO_ALERT_URL once, and again when they are over; the heartbeat stops with the answers."""

import asyncio
import json
import resource
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot import alarm, scheduler
from bot.alarms import Limits
from bot.core import Core
from bot.watching import AGAIN, Watch, job
from data import account_store, lease_store, process_store, upload_store
from data.account_store import Account
from data.database import DatabaseAway, open_database
from data.process_store import Process
from data.tables import login_failure, upload

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


class Operator:
    """Whoever listens at the two addresses."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.beats = 0
        self.status = 200
        self.url = ""

    async def hear(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        return web.Response(status=self.status)

    async def beat(self, request: web.Request) -> web.Response:
        self.beats += 1
        return web.Response(status=self.status)


@asynccontextmanager
async def listening() -> AsyncIterator[Operator]:
    operator = Operator()
    app = web.Application()
    app.router.add_post("/alarm", operator.hear)
    app.router.add_get("/beat", operator.beat)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    operator.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield operator
    finally:
        await runner.cleanup()


@asynccontextmanager
async def watching(core: Core, *, as_json: bool = True) -> AsyncIterator[tuple[Watch, Operator]]:
    async with listening() as operator, aiohttp.ClientSession() as http:

        async def tell(sentence: str) -> None:
            await alarm.tell(http, f"{operator.url}/alarm", sentence, as_json=as_json)

        yield Watch(core, tell, Limits, http=http, heartbeat_url=f"{operator.url}/beat"), operator


async def runs(core: Core, *roles: str, at: datetime = NOW) -> None:
    async with core.database.write() as connection:
        for role in roles:
            await process_store.see(connection, Process(role, role, "1", "", 1, 0.5, at, at))


async def test_an_alarm_is_told_once_again_after_hours_and_when_it_is_over(core: Core) -> None:
    async with watching(core) as (watch, operator):
        await runs(core, "web")
        await watch.lead(core, NOW)
        await watch.lead(core, NOW + timedelta(seconds=30))
        (body,) = operator.bodies
        said = "No worker runs, so nobody is answered: start «faro serve --only worker»."
        assert json.loads(body) == {"text": said}
        assert operator.beats == 0

        await runs(core, "web", at=NOW + AGAIN)
        await watch.lead(core, NOW + AGAIN + timedelta(seconds=1))
        assert len(operator.bodies) == 2

        await runs(core, "web", "worker", at=NOW + AGAIN)
        await watch.lead(core, NOW + AGAIN + timedelta(seconds=2))
        assert b"Over: No worker" in operator.bodies[2]
        assert operator.beats == 1


async def test_two_schedulers_tell_an_alarm_once(core: Core, second_core: Core) -> None:
    async with watching(core) as (watch, operator):
        await runs(core, "web")
        other = Watch(second_core, watch.tell, Limits)

        for leader in (watch, other, watch):
            await leader.lead(core, NOW)

        assert len(operator.bodies) == 1


@pytest.mark.usually_on("sqlite")
async def test_an_alarm_can_be_the_sentence_alone(core: Core) -> None:
    async with watching(core, as_json=False) as (watch, operator):
        await runs(core, "web")
        await watch.lead(core, NOW)

        assert operator.bodies[0].decode().startswith("No worker runs")


@pytest.mark.usually_on("sqlite")
async def test_whoever_listens_badly_does_not_stop_the_watch(core: Core) -> None:
    async with watching(core) as (watch, operator):
        operator.status = 500
        await runs(core, "web", "worker")
        await watch.lead(core, NOW)
        watch.heartbeat_url = "http://127.0.0.1:9"

        await watch.lead(core, NOW)

        assert operator.beats == 1


@pytest.mark.usually_on("sqlite")
async def test_a_database_that_takes_nothing_is_told_by_every_scheduler_once(core: Core) -> None:
    async with watching(core) as (watch, operator):

        def failing(_run: object) -> object:
            async def fail() -> None:
                raise DatabaseAway("the database does not answer: its disk is full")

            return fail

        def working(_run: object) -> object:
            async def work() -> None:
                pass

            return work

        for led in (failing, failing, working, working):
            await job(watch, led)()  # type: ignore[arg-type]

        assert [body.decode() for body in operator.bodies] == [
            '{"text": "No message can be taken: the database does not answer: its disk is full."}',
            '{"text": "Over: the database takes messages again."}',
        ]


async def test_a_database_that_became_read_only_is_told_and_told_when_it_is_over(
    core: Core, url: str, tmp_path: Path
) -> None:
    async with watching(core) as (watch, operator):
        await runs(core, "web", "worker", at=datetime.now(UTC))
        look = watch_of(core, watch, tmp_path)
        await look()
        assert (operator.bodies, operator.beats) == ([], 1)

        async with read_only(core, url) as shut:
            broken = watch_of(shut, watch, tmp_path)
            await broken()
            await broken()

        assert len(operator.bodies) == 1
        assert "read-only" in operator.bodies[0].decode()
        assert operator.beats == 1
        await look()
        assert b"Over: the database takes messages again." in operator.bodies[1]
        assert operator.beats == 2


@pytest.mark.only_on("sqlite")  # our own limit on files does not bind a server
async def test_a_disk_that_takes_no_more_is_told(core: Core, tmp_path: Path) -> None:
    async with watching(core) as (watch, operator):
        await runs(core, "web", "worker", at=datetime.now(UTC))
        look = watch_of(core, watch, tmp_path)

        with no_room_in_files():
            await look()

        (body,) = operator.bodies
        assert b"No message can be taken: " in body
        assert b"disk" in body


def watch_of(core: Core, watch: Watch, folder: Path) -> Callable[[], Awaitable[None]]:
    """The scheduler's own job, as it runs every minute."""
    (run,) = (
        j.run for j in scheduler.jobs(core, sources_file=folder / "none", watch=watch) if "over" in j.name
    )
    return run


@asynccontextmanager
async def read_only(core: Core, url: str) -> AsyncIterator[Core]:
    """A Faro whose database server, or file, was made read-only."""
    if core.database.is_sqlite:
        opened = open_database(url.replace("///", "///file:") + "?mode=ro&uri=true")
    else:
        async with core.database.write() as connection:
            name = await connection.scalar(select(func.current_database()))
            await connection.exec_driver_sql(
                f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'
            )
        opened = open_database(url)
    try:
        yield replace(core, database=opened)
    finally:
        await opened.close()


@contextmanager
def no_room_in_files() -> Iterator[None]:
    """The system refuses every write to a file of this process."""
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, was[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)


async def test_a_leader_that_ends_lets_another_lead_at_once(core: Core, second_core: Core) -> None:
    later = NOW + timedelta(seconds=90)
    async with core.database.write() as connection:
        assert await lease_store.take(connection, "scheduler", core.id, now=NOW, until=later)
    async with second_core.database.write() as connection:
        assert not await lease_store.take(connection, "scheduler", second_core.id, now=NOW, until=later)

    await scheduler.step_down(core)

    async with second_core.database.write() as connection:
        assert await lease_store.take(connection, "scheduler", second_core.id, now=NOW, until=later)


async def test_only_the_leaders_jobs_run(core: Core, second_core: Core, tmp_path: Path) -> None:
    async with watching(core) as (watch, operator):
        await runs(core, "web", at=datetime.now(UTC))
        both = [
            scheduler.jobs(each, sources_file=tmp_path / "none", watch=Watch(each, watch.tell, Limits))
            for each in (core, second_core)
        ]

        for _ in range(2):
            await asyncio.gather(*(job.run() for jobs in both for job in jobs if "watch" in job.name))

        assert len(operator.bodies) == 1


async def test_what_the_panel_left_behind_goes_by_the_clock(core: Core) -> None:
    person = Account("a", "a@example.org", "A", "hash", False, "administración", "", (), None, 0, True, NOW)
    async with core.database.write() as connection:
        await account_store.add(connection, person)
        await upload_store.add(connection, "u", b"sealed", account_id="a", now=NOW)
        await account_store.add_failures(connection, ["key"], now=NOW)

    left = []
    for hours in (23, 25):
        await scheduler.purge_queues(core, NOW + timedelta(hours=hours))
        async with core.database.read() as connection:
            tables = (upload, login_failure)
            left.append([await connection.scalar(select(func.count()).select_from(t)) for t in tables])

    assert left == [[1, 1], [0, 0]]
