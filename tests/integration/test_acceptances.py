"""Answers that platforms took at the same time are noted together, on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from data import acceptance_store, channel_store, inbox_store, outbox_store, people_store
from data.acceptance_store import Acceptance
from data.database import Database
from data.inbox_store import Arrival
from data.outbox_store import Answer
from data.tables import outbox, person, sent_message

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
UNSEND = Answer(b"what deletes it", late_at=NOW + timedelta(hours=48))


async def sent_to(database: Database, *people: str, channel: str = "whatsapp") -> list[Acceptance]:
    """An answer to each of them is on its way, and the platform takes it."""
    async with database.store() as connection:
        arrivals = [Arrival(channel, f"key-{who}", who, b"address", b"words") for who in people]
        await inbox_store.accept(connection, arrivals, NOW)
        for waiting in [w for who in people for w in await inbox_store.waiting_of(connection, who)]:
            await inbox_store.finish(connection, waiting.id)
            await outbox_store.add(connection, waiting.person_id, channel, [Answer(b"x", late_at=NOW)], NOW)
        found = [await outbox_store.next_of(connection, who) for who in people]
    outgoing = [each for each in found if each]
    return [Acceptance(o.id, o.person_id, channel, NOW, external_key=f"id-{o.id}") for o in outgoing]


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as connection:
        return list((await connection.execute(select(table).order_by(table.c.id))).all())


async def test_what_was_taken_at_once_is_sent_wiped_and_counted(database: Database) -> None:
    taken = await sent_to(database, "bea", "ana", "caro")
    taken += await sent_to(database, "dora", channel="telegram")

    async with database.store() as connection:
        await acceptance_store.note(connection, taken)

    assert {(o.status, o.payload) for o in await rows(database, outbox)} == {("sent", None)}
    assert [o.external_key for o in await rows(database, outbox)] == [
        f"id-{each.outgoing_id}" for each in taken
    ]
    async with database.read() as connection:
        assert await channel_store.counted(connection, "whatsapp", NOW) == (3, 0, 0)
        assert await channel_store.counted(connection, "telegram", NOW) == (1, 0, 0)


async def test_who_left_meanwhile_gets_it_deleted_and_who_stayed_can_have_it_deleted_later(
    database: Database,
) -> None:
    taken = await sent_to(database, "ana", "bea", channel="telegram")
    taken = [replace(each, deletable=b"its id", unsend=UNSEND) for each in taken]
    async with database.store() as connection:
        await outbox_store.cancel_all(connection, "ana", leaves=True)

        await acceptance_store.note(connection, taken)

    assert [each.person_id for each in await rows(database, sent_message)] == ["bea"]
    waiting = [o for o in await rows(database, outbox) if o.status == "waiting"]
    assert [(o.person_id, o.payload) for o in waiting] == [("ana", UNSEND.payload)]


async def test_who_had_everything_erased_is_forgotten_with_the_last_answer(database: Database) -> None:
    taken = await sent_to(database, "ana", "bea")
    async with database.store() as connection:
        await people_store.erase(connection, "ana")

        await acceptance_store.note(connection, taken)

    assert [each.id for each in await rows(database, person)] == ["bea"]


async def test_what_deleted_something_is_no_message_that_counts(database: Database) -> None:
    (taken,) = await sent_to(database, "ana")

    async with database.store() as connection:
        await acceptance_store.note(connection, [replace(taken, external_key="")])

    async with database.read() as connection:
        assert await channel_store.counted(connection, "whatsapp", NOW) == (0, 0, 0)


async def test_two_processes_that_note_the_same_people_keep_each_other_waiting_in_no_circle(
    database: Database, another: Database
) -> None:
    people = [f"person-{n:02}" for n in range(20)]
    taken = await sent_to(database, *people)

    async def noted(by: Database, each: list[Acceptance]) -> None:
        async with by.store() as connection:
            await acceptance_store.note(connection, each)

    for start in range(0, 20, 4):
        some = taken[start : start + 4]
        await asyncio.gather(noted(database, some), noted(another, some[::-1]))

    assert {o.status for o in await rows(database, outbox)} == {"sent"}
