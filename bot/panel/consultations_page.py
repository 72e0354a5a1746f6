"""Consultations: opened and closed by a coordinator, who also reads every answer before it counts.

An account that is limited to states has to do with those alone.
"""

from dataclasses import dataclass
from datetime import date

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.panel.guard import Page
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit
from data import consultation_store, months
from data.account_store import Account
from data.consultations import MAX_OPTIONS, MAX_QUESTIONS, Consultation, Question, Standing
from data.keys import Unreadable
from data.needs import Need
from services.exchange.words import NEEDS
from services.reports.words.knowledge import THEMES

AT_ONCE = 20
MAX_TITLE, MAX_TEXT, MAX_LABEL, MAX_WORDS = 120, 300, 20, 1500


@dataclass(frozen=True, slots=True)
class Held:
    """An answer to read. `words` is empty when it was sealed with a key that is gone."""

    id: str
    asked: str
    state: str
    words: str
    suggested: str


async def show(visit: Visit) -> Response:
    """Every consultation, and the answers that wait for somebody to read them."""
    return await _page(visit, status=200, errors={})


async def open_one(visit: Visit) -> Response:
    """A new consultation; with errors the form comes back as it was."""
    made, errors = _typed(visit)
    if made is None:
        return await _page(visit, status=422, errors=errors)
    async with visit.desk.core.database.write() as connection:
        await consultation_store.open_one(connection, made, now=visit.now)
        await visit.note(connection, "consultation_opened", target=made.title)
    return visit.to("/consultas", ok="consultation_opened")


async def close(visit: Visit) -> Response:
    """Nobody is asked any more."""
    async with visit.desk.core.database.write() as connection:
        known = {each.id: each for each in await consultation_store.every(connection)}
        found = known.get(visit.id())
        if found is None or not _may_run(visit.account, found):
            raise web.HTTPNotFound
        await consultation_store.close(connection, visit.id(), now=visit.now)
        await visit.note(connection, "consultation_closed", target=found.title)
    return visit.to("/consultas", ok="consultation_closed")


async def read(visit: Visit) -> Response:
    """One answer, read: released under a theme as corrected, or erased."""
    database, opinion_id = visit.desk.core.database, visit.id()
    if visit.text("what") == "drop":
        async with database.write() as connection:
            await _check_mine(visit, connection, opinion_id)
            done = await consultation_store.drop(connection, opinion_id)
            await visit.note(connection, "opinion_dropped")
        return visit.to("/consultas", ok="opinion_dropped" if done else "opinion_gone")
    words, theme = visit.text("words")[:MAX_WORDS], visit.text("theme")
    if not words or theme not in {*Need, *THEMES}:
        error = "Escriba la respuesta y elija un tema, o bórrela."
        return await _page(visit, status=422, errors={opinion_id: error})
    async with database.write() as connection:
        await _check_mine(visit, connection, opinion_id)
        done = await consultation_store.release(
            connection,
            opinion_id,
            sealed=visit.desk.core.keys.seal(words),
            theme=theme,
            quotable=visit.text("quotable") == "yes",
        )
        if done:
            await visit.note(connection, "opinion_released")
    return visit.to("/consultas", ok="opinion_released" if done else "opinion_gone")


async def _page(visit: Visit, *, status: int, errors: dict[str, str]) -> Response:
    core = visit.desk.core
    async with core.database.read() as connection:
        consultations = await consultation_store.every(connection)
        waiting = await consultation_store.opinions(connection, Standing.HELD)
    by_id = {each.id: each for each in consultations}
    places = core.gazetteer.areas
    held = []
    for opinion in [each for each in waiting if _is_within(visit.account, each.state)][:AT_ONCE]:
        try:
            words = core.keys.open(opinion.sealed)
        except Unreadable:
            words = ""
        asked_in = by_id.get(opinion.consultation)
        asked = asked_in.questions[opinion.question].text if asked_in else ""
        state = places[opinion.state].place.state if opinion.state in places else ""
        held.append(Held(opinion.id, asked, state, words, opinion.suggested))
    themes = [("", "Elija un tema"), *NEEDS.items(), *THEMES.items()]
    states = [(key, area.place.state) for key, area in sorted(places.items()) if len(key) == 2]
    if visit.account.states:
        states = [each for each in states if each[0] in visit.account.states]
    return visit.page(
        "consultations.html",
        status=status,
        consultations=consultations,
        mine={each.id for each in consultations if _may_run(visit.account, each)},
        held=held,
        themes=themes,
        states=states,
        errors=errors,
        form=visit.form,
        today=visit.now.astimezone(months.ZONE).date(),
        numbers=range(1, MAX_QUESTIONS + 1),
    )


def _may_run(account: Account, consultation: Consultation) -> bool:
    """Whether somebody may close it: one that asks the nation is no single state's."""
    asked = set(consultation.states)
    return not account.states or (bool(asked) and asked <= set(account.states))


def _is_within(account: Account, state: str) -> bool:
    return not account.states or state in account.states


async def _check_mine(visit: Visit, connection: AsyncConnection, opinion_id: str) -> None:
    """An answer of another state is none of this account's business; one that is gone is told later."""
    state = await consultation_store.state_of(connection, opinion_id)
    if state is not None and not _is_within(visit.account, state):
        raise web.HTTPNotFound


def _typed(visit: Visit) -> tuple[Consultation | None, dict[str, str]]:
    """The consultation that the form describes, or what is wrong with it, by field."""
    errors: dict[str, str] = {}
    title, who = visit.text("title"), visit.text("answers_for")
    if not 3 <= len(title) <= MAX_TITLE:
        errors["title"] = f"Escriba de qué trata, en 3 a {MAX_TITLE} letras."
    if not 3 <= len(who) <= MAX_TITLE:
        errors["answers_for"] = "Escriba quién responde por la consulta."
    opens, closes = _day(visit.text("opens_on")), _day(visit.text("closes_on"))
    if opens is None or closes is None or closes < opens:
        errors["closes_on"] = "Elija los dos días; el último no puede ser antes del primero."
    questions = tuple(_questions(visit, errors))
    if not questions and "question_1" not in errors:
        errors["question_1"] = "Escriba al menos una pregunta."
    known = {key for key in visit.desk.core.gazetteer.areas if len(key) == 2}
    states = tuple(
        dict.fromkeys(s for s in visit.form.getall("states", []) if isinstance(s, str) and s in known)
    )
    if visit.account.states and not (states and set(states) <= set(visit.account.states)):
        errors["states"] = "Su cuenta es solo de algunos estados: elija de esos."
    if errors or opens is None or closes is None:
        return None, errors
    made = Consultation(consultation_store.new_id(), title, questions, states, opens, closes, who)
    return made, errors


def _questions(visit: Visit, errors: dict[str, str]) -> list[Question]:
    found = []
    for number in range(1, MAX_QUESTIONS + 1):
        text = visit.text(f"question_{number}")
        options = tuple(o.strip() for o in visit.text(f"options_{number}").splitlines() if o.strip())
        if not text and not options:
            continue
        fine = text and len(text) <= MAX_TEXT and len(options) in (0, 2, MAX_OPTIONS)
        if (
            not fine
            or any(len(option) > MAX_LABEL for option in options)
            or len(set(options)) != len(options)
        ):
            errors[f"question_{number}"] = (
                f"Una pregunta de hasta {MAX_TEXT} letras; sin opciones, o con 2 o {MAX_OPTIONS} distintas,"
                f" una por renglón, de hasta {MAX_LABEL} letras."
            )
            continue
        found.append(Question(text, options))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


PAGES = (
    Page("GET", "/consultas", Permission.APPROVE, show),
    Page("POST", "/consultas", Permission.APPROVE, open_one),
    Page("POST", "/consultas/{id}/cerrar", Permission.APPROVE, close),
    Page("POST", "/consultas/respuestas/{id}", Permission.APPROVE, read),
)
