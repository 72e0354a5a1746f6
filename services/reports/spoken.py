"""Dates and names as a report says them."""

import re
from datetime import date

from services.gazetteer import Gazetteer
from services.reports.words import common as say
from services.spelling import fold

_FILE_WORD = re.compile(r"[a-z0-9]+")


class ReportError(Exception):
    """What was asked for can't be reported. The message is a sentence that says what to do."""


def day(on: date) -> str:
    """«5 de marzo de 2026»."""
    return say.DATE.format(day=on.day, month=say.MONTHS[on.month - 1], year=on.year)


def state_name(gazetteer: Gazetteer, state: str) -> str:
    """The state as people call it."""
    place = gazetteer.place(state)
    name = place.state if place else state
    return say.STATES.get(name, name)


def state_key(gazetteer: Gazetteer, text: str) -> str:
    """The INEGI key of a state by key or name. Raises ReportError."""
    wanted = text.strip()
    if len(wanted) == 2 and wanted in gazetteer.areas:
        return wanted
    found = gazetteer.resolve(wanted).candidates
    if not found:
        raise ReportError(say.UNKNOWN_STATE.format(text=shortened(wanted)))
    place = found[0]
    if place.municipality is not None:
        raise ReportError(say.NOT_A_STATE.format(text=shortened(wanted), state=place.state))
    return place.key


def shortened(text: str) -> str:
    """Outside text inside a sentence of ours: one line, at most 60 characters."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain if len(plain) <= 60 else f"{plain[:59]}…"


def file_name(text: str) -> str:
    """A name as part of a file's name: ASCII letters, digits and «-»."""
    return "-".join(_FILE_WORD.findall(fold(text))) or "sin-nombre"


def month_name(month: str, *, short: bool = False) -> str:
    """«marzo de 2026», or «mar 26»."""
    name = say.MONTHS[int(month[5:]) - 1]
    return f"{name[:3]} {month[2:4]}" if short else say.MONTH.format(month=name, year=month[:4])


def period_name(first: str, last: str) -> str:
    """«marzo de 2026 a mayo de 2026», or one month."""
    if first == last:
        return month_name(first)
    return say.PERIOD.format(first=month_name(first), last=month_name(last))
