"""Consultations and reports in the panel, in a browser, on a desk and on a phone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from data import consultation_store
from data.consultations import FREE
from data.database import open_database
from data.keys import Keys
from tests.fixtures.browsing import add_people, go, log_in, look
from tests.fixtures.papers import pages_of
from tests.fixtures.serving import Served, served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.usually_on("sqlite")]

WHO = "ana@ejemplo.org"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faro(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("panel"), database_url=shared_url) as running:
        await add_people(running)
        database = open_database(running.settings.database)
        keys = Keys(running.settings.secret_key.get_secret_value())
        async with database.write() as connection:
            for words in ("En la oficina [nombre] tardan mucho en atender", "Falta comida. " * 60):
                await consultation_store.hold(
                    connection, keys.seal(words), consultation_id=FREE, question=0, state="12",
                    suggested="food", month="2026-10",
                )  # fmt: skip
        await database.close()
        yield running


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_consultation_is_opened_and_an_answer_is_read(
    faro: Served, browser: Browser, width: int
) -> None:
    page = await log_in(faro, browser, WHO, width=width)
    await go(page, faro, "/consultas")
    await look(page, f"consultas-{width}")

    answer = page.get_by_label("Respuesta", exact=True).first
    await answer.fill("Tardan mucho en atender")
    await page.get_by_label("Tema").first.select_option("food")
    await page.get_by_role("button", name="Aceptar").first.click()
    await expect(page.get_by_text("La respuesta ya cuenta")).to_be_visible()
    await page.get_by_label("De qué trata").fill(f"La ayuda en los albergues {width}")
    await page.get_by_label("Quién responde por ella").fill("Organización inventada")
    await page.get_by_label("Último día").fill("2030-12-31")
    await page.get_by_label("Pregunta", exact=True).first.fill("¿Cómo le han tratado?")
    await page.get_by_label("Opciones").first.fill("Bien\nMal")
    await page.get_by_role("button", name="Abrir", exact=True).click()

    await expect(page.get_by_role("rowheader", name=f"albergues {width}")).to_be_visible()
    await look(page, f"consultas-abierta-{width}")


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_wrong_period_comes_back_as_a_sentence(faro: Served, browser: Browser, width: int) -> None:
    page = await log_in(faro, browser, WHO, width=width)
    await go(page, faro, "/informes")
    await look(page, f"informes-{width}")

    await page.get_by_label("Desde").fill("2026-05")
    await page.get_by_label("Hasta").fill("2026-03")
    await page.get_by_role("button", name="Página").first.click()
    await expect(page.get_by_role("alert")).to_contain_text("al revés")
    await look(page, f"informes-error-{width}")


@pytest.mark.parametrize("width", [360, 1280])
async def test_both_reports_are_read_in_the_tab_whole_and_in_their_own_style(
    faro: Served, browser: Browser, width: int
) -> None:
    page = await log_in(faro, browser, WHO, width=width)
    for form, name, title in (
        (1, "comparacion", "Chiapas y Sinaloa"),
        (0, "conocimiento", "Lo que pide la gente desplazada"),
    ):
        await go(page, faro, "/informes")
        await page.get_by_label("Desde").fill("2026-01")
        await page.get_by_label("Hasta").fill("2026-03")
        await page.get_by_role("button", name="Página").nth(form).click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text(title)

        await look(page, f"informe-{name}-{width}")
        assert await page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "auto"
    await page.context.close()


async def test_a_sheet_comes_as_one_page_of_a4(faro: Served, browser: Browser, tmp_path: Path) -> None:
    page = await log_in(faro, browser, WHO, width=360)
    await go(page, faro, "/informes")
    await page.get_by_label("Municipio y estado").fill("Tlapa de Comonfort, Guerrero")

    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Hoja (PDF)").click()
    sheet = await coming.value
    await sheet.save_as(tmp_path / sheet.suggested_filename)

    assert pages_of((tmp_path / "hoja-12066.pdf").read_bytes()) == [(595, 842)]
    await page.context.close()
