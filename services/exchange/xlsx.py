"""Excel workbooks: Spanish headings, lists to choose from, an example row. Reading trusts nothing in them."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from data.records import Service
from services.exchange.area_names import AreaNames
from services.exchange.cells import CLEAR, guarded
from services.exchange.columns import COLUMNS, READ_ONLY, READ_ONLY_TITLE, Column, cells_of
from services.exchange.problems import UnreadableFile
from services.exchange.row_fields import MAX_CELL
from services.exchange.sheet import (
    EXAMPLE,
    MAX_ROWS,
    MOST_LINES,
    TOO_MANY_ROWS,
    Cell,
    Line,
    Unread,
    has_header,
)

MAX_UNPACKED = 150_000_000
MAX_PARTS = 500
MAX_COLUMNS = 120
LAST_ROW = 1_048_576
"""The last row that Excel has; a row numbered beyond it would be an endless gap."""

_SHEET, _LISTS, _HELP = "Directorio", "Listas", "Instrucciones"
_EXAMPLE_ROW = {
    "id": EXAMPLE,
    "name": "Fila de ejemplo: bórrela o déjela, no se lee",
    "needs": "Albergue ; Comida y agua",
    "state": "Chiapas",
    "municipality": "San Cristóbal de las Casas",
    "phones": "000 000 0000 ext. 12 (opción 1) ; 000 000 0001 WhatsApp",
    "address": "Calle Inventada 5, Centro",
    "confidence": "C",
    "exposure": "Público",
    "organization": "Institución de ejemplo",
    "kind": "Oficina",
    "coverage": "Chiapas ; Tlapa de Comonfort, Guerrero",
    "schedule": "L-V 9:00-15:00",
    "women_only": "no",
    "children": "sí",
}
_HELP_LINES = (
    "Cómo llenar esta hoja",
    "Una fila por servicio. No cambie la columna «Clave»; en un servicio nuevo déjela vacía.",
    "Una celda vacía no cambia nada. Para vaciar un dato escriba BORRAR.",
    "Varios valores en una celda se separan con punto y coma: Albergue ; Comida y agua.",
    "Teléfonos: como se marcan, por ejemplo «961 000 0000 ext. 12 (opción 1)». Agregue WhatsApp si lo es.",
    "Horario: «L-V 9:00-15:00; S 9:00-13:00», «24 horas».",
    "Refugio de mujeres: solo el estado. Nunca su domicilio, municipio, teléfono ni ubicación.",
    "No combine celdas ni ponga fórmulas.",
)
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, ParseError, zlib.error, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, OSError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")


def written(services: Iterable[Service], areas: AreaNames) -> bytes:
    """The workbook; without services it is the template, with an example row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET)
    sheet.freeze_panes = "C2"
    for at, column in enumerate(COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width, dimension.number_format = column.width, "@"
    sheet.append([_heading(sheet, title) for title in (*(c.title for c in COLUMNS), READ_ONLY_TITLE)])
    names = (*(column.name for column in COLUMNS), READ_ONLY)
    rows = [cells_of(service, areas, in_words=True) for service in services]
    for row in rows or [_EXAMPLE_ROW]:
        sheet.append([_safe(row.get(name, "")) for name in names])
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    for validation in _validations(lists, areas):
        sheet.data_validations.append(validation)
    _add_help(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lines(data: bytes) -> list[Line]:
    """The rows of the first visible sheet that names the columns. Raises UnreadableFile."""
    _check_package(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of parts that it does not know
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            return _first_with_header(book, data)
        except _BROKEN:
            raise UnreadableFile(
                "El libro de Excel está dañado o no es un .xlsx. Ábralo y guárdelo de nuevo como .xlsx."
            ) from None


def _heading(sheet: Any, title: str) -> Any:
    cell = WriteOnlyCell(sheet, value=title)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDE7F0")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _safe(text: str) -> str | None:
    return guarded(ILLEGAL_CHARACTERS_RE.sub("", text)) or None


def _validations(lists: Any, areas: AreaNames) -> Iterator[DataValidation]:
    """One list a column, kept on a hidden sheet. A column of several values may hold other text too."""
    wanted = [(c, _choices(c, areas)) for c in COLUMNS]
    listed = [(column, choices) for column, choices in wanted if choices]
    longest = max(len(choices) for _, choices in listed)
    for at in range(longest):
        lists.append([choices[at] if at < len(choices) else None for _, choices in listed])
    for at, (column, choices) in enumerate(listed, start=1):
        letter = get_column_letter(at)
        validation = DataValidation(
            type="list",
            formula1=f"{_LISTS}!${letter}$1:${letter}${len(choices)}",
            allow_blank=True,
            showErrorMessage=not column.hxl.endswith("+list"),
            error=f"Elija de la lista, o escriba {CLEAR} para vaciar el dato.",
            errorStyle="warning",
        )
        own = get_column_letter(COLUMNS.index(column) + 1)
        validation.add(f"{own}2:{own}{MAX_ROWS}")
        yield validation


def _choices(column: Column, areas: AreaNames) -> tuple[str, ...]:
    if column.name == "state":
        return tuple(areas.areas.states.values())
    return column.choices or tuple((column.words or {}).values())


def _add_help(book: Workbook) -> None:
    sheet = book.create_sheet(_HELP)
    sheet.column_dimensions["A"].width = 110
    for line in _HELP_LINES:
        sheet.append([line])


def _check_package(data: bytes) -> None:
    """Before anything is unpacked: how large it would be, and that no part declares entities."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("Es un Excel antiguo (.xls) o tiene contraseña. Guárdelo como .xlsx sin ella.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise UnreadableFile("Es demasiado grande por dentro. Copie solo los datos a un libro nuevo.")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(package.read(part))
    except _BROKEN:
        raise UnreadableFile("No es un libro de Excel (.xlsx). Guárdelo de nuevo como .xlsx.") from None


def _check_xml(part: bytes) -> None:
    """OOXML needs neither document types nor entities, and is UTF-8."""
    declared = b"<!DOCTYPE" in part or b"<!ENTITY" in part
    if declared or b"\x00" in part[:200] or part.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("El libro trae código que no va en una hoja. Copie los datos a un libro nuevo.")


def _first_with_header(book: Any, data: bytes) -> list[Line]:
    found: list[Line] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        found = list(_lines(sheet))
        if has_header(found):
            # Only the path tells which part of the package the merged cells stand in.
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                part = package.read(sheet._worksheet_path.lstrip("/"))  # noqa: SLF001
            return _unmerged(found, part)
    return found


def _lines(sheet: Any) -> Iterator[Line]:
    sheet.reset_dimensions()  # what the file says of its size may be anything
    before: Any = None
    found = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        if number > LAST_ROW:
            raise UnreadableFile(
                "El libro dice tener más filas que las que caben en una hoja. Cópielo a otro."
            )
        if row is before:  # openpyxl fills a gap of any length with one and the same row
            continue
        before = row
        cells = [_cell(cell) for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            found += 1
            yield number, cells
        if found > MOST_LINES:
            raise UnreadableFile(TOO_MANY_ROWS)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Unread("tiene una fórmula; pegue solo el valor")
    if cell.data_type == "e":
        return Unread("tiene un error de la hoja de cálculo; escriba el valor")
    if isinstance(value, str) and len(value) > MAX_CELL:  # one text may stand in a million cells
        return Unread("es demasiado largo; acórtelo")
    return _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _unmerged(found: list[Line], part: bytes) -> list[Line]:
    """A value merged downwards is every row's; merged across columns nobody knows whose it is."""
    rows = {number: list(cells) for number, cells in found}
    for match in _MERGED.finditer(part):
        left, top, right, bottom = range_boundaries(match[1].decode())
        _spread(rows, left or 1, top or 1, right or 1, bottom or 1)
    return [(number, rows[number]) for number, _ in found]


def _spread(rows: dict[int, list[Cell]], left: int, top: int, right: int, bottom: int) -> None:
    value = rows.get(top, [])[left - 1 : left]
    if not value or value == [""]:
        return
    alone = sum(1 for cell in rows[top] if cell) == 1
    if right > left and not alone:  # alone in its row it is a title above the columns
        value = [Unread("está combinada con otra columna; separe las celdas y escriba cada dato")]
        rows[top][left - 1] = value[0]
    for number, cells in rows.items():
        if top < number <= bottom:
            cells += [""] * (left - len(cells))
            cells[left - 1] = value[0]
