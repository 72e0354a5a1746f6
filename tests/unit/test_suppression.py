"""Small figures: none leaves, and no two reports that can be made bring one back."""

from collections import defaultdict
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from data.counts import FAMILY, GRAVE, Cell, Counted, Outcome, Published
from data.needs import Need, Who
from services.reports.suppression import THRESHOLD, TRAITS, publishable
from tests.fixtures.published import figures_of

NEEDS = (Need.SHELTER, Need.GBV)
OUTCOMES = (Outcome.SHOWN, Outcome.NONE, Outcome.WRONG)
AREAS = ("07", "07078", "07101", "07059", "25", "25006", "00")

sizes = st.integers(0, 3) | st.integers(4, 14) | st.integers(15, 60)


@st.composite
def months(draw: st.DrawFn) -> Counted:
    """Counters of one month as the conversation can make them: who is never more than what was asked."""
    outcomes = [
        Cell(area if need not in GRAVE else area[:2], need, outcome, count)
        for need in NEEDS
        for outcome in OUTCOMES
        for area in AREAS
        if (count := draw(sizes)) and (need not in GRAVE or len(area) == 2)
    ]
    asked: dict[tuple[str, str], int] = defaultdict(int)
    for cell in outcomes:
        if cell.name in (Outcome.SHOWN, Outcome.NONE):
            asked[cell.area[:2], cell.need] += cell.count
    who = []
    for (state, need), total in asked.items():
        left = total
        for name in FAMILY:
            count = draw(st.integers(0, left))
            left -= count
            who += [Cell(state, need, name, count)] if count else []
        for name in TRAITS[:2]:
            count = draw(st.integers(0, total))
            who += [Cell(state, need, name, count)] if count else []
    return Counted(tuple(outcomes), tuple(who))


def raw(counted: Counted) -> dict[tuple[str, str, str], int]:
    """Every counter by (area, need, outcome), the smallest grain there is."""
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for cell in counted.outcomes:
        found[cell.area, cell.need, cell.name] += cell.count
    return found


def grains(cell: Published, counters: dict[tuple[str, str, str], int]) -> frozenset[tuple[str, str, str]]:
    """The counters that a published outcome is the sum of."""
    return frozenset(
        key for key in counters if key[0].startswith(cell.area) and key[1:] == (cell.need, cell.name)
    )


@given(months())
@settings(max_examples=150, deadline=None)
def test_nothing_below_the_threshold_leaves(counted: Counted) -> None:
    assert all(cell.count >= THRESHOLD for cell in publishable(counted, "2026-10"))


@given(months())
@settings(max_examples=150, deadline=None)
def test_what_leaves_is_true(counted: Counted) -> None:
    counters = raw(counted)
    people = {(cell.area, cell.need, cell.name): cell.count for cell in counted.who}

    for cell in publishable(counted, "2026-10"):
        if cell.kind == "outcome":
            assert cell.count == sum(counters[key] for key in grains(cell, counters))
        else:
            assert cell.count == people[cell.area, cell.need, cell.name]


@given(months(), months())
@settings(max_examples=120, deadline=None)
def test_the_difference_of_any_two_reports_is_nothing_or_at_least_the_threshold(
    first: Counted, second: Counted
) -> None:
    """Every figure of every report (nation or state, any months) is a set of counters: no set that one
    figure has more than another is small."""
    counters = {("2026-09", *key): n for key, n in raw(first).items()} | {
        ("2026-10", *key): n for key, n in raw(second).items()
    }
    cells = [*publishable(first, "2026-09"), *publishable(second, "2026-10")]
    figures: set[frozenset[tuple[str, ...]]] = set()
    for months_of in (("2026-09",), ("2026-10",), ("2026-09", "2026-10")):
        for area in ("", *AREAS):
            for need in (None, *NEEDS):
                for outcome in OUTCOMES:
                    held = frozenset(
                        (cell.month, *key)
                        for cell in cells
                        if cell.kind == "outcome"
                        and cell.month in months_of
                        and cell.name == outcome
                        and need in (None, cell.need)
                        and (cell.area == area if area else len(cell.area) == 2)
                        for key in grains(cell, raw(first if cell.month == "2026-09" else second))
                    )
                    figures.add(held)

    for one, other in combinations(figures, 2):
        if one < other or other < one:
            rest = sum(counters[key] for key in one ^ other)
            assert rest == 0 or rest >= THRESHOLD


@given(months())
@settings(max_examples=150, deadline=None)
def test_the_rest_of_a_state_is_nothing_or_at_least_the_threshold(counted: Counted) -> None:
    """What all published municipalities of a state leave over together can be worked out by anybody."""
    cells = [cell for cell in publishable(counted, "2026-10") if cell.kind == "outcome"]
    for state in (cell for cell in cells if len(cell.area) == 2):
        inside = sum(
            cell.count
            for cell in cells
            if len(cell.area) == 5
            and cell.area[:2] == state.area
            and (cell.need, cell.name) == (state.need, state.name)
        )
        assert not inside or state.count - inside == 0 or state.count - inside >= THRESHOLD


@given(months())
@settings(max_examples=150, deadline=None)
def test_those_who_are_not_of_a_group_are_none_or_at_least_the_threshold(counted: Counted) -> None:
    counters = raw(counted)
    cells = publishable(counted, "2026-10")
    for state, need in {(cell.area, cell.need) for cell in cells if cell.kind != "outcome"}:
        asked = [
            sum(n for key, n in counters.items() if key[0][:2] == state and key[1:] == (need, outcome))
            for outcome in (Outcome.SHOWN, Outcome.NONE)
        ]
        groups = [
            [c.count for c in cells if (c.area, c.need, c.kind) == (state, need, "family")],
            *([c.count] for c in cells if (c.area, c.need, c.kind) == (state, need, "trait")),
        ]
        for group in filter(None, groups):
            for whole in (sum(asked), sum(n for n in asked if n >= THRESHOLD)):
                rest = whole - sum(group)
                assert rest == 0 or rest >= THRESHOLD


@given(months(), st.data())
@settings(max_examples=150, deadline=None)
def test_another_month_with_other_small_figures_would_look_the_same(
    counted: Counted, data: st.DataObject
) -> None:
    """Whoever knows the rules too: a small figure of a municipality could as well have been nothing."""
    published = publishable(counted, "2026-10")
    hidden = [
        cell
        for cell in counted.outcomes
        if len(cell.area) == 5
        and cell.count < THRESHOLD
        and any(c.area == cell.area[:2] and (c.need, c.name) == (cell.need, cell.name) for c in published)
    ]
    if not hidden:
        return
    small = data.draw(st.sampled_from(hidden))
    moved = [cell for cell in counted.outcomes if cell != small]
    moved.append(Cell(small.area[:2], small.need, small.name, small.count))

    other = publishable(Counted(tuple(moved), counted.who), "2026-10")

    assert other == published


@given(months())
@settings(max_examples=100, deadline=None)
def test_danger_violence_and_who_never_leave_finer_than_a_state(counted: Counted) -> None:
    for cell in publishable(counted, "2026-10"):
        if cell.need in GRAVE or cell.kind != "outcome":
            assert len(cell.area) == 2


def test_a_figure_of_a_report_is_a_sum_of_published_cells_and_small_ones_are_none() -> None:
    cells = (
        Published("2026-09", "outcome", "07", Need.SHELTER, Outcome.SHOWN, 12),
        Published("2026-10", "outcome", "07", Need.SHELTER, Outcome.SHOWN, 20),
        Published("2026-10", "outcome", "25", Need.SHELTER, Outcome.NONE, 30),
        Published("2026-10", "outcome", "07078", Need.SHELTER, Outcome.SHOWN, 11),
        Published("2026-10", "family", "07", Need.SHELTER, Who.WOMEN, 10),
    )
    nation = figures_of(cells, ("2026-09", "2026-10"))
    state = figures_of(cells, ("2026-10",), state="07")

    assert nation.asked() == 62
    assert nation.in_areas((Outcome.SHOWN, Outcome.NONE)) == {"07": 32, "25": 30}
    assert state.outcome(Outcome.SHOWN, need=Need.SHELTER) == 20
    assert state.outcome(Outcome.NONE) is None
    assert state.in_areas((Outcome.SHOWN,)) == {"07078": 11}
    assert (nation.who(Who.WOMEN), state.who(Who.MAN)) == (10, None)


def test_one_small_place_takes_another_with_it() -> None:
    counted = Counted(
        (
            Cell("07078", Need.FOOD, Outcome.SHOWN, 40),
            Cell("07101", Need.FOOD, Outcome.SHOWN, 12),
            Cell("07059", Need.FOOD, Outcome.SHOWN, 3),
        ),
        (),
    )

    assert [(cell.area, cell.count) for cell in publishable(counted, "2026-10")] == [
        ("07", 55),
        ("07078", 40),
    ]
