"""Calendar months as «2026-11», in the time of central Mexico."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Mexico_City")

_MONTH = re.compile(r"20[0-9][0-9]-(0[1-9]|1[0-2])")


def of(moment: datetime) -> str:
    """The month of a moment."""
    return f"{moment.astimezone(ZONE):%Y-%m}"


def is_month(text: str) -> bool:
    """Whether this is a month of this century, written «2026-11»."""
    return bool(_MONTH.fullmatch(text))


def before(month: str, *, by: int = 1) -> str:
    """The month so many months earlier; later for a negative number."""
    index = int(month[:4]) * 12 + int(month[5:]) - 1 - by
    return f"{index // 12:04}-{index % 12 + 1:02}"


def between(first: str, last: str) -> Iterator[str]:
    """Every month from the first to the last, both included; none when they are the wrong way round."""
    while first <= last:
        yield first
        first = before(first, by=-1)
