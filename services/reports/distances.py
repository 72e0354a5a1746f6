"""How far people live from the nearest door of each need: straight lines between municipal seats.

Weighted by the people, and by the women and girls, that INEGI counted in 2020.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from data.needs import Need
from data.records import Service
from services.directory import Directory
from services.gazetteer import Gazetteer
from services.matching import is_another_states

NEAR_KM, FAR_KM = 50.0, 100.0
"""Within the first a day is enough to go and come back by bus; beyond the second it often isn't."""

BANDS = (25.0, 50.0, 100.0, 200.0)


@dataclass(frozen=True, slots=True)
class Way:
    """From a municipality to the nearest door. `km` is None when no door of that need is on record."""

    municipality: str
    people: int
    women: int
    km: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """A distance over many people: kilometres, and shares from 0 to 1. None when there is no door."""

    mean: float | None
    median: float | None
    near: float | None
    far: float | None


Weight = Callable[[Way], int]


def ways(directory: Directory, state: str, need: str, *, today: date, women: bool = False) -> tuple[Way, ...]:
    """One way for each municipality of a state, by key.

    Only doors that anybody may read of; with `women` those of the women's flow too, and then only
    figures over the whole state may leave, for a short way would tell where such a door is.
    """
    doors = doors_of(directory, state, need, today=today, women=women)
    gazetteer = directory.gazetteer
    return tuple(
        Way(
            place.key,
            gazetteer.population(place.key) or 0,
            gazetteer.women(place.key) or 0,
            nearest_km(gazetteer, place.key, doors),
        )
        for place in gazetteer.municipalities_of(state)
    )


def doors_of(
    directory: Directory, state: str, need: str, *, today: date, women: bool = False
) -> frozenset[str]:
    """Municipalities with a door that people of this state may use, in the state or beyond it."""
    found = directory.for_need(need, today=today, women=women)
    return frozenset(
        service.location.municipality
        for service in found
        if service.location.municipality and not is_another_states(service, state)
    )


def nearest_km(gazetteer: Gazetteer, municipality: str, doors: Iterable[str]) -> float | None:
    """Kilometres to the nearest of these municipalities; 0 within the same one."""
    measured = (gazetteer.distance_km(municipality, door) for door in doors)
    return min((km for km in measured if km is not None), default=None)


def people(way: Way) -> int:
    """Weighs everybody alike."""
    return way.people


def women_and_girls(way: Way) -> int:
    """Weighs only women and girls."""
    return way.women


def spread(found: Sequence[Way], weight: Weight) -> Spread:
    """Mean, median and shares over all people whose way is known."""
    known = sorted((way.km, weight(way)) for way in found if way.km is not None)
    total = sum(count for _, count in known)
    if not total:
        return Spread(None, None, None, None)
    return Spread(
        mean=sum(km * count for km, count in known) / total,
        median=_median(known, total),
        near=sum(count for km, count in known if km <= NEAR_KM) / total,
        far=sum(count for km, count in known if km > FAR_KM) / total,
    )


def band(km: float | None) -> int | None:
    """The step of `BANDS` that a distance falls into."""
    return None if km is None else sum(1 for limit in BANDS if km > limit)


def all_ways(directory: Directory, state: str, *, today: date) -> Mapping[str, tuple[Way, ...]]:
    """The ways of every need."""
    return {need.value: ways(directory, state, need, today=today) for need in Need}


def local(service: Service, state: str) -> bool:
    """Whether a service is the state's own or stands in it, and not merely nationwide."""
    own = any(key != "00" and key.startswith(state) for key in service.coverage)
    return own or service.location.state == state or service.location.municipality[:2] == state


def _median(known: Sequence[tuple[float, int]], total: int) -> float:
    reached = 0
    for km, count in known:
        reached += count
        if reached * 2 >= total:
            return km
    return known[-1][0]
