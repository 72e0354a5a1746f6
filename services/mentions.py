"""Places inside a message: which the person wants, and which they fled."""

from collections.abc import Sequence

from services.evidence import counts, misspelt
from services.placenames import Names
from services.roles import Mention, Role, role_of
from services.spans import Found, scan, with_states, words_before

_LINKS = frozenset(("en", "de", "es", "del", "el", "la", "los", "las"))


def read_message(names: Names, tokens: Sequence[str]) -> list[Mention]:
    """Places that the message surely names, in its order, each with its role."""
    scanned = list(scan(names, tokens))
    counted = [place for place in not_corrected(tokens, scanned) if counts(names, tokens, place)]
    slips = list(misspelt(names, tokens, scanned))
    counted = [place for place in counted if not any(slip.start <= place.start < slip.end for slip in slips)]
    counted = sorted([*counted, *slips], key=lambda place: place.start)
    mentions: list[Mention] = []
    for place in with_states(counted, tokens):
        mentions.append(role_of(tokens, place, mentions[-1] if mentions else None))
    return mentions


def not_corrected(tokens: Sequence[str], places: Sequence[Found]) -> list[Found]:
    """«no en Apatzingán, en Uruapan ya», «ni de Morelos»: without what the writer takes back."""
    kept = [place for place in places if not _is_taken_back(words_before(tokens, place.start, 3))]
    return kept or list(places)


def _is_taken_back(before: Sequence[str]) -> bool:
    """«no en», «no es», «ni el de»."""
    words = [word for word in before if word not in _LINKS]
    return words[:1] in (["no"], ["ni"]) and len(before) > len(words)


def wanted_and_fled(mentions: Sequence[Mention], *, home: bool = False) -> tuple[list[Found], list[Found]]:
    """Places wanted, the plainest first, and places fled, in order.

    Who writes «soy de Oxchuc, ¿me ayudan?» to Faro is mostly elsewhere; `home` says that they answer where
    they are, and then «soy de Oxchuc» means just that.
    """
    roles = {mention.role for mention in mentions}
    chosen = {Role.WANTED} & roles or ({Role.SCENE, Role.ORIGIN} if home else {Role.SCENE})
    wanted = [mention for mention in mentions if mention.role in chosen]
    fled = [mention for mention in mentions if mention.role not in chosen]
    wanted.sort(key=_plainest)
    return [mention.found for mention in wanted], [mention.found for mention in fled]


def _plainest(mention: Mention) -> tuple[int, int]:
    """The most forceful first; of equals the last said («estuve en X, ahora estoy en Y»)."""
    start = mention.found.start
    return -mention.force, -start if mention.force == 2 else start
