"""The command `faro sources`: the published lists, their refreshes, and what waits for a decision."""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from bot import sources_words as words
from bot.directory_command import By, opened_database, user
from bot.settings import read
from data.database import Database
from data.source_store import Outcome
from services import held, refresh, showing
from services import sources as declared
from services.editing import EditError
from services.held import Decided
from services.refresh import Busy, Desk
from services.sources import Source, SourcesError

app = typer.Typer(no_args_is_help=True, help="The published lists that the directory is refreshed from.")

HELD, FAULT = 1, 2
"""Exit codes: something waits for a person; a source could not be read, or nothing could be done."""

Name = Annotated[str, typer.Argument(help="The source's name; empty: all.")]
Why = Annotated[str, typer.Option(help="The reason, kept beside the decision.")]
Numbers = Annotated[list[int], typer.Argument(help="Numbers that `faro sources held` shows.")]


@app.command("list")
def list_sources() -> None:
    """Show where every source stands."""
    _run(_list())


@app.command("refresh")
def refresh_now(
    name: Name = "",
    by: By = "",
    force: Annotated[bool, typer.Option("--force", help="Read it even when it says «not changed».")] = False,
) -> None:
    """Refresh a source, or all, now. Safe differences are published, dangerous ones wait."""
    _run(_refresh(name, by=by or user(), force=force))


@app.command()
def runs(name: Name = "") -> None:
    """Show the newest refreshes."""
    _run(_runs(name))


@app.command()
def problems(run: Annotated[int, typer.Argument(help="The number of a refresh.")]) -> None:
    """Show why rows of a refresh were not used: row, field and sentence."""
    _run(_problems(run))


@app.command("held")
def show_held(name: Name = "") -> None:
    """Show what waits for a decision."""
    _run(_held(name))


@app.command()
def approve(numbers: Numbers, by: By = "", why: Why = "") -> None:
    """Publish differences that wait; each can be undone later."""
    _run(_approve(numbers, by=by or user(), why=why))


@app.command()
def reject(numbers: Numbers, by: By = "", why: Why = "") -> None:
    """Leave the directory as it is; the same is not proposed again."""
    _run(_reject(numbers, by=by or user(), why=why))


@app.command()
def rejected(name: Name = "") -> None:
    """Show what was turned down: who, when and why."""
    _run(_rejected(name))


def _run(work: Coroutine[Any, Any, int]) -> None:
    try:
        code = asyncio.run(work)
    except (SourcesError, EditError) as fault:
        sys.stderr.write(f"faro: {fault}\n")
        raise typer.Exit(FAULT) from None
    if code:
        raise typer.Exit(code)


async def _list() -> int:
    sources = _declared()
    if not sources:
        _say("No hay fuentes declaradas. Copie deploy/sources.example.yml; vea README, «Fuentes».")
        return 0
    async with opened_database() as database:
        for standing in await refresh.standings(database, sources):
            _say(words.standing(standing))
    return 0


async def _refresh(name: str, *, by: str, force: bool) -> int:
    sources = _declared()
    chosen = (declared.named(sources, name),) if name else sources
    if not chosen:
        return await _list()
    async with _desk() as at:
        return max([await _refreshed(at, source, by=by, force=force) for source in chosen])


async def _refreshed(at: Desk, source: Source, *, by: str, force: bool) -> int:
    try:
        with Console(stderr=True).status(f"Leyendo {source.name}"):
            run = await refresh.run(at, source, by=by, force=force)
    except Busy as busy:
        _say(f"{source.name}: {busy}")
        return FAULT
    _say(words.run(run))
    if run.outcome is Outcome.FAILED:
        return FAULT
    return HELD if run.counts.held else 0


async def _runs(name: str) -> int:
    async with opened_database() as database:
        for run in await refresh.runs(database, source=name):
            _say(words.run(run))
    return 0


async def _problems(run_id: int) -> int:
    async with opened_database() as database:
        for found in await refresh.problems(database, run_id):
            field = f", «{found.field}»" if found.field else ""
            _say(f"fila {found.row}{field}: {found.sentence}.")
    return 0


async def _held(name: str) -> int:
    async with _desk() as at:
        found = await held.waiting(at, source=name)
    for line in words.held(found, at.areas, panel=f"{read().own_address}/panel"):
        _say(line)
    if not found:
        _say(words.NOTHING_HELD)
    return HELD if found else 0


async def _approve(numbers: list[int], *, by: str, why: str) -> int:
    async with _desk() as at:
        decided = await held.approve(at, numbers, by=by, now=datetime.now(UTC), why=why)
    return _decided(decided)


async def _reject(numbers: list[int], *, by: str, why: str) -> int:
    async with _desk() as at:
        count = await held.reject(at, numbers, by=by, now=datetime.now(UTC), why=why)
    if count:
        some = showing.counted(count, "diferencia", "diferencias")
        _say(f"Rechacé {some}. El directorio sigue como estaba.")
    if missing := len(set(numbers)) - count:
        some = showing.counted(missing, "diferencia ya no espera", "diferencias ya no esperan")
        _say(f"{some}: vea la lista de nuevo con faro sources held.")
    return 0 if count else FAULT


async def _rejected(name: str) -> int:
    async with opened_database() as database:
        found = await held.rejections(database, source=name)
    for each in found:
        _say(words.rejected(each))
    if not found:
        _say(words.NOTHING_REJECTED)
    return 0


def _decided(decided: Decided) -> int:
    if decided.batch_id is not None:
        _say(
            f"Publicado. Servicios que cambiaron: {decided.published}."
            f" Para deshacerlo todo: faro directory undo --batch {decided.batch_id}"
        )
    for number, sentence in decided.refused.items():
        _say(f"{number}: {sentence}")
    return FAULT if decided.refused else 0


def _declared() -> tuple[Source, ...]:
    return declared.read(read().sources_file)


@asynccontextmanager
async def _desk() -> AsyncIterator[Desk]:
    database: Database
    async with opened_database() as database:
        yield await refresh.desk(database)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
