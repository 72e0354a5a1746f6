"""Who hurts whom: who hurts others is helped to stop; lines for women go to her, and to who asks for her."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import conversation
from bot.harm import is_done_to_a_woman, says_to_harm
from bot.messages import Danger, Inbound, Meaning, Reply
from bot.state import State
from bot.taking_in import take_in
from data.needs import Need, Who
from services.directory import Directory
from tests.conftest import NOW
from tests.unit.test_conversation import talk_of

WOMENS_LINE, REFUGE_INTAKE = "079, opción 1", "800 822 4460"
NOW_AND_GBV = Danger(urgent=True, gbv=True, kinds=frozenset({"partner"}))
GBV = Danger(gbv=True)


def answer(directory: Directory, state: State, text: str, danger: Danger = GBV) -> tuple[State, Reply]:
    turn = conversation.respond(state, Inbound(text=text), Meaning(danger=danger), directory, NOW)
    return turn.state, turn.replies[0]


@pytest.mark.parametrize(
    "text",
    [
        "le pegué a mi esposa",
        "le pego a mi esposa",
        "a veces le pego a mi mujer cuando tomo",
        "golpee a mi mujer y estoy arrepentido",
        "no quiero seguir pegándole a mi esposa, necesito ayuda",
        "le pego a mis hijos y no sé cómo parar",
        "le levanté la mano a mi señora anoche",
        "ayer le di una cachetada a mi novia",
        "soy violento con mi familia",
        "me da miedo lastimar a mi esposa",
        "cómo dejo de golpear a mi vieja",
        "mi esposa se fue porque le pegué",
        "quiero matar a mi esposa",
        "le pegue a mi pareja y me corrio de la casa",
    ],
)
def test_who_says_to_hurt_somebody_at_home_is_heard(text: str) -> None:
    assert says_to_harm(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "le pegó a mi esposa un vecino",
        "un hombre le pego a mi esposa",
        "mi cuñado le pego a mi hermana",
        "mi marido le pega a mis hijos",
        "me pega mi esposo y yo le pegué a mi hijo",
        "no quiero que le pegue a mi hija",
        "soy hombre y a mi hermana la golpea su marido",
        "golpearon a mi mujer",
        "nunca le pegué a mi esposa y me acusan",
        "quiero dejar de fumar",
        "ya no quiero que me pegue",
        "necesito dejar a mi marido, me quiere matar",
        "tengo miedo de que lastime a mis hijos",
        "le puse una denuncia a mi esposa",
        "la policia golpeo a mi hijo",
    ],
)
def test_who_tells_of_somebody_else_is_not_taken_for_it(text: str) -> None:
    assert not says_to_harm(text)


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert says_to_harm(text) in (True, False)
    assert is_done_to_a_woman(text) in (True, False)


@pytest.mark.parametrize("danger", [Danger(), GBV, NOW_AND_GBV])
def test_who_hurts_others_gets_a_line_for_anybody_and_none_for_women(
    directory: Directory, danger: Danger
) -> None:
    state, reply = answer(directory, State(), "le pegué a mi esposa", danger)

    assert "Línea de la Vida (800 911 2000)" in reply.text
    assert "911" in reply.text
    assert "SALIR" in reply.text
    assert [option.id for option in reply.options] == ["danger:yes", "danger:no"]
    assert not _for_women(directory, reply)

    turn = conversation.respond(state, Inbound(option="danger:yes"), Meaning(), directory, NOW)

    assert "pedir ayuda es un buen paso" in turn.replies[0].text
    assert turn.replies[0].options[0].id == f"need:{Need.MENTAL_HEALTH}"
    assert WOMENS_LINE not in turn.replies[0].text


@pytest.mark.parametrize("need", list(Need))
def test_who_hurts_others_is_shown_no_door_for_women_afterwards(directory: Directory, need: Need) -> None:
    state = State(welcomed=True, harms=True, place="07101", gbv=True)

    turn = conversation.respond(state, Inbound(option=f"need:{need}"), Meaning(), directory, NOW)

    assert not _for_women(directory, turn.replies[0])
    assert "escriba MUJER" not in turn.replies[0].text


def test_a_wrong_guess_about_it_is_taken_back(directory: Directory) -> None:
    state, _ = answer(directory, State(), "le pegué a mi esposa", Danger())

    turn = conversation.respond(state, Inbound(option="danger:no"), Meaning(), directory, NOW)

    assert not turn.state.harms
    assert turn.false_alarm == Need.MENTAL_HEALTH


def test_a_woman_who_hurt_her_child_keeps_what_is_for_women(directory: Directory) -> None:
    talk = talk_of(State(who=(Who.WOMEN,)), Inbound(text="le pego a mis hijos"), Meaning(), directory)

    assert not take_in(talk).state.harms


NOBODY, WOMAN, MOTHER, MAN, FAMILY = (
    (),
    (Who.WOMEN,),
    (Who.WOMAN_WITH_CHILDREN,),
    (Who.MAN,),
    (Who.FAMILY_WITH_MAN,),
)
TO_ANY, TO_HER, TO_HIM = "hubo golpes en la casa", "a mi hermana la golpea su marido", "mi esposa me pega"


@pytest.mark.parametrize("danger", [GBV, NOW_AND_GBV])
@pytest.mark.parametrize(
    ("who", "text", "line", "intake"),
    [
        (NOBODY, TO_ANY, True, True),
        (WOMAN, TO_ANY, True, True),
        (MOTHER, TO_ANY, True, True),
        (FAMILY, TO_ANY, True, False),
        ((Who.WOMEN, Who.FAMILY_WITH_MAN), TO_ANY, True, False),
        (MAN, TO_ANY, False, False),
        (MAN, TO_HIM, False, False),
        (MAN, TO_HER, True, True),
        ((Who.LGBTI,), TO_ANY, False, False),
        ((Who.LGBTI, Who.MAN), TO_ANY, False, False),
        ((Who.LGBTI, Who.WOMEN), TO_ANY, True, True),
    ],
)
def test_who_is_named_a_line_for_women_and_who_one_that_leads_to_a_refuge(
    directory: Directory, danger: Danger, who: tuple[Who, ...], text: str, line: bool, intake: bool
) -> None:
    danger = Danger(danger.urgent, gbv=True)  # «partner» would say that the man of the family is the one

    _, reply = answer(directory, State(who=who), text, danger)

    assert (WOMENS_LINE in reply.text) is line
    assert (REFUGE_INTAKE in reply.text) is intake
    assert ("Para una mujer o una niña" in reply.text) is (line and not _is_hers(who))


@pytest.mark.parametrize(
    ("who", "first", "line", "intake"),
    [
        (NOBODY, WOMENS_LINE, True, True),
        (WOMAN, WOMENS_LINE, True, True),
        ((Who.WOMEN, Who.FAMILY_WITH_MAN), WOMENS_LINE, True, False),
        (FAMILY, "800 911 2000", True, False),
        (MAN, "800 911 2000", False, False),
    ],
)
def test_mi_seguridad_leads_with_the_line_that_fits_who_taps_it(
    directory: Directory, who: tuple[Who, ...], first: str, line: bool, intake: bool
) -> None:
    turn = conversation.respond(State(who=who), Inbound(option="need:gbv"), Meaning(), directory, NOW)

    text = turn.replies[0].text
    assert first in text.split("\n")[0]
    assert (WOMENS_LINE in text) is line
    assert (REFUGE_INTAKE in text) is intake


@pytest.mark.parametrize("who", [MAN, FAMILY])
@pytest.mark.parametrize("place", ["", "00", "07101", "12066", "25"])
def test_what_follows_the_answer_opens_no_door_for_women_to_a_man_or_his_family(
    directory: Directory, who: tuple[Who, ...], place: str
) -> None:
    state, _ = answer(directory, State(who=who, place=place), TO_HER)
    tapped = Inbound(option="danger:yes")
    turn = conversation.respond(state, tapped, Meaning(), directory, NOW)
    way_on = Inbound(option=turn.replies[0].options[0].id)

    turn = conversation.respond(turn.state, way_on, Meaning(), directory, NOW)

    assert not _for_women(directory, turn.replies[0])


def _is_hers(who: tuple[Who, ...]) -> bool:
    return not who or Who.WOMEN in who or Who.WOMAN_WITH_CHILDREN in who


def _for_women(directory: Directory, reply: Reply) -> list[str]:
    shown = [directory.get(service_id, today=NOW.date()) for service_id in reply.services]
    return [s.id for s in shown if s and s.compatibility.women_only]
