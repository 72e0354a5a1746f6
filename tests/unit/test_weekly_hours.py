"""Hours by day: written as OpenStreetMap and read back the same."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.record_checks import is_schedule
from services import hours
from services.weekly_hours import MAX_SPANS, NotAClock, Week, clock, in_words, read, write

TIMES = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30)]


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    times = draw(st.lists(st.sampled_from(TIMES), unique=True, max_size=2 * MAX_SPANS).map(sorted))
    return tuple(zip(times[::2], times[1::2], strict=False))


WEEKS = st.builds(
    Week,
    st.lists(days(), min_size=7, max_size=7).map(tuple),
    closed_on_holidays=st.booleans(),
    by_appointment=st.booleans(),
)


@given(WEEKS)
def test_what_is_written_is_read_back(week: Week) -> None:
    written = write(week)

    if any(week.days):
        assert read(written) == week
        assert is_schedule(written)
    else:
        assert written == ""


@given(st.text(max_size=60))
def test_any_text_is_hours_by_day_or_not(text: str) -> None:
    week = read(text)

    assert week is None or len(week.days) == 7


@pytest.mark.parametrize(
    "schedule",
    [
        'Mo-Fr 09:00-15:00 "previa cita"; PH off',
        "Mo-Fr 09:00-15:00; PH off",
        "Mo-Th 09:00-17:30; Fr 09:00-15:00; PH off",
        "Mo-Su 00:00-24:00",
    ],
)
def test_hours_of_the_directory_come_back_word_for_word(schedule: str) -> None:
    week = read(schedule)

    assert week is not None
    assert write(week) == schedule


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "24/7",
        '"previa cita"',
        'Mo-Fr "previa cita"',
        'Mo-Fr 09:00-15:00; Sa 09:00-12:00 "previa cita"',
        "Mo[1] 09:00-12:00",
        "PH off",
    ],
)
def test_what_says_more_than_days_is_left_as_it_is(schedule: str) -> None:
    assert read(schedule) is None


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("", ""),
        ("24/7", "las 24 horas, todos los días"),
        ('24/7 "previa cita"', "las 24 horas, todos los días; con cita"),
        ('"previa cita"', "solo con cita"),
        ("Mo-Fr 09:00-15:00; PH off", "lunes a viernes de 9:00 a 15:00; cierra en días festivos"),
        ("Mo,We,Fr 09:00-15:30", "lunes, miércoles y viernes de 9:00 a 15:30"),
        ("Sa-Su 10:00-14:00", "sábado y domingo de 10:00 a 14:00"),
        (
            'Mo-Th 08:00-14:00,16:00-18:00 "previa cita"; Sa 09:00-13:00 "previa cita"',
            "lunes a jueves de 8:00 a 14:00 y de 16:00 a 18:00; sábado de 9:00 a 13:00; con cita",
        ),
        ("Mo-Su 00:00-24:00", "lunes a domingo de 0:00 a 24:00"),
        ("Mo[1] 09:00-12:00", "Mo[1] 09:00-12:00"),
    ],
)
def test_hours_are_said_as_people_say_them(schedule: str, words: str) -> None:
    assert in_words(schedule) == words


def test_a_later_rule_wins_for_its_days_and_a_night_goes_past_midnight() -> None:
    week = read("Mo-Fr 09:00-15:00; We off; Sa-Su 22:00-06:00")

    assert week is not None
    assert week.days[2] == ()
    assert week.days[5] == (("22:00", "06:00"),)
    status = hours.status(write(week), datetime.fromisoformat("2026-11-29T03:00:00-06:00"), zone="Etc/GMT+6")
    assert status.opening is hours.Opening.OPEN


@pytest.mark.parametrize(("typed", "expected"), [("9", "09:00"), ("9:30", "09:30"), ("09.00", "09:00")])
def test_clocks_are_read_as_people_write_them(typed: str, expected: str) -> None:
    assert clock(typed) == expected


@pytest.mark.parametrize("typed", ["", "25", "9:60", "24:01", "nueve", "-1", "٩"])
def test_times_that_do_not_exist_are_refused(typed: str) -> None:
    with pytest.raises(NotAClock):
        clock(typed)
