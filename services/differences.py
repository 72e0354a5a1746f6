"""What a reading of a source would change in the directory, and what of it a caseworker must see first."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from data import refuge_screen
from data.needs import Need
from data.record_json import Fields, to_fields
from data.records import Confidence, Exposure, Kind, Service, Status
from data.source_store import Counts, RowProblem, Said
from data.source_store import Kind as What
from services import editing
from services.exchange import row_fields
from services.exchange.area_names import AreaNames
from services.exchange.columns import BY_NAME, Context, cleared
from services.exchange.problems import UnreadableCell
from services.exchange.sheet import Row, Sheet
from services.exposure import RANK
from services.record_rules import Rules
from services.sources import Source, column_names

Tick = Callable[[int, int], None]

FEW = 5
"""So many changed records are no flood, however small the list; of records gone, one."""


class Reason(StrEnum):
    """Why a difference waits for a caseworker."""

    CONFLICT = "conflict"
    VERIFIED = "verified"
    PHONE = "phone"
    GRAVE = "grave"
    EXPOSURE = "exposure"
    REFUGE = "refuge"
    MANY = "many"


SENTENCES: Mapping[Reason, str] = {
    Reason.CONFLICT: "En el directorio alguien escribió otra cosa",
    Reason.VERIFIED: "Alguien verificó este registro y la fuente dice otra cosa",
    Reason.PHONE: "Cambia el teléfono de un servicio de emergencia o de violencia contra mujeres",
    Reason.GRAVE: "Es un servicio de emergencia o de violencia contra mujeres",
    Reason.EXPOSURE: "Lo vería más gente que ahora",
    Reason.REFUGE: "Se volvería un refugio, y su lugar se borraría para siempre",
    Reason.MANY: "Cambiaron, se fueron o fallaron demasiadas filas a la vez",
}

_GRAVE = frozenset({Need.EMERGENCY.value, Need.GBV.value})
_GRAVE_FIELDS = frozenset(
    {"needs", "confidence", "women_only", "status", "kind", "website", "email", "address", "municipality"}
    | {"coverage", "name", "men", "only_for"}
)
_TRUST = {each.value: rank for rank, each in enumerate(Confidence)}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MAX_ID = 64


@dataclass(frozen=True, slots=True)
class Item:
    """A difference. `fields` are the values it sets, `said` what the source says; `reasons`: it waits."""

    kind: What
    service_id: str
    row: int
    name: str
    fields: Fields
    said: Said
    revision: int | None
    is_refuge: bool = False
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A source against the directory. `told` is what it said of records that need no change."""

    items: tuple[Item, ...]
    told: Mapping[str, Said]
    problems: tuple[RowProblem, ...]
    counts: Counts

    @property
    def safe(self) -> tuple[Item, ...]:
        """What may be published by itself."""
        return tuple(item for item in self.items if not item.reasons)

    @property
    def held(self) -> tuple[Item, ...]:
        """What waits for a caseworker."""
        return tuple(item for item in self.items if item.reasons)


@dataclass(frozen=True, slots=True)
class Known:
    """What a reading is compared with: the directory, and what this source said the last time."""

    current: Mapping[str, Service]
    said: Mapping[str, Said]
    rules: Rules
    areas: AreaNames
    now: datetime


def compare(
    source: Source, sheet: Sheet, known: Known, *, tick: Tick = lambda done, total: None
) -> Difference:
    """Every row against the directory, field by field. Nothing of a row with a problem is kept.

    A field follows the source while it is as the source left it. What somebody else wrote stays; where
    both changed, the difference waits.
    """
    reader = _Reader(source, sheet.titles, known)
    times = Counter(reader.key(row) for row in sheet.rows)
    read: list[_Read] = []
    for done, row in enumerate(sheet.rows, start=1):
        read.append(reader.read(row, twice=times[reader.key(row)] > 1))
        tick(done, len(sheet.rows))
    gone = [_gone(source, key, known) for key in known.said if key not in times and _may_go(key, known)]
    items = [each.item for each in read if each.item] + gone
    problems = tuple(problem for each in read for problem in each.problems)
    invalid = sum(1 for each in read if each.problems)
    return Difference(
        items=tuple(_flooded(source, items, known, rows=len(read), invalid=invalid)),
        told={each.key: each.told for each in read if each.told},
        problems=problems,
        counts=_counted(items, rows=len(read), invalid=invalid),
    )


def is_grave(fields: Fields | None) -> bool:
    """Whether a wrong number here can cost a life: emergencies, and violence against women."""
    return fields is not None and not _GRAVE.isdisjoint(fields["needs"])


def is_wider(before: Fields, after: Fields) -> bool:
    """Whether somebody could read what was hidden from them: the record, a number or a field."""
    if _rank(after["exposure"]) < _rank(before["exposure"]):
        return True
    phones = {phone["number"]: _rank(phone["exposure"]) for phone in before["phones"]}
    if any(_rank(phone["exposure"]) < phones.get(phone["number"], 0) for phone in after["phones"]):
        return True
    hidden = after["field_exposure"]
    return any(
        _rank(hidden.get(name, after["exposure"])) < _rank(exposure)
        for name, exposure in before["field_exposure"].items()
    )


def _rank(exposure: str) -> int:
    return RANK[Exposure(exposure)]


@dataclass(frozen=True, slots=True)
class _Read:
    """What became of a row: an item, or what was told without a change, or problems."""

    key: str
    item: Item | None = None
    told: Said | None = None
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reader:
    source: Source
    titles: Mapping[str, str]
    known: Known

    def key(self, row: Row) -> str:
        """The record's id: the source's own with its prefix, or one made of what the row says."""
        own = row_fields.record_id(self._filled(row))
        prefix = self.source.prefix
        key = own if own.startswith(prefix) else prefix + own
        if len(key) <= _MAX_ID and _ID.fullmatch(key):
            return key
        return prefix + row_fields.digest(own)

    def read(self, row: Row, *, twice: bool) -> _Read:
        """One row, compared."""
        key = self.key(row)
        service = self.known.current.get(key)
        said = self.known.said.get(key)
        if said is not None and said.fields is None:  # a refuge, and the caseworkers' for good
            return _Read(key)
        before = to_fields(service) if service else None
        fields, problems = self._fields(row, service, said)
        if twice:
            problems.append(RowProblem(row.number, "id", "otra fila es del mismo registro; deje una sola"))
        if not problems:
            problems += self._refuge_problems(row, fields, before)
        if problems:
            return _Read(key, problems=tuple(problems))
        if before is None and said is not None and said.fields == fields:
            return _Read(key, told=said)  # taken out by a caseworker: it stays out
        return self._compared(row, key, before, fields)

    def _filled(self, row: Row) -> Row:
        """The row with the source's defaults, and without what only caseworkers say."""
        may = column_names()
        cells = {name: cell for name, cell in {**self.source.defaults, **row.cells}.items() if name in may}
        return replace(row, cells=cells)

    def _fields(
        self, row: Row, service: Service | None, said: Said | None
    ) -> tuple[Fields, list[RowProblem]]:
        state = service.location.state if service else ""
        context = Context(self.known.rules, self.known.areas, state)
        filled = self._filled(row)
        fields, unread = row_fields.read(filled, context, titles=self.titles)
        problems = [RowProblem(p.row, p.column, p.sentence) for p in (*row.problems, *unread)]
        if said and said.fields is not None:
            fields |= self._emptied(filled, said.fields)
            if said.is_gone:
                fields.setdefault("status", Status.ACTIVE.value)
        if service is None:
            fields = row_fields.completed(fields)
        return self._within_trust(fields, is_new=service is None), problems

    def _emptied(self, row: Row, before: Fields) -> Fields:
        """A cell that the source emptied since, in a column that it still has."""
        found: Fields = {}
        for name in self.titles:
            column = BY_NAME.get(name)
            if column is None or name not in column_names() or name in row.cells or not before.get(name):
                continue
            try:
                found[name] = cleared(column)
            except UnreadableCell:  # where something must stand, an empty cell changes nothing
                continue
        return found

    def _within_trust(self, fields: Fields, *, is_new: bool) -> Fields:
        """No more confidence than the source has earned, no wider exposure than the operator gave it."""
        kept = dict(fields)
        refuge = kept.get("kind") == Kind.REFUGE
        if is_new and not refuge and not kept.get("source_urls") and self._page():
            kept["source_urls"] = [self._page()]
        if is_new or "confidence" in kept:
            sourced = refuge or not is_new or bool(kept.get("source_urls"))
            kept["confidence"] = _worst(kept.get("confidence"), self.source.trust, sourced=sourced)
        if is_new or "exposure" in kept:
            widest = Exposure.STAFF if refuge else self.source.exposure
            kept["exposure"] = max(kept.get("exposure") or widest, widest, key=lambda e: RANK[Exposure(e)])
        return {name: str(v) if isinstance(v, StrEnum) else v for name, v in kept.items()}

    def _page(self) -> str:
        source = self.source
        return source.page or (source.address if source.is_remote and not source.token_file else "")

    def _refuge_problems(self, row: Row, fields: Fields, before: Fields | None) -> list[RowProblem]:
        """What would tell where a refuge is; the values go no further than this."""
        is_refuge = before is not None and before["kind"] == Kind.REFUGE
        if is_refuge and fields.get("kind", Kind.REFUGE) != Kind.REFUGE:
            return [RowProblem(row.number, "kind", "aquí es un refugio; una fuente no puede decir otra cosa")]
        named = f"{self.source.name} {self.source.prefix}"
        if (is_refuge or fields.get("kind") == Kind.REFUGE) and refuge_screen.places_in(
            named, self.known.rules.places
        ):
            return [
                RowProblem(row.number, "kind", "el nombre de la fuente dice un lugar; cámbielo para refugios")
            ]
        return []

    def _compared(self, row: Row, key: str, before: Fields | None, fields: Fields) -> _Read:
        said = self.known.said.get(key)
        wanted, reasons = _merged(before, fields, said.fields if said else None)
        after = editing.with_fields(before, key, wanted)
        changed = {name: value for name, value in after.items() if before is None or before[name] != value}
        if before is not None and not changed:
            return _Read(key, told=Said(fields))
        if "source_date" not in fields:
            changed["source_date"] = after["source_date"] = self.known.now.date().isoformat()
        record, wrong = editing.check(before, after, self.known.rules, now=self.known.now)
        if wrong or record is None:
            return _Read(key, problems=tuple(self._told(row, each.field, each.sentence) for each in wrong))
        reasons |= _dangers(before, after, changed)
        if before is None and said is not None:  # taken out once, and now the source says something new
            reasons.add(Reason.CONFLICT)
        service = self.known.current.get(key)
        item = Item(
            kind=What.NEW if before is None else What.CHANGED,
            service_id=key,
            row=row.number,
            name=record.name,
            fields={name: after[name] for name in changed},
            said=Said(fields),
            revision=service.revision if service else editing.NEW,
            is_refuge=Kind.REFUGE in (record.kind, service.kind if service else None),
            reasons=_sorted(reasons),
        )
        return _Read(key, item=item)

    def _told(self, row: Row, name: str, sentence: str) -> RowProblem:
        return RowProblem(row.number, self.titles.get(name, name), sentence)


def _merged(before: Fields | None, new: Fields, base: Fields | None) -> tuple[Fields, set[Reason]]:
    """The fields to set. CONFLICT where somebody else wrote a field that the source changed too."""
    if before is None:
        return new, set()
    wanted: Fields = {}
    conflict = False
    for name, value in new.items():
        now = before[name]
        if value == now:
            continue
        if base is not None and name in base:
            if value == base[name]:
                continue  # the source says what it said: the caseworkers' stays
            conflict = conflict or now != base[name]
        else:
            conflict = conflict or base is None or bool(now)
        wanted[name] = value
    return wanted, {Reason.CONFLICT} if conflict else set()


def _dangers(before: Fields | None, after: Fields, changed: Fields) -> set[Reason]:
    found: set[Reason] = set()
    if before is None:
        return {Reason.GRAVE} if is_grave(after) else found
    if before["verified_on"] or before["verified_by"]:
        found.add(Reason.VERIFIED)
    if is_grave(before) or is_grave(after):
        if "phones" in changed:
            found.add(Reason.PHONE)
        if not _GRAVE_FIELDS.isdisjoint(changed):
            found.add(Reason.GRAVE)
    if is_wider(before, after):
        found.add(Reason.EXPOSURE)
    if after["kind"] == Kind.REFUGE != before["kind"]:
        found.add(Reason.REFUGE)
    return found


def _may_go(key: str, known: Known) -> bool:
    said = known.said[key]
    service = known.current.get(key)
    return (
        said.fields is not None
        and not said.is_gone
        and service is not None
        and service.status in (Status.ACTIVE, Status.TEMPORARILY_CLOSED)
    )


def _gone(source: Source, key: str, known: Known) -> Item:
    """A record that its source no longer lists is shown no more; nothing of it is lost.

    Where the ids are the directory's own, the record may be somebody else's: then it waits.
    """
    service = known.current[key]
    said = known.said[key].fields or {}
    status = Status.INACTIVE.value
    reasons: set[Reason] = {Reason.GRAVE} if is_grave(to_fields(service)) else set()
    if service.verified_on or service.verified_by:
        reasons.add(Reason.VERIFIED)
    if not source.prefix:
        reasons.add(Reason.CONFLICT)
    return Item(
        kind=What.GONE,
        service_id=key,
        row=0,
        name=service.name,
        fields={"status": status},
        said=Said({**said, "status": status}, is_gone=True),
        revision=service.revision,
        is_refuge=service.kind is Kind.REFUGE,
        reasons=_sorted(reasons),
    )


def _flooded(source: Source, items: list[Item], known: Known, *, rows: int, invalid: int) -> list[Item]:
    """Everything waits of a kind that comes in a flood, and all of a list that is half broken."""
    live = sum(1 for said in known.said.values() if said.fields is not None and not said.is_gone)
    kinds = Counter(item.kind for item in items)
    most = source.max_share * live
    many: set[What] = set()
    if live and kinds[What.GONE] > max(1, most):
        many |= set(What)
    if live and kinds[What.CHANGED] > max(FEW, most):
        many.add(What.CHANGED)
    if live and kinds[What.NEW] > max(4 * FEW, live):
        many.add(What.NEW)
    if invalid > max(1, source.max_share * rows):
        many |= set(What)
    return [
        replace(item, reasons=_sorted({*item.reasons, Reason.MANY})) if item.kind in many else item
        for item in items
    ]


def _counted(items: list[Item], *, rows: int, invalid: int) -> Counts:
    kinds = Counter(item.kind for item in items)
    changed = kinds[What.NEW] + kinds[What.CHANGED]
    return Counts(
        rows=rows,
        new=kinds[What.NEW],
        changed=kinds[What.CHANGED],
        gone=kinds[What.GONE],
        same=rows - invalid - changed,
        invalid=invalid,
    )


def _worst(said: Any, trust: Confidence, *, sourced: bool) -> str:
    """Confidence no better than the source's; without an address to look it up, no better than C."""
    most = trust if sourced else max(trust, Confidence.C, key=lambda each: _TRUST[each])
    return str(max(said or most, most, key=lambda each: _TRUST[str(each)]))


def _sorted(reasons: set[Reason]) -> tuple[Reason, ...]:
    return tuple(each for each in Reason if each in reasons)
