"""What the trained model answers, through Rasa's own graph."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faro_nlu import corpus, gate, segments, spelling

HOME = Path(__file__).resolve().parent.parent
NOISE = [
    "",
    "   ",
    "\n\t",
    "😂😂👍",
    "\u200b\u200b",
    "مساعدة من فضلك",
    "???",
    "...",
    "123",
    "x" * 500,
    "ñññ 漢字",
    "\0",
]


def test_a_need_is_read_in_chat_spelling(loaded) -> None:
    answer = loaded.parse(["nesesito una dspensa no tngo k comer"])[0]
    assert answer["intent"]["name"] == "food"


def test_every_label_has_its_own_probability_best_first(loaded) -> None:
    answer = loaded.parse(["un techo y comida para mis hijos"])[0]
    given_ = [one["confidence"] for one in answer["intent_ranking"]]
    assert given_ == sorted(given_, reverse=True)
    assert all(0 <= one <= 1 for one in given_)
    assert {"shelter", "food"} <= {one["name"] for one in answer["intent_ranking"][:3]}


def test_joined_intents_become_single_labels(loaded) -> None:
    names = {one["name"] for one in loaded.parse(["necesito donde dormir"])[0]["intent_ranking"]}
    assert not any("+" in name for name in names)
    assert "urgent" in names


def test_a_place_wanted_and_a_place_fled_keep_their_offsets(loaded) -> None:
    text = "busco un albergue en Tlapa, venimos de Petatlán"
    found = {one["role"]: one for one in loaded.parse([text])[0]["entities"]}
    assert text[found["wanted"]["start"] : found["wanted"]["end"]] == "Tlapa"
    assert found["wanted"]["value"] == "Tlapa"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("hay balazos... afuera de mi casa", "hay balazos afuera de mi casa"),
        ("nos estan… disparando", "nos estan disparando"),
        ("¡¡auxilio!!! hay hombres armados!!", "auxilio. hay hombres armados."),
        ("no tenemos que comer 😭🙏", "no tenemos que comer"),
    ],
)
def test_tears_dots_and_cries_change_nothing_in_what_is_understood(loaded, written: str, plain: str) -> None:
    as_written, as_plain = loaded.parse([written, plain])
    assert as_written["intent"]["name"] in ("emergency", "food")
    assert {
        one["name"]: pytest.approx(one["confidence"], abs=1e-3) for one in as_written["intent_ranking"]
    } == {one["name"]: one["confidence"] for one in as_plain["intent_ranking"]}


@pytest.mark.parametrize("text", NOISE)
def test_nothing_recognised_is_never_read_as_a_need_or_a_yes(loaded, text: str) -> None:
    answer = loaded.parse([text])[0]
    assert answer["intent"]["name"] in (None, "nlu_fallback")
    assert [one["name"] for one in answer["intent_ranking"]] in ([], ["nlu_fallback"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=200), min_size=1, max_size=5))
def test_any_texts_get_an_answer_each(loaded, texts: list[str]) -> None:
    answers = loaded.parse(texts)
    assert len(answers) == len(texts)
    assert all(
        answer is not None and len(answer["text"]) == len(text) for answer, text in zip(answers, texts)
    )


def test_a_text_is_read_the_same_alone_and_among_others(loaded) -> None:
    texts = ["necesito donde dormir", "😂", "hay balazos", "hola", "\ud800", "", "un techo y comida"]
    together = loaded.parse(texts)
    alone = [loaded.parse([text])[0] for text in texts]
    for one, other in zip(together, alone):
        assert one["intent"]["name"] == other["intent"]["name"]
        assert one["intent"]["confidence"] == pytest.approx(other["intent"]["confidence"], abs=1e-4)


def test_a_text_that_breaks_the_graph_fails_alone(loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = loaded.runner.run

    class Breaking:
        def run(self, inputs, targets):  # type: ignore[no-untyped-def]
            if any("dinamita" in message.text for message in inputs["__message__"]):
                raise RuntimeError("broken")
            return whole(inputs=inputs, targets=targets)

    broken = type(loaded)(loaded.name, Breaking(), loaded.target)
    answers = broken.parse(["hola", "dinamita", "necesito donde dormir"])
    assert answers[1] is None
    assert answers[0]["intent"]["name"] == "greeting"
    assert answers[2]["intent"]["name"] == "shelter"


def test_no_word_of_a_message_outlives_its_answer(loaded) -> None:
    loaded.parse(["me llamo Fulana y ocupo un doctor"])

    assert spelling._read.cache_info().currsize == 0


def test_a_slash_names_no_intent(loaded) -> None:
    answer = loaded.parse(['/affirm{"place": "Tlapa"}'])[0]
    assert answer["intent"]["name"] != "affirm" or answer["intent"]["confidence"] < 1.0
    assert all(one["value"] != "place" for one in answer["entities"])


def test_the_need_in_the_last_line_of_a_long_story_is_found(loaded) -> None:
    story = "Buenas tardes. " + "Le platico que salimos de noche y caminamos mucho por el monte. " * 12
    answer = loaded.parse([story + "Necesito una despensa, no tenemos que comer."])[0]
    assert "food" in {one["name"] for one in answer["intent_ranking"] if one["name"] != "nlu_fallback"}
    best = [one["name"] for one in answer["intent_ranking"] if one["name"] in corpus.LABELS]
    assert "food" in best[:2]


def test_training_again_trains_nothing(home: Path, archive: Path) -> None:
    from faro_nlu import training

    told: list[str] = []
    assert training.train(models=home / "models", say=told.append, home=home) == archive
    assert "Nothing to train" in told[0]


def test_the_fingerprint_follows_the_phrases(home: Path, tmp_path: Path) -> None:
    from faro_nlu import training

    before = training.fingerprint(home)
    assert training.fingerprint(home) == before
    (tmp_path / "data" / "otra").mkdir(parents=True)
    (tmp_path / "data" / "otra" / "frases.yml").write_text("version: '3.1'\n", "utf-8")
    assert training.fingerprint(tmp_path) != before


def test_no_tensorflow_is_loaded_to_train_and_to_parse(archive: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from faro_nlu import lean, model; "
        "lean.prepare(); import rasa.engine.recipes.default_recipe; "
        f"loaded = model.load(Path({str(archive)!r})); loaded.parse(['hola']); "
        "heavy = {'tensorflow', 'sanic', 'sqlalchemy', 'sklearn'}; "
        "sys.exit(any(name.split('.')[0] in heavy for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=HOME, check=False).returncode == 0


def test_long_messages_are_cut_at_clauses_and_lose_no_word() -> None:
    words = spelling.words("Salimos de noche, con miedo. " * 8 + "no tenemos que comer")
    parts = segments.segments(words)
    assert parts[0] == words
    assert {word.start for part in parts[1:] for word in part} == {word.start for word in words}
    assert all(len(part) <= segments.STRETCH * 2 for part in parts[1:])


def test_the_pipeline_and_the_gate_say_the_same() -> None:
    from faro_nlu.components import NothingRecognised

    assert NothingRecognised.get_default_config() == {"known": gate.KNOWN_WORDS, "threshold": gate.SURE}
