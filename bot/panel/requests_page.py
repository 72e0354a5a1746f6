"""Requests to talk to a person: take one, answer through the bot, hand back, close."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot import answering
from bot.answering import Opened, Outcome
from bot.calling import CannotAnswer
from bot.panel.cards import Card
from bot.panel.guard import Page
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit
from bot.safe_times import Window
from data import account_store, channel_store
from data.inegi import NATION
from data.keys import Unreadable

WINDOWS = {
    Window.MORNING: "por la mañana, de 7 a 12",
    Window.AFTERNOON: "por la tarde, de 12 a 19",
    Window.NIGHT: "por la noche, de 19 a 22",
    Window.ANY: "a cualquier hora",
    Window.UNSAID: "no dijo la hora: solo de 9 a 19",
}
DELIVERIES = {
    "held": "guardado hasta que la persona diga «Sí»",
    "waiting": "en camino",
    "sending": "en camino",
    "sent": "entregado a la plataforma",
    "failed": "no se pudo entregar",
    "dropped": "no salió: la plática terminó antes o pasó el tiempo",
    "": "",
}
CHANNELS = {"whatsapp": "WhatsApp", "telegram": "Telegram", "web": "chat de la página"}


@dataclass(frozen=True, slots=True)
class Groups:
    """Requests as the list shows them."""

    free: Sequence[Opened]
    mine: Sequence[Opened]
    others: Sequence[Opened]
    closed: Sequence[Opened]


async def show_all(visit: Visit) -> Response:
    """Every request that this account may see, by who has it."""
    found = [each for each in await answering.requests(visit.desk.core) if _may_see(visit, each)]
    return visit.page("requests.html", groups=_grouped(visit, found), **await _beside(visit))


async def show(visit: Visit) -> Response:
    """One request; `parte=hilo` gives only what was said, for the page that waits for an answer."""
    request = await _one(visit)
    if visit.asked("parte") == "hilo":
        lines = await _lines(visit, request)
        return visit.page("request_thread.html", lines=lines, request=request, deliveries=DELIVERIES)
    return await _page(visit, request, told=_sentence(visit))


async def take(visit: Visit) -> Response:
    """Take it: from now on nobody else answers."""

    async def work(request: Opened) -> str:
        await answering.take(visit.desk.core, request.id, by=visit.account.id)
        return "request_taken"

    return await _done(visit, work)


async def put_back(visit: Visit) -> Response:
    """Leave it to others; who approves may also free one that somebody else has."""

    async def work(request: Opened) -> str:
        if request.taken_by != visit.account.id and not visit.may(Permission.APPROVE):
            raise web.HTTPForbidden
        await answering.put_back(visit.desk.core, request.id, by=request.taken_by)
        return "request_put_back"

    return await _done(visit, work, then="/solicitudes")


async def answer(visit: Visit) -> Response:
    """Words for the person. What can't go is told beside them, and they stay in the form."""
    request = await _one(visit)
    words = visit.text("words")
    try:
        outcome = await answering.answer(
            visit.desk.core, request.id, words, by=visit.account.id, now=visit.now
        )
    except CannotAnswer as told:
        return await _page(visit, await _one(visit), problem=str(told), words=words, status=422)
    await _note(visit, "request_answered", request)
    return _told(visit, request, outcome)


async def call(visit: Visit) -> Response:
    """Ask once more whether the person can write."""
    request = await _one(visit)
    try:
        outcome = await answering.call(visit.desk.core, request.id, by=visit.account.id, now=visit.now)
    except CannotAnswer as told:
        return await _page(visit, request, problem=str(told), status=409)
    return _told(visit, request, outcome)


async def hand_back(visit: Visit) -> Response:
    """Faro answers again."""

    async def work(request: Opened) -> str:
        await answering.hand_back(visit.desk.core, request.id, by=visit.account.id, now=visit.now)
        return "request_handed_back"

    return await _done(visit, work)


async def close(visit: Visit) -> Response:
    """It is done; the text goes after the set days."""

    async def work(request: Opened) -> str:
        await answering.close(visit.desk.core, request.id, by=visit.account.id, now=visit.now)
        return "request_closed"

    return await _done(visit, work, then="/solicitudes")


async def look(visit: Visit) -> Card | None:
    """How many wait for somebody, and for me."""
    if not visit.may(Permission.ANSWER) or not visit.desk.core.operator.casework_team:
        return None
    found = [each for each in await answering.requests(visit.desk.core) if _may_see(visit, each)]
    groups = _grouped(visit, found)
    hint = f"{len(groups.mine)} ya las tiene usted" if groups.mine else ""
    return Card("Personas esperan que alguien les conteste", len(groups.free), "/solicitudes", hint)


PAGES = (
    Page("GET", "/solicitudes", Permission.ANSWER, show_all),
    Page("GET", "/solicitudes/{id}", Permission.ANSWER, show),
    Page("POST", "/solicitudes/{id}/tomar", Permission.ANSWER, take),
    Page("POST", "/solicitudes/{id}/soltar", Permission.ANSWER, put_back),
    Page("POST", "/solicitudes/{id}/contestar", Permission.ANSWER, answer),
    Page("POST", "/solicitudes/{id}/preguntar", Permission.ANSWER, call),
    Page("POST", "/solicitudes/{id}/devolver", Permission.ANSWER, hand_back),
    Page("POST", "/solicitudes/{id}/cerrar", Permission.ANSWER, close),
)


def _may_see(visit: Visit, request: Opened) -> bool:
    """A request of a place outside an account's states is none of its business."""
    states = visit.account.states
    return not states or request.place in ("", NATION) or request.place[:2] in states


def _grouped(visit: Visit, found: Sequence[Opened]) -> Groups:
    still = [each for each in found if each.closed_at is None]
    mine = visit.account.id
    return Groups(
        free=[each for each in still if not each.taken_by],
        mine=[each for each in still if each.taken_by == mine],
        others=[each for each in still if each.taken_by not in ("", mine)],
        closed=[each for each in found if each.closed_at is not None and each.taken_by == mine],
    )


async def _one(visit: Visit) -> Opened:
    for each in await answering.requests(visit.desk.core):
        if each.id == visit.id() and _may_see(visit, each):
            return each
    raise web.HTTPNotFound


async def _lines(visit: Visit, request: Opened) -> list[answering.Line]:
    """What was said, for whoever has the request; for nobody else."""
    if request.taken_by != visit.account.id:
        return []
    try:
        return await answering.thread(visit.desk.core, request.id, by=visit.account.id, now=visit.now)
    except CannotAnswer:
        return []


async def _page(
    visit: Visit,
    request: Opened,
    *,
    problem: str = "",
    words: str = "",
    told: str = "",
    status: int = 200,
) -> Response:
    return visit.page(
        "request.html",
        status=status,
        request=request,
        lines=await _lines(visit, request),
        is_mine=request.taken_by == visit.account.id,
        problem=problem,
        typed=words,
        told=told,
        limit=answering.MAX_TEXT,
        **await _beside(visit),
    )


async def _beside(visit: Visit) -> dict[str, Any]:
    async with visit.desk.core.database.read() as connection:
        names = {each.id: each.name or each.email for each in await account_store.every(connection)}
        accepted, billed, _ = await channel_store.counted(connection, "whatsapp", visit.now)
    return {
        "names": names,
        "windows": WINDOWS,
        "deliveries": DELIVERIES,
        "channels": CHANNELS,
        "accepted": accepted,
        "billed": billed,
        "days": visit.desk.core.operator.request_days,
        "has_team": visit.desk.core.operator.casework_team,
    }


async def _done(visit: Visit, work: Callable[[Opened], Awaitable[str]], *, then: str = "") -> Response:
    request = await _one(visit)
    try:
        action = await work(request)
    except CannotAnswer as told:
        return await _page(visit, await _one(visit), problem=str(told), status=409)
    await _note(visit, action, request)
    return visit.to(then or f"/solicitudes/{request.id}", ok=action)


def _told(visit: Visit, request: Opened, outcome: Outcome) -> Response:
    """What became of it, said on a page that may be loaded again. Sealed: nobody else puts words there."""
    sealed = visit.desk.core.keys.seal_text(outcome.sentence)
    return visit.to(f"/solicitudes/{request.id}", dicho=sealed)


def _sentence(visit: Visit) -> str:
    try:
        return visit.desk.core.keys.open_text(visit.asked("dicho")) if visit.asked("dicho") else ""
    except Unreadable:
        return ""


async def _note(visit: Visit, action: str, request: Opened) -> None:
    """Who did what; never a word of it."""
    async with visit.desk.core.database.write() as connection:
        await visit.note(connection, action, target=request.id)
