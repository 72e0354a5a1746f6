"""The commands `faro report` and `faro sheet`: files into a folder. They speak Spanish."""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot import app as composition
from bot import consulting
from bot.settings import Settings, read
from data import directory_store
from data.database import Database
from data.keys import Keys
from services import directory as directories
from services import ladder, routes
from services.directory import Directory, Operator
from services.gazetteer import Gazetteer
from services.reports import gathering, knowledge, output, publishing
from services.reports import sheet as sheets
from services.reports.figures import NATION
from services.reports.output import put
from services.reports.spoken import ReportError, file_name, state_key, state_name

app = typer.Typer(no_args_is_help=True, help="Reports in HTML, PDF, XLSX and HXL.")

FAULT = 2
ZONE = ZoneInfo("America/Mexico_City")

Out = Annotated[Path, typer.Option(help="The folder to write into.")]


@app.command()
def compare(
    state: Annotated[str, typer.Argument(help="A state by name or key.")],
    other: Annotated[str, typer.Argument(help="The other state.")],
    out: Out,
) -> None:
    """Two states compared: law, route, coverage, distances, open doors, freshness, practices."""
    _run(_compare(state, other, out))


@app.command("knowledge")
def knowledge_report(
    first: Annotated[str, typer.Option("--from", help="The first month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", help="The last month, YYYY-MM.")],
    out: Out,
    state: Annotated[str, typer.Option(help="A state by name or key; empty: the nation.")] = "",
) -> None:
    """What was asked, what was missing, what the directory holds, what people say."""
    _run(_knowledge(first, last, out, state))


def sheet(
    municipality: Annotated[str, typer.Argument(help="A key or «Name, State»; a state for all of its own.")],
    out: Out = Path(),
) -> None:
    """One A4 page of telephone numbers for a municipality, and a text of SMS size."""
    _run(_sheet(municipality, out))


def _run(work: Coroutine[Any, Any, None]) -> None:
    """A fault ends the command with one sentence."""
    try:
        asyncio.run(work)
    except ReportError as fault:
        sys.stderr.write(f"faro: {fault}\n")
        raise typer.Exit(FAULT) from None


async def _knowledge(first: str, last: str, out: Path, state: str) -> None:
    settings = read()
    wanted = knowledge.period(first, last)
    async with _open(settings) as (database, directory):
        key = state_key(directory.gazetteer, state) if state else NATION
        with _progress("Informe", total=6) as step:
            await _publish(database, settings)
            step("cifras")
            document = await gathering.told(
                database,
                directory,
                wanted,
                state=key,
                found=await consulting.observations(database, _keys(settings)),
                threshold=settings.report_threshold,
                today=today(),
            )
            step("informe")
            files = await asyncio.to_thread(output.write, document, out, tick=step)
    _say(f"Escribí {len(files)} archivos en {out}. Empiece por {document.key}.html.")


async def _compare(state: str, other: str, out: Path) -> None:
    settings = read()
    async with _open(settings) as (database, directory):
        states = state_key(directory.gazetteer, state), state_key(directory.gazetteer, other)
        with _progress("Comparando", total=6) as step:
            await _publish(database, settings)
            step("cifras")
            document = await gathering.compared(
                database, directory, states, now=datetime.now(UTC), today=today()
            )
            step("comparación")
            files = await asyncio.to_thread(output.write, document, out, tick=step)
    _say(f"Escribí {len(files)} archivos en {out}. Empiece por {document.key}.html.")


async def _publish(database: Database, settings: Settings) -> None:
    """The months that are over are published first."""
    await publishing.publish_due(database, threshold=settings.report_threshold, now=datetime.now(UTC))


async def _sheet(municipality: str, out: Path) -> None:
    settings = read()
    async with _open(settings) as (_, directory):
        place = sheets.place_of(directory, municipality)
        if place.municipality:
            path = _write_sheet(directory, place.key, out, link=settings.link)
            _say(f"Escribí {path.name} y su mensaje corto en {out}.")
        else:
            await asyncio.to_thread(_write_all, directory, place.key, out, link=settings.link)
    if not settings.link:
        _say("Las hojas no llevan código QR: ponga FARO_BOT_LINK para que lo lleven.")


def _write_all(directory: Directory, state: str, out: Path, *, link: str) -> None:
    places = directory.gazetteer.municipalities_of(state)
    name = state_name(directory.gazetteer, state)
    folder = out / f"hojas-{state}-{file_name(name)}"
    with _progress(f"Hojas de {name}", total=len(places)) as step:
        for place in places:
            _write_sheet(directory, place.key, folder, link=link)
            step(place.municipality or "")
    _say(f"Escribí {len(places)} hojas y sus mensajes cortos en {folder}.")


def _write_sheet(directory: Directory, key: str, out: Path, *, link: str) -> Path:
    made = sheets.make(directory, key, link=link, today=today())
    stem = f"hoja-{key}-{file_name(directory.gazetteer.areas[key].place.municipality or '')}"
    put(out / f"{stem}.txt", f"{made.message}\n".encode())
    return put(out / f"{stem}.pdf", sheets.printed(made))


def _keys(settings: Settings) -> Keys:
    return Keys(settings.secret_key.get_secret_value(), old=settings.secret_key_old.get_secret_value())


def today() -> date:
    """The day in central Mexico."""
    return datetime.now(ZONE).date()


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[tuple[Database, Directory]]:
    """The database as it is, prepared on first use, and its directory."""
    async with composition.open_store(settings) as database:
        async with database.read() as connection:
            directory = directories.build(
                await directory_store.load(connection),
                version=await directory_store.version(connection),
                gazetteer=Gazetteer.load(),
                ladder=ladder.load(),
                routes=routes.load(),
                operator=Operator(),
            )
        yield database, directory


@contextmanager
def _progress(what: str, *, total: int) -> Iterator[output.Tick]:
    """A bar on standard error that counts what is done and names it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, now="")
        yield lambda name: bar.update(task, advance=1, now=name)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
