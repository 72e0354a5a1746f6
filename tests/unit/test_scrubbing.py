"""What could find somebody does not stay in an opinion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scrubbing import scrubbed
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
    ],
)
def test_what_is_said_and_the_municipality_stay(text: str, stays: str) -> None:
    assert stays in scrubbed(text, seed_gazetteer())


@given(st.text(max_size=300))
def test_any_text_can_be_scrubbed_and_has_no_number_left(text: str) -> None:
    kept = scrubbed(text, seed_gazetteer())

    assert "\n" not in kept
    assert not any(sign.isascii() and sign.isdigit() for sign in kept)
