"""The real channels against servers that behave as Meta's and Telegram's do, with everything that fails."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
import telegram
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cards import Contact, Page, Point
from bot.channels import (
    AcceptanceUnknown,
    Channel,
    FormRefused,
    Misconfigured,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
)
from bot.channels import telegram as telegram_channel
from bot.channels import whatsapp as whatsapp_channel
from bot.channels.telegram import Telegram, open_bot
from bot.channels.whatsapp import WhatsApp
from bot.messages import Delivery, Event, Option, Received, Reply
from tests.fixtures.platforms import Fault, GraphApi, Pace, TelegramApi, TelegramWebhooks, WhatsAppWebhooks
from tests.fixtures.platforms.telegram_api import too_many

APP_SECRET, WEBHOOK_SECRET = "secreto-de-la-app", "secreto_del_webhook"
NUMBER, CHAT = '{"to": "5215500000001"}', "7000000001"
REPLY = Reply("¿En qué le ayudo?", (Option("menu", "Menú"), Option("more", "Ver más")))


@pytest.fixture
async def graph() -> AsyncIterator[GraphApi]:
    async with GraphApi() as api:
        yield api


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def whatsapp(graph: GraphApi, http: aiohttp.ClientSession) -> WhatsApp:
    return WhatsApp(
        http,
        token=graph.token,
        phone_number_id=graph.phone_number_id,
        app_secrets=(APP_SECRET,),
        api_url=graph.api_url,
    )


@pytest.fixture
async def bot_api() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as api:
        yield api


@pytest.fixture
async def bot(bot_api: TelegramApi) -> AsyncIterator[telegram.Bot]:
    async with open_bot(bot_api.token, api_url=bot_api.api_url) as client:
        yield client


@pytest.fixture
def telegrams(bot: telegram.Bot) -> Telegram:
    return Telegram(bot, webhook_secret=WEBHOOK_SECRET)


async def failure(channel: Channel, address: str, *, context: str = "") -> SendError:
    """The error that a send ends with."""
    with pytest.raises(SendError) as raised:
        await channel.send(address, channel.render(REPLY), context=context, reference="41")
    return raised.value


# WhatsApp


async def test_an_answer_is_sent_on_whatsapp_with_its_reference_and_the_read_mark(
    graph: GraphApi, whatsapp: WhatsApp
) -> None:
    whatsapp.seen(NUMBER, "wamid.prueba0001")
    await whatsapp.settled()
    sent = await whatsapp.send(NUMBER, whatsapp.render(REPLY), context="wamid.prueba0001", reference="41")

    (accepted,) = graph.messages
    assert sent.external_id == accepted["id"]
    assert not sent.deletable
    assert accepted["to"] == "5215500000001"
    assert accepted["biz_opaque_callback_data"] == "41"
    assert accepted["interactive"]["body"]["text"] == REPLY.text
    assert graph.read == ["wamid.prueba0001"]
    assert graph.calls[0][1]["typing_indicator"] == {"type": "text"}


async def test_a_person_without_a_number_is_answered_by_their_id(graph: GraphApi, whatsapp: WhatsApp) -> None:
    address = '{"recipient": "MX.13491208655302741918"}'
    await whatsapp.send(address, whatsapp.render(REPLY), context="", reference="41")

    (accepted,) = graph.messages
    assert accepted["recipient"] == "MX.13491208655302741918"
    assert "to" not in accepted
    assert graph.read == []


@pytest.mark.parametrize(
    "reply",
    [
        Reply("Marque *765."),
        REPLY,
        Reply("¿Cuál?", tuple(Option(f"id{n}", f"Opción {n}") for n in range(10))),
        Reply("¿Cuál?", tuple(Option(f"id{n}", f"Opción {n}") for n in range(11))),
        Reply("¿Dónde está?", (Option("place:00", "Prefiero no decir"),), place_request=True),
        Reply("x" * 1000, (Option("place:00", "Prefiero no decir"),), place_request=True),
        Reply("Aquí está.", card=Point(17.546, -98.576, "Comedor inventado", "Calle Inventada 1")),
        Reply("Este es.", card=Contact("911", ("911", "55 0000 0001"), "Dato por verificar.")),
        Reply("Es esta.", (Option("menu", "Menú"),), card=Page("https://example.org/a", "Abrir la página")),
    ],
    ids=["text", "buttons", "list", "numbered", "location", "long location", "point", "contact", "page"],
)
async def test_both_platforms_take_every_form_of_a_reply(
    reply: Reply, graph: GraphApi, whatsapp: WhatsApp, bot_api: TelegramApi, telegrams: Telegram
) -> None:
    await whatsapp.send(NUMBER, whatsapp.render(reply), context="", reference="1")
    await telegrams.send(CHAT, telegrams.render(reply), context="", reference="1")

    assert len(graph.messages) == len(bot_api.messages) == 1


@pytest.mark.parametrize(
    "mark_fault",
    [Fault(500, {}), Fault(seconds=30), Fault(cut="before"), Fault(400, {"error": {"code": 100}})],
    ids=["500", "slow", "cut", "400"],
)
async def test_an_answer_does_not_need_its_read_mark(
    mark_fault: Fault, graph: GraphApi, whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp_channel, "READ_MARK_SECONDS", 0.2)
    graph.mark_fault = mark_fault

    sent = await whatsapp.send(NUMBER, whatsapp.render(REPLY), context="wamid.prueba0001", reference="41")
    await whatsapp.settled()

    assert sent.external_id == graph.messages[0]["id"]


def meta(code: int, **more: object) -> dict[str, object]:
    return {"error": {"message": f"(#{code}) secreto", "code": code, "fbtrace_id": "Abc", **more}}


WHATSAPP_FAULTS: list[tuple[Fault, type[SendError], int]] = [
    (Fault(400, meta(130429)), Throttled, 0),
    (Fault(400, meta(131056)), Throttled, 0),
    (Fault(429, "slow down", headers={"Retry-After": "7"}), Throttled, 0),
    (Fault(500, meta(131000)), Unavailable, 0),
    (Fault(503, "<html>down</html>"), Unavailable, 0),
    (Fault(504, "<html>gateway</html>"), AcceptanceUnknown, 0),
    (Fault(401, meta(190)), Misconfigured, 0),
    (Fault(403, meta(10)), Misconfigured, 0),
    (Fault(302, "", headers={"Location": "http://127.0.0.1:1/"}), Misconfigured, 0),
    (Fault(400, meta(131047)), Undeliverable, 0),
    (Fault(400, meta(131009)), FormRefused, 0),
    (Fault(400, meta(131062)), FormRefused, 0),
    (Fault(200, "<html>captive portal</html>"), AcceptanceUnknown, 0),
    (Fault(200, {"messages": []}), AcceptanceUnknown, 0),
    (Fault(cut="before"), AcceptanceUnknown, 0),
    (Fault(cut="after"), AcceptanceUnknown, 1),
    (Fault(cut="middle"), AcceptanceUnknown, 1),
    (Fault(cut="half"), AcceptanceUnknown, 1),
]


@pytest.mark.parametrize(("fault", "kind", "accepted"), WHATSAPP_FAULTS, ids=str)
async def test_whatever_fails_at_whatsapp_is_one_of_our_errors(
    fault: Fault, kind: type[SendError], accepted: int, graph: GraphApi, whatsapp: WhatsApp
) -> None:
    graph.faults.append(fault)

    error = await failure(whatsapp, NUMBER)

    assert type(error) is kind
    assert len(graph.messages) == accepted
    for secret in (graph.token, "5215500000001", REPLY.text, "secreto"):
        assert secret not in error.reason


async def test_whatsapp_says_how_long_to_wait(graph: GraphApi, whatsapp: WhatsApp) -> None:
    graph.faults.append(Fault(429, meta(80007), headers={"Retry-After": "7"}))
    assert (await failure(whatsapp, NUMBER)).retry_after == 7.0


async def test_a_person_who_cannot_be_reached_on_whatsapp_is_not_tried_again(
    graph: GraphApi, whatsapp: WhatsApp
) -> None:
    graph.outcomes["5215500000001"] = 131026
    error = await failure(whatsapp, NUMBER)
    assert isinstance(error, Undeliverable)
    assert not error.retryable


async def test_a_timeout_at_whatsapp_leaves_the_acceptance_unknown(
    graph: GraphApi, whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp_channel, "SEND_SECONDS", 0.2)
    graph.faults.append(Fault(seconds=30))
    assert isinstance(await failure(whatsapp, NUMBER), AcceptanceUnknown)


async def test_whatsapp_that_refuses_connections_has_accepted_nothing(
    graph: GraphApi, whatsapp: WhatsApp
) -> None:
    await graph.stop()
    assert isinstance(await failure(whatsapp, NUMBER), Unavailable)

    await graph.start()
    await whatsapp.send(NUMBER, whatsapp.render(REPLY), context="", reference="41")
    assert len(graph.messages) == 1


@pytest.mark.parametrize(
    ("change", "setting"),
    [({"token": "otro"}, "FARO_WHATSAPP_TOKEN"), ({"phone_number_id": "9"}, "FARO_WHATSAPP_PHONE_NUMBER_ID")],
)
async def test_a_wrong_setting_of_whatsapp_is_named(
    change: dict[str, str], setting: str, graph: GraphApi, http: aiohttp.ClientSession
) -> None:
    right = {"token": graph.token, "phone_number_id": graph.phone_number_id}
    channel = WhatsApp(http, **(right | change), app_secrets=(APP_SECRET,), api_url=graph.api_url)

    error = await failure(channel, NUMBER)

    assert isinstance(error, Misconfigured)
    assert setting in error.reason


@pytest.mark.parametrize(
    "address", ["", "5215500000001", "{}", '{"to": ""}', '{"to": "1", "recipient": "MX.1"}']
)
async def test_an_address_that_is_none_of_whatsapps_sends_nothing(
    address: str, graph: GraphApi, whatsapp: WhatsApp
) -> None:
    assert isinstance(await failure(whatsapp, address), Undeliverable)
    assert graph.calls == []


async def test_deleting_on_whatsapp_asks_nothing_of_the_platform(graph: GraphApi, whatsapp: WhatsApp) -> None:
    await whatsapp.delete(NUMBER, ["wamid.prueba0001"])
    assert graph.calls == []


# Telegram


async def test_an_answer_is_sent_on_telegram_and_can_be_deleted(
    bot_api: TelegramApi, telegrams: Telegram
) -> None:
    sent = await telegrams.send(CHAT, telegrams.render(REPLY), context="", reference="41")

    (accepted,) = bot_api.messages
    assert sent.external_id == str(accepted["message_id"])
    assert sent.deletable
    assert accepted["chat_id"] == int(CHAT)
    assert accepted["text"] == REPLY.text
    assert accepted["link_preview_options"] == {"is_disabled": True}
    assert accepted["reply_markup"]["inline_keyboard"] == [
        [{"text": "Menú", "callback_data": "menu"}, {"text": "Ver más", "callback_data": "more"}]
    ]


async def test_a_client_that_is_open_has_called_nobody(bot_api: TelegramApi, bot: telegram.Bot) -> None:
    assert bot.token == bot_api.token
    assert bot_api.calls == []


async def test_a_tapped_button_is_answered_before_the_message(
    bot_api: TelegramApi, telegrams: Telegram
) -> None:
    telegrams.seen(CHAT, "4382bfdwdsb323b2d9")
    await telegrams.settled()
    await telegrams.send(CHAT, telegrams.render(REPLY), context="4382bfdwdsb323b2d9", reference="41")
    assert [method for method, _ in bot_api.calls] == ["answerCallbackQuery", "sendMessage"]
    assert bot_api.answered == ["4382bfdwdsb323b2d9"]


@pytest.mark.parametrize(
    "callback_fault", [None, Fault(500, {}), Fault(seconds=30), Fault(cut="before"), too_many(3)], ids=str
)
async def test_an_answer_does_not_need_its_callback(
    callback_fault: Fault | None, bot_api: TelegramApi, telegrams: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_channel, "CALLBACK_SECONDS", 0.2)
    bot_api.callbacks = set()  # every query is too old
    bot_api.callback_fault = callback_fault

    await telegrams.send(CHAT, telegrams.render(REPLY), context="4382bfdwdsb323b2d9", reference="41")
    await telegrams.settled()

    assert len(bot_api.messages) == 1


TELEGRAM_FAULTS: list[tuple[Fault, type[SendError], int]] = [
    (too_many(3), Throttled, 0),
    (Fault(500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}), Unavailable, 0),
    (Fault(502, "<html>Bad Gateway</html>"), Unavailable, 0),
    (Fault(504, "<html>Gateway Time-out</html>"), AcceptanceUnknown, 0),
    (Fault(401, {"ok": False, "error_code": 401, "description": "Unauthorized"}), Misconfigured, 0),
    (Fault(404, {"ok": False, "error_code": 404, "description": "Not Found"}), Misconfigured, 0),
    (
        Fault(403, {"ok": False, "error_code": 403, "description": "Forbidden: user is deactivated"}),
        Undeliverable,
        0,
    ),
    (
        Fault(400, {"ok": False, "error_code": 400, "description": "Bad Request: chat 7000000001 not found"}),
        Undeliverable,
        0,
    ),
    (
        Fault(
            400,
            {"ok": False, "error_code": 400, "description": "x", "parameters": {"migrate_to_chat_id": -100}},
        ),
        Undeliverable,
        0,
    ),
    (
        Fault(400, {"ok": False, "error_code": 400, "description": "Bad Request: BUTTON_URL_INVALID"}),
        FormRefused,
        0,
    ),
    (Fault(200, "<html>captive portal</html>"), AcceptanceUnknown, 0),
    (Fault(200, {"ok": True, "result": {}}), AcceptanceUnknown, 0),
    (Fault(cut="before"), AcceptanceUnknown, 0),
    (Fault(cut="after"), AcceptanceUnknown, 1),
    (Fault(cut="middle"), AcceptanceUnknown, 1),
    (Fault(cut="half"), AcceptanceUnknown, 1),
]


@pytest.mark.parametrize(("fault", "kind", "accepted"), TELEGRAM_FAULTS, ids=str)
async def test_whatever_fails_at_telegram_is_one_of_our_errors(
    fault: Fault, kind: type[SendError], accepted: int, bot_api: TelegramApi, telegrams: Telegram
) -> None:
    bot_api.faults.append(fault)

    error = await failure(telegrams, CHAT)

    assert type(error) is kind
    assert len(bot_api.messages) == accepted
    for secret in (bot_api.token, CHAT, REPLY.text):
        assert secret not in error.reason


async def test_telegram_says_how_long_to_wait(bot_api: TelegramApi, telegrams: Telegram) -> None:
    bot_api.faults.append(too_many(3))
    assert (await failure(telegrams, CHAT)).retry_after == 3.0


async def test_a_person_who_blocked_the_bot_is_not_tried_again(
    bot_api: TelegramApi, telegrams: Telegram
) -> None:
    bot_api.blocked.add(int(CHAT))
    error = await failure(telegrams, CHAT)
    assert isinstance(error, Undeliverable)
    assert not error.retryable


async def test_a_timeout_at_telegram_leaves_the_acceptance_unknown(
    bot_api: TelegramApi, telegrams: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_channel, "SEND_SECONDS", 0.1)
    monkeypatch.setattr(telegram_channel, "CONNECT_SECONDS", 0.1)
    bot_api.faults.append(Fault(seconds=30))
    assert isinstance(await failure(telegrams, CHAT), AcceptanceUnknown)


async def test_a_read_timeout_of_the_telegram_client_leaves_the_acceptance_unknown(
    bot_api: TelegramApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_channel, "SEND_SECONDS", 0.2)
    async with open_bot(bot_api.token, api_url=bot_api.api_url) as impatient:
        bot_api.faults.append(Fault(seconds=30))
        error = await failure(Telegram(impatient, webhook_secret=WEBHOOK_SECRET), CHAT)

    assert isinstance(error, AcceptanceUnknown)
    assert "ReadTimeout" in error.reason


async def test_telegram_that_refuses_connections_has_accepted_nothing(
    bot_api: TelegramApi, telegrams: Telegram
) -> None:
    await bot_api.stop()
    assert isinstance(await failure(telegrams, CHAT), Unavailable)

    await bot_api.start()
    await telegrams.send(CHAT, telegrams.render(REPLY), context="", reference="41")
    assert len(bot_api.messages) == 1


@pytest.mark.parametrize("token", ["123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "malformed"])
async def test_a_wrong_token_of_telegram_is_named_and_not_quoted(token: str, bot_api: TelegramApi) -> None:
    async with open_bot(token, api_url=bot_api.api_url) as client:
        error = await failure(Telegram(client, webhook_secret=WEBHOOK_SECRET), CHAT)

    assert isinstance(error, Misconfigured)
    assert "FARO_TELEGRAM_TOKEN" in error.reason
    assert token not in error.reason


async def test_leaving_deletes_messages_a_hundred_at_a_time(
    bot_api: TelegramApi, telegrams: Telegram
) -> None:
    await telegrams.delete(CHAT, [str(n) for n in range(1, 251)])

    sizes = [len(data["message_ids"]) for method, data in bot_api.calls if method == "deleteMessages"]
    assert sizes == [100, 100, 50]
    assert sorted(bot_api.deleted) == [(int(CHAT), n) for n in range(1, 251)]


async def test_a_message_too_old_to_delete_does_not_keep_the_others(
    bot_api: TelegramApi, telegrams: Telegram
) -> None:
    bot_api.old = {2}
    await telegrams.delete(CHAT, ["1", "2", "3", "not an id"])
    assert sorted(bot_api.deleted) == [(int(CHAT), 1), (int(CHAT), 3)]


async def test_deleting_that_fails_is_one_of_our_errors(bot_api: TelegramApi, telegrams: Telegram) -> None:
    bot_api.faults.append(too_many(9))
    with pytest.raises(Throttled):
        await telegrams.delete(CHAT, ["1"])


async def test_no_log_holds_the_token_a_text_or_an_id(
    bot_api: TelegramApi,
    graph: GraphApi,
    whatsapp: WhatsApp,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_bot(bot_api.token, api_url=bot_api.api_url) as client:
        channel = Telegram(client, webhook_secret=WEBHOOK_SECRET)
        await channel.send(CHAT, channel.render(REPLY), context="4382bfdwdsb323b2d9", reference="41")
        bot_api.faults += [Fault(200, f"no JSON: {REPLY.text}"), Fault(cut="before"), Fault(500, REPLY.text)]
        for _ in range(3):
            await failure(channel, CHAT, context="4382bfdwdsb323b2d9")
        await channel.delete(CHAT, ["1000"])
        await channel.settled()
    graph.mark_fault = Fault(400, meta(100))
    await whatsapp.send(NUMBER, whatsapp.render(REPLY), context="wamid.prueba0001", reference="41")
    graph.faults.append(Fault(400, meta(131009)))
    await failure(whatsapp, NUMBER, context="wamid.prueba0001")
    await whatsapp.settled()

    assert caplog.records
    for secret in (bot_api.token, graph.token, CHAT, "5215500000001", REPLY.text, "wamid.prueba0001"):
        assert secret not in caplog.text


# webhooks


@dataclass(slots=True)
class Receiver:
    """Checks and reads what comes, as Faro's routes do; `answers` are statuses to give instead, first."""

    channel: Channel
    events: list[Event]
    answers: list[int]

    async def post(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self.channel.check(request.headers, body):
            return web.Response(status=403)
        if self.answers:
            return web.Response(status=self.answers.pop(0))
        self.events += self.channel.read(json.loads(body))
        return web.Response(text="ok")


async def receiving(channel: Channel, *answers: int) -> tuple[Receiver, TestServer]:
    receiver = Receiver(channel, [], list(answers))
    app = web.Application()
    app.router.add_post("/webhook", receiver.post)
    server = TestServer(app)
    await server.start_server()
    return receiver, server


async def test_a_signed_webhook_of_whatsapp_comes_through_and_a_forged_one_does_not(
    whatsapp: WhatsApp, http: aiohttp.ClientSession
) -> None:
    receiver, server = await receiving(whatsapp)
    meta_calls = WhatsAppWebhooks(http, str(server.make_url("/webhook")), app_secret=APP_SECRET)
    forger = WhatsAppWebhooks(http, str(server.make_url("/webhook")), app_secret="adivinado")
    notification = meta_calls.notification(meta_calls.text("5215500000001", "¿dónde hay un albergue? 🙏"))

    assert await meta_calls.post(notification) == 200
    assert await forger.post(notification) == 403
    assert await meta_calls.post(notification, headers={}) == 403

    (event,) = receiver.events
    assert isinstance(event, Received)
    assert event.inbound.text == "¿dónde hay un albergue? 🙏"
    await server.close()


async def test_platforms_deliver_again_until_they_hear_200_and_it_reads_the_same(
    whatsapp: WhatsApp, telegrams: Telegram, http: aiohttp.ClientSession
) -> None:
    receiver, server = await receiving(telegrams, 503, 500)
    telegram_calls = TelegramWebhooks(http, str(server.make_url("/webhook")), secret=WEBHOOK_SECRET)
    update = telegram_calls.tap(int(CHAT), "menu")

    assert await telegram_calls.until_accepted(update, wait=0.01) == 3
    assert await telegram_calls.storm(update, 5) == [200] * 5

    assert len(receiver.events) == 6
    assert len({event.external_id for event in receiver.events if isinstance(event, Received)}) == 1
    await server.close()


async def test_a_status_of_whatsapp_brings_back_the_reference_of_the_answer(
    graph: GraphApi, whatsapp: WhatsApp, http: aiohttp.ClientSession
) -> None:
    receiver, server = await receiving(whatsapp)
    meta_calls = WhatsAppWebhooks(http, str(server.make_url("/webhook")), app_secret=APP_SECRET)
    sent = await whatsapp.send(NUMBER, whatsapp.render(REPLY), context="", reference="41")

    statuses = tuple(meta_calls.status(graph.messages[0], name) for name in ("delivered", "sent"))
    await meta_calls.post(meta_calls.notification(statuses=statuses))

    assert receiver.events == [
        Delivery(sent.external_id, "delivered", "41"),
        Delivery(sent.external_id, "sent", "41"),
    ]
    await server.close()


async def test_many_people_are_answered_at_once(graph: GraphApi, whatsapp: WhatsApp) -> None:
    graph.latency = (0.05, 0.1)
    addresses = [json.dumps({"to": f"52155000000{n:02}"}) for n in range(20)]

    await asyncio.gather(
        *(whatsapp.send(address, whatsapp.render(REPLY), context="", reference="1") for address in addresses)
    )

    assert len({message["to"] for message in graph.messages}) == 20


async def test_both_platforms_slow_down_whoever_gets_too_much(
    graph: GraphApi, whatsapp: WhatsApp, bot_api: TelegramApi, telegrams: Telegram
) -> None:
    graph.pace, bot_api.pace = Pace(burst=2, seconds=6), Pace(burst=2, seconds=1)
    for channel, address in ((whatsapp, NUMBER), (telegrams, CHAT)):
        for _ in range(2):
            await channel.send(address, channel.render(REPLY), context="", reference="1")

    slow, slower = await failure(telegrams, CHAT), await failure(whatsapp, NUMBER)

    assert isinstance(slow, Throttled)
    assert slow.retry_after == 1.0
    assert isinstance(slower, Throttled)
    assert "131056" in slower.reason
