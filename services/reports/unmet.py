"""What people asked for and did not find, as a section of a comparison."""

from collections.abc import Sequence

from data.counts import Outcome
from data.needs import Need
from services.exchange.words import NEEDS
from services.reports.document import SMALL, Cell, Column, Section, Table, Text
from services.reports.figures import Figures
from services.reports.spoken import period_name
from services.reports.words import common
from services.reports.words import comparison as say

MONTHS = 12
"""So many of the newest published months are told."""


def needed(figures: Figures) -> tuple[str, ...]:
    """The keys of the queries that the section is counted from."""
    return figures.key("meses-publicados"), figures.key("pedido-por-mes")


def none() -> Section:
    """The section before any month was published."""
    return Section("sin-respuesta", say.UNMET_TITLE, (Text((say.UNMET_NONE,)),))


def section(named: Sequence[tuple[str, Figures]]) -> Section:
    """Two states by name, each with its figures of the same months."""
    months = named[0][1].months
    if not months or not any(figures.asked() for _, figures in named):
        return none()
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (NEEDS[need], *(_small(count) for _, figures in named for count in _ends(figures, need)))
        for need in Need
    )
    columns = (
        Column(common.COL_NEED, "#need"),
        *(
            Column(heading.format(state=name), f"#reached+{tag}+s{figures.state}+num", 0)
            for name, figures in named
            for heading, tag in ((say.COL_SHOWN, "shown"), (say.COL_NONE, "none"))
        ),
    )
    listed = tuple(figures.key("pedido-por-mes") for _, figures in named)
    title = say.UNMET_TABLE.format(period=period_name(months[0], months[-1]))
    return Section(
        "sin-respuesta", say.UNMET_TITLE, (Table("preguntas", title, columns, rows, queries=listed),)
    )


def _ends(figures: Figures, need: Need) -> tuple[int | None, int | None]:
    return figures.outcome(Outcome.SHOWN, need=need), figures.outcome(Outcome.NONE, need=need)


def _small(count: int | None) -> Cell:
    return SMALL if count is None else count
