"""Figures of a period and a geography: sums of published cells, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.counts import Outcome, Published

NATION = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was published of some months. `state` is a two-digit key, or empty for the nation.

    A figure is None when no month published it: it is small, or it would tell one that is.
    """

    months: tuple[str, ...]
    state: str
    cells: Sequence[Published]

    def outcome(self, outcome: Outcome, *, need: str | None = None, month: str = "") -> int | None:
        """How often, over the geography; for one need and one month where given."""
        return _sum(
            cell.count
            for cell in self._outcomes()
            if cell.name == outcome and need in (None, cell.need) and month in ("", cell.month)
        )

    def asked(self, *, need: str | None = None, month: str = "") -> int | None:
        """Questions answered, with a service or with none on record."""
        return _sum(
            count
            for outcome in (Outcome.SHOWN, Outcome.NONE)
            if (count := self.outcome(outcome, need=need, month=month)) is not None
        )

    def by_area(self, outcomes: Sequence[str]) -> dict[str, int]:
        """By state for the nation, by municipality for a state; only areas with a figure."""
        size = 5 if self.state else 2
        found: dict[str, int] = {}
        for cell in self.cells:
            if cell.kind == "outcome" and len(cell.area) == size and cell.name in outcomes and self._in(cell):
                found[cell.area] = found.get(cell.area, 0) + cell.count
        return found

    def who(self, who: str, *, need: str | None = None) -> int | None:
        """Questions for these people, as far as it was said."""
        return _sum(
            cell.count
            for cell in self.cells
            if cell.kind != "outcome" and cell.name == who and need in (None, cell.need) and self._in(cell)
        )

    def _outcomes(self) -> Iterable[Published]:
        return (c for c in self.cells if c.kind == "outcome" and len(c.area) == 2 and self._in(c))

    def _in(self, cell: Published) -> bool:
        return cell.month in self.months and cell.area.startswith(self.state)


def _sum(counts: Iterable[int]) -> int | None:
    found = list(counts)
    return sum(found) if found else None
