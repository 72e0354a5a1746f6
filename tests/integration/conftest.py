"""Both databases, empty or with the seed directory in them, and the open parts of Faro on top."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot import app
from bot.channels.telegram import Telegram, open_bot
from bot.channels.web import Web
from bot.core import Core
from bot.settings import read
from data.database import Database, open_database
from data.keys import Keys
from tests.fixtures.panel import PanelServer, panel_of
from tests.fixtures.platforms import TelegramApi
from tests.fixtures.postgres import Postgres

SECRET = "a secret of forty characters for tests.."
WEBHOOK_SECRET = "invented-webhook-secret"


@dataclass(frozen=True)
class Seeded:
    """Faro opened once a session: its rules and gazetteer, and a SQLite file with the seed directory."""

    core: Core
    sqlite: Path


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    folder = tmp_path_factory.mktemp("seeded")

    async def opened() -> Core:
        async with app.open_core(read(data_dir=folder, secret_key=SECRET)) as core:
            return core

    with asyncio.Runner() as runner:
        return Seeded(runner.run(opened()), folder / "faro.db")


@pytest.fixture(scope="session")
def seeded_postgres(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database to copy."""
    url = postgres.new_database()

    async def fill() -> None:
        async with app.open_core(read(data_dir=tmp_path_factory.mktemp("s"), database_url=url)):
            return

    with asyncio.Runner() as runner:
        runner.run(fill())
    return url


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """«sqlite» or «postgres»: a test that asks for it, or for what stands on it, runs on both.

    See `tests/fixtures/databases.py` for the exceptions.
    """
    name: str = request.param
    return name


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if engine == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'faro.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop_database(url)


@pytest.fixture
def url(engine: str, request: pytest.FixtureRequest, seeded: Seeded, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the seed directory and nobody in it."""
    if engine == "sqlite":
        shutil.copy(seeded.sqlite, tmp_path / "faro.db")
        yield f"sqlite+aiosqlite:///{tmp_path / 'faro.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    copy = server.new_database(like=request.getfixturevalue("seeded_postgres"))
    yield copy
    server.drop_database(copy)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = open_database(url)
    yield opened
    await opened.close()


@pytest.fixture
async def another(url: str) -> AsyncIterator[Database]:
    """The same database as a second process sees it."""
    opened = open_database(url)
    yield opened
    await opened.close()


@pytest.fixture
async def telegram_api() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as api:
        yield api


@pytest.fixture
async def core(seeded: Seeded, database: Database, telegram_api: TelegramApi) -> AsyncIterator[Core]:
    """Faro on a database of its own, with the web chat and Telegram."""
    async with core_on(seeded, database, telegram_api) as opened:
        yield opened


@pytest.fixture
async def second_core(seeded: Seeded, another: Database, telegram_api: TelegramApi) -> AsyncIterator[Core]:
    """Another process of the same Faro."""
    async with core_on(seeded, another, telegram_api) as opened:
        yield opened


@asynccontextmanager
async def core_on(
    seeded: Seeded, database: Database, api: TelegramApi, *, keys: Callable[[], Keys] = lambda: Keys(SECRET)
) -> AsyncIterator[Core]:
    async with open_bot(api.token, api_url=api.api_url) as bot:
        channels = {"web": Web(), "telegram": Telegram(bot, webhook_secret=WEBHOOK_SECRET)}
        yield replace(seeded.core, database=database, keys=keys(), channels=channels, _directory=None)


@pytest.fixture
async def panel(core: Core, tmp_path: Path) -> AsyncIterator[PanelServer]:
    """The caseworkers' panel, served."""
    async with panel_of(core, read(data_dir=tmp_path, secret_key=SECRET)) as served:
        yield served
