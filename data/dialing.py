"""Phone numbers as people dial them in Mexico: «961 615 5178», «800 911 2000», «*765», «911»."""

import re
from collections.abc import Collection

import phonenumbers

_TWO_DIGIT_AREAS = ("33", "55", "56", "81")
_SPACING = re.compile(r"[\s().\-]")
_DIALABLE = re.compile(r"[*+]?\d+")
# Prefixes that stopped working in 2019 and 2020 and that old lists still print.
_OLD_PREFIXES = ("044", "045", "01")
_COUNTRY = ("521", "52")


class NotDialableError(ValueError):
    """The text isn't a number that can be dialled in Mexico. Its message says why, without the text."""


def as_dialled(text: str, *, short: Collection[str] = ()) -> str:
    """The number with the spaces people use; `short` holds the short codes that exist.

    Raises NotDialableError.
    """
    compact = _SPACING.sub("", text)
    if compact in short:
        return compact
    if not _DIALABLE.fullmatch(compact):
        raise NotDialableError("no es un número de teléfono")
    digits = _national(compact)
    if len(digits) != 10:
        raise NotDialableError("no tiene diez cifras ni es un número corto de la lista")
    if not phonenumbers.is_valid_number(phonenumbers.parse(digits, "MX")):
        raise NotDialableError("tiene diez cifras, pero esa clave de larga distancia no existe")
    return _spaced(digits)


def _national(compact: str) -> str:
    digits = compact.lstrip("+*")
    for prefix in _COUNTRY:
        if digits.startswith(prefix) and len(digits) == 10 + len(prefix):
            return digits[len(prefix) :]
    for prefix in _OLD_PREFIXES:
        if digits.startswith(prefix) and len(digits) == 10 + len(prefix):
            return digits[len(prefix) :]
    return digits


def _spaced(digits: str) -> str:
    if digits.startswith(_TWO_DIGIT_AREAS):
        return f"{digits[:2]} {digits[2:6]} {digits[6:]}"
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
