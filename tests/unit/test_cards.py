"""Points, contacts and pages: what can be handed over, to whom, and that nothing of it is lost."""

import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import budget, cards, conversation, terminal
from bot.cards import Contact, Page, Point, can_be_opened, map_link
from bot.channels import telegram_message, whatsapp_message
from bot.channels.web import Web
from bot.flows import cards as handing
from bot.flows import details
from bot.messages import Danger, Inbound, Meaning, Reply, reply_from_dict
from bot.neutral import SHOWN
from bot.state import Asked, State, Talk, Turn, from_json
from bot.texts import cards as say
from bot.texts import find_help, labels
from data.needs import Need, Who
from data.records import (
    Channel,
    Compatibility,
    Confidence,
    Exposure,
    Kind,
    Location,
    Phone,
    Service,
    Source,
)
from services import directory as directories
from services.directory import Directory
from tests.conftest import NOW, seed_directory
from tests.fixtures.replies import cards as any_card

OFFICE = Service(
    id="X1",
    name="Comedor inventado",
    organization="Organización inventada",
    kind=Kind.OFFICE,
    needs=(Need.FOOD,),
    coverage=("12066",),
    confidence=Confidence.C,
    source=Source(("https://example.org",), "2026-03-15"),
    phones=(Phone("55 0000 0001", extension="12"), Phone("55 0000 0002", Channel.WHATSAPP)),
    location=Location("12", "12066", address="Calle Inventada 1", latitude=17.546, longitude=-98.576),
    website="https://comedor.example.org/horarios",
)
SECOND = replace(OFFICE, id="X2", name="Cocina inventada", phones=(Phone("55 0000 0003"),), website="")
KINDS = (handing.MAP, handing.CONTACT, handing.PAGE)
HELD = State(welcomed=True, need=Need.FOOD, place="12066", in_hand=("X1",))


def directory_of(*services: Service) -> Directory:
    seed = seed_directory()
    return directories.build(
        services,
        version=1,
        gazetteer=seed.gazetteer,
        ladder=seed.ladder,
        routes=seed.routes,
        operator=seed.operator,
    )


def say_to(
    state: State, *services: Service, text: str = "", tap: str = "", danger: Danger | None = None
) -> Turn:
    heard = Meaning(danger=danger or Danger())
    return conversation.respond(state, Inbound(text=text, option=tap), heard, directory_of(*services), NOW)


def card_of(turn: Turn) -> object:
    (reply,) = turn.replies
    return reply.card


# Kept and sent on


@given(any_card, st.text(min_size=1))
def test_a_reply_with_a_card_is_kept_and_read_again(card: cards.Card, text: str) -> None:
    reply = Reply(text, card=card)
    assert reply_from_dict(json.loads(json.dumps(reply.to_dict()))) == reply


def test_what_the_version_before_kept_is_read_and_what_it_reads_is_all_there() -> None:
    before = {
        "text": "Hola",
        "options": [{"id": "menu", "label": "Menú"}],
        "services": [],
        "place_request": True,
    }
    now = Reply("Hola", card=Page("https://example.org", "Abrir")).to_dict()

    assert reply_from_dict(before).card is None
    assert before.keys() == Reply("Hola").to_dict().keys()
    assert before.keys() <= now.keys()


@pytest.mark.parametrize("kept", [None, "x", [], {}, {"kind": "film"}, {"kind": ["page"]}, {"kind": "page"}])
def test_a_card_of_a_later_version_is_left_out_and_the_text_goes(kept: object) -> None:
    data = {**Reply("Hola").to_dict(), "card": kept}
    assert reply_from_dict(data) == Reply("Hola")


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_link_to_the_map_leads_to_the_point(latitude: float, longitude: float) -> None:
    parts = urlsplit(map_link(Point(latitude, longitude, "x", "y")))

    zoom, north, east = parts.fragment.removeprefix("map=").split("/")
    assert parts.hostname == "www.openstreetmap.org"
    assert parts.query == f"mlat={north}&mlon={east}"
    assert abs(float(north) - latitude) < 1e-6
    assert abs(float(east) - longitude) < 1e-6
    assert int(zoom) > 10


@pytest.mark.parametrize(
    ("url", "opens"),
    [
        ("https://example.org", True),
        ("http://www.example.org/a?b=c#d", True),
        ("https://example.org:8443/", True),
        ("https://xn--espaa-rta.example", True),
        ("https://españa.example", False),
        ("https://10.0.0.1/", False),
        ("https://127.1/", False),
        ("https://127.1./", False),
        ("https://[::1]/", False),
        ("https://localhost/", False),
        ("https://banco.example@malo.example/", False),
        ("javascript:alert(1)", False),
        ("ftp://example.org", False),
        ("tg://resolve?domain=x", False),
        ("https://[", False),
        ("https:// example.org", False),
        ("https://example.org/\n", False),
        ("example.org", False),
        ("", False),
        ("https://example.org/" + "a" * 2000, False),
    ],
)
def test_only_a_plain_web_address_stands_on_a_button(url: str, opens: bool) -> None:
    assert can_be_opened(url) is opens


@given(st.text())
def test_any_text_is_an_address_or_none(url: str) -> None:
    assert can_be_opened(url) in (True, False)


# Who gets what


def test_the_page_of_a_service_offers_what_the_record_has() -> None:
    labelled = [option.label for option in say_to(HELD, OFFICE, tap="details").replies[0].options]
    assert labelled == [labels.MAP, labels.CONTACT, labels.PAGE, labels.MENU]


def test_that_a_map_or_a_contact_stays_in_the_chat_is_told_before_it_is_asked_for() -> None:
    page_alone = replace(OFFICE, phones=(), location=Location("12", "12066"))

    assert say.STAYS in say_to(HELD, OFFICE, tap="details").replies[0].text
    assert say.STAYS not in say_to(HELD, page_alone, tap="details").replies[0].text


def test_what_the_record_lacks_is_not_offered() -> None:
    bare = replace(OFFICE, phones=(), website="", location=Location("12", "12066", address="Calle 1"))

    (reply,) = say_to(HELD, bare, tap="details").replies

    assert [option.id for option in reply.options] == ["menu"]
    assert say.STAYS not in reply.text


def test_a_contact_alone_turns_no_buttons_into_a_list() -> None:
    three = [replace(SECOND, id=f"X{n}", location=Location("12", "12066")) for n in (1, 2, 3)]
    state = replace(HELD, in_hand=("X1", "X2", "X3"))

    ids = [option.id for option in say_to(state, *three, tap="details").replies[0].options]

    assert ids == ["service:X2", "service:X3", "menu"]


@pytest.mark.parametrize(
    "said", ["mapa", "¿Cómo llego?", "y como le hago para llegar", "¿dónde queda?", "mándeme la ubicación"]
)
def test_the_map_is_a_pin_with_all_that_must_be_known_before_going(said: str) -> None:
    (reply,) = say_to(HELD, OFFICE, text=said).replies

    assert isinstance(reply.card, Point)
    assert (reply.card.latitude, reply.card.longitude) == (17.546, -98.576)
    assert reply.card.name == "Comedor inventado"
    for fact in ("Calle Inventada 1", "55 0000 0001 ext. 12", "dato por verificar", say.ASK_FIRST):
        assert fact in reply.card.lines
        assert fact in reply.text
    assert "www.openstreetmap.org" in reply.text
    assert "no de Faro" in reply.text


@pytest.mark.parametrize("said", ["contacto", "deme el contacto por favor", "tarjeta de contacto"])
def test_the_contact_holds_the_numbers_as_people_dial_them_and_how_sure_they_are(said: str) -> None:
    (reply,) = say_to(HELD, OFFICE, text=said).replies

    assert reply.card == Contact(
        "Comedor inventado",
        ("55 0000 0001", "55 0000 0002"),
        "Tel. 55 0000 0001 ext. 12. WhatsApp 55 0000 0002. Dato por verificar.",
    )
    assert "Tel. 55 0000 0001 ext. 12 · WhatsApp 55 0000 0002\nDato por verificar." in reply.text


def test_a_saved_contact_says_the_day_of_the_check_and_not_how_long_ago() -> None:
    checked = replace(
        OFFICE, confidence=Confidence.A, verified_on=NOW.date(), phones=(Phone("55 0000 0001"),)
    )
    card = card_of(say_to(HELD, checked, tap="card:X1"))
    assert isinstance(card, Contact)
    assert card.note == "Verificado el 23 de noviembre de 2026."


@pytest.mark.parametrize("said", ["página", "¿tiene página web?", "el sitio", "link"])
def test_the_page_is_opened_by_a_button_and_whose_it_is_is_said(said: str) -> None:
    (reply,) = say_to(HELD, OFFICE, text=said).replies

    assert reply.card == Page("https://comedor.example.org/horarios", labels.OPEN_PAGE)
    assert "https://comedor.example.org/horarios" in reply.text
    assert "una página de comedor.example.org, no de Faro" in reply.text
    assert [option.id for option in reply.options] == ["menu"]


def test_to_a_telephone_line_nobody_goes() -> None:
    line = replace(OFFICE, kind=Kind.LINE, location=Location())
    assert say_to(HELD, line, text="cómo llego").replies[0].text.startswith(say.NO_PLACE)


@pytest.mark.parametrize(("kind", "missing"), [(handing.MAP, say.NO_POINT), (handing.PAGE, say.NO_PAGE)])
def test_what_is_not_known_is_said_and_the_rest_is_told(kind: str, missing: str) -> None:
    bare = replace(OFFICE, website="", location=Location("12", "12066", address="Calle Inventada 1"))

    (reply,) = say_to(HELD, bare, tap=f"{kind}:X1").replies

    assert reply.card is None
    assert reply.text.startswith(missing)
    assert "Calle Inventada 1" in reply.text


def test_of_several_that_have_one_it_is_asked_which() -> None:
    state = replace(HELD, in_hand=("X1", "X2"))

    asked = say_to(state, OFFICE, SECOND, text="mapa")
    chosen = say_to(asked.state, OFFICE, SECOND, text="el segundo")

    assert [option.id for option in asked.replies[0].options] == ["map:X1", "map:X2", "menu"]
    assert getattr(card_of(chosen), "name", "") == "Cocina inventada"


def test_the_page_that_is_open_is_the_one_that_is_meant() -> None:
    state = replace(HELD, in_hand=("X1", "X2"))
    opened = say_to(state, OFFICE, SECOND, tap="service:X2")

    turn = say_to(opened.state, OFFICE, SECOND, text="cómo llego")

    assert getattr(card_of(turn), "name", "") == "Cocina inventada"


def test_what_stood_above_a_pin_can_still_be_chosen_by_its_number() -> None:
    opened = say_to(HELD, OFFICE, tap="details")
    pinned = say_to(opened.state, OFFICE, text="1")

    again = say_to(pinned.state, OFFICE, text="2")

    assert isinstance(card_of(pinned), Point)
    assert isinstance(card_of(again), Contact)


def test_an_answer_about_the_persons_own_place_asks_for_no_map() -> None:
    turn = say_to(replace(HELD, asked=Asked.PLACE), OFFICE, text="ubicación")
    assert card_of(turn) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("komo yego", handing.MAP),
        ("Y CÓMO LE HAGO PARA LLEGAR AHÍ", handing.MAP),
        ("¿en dónde queda el lugar, por favor?", handing.MAP),
        ("me puede mandar la dirección", handing.MAP),
        ("su contacto por favor", handing.CONTACT),
        ("tienen página de internet?", handing.PAGE),
        ("¿dónde está mi hijo?", ""),
        ("mi hijo, ¿dónde está?", ""),
        ("cómo llego a un refugio", ""),
        ("no tengo contacto con mi familia", ""),
        ("me quitaron la dirección", ""),
        ("ya no encuentro la salida", ""),
        ("", ""),
    ],
)
def test_only_a_message_that_asks_for_nothing_else_asks_for_a_card(text: str, kind: str) -> None:
    assert handing.wanted(Talk(HELD, Inbound(text=text), Meaning(), seed_directory(), NOW)) == kind


def test_with_nothing_in_hand_the_words_mean_what_they_mean() -> None:
    talk = Talk(State(), Inbound(text="contacto"), Meaning(), directory_of(OFFICE), NOW)
    assert details.asked_for(talk) is None


# Whom it could harm


@pytest.mark.parametrize(
    "grave",
    [{"gbv": True}, {"danger": "attack"}, {"silent": True}, {"harms": True}, {"for_her": True},
     {"need": Need.GBV}, {"need": Need.EMERGENCY}],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_in_a_talk_of_danger_or_violence_nothing_is_left_on_the_phone(
    kind: str, grave: dict[str, object]
) -> None:
    state = replace(HELD, **grave)  # type: ignore[arg-type]

    tapped = say_to(state, OFFICE, tap=f"{kind}:X1")
    asked = say_to(state, OFFICE, text="mapa")
    opened = say_to(state, OFFICE, tap="details")

    assert card_of(tapped) is card_of(asked) is None
    assert not [option for option in opened.replies[0].options if option.id.startswith(KINDS)]
    assert find_help.DETAILS in tapped.replies[0].text


def test_words_that_speak_of_violence_are_heard_before_the_map() -> None:
    turn = say_to(HELD, OFFICE, text="mapa", danger=Danger(gbv=True, kinds=frozenset({"partner"})))
    assert card_of(turn) is None
    assert turn.grave


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "record",
    [
        replace(OFFICE, exposure=Exposure.WOMEN),
        replace(OFFICE, exposure=Exposure.STAFF),
        replace(OFFICE, compatibility=Compatibility(women_only=True)),
        replace(OFFICE, needs=(Need.FOOD, Need.GBV)),
        replace(OFFICE, needs=(Need.EMERGENCY,)),
        replace(OFFICE, only_for=(Who.LGBTI,)),
        Service(
            id="X1", name="Refugio inventado", organization="No se publica", kind=Kind.REFUGE,
            needs=(Need.GBV,), coverage=("12",), confidence=Confidence.A,
            source=Source((), "2026"), exposure=Exposure.STAFF,
        ),
    ],
    ids=["women", "staff", "women only", "violence", "danger", "lgbti", "refuge"],
)  # fmt: skip
def test_a_door_for_women_in_danger_or_not_public_is_handed_to_nobody(record: Service, kind: str) -> None:
    assert card_of(say_to(HELD, record, tap=f"{kind}:X1")) is None
    assert card_of(say_to(State(welcomed=True), record, tap=f"{kind}:X1")) is None


@pytest.mark.parametrize("hidden", ["address", "municipality"])
def test_a_point_kept_from_the_public_is_on_no_map(hidden: str) -> None:
    record = replace(OFFICE, field_exposure=((hidden, Exposure.WOMEN),))
    state = replace(HELD, who=("women",))  # who may read it in words

    turn = say_to(state, record, tap="map:X1")

    assert card_of(turn) is None
    assert "17.5" not in turn.replies[0].text


def test_a_name_that_a_locked_screen_must_not_show_stands_on_no_pin_and_in_no_contact() -> None:
    record = replace(OFFICE, name="Atención a víctimas")

    pin, contact = (say_to(HELD, record, tap=f"{kind}:X1") for kind in (handing.MAP, handing.CONTACT))

    assert getattr(card_of(pin), "name", "") == say.SOME_PLACE
    assert "Atención a víctimas" in pin.replies[0].text[SHOWN:]
    assert card_of(contact) is None


def test_an_address_that_says_what_it_is_stands_on_no_pin() -> None:
    place = replace(OFFICE.location, address="Calle 1, en la Casa de las Mujeres")
    assert card_of(say_to(HELD, replace(OFFICE, location=place), tap="map:X1")) is None


@pytest.mark.parametrize(
    "lead", [say.POINT, say.CONTACT, say.PAGE, say.NO_POINT, say.NO_PLACE, say.NO_CONTACT, say.NO_PAGE]
)
def test_no_name_comes_within_what_a_locked_screen_shows(lead: str) -> None:
    assert len(lead) >= SHOWN


@pytest.mark.parametrize("women", [False, True])
def test_of_the_seed_nothing_that_could_expose_is_handed_over_and_the_rest_reaches_both_platforms(
    women: bool,
) -> None:
    seed = seed_directory()
    state = State(welcomed=True, need=Need.FOOD, who=(Who.WOMEN,) if women else ())
    talk = Talk(state, Inbound(), Meaning(), seed, NOW)
    services = seed.for_need(Need.GBV, today=NOW.date(), women=True) + seed.all_public(today=NOW.date())

    handed = [(s, reply) for s in services for kind in KINDS if (reply := handing.made(talk, kind, s))]

    assert len(handed) > 100
    for service, reply in handed:
        assert service.exposure is Exposure.PUBLIC
        assert Need.GBV not in service.needs
        assert not service.compatibility.women_only
        if isinstance(reply.card, Page):
            assert whatsapp_message.render(reply)["interactive"]["type"] == "cta_url"
            assert "url" in str(telegram_message.render(reply)["reply_markup"])
        else:
            assert whatsapp_message.render(reply)["type"] == "contacts", service.id
            assert "contact" in telegram_message.render(reply), service.id


# Within the budget


@given(
    st.builds(
        lambda name, address, website, latitude, longitude, description: replace(
            OFFICE,
            name=name,
            website=website,
            phones=(Phone("55 0000 0001", description=description),),
            location=Location("12", "12066", address=address, latitude=latitude, longitude=longitude),
        ),
        st.text(min_size=1, max_size=300),
        st.text(max_size=500),
        st.text(max_size=80).map(lambda rest: f"https://example.org/{rest}") | st.text(max_size=80),
        st.floats(),
        st.floats(),
        st.text(max_size=200),
    ),
    st.sampled_from(KINDS),
)
def test_whatever_a_record_holds_the_answer_fits_and_the_text_stands_alone(
    record: Service, kind: str
) -> None:
    talk = Talk(HELD, Inbound(), Meaning(), directory_of(record), NOW)

    reply = handing.made(talk, kind, record)

    if reply:
        assert budget.fits(reply)
        assert reply.card
        assert isinstance(reply.card, Page) or not reply.options
        if isinstance(reply.card, Point):
            assert map_link(reply.card) in reply.text
        if isinstance(reply.card, Contact):
            assert all(phone in reply.text for phone in reply.card.phones)
        if isinstance(reply.card, Page):
            assert reply.card.url in reply.text


def test_the_privacy_notice_waits_for_an_answer_that_shows_it() -> None:
    turn = say_to(replace(HELD, welcomed=False), OFFICE, tap="map:X1")

    assert card_of(turn)
    assert not turn.state.welcomed
    assert from_json(turn.state.to_json()) == turn.state


def test_the_web_chat_says_where_a_link_leads() -> None:
    (pin,) = say_to(HELD, OFFICE, tap="map:X1").replies
    (page,) = say_to(HELD, OFFICE, tap="page:X1").replies

    assert Web().render(pin)["link"]["host"] == "www.openstreetmap.org"
    assert Web().render(page)["link"]["host"] == "comedor.example.org"
    assert "link" not in Web().render(Reply("Hola", card=Page("javascript:alert(1)", "x")))
    assert "link" not in Web().render(Reply("Hola"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_of_the_terminal_keeps_its_shape(kind: str) -> None:
    (reply,) = say_to(HELD, OFFICE, tap=f"{kind}:X1").replies

    told = terminal.reply_as_json(reply, directory_of(OFFICE), NOW)

    assert told.keys() == {"text", "options", "services"}
    assert told["text"] == reply.text
    assert [service["id"] for service in told["services"]] == ["X1"]
