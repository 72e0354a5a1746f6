"""The mapping from the researched table to services, on invented rows and the real rules."""

from typing import Any

import pytest

from data import inegi
from data.mapping import RULES, Ledger, RulesError, map_rows, read_rules
from data.needs import Need
from data.records import Channel, Exposure, Kind, Phone, Service

Row = dict[str, str]


@pytest.fixture(scope="module")
def areas() -> inegi.Areas:
    return inegi.load()


@pytest.fixture
def rules() -> dict[str, Any]:
    return read_rules(RULES) | {"rows": {}, "splits": []}


def row(**cells: str) -> Row:
    empty = dict.fromkeys(
        ("phones", "whatsapp", "email", "website", "address", "hours", "eligibility", "notes"), ""
    )
    whole = {
        "id": "T1",
        "name": "Oficina inventada",
        "organisation": "Ayuntamiento inventado",
        "level": "estatal",
        "category": "legal; psicosocial",
        "state": "Guerrero",
        "municipality": "Chilpancingo",
        "women_only": "no",
        "accepts_children": "no confirmado",
        "languages": "es (no confirmado)",
        "cost": "gratuito",
        "source_url": "https://example.org/nota",
        "source_date": "2025-03-02",
        "confidence": "B",
    }
    return empty | whole | cells


def mapped(found: Row, rules: dict[str, Any], areas: inegi.Areas) -> tuple[Service, Ledger]:
    ledger = map_rows([found], rules, areas)
    return ledger.services[0].service, ledger


def test_categories_become_needs_and_a_plain_description(rules: dict[str, Any], areas: inegi.Areas) -> None:
    service, _ = mapped(row(), rules, areas)

    assert service.needs == (Need.LEGAL, Need.MENTAL_HEALTH)
    assert service.description == "Ofrece orientación legal y apoyo emocional."


@pytest.mark.parametrize(
    ("level", "coverage"), [("estatal", ("12",)), ("municipal", ("12029",)), ("ONG", ("12029",))]
)
def test_an_office_in_a_city_serves_its_level(
    rules: dict[str, Any], areas: inegi.Areas, level: str, coverage: tuple[str, ...]
) -> None:
    service, _ = mapped(row(level=level), rules, areas)

    assert service.coverage == coverage
    assert service.location.municipality == "12029"


def test_a_national_line_serves_the_nation(rules: dict[str, Any], areas: inegi.Areas) -> None:
    service, _ = mapped(row(level="federal", state="Nacional", municipality=""), rules, areas)

    assert service.coverage == ("00",)


def test_phones_keep_extension_option_and_channel_apart(rules: dict[str, Any], areas: inegi.Areas) -> None:
    found = row(phones="222 214 0000 ext. 225 y 226; 079 (opción 1)", whatsapp="667 697 1979")

    service, _ = mapped(found, rules, areas)

    assert service.phones == (
        Phone("222 214 0000", Channel.VOICE, "225 y 226"),
        Phone("079", Channel.VOICE, "", "opción 1"),
        Phone("667 697 1979", Channel.WHATSAPP),
    )


def test_a_phone_that_cannot_be_dialled_is_listed_not_lost(rules: dict[str, Any], areas: inegi.Areas) -> None:
    service, ledger = mapped(row(phones="075; 12 34"), rules, areas)

    assert service.phones == ()
    assert [(entry["field"], entry["value"]) for entry in ledger.unmapped] == [
        ("phones", "075"),
        ("phones", "12 34"),
    ]


def test_a_personal_number_and_a_personal_mail_are_not_repeated_anywhere(
    rules: dict[str, Any], areas: inegi.Areas
) -> None:
    rules["phones_dropped"] = [{"row": "T1", "numbers": ["747 471 0000"]}]
    found = row(phones="747 471 0000", email="persona.inventada@gmail.com")

    service, ledger = mapped(found, rules, areas)

    assert (service.phones, service.email) == ((), "")
    assert [entry["value"] for entry in ledger.unmapped] == ["", ""]


def test_hours_of_an_old_note_say_their_year(rules: dict[str, Any], areas: inegi.Areas) -> None:
    service, _ = mapped(row(hours="L-V 8:00-21:00 (2020)"), rules, areas)

    assert (service.schedule, service.schedule_note) == ("Mo-Fr 08:00-21:00; PH off", "horario de 2020")


@pytest.mark.parametrize(
    "cells",
    [
        {"category": "magia"},
        {"hours": "a veces"},
        {"municipality": "Pueblo Inventado"},
        {"state": "Estado Inventado"},
        {"source_date": "ayer"},
        {"cost": "mucho"},
        {"phones": "747 471 0000 (a veces)"},
    ],
)
def test_a_value_without_a_rule_stops_the_mapping_and_is_named(
    rules: dict[str, Any], areas: inegi.Areas, cells: Row
) -> None:
    with pytest.raises(RulesError, match="T1"):
        map_rows([row(**cells)], rules, areas)


def test_a_womens_office_is_shown_in_the_womens_flow(rules: dict[str, Any], areas: inegi.Areas) -> None:
    service, _ = mapped(row(category="mujeres; legal", women_only="sí"), rules, areas)

    assert service.exposure is Exposure.WOMEN


def test_a_row_whose_sources_conflict_is_for_staff(rules: dict[str, Any], areas: inegi.Areas) -> None:
    service, _ = mapped(row(confidence="X"), rules, areas)

    assert service.exposure is Exposure.STAFF


def test_a_split_row_gives_a_way_in_and_a_refuge_with_a_state_only(
    rules: dict[str, Any], areas: inegi.Areas
) -> None:
    rules["splits"] = [
        {
            "row": "T1",
            "named": "Oficina inventada",
            "why": "mezcla",
            "intake": {"name": "Línea inventada", "description": "Ayuda a mujeres.", "needs": ["gbv"]},
            "refuge": {"state": "12", "name": "Refugio para mujeres (Guerrero)"},
        }
    ]
    found = row(category="refugio mujeres", women_only="sí", phones="747 471 0000", address="CONFIDENCIAL")

    ledger = map_rows([found], rules, areas)

    intake, refuge = (each.service for each in ledger.services)
    assert (intake.name, intake.exposure, len(intake.phones)) == ("Línea inventada", Exposure.WOMEN, 1)
    assert (refuge.kind, refuge.exposure, refuge.coverage) == (Kind.REFUGE, Exposure.STAFF, ("12",))
    assert (refuge.phones, refuge.source.urls, refuge.location.municipality) == ((), (), "")
    assert refuge.id not in str(ledger.splits)


def test_a_split_for_a_row_of_another_name_stops_the_mapping(
    rules: dict[str, Any], areas: inegi.Areas
) -> None:
    rules["splits"] = [{"row": "T1", "named": "Otra oficina", "why": "mezcla"}]

    with pytest.raises(RulesError, match="another name"):
        map_rows([row()], rules, areas)


def test_a_note_that_tells_a_refuges_place_is_left_out_without_repeating_it(
    rules: dict[str, Any], areas: inegi.Areas
) -> None:
    found = row(category="mujeres; legal", women_only="sí", notes="Su refugio está en Tlapa.")

    service, ledger = mapped(found, rules, areas)

    assert "Tlapa" not in service.staff_note
    assert ledger.unmapped[0]["field"] == "notes"
    assert ledger.unmapped[0]["value"] == ""


def test_a_merged_row_gives_its_sources_to_the_row_that_stays(
    rules: dict[str, Any], areas: inegi.Areas
) -> None:
    rules["rows"] = {"T2": {"merge": "T1"}}
    second = row(id="T2", source_url="https://example.org/otra")

    ledger = map_rows([row(), second], rules, areas)

    assert [each.service.id for each in ledger.services] == ["T1"]
    assert ledger.services[0].service.source.urls == ("https://example.org/nota", "https://example.org/otra")
    assert ledger.unmapped[0]["row"] == "T2"
