"""SQLite without a thread: it waits for another process without keeping anybody waiting, and not for ever."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from data import channel_store, database
from data.database import Database, DatabaseAway, migrate, open_database
from data.tables import channel_pace

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


async def test_a_note_waits_for_another_process_while_others_go_on(tmp_path: Path) -> None:
    opened = await _opened(tmp_path)
    other = _locked(tmp_path)
    noting = asyncio.create_task(_note(opened))
    await asyncio.sleep(0)

    async with opened.glance() as connection:
        seen = list(await connection.execute(select(channel_pace)))
    waits = not noting.done()
    other.execute("COMMIT")
    await noting

    assert waits
    assert seen == []
    async with opened.glance() as connection:
        assert await channel_store.counted(connection, "web", NOW) == (1, 0, 0)
    other.close()
    await opened.close()


async def test_a_note_that_waits_too_long_says_that_the_database_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 20)
    opened = await _opened(tmp_path)
    other = _locked(tmp_path)

    with pytest.raises(DatabaseAway):
        await _note(opened)

    other.execute("ROLLBACK")
    await _note(opened)
    other.close()
    await opened.close()


async def test_what_was_noted_stands_in_the_file_when_faro_is_gone(tmp_path: Path) -> None:
    opened = await _opened(tmp_path)

    await _note(opened)

    with sqlite3.connect(tmp_path / "faro.db") as other:
        assert other.execute("SELECT accepted FROM channel_month").fetchall() == [(1,)]
    other.close()
    await opened.close()


async def _opened(folder: Path) -> Database:
    opened = open_database(f"sqlite:///{folder / 'faro.db'}")
    await migrate(opened)
    return opened


def _locked(folder: Path) -> sqlite3.Connection:
    """A connection as of another process, in the middle of a write."""
    other = sqlite3.connect(folder / "faro.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


async def _note(opened: Database) -> None:
    async with opened.note() as connection:
        await channel_store.count(connection, "web", NOW, accepted=1)


async def test_what_was_stored_is_on_disk_and_what_failed_is_not(tmp_path: Path) -> None:
    opened = await _opened(tmp_path)

    await _store(opened)
    with pytest.raises(ZeroDivisionError):
        await _store_and_fail(opened)

    with sqlite3.connect(tmp_path / "faro.db") as other:
        assert other.execute("SELECT accepted FROM channel_month").fetchall() == [(1,)]
    other.close()
    await opened.close()


async def test_who_gives_up_waiting_for_the_disk_leaves_a_connection_that_works(tmp_path: Path) -> None:
    opened = await _opened(tmp_path)
    for _ in range(20):
        storing = asyncio.create_task(_store(opened))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        storing.cancel()
        await asyncio.gather(storing, return_exceptions=True)

    await _store(opened)

    async with opened.glance() as connection:
        accepted, _, _ = await channel_store.counted(connection, "web", NOW)
    assert accepted >= 1
    await opened.close()


async def _store(opened: Database) -> None:
    async with opened.store() as connection:
        await channel_store.count(connection, "web", NOW, accepted=1)


async def _store_and_fail(opened: Database) -> None:
    async with opened.store() as connection:
        await channel_store.count(connection, "web", NOW, accepted=1)
        raise ZeroDivisionError
