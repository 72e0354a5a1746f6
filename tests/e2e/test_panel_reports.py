"""Consultations and reports in the panel, in a browser, on a desk and on a phone."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from bot.panel.accounts import new_account
from bot.panel.passwords import Passwords
from bot.panel.roles import Role
from data import account_store, consultation_store
from data.consultations import FREE
from data.database import open_database
from data.keys import Keys
from tests.e2e.test_chat_page import ARGUMENTS
from tests.e2e.test_panel import _log_in, _look, _open
from tests.fixtures.panel import FAST, PASSWORD
from tests.fixtures.require import require
from tests.fixtures.serving import Served, served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.usually_on("sqlite")]

WHO = "ana@ejemplo.org"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faro(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("panel"), database_url=shared_url) as running:
        database = open_database(running.settings.database)
        made = await new_account(
            Passwords(FAST), WHO, Role.ADMINISTRATION, PASSWORD, now=datetime.now(UTC), name="Ana"
        )
        keys = Keys(running.settings.secret_key.get_secret_value())
        async with database.write() as connection:
            await account_store.add(connection, made)
            await account_store.change(connection, made.id, must_change=False)
            for words in ("En la oficina [nombre] tardan mucho en atender", "Falta comida. " * 60):
                await consultation_store.hold(
                    connection, keys.seal(words), consultation_id=FREE, question=0, state="12",
                    suggested="food", month="2026-10",
                )  # fmt: skip
        await database.close()
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        require("browser", "Chromium is not installed; on Debian: apt-get install chromium.")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        await running.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_consultation_is_opened_and_an_answer_is_read(
    faro: Served, browser: Browser, width: int
) -> None:
    page = await _log_in(faro, browser, WHO, width)
    await _open(page, faro, "/consultas")
    await _look(page, f"consultas-{width}")

    answer = page.get_by_label("Respuesta.").first
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
    await _look(page, f"consultas-abierta-{width}")


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_wrong_period_comes_back_as_a_sentence(faro: Served, browser: Browser, width: int) -> None:
    page = await _log_in(faro, browser, WHO, width)
    await _open(page, faro, "/informes")
    await _look(page, f"informes-{width}")

    await page.get_by_label("Desde").fill("2026-05")
    await page.get_by_label("Hasta").fill("2026-03")
    await page.get_by_role("button", name="Página").first.click()
    await expect(page.get_by_role("alert")).to_contain_text("al revés")
    await _look(page, f"informes-error-{width}")
