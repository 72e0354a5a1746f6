"""Values of a record as a caseworker reads them: Spanish titles, words and names instead of codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data.history_store import WHOLE, Change, Via
from data.inegi import NATION
from data.months import ZONE
from data.needs import Need
from data.record_json import Fields, to_fields
from data.records import Confidence, Exposure, Phone, Service, Status
from services import freshness, weekly_hours
from services.exchange.area_names import AreaNames
from services.exchange.cells import several
from services.exchange.columns import BY_NAME

EMPTY = "—"
VIA: Mapping[str, str] = {
    Via.SEED: "lista inicial",
    Via.PANEL: "panel",
    Via.IMPORT: "archivo",
    Via.REFRESH: "fuente publicada",
    Via.UNDO: "se deshizo",
}
"""By which way a change came in."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Qué es", ("organization", "alternate_name", "kind", "description", "needs", "status", "route_step")),
    ("Cómo se llega", ("phones", "website", "email", "state", "municipality", "locality", "address",
                       "latitude", "longitude", "coverage", "schedule", "schedule_note")),
    ("Para quién es", ("only_for", "women_only", "children", "sons_up_to_age", "men", "lgbti", "disability",
                       "without_papers", "pregnant", "other_state", "indigenous", "languages",
                       "eligibility", "fees")),
    ("Qué tan cierto es", ("confidence", "source_urls", "source_date", "verified_on", "verified_how",
                           "verified_result", "verified_by", "check_due", "conflict")),
    ("Quién lo ve", ("exposure", "field_exposure", "staff_note")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A field to be read."""

    name: str
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after."""

    name: str
    title: str
    before: str
    after: str


def counted(count: int, one: str, many: str) -> str:
    """«1 servicio», «1,200 servicios»."""
    return f"{count:,} {one if count == 1 else many}"


def moment(at: datetime | None) -> str:
    """«2026-11-26 14:05», by the clock of central Mexico; «—» for none."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" if at else EMPTY


def title(name: str) -> str:
    """The field's name in Spanish."""
    return BY_NAME[name].title if name in BY_NAME else name


def value(name: str, content: Any, areas: AreaNames) -> str:
    """One value, one line an item; «—» when it is empty."""
    column = BY_NAME.get(name)
    if column is None or content in (None, "", [], {}):
        return EMPTY
    if name == "schedule":
        return weekly_hours.in_words(content)
    cell = column.write({name: content}, areas)
    known = column.words
    parts = several(cell) if isinstance(content, list) else (cell,)
    return "\n".join(known.get(part, part) if known else part for part in parts) or EMPTY


def difference(name: str, before: Any, after: Any, areas: AreaNames) -> Difference:
    """One field before and after, in words."""
    return Difference(name, title(name), value(name, before, areas), value(name, after, areas))


def groups(record: Service, areas: AreaNames) -> list[tuple[str, list[Line]]]:
    """Everything that is known of a record, in groups; what is empty is left out."""
    fields = to_fields(record)
    shown = []
    for heading, names in GROUPS:
        lines = [Line(name, title(name), value(name, fields[name], areas)) for name in names]
        shown.append((heading, [line for line in lines if line.value != EMPTY]))
    return [group for group in shown if group[1]]


def differences(before: Fields | None, after: Fields, areas: AreaNames) -> list[Difference]:
    """What differs, field by field."""
    found = []
    for name, new in after.items():
        old = before.get(name) if before else None
        if new != old and not (before is None and new in (None, "", [], {}, False)):
            found.append(difference(name, old, new, areas))
    return found


def of_change(change: Change, areas: AreaNames) -> Difference:
    """A change of the history."""
    if change.field == WHOLE:
        what = ("no existía", "se agregó") if change.before is None else ("existía", "se quitó")
        return Difference(WHOLE, "Todo el registro", *what)
    return difference(change.field, change.before, change.after, areas)


def place(record: Service, areas: AreaNames) -> str:
    """Where it is or whom it serves, in a few words."""
    if record.location.municipality:
        return areas.coverage_name(record.location.municipality)
    if record.location.state:
        return areas.state_name(record.location.state)
    names = ["Todo el país" if key == NATION else areas.coverage_name(key) for key in record.coverage]
    return ", ".join(names[:2]) + (f" y {len(names) - 2} más" if len(names) > 2 else "")


def phone(each: Phone) -> str:
    """A number as people dial it, with what is beside it."""
    return each.number + (f" ext. {each.extension}" if each.extension else "")


def why_unseen(record: Service, today: date) -> str:
    """Why the chat does not show it; empty when it does, to some people at least."""
    if record.exposure in (Exposure.STAFF, Exposure.NEVER):
        return "Solo lo ve el personal."
    if record.confidence is Confidence.X:
        return "Las fuentes se contradicen; no se muestra hasta que alguien lo compruebe."
    if record.status is not Status.ACTIVE:
        return "No está funcionando."
    if freshness.is_dead(record, today=today):
        return "Su último dato es demasiado viejo; no se muestra hasta que alguien lo compruebe."
    grave = {Need.EMERGENCY, Need.GBV}
    unproven = record.confidence in (Confidence.C, Confidence.D) and not freshness.is_confirmed(record)
    if unproven and grave.issuperset(record.needs):
        return "Para peligro y violencia solo se muestran datos bien respaldados o verificados."
    return ""
