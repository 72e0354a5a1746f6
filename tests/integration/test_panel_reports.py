"""Consultations and reports in the panel: who may, what is kept, nothing counts before it was read."""

import csv
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest

from bot import consulting
from bot.core import Core
from bot.panel.roles import Role
from data import consultation_store
from data.consultations import Standing
from services.reports import gathering, hxl
from services.reports.figures import NATION
from tests.fixtures.panel import Caseworker, PanelServer
from tests.integration.test_panel_editing import XSS

pytestmark = pytest.mark.usually_on("sqlite")
FORMULA = '=HYPERLINK("http://x.example","ver")'
STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""
HOSTILE = '<script>alert(1)</script> & "comillas"'
FORM = {
    "title": "La ayuda en los albergues",
    "answers_for": "Organización inventada",
    "opens_on": "2026-11-01",
    "closes_on": "2030-12-31",
    "question_1": "¿Cómo le han tratado?",
    "options_1": "Bien\nMal",
    "question_2": "¿Qué falta?",
}


async def hold(core: Core, words: str, *, consultation_id: str = "", question: int = 0) -> str:
    async with core.database.write() as connection:
        await consultation_store.hold(
            connection,
            core.keys.seal(words),
            consultation_id=consultation_id,
            question=question,
            state="12",
            suggested="food",
            month="2026-11",
        )
        (found,) = await consultation_store.opinions(connection, Standing.HELD)
    return found.id


async def test_a_coordinator_opens_and_closes_a_consultation(panel: PanelServer, core: Core) -> None:
    rosa = await panel.caseworker(Role.VERIFYING, "rosa@ejemplo.org")
    await rosa.get("/consultas")

    opened = await rosa.post("/consultas", [*FORM.items(), ("states", "12"), ("states", "07")])

    assert opened.status == 303
    async with core.database.read() as connection:
        (made,) = await consultation_store.every(connection)
        assert (await core.directory(connection)).consultations == (made,)
    assert (made.states, [len(q.options) for q in made.questions]) == (("12", "07"), [2, 0])
    await rosa.get("/consultas")
    assert (await rosa.post(f"/consultas/{made.id}/cerrar")).status == 303
    async with core.database.read() as connection:
        assert [each.closed for each in await consultation_store.every(connection)] == [True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"closes_on": "2026-10-01"},
        {"closes_on": "mañana"},
        {"question_1": ""},
        {"options_1": "Una sola"},
        {"options_1": "Igual\nIgual"},
        {"options_1": "Una opción que no cabe en ningún botón\nMal"},
        {"answers_for": ""},
    ],
)
async def test_a_wrong_form_comes_back_as_it_was(
    panel: PanelServer, core: Core, wrong: dict[str, str]
) -> None:
    rosa = await panel.caseworker(Role.VERIFYING, "rosa@ejemplo.org")
    await rosa.get("/consultas")

    answer = await rosa.post("/consultas", {**FORM, **wrong, "question_2": HOSTILE})

    assert answer.status == 422
    assert "<script>" not in answer.text
    assert "alert(1)" in answer.text
    async with core.database.read() as connection:
        assert await consultation_store.every(connection) == ()


async def test_an_answer_counts_only_when_somebody_has_read_it(panel: PanelServer, core: Core) -> None:
    opinion_id = await hold(core, HOSTILE)
    rosa = await panel.caseworker(Role.VERIFYING, "rosa@ejemplo.org")

    page = await rosa.get("/consultas")
    no_theme = await rosa.post(f"/consultas/respuestas/{opinion_id}", {"words": "Falta comida", "theme": "x"})
    done = await rosa.post(
        f"/consultas/respuestas/{opinion_id}", {"words": "Falta comida", "theme": "food", "quotable": "yes"}
    )

    assert "<script>" not in page.text
    assert (no_theme.status, done.status) == (422, 303)
    async with core.database.read() as connection:
        (kept,) = await consultation_store.opinions(connection, Standing.RELEASED)
    assert (core.keys.open(kept.sealed), kept.theme, kept.quotable) == ("Falta comida", "food", True)


async def test_an_answer_can_be_erased(panel: PanelServer, core: Core) -> None:
    opinion_id = await hold(core, "algo")
    rosa = await panel.caseworker(Role.VERIFYING, "rosa@ejemplo.org")
    await rosa.get("/consultas")

    await rosa.post(f"/consultas/respuestas/{opinion_id}", {"what": "drop"})

    async with core.database.read() as connection:
        assert await consultation_store.opinions(connection, Standing.HELD) == ()


async def test_who_only_reads_or_edits_opens_no_consultation(panel: PanelServer) -> None:
    for role, name in ((Role.READING, "leo@ejemplo.org"), (Role.EDITING, "eva@ejemplo.org")):
        person = await panel.caseworker(role, name)
        assert (await person.get("/consultas")).status == 403
    assert (await (await panel.caseworker(Role.READING, "lia@ejemplo.org")).get("/informes")).status == 403


async def test_an_account_of_one_state_has_to_do_with_its_own_consultations_and_answers_alone(
    panel: PanelServer, core: Core
) -> None:
    eva = await panel.caseworker(Role.ADMINISTRATION, "eva@ejemplo.org")
    await eva.get("/consultas")
    await eva.post("/consultas", [*FORM.items(), ("states", "12")])
    opinion = await hold(core, "Falta comida")
    far = await panel.caseworker(Role.VERIFYING, "luz@ejemplo.org", states="07")
    async with core.database.read() as connection:
        (made,) = await consultation_store.every(connection)

    page = await far.get("/consultas")
    closed = await far.post(f"/consultas/{made.id}/cerrar")
    dropped = await far.post(f"/consultas/respuestas/{opinion}", {"what": "drop"})
    read_by_far = {"words": "Nada", "theme": "food"}
    released = await far.post(f"/consultas/respuestas/{opinion}", read_by_far)
    abroad = await far.post("/consultas", [*FORM.items(), ("states", "12")])
    everywhere = await far.post("/consultas", FORM)
    at_home = await far.post("/consultas", [*FORM.items(), ("states", "07")])

    assert "Falta comida" not in page.text
    assert "/cerrar" not in page.text
    assert [a.status for a in (closed, dropped, released)] == [404, 404, 404]
    assert (abroad.status, everywhere.status, at_home.status) == (422, 422, 303)
    assert "solo de algunos estados" in abroad.text
    async with core.database.read() as connection:
        assert [o.id for o in await consultation_store.opinions(connection, Standing.HELD)] == [opinion]
        assert not any(each.closed for each in await consultation_store.every(connection))


async def test_reports_are_made_in_the_panel_and_wrong_questions_are_sentences(panel: PanelServer) -> None:
    eva = await panel.caseworker(Role.EDITING, "eva@ejemplo.org")

    page = await eva.get("/informes")
    compared = await eva.get("/informes/hacer?que=comparar&a=07&b=25&forma=html")
    known = await eva.get("/informes/hacer?que=conocimiento&desde=2026-01&hasta=2026-03&forma=html")
    message = await eva.get("/informes/hacer?que=hoja&municipio=12066&forma=txt")
    inverted = await eva.get("/informes/hacer?que=conocimiento&desde=2026-05&hasta=2026-03")
    unknown = await eva.get("/informes/hacer?que=hoja&municipio=Qxqx%3Cb%3E")

    assert page.status == 200
    assert "Fondo Especial" in compared.text
    assert "No hay meses publicados" in known.text
    assert "911" in message.text
    assert (inverted.status, unknown.status) == (422, 422)
    assert "al revés" in inverted.text
    assert "Qxqx<b>" not in unknown.text


OVER = {
    "title": XSS,
    "answers_for": f"{FORMULA}{XSS}",
    "opens_on": "2026-09-01",
    "closes_on": "2026-10-15",
    "question_1": FORMULA,
    "options_1": "<script>alert(1)\n@SUM(1+1)",
    "question_2": XSS,
}
"""A consultation that is over, all of it hostile."""


async def test_hostile_words_of_a_consultation_are_text_on_every_page(panel: PanelServer, core: Core) -> None:
    rosa = await panel.caseworker(Role.ADMINISTRATION, "rosa@ejemplo.org", name=XSS)
    consultation_id = await asked_by(panel, core, rosa)
    waiting = await hold(core, f"{XSS} {FORMULA}", consultation_id=consultation_id, question=1)

    held = await rosa.get("/consultas")
    unread = await rosa.post(f"/consultas/respuestas/{waiting}", {"words": XSS, "theme": XSS, "what": XSS})
    refused = await rosa.post("/consultas", {**OVER, "closes_on": XSS, "opens_on": XSS, "states": XSS})
    await rosa.post(f"/consultas/respuestas/{waiting}", {"words": XSS, "theme": "food", "quotable": "yes"})
    after = [await rosa.get(path) for path in ("/consultas", "/bitacora", "/informes", "/")]

    assert (unread.status, refused.status) == (422, 422)
    assert not [
        p.text for p in (held, unread, refused, *after) if "<script>alert" in p.text or "<img" in p.text
    ]
    assert all("&lt;script&gt;alert" in page.text for page in (held, unread, refused, *after[:2]))


async def test_hostile_words_of_a_consultation_run_in_no_report(panel: PanelServer, core: Core) -> None:
    rosa = await panel.caseworker(Role.VERIFYING, "rosa@ejemplo.org")
    consultation_id = await asked_by(panel, core, rosa)
    async with core.database.write() as connection:
        for choice in (0, 1) * 12:
            await consultation_store.add_choice(connection, (consultation_id, 0, choice, "12"))
    for number in range(12):
        opinion = await hold(core, "algo", consultation_id=consultation_id, question=1)
        read_as = {"words": f"{FORMULA} {XSS} {number}", "theme": "food", "quotable": "yes"}
        await rosa.post(f"/consultas/respuestas/{opinion}", read_as)

    asked = "/informes/hacer?que=conocimiento&desde=2026-09&hasta=2026-10"
    page = await rosa.get(f"{asked}&forma=html")
    async with rosa.http.get(f"{rosa.url}{asked}&forma=xlsx") as answer:
        book = openpyxl.load_workbook(BytesIO(await answer.read()))
    async with rosa.http.get(f"{rosa.url}{asked}&forma=pdf") as answer:
        printed = await answer.read()
    async with core.database.read() as connection:
        directory = await core.directory(connection)
    found = await consulting.observations(core.database, core.keys)
    document = await gathering.told(
        core.database, directory, ["2026-09", "2026-10"], state=NATION, found=found, threshold=10,
        today=date(2026, 11, 26),
    )  # fmt: skip
    tables = "".join(hxl.written(document).values())

    assert "<script" not in page.text
    assert "<img" not in page.text
    assert page.text.count("&lt;script&gt;alert") >= 4  # the title, an option, a question and a quote
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [v for cell in cells if isinstance(v := cell.value, str) and v.startswith(STARTS)] == []
    assert any(cell.value == f"'{FORMULA}" for cell in cells)
    assert printed.startswith(b"%PDF")
    read = [cell for row in csv.reader(StringIO(tables)) for cell in row]
    assert [cell for cell in read if cell.startswith(STARTS)] == []
    assert "'@SUM(1+1)" in read


async def asked_by(panel: PanelServer, core: Core, who: Caseworker) -> str:
    """The hostile consultation, opened in the panel; its id."""
    await who.get("/consultas")
    opened = await who.post("/consultas", [*OVER.items(), ("states", "12")])
    assert opened.status == 303, opened.text
    async with core.database.read() as connection:
        (made,) = await consultation_store.every(connection)
    return made.id
