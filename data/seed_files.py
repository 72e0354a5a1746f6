"""Reads the directory's tables (HSDS names, one CSV each). A broken row is named, the rest loads."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from data import inegi, record_checks, refuge_screen
from data.dialing import NotDialableError, as_dialled
from data.needs import Need, Who
from data.records import (
    Channel,
    Compatibility,
    Confidence,
    Exposure,
    Kind,
    Location,
    Phone,
    RefugePlace,
    Service,
    Source,
)

SEED = Path(__file__).parent / "seed" / "directory"

SEPARATOR = " ; "
"""Between several values in one cell: needs, source urls."""

YES_NO = {"sí": True, "no": False, "": None}

COMPATIBILITY = (
    "children",
    "men",
    "lgbti",
    "disability",
    "without_papers",
    "pregnant",
    "other_state",
    "indigenous",
)
_TABLES = (
    "organizations",
    "services",
    "attributes",
    "locations",
    "service_at_location",
    "phones",
    "schedules",
    "languages",
    "service_areas",
    "short_codes",
)
# A field of a record → its column in these tables, where the names differ.
_COLUMNS = {
    "locality": "city",
    "address": "address_1",
    "website": "url",
    "coverage": "service_areas",
    "eligibility": "eligibility_description",
    "fees": "fees_description",
    "schedule_note": "schedule notes",
}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that was refused: the file, its line and a sentence in Spanish that says what to do."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    services: tuple[Service, ...]
    errors: tuple[RowError, ...]


class _RefusedError(Exception):
    """Why a row can't be read; for a refuge's place it names field and rule, never the value."""


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        if column not in self.cells:
            raise _RefusedError(f"falta la columna «{column}»")
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class _Checks:
    areas: inegi.Areas
    names: refuge_screen.PlaceNames
    short_codes: frozenset[tuple[str, str]]
    """Short number and the INEGI key where it answers."""


class _Tables:
    """The rows of all tables by the service they belong to, and the errors met so far."""

    def __init__(self, folder: Path) -> None:
        self.errors: list[RowError] = []
        self.rows = {table: self._read(folder / f"{table}.csv") for table in _TABLES}

    def _read(self, path: Path) -> list[_Row]:
        try:
            return list(_rows(path))
        except FileNotFoundError:
            self.errors.append(RowError(path.name, 0, "falta este archivo; cópielo de la semilla"))
        except (UnicodeDecodeError, csv.Error):
            self.errors.append(RowError(path.name, 0, "no es CSV en UTF-8; guárdelo como «CSV UTF-8»"))
        return []

    def refuse(self, row: _Row, reason: str) -> None:
        self.errors.append(RowError(row.file, row.line, reason))

    def keyed(self, table: str, column: str) -> dict[str, _Row]:
        """The rows of a table by a column that must not repeat."""
        found: dict[str, _Row] = {}
        for row in self.rows[table]:
            key = row.cells.get(column, "")
            if not key or key in found:
                self.refuse(row, f"«{column}» está vacío o repetido; cada fila necesita el suyo")
            else:
                found[key] = row
        return found

    def several(self, table: str, known: dict[str, _Row]) -> dict[str, list[_Row]]:
        """The rows of a child table by service; a row of no known service is refused."""
        found: dict[str, list[_Row]] = {service: [] for service in known}
        for row in self.rows[table]:
            service = row.cells.get("service_id", "")
            if service in found:
                found[service].append(row)
            else:
                self.refuse(row, "«service_id» no está en services.csv")
        return found

    def each(self, rows: list[_Row], read: Callable[[_Row], _T]) -> tuple[_T, ...]:
        """What can be read of the rows; the others are refused one by one."""
        values: list[_T] = []
        for row in rows:
            try:
                values.append(read(row))
            except _RefusedError as refused:
                self.refuse(row, str(refused))
        return tuple(values)


def read(folder: Path = SEED, *, gazetteer: Path = inegi.GAZETTEER) -> Loaded:
    """All services of the folder's tables in the order of services.csv, and every refused row."""
    tables = _Tables(folder)
    areas = inegi.load(gazetteer)
    checks = _Checks(areas, refuge_screen.prepare(areas.place_names()), _short_codes(tables, areas))
    services = tables.keyed("services", "id")
    parts = _Parts(tables, services)
    loaded = tables.each(list(services.values()), lambda row: parts.service(row, checks))
    order = sorted(tables.errors, key=lambda error: (error.file, error.line))
    return Loaded(loaded, tuple(order))


class _Parts:
    """The tables joined by service."""

    def __init__(self, tables: _Tables, services: dict[str, _Row]) -> None:
        self._tables = tables
        self._organizations = tables.keyed("organizations", "id")
        self._attributes = tables.keyed("attributes", "link_id")
        self._locations = tables.keyed("locations", "id")
        self._at = tables.several("service_at_location", services)
        self._phones = tables.several("phones", services)
        self._schedules = tables.several("schedules", services)
        self._languages = tables.several("languages", services)
        self._areas = tables.several("service_areas", services)

    def service(self, row: _Row, checks: _Checks) -> Service:
        attributes = self._attributes.get(row["id"])
        organization = self._organizations.get(row["organization_id"])
        if attributes is None or organization is None:
            missing = "attributes.csv" if attributes is None else "organizations.csv"
            raise _RefusedError(f"no tiene su fila en {missing}; agréguela con el mismo id")
        try:
            service = self._joined(row, attributes, organization, checks)
        except _RefusedError as refused:
            self._tables.refuse(attributes, str(refused))
            raise _RefusedError("no se cargó: vea su fila en attributes.csv") from refused
        except RefugePlace as told:
            column = _COLUMNS.get(told.field, told.field)
            raise _RefusedError(f"{told.rule}; borre el campo «{column}»") from None
        for hit in record_checks.places_told(service, checks.names):
            column = _COLUMNS.get(hit.field, hit.field)
            raise _RefusedError(f"el campo «{column}» dice dónde hay un refugio ({hit.rule.value}); quítelo")
        return service

    def _joined(self, row: _Row, attributes: _Row, organization: _Row, checks: _Checks) -> Service:
        key = row["id"]
        coverage = self._tables.each(self._areas[key], lambda area: _known(area["extent"], checks))
        if not coverage:
            raise _RefusedError("no dice a qué lugar sirve; agregue una fila en service_areas.csv")
        hours = self._tables.each(self._schedules[key], _hours)
        return Service(
            id=key,
            name=_filled(row, "name"),
            organization=organization["name"],
            kind=_one_of(Kind, attributes["kind"]),
            needs=_needs(attributes["needs"]),
            coverage=coverage,
            confidence=_one_of(Confidence, attributes["confidence"]),
            source=Source(_list(attributes["source_urls"]), _partial_date(attributes["source_date"])),
            description=row["description"],
            phones=self._tables.each(self._phones[key], lambda phone: _phone(phone, coverage, checks)),
            location=self._location(key, checks),
            schedule=next((schedule for schedule, _ in hours if schedule), ""),
            schedule_note=next((note for _, note in hours if note), ""),
            website=row["url"],
            email=row["email"],
            languages=tuple(language["name"] for language in self._languages[key]),
            eligibility=row["eligibility_description"],
            fees=row["fees_description"],
            compatibility=_compatibility(attributes),
            exposure=_one_of(Exposure, attributes["exposure"]),
            verified_on=_whole_date(attributes["verified_on"]),
            verified_by=attributes["verified_by"],
            staff_note=attributes["staff_note"],
            alternate_name=row.cells.get("alternate_name", ""),
            only_for=_only_for(attributes.cells.get("only_for", "")),
        )

    def _location(self, service: str, checks: _Checks) -> Location:
        found = self._tables.each(self._at[service], lambda at: self._at_location(at, checks))
        return found[0] if found else Location()

    def _at_location(self, at: _Row, checks: _Checks) -> Location:
        row = self._locations.get(at["location_id"])
        if row is None:
            raise _RefusedError("«location_id» no está en locations.csv")
        key = _known(row["external_identifier"], checks)
        return Location(
            state=key[:2],
            municipality=key if len(key) == 5 else "",
            locality=row["city"],
            address=row["address_1"],
            latitude=_degrees(row["latitude"]),
            longitude=_degrees(row["longitude"]),
        )


def _rows(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        for cells in reader:
            cells.pop(None, None)  # cells beyond the heading
            yield _Row(path.name, reader.line_num, {name: cell.strip() for name, cell in cells.items()})


def _short_codes(tables: _Tables, areas: inegi.Areas) -> frozenset[tuple[str, str]]:
    def code(row: _Row) -> tuple[str, str]:
        if not areas.knows(row["area"]):
            raise _RefusedError("«area» no es una clave de INEGI")
        return row["number"], row["area"]

    return frozenset(tables.each(tables.rows["short_codes"], code))


def _phone(row: _Row, coverage: tuple[str, ...], checks: _Checks) -> Phone:
    here = {number for number, area in checks.short_codes if _serves(area, coverage)}
    try:
        number = as_dialled(row["number"], short=here)
    except NotDialableError as error:
        raise _RefusedError(f"el teléfono no sirve: {error}") from error
    return Phone(number, _one_of(Channel, row["type"]), row["extension"], row["description"])


def _serves(area: str, coverage: tuple[str, ...]) -> bool:
    return area == inegi.NATION or any(key.startswith(area) for key in coverage)


def _hours(row: _Row) -> tuple[str, str]:
    schedule = row["opening_hours"]
    if schedule and not record_checks.is_schedule(schedule):
        raise _RefusedError(
            "«opening_hours» no es un horario; escriba por ejemplo «Mo-Fr 09:00-15:00; PH off»"
        )
    return schedule, row["notes"]


def _compatibility(row: _Row) -> Compatibility:
    women_only = _yes_no(row, "women_only")
    if women_only is None:
        raise _RefusedError("«women_only» se contesta con «sí» o «no»")
    age = row["sons_up_to_age"]
    if age and not age.isdecimal():
        raise _RefusedError("«sons_up_to_age» es una edad en años")
    answers = {name: _yes_no(row, name) for name in COMPATIBILITY}
    return Compatibility(women_only=women_only, sons_up_to_age=int(age) if age else None, **answers)


def _yes_no(row: _Row, column: str) -> bool | None:
    if row[column] not in YES_NO:
        raise _RefusedError(f"«{column}» se contesta con «sí», «no» o vacío")
    return YES_NO[row[column]]


def _needs(text: str) -> tuple[Need, ...]:
    needs = tuple(_one_of(Need, code) for code in _list(text))
    if not needs:
        raise _RefusedError("«needs» está vacío; escriba al menos una necesidad")
    return needs


def _only_for(text: str) -> tuple[Who, ...]:
    return tuple(_one_of(Who, code) for code in _list(text))


def _one_of(kind: type[_T], value: str) -> _T:
    try:
        return kind(value)  # type: ignore[call-arg]
    except ValueError as error:
        known = ", ".join(str(member) for member in kind)  # type: ignore[attr-defined]
        raise _RefusedError(f"un valor no está en la lista; use uno de: {known}") from error


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(SEPARATOR) if part.strip())


def _filled(row: _Row, column: str) -> str:
    if not row[column]:
        raise _RefusedError(f"«{column}» está vacío")
    return row[column]


def _known(key: str, checks: _Checks) -> str:
    if not checks.areas.knows(key):
        raise _RefusedError("no es una clave de INEGI; use «00», dos cifras del estado o cinco del municipio")
    return key


def _partial_date(text: str) -> str:
    _whole_date(text and "-".join((*text.split("-"), "01", "01"))[:10])
    return text


def _whole_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise _RefusedError("una fecha se escribe como 2026-03-15") from error


def _degrees(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError as error:
        raise _RefusedError("una coordenada es un número con punto decimal") from error
