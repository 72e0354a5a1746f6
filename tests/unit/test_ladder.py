"""The ladder: whom to turn to when the directory has nothing that fits."""

from datetime import datetime
from itertools import product
from pathlib import Path

import pytest
import yaml

from bot import budget
from bot.flows import offer
from bot.messages import Inbound, Meaning
from bot.state import State, Talk
from data.needs import Need, Who
from services import ladder
from services.directory import Directory
from services.ladder import Ladder

LAW = {"office": "el DIF", "ask": "Pido comida", "basis": "Una ley, art. 8", "source": "https://example.org"}
LADDER = {
    "needs": {
        "default": {"national": ["MX009"]},
        "food": LAW,
        "shelter": LAW | {"national": ["MX007", "MX009"]},
    },
    "states": {
        "25": {
            "bodies": {"default": ["MX057"], "food": ["MN134"]},
            "needs": {"food": LAW | {"office": "el DIF, que avisa a Sebides"}},
        }
    },
}
TOWNS = ("12066", "25003", "08029", "16002", "07113", "20208", "32020", "26043", "28032", "10014", "02004")


def written(folder: Path, content: dict[str, object]) -> Path:
    """The ladder and the lines as files."""
    (folder / "ladder.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    (folder / "lines.yml").write_text("emergency: [MX001]\n", encoding="utf-8")
    return folder


def small(folder: Path) -> Ladder:
    return ladder.load(written(folder, LADDER))


def test_the_states_practice_comes_before_the_general_law(tmp_path: Path) -> None:
    read = small(tmp_path)

    here, elsewhere = read.for_need("food", "25"), read.for_need("food", "07")

    assert here is not None
    assert here.office == "el DIF, que avisa a Sebides"
    assert elsewhere is not None
    assert elsewhere.office == "el DIF"


def test_the_bodies_of_a_need_come_before_the_general_ones(tmp_path: Path) -> None:
    read = small(tmp_path)

    assert read.state_bodies("25", "food") == ("MN134", "MX057")
    assert read.state_bodies("25", "shelter") == ("MX057",)
    assert read.state_bodies("31", "food") == ()


def test_a_need_without_lines_of_its_own_has_the_general_ones(tmp_path: Path) -> None:
    read = small(tmp_path)

    assert read.national("shelter") == ("MX007", "MX009")
    assert read.national("food") == ("MX009",)


def test_a_role_without_records_is_empty(tmp_path: Path) -> None:
    read = small(tmp_path)

    assert (read.lines("emergency"), read.lines("women")) == (("MX001",), ())


@pytest.mark.parametrize("missing", ["ask", "basis", "source"])
def test_an_office_without_its_words_or_source_is_refused_by_name(tmp_path: Path, missing: str) -> None:
    folder = written(tmp_path, {"needs": {"food": LAW | {missing: ""}}})

    with pytest.raises(ValueError, match=f"«food» lacks {missing}"):
        ladder.load(folder)


def asked(directory: Directory, now: datetime, need: str, place: str, *who: Who) -> Talk:
    """Somebody who asks for this in this place."""
    state = State(welcomed=True, need=need, place=place, who=tuple(who))
    return Talk(state, Inbound(text="ayuda"), Meaning(), directory, now)


def test_shelter_where_there_is_none_names_the_office_and_what_to_ask(
    directory: Directory, now: datetime
) -> None:
    turn = offer.show(asked(directory, now, Need.SHELTER, "25003"))

    text = turn.replies[0].text
    assert "No tengo registrado un lugar donde quedarse" in text
    assert "el DIF o el ayuntamiento, que deben dar aviso a Sebides" in text
    assert "Pido un lugar para hoy" in text


def test_what_nobody_offers_is_said_before_the_office(directory: Directory, now: datetime) -> None:
    turn = offer.show(asked(directory, now, Need.TRANSPORT, "12066"))

    text = turn.replies[0].text
    assert text.index("No tengo registrado") < text.index("el DIF de su municipio")


def test_land_in_sinaloa_and_in_chiapas_is_asked_for_in_different_words(
    directory: Directory, now: datetime
) -> None:
    here = offer.show(asked(directory, now, Need.HOUSING, "25003")).replies[0].text
    there = offer.show(asked(directory, now, Need.HOUSING, "07113")).replies[0].text

    assert "Sebides" in here
    assert "Sebides" not in there
    assert "Chiapas" in there


def test_the_whole_ladder_fits_every_channel_everywhere(directory: Directory, now: datetime) -> None:
    states = [f"{number:02}" for number in range(1, 33)]
    people: list[tuple[Who, ...]] = [(), (Who.MAN,), (Who.WOMEN,)]

    for need, place, who in product(Need, (*states, *TOWNS, "00"), people):
        talk = asked(directory, now, need, place, *who)
        reply = offer._ladder(talk, offer._question(talk), lead="").replies[0]
        assert budget.fits(reply), (need, place, who, budget.units(reply.text))
        assert "A quién le toca ayudar" in reply.text


def test_no_rung_sends_a_man_to_a_door_for_women(directory: Directory, now: datetime) -> None:
    states = [f"{number:02}" for number in range(1, 33)]

    for need, place in product(Need, states):
        talk = asked(directory, now, need, place, Who.MAN)
        rungs = offer._rungs(talk, offer._question(talk))
        shown = [directory.get(service_id, today=now.date()) for service_id, _ in rungs]
        assert not [s.id for s in shown if s and s.compatibility.women_only], (need, place)
