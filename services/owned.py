"""Houses, land and animals that people speak of: «mi terreno de», «la casa en»."""

from collections.abc import Sequence

from services.cues import BEING, MOTION, OWNED, OWNING, SEEKING


def is_owned(words: Sequence[str]) -> bool:
    """«mi terreno», «la finca de mis papás»: what one left there; not «estoy en mi casa»."""
    if not (BEING | SEEKING | MOTION).isdisjoint(words):
        return False
    return not OWNED.isdisjoint(words[:4]) and not OWNING.isdisjoint(words[:5])
