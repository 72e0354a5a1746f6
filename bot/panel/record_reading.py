"""From the form to the record's fields: what can't be read gets a sentence, everything else goes on. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.panel.record_form import (
    COMPATIBILITY,
    HOURS_ALWAYS,
    HOURS_DAYS,
    HOURS_OTHER,
    NO,
    YES,
    RecordForm,
)
from data.dialing import NotDialableError, as_dialled
from data.record_json import Fields
from data.records import Confidence, Exposure, Kind, Method, Result, Status
from services import appointments
from services.exchange import spoken_hours, words
from services.exchange.area_names import AreaNames
from services.exchange.cells import clean
from services.exchange.problems import UnreadableCell
from services.record_rules import Rules
from services.weekly_hours import ALWAYS, NotAClock, Week, clock, write

LISTED = "Elija uno de la lista."
_TEXTS = (
    "name", "alternate_name", "organization", "description", "locality", "address", "website", "email",
    "eligibility", "fees", "conflict", "staff_note", "source_date", "route_step",
)  # fmt: skip
_CLOSED: Mapping[str, frozenset[str]] = {
    "kind": frozenset(Kind),
    "status": frozenset(Status),
    "confidence": frozenset(Confidence),
    "exposure": frozenset(Exposure),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the form is read with. `by` is who verifies, `today` when, `before` the record on the screen."""

    rules: Rules
    areas: AreaNames
    by: str
    today: date
    before: Fields


@dataclass(slots=True)
class Read:
    """Fields that could be read, and a sentence for each part of the form that could not."""

    fields: Fields
    errors: dict[str, str]

    def attempt(self, name: str, read: Callable[[], Any], *, at: str = "") -> None:
        """Set a field, or keep why it can't be."""
        try:
            self.fields[name] = read()
        except (UnreadableCell, NotAClock, NotDialableError) as told:
            self.errors[at or name] = _sentence(told)


def read(form: RecordForm, desk: Desk) -> Read:
    """Every field that the form shows. A refuge's form shows no place, so none is read."""
    found = Read({}, {})
    for name in _TEXTS:
        found.fields[name] = clean(_text(form, name))
    for name, known in _CLOSED.items():
        _closed(found, form, name, known)
    _needs(found, form, desk)
    _coverage(found, form, desk)
    _hours(found, form)
    _compatibility(found, form)
    _sources(found, form, desk)
    if found.fields.get("kind") == Kind.REFUGE:
        _without_place(found)
    else:
        _place(found, form, desk)
        _phones(found, form, desk)
        _hidden(found, form)
    return found


def _without_place(found: Read) -> None:
    found.fields |= dict.fromkeys(("alternate_name", "municipality", "locality", "address"), "")
    found.fields |= {"website": "", "email": "", "latitude": None, "longitude": None, "phones": []}
    found.fields["field_exposure"] = {}
    for name in ("municipality", "locality", "address", "website", "email"):
        found.errors.pop(name, None)


def _closed(found: Read, form: RecordForm, name: str, known: frozenset[str]) -> None:
    said = _text(form, name)
    if said in known:
        found.fields[name] = said
    else:
        found.errors[name] = LISTED


def _needs(found: Read, form: RecordForm, desk: Desk) -> None:
    known = set(words.NEEDS)
    first, others = _text(form, "main_need"), _as_before(form.needs.data, desk.before["needs"])
    chosen = list(dict.fromkeys(code for code in (first, *others) if code))
    if not first:
        found.errors["main_need"] = "Elija para qué es sobre todo."
    elif not known.issuperset(chosen):
        found.errors["main_need"] = LISTED
    else:
        found.fields["needs"] = chosen
    whom = _as_before(form.only_for.data, desk.before["only_for"])
    if set(words.WHO).issuperset(whom):
        found.fields["only_for"] = whom
    else:
        found.errors["only_for"] = LISTED


def _as_before(chosen: Iterable[object] | None, before: Sequence[str]) -> list[str]:
    """What is chosen, in the order it had: boxes stand in an order of their own."""
    codes = [str(code) for code in chosen or ()]
    return [*(code for code in before if code in codes), *(code for code in codes if code not in before)]


def _coverage(found: Read, form: RecordForm, desk: Desk) -> None:
    keys: list[str] = []
    for index, entry in enumerate(form.coverage.entries):
        said = clean(str(entry.data or ""))
        if not said:
            continue
        try:
            keys.append(desk.areas.coverage_key(said[:300]))
        except UnreadableCell as told:
            found.errors[f"coverage-{index}"] = _sentence(told)
    if found.fields.get("kind") == Kind.REFUGE and any(len(key) > 2 for key in keys):
        found.errors["coverage"] = "De un refugio solo se guarda el estado."
    elif not any(name.startswith("coverage") for name in found.errors):
        found.fields["coverage"] = list(dict.fromkeys(keys))
    state = _text(form, "state")
    if state and state not in desk.areas.areas.states:
        found.errors["state"] = LISTED
    else:
        found.fields["state"] = state


def _place(found: Read, form: RecordForm, desk: Desk) -> None:
    said, state = clean(_text(form, "municipality")), found.fields.get("state", "")
    found.attempt("municipality", lambda: desk.areas.municipality_key(said[:300], state) if said else "")
    if found.fields.get("municipality") and not state:
        found.fields["state"] = found.fields["municipality"][:2]
    for name in ("latitude", "longitude"):
        found.attempt(name, lambda name=name: _degrees(_text(form, name)))  # type: ignore[misc]


def _phones(found: Read, form: RecordForm, desk: Desk) -> None:
    phones = []
    for index, entry in enumerate(form.phones.entries):
        said = {name: clean(str(content or "")) for name, content in entry.data.items()}
        if not said["number"]:
            if said["extension"] or said["description"]:
                found.errors[f"phones-{index}"] = "Falta el número."
            continue
        try:
            said["number"] = as_dialled(said["number"][:40], short=desk.rules.short_numbers)
        except NotDialableError as told:
            found.errors[f"phones-{index}"] = _sentence(told)
            continue
        if said["type"] not in ("voice", "whatsapp") or said["exposure"] not in frozenset(Exposure):
            found.errors[f"phones-{index}"] = LISTED
            continue
        phones.append({key: said[key] for key in ("number", "type", "extension", "description", "exposure")})
    if not any(name.startswith("phones-") for name in found.errors):
        found.fields["phones"] = phones


def _hidden(found: Read, form: RecordForm) -> None:
    chosen = {name: str(content) for name, content in form.hidden.data.items() if content}
    if frozenset(Exposure).issuperset(chosen.values()):
        found.fields["field_exposure"] = dict(sorted(chosen.items()))
    else:
        found.errors["hidden"] = LISTED


def _hours(found: Read, form: RecordForm) -> None:
    how = _text(form, "hours")
    found.fields["schedule_note"] = clean(_text(form, "schedule_note"))
    if how == HOURS_ALWAYS:
        found.fields["schedule"] = ALWAYS
    elif how == HOURS_DAYS:
        _days(found, form)
    elif how == HOURS_OTHER:
        said = clean(_text(form, "schedule"))
        found.attempt("schedule", lambda: spoken_hours.read(said))
    else:
        found.fields["schedule"] = ""
    if form.appointment.data and "schedule" in found.fields:
        found.fields["schedule"] = appointments.marked(found.fields["schedule"])


def _days(found: Read, form: RecordForm) -> None:
    days = []
    for index, day in enumerate(form.days.entries[:7]):
        try:
            days.append(tuple(_spans(day.form)))
        except NotAClock:
            found.errors[f"days-{index}"] = (
                "Escriba las dos horas, de 0:00 a 24:00; cierre distinto de apertura."
            )
    if any(name.startswith("days-") for name in found.errors):
        return
    if not any(days):
        found.errors["hours"] = "Escriba las horas de algún día, o elija «No sabemos»."
    else:
        week = (*days, *((),) * (7 - len(days)))
        found.fields["schedule"] = write(Week(week, closed_on_holidays=bool(form.holidays.data)))


def _spans(day: Any) -> Iterator[tuple[str, str]]:
    for span in day.spans.entries:
        opens, closes = str(span.data["opens"] or "").strip(), str(span.data["closes"] or "").strip()
        if not opens and not closes:
            continue
        first, last = clock(opens), clock(closes)
        last = "24:00" if last == "00:00" else last
        if first == last:
            raise NotAClock(closes)
        yield first, last


def _compatibility(found: Read, form: RecordForm) -> None:
    found.fields["women_only"] = _text(form, "women_only") == YES
    for name in COMPATIBILITY:
        said = _text(form, name)
        found.fields[name] = True if said == YES else False if said == NO else None
    age = _text(form, "sons_up_to_age").strip()
    if age and not (age.isascii() and age.isdigit() and len(age) < 4):
        found.errors["sons_up_to_age"] = "Escriba una edad en años, con cifras."
    else:
        found.fields["sons_up_to_age"] = int(age) if age else None
    spoken = _text(form, "languages").replace(";", ",").split(",")
    found.fields["languages"] = list(dict.fromkeys(name for part in spoken if (name := clean(part))))


def _sources(found: Read, form: RecordForm, desk: Desk) -> None:
    urls = [clean(line) for line in _text(form, "source_urls").splitlines()]
    found.fields["source_urls"] = list(dict.fromkeys(url for url in urls if url))
    due = _text(form, "check_due").strip()
    try:
        found.fields["check_due"] = date.fromisoformat(due).isoformat() if due else None
    except ValueError:
        found.errors["check_due"] = "No es una fecha; escriba por ejemplo «2026-12-15»."
    how = _text(form, "verified_how")
    if how in frozenset(Method):
        found.fields |= {
            "verified_how": how,
            "verified_on": desk.today.isoformat(),
            "verified_by": desk.by,
            "verified_result": Result.CONFIRMED.value,
        }


def _degrees(said: str) -> float | None:
    said = said.strip().replace(",", ".")
    if not said:
        return None
    try:
        degrees = float(said[:30])
    except ValueError:
        raise UnreadableCell("no es una coordenada; escriba por ejemplo «16.75»") from None
    if not -180 <= degrees <= 180:  # also what is no number at all
        raise UnreadableCell("no es una coordenada; escriba por ejemplo «16.75»")
    return degrees


def _text(form: RecordForm, name: str) -> str:
    content = form[name].data
    return "" if content is None else str(content)


def _sentence(told: Exception) -> str:
    said = str(told)
    return f"{said[:1].upper()}{said[1:]}."
