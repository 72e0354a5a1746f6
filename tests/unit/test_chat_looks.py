"""The web chat's looks: what each platform would really get, and nothing of it lost."""

from hypothesis import given
from hypothesis import strategies as st

from bot.budget import MAX_LABEL
from bot.cards import Contact, Page, Point, map_link
from bot.chat import reading
from bot.chat.looks import looks
from bot.messages import Danger, Meaning, Option, Reply, ScoredNeed
from bot.texts import labels
from data.needs import Need, Steer
from tests.fixtures.replies import cards

LABELS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=MAX_LABEL)
OPTIONS = st.lists(LABELS, max_size=10, unique_by=str.casefold).map(
    lambda labels: tuple(Option(f"o:{i}", label) for i, label in enumerate(labels))
)
REPLIES = st.builds(
    Reply, st.text(min_size=1, max_size=900), OPTIONS, st.just(()), st.booleans(), st.none() | cards
)


@given(REPLIES)
def test_every_option_can_be_tapped_or_read_in_every_look(reply: Reply) -> None:
    for look in looks(reply).values():
        taps = [tap["label"] for row in look["rows"] for tap in row]
        for option in reply.options:
            assert option.label in taps or option.label in look["text"]
        assert reply.text in look["text"] or look["text"].startswith(("📍", "👤"))


def test_a_pin_a_contact_and_a_page_are_drawn_and_say_where_they_lead() -> None:
    point = Point(17.546, -98.576, "Comedor inventado", "Calle Inventada 1")
    contact = Contact("Comedor inventado", ("55 0000 0001",), "Dato por verificar.")
    page = Page("https://example.org/a", "Abrir la página")

    for name in ("whatsapp", "telegram"):
        pin, saved, opens = (looks(Reply("Todo.", card=card))[name] for card in (point, contact, page))
        assert pin["text"] == "📍 Comedor inventado\nCalle Inventada 1"
        assert pin["rows"] == [[{"label": labels.OPEN_MAP, "url": map_link(point)}]]
        assert saved["text"].startswith("👤 Comedor inventado\n55 0000 0001")
        assert opens["rows"] == [[{"label": "Abrir la página", "url": "https://example.org/a"}]]
        assert opens["text"] == "Todo."


def test_a_list_of_whatsapp_opens_behind_its_button() -> None:
    reply = Reply("¿Qué necesita?", tuple(Option(f"n:{i}", f"Opción {i}") for i in range(6)))

    look = looks(reply)["whatsapp"]

    assert look["sheet"]
    assert look["limits"].startswith("Lista: 6 de 10 renglones")
    assert [row[0]["option"] for row in look["rows"]] == [f"n:{i}" for i in range(6)]


@given(st.sampled_from([*Need, *Steer]), st.booleans())
def test_whatever_was_understood_is_told_in_words(code: str, urgent: bool) -> None:
    meaning = Meaning((ScoredNeed(code, 0.9),), danger=Danger(urgent=urgent, kinds=frozenset({"threat"})))

    told = dict(reading.in_words(meaning))

    assert told["Peligro ahora"] == ("sí" if urgent else "no")
    assert code not in told["Necesita"].split(" (")[0] or code in ("menu",)
    assert told["Señales"] == "amenaza"
