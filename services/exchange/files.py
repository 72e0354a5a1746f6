"""Files by their extension: .csv, .xlsx, .json (HSDS) and .hxl or .hxl.csv."""

import json
import os
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from data.records import Exposure, Service
from services.exchange import csv_rows, hsds, hsds_rows, xlsx
from services.exchange.area_names import AreaNames
from services.exchange.problems import UnreadableFile
from services.exchange.sheet import MAX_BYTES, Sheet, assemble
from services.exposure import read_by

EXTENSIONS = (".csv", ".xlsx", ".json", ".hxl")


def read(path: Path) -> Sheet:
    """The rows of a file, whatever it is. Raises UnreadableFile with a sentence that says what to do."""
    _kind(path)
    return read_data(path, _bytes(path))


def read_data(name: Path, data: bytes) -> Sheet:
    """As `read`, of a file that is in memory; its name says what it is."""
    kind = _kind(name)
    if not data.strip():
        raise UnreadableFile("El archivo está vacío.")
    if kind == ".json":
        return hsds_rows.sheet(data)
    return assemble(xlsx.lines(data) if kind == ".xlsx" else csv_rows.lines(data))


def write(
    path: Path, services: Iterable[Service], areas: AreaNames, *, audience: Exposure, today: date
) -> int:
    """Write what this audience may read, whole or not at all; how many records. Raises UnreadableFile."""
    seen = read_by(audience, services, today=today)
    _replace(path, _rendered(_kind(path), seen, areas))
    return len(seen)


def rendered(
    name: Path, services: Iterable[Service], areas: AreaNames, *, audience: Exposure, today: date
) -> bytes:
    """What `write` would write into a file of that name."""
    return _rendered(_kind(name), read_by(audience, services, today=today), areas)


def template(areas: AreaNames) -> bytes:
    """An empty workbook to fill."""
    return xlsx.written((), areas)


def write_template(path: Path, areas: AreaNames) -> None:
    """An empty sheet to fill."""
    if _kind(path) != ".xlsx":
        raise UnreadableFile("La plantilla es un libro de Excel: dele un nombre que termine en .xlsx.")
    _replace(path, template(areas))


def _kind(path: Path) -> str:
    name = path.name.lower()
    if name.endswith((".hxl", ".hxl.csv")):
        return ".hxl"
    if path.suffix.lower() not in EXTENSIONS:
        raise UnreadableFile("No conozco ese tipo de archivo. Use .csv, .xlsx, .json (HSDS) o .hxl.csv.")
    return path.suffix.lower()


def _bytes(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            limit = MAX_BYTES // 1_000_000
            raise UnreadableFile(f"Pesa más de {limit} MB. Parta el archivo, por ejemplo por estado.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile("No encontré el archivo. Revise el nombre y la carpeta.") from None
    except OSError:
        raise UnreadableFile("No pude abrir el archivo. Revise que sea un archivo y tenga permiso.") from None
    return data


def _rendered(kind: str, services: list[Service], areas: AreaNames) -> bytes:
    if kind == ".xlsx":
        return xlsx.written(services, areas)
    if kind == ".json":
        return json.dumps(hsds.written(services, areas), ensure_ascii=False).encode()
    # No byte-order mark: programs would take it for part of «id». For Excel there is .xlsx.
    return csv_rows.written(services, areas, with_tags=kind == ".hxl").encode()


def _replace(path: Path, data: bytes) -> None:
    """A reader of the folder never sees half a file."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".faro-", suffix=path.suffix)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        raise UnreadableFile("No pude escribir el archivo. Revise la carpeta y el permiso.") from None
