"""What a webhook tells, as it is stored: messages sealed, ids hashed. What is dropped is counted."""

import logging
from collections import Counter
from dataclasses import dataclass

from bot.channels.whatsapp_errors import FAULTS
from bot.messages import Delivery, Event, Ignored, PersonChange, Received
from bot.sending import message_key
from bot.turn import arrival
from data.inbox_store import Arrival
from data.keys import Keys
from data.outbox_store import Status
from data.person_changes import Change

log = logging.getLogger(__name__)

OTHER_NUMBER = Ignored("other_number")
_OTHER_NUMBER = (
    "whatsapp: a webhook came for another phone number; "
    "set FARO_WHATSAPP_PHONE_NUMBER_ID to the id of the number that people write to"
)
_ACCOUNT = "whatsapp: Meta tells of a fault: %s"
_QUIET = frozenset({"other_field", "group", "reaction", "edited_message", "notice", "membership", "status"})
_MAX_ID = 2**63


@dataclass(frozen=True, slots=True)
class Told:
    """The parts of a webhook that are kept."""

    arrivals: list[Arrival]
    changes: tuple[Change, ...]
    statuses: tuple[Status, ...]

    def __bool__(self) -> bool:
        return bool(self.arrivals or self.changes or self.statuses)


def told(keys: Keys, channel: str, events: tuple[Event, ...]) -> Told:
    """Everything that an authentic webhook says."""
    _log_ignored(channel, [event for event in events if isinstance(event, Ignored)])
    statuses = (_status(keys, channel, event) for event in events if isinstance(event, Delivery))
    return Told(
        arrivals=[arrival(keys, channel, event) for event in events if isinstance(event, Received)],
        changes=tuple(_change(keys, channel, event) for event in events if isinstance(event, PersonChange)),
        statuses=tuple(status for status in statuses if status),
    )


def _change(keys: Keys, channel: str, event: PersonChange) -> Change:
    return Change(
        kind=event.kind,
        person_id=keys.digest("person", channel, event.person),
        new_person_id=keys.digest("person", channel, event.new_person) if event.new_person else "",
        new_address=keys.seal(event.new_address) if event.new_address else None,
    )


def _status(keys: Keys, channel: str, event: Delivery) -> Status | None:
    """None for a message that another program sent from the same number."""
    if not event.reference.isascii() or not event.reference.isdigit() or int(event.reference) >= _MAX_ID:
        return None
    reason = _reason(event) if event.status == "failed" else ""
    if reason:
        log.warning("%s: an answer was not delivered: %s", channel, reason)
    key = message_key(keys, channel, event.external_id)
    return Status(int(event.reference), channel, key, event.status, reason, event.billed)


def _reason(event: Delivery) -> str:
    if event.error_code is None:
        return "the platform gave no reason"
    _, sentence = FAULTS.get(event.error_code, (None, "a reason that Faro does not know"))
    return f"WhatsApp error {event.error_code}: {sentence}"[:200]


def _log_ignored(channel: str, ignored: list[Ignored]) -> None:
    for kind, count in Counter(event.kind for event in ignored).items():
        if kind == OTHER_NUMBER.kind:
            log.warning(_OTHER_NUMBER)
        elif kind.startswith("error"):
            log.error(_ACCOUNT, _of_account(kind))
        else:
            level = logging.DEBUG if kind in _QUIET else logging.INFO
            log.log(level, "%s: %d ignored (%s)", channel, count, kind)


def _of_account(kind: str) -> str:
    code = kind.partition(":")[2]
    if not code.isdigit():
        return "no code was given; see WhatsApp Manager"
    _, sentence = FAULTS.get(int(code), (None, "a fault that Faro does not know; see WhatsApp Manager"))
    return f"error {code}: {sentence}"
