"""The tables of a report as HXL-tagged CSV, one file each."""

import csv
import io

from services.exchange.cells import guarded
from services.reports.document import SMALL, Cell, Document, Table


def written(document: Document) -> dict[str, str]:
    """File name → text: headings, HXL hashtags, rows. What is kept back as small stays empty."""
    return {f"{document.key}-{table.key}.csv": _table(table) for table in document.tables()}


def _table(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.heading for column in table.columns])
    writer.writerow([column.tag for column in table.columns])
    for row in table.rows:
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue()


def _plain(cell: Cell) -> str:
    """A number without separators; words that no spreadsheet takes for a formula."""
    if cell is None or cell == SMALL:
        return ""
    return guarded(cell) if isinstance(cell, str) else str(cell)
