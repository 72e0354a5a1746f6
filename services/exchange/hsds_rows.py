"""Reads HSDS 3.0 JSON, ours or another publisher's, as rows of the same cells as every other file."""

import json
from collections.abc import Mapping
from typing import Any

from data.needs import Need
from services import appointments
from services.exchange.cells import SEPARATOR, clean, escaped, joined
from services.exchange.columns import BY_NAME
from services.exchange.hsds import ATTRIBUTES, EXTRA_EXPOSURE, EXTRA_EXTENSION, detail_term, need_term, text
from services.exchange.problems import Problem, UnreadableFile
from services.exchange.sheet import MAX_ROWS, Row, Sheet

_SIMPLE = {
    "name": "name",
    "alternate_name": "alternate_name",
    "description": "description",
    "url": "website",
    "email": "email",
    "status": "status",
    "fees_description": "fees",
    "eligibility_description": "eligibility",
    "assured_date": "verified_on",
}
_NEEDS = {need_term(need)["id"]: need.value for need in Need}
_DETAILS = {detail_term(name)["id"]: name for name in ATTRIBUTES}
_LISTS = ("contents", "services", "service")
_BY_DAY = {"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}

Object = Mapping[str, Any]


def sheet(data: bytes) -> Sheet:
    """One row a service: a list, a page with `contents`, or one service. Raises UnreadableFile."""
    services = _services(_parsed(data))
    if len(services) > MAX_ROWS:
        raise UnreadableFile(f"Son más de {MAX_ROWS:,} servicios. Parta el archivo.")
    rows = tuple(_row(number, each) for number, each in enumerate(services, start=1))
    return Sheet({name: name for name in BY_NAME}, rows)


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise UnreadableFile("No es JSON en UTF-8. Expórtelo otra vez desde su sistema.") from None


def _services(found: Any) -> list[Any]:
    if isinstance(found, dict):
        listed = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
        found = listed if listed is not None else [found]
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise UnreadableFile("No es HSDS: se espera una lista de servicios, o una página con «contents».")
    if not any("name" in each or "id" in each for each in found):
        raise UnreadableFile("No es HSDS: ningún objeto tiene «id» ni «name».")
    return found


def _row(number: int, service: Object) -> Row:
    problems: list[Problem] = []
    cells = {column: text(service, name) for name, column in _SIMPLE.items()}
    attributes = _details(service)
    notes = [text(schedule, "notes") for schedule in _objects(service, "schedules")]
    cells |= {
        "id": attributes.get("id") or text(service, "id"),
        "organization": text(_object(service.get("organization")), "name"),
        "phones": SEPARATOR.join(_phone(phone) for phone in _objects(service, "phones")),
        "needs": joined(_needs(service)),
        "languages": joined(text(each, "name") for each in _objects(service, "languages")),
        "coverage": joined(_extent(each) for each in _objects(service, "service_areas")),
        "schedule_note": next(filter(None, notes), ""),
        "schedule": _hours(service),
    }
    cells |= _place(service)
    cells |= attributes
    if len(_objects(service, "service_at_locations")) > 1:
        problems.append(
            Problem(number, "service_at_locations", "tiene varios lugares; haga un registro para cada uno")
        )
    return Row(number, {n: clean(cell) for n, cell in cells.items() if clean(cell)}, tuple(problems))


def _details(service: Object) -> dict[str, str]:
    """Our own columns that travel as attributes."""
    found = {}
    for attribute in _objects(service, "attributes"):
        code = _DETAILS.get(text(attribute, "taxonomy_term_id"))
        if code and text(attribute, "value"):
            found[code] = text(attribute, "value")
    return found


def _needs(service: Object) -> list[str]:
    """Our terms by id; another publisher's by their code, where it is one of ours."""
    return [code for attribute in _objects(service, "attributes") if (code := _need(attribute))]


def _need(attribute: Object) -> str | None:
    term_id = text(attribute, "taxonomy_term_id")
    code = text(_object(attribute.get("taxonomy_term")), "code")
    if term_id in _DETAILS or term_id in _NEEDS:
        return _NEEDS.get(term_id)
    return code if code in set(Need) else None


def _phone(phone: Object) -> str:
    extras = {text(a, "link_type"): text(a, "value") for a in _objects(phone, "attributes")}
    extension = extras.get(EXTRA_EXTENSION) or text(phone, "extension")
    note, exposure = text(phone, "description"), extras.get(EXTRA_EXPOSURE, "")
    parts = [
        text(phone, "number"),
        f"ext. {_plain(extension)}" if extension else "",
        f"({_plain(note)})" if note else "",
        "WhatsApp" if text(phone, "type").lower() == "whatsapp" else "",
        f"[{exposure}]" if exposure else "",
    ]
    return " ".join(part for part in parts if part)


def _plain(said: str) -> str:
    return "\\" + escaped(said, ";()[]") if said[:1].isalpha() else escaped(said, ";()[]")


def _extent(area: Object) -> str:
    return (text(area, "extent") if text(area, "extent_type") == "INEGI" else "") or text(area, "name")


def _place(service: Object) -> dict[str, str]:
    at = next(iter(_objects(service, "service_at_locations")), {})
    location = _object(at.get("location"))
    address = next(iter(_objects(location, "addresses")), {})
    cells = {
        "address": text(address, "address_1"),
        "latitude": text(location, "latitude"),
        "longitude": text(location, "longitude"),
    }
    if text(location, "external_identifier_type") == "INEGI":
        key = text(location, "external_identifier")
        municipality = key if len(key) == 5 else ""
        return {**cells, "state": key[:2], "municipality": municipality, "locality": text(address, "region")}
    return {**cells, "state": text(address, "state_province"), "municipality": text(address, "city")}


def _hours(service: Object) -> str:
    """Another publisher's weekly hours; ours travel whole as an attribute."""
    schedules = _objects(service, "schedules")
    rules = "; ".join(filter(None, map(_rule, schedules)))
    by_appointment = appointments.asked(text(service, "application_process")) or (
        not rules and any(map(_asks_for_appointment, schedules))
    )
    return appointments.marked(rules) if by_appointment else rules


def _rule(schedule: Object) -> str:
    days = [_BY_DAY.get(day.strip()[-2:]) for day in text(schedule, "byday").split(",")]
    opens, closes = text(schedule, "opens_at")[:5], text(schedule, "closes_at")[:5]
    if not (opens and closes and all(days)):
        return ""
    rule = f"{','.join(day for day in days if day)} {opens}-{closes}"
    return appointments.marked(rule) if _asks_for_appointment(schedule) else rule


def _asks_for_appointment(schedule: Object) -> bool:
    return any(appointments.asked(text(schedule, name)) for name in ("attending_type", "description"))


def _object(value: Any) -> Object:
    return value if isinstance(value, dict) else {}


def _objects(item: Object, name: str) -> list[Object]:
    value = item.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
