"""Published lists in the panel: where they stand, read now, and what waits for a decision."""

import re

import pytest

from bot.panel.roles import Role
from data.records import Service
from tests.fixtures import lists
from tests.fixtures.lists import ListServer, Published
from tests.fixtures.panel import Caseworker, PanelServer
from tests.integration.test_panel_editing import XSS, grave_line, record

pytestmark = [pytest.mark.usually_on("sqlite"), pytest.mark.usefixtures("listed", "patient")]
server, listed, patient = lists.server, lists.listed, lists.patient
NUMBER = "961 615 5178"


async def held_line(panel: PanelServer, server: ListServer) -> tuple[Caseworker, Service, str]:
    """A list that gives another number for a line of violence: read, and waiting."""
    line = await grave_line(panel)
    server.at["/lista"] = Published(f"id,name,phones\n{line.id},{line.name},{NUMBER}\n".encode())
    eva = await panel.caseworker(Role.VERIFYING, "eva@ejemplo.org")
    await eva.get("/fuentes/lista")
    answer = await eva.post("/fuentes/lista/leer")
    assert answer.location.endswith("ok=source_read"), answer.text
    page = await eva.get("/fuentes/lista")
    return eva, line, page.text


async def test_a_list_is_read_now_and_what_is_delicate_waits_side_by_side(
    panel: PanelServer, server: ListServer
) -> None:
    _, line, page = await held_line(panel, server)

    assert NUMBER in page
    assert line.phones[0].number in page
    assert "Cambia el teléfono de un servicio de emergencia" in page
    assert (await record(panel, line.id)).phones == line.phones


async def test_a_difference_is_approved_once_and_is_then_in_the_directory(
    panel: PanelServer, server: ListServer
) -> None:
    eva, line, page = await held_line(panel, server)
    number = re.findall(r'name="row" value="(\d+)"', page)[0]
    form = {"do": "approve", "row": number, f"revision-{number}": str(line.revision)}

    done = await eva.post("/fuentes/lista/decidir", form)
    again = await eva.post("/fuentes/lista/decidir", form)

    assert done.location.endswith("ok=held_approved")
    assert again.status == 422
    assert (await record(panel, line.id)).phones[0].number == NUMBER


async def test_an_old_screen_approves_nothing(panel: PanelServer, server: ListServer) -> None:
    eva, line, page = await held_line(panel, server)
    number = re.findall(r'name="row" value="(\d+)"', page)[0]

    old = await eva.post("/fuentes/lista/decidir", {"do": "approve_all", f"revision-{number}": "999"})
    forged = await eva.post("/fuentes/lista/decidir", {"do": "approve_all"})

    assert (old.status, forged.status) == (409, 409)
    assert "Vea la diferencia de nuevo" in old.text
    assert (await record(panel, line.id)).phones == line.phones


async def test_what_is_rejected_is_not_proposed_again(panel: PanelServer, server: ListServer) -> None:
    eva, line, _ = await held_line(panel, server)

    nothing = await eva.post("/fuentes/lista/decidir", {"do": "reject"})
    done = await eva.post(
        "/fuentes/lista/decidir", {"do": "reject_all", "why": "El número nuevo <b>no contesta</b>."}
    )
    await eva.post("/fuentes/lista/leer")
    page = (await eva.get("/fuentes/lista")).text
    other = "07" if line.location.state != "07" else "12"
    far = await panel.caseworker(Role.VERIFYING, "luz@ejemplo.org", states=other)

    assert nothing.status == 422
    assert done.location.endswith("ok=held_rejected")
    assert "Rechazado hace poco" in page
    assert "El número nuevo &lt;b&gt;no contesta&lt;/b&gt;." in page
    assert line.name in page
    assert "Rechazado hace poco" not in (await far.get("/fuentes/lista")).text
    assert "Nada espera una decisión" in (await eva.get("/fuentes/lista")).text
    assert (await record(panel, line.id)).phones == line.phones


async def test_a_reason_that_tells_where_a_refuge_is_rejects_nothing_and_is_not_repeated(
    panel: PanelServer, server: ListServer
) -> None:
    server.at["/lista"] = Published(
        b"id,name,needs,state,kind\nR-1,Refugio inventado,gbv,Chiapas,refuge\n", type="text/csv"
    )
    eva = await panel.caseworker(Role.VERIFYING, "eva@ejemplo.org")
    await eva.get("/fuentes/lista")
    await eva.post("/fuentes/lista/leer")
    number = re.findall(r'name="row" value="(\d+)"', (await eva.get("/fuentes/lista")).text)[0]

    told = await eva.post(
        "/fuentes/lista/decidir",
        {"do": "reject_all", "why": "Está en la calle Escondida 12"},
    )

    assert told.status == 422
    assert "dice dónde hay un refugio" in told.text
    assert "Escondida" not in told.text
    assert f'value="{number}"' in told.text


async def test_somebody_of_another_state_sees_and_decides_nothing_of_it(
    panel: PanelServer, server: ListServer
) -> None:
    _, line, page = await held_line(panel, server)
    number = re.findall(r'name="row" value="(\d+)"', page)[0]
    other = "07" if line.location.state != "07" else "12"
    far = await panel.caseworker(Role.VERIFYING, "luz@ejemplo.org", states=other)

    seen = await far.get("/fuentes/lista")
    tried = await far.post("/fuentes/lista/decidir", {"do": "approve", "row": number})

    assert NUMBER not in seen.text
    assert "fuera de los límites" in seen.text
    assert tried.status == 422
    assert (await record(panel, line.id)).phones == line.phones


async def test_a_broken_list_and_hostile_rows_are_told_in_words(
    panel: PanelServer, server: ListServer
) -> None:
    eva = await panel.caseworker(Role.VERIFYING)
    server.at["/lista"] = Published(status=500)
    await eva.get("/fuentes")
    await eva.post("/fuentes/lista/leer")
    failed = await eva.get("/fuentes")
    hostile = XSS.replace('"', '""')
    server.at["/lista"] = Published(
        f'id,name,needs,phones,coverage\nX-1,"{hostile}",food,961 615 5178,Chiapas\nX-2,,no,12,\n'.encode()
    )
    await eva.post("/fuentes/lista/leer")

    page = await eva.get("/fuentes/lista")
    run = re.findall(r"/fuentes/lista/lecturas/(\d+)", page.text)[0]
    problems = await eva.get(f"/fuentes/lista/lecturas/{run}")

    assert "falló 1 vez" in failed.text
    assert "<script>alert" not in page.text + problems.text
    assert "Filas que no se usaron" in problems.text
    for path in ("/fuentes/otra", "/fuentes/lista/lecturas/99999", "/fuentes/lista/lecturas/x"):
        assert (await eva.get(path)).status == 404
    assert (await eva.post("/fuentes/lista/decidir", {"do": "todo"})).status == 400
