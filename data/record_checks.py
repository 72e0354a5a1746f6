"""What a record may say: free text that tells where a refuge is, opening hours that can be understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import opening_hours

from data import refuge_screen
from data.needs import Need
from data.records import Kind, Service

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
    for language in service.languages:
        yield "languages", language
    for phone in service.phones:
        yield "phones", phone.description
    for url in service.source.urls:
        yield "source_urls", url


def is_schedule(text: str) -> bool:
    """OpenStreetMap hours whose every rule says them: a bare day or comment reads as always open."""
    rules = re.split(r";|\|\|", re.sub(r'"[^"]*"', "", text))
    return all(_SAYS_HOURS.search(rule) for rule in rules) and bool(opening_hours.validate(text))


def _must_be_silent(service: Service, text: str) -> bool:
    if service.kind is Kind.REFUGE:
        return True
    for_women = service.compatibility.women_only or Need.GBV in service.needs
    return for_women and refuge_screen.speaks_of_a_refuge(text)
