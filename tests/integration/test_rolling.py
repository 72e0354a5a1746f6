"""Several machines' worth of processes on one database: restarted one by one under load, nothing is lost.

FARO_ROLLING_SECONDS (10) and FARO_SEED repeat a run; both are printed.
"""

import asyncio
import os
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from data.database import open_database
from data.tables import lease
from tests.fixtures.fleet import METRICS_TOKEN, Fleet, fleet
from tests.fixtures.process import until
from tests.integration.test_kill import open_rows, questions, told_apart, words

SECONDS = float(os.environ.get("FARO_ROLLING_SECONDS", "10"))
SEED = int(os.environ.get("FARO_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)
PEOPLE = 20
MESSAGES = 3
DRAIN_SECONDS = 45.0

pytestmark = pytest.mark.only_on("postgres")


@pytest.fixture
async def running(url: str, tmp_path: Path) -> AsyncIterator[Fleet]:
    async with fleet(tmp_path, url, web=2, worker=2, scheduler=1) as made:
        made.telegram.latency = made.whatsapp.latency = (0.01, 0.1)
        yield made


async def write(made: Fleet, person: int, dice: random.Random) -> None:
    for option, _ in questions()[:MESSAGES]:
        await asyncio.sleep(dice.uniform(0, 2 * SECONDS / MESSAGES))
        if person % 2:
            tap = made.to_telegram.tap(7_000_000_000 + person, option)
            await made.to_telegram.until_accepted(tap, wait=0.3)
        else:
            content = {"type": "button_reply", "button_reply": {"id": option, "title": "Más datos"}}
            message = made.to_whatsapp.message(f"52155100{person:05}", "interactive", content)
            await made.to_whatsapp.until_accepted(made.to_whatsapp.notification(message), wait=0.3)


async def restart_all(made: Fleet, dice: random.Random) -> Counter[str]:
    """One after the other, as an upgrade does, until the time is over; of each role at least one."""
    done: Counter[str] = Counter()
    deadline = time.monotonic() + SECONDS
    roles = {member.role for member in made.members}
    while time.monotonic() < deadline or set(done) != roles:
        left = [member for member in made.members if member.role not in done] or made.members
        member = dice.choice(left)
        assert await member.process.end(within=60) == 0, member.process.said[-2000:]
        await member.start()
        done[member.role] += 1
    return done


def answers_of(made: Fleet) -> dict[str, list[tuple[float, str]]]:
    """Of each person: when each answer was accepted, and its words."""
    answers: dict[str, list[tuple[float, str]]] = {}
    for sent in made.telegram.messages:
        answers.setdefault(f"t{sent['chat_id']}", []).append((sent["at"], sent["text"]))
    for sent in made.whatsapp.messages:
        answers.setdefault(f"w{sent['to']}", []).append((sent["at"], words(sent)))
    return answers


async def leader(url: str) -> str | None:
    database = open_database(url)
    try:
        async with database.read() as connection:
            return await connection.scalar(select(lease.c.holder).where(lease.c.name == "scheduler"))
    finally:
        await database.close()


async def test_a_rolling_restart_under_load_loses_nothing_and_answers_nobody_twice(
    running: Fleet, url: str
) -> None:
    sys.stdout.write(f"\nFARO_SEED={SEED} FARO_ROLLING_SECONDS={SECONDS}\n")
    dice = random.Random(SEED)

    writing = [write(running, person, random.Random(SEED + person)) for person in range(PEOPLE)]
    done, _ = await asyncio.gather(restart_all(running, dice), asyncio.gather(*writing))

    def count() -> int:
        return len(running.telegram.messages) + len(running.whatsapp.messages)

    async def is_drained() -> bool:
        return count() >= PEOPLE * MESSAGES and not await open_rows(url)

    assert await until(is_drained, seconds=DRAIN_SECONDS), f"seed {SEED}: {count()} of {PEOPLE * MESSAGES}"
    for person, told in answers_of(running).items():
        assert [number for _, number in told_apart(told)] == list(range(MESSAGES)), f"seed {SEED}: {person}"
    assert len(answers_of(running)) == PEOPLE
    statuses = Counter((*running.to_telegram.statuses, *running.to_whatsapp.statuses))
    sys.stdout.write(f"restarted {dict(done)}; webhooks answered {dict(statuses)}\n")
    assert set(statuses) == {200}

    async def has_leader() -> bool:
        return bool(await leader(url))

    assert await until(has_leader, seconds=60)
    await check_metrics(running)


async def check_metrics(made: Fleet) -> None:
    """One web process tells for all; through the proxy nobody sees it."""
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    async with made.http.get(f"{made.of('web')[0].process.url}/metrics", headers=headers) as response:
        page = await response.text()
    assert 'faro_processes{role="worker"' in page
    assert f'faro_answered_total{{channel="telegram"}} {PEOPLE * MESSAGES / 2}' in page
    for path in ("/metrics", "/health/ready", "/health/live"):
        async with made.http.get(f"{made.url}{path}", headers=headers) as response:
            assert response.status == 404
