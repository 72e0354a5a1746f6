"""Two states compared, as a document: law, route, coverage, distances, doors, freshness, practices."""

from collections.abc import Iterator

from data.needs import Need
from services.exchange.words import NEEDS
from services.reports import coverage, distances, queries, reach
from services.reports.document import Checks, Column, Document, Section, Table, Text, tables_of
from services.reports.facts import Aspect, Fact, Seen
from services.reports.pair import Pair, by_state
from services.reports.reach import MAPPED, Ways
from services.reports.spoken import ReportError
from services.reports.words import common
from services.reports.words import comparison as say
from services.routes import Step

_LEGAL = tuple(aspect for aspect in Aspect if aspect not in (Aspect.OFFICIAL_FIGURE, Aspect.OTHER_FIGURE))
_REPLICABLE = (
    Aspect.REGULATION, Aspect.BODY, Aspect.REGISTRY, Aspect.FUND, Aspect.PROGRAMME, Aspect.OFFENCE,
    Aspect.WOMEN, Aspect.INTAKE, Aspect.OFFICIAL_FIGURE,
)  # fmt: skip


def compare(pair: Pair, *, unmet: Section) -> Document:
    """The document. `unmet` is what people asked for, from published counts. Raises ReportError."""
    if pair.a == pair.b:
        raise ReportError(say.SAME_STATE)
    ways = {state: distances.all_ways(pair.directory, state, today=pair.today) for state in pair.states}
    a, b = pair.name(pair.a), pair.name(pair.b)
    sections = (
        _law(pair),
        _route(pair),
        reach.covered(pair),
        reach.distant(pair, ways),
        reach.opened(pair),
        reach.fresh(pair),
        unmet,
        _practices(pair),
        Section("metodo", common.METHOD_TITLE, (Text(say.METHOD_COMPARE),)),
    )
    listed = (*pair.queries, *queries.files(queries.TOWNS, queries.FACTS, queries.ROUTE))
    return Document(
        key=f"comparacion-{pair.a}-{pair.b}",
        title=say.COMPARE_TITLE.format(a=a, b=b),
        subtitle=say.COMPARE_SUBTITLE,
        made_on=pair.today,
        summary=tuple(_summary(pair, ways)),
        sections=(*sections, queries.appendix(tables_of(sections), listed)),
        queries=listed,
    )


def _summary(pair: Pair, ways: Ways) -> Iterator[str]:
    a, b = pair.states
    for state in pair.states:
        instrument = _said(pair.facts.of(state, Aspect.INSTRUMENT))
        body = _said(pair.facts.of(state, Aspect.BODY))
        yield say.COMPARE_SUMMARY_LAW.format(
            state=pair.name(state), instrument=_sentence(instrument), body=_sentence(body)
        )
    seen = {s: sum(1 for x in _LEGAL if pair.facts.of(s, x).status is Seen.SEEN) for s in pair.states}
    yield say.COMPARE_SUMMARY_ASPECTS.format(
        count=len(_LEGAL), a=pair.name(a), b=pair.name(b), seen_a=seen[a], seen_b=seen[b]
    )
    gaps = {
        s: sum(1 for row in coverage.by_need(pair.directory, s, today=pair.today) if not row.total)
        for s in pair.states
    }
    yield say.COMPARE_SUMMARY_GAPS.format(
        a=pair.name(a), b=pair.name(b), count_a=gaps[a], count_b=gaps[b], all=len(Need)
    )
    for need in MAPPED[:2]:
        medians = [distances.spread(ways[s][need], distances.people).median for s in pair.states]
        if None not in medians:
            yield say.COMPARE_SUMMARY_FAR.format(
                need=f"«{NEEDS[need]}»",
                a=pair.name(a),
                b=pair.name(b),
                far_a=_far(medians[0]),
                far_b=_far(medians[1]),
            )


def _law(pair: Pair) -> Section:
    rows = tuple(
        (say.ASPECTS[aspect], *(_said(pair.facts.of(state, aspect)) for state in pair.states))
        for aspect in Aspect
    )
    table = Table(
        "marco",
        say.LAW_TABLE,
        (Column(say.COL_ASPECT, "#indicator+name"), *by_state(pair, "#description+{state}", "{state}")),
        rows,
        note=say.LAW_NOTE,
        queries=(queries.FACTS,),
    )
    return Section("marco", say.LAW_TITLE, (table, _sources(pair)))


def _sources(pair: Pair) -> Table:
    rows = tuple(
        (
            pair.name(fact.state),
            say.ASPECTS[fact.aspect],
            say.STATUSES[fact.status],
            fact.source or None,
            fact.source_date or None,
            fact.note or None,
        )
        for state in pair.states
        for aspect in Aspect
        for fact in (pair.facts.of(state, aspect),)
    )
    columns = (
        Column(common.COL_STATE, "#adm1+name"),
        Column(say.COL_ASPECT, "#indicator+name"),
        Column(say.COL_STATUS, "#status"),
        Column(say.COL_SOURCE, "#meta+source"),
        Column(say.COL_DATE, "#date+source"),
        Column(say.COL_NOTE, "#description+note"),
    )
    return Table("marco_fuentes", say.SOURCES_TABLE, columns, rows, folded=True, queries=(queries.FACTS,))


def _route(pair: Pair) -> Section:
    routes = [pair.directory.routes.for_person(state).steps for state in pair.states]
    rows: list[tuple[str | None, ...]] = []
    different = 0
    for one, other in zip(*routes, strict=True):
        parts = [part for part in say.ROUTE_PARTS if getattr(one, part) != getattr(other, part)]
        different += bool(parts)
        rows += [_part(one, other, part) for part in parts]
    count = len(routes[0])
    if not rows:
        return Section("ruta", say.ROUTE_TITLE, (Text((say.ROUTE_NONE.format(steps=count),)),))
    text = say.ROUTE_TEXT.format(steps=count, same=count - different, different=different)
    columns = (
        Column(say.COL_STEP, "#activity+name"),
        Column(say.COL_PART, "#description+part"),
        *by_state(pair, "#description+{state}", "{state}"),
    )
    return Section(
        "ruta",
        say.ROUTE_TITLE,
        (Text((text,)), Table("ruta", say.ROUTE_TABLE, columns, tuple(rows), queries=(queries.ROUTE,))),
    )


def _part(one: Step, other: Step, part: str) -> tuple[str | None, ...]:
    title = f"{one.number}. {one.title}"
    return title, say.ROUTE_PARTS[part], getattr(one, part) or None, getattr(other, part) or None


def _practices(pair: Pair) -> Section:
    items = tuple(
        say.PRACTICE.format(
            aspect=say.ASPECTS[aspect],
            there=pair.name(there),
            here=pair.name(here),
            value=pair.facts.of(there, aspect).value,
            other=_said(pair.facts.of(here, aspect)).rstrip("."),
        )
        for aspect in _REPLICABLE
        for there, here in (pair.states, pair.states[::-1])
        if pair.facts.of(there, aspect).status is Seen.SEEN
        and pair.facts.of(here, aspect).status is not Seen.SEEN
    )
    blocks = (Text((say.PRACTICES_TEXT,)), Checks(items)) if items else (Text((say.PRACTICES_NONE,)),)
    return Section("practicas", say.PRACTICES_TITLE, blocks)


def _said(fact: Fact) -> str:
    if fact.status is Seen.NOT_SEEN:
        return say.NOT_SEEN_NOTE.format(note=fact.note) if fact.note else say.NOT_SEEN
    return f"{fact.value}. {fact.note}" if fact.note else fact.value


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _far(km: float | None) -> str:
    return say.FAR.format(km=say.KM.format(km=round(km))) if km and round(km) else say.FAR_NOT
