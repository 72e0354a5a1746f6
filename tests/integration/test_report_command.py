"""`faro report` and `faro sheet` as an operator runs them: files, sentences, exit codes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.__main__ import cli

pytestmark = pytest.mark.usually_on("sqlite")


def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("FARO_DATABASE_URL", url)
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path / "var"))
    return CliRunner().invoke(cli, list(arguments))  # type: ignore[return-value]


def test_the_report_of_an_empty_database_is_honest(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "r"

    done = run(
        url, tmp_path, monkeypatch,
        "report", "knowledge", "--from", "2026-01", "--to", "2026-03", "--out", str(out),
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    page = (out / "conocimiento-todo-mexico-2026-01-2026-03.html").read_text(encoding="utf-8")
    assert "No hay meses publicados en este periodo" in page
    assert {path.suffix for path in out.iterdir()} >= {".html", ".pdf", ".xlsx"}


@pytest.mark.parametrize(
    ("first", "last", "state", "sentence"),
    [
        ("2026-05", "2026-03", "", "al revés"),
        ("2026-13", "2026-03", "", "no es un mes"),
        ("marzo", "2026-03", "", "no es un mes"),
        ("2001-01", "2026-03", "", "más de 60 meses"),
        ("2026-01", "2026-03", "Atlántida", "No conozco el estado"),
    ],
)
def test_a_wrong_period_or_state_is_a_sentence(
    first: str,
    last: str,
    state: str,
    sentence: str,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = ["report", "knowledge", "--from", first, "--to", last, "--out", str(tmp_path / "r")]

    done = run(url, tmp_path, monkeypatch, *arguments, *(["--state", state] if state else []))

    assert done.exit_code == 2
    assert sentence in done.output
    assert not (tmp_path / "r").exists()


def test_a_sheet_and_its_message_are_written(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(
        url, tmp_path, monkeypatch, "sheet", "Tlapa de Comonfort, Guerrero", "--out", str(tmp_path / "h")
    )

    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in (tmp_path / "h").iterdir())
    assert names == ["hoja-12066-tlapa-de-comonfort.pdf", "hoja-12066-tlapa-de-comonfort.txt"]


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """Standard error as a terminal, and afterwards what was written to it."""
    written: list[bytes] = []
    screen, line = os.openpty()

    def read() -> None:
        with suppress(OSError):  # Linux says EIO when the other end is closed
            while part := os.read(screen, 4096):
                written.append(part)

    reader = Thread(target=read)
    reader.start()
    try:
        with os.fdopen(line, "w", encoding="utf-8") as stream, monkeypatch.context() as now:
            now.setattr(sys, "stderr", stream)
            yield written
    finally:
        reader.join()
        os.close(screen)


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (("compare", "Chiapas", "Sinaloa"), "comparacion-07-25.sql"),
        (("knowledge", "--from", "2026-01", "--to", "2026-03"), "2026-01-2026-03.sql"),
    ],
    ids=["compare", "knowledge"],
)
def test_a_report_tells_on_a_terminal_how_far_it_is(
    arguments: tuple[str, ...], last: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("TERM", "xterm"), ("COLUMNS", "120")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FARO_DATABASE_URL", url)
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path / "var"))

    with terminal(monkeypatch) as written:
        cli(["report", *arguments, "--out", str(tmp_path / "r")], standalone_mode=False)

    said = b"".join(written).decode()
    assert "0/6" in said
    assert "6/6" in said
    assert last in said
