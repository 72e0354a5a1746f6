"""When it is safe to write to somebody who asked for an answer: parts of the day where they are. Pure."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Window(StrEnum):
    """A part of the day. UNSAID: the person would rather not say, so only broad daylight counts."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    NIGHT = "night"
    ANY = "any"
    UNSAID = "unsaid"


_HOURS = {
    Window.MORNING: (7, 12),
    Window.AFTERNOON: (12, 19),
    Window.NIGHT: (19, 22),
    Window.ANY: (0, 24),
    Window.UNSAID: (9, 19),
}
"""From which hour to which, on the person's clock."""

DAYS = (0, 1, 3)
"""For how many days after today a request may stand."""
ENOUGH = timedelta(minutes=30)
"""A part of the day that is nearly over gives no caseworker time to answer."""


def opens(window: Window, now: datetime, *, zone: str) -> datetime:
    """`now` when it lies in the window, else when the window opens next."""
    return _stretch(window, now, zone)[0]


def closes(window: Window, now: datetime, *, zone: str) -> datetime:
    """When the window that is open at `now`, or that opens next, closes."""
    return _stretch(window, now, zone)[1]


def end_of(days: int, now: datetime, *, zone: str) -> datetime:
    """The midnight that ends today (0), tomorrow (1) or a later day, where the person is."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return datetime.combine(today + timedelta(days=days + 1), time(), ZoneInfo(zone)).astimezone(UTC)


def days_left(window: Window, now: datetime, *, zone: str, at_most: int) -> tuple[int, ...]:
    """Which of DAYS leave a caseworker time to answer. `at_most`: days that a person is remembered."""
    first = opens(window, now + ENOUGH, zone=zone)
    return tuple(d for d in DAYS if d < at_most and first < end_of(d, now, zone=zone))


def _stretch(window: Window, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The window that `now` lies in, from `now` on, or the next one whole."""
    today = now.astimezone(ZoneInfo(zone)).date()
    first, last = _HOURS[window]
    midnight = datetime.combine(today, time(), ZoneInfo(zone))
    for days in (0, 1):
        start, end = (_at(midnight + timedelta(days=days), hour) for hour in (first, last))
        if now < end:
            break
    return max(now, start), end


def _at(midnight: datetime, hour: int) -> datetime:
    """That hour on the wall clock, also on a day when the clock is put forward or back."""
    return (midnight + timedelta(hours=hour)).astimezone(UTC)
