"""For whom a person asks: only what was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.who import speaks_of_a_child, who
from data.needs import Who

SAID = {
    (Who.WOMEN,): (
        "soy mujer",
        "Soy una mujer de Guerrero",
        "estoy sola",
        "estoy solita aquí",
        "me siento muy sola",
        "soy viuda",
        "me quedé viuda",
        "soy ama de casa",
        "estoy embarazada",
        "estoy embarasada de 7 meses",
        "estoy cansada y asustada",
        "me tiene encerrada",
        "soy desplazada de la sierra",
        "ando escondida",
        "somos puras mujeres",
        "un lugar para mujeres",
        "busco ayuda para mi hermana",
        "una muchacha sola necesita ayuda",
        "estoy separada de mi esposo",
        "estoy sola, mi esposo está desaparecido",
    ),
    (Who.WOMAN_WITH_CHILDREN,): (
        "estoy sola con mis hijos",
        "sola con mis plebes",
        "soy mujer y traigo a mis 3 niños",
        "estoy cansada, vengo con mis niños",
        "soy mamá soltera",
        "soy madre soltera de dos",
        "soy viuda con cuatro chamacos",
        "estoy embarazada y tengo dos hijas",
        "una señora con sus hijos",
        "una mujer con sus 3 niños busca albergue",
        "me quedé sola y tengo un bebé",
        "mi hermana y sus niños",
    ),
    (Who.MAN,): (
        "soy hombre",
        "soy un señor de 45 años",
        "soy viudo",
        "estoy solo",
        "ando solo",
        "vengo solo de Sinaloa",
        "estoy solo aquí en Tijuana",
        "me siento solo",
        "estoy desesperado",
        "un albergue para hombres",
        "soy jornalero",
        "ando escondido",
    ),
    (Who.FAMILY_WITH_MAN,): (
        "mi esposo y yo",
        "mi esposo, mis hijos y yo",
        "vengo con mi marido",
        "mi señora y mis hijos",
        "mi esposa y mis tres niños",
        "mi familia y yo venimos con mi papá",
        "somos 5: mi esposo, mi suegra, dos niños y yo",
        "con mi esposa y mi bebé",
        "mi papá y yo",
        "yo y mis papás",
    ),
    (Who.MAN, Who.FAMILY_WITH_MAN): (
        "soy papá soltero con dos niñas",
        "estoy solo con mis hijos",
        "soy viudo y traigo a mis niños",
    ),
    (Who.WOMEN, Who.FAMILY_WITH_MAN): ("estoy embarazada y vengo con mi esposo",),
    (Who.CHILDREN,): (
        "tengo 14 años y ando solo",
        "tengo quince años",
        "soy menor de edad",
        "un niño solo en la central",
        "una niña perdida",
        "hay unos niños solos en la plaza",
        "no sé dónde están mis papás",
    ),
    (Who.OLDER,): (
        "mi papá tiene 80 años",
        "mi mamá de 75 años",
        "soy adulto mayor",
        "personas de la tercera edad",
        "mi abuelita",
        "un viejito",
        "tengo 68 años",
    ),
    (Who.DISABILITY,): (
        "mi hijo tiene discapacidad",
        "mi hermano usa silla de ruedas",
        "mi hijo es sordo",
        "no puede caminar",
        "mi niño es autista",
        "está encamado",
        "mi tía es ciega",
    ),
    (Who.LGBTI,): ("soy gay", "soy trans", "me corrieron por ser lesviana", "somos pareja homosexual"),
    (Who.INDIGENOUS,): (
        "soy tseltal",
        "no hablo bien castilla",
        "mi mamá no habla español",
        "hablo mixteco",
        "somos rarámuris",
        "hablamos maya",
        "necesito un intérprete",
        "soy indígena",
    ),
    (Who.WOMEN, Who.LGBTI): ("soy mujer trans",),
    (Who.WOMEN, Who.INDIGENOUS): ("soy una mujer indígena",),
    (Who.OLDER, Who.DISABILITY): ("mi abuelo no puede caminar",),
    (): (
        "con mis hijos",
        "mis hijos y yo",
        "yo y mis 3 plebes",
        "mi esposo me pega",
        "vivo con mi marido y me pega",
        "tengo problemas con mi esposo",
        "desaparecieron a mi esposo",
        "mataron a mi papá",
        "huyo de mi marido",
        "busco a mi esposo",
        "no estoy sola",
        "no soy indígena",
        "solo quiero saber",
        "vengo solo por la despensa",
        "estoy en una situación difícil",
        "nos salimos en mayo",
        "vamos a Tepehuanes",
        "hace 15 años que vivo aquí",
        "tengo 15 años viviendo en Iguala",
        "tengo 20 años de casada",
        "nos dieron 24 horas",
        "mi hija de 14 años",
        "no tengo nada",
        "estoy en Ciudad Hidalgo",
        "necesito comida",
        "hola",
        "",
    ),
}


@pytest.mark.parametrize(
    ("found", "said"), [(found, said) for found, those in SAID.items() for said in those]
)
def test_who_is_read_from_what_was_said(found: tuple[Who, ...], said: str) -> None:
    assert who(said) == found


@given(st.text(max_size=600))
def test_any_text_is_read_without_raising(text: str) -> None:
    found = who(text)

    assert list(found) == [one for one in Who if one in found]


@given(
    st.sampled_from(["mi esposo me pega", "mi marido me golpea", "mi pareja me viola"]),
    st.sampled_from(["y mis hijos", "y vivo con él", "ayuda", "y tengo miedo", "con mis hijos"]),
)
def test_the_man_who_hurts_her_is_no_family_to_come_with(hurt: str, more: str) -> None:
    assert Who.FAMILY_WITH_MAN not in who(f"{hurt} {more}")


@given(st.sampled_from(["estoy sola", "soy mujer", "soy viuda", "estoy embarazada"]), st.text(max_size=80))
def test_a_woman_who_said_so_is_never_taken_for_a_man(said: str, more: str) -> None:
    assert Who.MAN not in who(f"{said}. {more}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mi niño trae calentura desde antier", {Who.CHILDREN}),
        ("¿dónde inscribo a mi hija en la primaria?", {Who.CHILDREN}),
        ("mi hijo me mandaba dinero y ya no", set()),
        ("no puedo hablar, están afuera", set()),
        ("ya no me depositan la pensión, tengo 72", {Who.OLDER}),
        ("tengo 36 semanas de embarazo", {Who.WOMEN}),
    ],
)
def test_a_child_that_something_is_asked_for_counts(text: str, expected: set[Who]) -> None:
    assert set(who(text)) == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("tengo 80 años y me dejaron sola", False),
        ("un señor de 80 años se quedó solo", False),
        ("tengo 70 años y cuido a mis nietos", True),
        ("tengo 12 años y estoy solo", True),
    ],
)
def test_an_old_person_left_alone_is_no_child(text: str, named: bool) -> None:
    assert speaks_of_a_child(text) == named


@pytest.mark.parametrize(
    ("text", "has_child"),
    [
        ("me quedé sola, tengo 78 años y mis hijos me dejaron", False),
        ("soy viejita y mis hijos ya no viven", False),
        ("mi mamá tiene 80 años y sus hijos la abandonaron", False),
        ("tengo 70 años y cuido a mis nietos", True),
        ("tengo 30 años y mis hijos me los quitaron", True),
        ("soy persona mayor y traigo un niño de 5 años", True),
    ],
)
def test_an_old_persons_grown_children_are_no_children(text: str, has_child: bool) -> None:
    assert speaks_of_a_child(text) is has_child


def test_an_old_woman_whose_children_left_is_no_mother_with_children() -> None:
    assert who("me quedé sola, tengo 78 años y mis hijos me dejaron") == (Who.WOMEN, Who.OLDER)
