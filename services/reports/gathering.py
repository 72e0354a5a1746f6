"""Reports from what the database holds: the same for the command and for the panel."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Dialect

from data import directory_store, months
from data.database import Database
from services.directory import Directory
from services.reports import comparison, facts, figures, knowledge, observed, queries, unmet
from services.reports.document import Document, Query
from services.reports.matter import Matter
from services.reports.observed import Observations
from services.reports.pair import Pair


async def told(
    database: Database,
    directory: Directory,
    wanted: Sequence[str],
    *,
    state: str,
    found: Observations,
    threshold: int,
    today: date,
) -> Document:
    """The knowledge report of whole months (of a state's key, or NATION) from what was published of them."""
    async with database.moment() as connection:
        asked = await figures.load(connection, wanted[0], wanted[-1], state=state)
        listed = directory_query(connection.dialect)
    matter = Matter(
        figures=asked,
        wanted=tuple(wanted),
        directory=directory,
        observed=observed.section(found, wanted=wanted, state=state, threshold=threshold, today=today),
        threshold=threshold,
        today=today,
        queries=(*asked.queries, *found.queries, listed),
    )
    return await asyncio.to_thread(knowledge.report, matter)


async def compared(
    database: Database, directory: Directory, states: tuple[str, str], *, now: datetime, today: date
) -> Document:
    """Two states by key, with the newest published year of questions. Raises ReportError."""
    last = months.before(months.of(now))
    first = months.before(last, by=unmet.MONTHS - 1)
    async with database.moment() as connection:
        asked = [await figures.load(connection, first, last, state=state) for state in states]
        listed = directory_query(connection.dialect)
    counts = {query.key: query for each in asked for query in each.queries if query.key in unmet.needed(each)}
    pair = Pair(*states, directory, facts.load(), today, queries=(*counts.values(), listed))
    named = tuple((pair.name(each.state), each) for each in asked)
    return await asyncio.to_thread(comparison.compare, pair, unmet=unmet.section(named))


def directory_query(dialect: Dialect) -> Query:
    """What the directory is read with."""
    return queries.of(queries.DIRECTORY, directory_store.statements(), dialect)
