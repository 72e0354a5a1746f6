"""Loops that take what waits: turns from the inbox, sends from the outbox. One at a time per person."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import sending, turn
from bot.core import Core
from data import inbox_store, outbox_store

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
PEOPLE_AT_ONCE = 16
IDLE_SECONDS = 0.5

Claim = Callable[[AsyncConnection, int], Awaitable[list[str]]]
Handle = Callable[[str], Awaitable[None]]


class Loop:
    """Claims people and handles them, many at once, until it is stopped."""

    def __init__(self, core: Core, name: str, *, claim: Claim, handle: Handle) -> None:
        self._core = core
        self._name = name
        self._claim = claim
        self._handle = handle
        self._wake = asyncio.Event()
        self._stopping = False
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something new waits: look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped; then finish what is in hand."""
        while not self._stopping:
            self._wake.clear()
            took = await self._take()
            if not took:
                await self._rest()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def stop(self) -> None:
        """Take nothing new."""
        self._stopping = True
        self._wake.set()

    async def _take(self) -> int:
        room = PEOPLE_AT_ONCE - len(self._tasks)
        if room <= 0:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            return 1
        try:
            async with self._core.database.write() as connection:
                people = await self._claim(connection, room)
        except (SQLAlchemyError, OSError) as error:
            log.error("%s: the database does not answer (%s)", self._name, type(error).__name__)
            return 0
        for person_id in people:
            task = asyncio.create_task(self._guard(person_id))
            self._tasks.add(task)
            task.add_done_callback(self._done)
        return len(people)

    async def _guard(self, person_id: str) -> None:
        try:
            await self._handle(person_id)
        except (SQLAlchemyError, OSError) as error:
            log.error("%s: the database does not answer (%s)", self._name, type(error).__name__)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
        except TimeoutError:
            return


def turn_loop(core: Core, *, after: Callable[[], None]) -> Loop:
    """Takes people whose messages wait; `after` is called when answers are in the outbox."""

    async def claim(connection: AsyncConnection, limit: int) -> list[str]:
        return await inbox_store.claim_people(connection, now=_now(), lease=LEASE, limit=limit)

    async def handle(person_id: str) -> None:
        async with core.database.read() as connection:
            messages = await inbox_store.waiting_of(connection, person_id)
        for message in messages:
            await turn.take(core, message, now=_now())
            after()
        async with core.database.write() as connection:
            await inbox_store.release(connection, person_id)

    return Loop(core, "turns", claim=claim, handle=handle)


def send_loop(core: Core) -> Loop:
    """Takes people with an answer due; the web chat fetches its own."""
    channels = [name for name in core.channels if name != "web"]

    async def claim(connection: AsyncConnection, limit: int) -> list[str]:
        return await outbox_store.claim_people(
            connection, now=_now(), lease=LEASE, limit=limit, channels=channels
        )

    async def handle(person_id: str) -> None:
        await sending.send_all(core, person_id)
        async with core.database.write() as connection:
            await outbox_store.release(connection, person_id)

    return Loop(core, "sends", claim=claim, handle=handle)


def _now() -> datetime:
    return datetime.now(UTC)
