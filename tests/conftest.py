"""What tests share: the real seed directory, gazetteer and rules, read once."""

from datetime import UTC, datetime

import pytest

from bot import understanding
from bot.understanding import Reading
from data import seed_files
from services import directory as directories
from services import ladder
from services.directory import Directory, Operator
from services.gazetteer import Gazetteer

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # a Monday, noon in central Mexico


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def directory(gazetteer: Gazetteer) -> Directory:
    loaded = seed_files.read()
    assert not loaded.errors
    return directories.build(
        loaded.services, version=1, gazetteer=gazetteer, ladder=ladder.load(), operator=Operator()
    )


@pytest.fixture(scope="session")
def reading() -> Reading:
    return understanding.load()


@pytest.fixture
def now() -> datetime:
    return NOW
