"""What a place is to the person, by the words around it: wanted, fled, home, or where something happened."""

from collections.abc import Sequence
from itertools import pairwise

from services.coming import coming_from, was_left
from services.cues import BEING, HERE, LEAVING, NO_WAY_BACK, OF, PAST, PLACING, TOWARDS
from services.past import used_to
from services.roles import Mention, Role
from services.spans import Found, words_before, words_from
from services.staying import being_at

_AND = frozenset(("y", "e", "o", "ni", ","))
_ENDS = frozenset(".!?¡¿;\n()")
_AWAY = frozenset(("ahi", "alli"))
_THERE = HERE | _AWAY
_STAYING = frozenset(("sigo", "seguimos"))
_REACH = 9


def role_of(tokens: Sequence[str], place: Found, previous: Mention | None = None) -> Mention:
    """A place with the role that the words around it give."""
    floor = previous.found.end if previous else 0
    before = words_before(tokens, place.start, min(_REACH, place.start - floor))
    after = list(tokens[place.end : place.end + _REACH])
    joint = next((word for word in before if word in TOWARDS or word in OF), "")
    left = joint in OF and was_left(after)
    if previous and before in (["desde"], ["de"]) and previous.role is Role.WANTED:
        return Mention(place, Role.ORIGIN)  # «llegué a Saltillo de Zacatecas»
    if joint not in OF and after[:1] and after[0] in BEING and after[1:2] != ["en"]:
        return Mention(place, Role.WANTED, 2)  # «Parral vivo, cinco niños»
    goes_on = previous and _goes_on(before, previous) and (not after or after[0] not in TOWARDS - {"en"})
    if previous and goes_on and not left:
        return Mention(place, previous.role, previous.force)
    if said := _said_after(words_from(tokens, place.end, 8)):
        return Mention(place, *said)
    if _still_there(after, moving=joint in OF):
        return Mention(place, Role.WANTED, 3)
    if joint in OF:
        return Mention(place, *coming_from(before, after[:3]))
    return Mention(place, *being_at(before, after))


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
            if following[0] in PAST or used_to(following[0]):
                return Role.FLED, 2
        if word in ("ahi", "alla") and _closed(after[:at], following):
            return Role.FLED, 2
    return None


def _still_there(after: Sequence[str], *, moving: bool) -> bool:
    """«mi casa en Coyuca y sigo aquí», «somos de Tila y ahí seguimos»; not «… y aquí ando en Morelia».

    `moving`: it stands after «de», and then «a» begins another place: «de Tila a Parral, aquí andamos».
    """
    for at, (word, following) in enumerate(pairwise(after)):
        if word in _ENDS or (moving and word in TOWARDS):
            return False
        pair = {word, following}
        stays = pair & BEING if not moving or pair & _AWAY else pair & _STAYING
        if pair & _THERE and stays and not pair & NO_WAY_BACK:
            return at < 4 and PLACING.isdisjoint(words_from(after, at + 2, 6))
    return False


def _closed(before: Sequence[str], following: Sequence[str]) -> bool:
    if before[-1:] == ["de"]:
        return not LEAVING.isdisjoint(following)
    return following[:1] in (["no"], ["ya"]) and not NO_WAY_BACK.isdisjoint(following)
