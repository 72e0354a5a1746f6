"""What reports ask the database: the statements themselves, so that a report can print what it ran."""

from typing import Any

from sqlalchemy import Dialect, Select, func, select

from data.consultations import Standing
from data.counts import Outcome
from data.tables import opinion, opinion_choice, published_cell, published_month

Statement = Select[Any]

_c = published_cell.c


def months(first: str, last: str) -> Statement:
    """(month) of the published months of a period, in order."""
    month = published_month.c.month
    return select(month).where(month.between(first, last)).order_by(month)


def asked_by_month(first: str, last: str, state: str) -> Statement:
    """(month, need, outcome, count) over the nation, or a state by its two-digit key."""
    columns = (_c.month, _c.need, _c.name)
    found = select(*columns, func.sum(_c.count).label("count")).where(
        _c.month.between(first, last), _c.kind == "outcome", _of_state(state)
    )
    return found.group_by(*columns).order_by(*columns)


def asked_by_area(first: str, last: str, state: str) -> Statement:
    """(area, outcome, count) of what was answered: by state for the nation, by municipality for a state."""
    where = (
        _of_state("") if not state else (func.length(_c.area) == 5) & (func.substr(_c.area, 1, 2) == state)
    )
    answered = _c.name.in_((Outcome.SHOWN.value, Outcome.NONE.value))
    columns = (_c.area, _c.name)
    found = select(*columns, func.sum(_c.count).label("count")).where(
        _c.month.between(first, last), _c.kind == "outcome", answered, where
    )
    return found.group_by(*columns).order_by(*columns)


def asked_by_who(first: str, last: str, state: str) -> Statement:
    """(need, who, count) of the questions in which it was said for whom."""
    columns = (_c.need, _c.name)
    found = select(*columns, func.sum(_c.count).label("count")).where(
        _c.month.between(first, last), _c.kind != "outcome", _of_state(state)
    )
    return found.group_by(*columns).order_by(*columns)


def themes() -> Statement:
    """(consultation, question, month, theme, count) of the answers in words that somebody has read."""
    c = opinion.c
    columns = (c.consultation, c.question, c.month, c.theme)
    found = select(*columns, func.count().label("count")).where(c.standing == Standing.RELEASED.value)
    return found.group_by(*columns).order_by(*columns)


def choices() -> Statement:
    """(consultation, question, choice, count) over all states."""
    c = opinion_choice.c
    columns = (c.consultation, c.question, c.choice)
    return select(*columns, func.sum(c.count).label("count")).group_by(*columns).order_by(*columns)


def written(statement: Statement, dialect: Dialect) -> str:
    """The statement as SQL with its values in it, as this database takes it."""
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _of_state(state: str) -> Any:
    return _c.area == state if state else func.length(_c.area) == 2
