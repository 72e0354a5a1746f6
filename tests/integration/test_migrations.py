"""The schema: made, taken down and made again on both databases, and the same as the tables say."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select

from data.database import MIGRATIONS, Database, migrate, open_database
from data.tables import directory_version, metadata, service

PROCESSES = 3
OPEN_AND_CLOSE = """
import asyncio, pathlib, sys
from bot import app
from bot.settings import read

async def main():
    async with app.open_core(read()):
        pass

asyncio.run(main())
"""


async def run(database: Database, step: object) -> object:
    async with database.write() as connection:
        return await connection.run_sync(step)  # type: ignore[arg-type]


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def downgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, "base")


async def test_migrations_make_what_the_tables_say(empty_url: str) -> None:
    database = open_database(empty_url)

    await migrate(database)

    assert await run(database, differences) == []
    assert await run(database, tables) == {*metadata.tables, "alembic_version"}
    await database.close()


async def test_migrations_go_down_to_nothing_and_up_again(empty_url: str) -> None:
    database = open_database(empty_url)
    await migrate(database)

    await run(database, downgrade)
    left = await run(database, tables)
    await migrate(database)

    assert left == {"alembic_version"}
    assert await run(database, differences) == []
    await database.close()


async def test_migrating_again_changes_nothing(empty_url: str) -> None:
    database = open_database(empty_url)
    await migrate(database)
    await migrate(database)

    assert await run(database, differences) == []
    await database.close()


async def test_connections_that_migrate_at_once_migrate_once(empty_url: str) -> None:
    databases = [open_database(empty_url) for _ in range(3)]

    await asyncio.gather(*(migrate(database) for database in databases))

    assert await run(databases[0], differences) == []
    for database in databases:
        await database.close()


async def test_a_migration_that_fails_leaves_nothing_behind(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(empty_url)

    def fail(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        await run(database, fail)

    assert await run(database, tables) <= {"alembic_version"}  # type: ignore[operator]
    await migrate(database)
    assert await run(database, differences) == []
    await database.close()


async def test_processes_that_start_at_once_migrate_and_seed_once(empty_url: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "FARO_DATABASE_URL": empty_url,
        "FARO_DATA_DIR": str(tmp_path / "var"),
        "PYTHONPATH": str(Path.cwd()),
    }
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", OPEN_AND_CLOSE, env=environment, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(PROCESSES)
    ]
    said = [(await process.communicate())[1].decode() for process in started]

    assert [process.returncode for process in started] == [0] * PROCESSES, "\n".join(said)
    database = open_database(empty_url)
    async with database.read() as connection:
        versions = (await connection.execute(select(directory_version.c.version))).scalars().all()
        services = (await connection.execute(select(service.c.id))).scalars().all()
    assert len(versions) == 1
    assert len(services) == len(set(services)) > 100
    await database.close()
