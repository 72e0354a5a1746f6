"""What a record may say: free text that tells where a refuge is, opening hours that can be understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import opening_hours

from data import refuge_screen
from data.needs import Need
from data.records import Kind, Service

BY_APPOINTMENT = '"previa cita"'
"""What a rule of the hours carries when one needs an appointment; alone: the hours are not known."""

_SAYS_HOURS = re.compile(r"\d\d:\d\d-\d\d:\d\d|24/7|\b(off|closed)\b")


@dataclass(frozen=True, slots=True)
class Told:
    """A field whose text tells where a refuge is, and by which rule; never the words."""

    field: str
    rule: refuge_screen.Rule


def places_told(service: Service, names: refuge_screen.PlaceNames) -> tuple[Told, ...]:
    """Every free text of a refuge, or of a women's service that speaks of one, that tells a place."""
    return tuple(
        Told(field, hits[0])
        for field, text in free_texts(service)
        if _must_be_silent(service, text) and (hits := refuge_screen.places_in(text, names))
    )


def free_texts(service: Service) -> Iterator[tuple[str, str]]:
    """Field and text of everything that a person wrote freely."""
    yield "name", service.name
    yield "alternate_name", service.alternate_name
    yield "organization", service.organization
    yield "description", service.description
    yield "eligibility", service.eligibility
    yield "fees", service.fees
    yield "schedule", service.schedule
    yield "schedule_note", service.schedule_note
    yield "verified_by", service.verified_by
    yield "conflict", service.conflict
    yield "staff_note", service.staff_note
    yield "route_step", service.route_step
    yield "website", service.website
    yield "email", service.email
    for language in service.languages:
        yield "languages", language
    for phone in service.phones:
        yield "phones", phone.description
    for url in service.source.urls:
        yield "source_urls", url


def is_schedule(text: str) -> bool:
    """OpenStreetMap hours whose every rule says them: a bare day or comment reads as always open."""
    if text.strip() == BY_APPOINTMENT:
        return True  # services.hours knows it
    rules = re.split(r";|\|\|", re.sub(r'"[^"]*"', "", text))
    return all(_SAYS_HOURS.search(rule) for rule in rules) and bool(opening_hours.validate(text))


def is_unsaid_refuge(service: Service) -> bool:
    """A record that is called a refuge, tells a place, and does not say that it is one."""
    if service.kind is Kind.REFUGE or not _is_for_women(service):
        return False
    place = service.location
    told = place.municipality or place.locality or place.address or place.latitude is not None
    called = any(refuge_screen.is_called_a_refuge(name) for name in (service.name, service.alternate_name))
    return called and bool(told or any(len(key) > 2 for key in service.coverage))


def _is_for_women(service: Service) -> bool:
    """Also one that gives shelter: where a list says no more, «Refugio» is a women's refuge."""
    return service.compatibility.women_only or not {Need.GBV, Need.SHELTER}.isdisjoint(service.needs)


def _must_be_silent(service: Service, text: str) -> bool:
    if service.kind is Kind.REFUGE:
        return True
    for_women = service.compatibility.women_only or Need.GBV in service.needs
    return for_women and refuge_screen.speaks_of_a_refuge(text)
