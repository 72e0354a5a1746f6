"""What people could not find: needs by place, as published, and phrases that were not understood."""

from collections import Counter

from aiohttp import web
from rapidfuzz import fuzz

from bot.chat.reading import STEERS
from bot.missed import MAX_TEXT
from bot.panel import publishing
from bot.panel.guard import Page
from bot.panel.rendering import ZONE
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit
from data import counts_store, phrase_store
from data.counts import NO_PLACE, Outcome
from data.keys import Unreadable
from data.needs import Need
from services.exchange.words import NEEDS
from services.scrubbing import scrubbed
from services.spelling import fold

MOST = 200
TOO_LIKE = 85
"""From this likeness on (0 to 100) a phrase is the person's, not the caseworker's own."""
LABELS = {**NEEDS, **{code.value: words for code, words in STEERS.items()}}


async def show(visit: Visit) -> Response:
    """Both lists."""
    return await _page(visit)


async def write(visit: Visit) -> Response:
    """A caseworker's own words beside a phrase. The phrase itself goes."""
    text, label = " ".join(visit.text("text").split()), visit.text("label")
    phrases = await _phrases(visit)
    beside = phrases.get(visit.text("beside"), "")
    if problem := _problem(visit, text, label, beside):
        return await _page(visit, problem=problem, typed=text, label=label, status=422)
    today = visit.now.astimezone(ZONE).date()
    async with visit.desk.core.database.write() as connection:
        await phrase_store.write(connection, text, label, by=publishing.author(visit), on=today)
        await phrase_store.remove(connection, visit.text("beside"))
        await visit.note(connection, "phrase_written", target=label)
    return visit.to("/sin-encontrar", ok="phrase_written")


async def remove(visit: Visit) -> Response:
    """A phrase that teaches nothing, or a caseworker's that was wrong."""
    kind = visit.text("kind")
    if kind not in ("missed", "own"):
        raise web.HTTPBadRequest
    async with visit.desk.core.database.write() as connection:
        drop = phrase_store.remove if kind == "missed" else phrase_store.unwrite
        await drop(connection, visit.text("phrase"))
    return visit.to("/sin-encontrar", ok="phrase_removed")


PAGES = (
    Page("GET", "/sin-encontrar", Permission.INSIGHT, show),
    Page("POST", "/sin-encontrar/escribir", Permission.INSIGHT, write),
    Page("POST", "/sin-encontrar/quitar", Permission.INSIGHT, remove),
)


def _problem(visit: Visit, text: str, label: str, beside: str) -> str:
    if label not in LABELS:
        return "Elija qué quiere decir la frase."
    if not 3 <= len(text) <= MAX_TEXT or not text.isprintable():
        return f"Escriba una frase de 3 a {MAX_TEXT} letras."
    if scrubbed(text, visit.desk.core.gazetteer) != text:
        return "Quite nombres, números, lugares y grupos: la frase enseña cómo se pide, no quién."
    if beside and fuzz.token_sort_ratio(fold(text), fold(beside)) >= TOO_LIKE:
        return "Se parece demasiado a la original. Escríbala con sus propias palabras."
    return ""


async def _page(
    visit: Visit, *, problem: str = "", typed: str = "", label: str = "", status: int = 200
) -> Response:
    async with visit.desk.core.database.read() as connection:
        months = list(await counts_store.published_months(connection))
        cells = await counts_store.published(connection, months[0], months[-1]) if months else ()
        own = await phrase_store.written(connection)
    unmet: Counter[tuple[str, str]] = Counter()
    for cell in cells:
        if cell.kind == "outcome" and cell.name == Outcome.NONE and cell.need and _is_mine(visit, cell.area):
            unmet[(cell.area, cell.need)] += cell.count
    return visit.page(
        "insight.html",
        status=status,
        months=months,
        unmet=[(_place(visit, area), NEEDS[Need(need)], n) for (area, need), n in unmet.most_common(MOST)],
        phrases=await _phrases(visit),
        own=own,
        labels=LABELS,
        keeps=visit.desk.core.operator.keeps_phrases,
        problem=problem,
        typed=typed,
        label=label,
        beside=visit.text("beside"),
    )


async def _phrases(visit: Visit) -> dict[str, str]:
    """Phrases by id; what was sealed with a key that is gone is left out."""
    async with visit.desk.core.database.read() as connection:
        found = await phrase_store.missed(connection)
    opened = {}
    for each in found:
        try:
            opened[each.id] = visit.desk.core.keys.open(each.payload)
        except Unreadable:
            continue
    return opened


def _is_mine(visit: Visit, area: str) -> bool:
    return not visit.account.states or area[:2] in visit.account.states


def _place(visit: Visit, area: str) -> str:
    return "no dijo dónde" if area == NO_PLACE else visit.desk.areas.coverage_name(area)
