"""`python -m bench`: measure, print one table, and write it to bench/FIGURES.md."""

import asyncio
import importlib
import os
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench import figures, paper
from bench.figures import Figure
from bench.subjects import SUBJECTS, Bench, Unavailable

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console(stderr=True)


@cli.command()
def main(
    subjects: Annotated[
        list[str] | None, typer.Argument(help="All but those that need more to install.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Short runs: to see that it works.")] = False,
) -> None:
    """Measure the subjects named, or all."""
    names = subjects or [name for name, subject in SUBJECTS.items() if not subject.on_request]
    if unknown := [name for name in names if name not in SUBJECTS]:
        raise typer.BadParameter(f"{', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
    console.print(f"{figures.machine()}; load {os.getloadavg()[0]:.1f}")
    began = time.monotonic()
    for name in names:
        _measure(name, quick=quick)
    console.print(f"{(time.monotonic() - began) / 60:.1f} minutes; written to {figures.SHOWN}")


def _measure(name: str, *, quick: bool) -> None:
    subject, load, began = SUBJECTS[name], os.getloadavg()[0], time.monotonic()
    console.rule(subject.title)
    measure = importlib.import_module(subject.module).measure
    with tempfile.TemporaryDirectory(prefix="faro-bench-") as folder:
        try:
            found: list[Figure] = asyncio.run(measure(Bench(quick, Path(folder), console.print)))
        except Unavailable as missing:
            console.print(f"[yellow]left out: {missing}")
            return
    seconds = time.monotonic() - began
    figures.keep(name, subject.title, found, quick=quick, load=load, seconds=seconds)
    paper.write()
    _show(subject.title, found)
    console.print(f"{seconds:.0f} s")


def _show(title: str, found: list[Figure]) -> None:
    table = Table("what", "median", "runs", "aim", "reached", title=title)
    for row in figures.rows(found):
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    cli()
