"""Figures of a period and a geography: sums of published cells, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from data import report_queries as ask
from data.counts import Outcome
from services.reports import queries
from services.reports.document import Query

NATION = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was published of some months. `state` is a two-digit key, or empty for the nation.

    `by_month` are (month, need, outcome, count), `by_area` (area, outcome, count), `by_who` (need, who,
    count): the rows of `queries`. A figure is None when no month published it: it is small, or it would tell
    one that is.
    """

    months: tuple[str, ...] = ()
    state: str = NATION
    by_month: tuple[tuple[str, str, str, int], ...] = ()
    by_area: tuple[tuple[str, str, int], ...] = ()
    by_who: tuple[tuple[str, str, int], ...] = ()
    queries: tuple[Query, ...] = ()

    def outcome(self, outcome: Outcome, *, need: str | None = None, month: str = "") -> int | None:
        """How often, over the geography; for one need and one month where given."""
        return _sum(
            count
            for in_month, for_need, name, count in self.by_month
            if name == outcome and need in (None, for_need) and month in ("", in_month)
        )

    def asked(self, *, need: str | None = None, month: str = "") -> int | None:
        """Questions answered, with a service or with none on record."""
        return _sum(
            count
            for outcome in (Outcome.SHOWN, Outcome.NONE)
            if (count := self.outcome(outcome, need=need, month=month)) is not None
        )

    def in_areas(self, outcomes: Sequence[str]) -> dict[str, int]:
        """By state for the nation, by municipality for a state; only areas with a figure."""
        found: dict[str, int] = {}
        for area, name, count in self.by_area:
            if name in outcomes:
                found[area] = found.get(area, 0) + count
        return found

    def who(self, who: str, *, need: str | None = None) -> int | None:
        """Questions for these people, as far as it was said."""
        return _sum(
            count for for_need, name, count in self.by_who if name == who and need in (None, for_need)
        )

    def key(self, name: str) -> str:
        """The key of one of `queries` by its name."""
        return _key(name, self.state)


async def load(connection: AsyncConnection, first: str, last: str, *, state: str = NATION) -> Figures:
    """What may leave of these months, both included, and the queries that say so."""
    asked = {
        "meses-publicados": ask.months(first, last),
        "pedido-por-mes": ask.asked_by_month(first, last, state),
        "pedido-por-lugar": ask.asked_by_area(first, last, state),
        "pedido-por-persona": ask.asked_by_who(first, last, state),
    }
    rows = {
        name: tuple(tuple(row) for row in await connection.execute(statement))
        for name, statement in asked.items()
    }
    return Figures(
        months=tuple(month for (month,) in rows["meses-publicados"]),
        state=state,
        by_month=rows["pedido-por-mes"],
        by_area=rows["pedido-por-lugar"],
        by_who=rows["pedido-por-persona"],
        queries=tuple(
            queries.of(_key(name, state), [statement], connection.dialect, name=name)
            for name, statement in asked.items()
        ),
    )


def _key(name: str, state: str) -> str:
    """«meses-publicados» is the same everywhere."""
    return f"{name}-{state}" if state and name != "meses-publicados" else name


def _sum(counts: Iterable[int]) -> int | None:
    found = list(counts)
    return sum(found) if found else None
