"""What a file would change: new, changed, gone and invalid records, before anything is stored."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from data.database import Database
from data.history_store import Author, Via
from data.record_json import Fields, phone_from, to_fields
from data.records import Exposure, Kind, Service
from services import editing
from services.editing import Edit, Published
from services.exchange import row_fields
from services.exchange.area_names import AreaNames
from services.exchange.cells import CLEAR, joined, several
from services.exchange.columns import Column, Context, cells_of
from services.exchange.problems import Problem
from services.exchange.sheet import Row, Sheet
from services.exposure import AUDIENCES, seen_by
from services.record_rules import Rules

Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record that the file makes or changes, and the names of the fields that differ."""

    row: int
    edit: Edit
    name: str
    changed: tuple[str, ...]
    is_refuge: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A file against the directory. `gone` are records that the file does not hold: they stay."""

    new: tuple[Proposal, ...]
    changed: tuple[Proposal, ...]
    same: int
    gone: tuple[str, ...]
    problems: tuple[Problem, ...]
    refused_rows: int
    ignored: tuple[str, ...]

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What would be written, in the order of the file."""
        return tuple(sorted((*self.new, *self.changed), key=lambda each: each.row))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every row is read with."""

    current: Mapping[str, Service]
    rules: Rules
    areas: AreaNames
    titles: Mapping[str, str]
    now: datetime


def compare(
    sheet: Sheet,
    current: Mapping[str, Service],
    *,
    rules: Rules,
    areas: AreaNames,
    now: datetime,
    tick: Tick = lambda done, total: None,
) -> Plan:
    """Read every row and say what it would do. A row with a problem does nothing at all."""
    desk = _Desk(current, rules, areas, sheet.titles, now)
    ids = Counter(row_fields.record_id(row) for row in sheet.rows)
    new: list[Proposal] = []
    changed: list[Proposal] = []
    problems: list[Problem] = []
    refused = 0
    for done, row in enumerate(sheet.rows, start=1):
        found, proposal = _read(row, desk, ids)
        problems += found
        refused += bool(found)
        if proposal is not None:
            (changed if proposal.edit.service_id in current else new).append(proposal)
        tick(done, len(sheet.rows))
    shown = {key for key, service in current.items() if service.exposure is not Exposure.NEVER}
    return Plan(
        new=tuple(new),
        changed=tuple(changed),
        same=len(sheet.rows) - len(new) - len(changed) - refused,
        gone=tuple(sorted(shown - set(ids))),
        problems=tuple(sorted(problems)),
        refused_rows=refused,
        ignored=sheet.ignored,
    )


async def apply(
    database: Database, plan: Plan, *, by: str, file: str, rules: Rules, now: datetime
) -> Published:
    """Store what the plan proposes as one batch, which one command can undo. Raises EditError."""
    author = author_of(plan.proposals, by=by, file=file)
    edits = [proposal.edit for proposal in plan.proposals]
    return await editing.publish(database, edits, author=author, rules=rules, now=now)


def author_of(proposals: Iterable[Proposal], *, by: str, file: str) -> Author:
    """Whoever imports, and from which file: but its name may tell where a refuge is."""
    with_refuge = any(proposal.is_refuge for proposal in proposals)
    source = f"archivo {PurePath(file).suffix}" if with_refuge else PurePath(file).name
    return Author(by, Via.IMPORT, source=source)


def _read(row: Row, desk: _Desk, ids: Mapping[str, int]) -> tuple[list[Problem], Proposal | None]:
    key = row_fields.record_id(row)
    problems = list(row.problems)
    if ids[key] > 1:
        problems.append(
            Problem(row.number, _title(desk, "id"), "otra fila es del mismo registro; deje una sola")
        )
    service = desk.current.get(key)
    fields, unread = _fields(row, service, desk)
    problems += unread
    if problems:
        return problems, None
    before = to_fields(service) if service else None
    after = editing.with_fields(before, key, fields if service else row_fields.completed(fields))
    changed = tuple(n for n, value in after.items() if before is None or before[n] != value)
    if not changed:
        return [], None
    record, wrong = editing.check(before, after, desk.rules, now=desk.now)
    if wrong or record is None:
        return [Problem(row.number, _title(desk, each.field), each.sentence) for each in wrong], None
    edit = Edit(key, {name: after[name] for name in changed}, service.revision if service else editing.NEW)
    is_refuge = Kind.REFUGE in (record.kind, service.kind if service else None)
    return [], Proposal(row.number, edit, record.name, changed, is_refuge)


def _fields(row: Row, service: Service | None, desk: _Desk) -> tuple[dict[str, Any], list[Problem]]:
    views = _Views(service, desk.areas)
    context = Context(desk.rules, desk.areas, service.location.state if service else "")
    fields, problems = row_fields.read(row, context, titles=desk.titles, skip=views.hold)
    if "phones" in fields:
        fields["phones"] = _with_hidden(fields["phones"], service, row.cells["phones"])
    return fields, problems


class _Views:
    """The cells that an export wrote for a record: whoever reads one back changes nothing."""

    def __init__(self, service: Service | None, areas: AreaNames) -> None:
        self._service = service
        self._areas = areas
        self._rows: list[dict[str, str]] | None = None

    def hold(self, column: Column, cell: str) -> bool:
        """Whether some audience's view of the record has this very cell."""
        if self._service is None:
            return False
        return any(_says(row[column.name], column, cell) for row in self._each())

    def _each(self) -> Iterator[dict[str, str]]:
        """The whole record first: it nearly always settles it."""
        if self._rows is None:
            self._rows = [cells_of(self._service, self._areas)] if self._service else []
        yield from self._rows[:1]
        if len(self._rows) == 1 and self._service:
            seen = [seen_by(audience, self._service) for audience in AUDIENCES]
            self._rows += [cells_of(each, self._areas) for each in seen if each]
        yield from self._rows[1:]


def _says(written: str, column: Column, cell: str) -> bool:
    if written == cell:
        return True
    if not column.words or not written:
        return False
    return joined(column.words.get(code, code) for code in several(written)) == cell


def _with_hidden(value: list[dict[str, str]], service: Service | None, cell: str) -> list[dict[str, str]]:
    """Phones that the file's reader could not see stay, unless everything was to be emptied."""
    if service is None or cell == CLEAR:
        return value
    told = {phone["number"] for phone in value}
    before: Fields = to_fields(service)
    kept = [phone for phone in before["phones"] if phone["number"] not in told and _is_hidden(phone)]
    return [*value, *kept]


def _is_hidden(phone: Mapping[str, str]) -> bool:
    return phone_from(phone).exposure is not Exposure.PUBLIC


def _title(desk: _Desk, name: str) -> str:
    return desk.titles.get(name, name)
