"""`/metrics` and the processes that report: one whole over several processes, and nothing about a person."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics, metrics_page, sending, turn
from bot.core import Core
from bot.messages import Inbound, Received
from bot.reporting import reporting
from bot.standing import look
from data import alarm_store, inbox_store, process_store
from tests.fixtures.serving import Served, served

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SECRET_WORDS = "me pegó mi esposo en Tlapa"


def samples(page: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(page)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


async def page_of(core: Core, now: datetime = NOW) -> str:
    return metrics_page.render(await look(core, now), budget=1000).decode()


async def receive(core: Core, text: str, *, person: str = "p1") -> None:
    received = Received("m" + person + text, person, "4242", Inbound(text=text))
    async with core.database.write() as connection:
        await inbox_store.accept(connection, [turn.arrival(core.keys, "telegram", received)], NOW)


async def test_two_processes_add_up_and_a_histogram_is_whole(core: Core, second_core: Core) -> None:
    for opened, seconds in ((core, 0.003), (second_core, 0.2), (second_core, 9999.0)):
        opened.meter.count(metrics.RECEIVED, channel="telegram", kind="received")
        opened.meter.observe(metrics.PART, seconds, part="send")
    await asyncio.gather(core.meter.flush(core.database), second_core.meter.flush(second_core.database))

    found = samples(await page_of(core))

    assert found["faro_received_total", frozenset({("channel", "telegram"), ("kind", "received")})] == 3
    assert found["faro_part_seconds_bucket", frozenset({("part", "send"), ("le", "0.005")})] == 1
    assert found["faro_part_seconds_bucket", frozenset({("part", "send"), ("le", "1800.0")})] == 2
    assert found["faro_part_seconds_bucket", frozenset({("part", "send"), ("le", "+Inf")})] == 3
    assert found["faro_part_seconds_count", frozenset({("part", "send")})] == 3


async def test_sums_that_cannot_be_written_are_kept(core: Core) -> None:
    core.meter.count(metrics.ANSWERED, channel="telegram")

    async with core.database.write() as connection:
        await connection.exec_driver_sql("ALTER TABLE counter RENAME TO counter_away")
    with pytest.raises((OSError, SQLAlchemyError)):
        await core.meter.flush(core.database)
    async with core.database.write() as connection:
        await connection.exec_driver_sql("ALTER TABLE counter_away RENAME TO counter")
    await core.meter.flush(core.database)

    assert samples(await page_of(core))["faro_answered_total", frozenset({("channel", "telegram")})] == 1


async def test_a_conversation_is_counted_and_says_nothing_about_the_person(core: Core) -> None:
    await receive(core, SECRET_WORDS)
    async with core.database.read() as connection:
        (person_id,) = (await connection.exec_driver_sql("SELECT person_id FROM inbox")).scalars().all()
        (waiting,) = await inbox_store.waiting_of(connection, person_id)
    before = samples(await page_of(core, NOW + timedelta(seconds=90)))

    await turn.take(core, waiting, now=NOW)
    await sending.send_all(core, person_id, now=NOW)
    await core.meter.flush(core.database)

    page = await page_of(core)
    found = samples(page)
    assert before["faro_queue_age_seconds", frozenset({("queue", "inbox")})] == 90
    assert found["faro_queue_age_seconds", frozenset({("queue", "inbox")})] == 0
    assert found["faro_danger_total", frozenset({("kind", "gbv")})] == 1
    assert found["faro_sends_total", frozenset({("channel", "telegram"), ("result", "accepted")})] == 1
    assert found["faro_fallback_share", frozenset()] == 1.0
    assert found["faro_directory_services", frozenset()] > 100
    assert 0 < found["faro_directory_stale_share", frozenset()] <= 1
    assert found["faro_whatsapp_budget", frozenset()] == 1000
    for word in (person_id, "4242", "Tlapa", "esposo", *SECRET_WORDS.split()):
        assert word not in page or len(word) < 4


async def test_an_answer_that_is_held_back_is_told_with_its_reason(core: Core, telegram_api: object) -> None:
    telegram_api.token = "another-token"  # type: ignore[attr-defined]
    await receive(core, "menú")
    async with core.database.read() as connection:
        (person_id,) = (await connection.exec_driver_sql("SELECT person_id FROM inbox")).scalars().all()
        (waiting,) = await inbox_store.waiting_of(connection, person_id)
    await turn.take(core, waiting, now=NOW)

    await sending.send_all(core, person_id, now=NOW)

    standing = await look(core, NOW)
    ((channel, reason),) = standing.held
    assert channel == "telegram"
    assert "token" in reason
    assert "another-token" not in reason


async def test_a_process_reports_while_it_runs_and_is_gone_at_its_end(core: Core, tmp_path: Path) -> None:
    async with reporting(core, "worker", folder=tmp_path):
        async with asyncio.timeout(10):
            while not (running := (await look(core, datetime.now(UTC))).processes):  # noqa: ASYNC110 - another task writes it
                await asyncio.sleep(0.01)
        (process,) = running
        assert process.role == "worker"
        assert process.understanding == "keywords"
        assert process.memory > 10_000_000
        assert 0 < process.disk_free <= 1

    assert (await look(core, datetime.now(UTC))).processes == ()


async def test_a_killed_process_is_no_longer_counted(core: Core) -> None:
    seen = process_store.Process("a", "worker", "1", "rasa", 1, 1.0, NOW, NOW)
    async with core.database.write() as connection:
        await process_store.see(connection, seen)

    assert (await look(core, NOW + timedelta(seconds=30))).roles() == {"worker"}
    assert (await look(core, NOW + timedelta(seconds=90))).roles() == set()


async def test_an_alarm_that_is_on_is_shown(core: Core) -> None:
    async with core.database.write() as connection:
        await alarm_store.raise_(connection, "no_worker", "Nobody answers.", now=NOW)

    assert samples(await page_of(core))["faro_alarm", frozenset({("alarm", "no_worker")})] == 1


@pytest.fixture
async def public(tmp_path: Path, empty_url: str) -> AsyncIterator[Served]:
    async with served(
        tmp_path,
        database_url=empty_url,
        public_url="https://faro.example.net",
        operator_name="Prueba",
        operator_contact="prueba@example.net",
        privacy_url="https://faro.example.net/p",
        metrics_token="an-invented-metrics-token",
    ) as running:
        yield running


@pytest.mark.usually_on("sqlite")
async def test_in_public_metrics_and_readiness_ask_for_the_token_or_a_direct_call(public: Served) -> None:
    async def status(path: str, **headers: str) -> int:
        async with public.http.get(f"{public.url}{path}", headers=headers) as response:
            return response.status

    proxied = {"X-Forwarded-For": "198.51.100.7"}
    for path in ("/metrics", "/health/ready"):
        assert await status(path) == 200
        assert await status(path, **proxied) == 404
        assert await status(path, **proxied, Authorization="Bearer wrong") == 404
        assert await status(path, **proxied, Authorization="Bearer an-invented-metrics-token") == 200


@pytest.mark.usually_on("sqlite")
async def test_posters_are_counted_by_the_codes_that_the_operator_named(core: Core) -> None:
    core.posters = frozenset({"plaza"})
    for n, code in enumerate(("plaza", "plaza", "invented-by-somebody", "")):
        received = Received(f"m{n}", f"p{n}", "4242", Inbound(text="hola", poster=code))
        arrival = turn.arrival(core.keys, "telegram", received)
        async with core.database.store() as connection:
            await inbox_store.accept(connection, [arrival], NOW)
            (waiting,) = await inbox_store.waiting_of(connection, arrival.person_id)
        await turn.take(core, waiting, now=NOW)
    await core.meter.flush(core.database)

    found = samples(await page_of(core))

    assert found["faro_posters_total", frozenset({("code", "plaza")})] == 2
    assert found["faro_posters_total", frozenset({("code", "other")})] == 1
