"""The directory for other systems: read-only HSDS 3.0 under /api/hsds, `public` exposure only."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any, Protocol

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from data import inegi
from data.database import Database
from services.directory import Directory
from services.exchange import area_names, hsds
from services.exchange.area_names import AreaNames
from services.exchange.cells import plain
from services.exchange.hsds import Object, Record
from services.freshness import day_of
from services.gazetteer import Area, Gazetteer

PREFIX = "/api/hsds"
PROFILE = "https://docs.openreferral.org/en/v3.0/"
OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json"
PER_PAGE, MOST_PER_PAGE, MOST_SEARCHED = 50, 500, 200
_LINES = 100
_EARTH_METRES = 6_371_008.8
_TYPE = "application/json"

Point = tuple[float | None, float | None]


class Opened(Protocol):
    """What the API needs of Faro's open parts."""

    database: Database
    gazetteer: Gazetteer

    async def directory(self, connection: AsyncConnection) -> Directory:
        """The directory at its newest version."""


@dataclass(slots=True)
class Index:
    """The public directory at one version and on one day, by HSDS id."""

    version: int
    today: date
    services: Mapping[str, Record]
    organizations: Mapping[str, tuple[Record, ...]]


class Api:
    """Answers from the newest directory; the index is made again when its version rises or a day begins."""

    def __init__(self, core: Opened) -> None:
        self._core = core
        self._areas: AreaNames | None = None
        self._index: Index | None = None

    def add_routes(self, app: web.Application) -> None:
        """Every endpoint of the specification."""
        router = app.router
        for path in ("", "/"):
            router.add_get(PREFIX + path, self.about)
        for name, listed, one in (
            ("services", self.services, self.service),
            ("organizations", self.organizations, self.organization),
            ("service_at_locations", self.at_locations, self.at_location),
            ("taxonomies", self.taxonomies, self.taxonomy),
            ("taxonomy_terms", self.taxonomy_terms, self.taxonomy_term),
        ):
            router.add_get(f"{PREFIX}/{name}", listed)
            router.add_get(f"{PREFIX}/{name}/{{id}}", one)

    async def about(self, request: web.Request) -> web.Response:
        """Which version of the specification this is."""
        del request
        return _json({"version": hsds.VERSION, "profile": PROFILE, "openapi_url": OPENAPI})

    async def services(self, request: web.Request) -> web.StreamResponse:
        """Services: `search`, `taxonomy_term_id`, `taxonomy_id`, `organization_id`, `modified_after`."""
        found = _filtered((await self._current()).services.values(), request)
        if _flag(request, "minimal"):
            return await _listed(request, found, _minimal)
        return await _listed(request, found, _full if _flag(request, "full") else _basic)

    async def service(self, request: web.Request) -> web.Response:
        """One service in full."""
        return _json(_one((await self._current()).services, request).full)

    async def organizations(self, request: web.Request) -> web.StreamResponse:
        """Organizations that give a public service: `search`, `full`, `full_service`."""
        groups = [
            group
            for group in (await self._current()).organizations.values()
            if _says(request, group[0].service.organization)
        ]
        if _flag(request, "full") or _flag(request, "full_service"):
            whole = _flag(request, "full_service")
            return await _listed(request, groups, lambda group: _organization(group, full_service=whole))
        return await _listed(request, groups, lambda group: group[0].organization)

    async def organization(self, request: web.Request) -> web.Response:
        """One organization with its services and places."""
        group = _one((await self._current()).organizations, request)
        return _json(_organization(group, full_service=_flag(request, "full_service")))

    async def at_locations(self, request: web.Request) -> web.StreamResponse:
        """Services where they are given: the filters of `services`, and `postcode` with `proximity`."""
        placed = [record for record in (await self._current()).services.values() if record.at_location]
        found = self._near(_filtered(placed, request), request)
        full = _flag(request, "full")
        return await _listed(request, found, lambda record: _at_location(record, full=full))

    async def at_location(self, request: web.Request) -> web.Response:
        """One of them in full."""
        records = (await self._current()).services.values()
        by_id = {at["id"]: record for record in records if (at := record.at_location)}
        return _json(_at_location(_one(by_id, request), full=True))

    async def taxonomies(self, request: web.Request) -> web.StreamResponse:
        """The lists of terms."""
        found = [t for t in hsds.taxonomies() if _says(request, t["name"], t["description"])]
        return await _listed(request, found, _same)

    async def taxonomy(self, request: web.Request) -> web.Response:
        """One list of terms."""
        return _json(_one({each["id"]: each for each in hsds.taxonomies()}, request))

    async def taxonomy_terms(self, request: web.Request) -> web.StreamResponse:
        """Terms: `search`, `taxonomy_id`, `top_only`, `parent_id`. No term has a parent here."""
        wanted = request.query.get("taxonomy_id")
        terms = [] if request.query.get("parent_id") else hsds.taxonomy_terms()
        found = [
            term
            for term in terms
            if wanted in (None, term["taxonomy_id"]) and _says(request, term["name"], term["code"])
        ]
        _flag(request, "top_only")
        return await _listed(request, found, _same)

    async def taxonomy_term(self, request: web.Request) -> web.Response:
        """One term."""
        return _json(_one({each["id"]: each for each in hsds.taxonomy_terms()}, request))

    async def _current(self) -> Index:
        try:
            async with self._core.database.read() as connection:
                directory = await self._core.directory(connection)
        except (SQLAlchemyError, OSError):
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from None
        today, kept = day_of(datetime.now(UTC)), self._index
        if kept is None or (kept.version, kept.today) != (directory.version, today):
            self._areas = self._areas or area_names.load(inegi.load())
            kept = self._index = _indexed(directory, self._areas, today)
        return kept

    def _near(self, records: list[Record], request: web.Request) -> list[Record]:
        """Services that cover the postal code's place, or lie within `proximity` metres of it."""
        code = request.query.get("postcode", "")
        if not code:
            return records
        place = self._core.gazetteer.resolve(f"C.P. {code}") if code.isdecimal() and len(code) == 5 else None
        if place is None or len(place.candidates) != 1:
            raise _bad("postcode is not a Mexican postal code of five digits.")
        key = place.candidates[0].key
        metres = _number(request, "proximity", None, low=0)
        if metres is None:
            return [r for r in records if {"00", key[:2], key} & set(r.service.coverage)]
        return [r for r in records if self._distance(key, r) <= metres]

    def _distance(self, key: str, record: Record) -> float:
        """Metres between two municipalities' seats; far away when one has no point."""
        place, areas = record.service.location, self._core.gazetteer.areas
        here, there = _point(areas.get(key)), (place.latitude, place.longitude)
        if None in there:
            there = _point(areas.get(place.municipality))
        return _metres(here, there)


def _point(area: Area | None) -> Point:
    return (area.latitude, area.longitude) if area else (None, None)


def _indexed(directory: Directory, areas: AreaNames, today: date) -> Index:
    records = [Record(service, areas) for service in directory.all_public(today=today)]
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.organization_id].append(record)
    return Index(
        directory.version,
        today,
        {record.id: record for record in records},
        {key: tuple(group) for key, group in sorted(groups.items())},
    )


def _filtered(records: Any, request: web.Request) -> list[Record]:
    """Filters add up: every one given must hold."""
    query = request.query
    after = _moment(query.get("modified_after"))
    return [
        record
        for record in records
        if _says(request, *_searched(record))
        and query.get("organization_id") in (None, record.organization_id)
        and _has_term(record, query)
        and (after is None or (record.service.updated_at or datetime.min.replace(tzinfo=UTC)) >= after)
    ]


def _searched(record: Record) -> tuple[str, ...]:
    service = record.service
    return service.name, service.alternate_name, service.description, service.organization


def _has_term(record: Record, query: Mapping[str, str]) -> bool:
    term, taxonomy = query.get("taxonomy_term_id"), query.get("taxonomy_id")
    if term is None and taxonomy is None:
        return True
    terms = [attribute["taxonomy_term"] for attribute in record.attributes]
    return (term is None or any(each["id"] == term for each in terms)) and (
        taxonomy is None or any(each["taxonomy_id"] == taxonomy for each in terms)
    )


def _says(request: web.Request, *texts: str) -> bool:
    """Every word of `search` stands in one of the texts, whatever its accents."""
    search = request.query.get("search", "")
    if len(search) > MOST_SEARCHED:
        raise _bad(f"search is {MOST_SEARCHED} characters at most.")
    wanted = plain(search).split()
    said = plain(" ".join(texts)) if wanted else ""
    return all(word in said for word in wanted)


def _basic(record: Record) -> Object:
    return record.basic


def _full(record: Record) -> Object:
    return record.full


def _minimal(record: Record) -> Object:
    changed = record.basic.get("last_modified", "")
    return {"id": record.id, "modified_date": changed, "last_modified": changed}


def _same(item: Object) -> Object:
    return item


def _organization(group: Sequence[Record], *, full_service: bool) -> Object:
    return {
        **group[0].organization,
        "services": [record.full if full_service else record.basic for record in group],
        "locations": [location for record in group if (location := record.location)],
    }


def _at_location(record: Record, *, full: bool) -> Object:
    at = record.at_location or {}
    return {**at, "service": record.full if full else record.basic}


async def _listed(
    request: web.Request, found: Sequence[Any], made: Callable[[Any], Object]
) -> web.StreamResponse:
    """One page, or everything line by line with `format=ndjson`."""
    kind = request.query.get("format", "json")
    if kind == "ndjson":
        return await _lines(request, found, made)
    if kind != "json":
        raise _bad("format is «json» or «ndjson».")
    per_page = _number(request, "per_page", PER_PAGE, low=1) or PER_PAGE
    per_page = min(per_page, MOST_PER_PAGE)
    number = _number(request, "page", 1, low=1) or 1
    start = (number - 1) * per_page
    contents = [made(item) for item in found[start : start + per_page]]
    return _json(hsds.page(contents, total=len(found), number=number, per_page=per_page))


async def _lines(
    request: web.Request, found: Sequence[Any], made: Callable[[Any], Object]
) -> web.StreamResponse:
    """A hundred at a time: a large directory neither fills the memory nor holds up people's answers."""
    response = web.StreamResponse(headers={"Access-Control-Allow-Origin": "*"})
    response.content_type = "application/x-ndjson"
    response.charset = "utf-8"
    await response.prepare(request)
    for start in range(0, len(found), _LINES):
        some = found[start : start + _LINES]
        await response.write("".join(json.dumps(made(i), ensure_ascii=False) + "\n" for i in some).encode())
        await asyncio.sleep(0)
    await response.write_eof()
    return response


def _one(known: Mapping[str, Any], request: web.Request) -> Any:
    found = known.get(request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound(text=json.dumps({"error": "There is no such id."}), content_type=_TYPE)
    return found


def _flag(request: web.Request, name: str) -> bool:
    value = request.query.get(name, "false").lower()
    if value not in ("true", "false"):
        raise _bad(f"{name} is «true» or «false».")
    return value == "true"


def _number(request: web.Request, name: str, default: int | None, *, low: int) -> int | None:
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) < low:
        raise _bad(f"{name} is a whole number of at least {low}.")
    return int(text)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise _bad("modified_after is a moment such as 2026-11-01T00:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _metres(here: Point, there: Point) -> float:
    """Great-circle distance; infinite when a point is unknown."""
    (latitude, longitude), (other_latitude, other_longitude) = here, there
    if latitude is None or longitude is None or other_latitude is None or other_longitude is None:
        return float("inf")
    north, east = radians(other_latitude - latitude), radians(other_longitude - longitude)
    half = sin(north / 2) ** 2
    half += cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east / 2) ** 2
    return 2 * _EARTH_METRES * asin(sqrt(min(1.0, half)))


def _bad(sentence: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": sentence}, ensure_ascii=False), content_type=_TYPE)


def _json(item: Object) -> web.Response:
    return web.json_response(
        item,
        dumps=lambda value: json.dumps(value, ensure_ascii=False),
        headers={"Access-Control-Allow-Origin": "*"},
    )


def add_routes(app: web.Application, core: Opened) -> None:
    """Open the API in an application."""
    Api(core).add_routes(app)
