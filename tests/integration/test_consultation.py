"""A consultation by chat: offered once, begun by a yes, left by any word; answers held and nobody in them."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from bot.core import Core
from bot.texts import consultation as say
from data import consultation_store
from data.consultations import Consultation, Opinion, Question, Standing
from data.database import Database
from data.tables import opinion, opinion_choice
from tests.fixtures.platforms import TelegramApi
from tests.integration.test_turns import BEA, NOW, Phone

OPEN = Consultation(
    id="c0ffee00",
    title="La ayuda en los albergues",
    questions=(
        Question("¿Cómo le han tratado?", ("Bien", "Regular", "Mal")),
        Question("¿Qué falta en el albergue?"),
    ),
    states=("12",),
    opens_on=date(2026, 11, 1),
    closes_on=date(2026, 12, 31),
    answers_for="Organización inventada",
)
TLAPA = "busco un albergue en Tlapa"


async def opened(database: Database, consultation: Consultation = OPEN) -> None:
    async with database.write() as connection:
        await consultation_store.open_one(connection, consultation, now=NOW)


async def held(database: Database) -> tuple[Opinion, ...]:
    async with database.read() as connection:
        return await consultation_store.opinions(connection, Standing.HELD)


class Patient(Phone):
    """Somebody who writes three times a minute, which is not too fast."""

    async def say(self, text: str = "", *, tap: str = "") -> list[str]:
        self.now += timedelta(seconds=20)
        return await super().say(text, tap=tap)


async def greeted(core: Core, api: TelegramApi, **more: int) -> Phone:
    phone = Patient(core, api, **more)
    await phone.say("hola")
    return phone


async def test_it_is_offered_once_after_a_need_was_answered(core: Core, telegram_api: TelegramApi) -> None:
    await opened(core.database)
    ana = await greeted(core, telegram_api)

    first = await ana.say("necesito un abogado en Tlapa")
    second = await ana.say("necesito comida")
    ana.now += timedelta(hours=3)  # the talk is forgotten, and the offer is not made again
    await ana.say("hola")
    later = await ana.say("necesito un abogado en Tlapa")

    offers = [say.OFFER in " ".join(told) for told in (first, second, later)]
    assert sum(offers) == 1


async def test_never_in_the_first_message_and_never_where_none_is_open(
    core: Core, telegram_api: TelegramApi
) -> None:
    await opened(core.database)

    first = await Phone(core, telegram_api).say(TLAPA)
    bea = await greeted(core, telegram_api, chat=BEA)
    elsewhere = await bea.say("necesito un abogado en Culiacán")

    assert say.OFFER not in " ".join((*first, *elsewhere))


async def test_never_in_or_after_danger(core: Core, telegram_api: TelegramApi) -> None:
    await opened(core.database)
    ana = await greeted(core, telegram_api)

    told = await ana.say("mi esposo me pega, estoy en Tlapa")
    told += await ana.say(tap="danger:yes")
    told += await ana.say("necesito un abogado en Tlapa")
    await ana.say("menú")
    told += await ana.say("necesito comida")

    assert "Tlapa" in told[-1]
    assert say.OFFER not in " ".join(told)


async def test_a_yes_is_needed_and_then_every_question_is_asked(
    core: Core, telegram_api: TelegramApi
) -> None:
    await opened(core.database)
    ana = await greeted(core, telegram_api)
    await ana.say(TLAPA)

    (consent,) = await ana.say("quiero opinar")
    (first,) = await ana.say("sí")
    (second,) = await ana.say("Mal")
    (done,) = await ana.say(
        "Falta comida. Me llamo Rosa Pérez, mi teléfono es 757 123 4567, vivo en la calle Luna 5"
    )

    assert "Organización inventada" in consent
    assert "1 de 2" in first
    assert "2 de 2" in second
    assert say.DONE in done
    (kept,) = await held(core.database)
    words = core.keys.open(kept.sealed)
    assert (kept.state, kept.question, kept.month, kept.theme) == ("12", 1, "2026-11", "")
    assert words.startswith("Falta comida")
    assert not any(secret in words for secret in ("Rosa", "Pérez", "757", "4567", "Luna"))
    async with core.database.read() as connection:
        choices = [tuple(row) for row in await connection.execute(select(opinion_choice))]
        rows = [
            *(await connection.execute(select(opinion))),
            *(await connection.execute(select(opinion_choice))),
        ]
    assert choices == [("c0ffee00", 0, 2, "12", 1)]
    assert ana.person not in repr(rows)


async def test_any_word_leaves_it_and_nothing_is_kept(core: Core, telegram_api: TelegramApi) -> None:
    await opened(core.database)
    ana = await greeted(core, telegram_api)
    await ana.say(TLAPA)
    for word in ("menú", "adiós", "mi esposo me quiere matar", "necesito hablar con una persona"):
        await ana.say("quiero opinar")
        await ana.say("sí")
        await ana.say("Bien")

        (told,) = await ana.say(word)

        assert "2 de 2" not in told, word
        assert say.DONE not in told, word
        await ana.say(tap="danger:no")

    assert await held(core.database) == ()


async def test_no_is_a_no(core: Core, telegram_api: TelegramApi) -> None:
    await opened(core.database)
    ana = await greeted(core, telegram_api)
    await ana.say("quiero opinar")

    (told,) = await ana.say("no")

    assert told.startswith(say.NOT_NOW[:40])


async def test_without_an_open_consultation_the_opinion_goes_the_same_way(
    core: Core, telegram_api: TelegramApi
) -> None:
    ana = await greeted(core, telegram_api)

    await ana.say("quiero opinar")
    await ana.say("sí")
    (done,) = await ana.say("En la oficina tardan mucho en atender")

    assert say.DONE in done
    (kept,) = await held(core.database)
    assert (kept.consultation, kept.state) == ("", "00")


async def test_a_closed_consultation_asks_nobody_more(core: Core, telegram_api: TelegramApi) -> None:
    await opened(core.database)
    ana = await greeted(core, telegram_api)
    await ana.say(TLAPA)
    await ana.say("quiero opinar")
    await ana.say("sí")

    async with core.database.write() as connection:
        await consultation_store.close(connection, OPEN.id, now=NOW)
    await ana.say("Bien")

    async with core.database.read() as connection:
        assert (await connection.execute(select(opinion_choice))).all() == []


async def test_only_what_was_read_is_released_and_once(database: Database) -> None:
    async with database.write() as connection:
        await consultation_store.hold(
            connection,
            b"sealed",
            consultation_id="",
            question=0,
            state="12",
            suggested="food",
            month="2026-11",
        )
    (one,) = await held(database)

    async with database.write() as connection:
        first = await consultation_store.release(
            connection, one.id, sealed=b"read", theme="food", quotable=True
        )
        again = await consultation_store.release(connection, one.id, sealed=b"x", theme="cash", quotable=True)
        released = await consultation_store.opinions(connection, Standing.RELEASED)

    assert (first, again) == (True, False)
    assert [replace(each, id="") for each in released] == [
        replace(one, id="", sealed=b"read", theme="food", quotable=True, standing=Standing.RELEASED)
    ]
