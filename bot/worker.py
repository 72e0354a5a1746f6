"""Loops that take what waits: turns from the inbox, sends from the outbox. One at a time per person."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import sending, taking
from bot.core import Core
from data import channel_store, inbox_store, outbox_store

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=10)
"""How long a person waits after the process that held them was killed; prolonged while it lives."""
PEOPLE_AT_ONCE = 16
SENDS_AT_ONCE = 64
"""Sending is waiting for the platform, more than anything else."""
IDLE_SECONDS = 0.5
APART_SECONDS = 0.1
"""How often to look where another process takes the messages in, and can wake nobody here."""
SOON_SECONDS = 0.005
"""When to look again for whom one was woken: another loop may be letting go of their row just then."""
STOP_SECONDS = 20.0
"""How long the end waits for what is in hand; the longest send takes less."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a loop does with people: take those who wait, handle one, let one go, keep those in hand.

    `handle` is told how to ask whether the loop is stopping.
    """

    name: str
    claim: Callable[[AsyncConnection, int], Awaitable[list[str]]]
    handle: Callable[[str, Callable[[], bool]], Awaitable[None]]
    release: Callable[..., Awaitable[None]]
    renew: Callable[[AsyncConnection, list[str]], Awaitable[None]]


class Loop:
    """Claims people and handles them, many at once, until it is stopped."""

    def __init__(self, core: Core, work: Work, *, at_once: int, idle: float = IDLE_SECONDS) -> None:
        self._core = core
        self._work = work
        self._at_once = at_once
        self._idle = idle
        self._wake = asyncio.Event()
        self._stopping = False
        self._in_hand: dict[str, asyncio.Task[bool]] = {}
        self._handled: set[str] = set()

    def wake(self) -> None:
        """Something new waits: look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped; then finish what is in hand."""
        keeping = asyncio.create_task(self._keep())
        try:
            while not self._stopping:
                was_woken = self._wake.is_set()
                self._wake.clear()
                if not await self._take():
                    await self._rest(SOON_SECONDS if was_woken else self._idle)
            await self._finish()
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    def stop(self) -> None:
        """Take nothing new."""
        self._stopping = True
        self._wake.set()

    async def _take(self) -> int:
        room = self._at_once - len(self._in_hand)
        if room < self._at_once / 4:  # to claim one at a time costs as much as to handle one
            await asyncio.wait(self._in_hand.values(), return_when=asyncio.FIRST_COMPLETED)
            return 1
        try:
            async with self._core.database.note() as connection:
                await self._release(connection)
                people = await self._work.claim(connection, room)
        except (SQLAlchemyError, OSError) as error:
            self._no_database(error)
            return 0
        # Whoever is in hand already was claimed again because renewing came too late.
        new = [person_id for person_id in people if person_id not in self._in_hand]
        for person_id in new:
            self._handled.discard(person_id)
            task = asyncio.create_task(self._guard(person_id))
            self._in_hand[person_id] = task
            task.add_done_callback(partial(self._done, person_id))
        return len(new)

    async def _guard(self, person_id: str) -> bool:
        """True once the person is handled. One person's trouble is nobody else's; the lease of a person in
        trouble runs out by itself."""
        try:
            await self._work.handle(person_id, lambda: self._stopping)
            return True
        except (SQLAlchemyError, OSError) as error:
            self._no_database(error)
        except Exception as error:  # noqa: BLE001 - without its text, which may quote the person
            log.error("%s: failed for one person (%s)", self._work.name, type(error).__name__)
        return False

    async def _release(self, connection: AsyncConnection) -> None:
        """Let go of who was handled. If that fails, their leases run out: another may hold them by then."""
        people, self._handled = self._handled, set()
        if people:
            await self._work.release(connection, *people)

    async def _keep(self) -> None:
        """Prolong the leases of the people in hand, for ever."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            if not self._in_hand:
                continue
            try:
                async with self._core.database.note() as connection:
                    await self._work.renew(connection, list(self._in_hand))
            except (SQLAlchemyError, OSError) as error:
                self._no_database(error)

    async def _finish(self) -> None:
        await self._end_tasks()
        try:
            async with self._core.database.note() as connection:
                await self._release(connection)
        except (SQLAlchemyError, OSError) as error:
            self._no_database(error)

    async def _end_tasks(self) -> None:
        if not self._in_hand:
            return
        _, late = await asyncio.wait(self._in_hand.values(), timeout=STOP_SECONDS)
        for task in late:
            log.error("%s: cut off at the end; it is taken up at the next start", self._work.name)
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _done(self, person_id: str, task: asyncio.Task[bool]) -> None:
        """No more in hand, and to be let go, in one step: whoever was let go first could be claimed again as
        one who is in hand, and would wait for the lease to run out."""
        self._in_hand.pop(person_id, None)
        if not task.cancelled() and task.result():
            self._handled.add(person_id)
        self._wake.set()

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)

    def _no_database(self, error: Exception) -> None:
        log.error("%s: the database does not answer (%s)", self._work.name, type(error).__name__)


def turn_loop(core: Core, *, after: Callable[[], None], idle: float = IDLE_SECONDS) -> Loop:
    """Takes people whose messages wait; `after` is called when answers are in the outbox.

    `idle`: seconds until it looks again by itself.
    """

    async def claim(connection: AsyncConnection, limit: int) -> list[str]:
        return await inbox_store.claim_people(connection, now=_now(), lease=LEASE, limit=limit)

    async def handle(person_id: str, stopping: Callable[[], bool]) -> None:
        await taking.take_all(core, person_id, stopping=stopping, after=after, clock=_now)

    async def renew(connection: AsyncConnection, people: list[str]) -> None:
        await inbox_store.renew(connection, people, until=_now() + LEASE)

    work = Work("turns", claim, handle, inbox_store.release, renew)
    return Loop(core, work, at_once=PEOPLE_AT_ONCE, idle=idle)


def send_loop(core: Core, *names: str) -> Loop:
    """Takes people with an answer due, as many as the platforms named take at once; all when none is named.

    The web chat fetches its own.
    """
    channels = names or tuple(name for name in core.channels if name != "web")

    async def claim(connection: AsyncConnection, limit: int) -> list[str]:
        people: list[str] = []
        for name in channels:
            people += await _claim_to_send(core, connection, name, limit=limit - len(people))
        return people

    async def handle(person_id: str, stopping: Callable[[], bool]) -> None:
        await sending.send_all(core, person_id, stopping=stopping)

    async def renew(connection: AsyncConnection, people: list[str]) -> None:
        await outbox_store.renew(connection, people, until=_now() + LEASE)

    return Loop(core, Work("sends", claim, handle, outbox_store.release, renew), at_once=SENDS_AT_ONCE)


async def _claim_to_send(core: Core, connection: AsyncConnection, name: str, *, limit: int) -> list[str]:
    """People of one platform, as many as its pace allows: each gets one answer, as a rule."""
    now, pace = _now(), core.channels[name].limits.overall
    full_at = await channel_store.full_at(connection, name)
    people = await outbox_store.claim_people(
        connection, now=now, lease=LEASE, limit=min(limit, pace.room(full_at, now)), channels=[name]
    )
    if people:
        taken = pace.after(full_at, now, count=len(people))
        await channel_store.save_full_at(connection, name, taken)
    return people


def _now() -> datetime:
    return datetime.now(UTC)
