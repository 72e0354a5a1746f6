"""Whole files: workbooks, HXL, HSDS, and those that are broken, huge or hostile."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import hxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from data import seed_files
from data.records import Exposure, Phone
from services.exchange import files, hsds_rows, plan, xlsx
from services.exchange.csv_rows import lines as csv_lines
from services.exchange.plan import Plan
from services.exchange.problems import UnreadableFile
from services.exchange.sheet import MAX_BYTES, Sheet, assemble
from services.exposure import read_by
from tests.unit.test_exchange import NOW, after, areas, compared, office, refuge, rules, sentences

HXL_SCHEMA = Path("data/standards/hxl/hxl-default-schema.json")


def book(fill: Callable[[Workbook], None]) -> bytes:
    made = Workbook()
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_rows(*rows: list[object]) -> bytes:
    def fill(made: Workbook) -> None:
        for row in rows:
            made.active.append(row)  # type: ignore[union-attr]

    return book(fill)


def sheet_of(data: bytes) -> Sheet:
    return assemble(xlsx.lines(data))


def against(sheet: Sheet, *current: object) -> Plan:
    known = {service.id: service for service in current}  # type: ignore[attr-defined]
    return plan.compare(sheet, known, rules=rules(), areas=areas(), now=NOW)


def repacked(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            content = old.read(each)
            new.writestr(each.filename, change(content) if each.filename == part else content)
    return out.getvalue()


def read_or_sentence(read: Callable[[bytes], Sheet], data: bytes) -> Sheet | None:
    try:
        return read(data)
    except UnreadableFile as told:
        if not str(told).endswith("."):
            pytest.fail(f"not a sentence: {told}")
        return None


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx", "all.json", "all.hxl.csv"])
@pytest.mark.parametrize("audience", [Exposure.PUBLIC, Exposure.WOMEN, Exposure.STAFF])
def test_an_export_of_the_seed_read_again_changes_nothing(
    tmp_path: Path, name: str, audience: Exposure
) -> None:
    services = seed_files.read().services
    files.write(tmp_path / name, services, areas(), audience=audience, today=NOW.date())

    found = against(files.read(tmp_path / name), *services)

    assert (found.problems, found.proposals) == ((), ())
    assert found.same > 300


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx", "all.json", "all.hxl.csv"])
@pytest.mark.parametrize(
    "schedule",
    [
        '"previa cita"',
        '24/7 "previa cita"',
        'Mo-Fr 09:00-15:00 "previa cita"; PH off',
        'Mo-Fr 09:00-15:00; Sa 09:00-13:00 "con cita; llame antes"',
    ],
)
def test_an_appointment_survives_every_file(tmp_path: Path, name: str, schedule: str) -> None:
    service = office(schedule=schedule)
    files.write(tmp_path / name, [service], areas(), audience=Exposure.STAFF, today=NOW.date())

    read = files.read(tmp_path / name)

    assert (against(read, service).problems, against(read, service).same) == ((), 1)
    assert after(against(read))["schedule"] == schedule


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx", "all.json", "all.hxl.csv"])
@pytest.mark.parametrize("audience", [Exposure.PUBLIC, Exposure.WOMEN])
def test_no_refuge_and_nothing_of_the_staff_leaves_by_a_file(
    tmp_path: Path, name: str, audience: Exposure
) -> None:
    hidden = office(
        "T9",
        name="Registro de personal",
        exposure=Exposure.STAFF,
    )
    mixed = office(
        phones=(Phone("961 615 5178", exposure=Exposure.STAFF),),
        staff_note="nota de personal",
        field_exposure=(("address", Exposure.STAFF),),
    )
    files.write(tmp_path / name, [hidden, mixed, refuge()], areas(), audience=audience, today=NOW.date())

    said = repr(files.read(tmp_path / name))

    assert "Centro inventado" in said
    for secret in (
        "R1",
        "Refugio",
        "Registro de personal",
        "961 615 5178",
        "nota de personal",
        "Calle Inventada",
    ):
        assert secret not in said


def test_the_workbook_has_spanish_headings_lists_and_phones_as_text(tmp_path: Path) -> None:
    files.write(tmp_path / "d.xlsx", [office()], areas(), audience=Exposure.STAFF, today=NOW.date())

    made = load_workbook(tmp_path / "d.xlsx")
    sheet = made.worksheets[0]

    assert [cell.value for cell in sheet[1]][:6] == [
        "Clave", "Nombre", "Necesidades", "Estado", "Municipio", "Teléfonos"
    ]  # fmt: skip
    assert sheet["F2"].data_type == "s"
    assert sheet.column_dimensions["F"].number_format == "@"
    listed = {str(validation.sqref).split(":")[0] for validation in sheet.data_validations.dataValidation}
    assert {"D2", "H2", "I2", "K2"} <= listed
    assert made["Listas"].sheet_state == "hidden"


def test_the_example_row_of_the_template_is_never_read(tmp_path: Path) -> None:
    files.write_template(tmp_path / "plantilla.xlsx", areas())

    sheet = files.read(tmp_path / "plantilla.xlsx")

    assert "Clave" in sheet.titles.values()
    assert sheet.rows == ()


def test_a_cell_that_would_be_a_formula_is_text_in_the_workbook_and_comes_back(tmp_path: Path) -> None:
    service = office(name="=HYPERLINK(1)", description="@SUM(1)", staff_note="+52")
    files.write(tmp_path / "d.xlsx", [service], areas(), audience=Exposure.STAFF, today=NOW.date())

    cells = next(load_workbook(tmp_path / "d.xlsx").worksheets[0].iter_rows(min_row=2))
    found = against(files.read(tmp_path / "d.xlsx"), service)

    assert all(cell.data_type != "f" for cell in cells)
    assert found.proposals == ()


def test_a_formula_in_a_sheet_is_refused_by_cell() -> None:
    found = against(sheet_of(with_rows(["Clave", "Nombre"], ["T1", "=1+1"])), office())

    assert found.proposals == ()
    assert [(p.row, p.column) for p in found.problems] == [(2, "Nombre")]
    assert "fórmula" in sentences(found)


def test_numbers_dates_and_ticks_of_a_sheet_are_read() -> None:
    data = with_rows(
        ["Clave", "Nombre", "Teléfonos", "Verificado el", "Recibe hombres", "Latitud", "Longitud"],
        ["T1", None, 9616155179, datetime(2026, 11, 3), True, 16.75, -92.5],  # noqa: DTZ001
    )

    fields = after(against(sheet_of(data), office()))

    assert fields["phones"][0]["number"] == "961 615 5179"  # type: ignore[index]
    assert (fields["verified_on"], fields["men"]) == ("2026-11-03", True)
    assert (fields["latitude"], fields["longitude"]) == (16.75, -92.5)


def test_an_hour_that_the_sheet_took_for_a_time_is_refused() -> None:
    data = with_rows(["Clave", "Nombre", "Horario"], ["T1", "", time(9, 15)])

    assert "horario" in sentences(against(sheet_of(data), office()))


def test_a_title_above_the_columns_and_a_state_merged_downwards_are_read() -> None:
    def fill(made: Workbook) -> None:
        sheet = made.active
        assert sheet is not None
        sheet.append(["Directorio de servicios"])
        sheet.merge_cells("A1:D1")  # type: ignore[union-attr]
        sheet.append(["Nombre", "Necesidades", "Estado", "Municipio"])
        sheet.append(["Comedor A", "Comida y agua", "Chiapas", "Tapachula"])
        sheet.append(["Comedor B", "Comida y agua", None, "Palenque"])
        sheet.merge_cells("C3:C4")  # type: ignore[union-attr]

    found = against(sheet_of(book(fill)))

    assert found.problems == ()
    assert [each.edit.fields["municipality"] for each in found.new] == ["07089", "07065"]


def test_cells_merged_across_columns_are_refused_by_cell() -> None:
    def fill(made: Workbook) -> None:
        sheet = made.active
        assert sheet is not None
        sheet.append(["Clave", "Nombre", "Dirección"])
        sheet.append(["T1", "Nombre y calle", None])
        sheet.merge_cells("B2:C2")  # type: ignore[union-attr]

    found = against(sheet_of(book(fill)), office())

    assert [(p.row, p.column) for p in found.problems] == [(2, "Nombre")]


def test_an_hxl_export_passes_the_hxl_validator(tmp_path: Path) -> None:
    files.write(
        tmp_path / "d.hxl.csv",
        seed_files.read().services,
        areas(),
        audience=Exposure.PUBLIC,
        today=NOW.date(),
    )

    with (tmp_path / "d.hxl.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rules_of_hxl = json.loads(HXL_SCHEMA.read_text())
    columns = sorted({tag for rule in rules_of_hxl for tag in rule})
    table = [columns, *([rule.get(tag, "") for tag in columns] for rule in rules_of_hxl)]
    errors: list[hxl.validation.HXLValidationException] = []
    schema = hxl.schema(hxl.data(table), errors.append)
    schema.validate(hxl.data(rows))

    readable = read_by(Exposure.PUBLIC, seed_files.read().services, today=NOW.date())
    assert len(rows) == len(readable) + 2
    assert [str(error) for error in errors if error.rule.severity == "error"] == []


def test_the_hxl_validator_finds_a_date_that_is_none() -> None:
    """So that the test above can fail."""
    schema = hxl.schema(
        hxl.data([["#valid_tag", "#valid_severity", "#valid_datatype"], ["#date", "error", "date"]])
    )

    assert not schema.validate(hxl.data([["#date+verified"], ["nunca"]]))


def test_an_hxl_file_with_tags_only_is_read() -> None:
    found = against(
        assemble(csv_lines(b"#meta +id,#service+name,#loc +address\nT1,,Otra calle 6\n")), office()
    )

    assert after(found) == {"address": "Otra calle 6"}


def test_another_publishers_hsds_is_read() -> None:
    service = {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Comedor inventado",
        "status": "active",
        "organization": {
            "id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610",
            "name": "Institución",
            "description": "",
        },
        "phones": [{"id": "x", "number": "+52 961 615 5178", "extension": 12, "description": "comedor"}],
        "schedules": [
            {"id": "y", "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "15:00"}
        ],
        "attributes": [{"id": "z", "taxonomy_term": {"code": "food"}}],
        "service_at_locations": [
            {
                "location": {
                    "addresses": [{"address_1": "Calle 5", "city": "Tapachula", "state_province": "Chiapas"}]
                }
            }
        ],
    }

    fields = after(against(hsds_rows.sheet(json.dumps([service]).encode())))

    assert (fields["needs"], fields["municipality"], fields["schedule"]) == (
        ["food"], "07089", "Mo,Tu 09:00-15:00"
    )  # fmt: skip
    assert fields["phones"][0] == {  # type: ignore[index]
        "number": "961 615 5178", "type": "voice", "extension": "12", "description": "comedor",
        "exposure": "public",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "schedule"),
    [
        ({"application_process": "Call for an appointment."}, 'Mo,Tu 09:00-15:00 "previa cita"'),
        ({"application_process": "Walk in: no appointment needed."}, "Mo,Tu 09:00-15:00"),
        ({"schedules": [{"attending_type": "By appointment only"}]}, '"previa cita"'),
        ({"schedules": [{"description": "previa cita, de 9 a 3"}]}, '"previa cita"'),
    ],
)
def test_another_publishers_appointment_is_read(said: dict[str, object], schedule: str) -> None:
    hours = {"byday": "MO,TU", "opens_at": "09:00", "closes_at": "15:00"}
    service = {"id": "x", "name": "Comedor inventado", "schedules": [hours], **said}

    sheet = hsds_rows.sheet(json.dumps([service]).encode())

    assert sheet.rows[0].cells["schedule"] == schedule


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "name", "phones", "contents", "attributes", "service_at_locations", "schedules"]
                )
                | st.text(),
                inner,
            )
        ),
    )
)
def test_any_json_is_read_or_refused_with_a_sentence(found: object) -> None:
    sheet = read_or_sentence(hsds_rows.sheet, json.dumps(found).encode())

    if isinstance(sheet, Sheet):
        against(sheet)


def refused(tmp_path: Path, name: str, data: bytes) -> str:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableFile) as told:
        files.read(tmp_path / name)
    return str(told.value)


GOOD = with_rows(["Clave", "Nombre"], ["T1", "Nombre"])


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "vacío"),
        ("a.csv", b" \n\n", "vacío"),
        ("a.csv", "id,name\nT1,Atención\n".encode("cp1252"), "UTF-8"),
        ("a.csv", "id,name\nT1,Atención\n".encode("utf-16"), "UTF-16"),
        ("a.csv", bytes(range(256)), "texto"),
        ("a.csv", GOOD, "xlsx"),
        ("a.csv", b'id,name\nT1,"sin cerrar\n', "comillas"),
        ("a.csv", b"id,name\nT1," + b"x" * 200_000, "larga"),
        ("a.csv", b"hola,mundo\n1,2\n", "columnas"),
        ("a.csv", b"<html><body>403</body></html>", "columnas"),
        ("a.xlsx", b"id,name\nT1,x\n", "Excel"),
        ("a.xlsx", GOOD[:-40], "Excel"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"x" * 600, "antiguo"),
        ("a.xlsx", b"PK\x03\x04" + b"\x00" * 100, "Excel"),
        ("a.json", b"{", "JSON"),
        ("a.json", b"[" * 100_000, "JSON"),
        ("a.json", b"[1, 2]", "HSDS"),
        ("a.json", b"[]", "HSDS"),
        ("a.json", b'{"a": 1}', "HSDS"),
        ("a.txt", b"id,name\n", "tipo de archivo"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    assert said in refused(tmp_path, name, data)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "carpeta.csv").mkdir()

    for name in ("nada.csv", "carpeta.csv"):
        with pytest.raises(UnreadableFile):
            files.read(tmp_path / name)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(100_000_000)

    with pytest.raises(UnreadableFile, match="MB"):
        files.read(tmp_path / "a.csv")
    assert MAX_BYTES < 100_000_000


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
        bomb.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(200):
            part.write(b"0" * 1_000_000)

    assert len(out.getvalue()) < 1_000_000
    assert "grande" in refused(tmp_path, "a.xlsx", out.getvalue())


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'

    def attack(part: bytes) -> bytes:
        return part.replace(b"<worksheet", entities + b"<worksheet", 1)

    data = repacked(GOOD, "xl/worksheets/sheet1.xml", attack)

    assert "código" in refused(tmp_path, "a.xlsx", data)


def test_a_merge_over_the_whole_sheet_and_a_row_far_below_cost_nothing() -> None:
    def attack(part: bytes) -> bytes:
        merged = b'<mergeCells><mergeCell ref="C1:XFD1048576"/></mergeCells>'
        far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
        return part.replace(b"</sheetData>", far + merged, 1)

    sheet = sheet_of(repacked(GOOD, "xl/worksheets/sheet1.xml", attack))

    assert len(sheet.rows) == 1


def test_a_row_numbered_beyond_every_sheet_is_refused_at_once(tmp_path: Path) -> None:
    far = b'<row r="999999999999"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    data = repacked(GOOD, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", far, 1))

    assert "filas" in refused(tmp_path, "a.xlsx", data)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes) -> None:
    for read in (lambda d: assemble(csv_lines(d)), sheet_of, hsds_rows.sheet):
        read_or_sentence(read, data)


@given(st.data())
def test_a_workbook_damaged_anywhere_is_read_or_refused_with_a_sentence(data: st.DataObject) -> None:
    broken = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 20))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))

    read_or_sentence(sheet_of, bytes(broken))


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("antes")

    with pytest.raises(UnreadableFile):
        files.write(tmp_path / "d.doc", [office()], areas(), audience=Exposure.PUBLIC, today=NOW.date())

    assert [path.name for path in tmp_path.iterdir()] == ["d.csv"]
    assert (tmp_path / "d.csv").read_text() == "antes"


def test_more_cells_than_columns_are_refused() -> None:
    found = compared("id,name\nT1,Calle 5, Centro\n", office())

    assert found.proposals == ()
    assert "comillas" in sentences(found)


def test_a_text_that_stands_in_every_cell_is_not_read_over_and_over() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "name", "description"])
    for number in range(3):
        sheet.append([str(number), "Comedor", "x" * 32_000])
    out = io.BytesIO()
    book.save(out)

    found = assemble(xlsx.lines(out.getvalue()))

    assert [problem.sentence for row in found.rows for problem in row.problems] == [
        "es demasiado largo; acórtelo"
    ] * 3


@pytest.mark.parametrize("line", [",\n", "x\n"])
def test_a_file_of_endless_lines_is_not_read_to_its_end(line: str) -> None:
    with pytest.raises(UnreadableFile, match="filas"):
        csv_lines(("id,name\n" + line * 100_000).encode())


def test_endless_empty_lines_take_no_place() -> None:
    found = csv_lines(("id,name\n" + "\n" * 100_000 + "1,Comedor\n").encode())

    assert [number for number, _ in found] == [1, 100_002]
