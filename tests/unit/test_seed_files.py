"""The reader of the directory's tables: what loads, and how a broken row is named."""

import csv
from pathlib import Path

import pytest

from data.needs import Need
from data.records import Channel, Confidence, Exposure, Kind, Phone
from data.seed_files import Loaded, read

Tables = dict[str, list[dict[str, str]]]

ANSWERS = (
    "children",
    "men",
    "lgbti",
    "disability",
    "without_papers",
    "pregnant",
    "other_state",
    "indigenous",
)


def service(**cells: str) -> dict[str, str]:
    row = {
        "id": "S1",
        "organization_id": "org-1",
        "name": "Casa de prueba",
        "description": "Ofrece un lugar para dormir.",
        "url": "",
        "email": "",
        "eligibility_description": "familias",
        "fees_description": "gratuito",
    }
    return row | cells


def attributes(**cells: str) -> dict[str, str]:
    row = {
        "link_id": "S1",
        "kind": "office",
        "needs": "shelter ; food",
        "confidence": "B",
        "exposure": "public",
        "women_only": "no",
        "sons_up_to_age": "",
        "source_urls": "https://example.org/a ; https://example.org/b",
        "source_date": "2025-03",
        "verified_on": "",
        "verified_by": "",
        "staff_note": "",
    }
    return dict.fromkeys(ANSWERS, "") | row | cells


def location(**cells: str) -> dict[str, str]:
    row = {
        "id": "loc-1",
        "external_identifier": "12066",
        "city": "",
        "address_1": "Calle Inventada 5",
        "latitude": "",
        "longitude": "",
    }
    return row | cells


@pytest.fixture
def tables() -> Tables:
    """One whole service, S1, in Tlapa de Comonfort."""
    return {
        "organizations": [{"id": "org-1", "name": "Organización inventada"}],
        "services": [service()],
        "attributes": [attributes()],
        "locations": [location()],
        "service_at_location": [{"id": "sal-1", "service_id": "S1", "location_id": "loc-1"}],
        "phones": [phone("757 476 0000")],
        "schedules": [{"service_id": "S1", "opening_hours": "Mo-Fr 09:00-15:00; PH off", "notes": "de 2025"}],
        "languages": [{"service_id": "S1", "name": "español"}],
        "service_areas": [{"service_id": "S1", "extent": "12066"}],
        "short_codes": [{"number": "911", "area": "00"}, {"number": "075", "area": "14"}],
    }


def phone(number: str, **cells: str) -> dict[str, str]:
    return {"service_id": "S1", "number": number, "extension": "", "type": "voice", "description": ""} | cells


def refuge(tables: Tables, **cells: str) -> Tables:
    """Turns S1 into a refuge of Guerrero that tells nothing else."""
    tables["services"] = [service(name="Refugio para mujeres", eligibility_description="mujeres")]
    tables["attributes"] = [
        attributes(kind="refuge", needs="gbv", exposure="staff", women_only="sí", **cells),
    ]
    tables["locations"] = [location(external_identifier="12", address_1="")]
    tables["service_areas"] = [{"service_id": "S1", "extent": "12"}]
    tables["phones"] = [phone("911")]
    tables["phones"][0]["service_id"] = ""
    return tables


def load(folder: Path, tables: Tables) -> Loaded:
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return read(folder)


def reasons(loaded: Loaded) -> str:
    return " | ".join(f"{error.file}:{error.line} {error.reason}" for error in loaded.errors)


def test_a_service_is_read_with_all_its_parts(tmp_path: Path, tables: Tables) -> None:
    loaded = load(tmp_path, tables)

    assert loaded.errors == ()
    (found,) = loaded.services
    assert (found.id, found.name, found.organization) == ("S1", "Casa de prueba", "Organización inventada")
    assert found.kind is Kind.OFFICE
    assert found.needs == (Need.SHELTER, Need.FOOD)
    assert found.coverage == ("12066",)
    assert (found.location.state, found.location.municipality) == ("12", "12066")
    assert found.phones == (Phone("757 476 0000", Channel.VOICE),)
    assert (found.schedule, found.schedule_note) == ("Mo-Fr 09:00-15:00; PH off", "de 2025")
    assert found.source.urls == ("https://example.org/a", "https://example.org/b")
    assert found.source.date == "2025-03"
    assert (found.confidence, found.exposure) == (Confidence.B, Exposure.PUBLIC)
    assert found.compatibility.children is None


def test_a_broken_row_is_named_and_the_rest_loads(tmp_path: Path, tables: Tables) -> None:
    tables["services"].append(service(id="S2"))
    tables["attributes"].append(attributes(link_id="S2", needs="techo"))
    tables["service_areas"].append({"service_id": "S2", "extent": "12"})

    loaded = load(tmp_path, tables)

    assert [found.id for found in loaded.services] == ["S1"]
    assert "attributes.csv:3 un valor no está en la lista" in reasons(loaded)
    assert "services.csv:3 no se cargó" in reasons(loaded)


def test_a_phone_that_is_no_number_is_refused_and_its_service_stays(tmp_path: Path, tables: Tables) -> None:
    tables["phones"].append(phone("12 34"))

    loaded = load(tmp_path, tables)

    assert [each.number for each in loaded.services[0].phones] == ["757 476 0000"]
    assert "phones.csv:3 el teléfono no sirve" in reasons(loaded)


def test_a_short_code_counts_only_where_it_answers(tmp_path: Path, tables: Tables) -> None:
    tables["phones"] = [phone("911"), phone("075")]

    loaded = load(tmp_path, tables)

    assert [each.number for each in loaded.services[0].phones] == ["911"]
    assert [error.line for error in loaded.errors] == [3]


@pytest.mark.parametrize(
    "hours", ["Mo-Fr", "previa cita", '"previa cita: llame"', "Mo-Fr 9 a 15", "Mo-Fr 09:00-15:00; Sa"]
)
def test_hours_that_would_mean_always_open_are_refused(tmp_path: Path, tables: Tables, hours: str) -> None:
    tables["schedules"][0]["opening_hours"] = hours

    loaded = load(tmp_path, tables)

    assert loaded.services[0].schedule == ""
    assert "schedules.csv:2" in reasons(loaded)


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("service_areas", "extent", "99999", "INEGI"),
        ("attributes", "source_date", "2025-13", "fecha"),
        ("attributes", "women_only", "quizá", "women_only"),
        ("attributes", "sons_up_to_age", "doce", "edad"),
        ("services", "name", "", "name"),
        ("services", "organization_id", "org-9", "organizations.csv"),
        ("locations", "external_identifier", "33", "INEGI"),
        ("locations", "latitude", "norte", "coordenada"),
    ],
)
def test_a_wrong_cell_is_refused_with_a_sentence(
    tmp_path: Path, tables: Tables, table: str, column: str, value: str, said: str
) -> None:
    tables[table][0][column] = value

    loaded = load(tmp_path, tables)

    assert said in reasons(loaded)


def test_a_row_of_no_known_service_is_refused(tmp_path: Path, tables: Tables) -> None:
    tables["languages"].append({"service_id": "S9", "name": "náhuatl"})

    loaded = load(tmp_path, tables)

    assert "languages.csv:3 «service_id» no está en services.csv" in reasons(loaded)


def test_an_id_that_repeats_is_refused(tmp_path: Path, tables: Tables) -> None:
    tables["services"].append(service(name="Otra casa"))

    loaded = load(tmp_path, tables)

    assert [found.name for found in loaded.services] == ["Casa de prueba"]
    assert "services.csv:3 «id» está vacío o repetido" in reasons(loaded)


def test_a_missing_file_and_one_in_another_encoding_are_named(tmp_path: Path, tables: Tables) -> None:
    load(tmp_path, tables)
    (tmp_path / "languages.csv").unlink()
    (tmp_path / "schedules.csv").write_bytes("service_id,notes\nS1,mañana\n".encode("latin-1"))

    loaded = read(tmp_path)

    assert [found.id for found in loaded.services] == ["S1"]
    assert [(error.file, error.line) for error in loaded.errors] == [
        ("languages.csv", 0),
        ("schedules.csv", 0),
    ]


def test_a_refuge_loads_with_its_state_only(tmp_path: Path, tables: Tables) -> None:
    loaded = load(tmp_path, refuge(tables))

    (found,) = loaded.services
    assert found.kind is Kind.REFUGE
    assert (found.location.state, found.location.municipality, found.location.address) == ("12", "", "")


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("external_identifier", "12066", "municipality"),
        ("city", "Pueblo Secreto", "city"),
        ("address_1", "Calle Secreta 7", "address_1"),
        ("latitude", "17.5412", "latitude"),
    ],
)
def test_a_refuge_with_a_place_is_refused_without_repeating_it(
    tmp_path: Path, tables: Tables, column: str, value: str, field: str
) -> None:
    tables = refuge(tables)
    tables["locations"][0][column] = value

    loaded = load(tmp_path, tables)

    assert loaded.services == ()
    assert f"«{field}»" in reasons(loaded)
    assert value not in reasons(loaded)


def test_a_refuge_with_a_phone_or_an_area_finer_than_its_state_is_refused(
    tmp_path: Path, tables: Tables
) -> None:
    tables = refuge(tables)
    tables["phones"] = [phone("757 476 0000")]
    with_phone = load(tmp_path, tables)
    tables = refuge(tables)
    tables["service_areas"] = [{"service_id": "S1", "extent": "12066"}]
    with_area = load(tmp_path, tables)

    assert (with_phone.services, with_area.services) == ((), ())
    assert "«phones»" in reasons(with_phone)
    assert "«service_areas»" in reasons(with_area)


@pytest.mark.parametrize("exposure", ["public", "women"])
def test_a_refuge_is_for_staff_or_nobody(tmp_path: Path, tables: Tables, exposure: str) -> None:
    tables = refuge(tables)
    tables["attributes"][0]["exposure"] = exposure

    loaded = load(tmp_path, tables)

    assert loaded.services == ()
    assert "exposure" in reasons(loaded)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("name", "Refugio de Tlapa"),
        ("description", "Está en la colonia Inventada"),
        ("eligibility_description", "preguntar en Chilapa de Álvarez"),
    ],
)
def test_a_refuge_text_that_tells_its_place_is_refused_without_repeating_it(
    tmp_path: Path, tables: Tables, column: str, text: str
) -> None:
    tables = refuge(tables)
    tables["services"][0][column] = text

    loaded = load(tmp_path, tables)

    assert loaded.services == ()
    assert f"«{column}»" in reasons(loaded)
    assert text not in reasons(loaded)


def test_a_newspaper_address_that_names_the_town_of_a_refuge_is_refused(
    tmp_path: Path, tables: Tables
) -> None:
    tables = refuge(tables, source_urls="https://example.org/abren-refugio-para-mujeres-en-tlapa")

    loaded = load(tmp_path, tables)

    assert loaded.services == ()
    assert "«source_urls»" in reasons(loaded)


def test_a_womens_office_that_tells_where_the_refuge_is_is_refused(tmp_path: Path, tables: Tables) -> None:
    tables["attributes"] = [attributes(women_only="sí", needs="gbv", staff_note="Su refugio está en Tlapa.")]

    loaded = load(tmp_path, tables)

    assert loaded.services == ()
    assert "«staff_note»" in reasons(loaded)


def test_an_office_keeps_its_own_address(tmp_path: Path, tables: Tables) -> None:
    tables["attributes"] = [attributes(women_only="sí", needs="gbv", staff_note="Canaliza a un refugio.")]

    loaded = load(tmp_path, tables)

    assert loaded.services[0].location.address == "Calle Inventada 5"
