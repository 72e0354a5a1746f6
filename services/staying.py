"""The role of a place after «en», «a», «por» or nothing."""

from collections.abc import Sequence
from itertools import dropwhile, takewhile

from services.cues import (
    ALSO_ARRIVING,
    BEING,
    CHILDREN,
    EVENTS,
    HAPPENED,
    HERE,
    KIN,
    KINDS,
    LEAVING,
    LEFT_BEHIND,
    LINKING,
    LOSING,
    MOTION,
    MUST_LEAVE,
    OTHERS_BEING,
    OWNED,
    OWNING,
    PASSING,
    PERSON,
    PLACING,
    PRESENT,
    RETURNING,
    SEEKING,
    TOWARDS,
    WATCHING,
    WISHING,
)
from services.owned import is_owned
from services.past import is_past, used_to, was_done
from services.roles import Role
from services.spans import words_from

_PURPOSE = frozenset(("para", "pa", "nomas", "solo", "nada", "por", "que"))
_MEANWHILE = frozenset(("aun", "se", "solo", "todavia", "tambien", "trabajando", "viviendo", "ya"))
_RELATIVES = PERSON | CHILDREN | KIN
_TO_WHOM = frozenset(("nos", "me", "le", "les", "lo", "la", "los", "las", "se"))
_ASKING = (SEEKING - WISHING) | {","}
"""Words that begin what is asked for: what stands before them no longer speaks of the place after them."""


def being_at(before: Sequence[str], after: Sequence[str]) -> tuple[Role, int]:
    """The role of a place after «en», «a», «por» or nothing."""
    if _given_up(before) or _driven_out(before):
        return Role.FLED, 2
    if before[1:2] and before[1] in HERE:
        return Role.WANTED, 4
    present = not (PRESENT | WISHING).isdisjoint([*before[2:6], *words_from(after, 0, 6)])
    if before[1:2] in (["alla"], ["aya"]) and not present:
        return Role.FLED, 2
    if _is_owned_there(before) or before[:1] in (["soy"], ["somos"]) or _is_named_home(before):
        return Role.ORIGIN, 1
    if _returning(before) or _impossible(before):
        return Role.SCENE, 2
    if _on_the_way(before) or (before[:1] == ["en"] and _others_are(before[1:])):
        return Role.OTHERS, 1
    if before[:1] == ["en"] and (not EVENTS.isdisjoint(before[1:3]) or _suffered(after)):
        return Role.SCENE, 1
    return by_nearest_verb(before)


def _on_the_way(before: Sequence[str]) -> bool:
    """«pasamos por»."""
    return before[:1] == ["por"] and not PASSING.isdisjoint(before[1:2])


def _others_are(before: Sequence[str]) -> bool:
    """«mi papá está en», «mis suegros siguen viviendo en»: the person may be elsewhere."""
    words = list(dropwhile(_MEANWHILE.__contains__, before))
    if not words or words[0] not in OTHERS_BEING:
        return False
    words = list(dropwhile(_MEANWHILE.__contains__, words[1:]))
    return words[:1] != [] and words[0] in _RELATIVES and not OWNING.isdisjoint(words[1:3])


def _impossible(before: Sequence[str]) -> bool:
    """«ya no se puede vivir en», «no quiero ir a»."""
    if before[1:2] and before[1] in ("vivir", "seguir", "estar"):
        return "no" in before[2:5]
    return before[:1] == ["a"] and before[1:2] in (["ir"], ["irme"], ["irnos"]) and "no" in before[2:4]


def _is_owned_there(before: Sequence[str]) -> bool:
    """«mi casa en»; not «rondan mi casa en» nor «no vengan a mi casa en», where the person still lives."""
    if not before or before[0] in TOWARDS - {"en", "por"} or not WATCHING.isdisjoint(before[1:6]):
        return False
    given = [word for word in before[1:] if word not in OWNED | OWNING][:1] == ["a"]
    return is_owned(before[1:]) and not (given and "no" in before)


def _is_named_home(before: Sequence[str]) -> bool:
    """«mi pueblo Chenalhó»."""
    return len(before) > 1 and before[0] in KINDS and before[1] in OWNING


def _driven_out(before: Sequence[str]) -> bool:
    """«me corrieron de mi pueblo en»."""
    home = list(takewhile((LINKING | OWNING | OWNED).__contains__, before[1:]))
    verb = before[1 + len(home) :][:1]
    return before[:1] == ["en"] and home[-1:] == ["de"] and verb != [] and verb[0] in LEAVING - ALSO_ARRIVING


def _returning(before: Sequence[str]) -> bool:
    """«regresar a», «volver a mi pueblo,»: a wish, for which another place says where the person is."""
    words = list(dropwhile((LINKING | OWNING).__contains__, before))
    return words[:1] == ["a"] and not RETURNING.isdisjoint(before)


def _suffered(after: Sequence[str]) -> bool:
    """«en Tancítaro nos cobraban»: what was done to people in a place they speak of first."""
    if after[:1] and after[0] in _TO_WHOM and after[1:2]:
        return after[1] in HAPPENED or used_to(after[1]) or was_done(after[1])
    return False


def by_nearest_verb(before: Sequence[str]) -> tuple[Role, int]:
    for at, word in enumerate(before):
        if word in (",", "pero"):
            break
        if word == "era" and not _PURPOSE.isdisjoint(before[max(0, at - 1) : at]):
            continue  # «era para preguntar»
        if word in LEFT_BEHIND or word in LOSING or is_past(before, at):
            return _lost(word, before[:at])
        if word in SEEKING:
            return Role.WANTED, 3
        if word in BEING or word in MOTION:
            return (Role.FLED, 2) if _no_longer(before, at) else (Role.WANTED, 2)
        if word in HAPPENED or (was_done(word) and "que" not in before[:at]):
            return Role.SCENE, 1
    return Role.WANTED, 1 if before[:1] and before[0] in PLACING else 0


def _no_longer(before: Sequence[str], at: int) -> bool:
    """«ya no vivo en»; not «no estoy bien en»."""
    return at == 1 and before[at] in BEING and before[at + 1 : at + 2] == ["no"]


def _lost(verb: str, between: Sequence[str]) -> tuple[Role, int]:
    """«nos quitaron la tierra en» is a home lost, «me quitaron a mi bebé en» is where it happened."""
    if verb == "perdimos" and "a" in between:
        return Role.SCENE, 1
    if verb in LOSING and verb not in LEFT_BEHIND and OWNED.isdisjoint(between):
        return Role.SCENE, 1
    return Role.FLED, 2


def _given_up(before: Sequence[str]) -> bool:
    """«tuvimos que dejar Tepalcatepec», «al dejar Zamora», «no puedo volver a Culiacán»."""
    heard = set(before)
    if heard & {"dejar", "abandonar"} and (heard & MUST_LEAVE or before[1:2] == ["al"]):
        return True
    near = set(takewhile(lambda word: word not in _ASKING, before))
    return "no" in near and bool(near & {"volver", "regresar", "regresarme"})
