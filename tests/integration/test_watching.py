"""Alarms reach FARO_ALERT_URL once, and again when they are over; the heartbeat stops with the answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy.exc import OperationalError

from bot import alarm, scheduler
from bot.alarms import Limits
from bot.core import Core
from bot.watching import AGAIN, Watch, job
from data import lease_store, process_store
from data.database import DatabaseAway
from data.process_store import Process

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


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_an_alarm_can_be_the_sentence_alone(core: Core) -> None:
    async with watching(core, as_json=False) as (watch, operator):
        await runs(core, "web")
        await watch.lead(core, NOW)

        assert operator.bodies[0].decode().startswith("No worker runs")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_whoever_listens_badly_does_not_stop_the_watch(core: Core) -> None:
    async with watching(core) as (watch, operator):
        operator.status = 500
        await runs(core, "web", "worker")
        await watch.lead(core, NOW)
        watch.heartbeat_url = "http://127.0.0.1:9"

        await watch.lead(core, NOW)

        assert operator.beats == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
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


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_read_only_database_file_is_said_to_be_one(core: Core) -> None:
    async with core.database.read() as connection:
        await connection.execution_options(faro_begin="")
        await connection.exec_driver_sql("PRAGMA query_only=ON")
        with pytest.raises(OperationalError, match="readonly"):
            await connection.exec_driver_sql("DELETE FROM lease")


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
