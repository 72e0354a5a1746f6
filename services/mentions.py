"""Places inside a message: which the person wants, and which they fled."""

from collections.abc import Sequence
from itertools import pairwise

from services.context import role_of
from services.cues import LEAVING, MISSING, WENT_AWAY
from services.evidence import counts, misspelt
from services.heard import as_cues
from services.kinds import scan
from services.placenames import Names
from services.roles import Mention, Role
from services.spans import Found, with_states, words_before

_DENIALS = frozenset(("no", "ni"))
_LINKS = frozenset(("en", "de", "es", "del", "el", "la", "los", "las"))


def read_message(names: Names, tokens: Sequence[str]) -> list[Mention]:
    """Places that the message surely names, in its order, each with its role."""
    tokens = as_cues(names, tokens)
    scanned = list(scan(names, tokens))
    counted = [place for place in not_corrected(tokens, scanned) if counts(names, tokens, place)]
    slips = list(misspelt(names, tokens, scanned))
    counted = [place for place in counted if not any(slip.start <= place.start < slip.end for slip in slips)]
    counted = sorted([*counted, *slips], key=lambda place: place.start)
    mentions: list[Mention] = []
    for place in with_states(counted, tokens):
        mentions.append(role_of(tokens, place, mentions[-1] if mentions else None))
    return mentions


def without_corrected(tokens: Sequence[str], places: Sequence[Found]) -> tuple[str, ...]:
    """The tokens without «no Cancún» behind a place: what the writer takes back says nothing more."""
    words = list(tokens)
    for place in reversed(places[1:]):
        before = words_before(tokens, place.start, 3)
        if _is_taken_back(before):
            start = place.start - next(at for at, word in enumerate(before) if word in _DENIALS) - 1
            words[start : place.end] = [","]
    return tuple(words)


def not_corrected(tokens: Sequence[str], places: Sequence[Found]) -> list[Found]:
    """«no en Apatzingán, en Uruapan ya», «ni de Morelos»: without what the writer takes back."""
    kept = [place for place in places if not _is_taken_back(words_before(tokens, place.start, 3))]
    return kept or list(places)


def _is_taken_back(before: Sequence[str]) -> bool:
    """«no en», «no es», «ni el de»."""
    words = [word for word in before if word not in _LINKS]
    return bool(words) and words[0] in _DENIALS and (len(before) > len(words) or before[0] == "no")


def tells_of_missing(tokens: Sequence[str]) -> bool:
    """Whether somebody is looked for: «no sé de mi hermano. Trabajaba en Lagos»; not by who fled."""
    said = f" {' '.join(tokens)} "
    return any(f" {cue} " in said for cue in MISSING) and LEAVING.isdisjoint(tokens)


def tells_of_leaving(tokens: Sequence[str]) -> bool:
    """Whether the person went away: «nos salimos», «y me vine»."""
    return any(
        word in WENT_AWAY or (word in ("vine", "venimos", "vinimos") and subject in ("me", "nos"))
        for subject, word in pairwise(["", *tokens])
    )


def wanted_and_fled(
    mentions: Sequence[Mention], *, home: bool = False, missing: bool = False, left: bool = False
) -> tuple[list[Found], list[Found]]:
    """Places wanted, the plainest first, and places fled, in order.

    Who writes «soy de Oxchuc, ¿me ayudan?» to Faro is mostly elsewhere; `home` says that they answer where
    they are, and then «soy de Oxchuc» means just that. Of somebody `missing` it is where they were last. Who
    `left` is no longer where it happened.
    """
    roles = {mention.role for mention in mentions}
    elsewhere = {Role.SCENE, Role.ORIGIN} if home else set() if left else {Role.SCENE}
    chosen = {Role.WANTED} & roles or elsewhere & roles or {Role.OTHERS}
    if missing and chosen.isdisjoint(roles):
        chosen = {Role.FLED}
    wanted = [mention for mention in mentions if mention.role in chosen]
    fled = [mention for mention in mentions if mention.role not in chosen | {Role.OTHERS}]
    wanted.sort(key=_plainest)
    return [mention.found for mention in wanted], [mention.found for mention in fled]


def _plainest(mention: Mention) -> tuple[int, int]:
    """The most forceful first; of equals the last said («estuve en X, ahora estoy en Y»)."""
    start = mention.found.start
    return -mention.force, -start if mention.force == 2 else start
