"""The shipped route and ladder against the directory, the needs and the rules for what a person reads."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from bot.budget import units
from data import inegi, refuge_screen
from data.needs import Need, Who
from data.records import Confidence, Exposure, Service
from data.seed_files import read
from services import ladder, routes
from services.routes import Route, Routes, Situation, Step
from tests.unit.test_conversation import is_neutral

LONGEST_STEP = 600
LONGEST_LAW = 600
LONGEST_TITLE = 40
LONGEST_OFFICE = 90
LONGEST_ASK = 140
LONGEST_SENTENCE = 24
WOMEN = frozenset({Who.WOMEN, Who.WOMAN_WITH_CHILDREN})
SITUATIONS = (*Who, *Situation)
WITH_LAW = {"07": 2012, "12": 2014, "25": 2020, "32": 2022, "20": 2025}
PHONE = re.compile(r"\b(?:911|079|089|070|075)\b|\*\d{3}|\d(?:[ -]?\d){6,}")
FAMILIAR = re.compile(r"\b(tú|tu|tus|te|eres|estás|puedes|tienes|debes|quieres|necesitas)\b", re.IGNORECASE)
LEGAL = re.compile(r"ley|protocolo|trámite|registro|ventanilla|aviso|caravanas|mesa|alerta", re.IGNORECASE)
WITHOUT_COMPLAINT = re.compile(r"sin (tener que )?denunciar( por ahora)?|registro de víctimas")
JARGON = re.compile(
    r"\b(NNA|DDHH|DFI|LGBTTTIQ|canaliza\w*|derivaci[oó]n|interseccional\w*|contenci[oó]n|psicosocial|"
    r"enfoque diferencial|soluciones duraderas|integralmente)\b",
    re.IGNORECASE,
)


@cache
def services() -> dict[str, Service]:
    return {service.id: service for service in read().services}


@cache
def shipped() -> Routes:
    return routes.load()


@cache
def steps_of_the_ladder() -> dict[str, ladder.Step]:
    """By «need» or «state need»."""
    read_ladder = ladder.load()
    by_state = {f"{state} {need}": step for (state, need), step in read_ladder.state_steps.items()}
    return dict(read_ladder.steps) | by_state


@cache
def every_route() -> tuple[Route, ...]:
    """Each state, and none, with nobody's situation, each one and each two."""
    people = [frozenset(c) for size in (0, 1, 2) for c in combinations(SITUATIONS, size)]
    return tuple(shipped().for_person(state, who) for state in ("", *shipped().states) for who in people)


def every_step() -> Iterator[tuple[Route, Step]]:
    for route in every_route():
        for step in route.steps:
            yield route, step


def is_url(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and "." in parts.netloc and " " not in text


def test_every_state_has_a_route_and_each_file_is_one_of_them() -> None:
    files = {path.stem for path in (routes.FOLDER / "states").glob("*.yml")}

    assert set(shipped().states) == {f"{number:02}" for number in range(1, 33)}
    assert files <= set(shipped().states)


def test_the_route_begins_with_safety_and_goes_through_every_step() -> None:
    keys = [step.key for step in shipped().steps]

    assert keys == [
        "safe", "aid", "safety", "papers", "registry", "complaint", "health", "emotional", "school", "lawyer",
        "work", "land", "future", "children", "missing", "language", "respect", "care", "refused",
    ]  # fmt: skip
    assert [step.number for step in shipped().steps] == list(range(1, 20))


def test_the_complaint_is_optional_and_never_comes_first() -> None:
    for route in every_route():
        place = [step.key for step in route.steps].index("complaint")
        assert place >= 5
        assert [step.key for step in route.steps if step.optional] == ["complaint"]
        assert "voluntario" in route.steps[place].what


def test_no_step_lacks_a_text_or_a_source() -> None:
    for route, step in every_step():
        where = (route.state, step.key)
        texts = (step.what, step.who, step.bring, step.without_papers, step.cost, step.basis, step.if_refused)
        assert all(text.endswith((".", "»", "?")) for text in texts), where
        assert step.sources, where
        assert all(is_url(source) for source in step.sources), where


def test_every_step_says_whether_it_is_free() -> None:
    for route, step in every_step():
        assert bool(re.search(r"\bgratis\b|no debe", step.cost)) == step.free, (route.state, step.key)


def test_every_step_fits_one_message() -> None:
    for route, step in every_step():
        size = sum(units(text) for text in step.texts)
        assert size <= LONGEST_STEP, (route.state, sorted(route.situations), step.key, size)
        assert units(step.title) <= LONGEST_TITLE, step.title


def test_the_first_words_of_a_step_are_neutral() -> None:
    for route, step in every_step():
        first = f"Paso {step.number} de 19: {step.title}\n{step.what}"[:60]
        assert is_neutral(first), (route.state, sorted(route.situations), first)


def test_the_records_of_a_step_exist_and_may_be_shown_to_this_person() -> None:
    for route, step in every_step():
        women = bool(route.situations & WOMEN)
        for service_id in step.services:
            service = services().get(service_id)
            where = (route.state, sorted(route.situations), step.key, service_id)
            assert service is not None, where
            assert service.confidence is not Confidence.X, where
            assert service.exposure is Exposure.PUBLIC or (women and service.exposure is Exposure.WOMEN), (
                where
            )
            assert women or not service.compatibility.women_only, where


def test_the_records_of_a_step_cover_the_state() -> None:
    for route, step in every_step():
        for service_id in step.services:
            covered = services()[service_id].coverage
            here = any(key == "00" or key[:2] == route.state for key in covered)
            assert here or step.key == "future", (route.state, step.key, service_id)


def test_steps_about_danger_and_violence_use_only_trusted_records() -> None:
    for route, step in every_step():
        if step.key in ("safe", "safety"):
            found = {services()[service_id].confidence for service_id in step.services}
            assert found <= {Confidence.A, Confidence.B}, (route.state, step.key)


def test_every_role_and_need_of_a_step_is_known() -> None:
    roles = yaml.safe_load((routes.FOLDER / "lines.yml").read_text(encoding="utf-8"))

    for route, step in every_step():
        assert step.role == "" or step.role in roles, (route.state, step.key)
        assert step.need == "" or step.need in set(Need), (route.state, step.key)


def test_every_name_opens_its_own_step() -> None:
    route = shipped().for_person("")

    for step in route.steps:
        for name in (step.title, *step.names, str(step.number), f"paso {step.number}"):
            assert shipped().find(route, name) is step, name


def test_the_five_states_with_a_law_name_it_and_the_others_say_that_they_have_none() -> None:
    found = {key: state.law.year for key, state in shipped().states.items() if state.law.has_law}

    assert found == WITH_LAW
    for key, state in shipped().states.items():
        law = state.law
        assert law.not_seen, key
        assert units(law.text) <= LONGEST_LAW, key
        assert is_neutral(law.text[:60]), key
        assert law.sources, key
        assert all(is_url(source) for source in law.sources), key
        if law.has_law:
            assert str(law.year) in law.text, key
            assert law.law, key
            assert law.body, key
        else:
            assert "Ley General de Víctimas" in law.text or "no vimos" in law.text, key


def test_what_nobody_confirmed_is_said_to_be_unconfirmed() -> None:
    registry = shipped().for_person("").steps[4]

    assert "denuncia" in registry.unconfirmed
    assert "sin confirmar" in registry.without_papers
    assert "sin confirmar" in shipped().for_person("").steps[8].without_papers
    assert "no vimos" in shipped().for_person("12").law.text
    assert "no vimos" in shipped().for_person("20").law.text


def test_who_is_displaced_is_defined_with_its_sources() -> None:
    definition = shipped().definition

    assert "persona desplazada" in definition.text
    assert all(word in definition.text for word in ("violencia", "desastre", "en México"))
    assert any("unhcr.org" in source for source in definition.sources)
    assert all(is_url(source) for source in definition.sources)


def test_every_need_has_an_office_to_turn_to() -> None:
    assert set(ladder.load().steps) == set(Need)


@pytest.mark.parametrize("where", steps_of_the_ladder())
def test_an_office_and_what_to_ask_are_short_and_sourced(where: str) -> None:
    step = steps_of_the_ladder()[where]

    assert units(step.office) <= LONGEST_OFFICE
    assert units(step.ask) <= LONGEST_ASK
    assert step.office[0].islower() or step.office.startswith(("Protección", "Sebides", "Derechos"))
    assert not step.office.endswith(".")
    assert not step.ask.endswith(".")
    assert step.ask[0].isupper() or step.ask[0] == "¿"
    assert LEGAL.search(step.basis)
    assert is_url(step.source)


@pytest.mark.parametrize("where", steps_of_the_ladder())
def test_what_to_ask_never_makes_anybody_tell_the_violence(where: str) -> None:
    ask = steps_of_the_ladder()[where].ask

    assert is_neutral(WITHOUT_COMPLAINT.sub("", ask))


def test_the_bodies_of_a_state_are_its_own_and_for_everybody() -> None:
    for (state, need), ids in ladder.load().bodies.items():
        assert need == ladder.DEFAULT or need in set(Need), (state, need)
        for service_id in ids:
            service = services()[service_id]
            where = (state, need, service_id)
            assert any(key == state for key in service.coverage), where
            assert service.exposure is Exposure.PUBLIC, where
            assert service.confidence is not Confidence.X, where
            assert not service.compatibility.women_only, where


def test_bodies_with_a_phone_stand_before_those_without_for_the_same_need() -> None:
    for (state, need), ids in ladder.load().bodies.items():
        phones = [bool(services()[service_id].phones) for service_id in ids]
        assert phones == sorted(phones, reverse=True), (state, need)


def test_national_lines_exist_and_cover_the_nation() -> None:
    for need, ids in ladder.load().referrals.items():
        for service_id in ids:
            service = services()[service_id]
            where = (need, service_id)
            assert "00" in service.coverage, where
            assert service.exposure is Exposure.PUBLIC, where
            assert service.confidence is not Confidence.X, where
            assert need == Need.GBV or not service.compatibility.women_only, where


def test_grave_needs_refer_only_to_trusted_records() -> None:
    read_ladder = ladder.load()

    for need in (Need.EMERGENCY, Need.GBV):
        of_states = [ids for (_, about), ids in read_ladder.bodies.items() if about == need]
        for ids in (read_ladder.national(need), *of_states):
            assert ids
            assert {services()[i].confidence for i in ids} <= {Confidence.A, Confidence.B}, need


def texts() -> Iterator[tuple[str, str]]:
    """Everything that a person reads of routes and ladder, each once."""
    seen: dict[str, str] = {}
    for route, step in every_step():
        for text in step.texts:
            seen.setdefault(text, f"{route.state} {step.key}")
    for key, state in shipped().states.items():
        seen.setdefault(state.law.text, f"{key} law")
    seen.setdefault(shipped().nation.law.text, "nation")
    seen.setdefault(shipped().definition.text, "definition")
    for where, office in steps_of_the_ladder().items():
        seen.setdefault(office.office, where)
        seen.setdefault(office.ask, where)
    return ((where, text) for text, where in seen.items())


def test_no_text_holds_a_phone_number() -> None:
    assert [where for where, text in texts() if PHONE.search(text)] == []


def test_every_text_speaks_to_usted_without_jargon() -> None:
    assert [where for where, text in texts() if FAMILIAR.search(text)] == []
    assert [where for where, text in texts() if JARGON.search(text)] == []


def test_sentences_are_short_enough_to_read_aloud() -> None:
    long = [
        (where, sentence)
        for where, text in texts()
        for sentence in re.split(r"[.;:?!]\s", text)
        if len(sentence.split()) > LONGEST_SENTENCE
    ]

    assert long == []


def test_no_text_and_no_source_tells_where_a_refuge_is() -> None:
    names = refuge_screen.prepare(inegi.load().place_names())
    files = [routes.FOLDER / "national.yml", routes.FOLDER / "ladder.yml", *states_files()]
    links = {link for path in files for link in re.findall(r"https?://[^\s\"]+", path.read_text("utf-8"))}
    about = {link for link in links if "mujer" in link and refuge_screen.speaks_of_a_refuge(link)}
    telling = [text for _, text in texts() if refuge_screen.speaks_of_a_refuge(text)]

    assert [link for link in about if refuge_screen.places_in(link.split("/", 3)[-1], names)] == []
    assert [text for text in telling if refuge_screen.places_in(text, names)] == []


def states_files() -> list[Path]:
    return sorted((routes.FOLDER / "states").glob("*.yml"))
