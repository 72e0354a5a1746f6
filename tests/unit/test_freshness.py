"""How old a fact may grow before it is checked again, warned of, or shown no more."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows import details, handoff, listing
from bot.messages import Inbound, Meaning
from bot.state import State, Talk
from data import inegi, seed_files
from data.needs import Need
from data.records import Confidence, Exposure, Kind, Location, Phone, Result, Service, Source, Status
from data.seed_files import SEED
from services import directory as directories
from services import freshness, matching, showing
from services.directory import Directory, Operator
from services.exchange import area_names, files
from services.exchange.area_names import AreaNames
from services.exposure import seen_by
from services.ladder import Ladder
from services.matching import Question
from services.reports import coverage, distances, sheet
from tests.conftest import seed_directory, seed_gazetteer

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


@cache
def areas() -> AreaNames:
    return area_names.load(inegi.load())


def directory(*services: Service) -> Directory:
    return directories.build(
        services,
        version=1,
        gazetteer=seed_gazetteer(),
        ladder=seed_directory().ladder,
        routes=seed_directory().routes,
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


LADDER = Ladder(
    roles={"person": ("X1",), "emergency": ("X1",)},
    referrals={Need.LEGAL: ("X1",)},
    bodies={("07", Need.LEGAL): ("X1",)},
)


def readers(service: Service, today: date) -> dict[str, bool]:
    """By every way of asking the directory, and by every file for somebody else, whether it is there."""
    kept = replace(directory(service), ladder=LADDER)
    name = Path("lista.csv")
    files_of = [
        files.rendered(name, [service], areas(), audience=audience, today=today).decode()
        for audience in (Exposure.PUBLIC, Exposure.WOMEN)
    ]
    found = {
        "get": kept.get("X1", today=today),
        "get for women": kept.get("X1", today=today, women=True),
        "first": kept.first(["X1"], today=today, women=False),
        "line": kept.line("person", today=today, place="07089"),
        "for_need": kept.for_need(Need.LEGAL, today=today, women=False),
        "reaching": kept.reaching(Need.LEGAL, "07089", near=(), today=today, women=False),
        "seated": kept.seated(Need.LEGAL, "07089", today=today, women=False),
        "all_public": kept.all_public(today=today),
        "reports": coverage.records_of(kept, "07", today=today),
        "doors on a map": distances.doors_of(kept, "07", Need.LEGAL, today=today),
        "sheets": sheet.make(kept, "07089", link="", today=today).now,
    }
    shown = {name: bool(value) for name, value in found.items()}
    return shown | {f"file {number}": service.name in text for number, text in enumerate(files_of)}


def test_the_years_that_the_readme_promises_are_those_of_the_file() -> None:
    readme = (SEED.parent.parent.parent / "README.md").read_text(encoding="utf-8")

    assert freshness.load().hide_after == 8 * 365
    assert "después de ocho años sin que nadie lo compruebe" in " ".join(readme.split())


def test_nothing_is_hidden_before_it_was_ever_due(tmp_path: Path) -> None:
    file = tmp_path / "freshness.yml"
    file.write_text(re.sub("(hide_after_days:) [0-9]+", r"\1 300", freshness.FILE.read_text()))

    with pytest.raises(ValueError, match="hide_after_days must be longer"):
        freshness.load(file)


def test_few_records_of_the_seed_are_too_old_and_no_need_is_left_empty_by_it() -> None:
    services = seed_files.read().services
    dead = [each for each in services if freshness.is_dead(each, today=TODAY)]

    assert len(dead) < len(services) / 50
    for need in Need:
        assert seed_directory().for_need(need, today=TODAY, women=True)


@given(
    kind=st.sampled_from([Kind.OFFICE, Kind.LINE, Kind.ONLINE]),
    confidence=st.sampled_from([Confidence.A, Confidence.B]),
    published=st.dates(date(2005, 1, 1), TODAY).map(date.isoformat) | st.just(""),
    verified=st.none() | st.dates(date(2005, 1, 1), TODAY),
    result=st.sampled_from(Result),
    days=st.integers(-2, 2),
)
@settings(max_examples=40, deadline=None)
def test_every_reader_hides_what_is_long_dead_on_the_same_day(
    kind: Kind, confidence: Confidence, published: str, verified: date | None, result: Result, days: int
) -> None:
    service = replace(dated(OFFICE, published), kind=kind, confidence=confidence, verified_on=verified)
    service = replace(service, verified_result=result if verified else None)
    last_day = freshness.dead(service, freshness.load())
    today = (last_day or TODAY) + timedelta(days=days)
    is_shown = service.verified_result is not Result.CLOSED and (last_day is None or today <= last_day)

    told = readers(service, today)

    assert set(told.values()) == {is_shown}, told


def test_the_staff_still_read_what_is_long_dead() -> None:
    old = dated(OFFICE, "2010")

    text = files.rendered(Path("l.csv"), [old], areas(), audience=Exposure.STAFF, today=TODAY).decode()

    assert OFFICE.name in text
    assert "demasiado viejo" in showing.why_unseen(old, TODAY)


def test_the_lines_of_the_seed_that_danger_answers_stand_on_do_not_die() -> None:
    in_fifty_years = date(2076, 1, 1)
    seed = seed_directory()

    lines = [seed.line(role, today=in_fifty_years) for role in ("emergency", "women", "suicide", "person")]

    assert all(lines)


def test_the_warning_stands_also_where_one_record_is_shown_alone() -> None:
    old = directory(dated(OFFICE, "2024-03"))
    state = State(need=Need.LEGAL, place="07089", in_hand=("X1",))
    talk = Talk(state, Inbound(), Meaning(), replace(old, ladder=LADDER), NOW)

    told = details.first(talk).replies[0].text
    as_rung = handoff.offer(talk).replies[0].text

    assert "puede haber cambiado" in told
    assert "puede haber cambiado" in as_rung


def test_the_day_of_the_facts_is_the_day_in_mexico() -> None:
    evening = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)  # 19:00 on the 26th

    assert freshness.day_of(evening) == TODAY


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
