"""Which of the places that share a name is meant, and when the person must be asked."""

from collections.abc import Iterable

from services.placenames import UNCOUNTED, Rank, Sense

MAX_CANDIDATES = 8


def choose(senses: Iterable[Sense], *, within: str | None = None) -> tuple[tuple[str, ...], bool]:
    """Keys that a name means, the most likely first, and whether the person must be asked.

    A name of a state means the state, unless a state is known already. Among homonyms one is taken
    without asking only when it is at least four times as big as the next and has 100,000 people, or ten
    times with 50,000; among towns ten times with 10,000; a popular name («ixtepec») four times with 20,000.
    Two municipalities of one state always ask, and so does a name that many share.
    """
    pool = [sense for sense in senses if within is None or sense.key[:2] == within]
    pool = _states_first(pool) if within is None else _municipalities_first(pool)
    pool = _without_weak(pool)
    best: dict[str, Sense] = {}
    for sense in sorted(pool, key=lambda sense: (-sense.weight, sense.key, sense.rank is not Rank.ALIAS)):
        best.setdefault(sense.key, sense)
    if not best:
        return (), False
    top, *others = best.values()
    rivals = [other for other in others if not _dwarfs(top, other)]
    if not rivals and not _outnumbered(top, others):
        return (top.key,), False
    return tuple(sense.key for sense in (top, *(rivals or others)))[:MAX_CANDIDATES], True


def _states_first(pool: list[Sense]) -> list[Sense]:
    if any(sense.rank is Rank.STATE for sense in pool):
        return [sense for sense in pool if sense.rank is Rank.STATE]
    return pool


def _municipalities_first(pool: list[Sense]) -> list[Sense]:
    return [sense for sense in pool if len(sense.key) == 5] or pool


def _without_weak(pool: list[Sense]) -> list[Sense]:
    """Leave out short names and towns that an official name of the same spelling outweighs."""
    official = [sense.weight for sense in pool if sense.rank <= Rank.ALIAS]
    if not official:
        return pool
    bar = max(official)
    return [sense for sense in pool if sense.rank <= Rank.ALIAS or sense.weight > bar]


def _dwarfs(top: Sense, other: Sense) -> bool:
    if other.weight == UNCOUNTED or top.rank == other.rank == Rank.STATE:
        return False
    if top.rank is Rank.ALIAS and other.rank is Rank.ALIAS and len(top.key) == 2:
        return False
    if top.key[:2] == other.key[:2] and other.rank is Rank.MUNICIPALITY and top.rank <= Rank.ALIAS:
        return False
    if top.rank >= Rank.SHORT and other.rank <= Rank.ALIAS:
        return False
    times = top.weight / max(other.weight, 1)
    if times >= 4 and top.weight >= (20_000 if top.rank is Rank.ALIAS else 100_000):
        return True
    if top.rank is Rank.SHORT and other.rank is Rank.LOCALITY:
        return top.weight >= 5_000 and times >= 4
    floor = 10_000 if other.rank >= Rank.SHORT else 50_000
    return top.weight >= floor and times >= 10


def _outnumbered(top: Sense, others: list[Sense]) -> bool:
    """A name that many smaller places share: «San Miguel», «La Cruz», «Tuxpan»."""
    return top.rank is not Rank.STATE and sum(other.weight for other in others) * 2 > top.weight
