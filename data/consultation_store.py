"""Consultations and what people answered: words held until read, choices only as counters."""

import json
import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data import directory_store
from data.consultations import Consultation, Opinion, Question, Standing
from data.tables import consultation, opinion, opinion_choice

_OPINION = tuple(Opinion.__slots__)


async def every(connection: AsyncConnection) -> tuple[Consultation, ...]:
    """All consultations, the newest first."""
    found = select(consultation).order_by(consultation.c.opens_on.desc(), consultation.c.id)
    return tuple(_consultation(row) for row in (await connection.execute(found)).mappings())


async def open_one(connection: AsyncConnection, made: Consultation, *, now: datetime) -> None:
    """Keep a new consultation; every process hears of it with its next turn."""
    questions = [{"text": q.text, "options": list(q.options)} for q in made.questions]
    await connection.execute(
        insert(consultation).values(
            id=made.id,
            title=made.title,
            questions=json.dumps(questions, ensure_ascii=False),
            states=" ".join(made.states),
            opens_on=made.opens_on,
            closes_on=made.closes_on,
            answers_for=made.answers_for,
            closed=made.closed,
        )
    )
    await directory_store.raise_version(connection, now=now)


async def close(connection: AsyncConnection, consultation_id: str, *, now: datetime) -> None:
    """Ask nobody more. What was answered stays."""
    closing = update(consultation).where(consultation.c.id == consultation_id).values(closed=True)
    await connection.execute(closing)
    await directory_store.raise_version(connection, now=now)


async def add_choice(connection: AsyncConnection, key: tuple[str, int, int, str]) -> None:
    """Count a choice: (consultation, question, choice, state)."""
    names = ("consultation", "question", "choice", "state")
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    made = dialect.insert(opinion_choice).values(**dict(zip(names, key, strict=True)), count=1)
    raised = {"count": opinion_choice.c.count + 1}
    await connection.execute(made.on_conflict_do_update(index_elements=list(names), set_=raised))


async def hold(
    connection: AsyncConnection,
    sealed: bytes,
    *,
    consultation_id: str,
    question: int,
    state: str,
    suggested: str,
    month: str,
) -> None:
    """Keep words until somebody has read them. The id is drawn, so that no order links two answers."""
    await connection.execute(
        insert(opinion).values(
            id=secrets.token_hex(12),
            consultation=consultation_id,
            question=question,
            state=state,
            sealed=sealed,
            suggested=suggested,
            theme="",
            standing=Standing.HELD.value,
            quotable=False,
            month=month,
        )
    )


async def opinions(
    connection: AsyncConnection, standing: Standing, *, limit: int = 5000
) -> tuple[Opinion, ...]:
    """Opinions that stand so, in an order that tells nothing (their drawn ids)."""
    columns = [opinion.c[name] for name in _OPINION]
    found = select(*columns).where(opinion.c.standing == standing.value).order_by(opinion.c.id).limit(limit)
    return tuple(_opinion(row) for row in (await connection.execute(found)).mappings())


async def state_of(connection: AsyncConnection, opinion_id: str) -> str | None:
    """The state of an opinion, «00» when it was not said; None when it is gone."""
    found = select(opinion.c.state).where(opinion.c.id == opinion_id)
    state: str | None = await connection.scalar(found)
    return state


async def release(
    connection: AsyncConnection, opinion_id: str, *, sealed: bytes, theme: str, quotable: bool
) -> bool:
    """Count it under a theme, and quote it if it may be. False when somebody was faster."""
    held = (opinion.c.id == opinion_id) & (opinion.c.standing == Standing.HELD.value)
    values = {"sealed": sealed, "theme": theme, "quotable": quotable, "standing": Standing.RELEASED.value}
    return bool((await connection.execute(update(opinion).where(held).values(**values))).rowcount)


async def drop(connection: AsyncConnection, opinion_id: str) -> bool:
    """Erase an opinion that must not stay."""
    return bool((await connection.execute(delete(opinion).where(opinion.c.id == opinion_id))).rowcount)


def new_id() -> str:
    """An id for a consultation: short enough for a button."""
    return secrets.token_hex(4)


def _consultation(row: Any) -> Consultation:
    opens_on: date = row["opens_on"]
    return Consultation(
        id=row["id"],
        title=row["title"],
        questions=tuple(Question(q["text"], tuple(q["options"])) for q in json.loads(row["questions"])),
        states=tuple(row["states"].split()),
        opens_on=opens_on,
        closes_on=row["closes_on"],
        answers_for=row["answers_for"],
        closed=row["closed"],
    )


def _opinion(row: Any) -> Opinion:
    return Opinion(**{**row, "standing": Standing(row["standing"])})
