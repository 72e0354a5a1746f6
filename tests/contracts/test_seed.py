"""The shipped directory against its source, the gazetteer, the needs and the safety rules."""

import csv
import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import opening_hours
import pytest

from data import inegi, refuge_screen
from data.mapping import RULES, SOURCE, map_rows, own_tables, read_rules, read_source
from data.needs import Need, Who
from data.records import Confidence, Exposure, Kind, Service
from data.seed_files import SEED, Loaded, read
from data.seed_tables import tables, write
from services import record_rules
from services.matching import Question, find
from tests.conftest import NOW, seed_directory

LONGEST_DESCRIPTION = 160
LONGEST_SENTENCE = 20
JARGON = re.compile(
    r"\b(NNA|DDHH|DFI|LGBTTTIQ|canaliza\w*|derivaci[oó]n|interseccional\w*|vulnerabilidad|contención|psicosocial|"
    r"perspectiva de género|integral)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return read()


@pytest.fixture(scope="module")
def source() -> list[dict[str, str]]:
    return read_source(SOURCE)


def table(name: str) -> list[dict[str, str]]:
    with (SEED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refuges(loaded: Loaded) -> list[Service]:
    return [service for service in loaded.services if service.kind is Kind.REFUGE]


def test_every_row_of_the_seed_loads(loaded: Loaded) -> None:
    assert loaded.errors == ()
    assert len(loaded.services) == len(table("services"))


def test_the_mapping_run_again_gives_the_same_bytes(tmp_path: Path) -> None:
    rules, areas = read_rules(RULES), inegi.load()
    ledger = map_rows(read_source(SOURCE), rules, areas)

    write(tables(ledger.services, areas) | own_tables(ledger, rules), tmp_path)

    shipped = {path.name: path.read_bytes() for path in SEED.glob("*.csv")}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == shipped


def test_every_source_row_is_a_service_or_is_listed(loaded: Loaded, source: list[dict[str, str]]) -> None:
    services = {service.id for service in loaded.services}
    whole_rows = {row["row"] for row in table("unmapped") if row["field"] == "(toda la fila)"}
    splits = {row["row"] for row in table("splits")}

    assert {row["id"] for row in source} - services - whole_rows - splits == set()


def test_every_phone_of_the_source_is_shown_or_listed(loaded: Loaded, source: list[dict[str, str]]) -> None:
    shown = {service.id: len(service.phones) for service in loaded.services}
    whole_rows = {row["row"] for row in table("unmapped") if row["field"] == "(toda la fila)"}

    for row in source:
        listed = sum(
            e["row"] == row["id"] and e["field"] in ("phones", "whatsapp") for e in table("unmapped")
        )
        printed = sum(len(row[column].split("; ")) for column in ("phones", "whatsapp") if row[column])
        if row["id"] not in whole_rows:
            assert shown.get(row["id"], 0) + listed == printed, row["id"]


def test_every_need_of_the_directory_is_one_that_faro_knows() -> None:
    codes = {code for row in table("attributes") for code in row["needs"].split(" ; ")}

    assert codes <= set(Need)


def test_every_key_is_in_the_gazetteer(loaded: Loaded) -> None:
    areas = inegi.load()

    for service in loaded.services:
        assert all(areas.knows(key) for key in service.coverage), service.id
        assert service.location.municipality[:2] in ("", service.location.state), service.id


def test_every_schedule_evaluates(loaded: Loaded) -> None:
    noon = datetime(2026, 11, 4, 12, tzinfo=ZoneInfo("America/Mexico_City"))

    schedules = {service.schedule for service in loaded.services if service.schedule}

    assert len(schedules) > 10
    assert all(opening_hours.OpeningHours(schedule).is_open(noon) in (True, False) for schedule in schedules)
    assert not any(re.search(r"[A-Z][a-z](?:;|$)", schedule) for schedule in schedules)


def test_no_refuge_has_a_place_a_phone_or_a_reader_outside_the_staff(loaded: Loaded) -> None:
    found = refuges(loaded)

    assert len(found) == sum(row["refuge"] == "sí" for row in table("splits"))
    for refuge in found:
        place = refuge.location
        assert (place.municipality, place.locality, place.address, place.latitude) == ("", "", "", None)
        assert (refuge.phones, refuge.website, refuge.email, refuge.source.urls) == ((), "", "", ())
        assert refuge.exposure is Exposure.STAFF


def test_no_file_of_the_seed_ties_a_refuge_to_a_town() -> None:
    """Links that name a women's refuge and a town in one breath, in any column of any file."""
    names = refuge_screen.prepare(inegi.load().place_names())
    files = [SOURCE, *SEED.glob("*.csv")]
    links = {link for path in files for link in re.findall(r"https?://[^\s,\"]+", path.read_text("utf-8"))}
    about_women = {link for link in links if "mujer" in link and refuge_screen.speaks_of_a_refuge(link)}

    telling = {link for link in about_women if refuge_screen.places_in(link.split("/", 3)[-1], names)}

    assert telling == set()


def test_what_was_left_out_does_not_repeat_what_the_screen_refused() -> None:
    assert all(row["value"] == "" for row in table("unmapped") if "refugio" in row["reason"])


def test_confidence_d_has_no_phone_and_x_is_for_staff(loaded: Loaded) -> None:
    assert not [each.id for each in loaded.services if each.confidence is Confidence.D and each.phones]
    assert {each.exposure for each in loaded.services if each.confidence is Confidence.X} == {Exposure.STAFF}


def test_every_short_code_stands_with_its_place(loaded: Loaded) -> None:
    codes = {(row["number"], row["area"]) for row in table("short_codes")}

    for service in loaded.services:
        for phone in service.phones:
            if len(phone.number) < 10:
                assert any(
                    phone.number == number and (area == "00" or key.startswith(area))
                    for number, area in codes
                    for key in service.coverage
                ), (service.id, phone.number)


def test_the_anonymous_report_line_is_never_help_that_comes(loaded: Loaded) -> None:
    reports = [each for each in loaded.services if any(phone.number == "089" for phone in each.phones)]

    assert reports
    assert not any(Need.EMERGENCY in each.needs for each in reports)


def test_the_lines_that_danger_answers_stand_on_are_sourced_and_open(loaded: Loaded) -> None:
    services = {service.id: service for service in loaded.services}

    shown = {
        key: (services[key].phones[0].number, services[key].exposure) for key in ("MX001", "MX002", "MX004")
    }

    assert shown == {
        "MX001": ("911", Exposure.PUBLIC),
        "MX002": ("079", Exposure.PUBLIC),
        "MX004": ("800 911 2000", Exposure.PUBLIC),
    }
    assert all(services[key].confidence is Confidence.A for key in shown)


def test_shelter_is_never_claimed_by_a_way_into_a_refuge(loaded: Loaded) -> None:
    ways_in = {row["intake_id"] for row in table("splits")} - {"MN059"}

    assert not [each.id for each in loaded.services if each.id in ways_in and Need.SHELTER in each.needs]


def test_a_fact_without_the_address_of_its_source_says_so_and_is_not_trusted(loaded: Loaded) -> None:
    unsourced = [s for s in loaded.services if not s.source.urls and s.kind is not Kind.REFUGE]

    assert unsourced
    for each in unsourced:
        assert each.confidence in (Confidence.C, Confidence.D), each.id
        assert "confirme el dato" in each.staff_note, each.id


def test_every_record_passes_the_rules_that_an_edit_must_pass(loaded: Loaded) -> None:
    rules = record_rules.load_rules()
    today = date(2026, 11, 26)

    assert [(s.id, p) for s in loaded.services for p in record_rules.problems(s, rules, today=today)] == []


READS_AS_FOR_WOMEN = re.compile(
    r"\b(mujer|violeta|esmeralda|madres|muchacha|embarazada|femini|de género|violencia familiar|"
    r"delitos sexuales)",
    re.IGNORECASE,
)
FOR_OTHERS_TOO = {
    "MX030": "whoever lived a sexual crime",
    "MX047": "displaced families; mothers with babies only come first",
    "MX079": "families of missing and of displaced people",
    "MX087": "children at risk, whoever reports it",
    "MN027": "families; food and emotional support",
    "MN074": "families",
    "MN078": "families, and children at risk",
    "MN085": "mothers, fathers and whoever cares for children",
    "MN110": "anybody: it is the state's 911",
    "MN154": "anybody in a crisis",
    "MS058": "anybody: a prosecutor's office",
}


def test_what_reads_as_for_women_is_marked_so_or_named_here_as_for_others_too(loaded: Loaded) -> None:
    unmarked = {
        service.id
        for service in loaded.services
        if service.exposure is not Exposure.STAFF
        and not service.compatibility.women_only
        and Who.WOMEN not in service.only_for
        and READS_AS_FOR_WOMEN.search(f"{service.name} {service.description} {service.eligibility}")
    }

    assert unmarked == set(FOR_OTHERS_TOO)


def test_what_is_for_others_too_is_no_door_for_a_man_in_violence_unless_known(loaded: Loaded) -> None:
    for service in loaded.services:
        if service.id in FOR_OTHERS_TOO and Need.GBV in service.needs and service.compatibility.men is None:
            question = Question(Need.GBV, service.coverage[0], (Who.MAN,), NOW)
            assert service.id not in [m.service.id for m in find(seed_directory(), question)], service.id


def test_somewhere_to_complain_of_money_asked_for_aid_is_on_record(loaded: Loaded) -> None:
    lines = [s for s in loaded.services if Need.AID_ABUSE in s.needs and "00" in s.coverage and s.phones]

    assert any(s.confidence is Confidence.A for s in lines)


def test_descriptions_are_short_and_plain(loaded: Loaded) -> None:
    for service in loaded.services:
        text = service.description
        assert 10 <= len(text) <= LONGEST_DESCRIPTION, service.id
        assert text.endswith("."), service.id
        assert not JARGON.search(text), service.id
        sentences = re.split(r"[.:;]\s", text)
        assert max(len(sentence.split()) for sentence in sentences) <= LONGEST_SENTENCE, service.id


def test_texts_for_a_person_speak_to_usted(loaded: Loaded) -> None:
    familiar = re.compile(r"\b(tú|tu|tus|eres|puedes|llama|marca|pide)\b", re.IGNORECASE)

    assert not [each.id for each in loaded.services if familiar.search(each.description)]
    assert not [
        each.id for each in loaded.services if re.search(r"\b(eres|puedes|tienes)\b", each.eligibility)
    ]


def test_no_personal_mail_address_is_kept(loaded: Loaded) -> None:
    assert not [
        each.id for each in loaded.services if re.search(r"@(gmail|hotmail|yahoo|outlook)", each.email)
    ]
