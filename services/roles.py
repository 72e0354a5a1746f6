"""What a place is to the person, by the words around it: wanted, fled, home, or where something happened."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import dropwhile, pairwise, takewhile

from services.cues import (
    ALSO_ARRIVING,
    AROUND,
    ARRIVING_AT,
    ARTICLES,
    BEING,
    DISPLACED,
    EVENTS,
    HAPPENED,
    HERE,
    KIN,
    KINDS,
    LEAVING,
    LEFT_BEHIND,
    LISTS,
    LOSING,
    MOTION,
    MUST_LEAVE,
    NO_WAY_BACK,
    ORIGIN,
    OWNED,
    OWNING,
    PAPERS,
    PAST,
    PLACING,
    POLITE,
    PRESENT,
    RETURNING,
    SEEKING,
    TO_LEAVE,
    TOWARDS,
    WISHING,
)
from services.spans import Found, words_before, words_from

# «mi mamá se quedó sola en Tila»: who is there still needs help there
_PEOPLE_LEFT = frozenset(("sola", "solo", "solos", "solas", "enferma", "enfermo", "viviendo", "esperando"))
_OF = frozenset(("de", "del", "desde"))
_AND = frozenset(("y", "e", "o", "ni", ","))
# «trabajaba», «sembrábamos», «estava»
_IMPERFECT = re.compile(r".{2,}a[bv](?:a|as|an|amos)")
_LINKING = KINDS | ARTICLES | _OF | {"un", "una"}
_COMING = ORIGIN | KIN | EVENTS | PAPERS
_ASKING = (SEEKING - WISHING) | {","}
"""Words that begin what is asked for: what stands before them no longer speaks of the place after them."""
_ENDS = frozenset(".!?¡¿;\n()")
_REACH = 9
_DRIVEN = (LEAVING - ALSO_ARRIVING - TO_LEAVE) | {"bajamos", "fuimos", "mudamos", "vine", "vinimos"}


class Role(Enum):
    """What a place is to the person, as far as the words around it tell."""

    FLED = "fled"
    ORIGIN = "origin"  # «soy de»: where somebody or something comes from
    SCENE = "scene"  # something happened there: wanted when no other place is
    WANTED = "wanted"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a message with its role; the bigger `force`, the plainer that it is meant so."""

    found: Found
    role: Role
    force: int = 0


def role_of(tokens: Sequence[str], place: Found, previous: Mention | None = None) -> Mention:
    """A place with the role that the words around it give."""
    floor = previous.found.end if previous else 0
    before = words_before(tokens, place.start, min(_REACH, place.start - floor))
    after = tokens[place.end : place.end + _REACH]
    if previous and _goes_on(before, previous) and (not after or after[0] not in TOWARDS - {"en"}):
        return Mention(place, previous.role, previous.force)
    if said := _said_after(words_from(tokens, place.end, 8)):
        return Mention(place, *said)
    joint = next((word for word in before if word in TOWARDS or word in _OF), "")
    if previous and before == ["desde"] and previous.role is Role.WANTED:
        return Mention(place, Role.ORIGIN)
    if joint in _OF:
        return Mention(place, *_coming_from(before, after[:3]))
    if _still_there(after):
        return Mention(place, Role.WANTED, 3)
    return Mention(place, *_being_at(before))


def _goes_on(before: Sequence[str], previous: Mention) -> bool:
    """«de Tila y de Chenalhó», «en Tlapa o Chilpancingo», «no quiero volver a Tila ni a Sabanilla»."""
    joints = set(before) - _AND - ({"a"} if "ni" in before and previous.role is Role.FLED else set())
    if not before or len(before) > 3 or joints - {"de", "en"}:
        return False
    return "en" not in joints or previous.role in (Role.WANTED, Role.SCENE)


def _said_after(after: Sequence[str]) -> tuple[Role, int] | None:
    """«Puebla, donde vivo», «Chilapa, porque de ahí salimos», «allá no puedo volver»."""
    for at, word in enumerate(after[:4]):
        following = after[at + 1 : at + 4]
        if word == "donde" and following and at < 2:
            if following[0] in BEING or following[:2] in (["me", "encuentro"], ["nos", "encontramos"]):
                return Role.WANTED, 3
            if following[0] in PAST or _IMPERFECT.fullmatch(following[0]):
                return Role.FLED, 2
        if word in ("ahi", "alla") and _closed(after[:at], following):
            return Role.FLED, 2
    return None


def _still_there(after: Sequence[str]) -> bool:
    """«mi casa en Coyuca y sigo aquí», «a Parral, aquí andamos»; not «… y aquí ando en Morelia»."""
    for at, (word, following) in enumerate(pairwise(after)):
        if word in _ENDS:
            return False
        if (word in HERE and following in BEING) or (word in BEING and following in HERE):
            return at < 4 and PLACING.isdisjoint(words_from(after, at + 2, 6))
    return False


def _closed(before: Sequence[str], following: Sequence[str]) -> bool:
    if before[-1:] == ["de"]:
        return not LEAVING.isdisjoint(following)
    return following[:1] in (["no"], ["ya"]) and not NO_WAY_BACK.isdisjoint(following)


def _coming_from(before: Sequence[str], after: Sequence[str]) -> tuple[Role, int]:
    """The role of a place after «de»."""
    if _quit(before) or was_left(after):
        return Role.FLED, 2
    if after[:2] in (["para", "aca"], ["pa", "aca"]):
        return Role.FLED, 2
    if after and after[0] in TOWARDS - {"en"} and AROUND.isdisjoint(before):
        return Role.SCENE, 1
    if _is_origin(before):
        denied = before[1:2] != [] and before[1] in ORIGIN and before[2:3] == ["no"]
        return (Role.WANTED, 1) if denied else (Role.ORIGIN, 1)
    role, _ = _by_nearest_verb(before)
    if role is not Role.WANTED:
        return role, 1
    if not (ORIGIN | DISPLACED).isdisjoint(before):
        return Role.SCENE, 1
    return Role.WANTED, 0 if BEING.isdisjoint(before) else 1


def was_left(after: Sequence[str]) -> bool:
    """«de Petatlán nos venimos»."""
    for word in after[:3]:
        if word in ("pero", "y", ","):
            return False
        if word in _DRIVEN:
            return True
    return False


def _quit(before: Sequence[str]) -> bool:
    """A verb of leaving before «de»; «llegamos a la central de Puebla» is none, «quiero salir de» neither."""
    heard = set(before)
    for at, word in enumerate(before):
        if word in BEING - {"yo", "esto"}:
            return False
        if word in DISPLACED:
            return not heard & LISTS or bool(heard & {"somos", "fuimos"})
        if word in TO_LEAVE:
            return bool(heard & MUST_LEAVE) or not heard & WISHING
        if word in LEAVING:
            return word not in ALSO_ARRIVING or not _arrives(before[:at])
    return False


def _arrives(between: Sequence[str]) -> bool:
    """«llegamos a la central de», «vienen a»; not «vienen en camino de»."""
    return {"camino", "pie"}.isdisjoint(between) and not ARRIVING_AT.isdisjoint(between)


def _is_origin(before: Sequence[str]) -> bool:
    """«soy de», «somos de la sierra de», «mi tía de», «mi acta es de», «mi rancho de», «lo del sismo de»."""
    if before[1:2] == ["lo"] or (before[1:2] in (["los"], ["las"]) and before[2:3] not in (["para"], ["pa"])):
        return True
    words = list(dropwhile(_LINKING.__contains__, before[1:]))
    return words[:1] != [] and (words[0] in _COMING or _is_owned(words))


def _is_owned(words: Sequence[str]) -> bool:
    """«mi terreno», «la finca de mis papás»: what one left there; not «estoy en mi casa»."""
    if not (BEING | SEEKING | MOTION).isdisjoint(words):
        return False
    return not OWNED.isdisjoint(words[:4]) and not OWNING.isdisjoint(words[:5])


def _being_at(before: Sequence[str]) -> tuple[Role, int]:
    """The role of a place after «en», «a», «por» or nothing."""
    if _given_up(before):
        return Role.FLED, 2
    if before[1:2] and before[1] in HERE:
        return Role.WANTED, 3
    if before[1:2] in (["alla"], ["aya"]) and (PRESENT | WISHING).isdisjoint(before[2:6]):
        return Role.FLED, 2
    if before and before[0] not in TOWARDS - {"en", "por"} and _is_owned(before[1:]):
        return Role.ORIGIN, 1
    if before[:1] == ["a"] and not RETURNING.isdisjoint(before):
        return Role.SCENE, 2
    if before[1:2] and before[1] in ("vivir", "seguir", "estar") and "no" in before[2:5]:
        return Role.SCENE, 2  # «ya no se puede vivir en»
    return _by_nearest_verb(before)


def _by_nearest_verb(before: Sequence[str]) -> tuple[Role, int]:
    for at, word in enumerate(before):
        if word in (",", "pero"):
            break
        if word in LEFT_BEHIND or word in LOSING or _is_past(before, at):
            return _lost(word, before[:at])
        if word in SEEKING:
            return Role.WANTED, 3
        if word in BEING or word in MOTION:
            return Role.WANTED, 2
        if word in HAPPENED:
            return Role.SCENE, 1
    return Role.WANTED, 1 if before[:1] and before[0] in PLACING else 0


def _lost(verb: str, between: Sequence[str]) -> tuple[Role, int]:
    """«nos quitaron la tierra en» is a home lost, «me quitaron a mi bebé en» is where it happened."""
    if verb == "perdimos" and "a" in between:
        return Role.SCENE, 1
    if verb in LOSING and verb not in LEFT_BEHIND and OWNED.isdisjoint(between):
        return Role.SCENE, 1
    return Role.FLED, 2


def _is_past(before: Sequence[str], at: int) -> bool:
    """«cobraba en», «todo se quedó en»; not «buscaba en», «me quedo en», «se quedó sola en»."""
    word, subject = before[at], "".join(before[at + 1 : at + 2])
    if before[0] in TOWARDS - {"en", "por"}:
        return False
    if word == "paso" and subject in ("el", "al", "un", "de"):
        return False
    if word in ("quedo", "dejo"):
        if not _PEOPLE_LEFT.isdisjoint(before[:at]):
            return False
        return subject not in ("me", "nos", "lo", "los", "la", "las", "donde", "yo", "te")
    return word in PAST or (word not in POLITE and _IMPERFECT.fullmatch(word) is not None)


def _given_up(before: Sequence[str]) -> bool:
    """«tuvimos que dejar Tepalcatepec», «al dejar Zamora», «no puedo volver a Culiacán»."""
    heard = set(before)
    if heard & {"dejar", "abandonar"} and (heard & MUST_LEAVE or before[1:2] == ["al"]):
        return True
    near = set(takewhile(lambda word: word not in _ASKING, before))
    return "no" in near and bool(near & {"volver", "regresar", "regresarme"})
