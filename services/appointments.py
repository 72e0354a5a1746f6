"""«Previa cita»: as the opening hours carry it, and as people say it in free words. Pure."""

import re

from data.record_checks import BY_APPOINTMENT

_COMMENT = re.compile(r'"([^"]*)"')
_PIECE = re.compile(r'(?:"[^"]*"|[^;"|]|\|(?!\|)|")+|;|\|\|')
_NAMED = re.compile(r"\b(?:citas?|appointments?)\b", re.IGNORECASE)
_NOT_WITHOUT = re.compile(
    r"\b(?:no|nadie|nunca|not|nobody|never)\b[^.;]{0,40}\b(?:sin|without)\b[^.;]{0,15}\b(?:citas?|appointments?)\b",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b(?:sin|no|not|without)\b[^.;]{0,40}\b(?:citas?|appointments?)\b"
    r"|\b(?:citas?|appointments?)\b[^.;]{0,25}\b(?:no|not|opcional|optional)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\b(?:off|closed)\b")


def asked(text: str) -> bool:
    """Whether free words, Spanish or English, say that one needs an appointment: «sin cita» does not."""
    if not _NAMED.search(text):
        return False
    return bool(_NOT_WITHOUT.search(text)) or not _FREE.search(text)


def in_hours(schedule: str) -> bool:
    """Whether a comment of OpenStreetMap hours says so; its evaluators pass comments over."""
    return '"' in schedule and any(asked(comment) for comment in _COMMENT.findall(schedule))


def marked(schedule: str) -> str:
    """The hours with the mark on every rule that opens; of unknown hours («») the mark alone."""
    if not schedule.strip():
        return BY_APPOINTMENT
    return "".join(_marked(piece) for piece in _PIECE.findall(schedule))


def rules(schedule: str) -> list[str]:
    """The rules of the hours, one by one: a semicolon inside a comment parts nothing."""
    pieces = (piece.strip() for piece in _PIECE.findall(schedule))
    return [piece for piece in pieces if piece not in ("", ";", "||")]


def unmarked(schedule: str) -> str:
    """The hours without the mark."""
    return re.sub(rf"\s*{BY_APPOINTMENT}", "", schedule).strip()


def _marked(piece: str) -> str:
    if piece in (";", "||") or not piece.strip() or _CLOSED.search(piece) or in_hours(piece):
        return piece
    rule = piece.rstrip()
    return f"{rule} {BY_APPOINTMENT}{piece[len(rule) :]}"
