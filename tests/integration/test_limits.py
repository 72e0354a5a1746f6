"""What comes too fast or too late: paces, floods, the backlog of an outage; statuses, changes of person."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import aiohttp
import pytest
from sqlalchemy import select, update

from bot import intake, scheduler, sending, taking
from bot.channels.whatsapp import WhatsApp
from bot.core import Core
from bot.messages import Delivery, Event, Inbound, PersonChange, Received
from bot.state import State, from_json
from bot.texts import channels as say
from bot.worker import send_loop
from data import channel_store, inbox_store, people_store
from data.tables import inbox, outbox, person, request
from tests.fixtures.platforms import Fault, GraphApi, Pace
from tests.integration.conftest import Seeded

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ANA, BEA = "5215500000001", "5215500000002"
ON_SQLITE = pytest.mark.usually_on("sqlite")


@dataclass
class WhatsAppPhone:
    """A person with a phone on WhatsApp, at a time that the test sets."""

    core: Core
    graph: GraphApi
    number: str = ANA
    now: datetime = NOW
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def person(self) -> str:
        return self.core.keys.digest("person", "whatsapp", "52" + self.number[3:])

    async def tell(self, *events: Event) -> None:
        """As a webhook brings it."""
        told = intake.told(self.core.keys, "whatsapp", events)
        webhook = inbox_store.Webhook(told.arrivals, self.now, told.changes, told.statuses)
        async with self.core.database.write() as connection:
            await inbox_store._accept_all(connection, [webhook])

    async def write(self, text: str = "", *, tap: str = "", sent_at: datetime | None = None) -> None:
        inbound = Inbound(text=text, option=tap, sent_at=sent_at)
        message_id = f"wamid.{self.number}.{next(self._ids)}"
        address = json.dumps({"to": self.number})
        await self.tell(Received(message_id, "52" + self.number[3:], address, inbound, context=message_id))

    async def answered(self) -> None:
        await taking.take_all(
            self.core, self.person, stopping=lambda: False, after=lambda: None, clock=lambda: self.now
        )

    async def sent(self) -> None:
        await sending.send_all(self.core, self.person, now=self.now)

    async def say(self, text: str) -> list[str]:
        before = len(self.heard)
        await self.write(text)
        await self.answered()
        await self.sent()
        return self.heard[before:]

    async def state(self) -> State | None:
        async with self.core.database.read() as connection:
            kept = await people_store.load(connection, self.person)
        return from_json(self.core.keys.open(kept.state)) if kept and kept.state else None

    async def statuses(self) -> list[tuple[str, str, str]]:
        async with self.core.database.read() as connection:
            columns = (outbox.c.status, outbox.c.delivery, outbox.c.reason)
            return [tuple(row) for row in await connection.execute(select(*columns).order_by(outbox.c.id))]

    @property
    def heard(self) -> list[str]:
        return [
            sent["text"]["body"] if "text" in sent else sent["interactive"]["body"]["text"]
            for sent in self.graph.messages
            if sent.get("to") == self.number
        ]


@pytest.fixture
async def ana(core: Core, seeded: Seeded) -> WhatsAppPhone:
    del seeded
    async with GraphApi() as graph, aiohttp.ClientSession() as http:
        channel = WhatsApp(
            http,
            token=graph.token,
            phone_number_id=graph.phone_number_id,
            app_secrets=("invented",),
            api_url=graph.api_url,
        )
        core.channels["whatsapp"] = channel
        yield WhatsAppPhone(core, graph)
        await channel.settled()


# Pace


async def test_a_person_gets_ten_answers_at_once_and_then_one_in_six_seconds(ana: WhatsAppPhone) -> None:
    ana.graph.pace = Pace(burst=45, seconds=6)
    for _ in range(12):
        await ana.write("menú")  # a word that always works: none of them waits for its turn
    await ana.answered()

    await ana.sent()
    assert len(ana.heard) == 10
    ana.now += 5 * SECOND
    await ana.sent()
    assert len(ana.heard) == 10
    ana.now += SECOND
    await ana.sent()
    assert len(ana.heard) == 11


async def test_help_waits_for_no_pace_and_comes_in_its_turn(ana: WhatsAppPhone) -> None:
    for _ in range(11):
        await ana.write("menú")
    await ana.answered()
    await ana.sent()

    await ana.say("me quiere matar mi esposo")

    assert len(ana.heard) == 12
    assert "911" in ana.heard[-1]


async def test_a_platform_that_says_too_fast_is_tried_again_after_4_to_the_x_seconds(
    ana: WhatsAppPhone,
) -> None:
    ana.graph.faults += [Fault(400, {"error": {"code": 131056}}) for _ in range(3)]

    await ana.say("hola")
    waits = []
    for _ in range(3):
        async with ana.core.database.read() as connection:
            due = await connection.scalar(select(outbox.c.not_before).where(outbox.c.status == "waiting"))
        waits.append((due - ana.now).total_seconds())
        ana.now = due
        await ana.sent()

    assert waits == [1.0, 4.0, 16.0]
    assert len(ana.heard) == 1


async def test_a_platform_is_sent_no_more_at_once_than_it_takes(ana: WhatsAppPhone) -> None:
    ana.core.channels["whatsapp"] = channel = ana.core.channels["whatsapp"]
    channel.limits = type(channel.limits)(
        channel.limits.turns, channel.limits.sends, type(channel.limits.sends)(3, 60.0)
    )
    people = [WhatsAppPhone(ana.core, ana.graph, number=f"52155000001{n:02}") for n in range(5)]
    for each in people:
        await each.write("hola")
        await each.answered()
    loop = send_loop(ana.core, "whatsapp")

    async with ana.core.database.write() as connection:
        first = await loop._work.claim(connection, 16)
    async with ana.core.database.write() as connection:
        second = await loop._work.claim(connection, 16)

    assert (len(first), len(second)) == (3, 0)


# Floods: rule 9 of product.md


@ON_SQLITE
async def test_what_is_written_too_fast_is_answered_together_once(ana: WhatsAppPhone) -> None:
    for _ in range(10):
        await ana.say("menú")
    before = len(ana.heard)

    for words in ("busco donde dormir", "y comida", "en tlapa guerrero"):
        await ana.write(words)
    await ana.answered()
    await ana.sent()
    assert len(ana.heard) == before

    ana.now += 6 * SECOND
    await ana.answered()
    ana.now += 60 * SECOND
    await ana.sent()

    assert len(ana.heard) == before + 1
    assert "Tlapa" in ana.heard[-1]
    async with ana.core.database.read() as connection:
        assert not list(await connection.execute(select(inbox.c.id).where(inbox.c.status == "waiting")))


@ON_SQLITE
async def test_danger_within_a_flood_is_answered_at_once(ana: WhatsAppPhone) -> None:
    for _ in range(10):
        await ana.say("menú")
    await ana.write("jajaja")
    await ana.answered()

    await ana.say("ayuda me van a matar")

    assert "911" in ana.heard[-1]


@ON_SQLITE
async def test_words_that_always_work_work_within_a_flood(ana: WhatsAppPhone) -> None:
    for _ in range(10):
        await ana.say("menú")
    await ana.write("jajaja")
    await ana.answered()

    heard = await ana.say("ALTO")

    assert len(heard) == 1
    state = await ana.state()
    assert state is not None
    assert state.stopped


@ON_SQLITE
async def test_a_held_message_does_not_keep_the_loop_busy(ana: WhatsAppPhone) -> None:
    for _ in range(10):
        await ana.say("menú")
    await ana.write("jajaja")
    await ana.answered()

    async def claimed(now: datetime) -> list[str]:
        async with ana.core.database.write() as connection:
            return await inbox_store.claim_people(connection, now=now, lease=SECOND, limit=9)

    assert await claimed(ana.now) == []
    assert await claimed(ana.now + 6 * SECOND) == [ana.person]


# The backlog of an outage


@ON_SQLITE
async def test_a_backlog_gets_one_apology_with_the_menu(ana: WhatsAppPhone) -> None:
    for hours in (5, 4, 3):
        await ana.write("busco comida", sent_at=ana.now - hours * HOUR)
    await ana.write("hola", sent_at=ana.now)

    await ana.answered()
    await ana.sent()

    assert len(ana.heard) == 2
    assert ana.heard[0].startswith(say.SORRY)
    assert not ana.heard[1].startswith(say.SORRY)


@ON_SQLITE
async def test_beyond_the_window_nothing_is_said(ana: WhatsAppPhone) -> None:
    await ana.write("busco comida", sent_at=ana.now - 25 * HOUR)

    await ana.answered()
    await ana.sent()

    assert ana.heard == []
    async with ana.core.database.read() as connection:
        assert await connection.scalar(select(inbox.c.status)) == "done"


@ON_SQLITE
async def test_a_stop_in_the_backlog_is_obeyed_without_a_word(ana: WhatsAppPhone) -> None:
    await ana.write("busco comida", sent_at=ana.now - 3 * HOUR)
    await ana.write("ALTO", sent_at=ana.now - 2 * HOUR)

    await ana.answered()
    await ana.sent()

    assert ana.heard == []
    state = await ana.state()
    assert state is not None
    assert state.stopped


@ON_SQLITE
async def test_a_clock_that_is_wrong_by_years_is_no_backlog(ana: WhatsAppPhone) -> None:
    await ana.write("hola", sent_at=datetime(2016, 1, 1, tzinfo=UTC))

    await ana.answered()
    await ana.sent()

    assert len(ana.heard) == 1
    assert not ana.heard[0].startswith(say.SORRY)


# What became of an answer


async def reference(ana: WhatsAppPhone) -> tuple[str, str]:
    accepted = ana.graph.messages[-1]
    return accepted["id"], accepted["biz_opaque_callback_data"]


async def test_a_status_only_moves_forward(ana: WhatsAppPhone) -> None:
    await ana.say("hola")
    external_id, ours = await reference(ana)

    seen = []
    for status in ("delivered", "sent", "read", "delivered", "failed"):
        await ana.tell(Delivery(external_id, status, ours))
        seen.append((await ana.statuses())[0][1])

    assert seen == ["delivered", "delivered", "read", "read", "read"]


async def test_a_failure_after_acceptance_is_kept_with_its_reason(ana: WhatsAppPhone) -> None:
    await ana.say("hola")
    external_id, ours = await reference(ana)

    await ana.tell(Delivery(external_id, "sent", ours), Delivery(external_id, "failed", ours, 131026))

    (status,) = await ana.statuses()
    assert status == ("failed", "failed", "WhatsApp error 131026: the person cannot be reached on WhatsApp")


async def test_the_status_of_another_message_or_of_none_changes_nothing(ana: WhatsAppPhone) -> None:
    await ana.say("hola")
    _, ours = await reference(ana)

    for delivery in (
        Delivery("wamid.of-another", "failed", ours, 131026),
        Delivery("wamid.x", "failed", "999999"),
        Delivery("wamid.x", "failed", ""),
        Delivery("wamid.x", "failed", "9" * 40),
        Delivery("wamid.x", "failed", "no number"),
    ):
        await ana.tell(delivery)

    assert (await ana.statuses())[0][:2] == ("sent", "")


async def test_a_status_proves_what_a_timeout_left_unknown(ana: WhatsAppPhone) -> None:
    ana.graph.faults.append(Fault(cut="after"))
    await ana.say("hola")
    external_id, ours = await reference(ana)

    await ana.tell(Delivery(external_id, "delivered", ours))
    ana.now += HOUR / 60
    await ana.sent()

    assert len(ana.heard) == 1
    assert (await ana.statuses())[0][:2] == ("sent", "delivered")


async def test_accepted_and_billed_answers_are_counted_once_each(ana: WhatsAppPhone) -> None:
    await ana.say("hola")
    external_id, ours = await reference(ana)
    for status in ("sent", "delivered", "read"):
        await ana.tell(Delivery(external_id, status, ours, billed=True))
    await ana.say("menú")

    async with ana.core.database.read() as connection:
        assert await channel_store.counted(connection, "whatsapp", ana.now) == (2, 1, 0)
        assert await channel_store.counted(connection, "whatsapp", ana.now + 24 * 30 * HOUR) == (0, 0, 0)


@ON_SQLITE
async def test_the_operator_hears_of_the_budget_at_80_and_at_100_per_cent_once(
    ana: WhatsAppPhone, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    async def alarm(sentence: str) -> None:
        told.append(sentence)

    for _ in range(3):
        async with ana.core.database.write() as connection:
            await channel_store.count(connection, "whatsapp", ana.now, accepted=4)
        for _ in range(2):
            await scheduler.watch_budget(ana.core, ana.now, budget=10, alarm=alarm)

    assert len(told) == 2
    assert "80 %" in told[0]
    assert "12 of 10" in told[1]


# Changes of person


async def test_a_conversation_follows_its_person_to_a_new_number(ana: WhatsAppPhone) -> None:
    await ana.say("busco comida en tlapa guerrero")
    before = await ana.state()
    await ana.write("menú")

    await ana.tell(PersonChange("moved", "525500000001", "525500000002", json.dumps({"to": BEA})))
    bea = WhatsAppPhone(ana.core, ana.graph, number=BEA)

    assert await ana.state() is None
    assert await bea.state() == before
    await bea.answered()
    await bea.sent()
    assert len(bea.heard) == 1


async def test_a_person_known_under_both_ids_becomes_one(ana: WhatsAppPhone) -> None:
    bea = WhatsAppPhone(ana.core, ana.graph, number=BEA)
    await bea.say("hola")
    ana.now += HOUR
    await ana.say("busco comida en tlapa guerrero")
    newer = await ana.state()

    await ana.tell(PersonChange("moved", "525500000001", "525500000002"))

    assert await bea.state() == newer
    async with ana.core.database.read() as connection:
        assert list((await connection.execute(select(person.c.id))).scalars()) == [bea.person]


async def test_another_holder_of_the_phone_meets_nothing_of_the_conversation(ana: WhatsAppPhone) -> None:
    await ana.say("busco comida en tlapa guerrero")
    await ana.write("y un albergue")
    await ana.answered()

    await ana.tell(PersonChange("forgotten", "525500000001"))
    await ana.sent()

    assert len(ana.heard) == 1
    assert await ana.state() is None


async def test_whoever_blocked_faro_is_not_written_to_and_not_kept_in_mind(ana: WhatsAppPhone) -> None:
    await ana.say("busco comida en tlapa guerrero")
    async with ana.core.database.write() as connection:
        await connection.execute(update(person).values(address=person.c.address))
    await ana.write("menú")
    await ana.answered()

    await ana.tell(PersonChange("blocked", "525500000001"))
    await ana.sent()

    assert len(ana.heard) == 1
    assert await ana.state() is None
    async with ana.core.database.read() as connection:
        assert not list(await connection.execute(select(request.c.id)))


async def test_a_change_of_somebody_unknown_changes_nothing(ana: WhatsAppPhone) -> None:
    await ana.tell(
        PersonChange("moved", "525500000009", "525500000008"),
        PersonChange("forgotten", "525500000009"),
        PersonChange("unblocked", "525500000009"),
    )

    async with ana.core.database.read() as connection:
        assert not list(await connection.execute(select(person.c.id)))
