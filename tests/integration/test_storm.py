"""Everything at once: webhooks that come five times, also in the same instant, platforms that fail in every
way, an NLU that is slow or gone, a database that goes away and comes back. Each message is answered once.

FARO_STORM_SECONDS sets how long each database is in the storm, FARO_SEED repeats a run.
"""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.fixtures.platforms import Fault, GraphApi, TelegramApi, TelegramWebhooks, WhatsAppWebhooks
from tests.fixtures.platforms.telegram_api import too_many
from tests.fixtures.postgres import Postgres
from tests.fixtures.process import Process, faro, until
from tests.integration.test_kill import APP_SECRET, WEBHOOK_SECRET, open_rows, words

SECONDS = float(os.environ.get("FARO_STORM_SECONDS", "6"))
SEED = int(os.environ.get("FARO_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)
PEOPLE = 16
TEXTS = ("hola", "busco comida en tlapa guerrero", "menú")
DRAIN_SECONDS = 90.0


class Understanding:
    """An NLU server that answers late, wrongly, or not at all."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> "Understanding":
        app = web.Application()
        app.router.add_post("/model/parse", self._parse)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _parse(self, request: web.Request) -> web.Response:
        kind = self._dice.choice(("slow", "broken", "cut", "nonsense"))
        if kind == "slow":
            await asyncio.sleep(1.5)
        if kind == "cut" and request.transport:
            request.transport.abort()
        if kind == "nonsense":
            return web.json_response({"intent_ranking": [{"name": "food", "confidence": "much"}, 7]})
        return web.Response(status=500)


@pytest.fixture
async def stormy(url: str, tmp_path: Path) -> AsyncIterator[dict[str, Any]]:
    """Faro as a process, both platforms, and an NLU server nobody can rely on."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramApi())
        graph = await stack.enter_async_context(GraphApi())
        nlu = await stack.enter_async_context(Understanding(random.Random(SEED)))
        settings = {
            "FARO_DATABASE_URL": url,
            "FARO_SECRET_KEY": "a secret of forty characters for tests..",
            "FARO_NLU_URL": nlu.url,
            "FARO_TELEGRAM_TOKEN": telegram.token,
            "FARO_TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "FARO_TELEGRAM_API_URL": telegram.api_url,
            "FARO_WHATSAPP_TOKEN": graph.token,
            "FARO_WHATSAPP_PHONE_NUMBER_ID": graph.phone_number_id,
            "FARO_WHATSAPP_APP_SECRET": APP_SECRET,
            "FARO_WHATSAPP_VERIFY_TOKEN": "invented-verify-token",
            "FARO_WHATSAPP_API_URL": graph.api_url,
        }
        process: Process = await stack.enter_async_context(faro(tmp_path, **settings))
        await process.start()
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)))
        yield {
            "process": process,
            "telegram": telegram,
            "graph": graph,
            "to_telegram": TelegramWebhooks(http, f"{process.url}/webhooks/telegram", secret=WEBHOOK_SECRET),
            "to_whatsapp": WhatsAppWebhooks(http, f"{process.url}/webhooks/whatsapp", app_secret=APP_SECRET),
        }


def fault(dice: random.Random, refusals: list[Fault]) -> Fault | None:
    """Mostly none. None of them leaves it open whether the message was accepted: those are counted apart."""
    return dice.choice([None, None, *refusals])


async def write(storm: dict[str, Any], person: int, dice: random.Random) -> None:
    """A person's messages, each delivered five times: at once, then until it was heard."""
    for text in TEXTS:
        await asyncio.sleep(dice.uniform(0, SECONDS / len(TEXTS)))
        if person % 2:
            webhooks = storm["to_telegram"]
            payload = webhooks.text(6_000_000_000 + person, text)
        else:
            webhooks = storm["to_whatsapp"]
            payload = webhooks.notification(webhooks.text(f"52155100{person:05}", text))
        await webhooks.storm(payload, 4)
        await webhooks.until_accepted(payload, tries=600, wait=0.1)


def answers(storm: dict[str, Any]) -> Counter[str]:
    told = Counter(f"telegram {sent['chat_id']}" for sent in storm["telegram"].messages)
    told.update(f"whatsapp {sent['to']}" for sent in storm["graph"].messages)
    return told


async def weather(storm: dict[str, Any], dice: random.Random, database: Postgres | None) -> None:
    """Platforms that refuse, are slow and cut connections; the database away for a moment, half-way."""
    slow_down = Fault(400, {"error": {"code": 130429, "message": "slow", "fbtrace_id": "A"}})
    to_graph = [Fault(500, {}), slow_down, Fault(503, "<html>", seconds=0.3), Fault(429, "slow")]
    to_telegram = [Fault(500, "down"), too_many(1), Fault(502, "<html>", seconds=0.3)]
    for moment in range(int(SECONDS * 4)):
        storm["graph"].faults.extend(fault(dice, to_graph) for _ in range(3))
        storm["telegram"].faults.extend(fault(dice, to_telegram) for _ in range(3))
        if database and moment == int(SECONDS * 2):
            await asyncio.to_thread(database.stop)
            await asyncio.sleep(1)
            await asyncio.to_thread(database.start)
        await asyncio.sleep(0.25)
    storm["graph"].faults.clear()
    storm["telegram"].faults.clear()


async def test_every_message_is_answered_once_in_a_storm(
    stormy: dict[str, Any], engine: str, request: pytest.FixtureRequest
) -> None:
    sys.stdout.write(f"\nFARO_SEED={SEED} FARO_STORM_SECONDS={SECONDS}\n")
    dice = random.Random(SEED)
    database: Postgres | None = request.getfixturevalue("postgres") if engine == "postgres" else None

    writing = [write(stormy, person, random.Random(SEED + person)) for person in range(PEOPLE)]
    await asyncio.gather(weather(stormy, dice, database), *writing)

    async def is_drained() -> bool:
        return sum(answers(stormy).values()) >= PEOPLE * len(TEXTS)

    drained = await until(is_drained, seconds=DRAIN_SECONDS)
    told = answers(stormy)
    assert drained, f"seed {SEED}: {sum(told.values())} of {PEOPLE * len(TEXTS)}: {told}"
    await asyncio.sleep(1)
    assert set(answers(stormy).values()) == {len(TEXTS)}, f"seed {SEED}: {answers(stormy)}"
    assert len(answers(stormy)) == PEOPLE


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("cut", ["after", "middle", "half"])
async def test_an_answer_whose_acceptance_was_cut_off_is_repeated_once_at_most(
    stormy: dict[str, Any], cut: str
) -> None:
    stormy["graph"].always = Fault(cut=cut)
    webhooks = stormy["to_whatsapp"]
    number = "5215510099999"

    await webhooks.until_accepted(webhooks.notification(webhooks.text(number, "hola")))

    async def has_ended() -> bool:
        return bool(stormy["graph"].messages) and not await open_rows(
            stormy["process"]._environment["FARO_DATABASE_URL"]
        )

    assert await until(has_ended, seconds=40)
    told = [words(sent) for sent in stormy["graph"].messages]
    assert 1 <= len(told) <= 2
    assert len(set(told)) == 1
