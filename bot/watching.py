"""The watch over Faro itself: alarms told once, told when they end, and a heartbeat while all is well."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from bot import alarms, standing
from bot.alarms import Limits
from bot.core import Core
from data import alarm_store, operation_store
from data.alarm_store import Alarm

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=6)
"""An alarm that stays on is told again after this."""
BEAT_SECONDS = 10.0
MUST_BE_OFF = ("inbox_age", "no_worker", "no_web")
"""With one of these on, Faro does not answer people, and no heartbeat goes out."""

Tell = Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class Watch:
    """Judges once a minute. `tell` gives one sentence to the operator and never raises."""

    core: Core
    tell: Tell
    limits: Callable[[], Limits]
    http: aiohttp.ClientSession | None = None
    heartbeat_url: str = ""
    _database_told_at: datetime | None = field(default=None)

    async def lead(self, core: Core, now: datetime) -> None:
        """The leader's round: alarms weighed and told, then the heartbeat."""
        del core
        async with self.core.database.write() as connection:
            await operation_store.try_to_store(connection, now=now)
        seen = await standing.look(self.core, now)
        found = alarms.judge(seen, self.limits())
        await self._settle(found, seen.alarms, now)
        if not any(name in found for name in MUST_BE_OFF):
            await self._beat()

    async def database(self, error: Exception | None) -> None:
        """Told by each scheduler by itself, when the database can keep no alarm: away, full, read-only."""
        now = datetime.now(UTC)
        if error is None:
            if self._database_told_at:
                self._database_told_at = None
                await self.tell("Over: the database takes messages again.")
            return
        if self._database_told_at is None or now - self._database_told_at >= AGAIN:
            self._database_told_at = now
            await self.tell(f"No message can be taken: {error}.")

    async def _settle(self, found: dict[str, str], on: tuple[Alarm, ...], now: datetime) -> None:
        """The sentence goes out first and is noted then: told twice after a kill, rather than never."""
        known = {alarm.name: alarm for alarm in on}
        for name, sentence in found.items():
            was = known.get(name)
            async with self.core.database.write() as connection:
                await alarm_store.raise_(connection, name, sentence, now=now)
            if was is None or was.told_at is None or now - was.told_at >= AGAIN:
                await self.tell(sentence)
                async with self.core.database.write() as connection:
                    await alarm_store.told(connection, name, now=now)
        for name, alarm in known.items():
            if name not in found:
                await self.tell(f"Over: {alarm.sentence}")
                async with self.core.database.write() as connection:
                    await alarm_store.lift(connection, name)

    async def _beat(self) -> None:
        if not self.heartbeat_url or self.http is None:
            return
        try:
            timeout = aiohttp.ClientTimeout(total=BEAT_SECONDS)
            async with self.http.get(self.heartbeat_url, timeout=timeout) as response:
                if response.status >= 400:
                    log.warning("FARO_HEARTBEAT_URL answered %d", response.status)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("FARO_HEARTBEAT_URL could not be reached (%s)", type(error).__name__)


Led = Callable[[Callable[[Core, datetime], Awaitable[None]]], Callable[[], Awaitable[None]]]


def job(watch: Watch, led: Led) -> Callable[[], Awaitable[None]]:
    """The round as a scheduler's job; a database that fails is told by every scheduler, leader or not."""

    async def run() -> None:
        try:
            await led(watch.lead)()
        except (SQLAlchemyError, OSError) as error:
            await watch.database(error)
        else:
            await watch.database(None)

    return run
