"""Files that must agree: needs, intents, texts, ladder; settings, .env.example, README; words and routes."""

import re
from pathlib import Path

import pytest
import yaml

from bot import texts
from bot.budget import MAX_ID_BYTES, MAX_LABEL, units
from bot.flows import menu
from bot.settings import Settings
from bot.texts import cards, channels, danger, find_help, labels, person, privacy, route, welcome
from data.needs import Need, Steer
from services import ladder
from tests.contracts import test_routes_data
from tests.unit.test_conversation import is_neutral

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SENTENCE = 18
LONG_WORD = 13
OFFICE_WORD = re.compile(
    r"(canaliz|deriv[aeoóé]|solicit|trámit|requisit|gestion|gestor|proporcion|mediante|respectiv|usuari|otorg|"
    r"beneficiari|vulnerab|contención|psicosocial|interpon|acredit|expedient|dependenci|instancia)"
)
LONG_WORDS = {
    "desplazamiento": "what the law is called, and what a person must say",
    "identificación": "what it is called at every counter",
    "intermediarios": "in Guanajuato, of those who charge for the registration",
    "casafridalgbt": "an account's name",
    "aguascalientes": "a state",
    "trámite": "everybody's word for what one does at a counter",
    "gestor": "what those who charge for the registration call themselves",
    "gestores": "the same",
    "vulnerable": "what offices in Chiapas write; the person is told to ask for another word",
}
TEXTS = (cards, channels, danger, find_help, person, privacy, route, welcome)


def test_every_need_has_a_label_a_phrase_and_a_place_in_the_menu() -> None:
    assert set(labels.NEEDS) == set(Need)
    assert set(labels.NEED_PHRASES) == set(Need)
    assert set(labels.NEED_SEEK) == set(Need)
    assert set(labels.NEED_MISSING) == set(Need)
    assert {*labels.MENU_FIRST, *labels.MENU_SECOND} == set(Need) - {Need.EMERGENCY}


def test_every_need_and_steer_has_training_phrases_and_every_label_is_known() -> None:
    intents = {
        item["intent"]
        for path in (ROOT / "nlu" / "data").glob("*/*.yml")
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    }
    labelled = {label for intent in intents for label in intent.split("+")}

    assert labelled - {"urgent"} == {*Need, *Steer}


def test_every_need_has_its_office_in_the_ladder() -> None:
    assert set(ladder.load().steps) == set(Need)


def test_every_setting_stands_in_env_example_and_in_the_readme() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert re.search(rf"^#?FARO_{name.upper()}=", example, re.MULTILINE), name
        assert f"FARO_{name.upper()}" in readme, name


@pytest.mark.parametrize(
    ("name", "label"), [(n, v) for n, v in vars(labels).items() if isinstance(v, str) and n.isupper()]
)
def test_a_button_is_short_and_neutral(name: str, label: str) -> None:
    assert units(label.format(need="", number=19)) <= MAX_LABEL, name
    assert is_neutral(label), name


@pytest.mark.parametrize("label", [*labels.NEEDS.values(), *labels.DETAILS_OF, *labels.ONE_OF])
def test_a_menu_label_is_short_and_neutral(label: str) -> None:
    assert units(label) <= MAX_LABEL
    assert is_neutral(label)


def test_every_option_id_fits() -> None:
    for option in (*menu.needs_menu(), *menu.more_needs_menu()):
        assert len(option.id.encode()) <= MAX_ID_BYTES


def test_texts_say_usted_and_speak_in_short_sentences() -> None:
    """Plain words for somebody who left school at eight: no «tú», at most 18 words a sentence."""
    for name, text in _sentences():
        words = text.split()
        assert len(words) <= LONGEST_SENTENCE, f"{name}: {text}"
        assert not re.search(r"\b(tú|tienes|puedes|quieres|llámanos|tu|tus|te)\b", text.casefold()), (
            name,
            text,
        )


def test_words_are_short_and_those_of_offices_are_named_here() -> None:
    """No word of 13 letters or more, and none that only offices use, but for the exceptions."""
    long = {
        word
        for _, text in (*_sentences(), *test_routes_data.texts())
        for word in re.findall(r"[a-záéíóúñü]+", text.casefold())
        if len(word) >= LONG_WORD or OFFICE_WORD.match(word)
    }

    assert long == set(LONG_WORDS)


def test_most_sentences_are_very_short() -> None:
    lengths = sorted(len(text.split()) for _, text in _sentences())

    assert lengths[len(lengths) * 9 // 10] <= 12


def _sentences() -> list[tuple[str, str]]:
    found = []
    for module in TEXTS:
        for name, value in vars(module).items():
            if name.isupper():
                found += [
                    (name, part)
                    for text in _texts_in(value)
                    for part in re.split(r"(?<=[.?!:;])\s+|\n", text)
                    if part.strip()
                ]
    return found


def _texts_in(value: object) -> list[str]:
    """A text, or the texts of a table."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for entry in value.values() for text in _texts_in(entry)]
    return [text for entry in value for text in _texts_in(entry)] if isinstance(value, tuple) else []


def test_no_spanish_sentence_is_written_outside_the_texts() -> None:
    """Flows speak through bot/texts; a Spanish string literal in them would have escaped the review."""
    spanish = re.compile(
        r"[\"'][^\"']*\b(usted|está|puede|llame|escriba|gracias|dónde)\b[^\"']*[\"']", re.IGNORECASE
    )
    for path in [*(ROOT / "bot" / "flows").glob("*.py"), ROOT / "bot" / "conversation.py"]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if '"""' not in line:
                assert not spanish.search(line), f"{path.name}: {line.strip()}"


def test_the_texts_package_says_what_it_is() -> None:
    assert texts.__doc__
