"""`faro doctor`: each fault in a sentence with its cure, and never a secret."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import column, func, select, table, update

from bot import checkup_database, doctor, metrics, turn
from bot.checkup import Finding, Level
from bot.core import Core
from bot.doctor import Exit, examine, verdict
from bot.messages import Inbound, Received
from bot.settings import read
from data import inbox_store, process_store
from data.process_store import Process
from tests.fixtures.platforms.graph_api import GraphApi
from tests.fixtures.platforms.telegram_api import TelegramApi

SECRET = "a secret of forty characters for tests.."
VERSION = table("alembic_version", column("version_num"))
CLOSED = "http://127.0.0.1:9"


def said(findings: list[Finding], level: Level) -> str:
    return "\n".join(f"{each.subject}: {each.sentence}" for each in findings if each.level is level)


@asynccontextmanager
async def nlu(answer: dict[str, str]) -> AsyncIterator[str]:
    """An NLU server that tells this of itself."""
    app = web.Application()

    async def status(_: web.Request) -> web.Response:
        return web.json_response(answer)

    app.router.add_get("/status", status)
    async with _served(app) as url:
        yield url


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[str]:
    """The address of a small server."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def telegram_at(date: str) -> AsyncIterator[str]:
    """A Telegram whose clock says this."""
    app = web.Application()

    async def info(_: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": {"url": ""}}, headers={"Date": date})

    app.router.add_get("/bot1:invented/getWebhookInfo", info)
    async with _served(app) as url:
        yield url


async def test_all_is_well_with_what_runs_and_faults_name_what_does_not(core: Core, url: str) -> None:
    settings = read(database_url=url, secret_key=SECRET)
    now = datetime.now(UTC)

    nobody = await checkup_database.findings(settings, now)
    async with core.database.write() as connection:
        await process_store.see(connection, Process("a", "web", "1", "", 1, 0.5, now, now))
        await process_store.see(connection, Process("b", "worker", "2", "rasa", 1, 0.5, now, now))
    half = await checkup_database.findings(settings, now)

    assert "No process of Faro runs on this database" in said(nobody, Level.WARNING)
    assert "No scheduler runs; start «faro serve --only scheduler»." in said(half, Level.FAULT)
    assert "Different versions run together (1, 2)" in said(half, Level.WARNING)


async def test_an_empty_an_older_and_a_newer_database_are_told_apart(
    core: Core, url: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    (empty,) = await checkup_database.findings(read(data_dir=tmp_path / "new"), now)
    found = []
    for revision in ("0001", "9999"):
        async with core.database.write() as connection:
            await connection.execute(update(VERSION).values(version_num=revision))
        found += await checkup_database.findings(read(database_url=url), now)

    assert (empty.level, "no tables yet" in empty.sentence) == (Level.WARNING, True)
    assert [finding.level for finding in found] == [Level.WARNING, Level.FAULT]
    assert "«faro migrate»" in found[0].sentence
    assert "made by a newer Faro" in found[1].sentence


async def test_a_database_server_that_is_away_is_a_fault_without_its_password() -> None:
    settings = read(database_url="postgresql+asyncpg://faro:geheim-7@127.0.0.1:9/faro")

    (finding,) = await checkup_database.findings(settings, datetime.now(UTC))

    assert finding.level is Level.FAULT
    assert "geheim" not in finding.sentence


async def test_a_model_older_than_the_phrases_is_a_warning(tmp_path: Path) -> None:
    async with nlu({"model": "aaaa", "data": "bbbb"}) as old, nlu({"model": "bbbb", "data": "bbbb"}) as new:
        for url, words in ((old, "older than the training data"), (new, "answers, with the model bbbb")):
            findings = await examine(read(data_dir=tmp_path, nlu_url=url))
            assert [f for f in findings if f.subject == "nlu" and words in f.sentence]


async def test_a_revoked_token_and_a_missing_webhook_are_faults_and_no_secret_is_shown(
    tmp_path: Path,
) -> None:
    async with TelegramApi() as telegram, GraphApi() as whatsapp:
        common = {
            "data_dir": tmp_path,
            "secret_key": SECRET,
            "nlu_url": CLOSED,
            "telegram_webhook_secret": "invented-webhook-secret",
            "telegram_api_url": telegram.api_url,
            "whatsapp_phone_number_id": whatsapp.phone_number_id,
            "whatsapp_app_secret": "invented-app-secret",
            "whatsapp_verify_token": "invented-verify-token",
            "whatsapp_api_url": whatsapp.api_url,
        }
        revoked = read(**common, telegram_token="1:revoked-token", whatsapp_token="revoked-too")
        valid = read(**common, telegram_token=telegram.token, whatsapp_token=whatsapp.token)
        ill, better = await examine(revoked), await examine(valid)

    assert "@BotFather" in said(ill, Level.FAULT)
    assert "whatsapp: The token is not valid" in said(ill, Level.FAULT)
    assert "«faro webhook set telegram»" in said(better, Level.FAULT)
    assert "the token is valid and the number known" in said(better, Level.WELL)
    assert "The NLU server of FARO_NLU_URL does not answer" in said(better, Level.FAULT)
    told = " ".join(finding.sentence for finding in [*ill, *better])
    assert not re.search(r"revoked-t|invented|" + re.escape(telegram.token), told)


def of_whatsapp(folder: Path, graph: GraphApi, **other: object) -> dict[str, object]:
    """Settings with WhatsApp on, as that server wants them."""
    return {
        "data_dir": folder,
        "nlu_url": CLOSED,
        "whatsapp_token": graph.token,
        "whatsapp_phone_number_id": graph.phone_number_id,
        "whatsapp_app_secret": "invented-app-secret",
        "whatsapp_verify_token": "invented-verify-token",
        "whatsapp_api_url": graph.api_url,
        **other,
    }


async def test_a_phone_number_id_that_meta_does_not_know_is_a_fault(tmp_path: Path) -> None:
    async with GraphApi() as graph:
        findings = await examine(read(**of_whatsapp(tmp_path, graph, whatsapp_phone_number_id="9")))

    assert "correct FARO_WHATSAPP_PHONE_NUMBER_ID" in said(findings, Level.FAULT)


@pytest.mark.parametrize(
    ("called", "level", "words"),
    [
        ("", Level.WARNING, "Meta tells of no webhook"),
        ("https://other.example.org/webhooks/whatsapp", Level.FAULT, "Meta calls another address"),
        ("https://faro.example.org/webhooks/whatsapp", None, "webhook set whatsapp"),
    ],
    ids=["none", "another", "ours"],
)
async def test_where_meta_calls_is_told_when_it_is_not_here(
    called: str, level: Level | None, words: str, tmp_path: Path
) -> None:
    async with GraphApi() as graph:
        graph.webhook = called
        public = {
            "public_url": "https://faro.example.org",
            "operator_name": "Prueba",
            "operator_contact": "prueba@example.org",
            "privacy_url": "https://example.org/privacidad",
            "secret_key": SECRET,
        }
        findings = await examine(read(**of_whatsapp(tmp_path, graph, **public)))

    assert [each.level for each in findings if words in each.sentence] == ([level] if level else [])


async def test_webhooks_for_another_number_are_a_fault_while_none_comes_for_this_one(
    core: Core, url: str, tmp_path: Path
) -> None:
    async with GraphApi() as graph:
        settings = read(**of_whatsapp(tmp_path, graph), database_url=url, secret_key=SECRET)
    now = datetime.now(UTC)
    core.meter.count(metrics.REFUSED, channel="whatsapp", reason="other_number")
    await core.meter.flush(core.database)
    wrong = await checkup_database.findings(settings, now)

    received = Received("wamid.prueba1", "525500000001", '{"to": "525500000001"}', Inbound(text="hola"))
    async with core.database.write() as connection:
        await inbox_store.accept(connection, [turn.arrival(core.keys, "whatsapp", received)], now)
    several = await checkup_database.findings(settings, now)

    assert "1 webhooks came for another phone number" in said(wrong, Level.FAULT)
    assert "another phone number" not in said(several, Level.FAULT)


@pytest.mark.only_on("postgres")  # SQLite has this machine's clock
async def test_a_database_server_whose_clock_is_off_is_a_fault(core: Core, url: str) -> None:
    async with core.database.write() as connection:
        name = await connection.scalar(select(func.current_database()))
        await connection.exec_driver_sql(
            "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
            " $$ SELECT pg_catalog.clock_timestamp() - interval '7 minutes' $$"
        )
        await connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET search_path = public, pg_catalog')

    findings = await checkup_database.findings(read(database_url=url), datetime.now(UTC))

    (clock,) = [finding for finding in findings if finding.subject == "clock"]
    assert clock.level is Level.FAULT
    assert re.search(r"differ by 4(19|2\d) seconds; set up NTP", clock.sentence)


@pytest.mark.parametrize(("hours", "is_told"), [(-3, True), (0, False), (3, True)])
async def test_a_clock_of_this_machine_that_is_off_is_told_by_the_platforms_date(
    hours: int, is_told: bool, tmp_path: Path
) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
    settings = {
        "data_dir": tmp_path,
        "nlu_url": CLOSED,
        "telegram_token": "1:invented",
        "telegram_webhook_secret": "invented-webhook-secret",
    }
    async with telegram_at(date) as api:
        findings = await examine(read(**settings, telegram_api_url=api))

    told = [finding for finding in findings if finding.subject == "clock"]
    assert [finding.level for finding in told] == [Level.FAULT] * is_told
    assert all("set up NTP" in finding.sentence for finding in told)


@pytest.mark.parametrize(
    ("level", "per_second", "words"),
    [("HIGH", 80, "set FARO_WHATSAPP_PER_SECOND"), ("STANDARD", 1000, "80 messages a second")],
)
async def test_a_pace_that_is_not_the_numbers_is_a_warning(
    level: str, per_second: int, words: str, tmp_path: Path
) -> None:
    async with GraphApi() as whatsapp:
        whatsapp.throughput = level
        settings = read(
            data_dir=tmp_path,
            nlu_url=CLOSED,
            whatsapp_token=whatsapp.token,
            whatsapp_phone_number_id=whatsapp.phone_number_id,
            whatsapp_app_secret="invented-app-secret",
            whatsapp_verify_token="invented-verify-token",
            whatsapp_api_url=whatsapp.api_url,
            whatsapp_per_second=per_second,
        )
        findings = await examine(settings)

    assert words in said(findings, Level.WARNING)


async def test_a_folder_without_any_backup_yet_is_not_called_two_days_late(tmp_path: Path) -> None:
    settings = read(data_dir=tmp_path / "var", backup_dir=str(tmp_path), nlu_url=CLOSED)

    first = said(await examine(settings), Level.WARNING)
    (tmp_path / "faro-2026-11-26.backup").touch()
    then = await examine(settings)

    assert "backup: FARO_BACKUP_DIR holds no backup yet" in first
    assert "two days" not in first
    assert "backup: the newest is 0 hours old" in said(then, Level.WELL)


async def test_secrets_that_are_the_same_and_a_short_one_are_told(tmp_path: Path) -> None:
    findings = await examine(read(data_dir=tmp_path, secret_key=SECRET, metrics_token=SECRET))
    short = await examine(read(data_dir=tmp_path, metrics_token="kurz"))

    assert "FARO_SECRET_KEY and FARO_METRICS_TOKEN are the same" in said(findings, Level.FAULT)
    assert "FARO_METRICS_TOKEN is short" in said(short, Level.WARNING)


def test_the_exit_status_is_the_worst_that_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FARO_NLU_URL", CLOSED)
    status = doctor.run(as_json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    monkeypatch.setenv("FARO_DATABASE_URL", "mysql://somewhere")
    refused = doctor.run(as_json=True)

    assert status == Exit.FAULT
    assert {"level", "subject", "sentence"} == set(lines[0])
    assert refused == Exit.FAULT
    assert "FARO_DATABASE_URL" in capsys.readouterr().out
    assert verdict([]) is Exit.WELL
