"""A backup: one file with the rows of every table that must survive, the same for both databases.

Gzipped lines of JSON: a header, one line for each row, and an end with a checksum. People, when asked for,
stand in lines sealed with the key, which is never in the file.
"""

import gzip
import hashlib
import json
import os
import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Date, LargeBinary, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from data import tables
from data.database import Database, newest_revision
from data.keys import Keys, Unreadable
from data.tables import Moment, metadata

FORMAT = 1
PEOPLE = frozenset({"person", "inbox", "outbox", "sent_message", "request", "request_message"})
"""Only when asked for, and sealed."""
LEFT_OUT = frozenset(
    {"lease", "process", "alarm", "panel_session", "login_failure", "channel_pace", "upload", "missed_phrase"}
)
"""Of the moment: worth nothing in another one, or not to be kept longer than here."""
_ROWS = 500
_LONGEST_LINE = 16 * 1024 * 1024

Row = dict[str, Any]
Progress = Callable[[str, int], None]
"""Told the name of a table and how many rows more are done."""


class BadBackup(Exception):
    """The file can't be restored. The message says why and what to do, and quotes no row."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds."""

    made_at: str
    revision: str
    with_people: bool
    rows: int


def kept_tables(*, with_people: bool) -> list[Table]:
    """Tables in a backup, those that others refer to first."""
    left = LEFT_OUT if with_people else LEFT_OUT | PEOPLE
    return [table for table in metadata.sorted_tables if table.name not in left]


async def write(
    database: Database, keys: Keys, path: Path, *, with_people: bool, now: datetime, progress: Progress
) -> Contents:
    """Write a backup of one moment. The file appears whole, or not at all; only its owner can read it."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
                lines = _Lines(packed)
                contents = await _write_all(database, keys, lines, with_people, now, progress)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return contents


def check(path: Path) -> Contents:
    """Read the whole file once, without keeping anything. Raises BadBackup."""
    found: Contents | None = None
    for number, line in _lines(path):
        if number == 1:
            found = _header(line)
    if found is None:
        raise BadBackup("The file is empty; it is not a backup.")
    return found


async def restore(database: Database, keys: Keys, path: Path, *, progress: Progress) -> Contents:
    """Put a backup's rows in the place of those there are, in one transaction. Raises BadBackup.

    A backup without people leaves the people that are there.
    """
    contents = check(path)
    async with database.write() as connection:
        version = await connection.scalar(select(func.max(tables.directory_version.c.version))) or 0
        for table in reversed(kept_tables(with_people=contents.with_people)):
            await connection.execute(delete(table))
        async for table, rows in _batches(path, keys):
            await _insert(connection, table, rows)
            progress(table.name, len(rows))
        # Every process reloads the directory when its version is another one than it knows.
        restored = await connection.scalar(select(func.max(tables.directory_version.c.version))) or 0
        await connection.execute(update(tables.directory_version).values(version=max(version, restored) + 1))
        await _set_sequences(connection)
    return contents


class _Lines:
    """Writes lines and sums them up."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self.rows = 0

    def add(self, item: Any, *, rows: int = 0) -> None:
        line = json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._sum.update(line)
        self._file.write(line)
        self.rows += rows

    def end(self) -> None:
        self.add({"end": self._sum.hexdigest(), "rows": self.rows})


async def _write_all(
    database: Database, keys: Keys, lines: _Lines, with_people: bool, now: datetime, progress: Progress
) -> Contents:
    contents = Contents(now.astimezone(UTC).isoformat(), newest_revision(), with_people, 0)
    lines.add(
        {
            "faro_backup": FORMAT,
            "made_at": contents.made_at,
            "revision": contents.revision,
            "with_people": with_people,
        }
    )
    async with database.moment() as connection:
        for table in kept_tables(with_people=with_people):
            async for rows in _rows_of(connection, table):
                _add_rows(lines, keys, table, rows)
                progress(table.name, len(rows))
    lines.end()
    return Contents(contents.made_at, contents.revision, with_people, lines.rows)


def _add_rows(lines: _Lines, keys: Keys, table: Table, rows: list[Row]) -> None:
    plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
    if table.name in PEOPLE:
        sealed = keys.seal_text(json.dumps(plain, ensure_ascii=False))
        lines.add({"t": table.name, "sealed": sealed}, rows=len(rows))
        return
    for row in plain:
        lines.add({"t": table.name, "r": row}, rows=1)


async def _rows_of(connection: AsyncConnection, table: Table) -> AsyncIterator[list[Row]]:
    result = await connection.stream(select(table).order_by(*table.primary_key))
    async for part in result.mappings().partitions(_ROWS):
        yield [dict(row) for row in part]


async def _batches(path: Path, keys: Keys) -> AsyncIterator[tuple[Table, list[Row]]]:
    held: list[Row] = []
    held_of: Table | None = None
    for number, line in _lines(path):
        if number == 1 or "end" in line:
            continue
        table, rows = _read_rows(line, keys, number)
        if held_of is not None and (table is not held_of or len(held) >= _ROWS):
            yield held_of, held
            held = []
        held_of = table
        held += rows
    if held_of is not None and held:
        yield held_of, held


def _read_rows(line: Row, keys: Keys, number: int) -> tuple[Table, list[Row]]:
    table = metadata.tables.get(str(line.get("t")))
    if table is None or table.name in LEFT_OUT:
        raise BadBackup(f"Line {number} names a table that this Faro does not have; install a newer Faro.")
    try:
        plain = json.loads(keys.open_text(line["sealed"])) if "sealed" in line else [line["r"]]
        return table, [_typed(table, row) for row in plain]
    except Unreadable:
        raise BadBackup(
            "The people in this backup were sealed with another key; set FARO_SECRET_KEY (or"
            " FARO_SECRET_KEY_OLD) to the one of that time."
        ) from None
    except (KeyError, ValueError, TypeError, AttributeError, NotBase64):
        raise BadBackup(
            f"Line {number} does not fit the table «{table.name}»: the backup is of a newer Faro, or damaged."
        ) from None


async def _insert(connection: AsyncConnection, table: Table, rows: list[Row]) -> None:
    try:
        await connection.execute(insert(table), rows)
    except DBAPIError as error:
        raise BadBackup(
            f"The database refuses a row of the table «{table.name}» ({type(error.orig).__name__});"
            " nothing was changed."
        ) from None


async def _set_sequences(connection: AsyncConnection) -> None:
    """PostgreSQL counts on from what it gave out itself, not from what was put in."""
    if connection.dialect.name == "sqlite":
        return
    for table in metadata.sorted_tables:
        if "id" in table.c and table.c.id.autoincrement is True:
            newest = f"(SELECT max(id) FROM {table.name})"  # noqa: S608 - a table of ours
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            query = f"SELECT setval({sequence}, coalesce({newest}, 1), {newest} IS NOT NULL)"
            await connection.execute(text(query))


def _lines(path: Path) -> Iterator[tuple[int, Row]]:
    """Every line, numbered from 1. Raises BadBackup at a wrong one, and when the end is not the right one."""
    total, rows, ended = hashlib.sha256(), 0, False
    try:
        with gzip.open(path, "rb") as file:
            for number, raw in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
                line = _object(raw, number)
                if "end" in line:
                    ended = line["end"] == total.hexdigest()
                    yield number, line
                    break
                total.update(raw)
                yield number, line
                rows += 1
    except (OSError, EOFError, zlib.error):
        raise BadBackup("The file can't be read as a backup: it is missing, cut off or damaged.") from None
    if rows and not ended:
        raise BadBackup("The backup is cut off or was changed; take another one.")


def _object(raw: bytes, number: int) -> Row:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        line = None
    if not isinstance(line, dict):
        raise BadBackup(f"Line {number} is not of a backup: the file is another one, or damaged.")
    return line


def _header(line: Row) -> Contents:
    if line.get("faro_backup") != FORMAT:
        raise BadBackup("This is not a backup of Faro, or one of a newer Faro.")
    return Contents(
        str(line.get("made_at", "")), str(line.get("revision", "")), line.get("with_people") is True, 0
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(bytes(value)).decode("ascii") if isinstance(value, bytes | memoryview) else value


def _typed(table: Table, row: Row) -> Row:
    """Values as the columns take them. A column that is newer than the backup gets its default."""
    unknown = set(row) - {column.name for column in table.c}
    if unknown:
        raise KeyError("unknown columns")
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return b64decode(value, validate=True) if isinstance(kind, LargeBinary) else value
