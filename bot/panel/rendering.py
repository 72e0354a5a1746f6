"""The templates: every value escaped, Spanish dates, names of places and of closed lists."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.panel import navigation, words
from services import showing, weekly_hours
from services.exchange import words as listed
from services.exchange.area_names import AreaNames

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
ZONE = ZoneInfo("America/Mexico_City")
"""Times of the panel are those of central Mexico."""

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip


def environment(areas: AreaNames) -> Environment:
    """Jinja2 with what the pages use."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "place": lambda record: showing.place(record, areas),
        "phone": showing.phone,
        "pair": lambda text: (text, text),
        "pairs": lambda choices: [(choice.value, choice.label) for choice in choices],
        "state": areas.state_name,
        "day": day,
        "moment": moment,
        "ago": ago,
        "thousands": "{:,}".format,
        "counted": showing.counted,
        "hours": weekly_hours.in_words,
    }
    made.globals |= {
        "static": _static(),
        "navigation": navigation.PLACES,
        "words": words,
        "listed": listed,
        "area": areas.coverage_name,
        "state_name": areas.state_name,
        "states": areas.areas.states,
    }
    return made


def day(value: date | str | None) -> str:
    """«12 de marzo de 2026»; an ISO date may stop at the year or month."""
    if not value:
        return "sin fecha"
    year, *rest = (value if isinstance(value, str) else value.isoformat()[:10]).split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} de {month} de {year}" if len(rest) > 1 else f"{month} de {year}"


def moment(value: datetime | None) -> str:
    """«12 de marzo de 2026, 14:05», in central Mexico."""
    if value is None:
        return ""
    local = value.astimezone(ZONE)
    return f"{day(local.date())}, {local.hour}:{local.minute:02}"


def ago(value: date | datetime | None, now: datetime) -> str:
    """«hoy», «ayer», «hace 12 días»."""
    if value is None:
        return "nunca"
    then = value.astimezone(ZONE).date() if isinstance(value, datetime) else value
    days = (now.astimezone(ZONE).date() - then).days
    if days <= 0:
        return "hoy"
    return "ayer" if days == 1 else f"hace {days} días"


def _static() -> Callable[[str], str]:
    """The address of a static file, with its content's hash: browsers keep it until it changes."""
    hashes = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in STATIC.iterdir()
        if path.is_file()
    }
    return lambda name: f"/panel/static/{name}?v={hashes[name]}"
