"""A file as rows of cells under known columns, whatever format it came in."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.exchange.cells import clean, plain, unguarded
from services.exchange.columns import BY_NAME, COLUMNS, READ_ONLY, READ_ONLY_HXL, recognized
from services.exchange.problems import Problem, UnreadableFile

MAX_BYTES = 60_000_000
MAX_ROWS = 60_000
MOST_LINES = MAX_ROWS + 1000
"""With titles, notes and the like; what has more is not read to its end."""
TOO_MANY_ROWS = f"Son más de {MAX_ROWS:,} filas. Parta el archivo, por ejemplo por estado."
EXAMPLE = "EJEMPLO"
"""The id of the template's example row, which is never read."""

_HEADER_WITHIN = 15


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell whose value is not text, such as a formula: the sentence that says so."""

    sentence: str


Cell = str | Unread
Line = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Row:
    """A record's cells by column name; only cells with something in them."""

    number: int
    cells: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """`titles` are the headings as the file has them, by column name; `ignored` those that nobody knows."""

    titles: Mapping[str, str]
    rows: tuple[Row, ...]
    ignored: tuple[str, ...] = field(default=())


def has_header(lines: Sequence[Line]) -> bool:
    """Whether one of the first lines names the columns."""
    return _header(lines) is not None


def assemble(lines: Sequence[Line]) -> Sheet:
    """Rows under the first line that names the columns. Raises UnreadableFile."""
    at = _header(lines)
    if at is None:
        raise UnreadableFile(
            "No encontré los títulos de las columnas. La primera fila debe decir por lo menos"
            " «id» y «name», o «Clave» y «Nombre»; use la plantilla («faro directory template»)."
        )
    names = _names(lines[at][1])
    _check_once(names)
    titles = {name: str(lines[at][1][i]) for i, name in enumerate(names) if name}
    ignored = tuple(
        str(cell) for cell, name in zip(lines[at][1], names, strict=False) if name is None and _text(cell)
    )
    rows = tuple(_rows(lines[at + 1 :], names, titles))
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(TOO_MANY_ROWS)
    return Sheet(titles, rows, ignored)


def _header(lines: Sequence[Line]) -> int | None:
    for at, (_, cells) in enumerate(lines[:_HEADER_WITHIN]):
        names = {name for name in _names(cells) if name}
        if len(names) >= 2 and names & {"id", "name"}:
            return at
    return None


def _names(cells: Sequence[Cell]) -> list[str | None]:
    return [_name(_text(cell)) for cell in cells]


def _name(heading: str) -> str | None:
    return _BY_TAG.get(_tag(heading)) if heading.startswith("#") else recognized(heading)


def _tag(heading: str) -> str:
    """An HXL tag with its attributes in order, so that «#geo +lat» and «#geo+lat» are one."""
    tag, *attributes = plain(heading).replace(" ", "").split("+")
    return "+".join([tag, *sorted(attributes)])


_BY_TAG = {_tag(column.hxl): column.name for column in COLUMNS} | {_tag(READ_ONLY_HXL): READ_ONLY}


def _check_once(names: Iterable[str | None]) -> None:
    twice = [name for name, times in Counter(name for name in names if name).items() if times > 1]
    if twice:
        raise UnreadableFile(f"La columna «{twice[0]}» está dos veces. Deje una sola.")


def _rows(lines: Sequence[Line], names: Sequence[str | None], titles: Mapping[str, str]) -> Iterator[Row]:
    for number, cells in lines:
        texts = [_text(cell) for cell in cells]
        if not any(texts) or all(text.startswith("#") for text in texts if text):
            continue
        row = _row(number, cells, names, titles)
        if row.cells.get("id") != EXAMPLE:
            yield row


def _row(number: int, cells: Sequence[Cell], names: Sequence[str | None], titles: Mapping[str, str]) -> Row:
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for name, cell in zip(names, cells, strict=False):
        if isinstance(cell, Unread):
            problems.append(Problem(number, titles.get(name or "", ""), cell.sentence))
        elif name is not None and name in BY_NAME and (text := clean(unguarded(clean(cell)))):
            found[name] = text
    if any(_text(cell) for cell in cells[len(names) :]):
        problems.append(
            Problem(number, "", "hay más celdas que columnas; ponga entre comillas los textos con comas")
        )
    return Row(number, found, tuple(problems))


def _text(cell: Cell) -> str:
    return "?" if isinstance(cell, Unread) else clean(cell)
