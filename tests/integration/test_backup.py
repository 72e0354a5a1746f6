"""A backup brings everything back, on the same database or the other one; people only when asked, sealed."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import backups, turn
from bot.core import Core
from bot.messages import Inbound, Received
from bot.settings import read
from data import backup, counter_store, inbox_store, process_store
from data.backup import LEFT_OUT, PEOPLE, BadBackup, kept_tables
from data.database import Database, migrate, open_database
from data.keys import Keys
from data.tables import metadata
from tests.fixtures.postgres import Postgres
from tests.integration.conftest import SECRET

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
WORDS = "busco dónde dormir en Tlapa"
KEYS = Keys(SECRET)


def ignore(table: str, rows: int) -> None:
    """No progress is shown in tests."""


async def write(database: Database, path: Path, *, with_people: bool) -> backup.Contents:
    return await backup.write(database, KEYS, path, with_people=with_people, now=NOW, progress=ignore)


async def rows_of(database: Database, *, with_people: bool) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    async with database.read() as connection:
        for table in kept_tables(with_people=with_people):
            if table.name == "directory_version":
                continue  # raised, so that every process reloads
            query = select(table).order_by(*table.primary_key)
            found[table.name] = [tuple(row) for row in await connection.execute(query)]
    return found


async def fill(core: Core) -> None:
    """A person with a message that waits, one that was answered, and counters."""
    for number, text in enumerate((WORDS, "gracias")):
        received = Received(f"m{number}", f"person{number}", "4242424242", Inbound(text=text))
        async with core.database.write() as connection:
            await inbox_store.accept(connection, [turn.arrival(core.keys, "telegram", received)], NOW)
            await counter_store.add(connection, {("faro_answered_total", "channel=telegram"): 41.0})
    async with core.database.read() as connection:
        person = await connection.scalar(select(metadata.tables["inbox"].c.person_id).limit(1))
        (waiting,) = await inbox_store.waiting_of(connection, person)
    await turn.take(core, waiting, now=NOW)


def test_every_table_is_kept_or_left_out_on_purpose() -> None:
    names = {table.name for table in metadata.sorted_tables}

    assert names >= PEOPLE | LEFT_OUT
    assert not PEOPLE & LEFT_OUT
    assert {"service", "change", "account", "counter"} <= {t.name for t in kept_tables(with_people=False)}


@pytest.fixture
async def emptied(postgres: Postgres, engine: str, tmp_path: Path) -> Database:
    """An empty database of the other kind than `database`."""
    url = postgres.new_database() if engine == "sqlite" else f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"
    other = open_database(url)
    await migrate(other)
    return other


@pytest.mark.postgres
@pytest.mark.parametrize("with_people", [False, True], ids=["without people", "with people"])
async def test_what_was_backed_up_comes_back_in_the_other_database(
    core: Core, emptied: Database, tmp_path: Path, with_people: bool
) -> None:
    await fill(core)
    path = tmp_path / "faro.backup"

    await write(core.database, path, with_people=with_people)
    await backup.restore(emptied, KEYS, path, progress=ignore)

    before = await rows_of(core.database, with_people=with_people)
    after = await rows_of(emptied, with_people=with_people)
    assert after == before
    assert len(after["service"]) > 100
    if with_people:
        assert len(after["person"]) == 2
    else:
        assert (await rows_of(emptied, with_people=True))["person"] == []
    await emptied.close()


async def test_a_restored_database_counts_on_and_is_reloaded_by_every_process(
    core: Core, tmp_path: Path
) -> None:
    await fill(core)
    path = tmp_path / "faro.backup"
    await write(core.database, path, with_people=True)
    async with core.database.read() as connection:
        version = (await core.directory(connection)).version

    await backup.restore(core.database, KEYS, path, progress=ignore)

    async with core.database.read() as connection:
        assert (await core.directory(connection)).version > version
    received = Received("new", "somebody", "1", Inbound(text="hola"))
    async with core.database.write() as connection:
        await inbox_store.accept(connection, [turn.arrival(core.keys, "telegram", received)], NOW)


async def test_a_backup_says_nothing_about_people_unless_asked_and_never_in_the_open(
    core: Core, tmp_path: Path
) -> None:
    await fill(core)
    await write(core.database, tmp_path / "without", with_people=False)
    await write(core.database, tmp_path / "with", with_people=True)

    plain = gzip.decompress((tmp_path / "without").read_bytes()).decode()
    sealed = gzip.decompress((tmp_path / "with").read_bytes()).decode()
    ids = (await rows_of(core.database, with_people=True))["person"]

    assert not {json.loads(line).get("t") for line in plain.splitlines()} & PEOPLE
    for person in ids:
        assert str(person[0]) not in plain + sealed
    for secret in (SECRET, WORDS, "4242424242"):
        assert secret not in plain + sealed
    assert (tmp_path / "with").stat().st_mode & 0o777 == 0o600


async def test_people_sealed_with_another_key_are_refused_and_nothing_changes(
    core: Core, tmp_path: Path
) -> None:
    await fill(core)
    await write(core.database, tmp_path / "b", with_people=True)
    before = await rows_of(core.database, with_people=True)

    with pytest.raises(BadBackup, match="FARO_SECRET_KEY"):
        await backup.restore(core.database, Keys("another secret " * 3), tmp_path / "b", progress=ignore)

    assert await rows_of(core.database, with_people=True) == before


@pytest.mark.usually_on("sqlite")
async def test_a_file_that_is_not_a_whole_backup_is_refused_and_nothing_changes(
    core: Core, tmp_path: Path
) -> None:
    good = tmp_path / "good"
    await write(core.database, good, with_people=False)
    raw = gzip.decompress(good.read_bytes())
    lines = raw.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if b'"t":"service"' in line)
    named = lines[at].replace(b'"t":"service"', b'"t":"zzservice"')
    column = lines[at].replace(b'"name":', b'"zzname":')
    bad: dict[str, bytes | None] = {
        "missing": None,
        "empty": b"",
        "not packed": raw,
        "cut off": good.read_bytes()[: good.stat().st_size // 2],
        "no end": gzip.compress(b"".join(lines[:-1])),
        "a line less": gzip.compress(b"".join(lines[:1] + lines[2:])),
        "a row changed": gzip.compress(b"".join([*lines[:at], column, *lines[at + 1 :]])),
        "a table of its own": gzip.compress(b"".join([*lines[:at], named, *lines[at + 1 :]])),
        "something else": gzip.compress(b'{"hello": 1}\n'),
        "a list": gzip.compress(b"[1]\n"),
        "deep": gzip.compress(b"[" * 100_000),
        "noise": gzip.compress(b"\xff\x00" * 1000),
    }
    before = await rows_of(core.database, with_people=True)

    for name, content in bad.items():
        path = tmp_path / "bad"
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(BadBackup) as refused:
            await backup.restore(core.database, KEYS, path, progress=ignore)
        assert str(refused.value).endswith("."), name
        assert "zz" not in str(refused.value), name

    assert await rows_of(core.database, with_people=True) == before


def signed(lines: list[dict[str, object]]) -> bytes:
    """A file whose checksum is right, whoever wrote it."""
    import hashlib

    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    end = json.dumps({"end": hashlib.sha256(body).hexdigest(), "rows": 0}).encode() + b"\n"
    return gzip.compress(body + end)


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize(
    "line",
    [
        {"t": "service", "r": {"id": "a", "zz": 1}},
        {"t": "service", "r": {"id": "a", "updated_at": "zz"}},
        {"t": "service", "r": 7},
        {"t": "service"},
        {"t": "lease", "r": {"name": "a"}},
        {"t": "zz", "r": {}},
        {"t": "person", "sealed": "zz"},
        {"t": "person", "sealed": 5},
        {"t": "phone", "r": {"service_id": "nobody", "position": 0}},
    ],
)
async def test_a_row_that_does_not_fit_is_refused_by_its_line_and_nothing_changes(
    core: Core, tmp_path: Path, line: dict[str, object]
) -> None:
    path = tmp_path / "b"
    path.write_bytes(signed([{"faro_backup": 1, "revision": "0007", "with_people": True}, line]))
    before = await rows_of(core.database, with_people=True)

    with pytest.raises(BadBackup) as refused:
        await backup.restore(core.database, KEYS, path, progress=ignore)

    assert "zz" not in str(refused.value)
    assert await rows_of(core.database, with_people=True) == before


async def test_a_backup_that_cannot_be_written_leaves_no_file(core: Core, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such"):
        await write(core.database, tmp_path / "nowhere" / "b", with_people=False)

    assert list(tmp_path.glob("**/*.part")) == []


@pytest.mark.usually_on("sqlite")
async def test_a_database_in_use_is_not_replaced_unless_asked(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    from bot import backups
    from bot.settings import read

    monkeypatch.chdir(tmp_path)
    settings = read(data_dir=tmp_path, database_url=url, secret_key=SECRET)
    path = tmp_path / "b"
    await backups.write(settings, path, with_people=False)
    now = datetime.now(UTC)
    async with core.database.write() as connection:
        await process_store.see(
            connection, process_store.Process("a", "worker", "1", "rasa", 1, 1.0, now, now)
        )

    with pytest.raises(BadBackup, match="stop them"):
        await backups.restore(settings, path, although_it_runs=False)

    assert (await backups.restore(settings, path, although_it_runs=True)).rows == 0


async def test_a_backup_that_has_no_place_to_go_says_so_in_a_sentence(tmp_path: Path) -> None:
    settings = read(data_dir=tmp_path / "var")

    with pytest.raises(BadBackup, match="name a file in a folder that exists"):
        await backups.write(settings, tmp_path / "nowhere" / "x.backup", with_people=False)
