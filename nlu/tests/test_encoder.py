"""The sentence encoder: words into pieces, and what a sentence means."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faro_nlu import encoder, pieces
from faro_nlu.corpus import FLAG, LABELS
from faro_nlu.training import ENCODER

_FEW = pieces.from_list([("▁", -2.0), ("▁que", -3.0), ("ry", -9.0), (":", -4.0), ("▁casa", -5.0), ("s", -3.0),
                         ("▁c", -6.0), ("asa", -7.0)])  # fmt: skip


@pytest.fixture(scope="module")
def made() -> encoder.Encoder:
    return encoder.load(ENCODER)


def _names(rows: list[int]) -> list[str]:
    by_row = {row: piece for piece, row in _FEW.rows.items()}
    return [by_row.get(row, "?") for row in rows]


def test_a_word_is_cut_where_its_pieces_are_likeliest() -> None:
    assert _names(_FEW.of_word("▁casas")) == ["▁casa", "s"]


def test_a_letter_that_no_piece_holds_is_unknown_and_the_rest_is_read() -> None:
    assert _names(_FEW.of_word("▁casaß")) == ["▁casa", "?"]
    assert _FEW.of_word("▁casaß")[-1] == pieces.UNKNOWN


def test_a_text_stands_between_the_marks_after_the_word_that_asks() -> None:
    (rows,) = _FEW.of_text("Casa")
    assert (rows[0], rows[-1]) == (pieces.BEGIN, pieces.END)
    assert _names(rows[1:-1]) == ["▁que", "ry", ":", "▁casa"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_becomes_known_rows_a_bounded_number_at_once(text: str) -> None:
    for rows in _FEW.of_text(text):
        assert len(rows) <= pieces.MOST + 2 + len(_FEW.asked)
        assert all(0 <= row < pieces.FIRST + len(_FEW.rows) for row in rows)


def test_nothing_of_a_long_text_is_left_out() -> None:
    text = "casas " * 300
    parts = [rows[1 + len(_FEW.asked) : -1] for rows in _FEW.of_text(text)]
    assert len(parts) == 4
    assert [row for part in parts for row in part] == _FEW.of_word("▁casas") * 300


@pytest.mark.parametrize(
    "text", ["x" * 50_000, "ya " * 20_000, "\ufdfa" * 50_000, "😂" * 50_000, "ß" * 50_000]
)
def test_a_text_of_any_length_becomes_few_lists(text: str) -> None:
    rows = _FEW.of_text(text)
    assert len(rows) <= 12
    assert sum(map(len, rows)) <= 12 * (pieces.MOST + 8)


def test_of_a_very_long_text_the_end_is_read_too() -> None:
    assert _FEW.of_text("casas " * 9_000 + "ß")[-1][-2] == pieces.UNKNOWN


def test_the_encoder_says_something_of_every_label(made: encoder.Encoder) -> None:
    assert made.labels == (*LABELS, FLAG)
    assert made.logits(["no tenemos que comer", ""]).shape == (2, len(LABELS) + 1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), min_size=2, max_size=4))
def test_no_text_changes_what_another_says(made: encoder.Encoder, texts: list[str]) -> None:
    together = made.logits(texts)
    alone = np.vstack([made.logits([text]) for text in texts])
    assert np.array_equal(together, alone)
    assert np.isfinite(together).all()


RARE = {
    "mi cónyuge me zurró anoche con el cinturón": "gbv",
    "padezco jaquecas y se me agotaron las grageas": "health",
    "me urge un jornal, sé de albañilería y de soldadura autógena": "work",
    "necesito un camastro donde pernoctar con mi prole": "shelter",
    "llevamos días sin ingerir alimento sólido": "food",
    "extravié mi fe de bautismo y mi cartilla militar": "documents",
    "mi retoño quedó trunco en quinto año y quiero matricularlo": "education",
    "busco un leguleyo que me patrocine en el juzgado": "legal",
    "la funcionaria me exigió una mordida para darme la dádiva": "aid_abuse",
    "mi primogénito se esfumó en la carretera y nadie da razón": "missing",
    "me embarga la melancolía y sollozo en las madrugadas": "mental_health",
    "carecemos de estipendio, ¿habrá algún subsidio en efectivo?": "cash",
    "requiero boletos de autobús para reunirme con mis parientes": "transport",
    "los castrenses me vejaron y deseo elevar una queja": "human_rights",
    "quisiera empadronarme como damnificada por la violencia ante la comisión": "victim_registry",
    "anhelo un terruño propio donde edificar mi morada": "housing",
    "mi lactante requiere fórmula y pañales": "children",
    "¿qué prerrogativas me amparan por ser desplazado?": "know_rights",
}
"""A phrase for each need, most in words that stand in no training phrase."""


def test_rare_words_are_understood_by_their_meaning(made: encoder.Encoder) -> None:
    ranked = [[made.labels[at] for at in (-row[: len(LABELS)]).argsort()] for row in made.logits(list(RARE))]

    assert sum(need == labels[0] for need, labels in zip(RARE.values(), ranked)) >= 12
    assert sum(need in labels[:3] for need, labels in zip(RARE.values(), ranked)) >= 14


def test_what_the_folder_holds_names_where_it_comes_from() -> None:
    about = json.loads((ENCODER / encoder.ABOUT).read_text("utf-8"))
    assert "multilingual-e5-small" in about["base"]
    assert "MIT" in about["base"]
