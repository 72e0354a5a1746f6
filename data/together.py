"""What comes together shares one commit: a slow disk caps neither what is taken in nor what is sent."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from data.database import Database

MAX_BATCH = 200

Thing = TypeVar("Thing")


class Together(Generic[Thing]):
    """Stores things as they come, those that came while the disk was waited for in one transaction.

    `write` writes several of them.
    """

    def __init__(
        self, database: Database, write: Callable[[AsyncConnection, list[Thing]], Awaitable[None]]
    ) -> None:
        self._database = database
        self._write = write
        self._came: list[tuple[Thing, asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def store(self, thing: Thing) -> None:
        """Return once it is on disk. Raises what the database raised.

        It is stored also when nobody waits for it any more.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._came.append((thing, future))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store())
        await future

    async def _store(self) -> None:
        try:
            while self._came:
                batch, self._came = self._came[:MAX_BATCH], self._came[MAX_BATCH:]
                await self._commit(batch)
        finally:
            self._storing = None

    async def _commit(self, batch: list[tuple[Thing, asyncio.Future[None]]]) -> None:
        try:
            async with self._database.store() as connection:
                await self._write(connection, [thing for thing, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed to everybody who waits
            await self._refuse(batch, error)
            return
        for _, future in batch:
            if not future.done():
                future.set_result(None)

    async def _refuse(self, batch: list[tuple[Thing, asyncio.Future[None]]], error: Exception) -> None:
        """One that can't be stored must not take the others with it."""
        if len(batch) > 1 and not isinstance(error, OSError):
            for waiting in batch:
                await self._commit([waiting])
            return
        for _, future in batch:
            if not future.done():
                future.set_exception(error)
