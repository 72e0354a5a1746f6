"""CSV, one row per service. Columns are named as in the records; with tags it is HXL."""

import csv
import io
from collections.abc import Iterable

from data.records import Service
from services.exchange.area_names import AreaNames
from services.exchange.cells import guarded, plain
from services.exchange.columns import COLUMNS, READ_ONLY, READ_ONLY_HXL, cells_of, recognized
from services.exchange.problems import UnreadableFile
from services.exchange.sheet import MOST_LINES, TOO_MANY_ROWS, Line

_NAMES = (*(column.name for column in COLUMNS), READ_ONLY)
_TAGS = (*(column.hxl for column in COLUMNS), READ_ONLY_HXL)
_LIST_SIGNS = ",;\t"


def written(services: Iterable[Service], areas: AreaNames, *, with_tags: bool = False) -> str:
    """The file's text. `with_tags` adds the row of HXL hashtags under the headings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_NAMES)
    if with_tags:
        writer.writerow(_TAGS)
    for service in services:
        cells = cells_of(service, areas)
        writer.writerow([guarded(cells[name]) for name in _NAMES])
    return out.getvalue()


def lines(data: bytes, *, headings: Iterable[str] = ()) -> list[Line]:
    """The rows as a spreadsheet numbers them. `headings` are known beside ours. Raises UnreadableFile."""
    text = _decoded(data)
    rows: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, headings), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if cells:
                rows.append((number, cells))
            if len(rows) > MOST_LINES:
                raise UnreadableFile(TOO_MANY_ROWS)
    except csv.Error:
        raise UnreadableFile(
            f"No se puede leer desde la fila {len(rows) + 1}: hay comillas sin cerrar o una celda"
            " demasiado larga. Ábralo en una hoja de cálculo y guárdelo otra vez como «CSV UTF-8»."
        ) from None
    return rows


def _decoded(data: bytes) -> str:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile("Es un libro de Excel con otro nombre. Póngale la terminación .xlsx.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("Está en UTF-16. Guárdelo como «CSV UTF-8».")
    if b"\x00" in data:
        raise UnreadableFile("No es un archivo de texto. Guarde la hoja como «CSV UTF-8».")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile(
            "No está en UTF-8, y los acentos se dañarían. En Excel use «Guardar como» → «CSV UTF-8»."
        ) from None


def _delimiter(text: str, headings: Iterable[str]) -> str:
    """The sign that makes most known headings of the first lines; Excel in some regions writes semicolons."""
    start = text[:20_000].splitlines()[:15]
    also = {plain(heading) for heading in headings}
    return max(_LIST_SIGNS, key=lambda sign: max((_known(line, sign, also) for line in start), default=0))


def _known(line: str, sign: str, also: set[str]) -> int:
    cells = [cell.strip(' "') for cell in line.split(sign)]
    return sum(1 for cell in cells if cell.startswith("#") or recognized(cell) or plain(cell) in also)
