"""Telegram's updates read and its messages made, without a network."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
import telegram
from hypothesis import given

from bot import keywords
from bot.budget import fits, units
from bot.cards import Card, Contact, Page, Point
from bot.channels.telegram import Telegram
from bot.messages import (
    Attachment,
    Event,
    Ignored,
    Inbound,
    Option,
    PersonChange,
    Received,
    Reply,
    received_from_json,
)
from bot.texts import channels as say
from bot.texts import labels
from tests.fixtures.json_values import anything, damaged
from tests.fixtures.platforms.telegram_api import check_contact, check_markup, check_venue
from tests.fixtures.replies import replies

PAYLOADS = Path(__file__).parents[1] / "fixtures" / "payloads" / "telegram"
SAMPLES = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(PAYLOADS.glob("*.json"))]
SENT_AT = datetime.fromtimestamp(1795600000, UTC)
CHAT, UPDATE = "7000000001", "700000001"
NO_PLACE = (Option("place:00", labels.NO_PLACE),)

no_bot = cast(telegram.Bot, None)  # reading and rendering never touch it
channel = Telegram(no_bot, webhook_secret="secreto-de-prueba")


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def received(inbound: Inbound) -> Received:
    dated = Inbound(inbound.text, inbound.option, inbound.location, inbound.attachment, SENT_AT)
    return Received(f"message:{UPDATE}", CHAT, CHAT, dated, deletable="501")


def said(text: str) -> Received:
    return received(Inbound(text=text))


def sent(attachment: Attachment) -> Received:
    return received(Inbound(attachment=attachment))


TAPPED = Received(
    f"callback_query:{UPDATE}", CHAT, CHAT, Inbound(option="danger:yes"), context="4382bfdwdsb323b2d9"
)
PLACE = received(Inbound(location=(17.5461, -98.5763)))
READ: dict[str, Event] = {
    "text": said("buenas, busco dónde quedarme en Tlapa 🙏"),
    "start": said("hola"),
    "start_code": Received(
        f"message:{UPDATE}",
        CHAT,
        CHAT,
        Inbound(text="hola", sent_at=SENT_AT, poster="cartel_Tlapa-01"),
        deletable="501",
    ),
    "menu": said("menu"),
    "help_named": said("ayuda"),
    "leave": said("salir"),
    "erase": said("borrar"),
    "slash_in_text": said("/ no sé qué hacer"),
    "new_kind_with_text": said("hola"),
    "edited": Ignored("edited_message"),
    "location": PLACE,
    "live_location": PLACE,
    "venue": PLACE,
    "contact": sent(Attachment.CONTACT),
    "voice": sent(Attachment.VOICE),
    "audio": sent(Attachment.VOICE),
    "photo": sent(Attachment.IMAGE),
    "photo_with_caption": said("ayúdeme por favor"),
    "video": sent(Attachment.IMAGE),
    "video_note": sent(Attachment.IMAGE),
    "sticker": sent(Attachment.STICKER),
    "document": sent(Attachment.DOCUMENT),
    "dice": sent(Attachment.DOCUMENT),
    "pinned": Ignored("notice"),
    "group_text": Ignored("group"),
    "group_joined": Received(
        f"my_chat_member:{UPDATE}",
        "-1001000000001",
        "-1001000000001",
        Inbound(text="", sent_at=SENT_AT),
        in_group=True,
    ),
    "channel_post": Ignored("channel"),
    "callback": TAPPED,
    "callback_stale": TAPPED,
    "callback_inaccessible": TAPPED,
    "callback_game": Ignored("no_option"),
    "callback_group": Ignored("group"),
    "blocked": PersonChange("blocked", CHAT),
    "unblocked": PersonChange("unblocked", CHAT),
    "inline_query": Ignored("other_update"),
    "other_bot": Ignored("no_sender"),
}


@pytest.mark.parametrize("name", sorted(READ))
def test_an_update_is_read_as_it_is_meant(name: str) -> None:
    assert channel.read(payload(name)) == (READ[name],)


def test_every_payload_has_its_expected_reading() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == READ.keys()


@pytest.mark.parametrize(
    "body", [None, [], {}, "x", {"message": {}}, {"update_id": "x"}, {"update_id": 1, "message": 3}]
)
def test_what_is_no_update_is_ignored(body: object) -> None:
    (event,) = channel.read(body)
    assert isinstance(event, Ignored)


@pytest.mark.parametrize(
    ("written", "command"),
    [
        ("/menu", keywords.Command.MENU),
        ("/ayuda", keywords.Command.HELP),
        ("/salir", keywords.Command.EXIT),
        ("/borrar", keywords.Command.DELETE),
        ("/stop", keywords.Command.STOP),
        ("/help", keywords.Command.HELP),
    ],
)
def test_a_slash_command_is_the_word_that_works_everywhere(written: str, command: keywords.Command) -> None:
    body = payload("text")
    body["message"]["text"] = written

    (event,) = channel.read(body)

    assert isinstance(event, Received)
    assert keywords.command(event.inbound.text) is command


def test_words_after_a_command_are_not_lost() -> None:
    body = payload("text")
    body["message"]["text"] = "/start ayúdeme por favor me están siguiendo"

    (event,) = channel.read(body)

    assert isinstance(event, Received)
    assert event.inbound.text == "hola ayúdeme por favor me están siguiendo"


@pytest.mark.parametrize(
    ("written", "poster"),
    [
        ("/start plaza-tlapa", "plaza-tlapa"),
        ("/start@faro_bot dif_2", "dif_2"),
        ("/start", ""),
        ("/start ayúdeme por favor", ""),
        ("/menu plaza-tlapa", ""),
        ("hola plaza-tlapa", ""),
    ],
)
def test_the_link_of_a_poster_is_a_greeting_that_tells_its_code(written: str, poster: str) -> None:
    body = payload("text")
    body["message"]["text"] = written

    (event,) = channel.read(body)

    assert isinstance(event, Received)
    assert event.inbound.poster == poster
    assert not poster or event.inbound.text == "hola"


def test_only_the_secret_of_the_webhook_opens_it() -> None:
    name = "X-Telegram-Bot-Api-Secret-Token"
    assert channel.check({name: "secreto-de-prueba"}, b"")
    assert not channel.check({name: "secreto-de-prueb"}, b"")
    assert not channel.check({name: "\udce1"}, b"")
    assert not channel.check({name: ""}, b"")
    assert not channel.check({}, b"")
    assert not Telegram(no_bot, webhook_secret="").check({name: ""}, b"")


@given(anything | damaged(SAMPLES))
def test_reading_never_raises_and_what_it_gives_can_be_stored(body: Any) -> None:
    events = channel.read(body)

    assert events
    for event in events:
        if isinstance(event, Received):
            assert received_from_json(event.to_json()) == event
            assert event.to_json().encode()
            assert int(event.address)
            assert event.person == event.address


@given(replies)
def test_every_reply_within_the_budget_fits_telegram_and_loses_nothing(reply: Reply) -> None:
    assert fits(reply)
    message = channel.render(reply)

    check(message)  # raises what Telegram would answer
    if told := message.get("venue") or message.get("contact"):
        assert is_all_there(reply.card, told)
    else:
        assert message["text"] == reply.text
        assert units(message["text"]) <= 4096
    shown = buttons(message)
    for number, option in enumerate(reply.options, start=1):
        label = option.label if option.label.strip() else f"{number}."
        tapped = {"text": label, "callback_data": option.id} in shown
        assert tapped or ({"text": option.label} in shown and reply.place_request)


@given(replies)
def test_every_reply_has_a_form_in_plain_words_that_holds_all_of_its_text(reply: Reply) -> None:
    message = channel.render_plain(reply)

    assert reply.text in message["text"]
    assert all(option.label in message["text"] for option in reply.options)
    assert units(message["text"]) <= 4096
    assert message["reply_markup"] == {"remove_keyboard": True}


def check(message: dict[str, Any]) -> None:
    check_markup(message["reply_markup"])
    if "venue" in message:
        check_venue(message["venue"])
    if "contact" in message:
        check_contact(message["contact"])


def is_all_there(card: Card | None, told: dict[str, Any]) -> bool:
    """Whether a venue or a contact lost nothing of what it was made of."""
    if isinstance(card, Point):
        degrees = tuple(f"{told[name]:.6f}" for name in ("latitude", "longitude"))
        return (told["title"], told["address"], degrees) == (card.name, card.lines, card.written)
    assert isinstance(card, Contact)
    name = " ".join(told[key] for key in ("first_name", "last_name") if key in told)
    saved = [re.sub(r"\\(.)", r"\1", line.partition(":")[2]) for line in told["vcard"].split("\r\n")]
    return (
        name == card.name
        and told["phone_number"] == card.phones[0]
        and all(fact in saved for fact in (card.name, card.note, *card.phones))
    )


def test_a_point_is_a_venue_and_goes_with_what_can_be_tapped() -> None:
    point = Point(17.546, -98.576, "Comedor inventado", "Calle Inventada 1")

    message = channel.render(Reply("Aquí está.", (Option("menu", "Menú"),), card=point))

    assert message["venue"] == {
        "latitude": 17.546,
        "longitude": -98.576,
        "title": "Comedor inventado",
        "address": "Calle Inventada 1",
    }
    assert message["reply_markup"]["inline_keyboard"] == [[{"text": "Menú", "callback_data": "menu"}]]


def test_a_contact_is_saved_whole_and_no_name_of_a_service_breaks_its_card() -> None:
    name = "Comedor; cocina, y \\ despensas de la comunidad inventada de las personas que llegan"
    contact = Contact(name, ("55 0000 0001", "55 0000 0002"), "Dato por verificar.")

    told = channel.render(Reply("Este es.", card=contact))["contact"]

    assert told["phone_number"] == "55 0000 0001"
    assert f"{told['first_name']} {told['last_name']}" == name
    assert "FN:Comedor\\; cocina\\, y \\\\ despensas" in told["vcard"]
    assert told["vcard"].count("TEL;") == 2
    check_contact(told)


def test_a_page_is_a_button_above_the_options() -> None:
    page = Page("https://example.org/a", "Abrir la página")

    message = channel.render(Reply("Esta es.", (Option("menu", "Menú"),), card=page))

    assert message["text"] == "Esta es."
    assert message["reply_markup"]["inline_keyboard"] == [
        [{"text": "Abrir la página", "url": "https://example.org/a"}],
        [{"text": "Menú", "callback_data": "menu"}],
    ]


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    markup = message["reply_markup"]
    return [button for row in markup.get("inline_keyboard", markup.get("keyboard", [])) for button in row]


def test_nothing_in_a_message_is_markup_and_no_link_is_opened() -> None:
    message = channel.render(Reply("<b>*765*</b> [x](https://example.org)"))

    assert "parse_mode" not in message
    assert message["link_preview_options"] == {"is_disabled": True}
    assert message["text"] == "<b>*765*</b> [x](https://example.org)"


def test_short_labels_stand_side_by_side_and_long_ones_below_each_other() -> None:
    short = channel.render(Reply("¿Sí?", (Option("y", "Sí"), Option("n", "No, es otra cosa"))))
    long = channel.render(Reply("¿Sí?", (Option("a", "Dónde dormir"), Option("b", "Comida y ropa"))))

    assert [len(row) for row in short["reply_markup"]["inline_keyboard"]] == [2]
    assert [len(row) for row in long["reply_markup"]["inline_keyboard"]] == [1, 1]


def test_a_place_is_asked_with_a_location_button_and_the_options_as_words() -> None:
    message = channel.render(Reply("¿En qué municipio está?", NO_PLACE, place_request=True))

    markup = message["reply_markup"]
    assert markup["keyboard"] == [
        [{"text": say.SHARE_LOCATION, "request_location": True}],
        [{"text": labels.NO_PLACE}],
    ]
    assert markup["one_time_keyboard"]
    assert keywords.choice(labels.NO_PLACE, NO_PLACE) == "place:00"


def test_a_place_asked_beside_many_options_leaves_them_below_the_message() -> None:
    many = tuple(Option(f"id{n}", f"Lugar {n}") for n in range(5))
    assert "inline_keyboard" in channel.render(Reply("¿Cuál?", many, place_request=True))["reply_markup"]


def test_the_location_button_goes_with_the_next_message_without_options() -> None:
    assert channel.render(Reply("Hasta luego."))["reply_markup"] == {"remove_keyboard": True}
