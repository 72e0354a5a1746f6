"""Phone numbers in a cell: «961 615 5178 ext. 12 (opción 1) ; 55 1234 5678 WhatsApp», and as people write."""

import re
from collections.abc import Collection, Iterable, Iterator

from data.dialing import NotDialableError, as_dialled
from data.records import Channel, Exposure, Phone
from services.exchange import words
from services.exchange.cells import SEPARATOR, escaped, plain, raw_parts, unescaped
from services.exchange.problems import UnreadableCell

MAX_CELL = 4000

_GAP = re.compile(r"\s{12}")
_SIGNS = ";()[]"
_EXPOSURE = re.compile(r"\s*\[([^\[\]\\]*)\]$")
_NOTE = re.compile(r"\s*\(((?:[^()\\]|\\.)*)\)$", re.DOTALL)
_EXTENSION = re.compile(r"[\s,]*\b(?:extensi[oó]n|ext)\b\.?:?\s*(.+)$", re.IGNORECASE | re.DOTALL)
_WHATSAPP = re.compile(r"\s*\b(?:whats\s?app|whats|wsp|wa)\b\.?:?\s*", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:tel[eé]fonos?|tels?|cel(?:ular)?(?:es)?|conmutador|oficina|n[uú]m(?:ero)?)\b\.?:?\s*", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:,|/|\||\by\b|\bo\b|\be\b)\s*", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_WHATSAPP_WORDS = frozenset(("whatsapp", "whats", "whats app", "wsp", "wa"))


def written(phones: Iterable[Phone]) -> str:
    """The cell for these phones; `read` gives them back exactly."""
    return SEPARATOR.join(_written(phone) for phone in phones)


def read(cell: str, short: Collection[str]) -> tuple[Phone, ...]:
    """The phones of a cell, each once; `short` holds the short codes that exist. Raises UnreadableCell."""
    if len(cell) > MAX_CELL or _GAP.search(cell):
        raise UnreadableCell("es demasiado largo; separe los teléfonos con «;» y quite lo que sobra")
    if cell.isdecimal() and len(cell) < 3 and cell.zfill(3) in short:
        return (Phone(cell.zfill(3)),)  # a spreadsheet ate the zero of «079»
    return tuple(dict.fromkeys(phone for part in raw_parts(cell) for phone in _phones(part, short)))


def _written(phone: Phone) -> str:
    parts = [phone.number]
    if phone.extension:
        parts.append(f"ext. {escaped(phone.extension, _SIGNS)}")
    if phone.description:
        parts.append(f"({_note(phone.description)})")
    if phone.type is Channel.WHATSAPP:
        parts.append("WhatsApp")
    if phone.exposure is not Exposure.PUBLIC:
        parts.append(f"[{phone.exposure}]")
    return " ".join(parts)


def _note(text: str) -> str:
    """A note that happens to be the word for the type is marked as a note."""
    note = escaped(text, _SIGNS)
    return f"\\{note}" if plain(note) in _WHATSAPP_WORDS else note


def _phones(part: str, short: Collection[str]) -> Iterator[Phone]:
    exposure, part = _exposure(part)
    channel, part = _channel_at_the_end(part)
    note, part = _pulled(_NOTE, part)
    if plain(note) in _WHATSAPP_WORDS:
        note, channel = "", Channel.WHATSAPP
    extension, part = _pulled(_EXTENSION, part)
    if _WHATSAPP.search(part):
        part, channel = _WHATSAPP.sub(" ", part).strip(), Channel.WHATSAPP
    numbers = [_number(text, short) for text in _BETWEEN.split(_LABEL.sub("", part)) if text]
    if not numbers:
        raise UnreadableCell("no hay un número; escriba por ejemplo «961 615 5178»")
    for number in numbers:
        own = extension if number is numbers[-1] else ""
        yield Phone(number, channel, unescaped(own).strip(), unescaped(note).strip(), exposure)


def _exposure(part: str) -> tuple[Exposure, str]:
    text, rest = _pulled(_EXPOSURE, part)
    return (words.code(text, Exposure, words.EXPOSURES) if text else Exposure.PUBLIC), rest


def _channel_at_the_end(part: str) -> tuple[Channel, str]:
    match = re.search(r"\s+whatsapp$", part, re.IGNORECASE)
    return (Channel.WHATSAPP, part[: match.start()]) if match else (Channel.VOICE, part)


def _pulled(pattern: re.Pattern[str], part: str) -> tuple[str, str]:
    """What the pattern takes from the end, and the rest. «(961) 615 5178» has no note."""
    match = pattern.search(part)
    if match is None or not part[: match.start()].strip():
        return "", part
    return match[1].strip(), part[: match.start()].strip()


def _number(text: str, short: Collection[str]) -> str:
    text = _LABEL.sub("", text).strip()
    if _SCIENTIFIC.fullmatch(text):
        raise UnreadableCell("el programa cambió el teléfono; dé a la columna formato de texto y escríbalo")
    try:
        return as_dialled(text, short=short)
    except NotDialableError as error:
        raise UnreadableCell(f"un teléfono no sirve: {error}; separe varios con «;»") from None
