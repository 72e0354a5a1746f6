"""Who may read what: a record as the public, the women's flow or the staff see it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from data.records import Confidence, Exposure, Kind, Phone, Result, Service, Status
from services import freshness

AUDIENCES = (Exposure.PUBLIC, Exposure.WOMEN, Exposure.STAFF)

RANK = {Exposure.PUBLIC: 0, Exposure.WOMEN: 1, Exposure.STAFF: 2, Exposure.NEVER: 3}
_STAFF_ONLY: Mapping[str, Any] = MappingProxyType(
    {
        "staff_note": "",
        "conflict": "",
        "verified_by": "",
        "verified_result": None,
        "check_due": None,
        "field_exposure": (),
    }
)


def seen_by(audience: Exposure, service: Service) -> Service | None:
    """The record without what this audience may not read; None when it may not know of it."""
    if RANK[service.exposure] > RANK[audience]:
        return None
    if audience is not Exposure.STAFF and not _may_be_shown(service):
        return None
    hidden = [name for name, exposure in service.field_exposure if RANK[exposure] > RANK[audience]]
    changes: dict[str, Any] = {"phones": _phones(audience, service)}
    if audience is not Exposure.STAFF:
        changes |= _STAFF_ONLY
        if not freshness.is_confirmed(service):  # «nobody answered» is no «verificado hace 3 días»
            changes |= {"verified_on": None, "verified_how": None}
    changes = {name: value for name, value in changes.items() if getattr(service, name) != value}
    seen = replace(service, **changes) if changes else service
    for name in hidden:
        seen = _HIDE[name](seen)
    return seen


def read_by(audience: Exposure, services: Iterable[Service], *, today: date) -> list[Service]:
    """What this audience may read of all these, as it sees it; what is long dead only the staff."""
    return [
        seen
        for service in services
        if (seen := seen_by(audience, service))
        and (audience is Exposure.STAFF or not freshness.is_dead(service, today=today))
    ]


def _may_be_shown(service: Service) -> bool:
    return (
        service.kind is not Kind.REFUGE
        and service.confidence is not Confidence.X
        and service.status is Status.ACTIVE
        and service.verified_result is not Result.CLOSED
    )


def _phones(audience: Exposure, service: Service) -> tuple[Phone, ...]:
    if service.confidence is Confidence.D and audience is not Exposure.STAFF:
        return ()
    return tuple(phone for phone in service.phones if RANK[phone.exposure] <= RANK[audience])


def _without_address(service: Service) -> Service:
    place = replace(service.location, locality="", address="", latitude=None, longitude=None)
    return replace(service, location=place)


def _without_municipality(service: Service) -> Service:
    """Nor a coverage finer than the state, which would tell it."""
    service = _without_address(service)
    coverage = tuple(dict.fromkeys(key[:2] for key in service.coverage))
    return replace(service, location=replace(service.location, municipality=""), coverage=coverage)


_HIDE: Mapping[str, Callable[[Service], Service]] = MappingProxyType(
    {
        "phones": lambda service: replace(service, phones=()),
        "address": _without_address,
        "municipality": _without_municipality,
        "schedule": lambda service: replace(service, schedule="", schedule_note=""),
        "website": lambda service: replace(service, website=""),
        "email": lambda service: replace(service, email=""),
        "description": lambda service: replace(service, description=""),
        "eligibility": lambda service: replace(service, eligibility=""),
        "fees": lambda service: replace(service, fees=""),
        "source_urls": lambda service: replace(service, source=replace(service.source, urls=())),
    }
)
EXPOSABLE = frozenset(_HIDE)
"""What may carry an exposure of its own."""
