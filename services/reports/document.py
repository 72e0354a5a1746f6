"""A report as meaning, before it becomes a page, a PDF, a workbook or HXL."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

Cell = str | int | float | None
"""None: no figure, shown as a dash and left empty in data files."""

SMALL = "pocas"
"""Stands for a figure that is kept back because it is small, or because it would tell one that is."""


@dataclass(frozen=True, slots=True)
class Query:
    """One source of figures by a key that stays the same. `sql` is ready to run; empty for a `file`."""

    key: str
    title: str
    sql: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `tag` is its HXL hashtag; `digits` are those of a number, None for words.

    `is_code` keeps the lines of words as they are.
    """

    heading: str
    tag: str
    digits: int | None = None
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names the file and the sheet: ASCII letters, digits and «_». `folded` tables open on demand.

    `queries` are the keys of the queries whose rows it is counted from; see services/reports/queries.py.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    folded: bool = False
    queries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs in plain words, where wanted under a heading of their own."""

    paragraphs: tuple[str, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart or map; the same figures stand in the table called `table`. Two narrow ones share a row."""

    svg: str
    caption: str
    table: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Checks:
    """Lines with a box, for a person to fill with a pen."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quotes:
    """Words of people about one theme, as a coordinator released them."""

    theme: str
    quotes: tuple[str, ...]


Block = Text | Table | Figure | Checks | Quotes


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `key` is the name of its files."""

    key: str
    title: str
    subtitle: str
    made_on: date
    sections: tuple[Section, ...]
    summary: tuple[str, ...] = field(default=())
    queries: tuple[Query, ...] = field(default=())

    def tables(self) -> Iterator[Table]:
        """Every table in order."""
        return tables_of(self.sections)


def tables_of(sections: Iterable[Section]) -> Iterator[Table]:
    """Every table of these in order."""
    for section in sections:
        yield from (block for block in section.blocks if isinstance(block, Table))


def shown(cell: Cell, column: Column) -> str:
    """A cell as a person in Mexico reads it: «1,234», «56.7», a dash for no figure."""
    if cell is None or cell == "":
        return "—"
    if isinstance(cell, str):
        return cell
    digits = column.digits or 0
    return f"{cell:,.{digits}f}"
