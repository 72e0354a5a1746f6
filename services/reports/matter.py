"""All that a knowledge report is made from."""

from dataclasses import dataclass
from datetime import date

from services.directory import Directory
from services.reports.document import SMALL, Cell, Query, Section
from services.reports.figures import Figures
from services.reports.spoken import state_name
from services.reports.words import knowledge as say


@dataclass(frozen=True, slots=True)
class Matter:
    """All that a report is made from. `observed` is what people said, as a section."""

    figures: Figures
    wanted: tuple[str, ...]
    directory: Directory
    observed: Section
    threshold: int
    today: date
    queries: tuple[Query, ...] = ()

    @property
    def geography(self) -> str:
        """The state as people call it, or the nation."""
        state = self.figures.state
        return state_name(self.directory.gazetteer, state) if state else say.NATION


def small(count: int | None) -> Cell:
    """A figure, or the word for one that is kept back."""
    return SMALL if count is None else count
