"""Words around a place as they sound: «bibo en», «uimos de» read as the cues they are meant for."""

from collections.abc import Mapping, Sequence
from functools import cache

from services import cues
from services.placenames import Names
from services.spelling import sound

_SHORTEST = 4


def as_cues(names: Names, tokens: Sequence[str]) -> tuple[str, ...]:
    """The tokens; each that is no Spanish word and no place's name is spelt as the cue it sounds like."""
    meant = _cues_by_sound()
    return tuple(
        token
        if len(token) < _SHORTEST or token in names.ordinary or token in names.senses
        else meant.get(sound(token), token)
        for token in tokens
    )


@cache
def _cues_by_sound() -> Mapping[str, str]:
    """Sound → cue. Of two that sound alike either will do: they are spelt alike on purpose."""
    groups = [group for group in vars(cues).values() if isinstance(group, frozenset)]
    return {sound(word): word for group in groups for word in sorted(group) if len(word) >= _SHORTEST}
