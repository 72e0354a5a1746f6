"""What somebody says of their situation: lost papers, a disaster, a child without family."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Inbound, Meaning
from bot.questions import asks_about_privacy, asks_what_faro_is, asks_where_a_refuge_is
from bot.situations import age_of_a_son, is_alone, situations
from bot.state import State
from bot.taking_in import take_in
from bot.who import is_minor
from data.needs import Who
from services.directory import Directory
from services.places import Place, PlaceAnswer
from services.routes import Situation
from tests.unit.test_conversation import talk_of


@pytest.mark.parametrize(
    "text",
    [
        "perdí mis papeles",
        "se me quemaron los papeles, el acta y la ine",
        "no traigo ningún papel",
        "no tengo identificacion",
        "salimos sin documentos",
        "me robaron mi credencial y la curp",
        "los papeles se quedaron alla en el rancho",
        "no alcanzamos a sacar los documentos, no traemos nada de papeles",
    ],
)
def test_lost_papers_are_heard(text: str) -> None:
    assert situations(text) == (Situation.NO_PAPERS,)


@pytest.mark.parametrize(
    "text",
    [
        "se inundo mi casa",
        "el huracan nos dejo sin nada",
        "se llevo el rio mi casa",
        "por el temblor se cayo la casa",
        "hubo un deslave en el cerro",
        "se desbordo la presa y se metio el agua",
        "somos damnificados",
    ],
)
def test_a_disaster_is_heard(text: str) -> None:
    assert situations(text) == (Situation.DISASTER,)


@pytest.mark.parametrize(
    "text",
    [
        "estoy embarazada",
        "mi esposa está embarasada de 7 meses",
        "tengo siete meses de embarazo",
        "estoy esperando un bebé",
        "ya me voy a aliviar",
        "me alivio en enero",
        "estoy a punto de dar a luz",
    ],
)
def test_a_pregnancy_is_heard(text: str) -> None:
    assert situations(text) == (Situation.PREGNANT,)


@pytest.mark.parametrize(
    "text",
    ["vengo de otro estado", "somos de otro estado", "no soy de este estado", "llegamos de otro estado"],
)
def test_another_state_is_heard(text: str) -> None:
    assert situations(text) == (Situation.OTHER_STATE,)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("soy mujer, vengo con mi hijo de 17 años", 17),
        ("mi hijo tiene 15", 15),
        ("traigo a mi chamaco de dieciséis años", 16),
        ("mi hija de 17 años", 0),
        ("mis hijos de 3 y 5", 0),
        ("mi hijo de 40 años no aparece", 0),
        ("tengo 17 años", 0),
    ],
)
def test_the_age_of_a_son_is_heard(text: str, age: int) -> None:
    assert age_of_a_son(text) == age


def test_the_state_that_was_left_is_remembered_until_the_place_is_known(directory: Directory) -> None:
    guerrero, morelia = (
        PlaceAnswer((Place("12", "Guerrero"),)),
        PlaceAnswer((Place("16053", "Michoacán", "Morelia"),)),
    )
    state = take_in(
        talk_of(State(), Inbound(text="vengo de guerrero"), Meaning(place_from=guerrero), directory)
    ).state

    assert Situation.OTHER_STATE not in state.people

    state = take_in(talk_of(state, Inbound(text="morelia"), Meaning(place=morelia), directory)).state

    assert Situation.OTHER_STATE in state.people


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no estoy embarazada",
        "perdí a mi bebé",
        "estaba embarazada y lo perdí",
        "estoy esperando un camión",
        "quiero irme a otro estado",
        "necesito donde dormir",
        "nos corrieron los hombres armados",
        "nos quemaron la casa",
        "no fue por el huracan, fueron los armados",
        "quiero sacar mi acta de nacimiento",
        "no perdí mis papeles, los traigo",
        "tomo agua del rio",
        "tiemblo de miedo",
    ],
)
def test_what_is_neither_is_not_heard(text: str) -> None:
    assert situations(text) == ()


@pytest.mark.parametrize(
    ("messages", "is_alone_child"),
    [
        (["tengo 14 años y estoy sola en la terminal"], True),
        (["soy menor de edad y no sé dónde están mis papás"], True),
        (["mis hermanitos y yo andamos solos"], True),
        (["mi papá me corrió", "tengo 16 años"], True),
        (["tengo 16 años", "me escapé de mi casa"], True),
        (["tengo 17 y mis papás me corrieron"], True),
        (["tengo 15 hijos y ando sola"], False),
        (["tengo 16 años y vengo con mi mamá"], False),
        (["tengo 40 años y estoy sola"], False),
        (["hay un niño solo en la central"], False),
        (["mi hija tiene 14 años y estoy sola con ella"], False),
        (["ando solo, me corrieron de mi rancho"], False),
    ],
)
def test_a_child_without_family_is_heard_in_whatever_order(
    directory: Directory, messages: list[str], is_alone_child: bool
) -> None:
    state = State()
    for text in messages:
        state = take_in(talk_of(state, Inbound(text=text), Meaning(), directory)).state

    assert state.child_alone is is_alone_child
    assert (Situation.CHILD_ALONE in state.people) is is_alone_child


def test_who_and_situation_add_up_for_the_route(directory: Directory) -> None:
    state = State(who=(Who.INDIGENOUS,), situations=(Situation.DISASTER,))

    state = take_in(talk_of(state, Inbound(text="perdí mis papeles"), Meaning(), directory)).state

    assert state.people == {Who.INDIGENOUS, Situation.DISASTER, Situation.NO_PAPERS}


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert set(situations(text)) <= set(Situation)
    assert 0 <= age_of_a_son(text) <= 25
    assert is_alone(text) in (True, False)
    assert is_minor(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("¿quién lee esto?", True),
        ("quien ve lo que escribo", True),
        ("esto queda grabado?", True),
        ("es del gobierno?", True),
        ("no me vayan a rastrear", True),
        ("¿guardan mi número?", True),
        ("mi marido no sabe donde estoy", False),
        ("quien me puede ayudar", False),
        ("hola", False),
        ("me quitaron la casa los del gobierno y ahora ando buscando quien me ayude con un abogado", False),
    ],
)
def test_a_question_about_faro_itself_is_heard(text: str, asks: bool) -> None:
    assert asks_about_privacy(text) is asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("mándame la ubicación del refugio", True),
        ("¿dónde está el refugio?", True),
        ("donde queda el refugio de mujeres de culiacan", True),
        ("dame la dirección del refugio", True),
        ("como llego al refugio", True),
        ("busco refugio", False),
        ("le mando mi ubicación, busco un albergue", False),
        ("donde esta el dif", False),
    ],
)
def test_a_question_for_the_place_of_a_refuge_is_heard(text: str, asks: bool) -> None:
    assert asks_where_a_refuge_is(text) is asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("¿eres una persona?", True),
        ("eres un robot", True),
        ("hablo con una máquina?", True),
        ("quiero hablar con una persona", False),
        ("necesito una persona que me ayude con mi mamá", False),
        ("hola", False),
    ],
)
def test_a_question_about_what_faro_is_is_heard(text: str, asks: bool) -> None:
    assert asks_what_faro_is(text) is asks
