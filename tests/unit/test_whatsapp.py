"""WhatsApp's webhooks read and its messages made, without a network."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import keywords
from bot.budget import MAX_TEXT, fits
from bot.cards import Card, Contact, Page, Point
from bot.channels import (
    AcceptanceUnknown,
    FormRefused,
    Misconfigured,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
    whatsapp_errors,
)
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_webhook import canonical
from bot.messages import (
    Attachment,
    Delivery,
    Event,
    Ignored,
    Inbound,
    Option,
    PersonChange,
    Received,
    Reply,
    received_from_json,
)
from bot.settings import Settings
from bot.texts import channels as say
from bot.texts import labels
from tests.fixtures.json_values import anything, damaged
from tests.fixtures.platforms.graph_api import PHONE_NUMBER_ID, check_message
from tests.fixtures.replies import replies

PAYLOADS = Path(__file__).parents[1] / "fixtures" / "payloads" / "whatsapp"
SENT_AT = datetime.fromtimestamp(1795600000, UTC)
PERSON, NUMBER = "525500000001", '{"to": "5215500000001"}'
USER_ID, NEW_USER_ID = "MX.13491208655302741918", "MX.24817305912873645029"
BY_USER_ID = f'{{"recipient": "{USER_ID}"}}'

no_http = cast(aiohttp.ClientSession, None)  # reading and rendering never touch it
whatsapp = WhatsApp(
    no_http,
    token="prueba",
    phone_number_id=PHONE_NUMBER_ID,
    app_secrets=("secreto nuevo", "secreto viejo"),
    api_url="http://127.0.0.1:1",
)


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def received(inbound: Inbound, *, person: str = PERSON, address: str = NUMBER, number: int = 1) -> Received:
    message_id = f"wamid.prueba{number:04}"
    dated = Inbound(inbound.text, inbound.option, inbound.location, inbound.attachment, SENT_AT)
    return Received(message_id, person, address, dated, context=message_id)


def said(text: str) -> Received:
    return received(Inbound(text=text))


def sent(attachment: Attachment) -> Received:
    return received(Inbound(attachment=attachment))


def moved(before: str, after: str, address: str) -> PersonChange:
    return PersonChange("moved", before, after, address)


READ: dict[str, tuple[Event, ...]] = {
    "text": (said("buenas, busco dónde quedarme en Tlapa 🙏"),),
    "text_reply": (said("la segunda"),),
    "referral": (said("info"),),
    "text_with_user_id": (moved(PERSON, USER_ID, NUMBER), received(Inbound(text="hola"), person=USER_ID)),
    "text_without_number": (received(Inbound(text="hola"), person=USER_ID, address=BY_USER_ID),),
    "text_with_user_id_in_from": (received(Inbound(text="hola"), person=USER_ID, address=BY_USER_ID),),
    "text_with_sender_in_contact_only": (received(Inbound(text="hola"), person=USER_ID, address=BY_USER_ID),),
    "button_reply": (received(Inbound(option="danger:yes")),),
    "list_reply": (received(Inbound(option="need:shelter")),),
    "flow_reply": (Ignored("nfm_reply"),),
    "template_button": (received(Inbound(option="menu")),),
    "template_button_without_payload": (said("Abrir"),),
    "location": (received(Inbound(location=(17.5461, -98.5763))),),
    "location_without_point": (said("Zócalo, Tlapa, Gro."),),
    "image": (sent(Attachment.IMAGE),),
    "image_with_caption": (said("ayúdeme por favor"),),
    "voice": (sent(Attachment.VOICE),),
    "voice_old": (sent(Attachment.VOICE),),
    "video": (sent(Attachment.IMAGE),),
    "document": (sent(Attachment.DOCUMENT),),
    "sticker": (sent(Attachment.STICKER),),
    "contacts": (sent(Attachment.CONTACT),),
    "unsupported": (sent(Attachment.DOCUMENT),),
    "reaction": (Ignored("reaction"),),
    "order": (Ignored("order"),),
    "edit": (Ignored("edit"),),
    "revoke": (Ignored("revoke"),),
    "group": (Ignored("group"),),
    "system_number_changed": (moved(PERSON, "525500000009", '{"to": "5215500000009"}'),),
    "system_user_id_changed": (moved(USER_ID, NEW_USER_ID, f'{{"recipient": "{NEW_USER_ID}"}}'),),
    "system_identity_changed": (PersonChange("forgotten", PERSON),),
    "system_unknown": (Ignored("system"),),
    "user_id_update": (moved(USER_ID, NEW_USER_ID, NUMBER),),
    "status_sent": (Delivery("wamid.nuestro0001", "sent", "41", billed=True),),
    "status_delivered": (Delivery("wamid.nuestro0001", "delivered", "41"),),
    "status_read": (Delivery("wamid.nuestro0001", "read", "41"),),
    "status_played": (Delivery("wamid.nuestro0001", "played"),),
    "status_failed": (Delivery("wamid.nuestro0001", "failed", "41", 131026),),
    "status_unknown": (Ignored("status"),),
    "errors": (Ignored("error:130429"),),
    "other_number": (Ignored("other_number"),),
    "other_field": (Ignored("other_field"),),
    "batch": (
        received(Inbound(text="uno"), number=1),
        received(Inbound(text="dos"), number=2),
        received(Inbound(text="tres"), person="525500000002", address='{"to": "5215500000002"}', number=3),
        Delivery("wamid.nuestro0001", "sent"),
        Delivery("wamid.nuestro0001", "delivered"),
        received(Inbound(text="cuatro"), number=4),
        Ignored("reaction"),
    ),
}


@pytest.mark.parametrize("name", sorted(READ))
def test_a_webhook_is_read_as_it_is_meant(name: str) -> None:
    assert whatsapp.read(payload(name)) == READ[name]


def test_every_payload_has_its_expected_reading() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == READ.keys()


@pytest.mark.parametrize(
    "body", [None, [], {}, "x", {"entry": {}}, {"entry": [{"changes": []}]}, {"entry": [3]}]
)
def test_what_is_no_notification_is_ignored(body: object) -> None:
    assert whatsapp.read(body) == (Ignored("malformed"),)


@pytest.mark.parametrize(
    ("given", "person"),
    [
        ("5215500000001", "525500000001"),
        ("525500000001", "525500000001"),
        ("+52 1 55 0000 0001", "525500000001"),
        ("521550000000", "521550000000"),  # 12 digits that begin with 521 are area code 15…, not the old 1
        ("5491100000001", "5491100000001"),
        ("", ""),
    ],
)
def test_a_mexican_mobile_is_the_same_person_with_and_without_the_old_1(given: str, person: str) -> None:
    assert canonical(given) == person


def test_a_message_is_answered_to_the_number_as_it_came_and_kept_under_the_canonical_one() -> None:
    old, new = payload("text"), payload("text")
    new["entry"][0]["changes"][0]["value"]["messages"][0]["from"] = "525500000001"

    (one,), (other,) = whatsapp.read(old), whatsapp.read(new)

    assert isinstance(one, Received)
    assert isinstance(other, Received)
    assert one.person == other.person
    assert json.loads(one.address) == {"to": "5215500000001"}
    assert json.loads(other.address) == {"to": "525500000001"}


def test_contacts_belong_to_messages_by_id_and_not_by_place() -> None:
    body = payload("batch")
    value = body["entry"][0]["changes"][0]["value"]
    value["contacts"][0]["user_id"] = USER_ID  # of 5215500000002, who wrote the third message

    people = [event.person for event in whatsapp.read(body) if isinstance(event, Received)]

    assert people == [PERSON, PERSON, USER_ID, PERSON]


def test_half_a_surrogate_pair_in_a_text_can_still_be_stored() -> None:
    body = json.loads(json.dumps(payload("text")).replace("buenas", "\\ud83d buenas"))

    (event,) = whatsapp.read(body)

    assert isinstance(event, Received)
    assert event.to_json().encode()
    assert event.inbound.text.startswith("� buenas")


def signed(secret: str, body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


@pytest.mark.parametrize("secret", ["secreto nuevo", "secreto viejo"])
def test_a_webhook_signed_with_either_secret_is_authentic(secret: str) -> None:
    body = '{"mensaje": "ñandú 🙏"}'.encode()
    assert whatsapp.check(signed(secret, body), body)


def test_a_webhook_with_any_other_signature_is_not() -> None:
    body = b'{"object": "whatsapp_business_account"}'
    good = signed("secreto nuevo", body)["X-Hub-Signature-256"]

    assert not whatsapp.check(signed("otro", body), body)
    assert not whatsapp.check({"X-Hub-Signature-256": good}, body + b" ")
    assert not whatsapp.check({"X-Hub-Signature-256": good.removeprefix("sha256=")}, body)
    assert not whatsapp.check({"X-Hub-Signature-256": good.upper()}, body)
    assert not whatsapp.check({"X-Hub-Signature-256": "\udce1"}, body)
    assert not whatsapp.check({}, body)


def test_without_a_secret_no_webhook_is_authentic() -> None:
    unset = WhatsApp(
        no_http,
        token="prueba",
        phone_number_id=PHONE_NUMBER_ID,
        app_secrets=("",),
        api_url="http://127.0.0.1:1",
    )
    assert not unset.check(signed("", b"{}"), b"{}")


def options(*names: str) -> tuple[Option, ...]:
    return tuple(Option(f"id:{name}", name) for name in names)


NO_PLACE = (Option("place:00", labels.NO_PLACE),)


def test_text_alone_is_text_without_a_link_preview() -> None:
    assert whatsapp.render(Reply("Marque *765.")) == {
        "type": "text",
        "text": {"body": "Marque *765.", "preview_url": False},
    }


def test_up_to_three_options_are_buttons() -> None:
    message = whatsapp.render(Reply("¿Sí?", options("Sí", "No", "Menú")))

    assert message["interactive"]["type"] == "button"
    assert [button["reply"] for button in message["interactive"]["action"]["buttons"]] == [
        {"id": "id:Sí", "title": "Sí"},
        {"id": "id:No", "title": "No"},
        {"id": "id:Menú", "title": "Menú"},
    ]


def test_four_to_ten_options_are_a_list() -> None:
    message = whatsapp.render(Reply("¿Cuál?", options(*"abcdefghij")))

    (section,) = message["interactive"]["action"]["sections"]
    assert message["interactive"]["type"] == "list"
    assert message["interactive"]["action"]["button"] == "Opciones"
    assert [row["title"] for row in section["rows"]] == list("abcdefghij")


@pytest.mark.parametrize(
    "awkward",
    [
        options(*"abcdefghijk"),
        options("Sí", "sí"),
        options("uno\ndos", "tres"),
        options("x" * 21),
        (Option("a", "uno"), Option("a", "dos")),
    ],
    ids=["eleven", "alike", "two lines", "long", "same id"],
)
def test_options_that_whatsapp_refuses_to_show_are_numbered_lines(awkward: tuple[Option, ...]) -> None:
    message = whatsapp.render(Reply("¿Cuál?", awkward))

    assert message["type"] == "text"
    for number, option in enumerate(awkward, start=1):
        assert f"\n{number}. {option.label}" in message["text"]["body"]


def test_a_place_is_asked_with_the_location_button_and_the_way_out_as_a_line() -> None:
    message = whatsapp.render(Reply("¿En qué municipio está?", NO_PLACE, place_request=True))

    assert message["interactive"] == {
        "type": "location_request_message",
        "body": {"text": f"¿En qué municipio está?\n\n{say.BY_NUMBER}\n1. {labels.NO_PLACE}"},
        "action": {"name": "send_location"},
    }


@pytest.mark.parametrize("answer", ["1", labels.NO_PLACE, "prefiero no decir"])
def test_the_way_out_beside_the_location_button_can_be_typed(answer: str) -> None:
    assert keywords.choice(answer, NO_PLACE) == "place:00"


def test_a_place_asked_beside_other_options_leaves_the_options_as_buttons() -> None:
    asked = (*options("Tlapa"), *NO_PLACE)
    assert whatsapp.render(Reply("¿Dónde?", asked, place_request=True))["interactive"]["type"] == "button"


def test_a_long_question_for_the_place_keeps_its_way_out_as_a_button() -> None:
    message = whatsapp.render(Reply("x" * MAX_TEXT, NO_PLACE, place_request=True))
    assert message["interactive"]["action"]["buttons"][0]["reply"]["id"] == "place:00"


SAMPLES = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(PAYLOADS.glob("*.json"))]


@given(anything | damaged(SAMPLES))
def test_reading_never_raises_and_what_it_gives_can_be_stored(body: Any) -> None:
    events = whatsapp.read(body)

    assert events
    for event in events:
        if isinstance(event, Received):
            assert received_from_json(event.to_json()) == event
            assert event.to_json().encode()
            assert event.person
            assert event.external_id
            assert json.loads(event.address).keys() <= {"to", "recipient"}


@given(replies)
def test_every_reply_within_the_budget_fits_whatsapp_and_loses_nothing(reply: Reply) -> None:
    assert fits(reply)
    message = whatsapp.render(reply)

    check_message({"messaging_product": "whatsapp", **message})  # raises what Meta would answer
    shown = json.dumps(message, ensure_ascii=False)
    if message["type"] in ("location", "contacts"):
        assert all(json.dumps(fact, ensure_ascii=False) in shown for fact in facts(reply.card))
        assert not reply.options
        return
    assert json.dumps(reply.text, ensure_ascii=False)[1:-1] in shown
    tapped = {(reply_["id"], reply_["title"]) for reply_ in tappable(message)}
    numbered = message.get("text", message.get("interactive", {}).get("body", {}))
    written = numbered.get("body", numbered.get("text", ""))
    for number, option in enumerate(reply.options, start=1):
        assert (option.id, option.label) in tapped or f"\n{number}. {option.label}" in written


@given(replies)
def test_every_reply_has_a_form_in_plain_words_that_holds_all_of_its_text(reply: Reply) -> None:
    message = whatsapp.render_plain(reply)

    check_message({"messaging_product": "whatsapp", **message})
    assert message["type"] == "text"
    assert reply.text in message["text"]["body"]
    assert all(option.label in message["text"]["body"] for option in reply.options)


def facts(card: Card | None) -> list[str]:
    """What a card must not lose on its way."""
    match card:
        case Point() as point:
            return [*point.written, point.name, point.lines]
        case Contact() as contact:
            return [contact.name, *contact.phones, contact.note]
    raise AssertionError(f"{card} goes with its text")


def test_a_point_is_a_location_with_name_and_address() -> None:
    point = Point(17.546, -98.576, "Comedor inventado", "Calle Inventada 1. Dato por verificar.")

    assert whatsapp.render(Reply("Aquí está: …", card=point)) == {
        "type": "location",
        "location": {
            "latitude": "17.546000",
            "longitude": "-98.576000",
            "name": "Comedor inventado",
            "address": "Calle Inventada 1. Dato por verificar.",
        },
    }


def test_a_contact_is_a_card_that_asks_nothing_of_whatsapp() -> None:
    contact = Contact("Comedor inventado", ("55 0000 0001", "55 0000 0002"), "Dato por verificar.")

    (card,) = whatsapp.render(Reply("Este es: …", card=contact))["contacts"]

    assert card == {
        "name": {"formatted_name": "Comedor inventado", "first_name": "Comedor inventado"},
        "org": {"title": "Dato por verificar."},
        "phones": [{"phone": "55 0000 0001", "type": "WORK"}, {"phone": "55 0000 0002", "type": "WORK"}],
    }


def test_a_page_is_a_button_below_its_text_and_the_options_are_lines() -> None:
    page = Page("https://example.org/a", "Abrir la página")

    message = whatsapp.render(Reply("Esta es la página.", (Option("menu", "Menú"),), card=page))

    assert message["interactive"] == {
        "type": "cta_url",
        "body": {"text": f"Esta es la página.\n\n{say.BY_NUMBER}\n1. Menú"},
        "action": {
            "name": "cta_url",
            "parameters": {"display_text": "Abrir la página", "url": "https://example.org/a"},
        },
    }


@pytest.mark.parametrize(
    "card",
    [
        Point(91.0, 0.0, "x", "y"),
        Point(float("nan"), 0.0, "x", "y"),
        Point(17.5, -98.5, " ", "y"),
        Point(17.5, -98.5, "x", ""),
        Point(17.5, -98.5, "x", "una\ndos"),
        Point(17.5, -98.5, "x", "y" * 301),
        Contact("x", (), "y"),
        Contact("x", ("5" * 31,), "y"),
        Contact("", ("55 0000 0001",), "y"),
        Page("https://10.0.0.1/", "Abrir"),
        Page("https://example.org", "x" * 21),
        Page("https://example.org", ""),
    ],
    ids=repr,
)
def test_a_card_that_whatsapp_would_refuse_goes_as_its_text(card: Card) -> None:
    assert whatsapp.render(Reply("Todo está aquí.", card=card))["type"] == "text"


def test_a_point_beside_options_goes_as_text_so_that_they_can_be_tapped() -> None:
    reply = Reply("Aquí está.", options("Menú"), card=Point(17.5, -98.5, "x", "y"))
    assert whatsapp.render(reply)["interactive"]["type"] == "button"


def tappable(message: dict[str, Any]) -> list[dict[str, str]]:
    action = message.get("interactive", {}).get("action", {})
    return [button["reply"] for button in action.get("buttons", [])] + [
        row for section in action.get("sections", []) for row in section["rows"]
    ]


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"code": 130429}, Throttled),
        (400, {"code": 131056}, Throttled),
        (429, {}, Throttled),
        (500, {"code": 131000}, Unavailable),
        (500, {"code": 2, "is_transient": True}, Unavailable),
        (400, {"code": 987654, "is_transient": True}, Unavailable),
        (503, {}, Unavailable),
        (504, {}, AcceptanceUnknown),
        (401, {"code": 190, "error_subcode": 463}, Misconfigured),
        (403, {"code": 10}, Misconfigured),
        (403, {"code": 200}, Misconfigured),
        (400, {"code": 100, "error_subcode": 33}, Misconfigured),
        (400, {"code": 131031}, Misconfigured),
        (302, {}, Misconfigured),
        (401, {}, Misconfigured),
        (400, {"code": 100}, FormRefused),
        (400, {"code": 131008}, FormRefused),
        (400, {"code": 131051}, FormRefused),
        (400, {"code": 131062}, FormRefused),
        (400, {"code": 131026}, Undeliverable),
        (400, {"code": 131047}, Undeliverable),
        (400, {"code": 131009}, FormRefused),
        (400, {"code": "no number"}, Undeliverable),
        (418, {}, Undeliverable),
    ],
)
def test_an_error_of_meta_says_who_must_act(status: int, error: object, kind: type[SendError]) -> None:
    assert type(whatsapp_errors.classify(status, {"error": error})) is kind


def test_an_error_names_its_code_and_trace_and_nothing_that_meta_quotes() -> None:
    answer = {
        "error": {
            "code": 131009,
            "message": "(#131009) «me está pegando» 5215500000001",
            "error_data": {"details": "5215500000001"},
            "fbtrace_id": "AbC-1_x",
        }
    }
    error = whatsapp_errors.classify(400, answer)

    assert "131009" in error.reason
    assert "AbC-1_x" in error.reason
    assert "5500000001" not in error.reason
    assert "pegando" not in error.reason


@given(st.integers(100, 599), anything)
def test_any_answer_of_meta_becomes_an_error_of_ours(status: int, answer: Any) -> None:
    assert whatsapp_errors.classify(status, answer).reason


def test_every_setting_that_an_error_tells_the_operator_to_change_exists() -> None:
    sentences = [sentence for _, sentence in whatsapp_errors.FAULTS.values()]
    sentences += [whatsapp_errors.classify(status, {}).reason for status in (302, 401, 418)]
    sentences.append(whatsapp_errors.classify(400, {"error": {"code": 100, "error_subcode": 33}}).reason)

    named = {name for sentence in sentences for name in re.findall(r"FARO_([A-Z_]+)", sentence)}

    assert named
    assert named <= {name.upper() for name in Settings.model_fields}


def test_what_the_operator_must_mend_says_what_to_do() -> None:
    for kind, sentence in whatsapp_errors.FAULTS.values():
        if kind is Misconfigured:
            assert re.search(r"; (make|grant|set|see|register|add) ", sentence), sentence
