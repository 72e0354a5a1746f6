"""The knowledge-management report: what was asked and missing, what there is, what people say."""

from collections.abc import Iterator, Sequence

from data import months
from data.counts import Outcome
from data.needs import Need
from services.exchange.words import NEEDS
from services.reports import asked, asked_where, coverage, queries
from services.reports.document import Cell, Column, Document, Section, Table, Text, tables_of
from services.reports.figures import Figures
from services.reports.matter import Matter
from services.reports.spoken import ReportError, file_name, period_name, shortened, state_name
from services.reports.words import common
from services.reports.words import knowledge as say

MAX_MONTHS = 60

_ASKED = (Outcome.SHOWN, Outcome.NONE)


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
        sections = [
            asked.by_month(matter),
            asked_where.by_area(matter),
            asked.by_who(matter),
            asked.by_end(matter),
            *sections,
        ]
    sections.append(queries.appendix(tables_of(sections), matter.queries))
    return Document(
        key=f"conocimiento-{file_name(matter.geography)}-{wanted[0]}-{wanted[-1]}",
        title=say.KNOWLEDGE_TITLE.format(geography=matter.geography),
        subtitle=say.KNOWLEDGE_SUBTITLE.format(period=period_name(wanted[0], wanted[-1])),
        made_on=matter.today,
        summary=tuple(_summary(matter)),
        sections=tuple(sections),
        queries=matter.queries,
    )


def _summary(matter: Matter) -> Iterator[str]:
    figures = matter.figures
    total, none = figures.asked(), figures.outcome(Outcome.NONE)
    if not total:
        yield say.KNOWLEDGE_EMPTY
        return
    yield say.KNOWLEDGE_SUMMARY_ASKED.format(
        asked=f"{total:,}", months=len(figures.months), wanted=len(matter.wanted)
    )
    yield say.KNOWLEDGE_SUMMARY_TOP.format(needs=_top(figures, _ASKED))
    if none:
        yield say.KNOWLEDGE_SUMMARY_UNMET.format(none=f"{none:,}", percent=round(none * 100 / total))
        yield say.KNOWLEDGE_SUMMARY_GAP.format(needs=_top(figures, (Outcome.NONE,)))


def _top(figures: Figures, outcomes: Sequence[Outcome]) -> str:
    counted = [
        (sum(figures.outcome(outcome, need=need) or 0 for outcome in outcomes), NEEDS[need]) for need in Need
    ]
    best = sorted((each for each in counted if each[0]), key=lambda each: (-each[0], each[1]))[:3]
    return ", ".join(f"{name} ({count:,})" for count, name in best)


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
        Column(common.COL_STATE, "#adm1+name"),
        Column(common.COL_COUNT, "#service+num", 0),
        Column(say.MATRIX_WOMEN, "#service+women+num", 0),
        Column(say.MATRIX_VERIFIED, "#service+verified+num", 0),
        Column(say.MATRIX_AGE, "#indicator+age+num", 0),
        *(Column(NEEDS[need], f"#service+{need.replace('_', '')}+num", 0) for need in Need),
    )
    table = Table(
        "directorio",
        say.MATRIX_TABLE,
        columns,
        tuple(rows),
        note=say.MATRIX_NOTE,
        queries=(queries.DIRECTORY,),
    )
    return Section("directorio", say.MATRIX_TITLE, (table,))


def _method(matter: Matter) -> Section:
    lines = tuple(line.replace("{threshold}", str(matter.threshold)) for line in say.METHOD_KNOWLEDGE)
    return Section("metodo", common.METHOD_TITLE, (Text(lines),))
