"""A report in every form, written into a folder whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from services.reports import html, hxl, pdf, queries, workbook
from services.reports.document import Document
from services.reports.spoken import ReportError, shortened
from services.reports.words import common as say

Tick = Callable[[str], None]
"""Told the name of each file when it is written."""


def write(document: Document, folder: Path, *, tick: Tick) -> tuple[Path, ...]:
    """HTML, PDF, XLSX, its queries as SQL, and under `hxl/` one CSV for each table. Raises ReportError."""
    page = html.written(document).encode()
    files = {f"{document.key}.html": page}
    tick(f"{document.key}.html")
    files[f"{document.key}.xlsx"] = workbook.written(document)
    tick(f"{document.key}.xlsx")
    files[f"{document.key}.pdf"] = pdf.written(document)
    tick(f"{document.key}.pdf")
    files[f"{document.key}.sql"] = queries.script(document.queries).encode()
    tick(f"{document.key}.sql")
    files |= {f"hxl/{name}": text.encode() for name, text in hxl.written(document).items()}
    return tuple(put(folder / name, data) for name, data in files.items())


def put(path: Path, data: bytes) -> Path:
    """Write a file so that nobody ever sees half of it. Raises ReportError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".faro-", suffix=path.suffix)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        raise ReportError(say.FOLDER.format(name=shortened(str(path.parent)))) from None
    return path
