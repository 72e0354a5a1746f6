"""The web chat in a real browser, as a caseworker tries it: on a phone's width and on a desk's."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.fixtures import invented
from tests.fixtures.browsing import keep, open_page
from tests.fixtures.serving import Served, served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.usually_on("sqlite")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faro(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("faro"), database_url=shared_url) as running:
        await invented.publish(running.settings.database)
        yield running


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_person_types_taps_and_reads(faro: Served, browser: Browser, width: int) -> None:
    page = await _open(faro, browser, width)

    await page.get_by_label("Escriba un mensaje").fill("busco donde dormir")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("¿En qué municipio")).to_be_visible(timeout=20_000)
    await page.get_by_role("button", name="Prefiero no decir").click()
    await expect(page.get_by_text("un lugar donde quedarse").last).to_be_visible(timeout=20_000)

    await keep(page, f"chat-{width}")
    too_wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not too_wide
    await page.context.close()


async def test_what_a_person_types_is_shown_as_text_only(faro: Served, browser: Browser) -> None:
    page = await _open(faro, browser, 360)
    hostile = "<img src=x onerror=\"document.title='broken'\">"

    await page.get_by_label("Escriba un mensaje").fill(hostile)
    await page.keyboard.press("Enter")

    await expect(page.get_by_text(hostile)).to_be_visible()
    await expect(page.locator("#talk li:not(.mine)").first).to_be_visible(timeout=20_000)
    assert await page.title() == "Faro"
    await page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_learner_sees_it_as_each_platform_and_what_was_understood(
    faro: Served, browser: Browser, width: int
) -> None:
    page = await _open(faro, browser, width)
    await page.get_by_role("button", name="Probar").click()
    await page.get_by_label("Telegram").check()
    await page.get_by_label("Mostrar qué entendió").check()
    await page.get_by_label("Escriba un mensaje").fill("busco comida")
    await page.keyboard.press("Enter")

    await expect(page.locator("#keyboard").get_by_role("button", name="ubicación")).to_be_visible(
        timeout=20_000
    )
    await expect(page.get_by_text("de 4,096 letras").first).to_be_visible()
    await page.get_by_text("Qué entendió", exact=True).click()
    await expect(page.get_by_text("Comida y agua")).to_be_visible(timeout=20_000)
    await keep(page, f"chat-telegram-{width}")

    await page.get_by_label("WhatsApp").check()
    await expect(page.locator("#keyboard")).to_be_hidden()
    await expect(page.get_by_text("de 1,024 letras").first).to_be_visible()
    await keep(page, f"chat-whatsapp-{width}")
    await page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_location_is_chosen_on_the_map_or_in_the_list(
    faro: Served, browser: Browser, width: int
) -> None:
    page = await _open(faro, browser, width)
    await page.get_by_label("Escriba un mensaje").fill("busco comida")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("¿En qué municipio").first).to_be_visible(timeout=20_000)

    await page.get_by_role("button", name="Mandar una ubicación").click()
    await page.get_by_label("Estado", exact=True).select_option("12")
    await expect(page.locator("#where-12066")).to_be_visible()
    await page.locator("#where-12066").click()
    await expect(page.get_by_label("Municipio", exact=True)).to_have_value("12066")
    await keep(page, f"chat-map-{width}")
    await page.get_by_role("button", name="Mandar la ubicación").click()

    await expect(page.get_by_text("Mi ubicación: Tlapa de Comonfort")).to_be_visible()
    await expect(page.locator("#talk li.theirs").last).to_contain_text("Tlapa", timeout=20_000)
    await page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_link_out_of_faro_says_whose_page_it_is_and_opens_beside_the_talk(
    faro: Served, browser: Browser, width: int
) -> None:
    page = await _open(faro, browser, width)
    await page.get_by_label("Escriba un mensaje").fill("necesito comida en mulegé")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Más datos").click(timeout=20_000)
    await page.get_by_role("button", name="Mapa").click(timeout=20_000)

    link = page.get_by_role("link", name="Abrir el mapa (www.openstreetmap.org)")
    await expect(link).to_be_visible(timeout=20_000)
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(link).to_have_attribute("target", "_blank")
    assert (await link.get_attribute("href") or "").startswith(
        "https://www.openstreetmap.org/?mlat=27.336868"
    )
    await keep(page, f"chat-link-{width}")
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")

    await page.get_by_role("button", name="Probar").click()
    await page.get_by_label("WhatsApp").check()
    await expect(page.get_by_text("📍 Cocina inventada de Mulegé")).to_be_visible()
    await keep(page, f"chat-pin-{width}")
    await page.context.close()


async def _open(faro: Served, browser: Browser, width: int) -> Page:
    return await open_page(browser, f"{faro.url}/chat", width=width, height=740)
