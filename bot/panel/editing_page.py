"""Changing a record or adding one: form, preview, conflict, and what needs a second person."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from bot.panel import preview, publishing, record_form, record_reading, rounds
from bot.panel.guard import Page
from bot.panel.publishing import Wanted
from bot.panel.record_form import Lists, RecordForm
from bot.panel.rendering import ZONE
from bot.panel.roles import Permission, is_within, may_change
from bot.panel.visit import Response, Visit
from data.history_store import Author, Pair, Via
from data.inegi import NATION
from data.keys import Unreadable
from data.record_json import Fields, from_fields, to_fields
from data.records import Kind, Method, RefugePlace, Result, Service
from services import approval, editing, showing
from services.differences import SENTENCES
from services.editing import Conflict, Refused
from services.record_rules import FieldProblem
from services.weekly_hours import DAY_NAMES

MAX_WHY = 300
_NEW_ID = re.compile(r"P[0-9a-f]{10}")
_VERIFIED = frozenset({"verified_on", "verified_by", "verified_how", "verified_result", "check_due"})
_AT = {"needs": "main_need", "field_exposure": "hidden", "verified_on": "verified_how"}
"""Where in the form a field's problem is told, when not under its own name."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: what was on the screen before, what is there now, and what is wanted.

    `current` None: a new record. `merged` is `current` with what this person changed.
    """

    service_id: str
    base: Fields
    current: Fields | None
    revision: int | None
    mine: dict[str, Any]
    theirs: dict[str, Any]
    merged: Fields
    form: RecordForm
    errors: dict[str, str]


async def show(visit: Visit) -> Response:
    """The form with the record as it is."""
    record = await _record(visit)
    fields = to_fields(record)
    form = record_form.filled(record_form.values(fields, visit.desk.areas), _lists(visit))
    if _back(visit):
        form.verified_how.data = Method.CALL.value
    return _page(visit, form, record.id, sealed=_seal(visit, fields, record.revision), record=record)


async def show_new(visit: Visit) -> Response:
    """An empty form. Its id is drawn here, so that the same form sent twice makes one record."""
    service_id = f"P{secrets.token_hex(5)}"
    fields = editing.blank(service_id)
    if len(visit.account.states) == 1:
        fields |= {"state": visit.account.states[0], "coverage": [visit.account.states[0]]}
    fields["organization"] = visit.account.organization
    form = record_form.filled(record_form.values(fields, visit.desk.areas), _lists(visit))
    return _page(visit, form, service_id, sealed=_seal(visit, editing.blank(service_id), None), record=None)


async def save(visit: Visit) -> Response:
    """A change of a record: shown again, kept for a second person, or published."""
    record = await _record(visit)
    return await _take(visit, record.id, record)


async def add(visit: Visit) -> Response:
    """A record that is new, unless this very form has made it already."""
    service_id = visit.text("id")
    if not _NEW_ID.fullmatch(service_id):
        raise web.HTTPBadRequest
    async with visit.desk.core.database.read() as connection:
        record = await visit.desk.shelf.record(connection, service_id)
    if record is not None and not may_change(visit.account, record):
        raise web.HTTPForbidden
    return await _take(visit, service_id, record)


PAGES = (
    Page("GET", "/servicios/nuevo", Permission.EDIT, show_new),
    Page("POST", "/servicios/nuevo", Permission.EDIT, add),
    Page("GET", "/servicios/{id}/editar", Permission.EDIT, show),
    Page("POST", "/servicios/{id}/editar", Permission.EDIT, save),
)


async def _record(visit: Visit) -> Service:
    async with visit.desk.core.database.read() as connection:
        record = await visit.desk.shelf.record(connection, visit.id())
    if record is None:
        raise web.HTTPNotFound
    if not may_change(visit.account, record):
        raise web.HTTPForbidden
    return record


async def _take(visit: Visit, service_id: str, record: Service | None) -> Response:
    sent = _read(visit, service_id, record)
    if visit.text("do").startswith("more"):
        _more(visit, sent.form)
        return _again(visit, sent, record, status=200, problems=False)
    if sent.theirs and sent.mine and not _is_done(sent):
        return _conflict(visit, sent, record)
    if sent.errors:
        return _again(visit, sent, record)
    if visit.text("do") == "preview":
        return await _previewed(visit, sent, record)
    why = visit.text("why")[:MAX_WHY]
    if sent.mine and not why and not _is_done(sent):
        sent.errors["why"] = "Escriba por qué: por ejemplo «llamé y contestaron» o «cambió su página»."
        return _again(visit, sent, record)
    return await _publish(visit, sent, record, why)


async def _publish(visit: Visit, sent: Sent, record: Service | None, why: str) -> Response:
    before = sent.current
    wanted = Wanted(sent.service_id, sent.revision, before, sent.merged, sent.mine, why)
    if not sent.mine or _is_done(sent):
        return visit.to(f"/servicios/{sent.service_id}" if record else "/directorio", ok="same")
    try:
        outcome = await publishing.save(visit, wanted)
    except Refused as told:
        _tell(sent, told.problems)
        return _again(visit, sent, record)
    except Conflict:  # in the very moment between: look again
        async with visit.desk.core.database.read() as connection:
            record = await visit.desk.shelf.record(connection, sent.service_id)
        return await _take(visit, sent.service_id, record)
    if opened_from := dict(parse_qsl(_back(visit))):
        wish = rounds.wish(opened_from, visit.desk.areas.areas.states)
        return visit.to("/verificar", ok=outcome, hecho=sent.service_id, **wish.query())
    path = f"/servicios/{sent.service_id}" if record or outcome != publishing.PROPOSED else "/cambios"
    return visit.to(path, ok=outcome)


def _read(visit: Visit, service_id: str, record: Service | None) -> Sent:
    """What the form says against what was on the screen and what is in the directory now."""
    current = to_fields(record) if record else None
    base = _opened(visit, service_id) or current or editing.blank(service_id)
    form = record_form.typed(visit.form, _lists(visit))
    desk = record_reading.Desk(
        visit.desk.rules,
        visit.desk.areas,
        publishing.author(visit),
        visit.now.astimezone(ZONE).date(),
        before=base,
    )
    found = record_reading.read(form, desk)
    untouched = record_form.filled(record_form.values(base, visit.desk.areas), _lists(visit))
    shown = base | record_reading.read(untouched, desk).fields
    mine = {name: value for name, value in found.fields.items() if shown[name] != value}
    theirs = {name: value for name, value in (current or base).items() if base[name] != value}
    mine |= _of_a_check(mine, base, desk.today.isoformat())
    merged = editing.with_fields(current, service_id, mine)
    sent = Sent(
        service_id,
        base,
        current,
        record.revision if record else None,
        mine,
        theirs,
        merged,
        form,
        found.errors,
    )
    _check(visit, sent)
    return sent


def _of_a_check(mine: Fields, base: Fields, today: str) -> Fields:
    """What follows when somebody checked the record: it was corrected, and an old reminder is done."""
    if not {"verified_on", "verified_how"} & mine.keys():  # a second check of one day differs in how
        return {}
    found: Fields = {}
    if not _VERIFIED.issuperset(mine):
        found["verified_result"] = Result.CORRECTED.value
    if "check_due" not in mine and base["check_due"] and base["check_due"] <= today:
        found["check_due"] = None
    return found


def _back(visit: Visit) -> str:
    """The verification round that it was opened from, as a query with its filters; empty when it was not."""
    query = visit.request.query if visit.asked("volver") else dict(parse_qsl(visit.text("volver")[:300]))
    if query.get("volver") != "verificar":
        return ""
    wish = rounds.wish(query, visit.desk.areas.areas.states)
    return urlencode({"volver": "verificar", **wish.query()})


def _check(visit: Visit, sent: Sent) -> None:
    """The directory's own rules, the account's limits, and the step that nothing brings back."""
    record, problems = editing.check(sent.current, sent.merged, visit.desk.rules, now=visit.now)
    if sent.errors:  # a form that is wrong in other ways must not show again where a refuge is
        _tell(sent, tuple(problem for problem in problems if problem.is_grave))
    else:
        _tell(sent, problems)
        if record is not None and not is_within(visit.account, record):
            sent.errors["coverage"] = "Su cuenta no puede poner servicios de esa institución o de ese lugar."
    becomes = sent.merged["kind"] == Kind.REFUGE and sent.base["kind"] != Kind.REFUGE
    if becomes and not sent.form.confirm_refuge.data:
        sent.errors["confirm_refuge"] = (
            "Marque esta casilla si de verdad es un refugio; no se puede deshacer."
        )
    if sent.merged["kind"] == Kind.REFUGE:
        record_form.blank(sent.form, record_form.PLACE_FIELDS)
    why = Author(publishing.author(visit), Via.PANEL, visit.text("why"))
    try:
        pair = Pair(sent.service_id, sent.current, sent.merged)
        editing.check_author(why, [pair], visit.desk.rules)
    except (Refused, RefugePlace):
        sent.errors["why"] = "Dice dónde hay un refugio; escríbalo sin el lugar."
        record_form.blank(sent.form, ["why"])


def _tell(sent: Sent, problems: tuple[FieldProblem, ...]) -> None:
    """Each problem beside its field. What would tell where a refuge is goes out of the form itself."""
    for problem in problems:
        name = _AT.get(problem.field, problem.field)
        sentence = f"{problem.sentence[:1].upper()}{problem.sentence[1:]}."
        sent.errors.setdefault(name, sentence)
        if problem.is_grave or sent.merged["kind"] == Kind.REFUGE:
            record_form.blank(sent.form, [name])
        if problem.is_grave and problem.field in sent.mine:
            sent.mine.pop(problem.field)
            sent.merged[problem.field] = (sent.current or sent.base)[problem.field]


def _is_done(sent: Sent) -> bool:
    """Whether the directory says already what is wanted: the same form came before."""
    return sent.current is not None and all(sent.current[name] == value for name, value in sent.mine.items())


def _conflict(visit: Visit, sent: Sent, record: Service | None) -> Response:
    """Both on one page: what somebody else saved meanwhile, and what was typed here, still in the form."""
    both = [name for name in sent.mine if name in sent.theirs and sent.mine[name] != sent.theirs[name]]
    areas = visit.desk.areas
    current = sent.current or sent.base
    clashes = [showing.difference(name, current[name], sent.mine[name], areas) for name in both]
    others = [line for line in showing.differences(sent.base, current, areas) if line.name not in both]
    data = record_form.values(sent.merged, areas) | {"why": visit.text("why")}
    form = record_form.filled(data, _lists(visit))
    return _page(
        visit,
        form,
        sent.service_id,
        sealed=_seal(visit, current, sent.revision),
        record=record,
        errors=sent.errors,
        conflict=(clashes, others),
        status=409,
    )


async def _previewed(visit: Visit, sent: Sent, record: Service | None) -> Response:
    async with visit.desk.core.database.read() as connection:
        shelves = await visit.desk.shelf.at_newest(connection)
    made = from_fields(sent.merged)
    reasons = [SENTENCES[reason] for reason in approval.reasons(sent.current, sent.merged)]
    return _again(
        visit,
        sent,
        record,
        status=200,
        previewed=True,
        preview=preview.of(made, visit.desk.core, shelves, now=visit.now),
        unseen=showing.why_unseen(made, visit.now.astimezone(ZONE).date()),
        reasons=reasons if sent.mine else [],
        changes=showing.differences(sent.current, sent.merged, visit.desk.areas),
    )


def _again(
    visit: Visit, sent: Sent, record: Service | None, *, status: int = 422, problems: bool = True, **more: Any
) -> Response:
    """The form as it was typed."""
    sealed = visit.text("base") or _seal(visit, sent.base, sent.revision)
    errors = sent.errors if problems else {}
    return _page(
        visit, sent.form, sent.service_id, sealed=sealed, record=record, errors=errors, status=status, **more
    )


def _more(visit: Visit, form: RecordForm) -> None:
    """One more line without JavaScript."""
    if visit.text("do") == "more-phones" and len(form.phones.entries) < 60:
        form.phones.append_entry({"type": "voice", "exposure": "public"})
    elif len(form.coverage.entries) < 60:
        form.coverage.append_entry("")


def _page(
    visit: Visit,
    form: RecordForm,
    service_id: str,
    *,
    sealed: str,
    record: Service | None,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    shown: dict[str, Any] = {
        "previewed": False,
        "preview": None,
        "unseen": "",
        "reasons": [],
        "changes": [],
        "conflict": None,
    }
    return visit.page(
        "edit.html",
        status=status,
        form=form,
        id=service_id,
        record=record,
        base=sealed,
        errors=dict(errors or {}),
        is_refuge=form.kind.data == Kind.REFUGE,
        days=DAY_NAMES,
        compatibility=record_form.COMPATIBILITY,
        title_of=showing.title,
        back=_back(visit),
        **(shown | more),
    )


def _lists(visit: Visit) -> Lists:
    states = {key: name for key, name in visit.desk.areas.areas.states.items() if key != NATION}
    steps = {step.key: f"{step.number}. {step.title}" for step in visit.desk.core.routes.steps}
    return Lists(states, steps)


def _seal(visit: Visit, fields: Fields, revision: int | None) -> str:
    """The record as it is on the screen, so that what this person changed can be told from the rest."""
    return visit.desk.core.keys.seal_text(json.dumps({"fields": fields, "revision": revision}))


def _opened(visit: Visit, service_id: str) -> Fields | None:
    try:
        found = json.loads(visit.desk.core.keys.open_text(visit.text("base")))
    except (Unreadable, ValueError):
        return None
    fields: Fields = found["fields"]
    return fields if fields.get("id") == service_id and fields.keys() == editing.blank("").keys() else None
