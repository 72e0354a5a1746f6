"""A whole run, read afterwards: Faro wrote no word, name or number of anybody anywhere."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from data.database import Database, open_database
from data.tables import inbox, metadata, outbox
from tests.fixtures.platforms import Fault, GraphApi, TelegramApi, TelegramWebhooks, WhatsAppWebhooks
from tests.fixtures.postgres import Postgres
from tests.fixtures.process import CLOSED_PORT, Process, faro, until

SECRET = "a secret of forty characters for tests.."
APP_SECRET = "invented-app-secret"
WEBHOOK_SECRET = "invented-webhook-secret"
ON_POSTGRES = pytest.mark.only_on("postgres")
TELEGRAM_ID = 5_123_456_789
WHATSAPP_ID = "5215598765432"
PLACE_LATITUDE, PLACE_LONGITUDE = 19.0413456, -98.2062789
SAID = [
    "hola soy Zenaida Quiroz Prueba",
    "busco albergue en Puebla para mis hijos Zulemita y Nicandro",
    "mi esposo Eleuterio me amenaza con la pistola zafiro",
    "me amenazaron los hombres de la camioneta turquesa",
]
NEVER = [
    "Zenaida",
    "Quiroz",
    "Zulemita",
    "Nicandro",
    "Eleuterio",
    "zafiro",
    "turquesa",
    str(TELEGRAM_ID),
    WHATSAPP_ID,
    WHATSAPP_ID[3:],
    "19.0413",
    "98.2062",
    "wamid.prueba",
    SECRET,
    APP_SECRET,
    WEBHOOK_SECRET,
    "pruebaPRUEBA",
]


@dataclass
class Run:
    """Faro, who writes to it, and where it keeps what."""

    process: Process
    folder: Path
    url: str
    telegram: TelegramApi
    whatsapp: GraphApi
    to_telegram: TelegramWebhooks
    to_whatsapp: WhatsAppWebhooks

    async def conversation(self) -> None:
        """Everybody says everything; some of it while the platforms fail."""
        for text in SAID:
            assert await self.to_telegram.post(self.to_telegram.text(TELEGRAM_ID, text)) == 200
            message = self.to_whatsapp.text(WHATSAPP_ID, text)
            assert await self.to_whatsapp.post(self.to_whatsapp.notification(message)) == 200
        location = {"latitude": PLACE_LATITUDE, "longitude": PLACE_LONGITUDE}
        message = self.to_whatsapp.message(WHATSAPP_ID, "location", location)
        assert await self.to_whatsapp.post(self.to_whatsapp.notification(message)) == 200
        assert await until(lambda: len(self.telegram.messages) >= len(SAID), seconds=30)
        assert await until(lambda: len(self.whatsapp.messages) >= len(SAID) + 1, seconds=30)

    async def told_to_the_operator(self) -> bytes:
        """What the operator's pages say: figures and health."""
        async with aiohttp.ClientSession() as http:
            answers = [await http.get(f"{self.process.url}{path}") for path in ("/metrics", "/health/ready")]
            return b"\n".join([await answer.read() for answer in answers])

    async def statuses(self) -> None:
        for sent in list(self.whatsapp.messages):
            status = self.to_whatsapp.status(sent, "delivered")
            assert await self.to_whatsapp.post(self.to_whatsapp.notification(statuses=(status,))) == 200


@pytest.fixture
async def run(url: str, tmp_path: Path) -> AsyncIterator[Run]:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramApi())
        whatsapp = await stack.enter_async_context(GraphApi())
        settings = {
            "FARO_DATABASE_URL": url,
            "FARO_SECRET_KEY": SECRET,
            "FARO_NLU_URL": CLOSED_PORT,
            "FARO_LOG_LEVEL": "DEBUG",
            "FARO_TELEGRAM_TOKEN": telegram.token,
            "FARO_TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "FARO_TELEGRAM_API_URL": telegram.api_url,
            "FARO_WHATSAPP_TOKEN": whatsapp.token,
            "FARO_WHATSAPP_PHONE_NUMBER_ID": whatsapp.phone_number_id,
            "FARO_WHATSAPP_APP_SECRET": APP_SECRET,
            "FARO_WHATSAPP_VERIFY_TOKEN": "invented-verify-token",
            "FARO_WHATSAPP_API_URL": whatsapp.api_url,
        }
        process = await stack.enter_async_context(faro(tmp_path, **settings))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        await process.start()
        yield Run(
            process,
            tmp_path,
            url,
            telegram,
            whatsapp,
            TelegramWebhooks(http, f"{process.url}/webhooks/telegram", secret=WEBHOOK_SECRET),
            WhatsAppWebhooks(http, f"{process.url}/webhooks/whatsapp", app_secret=APP_SECRET),
        )


def found_in(content: bytes) -> list[str]:
    """What stands there although it must not: as text, or as base64 of it in a platform's id."""
    folded = content.lower()
    return [
        word
        for word in NEVER
        if word.lower().encode() in folded or base64.b64encode(word.encode()).rstrip(b"=")[:-1] in content
    ]


def kept_files(run: Run) -> dict[str, bytes]:
    return {
        str(path.relative_to(run.folder)): path.read_bytes()
        for path in run.folder.rglob("*")
        if path.is_file()
    }


async def dump(database: Database) -> bytes:
    """Every value of every table, as a database's own tools would show it."""
    async with database.read() as connection:
        rows = [row for table in metadata.tables.values() for row in await connection.execute(select(table))]
    return b"\n".join(
        value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row
    )


async def test_nothing_that_faro_wrote_holds_what_people_said_or_who_they_are(run: Run) -> None:
    """With the most talkative log level, and a platform that fails in between."""
    run.telegram.faults.extend([Fault(500, {"ok": False, "error_code": 500, "description": "x"}), None])
    run.whatsapp.faults.extend([Fault(500, "Zenaida 5215598765432"), Fault(cut="before")])
    await run.to_telegram.post(b'{"update_id": 1, "message": {"text": "Zenaida Quiroz", "chat": 5}}')
    await run.to_whatsapp.post(b'{"entry": [{"changes": [{"value": {"messages": ["Zenaida"]}}]}]}')
    await run.conversation()
    await run.statuses()
    pages = await run.told_to_the_operator()
    assert await run.process.end() == 0

    assert b"faro_" in pages
    assert found_in(pages) == []

    assert "DEBUG" in run.process.said, "nothing was logged: the test would prove nothing"
    for name, content in kept_files(run).items():
        assert found_in(content) == [], name
    database = open_database(run.url)
    assert found_in(await dump(database)) == []
    await only_hashes_are_left(database)
    await database.close()


async def only_hashes_are_left(database: Database) -> None:
    """Of what was said and answered."""
    async with database.read() as connection:
        messages = (await connection.execute(select(inbox))).mappings().all()
        answers = (await connection.execute(select(outbox))).mappings().all()
    assert len(messages) == len(answers) == 2 * len(SAID) + 1
    for message in messages:
        assert (message["payload"], message["person_id"], message["status"]) == (None, None, "done")
        assert re.fullmatch(r"[0-9a-f]{64}", message["external_key"])
    for answer in answers:
        assert answer["payload"] is None
        assert re.fullmatch(r"[0-9a-f]{64}", answer["person_id"])


@ON_POSTGRES
async def test_a_database_that_goes_away_makes_faro_log_no_more_than_that(
    run: Run, postgres: Postgres
) -> None:
    await asyncio.to_thread(postgres.stop)
    try:
        told = [await run.to_telegram.post(run.to_telegram.text(TELEGRAM_ID, text)) for text in SAID]
        message = run.to_whatsapp.text(WHATSAPP_ID, SAID[0])
        told.append(await run.to_whatsapp.post(run.to_whatsapp.notification(message)))
    finally:
        await asyncio.to_thread(postgres.start)

    assert set(told) == {503}
    assert "ERROR" in run.process.said
    assert found_in(run.process.said.encode()) == []


async def test_the_search_would_find_what_it_looks_for() -> None:
    assert found_in("… Zenaida …".encode()) == ["Zenaida"]
    number = base64.b64encode(f"HBgN{WHATSAPP_ID}FQIA".encode("ascii")[4:])
    assert WHATSAPP_ID in found_in(number)
