"""The role of a place after «de»."""

from collections.abc import Sequence
from itertools import dropwhile, pairwise, takewhile

from services.cues import (
    ALSO_ARRIVING,
    AROUND,
    ARRIVING_AT,
    ARTICLES,
    BEING,
    DISPLACED,
    EVENTS,
    FETCHING,
    HOSTING,
    KIN,
    LEAVING,
    LINKING,
    LISTS,
    MUST_LEAVE,
    OBLIGED,
    ON_THE_WAY,
    ORIGIN,
    PAPERS,
    STAYING,
    TO_LEAVE,
    TOWARDS,
    WISHING,
)
from services.owned import is_owned
from services.roles import Role
from services.staying import being_at, by_nearest_verb

_PLACES_OF = AROUND - {"camino"}
_COMING = ORIGIN | KIN | EVENTS | PAPERS
_DRIVEN = (LEAVING - ALSO_ARRIVING - TO_LEAVE) | {"bajamos", "fuimos", "mudamos", "vine", "vinimos"}


def coming_from(before: Sequence[str], after: Sequence[str]) -> tuple[Role, int]:
    """The role of a place after «de»."""
    if _is_others_home(before, after):
        return Role.WANTED, 1
    if inside := _inside(before):
        return being_at(inside, after)
    if _is_behind(before, after):
        return Role.FLED, 2
    onwards = after[:1] != [] and (after[0] in TOWARDS - {"en"} or after[:2] == [",", "hasta"])
    if onwards and AROUND.isdisjoint(before):
        return Role.SCENE, 1
    if _is_origin(before):
        denied = before[1:2] != [] and before[1] in ORIGIN and before[2:3] == ["no"]
        return (Role.WANTED, 1) if denied else (Role.ORIGIN, 1)
    role, _ = by_nearest_verb(before)
    if role is not Role.WANTED:
        return role, 1
    if not (ORIGIN | DISPLACED).isdisjoint(before):
        return Role.SCENE, 1
    return Role.WANTED, 0 if BEING.isdisjoint(before) else 1


def _inside(before: Sequence[str]) -> Sequence[str]:
    """The words before «en el albergue de», which say where as «en» alone does; else none."""
    place = list(takewhile(lambda word: word in _PLACES_OF or word in ARTICLES, before[1:]))
    rest = before[1 + len(place) :]
    return rest if place and rest[:1] == ["en"] else []


def _is_behind(before: Sequence[str], after: Sequence[str]) -> bool:
    """«caminando desde», «salimos de», «de Petatlán nos venimos», «de Parral para acá»."""
    if before[:1] == ["desde"] and not ON_THE_WAY.isdisjoint([*before, *after]):
        return True
    return _quit(before) or was_left(after) or tuple(after[:2]) in (("para", "aca"), ("pa", "aca"))


def was_left(after: Sequence[str]) -> bool:
    """«de Petatlán nos venimos»."""
    for word in after[:3]:
        if word in ("pero", "y", ","):
            return False
        if word in _DRIVEN:
            return True
    return False


def _is_others_home(before: Sequence[str], after: Sequence[str]) -> bool:
    """«tengo que sacar a mi papá de Choix», where he needs help; «mi tía de Chilapa nos recibió»."""
    if not KIN.isdisjoint(before[1:3]) and not HOSTING.isdisjoint(after):
        return True
    fetched = any(verb in FETCHING and word == "a" for word, verb in pairwise(before))
    return fetched and MUST_LEAVE.isdisjoint(before)


def _quit(before: Sequence[str]) -> bool:
    """A verb of leaving before «de»; «llegamos a la central de Puebla» is none, «quiero salir de» neither."""
    heard = set(before)
    for at, word in enumerate(before):
        if word in STAYING:
            return False
        if word in DISPLACED:
            return not heard & LISTS or bool(heard & {"somos", "fuimos"})
        if word in TO_LEAVE:
            held = WISHING if word == "llegar" else WISHING | OBLIGED
            return bool(heard & MUST_LEAVE) or not heard & held
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
    words = list(dropwhile(LINKING.__contains__, before[1:]))
    return words[:1] != [] and (words[0] in _COMING or is_owned(words))
