"""Opening hours as people write them («L-V 9 a 3», «lunes a viernes de 9:00 a 15:00 hrs») → OpenStreetMap."""

import re

from data.record_checks import BY_APPOINTMENT, is_schedule
from services.exchange.cells import plain
from services.exchange.problems import UnreadableCell

MAX_CELL = 500

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_WORDS = {
    "l": 0, "lu": 0, "lun": 0, "lunes": 0,
    "ma": 1, "mar": 1, "martes": 1,
    "mi": 2, "mie": 2, "mier": 2, "miercoles": 2, "x": 2,
    "j": 3, "ju": 3, "jue": 3, "jueves": 3,
    "v": 4, "vi": 4, "vie": 4, "viernes": 4,
    "s": 5, "sa": 5, "sab": 5, "sabado": 5, "sabados": 5,
    "d": 6, "do": 6, "dom": 6, "domingo": 6, "domingos": 6,
}  # fmt: skip
_WORD = "|".join(sorted(_DAY_WORDS, key=len, reverse=True))
_DAYS_PATTERN = re.compile(
    rf"^(?:de |los )?(?P<first>(?:{_WORD})\.?(?:\s*(?:,|y)\s*(?:{_WORD})\.?)*)"
    rf"(?:\s*(?:-|–|a|al)\s*(?P<last>(?:{_WORD})\.?(?:\s*(?:,|y)\s*(?:{_WORD})\.?)*))?(?=[\s:,]|\d|$)"
)
_EVERY_DAY = re.compile(r"^(?:todos los dias|diario|diariamente|lunes a domingo|l-d|l a d)\b[,:]?\s*")
_ALWAYS = re.compile(
    r"(?:las )?24\s?(?:h|hs|hrs|horas)\.?(?:,? (?:los )?(?:365|7|todos los) dias(?: del ano)?)?|24/7"
)
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:(a\.?\s?m|p\.?\s?m)\b\.?)?\s*(?:horas|hrs|hs|h)?\.?"
_SPAN = re.compile(rf"(?:de )?(?:las )?{_CLOCK}\s*(?:-|–|a|hasta)\s*(?:las )?{_CLOCK}")
_APPOINTMENT = re.compile(r"[\s,(]*(?:con|solo|previa|por|y|\s)*\bcitas?(?: previas?)?\)?$")
_AND = re.compile(r"^\s*(?:,|y|/)\s*")
_HOW = "escriba por ejemplo «L-V 9:00-15:00», «L-V 9:00-15:00; S 9:00-13:00» o «24 horas»"


def read(cell: str) -> str:
    """The hours in OpenStreetMap syntax; taken as they are when they are so. Raises UnreadableCell."""
    if len(cell) > MAX_CELL:
        raise UnreadableCell(f"es demasiado largo; {_HOW}")
    if is_schedule(cell):
        return cell
    said = plain(cell)
    whole = said.strip(" .,")
    bare = _APPOINTMENT.sub("", whole).strip(" .,")
    if whole and not bare:
        return BY_APPOINTMENT
    if _ALWAYS.fullmatch(bare):
        return "24/7" if bare == whole else f"24/7 {BY_APPOINTMENT}"
    rules = [_rule(part) for part in re.split(r"[;\n]", said) if part.strip()]
    if not rules:
        raise UnreadableCell(f"no es un horario; {_HOW}")
    closed_on_holidays = "" if any("Su" in rule or "Mo-Su" in rule for rule in rules) else "; PH off"
    return "; ".join(rules) + closed_on_holidays


def _rule(text: str) -> str:
    text = text.strip(" .,")
    by_appointment = _APPOINTMENT.search(text)
    days, rest = _days(_APPOINTMENT.sub("", text))
    spans = []
    while rest:
        match = _SPAN.match(rest)
        if match is None:
            raise UnreadableCell(f"no se entiende el horario; {_HOW}")
        spans.append(_span(match))
        rest = _AND.sub("", rest[match.end() :].strip(" ."))
    if not spans:
        raise UnreadableCell(f"el horario no dice las horas; {_HOW}")
    return f"{days} {','.join(spans)}" + (f" {BY_APPOINTMENT}" if by_appointment else "")


def _days(text: str) -> tuple[str, str]:
    if match := _EVERY_DAY.match(text):
        return "Mo-Su", text[match.end() :]
    match = _DAYS_PATTERN.match(text)
    if match is None:
        raise UnreadableCell(f"el horario no dice los días; {_HOW}")
    return _day_names(match["first"], match["last"]), text[match.end() :].strip(" :,")


def _day_names(first: str, last: str | None) -> str:
    listed = [_DAY_WORDS[word] for word in _words(first)]
    if last is None:
        return ",".join(_DAYS[day] for day in listed)
    until, *more = (_DAY_WORDS[word] for word in _words(last))
    names = [_DAYS[day] for day in listed[:-1]]
    names.append(f"{_DAYS[listed[-1]]}-{_DAYS[until]}")
    return ",".join(names + [_DAYS[day] for day in more])


def _words(text: str) -> list[str]:
    return [word.strip(" .") for word in re.split(r",|\by\b", text) if word.strip(" .")]


def _span(match: re.Match[str]) -> str:
    opens = _minutes(match[1], match[2], match[3])
    closes = _minutes(match[4], match[5], match[6])
    if match[6] is None and match[3] is None and closes <= opens < 13 * 60 and closes < 12 * 60:
        closes += 12 * 60  # «9 a 3» is the afternoon
    elif match[3] is None and match[6] is None and opens < 6 * 60 and match[2] is None:
        raise UnreadableCell("no se sabe si es de mañana o de tarde; escriba la hora de 0 a 24, como «15:00»")
    if opens == closes:
        raise UnreadableCell("abre y cierra a la misma hora; revise")
    return f"{_clock(opens)}-{_clock(closes)}"


def _minutes(hour: str, minute: str | None, half: str | None) -> int:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            raise UnreadableCell("la hora no existe; escriba de 0 a 24, como «15:00»")
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise UnreadableCell("la hora no existe; escriba de 0 a 24, como «15:00»")
    return hours * 60 + minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
