"""Where a refuge is leaves Faro by no way out, and what is refused of it is kept by no way in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import inegi
from data.needs import Need
from data.records import Confidence, Exposure, Kind, Phone, Service
from services import differences, editing, record_rules
from services.differences import Difference, Known
from services.exchange import area_names, plan
from services.exchange.area_names import AreaNames
from services.exchange.columns import COLUMNS
from services.exchange.sheet import Line, assemble
from services.record_rules import Rules
from services.sources import Kind as SourceKind
from services.sources import Source
from tests.fixtures.ways_out import PAPERS, WAYS, is_shown
from tests.unit.test_exchange import office
from tests.unit.test_exchange import refuge as made_refuge

NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
SOURCE = Source("lista", SourceKind.CSV, "lista.csv", cron="0 6 * * *", prefix="", exposure=Exposure.PUBLIC)

SECRET = "Zapotitlán Escondido"
PLACES = (
    f"Calle {SECRET} 12",
    f"avenida {SECRET}",
    f"Col. {SECRET}",
    f"colonia {SECRET}, c.p. 29000",
    f"{SECRET} #14",
    f"carretera {SECRET} km 4",
    f"{SECRET}, a un costado del parque",
    f"https://maps.app.goo.gl/{SECRET.replace(' ', '')}",
    f"está en Tapachula, {SECRET}",
    f"Ca\u200blle {SECRET} 12",
    f"Ｃａｌｌｅ {SECRET} 12",
)
TEXTS = ("description", "eligibility", "fees", "staff_note", "conflict", "schedule_note", "alternate_name")
REFUGES = (
    "Refugio inventado",
    "El refugio de mujeres",
    "Casa de transición inventada",
    "Casa segura inventada",
)
BASE = {"id": "X1", "needs": "gbv ; shelter", "state": "Chiapas", "women_only": "sí", "source_urls": ""}
NAMES = [column.name for column in COLUMNS]


@cache
def rules() -> Rules:
    return record_rules.load_rules()


@cache
def areas() -> AreaNames:
    return area_names.load(inegi.load())


place = st.sampled_from(PLACES)
refuges = st.fixed_dictionaries(
    {"name": st.sampled_from(REFUGES), "kind": st.sampled_from(["refuge", "office", "line", ""])},
    optional={
        "address": place,
        "locality": place,
        "municipality": st.just("Tapachula"),
        "latitude": st.just("14.90"),
        "longitude": st.just("-92.26"),
        "coverage": st.sampled_from(["Chiapas", "Tapachula, Chiapas"]),
        "phones": st.just("961 615 5178"),
        **{name: st.builds("El refugio: {}".format, place) for name in TEXTS},
    },
)


def sheet_of(cells: Mapping[str, str]) -> Any:
    lines: list[Line] = [(1, NAMES), (2, [{**BASE, **cells}.get(name, "") for name in NAMES])]
    return assemble(lines)


def refreshed(cells: Mapping[str, str]) -> Difference:
    return differences.compare(SOURCE, sheet_of(cells), Known({}, {}, rules(), areas(), NOW))


@given(refuges)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_list_says_of_where_a_refuge_is_goes_no_further(cells: dict[str, str]) -> None:
    found = refreshed(cells)

    staged = repr(found)
    made = [editing.check(None, editing.with_fields(None, i.service_id, i.fields), rules(), now=NOW)[0]
            for i in found.items]  # fmt: skip
    services = [service for service in made if service]

    assert SECRET not in staged
    for name, way in WAYS.items():
        assert SECRET not in way(services), name
        assert not (services and "14.9" in way(services)), name


REFUGE = {
    "name": "Casa segura inventada", "kind": "refuge", "municipality": "Tapachula", "address": PLACES[0],
    "latitude": "14.90", "longitude": "-92.26", "phones": "961 615 5178",
    "description": f"Está en {PLACES[2]}",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_no_report_sheet_or_preview_says_where_a_refuge_is(name: str) -> None:
    refuge = replace(made_refuge(), name="Casa segura inventada")
    hidden = [refuge, *records(refreshed(REFUGE))]
    door = office("O1", needs=(Need.SHELTER,), phones=(Phone("9616155178"),), verified_on=NOW.date())

    told, with_door = PAPERS[name](hidden), PAPERS[name]([*hidden, door])

    assert with_door != told  # a door that anybody may know of is in it, or counted
    for secret in (SECRET, "14.9", "Casa segura"):
        assert secret not in with_door


def records(found: Difference) -> list[Service]:
    made = (
        editing.check(None, editing.with_fields(None, item.service_id, item.fields), rules(), now=NOW)[0]
        for item in found.items
    )
    return [service for service in made if service]


@given(refuges)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_sheet_says_of_where_a_refuge_is_goes_no_further(cells: dict[str, str]) -> None:
    found = plan.compare(sheet_of(cells), {}, rules=rules(), areas=areas(), now=NOW)

    assert SECRET not in repr(found)


@given(refuges)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_refuge_is_shown_to_nobody_but_the_staff(cells: dict[str, str]) -> None:
    found = refreshed({**cells, "kind": "refuge", "exposure": "public"})

    for item in found.items:
        record, _ = editing.check(
            None, editing.with_fields(None, item.service_id, item.fields), rules(), now=NOW
        )
        assert record is not None
        assert record.kind is Kind.REFUGE
        assert not is_shown(record)
        assert "Refugio" not in WAYS["answers"]([record])


@pytest.mark.parametrize("name", REFUGES)
def test_a_record_called_a_refuge_may_tell_no_place_unless_it_says_what_it_is(name: str) -> None:
    telling = refreshed({"name": name, "kind": "office", "municipality": "Tapachula"})
    silent = refreshed({"name": name, "kind": "refuge"})
    way_in = refreshed({"name": f"Oficina de enlace: {name}", "kind": "office", "municipality": "Tapachula"})

    assert [problem.field for problem in telling.problems] == ["kind"]
    assert (len(silent.items), len(way_in.items)) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("nada", 1), ("needs", "abc"), ("needs", None), ("kind", "castle"), ("phones", [{}]),
     ("confidence", "Z"), ("location", {}), ("verified_on", "ayer"), ("exposure", 3), ("field_exposure", [])],
)  # fmt: skip
def test_a_field_of_the_wrong_kind_is_told_and_never_an_accident(field: str, value: Any) -> None:
    sound = {"name": "Comedor", "organization": "Comedor", "needs": ["food"], "coverage": ["07"]}
    after = editing.with_fields(None, "X1", {**sound, field: value})

    record, found = editing.check(None, after, rules(), now=NOW)

    assert record is None
    assert [each.field for each in found] == [field]


def test_a_source_can_say_neither_that_it_was_verified_nor_that_it_is_surer_or_more_public() -> None:
    source = Source("lista", SourceKind.CSV, "l.csv", cron="0 6 * * *", prefix="", page="https://ejemplo.org/l",
                    trust=Confidence.B, exposure=Exposure.WOMEN)  # fmt: skip
    cells = {
        "name": "Comedor", "needs": "food", "confidence": "A", "exposure": "public", "women_only": "no",
        "verified_on": "2026-11-20", "verified_by": "nadie", "check_due": "2030-01-01",
    }  # fmt: skip

    (item,) = differences.compare(source, sheet_of(cells), Known({}, {}, rules(), areas(), NOW)).items

    assert (item.fields["confidence"], item.fields["exposure"]) == ("B", "women")
    assert item.fields["verified_on"] is None
    assert item.fields["verified_by"] == ""
    assert item.fields["check_due"] is None
