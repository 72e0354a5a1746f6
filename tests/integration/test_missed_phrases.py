"""Phrases not understood: kept only when asked for, never from a grave talk, and nobody's in the end."""

from dataclasses import replace
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import update

from bot import missed, scheduler
from bot.core import Core
from bot.nlu_command import as_training_data
from bot.panel.roles import Role
from data import phrase_store
from data.tables import missed_phrase, own_phrase
from tests.fixtures.panel import PanelServer
from tests.fixtures.platforms import TelegramApi
from tests.integration.test_turns import Phone, rows

pytestmark = pytest.mark.usually_on("sqlite")
ODD = "zorbelia trincante mofusta"
HOUR = timedelta(hours=1)


@pytest.fixture
def core(core: Core) -> Core:
    return replace(core, operator=replace(core.operator, keeps_phrases=True), _directory=None)


@pytest.fixture
def ana(core: Core, telegram_api: TelegramApi) -> Phone:
    return Phone(core, telegram_api)


async def kept(core: Core) -> list[str]:
    async with core.database.read() as connection:
        return [core.keys.open(each.payload) for each in await phrase_store.missed(connection)]


async def silent(phone: Phone) -> None:
    """The talk is over, and the clock does what is due."""
    phone.now += 2 * HOUR
    await scheduler.forget_conversations(phone.core, phone.now)


async def test_a_phrase_is_seen_only_when_its_talk_is_over_and_then_points_to_nobody(ana: Phone) -> None:
    await ana.say(ODD)
    during = await kept(ana.core)
    await silent(ana)

    (row,) = await rows(ana.core.database, missed_phrase)
    assert during == []
    assert await kept(ana.core) == [ODD]
    assert row["person_id"] is None
    assert ODD.encode() not in row["payload"]
    assert set(row) == {"id", "person_id", "payload", "kept_on"}


@pytest.mark.parametrize(
    "grave", ["mi esposo me pega", "me quieren matar", "mi hijo desapareció ayer", "hay balazos aquí afuera"]
)
@pytest.mark.parametrize("first", [True, False])
async def test_nothing_is_kept_of_a_talk_that_touches_danger(ana: Phone, grave: str, first: bool) -> None:
    for text in (grave, ODD) if first else (ODD, grave):
        await ana.say(text)
    await ana.say(tap="danger:no")
    await ana.say(ODD)
    await silent(ana)

    assert await rows(ana.core.database, missed_phrase) == []


@pytest.mark.parametrize("leaving", ["salir", "alto"])
async def test_whoever_leaves_takes_it_along(ana: Phone, leaving: str) -> None:
    await ana.say(ODD)
    await ana.say(leaving)
    await silent(ana)

    assert await rows(ana.core.database, missed_phrase) == []


async def test_erasing_erases_it(ana: Phone) -> None:
    await ana.say(ODD)
    await ana.say("borrar")
    await ana.say(tap="erase:yes")

    assert await rows(ana.core.database, missed_phrase) == []


async def test_without_the_operators_word_nothing_is_kept_and_privacy_says_which(ana: Phone) -> None:
    told = (await ana.say("privacidad"))[-1]
    ana.core.operator = replace(ana.core.operator, keeps_phrases=False)
    ana.core._directory = None
    await ana.say(ODD)
    untold = (await ana.say("privacidad"))[-1]

    assert "puedo guardarla 30 días" in told
    assert "puedo guardarla" not in untold
    assert await rows(ana.core.database, missed_phrase) == []


async def test_it_goes_after_thirty_days(ana: Phone) -> None:
    await ana.say(ODD)
    await silent(ana)
    ana.now += missed.KEPT + timedelta(days=1)
    await scheduler.forget_conversations(ana.core, ana.now)

    assert await rows(ana.core.database, missed_phrase) == []


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("soy Marisela Quiñones y zorbelia trincante", ("Marisela", "Quiñones")),
        ("zorbelia en tlapa con trincante", ("tlapa",)),
        ("zorbelia trincante 744 123 4567", ("744", "4567")),
        ("me llamo rosa zorbelia trincante mofusta", ("rosa",)),
        ("zorbelia en la calle Hidalgo trincante", ("Hidalgo",)),
        ("zorbelia trincante @rosita y rosa@ejemplo.org", ("rosita", "ejemplo")),
    ],
)
async def test_names_numbers_and_places_are_taken_out(core: Core, said: str, gone: tuple[str, ...]) -> None:
    clean = missed.anonymous(said, core.gazetteer)

    assert not [word for word in gone if word.casefold() in clean.casefold()]


async def test_a_caseworker_writes_beside_it_and_only_that_is_exported(
    ana: Phone, panel: PanelServer
) -> None:
    await ana.say(ODD)
    await silent(ana)
    eva = await panel.caseworker(Role.EDITING)
    page = await eva.get("/sin-encontrar")
    ((phrase_id, shown),) = [(row["id"], ODD) for row in await rows(panel.core.database, missed_phrase)]
    assert shown in page.text

    form = {"beside": phrase_id, "label": "food"}
    copied = await eva.post("/sin-encontrar/escribir", form | {"text": ODD.title()})
    named = await eva.post("/sin-encontrar/escribir", form | {"text": "soy Marisela y busco comida"})
    unlabelled = await eva.post("/sin-encontrar/escribir", form | {"label": "", "text": "busco de comer"})
    done = await eva.post("/sin-encontrar/escribir", form | {"text": "busco qué darles de comer"})

    assert [copied.status, named.status, unlabelled.status, done.status] == [422, 422, 422, 303]
    assert "busco de comer" in unlabelled.text  # nothing typed is lost
    assert await kept(panel.core) == []
    async with panel.core.database.read() as connection:
        exported = as_training_data(await phrase_store.written(connection))
    assert yaml.safe_load(exported)["nlu"] == [
        {"intent": "food", "examples": "- busco qué darles de comer\n"}
    ]
    assert ODD not in exported


async def test_hostile_text_is_only_text_and_twice_is_once(ana: Phone, panel: PanelServer) -> None:
    await ana.say("<script>alert(1)</script> zorbelia <img src=x onerror=alert(2)>")
    await silent(ana)
    eva = await panel.caseworker(Role.EDITING)
    page = await eva.get("/sin-encontrar")
    form = {"beside": "", "label": "food", "text": "<b>busco</b> comida"}

    for _ in range(2):
        await eva.post("/sin-encontrar/escribir", form)

    after = await eva.get("/sin-encontrar")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "<b>busco" not in after.text
    assert len(await rows(panel.core.database, own_phrase)) == 1


async def test_a_phrase_of_a_talk_that_goes_on_cannot_be_taken_by_its_id(
    ana: Phone, panel: PanelServer
) -> None:
    await ana.say(ODD)
    (row,) = await rows(panel.core.database, missed_phrase)
    eva = await panel.caseworker(Role.EDITING)
    page = await eva.get("/sin-encontrar")

    await eva.post("/sin-encontrar/quitar", {"kind": "missed", "phrase": row["id"]})

    assert ODD not in page.text
    assert len(await rows(panel.core.database, missed_phrase)) == 1


async def test_what_was_sealed_with_a_key_that_is_gone_is_left_out(ana: Phone, panel: PanelServer) -> None:
    await ana.say(ODD)
    await silent(ana)
    async with panel.core.database.write() as connection:
        await connection.execute(update(missed_phrase).values(payload=b"lost"))
    eva = await panel.caseworker(Role.EDITING)

    assert (await eva.get("/sin-encontrar")).status == 200
