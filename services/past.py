"""Verbs of the past by their endings: what used to be at a place, and what was done there."""

import re
from collections.abc import Sequence

from services.cues import PAST, POLITE, TELLING, TOWARDS

# «mi mamá se quedó sola en Tila»: who is there still needs help there
_PEOPLE_LEFT = frozenset(("sola", "solo", "solos", "solas", "enferma", "enfermo", "viviendo", "esperando"))
# «trabajaba», «sembrábamos», «estava»
_IMPERFECT = re.compile(r".{2,}a[bv](?:a|as|an|amos)")
# «balacearon», «metieron»
_PRETERITE = re.compile(r".{3,}(?:a|ie|ye)ron")


def used_to(verb: str) -> bool:
    """«cobraban», «sembrábamos»."""
    return _IMPERFECT.fullmatch(verb) is not None


def was_done(verb: str) -> bool:
    """«balacearon», «corrieron»; not «dijeron»."""
    return verb not in TELLING and _PRETERITE.fullmatch(verb) is not None


def is_past(before: Sequence[str], at: int) -> bool:
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
    return word in PAST or (word not in POLITE and used_to(word))
