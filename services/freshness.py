"""How old a fact may grow: when it must be checked again, and when it is shown no more."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from data.needs import Need
from data.records import Confidence, Kind, Result, Service
from data.seed_files import SEED

FILE = SEED.parent / "freshness.yml"
ZONE = ZoneInfo("America/Mexico_City")


@dataclass(frozen=True, slots=True)
class Periods:
    """Days, by kind of service and by need; `hide_after` days without a check nothing is shown."""

    kinds: Mapping[Kind, int]
    needs: Mapping[Need, int]
    hide_after: int

    def of(self, service: Service) -> timedelta:
        """How long a fact about this service holds."""
        days = [self.kinds[service.kind]]
        if service.kind is not Kind.LINE:
            days += [self.needs[need] for need in service.needs if need in self.needs]
        return timedelta(days=min(days))


@dataclass(frozen=True, slots=True)
class Due:
    """A record and the day by which it must be checked again; None when its facts carry no date."""

    service: Service
    on: date | None


@cache
def load(path: Path = FILE) -> Periods:
    """The periods. Raises ValueError naming what is wrong in the file."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    after = found["check_after_days"]
    kinds = {Kind(kind): int(days) for kind, days in after["kind"].items()}
    if missing := set(Kind) - set(kinds):
        raise ValueError(f"{path.name}: check_after_days.kind lacks {', '.join(sorted(missing))}")
    needs = {Need(need): int(days) for need, days in after["need"].items()}
    hide_after = int(found["hide_after_days"])
    if hide_after <= max((*kinds.values(), *needs.values())):
        raise ValueError(f"{path.name}: hide_after_days must be longer than every period of check_after_days")
    return Periods(kinds, needs, hide_after)


def day_of(now: datetime) -> date:
    """The day on a caseworker's calendar: what was verified this evening was verified today."""
    return now.astimezone(ZONE).date()


def is_confirmed(service: Service) -> bool:
    """A caseworker reached it: «no answer» and «closed» are checks too, but confirm nothing."""
    failed = (Result.NO_ANSWER, Result.CLOSED)
    return service.verified_on is not None and service.verified_result not in failed


def due(service: Service, periods: Periods) -> date | None:
    """When the record must be checked again: what a caseworker set, or its last evidence and the period.

    None when its facts carry no date: due at once.
    """
    if service.check_due is not None:
        return service.check_due
    last = last_evidence(service)
    return last + periods.of(service) if last else None


def dead(service: Service, periods: Periods) -> date | None:
    """The last day on which it is shown; None: no last one, or nobody knows how old it is."""
    sourced = service.confidence in (Confidence.A, Confidence.B)
    if service.kind is Kind.LINE and (sourced or is_confirmed(service)):
        return None
    last = last_evidence(service)
    return last + timedelta(days=periods.hide_after) if last else None


def is_over(last_day: date | None, today: date) -> bool:
    """Whether a day found by `due` or `dead` has passed."""
    return last_day is not None and last_day < today


def is_dead(service: Service, *, today: date) -> bool:
    """Whether nobody has vouched for it for so long that only the staff may still read it."""
    return is_over(dead(service, load()), today)


def last_evidence(service: Service) -> date | None:
    """The newest day for which somebody vouches: a caseworker's check, or the source's own date."""
    checked = service.verified_on if is_confirmed(service) else None
    return max(filter(None, (checked, _last_day(service.source.date))), default=None)


def overdue(services: Iterable[Service], *, today: date) -> list[Due]:
    """Every record that must be checked, the longest overdue first, undated ones before all."""
    periods = load()
    found = [Due(service, due(service, periods)) for service in services]
    late = [each for each in found if each.on is None or each.on < today]
    return sorted(late, key=lambda each: (each.on or date.min, each.service.id))


def _last_day(iso: str) -> date | None:
    """The last day that a partial date may mean: «2018» is 31 December 2018."""
    parts = [int(part) for part in iso.split("-") if part.isdecimal()]
    if not parts or parts[0] < 1:
        return None
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    try:
        day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
        return date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return None
