"""SQLite without a thread: the small statements of a turn take less time than handing them to one."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_AGAIN_SECONDS = 0.003


class InPlace:
    """Connections that work where they are called. While another process writes, others of this one go on.

    For statements of a few rows. `engine` opens the same file as `beside`, whose connections have threads,
    and begins no transaction by itself.
    """

    def __init__(self, engine: Engine, *, beside: AsyncEngine, busy_seconds: float) -> None:
        self._engine = engine
        self._beside = beside
        self._busy_seconds = busy_seconds
        self._free: list[Connection] = []
        """In no transaction: the way to the engine's pool and back costs as much as a statement."""

    @asynccontextmanager
    async def transaction(self, begin: str, *, on_disk: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end, or rolled back on an error.

        `on_disk`: its end waits for the disk, which has a thread. Raises sqlite3.OperationalError.
        """
        opened = self._free.pop() if self._free else self._engine.connect()
        try:
            driver: Any = opened.connection.dbapi_connection
            await self._patiently(lambda: driver.execute(begin))
            with opened.begin():
                yield _Steps(self._beside, opened, self._patiently)
                if on_disk:
                    await _in_thread(driver.commit)
        except BaseException:
            opened.close()  # whatever it was in the middle of is rolled back
            raise
        self._free.append(opened)

    def close(self) -> None:
        """Close every connection."""
        while self._free:
            self._free.pop().close()
        self._engine.dispose()

    async def _patiently(self, work: Callable[[], Any]) -> Any:
        """Do it, again and again while the database is locked by another process."""
        deadline = time.monotonic() + self._busy_seconds
        while True:
            try:
                return work()
            except (sqlite3.OperationalError, OperationalError) as error:
                if not _is_locked(error) or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(_AGAIN_SECONDS)


class _Steps(AsyncConnection):
    """SQLAlchemy's connection, less the way to a thread and back."""

    __slots__ = ("_opened", "_patiently")

    def __init__(self, engine: AsyncEngine, opened: Connection, patiently: Callable[..., Any]) -> None:
        super().__init__(engine, opened)
        self._opened = opened
        self._patiently = patiently

    async def execute(
        self, statement: Any, parameters: Any = None, *, execution_options: Any = None
    ) -> CursorResult[Any]:
        try:
            return self._opened.execute(statement, parameters, execution_options=execution_options)
        except OperationalError as error:
            if not _is_locked(error):
                raise
        result: CursorResult[Any] = await self._patiently(
            lambda: self._opened.execute(statement, parameters, execution_options=execution_options)
        )
        return result

    async def exec_driver_sql(
        self, statement: str, parameters: Any = None, execution_options: Any = None
    ) -> CursorResult[Any]:
        return self._opened.exec_driver_sql(statement, parameters, execution_options)


def _is_locked(error: sqlite3.OperationalError | OperationalError) -> bool:
    cause = error.orig if isinstance(error, OperationalError) else error
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


async def _in_thread(work: Callable[[], None]) -> None:
    """Wait until it is done, also when nobody wants it any more: the connection is of use only afterwards."""
    future = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        raise
