"""The order of the verification round."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.panel import rounds
from bot.panel.rounds import WHICH, Wish
from bot.panel.shelf import Entry
from data.check_store import Tries
from data.records import Confidence, Exposure, Kind, Service, Source, Status

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
TODAY = NOW.date()
OFFICE = Service(
    id="X",
    name="Oficina",
    organization="Una A.C.",
    kind=Kind.OFFICE,
    needs=(),
    coverage=("07",),
    confidence=Confidence.C,
    source=Source((), ""),
)


def entry(number: int, due: date | None, **fields: object) -> Entry:
    record = replace(OFFICE, id=f"X{number}", **fields)
    return Entry(record, "oficina", "oficina", frozenset({"07"}), frozenset(), frozenset(), due)


@dataclass(frozen=True)
class Case:
    """A record, and what is known of it."""

    entry: Entry
    reported: int
    silent_for: timedelta | None
    is_waiting: bool

    @property
    def is_due(self) -> bool:
        return self.entry.is_due(TODAY)


days = st.integers(-40, 40).map(lambda number: TODAY + timedelta(days=number))
cases = st.lists(
    st.tuples(
        st.none() | days,
        st.integers(0, 3),
        st.none() | st.integers(-5, 5).map(lambda hours: timedelta(hours=hours, minutes=1)),
        st.booleans(),
    ),
    max_size=12,
).map(lambda found: [Case(entry(n, due), *rest) for n, (due, *rest) in enumerate(found)])


def test_each_call_without_an_answer_waits_longer() -> None:
    waits = [rounds.again_at(count, NOW) - NOW for count in range(1, 7)]

    assert waits == sorted(waits)
    assert waits[0] < timedelta(days=1) < waits[-1] <= timedelta(days=7)


@given(cases=cases, which=st.sampled_from(sorted(WHICH)))
def test_reports_come_first_then_the_longest_overdue_and_nothing_is_skipped(
    cases: list[Case], which: str
) -> None:
    found = rounds.candidates((case.entry for case in cases), Wish())
    planned = rounds.plan(
        found,
        which,
        reported={case.entry.record.id: case.reported for case in cases if case.reported},
        tries={
            case.entry.record.id: Tries(1, NOW - timedelta(hours=9), NOW + case.silent_for)
            for case in cases
            if case.silent_for is not None
        },
        waiting=[case.entry.record.id for case in cases if case.is_waiting],
        now=NOW,
        today=TODAY,
    )

    chosen = {
        "": lambda case: case.reported or case.is_due,
        "reported": lambda case: case.reported,
        "due": lambda case: case.is_due,
        "all": lambda case: True,
    }[which]
    wanted = [case for case in cases if chosen(case)]
    later = [case for case in wanted if case.silent_for is not None and case.silent_for > timedelta()]
    left = [case for case in wanted if case not in later and not case.is_waiting]
    left.sort(key=lambda c: (-c.reported, c.entry.due or date.min, c.entry.record.id))
    assert list(planned.entries) == [case.entry for case in left]
    assert planned.first == sum(bool(case.reported) for case in left)
    assert planned.later == len(later)


def test_a_refuge_and_what_is_no_more_are_never_checked() -> None:
    found = rounds.candidates(
        [
            entry(1, None, kind=Kind.REFUGE, exposure=Exposure.STAFF),
            entry(2, None, status=Status.DEFUNCT),
            entry(3, None),
        ],
        Wish(),
    )

    assert [each.record.id for each in found.entries] == ["X3"]


def test_one_after_another_and_round_again() -> None:
    found = rounds.candidates([entry(number, None) for number in (1, 2, 3)], Wish())
    planned = rounds.plan(found, "", reported={}, tries={}, waiting=(), now=NOW, today=TODAY)

    seen = [planned.at(), planned.at(after="X1"), planned.at(after="X3"), planned.at("X3"), planned.at("no")]

    assert [turn.record.id for turn in seen if turn] == ["X1", "X2", "X1", "X3", "X1"]
