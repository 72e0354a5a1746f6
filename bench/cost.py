"""What one message costs the parts of Faro: PostgreSQL's writes, a reading process's time, memory."""

import asyncio
import json
import time
from dataclasses import astuple, dataclass
from itertools import count
from pathlib import Path

import aiohttp
from sqlalchemy import text

from bench.figures import Figure
from bench.world import World, resident
from data.database import open_database
from tests.fixtures.process import children

_TELLS_LATE = 2.0
"""Seconds until PostgreSQL's processes have told what they wrote (they do once a second)."""
_ASK_AT_ONCE = 16
_WRITTEN = text(
    "SELECT d.xact_commit, d.tup_inserted + d.tup_updated + d.tup_deleted,"
    " pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8, w.wal_sync, pg_database_size(d.datid)"
    " FROM pg_stat_database d, pg_stat_wal w WHERE d.datname = current_database()"
)


@dataclass(frozen=True, slots=True)
class Written:
    """By a PostgreSQL since it was made: transactions, rows, bytes of log, flushes, bytes of tables."""

    transactions: float
    rows: float
    log: float
    flushes: float
    tables: float


async def written(url: str) -> Written:
    """Now, of a server of version 14 or newer."""
    await asyncio.sleep(_TELLS_LATE)
    database = open_database(url, pool=2)
    try:
        async with database.read() as connection:
            return Written(*map(float, (await connection.execute(_WRITTEN)).one()))
    finally:
        await database.close()


def writes(before: Written, after: Written, *, messages: int) -> list[Figure]:
    """For each message between the two: webhook, turn, answer and its status, all together."""
    transactions, rows, log, flushes, tables = (
        (late - early) / messages for early, late in zip(astuple(before), astuple(after), strict=True)
    )
    return [
        Figure("one message: rows written in PostgreSQL", (rows,), ""),
        Figure("one message: transactions in PostgreSQL", (transactions,), "", note="looks for work too"),
        Figure("one message: flushes of PostgreSQL to the disk", (flushes,), ""),
        Figure("one message: PostgreSQL's log", (log / 1000,), "kB"),
        Figure("one message: growth of PostgreSQL's tables", (tables / 1000,), "kB"),
    ]


async def texts_read(nlu_url: str, texts: list[str], *, seconds: float) -> float:
    """Texts a second that the reading processes behind an address answer, sixteen asked at once."""
    numbers, ends = count(), time.monotonic() + seconds

    async def ask(http: aiohttp.ClientSession) -> int:
        asked = 0
        while time.monotonic() < ends:
            body = {"text": texts[next(numbers) % len(texts)]}
            async with http.post(f"{nlu_url}/model/parse", json=body) as response:
                await response.read()
                asked += response.status == 200
        return asked

    # A connection for each question, as several workers have them: the processes share what is new.
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        began = time.monotonic()
        answered = await asyncio.gather(*(ask(http) for _ in range(_ASK_AT_ONCE)))
        return sum(answered) / (time.monotonic() - began)


def memory(faro: World, nlu_note: Path) -> list[Figure]:
    """Resident MB of a web process, a worker and a reading process, once the load is over."""
    web, worker = faro.processes[:2]
    keeper = int(json.loads(nlu_note.read_text(encoding="utf-8"))["pid"])
    reader = max(resident(pid) for pid in children(keeper))
    return [
        Figure("memory of a web process", (resident(web.pid),), "MB"),
        Figure("memory of a worker", (resident(worker.pid),), "MB"),
        Figure("memory of a reading process", (reader,), "MB", note=f"its keeper {resident(keeper):.0f} MB"),
    ]
