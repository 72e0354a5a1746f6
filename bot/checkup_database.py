"""Doctor's look at the database: its schema, clock and room, the directory in it, and who works on it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import alarms, metrics, standing
from bot.alarms import Limits
from bot.checkup import Finding, fault, warning, well
from bot.settings import Settings
from bot.standing import Standing
from data import operation_store
from data.database import Database, DatabaseAway, known_revisions, open_database, revisions

_CLOCK_SECONDS = 5.0
_OTHER_NUMBER = (f"{metrics.REFUSED.name}_total", "channel=whatsapp,reason=other_number")
_SIGNS = {"no_worker", "no_web", "no_nlu", "disk", "backup"}
"""Alarms that other checks tell better, or that only say that Faro is not started yet."""


async def findings(settings: Settings, now: datetime) -> list[Finding]:
    """Every finding about the database; the first fault ends the look."""
    database = open_database(settings.database)
    try:
        found = await _schema(database)
        if found.level.value != "well":
            return [found]
        return [found, *await _writes(database, settings, now), *await _stands(database, settings, now)]
    except DatabaseAway as error:
        said = str(error)
        return [fault("database", f"{said[0].upper()}{said[1:]}.")]
    finally:
        await database.close()


async def _schema(database: Database) -> Finding:
    revision, newest = await revisions(database)
    if revision is None:
        return warning("database", "It has no tables yet; «faro serve» makes them at its first start.")
    if revision not in known_revisions():
        return fault(
            "database", "It was made by a newer Faro; install that version, or restore a backup from before."
        )
    if revision != newest:
        return warning(
            "database",
            f"It is at revision {revision} and this Faro needs {newest}; «faro migrate», or the next"
            " start, brings it there.",
        )
    return well("database", f"answers, at revision {revision}")


async def _writes(database: Database, settings: Settings, now: datetime) -> list[Finding]:
    async with database.write() as connection:
        await operation_store.try_to_store(connection, now=now)
        moment = await operation_store.moment(connection)
        server = await _server(connection) if not database.is_sqlite else {}
    return [*_clock(moment), *_connections(server, settings)]


def _clock(moment: datetime | None) -> Iterator[Finding]:
    if moment is None:
        return
    off = abs((datetime.now(UTC) - moment).total_seconds())
    if off > _CLOCK_SECONDS:
        yield fault(
            "clock",
            f"This machine and the database server differ by {off:.0f} seconds; set up NTP on both, or"
            " messages are taken for late.",
        )


async def _server(connection: AsyncConnection) -> dict[str, Any]:
    query = text(
        "SELECT current_setting('max_connections')::int AS most,"
        " (SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL) AS used,"
        " current_setting('server_version_num')::int AS version,"
        " current_setting('server_encoding') AS encoding"
    )
    return dict((await connection.execute(query)).mappings().one())


def _connections(server: dict[str, Any], settings: Settings) -> Iterator[Finding]:
    if not server:
        return
    if server["version"] < 130000:
        yield warning("database", "The server is older than PostgreSQL 13; upgrade it.")
    if server["encoding"] != "UTF8":
        yield fault("database", "The database's encoding is not UTF8; make it again with ENCODING 'UTF8'.")
    left = server["most"] - server["used"]
    if left < settings.database_pool:
        yield warning(
            "database",
            f"Of the server's {server['most']} connections {server['used']} are in use; another process of"
            f" Faro takes up to {settings.database_pool}. Raise max_connections or lower FARO_DATABASE_POOL.",
        )


async def _stands(database: Database, settings: Settings, now: datetime) -> list[Finding]:
    seen = await standing.look_at(database, now)
    limits = Limits(settings.quiet_hours, intake_expected=settings.telegram_is_on or settings.whatsapp_is_on)
    told = {name: said for name, said in alarms.judge(seen, limits).items() if name not in _SIGNS}
    found = [(fault if name == "inbox_age" else warning)("operation", said) for name, said in told.items()]
    return [*found, *_directory(seen), *_processes(seen), *await _numbers(database, settings, seen)]


async def _numbers(database: Database, settings: Settings, seen: Standing) -> list[Finding]:
    """Meta calls for every number of an account: that others come is a fault only while ours does not."""
    others = seen.counts.get(_OTHER_NUMBER, 0)
    if not (others and settings.whatsapp_is_on):
        return []
    async with database.read() as connection:
        if await operation_store.last_received(connection, channel="whatsapp"):
            return []
    return [
        fault(
            "whatsapp",
            f"{others:.0f} webhooks came for another phone number and no message for this one; set"
            " FARO_WHATSAPP_PHONE_NUMBER_ID to the id of the number that people write to.",
        )
    ]


def _directory(seen: Standing) -> Iterator[Finding]:
    fresh = seen.freshness
    if not fresh.services:
        return
    share = fresh.stale / fresh.services
    sentence = (
        f"{fresh.services} services, {share:.0%} of them not verified within {standing.STALE.days} days"
    )
    yield (
        warning("directory", f"{sentence}; caseworkers verify them in the panel.")
        if share > 0.5
        else well("directory", sentence)
    )


def _processes(seen: Standing) -> Iterator[Finding]:
    roles = seen.roles()
    if not roles:
        yield warning("processes", "No process of Faro runs on this database; start «faro serve».")
        return
    for role in ("web", "worker", "scheduler"):
        if role not in roles:
            yield fault("processes", f"No {role} runs; start «faro serve --only {role}».")
    versions = sorted({process.version for process in seen.processes})
    if len(versions) > 1:
        yield warning(
            "processes", f"Different versions run together ({', '.join(versions)}); finish the upgrade."
        )
    elif {"web", "worker", "scheduler"} <= roles:
        yield well("processes", f"{len(seen.processes)} run, version {versions[0]}")
