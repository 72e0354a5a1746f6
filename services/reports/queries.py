"""Where each figure comes from: the queries of a report, and how each table is counted from their rows."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Dialect

from data import report_queries
from data.report_queries import Statement
from services.reports.document import Column, Query, Section, Table, Text
from services.reports.words import queries as say

DIRECTORY, TOWNS, FACTS, ROUTE = "directorio", "municipios", "hechos-por-estado", "ruta"


def of(key: str, statements: Sequence[Statement], dialect: Dialect, *, name: str = "") -> Query:
    """A query of the database. `name` tells whose words say what it gives, when not the key's own."""
    sql = tuple(report_queries.written(statement, dialect) for statement in statements)
    return Query(key, say.TITLES[name or key], sql)


def files(*keys: str) -> tuple[Query, ...]:
    """The files that Faro comes with and figures are taken from."""
    return tuple(Query(key, say.TITLES[key], file=say.FILES[key]) for key in keys)


def appendix(tables: Iterable[Table], queries: Sequence[Query]) -> Section:
    """How each table is counted, and the queries to repeat it with."""
    counted = Table(
        "tablas",
        say.TABLES_TABLE,
        (
            Column(say.COL_TABLE, "#meta+table"),
            Column(say.COL_QUERIES, "#meta+query"),
            Column(say.COL_HOW, "#meta+method"),
        ),
        tuple((table.title, ", ".join(table.queries), _how(table.key)) for table in tables),
    )
    listed = Table(
        "consultas",
        say.QUERIES_TABLE,
        (
            Column(say.COL_QUERY, "#meta+query"),
            Column(say.COL_GIVES, "#description"),
            Column(say.COL_SQL, "#meta+sql", is_code=True),
        ),
        tuple((query.key, query.title, query.file or _run(query)) for query in queries),
    )
    return Section("consultas", say.APPENDIX_TITLE, (Text(say.APPENDIX_TEXT), counted, listed))


def script(queries: Sequence[Query]) -> str:
    """Every query of the database as one SQL file."""
    parts = [f"-- {query.key}: {query.title}\n{_run(query)}" for query in queries if query.sql]
    return "\n\n".join((f"-- {say.SCRIPT}", *parts)) + "\n"


def named(table: Table) -> str:
    """«Consulta: pedido-por-mes.»; empty for a table that tells of queries itself."""
    if not table.queries:
        return ""
    words = say.NAMED if len(table.queries) > 1 else say.NAMED_ONE
    return words.format(keys=", ".join(table.queries))


def _run(query: Query) -> str:
    return "\n\n".join(f"{sql};" for sql in query.sql)


def _how(key: str) -> str:
    """By the table's key, or by what it begins with: some carry a state, a consultation or a month."""
    return say.HOW.get(key) or next(how for start, how in say.HOW.items() if key.startswith(f"{start}_"))
