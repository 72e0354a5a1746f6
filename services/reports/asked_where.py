"""Where it was asked, in a knowledge report: a map and a table of states or municipalities."""

from collections.abc import Sequence

from data.counts import NO_PLACE, Outcome
from services import maps
from services.maps import Legend, Shade
from services.reports.document import Cell, Column, Figure, Section, Table, Text
from services.reports.matter import Matter, small
from services.reports.spoken import state_name
from services.reports.words import common
from services.reports.words import knowledge as say

_ASKED = (Outcome.SHOWN, Outcome.NONE)


def by_area(matter: Matter) -> Section:
    figures, gazetteer = matter.figures, matter.directory.gazetteer
    asked, none = figures.in_areas(_ASKED), figures.in_areas((Outcome.NONE,))
    shown = figures.in_areas((Outcome.SHOWN,))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            area,
            _area_name(matter, area),
            asked[area],
            small(none.get(area)),
            round(none[area] * 100 / asked[area]) if area in none and area in shown else None,
        )
        for area in sorted(asked)
    )
    level = "adm2" if figures.state else "adm1"
    columns = (
        Column(common.COL_KEY, f"#{level}+code"),
        Column(common.COL_MUNICIPALITY if figures.state else common.COL_STATE, f"#{level}+name"),
        Column(say.TIME_ALL, "#reached+num", 0),
        Column(say.ENDS[Outcome.NONE], "#reached+none+num", 0),
        Column(say.COL_PERCENT, "#indicator+pct+num", 0),
    )
    title = say.AREA_TABLE_STATE if figures.state else say.AREA_TABLE_NATION
    table = Table(
        "lugares",
        title,
        columns,
        rows,
        note=say.AREA_NOTE,
        folded=len(rows) > 40,
        queries=(figures.key("pedido-por-lugar"),),
    )
    if not rows:
        return Section("lugares", say.AREA_TITLE, (Text((say.AREA_NONE,)),))
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
        legend=Legend(bands, no_data=common.NO_FIGURE),
    )
    drawn = (Figure(svg, caption, table.key, wide=True),) if shades else ()
    return Section("lugares", say.AREA_TITLE, (*drawn, table))


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
