"""`faro backup` and `faro restore`, and the backup of every day."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.core import Core
from bot.settings import Settings
from data import backup, process_store
from data.backup import BadBackup, Contents
from data.database import DatabaseAway, migrate, open_database
from data.keys import Keys

log = logging.getLogger(__name__)

KEPT = 14
_NAME = "faro-{:%Y-%m-%d}.backup"
_RUNNING = timedelta(seconds=60)


async def write(settings: Settings, path: Path, *, with_people: bool) -> Contents:
    """Write a backup of the database that the settings name. Raises BadBackup, DatabaseAway."""
    database = open_database(settings.database)
    try:
        await migrate(database)
        with _shown("Backing up") as told:
            return await backup.write(
                database, _keys(settings), path, with_people=with_people, now=datetime.now(UTC), progress=told
            )
    except DatabaseAway:
        raise
    except OSError as error:
        raise BadBackup(
            f"The backup can't be written there ({error.strerror}); name a file in a folder that exists, that"
            " Faro may write to and that has room."
        ) from None
    finally:
        await database.close()


async def restore(settings: Settings, path: Path, *, although_it_runs: bool) -> Contents:
    """Put a backup into the database that the settings name. Raises BadBackup, DatabaseAway."""
    database = open_database(settings.database)
    try:
        await migrate(database)
        async with database.read() as connection:
            since = datetime.now(UTC) - _RUNNING
            running = await process_store.running(connection, since=since)
        if running and not although_it_runs:
            raise BadBackup(
                f"{len(running)} processes of Faro use this database; stop them first (or wait a minute after"
                " a kill), or say --although-it-runs."
            )
        with _shown("Restoring") as told:
            return await backup.restore(database, _keys(settings), path, progress=told)
    finally:
        await database.close()


async def backup_daily(core: Core, now: datetime, *, folder: Path) -> None:
    """A backup without people, one a day; the oldest go. Raises nothing: the alarm tells of its absence."""
    path = folder / _NAME.format(now)
    try:
        if await asyncio.to_thread(_is_there, path):
            return
        await backup.write(
            core.database, core.keys, path, with_people=False, now=now, progress=lambda *_: None
        )
        for old in await asyncio.to_thread(_newest_first, folder):
            old.unlink(missing_ok=True)
    except OSError as error:
        log.error("no backup was written: %s", type(error).__name__)
        return
    log.info("backup written: %s", path.name)


def newest_age(folder: Path, now: datetime) -> timedelta | None:
    """Since the newest backup; None when there is none."""
    times = [path.stat().st_mtime for path in folder.glob("faro-*.backup")] if folder.is_dir() else []
    return now - datetime.fromtimestamp(max(times), UTC) if times else None


def _is_there(path: Path) -> bool:
    """Whether the file is; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.exists()


def _newest_first(folder: Path) -> list[Path]:
    """Those beyond the ones kept."""
    return sorted(folder.glob("faro-*.backup"), reverse=True)[KEPT:]


def _keys(settings: Settings) -> Keys:
    return Keys(settings.secret_key.get_secret_value(), old=settings.secret_key_old.get_secret_value())


@contextmanager
def _shown(what: str) -> Iterator[backup.Progress]:
    """Progress on standard error."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        done = 0

        def told(table: str, rows: int) -> None:
            nonlocal done
            done += rows
            bar.update(task, description=f"{what} {table}, {done} rows")

        yield told
