"""The directory as one immutable object: what may be shown, by need and by id. Exposure is enforced here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

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


@dataclass(frozen=True, slots=True, repr=False)
class Directory:
    """What a person may be shown, at one version. Records that nobody may see are not in it."""

    version: int
    gazetteer: Gazetteer
    ladder: Ladder
    routes: Routes
    operator: Operator
    _by_id: Mapping[str, Service] = field(default_factory=dict)
    _by_need: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    _for_women: Mapping[str, Service] = field(default_factory=dict)
    _due: Mapping[str, date | None] = field(default_factory=dict)
    _dead: Mapping[str, date | None] = field(default_factory=dict)

    def get(self, service_id: str, *, women: bool = False) -> Service | None:
        """A record that may be shown, or None; with the fields kept for the women's flow when `women`."""
        return (self._for_women if women else self._by_id).get(service_id)

    def all_public(self) -> tuple[Service, ...]:
        """Every record that anybody may read, by id."""
        return tuple(s for _, s in sorted(self._by_id.items()) if s.exposure is Exposure.PUBLIC)

    def for_need(self, need: str, *, women: bool) -> tuple[Service, ...]:
        """Records fit to answer a need; those kept for the women's flow only when `women`."""
        found = self._by_need.get(need, ())
        if women:
            return found
        return tuple(self._by_id[s.id] for s in found if s.exposure is Exposure.PUBLIC)

    def line(self, role: str, *, place: str = "") -> Service | None:
        """The best record for a role of a danger answer that covers the place (INEGI key or empty)."""
        covered = {"00", place[:2], place}
        for service_id in self.ladder.lines(role):
            service = self._by_id.get(service_id)
            if service and is_trusted(service) and covered.intersection(service.coverage):
                return service
        return None

    def is_past_due(self, service_id: str, today: date) -> bool:
        """Whether its facts should have been checked again by now; so are those that carry no date."""
        due = self._due.get(service_id)
        return due is None or due < today

    def is_dead(self, service_id: str, today: date) -> bool:
        """Whether nobody has vouched for it for so long that it is shown no more."""
        dead = self._dead.get(service_id)
        return dead is not None and dead < today

    def first(self, service_ids: Iterable[str], *, women: bool) -> Service | None:
        """The first of these that may be shown; doors for women only in the women's flow."""
        found = (self._by_id.get(service_id) for service_id in service_ids)
        return next((s for s in found if s and (women or _is_for_all(s))), None)

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
) -> Directory:
    """A directory of the records that may be shown to somebody."""
    whole = [(s, seen) for s in services if (seen := seen_by(Exposure.WOMEN, s))]
    views = [(seen, seen_by(Exposure.PUBLIC, s)) for s, seen in whole]
    periods = freshness.load()
    for_women = [seen for seen, _ in views]
    by_need: dict[str, list[Service]] = defaultdict(list)
    for service in for_women:
        for need in service.needs:
            if need not in _GRAVE or is_trusted(service):
                by_need[need].append(service)
    return Directory(
        version=version,
        gazetteer=gazetteer,
        ladder=ladder,
        routes=routes,
        operator=operator,
        _by_id=MappingProxyType({seen.id: public or seen for seen, public in views}),
        _by_need=MappingProxyType({need: tuple(found) for need, found in by_need.items()}),
        _for_women=MappingProxyType({s.id: s for s in for_women}),
        _due=MappingProxyType({s.id: freshness.due(s, periods) for s, _ in whole}),
        _dead=MappingProxyType({s.id: freshness.dead(s, periods) for s, _ in whole}),
    )


def is_trusted(service: Service) -> bool:
    """Fit for danger and gender-based violence: confidence A or B, or verified by a caseworker."""
    return service.confidence in (Confidence.A, Confidence.B) or freshness.is_confirmed(service)


def _is_for_all(service: Service) -> bool:
    is_public = service.exposure is Exposure.PUBLIC
    return is_public and not service.compatibility.women_only and not service.only_for
