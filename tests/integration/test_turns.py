"""Turns and sends through Faro's own parts, with Telegram's Bot API as a server on this machine."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot import scheduler, sending, turn, worker
from bot.core import Core
from bot.messages import Inbound, Received
from bot.texts import privacy, welcome
from bot.worker import send_loop, turn_loop
from data import inbox_store, outbox_store, people_store
from data.database import Database
from data.inbox_store import Waiting
from data.keys import Keys
from data.outbox_store import Outgoing
from data.tables import inbox, outbox, person, sent_message, service_report
from tests.fixtures.platforms import Fault, TelegramApi
from tests.fixtures.platforms.telegram_api import too_many
from tests.fixtures.postgres import Postgres
from tests.fixtures.process import until
from tests.integration.conftest import SECRET, Seeded, core_on

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ANA, BEA = 5_000_000_001, 5_000_000_002
ON_POSTGRES = pytest.mark.only_on("postgres")


@dataclass
class Phone:
    """A person with a phone on Telegram, at a time that the test sets."""

    core: Core
    api: TelegramApi
    chat: int = ANA
    now: datetime = NOW
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def person(self) -> str:
        return self.core.keys.digest("person", "telegram", str(self.chat))

    async def write(self, text: str = "", *, tap: str = "", again: int | None = None) -> None:
        """The message is stored, and nothing else happens yet."""
        number = again or next(self._ids)
        received = Received(
            f"message:{self.chat}:{number}",
            str(self.chat),
            str(self.chat),
            Inbound(text=text, option=tap),
            deletable=str(number),
        )
        async with self.core.database.write() as connection:
            arrival = turn.arrival(self.core.keys, "telegram", received)
            await inbox_store.accept(connection, [arrival], self.now)

    async def waiting(self) -> list[Waiting]:
        async with self.core.database.read() as connection:
            return await inbox_store.waiting_of(connection, self.person)

    async def answered(self) -> None:
        """Everything that waits gets its turn."""
        for message in await self.waiting():
            await turn.take(self.core, message, now=self.now)

    async def sent(self) -> None:
        """Everything that is due is sent."""
        await sending.send_all(self.core, self.person, now=self.now)

    async def say(self, text: str = "", *, tap: str = "") -> list[str]:
        """What comes back to a message."""
        before = len(self.heard)
        await self.write(text, tap=tap)
        await self.answered()
        await self.sent()
        return self.heard[before:]

    @property
    def heard(self) -> list[str]:
        return [sent["text"] for sent in self.api.messages if sent["chat_id"] == self.chat]

    async def kept(self) -> people_store.Person | None:
        async with self.core.database.read() as connection:
            return await people_store.load(connection, self.person)


@pytest.fixture
def ana(core: Core, telegram_api: TelegramApi) -> Phone:
    return Phone(core, telegram_api)


async def rows(database: Database, table: Any) -> list[dict[str, Any]]:
    async with database.read() as connection:
        found = (await connection.execute(select(table).order_by(table.c.id))).mappings()
        return [dict(row) for row in found]


async def spoil(core: Core, values: dict[str, object]) -> None:
    async with core.database.write() as connection:
        await connection.execute(update(inbox).where(inbox.c.status == "waiting").values(**values))


async def begin_to_send(phone: Phone) -> Outgoing:
    """A sender that was killed in the middle of its next send."""
    async with phone.core.database.write() as connection:
        found = await outbox_store.next_of(connection, phone.person)
        assert found is not None
        await outbox_store.start(connection, found, unknown=found.unknown)
    return found


# Exactly one answer


async def test_a_message_is_answered_once_and_its_words_are_gone(ana: Phone) -> None:
    heard = await ana.say("hola")

    assert len(heard) == 1
    (stored,) = await rows(ana.core.database, inbox)
    assert (stored["status"], stored["payload"], stored["person_id"]) == ("done", None, None)
    (answer,) = await rows(ana.core.database, outbox)
    assert (answer["status"], answer["payload"]) == ("sent", None)


async def test_a_redelivery_gets_no_second_answer(ana: Phone) -> None:
    await ana.write("hola", again=7)
    await ana.answered()
    await ana.sent()

    await ana.write("hola", again=7)
    await ana.answered()
    await ana.sent()

    assert len(ana.heard) == 1


async def test_two_workers_with_the_same_message_give_one_answer(ana: Phone, second_core: Core) -> None:
    """As after a lease that ended too early: both took the message up before either finished."""
    await ana.write("necesito un albergue")
    (message,) = await ana.waiting()

    await asyncio.gather(turn.take(ana.core, message, now=NOW), turn.take(second_core, message, now=NOW))
    await ana.sent()

    assert len(ana.heard) == 1
    assert len(await rows(ana.core.database, outbox)) == 1


async def test_two_senders_with_the_same_person_send_one_answer(ana: Phone, second_core: Core) -> None:
    ana.api.latency = (0.3, 0.3)
    await ana.write("hola")
    await ana.answered()
    async with ana.core.database.read() as connection:
        found = await outbox_store.next_of(connection, ana.person)
    assert found is not None

    await asyncio.gather(
        sending._send_one(ana.core, found, now=NOW), sending._send_one(second_core, found, now=NOW)
    )

    assert len(ana.heard) == 1


async def test_answers_come_in_the_order_of_the_messages(ana: Phone) -> None:
    for text in ("hola", "privacidad", "menú"):
        await ana.write(text)
    await ana.answered()
    await ana.sent()

    assert len(ana.heard) == 3
    assert "Cómo cuido sus datos" in ana.heard[1]
    assert "Cómo cuido sus datos" not in ana.heard[0] + ana.heard[2]


async def test_a_service_report_is_stored_without_the_person(ana: Phone) -> None:
    async with ana.core.database.read() as connection:
        directory = await ana.core.directory(connection)
    service_id = next(iter(directory._by_id))

    await ana.say(tap=f"wrong:{service_id}")

    (report,) = await rows(ana.core.database, service_report)
    assert report["service_id"] == service_id
    assert set(report) == {"id", "service_id", "reported_on"}


# What can't be handled


async def test_a_poison_message_is_set_aside_with_an_answer(ana: Phone) -> None:
    await ana.write("hola")
    await spoil(ana.core, {"payload": ana.core.keys.seal('{"inbound": 5}')})

    tries = 0
    while waiting := await ana.waiting():
        await turn.take(ana.core, waiting[0], now=NOW)
        tries += 1
    await ana.sent()

    assert tries == turn.MAX_ATTEMPTS
    assert [text.split(".")[0] for text in ana.heard] == [welcome.BROKEN.split(".")[0]]
    assert "911" in ana.heard[0]
    (stored,) = await rows(ana.core.database, inbox)
    assert (stored["status"], stored["payload"], stored["person_id"]) == ("poison", None, None)
    assert stored["reason"] in ("TypeError", "KeyError")


async def test_a_message_behind_a_poison_one_waits_for_it_and_is_then_answered(ana: Phone) -> None:
    ana.now = datetime.now(UTC)
    await ana.write("hola")
    await spoil(ana.core, {"payload": ana.core.keys.seal("no json")})
    await ana.write("privacidad")
    sends = send_loop(ana.core)
    turns = turn_loop(ana.core, after=sends.wake)

    await run_until(turns, sends, lambda: len(ana.heard) >= 2)

    assert "Algo falló" in ana.heard[0]
    assert "Cómo cuido sus datos" in ana.heard[1]
    assert len(ana.heard) == 2


async def test_a_message_that_ended_the_process_every_time_is_set_aside_with_an_answer(ana: Phone) -> None:
    await ana.write("hola")
    await spoil(ana.core, {"attempts": turn.MAX_ATTEMPTS})

    await ana.answered()
    await ana.sent()

    assert "Algo falló" in ana.heard[0]
    (stored,) = await rows(ana.core.database, inbox)
    assert stored["reason"] == "the process ended during every try"


async def test_a_message_sealed_with_a_lost_key_is_set_aside(
    ana: Phone, seeded: Seeded, database: Database, telegram_api: TelegramApi
) -> None:
    await ana.write("hola")
    (message,) = await ana.waiting()

    async with core_on(seeded, database, telegram_api, keys=lambda: Keys("another secret " * 3)) as other:
        assert await turn.take(other, message, now=NOW)
        await sending.send_all(other, message.person_id, now=NOW)

    (stored,) = await rows(database, inbox)
    (answer,) = await rows(database, outbox)
    assert (stored["status"], stored["payload"]) == ("poison", None)
    assert (answer["status"], answer["payload"]) == ("failed", None)
    assert "key" in stored["reason"]
    assert "key" in answer["reason"]


async def test_a_rotated_key_still_opens_what_waits(
    ana: Phone, seeded: Seeded, database: Database, telegram_api: TelegramApi
) -> None:
    await ana.write("privacidad")
    (message,) = await ana.waiting()

    rotated = Keys("another secret " * 3, old=SECRET)
    async with core_on(seeded, database, telegram_api, keys=lambda: rotated) as other:
        await turn.take(other, message, now=NOW)
        await sending.send_all(other, message.person_id, now=NOW)

    assert "Cómo cuido sus datos" in ana.heard[0]


@pytest.mark.parametrize("state", [b"not sealed at all", None], ids=["unreadable", "of another shape"])
async def test_a_conversation_that_cannot_be_read_begins_anew(ana: Phone, state: bytes | None) -> None:
    await ana.say("necesito un albergue")
    broken = state or ana.core.keys.seal('{"options": 5, "shown": "x", "place": []}')
    async with ana.core.database.write() as connection:
        await connection.execute(update(person).values(state=broken))

    await ana.write("privacidad")
    while await ana.waiting():
        await ana.answered()
    await ana.sent()

    assert "Cómo cuido sus datos" in ana.heard[-1]
    assert len(ana.heard) == 2


async def test_a_message_sent_by_nobody_we_can_reach_ends_with_a_reason(ana: Phone) -> None:
    ana.api.blocked.add(ANA)

    await ana.say("hola")

    (answer,) = await rows(ana.core.database, outbox)
    assert (answer["status"], answer["payload"]) == ("failed", None)
    assert "blocked" in answer["reason"]
    assert str(ANA) not in answer["reason"]


# Sends that fail


async def test_an_answer_the_platform_refused_for_now_is_sent_later_once(ana: Phone) -> None:
    ana.api.faults.extend([too_many(7), Fault(502, {"ok": False, "error_code": 502, "description": "Bad"})])
    await ana.say("hola")
    assert ana.heard == []

    for seconds in (6, 7, 8, 60):
        ana.now = NOW + seconds * SECOND
        await ana.sent()

    assert len(ana.heard) == 1


async def test_what_comes_next_waits_for_an_answer_that_waits(ana: Phone) -> None:
    ana.api.faults.append(too_many(30))
    await ana.say("hola")
    await ana.say("privacidad")
    assert ana.heard == []

    ana.now = NOW + 31 * SECOND
    await ana.sent()

    assert len(ana.heard) == 2
    assert "Cómo cuido sus datos" in ana.heard[1]


async def test_a_send_whose_acceptance_is_unknown_is_repeated_once_at_most(ana: Phone) -> None:
    ana.api.always = Fault(cut="after")
    await ana.say("hola")
    for minutes in (1, 2, 3, 4):
        ana.now = NOW + minutes * MINUTE
        await ana.sent()

    assert len(ana.heard) == 2
    (answer,) = await rows(ana.core.database, outbox)
    assert (answer["status"], answer["payload"]) == ("failed", None)


async def test_a_send_cut_off_by_a_kill_is_repeated_once_at_most(ana: Phone) -> None:
    await ana.write("hola")
    await ana.answered()
    for _ in range(2):
        await begin_to_send(ana)  # and the process is gone
        async with ana.core.database.write() as connection:
            found = await outbox_store.next_of(connection, ana.person)
            assert found is not None
            if found.attempts == 2:
                await connection.execute(update(outbox).values(unknown=1))

    await ana.sent()

    assert ana.heard == []
    (answer,) = await rows(ana.core.database, outbox)
    assert answer["status"] == "failed"


async def test_a_send_cut_off_once_is_sent_again(ana: Phone) -> None:
    await ana.write("hola")
    await ana.answered()
    await begin_to_send(ana)

    await ana.sent()

    assert len(ana.heard) == 1


async def test_an_answer_in_a_form_that_cannot_be_read_does_not_stop_the_next(ana: Phone) -> None:
    await ana.write("hola")
    await ana.answered()
    async with ana.core.database.write() as connection:
        await connection.execute(update(outbox).values(payload=ana.core.keys.seal('{"reply": 5}')))

    heard = await ana.say("privacidad")

    assert len(heard) == 1
    assert [row["status"] for row in await rows(ana.core.database, outbox)] == ["failed", "sent"]


# Late answers


async def test_a_late_answer_is_replaced_by_words_that_expose_nothing(ana: Phone) -> None:
    await ana.write("busco albergue en Puebla")
    await ana.answered()

    ana.now = NOW + 30 * MINUTE
    await ana.sent()

    assert ana.heard == [welcome.LATE]


async def test_an_answer_about_danger_is_late_after_ten_minutes(ana: Phone) -> None:
    await ana.write("mi esposo me quiere matar, está afuera con un cuchillo")
    await ana.answered()

    ana.now = NOW + 10 * MINUTE
    await ana.sent()

    assert ana.heard == [welcome.LATE]


async def test_an_answer_that_is_not_late_yet_is_sent_whole(ana: Phone) -> None:
    await ana.write("mi esposo me quiere matar, está afuera con un cuchillo")
    await ana.answered()

    ana.now = NOW + 9 * MINUTE
    await ana.sent()

    assert "911" in ana.heard[0]


async def test_a_message_answered_late_because_faro_was_down_is_answered_neutrally(ana: Phone) -> None:
    await ana.write("busco albergue en Puebla")

    ana.now = NOW + timedelta(hours=3)
    await ana.answered()
    await ana.sent()

    assert ana.heard == [welcome.LATE]


# SALIR, ALTO, BORRAR


async def test_leaving_cancels_what_waits_and_says_four_words(ana: Phone) -> None:
    await ana.write("busco albergue en Puebla")
    await ana.write("salir")
    await ana.answered()
    await ana.sent()

    assert ana.heard == [privacy.LEFT]


async def test_the_goodbye_is_dropped_after_twenty_seconds(ana: Phone) -> None:
    await ana.write("salir")
    await ana.answered()

    ana.now = NOW + 20 * SECOND
    await ana.sent()

    assert ana.heard == []
    assert [row["status"] for row in await rows(ana.core.database, outbox)][-1] == "dropped"


async def test_the_goodbye_is_tried_once(ana: Phone) -> None:
    ana.api.faults.extend([None, Fault(500, {"ok": False, "error_code": 500, "description": "x"})])
    await ana.say("salir")

    ana.now = NOW + 5 * SECOND
    await ana.sent()

    assert ana.heard == []


async def test_a_goodbye_cut_off_by_a_kill_is_not_said_again(ana: Phone) -> None:
    await ana.write("me están viendo")
    await ana.answered()
    await begin_to_send(ana)

    await ana.sent()

    assert ana.heard == []


async def test_leaving_deletes_the_messages_of_both_sides(ana: Phone) -> None:
    await ana.say("busco albergue en Puebla")
    ours = ana.api.messages[0]["message_id"]

    await ana.say("salir")

    assert set(ana.api.deleted) == {(ANA, 1), (ANA, ours), (ANA, 2)}
    async with ana.core.database.read() as connection:
        left = await connection.scalar(select(func.count()).select_from(sent_message))
    assert left == 1  # the goodbye itself


async def test_deleting_is_tried_again_when_the_platform_fails(ana: Phone) -> None:
    await ana.say("busco albergue en Puebla")
    ana.api.faults.append(too_many(3))

    await ana.say("salir")
    assert ana.api.deleted == []
    ana.now = NOW + 4 * SECOND
    await ana.sent()

    assert len(ana.api.deleted) == 3


async def test_an_answer_on_its_way_while_the_person_leaves_is_deleted_once_it_arrives(ana: Phone) -> None:
    ana.api.latency = (0.4, 0.4)
    await ana.write("busco albergue en Puebla")
    await ana.answered()
    on_its_way = asyncio.create_task(sending.send_all(ana.core, ana.person, now=NOW))
    await asyncio.sleep(0.2)

    await ana.write("salir")
    await ana.answered()
    await on_its_way
    await ana.sent()

    arrived = [sent["message_id"] for sent in ana.api.messages if sent["text"] != privacy.LEFT]
    assert {(ANA, message_id) for message_id in arrived} <= set(ana.api.deleted)


async def test_leaving_works_when_old_ids_cannot_be_read_any_more(ana: Phone) -> None:
    await ana.say("hola")
    async with ana.core.database.write() as connection:
        await people_store.add_sent(connection, ana.person, b"sealed with a lost key", NOW)

    assert await ana.say("salir") == [privacy.LEFT]


async def test_words_that_sound_like_leaving_cancel_and_delete_nothing(ana: Phone) -> None:
    await ana.say("hola")
    await ana.write("busco albergue en Puebla")
    await ana.write("me están viendo")
    await ana.answered()
    await ana.sent()

    assert ana.heard[1:] == [privacy.LEFT]
    assert ana.api.deleted == []


async def test_hours_after_leaving_an_old_button_meets_a_first_welcome(ana: Phone) -> None:
    async with ana.core.database.read() as connection:
        directory = await ana.core.directory(connection)
    service = next(iter(directory._by_id.values()))
    await ana.say("salir")

    ana.now = NOW + timedelta(hours=5)
    await scheduler.forget_conversations(ana.core, ana.now)
    (heard,) = await ana.say(tap=f"service:{service.id}")

    assert service.name not in heard


async def test_hours_after_stopping_an_old_button_meets_a_first_welcome(ana: Phone) -> None:
    async with ana.core.database.read() as connection:
        directory = await ana.core.directory(connection)
    service = next(iter(directory._by_id.values()))
    assert await ana.say("alto") == [privacy.STOPPED]

    ana.now = NOW + timedelta(hours=5)
    await scheduler.forget_conversations(ana.core, ana.now)
    (heard,) = await ana.say(tap=f"service:{service.id}")

    assert service.name not in heard


async def test_stopping_cancels_what_waits(ana: Phone) -> None:
    await ana.write("busco albergue en Puebla")
    await ana.write("alto")
    await ana.answered()
    await ana.sent()

    assert ana.heard == [privacy.STOPPED]
    kept = await ana.kept()
    assert kept is not None
    assert kept.stopped


async def test_erasing_leaves_nothing_of_the_person_once_it_is_answered(ana: Phone) -> None:
    await ana.say("busco albergue en Puebla para mis hijos")
    await ana.say("borrar")
    before = await ana.kept()
    assert before is not None

    heard = await ana.say(tap="erase:yes")

    assert heard == [privacy.ERASED]
    assert await ana.kept() is None
    for table in (person, outbox, sent_message):
        assert await rows(ana.core.database, table) == []
    for row in await rows(ana.core.database, inbox):
        assert (row["person_id"], row["payload"]) == (None, None)


async def test_erasing_leaves_nothing_even_when_its_answer_cannot_be_sent(ana: Phone) -> None:
    await ana.say("hola")
    ana.api.blocked.add(ANA)

    await ana.say("borrar")
    await ana.say(tap="erase:yes")

    assert await ana.kept() is None


async def test_whoever_writes_again_after_erasing_is_kept_until_answered(ana: Phone) -> None:
    await ana.say("borrar")
    await ana.write(tap="erase:yes")
    await ana.answered()
    await ana.write("privacidad")
    await ana.sent()
    assert await ana.kept() is not None

    await ana.answered()
    await ana.sent()

    assert "Cómo cuido sus datos" in ana.heard[-1]


# Forgetting by the clock


async def test_a_conversation_is_forgotten_after_the_idle_time(ana: Phone) -> None:
    await ana.say("busco albergue en Puebla")

    await scheduler.forget_conversations(ana.core, NOW + 59 * MINUTE)
    before = await ana.kept()
    await scheduler.forget_conversations(ana.core, NOW + 61 * MINUTE)
    after = await ana.kept()

    assert before is not None
    assert before.state is not None
    assert after is not None
    assert (after.state, after.state_at) == (None, None)


async def test_an_idle_conversation_counts_as_forgotten_before_the_job_comes_by(ana: Phone) -> None:
    await ana.say("busco albergue en Puebla")

    ana.now = NOW + 61 * MINUTE
    await ana.say("hola")

    kept = await ana.kept()
    assert kept is not None
    assert kept.state is not None
    assert '"place": ""' in ana.core.keys.open(kept.state)


async def test_a_person_is_forgotten_after_the_retention_time(ana: Phone) -> None:
    await ana.say("hola")

    await scheduler.forget_people(ana.core, NOW + timedelta(days=6, hours=23))
    assert await ana.kept() is not None
    await scheduler.forget_people(ana.core, NOW + timedelta(days=7, seconds=1))

    assert await ana.kept() is None
    assert await rows(ana.core.database, outbox) == await rows(ana.core.database, sent_message) == []


async def test_keys_of_messages_go_after_nine_days(ana: Phone) -> None:
    await ana.say("hola")

    await scheduler.purge_queues(ana.core, NOW + timedelta(days=8))
    assert len(await rows(ana.core.database, inbox)) == 1
    await scheduler.purge_queues(ana.core, NOW + timedelta(days=9, seconds=1))

    assert await rows(ana.core.database, inbox) == []


# The loops


async def run_until(*loops_and_goal: Any) -> None:
    """Run loops until the goal, given last, is reached; then end them in order."""
    *loops, goal = loops_and_goal
    running = [asyncio.create_task(loop.run()) for loop in loops]
    try:
        assert await until(goal, seconds=20)
        await asyncio.sleep(0.3)
    finally:
        for loop in loops:
            loop.stop()
        await asyncio.gather(*running)


async def test_two_processes_share_a_flood_and_answer_each_message_once_in_order(
    core: Core, second_core: Core, telegram_api: TelegramApi
) -> None:
    telegram_api.latency = (0.0, 0.05)
    phones = [Phone(core, telegram_api, chat=ANA + n, now=datetime.now(UTC)) for n in range(12)]
    for text in ("hola", "privacidad", "menú", "alto"):
        await asyncio.gather(*(phone.write(text) for phone in phones))
    loops = []
    for each in (core, second_core):
        sends = send_loop(each)
        loops += [turn_loop(each, after=sends.wake), sends]

    await run_until(*loops, lambda: all(p.heard[-1:] == [privacy.STOPPED] for p in phones))

    for phone in phones:
        # ALTO may cancel what still waited, but never reorders or repeats.
        assert phone.heard[-1] == privacy.STOPPED
        assert len(phone.heard) == len(set(phone.heard)) <= 4
    assert {row["status"] for row in await rows(core.database, inbox)} == {"done"}


async def test_a_slow_turn_keeps_its_person(
    ana: Phone, second_core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person with many messages is in hand for longer than a lease."""
    monkeypatch.setattr(worker, "LEASE", timedelta(seconds=0.4))
    ana.now = datetime.now(UTC)
    ana.api.latency = (0.7, 0.7)
    for _ in range(3):
        await ana.write("privacidad")
    await ana.answered()

    first, second = send_loop(ana.core), send_loop(second_core)
    await run_until(first, second, lambda: len(ana.heard) >= 3)

    assert len(ana.heard) == 3
    assert [row["unknown"] for row in await rows(ana.core.database, outbox)] == [0, 0, 0]


async def test_who_writes_in_the_instant_of_being_let_go_waits_for_no_lease(ana: Phone) -> None:
    """The loop looks for work now a step before, now a step after a person is done."""
    ana.now = datetime.now(UTC)
    turns = turn_loop(ana.core, after=lambda: None)
    steps = iter(range(12))
    taken: list[int] = []

    async def handle(person_id: str, stopping: Any) -> None:
        del person_id, stopping
        for message in await ana.waiting():
            async with ana.core.database.note() as connection:
                await inbox_store.finish(connection, message.id)
        for step in islice(steps, 1):
            await ana.write("hola")
            turns.wake()
            for _ in range(step):
                await asyncio.sleep(0)
            taken.append(step)

    turns._work = replace(turns._work, handle=handle)
    await ana.write("hola")
    running = asyncio.create_task(turns.run())
    all_taken = await until(lambda: len(taken) == 12, seconds=worker.LEASE.total_seconds() / 2)
    turns.stop()
    await running

    assert all_taken, f"nobody took what was written {taken[-1]} steps before the end"


async def test_people_who_must_wait_do_not_keep_the_loop_busy(ana: Phone) -> None:
    ana.now = datetime.now(UTC)
    ana.api.faults.append(too_many(60))
    await ana.say("hola")
    await ana.say("privacidad")
    claims = 0
    sends = send_loop(ana.core)
    claim = sends._work.claim

    async def counted(connection: Any, limit: int) -> list[str]:
        nonlocal claims
        claims += 1
        return await claim(connection, limit)

    sends._work = replace(sends._work, claim=counted)
    running = asyncio.create_task(sends.run())
    await asyncio.sleep(1.5)
    sends.stop()
    await running

    assert claims <= 5


async def test_a_person_in_trouble_does_not_stop_the_others(core: Core, telegram_api: TelegramApi) -> None:
    """An answer for a channel that is not there any more, in the middle of others."""
    now = datetime.now(UTC)
    ana, bea = Phone(core, telegram_api, now=now), Phone(core, telegram_api, chat=BEA, now=now)
    await ana.write("hola")
    await ana.answered()
    async with core.database.write() as connection:
        await connection.execute(update(outbox).values(payload=core.keys.seal('{"delete": 5}')))
    await bea.write("hola")
    await bea.answered()

    await run_until(send_loop(core), lambda: bea.heard)

    assert len(bea.heard) == 1


@ON_POSTGRES
async def test_a_send_that_was_accepted_while_the_database_was_away_is_not_repeated(
    ana: Phone, postgres: Postgres
) -> None:
    ana.now = datetime.now(UTC)
    ana.api.latency = (1.0, 1.0)
    await ana.write("privacidad")
    await ana.answered()
    sends = send_loop(ana.core)
    running = asyncio.create_task(sends.run())
    await asyncio.sleep(0.6)

    await asyncio.to_thread(postgres.stop)
    await asyncio.sleep(1.5)
    assert len(ana.heard) == 1
    await asyncio.to_thread(postgres.start)
    await asyncio.sleep(2.5)
    sends.stop()
    await running

    assert len(ana.heard) == 1
    (answer,) = await rows(ana.core.database, outbox)
    assert (answer["status"], answer["unknown"]) == ("sent", 0)


@ON_POSTGRES
async def test_no_message_is_lost_while_the_loops_cannot_reach_the_database(
    ana: Phone, postgres: Postgres
) -> None:
    ana.now = datetime.now(UTC)
    await ana.write("privacidad")
    sends = send_loop(ana.core)
    turns = turn_loop(ana.core, after=sends.wake)
    await asyncio.to_thread(postgres.stop)
    running = [asyncio.create_task(loop.run()) for loop in (turns, sends)]
    await asyncio.sleep(1.5)

    await asyncio.to_thread(postgres.start)
    assert await until(lambda: bool(ana.heard), seconds=20)
    for loop in (turns, sends):
        loop.stop()
    await asyncio.gather(*running)

    assert len(ana.heard) == 1


async def test_an_answer_that_arrives_while_the_person_writes_stop_is_not_in_the_way(ana: Phone) -> None:
    """The end of a send and a turn that cancels touch the same rows, many times in the same instant."""
    ana.now = datetime.now(UTC)
    for _ in range(10):
        await ana.write("privacidad")
        await ana.answered()
        await ana.write("alto")
        await asyncio.gather(ana.sent(), ana.answered())
        await ana.sent()

    answers = await rows(ana.core.database, outbox)
    assert {row["status"] for row in answers} <= {"sent", "dropped"}
    assert {row["status"] for row in await rows(ana.core.database, inbox)} == {"done"}
    assert ana.heard.count(privacy.STOPPED) == 10
