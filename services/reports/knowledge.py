"""The knowledge-management report: what was asked and missing, what there is, what people say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from data import months
from data.counts import FAMILY, NO_PLACE, Outcome
from data.needs import Need, Who
from services import maps
from services.directory import Directory
from services.exchange.words import NEEDS, WHO
from services.maps import Legend, Shade
from services.reports import charts, coverage
from services.reports import words as say
from services.reports.document import SMALL, Block, Cell, Column, Document, Figure, Section, Table, Text
from services.reports.figures import Figures
from services.reports.spoken import ReportError, file_name, month_name, period_name, shortened, state_name
from services.reports.suppression import TRAITS

MAX_MONTHS = 60

_GROUPS = (*FAMILY, *TRAITS)
_ASKED = (Outcome.SHOWN, Outcome.NONE)


@dataclass(frozen=True, slots=True)
class Matter:
    """All that a report is made from. `observed` is what people said, as a section."""

    figures: Figures
    wanted: tuple[str, ...]
    directory: Directory
    observed: Section
    threshold: int
    today: date

    @property
    def geography(self) -> str:
        """The state as people call it, or the nation."""
        state = self.figures.state
        return state_name(self.directory.gazetteer, state) if state else say.NATION


def period(first: str, last: str) -> tuple[str, ...]:
    """The months of a period. Raises ReportError."""
    for text in (first, last):
        if not months.is_month(text.strip()):
            raise ReportError(say.PERIOD_UNKNOWN.format(text=shortened(text)))
    first, last = first.strip(), last.strip()
    if first > last:
        raise ReportError(say.PERIOD_INVERTED.format(first=first, last=last))
    found = tuple(months.between(first, last))
    if len(found) > MAX_MONTHS:
        raise ReportError(say.PERIOD_LONG.format(most=MAX_MONTHS))
    return found


def report(matter: Matter) -> Document:
    """The document; with nothing published, the directory's part and an honest sentence."""
    wanted = matter.wanted
    sections = [_matrix(matter), matter.observed, _method(matter)]
    if matter.figures.months:
        sections = [_time(matter), _areas(matter), _people(matter), _ends(matter), *sections]
    return Document(
        key=f"conocimiento-{file_name(matter.geography)}-{wanted[0]}-{wanted[-1]}",
        title=say.KNOWLEDGE_TITLE.format(geography=matter.geography),
        subtitle=say.KNOWLEDGE_SUBTITLE.format(period=period_name(wanted[0], wanted[-1])),
        made_on=matter.today,
        summary=tuple(_summary(matter)),
        sections=tuple(sections),
    )


def _summary(matter: Matter) -> Iterator[str]:
    figures = matter.figures
    asked, none = figures.asked(), figures.outcome(Outcome.NONE)
    if not asked:
        yield say.KNOWLEDGE_EMPTY
        return
    yield say.KNOWLEDGE_SUMMARY_ASKED.format(
        asked=f"{asked:,}", months=len(figures.months), wanted=len(matter.wanted)
    )
    yield say.KNOWLEDGE_SUMMARY_TOP.format(needs=_top(figures, _ASKED))
    if none:
        yield say.KNOWLEDGE_SUMMARY_UNMET.format(none=f"{none:,}", percent=round(none * 100 / asked))
        yield say.KNOWLEDGE_SUMMARY_GAP.format(needs=_top(figures, (Outcome.NONE,)))


def _top(figures: Figures, outcomes: Sequence[Outcome]) -> str:
    counted = [
        (sum(figures.outcome(outcome, need=need) or 0 for outcome in outcomes), NEEDS[need]) for need in Need
    ]
    best = sorted((each for each in counted if each[0]), key=lambda each: (-each[0], each[1]))[:3]
    return ", ".join(f"{name} ({count:,})" for count, name in best)


def _time(matter: Matter) -> Section:
    figures = matter.figures
    by_need = {need: figures.asked(need=need) for need in Need}
    rows: list[tuple[Cell, ...]] = [
        (say.TIME_ALL, *(_small(figures.asked(month=m)) for m in figures.months), _small(figures.asked()))
    ]
    rows += [
        (NEEDS[need], *(_small(figures.asked(need=need, month=m)) for m in figures.months), _small(total))
        for need, total in by_need.items()
    ]
    columns = (
        Column(say.COL_NEED, "#need"),
        *(Column(m, f"#reached+m{m.replace('-', '')}+num", 0) for m in figures.months),
        Column(say.TIME_ALL, "#reached+total+num", 0),
    )
    table = Table(
        "meses", say.TIME_TABLE, columns, _told(rows), note=say.REST_SMALL, folded=len(figures.months) > 6
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


def _areas(matter: Matter) -> Section:
    figures, gazetteer = matter.figures, matter.directory.gazetteer
    asked, none = figures.by_area(_ASKED), figures.by_area((Outcome.NONE,))
    shown = figures.by_area((Outcome.SHOWN,))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            area,
            _area_name(matter, area),
            asked[area],
            _small(none.get(area)),
            round(none[area] * 100 / asked[area]) if area in none and area in shown else None,
        )
        for area in sorted(asked)
    )
    level = "adm2" if figures.state else "adm1"
    columns = (
        Column(say.COL_KEY, f"#{level}+code"),
        Column(say.COL_MUNICIPALITY if figures.state else say.COL_STATE, f"#{level}+name"),
        Column(say.TIME_ALL, "#reached+num", 0),
        Column(say.ENDS[Outcome.NONE], "#reached+none+num", 0),
        Column(say.COL_PERCENT, "#indicator+pct+num", 0),
    )
    title = say.AREA_TABLE_STATE if figures.state else say.AREA_TABLE_NATION
    table = Table("lugares", title, columns, rows, note=say.AREA_NOTE, folded=len(rows) > 40)
    outlines = maps.municipalities().within(figures.state) if figures.state else maps.states()
    bands, limits = _bands([asked[key] for key in asked if key in outlines.rings])
    shades = {
        area: Shade(f"{_area_name(matter, area)}: {count:,}", sum(1 for limit in limits if count > limit))
        for area, count in asked.items()
        if gazetteer.place(area)
    }
    caption = say.AREA_MAP.format(geography=matter.geography)
    svg = maps.draw(
        outlines,
        shades,
        ident="map-asked",
        title=caption,
        description=say.AREA_DESCRIPTION.format(count=len(shades)),
        legend=Legend(bands, no_data=say.NO_FIGURE),
    )
    return Section("lugares", say.AREA_TITLE, (Figure(svg, caption, table.key, wide=True), table))


def _bands(counts: Sequence[int]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Up to four steps, each about a quarter of the places; the words and the upper limits."""
    ordered = sorted(counts)
    if not ordered:
        return (), ()
    limits = tuple(sorted({ordered[len(ordered) * quarter // 4] for quarter in (1, 2, 3)} - {ordered[-1]}))
    words = [say.AREA_LEGEND.format(most=f"{limit:,}") for limit in (*limits, ordered[-1])]
    return tuple(words), limits


def _area_name(matter: Matter, area: str) -> str:
    if area == NO_PLACE:
        return say.AREA_UNSAID
    place = matter.directory.gazetteer.place(area)
    if place and place.municipality:
        return place.municipality
    return state_name(matter.directory.gazetteer, area)


def _people(matter: Matter) -> Section:
    figures = matter.figures
    rows: tuple[tuple[Cell, ...], ...] = (
        (say.TIME_ALL, *(_small(figures.who(who)) for who in _GROUPS)),
        *((NEEDS[need], *(_small(figures.who(who, need=need)) for who in _GROUPS)) for need in Need),
    )
    columns = (
        Column(say.COL_NEED, "#need"),
        *(Column(WHO[who], f"#reached+{_TAGS[who]}+num", 0) for who in _GROUPS),
    )
    return Section(
        "personas",
        say.WHO_TITLE,
        (Table("personas", say.WHO_TABLE, columns, _told(rows), note=f"{say.WHO_NOTE} {say.REST_SMALL}"),),
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


def _ends(matter: Matter) -> Section:
    figures = matter.figures
    rows: list[tuple[Cell, ...]] = []
    for need in (None, *Need):
        counts = [figures.outcome(outcome, need=need) for outcome in Outcome]
        asked, none = figures.asked(need=need), figures.outcome(Outcome.NONE, need=need)
        known = counts[0] is not None  # else what was shown is only partly told, and the share would be wrong
        percent = round(none * 100 / asked) if asked and none and known else None
        rows.append((NEEDS[need] if need else say.TIME_ALL, *(_small(count) for count in counts), percent))
    columns = (
        Column(say.COL_NEED, "#need"),
        *(Column(say.ENDS[o], f"#reached+{o.replace('_', '')}+num", 0) for o in Outcome),
        Column(say.COL_PERCENT, "#indicator+pct+num", 0),
    )
    return Section(
        "finales",
        say.ENDS_TITLE,
        (Table("finales", say.ENDS_TABLE, columns, _told(rows), note=f"{say.ENDS_NOTE} {say.REST_SMALL}"),),
    )


def _matrix(matter: Matter) -> Section:
    gazetteer = matter.directory.gazetteer
    keys = sorted(key for key in gazetteer.areas if len(key) == 2)
    states = [matter.figures.state] if matter.figures.state else keys
    rows: list[tuple[Cell, ...]] = []
    for state in states:
        counts = {
            row.need: row.total for row in coverage.by_need(matter.directory, state, today=matter.today)
        }
        records = coverage.records_of(matter.directory, state, today=matter.today)
        fresh = coverage.freshness(records, today=matter.today)
        women = sum(1 for record in records if record.compatibility.women_only)
        age = round(fresh.median_months) if fresh.median_months is not None else None
        rows.append(
            (
                state_name(gazetteer, state),
                fresh.total,
                women,
                fresh.verified,
                age,
                *(counts[need] for need in Need),
            )
        )
    columns = (
        Column(say.COL_STATE, "#adm1+name"),
        Column(say.COL_COUNT, "#service+num", 0),
        Column(say.MATRIX_WOMEN, "#service+women+num", 0),
        Column(say.MATRIX_VERIFIED, "#service+verified+num", 0),
        Column(say.MATRIX_AGE, "#indicator+age+num", 0),
        *(Column(NEEDS[need], f"#service+{need.replace('_', '')}+num", 0) for need in Need),
    )
    table = Table("directorio", say.MATRIX_TABLE, columns, tuple(rows), note=say.MATRIX_NOTE)
    return Section("directorio", say.MATRIX_TITLE, (table,))


def _method(matter: Matter) -> Section:
    lines = tuple(line.replace("{threshold}", str(matter.threshold)) for line in say.METHOD_KNOWLEDGE)
    return Section("metodo", say.METHOD_TITLE, (Text(lines),))


def _small(count: int | None) -> Cell:
    return SMALL if count is None else count


def _told(rows: Sequence[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """The first row, and those that have a figure: a row of nothing but small ones tells nothing."""
    return tuple(row for i, row in enumerate(rows) if not i or any(isinstance(c, int) for c in row[1:]))
