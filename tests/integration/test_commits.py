"""On PostgreSQL: what waits for the disk and what does not, and a server that went in between."""

import asyncio

import pytest
from sqlalchemy import text

from data.database import Database, open_database

pytestmark = pytest.mark.only_on("postgres")
SYNC = text("SHOW synchronous_commit")


async def test_what_is_stored_waits_for_the_disk_and_what_is_noted_does_not(database: Database) -> None:
    for _ in range(3):  # also on a connection that was used before
        async with database.note() as connection:
            assert await connection.scalar(SYNC) == "off"
        for lasting in (database.store, database.write):
            async with lasting() as connection:
                assert await connection.scalar(SYNC) == "on"


async def test_connections_that_the_server_closed_are_replaced_before_they_are_used(
    database: Database, another: Database
) -> None:
    for way in (database.store, database.note, database.glance):
        async with way() as connection:
            await connection.execute(text("SELECT 1"))

    async with another.write() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    await asyncio.sleep(0.2)  # until the news of the closed sockets has come

    for way in (database.store, database.note, database.glance):
        async with way() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1


async def test_who_reads_for_long_leaves_a_connection_to_those_who_store(url: str) -> None:
    opened = open_database(url, pool=2)
    async with opened.read() as reading:
        await reading.execute(text("SELECT 1"))
        async with asyncio.timeout(5), opened.store() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
    await opened.close()
