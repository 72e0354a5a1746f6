"""What could find somebody does not stay in an opinion."""

from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from services import fine_places, person_names
from services.scrubbing import scrubbed
from services.spelling import fold
from tests.conftest import seed_gazetteer


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Me llamo Rosa Pérez y falta comida", ["Rosa", "Pérez"]),
        ("me llamo rosa y falta comida", ["rosa"]),
        ("hablé con la licenciada Marta Solís del DIF", ["Marta", "Solís"]),
        ("mi tel es 757 123 4567", ["757", "123", "4567"]),
        ("escriban a rosa@example.org o https://example.org/x", ["rosa", "example"]),
        ("vivo en la calle Luna y Sol, colonia Centro", ["Luna", "Centro"]),
        ("salimos del ejido El Naranjo por los balazos", ["Naranjo"]),
        ("nos corrió el cártel de la sierra", ["sierra"]),
        ("los del CJNG nos quitaron la casa", ["CJNG"]),
        ("Juan Carlos Méndez nos pidió dinero", ["Juan", "Carlos", "Méndez"]),
        ("cuando llegamos Ernesto ya no estaba", ["Ernesto"]),
        ("ahi esta lupita cobrando", ["lupita"]),
        ("rosa perez nos trató mal", ["rosa", "perez"]),
        ("magdalena nos trató mal", ["magdalena"]),
        ("los hernandez nos amenazan", ["hernandez"]),
        ("dice maria de la luz torres que no hay", ["maria", "luz", "torres"]),
        ("salimos de petaquillas por los balazos", ["petaquillas"]),
        ("vivo por santa rosa", ["rosa"]),
    ],
)
def test_names_numbers_groups_and_fine_places_go(text: str, gone: list[str]) -> None:
    kept = scrubbed(text, seed_gazetteer())

    assert not any(word in kept for word in gone), kept


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Falta comida y cobijas. Nos trataron bien.", "Falta comida y cobijas. Nos trataron bien."),
        ("En el DIF de Tlapa tardan mucho", "DIF"),
        ("Vengo de Chilapa y en Guerrero no hay trabajo", "Guerrero"),
        ("en san juan mixtepec no hay doctor", "en san juan mixtepec no hay doctor"),
        ("vengo de guadalupe, zacatecas", "vengo de guadalupe, zacatecas"),
        ("falta luz y tenemos dolores de cabeza", "falta luz y tenemos dolores de cabeza"),
        ("en julio quiero estar en paz", "en julio quiero estar en paz"),
    ],
)
def test_what_is_said_and_the_municipality_stay(text: str, stays: str) -> None:
    assert stays in scrubbed(text, seed_gazetteer())


SENTENCES = (
    "{} nos trató mal", "ahi esta {} cobrando", "hablé con {} y no hizo nada", "dice {} que no hay comida",
    "la señora {}, la de los vales, pide dinero", "le di mis papeles a {}", "ESTABA {} AHI",
)  # fmt: skip
NAMES = person_names.load()
TOWNS = sorted(fine_places.load())[::53]
spelled = st.sampled_from((str.lower, str.upper, str.title))
sure = st.sampled_from(sorted(NAMES.given - NAMES.words))
whole = st.tuples(st.sampled_from(sorted(NAMES.given)), st.sampled_from(sorted(NAMES.family))).map(" ".join)


@given(st.sampled_from(SENTENCES), sure | whole, spelled)
@example("{} nos trató mal", "magdalena", str.lower)
@example("le di mis papeles a {}", "carmen", str.title)
@settings(deadline=None)
def test_a_usual_name_goes_however_it_is_written(
    sentence: str, name: str, spell: Callable[[str], str]
) -> None:
    told = sentence.format(spell(name))

    kept = scrubbed(told, seed_gazetteer()).casefold().split()

    others = set(sentence.casefold().split())
    assert not [word for word in name.split() if word in kept and word not in others], kept


@given(
    st.sampled_from(("en {} nos corrieron", "vivo por {} desde enero", "venimos de {}")),
    st.sampled_from(TOWNS),
)
@settings(deadline=None)
def test_a_town_goes_and_its_municipality_stays(sentence: str, town: str) -> None:
    places = [area.place for area in seed_gazetteer().areas.values()]
    assume(not any(town in fold(name) for each in places for name in (each.municipality, each.state) if name))

    kept = scrubbed(f"{sentence.format(town)} y estamos en tlapa", seed_gazetteer())

    assert town not in kept
    assert kept.endswith("tlapa")


@given(st.text(max_size=300))
def test_any_text_can_be_scrubbed_and_has_no_number_left(text: str) -> None:
    kept = scrubbed(text, seed_gazetteer())

    assert "\n" not in kept
    assert not any(sign.isascii() and sign.isdigit() for sign in kept)
