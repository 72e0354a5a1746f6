"""A migration under a running Faro: what the version before it writes and reads goes on working, up and down.

Each step of the chain since FIRST is taken as an upgrade that rolls: rows are written with the tables of the
version before, the schema goes up, and the same statements (every column that version names, and no other)
must still insert, update, read and delete. Then it goes down again.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from data.database import Database, known_revisions, migrate, migrate_down, open_database

FIRST = "0002"
"""No earlier schema was ever installed anywhere."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
Row = dict[str, Any]
Rows = dict[str, Row]


async def on(database: Database, step: Callable[[Connection], Any]) -> Any:
    async with database.write() as connection:
        return await connection.run_sync(step)


def schema(connection: Connection) -> MetaData:
    """The tables as the database has them: what a version of Faro that needs them knows."""
    found = MetaData()
    found.reflect(connection)
    return found


def faro(known: MetaData) -> list[Table]:
    """Faro's own tables, each after those it refers to."""
    return [table for table in known.sorted_tables if table.name != "alembic_version"]


def write(known: MetaData, number: int) -> Callable[[Connection], Rows]:
    """One row in every table, with a value for each column."""

    def step(connection: Connection) -> Rows:
        rows: Rows = {}
        for table in faro(known):
            rows[table.name] = {column.name: value(column, number, rows) for column in table.columns}
            connection.execute(insert(table).values(rows[table.name]))
        return rows

    return step


def value(column: Column[Any], number: int, rows: Rows) -> object:
    """One that is the number's own, or that of the row referred to."""
    for key in column.foreign_keys:
        if key.column.table.name in rows:
            return rows[key.column.table.name][key.column.name]
    moment = datetime(2026, 11, number, 12, tzinfo=UTC)
    made: dict[type, object] = {
        Boolean: False,
        DateTime: moment if getattr(column.type, "timezone", False) else moment.replace(tzinfo=None),
        Date: date(2026, 11, number),
        Float: float(number),
        Integer: number,
        LargeBinary: b"sealed",
        String: LETTERS[number],
    }
    return next(made[kind] for kind in made if isinstance(column.type, kind))


def read(known: MetaData, rows: Rows) -> Callable[[Connection], Rows]:
    """The same rows as they are now, by every column that the version knows."""

    def step(connection: Connection) -> Rows:
        found = {}
        for table in faro(known):
            if table.name in rows:
                query = select(table).where(*_this(table, rows[table.name]))
                found[table.name] = dict(connection.execute(query).mappings().one())
        return found

    return step


def change_and_remove(known: MetaData, rows: Rows) -> Callable[[Connection], None]:
    """Write every column again, then delete the rows."""

    def step(connection: Connection) -> None:
        for table in faro(known):
            row = rows[table.name]
            connection.execute(update(table).where(*_this(table, row)).values(row))
        for table in reversed(faro(known)):
            connection.execute(delete(table).where(*_this(table, rows[table.name])))

    return step


def _this(table: Table, row: Row) -> Iterator[Any]:
    return (column == row[column.name] for column in table.primary_key.columns)


def narrowed(old: MetaData, new: MetaData) -> list[str]:
    """What a version that knows only `old` can't do any more with `new`, one sentence each."""
    gone = [name for name in old.tables if name not in new.tables]
    kept = [(old.tables[name], new.tables[name]) for name in old.tables if name in new.tables]
    return [
        *(f"The table {name} is gone or renamed." for name in gone),
        *(sentence for before, after in kept for sentence in _narrowed(before, after)),
    ]


def _narrowed(before: Table, after: Table) -> Iterator[str]:
    for column in before.columns:
        now = after.columns.get(column.name)
        name = f"{before.name}.{column.name}"
        if now is None:
            yield f"The column {name} is gone or renamed."
        elif not now.nullable and column.nullable:
            yield f"The column {name} takes no NULL any more."
        elif _length(now) < _length(column):
            yield f"The column {name} is shorter."
    for column in after.columns:
        if column.name not in before.columns and not column.nullable and column.server_default is None:
            yield f"The new column {before.name}.{column.name} needs a server default, or to take NULL."
    for columns in _unique(after) - _unique(before):
        yield f"{before.name} must be unique by {', '.join(sorted(columns))} now."


def _length(column: Column[Any]) -> float:
    return getattr(column.type, "length", None) or float("inf")


def _unique(table: Table) -> set[frozenset[str]]:
    constraints = [c.columns for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [index.columns for index in table.indexes if index.unique]
    return {frozenset(column.name for column in columns) for columns in (*constraints, *indexes)}


def shape(known: MetaData) -> dict[str, set[tuple[str, str, bool]]]:
    return {
        table.name: {(column.name, str(column.type), bool(column.nullable)) for column in table.columns}
        for table in known.sorted_tables
    }


async def test_the_version_before_each_migration_goes_on_working_on_the_new_schema(empty_url: str) -> None:
    database = open_database(empty_url)
    await migrate(database, FIRST)
    chain = known_revisions()
    versions, known = [], await on(database, schema)
    for number, (before, after) in enumerate(pairwise(chain[chain.index(FIRST) :]), start=2):
        wrote = await on(database, write(known, number))
        rows = await on(database, read(known, wrote))
        versions.append((before, known, rows))

        await migrate(database, after)

        new = await on(database, schema)
        assert narrowed(known, new) == [], after
        assert await on(database, read(known, wrote)) == rows, after
        more = await on(database, write(known, number + 12))
        await on(database, change_and_remove(known, more))
        known = new

    for before, known, rows in reversed(versions):
        await migrate_down(database, before)

        assert shape(await on(database, schema)) == shape(known)
        assert await on(database, read(known, rows)) == rows
    await database.close()


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (Table("other", MetaData(), Column("id", Integer, primary_key=True)), "gone or renamed"),
        (Table("t", MetaData(), Column("id", Integer, primary_key=True)), "t.name is gone"),
        (
            Table(
                "t",
                MetaData(),
                Column("id", Integer, primary_key=True),
                Column("name", String(9), nullable=False),
            ),
            "takes no NULL",
        ),
        (
            Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(3))),
            "is shorter",
        ),
        (
            Table(
                "t",
                MetaData(),
                Column("id", Integer, primary_key=True),
                Column("name", String(9)),
                Column("more", Integer, nullable=False),
            ),
            "needs a server default",
        ),
        (
            Table(
                "t",
                MetaData(),
                Column("id", Integer, primary_key=True),
                Column("name", String(9), unique=True),
            ),
            "must be unique by name",
        ),
    ],
    ids=["table gone", "column gone", "not null", "shorter", "no default", "unique"],
)
def test_a_migration_that_breaks_the_running_version_is_told(new: Table, sentence: str) -> None:
    old = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(9)))

    (said,) = narrowed(old.metadata, new.metadata)

    assert sentence in said
