"""Take the pictures of the panel in the README: `python -m tools.panel_pictures` writes docs/panel-*.png.

Everything in them is the seed directory or invented. Needs Chromium.
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Locator, Page

from bot import app as composition
from bot import scheduler
from bot.panel.roles import Role
from data import directory_store
from data.records import Service
from tests.fixtures.browsing import add_people, chromium, chromium_path, log_in
from tests.fixtures.people import OnTheWeb, OnWhatsApp
from tests.fixtures.serving import Served, served

DOCS = Path(__file__).resolve().parent.parent / "docs"
DESK, PHONE = (1000, 640), (360, 640)
PEOPLE = {
    "ana@ejemplo.org": Role.EDITING,
    "eva@ejemplo.org": Role.ADMINISTRATION,
    "luz@ejemplo.org": Role.VERIFYING,
}
SOURCE = """
sources:
  - name: lista-estatal
    kind: csv
    address: lista.csv
    every: 1d
    trust: A
    exposure: public
    prefix: ""
"""
OWN = "voy de una oficina a otra y nadie me resuelve"
PHRASES = ("pos ando bien trabado con lo del cuatro", "me traen como trompo de aquí pa allá")


async def main() -> None:
    """Every picture, one after another."""
    path = chromium_path()
    if path is None:
        sys.exit("Chromium is not installed; on Debian: apt-get install chromium.")
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sources.yml").write_text(SOURCE, encoding="utf-8")
        async with (
            served(Path(folder), casework_team="on", missed_phrases="on") as faro,
            chromium(path) as browser,
        ):
            await add_people(faro, PEOPLE)
            await _directory(faro, browser)
            await _approval(faro, browser)
            await _round(faro, browser)
            await _request(faro, browser)
            await _file(faro, browser)
            await _source(faro, browser)
            await _missed(faro, browser)
            await _reports(faro, browser)


async def _directory(faro: Served, browser: Browser) -> None:
    page, url = await _in(faro, browser, "ana@ejemplo.org", DESK), f"{faro.url}/panel"
    await _keep(page, "inicio")
    await page.goto(f"{url}/directorio?q=tapachula")
    await _keep(page, "directorio")
    await page.goto(f"{url}/directorio/mapa?estado=07")
    await _keep(page, "mapa", page.locator(".map"))
    await page.goto(f"{url}/directorio?necesidad=gbv&q=linea")
    await page.locator("#results tbody a").first.click()
    await page.get_by_role("link", name="Cambiar").click()
    numbers = page.get_by_label("Número", exact=True)
    first, second = await numbers.nth(0).input_value(), await numbers.nth(1).input_value()
    await numbers.nth(1).fill(first)  # the other way round: no picture shows a number that is not true
    await numbers.nth(0).fill(second)
    await page.get_by_text("Se marca así").first.wait_for()
    await _keep(page, "cambiar", page.locator("#phone-list"))
    await page.get_by_label("Por qué hace este cambio").fill("cambió en su página")
    await page.get_by_role("button", name="Ver cómo se leerá").click()
    await _keep(page, "vista", page.locator("#preview"))
    await page.get_by_role("button", name="Guardar").last.click()
    await page.get_by_role("status").wait_for()
    await page.context.close()


async def _approval(faro: Served, browser: Browser) -> None:
    page, url = await _in(faro, browser, "eva@ejemplo.org", PHONE), f"{faro.url}/panel"
    await page.goto(f"{url}/cambios")
    await _keep(page, "aprobar")
    name = page.get_by_role("article").get_by_role("link")
    service = await name.get_attribute("href") or ""
    await page.get_by_role("button", name="Aprobar", exact=True).click()
    await page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    await page.goto(faro.url + service)
    await _keep(page, "historial", page.locator("#history"))
    await page.context.close()


async def _round(faro: Served, browser: Browser) -> None:
    office = next(each for each in await _records(faro) if "legal" in each.needs and each.phones)
    page = await _in(faro, browser, "luz@ejemplo.org", (DESK[0], 860))
    await page.goto(f"{faro.url}/panel/verificar?cuales=all&id={office.id}")
    await _keep(page, "verificar", page.locator(".round"))
    await page.context.close()


async def _request(faro: Served, browser: Browser) -> None:
    person = OnWhatsApp(faro, "5215500000001")
    await person.say("necesito un abogado en Tlapa de Comonfort")
    for tap in ("request", "request:yes", "request:when:any", "request:until:any:3", "request:send:any:3"):
        await person.tap(tap)
    page = await _in(faro, browser, "luz@ejemplo.org", DESK)
    await page.get_by_role("link", name="personas esperan").click()
    await page.get_by_role("link", name="Abogado o denuncia").first.click()
    await page.get_by_role("button", name="Tomar la solicitud").click()
    await page.get_by_label("Su mensaje").fill("Buenas tardes, soy Luz, del equipo. ¿Cómo le ayudo?")
    asked = person.next()
    await page.get_by_role("button", name="Guardar y preguntar").click()
    await asked
    await person.tap("talk:yes")
    await person.is_billed()
    await page.get_by_role("button", name="Que conteste Faro otra vez").wait_for()
    await page.get_by_text("con cobro de WhatsApp").wait_for()
    await _keep(page, "solicitud", page.get_by_role("heading", level=1))
    await page.context.close()


async def _file(faro: Served, browser: Browser) -> None:
    """A sheet with a new cost, a new place to eat, and a row that can't be read."""
    office = next(each for each in await _records(faro) if each.location.state == "07" and not each.fees)
    sheet = (
        "id,name,needs,state,municipality,organization,kind,coverage,confidence,fees\n"
        f"{office.id},,,,,,,,,Gratis\n"
        "NUEVO-1,Comedor Las Jacarandas,food,Chiapas,Tapachula,Parroquia inventada,office,Chiapas,C,Gratis\n"
        "NUEVO-2,Otro comedor,comida caliente,Chiapas,Tapachulla,Parroquia inventada,office,Chiapas,C,\n"
    )
    page = await _in(faro, browser, "ana@ejemplo.org", DESK)
    await page.goto(f"{faro.url}/panel/archivos")
    await page.get_by_label("Hoja de Excel").set_input_files(
        {"name": "comedores.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    await page.get_by_role("button", name="Ver qué cambiaría").click()
    await page.get_by_text("Filas con problemas").click()
    await _keep(page, "archivo", page.get_by_role("heading", level=1))
    await page.context.close()


async def _source(faro: Served, browser: Browser) -> None:
    """A list that gives the numbers of a line the other way round."""
    line = next(each for each in await _records(faro) if "gbv" in each.needs and len(each.phones) > 1)
    phones = " ; ".join(phone.number for phone in reversed(line.phones))
    text = f"id,name,phones\n{line.id},{line.name},{phones}\n"
    (faro.settings.data_dir / "lista.csv").write_text(text, encoding="utf-8")
    page = await _in(faro, browser, "luz@ejemplo.org", DESK)
    await page.goto(f"{faro.url}/panel/fuentes/lista-estatal")
    await page.get_by_role("button", name="Leer ahora").click()
    await page.get_by_role("status").wait_for()
    await _keep(page, "fuente", page.get_by_role("heading", level=1))
    await page.context.close()


async def _missed(faro: Served, browser: Browser) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        person = OnTheWeb(faro.url, http)
        await person.open()
        for phrase in PHRASES:
            await person.say(text=phrase)
    async with composition.open_core(faro.settings) as core:
        await scheduler.forget_conversations(core, datetime.now(UTC) + timedelta(hours=2))
    page = await _in(faro, browser, "ana@ejemplo.org", DESK)
    await page.goto(f"{faro.url}/panel/sin-encontrar")
    await page.get_by_role("article", name="Frase 1").get_by_label("Con sus palabras").fill(OWN)
    await _keep(page, "sin-encontrar")
    await page.context.close()


async def _reports(faro: Served, browser: Browser) -> None:
    """Two states compared: the seed directory is enough for it."""
    page = await _in(faro, browser, "eva@ejemplo.org", DESK)
    await page.goto(f"{faro.url}/panel/informes")
    await _keep(page, "informes")
    await page.get_by_role("button", name="Página").nth(1).click()
    await _keep(page, "informe", page.locator("figure"))
    await page.context.close()


async def _records(faro: Served) -> list[Service]:
    async with composition.open_core(faro.settings) as core, core.database.read() as connection:
        return list(await directory_store.load(connection))


async def _in(faro: Served, browser: Browser, email: str, size: tuple[int, int]) -> Page:
    return await log_in(faro, browser, email, width=size[0], height=size[1])


async def _keep(page: Page, name: str, top: Locator | None = None) -> None:
    """What is on the screen, with `top` at its upper edge."""
    if top is not None:
        await top.first.evaluate("element => element.scrollIntoView()")
    await page.screenshot(path=DOCS / f"panel-{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
