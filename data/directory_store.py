"""The directory in the database: read whole; changed only together with its history and version."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from data import history_store, proposal_store, rejection_store, source_store, upload_store
from data.history_store import Author, Pair, Via
from data.needs import Need, Who
from data.record_json import Fields, dumps, from_fields, to_fields
from data.records import (
    Channel,
    Compatibility,
    Confidence,
    Exposure,
    Kind,
    Location,
    Method,
    Phone,
    RefugePlace,
    Result,
    Service,
    Source,
    Status,
)
from data.tables import (
    directory_version,
    language,
    location,
    organization,
    phone,
    schedule,
    seed_record,
    service,
    service_area,
    service_need,
    service_report,
    source_url,
)

Rows = list[dict[str, Any]]

_PUBLISHING = 0x6661726F64
"""The advisory lock of whoever publishes: «farod» in ASCII."""

_CHUNK = 400
"""Ids in one statement; SQLite and PostgreSQL both limit parameters."""

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
    return await connection.scalar(_version()) or 0


async def seed_fingerprint(connection: AsyncConnection) -> str:
    """Which seed files the directory was last loaded from; empty before the first."""
    found = await connection.execute(select(directory_version.c.seed_fingerprint))
    return found.scalar_one_or_none() or ""


async def publish_seed(
    connection: AsyncConnection, services: Sequence[Service], *, fingerprint: str, now: datetime
) -> None:
    """Load the seed directory, field by field, against what it said the last time.

    A field follows the seed while it is as the seed left it; one that caseworkers changed stays theirs.
    What they added stays, what they removed stays away, and what they made a refuge is theirs for good.
    """
    await lock(connection)
    if await seed_fingerprint(connection) == fingerprint:  # another process was faster
        return
    said = await _said_by_seed(connection)
    current = {record.id: record for record in await load(connection)}
    wanted = {record.id: record for record in services}
    pairs = [*_from_seed(wanted, current, said), *_gone_from_seed(wanted, current, said)]
    await _keep_seed(connection, [r for r in services if said.get(r.id, r) is not None])
    await publish(connection, pairs, author=Author("semilla", Via.SEED), now=now)
    await connection.execute(update(directory_version).values(seed_fingerprint=fingerprint))


async def publish(
    connection: AsyncConnection, pairs: Sequence[Pair], *, author: Author, now: datetime
) -> int | None:
    """Write changed records, their history and the raised version; the batch's number, None if nothing.

    Call `lock` first in the same transaction. A record that becomes a refuge loses its place everywhere.
    """
    pairs = [_erasing(pair) for pair in pairs if pair.before != pair.after]
    version_now = await raise_version(connection, now=now)
    if not pairs:
        return None
    batch_id = await history_store.add(connection, author, pairs, version=version_now, now=now)
    for pair in pairs:
        if pair.becomes_refuge:
            await source_store.silence(connection, pair.service_id)
            await proposal_store.erase(connection, pair.service_id)
            await rejection_store.erase(connection, pair.service_id)
            await upload_store.erase(connection)
        if pair.becomes_refuge and author.via is not Via.SEED:
            await _take_from_seed(connection, pair.service_id)
    await _remove(connection, [p.service_id for p in pairs if p.after is None])
    await _write(connection, [(p.before is None, from_fields(p.after)) for p in pairs if p.after], now=now)
    in_use = select(service.c.organization_id)
    await connection.execute(delete(organization).where(organization.c.id.not_in(in_use)))
    return batch_id


async def lock(connection: AsyncConnection) -> None:
    """Publish one at a time. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_PUBLISHING)))


async def raise_version(connection: AsyncConnection, *, now: datetime) -> int:
    """Tell every process that the directory changed; the new version."""
    raised = update(directory_version).values(version=directory_version.c.version + 1, published_at=now)
    if (await connection.execute(raised)).rowcount == 0:
        await connection.execute(insert(directory_version).values(id=1, version=1, published_at=now))
    return await version(connection)


async def add_report(connection: AsyncConnection, service_id: str, *, on: date) -> None:
    """Somebody says that a service does not work. Kept by day, and nothing about who said it."""
    await connection.execute(insert(service_report).values(service_id=service_id, reported_on=on))


async def reports(connection: AsyncConnection, *, since: date) -> dict[str, int]:
    """How many people said since a day that a service does not work, by service.

    What was said before somebody verified it is settled.
    """
    unsettled = service.c.verified_on.is_(None) | (service_report.c.reported_on > service.c.verified_on)
    query = (
        select(service_report.c.service_id, func.count().label("said"))
        .join_from(service_report, service)
        .where((service_report.c.reported_on >= since) & unsettled)
        .group_by(service_report.c.service_id)
    )
    return {row.service_id: row.said for row in await connection.execute(query)}


async def load(connection: AsyncConnection, ids: Sequence[str] | None = None) -> tuple[Service, ...]:
    """Every service, or those of `ids`, by id."""
    if ids is None:
        return await _load(connection, None)
    found = [await _load(connection, chunk) for chunk in _chunks(sorted(set(ids)))]
    return tuple(record for records in found for record in records)


async def _load(connection: AsyncConnection, ids: Sequence[str] | None) -> tuple[Service, ...]:
    parts = {table.name: await _by_service(connection, table, ids) for table in _PARTS}
    query = _services()
    if ids is not None:
        query = query.where(service.c.id.in_(ids))
    rows = (await connection.execute(query)).mappings()
    return tuple(_record(dict(row), parts) for row in rows)


def statements() -> tuple[Select[Any], ...]:
    """What `load` asks the database for the whole directory: the services, then each of their parts."""
    return _services(), *(_part(table) for table in _PARTS)


def _services() -> Select[Any]:
    named = select(service, organization.c.name.label("organization_name"))
    return named.join(organization).order_by(service.c.id)


def _part(table: Table) -> Select[Any]:
    order = list(table.primary_key) if "position" not in table.c else [table.c.position]
    return select(table).order_by(*order)


_PARTS = (service_need, service_area, location, phone, schedule, language, source_url)


async def _said_by_seed(connection: AsyncConnection) -> dict[str, Fields | None]:
    rows = await connection.execute(select(seed_record))
    return {row.service_id: row.record and json.loads(row.record) for row in rows}


@cache  # building a statement costs more than running it
def _version() -> Any:
    return select(directory_version.c.version)


def _from_seed(
    wanted: dict[str, Service], current: dict[str, Service], said: dict[str, Fields | None]
) -> Iterator[Pair]:
    for key, record in wanted.items():
        before = to_fields(current[key]) if key in current else None
        after = _merged(before, to_fields(record), key in said, said.get(key))
        yield Pair(key, before, after)


def _merged(before: Fields | None, new: Fields, known: bool, base: Fields | None) -> Fields | None:
    """A record after the seed has spoken: `base` is what it said before, `known` whether it ever did."""
    if before is None:
        return None if known else new
    if known and base is None:
        return before
    if base is None:  # older than the history: what was verified is the caseworkers'
        return before if before["verified_by"] else new
    if new["kind"] == Kind.REFUGE:
        return new
    merged = {name: new[name] if value == base.get(name, value) else value for name, value in before.items()}
    return merged if _is_sound(merged) else before


def _gone_from_seed(
    wanted: dict[str, Service], current: dict[str, Service], said: dict[str, Fields | None]
) -> Iterator[Pair]:
    for key, base in said.items():
        if key not in wanted and base and key in current and to_fields(current[key]) == base:
            yield Pair(key, base, None)


def _is_sound(fields: Fields) -> bool:
    try:
        from_fields(fields)
    except RefugePlace:
        return False
    return True


async def _keep_seed(connection: AsyncConnection, services: Sequence[Service]) -> None:
    """What the seed says now, to compare with the next time. What it no longer says is forgotten."""
    await connection.execute(delete(seed_record).where(seed_record.c.record.is_not(None)))
    await _insert(
        connection, seed_record, [{"service_id": r.id, "record": dumps(to_fields(r))} for r in services]
    )


async def _take_from_seed(connection: AsyncConnection, service_id: str) -> None:
    await connection.execute(delete(seed_record).where(seed_record.c.service_id == service_id))
    await connection.execute(insert(seed_record).values(service_id=service_id, record=None))


def _erasing(pair: Pair) -> Pair:
    """Mark the moment when a record becomes a refuge."""
    was = pair.before is not None and pair.before["kind"] == Kind.REFUGE
    if pair.after is None or pair.after["kind"] != Kind.REFUGE or was:
        return pair
    return Pair(pair.service_id, pair.before, pair.after, pair.undoes, becomes_refuge=True)


async def _remove(connection: AsyncConnection, ids: Sequence[str]) -> None:
    for chunk in _chunks(ids):
        await connection.execute(delete(service).where(service.c.id.in_(chunk)))


async def _write(
    connection: AsyncConnection, records: Sequence[tuple[bool, Service]], *, now: datetime
) -> None:
    """Insert or update records with all their parts; `True` marks a new one."""
    await _add_organizations(connection, [record for _, record in records])
    await _insert(connection, service, [_service_row(record, now) for new, record in records if new])
    changed = [record for new, record in records if not new]
    for chunk in _chunks([record.id for record in changed]):
        for table in _PARTS:
            await connection.execute(delete(table).where(table.c.service_id.in_(chunk)))
    if changed:
        await connection.execute(_UPDATE, [_update_row(record, now) for record in changed])
    for table, rows in _part_rows([record for _, record in records]).items():
        await _insert(connection, table, rows)


async def _add_organizations(connection: AsyncConnection, records: Sequence[Service]) -> None:
    known = set((await connection.execute(select(organization.c.id))).scalars())
    named = {_organization_id(record.organization): record.organization for record in records}
    await _insert(
        connection, organization, [{"id": k, "name": name} for k, name in named.items() if k not in known]
    )


def _update_row(record: Service, now: datetime) -> dict[str, Any]:
    row = _service_row(record, now)
    return {f"new_{name}": value for name, value in row.items()}


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


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
        "alternate_name": record.alternate_name,
        "status": record.status,
        "field_exposure": dumps(dict(record.field_exposure)) if record.field_exposure else "",
        "only_for": " ".join(record.only_for),
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
        "verified_how": record.verified_how or "",
        "verified_result": record.verified_result or "",
        "check_due": record.check_due,
        "conflict": record.conflict,
        "route_step": record.route_step,
        "staff_note": record.staff_note,
        "updated_at": now,
    }


_UPDATE = (
    update(service)
    .where(service.c.id == bindparam("new_id"))
    .values(
        **{c.name: bindparam(f"new_{c.name}") for c in service.c if c.name not in ("id", "revision")},
        revision=service.c.revision + 1,
    )
)


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
        service_area: [
            {"extent": key, "service_kind": record.kind, "position": i}
            for i, key in enumerate(dict.fromkeys(record.coverage))
        ],
        location: [
            {"service_kind": record.kind} | {name: getattr(place, name) for name in Location.__slots__}
        ],
        phone: [
            {
                "position": i,
                "service_kind": record.kind,
                "number": p.number,
                "type": p.type,
                "extension": p.extension,
                "description": p.description,
                "exposure": p.exposure,
            }
            for i, p in enumerate(record.phones)
        ],
        schedule: [{"opening_hours": record.schedule, "notes": record.schedule_note}],
        language: [{"name": n, "position": i} for i, n in enumerate(dict.fromkeys(record.languages))],
        source_url: [{"position": i, "url": url} for i, url in enumerate(record.source.urls)],
    }


async def _by_service(
    connection: AsyncConnection, table: Table, ids: Sequence[str] | None
) -> dict[str, Rows]:
    query = _part(table)
    if ids is not None:
        query = query.where(table.c.service_id.in_(ids))
    found: dict[str, Rows] = defaultdict(list)
    for row in (await connection.execute(query)).mappings():
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
            Phone(r["number"], Channel(r["type"]), r["extension"], r["description"], Exposure(r["exposure"]))
            for r in part(phone)
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
        alternate_name=row["alternate_name"],
        only_for=tuple(Who(code) for code in row["only_for"].split()),
        field_exposure=_field_exposure(row["field_exposure"]),
        status=Status(row["status"]),
        verified_how=Method(row["verified_how"]) if row["verified_how"] else None,
        verified_result=Result(row["verified_result"]) if row["verified_result"] else None,
        check_due=row["check_due"],
        conflict=row["conflict"],
        route_step=row["route_step"],
        updated_at=row["updated_at"],
        revision=row["revision"],
    )


def _field_exposure(text: str) -> tuple[tuple[str, Exposure], ...]:
    found = json.loads(text) if text else {}
    return tuple(sorted((name, Exposure(value)) for name, value in found.items()))
