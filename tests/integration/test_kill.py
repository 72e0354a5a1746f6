"""Faro is killed at random instants under load: no message is lost, none is answered twice.

FARO_KILL_SECONDS sets how long each database is under fire, FARO_SEED repeats a run.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.nlu_process import NluUnavailable, check_installed
from data.database import open_database
from data.tables import inbox, outbox
from tests.conftest import seed_directory
from tests.fixtures.platforms import GraphApi, TelegramApi, TelegramWebhooks, WhatsAppWebhooks
from tests.fixtures.process import CLOSED_PORT, Process, children, faro, is_alive, until
from tests.fixtures.require import require

SECONDS = float(os.environ.get("FARO_KILL_SECONDS", "15"))
SEED = int(os.environ.get("FARO_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)
MIN_KILLS = 3
PEOPLE = 30
MESSAGES = 4
"""Of each person: below every limit on how fast one person is answered."""
DRAIN_SECONDS = 45.0
NOTED_WITHIN = 2.0
"""How long after the platform accepted an answer a kill can still keep Faro from knowing it."""
APP_SECRET = "invented-app-secret"
WEBHOOK_SECRET = "invented-webhook-secret"


@dataclass
class World:
    """Faro and both platforms around it."""

    process: Process
    telegram: TelegramApi
    whatsapp: GraphApi
    to_telegram: TelegramWebhooks
    to_whatsapp: WhatsAppWebhooks
    database_url: str
    kills: list[float] = field(default_factory=list)

    async def kill(self) -> None:
        self.kills.append(time.time())
        await self.process.kill()

    def answers(self) -> dict[str, list[tuple[float, str]]]:
        """Of each person: when each answer was accepted, and its words, in that order."""
        found: dict[str, list[tuple[float, str]]] = {}
        for sent in self.telegram.messages:
            found.setdefault(f"telegram {sent['chat_id']}", []).append((sent["at"], sent["text"]))
        for sent in self.whatsapp.messages:
            found.setdefault(f"whatsapp {sent['to']}", []).append((sent["at"], words(sent)))
        return found

    def count(self) -> int:
        return len(self.telegram.messages) + len(self.whatsapp.messages)


def words(sent: dict[str, Any]) -> str:
    text: str = sent["text"]["body"] if "text" in sent else sent["interactive"]["body"]["text"]
    return text


@pytest.fixture
async def world(url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A Faro that is not started yet."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramApi())
        whatsapp = await stack.enter_async_context(GraphApi())
        telegram.latency = whatsapp.latency = (0.01, 0.15)
        settings = {
            "FARO_DATABASE_URL": url,
            "FARO_SECRET_KEY": "a secret of forty characters for tests..",
            "FARO_NLU_URL": CLOSED_PORT,
            "FARO_TELEGRAM_TOKEN": telegram.token,
            "FARO_TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "FARO_TELEGRAM_API_URL": telegram.api_url,
            "FARO_WHATSAPP_TOKEN": whatsapp.token,
            "FARO_WHATSAPP_PHONE_NUMBER_ID": whatsapp.phone_number_id,
            "FARO_WHATSAPP_APP_SECRET": APP_SECRET,
            "FARO_WHATSAPP_VERIFY_TOKEN": "invented-verify-token",
            "FARO_WHATSAPP_API_URL": whatsapp.api_url,
        }
        process = await stack.enter_async_context(faro(tmp_path, **settings))
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)))
        to_telegram = TelegramWebhooks(http, f"{process.url}/webhooks/telegram", secret=WEBHOOK_SECRET)
        to_whatsapp = WhatsAppWebhooks(http, f"{process.url}/webhooks/whatsapp", app_secret=APP_SECRET)
        yield World(process, telegram, whatsapp, to_telegram, to_whatsapp, url)


def questions() -> list[tuple[str, str]]:
    """Buttons whose answers can be told apart: (id of the option, words that stand in its answer only)."""
    services = seed_directory()._by_id.values()
    names = Counter(service.name for service in services)
    unlike = [s for s in services if names[s.name] == 1 and len(s.name) > 20]
    picked: list[tuple[str, str]] = []
    for service in unlike:
        if not any(service.name in name or name in service.name for _, name in picked):
            picked.append((f"service:{service.id}", service.name))
    assert len(picked) >= MESSAGES
    return picked[:MESSAGES]


async def write_to(world: World, person: int, dice: random.Random) -> None:
    """One person taps one button after the other; the platform delivers each until it hears 200."""
    for option, _ in questions():
        await asyncio.sleep(dice.uniform(0, 2 * SECONDS / MESSAGES))
        if person % 2:
            await deliver(world.to_telegram, world.to_telegram.tap(5_000_000_000 + person, option), dice)
        else:
            content = {"type": "button_reply", "button_reply": {"id": option, "title": "Más datos"}}
            message = world.to_whatsapp.message(f"52155000{person:05}", "interactive", content)
            await deliver(world.to_whatsapp, world.to_whatsapp.notification(message), dice)


async def deliver(
    webhooks: TelegramWebhooks | WhatsAppWebhooks, payload: object, dice: random.Random
) -> None:
    """Some deliveries come five times in the same instant, and once more later."""
    if dice.random() < 0.2:
        await webhooks.storm(payload, 5)
    await webhooks.until_accepted(payload, tries=1000, wait=0.3)


async def fire(world: World, dice: random.Random) -> None:
    """Kill and start again until the time is over; now and then before it is even up."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline or len(world.kills) < MIN_KILLS:
        if dice.random() < 0.2:
            await world.process.launch()
            await asyncio.sleep(dice.uniform(0.5, 4))
        else:
            await world.process.start()
            await asyncio.sleep(dice.uniform(0.1, 1.5))
        await world.kill()
    await world.process.start()


async def drained(world: World, expected: int) -> None:
    """Wait until everybody has been answered, and a little longer for what should not come."""

    async def is_drained() -> bool:
        return world.count() >= expected and not await open_rows(world.database_url)

    await until(is_drained, seconds=DRAIN_SECONDS)
    await asyncio.sleep(1)


async def open_rows(url: str) -> int:
    """Messages without an answer, and answers that were not sent."""
    database = open_database(url)
    try:
        async with database.read() as connection:
            messages = select(func.count()).select_from(inbox).where(inbox.c.status == "waiting")
            answers = select(func.count()).where(outbox.c.status.in_(["waiting", "sending"]))
            return (await connection.scalar(messages) or 0) + (await connection.scalar(answers) or 0)
    finally:
        await database.close()


def told_apart(answers: list[tuple[float, str]]) -> list[tuple[float, int]]:
    """Which question each answer belongs to."""
    names = [name for _, name in questions()]
    found = []
    for at, text in answers:
        matches = [number for number, name in enumerate(names) if name in text]
        assert len(matches) == 1, f"an answer to nothing that was asked: {text!r}"
        found.append((at, matches[0]))
    return found


def repeated(answers: list[tuple[float, int]], kills: list[float]) -> tuple[list[int], int]:
    """The answers without those whose acceptance a kill cut off, and how many those were."""
    kept: list[tuple[float, int]] = []
    cut_off = 0
    for at, number in answers:
        if kept and kept[-1][1] == number and cut_between(kept[-1][0], at, kills):
            cut_off += 1
            continue
        kept.append((at, number))
    return [number for _, number in kept], cut_off


def cut_between(accepted: float, again: float, kills: list[float]) -> bool:
    return any(accepted - 0.5 <= kill <= min(again, accepted + NOTED_WITHIN) for kill in kills)


async def test_no_message_is_lost_and_none_answered_twice_when_faro_is_killed(world: World) -> None:
    sys.stdout.write(f"\nFARO_SEED={SEED} FARO_KILL_SECONDS={SECONDS}\n")
    dice = random.Random(SEED)

    writing = [write_to(world, person, random.Random(SEED + person)) for person in range(PEOPLE)]
    await asyncio.gather(fire(world, dice), *writing)
    await drained(world, PEOPLE * MESSAGES)

    answers = world.answers()
    assert len(answers) == PEOPLE, f"seed {SEED}: only {len(answers)} of {PEOPLE} were answered"
    cut_off = 0
    for person, told in answers.items():
        numbers, repeats = repeated(told_apart(told), world.kills)
        cut_off += repeats
        assert numbers == list(range(MESSAGES)), f"seed {SEED}: {person} got {numbers}"
    sys.stdout.write(
        f"{PEOPLE * MESSAGES} messages, {len(world.kills)} kills, {cut_off} sends cut off and repeated\n"
    )
    assert await open_rows(world.database_url) == 0
    assert await world.process.end() == 0


@pytest.mark.usually_on("sqlite")
async def test_sigterm_finishes_what_is_in_hand_and_does_not_wait_for_a_page_that_waits(world: World) -> None:
    world.telegram.latency = (1.5, 1.5)
    await world.process.start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await browser.get(f"{world.process.url}/chat")
        page = asyncio.create_task(browser.get(f"{world.process.url}/chat/messages"))
        option, name = questions()[0]
        assert await world.to_telegram.post(world.to_telegram.tap(5_000_000_001, option)) == 200
        assert await until(lambda: sending(world.database_url), seconds=20)

        began = time.monotonic()
        status = await world.process.end(signal.SIGTERM, within=40)
        took = time.monotonic() - began
        await asyncio.gather(page, return_exceptions=True)

    assert status == 0
    assert took < 10, f"it took {took:.0f} s"
    assert [name in sent["text"] for sent in world.telegram.messages] == [True]
    assert await open_rows(world.database_url) == 0


async def sending(url: str) -> int:
    database = open_database(url)
    try:
        async with database.read() as connection:
            return await connection.scalar(select(func.count()).where(outbox.c.status == "sending")) or 0
    finally:
        await database.close()


@pytest.mark.nlu
@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGKILL], ids=lambda s: s.name)
async def test_no_child_outlives_faro(url: str, tmp_path: Path, name: signal.Signals) -> None:
    try:
        check_installed()
    except NluUnavailable as missing:
        require("nlu", str(missing))
    async with faro(tmp_path, FARO_DATABASE_URL=url) as process:
        await process.start()

        async def child() -> set[int]:
            return children(process.pid)

        async def is_gone() -> bool:
            return not any(map(is_alive, started))

        assert await until(child, seconds=20)
        started = await child()

        status = await process.end(name)

        assert await until(is_gone, seconds=15)
        assert status == (-9 if name is signal.SIGKILL else 0)
