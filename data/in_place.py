"""SQLite without a thread: the small statements of a turn take less time than handing them to one."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from typing import Any, Self

import aiosqlite

_AGAIN_SECONDS = 0.003


class InPlace(aiosqlite.Connection):
    """A connection that works where it is called. While another process writes, others of this one go on.

    For statements of a few rows, and for transactions that wait for no disk.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection], *, busy_seconds: float) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._busy_seconds = busy_seconds

    async def close(self) -> None:
        """Close it at once: nothing is queued."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def stop(self) -> None:
        """What ends a connection that is given up. There is no thread to end."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _connect(self) -> Self:
        self._connection = self._connector()
        return self

    def __await__(self) -> Any:
        return self._connect().__await__()

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run it, again and again while the database is locked by another process."""
        if self._connection is None:
            raise ValueError("Connection closed")
        deadline = time.monotonic() + self._busy_seconds
        while True:
            try:
                return fn(*args, **kwargs)
            except sqlite3.OperationalError as error:
                locked = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
                if not locked or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(_AGAIN_SECONDS)
