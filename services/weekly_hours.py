"""Opening hours by day of the week: to OpenStreetMap syntax and back, as a form shows them, and in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from data.record_checks import BY_APPOINTMENT
from services import appointments

DAY_NAMES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS = "24/7"
MAX_SPANS = 3

_DAY = "|".join(DAYS)
_RULE = re.compile(
    rf"(?P<days>(?:(?:{_DAY})(?:-(?:{_DAY}))?)(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*)\s+"
    r"(?P<hours>off|\d\d:\d\d-\d\d:\d\d(?:,\s*\d\d:\d\d-\d\d:\d\d)*)",
    re.ASCII,
)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?", re.ASCII)

Span = tuple[str, str]
"""Opens and closes, «09:00» and «15:00»; closing before opening is on the next day."""


@dataclass(frozen=True, slots=True)
class Week:
    """Spans for Monday to Sunday; a day without any is closed."""

    days: tuple[tuple[Span, ...], ...]
    closed_on_holidays: bool
    by_appointment: bool = False


class NotAClock(ValueError):
    """A time that does not exist."""


def read(schedule: str) -> Week | None:
    """The hours by day; None when they say more than that, or are always open or unknown."""
    days: dict[int, tuple[Span, ...]] = {}
    closed_on_holidays = False
    hours = appointments.unmarked(schedule)
    by_appointment = hours != schedule.strip()
    if by_appointment and appointments.marked(hours) != schedule:
        return None
    for rule in (part.strip() for part in hours.split(";")):
        if rule == "PH off":
            closed_on_holidays = True
            continue
        match = _RULE.fullmatch(rule)
        if match is None:
            return None
        spans = _spans(match["hours"])
        if len(spans) > MAX_SPANS:
            return None
        days |= dict.fromkeys(_numbers(match["days"]), spans)
    if not days:
        return None
    return Week(tuple(days.get(day, ()) for day in range(7)), closed_on_holidays, by_appointment)


def write(week: Week) -> str:
    """The hours in OpenStreetMap syntax; empty when no day is open."""
    mark = f" {BY_APPOINTMENT}" if week.by_appointment else ""
    rules = [
        f"{_names(days)} {','.join(f'{opens}-{closes}' for opens, closes in spans)}{mark}"
        for spans, days in _alike(week).items()
    ]
    if rules and week.closed_on_holidays:
        rules.append("PH off")
    return "; ".join(rules)


def in_words(schedule: str) -> str:
    """«lunes a viernes de 9:00 a 15:00; cierra en días festivos; con cita».

    Hours that say more than a week does stay as they are written.
    """
    if schedule.strip() == BY_APPOINTMENT:
        return "solo con cita"
    hours = appointments.unmarked(schedule)
    is_marked = hours != schedule.strip() and appointments.marked(hours) == schedule
    if hours == ALWAYS:
        return "las 24 horas, todos los días" + ("; con cita" if is_marked else "")
    week = read(schedule)
    if week is None:
        return schedule
    parts = [f"{_spoken_days(days)} {_spoken_spans(spans)}" for spans, days in _alike(week).items()]
    parts += ["cierra en días festivos"] if week.closed_on_holidays else []
    parts += ["con cita"] if week.by_appointment else []
    return "; ".join(parts)


def clock(text: str) -> str:
    """«9», «9:00» and «09.00» as «09:00». Raises NotAClock."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise NotAClock(text)
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise NotAClock(text)
    return f"{hour:02}:{minute:02}"


def _spans(hours: str) -> tuple[Span, ...]:
    if hours == "off":
        return ()
    parts = [part.strip().split("-") for part in hours.split(",")]
    return tuple((opens, closes) for opens, closes in parts)


def _numbers(days: str) -> Iterator[int]:
    for part in days.split(","):
        first, _, last = part.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        yield from range(start, end + 1) if start <= end else (*range(start, 7), *range(end + 1))


def _alike(week: Week) -> dict[tuple[Span, ...], list[int]]:
    """Spans → the days that have them; days that are closed are left out."""
    alike: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in enumerate(week.days):
        if spans:
            alike.setdefault(spans, []).append(day)
    return alike


def _runs(days: list[int]) -> list[list[int]]:
    return [[day for _, day in run] for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0])]


def _names(days: list[int]) -> str:
    """«Mo-Fr», «Mo,We,Fr»."""
    return ",".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) > 2 else ",".join(DAYS[day] for day in run)
        for run in _runs(days)
    )


def _spoken_days(days: list[int]) -> str:
    """«lunes a viernes», «lunes, miércoles y viernes»."""
    parts: list[str] = []
    for run in _runs(days):
        parts += (
            [f"{DAY_NAMES[run[0]]} a {DAY_NAMES[run[-1]]}"]
            if len(run) > 2
            else [DAY_NAMES[day] for day in run]
        )
    return " y ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _spoken_spans(spans: tuple[Span, ...]) -> str:
    return " y ".join(f"de {opens.removeprefix('0')} a {closes.removeprefix('0')}" for opens, closes in spans)
