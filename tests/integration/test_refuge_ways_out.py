"""Where a refuge is, put in by every way in, leaves by no way out of a running Faro and is kept nowhere."""

import csv
import html
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from bot import hsds_api, logs, metrics_page
from bot.core import Core
from bot.panel.roles import Role
from bot.standing import look
from data import directory_store, source_store
from data.history_store import Author, Via
from data.record_json import phone_fields
from data.records import Kind, Phone
from data.tables import change_batch, metadata, refresh_run, upload
from services import editing, held, record_rules
from services.editing import CannotUndo, Edit, Refused
from services.exchange import area_names
from services.refresh import Desk
from tests.fixtures import lists
from tests.fixtures.lists import ListServer, Published
from tests.fixtures.panel import Caseworker, PanelServer
from tests.fixtures.record_forms import form_of
from tests.fixtures.ways_out import answers
from tests.integration.test_panel_files import send
from tests.unit.test_refuge_leaks import BASE, NAMES, PLACES, SECRET, TEXTS

pytestmark = [pytest.mark.usually_on("sqlite"), pytest.mark.usefixtures("listed", "patient")]
server, listed, patient = lists.server, lists.listed, lists.patient
TOLD = re.compile(SECRET.casefold().replace(" ", r"(\s|%20|\+)*"))
"""What must be nowhere: the invented place, however it is written."""
QUIET = 80
"""Refuges of the list that say nothing: enough that it is not wholly refused."""
STREET = f"Calle {SECRET} 12"
PAGES = (
    "/", "/directorio", "/directorio?q=refugio", "/directorio?q=REF-", "/directorio/mapa", "/servicios/R1",
    "/servicios/R1/editar", "/servicios/O1", "/servicios/O1/editar", "/archivos", "/cambios", "/bitacora",
    "/verificar", "/sin-encontrar", "/fuentes", "/fuentes/lista", "/informes",
)  # fmt: skip
CLEAN = {
    "kind": "refuge", "name": "Refugio inventado", "organization": "No se publica", "description": "",
    "needs": ["gbv"], "coverage": ["07"], "state": "07", "exposure": "staff", "staff_note": "",
}  # fmt: skip


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """Everything that Faro logs, at its most talkative, as the operator would read it."""
    root, out = logging.getLogger(), io.StringIO()
    before = root.level, root.handlers[:], {name: logging.getLogger(name).level for name in logs._QUIET}
    logs.log_to_stderr("DEBUG")
    (kept,) = root.handlers
    assert isinstance(kept, logging.StreamHandler)
    kept.setStream(out)
    yield out
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def desk(panel: PanelServer) -> Desk:
    rules = record_rules.load_rules()
    return Desk(panel.core.database, rules, area_names.load(rules.areas))


def hostile(*extra: dict[str, str]) -> bytes:
    """A list of refuges that say where they are, in every way and every text, and of some that do not."""
    told = [
        {"name": "Refugio inventado", "kind": "refuge", name: f"El refugio: {place}"}
        for name in ("address", "locality", *TEXTS)
        for place in PLACES
    ]
    told += [{"name": f"Refugio de {place}", "kind": "refuge"} for place in PLACES]
    told += [{"name": "Casa segura inventada", "kind": "office", "address": place} for place in PLACES]
    told += [{"name": "Refugio que calla", "kind": "refuge"}] * QUIET
    out = io.StringIO()
    writer = csv.DictWriter(out, NAMES, restval="")
    writer.writeheader()
    for number, row in enumerate(told):
        writer.writerow({**BASE, "id": f"REF-{number}", **row})
    for row in extra:
        writer.writerow(row)
    return out.getvalue().encode()


async def everything_kept(panel: PanelServer) -> str:
    """Every value of every table, also what is sealed."""
    async with panel.core.database.read() as connection:
        rows = [repr((await connection.execute(t.select())).all()) for t in metadata.sorted_tables]
        sealed = (await connection.execute(select(upload.c.payload))).scalars().all()
    return "\n".join([*rows, *(panel.core.keys.open(each) for each in sealed)])


async def every_page(panel: PanelServer, who: Caseworker) -> dict[str, str]:
    async with panel.core.database.read() as connection:
        batches = (await connection.execute(select(change_batch.c.id))).scalars().all()
        runs = (await connection.execute(select(refresh_run.c.id))).scalars().all()
        uploads = (await connection.execute(select(upload.c.id))).scalars().all()
    paths = [*PAGES, *(f"/archivos/{number}" for number in batches)]
    paths += [f"/fuentes/lista/lecturas/{number}" for number in runs]
    paths += [f"/archivos/subido/{each}" for each in uploads]
    return {path: html.unescape((await who.get(path)).text) for path in paths}


async def every_file(panel: PanelServer, who: Caseworker) -> dict[str, str]:
    found = {}
    for kind in ("csv", "xlsx", "json", "hxl"):
        for audience in ("public", "women", "staff"):
            path = f"/archivos/exportar?formato={kind}&para={audience}"
            async with who.http.get(f"{who.url}{path}") as response:
                assert response.status == 200, path
                data = await response.read()
            found[path] = _unzipped(data) if kind == "xlsx" else data.decode()
    return found


def _unzipped(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


async def the_api(core: Core) -> str:
    app = web.Application()
    hsds_api.add_routes(app, core)
    told = []
    async with TestServer(app) as served, aiohttp.ClientSession() as http:
        for path in (
            "services?full=true",
            "organizations?full_service=true",
            "service_at_locations?full=true",
        ):
            async with http.get(served.make_url(f"/api/hsds/{path}&per_page=500")) as response:
                assert response.status == 200
                told.append(json.dumps(await response.json(), ensure_ascii=False))
    return "\n".join(told)


async def every_way_out(panel: PanelServer, who: Caseworker) -> dict[str, str]:
    core, now = panel.core, datetime.now(UTC)
    async with core.database.read() as connection:
        services = await directory_store.load(connection)
    mine = [each for each in services if each.id in ("R1", "O1") or each.id.startswith("REF-")]
    return {
        **await every_page(panel, who),
        **await every_file(panel, who),
        "api": await the_api(core),
        "answers": answers(mine),
        "metrics": metrics_page.render(await look(core, now), budget=0).decode(),
        "database": await everything_kept(panel),
    }


def nowhere(ways: dict[str, str], told: io.StringIO) -> None:
    assert "INFO bot.core: directory loaded" in told.getvalue()
    for name, text in {**ways, "log": told.getvalue()}.items():
        assert not TOLD.search(text.casefold()), name


async def test_what_is_refused_of_a_refuge_is_shown_kept_and_logged_nowhere(
    panel: PanelServer, server: ListServer, told: io.StringIO
) -> None:
    eva = await panel.caseworker(Role.ADMINISTRATION, "eva@ejemplo.org")
    await editing.publish(
        panel.core.database, [Edit("R1", CLEAN)], author=Author("eva", Via.PANEL),
        rules=record_rules.load_rules(), now=datetime.now(UTC),
    )  # fmt: skip
    server.at["/lista"] = Published(hostile())

    await eva.get("/fuentes/lista")
    await eva.post("/fuentes/lista/leer")
    uploaded = await send(eva, hostile(), "refugios.csv")
    shown = {"upload": (await eva.get(uploaded.location)).text}
    form = (await eva.get("/servicios/R1/editar")).text
    for place in PLACES:
        texts = dict.fromkeys(("description", "eligibility", "fees", "staff_note"), f"El refugio: {place}")
        for do in ("preview", "save"):
            fields = form_of(form, **texts, why=f"está en {place}", address=place, do=do)
            shown[f"{do} {place}"] = (await eva.post("/servicios/R1/editar", fields)).text
    new = (await eva.get("/servicios/nuevo")).text
    fields = form_of(
        new, name="Refugio inventado", kind="refuge", address=STREET, description=STREET, do="save"
    )
    shown["new"] = (await eva.post("/servicios/nuevo", fields)).text
    ways = await every_way_out(panel, eva)

    async with panel.core.database.read() as connection:
        (run,) = await source_store.runs(connection, source="lista")
    assert run.counts.rows == len(hostile().splitlines()) - 1
    assert run.counts.invalid == (1 + len(TEXTS) + 2) * len(PLACES)
    assert run.counts.held == len(PLACES) + QUIET
    assert "REF-" in ways["/fuentes/lista"] or "Refugio que calla" in ways["/fuentes/lista"]
    nowhere({**shown, **ways}, told)


async def test_of_a_record_that_becomes_a_refuge_its_place_is_forgotten_everywhere(
    panel: PanelServer, server: ListServer, desk: Desk, told: io.StringIO
) -> None:
    eva = await panel.caseworker(Role.ADMINISTRATION, "eva@ejemplo.org")
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    now, rules = datetime.now(UTC), desk.rules
    office = {
        **CLEAN, "kind": "office", "name": f"Casa {SECRET}", "address": STREET, "municipality": "07089",
        "latitude": 14.9, "longitude": -92.26, "exposure": "public", "description": f"Está en {STREET}",
        "phones": [phone_fields(Phone("961 615 5178", description=SECRET))],
    }  # fmt: skip
    author = Author("ana", Via.PANEL, why=f"vive en {STREET}", source=f"lista de {SECRET}")
    for revision, fields in ((None, office), (0, {"address": f"{STREET} B"}), (1, {"staff_note": STREET})):
        await editing.publish(
            desk.database, [Edit("O1", fields, revision)], author=author, rules=rules, now=now
        )
    row = {**BASE, "id": "O1", "name": f"Casa {SECRET}", "address": f"{STREET} C", "kind": "office"}
    server.at["/lista"] = Published(hostile(row))
    await eva.get("/fuentes/lista")
    await eva.post("/fuentes/lista/leer")
    waiting = [each for each in await held.waiting(desk) if each.service_id == "O1"]
    await held.reject(desk, [each.id for each in waiting], by="eva", now=now, why=f"no es {STREET}")
    server.at["/lista"] = Published(hostile({**row, "address": f"{STREET} D"}))
    await eva.post("/fuentes/lista/leer")
    await send(ana, hostile({**row, "address": f"{STREET} E"}), "oficinas.csv")
    form = form_of((await ana.get("/servicios/O1/editar")).text, staff_note=f"{STREET} F",
                   phones__0__number="961 615 5179", why=f"{STREET} G", do="save")  # fmt: skip
    proposed = await ana.post("/servicios/O1/editar", form)
    before = await everything_kept(panel)
    batch = await _batches(panel)
    told.truncate(0)

    async with desk.database.read() as connection:
        (kept,) = await directory_store.load(connection, ["O1"])
    await editing.publish(
        desk.database, [Edit("O1", CLEAN, kept.revision)],
        author=Author("eva", Via.PANEL), rules=rules, now=now,
    )  # fmt: skip
    for number in batch:
        with pytest.raises((CannotUndo, Refused)) as refused:
            await editing.undo_batch(desk.database, number, by="eva", rules=rules, now=now)
        assert not TOLD.search(str(refused.value).casefold())
    ways = await every_way_out(panel, eva)

    assert proposed.location.endswith("ok=proposed")
    assert all(f"{STREET} {letter}".casefold() in before.casefold() for letter in "BDEFG")
    assert len(batch) == 3
    nowhere(ways, told)
    async with desk.database.read() as connection:
        (refuge,) = await directory_store.load(connection, ["O1"])
    assert refuge.kind is Kind.REFUGE
    assert replace(refuge.location, state="") == type(refuge.location)()


async def _batches(panel: PanelServer) -> list[int]:
    """The batches that the test made of O1."""
    async with panel.core.database.read() as connection:
        query = select(change_batch.c.id).where(change_batch.c.why != "").order_by(change_batch.c.id)
        return [int(number) for number in (await connection.execute(query)).scalars()]
