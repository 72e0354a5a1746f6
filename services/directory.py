"""The directory as one immutable object: what may be shown, by need and by id.

Exposure and age are enforced here, for every reader.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from data.consultations import Consultation
from data.needs import Need
from data.records import Confidence, Exposure, Service
from services import freshness
from services.exposure import seen_by
from services.gazetteer import Gazetteer
from services.ladder import Ladder
from services.routes import Routes

_GRAVE = frozenset({Need.EMERGENCY, Need.GBV})


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this Faro, and for how long it keeps what: what PRIVACIDAD says."""

    name: str = ""
    contact: str = ""
    privacy_url: str = ""
    retention_days: int = 7
    idle_minutes: int = 60
    casework_team: bool = False
    """Whether caseworkers answer requests to talk to a person."""
    request_days: int = 7
    audit_days: int = 365
    keeps_phrases: bool = False
    """Whether phrases that were not understood are kept for a while, without anything about the person."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The records of one audience by need, and by need and place: what answers without a look at all.

    `covering`: by each coverage key; `in_state`: by the state of a coverage key; `seated`: by the
    municipality where it stands.
    """

    all: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    covering: Mapping[tuple[str, str], tuple[Service, ...]] = field(default_factory=dict)
    in_state: Mapping[tuple[str, str], tuple[Service, ...]] = field(default_factory=dict)
    seated: Mapping[str, Mapping[str, tuple[Service, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Directory:
    """What a person may be shown, at one version. Records that nobody may see are not in it."""

    version: int
    gazetteer: Gazetteer
    ladder: Ladder
    routes: Routes
    operator: Operator
    consultations: tuple[Consultation, ...] = ()
    _by_id: Mapping[str, Service] = field(default_factory=dict)
    _shelves: Mapping[bool, Shelf] = field(default_factory=dict)
    """For the women's flow (True) and for everybody (False)."""
    _for_women: Mapping[str, Service] = field(default_factory=dict)
    _due: Mapping[str, date | None] = field(default_factory=dict)
    _dead: Mapping[str, date | None] = field(default_factory=dict)

    def get(self, service_id: str, *, today: date, women: bool = False) -> Service | None:
        """A record that may be shown, or None; with the fields kept for the women's flow when `women`."""
        found = (self._for_women if women else self._by_id).get(service_id)
        return found if found and self._is_alive(found, today) else None

    def all_public(self, *, today: date) -> tuple[Service, ...]:
        """Every record that anybody may read, by id."""
        public = (s for _, s in sorted(self._by_id.items()) if s.exposure is Exposure.PUBLIC)
        return self._alive(public, today)

    def for_need(self, need: str, *, today: date, women: bool) -> tuple[Service, ...]:
        """Records fit to answer a need; those kept for the women's flow only when `women`."""
        return self._alive(self._shelves[women].all.get(need, ()), today)

    def reaching(
        self, need: str, place: str, *, near: Iterable[str], today: date, women: bool
    ) -> tuple[Service, ...]:
        """Those of `for_need` that cover the place, or stand in it or in a municipality of `near`."""
        shelf = self._shelves[women]
        groups = [shelf.covering.get((need, key), ()) for key in dict.fromkeys(("00", place[:2], place))]
        if len(place) == 2:
            groups.append(shelf.in_state.get((need, place), ()))
        seated = shelf.seated.get(need, {})
        groups += [seated.get(key, ()) for key in (place, *near)]
        return self._alive({s.id: s for group in groups for s in group}.values(), today)

    def towns(self, need: str, *, women: bool) -> Collection[str]:
        """The municipalities where something of `for_need` stands, or once did."""
        return self._shelves[women].seated.get(need, {}).keys()

    def seated(self, need: str, town: str, *, today: date, women: bool) -> tuple[Service, ...]:
        """Those of `for_need` that stand in a municipality."""
        return self._alive(self._shelves[women].seated.get(need, {}).get(town, ()), today)

    def line(self, role: str, *, today: date, place: str = "") -> Service | None:
        """The best record for a role of a danger answer that covers the place (INEGI key or empty)."""
        covered = {"00", place[:2], place}
        for service_id in self.ladder.lines(role):
            service = self.get(service_id, today=today)
            if service and is_trusted(service) and covered.intersection(service.coverage):
                return service
        return None

    def first(self, service_ids: Iterable[str], *, today: date, women: bool) -> Service | None:
        """The first of these that may be shown; doors for women only in the women's flow."""
        found = (self.get(service_id, today=today) for service_id in service_ids)
        return next((s for s in found if s and (women or _is_for_all(s))), None)

    def is_past_due(self, service_id: str, *, today: date) -> bool:
        """Whether its facts should have been checked again by now; so are those that carry no date."""
        due = self._due.get(service_id)
        return due is None or freshness.is_over(due, today)

    def _alive(self, services: Iterable[Service], today: date) -> tuple[Service, ...]:
        """Without those that nobody has vouched for in so long that they are shown no more."""
        return tuple(service for service in services if self._is_alive(service, today))

    def _is_alive(self, service: Service, today: date) -> bool:
        return not freshness.is_over(self._dead.get(service.id), today)

    def __repr__(self) -> str:
        return f"Directory(version={self.version}, {len(self)} services)"

    def __len__(self) -> int:
        return len(self._by_id)


def build(
    services: Iterable[Service],
    *,
    version: int,
    gazetteer: Gazetteer,
    ladder: Ladder,
    routes: Routes,
    operator: Operator,
    consultations: Iterable[Consultation] = (),
) -> Directory:
    """A directory of the records that may be shown to somebody."""
    whole = [(s, seen) for s in services if (seen := seen_by(Exposure.WOMEN, s))]
    views = [(seen, seen_by(Exposure.PUBLIC, s)) for s, seen in whole]
    periods = freshness.load()
    for_women = [seen for seen, _ in views]
    for_all = [public for _, public in views if public and public.exposure is Exposure.PUBLIC]
    return Directory(
        version=version,
        gazetteer=gazetteer,
        ladder=ladder,
        routes=routes,
        operator=operator,
        consultations=tuple(consultations),
        _by_id=MappingProxyType({seen.id: public or seen for seen, public in views}),
        _shelves=MappingProxyType({True: _shelf(for_women), False: _shelf(for_all)}),
        _for_women=MappingProxyType({s.id: s for s in for_women}),
        _due=MappingProxyType({s.id: freshness.due(s, periods) for s, _ in whole}),
        _dead=MappingProxyType({s.id: freshness.dead(s, periods) for s, _ in whole}),
    )


def _shelf(services: Iterable[Service]) -> Shelf:
    every: dict[str, list[Service]] = defaultdict(list)
    covering: dict[tuple[str, str], list[Service]] = defaultdict(list)
    in_state: dict[tuple[str, str], list[Service]] = defaultdict(list)
    seated: dict[str, dict[str, list[Service]]] = defaultdict(lambda: defaultdict(list))
    for service in services:
        for need in service.needs:
            if need in _GRAVE and not is_trusted(service):
                continue
            every[need].append(service)
            for key in dict.fromkeys(service.coverage):
                covering[need, key].append(service)
            for state in {key[:2] for key in service.coverage}:
                in_state[need, state].append(service)
            if service.location.municipality:
                seated[need][service.location.municipality].append(service)
    return Shelf(
        all={need: tuple(found) for need, found in every.items()},
        covering={key: tuple(found) for key, found in covering.items()},
        in_state={key: tuple(found) for key, found in in_state.items()},
        seated={need: {key: tuple(found) for key, found in by.items()} for need, by in seated.items()},
    )


def is_trusted(service: Service) -> bool:
    """Fit for danger and gender-based violence: confidence A or B, or verified by a caseworker."""
    return service.confidence in (Confidence.A, Confidence.B) or freshness.is_confirmed(service)


def _is_for_all(service: Service) -> bool:
    is_public = service.exposure is Exposure.PUBLIC
    return is_public and not service.compatibility.women_only and not service.only_for
