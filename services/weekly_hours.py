"""Opening hours by day of the week, as a form shows them, to OpenStreetMap syntax and back. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

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


class NotAClock(ValueError):
    """A time that does not exist."""


def read(schedule: str) -> Week | None:
    """The hours by day; None when they say more than that, or are always open or unknown."""
    days: dict[int, tuple[Span, ...]] = {}
    closed_on_holidays = False
    for rule in (part.strip() for part in schedule.split(";")):
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
    return Week(tuple(days.get(day, ()) for day in range(7)), closed_on_holidays)


def write(week: Week) -> str:
    """The hours in OpenStreetMap syntax; empty when no day is open."""
    alike: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in enumerate(week.days):
        if spans:
            alike.setdefault(spans, []).append(day)
    rules = [
        f"{_names(days)} {','.join(f'{opens}-{closes}' for opens, closes in spans)}"
        for spans, days in alike.items()
    ]
    if rules and week.closed_on_holidays:
        rules.append("PH off")
    return "; ".join(rules)


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


def _names(days: list[int]) -> str:
    """«Mo-Fr», «Mo,We,Fr»."""
    runs = [[day for _, day in run] for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0])]
    return ",".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) > 2 else ",".join(DAYS[day] for day in run)
        for run in runs
    )
