"""One engine for two databases: SQLite in WAL mode for one machine, PostgreSQL for several."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, func, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

MIGRATIONS = Path(__file__).parent / "migrations"
CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 15.0
BUSY_MILLISECONDS = 5000
_ALONE = 0x6661726F
"""The advisory lock of whoever migrates or seeds: «faro» in ASCII."""

_IN_THE_WAY = ("40001", "40P01")
"""SQLSTATE of a transaction that another one was in the way of."""


class DatabaseAway(OSError):
    """The database can't be reached, or was cut off: what was being written may or may not be kept."""


class Database:
    """Connections to one database. `write` is one transaction; `read` sees one moment."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        # SQLite has one writer at a time: waiting here is fair, waiting in the driver is not.
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end, or rolled back on an error."""
        with _told_apart():
            async with self._writer if self.is_sqlite else nullcontext(), self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading only."""
        with _told_apart():
            async with self._engine.connect() as connection:
                await connection.execution_options(faro_begin="BEGIN")
                yield connection

    async def settle(self) -> None:
        """Fold SQLite's log into its file, so that what was wiped is wiped there too. Blocks nobody."""
        if not self.is_sqlite:
            return
        with _told_apart():
            async with self._writer, self._engine.connect() as connection:
                await connection.execution_options(faro_begin="")
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def open_database(url: str) -> Database:
    """The database at a SQLAlchemy URL; asyncpg is taken for a bare `postgresql://`."""
    url = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    options = {} if url.startswith("sqlite") else _server_options(url)
    # An error must not quote what was being stored.
    engine = create_async_engine(url, hide_parameters=True, **options)
    if engine.dialect.name == "sqlite":
        _make_sqlite_durable(engine)
    return Database(engine)


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema to a revision. Safe to run at every start."""
    async with database.write() as connection:
        await alone(connection)
        await connection.run_sync(_upgrade, revision)


async def alone(connection: AsyncConnection) -> None:
    """Let one process at a time go on, until its transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "sqlite":
        return
    attempt = select(func.pg_try_advisory_xact_lock(_ALONE))
    while not await connection.scalar(attempt):  # noqa: ASYNC110 - another process wakes nobody here
        await asyncio.sleep(0.1)


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@contextmanager
def _told_apart() -> Iterator[None]:
    """An outage is not a wrong statement: it passes, and what failed is worth another try."""
    try:
        yield
    except DBAPIError as error:
        if _passes(error):
            raise DatabaseAway(f"the database does not answer ({type(error.orig).__name__})") from None
        raise
    except DatabaseAway:
        raise
    except (asyncpg.PostgresError, asyncpg.InterfaceError, PoolTimeout, OSError) as error:  # connecting
        raise DatabaseAway(f"the database can't be reached ({type(error).__name__})") from None


def _passes(error: DBAPIError) -> bool:
    cut_off = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return cut_off or getattr(error.orig, "sqlstate", "") in _IN_THE_WAY


def _server_options(url: str) -> dict[str, Any]:
    """A server that hangs must not hang Faro: a webhook is told 503 while the platform still listens."""
    options: dict[str, Any] = {"pool_size": 10, "pool_pre_ping": True, "pool_timeout": COMMAND_SECONDS}
    if "+asyncpg" in url:
        options["connect_args"] = {"timeout": CONNECT_SECONDS, "command_timeout": COMMAND_SECONDS}
    return options


def _make_sqlite_durable(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN, below, not the driver's
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",  # first: two processes may open a new file at once
            "journal_mode=WAL",
            "synchronous=FULL",  # a stored message survives a power cut
            "foreign_keys=ON",
            "secure_delete=ON",  # a wiped text is overwritten, not only unlinked
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        statement = connection.get_execution_options().get("faro_begin", "BEGIN IMMEDIATE")
        if statement:
            connection.exec_driver_sql(statement)
