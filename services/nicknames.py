"""Places called by how their name begins: «tlajo» is Tlajomulco, «xoxo» is Xoxocotlán."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import takewhile

from services.elsewhere import COUNTRIES
from services.placenames import Names, Rank
from services.spans import Found
from services.spelling import sound

_SHORTEST = 4
_LEFT_OUT = 2
"""Letters, at the least: what lacks fewer is a slip, which others read."""


def begun(names: Names, core: Sequence[str]) -> list[Found]:
    """The places whose name begins with the only word of an answer; none for an ordinary word."""
    if len(core) != 1 or len(core[0]) < _SHORTEST or core[0] in names.ordinary or core[0] in COUNTRIES:
        return []
    start = sound(core[0])
    if len(start) < _SHORTEST:
        return []
    sounds = names.sounds
    first = bisect_left(sounds, (start, ""))
    longer = takewhile(lambda row: row[0].startswith(start), sounds[first:])
    senses = tuple(
        sense
        for heard, name in longer
        if len(heard) >= len(start) + _LEFT_OUT
        for sense in names.senses[name]
        if sense.rank in (Rank.MUNICIPALITY, Rank.ALIAS, Rank.SHORT) and len(sense.key) == 5
    )
    return [Found(0, 1, core[0], senses, certain=False)] if senses else []
