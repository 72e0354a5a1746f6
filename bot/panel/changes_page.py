"""Changes that wait for a second person: who proposes what and why; approved, not approved or withdrawn."""

from dataclasses import dataclass

from aiohttp import web

from bot.panel import publishing
from bot.panel.guard import Page
from bot.panel.roles import Permission, may_change
from bot.panel.visit import Response, Visit
from data import directory_store, proposal_store
from data.history_store import Author, Via
from data.proposal_store import APPROVED, REFUSED, WITHDRAWN, Proposal
from data.record_json import from_fields, to_fields
from data.records import RefugePlace, Service
from services import editing, showing
from services.differences import SENTENCES, Reason
from services.editing import Edit, EditError
from services.showing import Difference

_DECIDED = {APPROVED: "se aprobó", REFUSED: "no se aprobó", WITHDRAWN: "se retiró"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal against the record of now. `revision` goes back with the decision."""

    proposal: Proposal
    reasons: tuple[str, ...]
    changes: list[Difference]
    revision: str
    has_moved: bool
    may_decide: bool
    is_own: bool


async def show(visit: Visit) -> Response:
    """Everything that this account may know of."""
    return await _page(visit)


async def decide(visit: Visit) -> Response:
    """Approve or not, as somebody else than who proposed it."""
    what = visit.text("do")
    if what not in ("approve", "reject"):
        raise web.HTTPBadRequest
    desk = visit.desk
    erased = False
    try:
        async with desk.core.database.write() as connection:
            await directory_store.lock(connection)
            found = await proposal_store.load(connection, visit.id())
            if found is None or found.fields is None:
                return await _page(visit, problem="Otra persona ya lo decidió.", status=409)
            current = await directory_store.load(connection, [found.service_id])
            record = current[0] if current else None
            _check_decider(visit, found, record)
            if what == "approve":
                if str(record.revision if record else "") != visit.text("revision"):
                    return await _page(visit, problem="El servicio cambió; revise de nuevo.", status=409)
                published = await editing.publish_within(
                    connection,
                    [Edit(found.service_id, found.fields, record.revision if record else None)],
                    author=Author(_signed(visit, found), Via.PANEL, found.why),
                    rules=desk.rules,
                    now=visit.now,
                )
                erased = published.erased_places
            await proposal_store.decide(
                connection,
                found.id,
                APPROVED if what == "approve" else REFUSED,
                by=publishing.author(visit),
                note=visit.text("note")[:300],
                now=visit.now,
            )
            done = "approved" if what == "approve" else "rejected"
            await visit.note(connection, done, target=found.service_id)
    except EditError as told:
        return await _page(visit, problem=str(told), status=409)
    if erased:
        await desk.core.database.settle()
    return visit.to("/cambios", ok=done)


async def withdraw(visit: Visit) -> Response:
    """Whoever proposed it takes it back."""
    async with visit.desk.core.database.write() as connection:
        found = await proposal_store.load(connection, visit.id())
        if found is None or found.proposed_by != visit.account.id:
            raise web.HTTPNotFound
        by = publishing.author(visit)
        if await proposal_store.decide(connection, found.id, WITHDRAWN, by=by, now=visit.now):
            await visit.note(connection, "withdrawn", target=found.service_id)
    return visit.to("/cambios", ok="withdrawn")


PAGES = (
    Page("GET", "/cambios", Permission.EDIT, show),
    Page("POST", "/cambios/{id}", Permission.APPROVE, decide),
    Page("POST", "/cambios/{id}/retirar", Permission.EDIT, withdraw),
)


async def waiting_for(visit: Visit) -> list[Shown]:
    """What waits, as this account sees it: its own, and what it may decide."""
    async with visit.desk.core.database.read() as connection:
        found = await proposal_store.waiting(connection)
        current = await directory_store.load(connection, [each.service_id for each in found])
    records = {record.id: record for record in current}
    shown = [_shown(visit, each, records.get(each.service_id)) for each in found]
    return [each for each in shown if each and (each.is_own or each.may_decide)]


async def _page(visit: Visit, *, problem: str = "", status: int = 200) -> Response:
    waiting = await waiting_for(visit)
    return visit.page(
        "changes.html",
        status=status,
        waiting=waiting,
        decided=await _decided(visit),
        problem=problem,
        decisions=_DECIDED,
    )


async def _decided(visit: Visit) -> list[Proposal]:
    """What was decided last: one's own, and of records that one may change."""
    async with visit.desk.core.database.read() as connection:
        found = await proposal_store.decided(connection)
        current = await directory_store.load(connection, [each.service_id for each in found])
    mine = {record.id for record in current if may_change(visit.account, record)}
    return [each for each in found if each.proposed_by == visit.account.id or each.service_id in mine]


def _shown(visit: Visit, proposal: Proposal, record: Service | None) -> Shown | None:
    before = to_fields(record) if record else None
    after = editing.with_fields(before, proposal.service_id, proposal.fields or {})
    try:
        made = from_fields(after)
    except (RefugePlace, ValueError):
        return None
    limits = [made, *([record] if record else [])]
    is_own = proposal.proposed_by == visit.account.id
    within = all(may_change(visit.account, each, Permission.APPROVE) for each in limits)
    return Shown(
        proposal=proposal,
        reasons=tuple(SENTENCES[Reason(code)] for code in proposal.reasons),
        changes=showing.differences(before, after, visit.desk.areas),
        revision=str(record.revision) if record else "",
        has_moved=proposal.revision != (record.revision if record else None),
        may_decide=within and not is_own,
        is_own=is_own,
    )


def _check_decider(visit: Visit, found: Proposal, record: Service | None) -> None:
    """Never who proposed it, and only within the limits of the account."""
    shown = _shown(visit, found, record)
    if shown is None or not shown.may_decide:
        raise web.HTTPForbidden


def _signed(visit: Visit, found: Proposal) -> str:
    return f"{found.proposed_name[:95]}; aprobó {publishing.author(visit)[:95]}"
