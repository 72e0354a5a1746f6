"""A service as flat fields of JSON values and back: the form in which changes are kept and compared."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from data.needs import Need, Who
from data.records import (
    Channel,
    Compatibility,
    Confidence,
    Exposure,
    Kind,
    Location,
    Method,
    Phone,
    Result,
    Service,
    Source,
    Status,
)

Fields = dict[str, Any]

_TEXTS = (
    "id",
    "name",
    "alternate_name",
    "organization",
    "description",
    "schedule",
    "schedule_note",
    "website",
    "email",
    "eligibility",
    "fees",
    "verified_by",
    "conflict",
    "route_step",
    "staff_note",
)
_COMPATIBILITY = tuple(Compatibility.__slots__)
_PLACE = tuple(Location.__slots__)

NEUTRAL = frozenset(
    {
        "kind",
        "needs",
        "confidence",
        "exposure",
        "status",
        "only_for",
        "source_date",
        "state",
        "verified_on",
        "verified_how",
        "verified_result",
        "check_due",
        *_COMPATIBILITY,
    }
)
"""Fields of a closed list or a date: they can't tell where a refuge is."""


def to_fields(service: Service) -> Fields:
    """Every field that counts as content, flat; `updated_at` and `revision` are not content."""
    return {
        **{name: getattr(service, name) for name in _TEXTS},
        "kind": service.kind.value,
        "status": service.status.value,
        "needs": [need.value for need in service.needs],
        "coverage": list(service.coverage),
        "confidence": service.confidence.value,
        "exposure": service.exposure.value,
        "field_exposure": {name: exposure.value for name, exposure in sorted(service.field_exposure)},
        "only_for": [who.value for who in service.only_for],
        "source_urls": list(service.source.urls),
        "source_date": service.source.date,
        "phones": [phone_fields(phone) for phone in service.phones],
        "languages": list(service.languages),
        "verified_on": _iso(service.verified_on),
        "verified_how": service.verified_how.value if service.verified_how else None,
        "verified_result": service.verified_result.value if service.verified_result else None,
        "check_due": _iso(service.check_due),
        **{name: getattr(service.location, name) for name in _PLACE},
        **{name: getattr(service.compatibility, name) for name in _COMPATIBILITY},
    }


def from_fields(fields: Mapping[str, Any]) -> Service:
    """The service. Raises ValueError for a value that the model refuses."""
    return Service(
        **{name: fields[name] for name in _TEXTS},
        kind=Kind(fields["kind"]),
        status=Status(fields["status"]),
        needs=tuple(Need(code) for code in fields["needs"]),
        coverage=tuple(fields["coverage"]),
        confidence=Confidence(fields["confidence"]),
        exposure=Exposure(fields["exposure"]),
        field_exposure=tuple(sorted((n, Exposure(e)) for n, e in fields["field_exposure"].items())),
        only_for=tuple(Who(code) for code in fields["only_for"]),
        source=Source(tuple(fields["source_urls"]), fields["source_date"]),
        phones=tuple(phone_from(phone) for phone in fields["phones"]),
        languages=tuple(fields["languages"]),
        verified_on=_date(fields["verified_on"]),
        verified_how=Method(fields["verified_how"]) if fields["verified_how"] else None,
        verified_result=Result(fields["verified_result"]) if fields["verified_result"] else None,
        check_due=_date(fields["check_due"]),
        location=Location(**{name: fields[name] for name in _PLACE}),
        compatibility=Compatibility(**{name: fields[name] for name in _COMPATIBILITY}),
    )


def differences(before: Fields, after: Fields) -> dict[str, tuple[Any, Any]]:
    """Field → value before and after, for the fields that differ."""
    return {name: (before[name], value) for name, value in after.items() if before[name] != value}


def without_place(fields: Fields) -> Fields:
    """What may stay when a record turns out to be a refuge: nothing but the state."""
    hidden = fields["exposure"] if fields["exposure"] in (Exposure.STAFF, Exposure.NEVER) else Exposure.STAFF
    return {
        **fields,
        "municipality": "",
        "locality": "",
        "address": "",
        "latitude": None,
        "longitude": None,
        "phones": [],
        "email": "",
        "website": "",
        "alternate_name": "",
        "field_exposure": {},
        "coverage": list(dict.fromkeys(key[:2] for key in fields["coverage"])),
        "exposure": str(hidden),
        "kind": Kind.REFUGE.value,
    }


def dumps(value: Any) -> str:
    """A value as it is kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def phone_fields(phone: Phone) -> Fields:
    """A phone as fields."""
    return {
        "number": phone.number,
        "type": phone.type.value,
        "extension": phone.extension,
        "description": phone.description,
        "exposure": phone.exposure.value,
    }


def phone_from(fields: Mapping[str, str]) -> Phone:
    """The phone of `phone_fields`."""
    return Phone(
        fields["number"],
        Channel(fields["type"]),
        fields["extension"],
        fields["description"],
        Exposure(fields["exposure"]),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
