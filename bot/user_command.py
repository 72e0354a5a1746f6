"""The command `faro user`: accounts of the caseworkers' panel. The first administrator comes from here."""

import asyncio
import getpass
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.directory_command import FAULT, opened_database
from bot.panel import passwords
from bot.panel.accounts import is_email, new_account
from bot.panel.login import normal_email
from bot.panel.passwords import Passwords
from bot.panel.roles import Role
from data import account_store, audit_store

app = typer.Typer(no_args_is_help=True, help="Accounts of the caseworkers' panel.")

_BY = "línea de comandos"


@app.callback()
def _user() -> None:
    """Accounts of the caseworkers' panel."""


@app.command()
def add(
    email: Annotated[str, typer.Argument(help="The address to log in with.")],
    role: Annotated[Role, typer.Option(help="What the account may do.")],
    name: Annotated[str, typer.Option(help="With which name changes are signed.")] = "",
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the password instead of making one.")] = False,
) -> None:
    """Make an account. Prints a one-time password, to be changed at the first login."""
    email = normal_email(email)
    if not is_email(email):
        _fail("Eso no es un correo; escriba por ejemplo nombre@ejemplo.org.")
    password = _asked(email) if ask else passwords.one_time()
    if not asyncio.run(_add(email, role, name.strip()[:200], password)):
        _fail("Ya hay una cuenta con ese correo. En el panel se le puede dar otra contraseña.")
    sys.stdout.write(f"Cuenta lista: {email} ({role}). Entre en /panel.\n")
    if not ask:
        sys.stdout.write(f"Contraseña de una sola vez: {password}\n")


async def _add(email: str, role: Role, name: str, password: str) -> bool:
    now = datetime.now(UTC)
    made = await new_account(Passwords(), email, role, password, now=now, name=name)
    async with opened_database() as database, database.write() as connection:
        if not await account_store.add(connection, made):
            return False
        await audit_store.note(connection, "account_added", who=_BY, target=email, detail=str(role), now=now)
    return True


def _asked(email: str) -> str:
    """Typed unseen where there is a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        given = getpass.getpass("Contraseña temporal: ")
    else:
        given = sys.stdin.readline().rstrip("\n")
    if problem := passwords.problem(given, email=email):
        _fail(problem)
    return given


def _fail(sentence: str) -> None:
    sys.stderr.write(f"faro: {sentence} No cambié nada.\n")
    raise typer.Exit(FAULT)
