"""A caseworker's day in the panel: checking by telephone, a file, a request, what was not understood."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from tests.fixtures.browsing import add_people, check, go, log_in, look, open_page
from tests.fixtures.people import OnTheWeb, OnWhatsApp
from tests.fixtures.serving import Served, served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.usually_on("sqlite")]

GONE = re.compile("Ya no se muestra|otra persona tiene que aprobarlo")
"""At once, or after a second person where it is a service of danger."""
LIST = (
    "id,name,needs,state,municipality,phones,organization,kind,coverage,confidence\n"
    "NUEVO-{0},Comedor del archivo {0},food,Chiapas,Tapachula,961 615 5178,Comedor A.C.,office,Chiapas,C\n"
    "MAL-{0},Otro,no-existe,Chiapas,,12,,,,\n"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faro(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    folder = tmp_path_factory.mktemp("work")
    async with served(folder, database_url=shared_url, casework_team="on", missed_phrases="on") as running:
        await add_people(running)
        yield running


@pytest.mark.parametrize("width", [360, 1280])
async def test_services_are_checked_one_after_another_by_keyboard(
    faro: Served, browser: Browser, width: int
) -> None:
    page = await log_in(faro, browser, "eva@ejemplo.org", width=width)
    await go(page, faro, "/verificar?cuales=all&necesidad=health")
    left = await _left(page)
    first = await page.locator(".round h2").inner_text()
    await look(page, f"panel-verify-{width}")

    await page.keyboard.press("1")
    await expect(page.get_by_role("status").first).to_contain_text("Verificado hoy")
    await page.get_by_text("así se lee ahora en el chat").click()
    await look(page, f"panel-verified-{width}")
    await page.keyboard.press("0")
    second = await page.locator(".round h2").inner_text()
    await page.keyboard.press("3")
    await expect(page.get_by_role("status").first).to_contain_text("no contestó")

    assert first != second
    assert await _left(page) == left - 1
    await page.get_by_label("Nota para el historial").press_sequentially("4 3 1")
    assert await page.get_by_label("Nota para el historial").input_value() == "4 3 1"
    await page.get_by_role("button", name="Ya no existe").click()
    await expect(page.get_by_role("status").first).to_contain_text(GONE)
    await page.get_by_role("link", name="Cambió").click()
    await page.get_by_label("Por qué hace este cambio").fill("llamé y cambió el nombre")
    await page.get_by_label("Qué da, en una frase").fill("Da comida caliente.")
    await page.get_by_role("button", name="Guardar").last.click()

    assert "/panel/verificar?" in page.url
    assert "necesidad=health" in page.url
    await page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_file_is_looked_at_accepted_and_undone(faro: Served, browser: Browser, width: int) -> None:
    page = await log_in(faro, browser, "ana@ejemplo.org", width=width)
    await go(page, faro, "/archivos")
    await look(page, f"panel-files-{width}")
    data = LIST.format(width).encode()

    await page.get_by_label("Hoja de Excel").set_input_files(
        {"name": "lista.csv", "mimeType": "text/csv", "buffer": data}
    )
    await page.get_by_role("button", name="Ver qué cambiaría").click()
    await expect(page.get_by_role("article")).to_contain_text(f"Comedor del archivo {width}")
    await page.get_by_text("Filas con problemas").click()
    await look(page, f"panel-upload-{width}")
    await page.get_by_role("button", name="Guardar las marcadas").click()
    await expect(page.get_by_role("status")).to_contain_text("Guardado")
    await look(page, f"panel-batch-{width}")
    await page.get_by_role("button", name="Deshacer todo").click()

    await expect(page.get_by_role("status")).to_contain_text("Deshecho")
    await go(page, faro, "/directorio")
    await page.get_by_role("link", name="Servicios que se quitaron").click()
    await look(page, f"panel-removed-{width}")
    await page.get_by_role("link", name=f"Comedor del archivo {width}").click()
    await look(page, f"panel-gone-{width}")
    await page.get_by_role("button", name="Devolverlo al directorio").click()
    await expect(page.get_by_role("status")).to_contain_text("Deshecho")
    await expect(page.get_by_role("link", name="Cambiar")).to_be_visible()
    await page.context.close()


async def test_a_request_is_answered_while_faro_is_silent(faro: Served, browser: Browser) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        person = OnTheWeb(faro.url, http)
        await person.open()
        await person.say(text="necesito un abogado en Tlapa de Comonfort")
        for tap in ("request", "request:yes", "request:when:any", "request:until:any:3"):
            await person.say(option=tap)
        assert "guardado" in await person.say(option="request:send:any:3")

        page = await log_in(faro, browser, "ana@ejemplo.org", width=360)
        await page.get_by_role("link", name="personas esperan").click()
        await look(page, "panel-requests-360")
        await page.get_by_role("link", name="Abogado o denuncia").first.click()
        await page.get_by_role("button", name="Tomar la solicitud").click()
        await page.get_by_label("Su mensaje").fill("Buenas tardes, soy Ana, del equipo. ¿Cómo le ayudo?")
        await page.get_by_role("button", name="Guardar y preguntar").click()
        await expect(page.get_by_role("status")).to_contain_text("Se le preguntó")
        assert "¿Puede escribir ahora?" in await person.hear()
        assert "soy Ana" in await person.say(option="talk:yes")
        await person.send(text="<b>Sí</b>, gracias")

        await expect(page.locator("#thread")).to_contain_text("<b>Sí</b>, gracias", timeout=20_000)
        await page.reload()
        await look(page, "panel-request-360")
        await page.set_viewport_size({"width": 1280, "height": 800})
        await look(page, "panel-request-1280")
        await page.get_by_role("button", name="Cerrar: ya se atendió").click()
        await expect(page.get_by_role("status")).to_contain_text("se cerró")
        await page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_on_whatsapp_the_24_hours_and_what_costs_money_are_shown(
    faro: Served, browser: Browser, width: int
) -> None:
    person = OnWhatsApp(faro, f"52961000{width:04}")
    await person.say("necesito un abogado en Tlapa de Comonfort")
    for option in ("request", "request:yes", "request:when:any", "request:until:any:3"):
        await person.tap(option)
    assert "guardado" in await person.tap("request:send:any:3")

    page = await log_in(faro, browser, "ana@ejemplo.org", width=width)
    await page.get_by_role("link", name="personas esperan").click()
    row = page.get_by_role("row").filter(has_text="WhatsApp: hasta").first
    await row.get_by_role("link", name="Abogado o denuncia").click()
    await page.get_by_role("button", name="Tomar la solicitud").click()
    await expect(page.locator("dl.facts")).to_contain_text("Hasta cuándo deja contestar WhatsApp")
    await page.get_by_label("Su mensaje").fill("Buenas tardes, soy Ana, del equipo.")
    asked = person.next()
    await page.get_by_role("button", name="Guardar y preguntar").click()
    assert "¿Puede escribir ahora?" in await asked
    answer = await person.tap("talk:yes")
    assert "soy Ana" in answer
    await person.is_billed()
    await expect(page.locator("#thread")).to_contain_text("con cobro de WhatsApp", timeout=20_000)
    await page.reload()
    await expect(page.locator("main")).to_contain_text(re.compile(r"[1-9]\d* con cobro"))
    await look(page, f"panel-request-whatsapp-{width}")

    await person.is_silent_for(timedelta(hours=25))
    await page.get_by_label("Su mensaje").fill("¿Sigue ahí? Le espero.")
    await page.get_by_role("button", name="Enviar").click()
    await expect(page.get_by_role("alert")).to_contain_text("24 horas")
    assert await page.get_by_label("Su mensaje").input_value() == "¿Sigue ahí? Le espero."
    await expect(page.locator("dl.facts")).to_contain_text("ya no deja: pasaron 24 horas")
    await look(page, f"panel-request-late-{width}")
    await page.get_by_role("link", name="Todas las solicitudes").click()
    await expect(page.get_by_text("pasaron las 24 horas de WhatsApp").first).to_be_visible()
    await look(page, f"panel-requests-late-{width}")
    await page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_other_pages_are_fit_for_keyboard_and_screen_reader(
    faro: Served, browser: Browser, width: int
) -> None:
    (faro.settings.data_dir / "sources.yml").write_text(
        "sources:\n  - name: lista\n    kind: csv\n    address: lista.csv\n    every: 1h\n", encoding="utf-8"
    )
    (faro.settings.data_dir / "lista.csv").write_text(LIST.format("LISTA"), encoding="utf-8")
    page = await log_in(faro, browser, "ana@ejemplo.org", width=width)
    await look(page, f"panel-home-work-{width}")
    for path, name in (("/fuentes", "sources"), ("/fuentes/lista", "source"), ("/sin-encontrar", "insight")):
        await go(page, faro, path)
        await look(page, f"panel-{name}-{width}")
    await go(page, faro, "/fuentes/lista")
    await page.get_by_role("button", name="Leer ahora").click()
    await look(page, f"panel-source-read-{width}")
    await page.context.close()


async def test_the_web_chat_is_fit_for_keyboard_and_screen_reader(faro: Served, browser: Browser) -> None:
    page = await open_page(browser, f"{faro.url}/chat", width=360, height=740)
    await page.get_by_role("button", name="Probar").click()
    await page.get_by_label("Mostrar qué entendió").check()
    await page.get_by_label("Escriba un mensaje").fill("busco comida")
    await page.keyboard.press("Enter")
    await expect(page.locator("#talk li.theirs")).to_be_visible(timeout=20_000)

    for kind in ("Sencillo", "WhatsApp", "Telegram"):
        await page.get_by_label(kind).check()
        await check(page, kind)
    await page.get_by_role("button", name="Mandar una ubicación").click()
    await page.get_by_label("Estado", exact=True).select_option("12")
    await expect(page.locator("#where-12066")).to_be_visible()
    await check(page, "map")
    await page.context.close()


async def test_a_map_that_comes_late_does_not_replace_that_of_the_state_chosen_meanwhile(
    faro: Served, browser: Browser
) -> None:
    page = await open_page(browser, f"{faro.url}/chat", width=360, height=740)
    chosen = asyncio.Event()

    async def late(route: Route) -> None:
        await chosen.wait()
        await route.continue_()

    await page.route("**/chat/map", late)
    await page.get_by_role("button", name="Mandar una ubicación").click()
    await page.get_by_label("Estado", exact=True).select_option("12")
    await expect(page.locator("#where-12066")).to_be_visible()
    async with page.expect_response("**/chat/map") as country:
        chosen.set()
    await (await country.value).finished()
    await page.evaluate(
        "fetch('/chat/places').then((answer) => answer.text())"
    )  # whatever came before is drawn

    await expect(page.locator("#where-12066")).to_be_visible()
    await page.context.close()


async def _left(page: Page) -> int:
    return int((await page.locator(".count strong").inner_text()).replace(",", ""))
