"""Take the pictures of the panel in the README: `python -m tools.panel_pictures` writes docs/panel-*.png.

Everything in them is the seed directory or invented. Needs Chromium.
"""

import asyncio
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.panel.accounts import new_account
from bot.panel.passwords import Passwords
from bot.panel.roles import Role
from data import account_store
from data.database import open_database
from tests.fixtures.panel import FAST, PASSWORD
from tests.fixtures.serving import Served, served

DOCS = Path(__file__).resolve().parent.parent / "docs"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
DESK, PHONE = {"width": 1000, "height": 640}, {"width": 360, "height": 640}
PEOPLE = {"ana@ejemplo.org": Role.EDITING, "eva@ejemplo.org": Role.ADMINISTRATION}


async def main() -> None:
    """Every picture, one after another."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed; on Debian: apt-get install chromium.")
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder)) as faro, async_playwright() as playwright:
            await _accounts(faro)
            browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            await _desk(await _log_in(browser, faro, "ana@ejemplo.org", DESK), f"{faro.url}/panel")
            await _phone(await _log_in(browser, faro, "eva@ejemplo.org", PHONE), f"{faro.url}/panel")
            await browser.close()


async def _desk(page: Page, url: str) -> None:
    await _keep(page, "inicio")
    await page.goto(f"{url}/directorio?q=tapachula")
    await _keep(page, "directorio")
    await page.goto(f"{url}/directorio/mapa?estado=07")
    await page.locator(".map").scroll_into_view_if_needed()
    await _keep(page, "mapa")
    await page.goto(f"{url}/directorio?necesidad=gbv&q=linea")
    await page.locator("#results tbody a").first.click()
    await page.get_by_role("link", name="Cambiar").click()
    numbers = page.get_by_label("Número", exact=True)
    first, second = await numbers.nth(0).input_value(), await numbers.nth(1).input_value()
    await numbers.nth(1).fill(first)  # the other way round: no picture shows a number that is not true
    await numbers.nth(0).fill(second)
    await page.locator("#phone-list").scroll_into_view_if_needed()
    await page.get_by_text("Se marca así").first.wait_for()
    await _keep(page, "cambiar")
    await page.get_by_label("Por qué hace este cambio").fill("cambió en su página")
    await page.get_by_role("button", name="Ver cómo se leerá").click()
    await page.locator("#preview").scroll_into_view_if_needed()
    await _keep(page, "vista")
    await page.get_by_role("button", name="Guardar").last.click()
    await page.get_by_role("status").wait_for()
    await page.context.close()


async def _phone(page: Page, url: str) -> None:
    await page.goto(f"{url}/cambios")
    await _keep(page, "aprobar")
    await page.context.close()


async def _accounts(faro: Served) -> None:
    database = open_database(faro.settings.database)
    for email, role in PEOPLE.items():
        name = email.partition("@")[0].title()
        made = await new_account(Passwords(FAST), email, role, PASSWORD, now=datetime.now(UTC), name=name)
        async with database.write() as connection:
            await account_store.add(connection, made)
            await account_store.change(connection, made.id, must_change=False)
    await database.close()


async def _log_in(browser: Browser, faro: Served, email: str, size: dict[str, int]) -> Page:
    context = await browser.new_context(viewport=size, locale="es-MX")  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(f"{faro.url}/panel/")
    await page.get_by_label("Correo").fill(email)
    await page.get_by_label("Contraseña").fill(PASSWORD)
    await page.get_by_role("button", name="Entrar").click()
    await page.get_by_role("heading", name="Qué me necesita hoy").wait_for()
    return page


async def _keep(page: Page, name: str) -> None:
    await page.screenshot(path=DOCS / f"panel-{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
