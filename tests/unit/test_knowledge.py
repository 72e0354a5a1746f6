"""The knowledge report: figures agree with a plain recount of what invented people asked; opinions wait."""

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from data import months
from data.consultations import FREE, Consultation, Question
from data.counts import Asked, Cell, Counted, Outcome, Published
from services.reports import html, hxl, knowledge, observed, output
from services.reports.document import Document, Quotes, Section, Table
from services.reports.figures import NATION, Figures
from services.reports.matter import Matter
from services.reports.observed import Observations, Said
from services.reports.suppression import publishable
from tests.conftest import seed_directory
from tests.fixtures.papers import hxl_faults
from tests.fixtures.published import figures_of
from tools import simulate_year

TODAY = date(2026, 11, 26)
LAST = "2026-10"
WANTED = tuple(months.between("2025-11", LAST))
PEOPLE = 1200


@cache
def year() -> tuple[tuple[str, Asked], ...]:
    """Everything that invented people asked, through the real conversation, drawn together in two months."""
    directory = seed_directory()
    people = simulate_year.invented(directory.gazetteer, PEOPLE, last=LAST, seed=3)
    return tuple(
        (WANTED[-1 - number % 2], asked)
        for number, person in enumerate(people)
        for asked in simulate_year.talk(person, directory)
    )


@cache
def published() -> tuple[Published, ...]:
    cells: list[Published] = []
    for month in WANTED:
        outcomes: Counter[tuple[str, str, str]] = Counter()
        who: Counter[tuple[str, str, str]] = Counter()
        for asked in (a for m, a in year() if m == month):
            outcomes[asked.area, asked.need, asked.outcome] += 1
            if asked.outcome in (Outcome.SHOWN, Outcome.NONE):
                who.update((asked.area[:2], asked.need, each) for each in asked.who)
        counted = Counted(
            tuple(Cell(*key, n) for key, n in outcomes.items()),
            tuple(Cell(*key, n) for key, n in who.items()),
        )
        cells += publishable(counted, month)
    return tuple(cells)


@cache
def figures(state: str) -> Figures:
    return figures_of(published(), WANTED, state=state)


def report(state: str = NATION, section: Section | None = None, *, today: date = TODAY) -> Document:
    told = section or observed.section(Observations(), wanted=WANTED, state=state, threshold=10, today=today)
    return knowledge.report(Matter(figures(state), WANTED, seed_directory(), told, 10, today))


def table(document: Document, key: str) -> Table:
    return next(each for each in document.tables() if each.key == key)


def test_the_figures_agree_with_a_plain_recount() -> None:
    """A month and state count for a need and outcome when there are ten: nothing else is added up."""
    grains: dict[tuple[str, str, str, str], int] = {}
    for month, asked in year():
        key = (month, asked.area[0:2], str(asked.need), asked.outcome.value)
        grains[key] = grains.get(key, 0) + 1
    kept = {key: n for key, n in grains.items() if n > 9}
    expected = {
        outcome.value: sum(n for (_, _, _, name), n in kept.items() if name == outcome.value)
        for outcome in Outcome
    }

    first = table(report(), "finales").rows[0]

    assert [value if isinstance(value, int) else 0 for value in first[1:7]] == [
        expected[outcome.value] for outcome in Outcome
    ]
    assert sum(expected.values())


def test_the_months_add_up_to_the_total_and_the_states_too() -> None:
    rows = table(report(), "meses").rows
    states = table(report(), "lugares").rows

    for row in rows:
        assert sum(v for v in row[1:-1] if isinstance(v, int)) == (row[-1] if isinstance(row[-1], int) else 0)
    assert sum(row[2] for row in states if isinstance(row[2], int)) == rows[0][-1]


@pytest.mark.parametrize("state", [NATION, "07", "25"])
def test_no_figure_of_people_is_small(state: str) -> None:
    made = report(state)

    told_of = [each for each in made.tables() if each.key in ("meses", "personas", "finales")]
    assert {"meses", "finales"} <= {each.key for each in told_of}
    for each in told_of:
        for row in each.rows:
            counts = row[1:-1] if each.key == "finales" else row[1:]
            assert all(not isinstance(v, int) or v >= 10 for v in counts)
    assert "<script" not in html.written(made)


CLOSED = Consultation(
    "c1", "Albergues", (Question("¿Trato?", ("Bien", "Mal")), Question("¿Qué falta?")), ("07",),
    date(2026, 9, 1), date(2026, 9, 30), "Quien responde",
)  # fmt: skip


def found(**changes: object) -> Observations:
    said = tuple(
        Said("c1", 1, "2026-09", "food", f"Falta comida {n}", quotable=n == 1) for n in range(12)
    ) + tuple(Said("c1", 1, "2026-09", "other", f"Otra cosa {n}", quotable=True) for n in range(3))
    values: dict[str, object] = {
        "consultations": (CLOSED,),
        "said": said,
        "choices": {("c1", 0, 0): 15, ("c1", 0, 1): 4},
        "themes": {("c1", 1, "2026-09", "food"): 12, ("c1", 1, "2026-09", "other"): 3},
        **changes,
    }
    return Observations(**values)  # type: ignore[arg-type]


def told(observations: Observations, *, state: str = "", today: date = TODAY) -> Section:
    return observed.section(observations, wanted=WANTED, state=state, threshold=10, today=today)


def test_a_consultation_is_told_with_themes_and_quotes_and_small_ones_are_kept_back() -> None:
    section = told(found())

    rows = [row for block in section.blocks if isinstance(block, Table) for row in block.rows]
    quotes = [(b.theme, b.quotes) for b in section.blocks if isinstance(b, Quotes)]
    assert rows == [("Bien", 15), ("Mal", "pocas"), ("Comida y agua", 12), ("Otro tema", "pocas")]
    assert quotes == [("Comida y agua", ("Falta comida 1",))]


def test_quotes_follow_the_order_of_the_themes_and_none_stands_twice() -> None:
    food = [Said("c1", 1, "2026-09", "food", words, quotable=True) for words in ("Falta agua", "Falta agua")]
    waiting = [Said("c1", 1, "2026-09", "waiting", "Tardan mucho", quotable=True)]
    themes = {("c1", 1, "2026-09", "food"): 12, ("c1", 1, "2026-09", "waiting"): 20}

    section = told(found(said=(*food, *waiting), themes=themes))

    assert [(b.theme, b.quotes) for b in section.blocks if isinstance(b, Quotes)] == [
        ("La espera", ("Tardan mucho",)),
        ("Comida y agua", ("Falta agua",)),
    ]


def test_where_every_figure_is_small_a_sentence_stands_instead_of_an_empty_table() -> None:
    few = figures_of([Published("2026-10", "outcome", "07", "food", "shown", 12)], WANTED, state="07")
    made = knowledge.report(Matter(few, WANTED, seed_directory(), told(Observations()), 10, TODAY))

    keys = [each.key for each in made.tables()]
    assert "meses" in keys
    assert not {"lugares", "personas"}.intersection(keys)
    assert "En ningún lugar hubo bastantes preguntas" in html.written(made)
    assert "Muy pocas veces se dijo para quién" in html.written(made)


@pytest.mark.parametrize(
    "section",
    [
        told(found(waiting=frozenset({("c1", "2026-09")}))),
        told(found(), today=date(2026, 9, 15)),
        told(found(), state="25"),
        told(Observations()),
    ],
    ids=["an answer waits", "not over", "another state", "nothing"],
)
def test_nothing_is_told_before_it_is_over_and_read(section: Section) -> None:
    assert not [block for block in section.blocks if isinstance(block, Table | Quotes)]


def test_opinions_nobody_asked_for_are_told_by_whole_months() -> None:
    said = tuple(Said(FREE, 0, "2026-10", "cash", f"Cobran {n}", quotable=False) for n in range(10))

    free = Observations(said=said, themes={(FREE, 0, "2026-10", "cash"): 10})

    known, early = told(free), told(free, today=date(2026, 10, 31))

    assert [b.rows for b in known.blocks if isinstance(b, Table)] == [(("Dinero", 10),)]
    assert not [b for b in early.blocks if isinstance(b, Table)]


def test_a_state_has_its_municipalities_and_a_report_of_nothing_is_honest() -> None:
    cells = [Published("2026-10", "outcome", key, "food", "shown", 12) for key in ("07", "07078", "07089")]
    of_chiapas = Matter(
        figures_of(cells, WANTED, state="07"), WANTED, seed_directory(), told(Observations()), 10, TODAY
    )
    assert [row[0] for row in table(knowledge.report(of_chiapas), "lugares").rows] == ["07078", "07089"]
    empty = knowledge.report(Matter(Figures(), WANTED, seed_directory(), told(Observations()), 10, TODAY))
    assert "No hay meses publicados" in html.written(empty)


@pytest.mark.parametrize("state", [NATION, "07"])
def test_every_hxl_file_passes_the_hxl_validator(state: str) -> None:
    files = hxl.written(report(state, told(found(), state=state)))

    assert any("consulta_c1_2" in name for name in files)
    assert {name: hxl_faults(text) for name, text in files.items()} == {name: [] for name in files}


def test_the_same_report_is_the_same_bytes_and_only_the_date_changes_them(tmp_path: Path) -> None:
    section = told(found())

    first = output.write(report(section=section), tmp_path / "a", tick=lambda _: None)
    second = output.write(report(section=section), tmp_path / "b", tick=lambda _: None)
    later = html.written(report(section=section, today=date(2026, 11, 30)))

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert later.replace("30 de noviembre", "26 de noviembre") == first[0].read_text(encoding="utf-8")
    assert {path.suffix for path in first} == {".html", ".xlsx", ".pdf", ".sql", ".csv"}
