"""Which changes of a caseworker need a second person: services of danger and violence, what was hidden."""

from data.record_json import Fields
from data.records import Kind, Status
from services.differences import Reason, is_grave, is_wider

_PROVEN = ("A", "B")


def reasons(before: Fields | None, after: Fields) -> tuple[Reason, ...]:
    """Why somebody else must approve; empty when nobody must. `before` None: a new record."""
    found = []
    if _puts_a_number(before, after):
        found.append(Reason.PHONE)
    if before is not None and is_wider(before, after):
        found.append(Reason.EXPOSURE)
    if before is not None and _takes_away(before, after):
        found.append(Reason.GRAVE)
    return tuple(found)


def _takes_away(before: Fields, after: Fields) -> bool:
    """Whether a service for danger or violence is said to work no more."""
    is_ended = before["status"] == Status.ACTIVE and after["status"] != Status.ACTIVE
    return is_ended and is_grave(before) and before["kind"] != Kind.REFUGE


def _puts_a_number(before: Fields | None, after: Fields) -> bool:
    """Whether a number for danger or violence comes, goes, or is trusted from now on."""
    if after["kind"] == Kind.REFUGE:  # it has none, and hiding one must not wait
        return False
    if before is None:
        return is_grave(after) and bool(after["phones"])
    if not (is_grave(before) or is_grave(after)):
        return False
    if before["phones"] != after["phones"]:
        return True
    becomes_grave = is_grave(after) and not is_grave(before)
    is_proven = after["confidence"] in _PROVEN and before["confidence"] not in _PROVEN
    return bool(after["phones"]) and (becomes_grave or (is_proven and is_grave(after)))
