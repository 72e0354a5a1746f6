"""Consultations and reports in the panel: who may, what is kept, nothing counts before it was read."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core import Core
from bot.panel.roles import Role
from bot.settings import read
from data import consultation_store
from data.consultations import Standing
from tests.fixtures.panel import PanelServer, panel_of
from tests.integration.conftest import SECRET

pytestmark = pytest.mark.usually_on("sqlite")
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


@pytest.fixture
async def panel(core: Core, tmp_path: Path) -> AsyncIterator[PanelServer]:
    async with panel_of(core, read(data_dir=tmp_path, secret_key=SECRET)) as served:
        yield served


async def hold(core: Core, words: str) -> str:
    async with core.database.write() as connection:
        await consultation_store.hold(
            connection,
            core.keys.seal(words),
            consultation_id="",
            question=0,
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
