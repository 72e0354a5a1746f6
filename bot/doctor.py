"""`faro doctor`: looks at everything and says, in a sentence each, what is wrong and what helps."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from enum import IntEnum

import aiohttp
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot import checkup_database, checkup_outside, checkup_settings
from bot.checkup import Finding, Level
from bot.settings import Settings, SettingsError, read

_SIGNS = {Level.WELL: "[green]✓[/]", Level.WARNING: "[yellow]![/]", Level.FAULT: "[red]✗[/]"}


class Exit(IntEnum):
    """How the command ends."""

    WELL, WARNINGS, FAULT = 0, 1, 2


def run(*, as_json: bool) -> int:
    """Look, tell on standard output, and return the exit status."""
    try:
        settings = read()
    except SettingsError as error:
        findings = [Finding(Level.FAULT, "settings", str(error))]
    else:
        findings = asyncio.run(examine(settings))
    _tell(findings, as_json=as_json)
    return int(verdict(findings))


async def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order of the checks. Raises nothing that a broken part can raise."""
    findings = list(checkup_settings.findings(settings))
    async with aiohttp.ClientSession() as http:
        for check in (
            lambda: checkup_database.findings(settings, datetime.now(UTC)),
            lambda: checkup_outside.findings(settings, http, datetime.now(UTC)),
        ):
            findings += await _safely(check)
    return findings


def verdict(findings: Iterable[Finding]) -> Exit:
    """The worst of them."""
    levels = {finding.level for finding in findings}
    if Level.FAULT in levels:
        return Exit.FAULT
    return Exit.WARNINGS if Level.WARNING in levels else Exit.WELL


async def _safely(check: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    try:
        return await check()
    except (SQLAlchemyError, OSError, ValueError, KeyError, TypeError) as error:
        sentence = f"A check failed ({type(error).__name__}); please report it to Faro's developers."
        return [Finding(Level.FAULT, "doctor", sentence)]


def _tell(findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        for finding in findings:
            line = {**asdict(finding), "level": finding.level.value}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        return
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    for finding in findings:
        console.print(f"{_SIGNS[finding.level]} [bold]{finding.subject}[/]: ", end="")
        console.print(finding.sentence, markup=False)
    worst = verdict(findings)
    said = {
        Exit.WELL: "All is well.",
        Exit.WARNINGS: "Faro works; see the warnings.",
        Exit.FAULT: "See the faults.",
    }
    console.print(said[worst])
