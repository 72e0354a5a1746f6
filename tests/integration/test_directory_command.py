"""`faro directory` as an operator runs it: sentences, exit codes, nothing changed when something is wrong."""

import csv
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from openpyxl import Workbook
from typer.testing import CliRunner

from bot import directory_command
from bot.__main__ import cli

ROWS = 10_000
SECONDS = 30.0

pytestmark = pytest.mark.usually_on("sqlite")  # the stores run on both elsewhere

Faro = Callable[..., Result]


@pytest.fixture
def faro(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Faro:
    """Runs `faro directory …` on a database with the seed."""
    monkeypatch.setenv("FARO_DATABASE_URL", url)
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path / "var"))

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(cli, ["directory", *map(str, arguments)])  # type: ignore[return-value]

    return run


def exported(faro: Faro, path: Path, exposure: str = "staff") -> list[dict[str, str]]:
    done = faro("export", path, "--exposure", exposure)
    assert done.exit_code == 0, done.output
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_export_is_public_when_nothing_is_said(faro: Faro, tmp_path: Path) -> None:
    done = faro("export", tmp_path / "d.csv")

    with (tmp_path / "d.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert done.exit_code == 0
    assert {row["exposure"] for row in rows} == {"public"}
    assert list(rows[0])[:9] == [
        "id", "name", "needs", "state", "municipality", "phones", "address", "confidence", "exposure"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["d.csv", "d.xlsx", "d.json", "d.hxl.csv"])
def test_a_staff_export_imported_again_changes_nothing(faro: Faro, tmp_path: Path, name: str) -> None:
    faro("export", tmp_path / name, "--exposure", "staff")
    before = exported(faro, tmp_path / "before.csv")

    done = faro("import", tmp_path / name)

    assert (done.exit_code, done.stderr) == (0, "")
    assert "No hay nada que guardar." in done.stdout
    assert exported(faro, tmp_path / "after.csv") == before
    assert faro("history").stdout.count("lote") == 1  # the seed's


def test_an_import_tells_the_difference_keeps_good_rows_and_is_undone(faro: Faro, tmp_path: Path) -> None:
    before = exported(faro, tmp_path / "before.csv")
    sheet = tmp_path / "hoja.csv"
    sheet.write_text("id,name,fees,phones\nMX015,,gratis hoy,\nMX001,,,12\n,Comedor inventado,,\n")

    done = faro("import", sheet, "--by", "ana")
    changed = {row["id"]: row for row in exported(faro, tmp_path / "changed.csv")}
    undone = faro("undo", "--batch", 2)

    assert done.exit_code == directory_command.PROBLEMS
    assert "Nuevos: 0. Cambiados: 1." in done.stdout
    assert "fila 3, columna «phones»" in done.stdout
    assert "fila 4, columna «needs»" in done.stdout
    assert changed["MX015"]["fees"] == "gratis hoy"
    assert undone.exit_code == 0
    assert exported(faro, tmp_path / "after.csv") == before
    assert "ana" in faro("history", "MX015").stdout


def test_checking_stores_nothing(faro: Faro, tmp_path: Path) -> None:
    before = exported(faro, tmp_path / "before.csv")
    (tmp_path / "hoja.csv").write_text("id,name\nMX015,Otro\n")

    done = faro("check", tmp_path / "hoja.csv")

    assert done.exit_code == 0
    assert "Cambiados: 1" in done.stdout
    assert exported(faro, tmp_path / "after.csv") == before


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("no.csv", None),
        ("vacio.csv", b""),
        ("roto.xlsx", b"PK\x03\x04"),
        ("cp1252.csv", b"id,name\nT1,Atenci\xf3n\n"),
        ("binario.csv", bytes(range(256))),
        ("lista.doc", b"x"),
        ("roto.json", b"{"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(
    faro: Faro, tmp_path: Path, name: str, data: bytes | None
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)

    done = faro("import", tmp_path / name)

    assert done.exit_code == directory_command.FAULT
    assert done.stdout == ""
    assert done.stderr.startswith("faro: ")
    assert done.stderr.endswith("No cambié nada.\n")
    assert done.stderr.count("\n") == 1


def test_a_refuge_with_an_address_is_refused_and_its_address_is_not_said(faro: Faro, tmp_path: Path) -> None:
    (tmp_path / "hoja.csv").write_text(
        "name,needs,state,kind,address\nRefugio,gbv,Chiapas,refuge,Calle Secretísima 5\n"
    )

    done = faro("import", tmp_path / "hoja.csv")

    assert done.exit_code == directory_command.PROBLEMS
    assert "«address»" in done.stdout
    assert "Secretísima" not in done.output


def test_the_template_can_be_checked(faro: Faro, tmp_path: Path) -> None:
    made = faro("template", tmp_path / "plantilla.xlsx")
    done = faro("check", tmp_path / "plantilla.xlsx")

    assert (made.exit_code, done.exit_code) == (0, 0)
    assert "Nuevos: 0." in done.stdout


def test_an_undo_that_cannot_be_done_says_why(faro: Faro) -> None:
    done = faro("undo", "--batch", 99)

    assert done.exit_code == directory_command.FAULT
    assert "no existe" in done.stderr


@pytest.mark.parametrize("name", ["muchas.csv", "muchas.xlsx"])
def test_ten_thousand_rows_are_imported_in_time(faro: Faro, tmp_path: Path, name: str) -> None:
    rows = [row for row in exported(faro, tmp_path / "d.csv") if row["kind"] != "refuge"]
    many = [{**rows[i % len(rows)], "id": f"B{i:05}", "source_urls": ""} for i in range(ROWS)]
    _write(tmp_path / name, many)

    started, used = time.monotonic(), time.process_time()
    done = faro("import", tmp_path / name)
    took, used = time.monotonic() - started, time.process_time() - used
    print(f"{name}: {took:.1f} s, of which this process worked {used:.1f} s")  # noqa: T201

    assert done.exit_code == 0, done.output[-500:]
    assert f"Servicios que cambiaron: {ROWS}." in done.stdout
    assert used < SECONDS  # what others do on the machine does not count


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    if path.suffix == ".xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
        book.save(path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
