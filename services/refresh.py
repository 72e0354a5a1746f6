"""Fetch → read → compare → publish what is safe, hold what is not. The last good data always stays."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from data import directory_store, lease_store, rejection_store, source_store
from data.database import Database
from data.history_store import Author, Via
from data.source_store import Counts, Held, Outcome, RowProblem, Run, Said, State
from services import differences, editing, record_rules, source_reading
from services.differences import Difference, Item, Known, Reason
from services.editing import Conflict, Edit, Published
from services.exchange import area_names
from services.exchange.area_names import AreaNames
from services.fetching import SourceFailed
from services.record_rules import Rules
from services.source_reading import Reading
from services.sources import Source

log = logging.getLogger(__name__)

BY = "actualización"
"""Who refreshed, when nobody asked for it."""

KEPT = timedelta(days=400)
"""Runs and rejections older than this are forgotten; what was published stays in the history."""

_LEASE = timedelta(seconds=90)
_PROLONG = 30.0
_FIRST_RETRY = timedelta(minutes=5)
_LAST_RETRY = timedelta(hours=24)
_TRIES = 3
_DIED = "El programa se detuvo a la mitad; no se cambió nada más."


@dataclass(frozen=True, slots=True)
class Desk:
    """What a refresh works with: the database, and the rules every record must pass. Made by `desk`."""

    database: Database
    rules: Rules
    areas: AreaNames


@dataclass(frozen=True, slots=True)
class Standing:
    """A declared source as an operator sees it. `last` is its newest run, `held` what waits."""

    source: Source
    state: State
    last: Run | None
    held: int

    @property
    def is_failing(self) -> bool:
        """Whether its newest reading could not be used."""
        return self.state.failures > 0


class Busy(Exception):
    """Another process refreshes this source now. The message is a sentence."""


async def desk(database: Database) -> Desk:
    """Read rules and names once (a second of work, in a thread) and pass them around."""
    rules = await asyncio.to_thread(record_rules.load_rules)
    return Desk(database, rules, await asyncio.to_thread(area_names.load, rules.areas))


async def standings(database: Database, sources: Sequence[Source]) -> list[Standing]:
    """Where every declared source stands, in the file's order. For `faro sources`, the panel and metrics."""
    async with database.read() as connection:
        waiting = await source_store.held_counts(connection)
        found = []
        for source in sources:
            state = await source_store.state(connection, source.name)
            newest = await source_store.runs(connection, source=source.name, limit=1)
            last = newest[0] if newest else None
            found.append(Standing(source, state, last, waiting.get(source.name, 0)))
    return found


async def runs(database: Database, *, source: str = "", limit: int = 50) -> tuple[Run, ...]:
    """The newest refreshes, of one source or of all, with their counts and reasons."""
    async with database.read() as connection:
        return await source_store.runs(connection, source=source, limit=limit)


async def problems(database: Database, run_id: int) -> tuple[RowProblem, ...]:
    """Why rows of a refresh were not used: row, field and sentence, never the value."""
    async with database.read() as connection:
        return await source_store.problems(connection, run_id)


async def run_due(at: Desk, sources: Sequence[Source], *, now: datetime) -> list[Run]:
    """Refresh every source that is due, one after the other; those missed during sleep run once.

    A source that another process refreshes is left to it. Nothing is raised for a source that fails.
    """
    done = []
    for source in sources:
        async with at.database.read() as connection:
            state = await source_store.state(connection, source.name)
        if state.next_at is None or state.next_at <= now:
            try:
                done.append(await run(at, source, now=now))
            except Busy:
                continue
    return done


async def run(
    at: Desk, source: Source, *, now: datetime | None = None, by: str = "", force: bool = False
) -> Run:
    """Refresh a source now and record how it went. `force` reads it even when it says «not changed».

    Returns the run, also a failed one. Raises Busy while another process refreshes the same source.
    """
    now = now or datetime.now(UTC)
    async with _alone(at.database, source):
        async with at.database.write() as connection:
            await source_store.end_broken(connection, source.name, now=now, reason=_DIED)
            run_id = await source_store.begin(connection, source.name, by=by or BY, now=now)
            state = await source_store.state(connection, source.name)
            # Should this process die or this reading break, the others have their turn first.
            later = replace(state, tried_at=now, next_at=now + _FIRST_RETRY)
            await source_store.keep_state(connection, later)
        try:
            reading = await source_reading.fetch(source, State(source.name) if force else state)
        except SourceFailed as failed:
            await _fail(at, source, run_id, state, failed, now=now)
        else:
            await _take(at, source, run_id, state, reading, now=now, by=by or BY)
    async with at.database.read() as connection:
        ended = await source_store.run(connection, run_id)
    if ended is None:
        raise LookupError(f"run {run_id} is gone")
    log.info(
        "source %s: %s, %d published, %d held",
        source.name,
        ended.outcome,
        ended.counts.published,
        ended.counts.held,
    )
    return ended


class _alone:  # noqa: N801 - read as «async with _alone(…)»
    """The lease on a source, prolonged for as long as the block runs."""

    def __init__(self, database: Database, source: Source) -> None:
        self._database = database
        self._name = f"source:{source.name}"
        self._holder = secrets.token_hex(8)
        self._keeping: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        if not await self._take(_LEASE):
            raise Busy("Otro proceso está actualizando esta fuente ahora; espere un momento.")
        self._keeping = asyncio.create_task(self._prolong())

    async def __aexit__(self, *_: object) -> None:
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await self._take(timedelta(seconds=-1))

    async def _prolong(self) -> None:
        while True:
            await asyncio.sleep(_PROLONG)
            await self._take(_LEASE)

    async def _take(self, span: timedelta) -> bool:
        now = datetime.now(UTC)
        async with self._database.write() as connection:
            return await lease_store.take(connection, self._name, self._holder, now=now, until=now + span)


async def _fail(
    at: Desk, source: Source, run_id: int, state: State, failed: SourceFailed, *, now: datetime
) -> None:
    """Nothing changes but when to try again: later each time, and not before the server asks for it."""
    failures = state.failures + 1
    wait = min(_FIRST_RETRY * 2 ** min(failures - 1, 12), _LAST_RETRY)
    due = max(now + wait, now + timedelta(seconds=failed.retry_after))
    kept = replace(state, tried_at=now, next_at=due, failures=failures)
    async with at.database.write() as connection:
        await source_store.keep_state(connection, kept)
        await source_store.end(connection, run_id, Outcome.FAILED, now=datetime.now(UTC), reason=str(failed))
    log.warning("source %s failed for the %d. time: %s", source.name, failures, failed.code)


async def _take(
    at: Desk, source: Source, run_id: int, state: State, reading: Reading, *, now: datetime, by: str
) -> None:
    kept = replace(
        state,
        fingerprint=reading.fingerprint or state.fingerprint,
        etag=reading.etag,
        last_modified=reading.last_modified,
        good_at=now,
        tried_at=now,
        next_at=source.due_after(now),
        failures=0,
    )
    if reading.sheet is None:
        async with at.database.write() as connection:
            await source_store.keep_state(connection, kept)
            await source_store.end(connection, run_id, Outcome.UNCHANGED, now=datetime.now(UTC))
        return
    failed = await _published(at, source, run_id, kept, reading, by=by)
    if failed is not None:
        await _fail(at, source, run_id, state, failed, now=now)


async def _published(
    at: Desk, source: Source, run_id: int, kept: State, reading: Reading, *, by: str
) -> SourceFailed | None:
    """Compare and keep; again when a caseworker saved something in between."""
    for _ in range(_TRIES):
        found = await _compared(at, source, reading, now=kept.tried_at or datetime.now(UTC))
        if isinstance(found, SourceFailed):
            return found
        try:
            await _keep(at, source, run_id, kept, found, by=by)
        except Conflict:
            continue
        return None
    return SourceFailed("busy", "El directorio cambió mientras se leía; se intentará otra vez.")


async def _compared(
    at: Desk, source: Source, reading: Reading, *, now: datetime
) -> Difference | SourceFailed:
    async with at.database.read() as connection:
        current = {each.id: each for each in await directory_store.load(connection)}
        said = await source_store.said_by(connection, source.name)
    if reading.sheet is None or not reading.sheet.rows:
        return SourceFailed("empty", "La lista llegó sin ninguna fila; se quedan los datos de antes.")
    known = Known(current, said, at.rules, at.areas, now)
    found = await asyncio.to_thread(differences.compare, source, reading.sheet, known)
    if found.counts.invalid == found.counts.rows:
        return SourceFailed("invalid", f"Ninguna fila sirve. La primera: {found.problems[0].sentence}.")
    return found


async def _keep(at: Desk, source: Source, run_id: int, kept: State, found: Difference, *, by: str) -> None:
    """Publish, hold and record in one transaction."""
    now = kept.good_at or datetime.now(UTC)
    async with at.database.write() as connection:
        published = await publish_items(connection, source.name, found.safe, by=by, rules=at.rules, now=now)
        await source_store.let_go_of(connection, source.name)
        await source_store.hold(connection, [_held(item, run_id, source) for item in found.held])
        await _keep_told(connection, source, found)
        await source_store.add_problems(connection, run_id, found.problems)
        counts = replace(found.counts, published=len(found.safe), held=len(found.held))
        await source_store.keep_state(connection, kept)
        await source_store.end(
            connection, run_id, Outcome.PUBLISHED, now=datetime.now(UTC), reason=_reason(counts),
            counts=counts, batch_id=published.batch_id,
        )  # fmt: skip
        await source_store.purge_runs(connection, before=now - KEPT)
        await rejection_store.purge(connection, before=now - KEPT)


async def publish_items(
    connection: AsyncConnection,
    source: str,
    items: Sequence[Item],
    *,
    by: str,
    rules: Rules,
    now: datetime,
    why: str = "",
) -> Published:
    """Publish differences of one source as a batch that can be undone. Raises EditError.

    Refuges go in a batch of their own that names no source: a list's name may tell a place.
    """
    done = Published(None, 0)
    for is_refuge in (True, False):
        edits = [Edit(i.service_id, i.fields, i.revision) for i in items if i.is_refuge is is_refuge]
        if not edits:
            continue
        author = Author(by, Via.REFRESH, why="" if is_refuge else why, source="" if is_refuge else source)
        batch = await editing.publish_within(connection, edits, author=author, rules=rules, now=now)
        done = both(done, batch)
    said = {item.service_id: item.said for item in items if Reason.REFUGE not in item.reasons}
    await source_store.keep_said(connection, source, said)
    return done


def both(one: Published, other: Published) -> Published:
    """Two publications told as one; the later batch is named."""
    return Published(
        other.batch_id or one.batch_id,
        one.services + other.services,
        one.erased_places or other.erased_places,
    )


async def _keep_told(connection: AsyncConnection, source: Source, found: Difference) -> None:
    """What the source says without a difference; only what it did not say before is written."""
    before = await source_store.said_by(connection, source.name)
    told: dict[str, Said] = {key: said for key, said in found.told.items() if before.get(key) != said}
    await source_store.keep_said(connection, source.name, told)


def _held(item: Item, run_id: int, source: Source) -> Held:
    return Held(
        id=0,
        run_id=run_id,
        source=source.name,
        service_id=item.service_id,
        row=item.row,
        kind=item.kind,
        reasons=tuple(reason.value for reason in item.reasons),
        fields=item.fields,
        said=item.said.fields or {},
    )


def _reason(counts: Counts) -> str:
    told = []
    if counts.invalid:
        told.append(f"{counts.invalid} filas no se pudieron usar")
    if counts.held:
        told.append(f"{counts.held} diferencias esperan a una persona")
    return "; ".join(told)
