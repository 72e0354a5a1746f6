"""Open now, or when it opens: OpenStreetMap hours in the service's own time zone, Mexican holidays."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays
from opening_hours import OpeningHours
from opening_hours import ParserError as Malformed  # type: ignore[attr-defined]  # not in its stubs

from data.record_checks import BY_APPOINTMENT
from services import appointments


class Opening(StrEnum):
    """What is known about a moment. HOLIDAY: it would be open, but today is a statutory holiday.

    APPOINTMENT: open, and only for who has one («previa cita»).
    """

    ALWAYS = "always"
    OPEN = "open"
    APPOINTMENT = "appointment"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a door is open at `local` time; `changes_at`, local too: when it closes or opens again.

    `by_appointment` also says so of a door that is closed now.
    """

    opening: Opening
    changes_at: datetime | None = None
    local: datetime | None = None
    by_appointment: bool = False


UNKNOWN = Status(Opening.UNKNOWN)


def status(schedule: str, now: datetime, *, zone: str) -> Status:
    """Whether a service is open at an aware moment.

    `schedule` is OSM opening-hours syntax (empty: unknown), `zone` an IANA name. Holidays come from
    the `holidays` package: the library's own Mexican calendar is wrong from 2027 on.
    """
    if not schedule:
        return UNKNOWN
    if schedule.strip() == "24/7":
        return Status(Opening.ALWAYS)
    if schedule.strip() == BY_APPOINTMENT:
        return Status(Opening.APPOINTMENT, by_appointment=True)
    return _at_minute(schedule, now.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0))


@lru_cache(maxsize=8192)
def _at_minute(schedule: str, local: datetime) -> Status:
    """Many services keep the same hours, and a search asks all of them about the same minute."""
    hours = _parse(schedule)
    if hours is None:
        return UNKNOWN
    found = _status_at(hours, local, closed_on_holidays="PH off" in schedule)
    if not appointments.in_hours(schedule):
        return found
    opening = Opening.APPOINTMENT if found.opening is Opening.OPEN else found.opening
    return replace(found, opening=opening, by_appointment=True)


def prepare(today: date) -> None:
    """Look up the holidays of this year and the next: the first look in a process takes long."""
    for year in (today.year, today.year + 1):
        _holidays(year)


def is_holiday(day: date) -> bool:
    """A statutory day of rest in Mexico (Ley Federal del Trabajo, art. 74)."""
    return day in _holidays(day.year)


def _status_at(hours: OpeningHours, local: datetime, *, closed_on_holidays: bool) -> Status:
    changes_at = _next_change(hours, local)
    if hours.is_unknown(local):
        return UNKNOWN
    if not hours.is_open(local):
        return Status(Opening.CLOSED, _next_working_opening(hours, local, changes_at), local)
    if is_holiday(local.date()):
        opening = Opening.CLOSED if closed_on_holidays else Opening.HOLIDAY
        return Status(opening, None, local)
    return Status(Opening.OPEN, changes_at, local)


def _next_working_opening(hours: OpeningHours, local: datetime, opens_at: datetime | None) -> datetime | None:
    """The next opening that does not fall on a holiday, looked for over two weeks."""
    for _ in range(30):
        if opens_at is None or (opens_at - local).days > 14:
            return None
        if hours.is_open(opens_at) and not is_holiday(opens_at.date()):
            return opens_at
        opens_at = _next_change(hours, opens_at)
    return None


def _next_change(hours: OpeningHours, local: datetime) -> datetime | None:
    change: datetime | None = hours.next_change(local)
    return change


@lru_cache(maxsize=4096)
def _parse(schedule: str) -> OpeningHours | None:
    try:
        return OpeningHours(schedule)
    except Malformed:
        return None


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("MX", years=year))
