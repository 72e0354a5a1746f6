"""Letting the port go: nobody who is connected goes without an answer."""

import asyncio
import socket

from aiohttp import web

from bot.listening import listening
from tests.fixtures.process import free_port

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


async def test_a_connection_taken_in_the_instant_of_the_end_gets_its_answer() -> None:
    port = free_port()
    async with listening(_application(), "127.0.0.1", port):
        person = socket.create_connection(("127.0.0.1", port))
        asking = asyncio.create_task(_asked_later(person))
        for _ in range(2):
            await asyncio.sleep(0)  # asyncio has the connection, aiohttp does not know of it yet

    assert (await asking).startswith(b"HTTP/1.1 200 ")


def _application() -> web.Application:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="here")

    app = web.Application()
    app.router.add_get("/", answer)
    return app


async def _asked_later(person: socket.socket) -> bytes:
    person.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=person)
    await asyncio.sleep(0.05)
    writer.write(REQUEST)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer
