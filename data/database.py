"""One engine for two databases: SQLite in WAL mode for one machine, PostgreSQL for several."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

MIGRATIONS = Path(__file__).parent / "migrations"


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
        async with self._writer if self.is_sqlite else nullcontext(), self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading only."""
        async with self._engine.connect() as connection:
            await connection.execution_options(faro_read_only=True)
            yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def open_database(url: str) -> Database:
    """The database at a SQLAlchemy URL; asyncpg is taken for a bare `postgresql://`."""
    url = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    options: dict[str, Any] = {} if url.startswith("sqlite") else {"pool_size": 10, "pool_pre_ping": True}
    engine = create_async_engine(url, **options)
    if engine.dialect.name == "sqlite":
        _make_sqlite_durable(engine)
    return Database(engine)


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema to a revision. Safe to run at every start."""
    async with database.write() as connection:
        await connection.run_sync(_upgrade, revision)


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _make_sqlite_durable(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN, below, not the driver's
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # a stored message survives a power cut
            "busy_timeout=10000",
            "foreign_keys=ON",
            "secure_delete=ON",  # a wiped text is overwritten, not only unlinked
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("faro_read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
