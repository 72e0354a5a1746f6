"""A report or a sheet as PDF: tagged, with its own letters, the same bytes for the same content."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import typst

from services.reports.document import Block, Checks, Document, Figure, Quotes, Table, Text, shown
from services.reports.queries import named
from services.reports.spoken import day
from services.reports.words import common as say

TEMPLATES = Path(__file__).resolve().parent / "templates"
FONTS = Path(__file__).resolve().parent / "fonts"

_CODE_WIDTH = 300
"""A column of code is as wide as one whose longest cell has so many signs."""

_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_DESCRIPTION = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)


def written(document: Document) -> bytes:
    """The report on A4."""
    counted = {table.key: named(table) for table in document.tables()}
    data = {
        "title": document.title,
        "subtitle": document.subtitle,
        "made_on": say.MADE_ON.format(date=day(document.made_on)),
        "summary": document.summary,
        "sections": [
            {"title": section.title, "blocks": _blocks(section.blocks, counted)}
            for section in document.sections
        ],
    }
    return compiled("report.typ", {"report": json.dumps(data, ensure_ascii=False)}, on=document.made_on)


def compiled(template: str, inputs: dict[str, str], *, on: date) -> bytes:
    """A template with its data as PDF. No word of the data is markup."""
    moment = int((on - date(1970, 1, 1)).total_seconds())
    compiler = typst.Compiler(
        TEMPLATES / template, root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )
    made = compiler.compile(format="pdf", timestamp=moment)
    if not isinstance(made, bytes):
        raise TypeError("the PDF compiler gave no bytes")
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])


def _blocks(blocks: Sequence[Block], counted: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every block; narrow figures that follow each other stand side by side, two in a row."""
    laid: list[dict[str, Any]] = []
    row: list[dict[str, Any]] = []
    for block in blocks:
        if not isinstance(block, Figure):
            row = []
            laid.append(_block(block))
            continue
        if block.wide or len(row) % 2 == 0:
            row = []
            laid.append({"kind": "figures", "figures": row})
        row.append(_figure(block, counted[block.table]))
        row = [] if block.wide else row
    return laid


def _figure(figure: Figure, queries: str) -> dict[str, Any]:
    found = _DESCRIPTION.search(figure.svg)
    alt = unescape(found.group(1)) if found else figure.caption
    return {
        "caption": figure.caption,
        "svg": figure.svg,
        "alt": alt,
        "height": _height(figure),
        "queries": queries,
    }


def _height(figure: Figure) -> float:
    """Millimetres: as high as its width asks for, and no more than half a page."""
    found = _VIEW.search(figure.svg)
    across, down = (float(found.group(1)), float(found.group(2))) if found else (1.0, 1.0)
    return round(min((172.0 if figure.wide else 83.0) * down / across, 125.0), 1)


def _block(block: Text | Table | Checks | Quotes) -> dict[str, Any]:
    match block:
        case Text():
            return {"kind": "text", "heading": block.heading, "paragraphs": block.paragraphs}
        case Table():
            return _table(block)
        case Checks():
            return {"kind": "checks", "items": block.items}
        case Quotes():
            return {"kind": "quotes", "theme": block.theme, "quotes": block.quotes}


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": table.title,
        "note": table.note,
        "queries": named(table),
        "columns": [
            {
                "heading": c.heading,
                "number": c.digits is not None,
                "code": c.is_code,
                "width": _width(table, i),
            }
            for i, c in enumerate(table.columns)
        ],
        "rows": [[shown(cell, table.columns[i]) for i, cell in enumerate(row)] for row in table.rows],
    }


def _width(table: Table, index: int) -> float:
    """The share of a column: figures alike, words by the root of their longest cell."""
    column = table.columns[index]
    if column.digits is not None:
        return 4.0
    longest = max((len(shown(row[index], column)) for row in table.rows), default=0)
    if column.is_code:
        longest = min(longest, _CODE_WIDTH)
    return round(sqrt(max(longest, len(column.heading), 12)) * 2, 1)
