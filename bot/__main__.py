"""The command `faro`: each subcommand is a few lines that call the parts."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bot import app as composition
from bot import (
    backups,
    directory_command,
    nlu_command,
    report_command,
    sources_command,
    terminal,
    user_command,
    webhook_command,
)
from bot import doctor as doctor_command
from bot.logs import log_to_stderr
from bot.settings import Settings, SettingsError, read
from data.backup import BadBackup
from data.database import (
    DatabaseAway,
    WrongSchema,
    known_revisions,
    migrate_down,
    open_database,
    revisions,
)
from data.database import migrate as migrate_up

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(directory_command.app, name="directory")
cli.add_typer(sources_command.app, name="sources")
cli.add_typer(user_command.app, name="user")
cli.add_typer(nlu_command.app, name="nlu")
cli.add_typer(report_command.app, name="report")
cli.add_typer(webhook_command.app, name="webhook")
cli.command("sheet")(report_command.sheet)

NoNlu = Annotated[bool, typer.Option("--no-nlu", help="Use the keyword understanding only.")]


def main() -> None:
    """Run a subcommand; a wrong setting, or a database that can't be used, ends it with one sentence."""
    try:
        cli()
    except (SettingsError, WrongSchema, BadBackup) as error:
        sys.exit(f"faro: {error}")
    except DatabaseAway as error:
        sys.exit(f"faro: {str(error)[0].upper()}{str(error)[1:]}.")
    except KeyboardInterrupt:
        sys.exit(130)


@cli.command()
def serve(
    only: Annotated[Literal["all", "web", "worker", "scheduler"], typer.Option(help="One role.")] = "all",
) -> None:
    """Run everything on one machine: webhooks, web chat, worker, sender, scheduler and NLU process."""
    settings = _settings()
    asyncio.run(_until_stopped(lambda stop: composition.serve(settings, only, stop=stop)))


@cli.command()
def chat(
    as_json: Annotated[
        bool, typer.Option("--json", help="One turn per line, one JSON object per turn.")
    ] = False,
    no_nlu: NoNlu = False,
) -> None:
    """Talk with Faro in the terminal. Nothing is kept."""
    asyncio.run(terminal.chat(_settings(), as_json=as_json, with_nlu=not no_nlu))


@cli.command()
def understand(no_nlu: NoNlu = False) -> None:
    """One message per line of standard input → one JSON object per line."""
    asyncio.run(terminal.understand(_settings(), with_nlu=not no_nlu))


@cli.command()
def places() -> None:
    """One place answer per line of standard input → one JSON object per line."""
    terminal.places()


@cli.command()
def backup(
    file: Path,
    with_people: Annotated[
        bool, typer.Option("--with-people", help="People and their requests too, encrypted with the key.")
    ] = False,
) -> None:
    """Write directory, history, accounts and counters into FILE; never the key."""
    contents = asyncio.run(backups.write(_settings(), file, with_people=with_people))
    people = "with people, encrypted" if contents.with_people else "without people"
    typer.echo(f"{contents.rows} rows, {people}: {file}")


@cli.command()
def restore(
    file: Path,
    although_it_runs: Annotated[
        bool, typer.Option("--although-it-runs", help="Also while processes of Faro use the database.")
    ] = False,
) -> None:
    """Put a backup in the place of what the database holds."""
    contents = asyncio.run(backups.restore(_settings(), file, although_it_runs=although_it_runs))
    typer.echo(f"Restored the backup of {contents.made_at}.")


@cli.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Look at everything and say, in a sentence each, what is wrong and what helps.

    Ends with 0 when all is well, 1 after a warning, 2 after a fault.
    """
    sys.exit(doctor_command.run(as_json=as_json))


@cli.command()
def migrate(
    down_to: Annotated[
        str, typer.Option("--down-to", help="Go back to this revision; what only newer ones keep is lost.")
    ] = "",
) -> None:
    """Bring the database to this version's tables; `faro serve` does so by itself."""
    asyncio.run(_migrate(_settings(), down_to))


async def _migrate(settings: Settings, down_to: str) -> None:
    database = open_database(settings.database)
    try:
        if down_to and down_to not in known_revisions():
            raise SettingsError(f"There is no such revision; known are {', '.join(known_revisions())}.")
        await (migrate_down(database, down_to) if down_to else migrate_up(database))
        was, _ = await revisions(database)
        typer.echo(f"The database is at revision {was}.")
    finally:
        await database.close()


def _settings() -> Settings:
    settings = read()
    log_to_stderr(settings.log_level, as_json=settings.log_format == "json")
    return settings


async def _until_stopped(run: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Ctrl-C or SIGTERM asks for an orderly end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await run(stop)


if __name__ == "__main__":
    main()
