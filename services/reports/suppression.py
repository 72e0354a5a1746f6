"""What may leave of a month's counters: no small figure, and none that tells one by a difference.

Only these cells are ever published; every sum in a report is a sum of them. Three rules hold them:

1. An outcome of a state leaves from the threshold on.
2. Of its municipalities each leaves from the threshold on, as long as the rest of the state (which anybody
   can work out) is nothing or at least the threshold; else the smallest are held back too, until it is.
3. For whom it was asked leaves in the same way against all that was asked, and against what of it leaves.
   «Not said» never leaves, so that the rest stays unknown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from data.counts import FAMILY, GRAVE, Counted, Outcome, Published
from data.needs import Who

THRESHOLD = 10

TRAITS = tuple(who for who in Who if who not in FAMILY)
"""Each of these may stand beside any other."""

_ASKED = (Outcome.SHOWN, Outcome.NONE)

Counts = dict[str, int]


def publishable(counted: Counted, month: str, *, threshold: int = THRESHOLD) -> tuple[Published, ...]:
    """The cells that may leave, in order."""
    outcomes = _by_area(counted)
    found = [*_outcomes(outcomes, month, threshold), *_people(counted, outcomes, month, threshold)]
    return tuple(sorted(found, key=lambda c: (c.kind, c.area, c.need, c.name)))


def _by_area(counted: Counted) -> dict[tuple[str, str, str], Counts]:
    """(state, need, outcome) → count by area; what has only a state stands under the state."""
    found: dict[tuple[str, str, str], Counts] = defaultdict(dict)
    for cell in counted.outcomes:
        areas = found[cell.area[:2], cell.need, cell.name]
        areas[cell.area] = areas.get(cell.area, 0) + cell.count
    return found


def _outcomes(
    outcomes: Mapping[tuple[str, str, str], Counts], month: str, threshold: int
) -> Iterable[Published]:
    for (state, need, name), areas in outcomes.items():
        total = sum(areas.values())
        if total < threshold:
            continue
        yield Published(month, "outcome", state, need, name, total)
        if need not in GRAVE:
            within = {area: count for area, count in areas.items() if len(area) == 5}
            for area, count in _kept(within, (total,), threshold).items():
                yield Published(month, "outcome", area, need, name, count)


def _people(
    counted: Counted, outcomes: Mapping[tuple[str, str, str], Counts], month: str, threshold: int
) -> Iterable[Published]:
    who: dict[tuple[str, str], Counts] = defaultdict(dict)
    for cell in counted.who:
        who[cell.area, cell.need][cell.name] = cell.count
    for (state, need), counts in who.items():
        asked = [sum(outcomes.get((state, need, name), {}).values()) for name in _ASKED]
        wholes = (sum(asked), sum(count for count in asked if count >= threshold))
        family = {name: count for name, count in counts.items() if name in FAMILY}
        for name, count in _kept(family, wholes, threshold).items():
            yield Published(month, "family", state, need, name, count)
        for trait in TRAITS:
            for name, count in _kept({trait: counts.get(trait, 0)}, wholes, threshold).items():
                yield Published(month, "trait", state, need, name, count)


def _kept(counts: Counts, wholes: tuple[int, ...], threshold: int) -> Counts:
    """The counts that leave beside each of the wholes; the smallest go first until the rest is safe."""
    kept = {name: count for name, count in counts.items() if count >= threshold}
    leaving = sorted(kept, key=lambda name: (kept[name], name), reverse=True)
    while leaving and not all(_is_safe(whole - sum(kept.values()), threshold) for whole in wholes):
        del kept[leaving.pop()]
    return kept


def _is_safe(rest: int, threshold: int) -> bool:
    """A rest that is nothing tells of nobody; one below nothing can't be told apart from a mistake."""
    return rest == 0 or rest >= threshold
