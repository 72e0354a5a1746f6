"""The HTTP routes on a real server: stored before 200, hard limits, never a 500."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from yarl import URL

from bot import web as site
from bot.channels.whatsapp import WhatsApp
from bot.core import Core
from bot.settings import Settings, read
from bot.texts import privacy, welcome
from bot.worker import turn_loop
from data.inbox_store import Intake
from data.tables import inbox, outbox, person
from tests.fixtures.json_values import anything, damaged
from tests.fixtures.platforms import TelegramWebhooks, WhatsAppWebhooks
from tests.fixtures.postgres import Postgres
from tests.fixtures.process import until
from tests.integration.conftest import SECRET, WEBHOOK_SECRET

APP_SECRET = "invented-app-secret"
VERIFY_TOKEN = "invented-verify-token"
PAYLOADS = Path(__file__).parent.parent / "fixtures" / "payloads"
KB, MB = 1024, 1024 * 1024
ON_SQLITE = pytest.mark.usually_on("sqlite")
ON_POSTGRES = pytest.mark.only_on("postgres")
PUBLIC = {
    "public_url": "https://faro.example.org",
    "operator_name": "Organización de prueba",
    "operator_contact": "contacto@example.org",
    "privacy_url": "https://faro.example.org/privacidad",
}


@dataclass
class Site:
    """A running server and how to call it."""

    core: Core
    url: str
    http: aiohttp.ClientSession
    telegram: TelegramWebhooks
    whatsapp: WhatsAppWebhooks

    async def get(self, path: str, **options: Any) -> tuple[int, str, Any]:
        async with self.http.get(self.url + path, **options) as response:
            return response.status, await response.text(), response.headers

    async def post(self, path: str, body: Any, **options: Any) -> tuple[int, str, Any]:
        async with self.http.post(self.url + path, data=body, **options) as response:
            return response.status, await response.text(), response.headers

    async def browser(self) -> "Browser":
        """Somebody who opens the page."""
        status, _, headers = await self.get("/chat")
        assert status == 200
        cookie = headers["Set-Cookie"].split(";")[0]
        return Browser(self, {"Cookie": cookie})

    async def stored(self) -> int:
        async with self.core.database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(inbox)) or 0


@dataclass
class Browser:
    """A page of the web chat."""

    site: Site
    headers: dict[str, str]
    number: int = 0

    async def send(self, **message: object) -> int:
        self.number += 1
        body = json.dumps({"id": str(self.number), **message})
        return (await self.site.post("/chat/messages", body, headers=self.headers))[0]

    async def poll(self) -> list[dict[str, Any]]:
        _, text, _ = await self.site.get("/chat/messages", headers=self.headers)
        found: list[dict[str, Any]] = json.loads(text)["replies"]
        return found

    async def say(self, **message: object) -> str:
        assert await self.send(**message) == 204
        (reply,) = await self.poll()
        return str(reply["text"])


@asynccontextmanager
async def served(core: Core, faro: Settings, *, answers: bool = True) -> AsyncIterator[Site]:
    """The site on a free port, with the worker that answers, or without."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=30)
            )
        )
        whatsapp = WhatsApp(
            http, token="invented", phone_number_id="106540352242922", app_secrets=(APP_SECRET,), api_url=""
        )
        core.channels["whatsapp"] = whatsapp
        turns, intake = turn_loop(core, after=lambda: None), Intake(core.database)
        runner = web.AppRunner(
            site.build(core, intake, faro, wake=turns.wake), access_log=None, shutdown_timeout=0.5
        )
        tasks = [asyncio.create_task(turns.run())] if answers else []
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield Site(
                core,
                url,
                http,
                TelegramWebhooks(http, f"{url}/webhooks/telegram", secret=WEBHOOK_SECRET),
                WhatsAppWebhooks(http, f"{url}/webhooks/whatsapp", app_secret=APP_SECRET),
            )
        finally:
            await runner.cleanup()
            turns.stop()
            await asyncio.gather(*tasks, return_exceptions=True)


def settings_for(folder: Path, **changes: Any) -> Settings:
    tokens = {
        "telegram_token": "123456789:AAHpruebaPRUEBApruebaPRUEBApruebaP",
        "telegram_webhook_secret": WEBHOOK_SECRET,
        "whatsapp_token": "invented",
        "whatsapp_phone_number_id": "106540352242922",
        "whatsapp_app_secret": APP_SECRET,
        "whatsapp_verify_token": VERIFY_TOKEN,
    }
    return read(data_dir=folder, secret_key=SECRET, **{**tokens, **changes})


@pytest.fixture
async def faro(core: Core, tmp_path: Path) -> AsyncIterator[Site]:
    async with served(core, settings_for(tmp_path)) as running:
        yield running


@pytest.fixture
async def public(core: Core, tmp_path: Path) -> AsyncIterator[Site]:
    changes = {**PUBLIC, "metrics_token": "invented-metrics-token"}
    async with served(core, settings_for(tmp_path, **changes)) as running:
        yield running


# The web chat


async def test_a_page_writes_and_fetches_its_answer(faro: Site) -> None:
    browser = await faro.browser()

    assert "Cómo cuido sus datos" in await browser.say(text="privacidad")
    assert await browser.say(option="menu")
    assert await browser.say(location={"lat": 19.04, "lon": -98.2})
    assert await browser.say(attachment="voice")


async def test_two_pages_do_not_see_each_other(faro: Site) -> None:
    ana, bea = await faro.browser(), await faro.browser()
    await ana.send(text="privacidad")
    await bea.send(text="hola")

    heard, other = await ana.poll(), await bea.poll()

    assert "Cómo cuido sus datos" in heard[0]["text"]
    assert "Cómo cuido sus datos" not in other[0]["text"]


async def test_a_message_that_the_page_sends_twice_is_answered_once(faro: Site) -> None:
    browser = await faro.browser()
    await browser.send(text="hola")
    browser.number = 0
    await browser.send(text="hola")

    assert len(await browser.poll()) == 1
    assert await faro.stored() == 1


async def test_an_answer_is_given_to_one_of_two_windows_only(faro: Site) -> None:
    browser = await faro.browser()
    for _ in range(2):
        polls = [asyncio.create_task(browser.poll()) for _ in range(3)]
        await asyncio.sleep(0.05)
        await browser.send(text="hola")
        done, pending = await asyncio.wait(polls, timeout=1.5)
        for poll in pending:
            poll.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        assert sum(len(poll.result()) for poll in done) == 1


async def test_erasing_in_the_web_chat_leaves_nothing_once_it_was_fetched(faro: Site) -> None:
    browser = await faro.browser()
    await browser.say(text="busco albergue en Puebla")
    await browser.say(text="borrar")

    assert await browser.say(option="erase:yes") == privacy.ERASED

    async with faro.core.database.read() as connection:
        for table in (person, outbox):
            assert (await connection.execute(select(table))).all() == []


async def test_an_answer_that_a_page_fetches_too_late_is_replaced(faro: Site) -> None:
    browser = await faro.browser()
    await browser.send(text="busco albergue en Puebla")
    past = datetime.now(UTC) - timedelta(minutes=1)

    async def is_answered() -> bool:
        async with faro.core.database.write() as connection:
            late = await connection.execute(update(outbox).values(late_at=past))
            return bool(late.rowcount)

    assert await until(is_answered, seconds=10)

    assert [reply["text"] for reply in await browser.poll()] == [welcome.LATE]


async def test_without_the_pages_cookie_nothing_is_taken_or_given(faro: Site) -> None:
    for headers in ({}, {"Cookie": "faro_chat=short"}, {"Cookie": "faro_chat=../../etc/passwd" * 3}):
        assert (await faro.post("/chat/messages", '{"id":"1","text":"hola"}', headers=headers))[0] == 403
        assert (await faro.get("/chat/messages", headers=headers))[0] == 403
    assert await faro.stored() == 0


@ON_SQLITE
async def test_each_reply_comes_as_each_platform_would_show_it(faro: Site) -> None:
    browser = await faro.browser()
    await browser.send(text="busco comida")

    (reply,) = await browser.poll()

    assert set(reply["looks"]) == {"whatsapp", "telegram"}
    assert all(reply["text"] in look["text"] for look in reply["looks"].values())


@ON_SQLITE
async def test_a_learner_hears_what_was_understood_and_nothing_is_kept(faro: Site) -> None:
    browser = await faro.browser()

    status, text, _ = await faro.post(
        "/chat/understood", '{"text":"busco comida en Tlapa"}', headers=browser.headers
    )
    refused = [
        (await faro.post("/chat/understood", body, headers=browser.headers))[0]
        for body in ("", "{}", "[]", '{"text":" "}', '{"text":3}', '{"text":"\\ud800"}')
    ]

    told = {line["title"]: line["said"] for line in json.loads(text)["lines"]}
    assert status == 200
    assert told["Dónde"] == "Tlapa de Comonfort, Guerrero"
    assert "Comida y agua" in told["Necesita"]
    assert refused == [400, 400, 400, 400, 400, 200]
    assert (await faro.post("/chat/understood", '{"text":"hola"}'))[0] == 403
    assert await faro.stored() == 0


@ON_SQLITE
async def test_places_and_maps_of_a_state_can_be_chosen(faro: Site) -> None:
    _, states, _ = await faro.get("/chat/places")
    _, found, _ = await faro.get("/chat/places?state=12")
    _, drawn, headers = await faro.get("/chat/map?state=12")

    assert len(json.loads(states)["places"]) == 32
    assert any(place["key"] == "12066" for place in json.loads(found)["places"])
    assert 'href="#12066"' in drawn
    assert headers["Content-Type"].startswith("image/svg+xml")
    for path in ("/chat/places?state=99", "/chat/map?state=12066", "/chat/map?state=%3Cscript"):
        assert (await faro.get(path))[0] == 404


@ON_SQLITE
async def test_every_place_of_the_list_is_read_back_as_itself_or_nearby(core: Core) -> None:
    """The point that stands for a municipality lies in its own shape; a few seats lie just outside."""
    areas = [
        area for key, area in core.gazetteer.areas.items() if len(key) == 5 and area.latitude is not None
    ]
    read_back = [core.gazetteer.at(area.latitude or 0, area.longitude or 0) for area in areas[::10]]

    same = sum(place == area.place for place, area in zip(read_back, areas[::10], strict=True))
    assert all(read_back)
    assert same > 0.95 * len(read_back)


@ON_SQLITE
async def test_the_cookie_is_hard_to_steal_and_is_kept(faro: Site) -> None:
    _, page, headers = await faro.get("/chat")
    cookie = headers["Set-Cookie"]
    _, _, again = await faro.get("/chat", headers={"Cookie": cookie.split(";")[0]})

    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/chat"))
    assert "Secure" not in cookie
    assert "Set-Cookie" not in again
    assert "<html" in page.lower()


@ON_SQLITE
async def test_the_page_is_protected_by_its_headers(faro: Site) -> None:
    _, _, headers = await faro.get("/chat")

    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    for path in ("/chat", "/health/live", "/nowhere"):
        _, _, headers = await faro.get(path)
        assert headers["X-Content-Type-Options"] == "nosniff", path


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"hola"',
        b"{}",
        b'{"id":"1"}',
        b'{"id":1,"text":"hola"}',
        b'{"id":"1","text":5}',
        b'{"id":"1","attachment":"bomb"}',
        b'{"id":"1","attachment":["voice"]}',
        b'{"id":"1","attachment":{}}',
        b'{"id":"1","location":{"lat":"19","lon":-98}}',
        b'{"id":"1","location":{"lat":NaN,"lon":-98}}',
        b'{"id":"1","location":{"lat":1e400,"lon":-98}}',
        b'{"id":"1","location":{"lat":91,"lon":0}}',
        b"\xff\xfe\x00",
        b"[" * 60_000,
    ],
)
@ON_SQLITE
async def test_what_is_not_a_message_is_refused_with_a_sentence(faro: Site, body: bytes) -> None:
    browser = await faro.browser()

    status, text, _ = await faro.post("/chat/messages", body, headers=browser.headers)

    assert status == 400
    assert text.endswith(".")
    assert await faro.stored() == 0


async def test_odd_words_are_answered_too(faro: Site) -> None:
    browser = await faro.browser()
    for text in ("\x00", "\ud800", "‮hola", "a" * 20_000, "💥" * 3000):
        assert await browser.say(text=text)


# Webhooks


async def test_a_webhook_is_on_disk_before_the_platform_hears_200(core: Core, tmp_path: Path) -> None:
    async with served(core, settings_for(tmp_path), answers=False) as faro:
        assert await faro.telegram.post(faro.telegram.text(5_000_000_001, "hola")) == 200
        message = faro.whatsapp.text("5215500000001", "hola")
        assert await faro.whatsapp.post(faro.whatsapp.notification(message)) == 200

        assert await faro.stored() == 2


async def test_a_webhook_delivered_five_times_at_once_is_stored_once(core: Core, tmp_path: Path) -> None:
    async with served(core, settings_for(tmp_path), answers=False) as faro:
        update_of_ana = faro.telegram.text(5_000_000_001, "hola")
        assert await faro.telegram.storm(update_of_ana, 5) == [200] * 5
        assert await faro.telegram.post(update_of_ana) == 200

        assert await faro.stored() == 1


@ON_SQLITE
async def test_a_webhook_that_nobody_signed_is_refused(faro: Site) -> None:
    wrong: list[dict[str, str]] = [
        {},
        {"X-Telegram-Bot-Api-Secret-Token": "another", "X-Hub-Signature-256": "sha256=00"},
        {"X-Telegram-Bot-Api-Secret-Token": "ñ", "X-Hub-Signature-256": "ñ"},
        {"X-Hub-Signature-256": "sha1=" + "0" * 40},
    ]
    for headers in wrong:
        assert await faro.telegram.post(faro.telegram.text(1, "hola"), headers=headers) == 403
        assert await faro.whatsapp.post(b"{}", headers=headers) == 403
    assert await faro.stored() == 0


@ON_SQLITE
async def test_a_signature_of_another_body_is_refused(faro: Site) -> None:
    signed = faro.whatsapp._headers(b'{"object": "whatsapp_business_account"}')

    assert await faro.whatsapp.post(b'{"object": "something else"}', headers=signed) == 403


@ON_SQLITE
async def test_an_authentic_webhook_that_cannot_be_read_is_accepted(faro: Site) -> None:
    for body in (b"", b"not json", b"null", b"[]", b'{"entry": 5}', b"\xff", b"[" * 100_000):
        assert await faro.whatsapp.post(body) == 200
        assert await faro.telegram.post(body) == 200
    assert await faro.stored() == 0


@ON_SQLITE
async def test_a_webhook_for_another_number_is_accepted_and_told_to_the_operator(
    faro: Site, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = WhatsAppWebhooks(
        faro.http, f"{faro.url}/webhooks/whatsapp", app_secret=APP_SECRET, phone_number_id="100000000000009"
    )

    assert await theirs.post(theirs.notification(theirs.text("5215500000001", "hola"))) == 200

    assert await faro.stored() == 0
    assert "set FARO_WHATSAPP_PHONE_NUMBER_ID" in caplog.text
    assert "5215500000001" not in caplog.text
    assert ("faro_refused_total", "channel=whatsapp,reason=other_number") in faro.core.meter._sums


@ON_SQLITE
async def test_a_channel_without_a_token_is_not_there(core: Core, tmp_path: Path) -> None:
    off = {"telegram_token": "", "whatsapp_token": ""}
    async with served(core, settings_for(tmp_path, **off)) as faro:
        del core.channels["telegram"], core.channels["whatsapp"]

        assert await faro.telegram.post(faro.telegram.text(1, "hola")) == 404
        assert await faro.whatsapp.post(b"{}") == 404
        assert (await faro.get("/webhooks/whatsapp"))[0] == 404


@ON_SQLITE
async def test_metas_handshake_gets_its_challenge_for_the_right_token_only(faro: Site) -> None:
    def query(mode: str, token: str, challenge: str) -> URL:
        asked = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge}
        return URL(faro.url + "/webhooks/whatsapp").with_query(asked)

    async def ask(*asked: str) -> tuple[int, str, str]:
        async with faro.http.get(query(*asked)) as response:
            return response.status, await response.text(), response.content_type

    assert await ask("subscribe", VERIFY_TOKEN, "1158201444") == (200, "1158201444", "text/plain")
    for wrong in (
        ("subscribe", "another", "1"),
        ("unsubscribe", VERIFY_TOKEN, "1"),
        ("subscribe", VERIFY_TOKEN, "<script>"),
        ("subscribe", "ñ", "1"),
        ("", "", ""),
    ):
        assert (await ask(*wrong))[0] == 403


@pytest.mark.parametrize(
    ("path", "size"),
    [("/webhooks/telegram", 256 * KB), ("/webhooks/whatsapp", 3 * MB), ("/chat/messages", 64 * KB)],
)
@ON_SQLITE
async def test_a_body_that_is_too_long_is_refused(faro: Site, path: str, size: int) -> None:
    headers = (await faro.browser()).headers

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(size // (64 * KB) + 1):
            yield b"x" * (64 * KB)

    told, _, _ = await faro.post(path, BytesIO(b"x" * (size + 1)), headers=headers)
    unannounced, _, _ = await faro.post(path, chunks(), headers=headers)
    fits, _, _ = await faro.post(path, BytesIO(b"x" * size), headers=headers)

    assert (told, unannounced) == (413, 413)
    assert fits in (400, 403)


@ON_SQLITE
async def test_a_body_that_comes_too_slowly_is_refused(faro: Site) -> None:
    async def drip(path: str) -> bytes:
        host = URL(faro.url)
        reader, writer = await asyncio.open_connection(host.host, host.port)
        writer.write(f"POST {path} HTTP/1.1\r\nHost: faro\r\nContent-Length: 100\r\n\r\n".encode())
        for _ in range(14):
            writer.write(b"x")
            await asyncio.sleep(0.5)
            if reader.at_eof():
                break
        said = await asyncio.wait_for(reader.read(12), 5)
        writer.close()
        return said

    assert (
        await asyncio.gather(drip("/webhooks/telegram"), drip("/webhooks/whatsapp")) == [b"HTTP/1.1 408"] * 2
    )


@ON_SQLITE
async def test_other_ways_to_call_are_refused(faro: Site) -> None:
    for method, path in (
        ("GET", "/webhooks/telegram"),
        ("PUT", "/webhooks/whatsapp"),
        ("DELETE", "/chat/messages"),
        ("POST", "/health/live"),
    ):
        async with faro.http.request(method, faro.url + path) as response:
            assert response.status == 405
    for path in ("/nowhere", "/chat/static/../../settings.py", "/chat/static/%2e%2e/%2e%2e/settings.py"):
        async with faro.http.get(URL(faro.url + path, encoded=True)) as response:
            assert response.status in (403, 404)


# The database away, and health


@ON_POSTGRES
async def test_while_the_database_is_away_the_platform_hears_503_and_comes_again(
    faro: Site, postgres: Postgres
) -> None:
    browser = await faro.browser()
    update_of_ana = faro.telegram.text(5_000_000_001, "hola")
    body = json.dumps(update_of_ana).encode()
    headers = faro.telegram._headers(body)

    await asyncio.to_thread(postgres.stop)
    try:
        status, _, answer = await faro.post("/webhooks/telegram", body, headers=headers)
        page, _, _ = await faro.post("/chat/messages", '{"id":"1","text":"hola"}', headers=browser.headers)
        polled, _, _ = await faro.get("/chat/messages", headers=browser.headers)
        live, ready = (await faro.get("/health/live"))[0], (await faro.get("/health/ready"))[0]
    finally:
        await asyncio.to_thread(postgres.start)

    assert (status, answer["Retry-After"]) == (503, "5")
    assert (page, polled) == (503, 503)
    assert (live, ready) == (200, 503)
    assert await faro.telegram.until_accepted(update_of_ana) >= 1
    assert (await faro.get("/health/ready"))[0] == 200
    assert await faro.stored() == 1


@pytest.mark.only_on("sqlite")
async def test_a_database_file_that_is_locked_for_long_gives_503(
    core: Core, another: Any, tmp_path: Path
) -> None:
    async with served(core, settings_for(tmp_path), answers=False) as faro:
        async with another.write():
            status = await faro.telegram.post(faro.telegram.text(5_000_000_001, "hola"))

        assert status == 503
        assert await faro.telegram.post(faro.telegram.text(5_000_000_001, "hola")) == 200


async def test_ready_tells_what_works(faro: Site) -> None:
    status, text, _ = await faro.get("/health/ready")

    assert status == 200
    told = json.loads(text)
    assert told["understanding"] == "keywords"
    assert told["services"] > 100


# In public


@ON_SQLITE
async def test_in_public_the_web_chat_is_hidden(public: Site) -> None:
    for path in ("/chat", "/chat/messages", "/"):
        assert (await public.get(path))[0] == 404
    assert (await public.post("/chat/messages", "{}"))[0] == 404


@ON_SQLITE
async def test_in_public_a_web_chat_that_was_asked_for_has_a_secure_cookie(
    core: Core, tmp_path: Path
) -> None:
    async with served(core, settings_for(tmp_path, **PUBLIC, web_chat="on")) as faro:
        _, _, headers = await faro.get("/chat")

    assert "Secure" in headers["Set-Cookie"]


@ON_SQLITE
async def test_in_public_ready_is_for_the_operator(public: Site) -> None:
    async def ask(**headers: str) -> int:
        return (await public.get("/health/ready", headers=headers))[0]

    assert await ask() == 200  # directly from this machine
    assert await ask(**{"X-Forwarded-For": "203.0.113.5"}) == 404
    assert await ask(Forwarded="for=203.0.113.5") == 404
    assert await ask(**{"X-Forwarded-For": "127.0.0.1", "Authorization": "Bearer wrong"}) == 404
    assert await ask(**{"X-Forwarded-For": "1.1.1.1", "Authorization": "Bearer ñ"}) == 404
    granted = {"X-Forwarded-For": "203.0.113.5", "Authorization": "Bearer invented-metrics-token"}
    assert await ask(**granted) == 200
    assert (await public.get("/health/live", headers={"X-Forwarded-For": "203.0.113.5"}))[0] == 200


# Anything at all


def real_payloads(name: str) -> list[Any]:
    found = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted((PAYLOADS / name).glob("*.json"))
    ]
    assert found
    return found


Call = Callable[[Site, bytes], Any]


async def to_telegram(faro: Site, body: bytes) -> int:
    return await faro.telegram.post(body)


async def to_whatsapp(faro: Site, body: bytes) -> int:
    return await faro.whatsapp.post(body)


async def to_chat(faro: Site, body: bytes) -> int:
    headers = {"Cookie": "faro_chat=" + "a" * 32}
    return (await faro.post("/chat/messages", body, headers=headers))[0]


CHAT = [
    {"id": "1", "text": "hola"},
    {"id": "1", "option": "menu"},
    {"id": "1", "attachment": "voice"},
    {"id": "1", "location": {"lat": 19.0, "lon": -98.0}},
]


@pytest.mark.parametrize(
    ("call", "samples"),
    [
        pytest.param(to_telegram, real_payloads("telegram"), id="telegram"),
        pytest.param(to_whatsapp, real_payloads("whatsapp"), id="whatsapp"),
        pytest.param(to_chat, CHAT, id="chat"),
    ],
)
@ON_SQLITE
def test_no_body_gives_a_500(call: Call, samples: list[Any], seeded: Any, url: str, tmp_path: Path) -> None:
    """On one server for all examples: each example is one more request."""
    from data.database import open_database
    from tests.fixtures.platforms import TelegramApi
    from tests.integration.conftest import core_on

    async def opened(stack: AsyncExitStack) -> Site:
        database = open_database(url)
        stack.push_async_callback(database.close)
        api = await stack.enter_async_context(TelegramApi())
        core = await stack.enter_async_context(core_on(seeded, database, api))
        return await stack.enter_async_context(served(core, settings_for(tmp_path), answers=False))

    as_bytes = st.binary(max_size=200) | (anything | damaged(samples)).map(
        lambda value: json.dumps(value).encode("utf-8", "surrogatepass")
    )
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        faro = runner.run(opened(stack))

        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        @given(as_bytes)
        def never(body: bytes) -> None:
            assert runner.run(call(faro, body)) in (200, 204, 400)

        try:
            never()
        finally:
            runner.run(stack.aclose())
