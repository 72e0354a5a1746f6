"""Postal codes → municipality, from the file that the operator downloads: SEPOMEX's or GeoNames'.

Neither is shipped: the terms of the official file forbid handing it on.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path


class UnknownPostalFileError(ValueError):
    """The file is neither SEPOMEX's «CPdescarga.txt» nor GeoNames' «MX.txt»: download one of them again."""


def read_postal_codes(path: Path, states: Mapping[str, str]) -> dict[str, str]:
    """Five-digit code → INEGI key, where all settlements of the code lie in one municipality.

    `states` maps the first two digits to the state. Raises OSError or UnknownPostalFileError.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    keys: dict[str, set[str]] = {}
    for code, municipality in _rows(text.splitlines(), path):
        state = states.get(code[:2])
        if state and len(code) == 5 and code.isdigit() and municipality.isdigit():
            keys.setdefault(code, set()).add(state + municipality.zfill(3))
    return {code: found.pop() for code, found in keys.items() if len(found) == 1}


def _rows(lines: list[str], path: Path) -> Iterator[tuple[str, str]]:
    """Pairs of code and three-digit municipality."""
    header = next((at for at, line in enumerate(lines[:5]) if line.lower().startswith("d_codigo|")), None)
    if header is not None:
        columns = lines[header].lower().split("|")
        yield from _columns(lines[header + 1 :], "|", columns.index("d_codigo"), columns.index("c_mnpio"))
    elif lines and lines[0].startswith("MX\t"):
        yield from _columns(lines, "\t", 1, 6)
    else:
        message = f"{path.name} no es el archivo de SEPOMEX (CPdescarga.txt) ni el de GeoNames (MX.txt)."
        raise UnknownPostalFileError(message)


def _columns(lines: list[str], mark: str, code: int, municipality: int) -> Iterator[tuple[str, str]]:
    for line in lines:
        cells = line.split(mark)
        if len(cells) > max(code, municipality):
            yield cells[code], cells[municipality]
