"""Small answers for the script: names of places as they are typed, a phone number as it is dialled."""

from aiohttp import web

from bot.panel.guard import Page
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit
from data.dialing import NotDialableError, as_dialled
from services.exchange.cells import plain

MOST = 12


async def places(visit: Visit) -> Response:
    """Municipalities whose name begins so, or holds it; states and the nation too where `todo` is set."""
    typed, areas = plain(visit.asked("q")[:100]), visit.desk.areas
    state = visit.asked("estado") if visit.asked("estado") in areas.areas.states else ""
    everywhere = bool(visit.asked("todo"))
    if len(typed) < 2:
        return web.json_response([])
    keys = {key for name, found in areas.municipalities.items() if typed in name for key in found}
    names = [
        areas.coverage_name(key) if everywhere or not state else areas.municipality_name(key)
        for key in keys
        if key.startswith(state)
    ]
    if everywhere:
        names += [name for name in ("Todo el país", *areas.areas.states.values()) if typed in plain(name)]
    names.sort(key=lambda name: (not plain(name).startswith(typed), plain(name)))
    return web.json_response(names[:MOST])


async def phone(visit: Visit) -> Response:
    """The number as people dial it, or what is wrong with it."""
    try:
        number = as_dialled(visit.asked("n")[:40], short=visit.desk.rules.short_numbers)
    except NotDialableError as told:
        said = str(told)
        return web.json_response({"problem": f"{said[:1].upper()}{said[1:]}."})
    return web.json_response({"number": number})


PAGES = (
    Page("GET", "/lugares", Permission.READ, places),
    Page("GET", "/telefono", Permission.EDIT, phone),
)
