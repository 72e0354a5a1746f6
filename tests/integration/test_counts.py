"""Counters: added with the turn, never about a person; published once; merged when small and old."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.core import Core
from data import counts_store
from data.counts import Asked, Outcome
from data.database import Database
from data.needs import Need, Who
from data.tables import asked_count, asked_who_count, outbox, person
from services.reports import publishing
from tests.fixtures.platforms import TelegramApi
from tests.integration.test_turns import ANA, BEA, NOW, Phone

MONTH = "2026-11"


async def counters(database: Database) -> list[tuple[str, str, str, int]]:
    async with database.read() as connection:
        counted = await counts_store.of_month(connection, MONTH)
    return sorted((cell.area, cell.need, cell.name, cell.count) for cell in counted.outcomes)


async def who(database: Database) -> list[tuple[str, str, str, int]]:
    async with database.read() as connection:
        counted = await counts_store.of_month(connection, MONTH)
    return sorted((cell.area, cell.need, cell.name, cell.count) for cell in counted.who)


async def test_a_question_counts_once_in_a_conversation(core: Core, telegram_api: TelegramApi) -> None:
    ana = Phone(core, telegram_api)

    await ana.say("busco un albergue en Tlapa, voy con mis hijos y soy mujer")
    await ana.say("ver más")
    await ana.say("menú")
    await ana.say("busco un albergue en Tlapa")

    found = await counters(core.database)
    assert [(area, need, count) for area, need, _, count in found] == [("12066", "shelter", 1)]
    assert {(state, count) for state, _, _, count in await who(core.database)} == {("12", 1)}


async def test_two_people_count_twice(core: Core, telegram_api: TelegramApi) -> None:
    for chat in (ANA, BEA):
        await Phone(core, telegram_api, chat).say("necesito un abogado en Culiacán")

    assert [(area, need, count) for area, need, _, count in await counters(core.database)] == [
        ("25006", "legal", 2)
    ]


async def test_danger_is_counted_by_state_only(core: Core, telegram_api: TelegramApi) -> None:
    await Phone(core, telegram_api).say("me quieren matar, estoy en Tlapa, ayúdenme")

    found = await counters(core.database)
    assert found
    assert all(len(area) == 2 for area, _, _, _ in found)


async def test_a_false_alarm_says_so(core: Core, telegram_api: TelegramApi) -> None:
    ana = Phone(core, telegram_api)

    await ana.say("me quieren matar")
    await ana.say(tap="danger:no")

    assert [(need, name) for _, need, name, _ in await counters(core.database)] == [
        ("emergency", "false_alarm"),
        ("emergency", "shown"),
    ]


async def test_every_way_in_which_a_question_ends_is_told_by_the_conversation(
    core: Core, telegram_api: TelegramApi
) -> None:
    ana = Phone(core, telegram_api)

    await ana.say("busco un albergue en Tlapa")
    for _ in range(2):  # said again, it is the same question
        ana.now += timedelta(minutes=1)
        await ana.say("fui y me negaron el lugar")
        await ana.say(tap="place:12066")
        await ana.say(tap="need:shelter")
        await ana.say("no contestan el teléfono")
        await ana.say("quiero hablar con una persona")

    found = await counters(core.database)
    ends = {name for area, need, name, _ in found if (area, need) == ("12066", "shelter")}
    assert ends >= {"refused", "wrong"}
    assert ends & {"shown", "none"}
    assert "person" in {name for _, _, name, _ in found}
    assert {n for *_, n in found} == {1}


@pytest.mark.only_on("sqlite")
async def test_a_turn_and_its_counter_are_kept_together_or_not_at_all(
    core: Core, telegram_api: TelegramApi
) -> None:
    ana = Phone(core, telegram_api)
    broken = "CREATE TRIGGER broken BEFORE INSERT ON asked_count BEGIN SELECT RAISE(ABORT, 'broken'); END"
    async with core.database.write() as connection:
        await connection.exec_driver_sql(broken)

    await ana.write("necesito comida en Tlapa")
    await ana.answered()
    waiting = await ana.waiting()
    async with core.database.write() as connection:
        kept = (await connection.execute(select(outbox.c.id))).all()
        await connection.exec_driver_sql("DROP TRIGGER broken")
    await ana.answered()

    assert len(waiting) == 1  # neither the answer nor the wiping of the message stayed
    assert kept == []
    assert await ana.waiting() == []
    assert [(area, need, n) for area, need, _, n in await counters(core.database)] == [("12066", "food", 1)]


async def test_leaving_and_erasing_count_nothing_and_take_nothing_back(
    core: Core, telegram_api: TelegramApi
) -> None:
    ana = Phone(core, telegram_api)
    await ana.say("necesito comida en Tlapa")
    before = await counters(core.database)

    await ana.say("salir")
    await ana.say("borrar")
    await ana.say(tap="erase:yes")

    assert await counters(core.database) == before
    async with core.database.read() as connection:
        kept = (await connection.execute(select(asked_count))).all()
    assert all(ana.person not in repr(row) for row in kept)


async def test_the_database_refuses_violence_finer_than_a_state(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await connection.execute(
                asked_count.insert().values(
                    month=MONTH, area="12066", need=Need.GBV, outcome=Outcome.SHOWN, count=1
                )
            )


async def count(database: Database, area: str, need: Need, times: int, *people: Who) -> None:
    async with database.write() as connection:
        for _ in range(times):
            asked = Asked(area, need, Outcome.SHOWN, tuple(people))
            await counts_store.add(connection, [asked], month=MONTH)


async def test_many_at_once_lose_no_count(database: Database) -> None:
    await asyncio.gather(
        *(count(database, "12066", Need.FOOD, 5, Who.WOMEN, Who.INDIGENOUS) for _ in range(8))
    )

    assert await counters(database) == [("12066", "food", "shown", 40)]
    assert [n for *_, n in await who(database)] == [40, 40]


async def test_a_month_is_published_once_and_only_when_it_is_over(database: Database) -> None:
    await count(database, "12066", Need.FOOD, 12)
    over = datetime(2026, 12, 2, 18, tzinfo=UTC)

    early = await publishing.publish_due(database, threshold=10, now=datetime(2026, 12, 1, 12, tzinfo=UTC))
    first = await publishing.publish_due(database, threshold=10, now=over)
    await count(database, "12066", Need.FOOD, 30)
    again = await publishing.publish_due(database, threshold=20, now=over + timedelta(days=9))

    async with database.read() as connection:
        cells = await counts_store.published(connection, MONTH, MONTH)
    assert (early, first, again) == ((), (MONTH,), ())
    assert [(cell.area, cell.count) for cell in cells] == [("12", 12), ("12066", 12)]


async def test_small_old_counters_go_into_their_state_and_no_published_figure_changes(
    database: Database,
) -> None:
    await count(database, "12066", Need.FOOD, 12)
    await count(database, "12029", Need.FOOD, 3)
    await count(database, "12001", Need.FOOD, 9)
    await publishing.publish_due(database, threshold=10, now=NOW + timedelta(days=30))

    soon = await publishing.merge_old(database, threshold=10, now=datetime(2027, 2, 1, tzinfo=UTC))
    later = await publishing.merge_old(database, threshold=10, now=datetime(2027, 3, 5, tzinfo=UTC))

    assert (soon, later) == (0, 2)
    assert [(area, n) for area, _, _, n in await counters(database)] == [("12", 12), ("12066", 12)]
    async with database.read() as connection:
        cells = await counts_store.published(connection, MONTH, MONTH)
    assert [(cell.area, cell.count) for cell in cells] == [("12", 24), ("12066", 12)]


async def test_the_counters_hold_no_column_about_a_person() -> None:
    columns = {column.name for table in (asked_count, asked_who_count) for column in table.columns}

    assert columns == {"month", "area", "state", "need", "outcome", "who", "count"}
    assert "id" in person.c
