"""The one composition root: opens and closes the database, the clients, the loops and the scheduler."""

import asyncio
import gc
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import aiohttp

from bot import alarm, conversation, scheduler, understanding
from bot import web as site
from bot.alarms import Limits
from bot.backups import newest_age
from bot.channels import Channel
from bot.channels.telegram import Telegram, open_bot
from bot.channels.web import Web
from bot.channels.whatsapp import WhatsApp
from bot.core import Core
from bot.listening import listening
from bot.messages import Inbound
from bot.nlu_process import NluProcess
from bot.reporting import reporting
from bot.settings import Settings
from bot.state import State
from bot.understanding import Nlu
from bot.watching import Watch
from bot.worker import APART_SECONDS, IDLE_SECONDS, send_loop, turn_loop
from data import directory_store, seed_files
from data.database import Database, DatabaseAway, alone, migrate, open_database
from data.inbox_store import Intake
from data.keys import Keys
from services import hours, ladder, routes
from services.directory import Operator
from services.gazetteer import Gazetteer

log = logging.getLogger(__name__)

Role = Literal["all", "web", "worker", "scheduler"]
_FIRST_WORDS = "Hola. Somos una familia y buscamos dónde dormir en Tlapa, Guerrero."
SEED = Path(seed_files.__file__).parent / "seed" / "directory"


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Database]:
    """The database migrated and seeded: all that a command needs which talks with nobody."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database, pool=settings.database_pool)
    try:
        await migrate(database)
        await load_seed(database)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def open_core(settings: Settings) -> AsyncIterator[Core]:
    """The database, and everything a turn needs; no channel is opened."""
    async with open_store(settings) as database:
        yield Core(
            database=database,
            keys=Keys(settings.secret_key.get_secret_value(), old=settings.secret_key_old.get_secret_value()),
            channels={"web": Web()},
            reading=understanding.load(),
            gazetteer=Gazetteer.load(),
            ladder=ladder.load(),
            routes=routes.load(),
            operator=_operator(settings),
            report_threshold=settings.report_threshold,
            bot_link=settings.link,
            posters=settings.poster_codes,
        )


async def load_seed(database: Database) -> None:
    """Load the seed directory when its files are other than those loaded last."""
    fingerprint = _fingerprint(SEED)
    async with database.read() as connection:
        if await directory_store.seed_fingerprint(connection) == fingerprint:
            return
    loaded = seed_files.read(SEED)
    for error in loaded.errors:
        log.warning("seed: %s", error)
    async with database.write() as connection:
        await alone(connection)
        if await directory_store.seed_fingerprint(connection) == fingerprint:
            return  # another process that started in the same instant
        await directory_store.publish_seed(
            connection, loaded.services, fingerprint=fingerprint, now=datetime.now(UTC)
        )
    log.info("directory: %d services loaded, %d rows refused", len(loaded.services), len(loaded.errors))


async def serve(settings: Settings, role: Role = "all", *, stop: asyncio.Event) -> None:
    """Run until `stop`: web routes, loops and NLU process, or one role of them; then end in order."""
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(settings))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        core.channels.update(await _channels(settings, http, stack))
        wake: Callable[[], None] = _nothing
        await stack.enter_async_context(_reporting(core, settings, role))
        if role in ("all", "worker"):
            await stack.enter_async_context(_understanding(core, settings, http))
            idle = IDLE_SECONDS if role == "all" else APART_SECONDS
            wake = await stack.enter_async_context(_loops(core, idle=idle))
        if role in ("all", "scheduler"):
            stack.push_async_callback(scheduler.step_down, core)
            await stack.enter_async_context(scheduler.running(_jobs(core, settings, http)))
        if role in ("all", "web"):
            await stack.enter_async_context(_site(core, settings, wake))
        _leave_what_stays()
        await stop.wait()
        log.info("stopping: finishing what is in hand")


def _jobs(core: Core, settings: Settings, http: aiohttp.ClientSession) -> tuple[scheduler.Job, ...]:
    url, as_json = settings.alert_url.get_secret_value(), settings.alert_format == "json"
    tell = partial(alarm.tell, http, url, as_json=as_json)
    backups = Path(settings.backup_dir) if settings.backup_dir else None
    started = datetime.now(UTC)

    def limits() -> Limits:
        now = datetime.now(UTC)
        age = (newest_age(backups, now) or now - started) if backups else None
        expected = settings.telegram_is_on or settings.whatsapp_is_on
        return Limits(settings.quiet_hours, intake_expected=expected, backup_age=age)

    heartbeat = settings.heartbeat_url.get_secret_value()
    watch = Watch(core, tell, limits, http=http, heartbeat_url=heartbeat)
    budget = settings.whatsapp_monthly_budget
    return scheduler.jobs(
        core,
        sources_file=settings.sources_file,
        budget=budget,
        alarm=tell,
        watch=watch,
        backups=backups,
    )


@asynccontextmanager
async def _site(core: Core, settings: Settings, wake: Callable[[], None]) -> AsyncIterator[None]:
    intake = Intake(core.database)
    app = site.build(core, intake, settings, wake=wake, loaded=_leave_what_stays)
    page = "/chat" if settings.web_chat_is_on else ""
    async with listening(app, settings.host, settings.port):
        log.info("Faro is ready: http://%s:%d%s", settings.host, settings.port, page)
        yield


@asynccontextmanager
async def _loops(core: Core, *, idle: float) -> AsyncIterator[Callable[[], None]]:
    """Turns and sends; yields how to wake them. At the end they finish what they hold."""
    # One for each platform: one that is slow keeps nobody of another waiting.
    sends = [send_loop(core, name) for name in core.channels if name != "web"]

    def wake_sends() -> None:
        for loop in sends:
            loop.wake()

    await _warm(core)
    turns = turn_loop(core, after=wake_sends, idle=idle)
    async with asyncio.TaskGroup() as tasks:
        for loop in (turns, *sends):
            tasks.create_task(loop.run())
        try:
            yield turns.wake
        finally:
            for loop in (turns, *sends):
                loop.stop()


async def _warm(core: Core) -> None:
    """Load the directory, the holidays and the sound of every place now, not while the first person waits."""
    hours.is_holiday(datetime.now(UTC).date())
    with suppress(DatabaseAway):  # the first turn loads them once it is back
        async with core.database.read() as connection:
            directory = await core.directory(connection)
        said, state = Inbound(text=_FIRST_WORDS), State()
        meant = await understanding.understand(
            None, said, state=state, directory=directory, reading=core.reading
        )
        conversation.respond(state, said, meant, directory, datetime.now(UTC))


def _reporting(core: Core, settings: Settings, role: str) -> AbstractAsyncContextManager[None]:
    """With the disk of the backups: in containers it is the one whose room counts."""
    backups = (Path(settings.backup_dir),) if settings.backup_dir else ()
    return reporting(core, role, folder=settings.data_dir, others=backups)


@asynccontextmanager
async def _understanding(core: Core, settings: Settings, http: aiohttp.ClientSession) -> AsyncIterator[None]:
    """Use the NLU server that the settings name, or keep a process of our own."""
    if settings.nlu_url:
        core.nlu = Nlu(http, settings.nlu_url)
        yield
        return

    def changed(nlu: Nlu | None) -> None:
        core.nlu = nlu

    process = NluProcess(http, settings.data_dir / "nlu.json", changed=changed)
    try:
        async with _background(process.run()):
            yield
    finally:
        await process.stop()


async def _channels(
    settings: Settings, http: aiohttp.ClientSession, stack: AsyncExitStack
) -> dict[str, Channel]:
    """The platforms whose token is set."""
    channels: dict[str, Channel] = {}
    if settings.telegram_is_on:
        bot = await stack.enter_async_context(
            open_bot(settings.telegram_token.get_secret_value(), api_url=settings.telegram_api_url)
        )
        secret = settings.telegram_webhook_secret.get_secret_value()
        channels["telegram"] = Telegram(bot, webhook_secret=secret)
        stack.push_async_callback(channels["telegram"].settled)
    if settings.whatsapp_is_on:
        secrets = settings.whatsapp_app_secret.get_secret_value().split(",")
        channels["whatsapp"] = WhatsApp(
            http,
            token=settings.whatsapp_token.get_secret_value(),
            phone_number_id=settings.whatsapp_phone_number_id,
            app_secrets=tuple(secret.strip() for secret in secrets if secret.strip()),
            api_url=settings.whatsapp_api_url,
            per_second=settings.whatsapp_per_second,
        )
        stack.push_async_callback(channels["whatsapp"].settled)
    return channels


@asynccontextmanager
async def _background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Something that runs for ever, ended with the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _operator(settings: Settings) -> Operator:
    return Operator(
        name=settings.operator_name,
        contact=settings.operator_contact,
        privacy_url=settings.privacy_url,
        retention_days=settings.retention_days,
        idle_minutes=settings.idle_minutes,
        casework_team=settings.casework_team == "on",
        request_days=settings.request_days,
        audit_days=settings.audit_days,
        keeps_phrases=settings.missed_phrases == "on",
    )


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(path.name.encode() + b"\x00" + path.read_bytes())
    return digest.hexdigest()


def _leave_what_stays() -> None:
    """What was loaded for good is never searched for garbage again: a search through all of it holds up
    everybody for 0.1 to 0.2 s."""
    gc.collect()
    gc.freeze()


def _nothing() -> None:
    """A web process without a worker has nobody to wake; workers look by themselves."""
