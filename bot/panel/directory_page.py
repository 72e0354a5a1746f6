"""The directory: search as you type, filters, a table in pages, and the same on a map."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil
from typing import Any
from urllib.parse import urlencode

from bot.panel import search
from bot.panel.guard import Page
from bot.panel.rendering import ZONE
from bot.panel.roles import Permission, visible
from bot.panel.search import Filters
from bot.panel.shelf import Entry, Shelves
from bot.panel.visit import ROOT, Response, Visit
from data import directory_store
from services import maps
from services.exchange.problems import UnreadableCell
from services.maps import Legend, Shade

PER_PAGE = 25
REPORTS_SINCE = timedelta(days=60)
_BANDS = ((1, "1"), (4, "2 a 4"), (9, "5 a 9"), (24, "10 a 24"), (10**9, "25 o más"))


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, for whoever looks."""

    shelves: Shelves
    filters: Filters
    entries: list[Entry]
    reported: dict[str, int]
    problem: str = ""


async def show(visit: Visit) -> Response:
    """A page of the table. `parte=lista` gives only the table, for the search as you type."""
    found = await look(visit)
    last = max(1, ceil(len(found.entries) / PER_PAGE))
    number = min(_number(visit.asked("pagina")), last)
    rows = found.entries[(number - 1) * PER_PAGE : number * PER_PAGE]
    template = "directory_list.html" if visit.asked("parte") == "lista" else "directory.html"
    return visit.page(
        template,
        rows=[(visible(visit.account, row.record) or row.record, row.record.id) for row in rows],
        total=len(found.entries),
        number=number,
        last=last,
        address=lambda page: f"{ROOT}/directorio?{urlencode(found.filters.query(pagina=str(page)))}",
        **_shown(visit, found),
    )


async def show_map(visit: Visit) -> Response:
    """How many there are in each state, or in each municipality of the chosen state."""
    found = await look(visit)
    state = found.filters.state
    if state:
        counts = search.counts_by_municipality(found.entries, state)
    else:
        counts = search.counts_by_state(found.entries)
    key = ("map", found.filters, *sorted(counts.items()))
    drawn = found.shelves.once(key, lambda: _drawn(visit, found.filters, counts))
    return visit.page("directory_map.html", drawn=drawn, total=len(found.entries), **_shown(visit, found))


async def look(visit: Visit) -> Found:
    """The records that fit the address and that this account may know of."""
    areas = visit.desk.areas
    query = dict(visit.request.query)
    typed, problem = query.get("municipio", "").strip(), ""
    if typed and not typed.isdecimal():
        try:
            query["municipio"] = areas.municipality_key(typed[:200], query.get("estado", "")[:2])
        except UnreadableCell as told:
            problem = f"Municipio: {told}."
    filters = search.asked(query, knows=areas.areas.knows)
    if filters.municipality and not filters.state:
        filters = replace(filters, state=filters.municipality[:2])
    today = visit.now.astimezone(ZONE).date()
    async with visit.desk.core.database.read() as connection:
        shelves = await visit.desk.shelf.at_newest(connection)
        reported = await directory_store.reports(connection, since=today - REPORTS_SINCE)
    found = search.find(shelves.known(visit.account), filters, today=today, reported=reported)
    return Found(shelves, filters, found, reported, problem)


PAGES = (
    Page("GET", "/directorio", Permission.READ, show),
    Page("GET", "/directorio/mapa", Permission.READ, show_map),
)


def _shown(visit: Visit, found: Found) -> dict[str, Any]:
    filters = found.filters
    return {
        "filters": filters,
        "hosts": found.shelves.hosts,
        "reported": found.reported,
        "problem": found.problem,
        "municipality": visit.desk.areas.municipality_name(filters.municipality)
        if filters.municipality
        else visit.asked("municipio")[:200],
        "ages": search.AGES,
        "marks": search.MARKS,
        "list_address": f"{ROOT}/directorio?{urlencode(filters.query())}",
        "map_address": f"{ROOT}/directorio/mapa?{urlencode(filters.query())}",
        "place_of": visit.desk.areas,
    }


def _drawn(visit: Visit, filters: Filters, counts: Mapping[str, int]) -> str:
    """The map, and the same figures with the same links in a table."""
    areas = visit.desk.areas
    if filters.state:
        outlines, names = maps.municipalities().within(filters.state), areas.municipality_name
    else:
        outlines, names = maps.states(), areas.state_name
    shades = {
        key: Shade(f"{names(key)}: {counts.get(key, 0)}", _band(counts.get(key, 0)), _link(filters, key))
        for key in outlines.rings
    }
    drawn = maps.draw(
        outlines,
        shades,
        ident="map",
        title=f"Servicios en {areas.state_name(filters.state) if filters.state else 'México'}",
        description="Las mismas cifras están en la tabla de abajo.",
        legend=Legend([words for _, words in _BANDS], no_data="Ninguno"),
    )
    table = sorted((names(key), count, _link(filters, key)) for key, count in counts.items())
    template = visit.desk.templates.get_template("directory_map_drawn.html")
    return template.render(map=drawn, table=table, state=filters.state)


def _link(filters: Filters, key: str) -> str:
    """From a state to its map; from a municipality to its list."""
    if len(key) == 2:
        return f"{ROOT}/directorio/mapa?{urlencode(replace(filters, state=key).query())}"
    return f"{ROOT}/directorio?{urlencode(replace(filters, municipality=key).query())}"


def _band(count: int) -> int | None:
    if count == 0:
        return None
    return next(index for index, (most, _) in enumerate(_BANDS) if count <= most)


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
