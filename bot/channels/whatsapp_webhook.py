"""What WhatsApp tells: every entry, change, message and status of a notification. Pure; never raises.

Shapes: Meta, Cloud API, «messages webhook reference» (June 2026) and «system messages» (August 2026).
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.json_values import moment, point, rows, table, text, whole, word
from bot.messages import Attachment, Delivery, Event, Ignored, Inbound, PersonChange, Received

_NUMBER = re.compile(r"\+?[0-9]{5,20}", re.ASCII)
_NO_DIGIT = re.compile(r"\D", re.ASCII)
_CHANGED = re.compile(r"changed from (\S+) to (\S+?)\.?$")
_STATUSES = frozenset({"sent", "delivered", "read", "played", "failed", "deleted"})
_MOVED = frozenset({"user_changed_number", "customer_changed_number", "user_changed_user_id"})
_OTHER_HOLDER = frozenset({"customer_identity_changed", "user_identity_changed"})
_UNANSWERED = frozenset({"reaction", "order", "edit", "revoke", "request_welcome", "ephemeral"})
_UNANSWERED_FORMS = frozenset({"nfm_reply", "call_permission_reply"})
_ATTACHMENTS = {
    "image": Attachment.IMAGE,
    "video": Attachment.IMAGE,
    "audio": Attachment.VOICE,
    "voice": Attachment.VOICE,
    "sticker": Attachment.STICKER,
    "document": Attachment.DOCUMENT,
    "contacts": Attachment.CONTACT,
}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote. `user_id` is Meta's business-scoped id; a person with a username may come without number."""

    number: str
    user_id: str

    @property
    def person(self) -> str:
        """The same string for the same person: the business-scoped id, else the canonical number."""
        return self.user_id or canonical(self.number)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the person may be kept under."""
        return tuple(filter(None, (self.user_id, canonical(self.number))))

    @property
    def address(self) -> str:
        """How `send` reaches the person: the number exactly as it came, else the id."""
        return json.dumps({"to": self.number} if self.number else {"recipient": self.user_id})

    def known_before(self) -> list[Event]:
        """Whoever wrote once without an id was kept under the number: that person is this one."""
        if not (self.user_id and self.number):
            return []
        return [PersonChange("moved", canonical(self.number), self.user_id, self.address)]


def canonical(number: str) -> str:
    """Digits only; a Mexican mobile is 52 and ten digits, also when it came as 521 and ten."""
    digits = number if number.isascii() and number.isdigit() else _NO_DIGIT.sub("", number)
    return "52" + digits[3:] if len(digits) == 13 and digits.startswith("521") else digits


def read(payload: object, *, phone_number_id: str) -> tuple[Event, ...]:
    """Every event of a notification, in order, each once."""
    events: list[Event] = []
    for entry in rows(table(payload).get("entry")):
        for change in rows(table(entry).get("changes")):
            events += _change(table(change), phone_number_id)
    return tuple(dict.fromkeys(events)) or (Ignored("malformed"),)


def _change(change: dict[str, Any], phone_number_id: str) -> list[Event]:
    value = table(change.get("value"))
    if change.get("field") not in ("messages", "user_id_update"):
        return [Ignored("other_field")]
    if word(table(value.get("metadata")).get("phone_number_id")) != phone_number_id:
        return [Ignored("other_number")]
    contacts = [table(contact) for contact in rows(value.get("contacts"))]
    events: list[Event] = []
    for message in rows(value.get("messages")):
        events += _message(table(message), contacts)
    events += [_status(table(status)) for status in rows(value.get("statuses"))]
    events += [_fault(table(error)) for error in rows(value.get("errors"))]
    events += [_new_id(table(update)) for update in rows(value.get("user_id_update"))]
    return events or [Ignored("malformed")]


def _message(message: dict[str, Any], contacts: Sequence[dict[str, Any]]) -> list[Event]:
    kind = word(message.get("type"))
    if "group_id" in message:
        return [Ignored("group")]
    if kind == "system":
        return _system(message) or [Ignored("system")]
    if unanswered := _unanswered(message, kind):
        return [Ignored(unanswered)]
    message_id, sender = word(message.get("id")), _sender(message, contacts)
    if not message_id or sender is None:
        return [Ignored("malformed")]
    inbound = replace(_inbound(message, kind), sent_at=moment(message.get("timestamp")))
    received = Received(message_id, sender.person, sender.address, inbound, context=message_id)
    return [*sender.known_before(), received]


def _unanswered(message: dict[str, Any], kind: str) -> str:
    if kind in _UNANSWERED:
        return kind
    form = word(table(message.get("interactive")).get("type"))
    return form if kind == "interactive" and form in _UNANSWERED_FORMS else ""


def _sender(message: dict[str, Any], contacts: Sequence[dict[str, Any]]) -> Sender | None:
    """`from` may be missing, or hold the business-scoped id instead of a number."""
    given, user_id = word(message.get("from")), word(message.get("from_user_id"))
    contact = _contact(contacts, given, user_id)
    user_id = user_id or word(contact.get("user_id"))
    number = given or word(contact.get("wa_id"))
    if not _NUMBER.fullmatch(number):
        number, user_id = "", user_id or number
    return Sender(number, user_id) if number or user_id else None


def _contact(contacts: Sequence[dict[str, Any]], given: str, user_id: str) -> dict[str, Any]:
    """The contact that belongs to a message: by its ids, never by its place in the list."""
    ids = {given, canonical(given), user_id} - {""}
    for contact in contacts:
        wa_id = word(contact.get("wa_id"))
        if ids & {wa_id, canonical(wa_id), word(contact.get("user_id"))}:
            return contact
    return contacts[0] if len(contacts) == 1 and not ids else {}


def _inbound(message: dict[str, Any], kind: str) -> Inbound:
    """What the person sent; what can't be read counts as a file, so that they hear back."""
    part = message.get(kind)
    reader = _READERS.get(kind, _captioned)
    return reader(table(part)) or Inbound(attachment=_ATTACHMENTS.get(kind, Attachment.DOCUMENT))


def _text(part: dict[str, Any]) -> Inbound | None:
    body = part.get("body")
    return Inbound(text=text(body)) if isinstance(body, str) else None


def _captioned(part: dict[str, Any]) -> Inbound | None:
    """The words under a photo are what the person says: they may be the call for help."""
    caption = text(part.get("caption"))
    return Inbound(text=caption) if caption.strip() else None


def _interactive(part: dict[str, Any]) -> Inbound | None:
    reply = table(part.get(word(part.get("type"))))
    return _tapped(word(reply.get("id")), text(reply.get("title")))


def _button(part: dict[str, Any]) -> Inbound | None:
    """A template's quick reply; without a payload of its own it comes with its text as payload."""
    payload, label = word(part.get("payload")), text(part.get("text"))
    return _tapped("" if payload == label else payload, label)


def _tapped(option: str, label: str) -> Inbound | None:
    if option:
        return Inbound(option=option[:256])
    return Inbound(text=label) if label else None


def _location(part: dict[str, Any]) -> Inbound | None:
    found = point(part.get("latitude"), part.get("longitude"))
    if found:
        return Inbound(location=found)
    described = ", ".join(filter(None, (text(part.get("name")), text(part.get("address")))))
    return Inbound(text=described) if described else None


_READERS: dict[str, Callable[[dict[str, Any]], Inbound | None]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _button,
    "location": _location,
}


def _system(message: dict[str, Any]) -> list[Event]:
    """A number or an id changed; or the phone changed hands, then nothing is left of the conversation."""
    system = table(message.get("system"))
    kind, before = word(system.get("type")), _names_before(message, system)
    if kind in _OTHER_HOLDER:
        return [PersonChange("forgotten", name) for name in before]
    now = Sender(_new_number(system), word(system.get("user_id")))
    if kind not in _MOVED or not now.person:
        return []
    return [PersonChange("moved", name, now.person, now.address) for name in before if name != now.person]


def _names_before(message: dict[str, Any], system: dict[str, Any]) -> tuple[str, ...]:
    """System messages have no contacts; an id that changed may stand in their text alone."""
    said = _CHANGED.search(text(system.get("body")))
    given = {
        "from": message.get("from") or system.get("customer") or (said.group(1) if said else ""),
        "from_user_id": system.get("previous_user_id") or message.get("from_user_id"),
    }
    sender = _sender(given, ())
    return sender.names if sender else ()


def _new_number(system: dict[str, Any]) -> str:
    found = (word(system.get(name)) for name in ("wa_id", "new_wa_id"))
    return next((number for number in found if _NUMBER.fullmatch(number)), "")


def _new_id(update: dict[str, Any]) -> Event:
    """The field `user_id_update`: the business-scoped id was made anew."""
    ids = table(update.get("user_id"))
    before, now = word(ids.get("previous")), word(ids.get("current"))
    if not before or not now or before == now:
        return Ignored("system")
    number = word(update.get("wa_id"))
    sender = Sender(number if _NUMBER.fullmatch(number) else "", now)
    return PersonChange("moved", before, now, sender.address)


def _status(status: dict[str, Any]) -> Event:
    external_id, name = word(status.get("id")), word(status.get("status"))
    if not external_id or name not in _STATUSES:
        return Ignored("status")
    codes = (whole(table(error).get("code")) for error in rows(status.get("errors")))
    error_code = next((code for code in codes if code is not None), None)
    billed = table(status.get("pricing")).get("billable") is True
    return Delivery(external_id, name, word(status.get("biz_opaque_callback_data")), error_code, billed)


def _fault(error: dict[str, Any]) -> Event:
    """A fault of the whole account or application; its code is counted."""
    code = whole(error.get("code"))
    return Ignored("error" if code is None else f"error:{code}")
