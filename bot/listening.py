"""The port, let go at the end so that nobody who is connected goes without an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from aiohttp import web

from bot.settings import SettingsError

OPEN_CONNECTION_TRIES = 100  # of 0.02 s


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """Requests are answered while the block runs. SettingsError when the port cannot be had."""
    runner = web.AppRunner(app, keepalive_timeout=15, shutdown_timeout=5, access_log=None)
    await runner.setup()
    server = cast("web.Server", runner.server)  # there since the setup
    try:
        taken = await _taken(server, host, port)
        try:
            yield
        finally:
            await _close(taken, server)
    finally:
        await runner.cleanup()


async def _taken(server: web.Server, host: str, port: int) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(server, host, port)
    except OSError:
        raise SettingsError(f"Port {port} is taken or not allowed; set FARO_PORT to another.") from None


async def _close(taken: asyncio.Server, server: web.Server) -> None:
    """Take no more connections; whoever has one still gets an answer.

    aiohttp ends a connection at once whose request has not arrived yet, and asyncio drops one that it took
    in the same instant: a message on its way would be lost.
    """
    loop = asyncio.get_running_loop()
    for socket in taken.sockets:
        loop.remove_reader(socket)
    for _ in range(OPEN_CONNECTION_TRIES):
        await asyncio.sleep(0.02)
        if not server.connections:
            break
    taken.close()
