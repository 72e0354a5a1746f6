"""What a record must be before it is published: a sentence in Spanish for every field that is wrong."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from data import inegi, record_checks, refuge_screen
from data.dialing import NotDialableError, as_dialled
from data.records import Kind, Phone, Service
from data.seed_files import SEED
from services.exposure import EXPOSABLE

MAX_LENGTHS: Mapping[str, int] = {
    "name": 300,
    "alternate_name": 300,
    "organization": 300,
    "description": 2000,
    "locality": 200,
    "address": 500,
    "schedule": 300,
    "schedule_note": 300,
    "website": 500,
    "email": 200,
    "eligibility": 2000,
    "fees": 1000,
    "verified_by": 200,
    "conflict": 2000,
    "route_step": 64,
    "staff_note": 4000,
}
MAX_LIST = 60

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_URL = re.compile(r"https?://[^\s/]+\.[^\s]+")
_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# UTF-8 read as cp1252 and saved again: «Ã¡», «Â¿», «â€œ»; U+FFFD is what could not be read.
_BROKEN = re.compile(
    r"Ã[\u0080-\u00bf\u0192\u0160\u0161\u0178\u017d\u017e\u2013-\u2122]|Â[¡¿°«»\u00a0]|â€|\ufffd"
)
# Control characters, halves of characters and noncharacters: no sheet can hold them.
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MEXICO = ((14.0, 33.0), (-119.0, -86.0))


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A field and what to do about it. Never holds the value: it may be what must not be known."""

    field: str
    sentence: str
    is_grave: bool = False
    """It would tell where a refuge is: refused even where nothing was changed."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the checks look up: INEGI keys, names of places, and the short codes with where they answer."""

    areas: inegi.Areas
    places: refuge_screen.PlaceNames
    short_codes: frozenset[tuple[str, str]]

    @property
    def short_numbers(self) -> frozenset[str]:
        """Every short code that exists somewhere."""
        return frozenset(number for number, _ in self.short_codes)


def load_rules(seed: Path = SEED, *, gazetteer: Path = inegi.GAZETTEER) -> Rules:
    """Read once and pass around. Raises OSError when the files are missing."""
    areas = inegi.load(gazetteer)
    with (seed / "short_codes.csv").open(encoding="utf-8", newline="") as file:
        codes = frozenset((row["number"], row["area"]) for row in csv.DictReader(file))
    return Rules(areas, refuge_screen.prepare(areas.place_names()), codes)


def problems(service: Service, rules: Rules, *, today: date) -> tuple[FieldProblem, ...]:
    """Everything that is wrong with a record, field by field."""
    found = [FieldProblem(name, said) for check in _CHECKS for name, said in check(service, rules, today)]
    return (*found, *place_problems(service, rules))


def place_problems(service: Service, rules: Rules) -> tuple[FieldProblem, ...]:
    """Only what would tell where a refuge is: refused whatever else was changed."""
    found = _tells_no_refuge(service, rules)
    return tuple(FieldProblem(name, text, is_grave=True) for name, text in found)


Found = Iterator[tuple[str, str]]


def _has_what_it_needs(service: Service, rules: Rules, today: date) -> Found:
    del rules, today
    if not _ID.fullmatch(service.id):
        yield "id", "la clave lleva hasta 64 letras sin acento, cifras, puntos y guiones"
    for name in ("name", "organization"):
        if not getattr(service, name):
            yield name, "está vacío; escríbalo"
    if not service.needs:
        yield "needs", "está vacío; escriba al menos una necesidad"
    if not service.coverage:
        yield "coverage", "no dice a qué lugar sirve; escriba un estado, un municipio o «Todo el país»"


def _texts_are_sound(service: Service, rules: Rules, today: date) -> Found:
    del rules, today
    place = service.location
    texts = [(n, getattr(place if n in ("locality", "address") else service, n)) for n in MAX_LENGTHS]
    for name, text in texts:
        if len(text) > MAX_LENGTHS[name]:
            yield name, f"es demasiado largo; acórtelo a {MAX_LENGTHS[name]} letras"
    many = [("languages", name) for name in service.languages]
    many += [("phones", f"{phone.extension} {phone.description}") for phone in service.phones]
    many += [("source_urls", url) for url in service.source.urls]
    for name, text in [*texts, *many]:
        yield from ((name, sentence) for sentence in _unsound(text))


def _unsound(text: str) -> Iterator[str]:
    if _UNSEEN.search(text):
        yield "lleva letras que no se ven (de control); escríbalo de nuevo"
    if _BROKEN.search(text):
        yield "los acentos están dañados; guarde el archivo como «CSV UTF-8» o escríbalo de nuevo"


def _lists_are_short(service: Service, rules: Rules, today: date) -> Found:
    del rules, today
    for name, values, longest in (
        ("phones", [f"{p.number} {p.type} {p.extension}" for p in service.phones], 100),
        ("languages", service.languages, 100),
        ("source_urls", service.source.urls, 1000),
        ("coverage", service.coverage, 5),
    ):
        if len(values) > MAX_LIST:
            yield name, f"son demasiados; deje {MAX_LIST}"
        if len(set(values)) < len(values):
            yield name, "uno está repetido; deje uno solo"
        if any(len(value) > longest for value in values):
            yield name, f"uno es demasiado largo; acórtelo a {longest} letras"


def _places_exist(service: Service, rules: Rules, today: date) -> Found:
    del today
    place = service.location
    if any(not rules.areas.knows(key) for key in service.coverage):
        yield "coverage", "un lugar no está en la lista de INEGI"
    if place.state and place.state not in rules.areas.states:
        yield "state", "no es un estado de México"
    if place.municipality and place.municipality not in rules.areas.municipalities:
        yield "municipality", "no está en la lista de municipios de INEGI"
    elif place.municipality and not place.municipality.startswith(place.state or "?"):
        yield "municipality", "no es un municipio de ese estado"
    yield from _coordinates(place.latitude, place.longitude)


def _coordinates(latitude: float | None, longitude: float | None) -> Found:
    if (latitude is None) != (longitude is None):
        yield "latitude", "falta la otra coordenada; escriba las dos o ninguna"
    for name, value, (low, high) in zip(
        ("latitude", "longitude"), (latitude, longitude), _MEXICO, strict=True
    ):
        if value is not None and not low <= value <= high:
            yield name, "está fuera de México; revise si cambió latitud por longitud"


def _phones_dial(service: Service, rules: Rules, today: date) -> Found:
    del today
    here = {number for number, area in rules.short_codes if _serves(area, service.coverage)}
    for phone in service.phones:
        yield from (("phones", sentence) for sentence in _phone(phone, here))


def _phone(phone: Phone, short: set[str]) -> Iterator[str]:
    try:
        if as_dialled(phone.number, short=short) != phone.number:
            yield "un teléfono no está escrito como se marca; escríbalo como «961 615 5178»"
    except NotDialableError as error:
        yield f"un teléfono no sirve: {error}"
    if len(phone.extension) > 40 or len(phone.description) > 200:
        yield "la extensión o la nota de un teléfono es demasiado larga"


def _serves(area: str, coverage: tuple[str, ...]) -> bool:
    return area == inegi.NATION or any(key.startswith(area) for key in coverage)


def _can_be_reached(service: Service, rules: Rules, today: date) -> Found:
    del rules, today
    if service.schedule and not record_checks.is_schedule(service.schedule):
        yield "schedule", "no es un horario; escriba por ejemplo «L-V 9:00-15:00» o «24 horas»"
    if service.email and not _EMAIL.fullmatch(service.email):
        yield "email", "no es un correo; escriba por ejemplo «nombre@ejemplo.org»"
    if service.website and not _URL.fullmatch(service.website):
        yield "website", "no es una página; escriba por ejemplo «https://ejemplo.org»"
    if any(not _URL.fullmatch(url) for url in service.source.urls):
        yield "source_urls", "una fuente no es una dirección de internet que empiece con «https://»"


def _dates_are_real(service: Service, rules: Rules, today: date) -> Found:
    del rules
    tomorrow = today + timedelta(days=1)
    if service.source.date and not _is_partial_date(service.source.date):
        yield "source_date", "no es una fecha; escriba «2026», «2026-03» o «2026-03-15»"
    if service.verified_on and service.verified_on > tomorrow:
        yield "verified_on", "está en el futuro; escriba el día en que se comprobó"
    age = service.compatibility.sons_up_to_age
    if age is not None and not 0 <= age <= 120:
        yield "sons_up_to_age", "no es una edad en años"


def _is_partial_date(text: str) -> bool:
    if not _PARTIAL_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _exposures_are_known(service: Service, rules: Rules, today: date) -> Found:
    del rules, today
    if any(name not in EXPOSABLE for name, _ in service.field_exposure):
        yield "field_exposure", f"un campo no puede ocultarse solo; use: {', '.join(sorted(EXPOSABLE))}"


def _tells_no_refuge(service: Service, rules: Rules) -> Found:
    for told in record_checks.places_told(service, rules.places):
        yield told.field, f"dice dónde hay un refugio ({told.rule.value}); quítelo"
    if record_checks.is_unsaid_refuge(service):
        yield "kind", "se llama refugio y dice un lugar; elija «Refugio» y quite el lugar, o cambie el nombre"
    if service.kind is Kind.REFUGE and refuge_screen.places_in(service.id, rules.places):
        yield "id", "la clave dice dónde hay un refugio; use otra"


_CHECKS: tuple[Callable[[Service, Rules, date], Found], ...] = (
    _has_what_it_needs,
    _texts_are_sound,
    _lists_are_short,
    _places_exist,
    _phones_dial,
    _can_be_reached,
    _dates_are_real,
    _exposures_are_known,
)
