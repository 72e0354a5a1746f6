"""Webhooks at full speed or at a steady rate, by raw HTTP/1.1: the generator must not be what is measured."""

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from bench.world import APP_SECRET
from tests.fixtures.platforms.graph_api import PHONE_NUMBER_ID

_ids = count(1)


@dataclass(frozen=True, slots=True)
class Load:
    """How a run of webhooks went: seconds in all, seconds of each, and how many were not answered 200."""

    seconds: float
    latencies: list[float]
    refused: int

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


def webhook(number: str, text: str, *, port: int) -> bytes:
    """A signed WhatsApp notification as Meta sends it, as the bytes of a request."""
    message: dict[str, Any] = {
        "from": number,
        "id": f"wamid.HBgNNTIxNTUwMDAwMDAwMRUCABIYFDNB{next(_ids):012}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": text},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": PHONE_NUMBER_ID},
        "contacts": [{"profile": {"name": "Persona de prueba"}, "wa_id": number}],
        "messages": [message],
    }
    entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST /webhooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def flat_out(port: int, requests: Sequence[bytes], *, connections: int) -> Load:
    """Every connection sends its next request as soon as the last is answered."""
    queue, latencies, refused = deque(requests), [], 0

    async def client() -> None:
        nonlocal refused
        line = await Line.open(port)
        while queue:
            began = time.perf_counter()
            ok = await line.ask(queue.popleft())
            latencies.append(time.perf_counter() - began)
            refused += not ok
        line.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(connections)))
    return Load(time.perf_counter() - began, latencies, refused)


async def steadily(port: int, requests: Sequence[bytes], *, per_second: float, connections: int = 32) -> Load:
    """So many a second, whatever the server does: each is timed from the moment it was due."""
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(await Line.open(port))
    latencies, refused = [], 0
    began = time.perf_counter()

    async def one(number: int, request: bytes) -> None:
        nonlocal refused
        due = began + number / per_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        line = await free.get()
        ok = await line.ask(request)
        free.put_nowait(line)
        latencies.append(time.perf_counter() - due)
        refused += not ok

    await asyncio.gather(*(one(number, request) for number, request in enumerate(requests)))
    seconds = time.perf_counter() - began
    while not free.empty():
        free.get_nowait().close()
    return Load(seconds, latencies, refused)


class Line(asyncio.Protocol):
    """One connection that is kept open: a request, then its answer."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[bool] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, port: int) -> "Line":
        _, line = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0) if end else 0
        if end and len(body) >= length and self._answer:
            self._received = b""
            self._answer.set_result(head.startswith(b"HTTP/1.1 200"))

    def connection_lost(self, error: Exception | None) -> None:
        del error
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server closed the connection"))

    async def ask(self, request: bytes) -> bool:
        """Whether the answer was 200."""
        self._answer = asyncio.get_running_loop().create_future()
        assert self._transport is not None
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport:
            self._transport.close()
