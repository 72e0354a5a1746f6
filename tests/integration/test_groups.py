"""Groups: Telegram's hear once that Faro talks in private, WhatsApp's hear nothing, and nothing is kept."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import intake, sending, taking
from bot.channels import whatsapp_webhook
from bot.core import Core
from bot.texts import channels as say
from data import inbox_store
from data.tables import inbox, person
from tests.fixtures.platforms import TelegramApi
from tests.fixtures.platforms.graph_api import PHONE_NUMBER_ID

PAYLOADS = Path(__file__).parents[1] / "fixtures" / "payloads"
GROUP = -1001000000001


def of_telegram(name: str, **message: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((PAYLOADS / "telegram" / f"{name}.json").read_text(encoding="utf-8"))
    body.get("message", {}).update(message)
    return body


def command(text: str, update: int) -> dict[str, Any]:
    """Somebody in the group calls Faro."""
    body = of_telegram("group_text", text=text)
    return {**body, "update_id": update}


async def tell(core: Core, channel: str, *payloads: object) -> None:
    """The webhooks come, and everybody who wrote is answered."""
    for payload in payloads:
        told = intake.told(core.keys, channel, core.channels[channel].read(payload))
        async with core.database.store() as connection:
            await inbox_store.accept(connection, told.arrivals, datetime.now(UTC))
        async with core.database.read() as connection:
            people = list((await connection.execute(select(person.c.id))).scalars())
        for each in people:
            await taking.take_all(
                core, each, stopping=lambda: False, after=lambda: None, clock=lambda: datetime.now(UTC)
            )
            await sending.send_all(core, each)


@pytest.mark.usually_on("sqlite")
async def test_a_group_on_telegram_hears_once_that_faro_talks_in_private(
    core: Core, telegram_api: TelegramApi
) -> None:
    joined = of_telegram("group_joined")

    await tell(core, "telegram", joined, command("/start plaza", 1), command("/ayuda me pega mi esposo", 2))

    assert [(sent["chat_id"], sent["text"]) for sent in telegram_api.messages] == [(GROUP, say.IN_PRIVATE)]


@pytest.mark.usually_on("sqlite")
async def test_what_is_said_or_tapped_in_a_group_on_telegram_is_not_even_stored(
    core: Core, telegram_api: TelegramApi
) -> None:
    await tell(core, "telegram", of_telegram("group_text"), of_telegram("callback_group"))

    async with core.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(inbox)) == 0
    assert telegram_api.messages == []


def test_a_group_on_whatsapp_is_never_answered() -> None:
    body = json.loads((PAYLOADS / "whatsapp" / "group.json").read_text(encoding="utf-8"))

    events = whatsapp_webhook.read(body, phone_number_id=PHONE_NUMBER_ID)

    assert [type(event).__name__ for event in events] == ["Ignored"]
