"""What published sources said, how every refresh went, and the differences that wait for a caseworker."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.record_json import Fields, dumps
from data.tables import (
    held_difference,
    refresh_problem,
    refresh_run,
    service,
    source_record,
    source_state,
    stale_record,
)

MAX_PROBLEMS = 500
"""Kept of one run; its count says how many there were."""

_CHUNK = 400


class Outcome(StrEnum):
    """How a refresh ended. UNCHANGED: the source says what it said; FAILED: nothing of it was used."""

    RUNNING = "running"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    FAILED = "failed"


class Kind(StrEnum):
    """What a source would do to a record. GONE: the source no longer lists it."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class State:
    """Where a source stands. `next_at` is when it is due; `good_at` when it last could be read."""

    source: str
    fingerprint: str = ""
    etag: str = ""
    last_modified: str = ""
    good_at: datetime | None = None
    tried_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What a source said of a record. `fields` is None where it has no more say in it."""

    fields: Fields | None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a run by what they were, and records published and held."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    invalid: int = 0
    published: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One refresh. `reason` is a sentence in Spanish, without any value of the source."""

    id: int
    source: str
    started_at: datetime
    ended_at: datetime | None
    asked_by: str
    outcome: Outcome
    reason: str
    counts: Counts
    batch_id: int | None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was not used: row as the file numbers it, field, and a sentence without the value."""

    row: int
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Held:
    """A difference that waits. `fields` are the values it would set (empty: the record goes)."""

    id: int
    run_id: int
    source: str
    service_id: str
    row: int
    kind: Kind
    reasons: tuple[str, ...]
    fields: Fields = field(default_factory=dict)
    said: Fields = field(default_factory=dict)


async def state(connection: AsyncConnection, source: str) -> State:
    """Where a source stands; a State of its own when it was never tried."""
    found = await connection.execute(select(source_state).where(source_state.c.source == source))
    row = found.mappings().first()
    return State(**row) if row else State(source)


async def keep_state(connection: AsyncConnection, kept: State) -> None:
    """Store where a source stands."""
    values = {name: getattr(kept, name) for name in State.__slots__}
    made: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(source_state)
    rest = {name: value for name, value in values.items() if name != "source"}
    await connection.execute(
        made.values(**values).on_conflict_do_update(index_elements=["source"], set_=rest)
    )


async def forget_others(connection: AsyncConnection, names: Sequence[str]) -> None:
    """Sources that are declared no more stand nowhere, and nothing of them waits; what they said stays."""
    await connection.execute(delete(source_state).where(source_state.c.source.not_in(names)))
    await connection.execute(delete(held_difference).where(held_difference.c.source.not_in(names)))


async def said_by(connection: AsyncConnection, source: str) -> dict[str, Said]:
    """What a source said the last time, by record."""
    rows = await connection.execute(select(source_record).where(source_record.c.source == source))
    return {row.service_id: Said(row.said and json.loads(row.said), row.is_gone) for row in rows}


async def keep_said(connection: AsyncConnection, source: str, said: Mapping[str, Said]) -> None:
    """Store what a source says of these records now. A record that became a refuge stays silenced."""
    ids = sorted(said)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        of_source = (source_record.c.source == source) & source_record.c.service_id.in_(chunk)
        await connection.execute(delete(source_record).where(of_source))
        await connection.execute(
            insert(source_record),
            [
                {
                    "source": source,
                    "service_id": key,
                    "said": None if said[key].fields is None else dumps(said[key].fields),
                    "is_gone": said[key].is_gone,
                }
                for key in chunk
            ],
        )


async def silence(connection: AsyncConnection, service_id: str) -> None:
    """No source has any more say in a record that became a refuge, and nothing they said is kept."""
    of_service = source_record.c.service_id == service_id
    await connection.execute(update(source_record).where(of_service).values(said=None))
    await connection.execute(delete(held_difference).where(held_difference.c.service_id == service_id))


async def begin(connection: AsyncConnection, source: str, *, by: str, now: datetime) -> int:
    """Record that a refresh has begun; its number."""
    values = {"source": source, "started_at": now, "asked_by": by, "outcome": Outcome.RUNNING.value}
    made = await connection.execute(insert(refresh_run).values(**values).returning(refresh_run.c.id))
    return int(made.scalar_one())


async def end(
    connection: AsyncConnection,
    run_id: int,
    outcome: Outcome,
    *,
    now: datetime,
    reason: str = "",
    counts: Counts = Counts(),
    batch_id: int | None = None,
) -> None:
    """Record how a refresh ended."""
    values = {name: getattr(counts, name) for name in Counts.__slots__}
    await connection.execute(
        update(refresh_run)
        .where(refresh_run.c.id == run_id)
        .values(outcome=outcome.value, ended_at=now, reason=reason[:300], batch_id=batch_id, **values)
    )


async def end_broken(connection: AsyncConnection, source: str, *, now: datetime, reason: str) -> None:
    """Close runs of a source whose process died, so that none seems to run for ever."""
    broken = (refresh_run.c.source == source) & (refresh_run.c.outcome == Outcome.RUNNING.value)
    values = {"outcome": Outcome.FAILED.value, "ended_at": now, "reason": reason}
    await connection.execute(update(refresh_run).where(broken).values(**values))


async def runs(connection: AsyncConnection, *, source: str = "", limit: int = 50) -> tuple[Run, ...]:
    """The newest runs, of one source or of all."""
    query = select(refresh_run).order_by(refresh_run.c.id.desc()).limit(limit)
    if source:
        query = query.where(refresh_run.c.source == source)
    return tuple(_run(row) for row in (await connection.execute(query)).mappings())


async def run(connection: AsyncConnection, run_id: int) -> Run | None:
    """One run."""
    found = await connection.execute(select(refresh_run).where(refresh_run.c.id == run_id))
    row = found.mappings().first()
    return _run(row) if row else None


async def outcomes(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    """How many runs are on record, by source and outcome: for metrics."""
    query = select(refresh_run.c.source, refresh_run.c.outcome, func.count())
    rows = await connection.execute(query.group_by(refresh_run.c.source, refresh_run.c.outcome))
    return {(row[0], row[1]): row[2] for row in rows}


async def purge_runs(connection: AsyncConnection, *, before: datetime) -> None:
    """Old runs go, but for those that differences still wait in, and what they published stays in history."""
    waiting = select(held_difference.c.run_id)
    old = (refresh_run.c.started_at < before) & refresh_run.c.id.not_in(waiting)
    await connection.execute(delete(refresh_run).where(old))


async def add_problems(connection: AsyncConnection, run_id: int, found: Sequence[RowProblem]) -> None:
    """Keep why rows were not used, the first MAX_PROBLEMS."""
    rows = [
        {
            "run_id": run_id,
            "position": i,
            "row": each.row,
            "field": each.field[:64],
            "sentence": each.sentence[:300],
        }
        for i, each in enumerate(found[:MAX_PROBLEMS])
    ]
    if rows:
        await connection.execute(insert(refresh_problem), rows)


async def problems(connection: AsyncConnection, run_id: int) -> tuple[RowProblem, ...]:
    """Why rows of a run were not used."""
    query = select(refresh_problem).where(refresh_problem.c.run_id == run_id)
    rows = await connection.execute(query.order_by(refresh_problem.c.position))
    return tuple(RowProblem(row.row, row.field, row.sentence) for row in rows)


async def hold(connection: AsyncConnection, found: Iterable[Held]) -> None:
    """Keep differences for a caseworker. Their numbers are given here."""
    rows = [
        {
            "run_id": each.run_id,
            "source": each.source,
            "service_id": each.service_id,
            "row": each.row,
            "kind": each.kind.value,
            "reasons": " ".join(each.reasons),
            "fields": dumps(each.fields),
            "said": dumps(each.said),
        }
        for each in found
    ]
    for start in range(0, len(rows), _CHUNK):
        await connection.execute(insert(held_difference), rows[start : start + _CHUNK])


async def held(
    connection: AsyncConnection, *, source: str = "", ids: Sequence[int] | None = None, run_id: int = 0
) -> tuple[Held, ...]:
    """Differences that wait, oldest first: all, or those of a source, of a run, or with these numbers."""
    query = select(held_difference).order_by(held_difference.c.id)
    if source:
        query = query.where(held_difference.c.source == source)
    if run_id:
        query = query.where(held_difference.c.run_id == run_id)
    if ids is None:
        return tuple(_held(row) for row in (await connection.execute(query)).mappings())
    found: list[Held] = []
    for start in range(0, len(ids), _CHUNK):
        chosen = query.where(held_difference.c.id.in_(ids[start : start + _CHUNK]))
        found += [_held(row) for row in (await connection.execute(chosen)).mappings()]
    return tuple(found)


async def held_counts(connection: AsyncConnection) -> dict[str, int]:
    """How many differences wait, by source."""
    query = select(held_difference.c.source, func.count()).group_by(held_difference.c.source)
    return {row[0]: row[1] for row in await connection.execute(query)}


async def let_go(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """These differences wait no more, and their values are forgotten."""
    for start in range(0, len(ids), _CHUNK):
        chunk = held_difference.c.id.in_(ids[start : start + _CHUNK])
        await connection.execute(delete(held_difference).where(chunk))


async def let_go_of(connection: AsyncConnection, source: str) -> None:
    """A newer reading of the source takes the place of all that waited."""
    await connection.execute(delete(held_difference).where(held_difference.c.source == source))


async def keep_stale(connection: AsyncConnection, due: Mapping[str, date | None]) -> None:
    """Store which records must be checked again, in the place of those found before."""
    await connection.execute(delete(stale_record))
    there = set((await connection.execute(select(service.c.id))).scalars())
    rows = [{"service_id": key, "due_on": day} for key, day in due.items() if key in there]
    for start in range(0, len(rows), _CHUNK):
        await connection.execute(insert(stale_record), rows[start : start + _CHUNK])


async def stale(connection: AsyncConnection) -> dict[str, date | None]:
    """Records that must be checked again, and since when, as the daily job found them."""
    rows = await connection.execute(select(stale_record).order_by(stale_record.c.due_on))
    return {row.service_id: row.due_on for row in rows}


def _run(row: Any) -> Run:
    return Run(
        id=row["id"],
        source=row["source"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        asked_by=row["asked_by"],
        outcome=Outcome(row["outcome"]),
        reason=row["reason"],
        counts=Counts(**{name: row[name] for name in Counts.__slots__}),
        batch_id=row["batch_id"],
    )


def _held(row: Any) -> Held:
    return Held(
        id=row["id"],
        run_id=row["run_id"],
        source=row["source"],
        service_id=row["service_id"],
        row=row["row"],
        kind=Kind(row["kind"]),
        reasons=tuple(row["reasons"].split()),
        fields=json.loads(row["fields"]),
        said=json.loads(row["said"]),
    )
