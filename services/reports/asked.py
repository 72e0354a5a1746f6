"""What was asked, in a knowledge report: month by month, for whom, and how it ended."""

from collections.abc import Sequence

from data.counts import FAMILY, Outcome
from data.needs import Need, Who
from services.exchange.words import NEEDS, WHO
from services.reports import charts
from services.reports.document import SMALL, Block, Cell, Column, Figure, Section, Table, Text
from services.reports.matter import Matter, small
from services.reports.spoken import month_name
from services.reports.suppression import TRAITS
from services.reports.words import common
from services.reports.words import knowledge as say

_GROUPS = (*FAMILY, *TRAITS)


def by_month(matter: Matter) -> Section:
    figures = matter.figures
    by_need = {need: figures.asked(need=need) for need in Need}
    rows: list[tuple[Cell, ...]] = [
        (say.TIME_ALL, *(small(figures.asked(month=m)) for m in figures.months), small(figures.asked()))
    ]
    rows += [
        (NEEDS[need], *(small(figures.asked(need=need, month=m)) for m in figures.months), small(total))
        for need, total in by_need.items()
    ]
    columns = (
        Column(common.COL_NEED, "#need"),
        *(Column(m, f"#reached+m{m.replace('-', '')}+num", 0) for m in figures.months),
        Column(say.TIME_ALL, "#reached+total+num", 0),
    )
    table = Table(
        "meses",
        say.TIME_TABLE,
        columns,
        _told(rows),
        note=say.REST_SMALL,
        folded=len(figures.months) > 6,
        queries=(figures.key("pedido-por-mes"),),
    )
    monthly = [(month_name(m, short=True), figures.asked(month=m)) for m in figures.months]
    needs = sorted(((NEEDS[n], count) for n, count in by_need.items() if count), key=lambda x: (-x[1], x[0]))
    blocks: list[Block] = [
        Figure(
            charts.columns(
                monthly, ident="chart-months", title=say.TIME_CHART, description=_highest(monthly)
            ),
            say.TIME_CHART,
            table.key,
            wide=True,
        ),
        Figure(
            charts.bars(needs, ident="chart-needs", title=say.NEED_CHART, description=_highest(needs)),
            say.NEED_CHART,
            table.key,
            wide=True,
        ),
        table,
    ]
    return Section("tiempo", say.TIME_TITLE, tuple(blocks))


def _highest(items: charts.Items) -> str:
    known = [(label, figure) for label, figure in items if figure]
    if not known:
        return ""
    label, figure = max(known, key=lambda item: item[1])
    return say.CHART_DESCRIPTION.format(label=label, figure=f"{figure:,}")


def by_who(matter: Matter) -> Section:
    figures = matter.figures
    rows: tuple[tuple[Cell, ...], ...] = (
        (say.TIME_ALL, *(small(figures.who(who)) for who in _GROUPS)),
        *((NEEDS[need], *(small(figures.who(who, need=need)) for who in _GROUPS)) for need in Need),
    )
    if all(cell == SMALL for row in rows for cell in row[1:]):
        return Section("personas", say.WHO_TITLE, (Text((say.WHO_NONE,)),))
    columns = (
        Column(common.COL_NEED, "#need"),
        *(Column(WHO[who], f"#reached+{_TAGS[who]}+num", 0) for who in _GROUPS),
    )
    return Section(
        "personas",
        say.WHO_TITLE,
        (
            Table(
                "personas",
                say.WHO_TABLE,
                columns,
                _told(rows),
                note=f"{say.WHO_NOTE} {say.REST_SMALL}",
                queries=(figures.key("pedido-por-persona"),),
            ),
        ),
    )


_TAGS = {
    Who.WOMEN: "f",
    Who.WOMAN_WITH_CHILDREN: "f+withchildren",
    Who.MAN: "m",
    Who.FAMILY_WITH_MAN: "families",
    Who.CHILDREN: "children",
    Who.OLDER: "elderly",
    Who.DISABILITY: "disabled",
    Who.LGBTI: "lgbti",
    Who.INDIGENOUS: "indigenous",
}


def by_end(matter: Matter) -> Section:
    figures = matter.figures
    rows: list[tuple[Cell, ...]] = []
    for need in (None, *Need):
        counts = [figures.outcome(outcome, need=need) for outcome in Outcome]
        asked, none = figures.asked(need=need), figures.outcome(Outcome.NONE, need=need)
        known = counts[0] is not None  # else what was shown is only partly told, and the share would be wrong
        percent = round(none * 100 / asked) if asked and none and known else None
        rows.append((NEEDS[need] if need else say.TIME_ALL, *(small(count) for count in counts), percent))
    columns = (
        Column(common.COL_NEED, "#need"),
        *(Column(say.ENDS[o], f"#reached+{o.replace('_', '')}+num", 0) for o in Outcome),
        Column(say.COL_PERCENT, "#indicator+pct+num", 0),
    )
    return Section(
        "finales",
        say.ENDS_TITLE,
        (
            Table(
                "finales",
                say.ENDS_TABLE,
                columns,
                _told(rows),
                note=f"{say.ENDS_NOTE} {say.REST_SMALL}",
                queries=(figures.key("pedido-por-mes"),),
            ),
        ),
    )


def _told(rows: Sequence[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """The first row, and those that have a figure: a row of nothing but small ones tells nothing."""
    return tuple(row for i, row in enumerate(rows) if not i or any(isinstance(c, int) for c in row[1:]))
