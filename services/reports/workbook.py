"""The tables of a report as an XLSX workbook, one sheet each, the same bytes for the same report."""

import io
import zipfile
from datetime import datetime, time

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from services.exchange.cells import guarded
from services.maps import writable
from services.reports.document import Cell, Column, Document, Table
from services.reports.queries import named
from services.reports.spoken import day
from services.reports.words import common as say

_HEADING_ROW = 3
_CELL = 32_000  # Excel holds 32,767 characters in a cell
_FILL = PatternFill("solid", fgColor="E7EEF5")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def written(document: Document) -> bytes:
    """The workbook. Its only date is the report's."""
    book = Workbook()
    _first(book, document)
    for table in document.tables():
        _sheet(book, table)
    out = io.BytesIO()
    moment = datetime.combine(document.made_on, time())
    book.properties.creator = "Faro"
    book.properties.title = writable(document.title)
    book.properties.created = book.properties.modified = moment
    book.save(out)
    return _steady(out.getvalue(), moment)


def _first(book: Workbook, document: Document) -> None:
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 (a new workbook has one)
    sheet.title = "Leer"
    lines = [document.title, document.subtitle, say.MADE_ON.format(date=day(document.made_on)), ""]
    for line in (*lines, *document.summary):
        sheet.append([_words(line)])
    for number, table in enumerate(document.tables(), start=len(lines) + len(document.summary) + 2):
        cell = sheet.cell(number, 1, _words(table.title))
        cell.hyperlink = f"#'{_name(table)}'!A1"
        cell.font = Font(color="143C70", underline="single")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 110
    for row in sheet.iter_rows():
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def _sheet(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(_name(table))
    sheet.append([_words(table.title)])
    sheet.append([_words(" ".join(filter(None, (table.note, named(table)))))])
    sheet.append([_words(column.heading) for column in table.columns])
    for row in table.rows:
        sheet.append([_value(cell) for cell in row])
    sheet["A1"].font = Font(bold=True, size=13)
    _dress(sheet, table)


def _dress(sheet: Worksheet, table: Table) -> None:
    for index, column in enumerate(table.columns, start=1):
        heading = sheet.cell(_HEADING_ROW, index)
        heading.font = Font(bold=True)
        heading.fill = _FILL
        heading.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(index)].width = _width(column, first=index == 1)
        for row in range(_HEADING_ROW + 1, _HEADING_ROW + 1 + len(table.rows)):
            cell = sheet.cell(row, index)
            if column.digits is None:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            else:
                cell.number_format = "#,##0" + ("." + "0" * column.digits if column.digits else "")
                cell.alignment = Alignment(horizontal="right", vertical="top")
    last = f"{get_column_letter(len(table.columns))}{_HEADING_ROW + len(table.rows)}"
    sheet.auto_filter.ref = f"A{_HEADING_ROW}:{last}"
    sheet.freeze_panes = f"B{_HEADING_ROW + 1}"


def _width(column: Column, *, first: bool) -> int:
    return 16 if column.digits is not None else 30 if first else 48


def _value(cell: Cell) -> Cell:
    return _words(cell) if isinstance(cell, str) else cell


def _words(text: str) -> str:
    """Words that no spreadsheet runs, without the signs that a workbook can't hold."""
    return guarded(writable(text)[:_CELL])


def _name(table: Table) -> str:
    """A sheet's name has 31 characters at most."""
    return table.key[:31]


def _steady(data: bytes, moment: datetime) -> bytes:
    """The library stamps the time of saving on every part and into `modified`: both are the report's."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _with_modified(part, moment)
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return out.getvalue()


def _with_modified(core: bytes, moment: datetime) -> bytes:
    start, end = core.index(b"<dcterms:modified"), core.index(b"</dcterms:modified>")
    start = core.index(b">", start) + 1
    return core[:start] + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode() + core[end:]
