"""The cells of a row as the fields of a record; each cell that can't be read is told by itself."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from data.records import Exposure, Kind
from services.exchange.cells import CLEAR, plain
from services.exchange.columns import COLUMNS, Column, Context, cleared
from services.exchange.problems import Problem, UnreadableCell
from services.exchange.sheet import Row

MAX_CELL = 20_000

Skip = Callable[[Column, str], bool]


def read(
    row: Row, context: Context, *, titles: Mapping[str, str], skip: Skip = lambda column, cell: False
) -> tuple[dict[str, Any], list[Problem]]:
    """Field → value for every cell but the id's and those to skip, and what is wrong with the others."""
    fields: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in COLUMNS:
        cell = row.cells.get(column.name)
        if cell is None or column.name == "id" or skip(column, cell):
            continue
        try:
            value = _value(column, cell, context)
        except UnreadableCell as unread:
            title = titles.get(column.name, column.name)
            problems.append(Problem(row.number, title, str(unread)))
            continue
        if column.name == "state":
            context = replace(context, state=value)
        fields[column.name] = value
    return fields, problems


def record_id(row: Row) -> str:
    """The record's id; for a row without one always the same, so that a file read twice adds nothing."""
    if "id" in row.cells:
        return row.cells["id"]
    said = "|".join(plain(row.cells.get(n, "")) for n in ("name", "organization", "state", "municipality"))
    return digest(said)


def digest(text: str) -> str:
    """A short id made of a text."""
    return "F" + hashlib.sha256(text.encode()).hexdigest()[:10].upper()


def completed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A new record's plain consequences of what the row says."""
    municipality = fields.get("municipality", "")
    state = fields.get("state") or municipality[:2]
    made = {
        "organization": fields.get("name", ""),
        "state": state,
        "coverage": [municipality or state or "00"],
        **({"exposure": Exposure.STAFF.value} if fields.get("kind") == Kind.REFUGE else {}),
    }
    return {**made, **fields, "state": state}


def _value(column: Column, cell: str, context: Context) -> Any:
    if len(cell) > MAX_CELL:
        raise UnreadableCell("es demasiado largo; acórtelo")
    return cleared(column) if cell == CLEAR else column.read(cell, context)
