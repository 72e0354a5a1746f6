"""What tests share: the real seed directory, gazetteer and rules, read once, and the databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import pytest

from bot import understanding
from bot.understanding import Reading
from data import seed_files
from services import directory as directories
from services import ladder, routes
from services.directory import Directory, Operator
from services.gazetteer import Gazetteer
from tests.fixtures import databases
from tests.fixtures.postgres import Postgres, running

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # a Monday, noon in central Mexico


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    databases.parametrize(metafunc)


@cache
def seed_gazetteer() -> Gazetteer:
    return Gazetteer.load()


@cache
def seed_directory() -> Directory:
    """For property tests, which print their arguments when they fail: this one is too large to print."""
    loaded = seed_files.read()
    assert not loaded.errors
    return directories.build(
        loaded.services,
        version=1,
        gazetteer=seed_gazetteer(),
        ladder=ladder.load(),
        routes=routes.load(),
        operator=Operator(),
    )


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return seed_gazetteer()


@pytest.fixture(scope="session")
def directory() -> Directory:
    return seed_directory()


@pytest.fixture(scope="session")
def reading() -> Reading:
    return understanding.load()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def shared_engine(request: pytest.FixtureRequest) -> str:
    """«sqlite» or «postgres»: the database of a Faro that the tests of a file share."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def shared_url(shared_engine: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database that the tests of a file share; empty: SQLite in Faro's data folder."""
    if shared_engine == "sqlite":
        yield ""
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop_database(url)
