"""A disk without room, on both databases: what is acknowledged is kept, and somebody hears of the rest."""

import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.core import Core
from data.database import DatabaseAway, migrate, open_database
from data.inbox_store import Arrival, accept
from data.tables import inbox
from tests.fixtures.postgres import running
from tests.integration.conftest import Seeded
from tests.integration.test_watching import runs, watch_of, watching

MEGABYTES = 120
MOST = 2000
"""Messages that fill what the database had reserved, and more."""


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small disk of its own, as only a machine's owner can make one; a server's own user can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="faro-disk-"))
    folder.chmod(0o755)
    options = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0755", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("Only root, where it may mount, can make a small disk.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def on_disk(engine: str, disk: Path) -> Iterator[str]:
    """The URL of a new database there."""
    if engine == "sqlite":
        yield f"sqlite+aiosqlite:///{disk / 'faro.db'}"
        return
    with running(disk=disk) as server:
        yield server.new_database()


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (2**20, 4096, 1):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    try:
        yield
    finally:
        filler.unlink()


@asynccontextmanager
async def faro(seeded: Seeded, url: str) -> AsyncIterator[Core]:
    """Faro on that database, whose directory is empty."""
    database = open_database(url)
    try:
        await migrate(database)
        yield replace(seeded.core, database=database, _directory=None)
    finally:
        await database.close()


async def write_until_refused(core: Core) -> int:
    """How many messages were acknowledged before one was refused."""
    for number in range(MOST):
        arrival = Arrival("web", f"key-{number}", f"person-{number}", b"address", os.urandom(3000))
        try:
            async with core.database.write() as connection:
                await accept(connection, [arrival], datetime.now(UTC))
        except DatabaseAway:
            return number
    return MOST


async def kept(url: str) -> int:
    database = open_database(url)
    try:
        async with database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(inbox)) or 0
    finally:
        await database.close()


async def test_a_full_disk_is_told_and_everything_acknowledged_is_kept(
    engine: str, disk: Path, seeded: Seeded, tmp_path: Path
) -> None:
    with on_disk(engine, disk) as url:
        async with faro(seeded, url) as core, watching(core) as (watch, operator):
            await runs(core, "web", "worker", at=datetime.now(UTC))
            look = watch_of(core, watch, tmp_path)
            await look()
            before = list(operator.bodies)

            with full(disk):
                acknowledged = await write_until_refused(core)
                await look()
                await look()

            assert acknowledged < MOST
            (told,) = operator.bodies[len(before) :]
            assert b"No message can be taken: " in told
            assert b"full" in told
            assert await kept(url) == acknowledged
            await look()
            assert b"Over: the database takes messages again." in operator.bodies[-1]
