"""The protection route: its steps for a state and a situation, and finding one by number or name."""

from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from data.needs import Who
from services import routes
from services.routes import Route, Routes, Situation, Step

STEP = {
    "key": "safe",
    "title": "¿Está a salvo ahora?",
    "names": ["a salvo"],
    "what": "Llame.",
    "who": "La línea.",
    "bring": "Nada.",
    "without_papers": "No los piden.",
    "free": True,
    "cost": "Es gratis.",
    "basis": "Una ley.",
    "if_refused": "Llame otra vez.",
    "sources": ["https://example.org/nacional"],
    "services": ["MX001"],
}
NATIONAL = {
    "definition": {"text": "Quien dejó su casa.", "sources": ["https://example.org/quien"]},
    "states": {"25": "Sinaloa", "30": "Veracruz"},
    "nation": {"name": "México", "text": "Le protege la ley.", "sources": ["https://example.org/ley"]},
    "no_law": {"text": "En {state} no hay ley.", "sources": ["https://example.org/ley"]},
    "steps": [STEP, STEP | {"key": "papers", "title": "Papeles", "names": ["acta"]}],
    "variants": [
        {
            "for": ["women"],
            "unless": ["man"],
            "steps": {
                "safe": {"who": "Otra línea.", "only_services": ["MX002"], "notes": ["Para usted."]},
            },
        },
        {"for": ["no_papers"], "steps": {"safe": {"notes": ["Sin papeles también."]}}},
    ],
}
SINALOA = {
    "state": "25",
    "law": {"text": "Hay ley.", "sources": ["https://example.org/sinaloa"], "law": "Ley", "year": 2020},
    "steps": {
        "safe": {
            "who": "La línea de Sinaloa.",
            "services": ["MX056"],
            "sources": ["https://example.org/sinaloa"],
            "notes": ["También por escrito."],
        }
    },
}


@cache
def seed_routes() -> Routes:
    """For the property test, which can't take a fixture of this size as an argument."""
    return routes.load()


@pytest.fixture(scope="module")
def shipped() -> Routes:
    return seed_routes()


@pytest.fixture(scope="module")
def in_chiapas(shipped: Routes) -> Route:
    return shipped.for_person("07")


def written(
    folder: Path, *, national: dict[str, object] | None = None, state: dict[str, object] | None = None
) -> Path:
    """The small route above, or one like it, as files."""
    (folder / "states").mkdir()
    national_text = yaml.safe_dump(NATIONAL | (national or {}), allow_unicode=True)
    (folder / "national.yml").write_text(national_text, encoding="utf-8")
    state_text = yaml.safe_dump(SINALOA | (state or {}), allow_unicode=True)
    (folder / "states" / "25.yml").write_text(state_text, encoding="utf-8")
    return folder


def first_step(folder: Path, state: str, *situations: str) -> Step:
    return routes.load(written(folder)).for_person(state, frozenset(situations)).steps[0]


def test_a_state_replaces_texts_and_puts_its_records_first(tmp_path: Path) -> None:
    step = first_step(tmp_path, "25")

    assert step.who == "La línea de Sinaloa."
    assert step.what == "Llame."
    assert step.services == ("MX056", "MX001")
    assert step.sources == ("https://example.org/nacional", "https://example.org/sinaloa")


def test_a_municipality_gets_the_route_of_its_state(tmp_path: Path) -> None:
    assert first_step(tmp_path, "25006").who == "La línea de Sinaloa."


def test_a_situation_is_laid_over_the_state(tmp_path: Path) -> None:
    step = first_step(tmp_path, "25", Who.WOMEN)

    assert step.who == "Otra línea."
    assert step.services == ("MX002",)
    assert step.notes == ("También por escrito.", "Para usted.")


def test_several_situations_add_their_notes(tmp_path: Path) -> None:
    step = first_step(tmp_path, "30", Who.WOMEN, Situation.NO_PAPERS)

    assert step.notes == ("Para usted.", "Sin papeles también.")


def test_a_variant_may_leave_only_its_own_notes(tmp_path: Path) -> None:
    alone = {"for": ["disaster"], "steps": {"safe": {"only_notes": ["Solo esto."]}}}
    folder = written(tmp_path, national={"variants": [alone]})

    step = routes.load(folder).for_person("25", frozenset({Situation.DISASTER})).steps[0]

    assert step.notes == ("Solo esto.",)


def test_a_variant_is_left_out_when_somebody_is_excluded(tmp_path: Path) -> None:
    step = first_step(tmp_path, "30", Who.WOMEN, Who.MAN)

    assert step.services == ("MX001",)


def test_a_state_without_a_file_has_the_national_steps_and_says_that_it_has_no_law(tmp_path: Path) -> None:
    route = routes.load(written(tmp_path)).for_person("30")

    assert route.law.text == "En Veracruz no hay ley."
    assert not route.law.has_law
    assert route.steps[0].who == "La línea."


@pytest.mark.parametrize("state", ["", "00", "99", "x"])
def test_without_a_known_state_the_route_is_the_nations(tmp_path: Path, state: str) -> None:
    route = routes.load(written(tmp_path)).for_person(state, frozenset({"nobody knows this one"}))

    assert (route.state, route.law.text) == ("", "Le protege la ley.")
    assert len(route.steps) == 2


@pytest.mark.parametrize(
    ("national", "state", "told"),
    [
        ({"steps": []}, {}, "lacks steps"),
        ({"steps": [STEP | {"sources": []}]}, {}, "paso 1 lacks sources"),
        ({"steps": [STEP | {"without_papers": ""}]}, {}, "lacks without_papers"),
        ({"steps": [STEP | {"need": "money"}]}, {}, "not a need"),
        ({"variants": [{"for": ["martians"], "steps": {}}]}, {}, "must list some of"),
        ({"no_law": {"text": "Nada."}}, {}, "lacks sources"),
        ({}, {"state": "07"}, "must be «25»"),
        ({}, {"steps": {"nothing": {}}}, "no step is called nothing"),
        ({}, {"steps": {"safe": {"phone": "555"}}}, "phone can't stand here"),
        ({}, {"steps": {"safe": {"number": 3}}}, "number can't stand here"),
    ],
)
def test_a_broken_file_is_refused_with_what_to_do(
    tmp_path: Path, national: dict[str, object], state: dict[str, object], told: str
) -> None:
    folder = written(tmp_path, national=national, state=state)

    with pytest.raises(ValueError, match=told):
        routes.load(folder)


def test_a_file_that_is_no_mapping_is_named(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "national.yml").write_text("- una lista\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"national\.yml"):
        routes.load(folder)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (5, "registry"), ("5", "registry"), ("paso 5", "registry"), ("PASO 5.", "registry"),
        ("el paso cinco", "registry"), ("paso número 5", "registry"), ("quinto paso", "registry"),
        ("papeles", "papers"), ("mis papeles", "papers"), ("Acta de nacimiento", "papers"),
        ("CURP", "papers"),
        ("escuela", "school"), ("la escuela por favor", "school"), ("registro", "registry"),
        ("denuncia", "complaint"), ("intérprete", "language"), ("interprete", "language"),
        ("Si no le atienden", "refused"), ("¿Está a salvo ahora?", "safe"), ("paso 19", "refused"),
    ],
)  # fmt: skip
def test_a_step_is_found_by_number_or_name(
    shipped: Routes, in_chiapas: Route, said: str | int, key: str
) -> None:
    step = shipped.find(in_chiapas, said)

    assert step is not None
    assert step.key == key


@pytest.mark.parametrize(
    "said", [0, -1, 20, "0", "99", "", "paso", "5 y 6", "el 5 o el 6", "hola", "me corrieron de la escuela"]
)
def test_what_names_no_step_finds_none(shipped: Routes, in_chiapas: Route, said: str | int) -> None:
    assert shipped.find(in_chiapas, said) is None


@given(st.one_of(st.text(max_size=80), st.integers(-5, 10**9), st.from_regex(r"paso \d{1,30}")))
def test_any_text_finds_a_step_of_the_route_or_none(said: str | int) -> None:
    shipped = seed_routes()
    route = shipped.for_person("20")

    assert shipped.find(route, said) in (None, *route.steps)


def test_a_step_keeps_its_number_in_every_state_and_situation(shipped: Routes) -> None:
    expected = [(step.number, step.key) for step in shipped.steps]

    for state in ("", *shipped.states):
        for situation in (*Who, *Situation):
            route = shipped.for_person(state, frozenset({situation}))
            assert [(step.number, step.key) for step in route.steps] == expected


def test_sinaloa_and_chiapas_get_visibly_different_answers(shipped: Routes) -> None:
    sinaloa, chiapas = shipped.for_person("25"), shipped.for_person("07")

    aid = [next(s for s in route.steps if s.key == "aid") for route in (sinaloa, chiapas)]
    assert "Sebides" in aid[0].what
    assert "Protección Civil" in aid[1].what
    assert sinaloa.law.text != chiapas.law.text
    assert (sinaloa.law.year, chiapas.law.year) == (2020, 2012)
    differing = [a.key for a, b in zip(sinaloa.steps, chiapas.steps, strict=True) if a.texts != b.texts]
    assert {"aid", "papers", "registry", "school", "lawyer", "land", "future"} <= set(differing)


def test_a_state_without_a_law_says_so(shipped: Routes) -> None:
    for state in ("16", "08", "26", "10", "28", "02", "09", "22", "31"):
        law = shipped.for_person(state).law
        assert not law.has_law
        assert "no vimos ley" in law.text or "no encontramos" in law.text or "no tiene ley" in law.text, state


def test_every_situation_changes_something(shipped: Routes) -> None:
    plain = shipped.for_person("")

    for situation in (*Who, *Situation):
        route = shipped.for_person("", frozenset({situation}))
        assert [s.texts for s in route.steps] != [s.texts for s in plain.steps], situation


def test_a_child_alone_is_sent_to_those_who_protect_children(shipped: Routes) -> None:
    route = shipped.for_person("25", frozenset({Situation.CHILD_ALONE}))

    aid = next(s for s in route.steps if s.key == "aid")
    assert "Procuraduría de Protección" in aid.who
    assert aid.need == "children"


def test_a_disaster_needs_no_complaint_and_asks_protection_civil(shipped: Routes) -> None:
    route = shipped.for_person("12", frozenset({Situation.DISASTER}))

    by_key = {step.key: step for step in route.steps}
    assert "Protección Civil" in by_key["aid"].what
    assert "no hace falta" in by_key["complaint"].what
    assert "desastre" in by_key["registry"].what
    assert not [note for note in by_key["land"].notes if "ataques" in note]


@pytest.mark.parametrize("men", [Who.MAN, Who.FAMILY_WITH_MAN])
@pytest.mark.parametrize("women", [Who.WOMEN, Who.WOMAN_WITH_CHILDREN])
def test_a_man_or_his_family_gets_no_door_for_women_only(shipped: Routes, men: Who, women: Who) -> None:
    route = shipped.for_person("28", frozenset({men, women}))

    safety = next(s for s in route.steps if s.key == "safety")
    assert not {"MX002", "MX006"} & set(safety.services)
    assert safety.need != "gbv"
