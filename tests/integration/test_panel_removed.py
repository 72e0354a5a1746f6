"""A service that was taken out of the directory: seen, and brought back, by whoever may."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape

import pytest

from bot.panel.roles import Role
from data import history_store
from data.history_store import Author, Via
from data.records import Service
from services import editing, record_rules
from services.editing import Edit
from tests.fixtures.panel import PanelServer
from tests.integration.test_panel_editing import edit, grave_line, plain_office, record

sqlite_only = pytest.mark.usually_on("sqlite")


async def removed(panel: PanelServer, service: Service) -> None:
    """Taken out of the directory by somebody at the command line, or by a list."""
    now = await record(panel, service.id)
    edits = [Edit(service.id, revision=now.revision, remove=True)]
    author = Author("bea", Via.IMPORT, why="ya no existe")
    database, rules = panel.core.database, record_rules.load_rules()
    await editing.publish(database, edits, author=author, rules=rules, now=datetime.now(UTC))


async def newest(panel: PanelServer, service_id: str) -> str:
    async with panel.core.database.read() as connection:
        return str((await history_store.of_service(connection, service_id))[0].id)


async def test_a_removed_record_is_shown_with_its_way_back(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    await removed(panel, office)

    listed = await ana.get("/directorio/quitados")
    page = await ana.get(f"/servicios/{office.id}")
    form = await ana.get(f"/servicios/{office.id}/editar")
    back = await ana.post(f"/servicios/{office.id}/deshacer", {"change": page.hidden("change")})
    twice = await ana.post(f"/servicios/{office.id}/deshacer", {"change": page.hidden("change")})
    after = await ana.get("/directorio/quitados")

    assert f"/servicios/{office.id}" in listed.text
    assert "Devolverlo al directorio" in page.text
    assert escape(office.name) in page.text
    assert "Deshacer:" not in page.text.replace("Deshacer: Todo el registro", "")
    assert form.status == 404
    assert back.location.endswith(f"/servicios/{office.id}?ok=undone")
    assert twice.status == 409
    assert replace(await record(panel, office.id), revision=0) == replace(office, revision=0)
    assert f"/servicios/{office.id}" not in after.text


@sqlite_only
async def test_a_line_for_danger_comes_back_by_two_people(panel: PanelServer) -> None:
    line = await grave_line(panel)
    ana = await panel.caseworker(Role.VERIFYING, "ana@ejemplo.org")
    eva = await panel.caseworker(Role.VERIFYING, "eva@ejemplo.org")
    await removed(panel, line)

    asked = await ana.post(f"/servicios/{line.id}/deshacer", {"change": await newest(panel, line.id)})
    waiting = await ana.get(f"/servicios/{line.id}")
    own = await ana.get("/cambios")
    page = await eva.get("/cambios")
    proposal = re.search(r"/cambios/([0-9a-f]{32})", page.text)
    assert proposal
    done = await eva.post(f"/cambios/{proposal[1]}", {"do": "approve", "revision": ""})

    assert asked.location.endswith("ok=proposed")
    assert "espera a otra persona" in waiting.text
    assert "Retirar mi propuesta" in own.text
    assert done.location.endswith("ok=approved")
    assert replace(await record(panel, line.id), revision=0) == replace(line, revision=0)


@sqlite_only
async def test_a_removed_record_of_another_state_stays_where_it_is(panel: PanelServer) -> None:
    office = await plain_office(panel)
    hidden = await edit(await panel.caseworker(Role.EDITING, "ana@ejemplo.org"), office.id, exposure="never")
    assert hidden.location.endswith("ok=saved")
    away = "01" if not office.location.state.startswith("01") else "02"
    other = await panel.caseworker(Role.EDITING, "otro@ejemplo.org", states=away)
    reader = await panel.caseworker(Role.READING)
    await removed(panel, office)

    by_address = [
        (
            await who.post(f"/servicios/{office.id}/deshacer", {"change": await newest(panel, office.id)})
        ).status
        for who in (other, reader)
    ]
    pages = [(await who.get(f"/servicios/{office.id}")).status for who in (other, reader)]
    lists = [(await who.get("/directorio/quitados")).text for who in (other, reader)]

    assert by_address == [403, 403]
    assert pages == [404, 404]
    assert not any(office.id in text for text in lists)


@sqlite_only
async def test_what_was_added_by_mistake_is_taken_out_but_no_line_for_danger(
    panel: PanelServer,
) -> None:
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    for key, need in (("P0000000001", "food"), ("P0000000002", "gbv")):
        fields = editing.blank(key) | {
            "name": f"Casa {key}", "organization": "Casa A.C.", "needs": [need], "coverage": ["07"],
            "source_date": "2026-11", "confidence": "C",
        }  # fmt: skip
        await editing.publish(
            panel.core.database,
            [Edit(key, fields)],
            author=Author("ana", Via.PANEL, why="nuevo"),
            rules=record_rules.load_rules(),
            now=datetime.now(UTC),
        )

    shown = await ana.get("/servicios/P0000000001")
    out = await ana.post("/servicios/P0000000001/deshacer", {"change": await newest(panel, "P0000000001")})
    grave = await ana.get("/servicios/P0000000002")
    refused = await ana.post(
        "/servicios/P0000000002/deshacer", {"change": await newest(panel, "P0000000002")}
    )
    gone = await ana.get("/servicios/P0000000001")

    assert "Deshacer: Todo el registro" in shown.text
    assert out.location.endswith("ok=undone")
    assert "Devolverlo al directorio" in gone.text
    assert "Deshacer: Todo el registro" not in grave.text
    assert refused.status == 409
    assert "otra persona lo aprueba" in refused.text
