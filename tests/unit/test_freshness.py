"""How old a fact may grow before it is checked again, warned of, or shown no more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows import listing
from data.needs import Need
from data.records import Confidence, Exposure, Kind, Location, Phone, Result, Service, Source, Status
from services import directory as directories
from services import freshness, ladder, matching, routes
from services.directory import Directory, Operator
from services.exposure import seen_by
from services.matching import Question
from tests.conftest import seed_gazetteer

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
OFFICE = Service(
    id="X1",
    name="Oficina inventada",
    organization="Institución inventada",
    kind=Kind.OFFICE,
    needs=(Need.LEGAL,),
    coverage=("07089",),
    confidence=Confidence.B,
    source=Source(("https://ejemplo.org/lista",), "2026-03-15"),
    phones=(Phone("961 615 5178"),),
    location=Location(state="07", municipality="07089"),
)
LINE = replace(OFFICE, id="L1", kind=Kind.LINE, coverage=("00",), location=Location())


def directory(*services: Service) -> Directory:
    return directories.build(
        services,
        version=1,
        gazetteer=seed_gazetteer(),
        ladder=ladder.load(),
        routes=routes.load(),
        operator=Operator(),
    )


def found(service: Service, *, need: Need = Need.LEGAL, women: bool = False) -> list[matching.Match]:
    question = Question(need=need, place="07089", who=(), now=NOW, women=women)
    return list(matching.find(directory(service), question))


def dated(service: Service, text: str) -> Service:
    return replace(service, source=replace(service.source, date=text))


def test_the_shortest_period_counts_and_a_line_has_its_own() -> None:
    periods = freshness.load()
    shelter = replace(OFFICE, needs=(Need.LEGAL, Need.SHELTER))

    assert periods.of(shelter) < periods.of(OFFICE)
    assert periods.of(replace(shelter, kind=Kind.LINE)) == timedelta(days=periods.kinds[Kind.LINE])


def test_what_a_caseworker_set_comes_before_what_is_counted() -> None:
    periods = freshness.load()

    assert freshness.due(replace(OFFICE, check_due=date(2030, 1, 1)), periods) == date(2030, 1, 1)
    assert freshness.due(OFFICE, periods) == date(2027, 3, 15)
    assert freshness.due(replace(OFFICE, verified_on=date(2026, 11, 1)), periods) == date(2027, 11, 1)
    assert freshness.due(dated(OFFICE, ""), periods) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018", date(2018, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2026-03-15", date(2026, 3, 15)),
        ("", None),
        ("2026-13", None),
        ("s/f", None),
        ("0000", None),
    ],
)
def test_a_partial_date_is_read_to_the_benefit_of_the_fact(text: str, day: date | None) -> None:
    assert freshness.last_evidence(dated(OFFICE, text)) == day


@given(st.text(max_size=12), st.booleans())
def test_no_date_is_too_odd_to_be_judged(text: str, line: bool) -> None:
    service = dated(replace(OFFICE, kind=Kind.LINE if line else Kind.OFFICE), text)

    freshness.due(service, freshness.load())
    freshness.dead(service, freshness.load())


def test_a_past_due_fact_is_warned_of_and_a_fresh_one_is_not() -> None:
    (old,) = found(dated(OFFICE, "2024-03"))
    (fresh,) = found(OFFICE)
    (undated,) = found(dated(OFFICE, ""))

    assert "marzo de 2024, puede haber cambiado" in listing.block(old, now=NOW)
    assert "puede haber cambiado" not in listing.block(fresh, now=NOW)
    assert "sin fecha, puede haber cambiado" in listing.block(undated, now=NOW)


def test_a_check_long_ago_is_warned_of() -> None:
    (match,) = found(replace(dated(OFFICE, "2024"), verified_on=date(2025, 6, 1)))

    assert "verificado hace 18 meses, puede haber cambiado" in listing.block(match, now=NOW)


def test_what_nobody_vouched_for_in_many_years_is_hidden_but_for_confirmed_lines() -> None:
    long_ago = "2010"

    assert found(dated(OFFICE, long_ago)) == []
    assert found(replace(dated(OFFICE, long_ago), confidence=Confidence.C)) == []
    assert found(dated(LINE, long_ago))
    assert found(replace(dated(LINE, long_ago), confidence=Confidence.C)) == []
    assert found(replace(dated(LINE, long_ago), confidence=Confidence.C, verified_on=date(2012, 1, 1)))
    assert found(replace(dated(OFFICE, long_ago), verified_on=date(2026, 1, 1)))
    assert found(dated(OFFICE, ""))


def test_a_hidden_fact_is_not_offered_as_the_nearest_either() -> None:
    question = Question(need=Need.LEGAL, place="07034", who=(), now=NOW)

    assert matching.nearest(directory(OFFICE), question)
    assert matching.nearest(directory(dated(OFFICE, "2010")), question) is None


@pytest.mark.parametrize("result", [Result.NO_ANSWER, Result.CLOSED])
def test_a_check_that_reached_nobody_confirms_nothing(result: Result) -> None:
    tried = replace(
        OFFICE,
        needs=(Need.GBV,),
        confidence=Confidence.C,
        verified_on=date(2026, 11, 20),
        verified_result=result,
    )

    seen = seen_by(Exposure.PUBLIC, tried)

    assert found(tried, need=Need.GBV, women=True) == []
    assert seen is None or seen.verified_on is None
    assert not directories.is_trusted(tried)


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"confidence": Confidence.A}, True),
        ({"confidence": Confidence.B}, True),
        ({"confidence": Confidence.C}, False),
        ({"confidence": Confidence.C, "verified_on": date(2026, 11, 1)}, True),
        ({"confidence": Confidence.D}, False),
        ({"confidence": Confidence.X}, False),
        ({"confidence": Confidence.X, "verified_on": date(2026, 11, 1)}, False),
        ({"confidence": Confidence.A, "status": Status.INACTIVE}, False),
    ],
)
def test_violence_is_answered_only_with_what_is_trusted(changed: dict[str, object], shown: bool) -> None:
    service = replace(OFFICE, needs=(Need.GBV,), **changed)  # type: ignore[arg-type]

    assert bool(found(service, need=Need.GBV, women=True)) is shown


def test_overdue_records_come_undated_first_then_the_longest_late() -> None:
    services = [
        replace(dated(OFFICE, text), id=text or "undated") for text in ("2026-11", "2020", "2015", "")
    ]

    late = freshness.overdue(services, today=TODAY)

    assert [each.service.id for each in late] == ["undated", "2015", "2020"]
