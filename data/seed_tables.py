"""Writes services as the directory's tables (HSDS names, one CSV per table) that `seed_files` reads."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from data import inegi
from data.records import Kind, Service
from data.seed_files import COMPATIBILITY, SEPARATOR, YES_NO

Row = dict[str, str]
Table = list[Row]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A service with what only its tables hold: the official name and the language notes."""

    service: Service
    official_name: str = ""
    languages: tuple[tuple[str, str, str], ...] = ()


def tables(services: list[Mapped], areas: inegi.Areas) -> dict[str, Table]:
    """The HSDS tables by name, in the order of the services."""
    placed = [mapped.service for mapped in services if mapped.service.location.state]
    return {
        "organizations": _organizations(services),
        "services": [_service_row(mapped) for mapped in services],
        "attributes": [_attribute_row(mapped.service) for mapped in services],
        "locations": [_location_row(service, areas) for service in placed],
        "service_at_location": [_at_row(service) for service in placed],
        "phones": [row for mapped in services for row in _phone_rows(mapped.service)],
        "schedules": [row for mapped in services for row in _schedule_rows(mapped.service)],
        "languages": [row for mapped in services for row in _language_rows(mapped)],
        "service_areas": [row for mapped in services for row in _area_rows(mapped.service, areas)],
    }


def write(found: dict[str, Table], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in found.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def bare(text: str) -> str:
    """Lower case without accents, to compare names."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _organizations(services: list[Mapped]) -> Table:
    names = dict.fromkeys(mapped.service.organization for mapped in services)
    return [{"id": _organization_id(name), "name": name, "description": ""} for name in sorted(names)]


def _organization_id(name: str) -> str:
    return "org-" + re.sub(r"[^a-z0-9]+", "-", bare(name)).strip("-")


def _service_row(mapped: Mapped) -> Row:
    service = mapped.service
    return {
        "id": service.id,
        "organization_id": _organization_id(service.organization),
        "name": service.name,
        "alternate_name": mapped.official_name,
        "description": service.description,
        "url": service.website,
        "email": service.email,
        "status": "active",
        "eligibility_description": service.eligibility,
        "fees_description": service.fees,
    }


def _attribute_row(service: Service) -> Row:
    answers = {value: text for text, value in YES_NO.items()}
    said = service.compatibility
    return {
        "link_id": service.id,
        "link_entity": "service",
        "kind": service.kind.value,
        "needs": SEPARATOR.join(service.needs),
        "confidence": service.confidence.value,
        "exposure": service.exposure.value,
        "women_only": answers[said.women_only],
        "sons_up_to_age": "" if said.sons_up_to_age is None else str(said.sons_up_to_age),
        **{name: answers[getattr(said, name)] for name in COMPATIBILITY},
        "only_for": SEPARATOR.join(service.only_for),
        "source_urls": SEPARATOR.join(service.source.urls),
        "source_date": service.source.date,
        "verified_on": "",
        "verified_by": "",
        "staff_note": service.staff_note,
    }


def _location_row(service: Service, areas: inegi.Areas) -> Row:
    place = service.location
    return {
        "id": f"loc-{service.id}",
        "location_type": "virtual" if service.kind in (Kind.LINE, Kind.ONLINE) else "physical",
        "external_identifier": place.municipality or place.state,
        "external_identifier_type": "INEGI",
        "name": areas.name(place.municipality or place.state),
        "city": place.locality,
        "address_1": place.address,
        "state_province": areas.name(place.state),
        "country": "MX",
        "latitude": "",
        "longitude": "",
    }


def _at_row(service: Service) -> Row:
    key = service.id
    return {"id": f"sal-{key}", "service_id": key, "location_id": f"loc-{key}", "description": ""}


def _phone_rows(service: Service) -> Table:
    return [
        {
            "id": f"tel-{service.id}-{index}",
            "service_id": service.id,
            "number": phone.number,
            "extension": phone.extension,
            "type": phone.type.value,
            "description": phone.description,
        }
        for index, phone in enumerate(service.phones, start=1)
    ]


def _schedule_rows(service: Service) -> Table:
    if not (service.schedule or service.schedule_note):
        return []
    return [
        {
            "id": f"hor-{service.id}",
            "service_id": service.id,
            "opening_hours": service.schedule,
            "notes": service.schedule_note,
        }
    ]


def _language_rows(mapped: Mapped) -> Table:
    return [
        {
            "id": f"len-{mapped.service.id}-{index}",
            "service_id": mapped.service.id,
            "name": name,
            "code": code,
            "note": note,
        }
        for index, (name, code, note) in enumerate(mapped.languages, start=1)
    ]


def _area_rows(service: Service, areas: inegi.Areas) -> Table:
    return [
        {
            "id": f"area-{service.id}-{key}",
            "service_id": service.id,
            "name": areas.name(key),
            "extent": key,
            "extent_type": "INEGI",
        }
        for key in service.coverage
    ]
