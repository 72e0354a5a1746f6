"""What the directory holds for a state: by need, for whom the doors open, and how old the facts are."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from data.needs import Need
from data.records import Confidence, Service
from services.directory import Directory
from services.reports.distances import local

_NOT_INDIGENOUS = frozenset({"español", "inglés", "francés", "lengua de señas mexicana"})


@dataclass(frozen=True, slots=True)
class NeedCoverage:
    """Services of one need in one state. `nationwide` are those that serve every state."""

    need: str
    total: int
    with_phone: int
    with_door: int
    for_women: int
    nationwide: int


@dataclass(frozen=True, slots=True)
class Doors:
    """Of the services that women can use, how many say yes, no, or nothing."""

    yes: int
    no: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """How well the state's records are known. `by_year` counts the dates of their sources."""

    total: int
    verified: int
    well_sourced: int
    to_verify: int
    no_phone: int
    by_year: tuple[tuple[str, int], ...]
    median_months: float | None


def records_of(directory: Directory, state: str, *, today: date) -> tuple[Service, ...]:
    """Every record of a state, each once; for figures over the state, never for a list of doors."""
    found = {
        service.id: service
        for need in Need
        for service in directory.for_need(need, today=today, women=True)
        if local(service, state)
    }
    return tuple(service for _, service in sorted(found.items()))


def by_need(directory: Directory, state: str, *, today: date) -> tuple[NeedCoverage, ...]:
    """One row for each need, in the order of `Need`."""
    return tuple(_need(directory.for_need(need, today=today, women=True), need, state) for need in Need)


def _need(services: Sequence[Service], need: str, state: str) -> NeedCoverage:
    own = [service for service in services if local(service, state)]
    return NeedCoverage(
        need=need,
        total=len(own),
        with_phone=sum(1 for service in own if service.phones),
        with_door=sum(1 for service in own if service.location.municipality),
        for_women=sum(1 for service in own if service.compatibility.women_only),
        nationwide=sum(1 for service in services if "00" in service.coverage),
    )


def with_sons(services: Iterable[Service]) -> Doors:
    """Women's services that say whether sons may come."""
    return _doors(
        True if service.compatibility.sons_up_to_age is not None else service.compatibility.children
        for service in services
        if service.compatibility.women_only
    )


def without_papers(services: Iterable[Service]) -> Doors:
    """Services that say whether they open without papers."""
    return _doors(service.compatibility.without_papers for service in services)


def in_an_indigenous_language(services: Iterable[Service]) -> Doors:
    """Services that name an indigenous language; one that names none says nothing."""
    return _doors((True if _indigenous(service) else None) for service in services)


def languages(services: Iterable[Service]) -> tuple[str, ...]:
    """The indigenous languages that some service names."""
    return tuple(sorted({name for service in services for name in _indigenous(service)}))


def freshness(services: Sequence[Service], *, today: date) -> Freshness:
    """How old and how sure the records are."""
    years = Counter(service.source.date[:4] or "sin fecha" for service in services)
    ages = sorted(age for service in services if (age := _months(service, today)) is not None)
    return Freshness(
        total=len(services),
        verified=sum(1 for service in services if service.verified_on),
        well_sourced=sum(1 for service in services if service.confidence in (Confidence.A, Confidence.B)),
        to_verify=sum(1 for service in services if service.confidence is Confidence.C),
        no_phone=sum(1 for service in services if not service.phones),
        by_year=tuple(sorted(years.items())),
        median_months=_middle(ages),
    )


def _doors(answers: Iterable[bool | None]) -> Doors:
    counted = Counter(answers)
    return Doors(counted[True], counted[False], counted[None])


def _indigenous(service: Service) -> tuple[str, ...]:
    return tuple(name for name in service.languages if name.casefold() not in _NOT_INDIGENOUS)


def _months(service: Service, today: date) -> int | None:
    """Whole months since the record was checked, else since its source; a bare year counts from July."""
    if service.verified_on:
        return max((today.year - service.verified_on.year) * 12 + today.month - service.verified_on.month, 0)
    year, _, rest = service.source.date.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        return None
    month = int(rest[:2]) if rest[:2].isascii() and rest[:2].isdigit() else 7
    return max((today.year - int(year)) * 12 + today.month - month, 0)


def _middle(ages: Sequence[int]) -> float | None:
    if not ages:
        return None
    half = len(ages) // 2
    return float(ages[half]) if len(ages) % 2 else (ages[half - 1] + ages[half]) / 2
