"""The caseworkers' pages over a directory of ten thousand services, in the process that serves them."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

from bench.directory import grown
from bench.figures import Figure, percentile
from bench.subjects import Bench
from bot import app as composition
from bot.panel.roles import Role
from bot.settings import read
from data import directory_store
from data.history_store import Author, Pair, Via
from data.record_json import to_fields
from services.gazetteer import Gazetteer
from tests.fixtures.panel import Answer, Caseworker, PanelServer, panel_of
from tests.fixtures.record_forms import form_of

LIMIT = 100.0
"""Milliseconds within which a page answers."""

SOME_ID = "MX067"
PATHS = {
    "home": "/",
    "directory": "/directorio",
    "search for a word": "/directorio?parte=lista&q=centro",
    "all filters": "/directorio?q=de&necesidad=legal&estado=20&edad=never&confianza=C",
    "map of the country": "/directorio/mapa",
    "map of Oaxaca": "/directorio/mapa?estado=20",
    "removed services": "/directorio/quitados",
    "service": f"/servicios/{SOME_ID}",
    "edit form": f"/servicios/{SOME_ID}/editar",
    "changes to approve": "/cambios",
    "verification round": "/verificar",
    "requests": "/solicitudes",
    "files": "/archivos",
    "sources": "/fuentes",
    "not found": "/sin-encontrar",
}


async def measure(bench: Bench) -> list[Figure]:
    """Each page asked one after another by one browser; then a change, and the first page after it."""
    size, times = bench.pick(quick=2000, full=10_000), bench.pick(quick=10, full=60)
    rounds = bench.pick(quick=1, full=3)
    settings = read(data_dir=bench.folder / "panel")
    async with composition.open_core(settings) as core, panel_of(core, settings) as panel:
        bench.say(f"publishing {size:,} services")
        await _grow(panel, size)
        who = await panel.caseworker(Role.ADMINISTRATION)
        first = [await _milliseconds(lambda: who.get("/directorio"))]
        figures = [Figure("first page of the process", tuple(first), "ms", note=f"{size:,} services")]
        for name, path in PATHS.items():
            bench.say(name)
            runs = [await _page(who, path, times) for _ in range(rounds)]
            figures.append(_figure(name, runs, 50))
            figures.append(_figure(name, runs, 95, LIMIT))
        changes = [await _change(who, times // 5) for _ in range(rounds)]
        figures.append(_figure("a change saved", [saved for saved, _ in changes], 95))
        figures.append(_figure("the first page after a change", [after for _, after in changes], 95, LIMIT))
        return figures


async def _grow(panel: PanelServer, size: int) -> None:
    core = panel.core
    async with core.database.read() as connection:
        seed = await directory_store.load(connection)
    made = [each for each in grown(seed, size, Gazetteer.load()) if each.id.startswith("G")]
    pairs = [Pair(each.id, None, to_fields(replace(each, revision=0))) for each in made]
    async with core.database.write() as connection:
        author = Author("bench", Via.IMPORT)
        await directory_store.publish(connection, pairs, author=author, now=datetime.now(UTC))


async def _page(who: Caseworker, path: str, times: int) -> list[float]:
    return [await _milliseconds(lambda: who.get(path)) for _ in range(times)]


async def _change(who: Caseworker, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds of saving, and of the page that comes next."""
    saving, after = [], []
    path = f"/servicios/{SOME_ID}/editar"
    for number in range(times):
        page = await who.get(path)
        form = form_of(page.text, fees=f"gratis {time.time()} {number}", why="bench", do="save")
        saving.append(await _milliseconds(lambda form=form: who.post(path, form)))  # type: ignore[misc]
        after.append(await _milliseconds(lambda: who.get("/directorio?q=gratis")))
    return saving, after


async def _milliseconds(ask: Callable[[], Awaitable[Answer]]) -> float:
    began = time.perf_counter()
    answer = await ask()
    if answer.status not in (200, 303):
        raise RuntimeError(f"a page answered {answer.status}")
    return (time.perf_counter() - began) * 1000


def _figure(name: str, runs: list[list[float]], percent: int, limit: float | None = None) -> Figure:
    return Figure(f"{name}, p{percent}", tuple(percentile(run, percent) for run in runs), "ms", limit)
