"""What the web chat's page asks for besides messages: places to choose, a map, and what was understood."""

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot import understanding
from bot.chat import reading
from bot.core import Core
from bot.messages import Inbound
from bot.state import State
from services import maps
from services.gazetteer import Area
from services.maps import Legend, Shade

MAX_TEXT = 1000
AT_ONCE = 2
"""Texts read for learners at the same moment: people who need help come first."""

CORE = web.AppKey("chat core", Core)
GATE = web.AppKey("chat gate", asyncio.Semaphore)
_KEPT = {"Cache-Control": "public, max-age=86400"}


def add_routes(app: web.Application, core: Core) -> None:
    """Open them beside the page."""
    app[CORE] = core
    app[GATE] = asyncio.Semaphore(AT_ONCE)
    app.router.add_get("/chat/places", places)
    app.router.add_get("/chat/map", drawn)


async def places(request: web.Request) -> web.Response:
    """The states, or with `state` its municipalities, each with the point of its seat."""
    core = request.app[CORE]
    state = request.query.get("state", "")
    if not state:
        found = [
            {"key": key, "name": a.place.state} for key, a in core.gazetteer.areas.items() if len(key) == 2
        ]
        return web.json_response({"places": found}, headers=_KEPT)
    if core.gazetteer.place(state) is None or len(state) != 2:
        raise web.HTTPNotFound
    here = [a for key, a in core.gazetteer.areas.items() if key[:2] == state and a.latitude is not None]
    listed = [
        {"key": a.place.key, "name": a.place.municipality, "lat": a.latitude, "lon": a.longitude}
        for a in here
    ]
    return web.json_response({"places": sorted(listed, key=_name)}, headers=_KEPT)


async def drawn(request: web.Request) -> web.Response:
    """The states to tap, or with `state` its municipalities. Each links to «#» and its key."""
    core = request.app[CORE]
    state = request.query.get("state", "")
    if state and (core.gazetteer.place(state) is None or len(state) != 2):
        raise web.HTTPNotFound
    svg = await asyncio.to_thread(_map, core, state)
    return web.Response(text=svg, content_type="image/svg+xml", headers=_KEPT)


async def understood(request: web.Request, text: str) -> web.Response:
    """How a text is read by itself. Nothing of it is kept."""
    core = request.app[CORE]
    try:
        async with core.database.read() as connection:
            directory = await core.directory(connection)
    except (SQLAlchemyError, OSError):
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from None
    async with request.app[GATE]:
        meaning = await understanding.understand(
            core.nlu, Inbound(text=text[:MAX_TEXT]), state=State(), directory=directory, reading=core.reading
        )
    lines = [{"title": title, "said": said} for title, said in reading.in_words(meaning)]
    return web.json_response({"lines": lines}, headers={"Cache-Control": "no-store"})


def _map(core: Core, state: str) -> str:
    outlines = maps.municipalities().within(state) if state else maps.states()
    shades = {}
    for key in outlines.rings:
        place = core.gazetteer.place(key)
        if place:
            shades[key] = Shade(place.municipality or place.state, 1, f"#{key}")
    where = core.gazetteer.place(state)
    return maps.draw(
        outlines,
        shades,
        ident="where",
        title=f"Municipios de {where.state}" if where else "Estados de México",
        description="Toque uno para mandarlo como ubicación; la lista dice lo mismo.",
        legend=Legend(()),
    )


def _point(area: Area) -> dict[str, Any]:
    place = area.place
    return {"key": place.key, "name": place.municipality, "lat": area.latitude, "lon": area.longitude}


def _name(place: dict[str, Any]) -> str:
    return str(place["name"]).casefold()
