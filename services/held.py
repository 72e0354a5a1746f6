"""Differences that wait for a caseworker: shown against the directory of now, approved or rejected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from data import directory_store, rejection_store, source_store
from data.database import Database
from data.history_store import Author, Pair, Via
from data.record_json import to_fields
from data.records import Kind, Service
from data.rejection_store import Rejection
from data.source_store import Held, Said
from data.source_store import Kind as What
from services import editing, refresh
from services.differences import SENTENCES, Item, Reason
from services.editing import Published, Refused
from services.refresh import Desk, both


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field; `before` and `after` as in data.record_json."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """A difference as a caseworker sees it. `why` are sentences; `revision` is to be given back.

    `changes` compares with the directory as it is now; empty when it has come to say the same.
    """

    id: int
    run_id: int
    source: str
    service_id: str
    name: str
    row: int
    kind: What
    why: tuple[str, ...]
    changes: tuple[FieldChange, ...]
    revision: int | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of an approval. `refused`: number of the difference → a sentence; these still wait."""

    published: int
    batch_id: int | None
    refused: Mapping[int, str]


async def waiting(
    at: Desk, *, source: str = "", run_id: int = 0, ids: Sequence[int] | None = None
) -> tuple[Waiting, ...]:
    """Everything that waits, oldest first: all, of a source, of a run, or these numbers."""
    async with at.database.read() as connection:
        found = await source_store.held(connection, source=source, run_id=run_id, ids=ids)
        current = await _current(connection, found)
    return tuple(_shown(held, current.get(held.service_id)) for held in found)


async def approve(
    at: Desk,
    ids: Sequence[int],
    *,
    by: str,
    now: datetime,
    revisions: Mapping[int, int | None] | None = None,
    why: str = "",
) -> Decided:
    """Publish differences as the caseworker `by`, each checked again; one batch a source, to be undone.

    `revisions`: number → revision that was on the screen; a record changed since is refused, not
    overwritten. What is refused keeps waiting. Numbers that no longer wait are refused with a sentence.
    """
    async with at.database.write() as connection:
        await directory_store.lock(connection)
        found = await source_store.held(connection, ids=ids)
        current = await _current(connection, found)
        refused = {i: _GONE for i in ids if i not in {held.id for held in found}}
        for held in found:
            service = current.get(held.service_id)
            if sentence := _stale(held, service, revisions) or _wrong(held, service, at, now):
                refused[held.id] = sentence
        good = [held for held in found if held.id not in refused]
        done = Published(None, 0)
        for source in sorted({held.source for held in good}):
            items = [_item(held, current.get(held.service_id)) for held in good if held.source == source]
            done = both(
                done,
                await refresh.publish_items(
                    connection, source, items, by=by, rules=at.rules, now=now, why=why
                ),
            )
        await source_store.let_go(connection, [held.id for held in good])
    if done.erased_places:
        await at.database.settle()
    return Decided(done.services, done.batch_id, refused)


async def approve_run(at: Desk, run_id: int, *, by: str, now: datetime, why: str = "") -> Decided:
    """Approve all that waits of one run."""
    async with at.database.read() as connection:
        found = await source_store.held(connection, run_id=run_id)
    return await approve(at, [held.id for held in found], by=by, now=now, why=why)


async def reject(at: Desk, ids: Sequence[int], *, by: str, now: datetime, why: str = "") -> int:
    """Leave the directory as it is, and keep who said so and why.

    The same difference is not proposed again until the source changes. Returns how many waited. Raises
    Refused when the reason tells where a refuge is.
    """
    async with at.database.write() as connection:
        found = await source_store.held(connection, ids=ids)
        current = await _current(connection, found)
        for held in found:
            _check_reason(held, current.get(held.service_id), at, why)
            said = Said(held.said, is_gone=held.kind is What.GONE)
            await source_store.keep_said(connection, held.source, {held.service_id: said})
        told = [_rejection(held, current.get(held.service_id), by=by, now=now, why=why) for held in found]
        await rejection_store.add(connection, told)
        await source_store.let_go(connection, [held.id for held in found])
    return len(found)


async def reject_run(at: Desk, run_id: int, *, by: str, now: datetime, why: str = "") -> int:
    """Reject all that waits of one run."""
    async with at.database.read() as connection:
        found = await source_store.held(connection, run_id=run_id)
    return await reject(at, [held.id for held in found], by=by, now=now, why=why)


async def rejections(database: Database, *, source: str = "", limit: int = 50) -> tuple[Rejection, ...]:
    """What was turned down, the newest first."""
    async with database.read() as connection:
        return await rejection_store.newest(connection, source=source, limit=limit)


_NOTHING: tuple[Any, ...] = (None, "", [], {})
_GONE = "Esa diferencia ya no espera: la fuente se leyó otra vez o alguien ya decidió. Vea la lista de nuevo."
_CHANGED = "Alguien cambió el registro mientras usted miraba. Vea la diferencia de nuevo y decida."
_REMOVED = "El registro ya no está en el directorio."


def _stale(held: Held, service: Service | None, revisions: Mapping[int, int | None] | None) -> str:
    if held.kind is not What.NEW and service is None:
        return _REMOVED
    seen = revisions.get(held.id, ...) if revisions is not None else ...
    now = service.revision if service else None
    return _CHANGED if seen is not ... and seen != now else ""


def _wrong(held: Held, service: Service | None, at: Desk, now: datetime) -> str:
    """What forbids it today: rules and neighbours may have changed since it was held."""
    before = to_fields(service) if service else None
    after = editing.with_fields(before, held.service_id, held.fields)
    _, found = editing.check(before, after, at.rules, now=now)
    return str(Refused(held.service_id, found)) if found else ""


def _check_reason(held: Held, service: Service | None, at: Desk, why: str) -> None:
    """Beside a refuge no reason may tell its place; nor beside what a list calls one."""
    before = to_fields(service) if service else None
    after = editing.with_fields(before, held.service_id, held.fields)
    pair = Pair(held.service_id, before, after)
    editing.check_author(Author("", Via.REFRESH, why=why), [pair], at.rules)


def _rejection(held: Held, service: Service | None, *, by: str, now: datetime, why: str) -> Rejection:
    told = _shown(held, service)
    return Rejection(
        source=held.source,
        service_id=held.service_id,
        name=told.name,
        kind=held.kind,
        fields=tuple(change.field for change in told.changes),
        why=why,
        by=by,
        at=now,
    )


def _item(held: Held, service: Service | None) -> Item:
    kinds = (held.fields.get("kind"), service.kind if service else None)
    return Item(
        kind=held.kind,
        service_id=held.service_id,
        row=held.row,
        name="",
        fields=held.fields,
        said=Said(held.said, is_gone=held.kind is What.GONE),
        revision=service.revision if service else None,
        is_refuge=Kind.REFUGE in kinds,
        reasons=tuple(Reason(each) for each in held.reasons),
    )


def _shown(held: Held, service: Service | None) -> Waiting:
    now = to_fields(service) if service else {}
    changes = tuple(
        FieldChange(name, now.get(name), value)
        for name, value in held.fields.items()
        if (now.get(name) != value if service else name != "id" and value not in _NOTHING)
    )
    return Waiting(
        id=held.id,
        run_id=held.run_id,
        source=held.source,
        service_id=held.service_id,
        name=str(held.fields.get("name") or (service.name if service else "")),
        row=held.row,
        kind=held.kind,
        why=tuple(SENTENCES[Reason(each)] for each in held.reasons),
        changes=changes,
        revision=service.revision if service else None,
    )


async def _current(connection: AsyncConnection, found: Sequence[Held]) -> dict[str, Service]:
    ids = [held.service_id for held in found]
    return {each.id: each for each in await directory_store.load(connection, ids)}
