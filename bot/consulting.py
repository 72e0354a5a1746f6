"""What a turn keeps of a consultation: choices as counters, words scrubbed and held, that it was offered."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core import Core
from bot.state import Effect, Turn
from data import consultation_store, months, people_store
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
