"""«Previa cita»: read in free words, marked in hours and taken out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.record_checks import BY_APPOINTMENT, is_schedule
from services import appointments


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("Previa cita", True),
        ("solo con cita, llame al 55", True),
        ("By appointment only", True),
        ("Call for an appointment", True),
        ("no se atiende sin cita", True),
        ("Nobody is seen without an appointment.", True),
        ("sin cita", False),
        ("No se necesita cita previa", False),
        ("No appointment necessary", False),
        ("Appointments are not required", False),
        ("cita opcional", False),
        ("capacitación", False),
        ("", False),
    ],
)
def test_free_words_ask_for_an_appointment_or_not(text: str, is_asked: bool) -> None:
    assert appointments.asked(text) is is_asked


@pytest.mark.parametrize(
    ("hours", "marked"),
    [
        ("", BY_APPOINTMENT),
        ("24/7", '24/7 "previa cita"'),
        ("Mo-Fr 09:00-15:00; PH off", 'Mo-Fr 09:00-15:00 "previa cita"; PH off'),
        ("Mo 09:00-12:00;Tu 09:00-12:00", 'Mo 09:00-12:00 "previa cita";Tu 09:00-12:00 "previa cita"'),
        ("Mo 09:00-12:00 || off", 'Mo 09:00-12:00 "previa cita" || off'),
        ('Mo 09:00-12:00 "con cita; llame"', 'Mo 09:00-12:00 "con cita; llame"'),
    ],
)
def test_every_rule_that_opens_is_marked(hours: str, marked: str) -> None:
    assert appointments.marked(hours) == marked
    assert is_schedule(marked)
    assert appointments.in_hours(marked)


@given(st.text(alphabet=st.characters(exclude_characters='"') | st.sampled_from(";|"), max_size=60))
def test_marking_twice_is_marking_once_and_it_is_taken_out_again(text: str) -> None:
    once = appointments.marked(text)

    assert appointments.marked(once) == once
    assert BY_APPOINTMENT not in appointments.unmarked(once)
