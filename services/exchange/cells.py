"""Text of a cell: cleaned, guarded against formulas, several values in one, yes or no, dates."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from services.exchange.problems import UnreadableCell

CLEAR = "BORRAR"
"""Written in a cell, it empties the field. An empty cell changes nothing."""

SEPARATOR = " ; "

_BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad"
)
# What Excel, LibreOffice and Google Sheets take for the start of a formula, full-width forms too.
_FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_UNESCAPED_SEMICOLON = re.compile(r"((?:[^;\\\n]|\\.|\\\Z)*)(?:[;\n]|\Z)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_YES = frozenset(("si", "s", "x", "yes", "y", "1", "true", "verdadero", "✓", "✔"))
_NO = frozenset(("no", "n", "0", "false", "falso"))
_UNKNOWN = frozenset(("?", "no se", "no se sabe", "pregunte", "pregunte antes", "desconocido", "nd", "n/d"))
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_LATIN = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


def clean(text: str) -> str:
    """Without blanks at the ends, seen or unseen; line ends as one sign."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)


def plain(text: str) -> str:
    """For comparing: lower case, no accents, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.split())


def guarded(text: str) -> str:
    """The text so that no spreadsheet runs it; `unguarded` gives it back exactly."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def joined(values: Iterable[str]) -> str:
    """Several values in one cell."""
    return SEPARATOR.join(escaped(value, ";") for value in values)


def several(cell: str) -> tuple[str, ...]:
    """The values of a cell, each once."""
    return tuple(dict.fromkeys(unescaped(part) for part in raw_parts(cell)))


def raw_parts(cell: str) -> list[str]:
    """The parts between semicolons or line ends, still escaped, without the empty ones."""
    parts = (clean(match[1]) for match in _UNESCAPED_SEMICOLON.finditer(cell))
    return [part for part in parts if part]


def escaped(text: str, signs: str) -> str:
    """The text with a backslash before each sign that would mean something else."""
    return re.sub(rf"[\\{re.escape(signs)}]", lambda match: f"\\{match[0]}", text)


def unescaped(text: str) -> str:
    """The text that `escaped` was given."""
    return _ESCAPED.sub(r"\1", text)


def yes_no(cell: str) -> bool | None:
    """«sí», «no», or None for what nobody knows."""
    said = plain(cell).rstrip(".")
    if said in _YES:
        return True
    if said in _NO:
        return False
    if said in _UNKNOWN:
        return None
    raise UnreadableCell("se contesta con «sí», «no» o «no se sabe»")


def yes_no_word(value: bool | None) -> str:
    """The word for a cell; empty when nobody knows."""
    return "" if value is None else ("sí" if value else "no")


def iso_date(cell: str) -> str:
    """A day as «2026-03-15», from that or from «15/03/2026»."""
    match = _ISO.fullmatch(cell)
    parts = match.groups() if match else None
    if parts is None and (match := _LATIN.fullmatch(cell)):
        parts = match.groups()[::-1]
    if parts is None:
        raise UnreadableCell("no es una fecha; escriba por ejemplo «2026-03-15» o «15/03/2026»")
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])).isoformat()
    except ValueError:
        raise UnreadableCell("ese día no existe; revise el día y el mes") from None


def number(cell: str) -> float:
    """A number with a decimal point or comma."""
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        raise UnreadableCell("no es un número; escriba solo cifras y punto decimal") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise UnreadableCell("no es un número; escriba solo cifras y punto decimal")
    return value


def whole_number(cell: str) -> int:
    """A whole number."""
    value = number(cell.lower().removesuffix("años").removesuffix("anos").strip())
    if value != int(value):
        raise UnreadableCell("no es un número entero")
    return int(value)
