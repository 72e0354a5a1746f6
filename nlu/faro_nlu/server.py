"""The NLU process: `POST /model/parse` on loopback, in the shape of Rasa's own server.

Messages that wait are read together, by one thread; a full queue answers 503. No text is ever logged.
"""

import asyncio
import ctypes
import gc
import json
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from faro_nlu.model import Answer, Model

LARGEST_BODY = 64 * 1024
WAITING_AT_MOST = 256
AT_ONCE = 16
SHUTDOWN_SECONDS = 5.0
_CHARACTERS_AT_ONCE = 6000
_ARENA_MAX = -8
"""M_ARENA_MAX of the C library's mallopt."""
_FAILED = "This text could not be read."


@dataclass
class Desk:
    """Texts waiting to be read, and the thread that reads them."""

    model: Model
    waiting: "asyncio.Queue[tuple[str, asyncio.Future[Answer | None]]]" = field(
        default_factory=lambda: asyncio.Queue(WAITING_AT_MOST)
    )
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "reader"))

    def ask(self, text: str) -> "asyncio.Future[Answer | None]":
        """Raises asyncio.QueueFull when too many wait already."""
        answer: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self.waiting.put_nowait((text, answer))
        return answer

    async def work(self) -> None:
        while True:
            batch = [await self.waiting.get()]
            while self._room(batch) and not self.waiting.empty():
                batch.append(self.waiting.get_nowait())
            await self._read([one for one in batch if not one[1].done()])

    def _room(self, batch: list[tuple[str, "asyncio.Future[Answer | None]"]]) -> bool:
        return len(batch) < AT_ONCE and sum(len(text) for text, _ in batch) < _CHARACTERS_AT_ONCE

    async def _read(self, batch: list[tuple[str, "asyncio.Future[Answer | None]"]]) -> None:
        texts = [text for text, _ in batch]
        answers = await asyncio.get_running_loop().run_in_executor(self.thread, self.model.parse, texts)
        for (_, future), answer in zip(batch, answers):
            if not future.done():
                future.set_result(answer)


def application(model: Model) -> web.Application:
    app = web.Application(client_max_size=LARGEST_BODY)
    desk = Desk(model)

    async def parse(request: web.Request) -> web.Response:
        try:
            text = _text_of(await request.read())
            answer = await desk.ask(text)
        except web.HTTPRequestEntityTooLarge:
            return _said(413, f"The body is larger than {LARGEST_BODY // 1024} kB.")
        except Unreadable as error:
            return _said(400, str(error))
        except asyncio.QueueFull:
            return _said(503, "Too many texts are waiting; try again in a second.", {"Retry-After": "1"})
        return web.json_response(answer) if answer is not None else _said(500, _FAILED)

    async def status(_: web.Request) -> web.Response:
        told = {"status": "ok", "model": model.name, "waiting": desk.waiting.qsize(), "pid": os.getpid()}
        data = await asyncio.get_running_loop().run_in_executor(None, _fingerprint)
        return web.json_response({**told, "data": data} if data else told)

    async def working(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(desk.work())
        yield
        task.cancel()
        desk.thread.shutdown(wait=False)

    app.router.add_post("/model/parse", parse)
    app.router.add_get("/", status)
    app.router.add_get("/status", status)
    app.cleanup_ctx.append(working)
    return app


async def serve(archive: Path, *, listener: socket.socket) -> None:
    """Serves until SIGTERM or SIGINT, or until standard input closes: it dies with the crew's keeper.

    Others may accept from the same socket: what waits in it when this one ends is theirs.
    """
    from faro_nlu import model

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _one_arena()
    loaded = model.load(archive)
    loaded.parse(["Hola, necesito ayuda en Puebla."])
    _give_back_memory()
    runner = web.AppRunner(application(loaded), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    bound = listener.getsockname()[1]
    print(json.dumps({"port": bound, "pid": os.getpid(), "model": loaded.name}), flush=True)  # noqa: T201
    await stop.wait()
    await runner.cleanup()


def _fingerprint() -> str:
    """Of the phrases that lie here now; empty where only a model does."""
    from faro_nlu import training

    return training.fingerprint() if any(training.HOME.glob("data/*/*.yml")) else ""


class Unreadable(ValueError):
    """A body that is not {"text": "…"}. The message says what to send."""


def _text_of(body: bytes) -> str:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable('The body is not JSON. Send {"text": "…"}.') from error
    if not isinstance(sent, dict) or not isinstance(sent.get("text"), str):
        raise Unreadable('Send a JSON object with a string: {"text": "…"}.')
    return str(sent["text"])


def _said(status: int, sentence: str, headers: "dict[str, str] | None" = None) -> web.Response:
    body = {"status": "failure", "code": status, "message": sentence}
    return web.json_response(body, status=status, headers=headers)


def _one_arena() -> None:
    """One pool of memory for all threads: two threads with a pool each keep twice what they need."""
    _of_the_c_library("mallopt", _ARENA_MAX, 1)


def _give_back_memory() -> None:
    """What loading used once goes back to the system; what stays is never searched for garbage again."""
    gc.collect()
    gc.freeze()
    _of_the_c_library("malloc_trim", 0)


def _of_the_c_library(name: str, *arguments: int) -> None:
    """Only glibc has these; elsewhere the process is a little larger."""
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*arguments)


def _end_with_parent() -> None:
    """A killed parent closes the pipe, whatever killed it. Nothing here needs saving, so it ends at once."""
    while os.read(0, 4096):
        pass
    os._exit(0)
