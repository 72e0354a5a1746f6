"""The two states of a comparison, and all that it is made from."""

from dataclasses import dataclass
from datetime import date

from services.directory import Directory
from services.reports.document import Column, Query
from services.reports.facts import StateFacts
from services.reports.spoken import state_name


@dataclass(frozen=True, slots=True)
class Pair:
    """The two states (INEGI keys) and all that their comparison is made from."""

    a: str
    b: str
    directory: Directory
    facts: StateFacts
    today: date
    queries: tuple[Query, ...] = ()

    @property
    def states(self) -> tuple[str, str]:
        """Both keys in the order that was asked for."""
        return self.a, self.b

    def name(self, state: str) -> str:
        """The state as people call it."""
        return state_name(self.directory.gazetteer, state)


def by_state(pair: Pair, tag: str, heading: str, *, digits: int | None = None) -> tuple[Column, ...]:
    """One column for each state; `{state}` in the tag is «s07», in the heading the name."""
    return tuple(
        Column(heading.format(state=pair.name(state)), tag.format(state=f"s{state}", key=state), digits)
        for state in pair.states
    )
