"""What a turn keeps of a consultation: choices as counters, words scrubbed and held, that it was offered."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core import Core
from bot.state import Effect, Turn
from data import consultation_store, months, people_store, report_queries
from data.consultations import Opinion, Standing
from data.database import Database
from data.keys import Keys, Unreadable
from services.reports import observed, queries
from services.reports.observed import Observations, Said
from services.scrubbing import scrubbed


async def keep(core: Core, connection: AsyncConnection, person_id: str, turn: Turn, *, now: datetime) -> None:
    """In the turn's transaction. Nothing of it points to the person."""
    if turn.state.offered and turn.effect is not Effect.ERASE:
        await people_store.mark_offered(connection, person_id, turn.state.offered)
    answer = turn.opinion
    if answer is None:
        return
    if answer.choice is not None:
        key = (answer.consultation, answer.question, answer.choice, answer.state)
        await consultation_store.add_choice(connection, key)
    elif words := scrubbed(answer.words, core.gazetteer).strip():
        await consultation_store.hold(
            connection,
            core.keys.seal(words),
            consultation_id=answer.consultation,
            question=answer.question,
            state=answer.state,
            suggested=answer.suggested,
            month=months.of(now),
        )


async def observations(database: Database, keys: Keys) -> Observations:
    """Everything that was asked and answered; what can't be opened any more is left out."""
    async with database.moment() as connection:
        consultations = await consultation_store.every(connection)
        released = await consultation_store.opinions(connection, Standing.RELEASED)
        held = await consultation_store.opinions(connection, Standing.HELD)
        asked = {observed.CHOICES: report_queries.choices(), observed.THEMES: report_queries.themes()}
        rows = {key: [tuple(row) for row in await connection.execute(each)] for key, each in asked.items()}
        listed = [queries.of(key, [each], connection.dialect) for key, each in asked.items()]
    return Observations(
        consultations=consultations,
        said=tuple(said for opinion in released if (said := _opened(keys, opinion))),
        waiting=frozenset((opinion.consultation, opinion.month) for opinion in held),
        choices={(each, question, choice): n for each, question, choice, n in rows[observed.CHOICES]},
        themes={
            (each, question, month, theme): n for each, question, month, theme, n in rows[observed.THEMES]
        },
        queries=tuple(listed),
    )


def _opened(keys: Keys, opinion: Opinion) -> Said | None:
    with suppress(Unreadable):
        return Said(
            consultation=opinion.consultation,
            question=opinion.question,
            month=opinion.month,
            theme=opinion.theme,
            words=keys.open(opinion.sealed),
            quotable=opinion.quotable,
        )
    return None
