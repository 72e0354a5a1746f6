"""The verification round: one service after another, with the number to call and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from bot.panel import preview, publishing, rounds
from bot.panel.cards import Card
from bot.panel.directory_page import REPORTS_SINCE
from bot.panel.guard import Page
from bot.panel.publishing import Wanted
from bot.panel.rendering import ZONE
from bot.panel.roles import Permission, limits, may_change
from bot.panel.rounds import Round, Turn, Wish
from bot.panel.shelf import Shelves
from bot.panel.visit import Response, Visit
from data import check_store, directory_store, proposal_store
from data.record_json import to_fields
from data.records import Method, Service
from services import editing
from services.editing import Conflict, Refused

MAX_WHY = 300
RECENT = 8
SAME, GONE, SILENT = "same", "gone", "silent"
_WHY = {SAME: "Verificado: sigue igual", GONE: "Verificado: ya no existe"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page works with."""

    shelves: Shelves
    wish: Wish
    round: Round


async def show(visit: Visit) -> Response:
    """The next one; `id` shows a chosen one, `despues` the one behind another."""
    return await _page(visit)


async def check(visit: Visit) -> Response:
    """What came of it: the same, nobody answered, or it is no more."""
    record = await _record(visit)
    result, how = visit.text("result"), visit.text("how")
    if result not in (SAME, GONE, SILENT) or how not in set(Method):
        raise web.HTTPBadRequest
    if result == SILENT:
        return await _silent(visit, record)
    if visit.text("revision") != str(record.revision):
        return await _changed_meanwhile(visit, record, result)
    why = visit.text("why")[:MAX_WHY] or _WHY[result]
    if result == GONE and not visit.text("why"):
        problem = "Escriba cómo supo que ya no existe: por ejemplo «contestó otra empresa»."
        return await _page(visit, chosen=record.id, problem=problem, status=422)
    today, by = visit.now.astimezone(ZONE).date(), publishing.author(visit)
    changes = (
        rounds.confirmed(record, by=by, how=how, today=today)
        if result == SAME
        else rounds.gone(by=by, how=how, today=today)
    )
    before = to_fields(record)
    wanted = Wanted(
        record.id, record.revision, before, editing.with_fields(before, record.id, changes), changes, why
    )
    try:
        outcome = await publishing.save(visit, wanted)
    except (Refused, Conflict) as told:
        return await _page(visit, chosen=record.id, problem=str(told), status=409)
    async with visit.desk.core.database.write() as connection:
        await check_store.reached(connection, record.id)
    said = outcome if outcome == publishing.PROPOSED else {SAME: "verified", GONE: "ended"}[result]
    return _next(visit, record.id, ok=said)


async def look(visit: Visit) -> Card | None:
    """How many wait for a check."""
    if not visit.may(Permission.VERIFY):
        return None
    seen = await _see(visit, Wish())
    reported = seen.round.first
    hint = f"{reported} los reportó alguien" if reported else "Una llamada tras otra, con su número."
    return Card("Toca verificar", len(seen.round.entries), "/verificar", hint)


PAGES = (
    Page("GET", "/verificar", Permission.VERIFY, show),
    Page("POST", "/verificar/{id}", Permission.VERIFY, check),
)


async def _silent(visit: Visit, record: Service) -> Response:
    """Nobody answered: the record stays as it is, and comes again later."""
    async with visit.desk.core.database.write() as connection:
        known = (await check_store.tries(connection)).get(record.id)
        if known and known.again_at > visit.now:  # the same form, sent twice
            return _next(visit, record.id, ok="silent")
        again = rounds.again_at((known.count if known else 0) + 1, visit.now)
        await check_store.tried(
            connection, record.id, by=publishing.author(visit), now=visit.now, again_at=again
        )
        await visit.note(connection, "check_silent", target=record.id)
    return _next(visit, record.id, ok="silent")


async def _changed_meanwhile(visit: Visit, record: Service, result: str) -> Response:
    """Somebody saved it meanwhile, or this very form came before."""
    today = visit.now.astimezone(ZONE).date()
    is_mine = record.verified_by == publishing.author(visit) and record.verified_on == today
    if result == SAME and is_mine:
        return _next(visit, record.id, ok="verified")
    problem = "Alguien cambió este servicio mientras usted lo verificaba. Revise los datos de abajo."
    return await _page(visit, chosen=record.id, problem=problem, status=409)


def _next(visit: Visit, service_id: str, *, ok: str) -> Response:
    wish = _wish(visit, dict(parse_qsl(visit.text("query")[:300])))
    return visit.to("/verificar", ok=ok, hecho=service_id, **wish.query())


async def _record(visit: Visit) -> Service:
    async with visit.desk.core.database.read() as connection:
        record = await visit.desk.shelf.record(connection, visit.id())
    if record is None:
        raise web.HTTPNotFound
    if not may_change(visit.account, record, Permission.VERIFY):
        raise web.HTTPForbidden
    return record


async def _page(visit: Visit, *, chosen: str = "", problem: str = "", status: int = 200) -> Response:
    query = dict(parse_qsl(visit.text("query")[:300])) if problem else visit.request.query
    seen = await _see(visit, _wish(visit, query))
    turn = seen.round.at(chosen or visit.asked("id"), after=visit.asked("despues"))
    if turn is None and chosen and (entry := seen.shelves.by_id.get(chosen)):
        turn = Turn(entry.record, None, 0, None)
    async with visit.desk.core.database.read() as connection:
        waiting = await proposal_store.of_service(connection, turn.record.id) if turn else []
    return visit.page(
        "verification.html",
        status=status,
        turn=turn,
        left=len(seen.round.entries),
        later=seen.round.later,
        wish=seen.wish,
        query=urlencode(seen.wish.query()),
        which=rounds.WHICH,
        methods=rounds.METHODS,
        many=rounds.MANY,
        waiting=waiting,
        recent=_recent(visit, seen.shelves),
        problem=problem,
        typed=visit.text("why"),
        how=visit.text("how") or Method.CALL,
        **_done(visit, seen.shelves),
    )


def _done(visit: Visit, shelves: Shelves) -> dict[str, object]:
    """The one that was checked last, and what the chat says of it now."""
    entry = shelves.by_id.get(visit.asked("hecho"))
    if entry is None or not may_change(visit.account, entry.record):
        return {"done": None, "preview": None}
    shown = preview.of(entry.record, visit.desk.core, shelves, now=visit.now)
    return {"done": entry.record, "preview": shown}


async def _see(visit: Visit, wish: Wish) -> Seen:
    today = visit.now.astimezone(ZONE).date()
    async with visit.desk.core.database.read() as connection:
        shelves = await visit.desk.shelf.at_newest(connection)
        reported = await directory_store.reports(connection, since=today - REPORTS_SINCE)
        tries = await check_store.tries(connection)
        waiting = {each.service_id for each in await proposal_store.waiting(connection)}
    mine = shelves.within(visit.account, Permission.VERIFY)
    key = ("round", limits(visit.account), wish.state, wish.need)
    found = shelves.once(key, lambda: rounds.candidates(mine, wish))
    planned = rounds.plan(
        found, wish.which, reported=reported, tries=tries, waiting=waiting, now=visit.now, today=today
    )
    return Seen(shelves, wish, planned)


def _recent(visit: Visit, shelves: Shelves) -> list[Service]:
    """Who verified what, how, the last first."""

    def found() -> list[Service]:
        mine = shelves.within(visit.account, Permission.VERIFY)
        known = [e.record for e in mine if e.record.verified_on and e.record.verified_by]
        return sorted(known, key=lambda each: each.verified_on or visit.now.date(), reverse=True)[:RECENT]

    return shelves.once(("recent", limits(visit.account)), found)


def _wish(visit: Visit, query: Mapping[str, str]) -> Wish:
    return rounds.wish(query, visit.desk.areas.areas.states)
