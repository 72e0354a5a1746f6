"""Every transcript again through the whole program: a webhook in, the platform's own JSON out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import count
from typing import Any, Protocol

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.cards import Contact, Page, Point
from bot.messages import Attachment, Inbound, Option, Reply
from data.database import open_database
from data.tables import person
from tests.fixtures import invented
from tests.fixtures.serving import Served, served
from tests.transcripts import script
from tests.transcripts.script import Transcript

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usually_on("sqlite")]

Json = dict[str, Any]
TRANSCRIPTS = script.read_all()
ANSWER_SECONDS = 20.0
_numbers = count(1)


class Phone(Protocol):
    """A person's phone: what it sends, and the message that arrives."""

    async def send(self, inbound: Inbound) -> None: ...
    def received(self) -> list[Json]: ...
    def as_reply(self, message: Json) -> Reply: ...


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faro(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("faro"), database_url=shared_url) as running:
        await invented.publish(running.settings.database)
        yield running


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda t: t.name)
async def test_a_transcript_plays_on_whatsapp(transcript: Transcript, faro: Served) -> None:
    await script.play(transcript, _saying(faro, WhatsAppPhone(faro)))


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda t: t.name)
async def test_a_transcript_plays_on_telegram(transcript: Transcript, faro: Served) -> None:
    await script.play(transcript, _saying(faro, TelegramPhone(faro)))


def _saying(faro: Served, phone: Phone) -> script.Say:
    async def say(inbound: Inbound, passed: timedelta) -> Reply:
        await _let_time_pass(faro, passed)
        before = len(phone.received())
        await phone.send(inbound)
        message = await _next(phone.received, before)
        return phone.as_reply(message)

    return say


async def _next(received: Callable[[], list[Json]], before: int) -> Json:
    deadline = asyncio.get_running_loop().time() + ANSWER_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        if len(received()) > before:
            return received()[before]
        await asyncio.sleep(0.02)
    raise TimeoutError("no answer came")


async def _let_time_pass(faro: Served, passed: timedelta) -> None:
    """People wait; a test does not: what was kept of them is made older instead."""
    if not passed:
        return
    database = open_database(faro.settings.database)
    async with database.write() as connection:
        query = select(person.c.id, person.c.state_at).where(person.c.state_at.is_not(None))
        for person_id, state_at in (await connection.execute(query)).all():
            older = update(person).where(person.c.id == person_id).values(state_at=state_at - passed)
            await connection.execute(older)
    await database.close()


class WhatsAppPhone:
    """A phone with WhatsApp; the number is invented."""

    def __init__(self, faro: Served) -> None:
        self._faro = faro
        self._number = f"52155000{next(_numbers):05}"
        self._text = ""

    async def send(self, inbound: Inbound) -> None:
        hooks = self._faro.whatsapp_webhooks
        kind, content = self._content(inbound)
        assert await hooks.post(hooks.notification(hooks.message(self._number, kind, content))) == 200

    def received(self) -> list[Json]:
        return [message for message in self._faro.graph.messages if message.get("to") == self._number]

    def as_reply(self, message: Json) -> Reply:
        if message["type"] == "text":
            return Reply(message["text"]["body"])
        if message["type"] == "location":
            place = message["location"]
            degrees = float(place["latitude"]), float(place["longitude"])
            return _shown(Point(*degrees, place["name"], place["address"]))
        if message["type"] == "contacts":
            (card,) = message["contacts"]
            phones = tuple(phone["phone"] for phone in card["phones"])
            return _shown(Contact(card["name"]["formatted_name"], phones, card["org"]["title"]))
        body = message["interactive"]["body"]["text"]
        action = message["interactive"]["action"]
        buttons = [button["reply"] for button in action.get("buttons", ())]
        rows = [row for section in action.get("sections", ()) for row in section["rows"]]
        shown = buttons or rows or _numbered_options(body)
        options = tuple(Option(o["id"], o["title"]) for o in shown)
        opens = action.get("parameters")
        page = Page(opens["url"], opens["display_text"]) if opens else None
        return Reply(body, options, place_request=action.get("name") == "send_location", card=page)

    def _content(self, inbound: Inbound) -> tuple[str, Json]:
        if inbound.option.startswith("typed:"):
            return "text", {"body": inbound.option.removeprefix("typed:")}
        if inbound.option:
            chosen = {"id": inbound.option, "title": "x"}
            return "interactive", {"type": "button_reply", "button_reply": chosen}
        if inbound.location:
            return "location", {"latitude": inbound.location[0], "longitude": inbound.location[1]}
        if inbound.attachment:
            names = {Attachment.VOICE: "audio", Attachment.CONTACT: "contacts"}
            return names.get(inbound.attachment, str(inbound.attachment)), {"id": "1", "mime_type": "x/y"}
        return "text", {"body": inbound.text}


class TelegramPhone:
    """A phone with Telegram; the chat is invented."""

    def __init__(self, faro: Served) -> None:
        self._faro = faro
        self._chat = 7_000_000 + next(_numbers)
        self._labels: dict[str, str] = {}

    async def send(self, inbound: Inbound) -> None:
        assert await self._faro.telegram_webhooks.post(self._update(inbound)) == 200

    def received(self) -> list[Json]:
        return [message for message in self._faro.telegram.messages if message["chat_id"] == self._chat]

    def as_reply(self, message: Json) -> Reply:
        markup = message.get("reply_markup") or {}
        if "latitude" in message:
            return _shown(
                Point(message["latitude"], message["longitude"], message["title"], message["address"])
            )
        if "vcard" in message:
            lines = dict(line.split(":", 1) for line in message["vcard"].split("\r\n"))
            return _shown(Contact(message["first_name"], (message["phone_number"],), lines["TITLE"]))
        opens = [b for row in markup.get("inline_keyboard", ()) for b in row if "url" in b]
        page = Page(opens[0]["url"], opens[0]["text"]) if opens else None
        inline = [b for row in markup.get("inline_keyboard", ()) for b in row if "url" not in b]
        words = [b for row in markup.get("keyboard", ()) for b in row if not b.get("request_location")]
        self._labels = {f"word:{i}": word["text"] for i, word in enumerate(words)}
        options = [Option(b["callback_data"], b["text"]) for b in inline]
        options += [Option(key, label) for key, label in self._labels.items()]
        return Reply(message["text"], tuple(options), place_request="keyboard" in markup, card=page)

    def _update(self, inbound: Inbound) -> Json:
        hooks = self._faro.telegram_webhooks
        if inbound.option in self._labels:  # a key of the keyboard types its words
            return hooks.text(self._chat, self._labels[inbound.option])
        if inbound.option:
            return hooks.tap(self._chat, inbound.option)
        update = hooks.text(self._chat, inbound.text or "x")
        if inbound.location:
            latitude, longitude = inbound.location
            update["message"]["location"] = {"latitude": latitude, "longitude": longitude}
            del update["message"]["text"]
        if inbound.attachment:
            update["message"] |= _FILES[inbound.attachment]
            del update["message"]["text"]
        return update


def _shown(card: Point | Contact) -> Reply:
    """A pin or a contact, and what one reads on it."""
    lines = [card.name, card.lines] if isinstance(card, Point) else [card.name, *card.phones, card.note]
    return Reply("\n".join(lines), card=card)


_FILES: dict[Attachment, Json] = {
    Attachment.VOICE: {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 3}},
    Attachment.IMAGE: {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
    Attachment.DOCUMENT: {"document": {"file_id": "a", "file_unique_id": "b"}},
    Attachment.CONTACT: {"contact": {"phone_number": "5550000000", "first_name": "Prueba"}},
    Attachment.STICKER: {
        "sticker": {
            "file_id": "a",
            "file_unique_id": "b",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
            "type": "regular",
        }
    },
}


def _numbered_options(body: str) -> list[Json]:
    """Options that stand as numbered lines: «1. Prefiero no decir»."""
    lines = [line.partition(". ") for line in body.splitlines() if line.partition(". ")[0].isdigit()]
    return [{"id": f"typed:{number}", "title": title} for number, _, title in lines]
