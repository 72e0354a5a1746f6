"""Caseworker changes: validate, publish, undo, history. Nothing that is refused is kept or repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from data import directory_store, history_store
from data.database import Database
from data.history_store import WHOLE, Author, Change, Pair, Via
from data.record_json import Fields, from_fields, to_fields, without_place
from data.records import Confidence, Kind, RefugePlace, Service, Source
from services.record_rules import FieldProblem, Rules, place_problems, problems

NEW = None
"""The revision of a record that does not exist yet."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Fields to set in a record, or `remove` it.

    `revision` is that of the record on the screen; NEW for one that is added.
    """

    service_id: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    revision: int | None = NEW
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it. `batch_id` is None when nothing was different."""

    batch_id: int | None
    services: int
    erased_places: bool = False


class EditError(Exception):
    """A change that was not made. Its message is a sentence for the caseworker."""


class Refused(EditError):
    """The record would be wrong: one problem a field, without the values."""

    def __init__(self, service_id: str, found: Sequence[FieldProblem]) -> None:
        said = "; ".join(f"«{each.field}» {each.sentence}" for each in found)
        super().__init__(f"No se guardó {service_id}: {said}.")
        self.service_id = service_id
        self.problems = tuple(found)


class Conflict(EditError):
    """Somebody else changed the record in the meantime."""


class CannotUndo(EditError):
    """Undoing would take away a later change, or what was there has been erased for good."""


def with_fields(before: Fields | None, service_id: str, fields: Mapping[str, Any]) -> Fields:
    """The record's fields after an edit. One that becomes a refuge keeps nothing but its state."""
    start = blank(service_id) if before is None else before
    if fields.get("kind") == Kind.REFUGE and start["kind"] != Kind.REFUGE:
        start = without_place(start)
    return {**start, **fields, "id": service_id}


def blank(service_id: str) -> Fields:
    """A record of which nothing is known: not checked, for everybody."""
    return to_fields(
        Service(
            id=service_id,
            name="",
            organization="",
            kind=Kind.OFFICE,
            needs=(),
            coverage=(),
            confidence=Confidence.C,
            source=Source((), ""),
        )
    )


def check(
    before: Fields | None, after: Fields, rules: Rules, *, now: datetime
) -> tuple[Service | None, tuple[FieldProblem, ...]]:
    """The record an edit would make, and what is wrong with what it changes."""
    if unknown := sorted(after.keys() - blank("x").keys()):
        return None, (FieldProblem(unknown[0][:40], "no es un campo del directorio"),)
    try:
        record = from_fields(after)
    except RefugePlace as told:
        return None, (FieldProblem(told.field, f"{told.rule}; borre este campo", is_grave=True),)
    except (ValueError, TypeError, KeyError, AttributeError):  # not of the field's list or shape
        return None, (FieldProblem(_unreadable(before, after), "lleva un valor que no es de la lista"),)
    found = problems(record, rules, today=now.date())
    changed = {name for name, value in after.items() if before is None or before.get(name) != value}
    return record, tuple(each for each in found if each.is_grave or each.field in changed)


def _unreadable(before: Fields | None, after: Fields) -> str:
    """The first field that spoils the record by itself."""
    sound = before or blank("x")
    for name, value in after.items():
        try:
            from_fields({**sound, name: value})
        except RefugePlace:
            continue
        except (ValueError, TypeError, KeyError, AttributeError):
            return name
    return ""


async def publish(
    database: Database, edits: Sequence[Edit], *, author: Author, rules: Rules, now: datetime
) -> Published:
    """Make all edits in one transaction with their history and a new version, or none.

    Raises Refused or Conflict.
    """
    async with database.write() as connection:
        published = await publish_within(connection, edits, author=author, rules=rules, now=now)
    if published.erased_places:
        await database.settle()
    return published


async def publish_within(
    connection: AsyncConnection, edits: Sequence[Edit], *, author: Author, rules: Rules, now: datetime
) -> Published:
    """As `publish`, in a transaction of the caller's, who calls `settle` when places were erased."""
    await directory_store.lock(connection)
    found = await directory_store.load(connection, [edit.service_id for edit in edits])
    current = {record.id: record for record in found}
    pairs = [_pair(edit, current.get(edit.service_id), rules, now) for edit in edits]
    check_author(author, pairs, rules)
    return await _store(connection, pairs, author, now)


async def undo_batch(
    database: Database, batch_id: int, *, by: str, rules: Rules, now: datetime, why: str = ""
) -> Published:
    """Take back everything that a batch changed. Raises CannotUndo."""
    return await _undo(database, batch_id=batch_id, author=Author(by, Via.UNDO, why), rules=rules, now=now)


async def undo_change(
    database: Database, change_id: int, *, by: str, rules: Rules, now: datetime, why: str = ""
) -> Published:
    """Take back one change of one field. Raises CannotUndo."""
    return await _undo(database, change_id=change_id, author=Author(by, Via.UNDO, why), rules=rules, now=now)


async def undo_change_within(
    connection: AsyncConnection, change_id: int, *, by: str, rules: Rules, now: datetime, why: str = ""
) -> Published:
    """As `undo_change`, in a transaction that does more; call `Database.settle` when places went."""
    author = Author(by, Via.UNDO, why)
    return await _undo_within(connection, author=author, rules=rules, now=now, change_id=change_id)


async def undone(connection: AsyncConnection, change_id: int, *, rules: Rules) -> Pair:
    """What undoing one change would make of its record, without doing it. Raises CannotUndo."""
    changes = await _wanted(connection, None, change_id)
    return (await _taken_back(connection, changes, rules))[0]


async def undone_batch(connection: AsyncConnection, batch_id: int, *, rules: Rules) -> list[Pair]:
    """What undoing a batch would make of its records, without doing it. Raises CannotUndo."""
    return await _taken_back(connection, await _wanted(connection, batch_id, None), rules)


async def history(database: Database, service_id: str) -> tuple[Change, ...]:
    """Everything that happened to a record, newest first."""
    async with database.read() as connection:
        return await history_store.of_service(connection, service_id)


def _pair(edit: Edit, current: Service | None, rules: Rules, now: datetime) -> Pair:
    if (current.revision if current else NEW) != edit.revision:
        raise Conflict(
            f"Otra persona cambió {edit.service_id} mientras usted lo editaba. "
            "Ábralo de nuevo, revise y vuelva a guardar."
        )
    before = to_fields(current) if current else None
    if edit.remove:
        return Pair(edit.service_id, before, None)
    after = with_fields(before, edit.service_id, edit.fields)
    _, found = check(before, after, rules, now=now)
    if found:
        raise Refused(edit.service_id, found)
    return Pair(edit.service_id, before, after)


def check_author(author: Author, pairs: Sequence[Pair], rules: Rules) -> None:
    """The reason of a change is kept beside it: for a refuge it must not tell the place either."""
    for pair in pairs:
        sides = [side for side in (pair.before, pair.after) if side and side["kind"] == Kind.REFUGE]
        if not sides:
            continue
        record = from_fields({**sides[0], "staff_note": f"{author.why}\n{author.source}"})
        if any(each.field == "staff_note" for each in place_problems(record, rules)):
            raise Refused(pair.service_id, [FieldProblem("why", "dice dónde hay un refugio; quítelo")])


async def _store(
    connection: AsyncConnection, pairs: Sequence[Pair], author: Author, now: datetime
) -> Published:
    changed = [pair for pair in pairs if pair.before != pair.after]
    if not changed:
        return Published(None, 0)
    batch_id = await directory_store.publish(connection, changed, author=author, now=now)
    return Published(batch_id, len(changed), any(_became_refuge(pair) for pair in changed))


def _became_refuge(pair: Pair) -> bool:
    return (
        pair.before is not None
        and pair.after is not None
        and pair.before["kind"] != Kind.REFUGE
        and pair.after["kind"] == Kind.REFUGE
    )


async def _undo(
    database: Database,
    *,
    author: Author,
    rules: Rules,
    now: datetime,
    batch_id: int | None = None,
    change_id: int | None = None,
) -> Published:
    async with database.write() as connection:
        published = await _undo_within(
            connection, author=author, rules=rules, now=now, batch_id=batch_id, change_id=change_id
        )
    if published.erased_places:
        await database.settle()
    return published


async def _undo_within(
    connection: AsyncConnection,
    *,
    author: Author,
    rules: Rules,
    now: datetime,
    batch_id: int | None = None,
    change_id: int | None = None,
) -> Published:
    await directory_store.lock(connection)
    changes = await _wanted(connection, batch_id, change_id)
    pairs = await _taken_back(connection, changes, rules)
    check_author(author, pairs, rules)
    return await _store(connection, pairs, author, now)


async def _wanted(
    connection: AsyncConnection, batch_id: int | None, change_id: int | None
) -> tuple[Change, ...]:
    if batch_id is not None:
        changes = await history_store.of_batch(connection, batch_id)
    else:
        found = await history_store.get(connection, change_id or 0)
        changes = (found,) if found else ()
    if not changes:
        raise CannotUndo("Ese cambio no existe; vea los números en el historial.")
    return changes


async def _taken_back(connection: AsyncConnection, changes: Sequence[Change], rules: Rules) -> list[Pair]:
    by_service: dict[str, list[Change]] = {}
    for change in changes:
        by_service.setdefault(change.service_id, []).append(change)
    current = {r.id: to_fields(r) for r in await directory_store.load(connection, list(by_service))}
    later = await history_store.live_after(connection, min(each.id for each in changes), list(by_service))
    return [
        _restored(key, current.get(key), group, later.get(key, ()), rules)
        for key, group in by_service.items()
    ]


def _restored(
    key: str, now: Fields | None, changes: Sequence[Change], later: Sequence[Change], rules: Rules
) -> Pair:
    for change in changes:
        _check_undoable(key, now, change, later)
    undone = tuple((change.field, change.id) for change in changes)
    whole = next((change for change in changes if change.field == WHOLE), None)
    if whole is not None:
        after: Fields | None = whole.before
    else:
        after = {**(now or {}), **{change.field: change.before for change in changes}}
    if after is not None:
        after = _checked(key, after, rules)
    return Pair(key, now, after, undone)


def _check_undoable(key: str, now: Fields | None, change: Change, later: Sequence[Change]) -> None:
    if change.erased:
        raise CannotUndo(f"No se puede deshacer en {key}: lo que había se borró, porque ahora es un refugio.")
    same_field = any(
        each.id > change.id and (each.field in (change.field, WHOLE) or change.field == WHOLE)
        for each in later
        if each.batch_id != change.batch_id
    )
    is_now = now if change.field == WHOLE else (now or {}).get(change.field)
    if same_field or is_now != change.after or (now is None and change.field != WHOLE):
        what = f"el campo «{change.field}»" if change.field else "el registro"
        raise CannotUndo(
            f"No se puede deshacer en {key}: {what} se cambió después. Deshaga primero ese otro cambio."
        )


def _checked(key: str, after: Fields, rules: Rules) -> Fields:
    """What was right once may tell a place now; that is not brought back."""
    try:
        found = place_problems(from_fields(after), rules)
    except RefugePlace as told:
        raise CannotUndo(f"No se puede deshacer en {key}: {told}.") from None
    if found:
        raise Refused(key, found)
    return after
