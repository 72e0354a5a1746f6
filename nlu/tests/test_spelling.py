"""Words as typed: what they mean to the model, and that no offset is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faro_nlu.spelling import READ_AT_MOST, clean, plain_form, sound, words

anything = st.text(st.characters(exclude_categories=()), max_size=300)


def plain(text: str) -> list[str]:
    return [word.plain for word in words(text)]


def sounds(text: str) -> list[str]:
    return [word.sound for word in words(text)]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Holaaaa", ["hola"]),
        ("NIÑO niña", ["niño", "niña"]),
        ("nin\u0303o", ["niño"]),
        ("xq no tngo", ["porque", "no", "tengo"]),
        ("pal camión", ["para", "el", "camion"]),
        ("q k ke", ["que", "que", "que"]),
        ("aki tmb", ["aqui", "tambien"]),
        ("ho\u200bla", ["hola"]),
        ("ayud4", ["ayuda"]),
        ("24horas", ["24", "horas"]),
        ("jajajaja", ["jaja"]),
        ("pa'l norte", ["para", "el", "norte"]),
        ("😂👍", []),
    ],
)
def test_a_typed_word_is_read_in_its_plain_form(typed: str, read: list[str]) -> None:
    assert plain(typed) == read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("necesito", "nesesito"),
        ("hay ayuda", "ai alluda"),
        ("violencia", "biolensia"),
        ("quiero", "kiero"),
        ("huérfano", "uerfano"),
        ("escuela", "eskuela"),
        ("gente", "jente"),
        ("también", "tanbien"),
        ("cansado", "cansao"),
        ("psicóloga", "sicologa"),
        ("exijo", "exijo"),
        ("estado", "stado"),
    ],
)
def test_words_that_sound_alike_meet(one: str, other: str) -> None:
    assert sounds(one) == sounds(other)


@pytest.mark.parametrize(("one", "other"), [("perro", "pero"), ("casa", "caza mayor"), ("guerra", "güera")])
def test_words_that_sound_different_stay_apart(one: str, other: str) -> None:
    assert sounds(one) != sounds(other)


@given(anything)
def test_every_word_stands_where_it_says(text: str) -> None:
    found = words(text)
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)
    assert all(word.plain and word.sound for word in found)


@given(anything)
def test_cleaning_keeps_the_length_and_leaves_nothing_that_cannot_be_sent(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    cleaned.encode("utf-8")
    assert not cleaned.lstrip().startswith("/")
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("me pegó... con la plancha", "me pegó    con la plancha"),
        ("me pegó… con la plancha", "me pegó  con la plancha"),
        ("¡AYUDA!!! me pega", " AYUDA.   me pega"),
        ("me pega 😭🙏", "me pega   "),
        ("ayuda!. Me pega?!", "ayuda.  Me pega?."),
        ("voy en 3°A, la del `norte`", "voy en 3°A, la del `norte`"),
        ("sí 👍🏽", "sí 👍 "),
        ("es broma 😂", "es broma 😂"),
        ("camine\u0301 3.5 km. Ya no", "camine\u0301 3.5 km. Ya no"),
    ],
)
def test_how_a_person_sounds_is_not_what_they_say(written: str, read: str) -> None:
    assert clean(written) == read


@given(anything)
def test_the_plain_form_of_a_plain_form_is_itself(text: str) -> None:
    once = plain_form(text)
    assert plain_form(once) == once or not once.isalpha()


def test_a_place_can_be_cut_out_of_the_text_as_it_came() -> None:
    text = "Estoy en  TLAPAAA, güey"
    word = next(word for word in words(text) if word.plain == "tlapa")
    assert text[word.start : word.end] == "TLAPAAA"


def test_of_an_endless_message_the_beginning_and_the_end_are_read() -> None:
    found = words("inicio " + "x " * 60_000 + "final")
    assert found[0].plain == "inicio"
    assert found[-1].plain == "final"
    assert len(found) <= READ_AT_MOST


def test_one_endless_word_is_read_quickly() -> None:
    assert len(words("a" * 100_000)) <= 2


def test_a_break_in_the_text_is_seen_before_the_next_word() -> None:
    assert [word.breaks for word in words("Hola, ayuda. Tengo miedo")] == [2, 1, 2, 0]


def test_the_sound_of_a_word_is_never_empty() -> None:
    assert sound("h") == "h"
