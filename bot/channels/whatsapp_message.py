"""A reply in WhatsApp's own JSON, within every limit of the Cloud API; what it can't show goes as text. Pure.

Shapes and limits: Meta, Cloud API, «Messages» (May 2026).
"""

from typing import Any

from bot.budget import MAX_BUTTONS, MAX_LABEL, MAX_ROWS, units
from bot.cards import Contact, Page, Point, can_be_opened
from bot.channels.plain_words import is_line, numbered
from bot.messages import Option, Reply
from bot.texts import channels as say
from bot.texts import labels

MAX_BODY = 1024
"""UTF-16 units of text beside something to tap; Meta's lists take more today, its buttons do not."""
MAX_BUTTON_ID = 256
MAX_ROW_ID = 200
MAX_LINE = 300
"""UTF-16 units of a name or an address on a card. Meta names no limit; a longer one is no line any more."""
MAX_PHONES = 10
MAX_PHONE = 30

Json = dict[str, Any]


def render(reply: Reply) -> Json:
    """A card where WhatsApp can show all of it, else text with its options.

    Options are buttons, a list or numbered lines; or the text comes with a location button. WhatsApp's
    location button stands alone. It is used when all else there is to tap is «Prefiero no decir», which
    then stands below as a numbered line (typed answers choose too); beside other options the words of
    the text ask for the place.
    """
    options = reply.options
    if card := _card(reply):
        return card
    if reply.place_request and all(option.label == labels.NO_PLACE for option in options):
        body = numbered(reply.text, options)
        if units(body) <= MAX_BODY:
            return _interactive("location_request_message", body, {"name": "send_location"})
    if not options:
        return _text(reply.text)
    if units(reply.text) > MAX_BODY or not _tappable(options):
        return render_plain(reply)
    return _buttons(reply) if len(options) <= MAX_BUTTONS else _list(reply)


def render_plain(reply: Reply) -> Json:
    """The same in words alone, its options as numbered lines: what any phone and any recipient can get."""
    return _text(numbered(reply.text, reply.options))


def _card(reply: Reply) -> Json | None:
    """A point or a contact holds neither text nor options, so it goes alone; a page goes below its text."""
    if reply.place_request:
        return None
    match reply.card:
        case Point() as point if not reply.options:
            return _location(point)
        case Contact() as contact if not reply.options:
            return _contacts(contact)
        case Page() as page:
            return _page(reply, page)
    return None


def _location(point: Point) -> Json | None:
    if not (point.is_on_earth and is_line(point.name, MAX_LINE) and is_line(point.lines, MAX_LINE)):
        return None
    latitude, longitude = point.written
    where = {"latitude": latitude, "longitude": longitude, "name": point.name, "address": point.lines}
    return {"type": "location", "location": where}


def _contacts(contact: Contact) -> Json | None:
    """Without `wa_id`: Faro does not know whether the number is on WhatsApp, and never asks.

    Meta wants one more name beside the formatted one. What must be known stands as the title, which the
    phone shows below the name and keeps when the contact is saved.
    """
    phones = contact.phones
    if not (
        is_line(contact.name, MAX_LINE) and is_line(contact.note, MAX_LINE) and 0 < len(phones) <= MAX_PHONES
    ):
        return None
    if not all(is_line(phone, MAX_PHONE) for phone in phones):
        return None
    card = {
        "name": {"formatted_name": contact.name, "first_name": contact.name},
        "org": {"title": contact.note},
        "phones": [{"phone": phone, "type": "WORK"} for phone in phones],
    }
    return {"type": "contacts", "contacts": [card]}


def _page(reply: Reply, page: Page) -> Json | None:
    """One button that opens the page; WhatsApp has no other beside it, so the options are numbered lines."""
    body = numbered(reply.text, reply.options)
    if units(body) > MAX_BODY or not is_line(page.label, MAX_LABEL) or not can_be_opened(page.url):
        return None
    shown = {"display_text": page.label, "url": page.url}
    return _interactive("cta_url", body, {"name": "cta_url", "parameters": shown})


def _tappable(options: tuple[Option, ...]) -> bool:
    """Whether WhatsApp takes them as buttons or rows: few, short, and no two alike."""
    longest_id = MAX_BUTTON_ID if len(options) <= MAX_BUTTONS else MAX_ROW_ID
    return (
        len(options) <= MAX_ROWS
        and len({option.id for option in options}) == len(options)
        and len({option.label.strip().casefold() for option in options}) == len(options)
        and all(is_line(option.label, MAX_LABEL) for option in options)
        and all(0 < units(option.id) <= longest_id for option in options)
    )


def _text(body: str) -> Json:
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def _buttons(reply: Reply) -> Json:
    buttons = [
        {"type": "reply", "reply": {"id": option.id, "title": option.label}} for option in reply.options
    ]
    return _interactive("button", reply.text, {"buttons": buttons})


def _list(reply: Reply) -> Json:
    listed = [{"id": option.id, "title": option.label} for option in reply.options]
    return _interactive("list", reply.text, {"button": say.LIST_BUTTON, "sections": [{"rows": listed}]})


def _interactive(kind: str, body: str, action: Json) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action}}
