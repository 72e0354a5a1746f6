"""Maps, contacts and pages on their way: from the tap to the platforms and the web chat, one message each."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from data.database import open_database
from data.tables import outbox
from tests.fixtures import invented
from tests.fixtures.invented import KITCHEN
from tests.fixtures.platforms import Fault
from tests.fixtures.process import until
from tests.fixtures.serving import Served, served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usually_on("sqlite")]

Json = dict[str, Any]
SECONDS = 20.0
_numbers = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faro(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("faro"), database_url=shared_url) as running:
        await invented.publish(running.settings.database)
        yield running


@pytest.fixture(autouse=True)
def kind_platforms(faro: Served) -> Iterator[None]:
    yield
    faro.graph.refused.clear()
    faro.graph.faults.clear()
    faro.telegram.faults.clear()


def number() -> str:
    """Of somebody who has not written yet."""
    return f"52155001{next(_numbers):05}"


async def tap_whatsapp(faro: Served, person: str, *options: str) -> list[Json]:
    """What came back once there is an answer to each."""
    hooks, before = faro.whatsapp_webhooks, len(to(faro, person))
    for option in options:
        chosen = {"type": "button_reply", "button_reply": {"id": option, "title": "x"}}
        assert await hooks.post(hooks.notification(hooks.message(person, "interactive", chosen))) == 200
    assert await until(lambda: len(to(faro, person)) - before >= len(options), seconds=SECONDS)
    return to(faro, person)[before:]


async def tap_telegram(faro: Served, chat: int, *options: str) -> list[Json]:
    before = len(in_chat(faro, chat))
    for option in options:
        assert await faro.telegram_webhooks.post(faro.telegram_webhooks.tap(chat, option)) == 200
    assert await until(lambda: len(in_chat(faro, chat)) - before >= len(options), seconds=SECONDS)
    return in_chat(faro, chat)[before:]


def to(faro: Served, person: str) -> list[Json]:
    return [sent for sent in faro.graph.messages if sent["to"] == person]


def in_chat(faro: Served, chat: int) -> list[Json]:
    return [sent for sent in faro.telegram.messages if sent["chat_id"] == chat]


async def ended(faro: Served) -> list[tuple[str, str]]:
    """Status and reason of every answer, once none is open."""
    database = open_database(faro.settings.database)

    async def rows() -> list[tuple[str, str]]:
        async with database.read() as connection:
            query = select(outbox.c.status, outbox.c.reason).order_by(outbox.c.id)
            return [(row.status, row.reason) for row in (await connection.execute(query)).all()]

    async def is_done() -> bool:
        return not any(status in ("waiting", "sending") for status, _ in await rows())

    try:
        assert await until(is_done, seconds=SECONDS)
        return await rows()
    finally:
        await database.close()


TAPS = ("service:T-COCINA", "map:T-COCINA", "card:T-COCINA", "page:T-COCINA")


async def test_each_tap_is_one_message_on_whatsapp_in_its_own_form_and_in_order(faro: Served) -> None:
    before = len(await ended(faro))

    told, pin, contact, page = await tap_whatsapp(faro, number(), *TAPS)

    assert told["interactive"]["type"] == "list"
    assert pin["location"]["latitude"] == "27.336868"
    assert "Calle Inventada 12" in pin["location"]["address"]
    assert contact["contacts"][0]["phones"] == [{"phone": "55 5000 0001", "type": "WORK"}]
    assert page["interactive"]["action"]["parameters"]["url"] == KITCHEN.website
    assert [status for status, _ in (await ended(faro))[before:]] == ["sent"] * 4


async def test_each_tap_is_one_message_on_telegram_in_its_own_form_and_in_order(faro: Served) -> None:
    told, pin, contact, page = await tap_telegram(faro, 7_100_000_001, *TAPS)

    assert "Calle Inventada 12" in told["text"]
    assert (pin["latitude"], pin["title"]) == (27.336868, KITCHEN.name)
    assert contact["phone_number"] == "55 5000 0001"
    assert page["reply_markup"]["inline_keyboard"][0][0]["url"] == KITCHEN.website
    assert page["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize("code", [131062, 131051, 131009, 131008, 100])
async def test_what_whatsapp_takes_in_no_other_form_goes_in_words_once(code: int, faro: Served) -> None:
    faro.graph.refused = {"location": code, "contacts": code, "interactive": code}
    before = len(await ended(faro))

    sent = await tap_whatsapp(faro, number(), *TAPS)

    assert [message["type"] for message in sent] == ["text"] * 4
    bodies = [message["text"]["body"] for message in sent]
    assert all(KITCHEN.name in body for body in bodies)
    assert "1. Mapa" in bodies[0]
    assert "www.openstreetmap.org" in bodies[1]
    assert "55 5000 0001" in bodies[2]
    assert KITCHEN.website in bodies[3]
    assert [status for status, _ in (await ended(faro))[before:]] == ["sent"] * 4
    assert len({message["biz_opaque_callback_data"] for message in sent}) == 4


async def test_what_telegram_takes_in_no_other_form_goes_in_words_once(faro: Served) -> None:
    refused = {"ok": False, "error_code": 400, "description": "Bad Request: wrong venue location specified"}
    faro.telegram.faults.append(Fault(400, refused))

    (sent,) = await tap_telegram(faro, 7_100_000_002, "map:T-COCINA")

    assert "www.openstreetmap.org" in sent["text"]
    assert sent["link_preview_options"] == {"is_disabled": True}


async def test_words_that_are_refused_too_end_with_a_reason(faro: Served) -> None:
    faro.graph.refused = {"location": 131009, "text": 131009}
    before = len(await ended(faro))
    hooks = faro.whatsapp_webhooks
    chosen = {"type": "button_reply", "button_reply": {"id": "map:T-COCINA", "title": "x"}}

    assert await hooks.post(hooks.notification(hooks.message(number(), "interactive", chosen))) == 200
    assert await until(lambda: _more_than(faro, before), seconds=SECONDS)

    ((status, reason),) = (await ended(faro))[before:]
    assert status == "failed"
    assert "131009" in reason


async def _more_than(faro: Served, before: int) -> bool:
    return len(await ended(faro)) > before


async def test_a_person_who_cannot_be_reached_is_not_tried_in_words(faro: Served) -> None:
    person, before = number(), len(await ended(faro))
    faro.graph.outcomes[person] = 131026
    hooks = faro.whatsapp_webhooks
    calls = len(faro.graph.calls)
    chosen = {"type": "button_reply", "button_reply": {"id": "map:T-COCINA", "title": "x"}}

    assert await hooks.post(hooks.notification(hooks.message(person, "interactive", chosen))) == 200
    assert await until(lambda: _more_than(faro, before), seconds=SECONDS)

    sends = [body for _, body in faro.graph.calls[calls:] if body.get("to") == person]
    assert [body["type"] for body in sends] == ["location"]


async def test_leaving_takes_the_pin_away_again_on_telegram(faro: Served) -> None:
    chat = 7_100_000_003
    (pin,) = await tap_telegram(faro, chat, "map:T-COCINA")

    assert await faro.telegram_webhooks.post(faro.telegram_webhooks.text(chat, "salir")) == 200

    gone = (chat, pin["message_id"])
    assert await until(lambda: gone in faro.telegram.deleted, seconds=SECONDS)


async def test_the_web_chat_gets_the_same_text_with_a_link_that_says_where_it_leads(faro: Served) -> None:
    async with faro.http.get(f"{faro.url}/chat") as page:
        cookies = {"faro_chat": page.cookies["faro_chat"].value}
    for option in TAPS[1:]:
        body = {"id": option, "option": option}
        async with faro.http.post(f"{faro.url}/chat/messages", json=body, cookies=cookies) as answer:
            assert answer.status == 204

    replies: list[Json] = []
    async with asyncio.timeout(SECONDS):
        while len(replies) < 3:
            async with faro.http.get(f"{faro.url}/chat/messages", cookies=cookies) as answer:
                replies += json.loads(await answer.text())["replies"]

    pin, contact, opened = replies
    assert pin["link"]["host"] == "www.openstreetmap.org"
    assert pin["link"]["url"] in pin["text"]
    assert "55 5000 0001" in contact["text"]
    assert "link" not in contact
    assert opened["link"] == {
        "label": "Abrir la página",
        "url": KITCHEN.website,
        "host": "cocina.example.org",
    }
