"""One engine for two databases: SQLite in WAL mode for one machine, PostgreSQL for several."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from data.database_url import normal
from data.in_place import InPlace
from data.outages import reason

MIGRATIONS = Path(__file__).parent / "migrations"
CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 15.0
BUSY_MILLISECONDS = 5000
_NO_COMPILER = {"jit": "off"}
"""Compiling a statement costs PostgreSQL 0.1 s, and ours touch a few rows (PostgreSQL, «When to JIT?»)."""
_NO_IMPLIED_BEGIN: dict[str, Any] = {"isolation_level": None}
"""Our own BEGIN, not the driver's."""
_ALL = "BEGIN IMMEDIATE"
"""The right to write is taken at the beginning: whoever reads first may not get it later."""
_ALONE = 0x6661726F
"""The advisory lock of whoever migrates or seeds: «faro» in ASCII."""

_PASSES = ("40001", "40P01", "25006", "53", "57")
"""SQLSTATEs that pass: another transaction in the way, a read-only server (a failover), no disk, memory or
connections left, a server that stops (PostgreSQL, appendix A)."""


class DatabaseAway(OSError):
    """The database can't be reached, or was cut off: what was being written may or may not be kept."""


class WrongSchema(Exception):
    """The database was made by another version of Faro. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """SQLite for the small statements of a turn: what waits for the disk at its end, and what does not."""

    lasting: InPlace
    passing: InPlace


class Database:
    """Connections to one database. Each way in is one transaction; which, depends on what is done in it:

    | way | for | on disk when it ends | on SQLite |
    |---|---|---|---|
    | `write` | many rows or much work: imports, publishing, the panel, migrations | yes | a thread |
    | `store` | a few rows that must be there after a power cut: webhooks, what was sent | yes | in place |
    | `note` | a few rows that are done again when they are gone: leases, tries, turns | soon | in place |
    | `read` | reading much: the directory, lists, pages | – | a thread |
    | `glance` | reading a few rows by their key, while somebody waits: a turn's state | – | in place |
    | `moment` | several reads that must see the same moment: reports, backups | – | a thread |

    *In place*: the statement runs where it is called, which takes a tenth of the time and holds up everything
    else meanwhile; so only what takes microseconds. On PostgreSQL `store` is `write`, and `glance` is `read`.
    """

    def __init__(
        self, engine: AsyncEngine, *, passing: AsyncEngine | None = None, nearby: Nearby | None = None
    ) -> None:
        self._engine = engine
        self._passing = passing or engine
        self._nearby = nearby
        # SQLite has one writer at a time: waiting here is fair, waiting in the driver is not.
        self._writer = asyncio.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file, not a server."""
        return self._engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end, or rolled back on an error."""
        with _told_apart():
            async with self._writer if self.is_sqlite else nullcontext(), self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def store(self) -> AsyncIterator[AsyncConnection]:
        """The same for a few rows, which on SQLite takes less time than handing each to a thread."""
        if self._nearby is None:
            async with self.write() as connection:
                yield connection
            return
        with _told_apart():
            async with self._writer, self._nearby.lasting.transaction(_ALL, on_disk=True) as connection:
                yield connection

    @asynccontextmanager
    async def note(self) -> AsyncIterator[AsyncConnection]:
        """A few rows in a transaction that waits for no disk: a power cut may undo it, a crash may not.

        It lasts once any later `write` or `store` does. So for what is done again when it is gone: leases,
        tries, and a turn, whose message is on disk until its answer is noted as sent.
        """
        with _told_apart():
            if self._nearby:
                async with self._writer, self._nearby.passing.transaction(_ALL) as connection:
                    yield connection
            else:
                async with self._passing.begin() as connection:
                    yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading only."""
        with _told_apart():
            async with self._passing.connect() as connection:
                await connection.execution_options(faro_begin="BEGIN")
                yield connection

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        """For reading a few rows, which on SQLite takes less time than handing it to a thread."""
        with _told_apart():
            if self._nearby:
                async with self._nearby.passing.transaction("BEGIN") as connection:
                    yield connection
            else:
                async with self._passing.connect() as connection:
                    yield connection

    @asynccontextmanager
    async def moment(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading whose every query sees the same moment, however long it takes."""
        with _told_apart():
            async with self._passing.connect() as connection:
                if not self.is_sqlite:
                    await connection.execution_options(isolation_level="REPEATABLE READ")
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
        if self._passing is not self._engine:
            await self._passing.dispose()
        if self._nearby:
            self._nearby.lasting.close()
            self._nearby.passing.close()


def open_database(url: str, *, pool: int = 10) -> Database:
    """The database at a SQLAlchemy URL, with at most `pool` connections to a server at once."""
    url = normal(url)
    return _file(url) if url.startswith("sqlite") else _server(url, pool=pool)


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision. Safe to run at every start.

    Raises WrongSchema when the database is newer than this Faro.
    """
    async with database.write() as connection:
        await alone(connection)
        await connection.run_sync(_check_known)
        await connection.run_sync(lambda opened: command.upgrade(alembic_config(opened), revision))


async def migrate_down(database: Database, revision: str) -> None:
    """Bring the schema down to a revision: what only newer versions keep is lost."""
    async with database.write() as connection:
        await alone(connection)
        await connection.run_sync(_check_known)
        await connection.run_sync(lambda opened: command.downgrade(alembic_config(opened), revision))


async def revisions(database: Database) -> tuple[str | None, str]:
    """The database's revision (None: no tables yet) and the one this Faro needs."""
    async with database.read() as connection:
        return await connection.run_sync(lambda opened: (_revision(opened), newest_revision()))


def newest_revision() -> str:
    """The revision of this Faro's tables."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def known_revisions() -> list[str]:
    """Every revision of this Faro, oldest first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


async def alone(connection: AsyncConnection) -> None:
    """Let one process at a time go on, until its transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "sqlite":
        return
    attempt = select(func.pg_try_advisory_xact_lock(_ALONE))
    while not await connection.scalar(attempt):  # noqa: ASYNC110 - another process wakes nobody here
        await asyncio.sleep(0.1)


def alembic_config(connection: Connection) -> Config:
    """Alembic's commands, inside a connection that is open."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _check_known(connection: Connection) -> None:
    revision = _revision(connection)
    if revision is not None and revision not in known_revisions():
        raise WrongSchema(
            "The database was made by a newer Faro than this one; install that version again, or restore a"
            " backup from before the upgrade."
        )


@contextmanager
def _told_apart() -> Iterator[None]:
    """An outage is not a wrong statement: it passes, and what failed is worth another try."""
    try:
        yield
    except DBAPIError as error:
        if _passes(error):
            raise DatabaseAway(f"the database does not answer: {reason(error.orig or error)}") from None
        raise
    except DatabaseAway:
        raise
    except sqlite3.OperationalError as error:  # beginning or ending in place
        raise DatabaseAway(f"the database does not answer: {reason(error)}") from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError, PoolTimeout, OSError) as error:  # connecting
        raise DatabaseAway(f"the database can't be reached: {reason(error)}") from None


def _passes(error: DBAPIError) -> bool:
    cut_off = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return cut_off or str(getattr(error.orig, "sqlstate", "")).startswith(_PASSES)


def _server(url: str, *, pool: int) -> Database:
    """Two thirds of the connections wait for no disk: those that read, and those of the turns."""
    lasting = max(1, pool // 3)
    passing = _server_engine(url, size=pool - lasting)

    @event.listens_for(passing.sync_engine, "connect")
    def wait_for_no_disk(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("SET synchronous_commit = off")
        cursor.close()
        connection.commit()

    return Database(_server_engine(url, size=lasting), passing=passing)


def _server_engine(url: str, *, size: int) -> AsyncEngine:
    """A server that hangs must not hang Faro: a webhook is told 503 while the platform still listens."""
    engine = create_async_engine(
        url,
        hide_parameters=True,  # an error must not quote what was being stored
        pool_size=size,
        max_overflow=0,  # what docs/operators tells the operator to allow on the server is the whole
        pool_timeout=COMMAND_SECONDS,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": COMMAND_SECONDS,
            "server_settings": _NO_COMPILER,
        },
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def leave_if_cut_off(connection: Any, _record: Any, _proxy: Any) -> None:
        """A server that went has told so: asking it each time would be one more way there and back."""
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    return engine


def _file(url: str) -> Database:
    engine = create_async_engine(url, hide_parameters=True, connect_args=_NO_IMPLIED_BEGIN)
    _make_sqlite_durable(engine, "synchronous=FULL")  # a stored message survives a power cut

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        statement = connection.get_execution_options().get("faro_begin", _ALL)
        if statement:
            connection.exec_driver_sql(statement)

    lasting = _nearby(engine, "synchronous=FULL", "busy_timeout=0")
    # Folding the log into the file waits for the disk: a writer that has a thread does it.
    passing = _nearby(engine, "synchronous=NORMAL", "busy_timeout=0", "wal_autocheckpoint=0")
    return Database(engine, nearby=Nearby(lasting, passing))


def _nearby(beside: AsyncEngine, *pragmas: str) -> InPlace:
    url = beside.url.set(drivername="sqlite")
    # No limit: a connection is waited for by nobody, and held only while its statements run.
    engine = create_engine(url, hide_parameters=True, connect_args=_NO_IMPLIED_BEGIN, pool_size=0)
    _make_sqlite_durable(engine, *pragmas)
    return InPlace(engine, beside=beside, busy_seconds=BUSY_MILLISECONDS / 1000)


def _make_sqlite_durable(engine: AsyncEngine | Engine, *pragmas: str) -> None:
    @event.listens_for(engine.sync_engine if isinstance(engine, AsyncEngine) else engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",  # first: two processes may open a new file at once
            "journal_mode=WAL",
            "foreign_keys=ON",
            "secure_delete=ON",  # a wiped text is overwritten, not only unlinked
            *pragmas,
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
