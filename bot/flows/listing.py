"""A service in words: name, how to reach it, open now, who may come, cost, how fresh the fact is."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.budget import shorten
from bot.texts import find_help as say
from data.records import Channel, Compatibility, Confidence, Kind, Phone, Service
from services.freshness import day_of
from services.hours import Opening, Status
from services.matching import Match, Reach

MAX_NAME = 90
_SAID = {
    Opening.ALWAYS: say.HOURS_ALWAYS,
    Opening.UNKNOWN: say.HOURS_UNKNOWN,
    Opening.HOLIDAY: say.HOURS_HOLIDAY,
    Opening.APPOINTMENT: say.HOURS_APPOINTMENT,
}


def block(match: Match, *, now: datetime, ask: str = "") -> str:
    """A service in a list: what is needed to reach it, in three or four lines.

    `ask` is the line that can refer to it when the service has no phone of its own.
    """
    service = match.service
    title = f"• {shorten(service.name, MAX_NAME)}{_distance(match)}"
    lines = (title, service.description, reach(service, ask=ask), _state(match, now=now), _who(service))
    return "\n".join(line for line in lines if line)


def one(match: Match, *, now: datetime) -> str:
    """A service as a step of the ladder: name and how to reach it."""
    service = match.service
    return "\n".join(
        line for line in (shorten(service.name, MAX_NAME), reach(service), _state(match, now=now)) if line
    )


def short(service: Service) -> str:
    """One line: the name and how to reach it."""
    return f"• {shorten(service.name, MAX_NAME)}: {reach(service)}"


def details(match: Match, *, now: datetime) -> str:
    """Everything that the list left out: address, cost, papers, who may come, website."""
    service = match.service
    place = service.location
    parts = (
        shorten(service.name, MAX_NAME),
        reach(service),
        say.ADDRESS.format(address=place.address) if place.address else "",
        _state(match, now=now),
        _note(service.schedule_note),
        say.ELIGIBILITY.format(who=shorten(service.eligibility, 160)) if service.eligibility else "",
        _who(service),
        _receives(service.compatibility),
        say.FEES.format(fees=service.fees) if service.fees else "",
        _papers(service),
        say.WEBSITE.format(url=service.website) if service.website and len(service.website) < 120 else "",
    )
    return "\n".join(part for part in parts if part)


def dial(service: Service) -> str:
    """The name and the first number of a line, for use in a sentence: «Línea de la Vida (800 911 2000)»."""
    name = service.name.partition(":")[0]
    if not service.phones or service.phones[0].number in name.split():
        return name
    return f"{name} ({_number(service.phones[0])})"


def number(service: Service) -> str:
    """Only the number: «911», «079, opción 1»."""
    return _number(service.phones[0]) if service.phones else service.name


def phones_as_shown(service: Service) -> list[str]:
    """Every number of a service as a person reads it."""
    return [_number(phone) for phone in service.phones]


def place(match: Match, *, now: datetime) -> tuple[str, ...]:
    """What must be known before going there: the address, how to ask, the hours and how sure it all is."""
    service = match.service
    parts = (service.location.address, reach(service), _state(match, now=now))
    return tuple(part for part in parts if part)


def known_on(match: Match, *, now: datetime) -> str:
    """How sure it is, in words that stay true in a saved contact: «Verificado el 11 de noviembre de 2026.»"""
    service, today = match.service, day_of(now)
    text = freshness(service, today, is_past_due=match.is_past_due, dated=True)
    return f"{text[0].upper()}{text[1:]}."


def website(service: Service) -> str:
    """The address of its page, whole."""
    return say.WEBSITE.format(url=service.website)


def beside_numbers(service: Service) -> tuple[str, ...]:
    """What a number alone would not say: an extension, what to press, that it is WhatsApp."""
    says_more = (p for p in service.phones[:2] if p.extension or p.description or p.type is Channel.WHATSAPP)
    return tuple(_phone_line(phone) for phone in says_more)


def freshness(service: Service, today: date, *, is_past_due: bool = False, dated: bool = False) -> str:
    """How old the fact is and how it is known; a warning where it should have been checked again.

    `dated`: the day itself instead of «hace 12 días».
    """
    if service.verified_on is None and service.confidence not in (Confidence.A, Confidence.B):
        return say.FRESH_UNSURE  # a warning already
    when = _spoken_date(service.source.date)
    if service.verified_on is not None:
        known = _on(service.verified_on) if dated else _age((today - service.verified_on).days)
    else:
        known = say.FRESH_SOURCE.format(date=when) if when else say.FRESH_UNDATED
    return say.FRESH_PAST_DUE.format(known=known) if is_past_due else known


def opening(status: Status) -> str:
    """Open now, or when it opens."""
    if status.opening in _SAID:
        return _SAID[status.opening]
    if status.opening is Opening.OPEN:
        return (
            say.HOURS_OPEN.format(time=_time(status.changes_at)) if status.changes_at else say.HOURS_OPEN_ONLY
        )
    said = _closed(status.changes_at, status.local)
    return say.HOURS_WITH_APPOINTMENT.format(hours=said) if status.by_appointment else said


def _closed(opens_at: datetime | None, now_local: datetime | None) -> str:
    if opens_at is None:
        return say.HOURS_CLOSED_ONLY
    if now_local is not None and opens_at.date() == now_local.date():
        return say.HOURS_CLOSED_TODAY.format(time=_time(opens_at))
    return say.HOURS_CLOSED.format(day=say.DAYS[opens_at.weekday()], time=_time(opens_at))


def _time(moment: datetime | None) -> str:
    return f"{moment.hour}:{moment.minute:02}" if moment else ""


def reach(service: Service, *, ask: str = "") -> str:
    """The first numbers as people dial them, else the page, else the line that can refer (`ask`)."""
    if service.phones:
        return " · ".join(_phone_line(phone) for phone in service.phones[:2])
    if service.website:
        return say.WEBSITE.format(url=service.website)
    return say.NO_PHONE.format(line=ask) if ask else say.NO_PHONE_OFFICE


def _phone_line(phone: Phone) -> str:
    template = say.WHATSAPP if phone.type is Channel.WHATSAPP else say.TEL
    return template.format(number=_number(phone))


def _number(phone: Phone) -> str:
    extension = say.EXTENSION.format(extension=phone.extension) if phone.extension else ""
    description = f", {phone.description}" if phone.description else ""
    return f"{phone.number}{extension}{description}"


def _state(match: Match, *, now: datetime) -> str:
    text = f"{opening(match.hours)}; {freshness(match.service, day_of(now), is_past_due=match.is_past_due)}."
    return text[0].upper() + text[1:]


def _who(service: Service) -> str:
    fit = service.compatibility
    if not fit.women_only:
        return ""
    if fit.sons_up_to_age is not None:
        return f"{say.WOMEN_ONLY} {say.WOMEN_SONS.format(age=fit.sons_up_to_age)}"
    if fit.children:
        return say.WOMEN_AND_CHILDREN
    return say.WOMEN_ONLY if fit.children is False else f"{say.WOMEN_ONLY} {say.ASK_CHILDREN}"


def _receives(fit: Compatibility) -> str:
    """What is known of those for whom other doors are closed; what is not known is asked before going."""
    known = {True: say.RECEIVES, False: say.RECEIVES_NOT}
    said = {opens: [word for key, word in say.WHOM.items() if getattr(fit, key) is opens] for opens in known}
    return " ".join(known[opens].format(whom=spoken_list(words)) for opens, words in said.items() if words)


def spoken_list(words: Sequence[str]) -> str:
    """«a, b y c»."""
    *first, last = words
    return f"{', '.join(first)} y {last}" if first else last


def _papers(service: Service) -> str:
    if service.compatibility.without_papers:
        return say.PAPERS_NONE
    return "" if service.kind is Kind.LINE else say.PAPERS_UNKNOWN


def _note(note: str) -> str:
    if not note:
        return ""
    said = note if note.casefold().startswith("horario") else say.HOURS_NOTE.format(note=note)
    return f"{said[0].upper()}{said[1:]}."


def _distance(match: Match) -> str:
    if match.km is None or match.km < 1 or match.reach is Reach.NATION:
        return ""
    return f" ({spoken_distance(match.km).removeprefix(', ')})"


def spoken_distance(km: float) -> str:
    """«, a unos 40 km»: rounded, because municipalities are measured between their seats."""
    if km < 5:
        return say.DISTANCE_SAME
    step = 5 if km < 100 else 10
    return say.DISTANCE.format(km=round(km / step) * step)


def _age(days: int) -> str:
    if days <= 0:
        return say.FRESH_TODAY
    if days == 1:
        return say.FRESH_DAY
    return say.FRESH_DAYS.format(days=days) if days < 60 else say.FRESH_MONTHS.format(months=days // 30)


def _on(day: date) -> str:
    return say.FRESH_ON.format(day=day.day, month=say.MONTHS[day.month - 1], year=day.year)


def _spoken_date(iso: str) -> str:
    """«marzo de 2026» or «2025»; empty when there is no usable date."""
    year, _, rest = iso.partition("-")
    if not (year.isdigit() and len(year) == 4):
        return ""
    month = rest[:2]
    if month.isdigit() and 1 <= int(month) <= 12:
        return f"{say.MONTHS[int(month) - 1]} de {year}"
    return year
