"""The directory pages and the first page: every filter, the map, the cards, and who sees which of it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.panel.rendering import ZONE
from bot.panel.roles import Role
from bot.panel.search import is_in_conflict
from data import directory_store
from data.records import Confidence, Exposure, Service
from services import freshness
from services.exchange.cells import plain
from tests.fixtures.panel import Caseworker, PanelServer
from tests.integration.test_panel_editing import edit, plain_office

pytestmark = pytest.mark.usually_on("sqlite")
Check = Callable[[Service], bool]


def today() -> date:
    return datetime.now(UTC).astimezone(ZONE).date()


def in_state(key: str) -> Check:
    return lambda each: key in {place[:2] for place in (*each.coverage, each.location.state) if place}


def is_due(each: Service) -> bool:
    due = freshness.due(each, freshness.load())
    return due is None or due <= today()


FILTERS: dict[str, Check] = {
    "": lambda each: True,
    "necesidad=legal": lambda each: "legal" in each.needs,
    "estado=07": in_state("07"),
    "municipio=Tapachula": lambda each: "07089" in (*each.coverage, each.location.municipality),
    "mujeres=si": lambda each: each.compatibility.women_only,
    "edad=due": is_due,
    "edad=never": lambda each: each.verified_on is None,
    "edad=90": lambda each: each.verified_on is None or each.verified_on < today() - timedelta(days=90),
    "confianza=C": lambda each: each.confidence is Confidence.C,
    "visibilidad=staff": lambda each: each.exposure is Exposure.STAFF,
    "fuente=gob.mx": lambda each: any("//www.gob.mx/" in url for url in each.source.urls),
    "marca=conflict": is_in_conflict,
    "marca=phoneless": lambda each: not each.phones,
    "necesidad=gbv&estado=20&mujeres=si": lambda each: (
        "gbv" in each.needs and in_state("20")(each) and each.compatibility.women_only
    ),
    "necesidad=nada&estado=99&confianza=Z": lambda each: True,
}


async def records(panel: PanelServer) -> list[Service]:
    async with panel.core.database.read() as connection:
        return list(await directory_store.load(connection))


async def listed(who: Caseworker, query: str) -> set[str]:
    """Ids of all pages of a list."""
    found: set[str] = set()
    for number in range(1, 100):
        page = (await who.get(f"/directorio?parte=lista&{query}&pagina={number}")).text
        found |= set(re.findall(r'/servicios/([^"/]+)"', page))
        if 'rel="next"' not in page:
            break
    return found


async def counted(who: Caseworker, query: str) -> int:
    page = (await who.get(f"/directorio?parte=lista&{query}")).text
    number = re.search(r'id="count">([\d,]+) servicio', page)
    assert number, query
    return int(number[1].replace(",", ""))


async def test_every_filter_finds_those_and_no_others(panel: PanelServer) -> None:
    every = await records(panel)
    who = await panel.caseworker(Role.READING)

    found = {query: await counted(who, query) for query in FILTERS}

    readable = [each for each in every if each.exposure is not Exposure.NEVER]
    expected = {query: sum(check(each) for each in readable) for query, check in FILTERS.items()}
    assert found == expected
    assert await listed(who, "marca=conflict") == {each.id for each in readable if is_in_conflict(each)}


async def test_words_are_looked_for_in_names_places_and_numbers(panel: PanelServer) -> None:
    office = await plain_office(panel)
    who = await panel.caseworker(Role.READING)
    number = office.phones[0].number
    word = max(plain(office.name).split(), key=len)

    for words in (word, word.upper(), number, number.replace(" ", ""), f"{word} {number[-4:]}"):
        assert office.id in await listed(who, f"q={words.replace(' ', '+')}"), words
    assert await listed(who, f"q={word}+zzzzz") == set()


async def test_the_map_says_what_the_lists_behind_it_hold(panel: PanelServer) -> None:
    who = await panel.caseworker(Role.READING)
    page = (await who.get("/directorio/mapa?necesidad=legal")).text
    told = dict(re.findall(r'aria-label="([^":]+): (\d+)"', page))
    state = (await who.get("/directorio/mapa?necesidad=legal&estado=07")).text
    row = re.search(r'municipio=(07\d{3})[^"]*">([^<]+)</a></th><td>(\d+)</td>', state)

    assert len(told) == 32
    assert int(told["Chiapas"]) == await counted(who, "necesidad=legal&estado=07")
    assert int(told["Sonora"]) == await counted(who, "necesidad=legal&estado=26")
    assert row
    assert int(row[3]) == await counted(who, f"necesidad=legal&municipio={row[1]}")
    assert f"{row[2]}: {row[3]}" in state
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


async def test_a_map_drawn_before_a_change_is_not_shown_after_it(panel: PanelServer) -> None:
    office = await plain_office(panel)
    state = office.location.state
    admin = await panel.caseworker(Role.ADMINISTRATION)
    reader = await panel.caseworker(Role.READING)
    before = await counted(reader, f"estado={state}")
    first = (await reader.get("/directorio/mapa")).text

    saved = await edit(admin, office.id, exposure="never")
    after = (await reader.get("/directorio/mapa")).text

    assert saved.location.endswith("ok=saved")
    assert f': {before}"' in first
    assert await counted(reader, f"estado={state}") == before - 1
    assert first != after
    assert f': {before - 1}"' in after


async def test_the_first_page_counts_what_waits_and_each_card_opens_where_it_is_done(
    panel: PanelServer,
) -> None:
    office = await plain_office(panel)
    async with panel.core.database.write() as connection:
        await directory_store.add_report(connection, office.id, on=today())
    every = await records(panel)

    for role in Role:
        who = await panel.caseworker(role)
        page = (await who.get("/")).text
        cards = re.findall(
            r'href="/panel([^"]+)">\s*<span class="number">([\d,]+)</span>\s*<span class="what">([^<]+)', page
        )
        counts = {words: int(count.replace(",", "")) for _, count, words in cards}
        assert counts["Alguien dijo que no sirve"] == 1, role
        assert counts["Fuentes que no coinciden"] == sum(is_in_conflict(each) for each in every), role
        assert counts["Toca verificar"] > 100, role
        assert ("Por aprobar" in counts) == (role is not Role.READING), role
        assert ("Diferencias por decidir" in counts) == (role in (Role.VERIFYING, Role.ADMINISTRATION)), role
        for path, _, words in cards:
            assert (await who.get(path.replace("&amp;", "&"))).status == 200, (role, words)


async def test_the_cards_of_a_limited_account_count_its_own_records_only(panel: PanelServer) -> None:
    every = await records(panel)
    who = await panel.caseworker(Role.EDITING, states="07")
    page = (await who.get("/")).text

    told = re.search(r'class="number">([\d,]+)</span>\s*<span class="what">Toca verificar', page)

    mine = [e for e in every if {k[:2] for k in (*e.coverage, e.location.state) if k} == {"07"}]
    assert told
    assert int(told[1]) == sum(is_due(each) for each in mine)
