"""The panel as a caseworker uses it, on a desk and on a phone: from the login to the chat's next answer."""

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.panel.site import MODULES
from tests.fixtures.browsing import add_people, go, log_in, look, open_page
from tests.fixtures.panel import PASSWORD
from tests.fixtures.serving import Served, served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.usually_on("sqlite")]


NO_PAGES = {
    "/lugares",
    "/telefono",
    "/archivos/exportar",
    "/archivos/plantilla",
    "/informes/hacer",
    "/codigo",
}
"""Answers for the script, files, and the step of a login that is past."""
PLAIN_PAGES = [
    page.path
    for module in MODULES
    for page in module.PAGES
    if page.method == "GET" and "{" not in page.path and page.path not in NO_PAGES and page.permission
]
CHOSEN_PAGES = (
    "/directorio?estado=07",
    "/directorio/mapa?estado=07",
    "/servicios/MX067",
    "/servicios/MX067/editar",
    "/no-existe",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faro(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("panel"), database_url=shared_url) as running:
        await add_people(running)
        yield running


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_number_is_changed_and_the_chat_says_it_at_once(
    faro: Served, browser: Browser, width: int
) -> None:
    name, number = f"Comedor Las Jacarandas {width}", f"961 615 51{width % 100:02}"
    page = await log_in(faro, browser, "ana@ejemplo.org", width=width)
    await look(page, f"panel-home-{width}")

    await go(page, faro, "/servicios/nuevo")
    await page.get_by_label("Oficina", exact=True).check()
    await page.get_by_label("Nombre", exact=True).fill(name)
    await page.get_by_label("Institución").fill("Parroquia inventada")
    await page.get_by_label("Qué da, en una frase").fill("Da comida caliente.")
    await page.get_by_label("Sobre todo es para").select_option("food")
    await page.get_by_label("Lugar 1").fill("Tlapa de Comonfort, Guerrero")
    await page.get_by_label("Estado donde está").select_option("12")
    await page.get_by_label("Municipio donde está").fill("Tlapa")
    await page.get_by_label("Número", exact=True).fill("961615")
    await expect(page.get_by_text("No tiene diez cifras")).to_be_visible()
    await page.get_by_label("Por días").check()
    await page.get_by_label("lunes, abre", exact=True).fill("09:00")
    await page.get_by_label("lunes, cierra").first.fill("15:00")
    await page.get_by_role("button", name="Copiar a martes–viernes").click()
    await page.get_by_role("group", name="Recibe niñas y niños").get_by_label("Sí", exact=True).check()
    await page.get_by_label("Confianza").select_option("B")
    await page.get_by_label("Fecha de la fuente").fill("2026-11")
    await page.get_by_role("button", name="Guardar").last.click()
    await expect(page.get_by_role("alert")).to_contain_text("Falta corregir")
    assert await page.get_by_label("Nombre", exact=True).input_value() == name
    await look(page, f"panel-edit-errors-{width}")

    await page.get_by_label("Número", exact=True).first.fill(number.replace(" ", ""))
    await page.get_by_role("button", name="Ver cómo se leerá").click()
    await expect(page.get_by_label("Como se lee en WhatsApp")).to_contain_text(f"Tel. {number}")
    await expect(page.get_by_label("Como se lee en Telegram")).to_contain_text(name)
    await look(page, f"panel-preview-{width}")
    await page.get_by_label("Por qué hace este cambio").fill("la visité")
    await page.get_by_role("button", name="Guardar").last.click()
    await expect(page.get_by_role("status")).to_contain_text("El chat ya lo dice así")

    assert number in await _chat(faro, "busco comida en Tlapa de Comonfort", name)
    await page.context.close()


async def test_a_line_of_violence_waits_for_a_second_person(faro: Served, browser: Browser) -> None:
    ana = await log_in(faro, browser, "ana@ejemplo.org", width=1280)
    await go(ana, faro, "/directorio?necesidad=gbv&q=linea")
    await ana.locator("#results tbody a").first.click()
    name = await ana.get_by_role("heading", level=1).inner_text()
    await look(ana, "panel-service-1280")
    await ana.get_by_role("link", name="Cambiar").click()
    await ana.get_by_label("Número", exact=True).first.fill("961 615 5178")
    await ana.get_by_label("Por qué hace este cambio").fill("cambió su página")
    await ana.get_by_role("button", name="Guardar").last.click()
    await expect(ana.get_by_role("status")).to_contain_text("otra persona tiene que aprobarlo")

    eva = await log_in(faro, browser, "eva@ejemplo.org", width=360)
    await eva.get_by_role("link", name="Por aprobar").last.click()
    card = eva.get_by_role("article", name=name)
    await expect(card).to_contain_text("961 615 5178")
    await look(eva, "panel-approve-360")
    await card.get_by_role("button", name="Aprobar", exact=True).click()
    await expect(eva.get_by_role("status")).to_contain_text("Aprobado")

    await ana.reload()
    await expect(ana.get_by_text("Ana; aprobó Eva")).to_be_visible()
    await ana.context.close()
    await eva.context.close()


async def test_the_directory_is_searched_as_you_type_and_seen_on_a_map(
    faro: Served, browser: Browser
) -> None:
    page = await log_in(faro, browser, "ana@ejemplo.org", width=1280)
    await go(page, faro, "/directorio")

    await page.get_by_role("searchbox", name="Buscar").press_sequentially("tapachula")
    await expect(page.locator("#results tbody tr").first).to_contain_text("Tapachula")
    assert "q=tapachula" in page.url
    await look(page, "panel-directory-1280")
    await page.get_by_role("link", name="Mapa").click()
    await expect(page.get_by_role("group", name="Servicios en México")).to_be_visible()
    await look(page, "panel-map-1280")
    await page.get_by_role("link", name="Chiapas", exact=True).click()
    await expect(page.get_by_role("group", name="Servicios en Chiapas")).to_be_visible()
    await page.get_by_role("link", name="Tapachula", exact=True).click()

    await expect(page.locator("#results tbody tr").first).to_contain_text("Tapachula")
    await page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_every_page_is_fit_for_keyboard_and_screen_reader(
    faro: Served, browser: Browser, width: int
) -> None:
    visitor = await open_page(browser, f"{faro.url}/panel/", width=width)
    await look(visitor, f"panel-login-{width}")
    await visitor.context.close()
    page = await log_in(faro, browser, "ana@ejemplo.org", width=width)

    for path in (*PLAIN_PAGES, *CHOSEN_PAGES):
        await go(page, faro, path)
        await look(page, f"panel{re.sub(r'[^a-z0-9]+', '-', path)}-{width}")
    await page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_menu_takes_one_row_and_opens_by_finger_and_by_keyboard(
    faro: Served, browser: Browser, width: int
) -> None:
    page = await log_in(faro, browser, "ana@ejemplo.org", width=width)
    assert await page.locator("header.top").evaluate("element => element.offsetHeight") < 70

    if width == 360:
        await page.get_by_role("button", name="Menú").click()
    else:
        await page.locator("summary", has_text="Más").focus()
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Bitácora")).to_be_visible()
    await look(page, f"panel-menu-{width}")
    if width == 1280:
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("link", name="Bitácora")).to_be_hidden()
        await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Bitácora").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Bitácora")
    await page.context.close()


async def test_a_page_works_by_keyboard_and_without_scripts(faro: Served, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False, locale="es-MX")
    page = await context.new_page()
    await page.goto(f"{faro.url}/panel/directorio?q=tapachula")

    await page.keyboard.press("Tab")
    assert await page.locator(":focus").inner_text() == "Ir al contenido"
    await page.get_by_label("Correo").fill("eva@ejemplo.org")
    await page.get_by_label("Contraseña").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#results tbody tr").first).to_contain_text("Tapachula")
    await page.goto(f"{faro.url}/panel/servicios/nuevo")
    await page.get_by_label("Nombre", exact=True).fill("Sin guiones")
    await page.get_by_role("button", name="Otro teléfono").click()

    await expect(page.get_by_role("group", name="Teléfono 2")).to_be_visible()
    assert await page.get_by_label("Nombre", exact=True).input_value() == "Sin guiones"
    await context.close()


async def _chat(faro: Served, text: str, expected: str) -> str:
    """What the web chat answers to a message that came just now."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        await http.get(f"{faro.url}/chat")
        said = ""
        for number, message in enumerate((text, "ver más", "ver más", "ver más", "ver más")):
            await http.post(f"{faro.url}/chat/messages", json={"id": f"m{number}", "text": message})
            async with http.get(f"{faro.url}/chat/messages") as response:
                said = "\n".join(reply["text"] for reply in (await response.json())["replies"])
            if expected in said:
                break
        return said
