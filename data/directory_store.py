"""The directory in the database: published whole, read whole."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data.needs import Need
from data.records import Channel, Compatibility, Confidence, Exposure, Kind, Location, Phone, Service, Source
from data.tables import (
    directory_version,
    language,
    location,
    organization,
    phone,
    schedule,
    service,
    service_area,
    service_need,
    service_report,
    source_url,
)

Rows = list[dict[str, Any]]

_COMPATIBILITY = {
    "women_only": "women_only",
    "children": "accepts_children",
    "sons_up_to_age": "sons_up_to_age",
    "men": "accepts_men",
    "lgbti": "accepts_lgbti",
    "disability": "accepts_disability",
    "without_papers": "accepts_without_papers",
    "pregnant": "accepts_pregnant",
    "other_state": "accepts_other_state",
    "indigenous": "accepts_indigenous",
}


async def version(connection: AsyncConnection) -> int:
    """The number of the published directory; 0 before the first."""
    found = await connection.execute(select(directory_version.c.version))
    return found.scalar_one_or_none() or 0


async def seed_fingerprint(connection: AsyncConnection) -> str:
    """Which seed files the directory was last loaded from; empty before the first."""
    found = await connection.execute(select(directory_version.c.seed_fingerprint))
    return found.scalar_one_or_none() or ""


async def publish_seed(
    connection: AsyncConnection, services: Sequence[Service], *, fingerprint: str, now: datetime
) -> None:
    """Load the seed directory. What caseworkers verified since then is kept as they left it."""
    verified = select(service.c.id).where(service.c.verified_by != "")
    kept = set((await connection.execute(verified)).scalars())
    await _replace(connection, [s for s in services if s.id not in kept], kept=kept, now=now)
    await raise_version(connection, now=now, fingerprint=fingerprint)


async def raise_version(
    connection: AsyncConnection, *, now: datetime, fingerprint: str | None = None
) -> None:
    """Tell every process that the directory changed."""
    values: dict[str, Any] = {"published_at": now}
    if fingerprint is not None:
        values["seed_fingerprint"] = fingerprint
    raised = update(directory_version).values(version=directory_version.c.version + 1, **values)
    if (await connection.execute(raised)).rowcount == 0:
        await connection.execute(insert(directory_version).values(id=1, version=1, **values))


async def add_report(connection: AsyncConnection, service_id: str, *, on: date) -> None:
    """Somebody says that a service does not work. Kept by day, and nothing about who said it."""
    await connection.execute(insert(service_report).values(service_id=service_id, reported_on=on))


async def load(connection: AsyncConnection) -> tuple[Service, ...]:
    """Every service, by id."""
    parts = {table.name: await _by_service(connection, table) for table in _PARTS}
    query = select(service, organization.c.name.label("organization_name")).join(organization)
    rows = (await connection.execute(query.order_by(service.c.id))).mappings()
    return tuple(_record(dict(row), parts) for row in rows)


_PARTS = (service_need, service_area, location, phone, schedule, language, source_url)


async def _replace(
    connection: AsyncConnection, services: Sequence[Service], *, kept: set[str], now: datetime
) -> None:
    await connection.execute(delete(service).where(service.c.id.not_in(kept)))
    in_use = select(service.c.organization_id)
    await connection.execute(delete(organization).where(organization.c.id.not_in(in_use)))
    known = set((await connection.execute(select(organization.c.id))).scalars())
    organizations = {_organization_id(s.organization): s.organization for s in services}
    fresh = [{"id": key, "name": name} for key, name in organizations.items() if key not in known]
    await _insert(connection, organization, fresh)
    await _insert(connection, service, [_service_row(s, now) for s in services])
    for table, rows in _part_rows(services).items():
        await _insert(connection, table, rows)


async def _insert(connection: AsyncConnection, table: Table, rows: Rows) -> None:
    if rows:
        await connection.execute(insert(table), rows)


def _organization_id(name: str) -> str:
    return hashlib.sha256(name.strip().lower().encode()).hexdigest()[:16]


def _service_row(record: Service, now: datetime) -> dict[str, Any]:
    compatibility = {column: getattr(record.compatibility, name) for name, column in _COMPATIBILITY.items()}
    return compatibility | {
        "id": record.id,
        "organization_id": _organization_id(record.organization),
        "name": record.name,
        "description": record.description,
        "kind": record.kind,
        "url": record.website,
        "email": record.email,
        "eligibility_description": record.eligibility,
        "fees_description": record.fees,
        "confidence": record.confidence,
        "exposure": record.exposure,
        "source_date": record.source.date,
        "verified_on": record.verified_on,
        "verified_by": record.verified_by,
        "staff_note": record.staff_note,
        "updated_at": now,
    }


def _part_rows(services: Iterable[Service]) -> dict[Table, Rows]:
    rows: dict[Table, Rows] = {table: [] for table in _PARTS}
    for record in services:
        for table, part in _parts_of(record).items():
            rows[table] += [{"service_id": record.id, **row} for row in part]
    return rows


def _parts_of(record: Service) -> dict[Table, Rows]:
    place = record.location
    return {
        service_need: [{"need": need, "position": i} for i, need in enumerate(record.needs)],
        service_area: [{"extent": key} for key in dict.fromkeys(record.coverage)],
        location: [
            {"service_kind": record.kind} | {name: getattr(place, name) for name in Location.__slots__}
        ],
        phone: [
            {
                "position": i,
                "number": p.number,
                "type": p.type,
                "extension": p.extension,
                "description": p.description,
            }
            for i, p in enumerate(record.phones)
        ],
        schedule: [{"opening_hours": record.schedule, "notes": record.schedule_note}],
        language: [{"name": name} for name in dict.fromkeys(record.languages)],
        source_url: [{"position": i, "url": url} for i, url in enumerate(record.source.urls)],
    }


async def _by_service(connection: AsyncConnection, table: Table) -> dict[str, Rows]:
    order = list(table.primary_key) if "position" not in table.c else [table.c.position]
    found: dict[str, Rows] = defaultdict(list)
    for row in (await connection.execute(select(table).order_by(*order))).mappings():
        found[row["service_id"]].append(dict(row))
    return found


def _record(row: dict[str, Any], parts: dict[str, dict[str, Rows]]) -> Service:
    def part(table: Table) -> Rows:
        return parts[table.name].get(row["id"], [])

    places, hours = part(location), part(schedule)
    return Service(
        id=row["id"],
        name=row["name"],
        organization=row["organization_name"],
        kind=Kind(row["kind"]),
        needs=tuple(Need(r["need"]) for r in part(service_need)),
        coverage=tuple(r["extent"] for r in part(service_area)),
        confidence=Confidence(row["confidence"]),
        source=Source(urls=tuple(r["url"] for r in part(source_url)), date=row["source_date"]),
        description=row["description"],
        phones=tuple(
            Phone(r["number"], Channel(r["type"]), r["extension"], r["description"]) for r in part(phone)
        ),
        location=Location(**{name: places[0][name] for name in Location.__slots__}) if places else Location(),
        schedule=hours[0]["opening_hours"] if hours else "",
        schedule_note=hours[0]["notes"] if hours else "",
        website=row["url"],
        email=row["email"],
        languages=tuple(r["name"] for r in part(language)),
        eligibility=row["eligibility_description"],
        fees=row["fees_description"],
        compatibility=Compatibility(**{name: row[column] for name, column in _COMPATIBILITY.items()}),
        exposure=Exposure(row["exposure"]),
        verified_on=row["verified_on"],
        verified_by=row["verified_by"],
        staff_note=row["staff_note"],
    )
