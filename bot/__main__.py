"""The command `faro`: each subcommand is a few lines that call the parts."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal

import typer

from bot import app as composition
from bot import directory_command, report_command, sources_command, terminal, user_command
from bot.settings import Settings, SettingsError, read
from data.database import DatabaseAway, WrongSchema

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(directory_command.app, name="directory")
cli.add_typer(sources_command.app, name="sources")
cli.add_typer(user_command.app, name="user")
cli.add_typer(report_command.app, name="report")
cli.command("sheet")(report_command.sheet)

NoNlu = Annotated[bool, typer.Option("--no-nlu", help="Use the keyword understanding only.")]


def main() -> None:
    """Run a subcommand; a wrong setting, or a database that can't be used, ends it with one sentence."""
    try:
        cli()
    except (SettingsError, WrongSchema) as error:
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


def _settings() -> Settings:
    settings = read()
    log_to_stderr(settings.log_level)
    return settings


def log_to_stderr(level: str) -> None:
    """Logs go to standard error. The clients' own loggers print addresses and tokens: only warnings."""
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    for name in ("httpx", "httpcore", "telegram", "aiohttp", "apscheduler", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _until_stopped(run: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Ctrl-C or SIGTERM asks for an orderly end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await run(stop)


if __name__ == "__main__":
    main()
