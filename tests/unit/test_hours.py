"""Open now, or when it opens: past midnight, at time-zone borders, on holidays, unknown, malformed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services import hours, matching
from services.directory import Directory
from services.hours import Opening

MEXICO = "America/Mexico_City"
OFFICE = "Mo-Fr 09:00-17:00"
NIGHT = "Mo-Su 20:00-06:00"


def local(text: str, zone: str = MEXICO) -> datetime:
    """A moment as the clock on the wall shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("schedule", "moment", "opening", "changes_at"),
    [
        ("24/7", "2026-11-23 03:00", Opening.ALWAYS, None),
        (" 24/7 ", "2026-12-25 03:00", Opening.ALWAYS, None),
        (OFFICE, "2026-11-23 12:00", Opening.OPEN, "2026-11-23 17:00"),
        (OFFICE, "2026-11-23 09:00", Opening.OPEN, "2026-11-23 17:00"),
        (OFFICE, "2026-11-23 08:59", Opening.CLOSED, "2026-11-23 09:00"),
        (OFFICE, "2026-11-23 17:00", Opening.CLOSED, "2026-11-24 09:00"),
        (OFFICE, "2026-11-27 18:00", Opening.CLOSED, "2026-11-30 09:00"),
        (NIGHT, "2026-11-23 23:30", Opening.OPEN, "2026-11-24 06:00"),
        (NIGHT, "2026-11-24 02:00", Opening.OPEN, "2026-11-24 06:00"),
        (NIGHT, "2026-11-24 06:00", Opening.CLOSED, "2026-11-24 20:00"),
        ("Mo-Fr 09:00-14:00,16:00-19:00", "2026-11-23 15:00", Opening.CLOSED, "2026-11-23 16:00"),
        (f"{OFFICE}; Sa 09:00-13:00", "2026-11-28 10:00", Opening.OPEN, "2026-11-28 13:00"),
        ("Mo-Fr 09:00-17:00 unknown", "2026-11-23 12:00", Opening.UNKNOWN, None),
        ('Mo-Fr 09:00-17:00 "previa cita"', "2026-11-23 12:00", Opening.APPOINTMENT, "2026-11-23 17:00"),
        ('Mo-Fr 09:00-17:00 "previa cita"', "2026-11-23 18:00", Opening.CLOSED, "2026-11-24 09:00"),
        ('24/7 "Con Cita"', "2026-11-23 03:00", Opening.APPOINTMENT, None),
        ('"previa cita"', "2026-12-25 03:00", Opening.APPOINTMENT, None),
        (f'{OFFICE} "sin cita"', "2026-11-23 12:00", Opening.OPEN, "2026-11-23 17:00"),
        (f'{OFFICE} "recepción"', "2026-11-23 12:00", Opening.OPEN, "2026-11-23 17:00"),
        (f"{OFFICE}; 2026 Dec 18-2027 Jan 04 off", "2026-12-21 12:00", Opening.CLOSED, "2027-01-05 09:00"),
        (f"{OFFICE}; easter -3 days-easter off", "2026-04-02 12:00", Opening.CLOSED, "2026-04-06 09:00"),
        (f"{OFFICE}; Nov 02 off", "2026-11-02 12:00", Opening.CLOSED, "2026-11-03 09:00"),
        ("Fr 22:00-04:00", "2027-01-02 03:00", Opening.OPEN, "2027-01-02 04:00"),
        ("off", "2026-11-23 12:00", Opening.CLOSED, None),
        ("", "2026-11-23 12:00", Opening.UNKNOWN, None),
        ("de lunes a viernes", "2026-11-23 12:00", Opening.UNKNOWN, None),
        ("Mo-Fr 25:00-99:00", "2026-11-23 12:00", Opening.UNKNOWN, None),
        ("¿?;;--", "2026-11-23 12:00", Opening.UNKNOWN, None),
    ],
)
def test_what_is_known_of_a_moment(
    schedule: str, moment: str, opening: Opening, changes_at: str | None
) -> None:
    status = hours.status(schedule, local(moment), zone=MEXICO)

    assert status.opening is opening
    assert status.changes_at == (datetime.fromisoformat(changes_at) if changes_at else None)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-01", "Año Nuevo"),
        ("2026-02-02", "Constitución, first Monday of February"),
        ("2026-03-16", "Juárez, third Monday of March"),
        ("2026-05-01", "Trabajo"),
        ("2026-09-16", "Independencia"),
        ("2026-11-16", "Revolución, third Monday of November"),
        ("2026-12-25", "Navidad"),
        ("2027-02-01", "Constitución, the year after"),
        ("2030-10-01", "a president takes office"),
    ],
)
def test_a_statutory_holiday_is_known(day: str, name: str) -> None:
    assert hours.is_holiday(date.fromisoformat(day)), name


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-02", "2026-12-12", "2026-05-10", "2026-04-02"])
def test_other_feasts_are_working_days(day: str) -> None:
    assert not hours.is_holiday(date.fromisoformat(day))


@pytest.mark.parametrize("moment", ["2026-11-23 12:00", "2026-11-23 18:00", "2026-11-16 12:00"])
def test_a_door_that_wants_an_appointment_says_so_open_or_closed(moment: str) -> None:
    assert hours.status(f'{OFFICE} "previa cita"', local(moment), zone=MEXICO).by_appointment


def test_on_a_holiday_nobody_promises_that_a_door_is_open() -> None:
    assert hours.status(OFFICE, local("2026-11-16 12:00"), zone=MEXICO).opening is Opening.HOLIDAY


def test_a_schedule_that_closes_on_holidays_is_closed() -> None:
    status = hours.status(f"{OFFICE}; PH off", local("2026-11-16 12:00"), zone=MEXICO)

    assert status.opening is Opening.CLOSED


def test_the_next_opening_is_never_on_a_holiday() -> None:
    friday_evening = local("2026-11-13 18:00")

    status = hours.status(OFFICE, friday_evening, zone=MEXICO)

    assert status.changes_at == datetime.fromisoformat("2026-11-17 09:00")


@pytest.mark.parametrize(
    ("key", "place", "utc_hour", "opening"),
    [
        ("02004", "Tijuana", 16, Opening.CLOSED),
        ("02004", "Tijuana", 17, Opening.OPEN),
        ("26030", "Hermosillo", 15, Opening.CLOSED),
        ("26030", "Hermosillo", 16, Opening.OPEN),
        ("25006", "Culiacán", 15, Opening.CLOSED),
        ("25006", "Culiacán", 16, Opening.OPEN),
        ("08037", "Juárez", 15, Opening.CLOSED),
        ("08037", "Juárez", 16, Opening.OPEN),
        ("08019", "Chihuahua", 14, Opening.CLOSED),
        ("08019", "Chihuahua", 15, Opening.OPEN),
        ("09015", "Ciudad de México", 14, Opening.CLOSED),
        ("09015", "Ciudad de México", 15, Opening.OPEN),
        ("23005", "Cancún", 13, Opening.CLOSED),
        ("23005", "Cancún", 14, Opening.OPEN),
    ],
)
def test_nine_o_clock_comes_at_another_hour_in_each_zone(
    directory: Directory, key: str, place: str, utc_hour: int, opening: Opening
) -> None:
    """In November the border cities are on standard time: Juárez is an hour behind Chihuahua."""
    zone = directory.gazetteer.time_zone(key)

    status = hours.status(OFFICE, datetime(2026, 11, 23, utc_hour, 0, tzinfo=UTC), zone=zone)

    assert status.opening is opening, place


@pytest.mark.parametrize(
    ("key", "place", "utc_hour"), [("02004", "Tijuana", 16), ("08037", "Juárez", 15), ("09015", "CDMX", 15)]
)
def test_in_summer_the_border_changes_its_clocks_and_the_country_does_not(
    directory: Directory, key: str, place: str, utc_hour: int
) -> None:
    opens = datetime(2026, 7, 6, utc_hour, 0, tzinfo=UTC)
    before = datetime(2026, 7, 6, utc_hour - 1, 59, tzinfo=UTC)
    zone = directory.gazetteer.time_zone(key)

    assert hours.status(OFFICE, opens, zone=zone).opening is Opening.OPEN, place
    assert hours.status(OFFICE, before, zone=zone).opening is Opening.CLOSED, place


def test_the_night_the_clocks_change_at_the_border_keeps_its_closing_time() -> None:
    saturday_night = local("2026-10-31 23:00", "America/Tijuana")

    status = hours.status(NIGHT, saturday_night, zone="America/Tijuana")

    assert (status.opening, status.changes_at) == (Opening.OPEN, datetime.fromisoformat("2026-11-01 06:00"))


def test_every_schedule_of_the_seed_can_be_read(directory: Directory, now: datetime) -> None:
    written = [s for s in directory.all_public(today=now.date()) if s.schedule]

    unread = [s.id for s in written if matching.hours_of(directory, s, now).opening is Opening.UNKNOWN]

    assert written
    assert unread == []
