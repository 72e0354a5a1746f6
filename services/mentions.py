"""Places inside a message: which the person wants, and which they fled."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from services.cues import (
    ALSO_ARRIVING,
    AROUND,
    ARRIVING_AT,
    BEING,
    HAPPENED,
    LEAVING,
    LEFT_BEHIND,
    MOTION,
    MUST_LEAVE,
    ORIGIN,
    PLACING,
    SEEKING,
    TOWARDS,
)
from services.evidence import counts, misspelt
from services.placenames import Names
from services.spans import Found, scan, with_states, words_before


class Role(Enum):
    """What a place is to the person, as far as the words around it tell."""

    FLED = "fled"
    ORIGIN = "origin"  # «soy de»: fled when another place is wanted, else where the person is
    WANTED = "wanted"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a message with its role; the bigger `force`, the plainer that it is meant so."""

    found: Found
    role: Role
    force: int


def read_message(names: Names, tokens: Sequence[str]) -> list[Mention]:
    """Places that the message surely names, in its order, each with its role."""
    scanned = list(scan(names, tokens))
    counted = [place for place in scanned if counts(names, tokens, place)]
    slips = list(misspelt(names, tokens, scanned))
    counted = [place for place in counted if not any(slip.start <= place.start < slip.end for slip in slips)]
    counted = sorted([*counted, *slips], key=lambda place: place.start)
    counted = list(with_states(counted, tokens))
    mentions: list[Mention] = []
    for place in counted:
        mentions.append(_in_role(tokens, place, mentions[-1] if mentions else None))
    return mentions


def wanted_and_fled(mentions: Sequence[Mention]) -> tuple[list[Found], list[Found]]:
    """Places wanted, the plainest first, and places fled, in order."""
    wanted = [mention for mention in mentions if mention.role is Role.WANTED]
    origin = [mention for mention in mentions if mention.role is Role.ORIGIN]
    fled = [mention for mention in mentions if mention.role is Role.FLED]
    if wanted or any(mention.force > 1 for mention in origin):
        fled = sorted(fled + origin, key=lambda mention: mention.found.start)
    else:
        wanted = origin
    wanted.sort(key=_plainest)
    return [mention.found for mention in wanted], [mention.found for mention in fled]


def role_of(tokens: Sequence[str], place: Found) -> Mention:
    """A place with the role that the words before it give."""
    return _in_role(tokens, place, None)


def _plainest(mention: Mention) -> tuple[int, int]:
    """The most forceful first; of equals the last said («estuve en X, ahora estoy en Y»)."""
    start = mention.found.start
    return -mention.force, -start if mention.force == 2 else start


def _in_role(tokens: Sequence[str], place: Found, previous: Mention | None) -> Mention:
    floor = previous.found.end if previous else 0
    before = words_before(tokens, place.start, min(9, place.start - floor))
    if previous and before and len(before) <= 3 and set(before) <= {"y", "de", ",", "en", "o", "e"}:
        return Mention(place, previous.role, previous.force)
    if previous and before == ["desde"] and previous.role is Role.WANTED:
        return Mention(place, Role.ORIGIN, 1)
    joint = next((word for word in before if word in TOWARDS or word in ("de", "del", "desde")), "")
    reach = before[:8]
    if joint in ("de", "del", "desde"):
        return _coming_from(tokens, place, reach)
    return _being_at(place, reach)


def _coming_from(tokens: Sequence[str], place: Found, before: list[str]) -> Mention:
    heard = set(before)
    if heard & LEFT_BEHIND - {"era", "eramos"}:
        return Mention(place, Role.FLED, 2)
    wishing = heard & {"quiero", "queremos", "necesito", "necesitamos", "puedo", "podemos", "quisiera"}
    if _left(before) and not (wishing and not heard & MUST_LEAVE):
        return Mention(place, Role.FLED, 2)
    if not LEAVING.isdisjoint(tokens[place.end : place.end + 3]):
        return Mention(place, Role.FLED, 2)
    if heard & {"salir", "salirme", "salirnos", "irme", "irnos", "huir", "escapar"} and heard & MUST_LEAVE:
        return Mention(place, Role.FLED, 2)
    if heard & ORIGIN or "es" in before[1:2] or heard & {"era", "eramos"}:
        return Mention(place, Role.ORIGIN, 2 if "pero" in tokens[place.end : place.end + 2] else 1)
    if (
        tokens[place.end : place.end + 1]
        and tokens[place.end] in TOWARDS - {"en"}
        and AROUND.isdisjoint(before)
    ):
        return Mention(place, Role.ORIGIN, 1)
    return Mention(place, Role.WANTED, 1 if heard & BEING else 0)


def _given_up(before: Sequence[str]) -> bool:
    """«tuvimos que dejar Tepalcatepec», «no puedo volver a Culiacán»."""
    heard = set(before)
    if heard & {"dejar", "abandonar"} and heard & MUST_LEAVE:
        return True
    return "no" in heard and bool(heard & {"volver", "regresar", "regresarme"})


def _left(before: Sequence[str]) -> bool:
    """A verb of leaving before «de»; «llegamos a la central de Puebla» is none."""
    for at, word in enumerate(before):
        if word in LEAVING:
            return word not in ALSO_ARRIVING or ARRIVING_AT.isdisjoint(before[:at])
    return False


def _being_at(place: Found, before: list[str]) -> Mention:
    if _given_up(before):
        return Mention(place, Role.FLED, 2)
    for word in before:
        if word == ",":
            break
        if word in LEFT_BEHIND:
            return Mention(place, Role.FLED, 2)
        if word in SEEKING:
            return Mention(place, Role.WANTED, 3)
        if word in BEING or word in MOTION:
            return Mention(place, Role.WANTED, 2)
        if word in HAPPENED:
            return Mention(place, Role.ORIGIN, 1)
    return Mention(place, Role.WANTED, 1 if before[:1] and before[0] in PLACING else 0)
