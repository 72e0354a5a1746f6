"""The command `faro directory`: import, check, export, template, history and undo. Speaks Spanish."""

import asyncio
import getpass
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import app as composition
from bot.settings import read
from data import directory_store, history_store
from data.database import Database
from data.history_store import Change
from data.records import Exposure
from services import editing, record_rules, showing
from services.editing import EditError
from services.exchange import area_names, files, plan
from services.exchange.area_names import AreaNames
from services.exchange.plan import Plan, Proposal
from services.exchange.problems import UnreadableFile
from services.freshness import day_of
from services.record_rules import Rules

app = typer.Typer(no_args_is_help=True, help="The directory as files: CSV, XLSX, HSDS JSON, HXL.")

PROBLEMS, FAULT = 1, 2
"""Exit codes: some rows were refused; nothing could be done."""

_AUDIENCES = {
    Exposure.PUBLIC: "todo el público",
    Exposure.WOMEN: "mujeres",
    Exposure.STAFF: "solo el personal",
}
_SHOWN = 12
_SEVERAL, _LARGE = 500, 200_000
"""From so many rows, or bytes of a file, on, progress is shown."""

T = TypeVar("T")
FileArgument = Annotated[Path, typer.Argument(help="A .csv, .xlsx, .json (HSDS) or .hxl.csv file.")]
Audience = Annotated[Literal["public", "women", "staff"], typer.Option(help="Who will read it.")]
By = Annotated[str, typer.Option(help="Who makes the change; kept in the history.")]


@app.command("import")
def import_file(
    file: FileArgument,
    by: By = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference, store nothing.")] = False,
) -> None:
    """Show what FILE would change, then store its good rows as one batch that can be undone."""
    _run(_import(file, by=by or user(), store=not dry_run))


@app.command()
def check(file: FileArgument) -> None:
    """Say every problem of FILE as row, column and sentence. Stores nothing."""
    _run(_import(file, by="", store=False))


@app.command()
def export(
    file: FileArgument,
    exposure: Audience = "public",
) -> None:
    """Write the directory as that audience may read it."""
    _run(_export(file, Exposure(exposure)))


@app.command()
def template(file: Annotated[Path, typer.Argument(help="The .xlsx file to write.")]) -> None:
    """Write an empty sheet with lists to choose from and an example row."""
    with _faults():
        files.write_template(file, area_names.load(record_rules.load_rules().areas))
        _say(f"Escribí la plantilla en {file.name}.")


@app.command()
def history(
    service_id: Annotated[str, typer.Argument(help="The record's id; empty: the newest batches.")] = "",
) -> None:
    """Every change of a record, or the newest batches."""
    _run(_history(service_id))


@app.command()
def undo(
    batch: Annotated[int, typer.Option(help="The number of a batch: everything it changed.")] = 0,
    change: Annotated[int, typer.Option(help="The number of one change.")] = 0,
    by: By = "",
    why: Annotated[str, typer.Option(help="Why; kept in the history.")] = "",
) -> None:
    """Take back a batch or one change. Later changes are never lost: then it says so and does nothing."""
    if bool(batch) == bool(change):
        raise typer.BadParameter("Give either --batch or --change.")
    _run(_undo(batch=batch, change=change, by=by or user(), why=why))


def _run(work: Coroutine[Any, Any, int]) -> None:
    with _faults():
        code = asyncio.run(work)
        if code:
            raise typer.Exit(code)


@contextmanager
def _faults() -> Iterator[None]:
    """A fault ends the command with one sentence, and nothing was changed."""
    try:
        yield
    except (UnreadableFile, EditError) as fault:
        sys.stderr.write(f"faro: {fault} No cambié nada.\n")
        raise typer.Exit(FAULT) from None


async def _import(file: Path, *, by: str, store: bool) -> int:
    with _progress(None if _is_large(file) else 0, "Leyendo"):
        sheet = await asyncio.to_thread(files.read, file)
    rules, now = record_rules.load_rules(), datetime.now(UTC)
    areas = area_names.load(rules.areas)
    async with opened_database() as database:
        async with database.read() as connection:
            current = {each.id: each for each in await directory_store.load(connection)}
        with _progress(len(sheet.rows), "Revisando") as tick:
            found = plan.compare(sheet, current, rules=rules, areas=areas, now=now, tick=tick)
        _tell(found)
        if store and found.proposals:
            await _store(database, found, by=by, file=file, rules=rules, now=now)
        elif store:
            _say("No hay nada que guardar.")
    return PROBLEMS if found.problems else 0


async def _store(
    database: Database, found: Plan, *, by: str, file: Path, rules: Rules, now: datetime
) -> None:
    with _progress(None if len(found.proposals) >= _SEVERAL else 0, "Guardando"):
        published = await plan.apply(database, found, by=by, file=file.name, rules=rules, now=now)
    _say(
        f"Guardado en el lote {published.batch_id}. Servicios que cambiaron: {published.services}."
        f" Para deshacerlo todo: faro directory undo --batch {published.batch_id}"
    )


async def _export(file: Path, audience: Exposure) -> int:
    areas = _areas()
    async with opened_database() as database, database.read() as connection:
        services = await directory_store.load(connection)
    with _progress(None if len(services) >= _SEVERAL else 0, "Escribiendo"):
        today = day_of(datetime.now(UTC))
        written = await asyncio.to_thread(files.write, file, services, areas, audience=audience, today=today)
    _say(f"Escribí {file.name}. Servicios: {written}. Para quién: {_AUDIENCES[audience]}.")
    return 0


async def _history(service_id: str) -> int:
    async with opened_database() as database:
        if service_id:
            areas, changes = _areas(), await editing.history(database, service_id)
            for change in changes:
                _say(_told(change, areas))
            return 0 if changes else _nothing("Ese registro no tiene cambios guardados.")
        async with database.read() as connection:
            for batch in await history_store.batches(connection):
                author = f"{batch.author.by} ({showing.VIA[batch.author.via]})"
                count = showing.counted(batch.changes, "cambio", "cambios")
                _say(f"lote {batch.id}  {showing.moment(batch.made_at)}  {author}  {count}")
    return 0


async def _undo(*, batch: int, change: int, by: str, why: str) -> int:
    rules, now = record_rules.load_rules(), datetime.now(UTC)
    async with opened_database() as database:
        if batch:
            done = await editing.undo_batch(database, batch, by=by, why=why, rules=rules, now=now)
        else:
            done = await editing.undo_change(database, change, by=by, why=why, rules=rules, now=now)
    _say(f"Deshecho, en el lote {done.batch_id}. Servicios que volvieron a como estaban: {done.services}.")
    return 0


def _tell(found: Plan) -> None:
    """The difference first, then every problem."""
    _say(
        f"Nuevos: {len(found.new)}. Cambiados: {len(found.changed)}. Iguales: {found.same}."
        f" Filas con problemas: {found.refused_rows}. No están en el archivo, y se quedan: {len(found.gone)}."
    )
    for heading in found.ignored:
        _say(f"No conozco la columna «{heading}»; no la leí.")
    _tell_some("nuevo", found.new)
    _tell_some("cambia", found.changed)
    for problem in found.problems:
        _say(str(problem))


def _tell_some(what: str, proposals: tuple[Proposal, ...]) -> None:
    for proposal in proposals[:_SHOWN]:
        fields = "" if what == "nuevo" else f": {', '.join(map(showing.title, proposal.changed))}"
        _say(f"  {what}  {proposal.edit.service_id}  {proposal.name}{fields}")
    if len(proposals) > _SHOWN:
        _say(f"  … y {len(proposals) - _SHOWN} más")


def _told(change: Change, areas: AreaNames) -> str:
    made = showing.moment(change.made_at)
    who = f"{made}  {change.author.by} ({showing.VIA[change.author.via]})"
    line = showing.of_change(change, areas)
    before, after = ("; ".join(text.splitlines()) for text in (line.before, line.after))
    what = "valores borrados: es un refugio" if change.erased else f"{before} → {after}"
    why = f"  «{change.author.why}»" if change.author.why else ""
    return f"cambio {change.id}  lote {change.batch_id}  {who}  {line.title}: {what}{why}"


@asynccontextmanager
async def opened_database() -> AsyncIterator[Database]:
    """The database migrated and seeded: no more of Faro is needed here."""
    async with composition.open_store(read()) as database:
        yield database


@contextmanager
def _progress(total: int | None, what: str) -> Iterator[plan.Tick]:
    """A bar on standard error for long work, where somebody looks; nothing for a short one."""
    if total is not None and total < _SEVERAL:
        yield lambda done, of: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _is_large(file: Path) -> bool:
    """Whether reading takes so long that somebody would wonder."""
    try:
        return file.stat().st_size > _LARGE
    except OSError:
        return False


def _areas() -> AreaNames:
    return area_names.load(record_rules.load_rules().areas)


def user() -> str:
    """Whoever is at the keyboard, when nobody is named."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "línea de comandos"


def _nothing(sentence: str) -> int:
    _say(sentence)
    return PROBLEMS


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
