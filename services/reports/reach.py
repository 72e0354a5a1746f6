"""Sections of a comparison that come from the directory: coverage, distances, open doors, freshness."""

from collections.abc import Mapping, Sequence

from data.needs import Need
from services import maps
from services.exchange.words import NEEDS
from services.maps import Legend, Shade
from services.reports import coverage, distances, queries
from services.reports.distances import Way
from services.reports.document import Block, Cell, Column, Figure, Section, Table, Text
from services.reports.pair import Pair, by_state
from services.reports.words import common
from services.reports.words import comparison as say

MAPPED = (Need.SHELTER, Need.HEALTH, Need.LEGAL, Need.VICTIM_REGISTRY, Need.GBV)
"""The needs that get a map; the tables hold all of them."""

_FAR = (queries.DIRECTORY, queries.TOWNS)

Ways = Mapping[str, Mapping[str, tuple[Way, ...]]]
"""By state and need."""


def covered(pair: Pair) -> Section:
    found = [coverage.by_need(pair.directory, state, today=pair.today) for state in pair.states]
    rows = tuple(
        (
            NEEDS[a.need],
            *(value for row in (a, b) for value in (row.total, row.with_phone, row.with_door, row.for_women)),
            a.nationwide,
        )
        for a, b in zip(*found, strict=True)
    )
    own = [
        Column(heading.format(state=pair.name(state)), f"#service+{tag}+s{state}+num", 0)
        for state in pair.states
        for heading, tag in (
            (say.COL_OWN, "own"),
            (say.COL_PHONE, "phone"),
            (say.COL_DOOR, "door"),
            (say.COL_FOR_WOMEN, "women"),
        )
    ]
    columns = (Column(common.COL_NEED, "#need"), *own, Column(say.COL_NATION, "#service+nation+num", 0))
    table = Table("cobertura", say.COVERAGE_TABLE, columns, rows, queries=(queries.DIRECTORY,))
    return Section("cobertura", say.COVERAGE_TITLE, (Text((say.COVERAGE_TEXT,)), table))


def distant(pair: Pair, ways: Ways) -> Section:
    blocks: list[Block] = [Text((say.DISTANCE_TEXT,)), _spreads(pair, ways)]
    for need in MAPPED:
        blocks += [_map(pair, state, need, ways[state][need]) for state in pair.states]
    blocks += [_municipal(pair, state, ways[state]) for state in pair.states]
    return Section("distancia", say.DISTANCE_TITLE, tuple(blocks))


def _spreads(pair: Pair, ways: Ways) -> Table:
    rows = [
        (NEEDS[need], *(value for state in pair.states for value in _spread(ways[state][need])))
        for need in Need
        if need is not Need.EMERGENCY  # its help comes by telephone
    ]
    women = {
        state: distances.ways(pair.directory, state, Need.GBV, today=pair.today, women=True)
        for state in pair.states
    }
    rows.append((say.DISTANCE_WOMEN, *(value for state in pair.states for value in _spread(women[state]))))
    headings = (
        (say.COL_MEDIAN, "median", 0),
        (say.COL_MEDIAN_WOMEN, "median+f", 0),
        (say.COL_MEAN, "mean", 0),
        (say.COL_NEAR, "near+pct", 0),
        (say.COL_FAR, "far+pct", 0),
        (say.COL_FAR_WOMEN, "far+pct+f", 0),
    )
    columns = [
        Column(heading.format(state=pair.name(state)), f"#indicator+{tag}+s{state}+num", digits)
        for state in pair.states
        for heading, tag, digits in headings
    ]
    note = say.DISTANCE_NOTE.format(near=round(distances.NEAR_KM), far=round(distances.FAR_KM))
    return Table(
        "distancia",
        say.DISTANCE_TABLE,
        (Column(common.COL_NEED, "#need"), *columns),
        tuple(rows),
        note=f"{note} {say.DISTANCE_WOMEN_NOTE}",
        queries=_FAR,
    )


def _spread(found: Sequence[Way]) -> tuple[float | None, ...]:
    everybody = distances.spread(found, distances.people)
    women = distances.spread(found, distances.women_and_girls)
    return (
        _rounded(everybody.median),
        _rounded(women.median),
        _rounded(everybody.mean),
        _percent(everybody.near),
        _percent(everybody.far),
        _percent(women.far),
    )


def _map(pair: Pair, state: str, need: Need, ways: Sequence[Way]) -> Block:
    name, gazetteer = pair.name(state), pair.directory.gazetteer
    if all(way.km is None or way.km > distances.BANDS[-1] for way in ways):
        return Text((say.MAP_NO_DOOR.format(state=name, need=NEEDS[need]),))
    shades = {}
    for way in ways:
        place = gazetteer.areas[way.municipality].place.municipality or ""
        label = say.LABEL_NONE if way.km is None else say.LABEL_KM
        shades[way.municipality] = Shade(
            label.format(place=place, km=round(way.km or 0)), distances.band(way.km)
        )
    title = say.MAP_TITLE.format(state=name, need=NEEDS[need])
    known = [way.km for way in ways if way.km is not None]
    svg = maps.draw(
        maps.municipalities().within(state),
        shades,
        ident=f"map-{state}-{need}".replace("_", "-"),
        title=title,
        description=say.MAP_DESCRIPTION.format(
            state=name,
            count=len(known),
            near=sum(1 for km in known if km <= distances.NEAR_KM),
            far=sum(1 for km in known if km > distances.FAR_KM),
        ),
        legend=Legend(say.BANDS, no_data=common.NO_FIGURE),
    )
    return Figure(svg, title, _ways_key(state))


def _municipal(pair: Pair, state: str, ways: Mapping[str, Sequence[Way]]) -> Table:
    gazetteer = pair.directory.gazetteer
    first = ways[MAPPED[0]]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            way.municipality,
            gazetteer.areas[way.municipality].place.municipality,
            way.people or None,
            way.women or None,
            *(_rounded(ways[need][index].km) for need in MAPPED),
        )
        for index, way in enumerate(first)
    )
    columns = (
        Column(common.COL_KEY, "#adm2+code"),
        Column(common.COL_MUNICIPALITY, "#adm2+name"),
        Column(common.COL_PEOPLE, "#population+num", 0),
        Column(common.COL_WOMEN, "#population+f+num", 0),
        *(Column(f"{NEEDS[need]}, km", f"#indicator+km+{need.replace('_', '')}+num", 0) for need in MAPPED),
    )
    title = say.WAYS_TABLE.format(state=pair.name(state))
    return Table(_ways_key(state), title, columns, rows, note=say.WAYS_NOTE, folded=True, queries=_FAR)


def _ways_key(state: str) -> str:
    return f"municipios_{state}"


def opened(pair: Pair) -> Section:
    records = {state: coverage.records_of(pair.directory, state, today=pair.today) for state in pair.states}
    questions = (
        (say.DOORS_SONS, coverage.with_sons),
        (say.DOORS_PAPERS, coverage.without_papers),
        (say.DOORS_LANGUAGE, coverage.in_an_indigenous_language),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (question, *(n for state in pair.states for n in _counts(count(records[state]))))
        for question, count in questions
    )
    columns = [
        Column(f"{pair.name(state)}: {answer}", f"#service+{tag}+s{state}+num", 0)
        for state in pair.states
        for answer, tag in ((common.YES, "yes"), (common.NO, "no"), (common.UNKNOWN, "unknown"))
    ]
    table = Table(
        "puertas",
        say.DOORS_TABLE,
        (Column(say.COL_QUESTION, "#indicator+name"), *columns),
        rows,
        note=say.DOORS_NOTE,
        queries=(queries.DIRECTORY,),
    )
    spoken = tuple(_languages(pair.name(state), coverage.languages(records[state])) for state in pair.states)
    return Section("puertas", say.DOORS_TITLE, (table, Text(spoken)))


def _counts(doors: coverage.Doors) -> tuple[int, int, int]:
    return doors.yes, doors.no, doors.unknown


def _languages(state: str, languages: Sequence[str]) -> str:
    if not languages:
        return say.DOORS_NO_LANGUAGE.format(state=state)
    return say.DOORS_LANGUAGES.format(state=state, languages=", ".join(languages))


def fresh(pair: Pair) -> Section:
    found = [
        coverage.freshness(coverage.records_of(pair.directory, state, today=pair.today), today=pair.today)
        for state in pair.states
    ]
    figures = [(f.total, f.verified, f.well_sourced, f.to_verify, f.no_phone, f.median_months) for f in found]
    rows: tuple[tuple[Cell, ...], ...] = tuple(zip(say.FRESH_ROWS, *figures, strict=True))
    years = [dict(f.by_year) for f in found]
    by_year: tuple[tuple[Cell, ...], ...] = tuple(
        (year, *(counted.get(year, 0) for counted in years)) for year in sorted({*years[0], *years[1]})
    )
    columns = by_state(pair, "#service+s{key}+num", "{state}", digits=0)
    return Section(
        "frescura",
        say.FRESH_TITLE,
        (
            Table(
                "frescura",
                say.FRESH_TABLE,
                (Column(say.COL_FACT, "#indicator+name"), *columns),
                rows,
                queries=(queries.DIRECTORY,),
            ),
            Table(
                "anios",
                say.YEARS_TABLE,
                (Column(say.COL_YEAR, "#indicator+year"), *columns),
                by_year,
                queries=(queries.DIRECTORY,),
            ),
        ),
    )


def _rounded(km: float | None) -> float | None:
    """Whole kilometres: the way between two seats is no better known."""
    return None if km is None else round(km)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100)
