"""Spanish as people type it, brought to one form."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spanish import MAX_LENGTH, clauses, fold, sentences, sound, sounds


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("¿Dónde ESTÁS?", "donde estas"),
        ("NIÑOS y niñas", "niños y niñas"),
        ("nin\u0303a en otra forma", "niña en otra forma"),
        ("ayudaaaaa porfaaa", "ayuda por favor"),
        ("corrrieron por la callle", "corrieron por la calle"),
        ("leer y creer", "leer y creer"),
        ("jajajajaj qué risa", "jaja que risa"),
        ("mi hija y mi jefe", "mi hija y mi jefe"),
        ("k haces aki xq t fuiste", "que haces aqui porque te fuiste"),
        ("m pega x celos d el", "me pega por celos de el"),
        ("nesesito pañales tmb", "necesito pañales tambien"),
        ("pa'l lunes, pa’ mi hijo", "para el lunes para mi hijo"),
        ("a\u200byu\u00adda", "ayuda"),
        ("hola\x00mundo", "hola mundo"),
        ("son 1,500 pesos a las 10:30", "son 1500 pesos a las 1030"),
        ("ｈｏｌａ", "hola"),
        ("🆘 ya 😭😭", "auxilio ya"),
        ("", ""),
        (" \n\t ", ""),
        ("😂👍", ""),
    ],
)
def test_text_is_folded_to_plain_words(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_clauses_end_where_the_person_put_a_mark() -> None:
    assert clauses("Hola, buenas. ¿Me ayudan?\nvoy sola") == ["hola", "buenas", "me ayudan", "voy sola"]


def test_a_comma_parts_phrases_and_a_stop_parts_sentences() -> None:
    assert sentences("hola, qué tal. adiós") == [[["hola"], ["que", "tal"]], [["adios"]]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hacer", "aser"),
        ("violó", "biolo"),
        ("llegó", "yego"),
        ("embarazada", "enbarasada"),
        ("quiero", "kiero"),
        ("hay", "ahi"),
        ("acción", "aksion"),
        ("hijo", "ijo"),
        ("gente", "jente"),
        ("huyó", "uyo"),
    ],
)
def test_words_that_sound_alike_are_one(one: str, other: str) -> None:
    assert sound(fold(one)) == sound(fold(other))


@pytest.mark.parametrize(
    ("one", "other"), [("pero", "perro"), ("ex", "es"), ("niña", "nina"), ("casa", "cosa")]
)
def test_words_that_sound_different_stay_apart(one: str, other: str) -> None:
    assert sound(fold(one)) != sound(fold(other))


def test_only_the_first_characters_are_read() -> None:
    assert fold("a " * 3 * MAX_LENGTH) == fold("a " * (MAX_LENGTH // 2))


@given(st.text())
def test_folding_any_text_gives_plain_words_and_never_fails(text: str) -> None:
    folded = fold(text)

    assert folded == folded.strip()
    assert "  " not in folded
    assert not set(folded) & set(".,;:!?¡¿\n\t\x00áéíóú'’")


@given(st.text(alphabet="abcdeghijklmnñopqrstuvxyz ", max_size=200))
def test_sound_keeps_the_number_of_folded_words(text: str) -> None:
    folded = fold(text)

    assert len(sound(folded).split()) == len(folded.split())


@pytest.mark.parametrize(
    "piece", ["ja", "a", "h", "jaj", "á̃", "x ", "1,", "'", "ñ", "qu", "ha ha", "-", " - "]
)
def test_folding_takes_time_in_proportion_to_the_text(piece: str) -> None:
    short, long = piece * 400, piece * 1600

    ratio = _seconds(long[:MAX_LENGTH]) / _seconds(short)

    assert ratio < 4 * max(1, len(long[:MAX_LENGTH]) / len(short))


def _seconds(text: str) -> float:
    best = 1.0
    for _ in range(7):
        start = time.perf_counter()
        sound(fold(text))
        best = min(best, time.perf_counter() - start)
    return best


@given(st.lists(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=30)))
def test_many_words_at_once_sound_as_one_by_one(words: list[str]) -> None:
    assert sounds(words) == [sound(fold(word)) for word in words]
