"""An orderly end: a message that was on its way is still taken."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.process import CLOSED_PORT, Process, faro, until


@pytest.fixture
async def running(url: str, tmp_path: Path) -> AsyncIterator[Process]:
    settings = {"FARO_DATABASE_URL": url, "FARO_NLU_URL": CLOSED_PORT}
    async with faro(
        tmp_path, FARO_SECRET_KEY="a secret of forty characters for tests..", **settings
    ) as process:
        await process.start("--only", "web")
        yield process


async def test_a_request_whose_connection_was_made_before_the_end_gets_its_answer(running: Process) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    ending = asyncio.create_task(running.end())
    assert await until(lambda: "stopping" in running.said, seconds=5)

    writer.write(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert await ending == 0


async def test_a_connection_that_says_nothing_does_not_keep_it_from_ending(running: Process) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)

    assert await running.end(within=10) == 0
    assert await reader.read() == b""
    writer.close()
