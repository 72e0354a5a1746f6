"""Values out of a platform's JSON: whatever is not what it should be comes as empty, nothing raises."""

import math
import re
from datetime import UTC, datetime
from typing import Any

MAX_TEXT = 20_000
"""Longer than any platform lets a person write in one message; what is beyond is no message."""
_WHOLE = re.compile(r"[0-9]{1,12}", re.ASCII)
_MAX_INTEGER = 2**63


def table(value: object) -> dict[str, Any]:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Any]:
    """A JSON array, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """A JSON string that every encoder takes: half of a surrogate pair becomes «�»."""
    if not isinstance(value, str):
        return ""
    value = value[:MAX_TEXT]
    if value.isascii():
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def word(value: object) -> str:
    """An id or a code, given as a string or as a whole number."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MAX_INTEGER:
        return str(value)
    return text(value)


def whole(value: object) -> int | None:
    """A whole number, given as one or as a string of digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < _MAX_INTEGER else None
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else None


def point(latitude: object, longitude: object) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees, when both are."""
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    return None if north is None or east is None else (north, east)


def moment(seconds: object) -> datetime | None:
    """Seconds since 1970 as a time in UTC."""
    stamp = whole(seconds)
    try:
        return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _degrees(value: object, limit: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= limit else None
