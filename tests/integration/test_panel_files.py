"""The directory as files in the panel: upload, difference, accept, undo, export; hostile uploads."""

import io
import re
import zipfile
from datetime import UTC, datetime

import aiohttp
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from bot.panel import files_page
from bot.panel.roles import Role
from data import directory_store, proposal_store
from data.history_store import Author, Via
from data.records import Exposure, Service
from data.tables import upload
from services import editing, record_rules
from services.editing import Edit
from services.exposure import read_by
from services.freshness import day_of
from tests.fixtures.panel import Answer, Caseworker, PanelServer
from tests.integration.test_panel_editing import SECRET, XSS, grave_line, plain_office, record

pytestmark = pytest.mark.usually_on("sqlite")
HEADER = "id,name,needs,state,municipality,phones,organization,kind,coverage,confidence"
NEW = "NUEVO-1,Comedor inventado,food,Chiapas,Tapachula,961 615 5178,Comedor A.C.,office,Chiapas,C"


async def send(who: Caseworker, data: bytes, name: str = "lista.csv", *, field: str = "file") -> Answer:
    await who.get("/archivos")
    form = aiohttp.FormData()
    form.add_field("_csrf", who.key)
    form.add_field(field, io.BytesIO(data), filename=name, content_type="application/octet-stream")
    async with who.http.post(f"{who.url}/archivos", data=form, allow_redirects=False) as response:
        text = await response.text()
        location = response.headers.get("Location", "").removeprefix("/panel")
        return Answer(response.status, text, location, dict(response.headers))


async def opened(who: Caseworker, data: bytes, name: str = "lista.csv") -> tuple[str, Answer]:
    answer = await send(who, data, name)
    assert answer.status == 303, answer.text
    return answer.location, await who.get(answer.location)


def sheet(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode()


async def known(panel: PanelServer, key: str) -> Service | None:
    async with panel.core.database.read() as connection:
        found = await directory_store.load(connection, [key])
    return found[0] if found else None


async def test_a_file_is_shown_row_by_row_accepted_and_undone_whole(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)
    changed = f"{office.id},Nombre nuevo,,,,,,,,"
    wrong = "MAL-1,Otro,no-existe,Chiapas,,12,,,,"

    path, page = await opened(ana, sheet(NEW, changed, wrong))

    assert "Comedor inventado" in page.text
    assert office.name in page.text
    assert "Nombre nuevo" in page.text
    assert "needs" in page.text  # the cell's column, with what to do
    assert await known(panel, "NUEVO-1") is None  # nothing is stored yet
    done = await ana.post(path, {"do": "all"})
    assert done.status == 303
    made = await known(panel, "NUEVO-1")
    assert made
    assert made.name == "Comedor inventado"
    assert (await record(panel, office.id)).name == "Nombre nuevo"
    batch = done.location.removeprefix("/panel").partition("?")[0]
    await ana.get(batch)
    assert (await ana.post(f"{batch}/deshacer", {"why": "era otra lista"})).status == 303
    assert await known(panel, "NUEVO-1") is None
    assert (await record(panel, office.id)).name == office.name


async def test_some_rows_are_accepted_and_the_rest_stays_to_decide(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.EDITING)
    other = NEW.replace("NUEVO-1", "NUEVO-2").replace("Comedor inventado", "Otro comedor")
    path, page = await opened(ana, sheet(NEW, other))
    (first, second) = re.findall(r'name="row" value="(\d+)"', page.text)

    none = await ana.post(path, {"do": "some"})
    some = await ana.post(path, {"do": "some", "row": second})
    left = await ana.get(path)

    assert none.status == 422
    assert some.location.endswith(f"{path}?ok=upload_some")
    assert await known(panel, "NUEVO-2")
    assert await known(panel, "NUEVO-1") is None
    assert f'value="{first}"' in left.text
    assert f'value="{second}"' not in left.text
    twice = await ana.post(path, {"do": "all"})
    again = await ana.post(path, {"do": "all"})
    assert (twice.status, again.status) == (303, 404)


async def test_what_needs_two_people_waits_for_the_second(panel: PanelServer) -> None:
    line = await grave_line(panel)
    ana = await panel.caseworker(Role.EDITING)
    path, page = await opened(ana, sheet(f"{line.id},,,,,961 615 5178,,,,"))

    done = await ana.post(path, {"do": "all"})

    assert "lo aprueba otra persona" in page.text
    assert done.location.endswith("/cambios?ok=proposed")
    assert (await record(panel, line.id)).phones == line.phones
    async with panel.core.database.read() as connection:
        assert [each.service_id for each in await proposal_store.waiting(connection)] == [line.id]


async def test_a_row_that_somebody_changed_meanwhile_is_not_overwritten(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)
    path, _ = await opened(ana, sheet(NEW, f"{office.id},Nombre nuevo,,,,,,,,"))
    await editing.publish(
        panel.core.database,
        [Edit(office.id, {"name": "Nombre de otra persona"}, office.revision)],
        author=Author("eva", Via.PANEL),
        rules=record_rules.load_rules(),
        now=datetime.now(UTC),
    )

    done = await ana.post(path, {"do": "all"})
    left = await ana.get(path)

    assert done.location.endswith("ok=upload_stale")
    assert (await record(panel, office.id)).name == "Nombre de otra persona"
    assert await known(panel, "NUEVO-1")
    assert "Alguien cambió este servicio" in left.text


async def test_where_a_refuge_is_is_refused_and_kept_nowhere(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.ADMINISTRATION)
    row = f"REF-1,Refugio inventado,gbv,Chiapas,,,Red,refuge,Chiapas,C,{SECRET}"

    path, page = await opened(ana, f"{HEADER},address\n{row}".encode(), "refugio-en-tapachula.csv")

    assert "Secretísima" not in page.text
    async with panel.core.database.read() as connection:
        (payload,) = (await connection.execute(select(upload.c.payload))).scalars()
    assert "Secretísima" not in panel.core.keys.open(payload)
    assert (await ana.post(path, {"do": "all"})).status == 422
    assert await known(panel, "REF-1") is None


async def test_another_account_finds_neither_the_upload_nor_a_batch_of_another_state(
    panel: PanelServer,
) -> None:
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    far = await panel.caseworker(Role.EDITING, "luz@ejemplo.org", states="12")
    path, _ = await opened(ana, sheet(NEW))

    assert (await far.get(path)).status == 404
    assert (await far.post(path, {"do": "all"})).status == 404
    done = await ana.post(path, {"do": "all"})
    batch = done.location.removeprefix("/panel").partition("?")[0]
    assert (await far.get(batch)).status == 403
    assert (await far.post(f"{batch}/deshacer")).status == 403
    assert await known(panel, "NUEVO-1")


async def test_rows_outside_the_states_of_an_account_are_not_used(panel: PanelServer) -> None:
    far = await panel.caseworker(Role.EDITING, states="12")

    path, page = await opened(far, sheet(NEW))

    assert "1 fila está fuera de los límites" in page.text
    assert (await far.post(path, {"do": "all"})).status == 422


async def test_text_that_somebody_put_into_a_file_is_only_text(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.EDITING)
    row = NEW.replace("Comedor inventado", '"' + XSS.replace('"', '""') + '"')
    path, page = await opened(ana, sheet(row) + b"\n", f"{XSS}.csv".replace("/", "")[-100:])

    await ana.post(path, {"do": "all"})

    for shown in (page, await ana.get("/archivos"), await ana.get("/directorio?q=alert")):
        assert "<script>alert" not in shown.text
        assert "<img src=x" not in shown.text


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(4):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 60_000_000)
    return out.getvalue()


HOSTILE = [
    (b"", "vacio.csv"),
    (b"   \n ", "vacio.csv"),
    (b"\x00\x01\x02" * 400, "basura.csv"),
    (b"MZ\x90\x00", "programa.exe"),
    (b"PK\x03\x04 broken", "roto.xlsx"),
    (b"PK\x03\x04", "macros.xlsm"),
    (b"{" * 3000, "hondo.json"),
    (b'{"a":' * 5000, "hondo.json"),
    (b"id,name\n" + b"a" * 200_000, "larga.csv"),
    (b"nada,de,esto\n1,2,3", "otra.csv"),
    (b"<html></html>", "pagina.csv"),
]


@pytest.mark.parametrize(("data", "name"), HOSTILE)
async def test_a_file_that_is_none_is_refused_with_a_sentence(
    panel: PanelServer, data: bytes, name: str
) -> None:
    ana = await panel.caseworker(Role.EDITING)

    answer = await send(ana, data, name)

    if answer.status == 303:  # readable, with nothing in it that could be used
        page = await ana.get(answer.location)
        assert (await ana.post(answer.location, {"do": "all"})).status == 422
        assert "problemas y no se usan" in page.text
    else:
        assert answer.status == 422
        assert 'role="alert"' in answer.text


async def test_a_zip_bomb_and_a_huge_file_are_refused(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.EDITING)

    exploding = await send(ana, bomb(), "bomba.xlsx")
    huge = await send(ana, b"x" * (files_page.MAX_BYTES + 10), "enorme.csv")
    too_huge = await send(ana, b"x" * (files_page.MAX_BYTES + 200_000), "enorme.csv")

    assert exploding.status == 422
    assert huge.status == 422
    assert too_huge.status == 413


async def test_a_workbook_of_several_megabytes_is_taken(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.EDITING)
    padding = "x" * 1_500
    rows = [NEW.replace("NUEVO-1", f"N-{i}") + f",{padding}" for i in range(2_500)]

    answer = await send(ana, "\n".join([f"{HEADER},description", *rows]).encode())

    assert answer.status == 303


async def test_a_form_without_a_file_is_told_so(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.EDITING)
    await ana.get("/archivos")

    assert (await ana.post("/archivos", {"file": "no es un archivo"})).status == 422
    assert (await send(ana, b"x", field="otro")).status == 422


@pytest.mark.parametrize("role", list(Role))
async def test_an_export_holds_what_its_audience_may_read_and_no_formula(
    panel: PanelServer, role: Role
) -> None:
    office = await plain_office(panel)
    await editing.publish(
        panel.core.database,
        [Edit(office.id, {"fees": "=HYPERLINK(1)"}, office.revision)],
        author=Author("eva", Via.PANEL),
        rules=record_rules.load_rules(),
        now=datetime.now(UTC),
    )
    who = await panel.caseworker(role)
    async with panel.core.database.read() as connection:
        records = await directory_store.load(connection)

    for audience in (Exposure.PUBLIC, Exposure.WOMEN, Exposure.STAFF):
        answer = await who.get(f"/archivos/exportar?formato=csv&para={audience.value}")
        listed = {line.partition(",")[0].strip('"') for line in answer.text.splitlines()}
        shown = {each.id for each in read_by(audience, records, today=day_of(datetime.now(UTC)))}
        assert shown <= listed
        assert not {each.id for each in records if each.id not in shown} & listed
        assert not re.search(r"(?m)(^|,)\"?=HYPERLINK", answer.text)
        assert "attachment" in answer.headers["Content-Disposition"]
    for query in ("", "?formato=exe&para=public", "?formato=csv&para=never"):
        assert (await who.get(f"/archivos/exportar{query}")).status == 404


async def test_the_template_and_an_excel_export_open_and_come_back_the_same(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.EDITING)
    async with ana.http.get(f"{ana.url}/archivos/plantilla") as response:
        load_workbook(io.BytesIO(await response.read()))
    async with ana.http.get(f"{ana.url}/archivos/exportar?formato=xlsx&para=staff") as response:
        data = await response.read()

    _, page = await opened(ana, data, "todo.xlsx")

    assert "El archivo no cambia nada" in page.text
