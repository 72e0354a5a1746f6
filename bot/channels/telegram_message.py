"""A reply in Telegram's own JSON, within the limits of the Bot API; what it can't show goes as text. Pure.

Rendered is {"text" | "venue" | "contact": …, "reply_markup": …}: one method of the Bot API each.
"""

from typing import Any

from bot.budget import MAX_BUTTONS, units
from bot.cards import Card, Contact, Page, Point, can_be_opened
from bot.channels.plain_words import is_line, numbered
from bot.messages import Option, Reply
from bot.texts import channels as say

ROW_UNITS = 24
"""Labels that fit beside each other on a small phone; longer ones stand one below the other."""
MAX_LINE = 300
"""UTF-16 units of the title or address of a venue. The Bot API names no limit."""
MAX_NAME = 64
"""Of a first or last name (Telegram's own limit for people)."""
MAX_PHONE = 30
MAX_VCARD = 2048
"""Bytes (Bot API, sendContact)."""

Json = dict[str, Any]


def render(reply: Reply) -> Json:
    """A card where Telegram can show all of it, else plain text; with its options as buttons below.

    A message carries one keyboard. When the place is asked, it is the one in place of the phone's own,
    because only that has the button for the location: the options stand on it as words, which the
    conversation understands as a tap. It goes with the tap, or with the next message without options.
    """
    markup = _place_keyboard(reply) if _asks_place(reply) else _buttons(reply)
    card = None if reply.place_request else _card(reply.card)
    return {**(card or _text(reply.text)), "reply_markup": markup or {"remove_keyboard": True}}


def render_plain(reply: Reply) -> Json:
    """The same in words alone, its options as numbered lines."""
    return {**_text(numbered(reply.text, reply.options)), "reply_markup": {"remove_keyboard": True}}


def _text(text: str) -> Json:
    return {"text": text, "link_preview_options": {"is_disabled": True}}


def _card(card: Card | None) -> Json | None:
    match card:
        case Point() as point:
            return _venue(point)
        case Contact() as contact:
            return _contact(contact)
    return None


def _venue(point: Point) -> Json | None:
    if not (point.is_on_earth and is_line(point.name, MAX_LINE) and is_line(point.lines, MAX_LINE)):
        return None
    latitude, longitude = map(float, point.written)
    return {
        "venue": {"latitude": latitude, "longitude": longitude, "title": point.name, "address": point.lines}
    }


def _contact(contact: Contact) -> Json | None:
    """The first number for the phone's own button; all of it in the vCard, which is what is saved."""
    names = _names(contact.name)
    vcard = _vcard(contact)
    lines = [contact.note, *contact.phones[1:]]
    fits = (
        all(is_line(name, MAX_NAME) for name in names.values())
        and all(is_line(phone, MAX_PHONE) for phone in contact.phones[:1])
        and all(is_line(line, MAX_LINE) for line in lines)
        and len(vcard.encode()) <= MAX_VCARD
    )
    if not (fits and contact.phones):
        return None
    return {"contact": {"phone_number": contact.phones[0], **names, "vcard": vcard}}


def _names(name: str) -> Json:
    """A long name over both fields, cut between two words."""
    at = name.rfind(" ", 0, MAX_NAME) if units(name) > MAX_NAME else -1
    return {"first_name": name[:at], "last_name": name[at + 1 :]} if at > 0 else {"first_name": name}


def _vcard(contact: Contact) -> str:
    """vCard 3.0 (RFC 2426)."""
    name, note = _escaped(contact.name), _escaped(contact.note)
    phones = [f"TEL;TYPE=WORK,VOICE:{_escaped(phone)}" for phone in contact.phones]
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{name};;;;", f"FN:{name}", f"TITLE:{note}", *phones]
    return "\r\n".join([*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    for special in ("\\", ",", ";"):
        text = text.replace(special, f"\\{special}")
    return text


def _asks_place(reply: Reply) -> bool:
    """Words on the keyboard choose by themselves only while they are few and no two alike."""
    words = {option.label.strip().casefold() for option in reply.options}
    few = len(reply.options) <= MAX_BUTTONS and len(words) == len(reply.options)
    return reply.place_request and few and all(words)


def _place_keyboard(reply: Reply) -> Json:
    rows = [[{"text": say.SHARE_LOCATION, "request_location": True}]]
    rows += [[{"text": option.label}] for option in reply.options]
    return {
        "keyboard": rows,
        "resize_keyboard": True,
        "one_time_keyboard": True,
        "input_field_placeholder": say.PLACE_HINT,
    }


def _buttons(reply: Reply) -> Json | None:
    """The page to open, then the options: one row when all labels are short, else one below the other."""
    rows = _page(reply.card) + _rows(reply.options)
    return {"inline_keyboard": rows} if rows else None


def _page(card: Card | None) -> list[list[Json]]:
    if not (isinstance(card, Page) and can_be_opened(card.url) and card.label.strip()):
        return []
    return [[{"text": card.label, "url": card.url}]]


def _rows(options: tuple[Option, ...]) -> list[list[Json]]:
    buttons = [
        {"text": option.label if option.label.strip() else f"{number}.", "callback_data": option.id}
        for number, option in enumerate(options, start=1)  # Telegram refuses a whole message for one blank
    ]
    together = len(options) <= MAX_BUTTONS and sum(units(option.label) for option in options) <= ROW_UNITS
    return [buttons] if buttons and together else [[button] for button in buttons]
