"""Every figure of a report, counted again from the queries that the report lists, without its own code."""

import csv
import io
import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any

import openpyxl
import pytest

from bot import consulting
from bot.core import Core
from data import consultation_store, counts_store
from data.consultations import FREE, Consultation, Question, Standing
from data.counts import FAMILY, GRAVE, Asked, Outcome
from data.needs import Need, Who
from services.exchange.words import NEEDS, WHO
from services.reports import gathering, html, output, publishing, workbook
from services.reports.document import Cell, Document, Table
from services.reports.figures import NATION
from services.reports.words.knowledge import THEMES
from tests.fixtures.papers import squeezed, words_of

NOW, TODAY = datetime(2026, 11, 26, 18, tzinfo=UTC), date(2026, 11, 26)
WANTED = ("2026-08", "2026-09", "2026-10")
AREAS = ("07", "07078", "07101", "25", "25006", "25012", "12066", "00")
CLOSED = Consultation(
    "c1", "Albergues", (Question("¿Trato?", ("Bien", "Mal")), Question("¿Qué falta?")), ("07",),
    date(2026, 9, 1), date(2026, 9, 30), "Quien responde",
)  # fmt: skip
FRESHNESS = Path("data/seed/freshness.yml")
MAPPED = ("shelter", "health", "legal", "victim_registry", "gbv")

Row = Mapping[str, Any]

pytestmark = pytest.mark.usually_on("sqlite")
on_both = pytest.mark.usually_on("sqlite", "postgres")


@dataclass(frozen=True)
class Listed:
    """A report, and the rows that its queries give: by key, one list for each statement."""

    document: Document
    rows: Mapping[str, Sequence[Sequence[Row]]]

    def table(self, key: str) -> Table:
        return next(table for table in self.document.tables() if table.key == key)

    def of(self, key: str) -> Sequence[Row]:
        (rows,) = self.rows[key]
        return rows


@pytest.fixture
async def filled(core: Core) -> Core:
    """Three months of invented questions, a consultation that is over, and opinions that were read."""
    draw = random.Random(11)
    for month in WANTED:
        async with core.database.write() as connection:
            asked = [
                Asked(
                    draw.choice(AREAS),
                    draw.choice([*list(Need)[:6], Need.GBV]),
                    draw.choice([Outcome.SHOWN, Outcome.SHOWN, Outcome.NONE, Outcome.WRONG, Outcome.REFUSED]),
                    (draw.choice(FAMILY), draw.choice([Who.OLDER, Who.INDIGENOUS])),
                )
                for _ in range(700)
            ]
            await counts_store.add(connection, asked, month=month)
    await publishing.publish_due(core.database, threshold=10, now=NOW)
    async with core.database.write() as connection:
        await consultation_store.open_one(connection, CLOSED, now=NOW)
        for state, choice, times in (("07", 0, 15), ("25", 0, 2), ("07", 1, 4)):
            for _ in range(times):
                await consultation_store.add_choice(connection, ("c1", 0, choice, state))
        said = (("c1", 1, "food", 12), ("c1", 1, "waiting", 3), (FREE, 0, "cash", 11))
        for asked_in, question, theme, times in said:
            await _say(core, connection, asked_in, question=question, theme=theme, times=times)
    return core


async def _say(core: Core, connection: Any, asked_in: str, *, question: int, theme: str, times: int) -> None:
    for _ in range(times):
        await consultation_store.hold(
            connection, core.keys.seal("x"), consultation_id=asked_in, question=question, state="07",
            suggested="", month="2026-09",
        )  # fmt: skip
    for each in await consultation_store.opinions(connection, Standing.HELD):
        await consultation_store.release(
            connection, each.id, sealed=core.keys.seal("Hace falta"), theme=theme, quotable=True
        )


async def told(core: Core, state: str = NATION) -> Listed:
    async with core.database.read() as connection:
        directory = await core.directory(connection)
    found = await consulting.observations(core.database, core.keys)
    document = await gathering.told(
        core.database, directory, WANTED, state=state, found=found, threshold=10, today=TODAY
    )
    return await _listed(core, document)


async def compared(core: Core) -> Listed:
    async with core.database.read() as connection:
        directory = await core.directory(connection)
    document = await gathering.compared(core.database, directory, ("07", "25"), now=NOW, today=TODAY)
    return await _listed(core, document)


async def _listed(core: Core, document: Document) -> Listed:
    rows: dict[str, list[list[Row]]] = {}
    async with core.database.read() as connection:
        for query in document.queries:
            rows[query.key] = [
                [dict(row) for row in (await connection.exec_driver_sql(sql)).mappings()] for sql in query.sql
            ]
    return Listed(document, rows)


# What was asked


def summed(rows: Iterable[Row], **wanted: str) -> Cell:
    counts = [row["count"] for row in rows if all(row[name] == value for name, value in wanted.items())]
    return sum(counts) if counts else "pocas"


def added(*counts: Cell) -> Cell:
    known = [count for count in counts if isinstance(count, int)]
    return sum(known) if known else "pocas"


def asked(rows: Iterable[Row], **wanted: str) -> Cell:
    rows = list(rows)
    return added(summed(rows, name="shown", **wanted), summed(rows, name="none", **wanted))


def without_empty(rows: Iterable[Sequence[Cell]]) -> list[tuple[Cell, ...]]:
    first, *others = rows
    return [tuple(first), *(tuple(row) for row in others if any(isinstance(cell, int) for cell in row[1:]))]


@on_both
@pytest.mark.parametrize("state", [NATION, "07"])
async def test_what_was_asked_is_counted_again_from_the_listed_queries(filled: Core, state: str) -> None:
    listed = await told(filled, state)
    key = f"-{state}" if state else ""
    by_month, by_area = listed.of(f"pedido-por-mes{key}"), listed.of(f"pedido-por-lugar{key}")
    by_who = listed.of(f"pedido-por-persona{key}")
    groups = [*FAMILY, *(who for who in Who if who not in FAMILY)]

    months = [("Todas", *(asked(by_month, month=m) for m in WANTED), asked(by_month))]
    ends = [("Todas", *(summed(by_month, name=outcome) for outcome in Outcome))]
    people = [("Todas", *(summed(by_who, name=who) for who in groups))]
    for need in Need:
        months.append(
            (NEEDS[need], *(asked(by_month, need=need, month=m) for m in WANTED), asked(by_month, need=need))
        )
        ends.append((NEEDS[need], *(summed(by_month, need=need, name=outcome) for outcome in Outcome)))
        people.append((NEEDS[need], *(summed(by_who, need=need, name=who) for who in groups)))
    places = {row["area"]: asked(by_area, area=row["area"]) for row in by_area}

    assert [row["month"] for row in listed.of("meses-publicados")] == list(WANTED)
    assert list(listed.table("meses").rows) == without_empty(months)
    assert [row[:-1] for row in listed.table("finales").rows] == without_empty(ends)
    assert list(listed.table("personas").rows) == without_empty(people)
    assert {row[0]: row[2] for row in listed.table("lugares").rows} == places
    assert [column.heading for column in listed.table("personas").columns[1:]] == [WHO[g] for g in groups]
    assert months[0][-1] != "pocas"


async def test_opinions_are_counted_again_from_the_listed_queries(filled: Core) -> None:
    listed = await told(filled)
    choices, themes = listed.of("opciones-de-consultas"), listed.of("temas-de-opiniones")

    chosen = [summed((r for r in choices if r["choice"] == n), consultation="c1") for n in (0, 1)]
    by_theme = {
        asked_in: {row["theme"]: row["count"] for row in themes if row["consultation"] == asked_in}
        for asked_in in ("c1", FREE)
    }

    def small(count: Cell) -> Cell:
        return count if isinstance(count, int) and count >= 10 else "pocas"

    assert [row[1] for row in listed.table("consulta_c1_1").rows] == [small(count) for count in chosen]
    for key, asked_in in (("consulta_c1_2", "c1"), ("opiniones_2026_09", FREE)):
        expected = {NEEDS.get(t) or THEMES[t]: small(n) for t, n in by_theme[asked_in].items()}
        assert dict(listed.table(key).rows) == expected
    assert chosen == [17, 4]


# The directory


@dataclass(frozen=True)
class Records:
    """The directory's rows, and the rule that the report states, written once more."""

    services: Sequence[Row]
    parts: Sequence[Mapping[str, Sequence[Row]]]

    def shown(self, need: str, *, women: bool) -> list[Row]:
        ranks = {"public": 0, "women": 1}
        found = []
        for row in self.services:
            fits = ranks.get(row["exposure"], 9) <= (1 if women else 0) and row["kind"] != "refuge"
            fits = fits and row["confidence"] != "X" and row["status"] == "active"
            fits = fits and row["verified_result"] != "closed" and not is_dead(row)
            sure = row["confidence"] in ("A", "B") or verified(row)
            fits = fits and (sure or need not in GRAVE)
            if fits and any(each["need"] == need for each in self.of(row, 0)):
                found.append(row)
        return found

    def of(self, row: Row, part: int) -> Sequence[Row]:
        return self.parts[part].get(row["id"], [])

    def hidden(self, row: Row, field: str, *, women: bool) -> bool:
        exposures = dict(json.loads(row["field_exposure"])) if row["field_exposure"] else {}
        open_to = ("public", "women") if women else ("public",)
        return exposures.get(field, "public") not in open_to

    def municipality(self, row: Row, *, women: bool = True) -> str:
        hidden = self.hidden(row, "municipality", women=women)
        return "" if hidden else next((place["municipality"] for place in self.of(row, 2)), "")

    def covers(self, row: Row) -> list[str]:
        return [area["extent"] for area in self.of(row, 1)]

    def is_local(self, row: Row, state: str) -> bool:
        stands = [place["state"] for place in self.of(row, 2)]
        in_it = any(key.startswith(state) for key in self.covers(row) if key != "00")
        return in_it or state in stands or self.municipality(row)[:2] == state

    def has_phone(self, row: Row) -> bool:
        open_to = [each for each in self.of(row, 3) if each["exposure"] in ("public", "women")]
        return bool(open_to) and row["confidence"] != "D" and not self.hidden(row, "phones", women=True)

    def own(self, state: str) -> list[Row]:
        found = {row["id"]: row for need in Need for row in self.shown(need, women=True)}
        return [row for row in found.values() if self.is_local(row, state)]


def records(listed: Listed) -> Records:
    services, *parts = listed.rows["directorio"]
    grouped = []
    for rows in parts:
        by_service: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_service[row["service_id"]].append(row)
        grouped.append(by_service)
    return Records(services, grouped)


def verified(row: Row) -> bool:
    return row["verified_on"] is not None and row["verified_result"] not in ("no_answer", "closed")


@cache
def hidden_before() -> str:
    """The day that `hide_after_days` leaves, as ISO."""
    days = re.search(r"hide_after_days: (\d+)", FRESHNESS.read_text(encoding="utf-8"))
    assert days
    return str(TODAY - timedelta(days=int(days[1])))


def is_dead(row: Row) -> bool:
    """Nobody has vouched for it in eight years; a sure line has no age."""
    if row["kind"] == "line" and (row["confidence"] in ("A", "B") or verified(row)):
        return False
    dates = [str(row["verified_on"])] if verified(row) else []
    if row["source_date"][:4].isdigit():
        dates.append(row["source_date"] + {4: "-12-31", 7: "-31"}.get(len(row["source_date"]), ""))
    return bool(dates) and max(dates) < hidden_before()


def age(row: Row) -> int | None:
    if verified(row):
        on = date.fromisoformat(str(row["verified_on"]))
        return max((TODAY.year - on.year) * 12 + TODAY.month - on.month, 0)
    text = row["source_date"]
    if not text[:4].isdigit():
        return None
    month = int(text[5:7]) if text[5:7].isdigit() else 7
    return max((TODAY.year - int(text[:4])) * 12 + TODAY.month - month, 0)


def ages(rows: Iterable[Row]) -> float | None:
    known = [months for row in rows if (months := age(row)) is not None]
    return median(known) if known else None


@on_both
async def test_the_directory_is_counted_again_from_the_listed_queries(filled: Core) -> None:
    listed = await told(filled)
    kept = records(listed)

    rows = listed.table("directorio").rows

    keys = sorted(key for key in filled.gazetteer.areas if len(key) == 2)
    assert len(rows) == len(keys) == 32
    for key, row in zip(keys, rows, strict=True):
        own = kept.own(key)
        middle = ages(own)
        by_need = [sum(kept.is_local(r, key) for r in kept.shown(n, women=True)) for n in Need]
        assert row[1:] == (
            len(own),
            sum(1 for r in own if r["women_only"]),
            sum(1 for r in own if verified(r)),
            None if middle is None else round(middle),
            *by_need,
        ), row[0]
    assert sum(row[1] for row in rows if isinstance(row[1], int)) > 300


async def test_a_comparison_is_counted_again_from_the_listed_queries(filled: Core) -> None:
    listed = await compared(filled)
    kept = records(listed)
    own = {state: kept.own(state) for state in ("07", "25")}

    def cover(need: Need, state: str) -> tuple[int, ...]:
        found = [row for row in kept.shown(need, women=True) if kept.is_local(row, state)]
        counts = (kept.has_phone, kept.municipality, lambda row: row["women_only"])
        return len(found), *(sum(1 for row in found if is_so(row)) for is_so in counts)

    nation = {n: sum("00" in kept.covers(row) for row in kept.shown(n, women=True)) for n in Need}
    papers = [Counter(row["accepts_without_papers"] for row in own[s]) for s in ("07", "25")]
    years = [Counter(row["source_date"][:4] or "sin fecha" for row in own[s]) for s in ("07", "25")]

    assert list(listed.table("cobertura").rows) == [
        (NEEDS[need], *cover(need, "07"), *cover(need, "25"), nation[need]) for need in Need
    ]
    assert listed.table("puertas").rows[1][1:] == tuple(
        n for c in papers for n in (c[True], c[False], c[None])
    )
    assert [row[1:] for row in listed.table("frescura").rows] == list(
        zip(*(freshness(kept, own[state]) for state in ("07", "25")), strict=True)
    )
    assert {row[0]: row[1:] for row in listed.table("anios").rows} == {
        year: (years[0][year], years[1][year]) for year in {*years[0], *years[1]}
    }
    for place, state in ((1, "07"), (3, "25")):
        by_month = listed.of(f"pedido-por-mes-{state}")
        expected = [
            (summed(by_month, need=n, name="shown"), summed(by_month, need=n, name="none")) for n in Need
        ]
        assert [row[place : place + 2] for row in listed.table("preguntas").rows] == expected


def freshness(kept: Records, own: Sequence[Row]) -> tuple[float | None, ...]:
    return (
        len(own),
        sum(1 for row in own if verified(row)),
        sum(1 for row in own if row["confidence"] in ("A", "B")),
        sum(1 for row in own if row["confidence"] == "C"),
        sum(1 for row in own if not kept.has_phone(row)),
        ages(own),
    )


async def test_distances_are_measured_again_from_the_listed_queries(filled: Core) -> None:
    listed = await compared(filled)
    kept = records(listed)
    (towns_file,) = (query.file for query in listed.document.queries if query.key == "municipios")
    text = Path(towns_file).read_text(encoding="utf-8")
    towns = {row["cvegeo"]: row for row in csv.DictReader(io.StringIO(text))}

    for state in ("07", "25"):
        doors = {need: open_doors(kept, need, state) for need in MAPPED}
        for row in listed.table(f"municipios_{state}").rows:
            town = towns[str(row[0])]
            assert row[2:4] == (
                int(town["pob_total_2020"] or 0) or None,
                int(town["pob_fem_2020"] or 0) or None,
            )
            for need, km in zip(MAPPED, row[4:], strict=True):
                measured = min((kilometres(town, towns[door]) for door in doors[need]), default=None)
                assert km == (None if measured is None else pytest.approx(measured, abs=0.51)), (row, need)


def open_doors(kept: Records, need: str, state: str) -> set[str]:
    doors = set()
    for row in kept.shown(need, women=False):
        limits = [key for key in kept.covers(row) if len(key) == 2 and key != "00"]
        town = kept.municipality(row, women=False)
        if town and (not limits or state in limits):
            doors.add(town)
    return doors


def kilometres(one: Row, other: Row) -> float:
    def unit(row: Row) -> tuple[float, float, float]:
        lat, lon = math.radians(float(row["lat"])), math.radians(float(row["lon"]))
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    return 2 * 6371.0088 * math.asin(min(1.0, math.dist(unit(one), unit(other)) / 2))


# Every form names them


async def test_every_table_and_figure_names_its_queries_and_every_query_stands_in_every_form(
    filled: Core, tmp_path: Path
) -> None:
    for listed in (await told(filled), await compared(filled)):
        document = listed.document
        known = {query.key for query in document.queries}
        about = [table for table in document.tables() if table.key not in ("tablas", "consultas")]
        page = unescape(html.written(document))
        book = openpyxl.load_workbook(io.BytesIO(workbook.written(document)))
        files = output.write(document, tmp_path / document.key, tick=lambda _: None)
        script = next(path for path in files if path.suffix == ".sql").read_text(encoding="utf-8")
        paper = words_of(next(path for path in files if path.suffix == ".pdf").read_bytes())

        assert len(known) == len(document.queries)
        assert all(table.queries and set(table.queries) <= known for table in about)
        assert known == {key for table in about for key in table.queries} | {"meses-publicados"} | (
            set() if "comparacion" in document.key else {"opciones-de-consultas", "temas-de-opiniones"}
        )
        assert len(listed.table("tablas").rows) == len(about)
        assert page.count("Las mismas cifras en una tabla</a>. Consulta") == page.count("<figure")
        for table in about:
            for key in table.queries:
                assert f'href="#consulta-{key}"' in page
                assert key in str(book[table.key[:31]]["A2"].value)
        assert all(squeezed(key) in paper for key in known)
        in_book = [str(row[2].value) for row in book["consultas"].iter_rows(min_row=4)]
        for query, cell in zip(document.queries, in_book, strict=True):
            assert f'id="consulta-{query.key}"' in page
            for sql in query.sql:
                assert sql in page
                assert sql in cell
                assert squeezed(sql[:60]) in paper
                assert f"{sql};" in script
