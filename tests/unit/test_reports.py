"""Two states compared and printed sheets: figures recomputed, files that tools accept, nobody findable."""

import csv
import io
import itertools
import math
import re
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.needs import Need
from data.records import Exposure, Service
from services.namefiles import read_rows
from services.reports import comparison, coverage, distances, facts, html, output, pdf, sheet, unmet, workbook
from services.reports import hxl as hxl_files
from services.reports.document import Checks, Column, Document, Figure, Quotes, Section, Table, Text, shown
from services.reports.facts import Aspect, Seen
from services.reports.pair import Pair
from services.reports.spoken import ReportError, file_name, state_key
from tests.conftest import seed_directory
from tests.fixtures.papers import hxl_faults, pages_of, squeezed, words_of
from tests.unit.test_exchange import office, refuge
from tests.unit.test_exchange_exposure import directory_of

TODAY = date(2026, 11, 26)
GAZETTEER = Path("data/seed/gazetteer/municipios.csv")


@cache
def document(a: str = "07", b: str = "25", day: date = TODAY) -> Document:
    return comparison.compare(Pair(a, b, seed_directory(), facts.load(), day), unmet=unmet.none())


def hostile(words: str) -> Document:
    columns = (Column("Qué", "#need"), Column("Cuántas", "#reached+num", 0))
    blocks = (
        Text((words,)),
        Table("t", words, columns, ((words, 3), ("b", None)), note=words),
        Checks((words,)),
        Quotes(words, (words,)),
        Text((words,), heading=words),
    )
    return Document("prueba", words, words, TODAY, (Section("s", words, blocks),), (words,))


# Figures, recomputed from the files without any code of the reports


def recomputed_spread(state: str, need: Need, weight: str) -> tuple[float, float]:
    """Median and mean in kilometres, straight from the gazetteer's file and the records."""
    with GAZETTEER.open(encoding="utf-8") as file:
        rows = {row["cvegeo"]: row for row in csv.DictReader(file)}
    doors = {
        service.location.municipality
        for service in seed_directory().for_need(need, today=TODAY, women=False)
        if service.location.municipality
        and (state in service.coverage or not any(len(key) == 2 and key != "00" for key in service.coverage))
    }

    def unit(key: str) -> tuple[float, float, float]:
        lat, lon = (math.radians(float(rows[key][name])) for name in ("lat", "lon"))
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    def km(a: str, b: str) -> float:
        chord = math.dist(unit(a), unit(b))
        return 2 * 6371.0088 * math.asin(min(1.0, chord / 2))

    everybody = []
    for key, row in rows.items():
        if key.startswith(state) and row[weight]:
            everybody += [(min(km(key, door) for door in doors), int(row[weight]))]
    total = sum(count for _, count in everybody)
    nearest = sorted(everybody)
    upto = itertools.accumulate(count for _, count in nearest)
    median = next(km for (km, _), reached in zip(nearest, upto, strict=True) if reached * 2 >= total)
    return median, sum(d * count for d, count in everybody) / total


@pytest.mark.parametrize("state", ["07", "25", "20"])
@pytest.mark.parametrize("need", [Need.SHELTER, Need.LEGAL])
def test_distances_agree_with_an_independent_recomputation(state: str, need: Need) -> None:
    found = distances.ways(seed_directory(), state, need, today=TODAY)

    everybody = distances.spread(found, distances.people)
    women = distances.spread(found, distances.women_and_girls)

    median, mean = recomputed_spread(state, need, "pob_total_2020")
    median_women, mean_women = recomputed_spread(state, need, "pob_fem_2020")
    assert everybody.median == pytest.approx(median, abs=0.01)
    assert everybody.mean == pytest.approx(mean, abs=0.01)
    assert women.median == pytest.approx(median_women, abs=0.01)
    assert women.mean == pytest.approx(mean_women, abs=0.01)


def test_coverage_agrees_with_a_count_over_the_seed_files() -> None:
    folder = Path("data/seed/directory")
    areas: dict[str, set[str]] = {}
    for row in read_rows(folder / "service_areas.csv"):
        areas.setdefault(row["service_id"], set()).add(row["extent"])
    shown = {
        service.id for need in Need for service in seed_directory().for_need(need, today=TODAY, women=True)
    }

    for state in ("07", "25"):
        records = {service.id for service in coverage.records_of(seed_directory(), state, today=TODAY)}
        by_area = {i for i, keys in areas.items() if any(key[:2] == state for key in keys)} & shown
        assert by_area <= records


# The document and its files


def test_every_figure_has_a_table_with_the_same_figures_and_every_key_is_used_once() -> None:
    made = document()
    keys = [table.key for table in made.tables()]
    figures = [block for section in made.sections for block in section.blocks if isinstance(block, Figure)]

    assert len(keys) == len(set(keys))
    assert figures
    assert all(figure.table in keys for figure in figures)
    assert all(len(row) == len(table.columns) for table in made.tables() for row in table.rows)


def test_what_nobody_saw_is_said_as_not_seen_and_what_was_seen_has_its_source() -> None:
    (law,) = (table for table in document().tables() if table.key == "marco")
    (sources,) = (table for table in document().tables() if table.key == "marco_fuentes")
    rows = {row[0]: row[1:] for row in law.rows}

    assert rows["Disposiciones para mujeres"] == ("no visto", "no visto")
    assert rows["Año"] == ("2012", "2020")
    assert str(rows["Fondo"][0]) == "no visto"
    assert str(rows["Fondo"][1]).startswith("Fondo Especial")
    assert all(row[3] for row in sources.rows if row[2] != "no visto")


@pytest.mark.parametrize(("a", "b"), [("09", "15"), ("20", "31"), ("16", "08")])
def test_any_two_states_can_be_compared(a: str, b: str) -> None:
    assert len(html.written(document(a, b))) > 20_000


def test_the_same_report_is_the_same_bytes_and_only_the_date_changes_them(tmp_path: Path) -> None:
    first = output.write(document(), tmp_path / "a", tick=lambda _: None)
    second = output.write(document.__wrapped__(), tmp_path / "b", tick=lambda _: None)
    later = html.written(document(day=date(2026, 11, 30)))

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert later.replace("30 de noviembre", "26 de noviembre") == first[0].read_text(encoding="utf-8")
    assert {path.suffix for path in first} == {".html", ".xlsx", ".pdf", ".sql", ".csv"}


def test_every_hxl_file_passes_the_hxl_validator() -> None:
    files = hxl_files.written(document())

    assert files
    assert {name: hxl_faults(text) for name, text in files.items()} == {name: [] for name in files}


def test_the_workbook_holds_every_table_and_opens() -> None:
    made = document()

    book = openpyxl.load_workbook(io.BytesIO(workbook.written(made)))

    assert book.sheetnames == ["Leer", *(table.key[:31] for table in made.tables())]
    (spreads,) = (table for table in made.tables() if table.key == "distancia")
    values = [tuple(cell.value for cell in row) for row in book["distancia"].iter_rows(min_row=4)]
    assert values == [tuple(row) for row in spreads.rows]


def test_the_pdf_says_what_the_page_says() -> None:
    said = words_of(pdf.written(document()))

    for table in document().tables():
        for row in table.rows:
            for cell, column in zip(row, table.columns, strict=True):
                start = shown(cell, column)[:25]  # a long cell may go on over the page
                assert squeezed(start) in said, (table.key, cell)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += [tag, *(name for name, _ in attrs)]


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_words_are_words_in_every_form(words: str) -> None:
    plain, strange = _Tags(), _Tags()

    plain.feed(html.written(hostile("palabra")))
    strange.feed(html.written(hostile(words)))
    hxl_files.written(hostile(words))
    workbook.written(hostile(words))

    assert strange.tags == plain.tags


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        '=HYPERLINK("http://x")',
        '#eval("1") $x$ *a* @b \\u{1} `c` //d',
        "\x00\x01\ud7ff\uffff",
        "«Ñandú» ñ á 漢字 🙂 " * 40,
    ],
)
def test_hostile_words_reach_no_interpreter(words: str, tmp_path: Path) -> None:
    files = output.write(hostile(words), tmp_path, tick=lambda _: None)

    page = next(path for path in files if path.suffix == ".html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(next(path for path in files if path.suffix == ".xlsx"))
    assert "<script" not in page
    assert all(cell.data_type != "f" for name in book for row in name.iter_rows() for cell in row)
    assert next(path for path in files if path.suffix == ".pdf").read_bytes().startswith(b"%PDF")


def test_a_page_needs_nothing_from_elsewhere() -> None:
    page = html.written(document())

    assert not re.search(r"(?:src|url|@import)\s*[=(]\s*[\"']?https?:", page)
    assert "<script" not in page


# Nobody is findable


PLACE = "Calle Escondida 77"


def with_refuge(*more: Service) -> Document:
    hidden = replace(refuge(), id="R1", name="Casa que nadie nombra")
    directory = directory_of(office(), hidden, *more)
    pair = Pair("07", "25", directory, facts.load(), TODAY)
    return comparison.compare(pair, unmet=unmet.none())


def test_a_refuge_is_in_no_report_and_in_no_sheet(tmp_path: Path) -> None:
    files = output.write(with_refuge(), tmp_path, tick=lambda _: None)

    text = "".join(path.read_text(encoding="utf-8") for path in files if path.suffix in (".html", ".csv"))
    book = openpyxl.load_workbook(next(path for path in files if path.suffix == ".xlsx"))
    cells = repr([row for name in book for row in name.iter_rows(values_only=True)])

    assert "nadie nombra" not in text + cells
    directory = directory_of(replace(refuge(), id="R1", name="Casa que nadie nombra"))
    printed = sheet.make(directory, "07101", link="", today=TODAY)
    assert "nadie nombra" not in repr(printed)


def test_a_door_for_women_changes_no_figure_of_a_municipality() -> None:
    """Its distance would tell where it is: it counts only over the whole state."""
    door = office(
        "W1",
        needs=(Need.GBV,),
        exposure=Exposure.WOMEN,
        verified_on=TODAY,
    )
    plain, with_door = with_refuge(), with_refuge(door)

    tables = [
        {table.key: table.rows for table in each.tables() if table.key.startswith("municipios")}
        for each in (plain, with_door)
    ]

    assert tables[0] == tables[1]


# Sheets


@given(st.sampled_from(sorted(k for k in seed_directory().gazetteer.areas if len(k) == 5)))
@settings(max_examples=60, deadline=None)
def test_every_municipality_has_a_sheet_whose_numbers_stand_in_the_directory(key: str) -> None:
    made = sheet.make(seed_directory(), key, link="https://wa.me/525500000000", today=TODAY)

    public = {
        number.number for service in seed_directory().all_public(today=TODAY) for number in service.phones
    }
    lines = (*made.now, *made.near)
    assert any(line.phone == "911" for line in made.now)
    assert all(any(line.phone.startswith(number) for number in public) for line in lines if line.phone)
    assert len(made.message) <= sheet.SMS_UNITS
    assert made.message.isascii() or set(made.message) <= sheet._GSM
    assert "911" in made.message


@pytest.mark.parametrize("key", ["12066", "20406", "07078", "30191", "05030"])
def test_a_sheet_is_one_page_of_a4(key: str) -> None:
    made = sheet.make(seed_directory(), key, link="https://wa.me/525500000000", today=TODAY)

    printed = sheet.printed(made)

    said = words_of(printed)
    assert pages_of(printed) == [(595, 842)]
    assert all(squeezed(line.phone) in said for line in (*made.now, *made.near))


def test_an_unverified_number_says_so_on_the_sheet() -> None:
    made = sheet.make(seed_directory(), "12066", link="", today=TODAY)

    by_name = {line.name: line for line in made.near}
    unsure = [line for name, line in by_name.items() if "CECOSAMA" in name]
    assert unsure
    assert all("dato por verificar" in line.note for line in unsure)


def test_no_service_is_invented_where_none_is_on_record() -> None:
    made = sheet.make(directory_of(), "07101", link="", today=TODAY)

    assert made.now == ()
    assert all(not line.phone for line in made.near)
    assert "A quién le toca ayudar" in made.near[0].name


# What goes wrong


@pytest.mark.parametrize("text", ["", "   ", "Atlántida", "99", "\x00", "a" * 5000, "Chi\napas<b>"])
def test_an_unknown_state_is_a_sentence(text: str) -> None:
    with pytest.raises(ReportError) as raised:
        state_key(seed_directory().gazetteer, text)

    assert len(str(raised.value)) < 200
    assert "\n" not in str(raised.value)


def test_a_municipality_is_no_state_and_a_state_is_not_compared_with_itself() -> None:
    with pytest.raises(ReportError, match="es un municipio de Chiapas"):
        state_key(seed_directory().gazetteer, "Tapachula")
    with pytest.raises(ReportError, match="el mismo"):
        document("07", "07")


def test_states_are_found_by_key_and_as_people_write_them() -> None:
    gazetteer = seed_directory().gazetteer

    assert [state_key(gazetteer, text) for text in ("07", "chiapas", "SINALOA", "Edomex", "cdmx")] == [
        "07",
        "07",
        "25",
        "15",
        "09",
    ]


def test_an_ambiguous_municipality_is_told_with_its_keys() -> None:
    with pytest.raises(ReportError, match="20208"):
        sheet.place_of(seed_directory(), "San Juan Mixtepec, Oaxaca")


def test_an_empty_directory_gives_an_honest_report() -> None:
    made = comparison.compare(Pair("07", "25", directory_of(), facts.load(), TODAY), unmet=unmet.none())

    page = html.written(made)

    assert "no hay ninguna puerta registrada" in page
    (cover,) = (table for table in made.tables() if table.key == "cobertura")
    assert all(value == 0 for row in cover.rows for value in row[1:])


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(ReportError, match="No pude escribir"):
        output.put(tmp_path / "file" / "x.pdf", b"x")


@given(st.text(max_size=40))
def test_a_file_name_is_plain(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", file_name(text))


def test_facts_that_cannot_be_used_name_their_row(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    head = "state,aspect,status,value,source,source_date,note\n"
    for row in ("07,magic,seen,x,y,,\n", "07,year,seen,2012,,,\n", "07,year,seen,,http://x,,\n"):
        path.write_text(head + row, encoding="utf-8")
        with pytest.raises(ValueError, match="row 2"):
            facts.load(path)
    path.write_text(head + "07,year,not_seen,,,,\n" * 2, encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        facts.load(path)


def test_a_fact_that_stands_nowhere_was_not_seen() -> None:
    assert facts.load().of("31", Aspect.FUND).status is Seen.NOT_SEEN
