"""Services as HSDS 3.0 objects: the JSON export and the public API. What HSDS lacks travels as attributes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID, uuid5

from data.needs import Need
from data.record_checks import BY_APPOINTMENT
from data.records import Channel, Exposure, Kind, Phone, Service
from services import appointments
from services.exchange import words
from services.exchange.area_names import AreaNames
from services.exchange.columns import BY_NAME, cells_of

VERSION = "3.0"
NAMESPACE = UUID("8f0c1b6e-6c0b-5a53-9d0b-3f0a4f1e7a11")
"""Ids are UUIDs made from the directory's own ids, so that they stay the same for ever."""

NEEDS_TAXONOMY = "needs"
DETAILS_TAXONOMY = "details"
APPLICATION = "Solo con cita: llame antes de ir."
ATTENDING = "previa cita"
"""«By appointment» in HSDS: `application_process` of a service, `attending_type` of a schedule."""
EXTRA_EXTENSION = "extension"
EXTRA_EXPOSURE = "exposure"
ATTRIBUTES = (
    "id", "confidence", "exposure", "kind", "schedule", "only_for", "women_only", "children",
    "sons_up_to_age", "men", "lgbti", "disability", "without_papers", "pregnant", "other_state",
    "indigenous", "source_urls", "source_date", "verified_how", "verified_result", "verified_by",
    "check_due", "conflict", "route_step", "field_exposure", "staff_note",
)  # fmt: skip

Object = dict[str, Any]

_RULE = re.compile(r"^((?:Mo|Tu|We|Th|Fr|Sa|Su)[A-Za-z,\-]*) (\d\d:\d\d)-(\d\d:\d\d)(?:,(.*))?$")
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def uid(kind: str, key: str) -> str:
    """The HSDS id of something."""
    return str(uuid5(NAMESPACE, f"{kind}:{key}"))


@dataclass(frozen=True)
class Record:
    """A service that may be shown, and its HSDS objects."""

    service: Service
    areas: AreaNames
    with_terms: bool = True
    """Whether an attribute carries its whole term, or only the term's id."""

    @property
    def id(self) -> str:
        """Its HSDS id."""
        return uid("service", self.service.id)

    @property
    def organization_id(self) -> str:
        """The HSDS id of its organization: the same name is the same organization."""
        return uid("organization", self.service.organization.strip().lower())

    @cached_property
    def basic(self) -> Object:
        """The fields that stand once, and the organization: as in a list."""
        service = self.service
        changed = service.updated_at
        needs_appointment = appointments.in_hours(service.schedule)
        return _filled(
            id=self.id,
            organization_id=self.organization_id,
            name=service.name,
            alternate_name=service.alternate_name,
            description=service.description,
            url=service.website,
            email=service.email,
            status=service.status.value,
            application_process=APPLICATION if needs_appointment else "",
            fees_description=service.fees,
            eligibility_description=service.eligibility,
            assured_date=service.verified_on.isoformat() if service.verified_on else "",
            last_modified=changed.isoformat().replace("+00:00", "Z") if changed else "",
            organization=self.organization,
        )

    @property
    def organization(self) -> Object:
        """The organization that gives the service."""
        return {"id": self.organization_id, "name": self.service.organization, "description": ""}

    @property
    def full(self) -> Object:
        """The service with everything that belongs to it."""
        at = self.at_location
        return {
            **self.basic,
            "phones": [self._phone(i, phone) for i, phone in enumerate(self.service.phones)],
            "schedules": self._schedules(),
            "service_areas": [self._area(key) for key in self.service.coverage],
            "service_at_locations": [at] if at else [],
            "languages": [self._language(name) for name in self.service.languages],
            "attributes": self.attributes,
        }

    @cached_property
    def attributes(self) -> list[Object]:
        """The needs it answers, and what HSDS has no field for."""
        cells = cells_of(self.service, self.areas)
        needs = [self._attribute(need_term(need), "", need.value) for need in self.service.needs]
        return needs + [
            self._attribute(detail_term(name), cells[name], name) for name in ATTRIBUTES if cells[name]
        ]

    @property
    def at_location(self) -> Object | None:
        """The service where it is given; None for a service that is given nowhere in particular."""
        location = self.location
        if location is None:
            return None
        key = self.service.id
        return {
            "id": uid("service_at_location", key),
            "service_id": self.id,
            "location_id": location["id"],
            "location": location,
        }

    @property
    def location(self) -> Object | None:
        """Where the service is given."""
        place = self.service.location
        if not place.state:
            return None
        far = self.service.kind in (Kind.LINE, Kind.ONLINE)
        kind = "virtual" if far else "physical"
        key = place.municipality or place.state
        return _filled(
            id=uid("location", self.service.id),
            location_type=kind,
            name=self.areas.coverage_name(key),
            latitude=place.latitude,
            longitude=place.longitude,
            external_identifier=key,
            external_identifier_type="INEGI",
            addresses=[self._address(kind)],
        )

    def _address(self, kind: str) -> Object:
        place = self.service.location
        municipality = self.areas.areas.name(place.municipality) if place.municipality else ""
        return {
            "id": uid("address", self.service.id),
            "location_id": uid("location", self.service.id),
            "address_1": place.address,
            "city": place.locality or municipality,
            "region": place.locality,
            "state_province": self.areas.state_name(place.state),
            "postal_code": "",
            "country": "MX",
            "address_type": kind,
        }

    def _phone(self, index: int, phone: Phone) -> Object:
        key = f"{self.service.id}/{index}"
        exact = phone.extension.isascii() and phone.extension.isdecimal() and phone.extension[0] != "0"
        extra = {
            EXTRA_EXTENSION: "" if exact else phone.extension,
            EXTRA_EXPOSURE: "" if phone.exposure is Exposure.PUBLIC else phone.exposure.value,
        }
        attributes = [self._extra("phone", key, code, value) for code, value in extra.items() if value]
        return _filled(
            id=uid("phone", key),
            service_id=self.id,
            number=phone.number,
            extension=int(phone.extension) if exact else None,
            type="voice" if phone.type is Channel.VOICE else phone.type.value,
            description=phone.description,
            attributes=attributes,
        )

    def _schedules(self) -> list[Object]:
        service = self.service
        found = [
            self._schedule(i, rule, service.schedule_note if i == 0 else "")
            for i, rule in enumerate(appointments.rules(service.schedule))
        ]
        if not found and service.schedule_note:
            found = [self._schedule(0, "", service.schedule_note)]
        return found

    def _schedule(self, index: int, rule: str, note: str) -> Object:
        hours = appointments.unmarked(rule)
        match = _RULE.match(hours)
        weekly: Object = {}
        if match:
            weekly = {
                "freq": "WEEKLY",
                "byday": ",".join(_by_day(match[1])),
                "opens_at": match[2],
                "closes_at": match[3],
            }
        elif hours == "24/7":
            weekly = {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00"}
            weekly["closes_at"] = "24:00"
        key = f"{self.service.id}/{index}"
        if appointments.in_hours(rule):
            weekly["attending_type"] = ATTENDING
        said = APPLICATION if rule == BY_APPOINTMENT else rule
        return _filled(id=uid("schedule", key), service_id=self.id, description=said, notes=note, **weekly)

    def _area(self, key: str) -> Object:
        return {
            "id": uid("service_area", f"{self.service.id}/{key}"),
            "service_id": self.id,
            "name": self.areas.coverage_name(key),
            "extent": key,
            "extent_type": "INEGI",
        }

    def _language(self, name: str) -> Object:
        return {
            "id": uid("language", f"{self.service.id}/{name}"),
            "service_id": self.id,
            "name": name,
        }

    def _attribute(self, term: Object, value: str, code: str) -> Object:
        return _filled(
            id=uid("attribute", f"{self.service.id}/{code}"),
            link_id=self.id,
            link_entity="service",
            taxonomy_term_id=term["id"],
            value=value,
            taxonomy_term=term if self.with_terms else None,
        )

    def _extra(self, entity: str, key: str, code: str, value: str) -> Object:
        return {
            "id": uid("attribute", f"{entity}/{key}/{code}"),
            "link_id": uid(entity, key),
            "link_entity": entity,
            "link_type": code,
            "value": value,
        }


def page(contents: list[Object], *, total: int, number: int = 1, per_page: int | None = None) -> Object:
    """The specification's Page around a list."""
    pages = ceil(total / per_page) if per_page else 1
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def written(services: Iterable[Service], areas: AreaNames) -> Object:
    """Every service in full, as one page, and once the terms that their attributes name."""
    contents = [Record(service, areas, with_terms=False).full for service in services]
    terms = {"taxonomies": taxonomies(), "taxonomy_terms": taxonomy_terms()}
    return page(contents, total=len(contents)) | terms


def taxonomies() -> list[Object]:
    """The two lists of terms that attributes speak of."""
    return [
        {
            "id": uid("taxonomy", NEEDS_TAXONOMY),
            "name": "Necesidades",
            "description": "Lo que una persona desplazada necesita y este servicio atiende.",
            "version": VERSION,
        },
        {
            "id": uid("taxonomy", DETAILS_TAXONOMY),
            "name": "Detalles del servicio",
            "description": "Lo que HSDS no prevé: confianza, fuente, verificación y a quién recibe.",
            "version": VERSION,
        },
    ]


def taxonomy_terms() -> list[Object]:
    """Every term of both lists."""
    return [*(need_term(need) for need in Need), *(detail_term(name) for name in ATTRIBUTES)]


def need_term(need: Need) -> Object:
    """The term of a need."""
    said = words.NEEDS[need]
    return _term(NEEDS_TAXONOMY, "Necesidades", need.value, said, f"Atiende: {said.lower()}.")


def detail_term(name: str) -> Object:
    """The term of a column that HSDS has no field for."""
    title = BY_NAME[name].title
    said = f"{title}, como en la hoja de datos."
    return _term(DETAILS_TAXONOMY, "Detalles del servicio", name, title, said)


def _term(taxonomy: str, taxonomy_name: str, code: str, name: str, description: str) -> Object:
    return {
        "id": uid("taxonomy_term", f"{taxonomy}/{code}"),
        "code": code,
        "name": name,
        "description": description,
        "taxonomy": taxonomy_name,
        "taxonomy_id": uid("taxonomy", taxonomy),
        "language": "es",
    }


def _by_day(days: str) -> list[str]:
    found: list[str] = []
    for part in days.split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last and last not in _DAYS):
            return []
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        span = range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)]
        found += [_DAYS[day].upper() for day in span]
    return found


def _filled(**values: Any) -> Object:
    """Only what has a value: HSDS has no null."""
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def text(item: Mapping[str, Any], name: str) -> str:
    """A string or number of an object as text; empty when it is anything else."""
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
