"""One A4 page of telephone numbers for a municipality, and the same as one short message."""

import io
import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time

import segno

from data.records import Confidence, Exposure, Phone, Service
from services.directory import Directory
from services.matching import Question, Reach, find
from services.places import Place
from services.reports import pdf
from services.reports.spoken import ReportError, day, shortened, state_name
from services.reports.words import sheet as say

SMS_UNITS = 160
"""One message in the seven-bit alphabet of GSM 03.38."""

_GSM = frozenset("@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
                 "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")  # fmt: skip
_MAX_NAME = 78
_MIDDAY = time(18, 0)  # in central Mexico


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet. `note` is said behind the number: how sure it is, how far it reaches."""

    label: str
    name: str
    phone: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as meaning. `link` opens the bot; empty: there is none to print."""

    key: str
    title: str
    now: tuple[Line, ...]
    near: tuple[Line, ...]
    foot: str
    link: str
    made_on: date
    message: str


def place_of(directory: Directory, text: str) -> Place:
    """The municipality or state by key, by name or as «Name, State». Raises ReportError."""
    wanted = text.strip()
    found = directory.gazetteer.place(wanted)
    if found is not None:
        return found
    answer = directory.gazetteer.resolve(wanted)
    if not answer.candidates:
        raise ReportError(say.UNKNOWN_MUNICIPALITY.format(text=shortened(wanted)))
    if answer.ambiguous:
        names = "; ".join(_named(place) for place in answer.candidates[:8])
        raise ReportError(say.AMBIGUOUS_MUNICIPALITY.format(names=names))
    return answer.candidates[0]


def make(directory: Directory, municipality: str, *, link: str, today: date) -> Sheet:
    """The sheet of one municipality (five-digit key) from what anybody may read."""
    place = directory.gazetteer.areas[municipality].place
    name = place.municipality or place.state
    lines = {
        role: line for role in say.SHEET_ROLES if (line := _role(directory, role, municipality, today=today))
    }
    taken = {service.id for service in lines.values()}
    emergency = lines.get("emergency")
    danger = say.SHEET_LINE.format(number=phone(emergency)) if emergency else say.SHEET_NO_LINE
    return Sheet(
        key=municipality,
        title=say.SHEET_TITLE.format(
            place=say.SHEET_STATE.format(
                municipality=name, state=state_name(directory.gazetteer, municipality[:2])
            )
        ),
        now=tuple(_line(say.SHEET_ROLES[role], service) for role, service in lines.items()),
        near=tuple(_near(directory, municipality, taken, today=today)),
        foot=say.SHEET_FOOT.format(date=day(today), line=danger),
        link=link,
        made_on=today,
        message=_message(name, lines, link=link),
    )


def printed(sheet: Sheet) -> bytes:
    """The sheet as PDF, one page of A4."""
    data = asdict(sheet) | {"made_on": sheet.made_on.isoformat(), "words": _words(sheet)}
    inputs = {"sheet": json.dumps(data, ensure_ascii=False), "qr": _code(sheet.link)}
    return pdf.compiled("sheet.typ", inputs, on=sheet.made_on)


def phone(service: Service) -> str:
    """The first number as people dial it; empty when there is none."""
    return _number(service.phones[0]) if service.phones else ""


def _words(sheet: Sheet) -> dict[str, str]:
    return {
        "lead": say.SHEET_LEAD,
        "now": say.SHEET_NOW,
        "near": say.SHEET_NEEDS_TITLE,
        "qr": say.SHEET_QR,
        "how": say.SHEET_QR_HOW,
        "link": sheet.link.removeprefix("https://"),
    }


def _code(link: str) -> str:
    """The QR code as SVG, sturdy enough for a bad print; empty without a link."""
    if not link:
        return ""
    out = io.BytesIO()
    segno.make(link, error="q", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def _role(directory: Directory, role: str, municipality: str, *, today: date) -> Service | None:
    """A line as anybody may read it, with a number."""
    line = directory.line(role, today=today, place=municipality)
    return line if line and line.phones and line.exposure is Exposure.PUBLIC else None


def _near(directory: Directory, municipality: str, taken: set[str], *, today: date) -> list[Line]:
    """One number for each need, none of them twice; where there is none, who must help by law."""
    found = []
    for need, label in say.SHEET_NEEDS.items():
        now = datetime.combine(today, _MIDDAY, UTC)
        matches = find(directory, Question(need, municipality, (), now, women=False))
        match = next((m for m in matches if m.service.phones and m.service.id not in taken), None)
        if match:
            taken.add(match.service.id)
            found.append(_line(label, match.service, national=match.reach is Reach.NATION))
        elif step := directory.ladder.for_need(need, municipality[:2]):
            found.append(Line(label, say.SHEET_NO_SERVICE.format(office=step.office), ""))
    return found


def _line(label: str, service: Service, *, national: bool = False) -> Line:
    notes = [say.SHEET_NATIONAL] if national else []
    if service.confidence is Confidence.C and service.verified_on is None:
        notes.append(say.SHEET_UNSURE)
    return Line(label, _short(service.name), phone(service), ", ".join(notes))


def _short(name: str) -> str:
    """A name that fits; what is too long ends with a whole word."""
    if len(name) <= _MAX_NAME:
        return name
    kept = name[: _MAX_NAME - 1].rpartition(" ")[0] or name[: _MAX_NAME - 1]
    return f"{kept.rstrip(' (,;:-')}…"


def _number(number: Phone) -> str:
    extension = say.EXTENSION.format(extension=number.extension) if number.extension else ""
    description = f", {number.description}" if number.description else ""
    return f"{number.number}{extension}{description}"


def _message(name: str, lines: dict[str, Service], *, link: str) -> str:
    """As many numbers as one message holds, the most urgent first; a name too long is cut, a number never."""
    ending = f" {say.SMS_LINK.format(link=link)}" if link else ""
    parts: list[str] = []
    opening = say.SMS_OPENING.format(place=name[:40])
    for role, word in say.SMS_ROLES.items():
        service = lines.get(role)
        if service and len(_said(opening, [*parts, f"{word} {phone(service)}"], ending)) <= SMS_UNITS:
            parts.append(f"{word} {phone(service)}")
    whole = _said(opening, parts, ending)
    return whole if len(whole) <= SMS_UNITS else _said(opening, parts, "")


def _said(opening: str, parts: list[str], ending: str) -> str:
    return _seven_bit(f"{opening}: {'; '.join(parts)}.{ending}")


def _seven_bit(text: str) -> str:
    """In the alphabet of a short message: one accent outside it would halve what fits."""
    plain = ""
    for sign in text:
        bare = unicodedata.normalize("NFD", sign)[0]
        plain += sign if sign in _GSM else bare if bare in _GSM else " "
    return plain


def _named(place: Place) -> str:
    return f"{place.municipality}, {place.state} ({place.key})" if place.municipality else place.state
