"""Every process says every few seconds that it runs, and adds what it counted to the whole."""

import asyncio
import logging
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.core import Core
from data import process_store
from data.process_store import Process

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Reporter:
    """Reports for one process. `folder` and `others` are on the disks whose space counts."""

    core: Core
    me: Process
    folder: Path
    others: tuple[Path, ...] = ()

    async def run(self) -> None:
        """For ever. A database that is away is told by those who need it more."""
        while True:
            await self.report()
            await asyncio.sleep(EVERY_SECONDS)

    async def report(self) -> None:
        """Once."""
        with suppress(SQLAlchemyError, OSError):
            await self.core.meter.flush(self.core.database)
            async with self.core.database.write() as connection:
                await process_store.see(connection, self._now())
            (self.folder / f"seen-{self.me.role}").touch()  # for a container's health check

    async def end(self) -> None:
        """The last report; then this process is none of those that run."""
        with suppress(SQLAlchemyError, OSError):
            await self.core.meter.flush(self.core.database)
            async with self.core.database.write() as connection:
                await process_store.gone(connection, self.me.id)

    def _now(self) -> Process:
        takes_turns = self.me.role in ("all", "worker")
        reads_by = "" if not takes_turns else "rasa" if self.core.nlu else "keywords"
        return replace(
            self.me,
            understanding=reads_by,
            memory=resident_memory(),
            disk_free=min(map(free_share, (self.folder, *self.others))),
            seen_at=datetime.now(UTC),
        )


@asynccontextmanager
async def reporting(
    core: Core, role: str, *, folder: Path, others: tuple[Path, ...] = ()
) -> AsyncIterator[None]:
    """Report as long as the block lasts."""
    now = datetime.now(UTC)
    me = Process(core.id, role, faro_version(), "", 0, 1.0, now, now)
    reporter = Reporter(core, me, folder, others)
    task = asyncio.create_task(reporter.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await reporter.end()


def faro_version() -> str:
    """Of the installed package."""
    try:
        return version("faro")
    except PackageNotFoundError:
        return "0"


def resident_memory() -> int:
    """Bytes; 0 where the system does not tell (it is Linux's /proc)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def free_share(folder: Path) -> float:
    """Of the disk that holds a folder; 1 when it can't be told."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return 1.0
    return usage.free / usage.total if usage.total else 1.0
