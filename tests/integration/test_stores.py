"""What is kept, on both databases: nothing twice, nobody in two hands, in order, and really gone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Table, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from data import inbox_store, lease_store, outbox_store, people_store
from data.database import Database, DatabaseAway, open_database
from data.inbox_store import Arrival, Intake, Waiting
from data.outbox_store import Answer, Outgoing
from data.tables import inbox, lease, outbox, person, sent_message

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
LEASE = timedelta(seconds=10)
SECOND = timedelta(seconds=1)
WORDS = b"me quiero ir de mi casa con mis tres hijos"
ADDRESS = b"525500000000"
T = TypeVar("T")
ON_SQLITE = pytest.mark.only_on("sqlite")
ON_POSTGRES = pytest.mark.only_on("postgres")


def message(number: int = 1, *, who: str = "ana", payload: bytes = WORDS) -> Arrival:
    return Arrival("telegram", f"key-{number}", who, ADDRESS, payload)


async def store(database: Database, *arrivals: Arrival, now: datetime = NOW) -> None:
    async with database.store() as connection:
        await inbox_store.accept(connection, list(arrivals), now)


async def take_people(database: Database, *, now: datetime = NOW, limit: int = 10) -> list[str]:
    async with database.write() as connection:
        return await inbox_store.claim_people(connection, now=now, lease=LEASE, limit=limit)


async def people_to_send_to(database: Database, *, now: datetime = NOW, limit: int = 10) -> list[str]:
    async with database.write() as connection:
        return await outbox_store.claim_people(
            connection, now=now, lease=LEASE, limit=limit, channels=["telegram"]
        )


async def waiting(database: Database, who: str = "ana") -> list[Waiting]:
    async with database.read() as connection:
        return await inbox_store.waiting_of(connection, who)


async def answer(database: Database, *payloads: bytes, who: str = "ana", now: datetime = NOW) -> None:
    answers = [Answer(payload, late_at=now + timedelta(minutes=30)) for payload in payloads]
    async with database.write() as connection:
        await outbox_store.add(connection, who, "telegram", answers, now)


async def next_answer(database: Database, who: str = "ana") -> Outgoing:
    async with database.read() as connection:
        found = await outbox_store.next_of(connection, who)
    assert found is not None
    return found


async def write(database: Database, change: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    async with database.write() as connection:
        return await change(connection)


async def count(database: Database, table: Table) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


# Duplicates


async def test_a_message_that_comes_again_is_stored_once(database: Database) -> None:
    await store(database, message())
    await store(database, message(payload=b"other words"), now=NOW + SECOND)

    assert [(each.payload, each.received_at) for each in await waiting(database)] == [(WORDS, NOW)]


async def test_a_message_twice_in_one_webhook_is_stored_once(database: Database) -> None:
    await store(database, message(), message(), message(2))

    assert await count(database, inbox) == 2


async def test_two_processes_that_get_the_same_message_at_once_store_it_once(
    database: Database, another: Database
) -> None:
    for number in range(20):
        await asyncio.gather(store(database, message(number)), store(another, message(number)))

    assert await count(database, inbox) == 20


async def test_the_same_id_on_two_channels_is_two_messages(database: Database) -> None:
    other = Arrival("whatsapp", "key-1", "bea", ADDRESS, WORDS)

    await store(database, message(), other)

    assert await count(database, inbox) == 2


async def test_a_redelivery_does_not_bring_back_a_person_who_was_forgotten(database: Database) -> None:
    await store(database, message())
    await write(database, lambda c: inbox_store.finish(c, 1))
    await write(database, lambda c: people_store.forget_people(c, before=NOW + SECOND))
    assert await count(database, person) == 0

    await store(database, message(), now=NOW + timedelta(days=8))

    assert await count(database, person) == 0


async def test_webhooks_that_come_together_are_stored_once_each(database: Database) -> None:
    intake = Intake(database)
    together = [intake.accept([message(n % 10), message(100 + n)], NOW) for n in range(30)]

    await asyncio.gather(*together)

    assert await count(database, inbox) == 40


async def test_one_webhook_that_cannot_be_stored_takes_no_other_with_it(database: Database) -> None:
    intake = Intake(database)
    broken = Arrival("telegram", "key-9", None, ADDRESS, WORDS)  # type: ignore[arg-type]

    results = await asyncio.gather(
        intake.accept([message(1)], NOW),
        intake.accept([broken], NOW),
        intake.accept([message(2)], NOW),
        return_exceptions=True,
    )

    assert (results[0], results[2]) == (None, None)
    assert isinstance(results[1], Exception)
    assert await count(database, inbox) == 2


async def test_processes_that_store_the_same_people_in_another_order_do_not_lock_each_other_out(
    database: Database, another: Database
) -> None:
    people = ["ana", "bea", "cira", "dora", "eva"]
    one = [message(n, who=who) for n, who in enumerate(people * 8)]
    other = [message(100 + n, who=who) for n, who in enumerate(people[::-1] * 8)]

    await asyncio.gather(store(database, *one), store(another, *other))

    assert await count(database, inbox) == 80


# One at a time per person


async def test_a_person_is_taken_by_one_worker_only(database: Database) -> None:
    await store(database, message(1), message(2))

    assert await take_people(database) == ["ana"]
    assert await take_people(database) == []


async def test_two_processes_at_once_never_take_the_same_person(
    database: Database, another: Database
) -> None:
    people = {f"persona-{n}" for n in range(40)}
    await store(database, *(message(n, who=who) for n, who in enumerate(sorted(people))))

    taken = await asyncio.gather(*(take_people(d, limit=8) for d in (database, another) * 4))

    everybody = [who for some in taken for who in some]
    assert len(everybody) == len(set(everybody))
    assert set(everybody) <= people
    assert len(everybody) >= 8


async def test_whoever_has_waited_longest_is_taken_first(database: Database) -> None:
    await store(database, message(1, who="bea"), now=NOW)
    await store(database, message(2, who="ana"), now=NOW + SECOND)
    await store(database, message(3, who="bea"), now=NOW + SECOND)

    assert await take_people(database, limit=1) == ["bea"]
    assert await take_people(database, limit=1) == ["ana"]


async def test_many_people_in_the_hands_of_others_do_not_hide_those_who_wait(database: Database) -> None:
    await store(database, *(message(n, who=f"persona-{n:03}") for n in range(100)))

    taken = [await take_people(database, limit=8) for _ in range(13)]

    assert sum(len(some) for some in taken) == 100


async def test_a_person_in_the_hands_of_a_dead_worker_is_free_when_the_lease_ends(database: Database) -> None:
    await store(database, message())
    await take_people(database)

    assert await take_people(database, now=NOW + LEASE) == []
    assert await take_people(database, now=NOW + LEASE + SECOND) == ["ana"]


async def test_a_worker_that_lives_keeps_its_person(database: Database) -> None:
    await store(database, message())
    await take_people(database)

    await write(database, lambda c: inbox_store.renew(c, ["ana"], until=NOW + 3 * LEASE))

    assert await take_people(database, now=NOW + 2 * LEASE) == []


async def test_a_person_who_was_let_go_is_not_kept_by_a_late_renewal(database: Database) -> None:
    await store(database, message())
    await take_people(database)
    await write(database, lambda c: inbox_store.release(c, "ana"))

    await write(database, lambda c: inbox_store.renew(c, ["ana"], until=NOW + LEASE))

    assert await take_people(database) == ["ana"]


async def test_messages_of_one_person_come_in_the_order_they_came(database: Database) -> None:
    for number in range(5):
        await store(database, message(number, payload=b"%d" % number))

    assert [m.payload for m in await waiting(database)] == [b"0", b"1", b"2", b"3", b"4"]


async def test_a_message_is_answered_by_one_worker_only(database: Database, another: Database) -> None:
    await store(database, message())
    ((found,)) = await waiting(database)

    ended = await asyncio.gather(
        write(database, lambda c: inbox_store.finish(c, found.id)),
        write(another, lambda c: inbox_store.finish(c, found.id)),
    )

    assert sorted(ended) == [False, True]


async def test_an_answered_message_counts_no_further_try(database: Database) -> None:
    await store(database, message())
    (found,) = await waiting(database)

    assert await write(database, lambda c: inbox_store.count_attempt(c, found))
    assert await write(database, lambda c: inbox_store.finish(c, found.id))
    assert not await write(database, lambda c: inbox_store.count_attempt(c, found))
    assert not await write(database, lambda c: inbox_store.set_aside(c, found.id, reason="too late"))


# Answers


async def test_an_answer_behind_one_that_must_wait_is_not_taken_up(database: Database) -> None:
    await store(database, message())
    await answer(database, b"first", b"second")
    first = await next_answer(database)
    later = NOW + timedelta(minutes=1)
    await write(database, lambda c: outbox_store.retry(c, first.id, not_before=later, unknown=0, reason=""))

    assert await people_to_send_to(database) == []
    assert (await next_answer(database)).payload == b"first"
    assert await people_to_send_to(database, now=later) == ["ana"]


async def test_answers_go_to_whoever_has_waited_longest(database: Database) -> None:
    await store(database, message(1, who="bea"), message(2, who="ana"))
    await answer(database, b"x", who="bea")
    await answer(database, b"y", who="ana")

    assert await people_to_send_to(database) == ["bea", "ana"]


async def test_an_answer_is_begun_by_one_sender_only(database: Database, another: Database) -> None:
    await store(database, message())
    await answer(database, b"x")
    found = await next_answer(database)

    begun = await asyncio.gather(
        write(database, lambda c: outbox_store.start(c, found, unknown=0)),
        write(another, lambda c: outbox_store.start(c, found, unknown=0)),
    )

    assert sorted(begun) == [False, True]


async def test_two_senders_at_once_never_take_the_same_person(database: Database, another: Database) -> None:
    for n in range(20):
        await store(database, message(n, who=f"persona-{n}"))
        await answer(database, b"x", who=f"persona-{n}")

    taken = await asyncio.gather(*(people_to_send_to(d, limit=4) for d in (database, another) * 4))

    everybody = [who for some in taken for who in some]
    assert len(everybody) == len(set(everybody)) >= 4


async def test_the_lease_of_a_sender_runs_out_and_is_renewed(database: Database) -> None:
    await store(database, message())
    await answer(database, b"x")
    assert await people_to_send_to(database) == ["ana"]

    await write(database, lambda c: outbox_store.renew(c, ["ana"], until=NOW + 2 * LEASE))

    assert await people_to_send_to(database, now=NOW + LEASE + SECOND) == []
    assert await people_to_send_to(database, now=NOW + 2 * LEASE + SECOND) == ["ana"]


async def test_whoever_leaves_gets_nothing_of_what_waited(database: Database) -> None:
    await store(database, message())
    await answer(database, b"one", b"two")
    sending = await next_answer(database)
    await write(database, lambda c: outbox_store.start(c, sending, unknown=0))

    await write(database, lambda c: outbox_store.cancel_all(c, "ana", leaves=True))

    assert await people_to_send_to(database) == []
    assert not await write(database, lambda c: outbox_store.start(c, sending, unknown=0))
    assert await write(database, lambda c: outbox_store.sent(c, sending.id)) is True


async def test_an_answer_cancelled_for_another_reason_stays_where_it_arrived(database: Database) -> None:
    await store(database, message())
    await answer(database, b"one")
    found = await next_answer(database)
    await write(database, lambda c: outbox_store.cancel_all(c, "ana"))

    assert await write(database, lambda c: outbox_store.sent(c, found.id)) is False


async def test_noting_twice_that_an_answer_was_sent_changes_nothing(database: Database) -> None:
    await store(database, message())
    await answer(database, b"one")
    found = await next_answer(database)

    assert await write(database, lambda c: outbox_store.sent(c, found.id)) is False
    assert await write(database, lambda c: outbox_store.sent(c, found.id)) is False


# Forgetting


async def test_an_answered_message_keeps_neither_words_nor_person(database: Database) -> None:
    await store(database, message(1), message(2))
    first, second = await waiting(database)

    await write(database, lambda c: inbox_store.finish(c, first.id))
    await write(database, lambda c: inbox_store.set_aside(c, second.id, reason="ValueError"))

    async with database.read() as connection:
        rows = (await connection.execute(select(inbox).order_by(inbox.c.id))).mappings().all()
    assert [(r["payload"], r["person_id"]) for r in rows] == [(None, None), (None, None)]
    assert [(r["status"], r["reason"]) for r in rows] == [("done", ""), ("poison", "ValueError")]


async def test_an_answer_that_ended_keeps_no_words(database: Database) -> None:
    await store(database, message())
    await answer(database, b"sent", b"failed", b"dropped", b"cancelled")
    for end in (
        lambda c, n: outbox_store.sent(c, n),
        lambda c, n: outbox_store.failed(c, n, reason="blocked"),
        lambda c, n: outbox_store.drop(c, n, reason="late"),
    ):
        found = await next_answer(database)
        async with database.write() as connection:
            await end(connection, found.id)
    await write(database, lambda c: outbox_store.cancel_all(c, "ana"))

    async with database.read() as connection:
        rows = (await connection.execute(select(outbox.c.payload, outbox.c.status))).all()
    assert [row.payload for row in rows] == [None] * 4
    assert {row.status for row in rows} == {"sent", "failed", "dropped"}


async def test_old_keys_are_purged_and_what_waits_is_not(database: Database) -> None:
    await store(database, message(1), message(2))
    first, _ = await waiting(database)
    await write(database, lambda c: inbox_store.finish(c, first.id))

    purged = await write(database, lambda c: inbox_store.purge(c, before=NOW + timedelta(days=9)))

    assert purged == 1
    assert len(await waiting(database)) == 1


async def test_ended_answers_are_purged_and_what_waits_is_not(database: Database) -> None:
    await store(database, message())
    await answer(database, b"one", b"two")
    first = await next_answer(database)
    await write(database, lambda c: outbox_store.sent(c, first.id))

    assert await write(database, lambda c: outbox_store.purge(c, before=NOW + timedelta(days=7))) == 1
    assert (await next_answer(database)).payload == b"two"


async def test_silence_ends_a_conversation_and_leaves_the_person(database: Database) -> None:
    await store(database, message(1, who="ana"), message(2, who="bea"))
    for who, at in (("ana", NOW), ("bea", NOW + timedelta(hours=1))):
        async with database.write() as connection:
            await people_store.save_state(connection, who, state=b"sealed", stopped=False, now=at)

    forgotten = await write(
        database, lambda c: people_store.forget_conversations(c, before=NOW + timedelta(minutes=30))
    )

    assert forgotten == 1
    async with database.read() as connection:
        ana, bea = await people_store.load(connection, "ana"), await people_store.load(connection, "bea")
    assert ana is not None
    assert ana.state is None
    assert bea is not None
    assert bea.state == b"sealed"


async def test_silence_does_not_forget_that_somebody_left(database: Database) -> None:
    await store(database, message())
    async with database.write() as connection:
        await people_store.save_state(connection, "ana", state=b"left", stopped=False, now=None)

    forgotten = await write(
        database, lambda c: people_store.forget_conversations(c, before=NOW + timedelta(days=1))
    )

    assert forgotten == 0


async def test_a_person_is_forgotten_with_all_that_hangs_on_them(database: Database) -> None:
    await store(database, message())
    await write(database, lambda c: inbox_store.finish(c, 1))
    await answer(database, b"x")
    await write(database, lambda c: people_store.add_sent(c, "ana", b"sealed id", NOW))
    found = await next_answer(database)
    await write(database, lambda c: outbox_store.sent(c, found.id))

    forgotten = await write(database, lambda c: people_store.forget_people(c, before=NOW + SECOND))

    assert forgotten == 1
    assert [await count(database, table) for table in (person, outbox, sent_message)] == [0, 0, 0]


async def test_whoever_waits_for_a_turn_is_not_forgotten(database: Database) -> None:
    await store(database, message())

    assert await write(database, lambda c: people_store.forget_people(c, before=NOW + SECOND)) == 0


async def test_whoever_waits_for_a_new_answer_is_not_forgotten(database: Database) -> None:
    await store(database, message())
    await write(database, lambda c: inbox_store.finish(c, 1))
    await answer(database, b"x", now=NOW + timedelta(hours=1))

    before = NOW + timedelta(minutes=30)
    assert await write(database, lambda c: people_store.forget_people(c, before=before)) == 0


async def test_an_answer_that_nobody_fetches_keeps_nobody_for_ever(database: Database) -> None:
    await store(database, message())
    await write(database, lambda c: inbox_store.finish(c, 1))
    await answer(database, b"x")

    before = NOW + timedelta(days=7)
    assert await write(database, lambda c: people_store.forget_people(c, before=before)) == 1
    assert await count(database, outbox) == 0


async def test_erasing_leaves_only_the_address_for_the_last_answer(database: Database) -> None:
    await store(database, message())
    await write(database, lambda c: inbox_store.finish(c, 1))
    await write(database, lambda c: people_store.add_sent(c, "ana", b"sealed id", NOW))
    async with database.write() as connection:
        await people_store.save_state(connection, "ana", state=b"state", stopped=True, now=NOW)
        await people_store.erase(connection, "ana")
        await outbox_store.add(connection, "ana", "telegram", [Answer(b"x", late_at=NOW)], NOW)
        await people_store.forget_erased(connection, "ana")

    async with database.read() as connection:
        left = await people_store.load(connection, "ana")
    assert left is not None
    assert (left.state, left.state_at, left.stopped, left.address) == (None, None, False, ADDRESS)
    assert await count(database, sent_message) == 0


async def test_an_erased_person_is_gone_once_the_last_answer_is_sent(database: Database) -> None:
    await store(database, message())
    await write(database, lambda c: inbox_store.finish(c, 1))
    await write(database, lambda c: people_store.erase(c, "ana"))
    await answer(database, b"x")
    found = await next_answer(database)

    async with database.write() as connection:
        await outbox_store.sent(connection, found.id)
        await people_store.forget_erased(connection, "ana")

    assert await count(database, person) == await count(database, outbox) == 0


async def test_a_message_that_is_being_stored_while_its_erased_person_goes_is_not_lost(
    database: Database, another: Database
) -> None:
    for number in range(1, 16):
        await store(database, message(number))
        for found in await waiting(database):
            await write(database, lambda c, n=found.id: inbox_store.finish(c, n))  # type: ignore[misc]
        await write(database, lambda c: people_store.erase(c, "ana"))

        await asyncio.gather(
            store(another, message(1000 + number)),
            write(database, lambda c: people_store.forget_erased(c, "ana")),
        )

        assert await take_people(database) == ["ana"], f"round {number}"
        await write(database, lambda c: inbox_store.release(c, "ana"))


@ON_POSTGRES  # SQLite has one writer: nothing happens in the middle
async def test_a_message_stored_in_the_middle_of_forgetting_keeps_its_person(
    database: Database, another: Database
) -> None:
    await store(database, message())
    await write(database, lambda c: inbox_store.finish(c, 1))
    await write(database, lambda c: people_store.erase(c, "ana"))

    async with another.write() as connection:
        await inbox_store.accept(connection, [message(2)], NOW + SECOND)
        forgetting = asyncio.create_task(write(database, lambda c: people_store.forget_erased(c, "ana")))
        await asyncio.sleep(0.3)
    await forgetting

    assert await take_people(database) == ["ana"]


async def test_messages_to_delete_are_given_once_and_only_while_they_can_be(database: Database) -> None:
    await store(database, message())
    for hours, name in ((60, b"too old"), (10, b"first"), (1, b"second")):
        at = NOW - timedelta(hours=hours)
        await write(database, lambda c, n=name, t=at: people_store.add_sent(c, "ana", n, t))  # type: ignore[misc]

    since = NOW - timedelta(hours=48)
    found = await write(database, lambda c: people_store.take_sent(c, "ana", since=since))

    assert found == [b"first", b"second"]
    assert await write(database, lambda c: people_store.take_sent(c, "ana", since=since)) == []


async def test_messages_that_can_no_longer_be_deleted_are_purged(database: Database) -> None:
    await store(database, message())
    await write(database, lambda c: people_store.add_sent(c, "ana", b"id", NOW))

    assert await write(database, lambda c: people_store.purge_sent(c, before=NOW)) == 0
    assert await write(database, lambda c: people_store.purge_sent(c, before=NOW + SECOND)) == 1


@ON_SQLITE  # PostgreSQL keeps dead rows until its own VACUUM; what is in them is sealed
async def test_the_words_of_an_answered_message_are_overwritten_on_disk(
    database: Database, tmp_path: Path
) -> None:
    words = WORDS * 40
    await store(database, message(payload=words))
    await answer(database, words)
    assert WORDS in files(tmp_path)

    found = await next_answer(database)
    await write(database, lambda c: inbox_store.finish(c, 1))
    await write(database, lambda c: outbox_store.sent(c, found.id))
    await database.settle()

    assert WORDS not in files(tmp_path)


@ON_SQLITE  # PostgreSQL keeps dead rows until its own VACUUM; what is in them is sealed
async def test_an_erased_person_is_overwritten_on_disk(database: Database, tmp_path: Path) -> None:
    await store(database, message(who="an-invented-person"))
    async with database.write() as connection:
        await people_store.save_state(
            connection, "an-invented-person", state=b"sealed state", stopped=False, now=NOW
        )
    await write(database, lambda c: inbox_store.finish(c, 1))
    await write(database, lambda c: people_store.forget_people(c, before=NOW + SECOND))
    await database.settle()

    content = files(tmp_path)
    assert not [piece for piece in (b"an-invented-person", ADDRESS, b"sealed state") if piece in content]


def files(folder: Path) -> bytes:
    """All that SQLite wrote: the database, its log, its shared memory."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("faro.db*")))


# Leases of jobs, and the database itself


async def test_a_job_runs_in_one_process_until_its_lease_ends(database: Database, another: Database) -> None:
    until = NOW + LEASE
    both = await asyncio.gather(
        write(database, lambda c: lease_store.take(c, "scheduler", "one", now=NOW, until=until)),
        write(another, lambda c: lease_store.take(c, "scheduler", "two", now=NOW, until=until)),
    )
    holder, other = ("one", "two") if both[0] else ("two", "one")

    async def take(who: str, now: datetime) -> bool:
        return await write(
            database, lambda c: lease_store.take(c, "scheduler", who, now=now, until=now + LEASE)
        )

    assert sorted(both) == [False, True]
    assert await take(holder, NOW + SECOND)
    assert not await take(other, NOW + LEASE)
    assert await take(other, NOW + 3 * LEASE)
    assert await count(database, lease) == 1


async def test_a_transaction_that_fails_keeps_nothing(database: Database) -> None:
    async def fail(connection: AsyncConnection) -> None:
        await inbox_store.accept(connection, [message()], NOW)
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        await write(database, fail)

    assert await count(database, inbox) == await count(database, person) == 0


async def test_an_error_of_the_database_does_not_quote_what_was_stored(database: Database) -> None:
    wrong = inbox.insert().values(payload=WORDS, person_id="ana", channel=None)

    with pytest.raises(DBAPIError) as caught:
        await write(database, lambda c: c.execute(wrong))

    assert WORDS.decode() not in str(caught.value)


async def test_a_database_that_is_away_is_told_from_a_wrong_statement(database: Database) -> None:
    incomplete = inbox.insert().values(channel="telegram", external_key="key-1")

    with pytest.raises(DBAPIError) as wrong:
        await write(database, lambda c: c.execute(incomplete))

    assert not isinstance(wrong.value, OSError)


@pytest.mark.parametrize(
    "nowhere",
    [
        "postgresql+asyncpg://faro@127.0.0.1:9/faro",
        "sqlite+aiosqlite:////nowhere/at/all/faro.db",
    ],
)
async def test_a_database_that_cannot_be_reached_is_the_database_being_away(nowhere: str) -> None:
    gone = open_database(nowhere)

    with pytest.raises(OSError, match=r"^(?!.*nowhere)"):
        async with gone.read() as connection:
            await connection.execute(text("SELECT 1"))
    await gone.close()
    await asyncio.sleep(0.05)  # the driver's thread still has to say that it ends


@ON_SQLITE  # PostgreSQL has no lock on the whole database
async def test_a_locked_file_is_the_database_being_away(database: Database, another: Database) -> None:
    async with another.read() as connection:
        await connection.execute(text("SELECT 1"))
    async with database.write():
        with pytest.raises(DatabaseAway):
            async with another.write():
                pass
