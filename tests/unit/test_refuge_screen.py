"""The screen for texts about refuges: what tells a place and what doesn't."""

import pytest

from data import inegi
from data.refuge_screen import PlaceNames, Rule, is_called_a_refuge, places_in, prepare, speaks_of_a_refuge


@pytest.fixture(scope="module")
def names() -> PlaceNames:
    return prepare(inegi.load().place_names())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Calle Morelos 12", Rule.STREET),
        ("sobre la av. Juárez", Rule.STREET),
        ("carretera federal km 4", Rule.STREET),
        ("la casa #14", Rule.NUMBER),
        ("casa no. 14", Rule.NUMBER),
        ("Col. Centro", Rule.COLONIA),
        ("por el barrio nuevo", Rule.COLONIA),
        ("C.P. 41300", Rule.POSTAL_CODE),
        ("17.5450, -98.5764", Rule.COORDINATES),
        ("https://maps.app.goo.gl/abc", Rule.MAP_LINK),
        ("https://www.google.com/maps/place/x", Rule.MAP_LINK),
        ("está en tlapa", Rule.MUNICIPALITY),
        ("TLAPA DE COMONFORT", Rule.MUNICIPALITY),
        ("San Cristobal de las Casas", Rule.MUNICIPALITY),
        ("está en Centro, Tabasco", Rule.MUNICIPALITY),
        ("https://example.org/refugio-en-ciudad-juarez", Rule.MUNICIPALITY),
    ],
)
def test_a_place_is_found_however_it_is_written(names: PlaceNames, text: str, rule: Rule) -> None:
    assert rule in places_in(text, names)


@pytest.mark.parametrize(
    "text",
    [
        "Refugio para mujeres (Chiapas)",
        "Se entra sólo por una línea o una oficina.",
        "Mujeres en violencia extrema, con hijas e hijos; hasta 3 meses.",
        "Centro de atención a mujeres",
        "Atiende 24 horas, 365 días",
        "Secretaría de las Mujeres de Oaxaca",
        "",
    ],
)
def test_a_text_without_a_place_passes(names: PlaceNames, text: str) -> None:
    assert places_in(text, names) == ()


def test_every_municipality_with_a_name_of_its_own_is_found_after_a_preposition(names: PlaceNames) -> None:
    areas = inegi.load()
    states = {name.split(" de ")[0] for name in areas.states.values()} | set(areas.states.values())

    missed = {
        name
        for name, _ in areas.municipalities.values()
        if name not in states and Rule.MUNICIPALITY not in places_in(f"está en {name}", names)
    }

    assert missed == set()


@pytest.mark.parametrize(
    "text", ["el refugio", "Casas Violeta", "casa de emergencia", "resguardo", "Casa segura"]
)
def test_a_refuge_is_known_by_its_many_names(text: str) -> None:
    assert speaks_of_a_refuge(text)


@pytest.mark.parametrize(
    "text", ["refugio temporal por la lluvia", "Comisión de Ayuda a Refugiados", "albergue"]
)
def test_a_shelter_for_all_is_no_womens_refuge(text: str) -> None:
    assert not speaks_of_a_refuge(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Ca\u200blle Morelos", Rule.STREET),
        ("Ｃａｌｌｅ Morelos", Rule.STREET),
        ("c\u00adolonia nueva", Rule.COLONIA),
        ("está en Zacualpan\u200b de Amilpas", Rule.MUNICIPALITY),
        ("está en Tepetlixpa, en Can\u0303adas de Obrego\u0301n", Rule.MUNICIPALITY),
    ],
)
def test_letters_that_nobody_sees_hide_no_place(names: PlaceNames, text: str, rule: Rule) -> None:
    assert rule in places_in(text, names)


@pytest.mark.parametrize("name", ["Refugio Luna", "El refugio Luna", "Casa segura Luna"])
def test_a_refuge_is_told_from_what_leads_to_one_by_its_name(name: str) -> None:
    assert is_called_a_refuge(name)
    assert not is_called_a_refuge(f"Centro de atención externa del {name}")
    assert not is_called_a_refuge("Refugio temporal de la secundaria")
