"""The phrases themselves, the augmentation, and what the linter finds."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from faro_nlu import augment, corpus, lean, lint
from faro_nlu.corpus import Phrase

HOME = Path(__file__).resolve().parent.parent


def phrase(text: str, intent: str = "food", author: str = "ana") -> Phrase:
    return Phrase(text, corpus.labels_of(intent), author, intent, "frases.yml")


@pytest.fixture(scope="module")
def lean_rasa() -> None:
    lean.prepare()


def test_every_phrase_of_the_data_can_be_read_and_its_places_stand_in_the_text() -> None:
    phrases = corpus.read(HOME / "data")
    assert phrases
    assert all(0 <= place.start < place.end <= len(one.text) for one in phrases for place in one.places)


def test_an_emergency_is_urgent() -> None:
    assert corpus.labels_of("gbv+emergency") == {"gbv", "emergency", "urgent"}


@pytest.mark.parametrize(
    "line",
    [
        "- intent: nonsense\n  examples: |\n    - hola",
        "- intent: food\n  examples: |\n    - en [Tlapa](place)",
    ],
)
def test_an_unknown_label_or_mark_is_refused_with_the_file(tmp_path: Path, line: str) -> None:
    (tmp_path / "ana").mkdir()
    (tmp_path / "ana" / "x.yml").write_text(f"nlu:\n{line}\n", "utf-8")
    with pytest.raises(corpus.UnreadablePhrase, match=r"x\.yml"):
        corpus.read(tmp_path)


def test_the_linter_finds_a_phrase_written_twice() -> None:
    found = lint.check([phrase("no tenemos que comer"), phrase("No tenemos que comer.")], [])
    assert [finding.kind for finding in found] == ["same phrase twice"]


def test_the_linter_finds_nearly_the_same_phrase_under_another_label() -> None:
    found = lint.check(
        [
            phrase("necesito una despensa para mis hijos"),
            phrase("nesesito una despensa para mi hijos", "cash", "eva"),
        ],
        [],
    )
    assert [finding.kind for finding in found] == ["nearly the same, other labels"]


def test_the_linter_finds_a_leak_into_the_evaluation_behind_other_spelling() -> None:
    found = lint.check(
        [phrase("nesesito una despensa para mis ijos")], ["Necesito una despensa para mis hijos"]
    )
    assert [finding.kind for finding in found] == ["leak into the evaluation"]


def test_the_linter_is_content_with_different_phrases() -> None:
    assert (
        lint.check(
            [phrase("no hay que comer"), phrase("un techo para hoy", "shelter")], ["busco a mi hermano"]
        )
        == []
    )


@pytest.mark.timeout(1200)
def test_every_phrase_stands_once_and_none_of_them_in_the_evaluation() -> None:
    found = lint.check(corpus.read(HOME / "data"), lint.held_out(HOME / "tests"))
    assert [one.told for one in found] == []


def test_copies_repeat_with_the_seed_and_keep_their_labels() -> None:
    written = [("necesito una despensa", frozenset({"food"})), ("gracias", frozenset({"thanks"}))]
    made = augment.with_copies(written, copies=3, seed=1)
    assert made == augment.with_copies(written, copies=3, seed=1)
    assert made[:2] == written
    assert len(made) == 8
    assert {labels for _, labels in made} == {frozenset({"food"}), frozenset({"thanks"})}


def test_joined_phrases_hold_the_labels_of_both() -> None:
    written = [(f"necesito comida {i}", frozenset({"food"})) for i in range(20)]
    written += [(f"busco albergue {i}", frozenset({"shelter"})) for i in range(20)]
    made = augment.with_copies(written, copies=0, seed=1)[40:]
    assert made
    assert {labels for _, labels in made} == {frozenset({"food", "shelter"})}
    assert all("comida" in text and "albergue" in text for text, _ in made)


@given(st.text(max_size=60), st.integers(0, 99))
def test_any_text_can_be_copied(text: str, seed: int) -> None:
    assert len(augment.with_copies([(text, frozenset({"food"}))], copies=2, seed=seed)) == 3


def test_the_labels_are_those_of_the_service_and_of_the_domain() -> None:
    domain = yaml.safe_load((HOME / "domain.yml").read_text("utf-8"))
    needs = (HOME.parent / "data" / "needs.py").read_text("utf-8")
    own = needs[needs.index("class Need") : needs.index("class Who")]
    assert tuple(re.findall(r'= "(\w+)"', own)) == corpus.LABELS == tuple(domain["intents"])


def test_rasa_is_given_the_phrases_as_its_own_reader_reads_them(home: Path, lean_rasa: None) -> None:
    from rasa.shared.importers.rasa import RasaFileImporter

    from faro_nlu.importer import PhraseImporter

    ours, theirs = (
        importer(str(home / "config.yml"), str(home / "domain.yml"), [str(home / "data")]).get_nlu_data()
        for importer in (PhraseImporter, RasaFileImporter)
    )

    def shown(data) -> list[tuple[str, str, list[dict]]]:
        return [(m.get("text"), m.get("intent"), m.get("entities", [])) for m in data.training_examples]

    assert shown(ours) == shown(theirs)


def test_training_says_which_phrase_cannot_be_read(tmp_path: Path, lean_rasa: None) -> None:
    from faro_nlu.importer import PhraseImporter

    (tmp_path / "ana").mkdir()
    (tmp_path / "ana" / "x.yml").write_text("nlu:\n- intent: nonsense\n  examples: |\n    - hola", "utf-8")
    with pytest.raises(corpus.UnreadablePhrase, match=r"x\.yml.*nonsense"):
        PhraseImporter(None, None, [str(tmp_path)]).get_nlu_data()


def test_rules_are_read_beside_phrases_of_one_file(home: Path, tmp_path: Path, lean_rasa: None) -> None:
    from faro_nlu.importer import PhraseImporter

    rules = tmp_path / "rules.yml"
    rules.write_text("rules:\n- rule: food\n  steps:\n  - intent: food\n  - action: utter_food\n", "utf-8")
    phrases = home / "data" / "nadie" / "frases.yml"
    importer = PhraseImporter(None, str(home / "domain.yml"), [str(rules), str(phrases)])

    assert [step.block_name for step in importer.get_stories().story_steps] == ["food"]
    assert len(importer.get_nlu_data().training_examples) == len(corpus.read(home / "data"))
