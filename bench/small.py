"""The processes of the compose profile «small», by hand: the most memory that each ever held, under load."""

import asyncio
import json
import ssl
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from bench.figures import Figure
from bench.load import flat_out
from bench.scale import requests
from bench.subjects import Bench
from bench.world import APP_SECRET, drained, resident, understanding, world
from tests.fixtures.fleet import start_caddy
from tests.fixtures.platforms.webhooks import WhatsAppWebhooks
from tests.fixtures.process import children

COMPOSE = Path(__file__).resolve().parents[1] / "docker-compose.yml"
GIGABYTE = 1024
CONNECTIONS = 32


async def measure(bench: Bench) -> list[Figure]:
    """Faro with all its roles on SQLite, one reading process, and Caddy, which passes some of the messages.

    A container's limit counts what its processes share once; here each counts it, so this is the upper bound.
    """
    people = bench.pick(quick=100, full=1500)
    async with AsyncExitStack() as stack:
        nlu_url = await stack.enter_async_context(understanding(bench))
        faro = await stack.enter_async_context(world(bench, nlu_url=nlu_url, latency=(0.02, 0.1)))
        url, verify, caddy = await start_caddy(bench.folder, [faro.web.url], stack)
        messages = requests(faro.port, people=people, block=0)
        await flat_out(faro.port, messages, connections=CONNECTIONS)
        through = await _through(url, verify, people=people)
        await drained(faro.database_url, within=1800)
        keeper = int(json.loads((bench.folder / "nlu.json").read_text(encoding="utf-8"))["pid"])
        most = {
            "faro": resident(faro.web.pid, at_most=True),
            "nlu": sum(resident(pid, at_most=True) for pid in {keeper, *children(keeper)}),
            "caddy": resident(caddy, at_most=True),
        }
    limits = _limits()
    each = [Figure(f"{name}: most memory", (most[name],), "MB", limits[name]) for name in most]
    return [
        *each,
        Figure("together", (sum(most.values()),), "MB", GIGABYTE),
        Figure("limits of the compose file together", (sum(limits.values()),), "MB", GIGABYTE),
        Figure("messages", (float(len(messages) + through),), "", note=f"{through} of them through Caddy"),
    ]


async def _through(url: str, verify: ssl.SSLContext, *, people: int) -> int:
    """How many messages Caddy passed, many at once, each on a connection with TLS."""
    connector = aiohttp.TCPConnector(ssl=verify, limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as http:
        platform = WhatsAppWebhooks(http, f"{url}/webhooks/whatsapp", app_secret=APP_SECRET)
        statuses = await asyncio.gather(
            *(platform.post(platform.text(f"521571{n:07}", "busco trabajo en puebla")) for n in range(people))
        )
    return statuses.count(200)


def _limits() -> dict[str, float]:
    """MB of each container of the profile."""
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    small = {name: each["mem_limit"] for name, each in services.items() if "small" in each["profiles"]}
    return {name: float(limit.removesuffix("m")) for name, limit in small.items()}
