"""The panel as an application under /panel: every page of every module, each behind the gate."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from bot.panel import (
    accounts,
    audit_page,
    batches_page,
    changes_page,
    consultations_page,
    directory_page,
    editing_page,
    files_page,
    guard,
    home,
    insight_page,
    login,
    lookups,
    own_account,
    reports_page,
    requests_page,
    service_page,
    sources_page,
    verification_page,
)
from bot.panel.desk import Desk
from bot.panel.rendering import STATIC
from bot.panel.visit import ROOT
from data.database import DatabaseAway
from services import maps

MODULES = (
    login,
    own_account,
    home,
    directory_page,
    editing_page,  # before service_page: «nuevo» is no id
    service_page,
    changes_page,
    lookups,
    requests_page,
    consultations_page,
    reports_page,
    verification_page,
    sources_page,
    files_page,  # before batches_page: «exportar» is no id
    batches_page,
    insight_page,
    accounts,
    audit_page,
)
"""Each has PAGES."""


def add_panel(app: web.Application, desk: Desk) -> None:
    """Put the panel under /panel."""
    panel = web.Application()
    for module in MODULES:
        for page in module.PAGES:
            panel.router.add_route(page.method, page.path, guard.guarded(page, desk))
    panel.router.add_get("/static/{name}", _static)
    panel.router.add_route("*", "/{rest:.*}", _missing(desk))
    app.router.add_get(ROOT, _to_root)
    panel.on_shutdown.append(_let_readings_go(desk))
    app.add_subapp(ROOT, panel)


def warmed(desk: Desk, then: Callable[[], None]) -> Callable[[web.Application], AsyncIterator[None]]:
    """Read what the first page would wait for, while others are answered already; `then` is called."""

    async def ready(app: web.Application) -> AsyncIterator[None]:
        del app
        reading = asyncio.create_task(_warm(desk, then))
        yield
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    return ready


async def _warm(desk: Desk, then: Callable[[], None]) -> None:
    with suppress(DatabaseAway):  # the first page reads it then
        async with desk.core.database.read() as connection:
            await desk.shelf.at_newest(connection)
    await asyncio.to_thread(maps.states)
    await asyncio.to_thread(maps.municipalities)
    then()


def _let_readings_go(desk: Desk) -> Callable[[web.Application], Awaitable[None]]:
    async def let_go(app: web.Application) -> None:
        """A list that is being read is read again at its next time."""
        del app
        for reading in list(desk.readings):
            reading.cancel()
        await asyncio.gather(*desk.readings, return_exceptions=True)

    return let_go


def _missing(desk: Desk) -> guard.Answer:
    async def missing(request: web.Request) -> web.StreamResponse:
        return await guard.not_found(desk, request)

    return missing


async def _static(request: web.Request) -> web.StreamResponse:
    """A file of `static`; its address changes with its content, so a browser may keep it."""
    known = {path.name: path for path in STATIC.iterdir() if path.is_file()}
    path = known.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    kept = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return web.FileResponse(path, headers=kept)


async def _to_root(request: web.Request) -> web.StreamResponse:
    del request
    raise web.HTTPFound(f"{ROOT}/")
