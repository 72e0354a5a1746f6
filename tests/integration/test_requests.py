"""Requests to talk to a person, on both databases: sealed, safe to answer, taken back, and really gone."""

import asyncio
import json
import logging
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot import answering, asking, request_clock, scheduler, sending
from bot.answering import Opened
from bot.calling import CannotAnswer
from bot.core import Core
from bot.safe_times import Window
from bot.texts import casework, privacy
from bot.texts import person as say
from data import outbox_store, people_store, request_store
from data.tables import metadata, outbox, person, request, request_message
from tests.fixtures.platforms import Fault, TelegramApi
from tests.integration.conftest import Seeded
from tests.integration.test_turns import ANA, BEA, Phone, rows

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # noon in Tlapa
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ROSA, LUZ = "account-rosa", "account-luz"
WORDS = "Buenas tardes, soy Rosa, del equipo. Hay lugar para usted y sus hijos desde hoy."
CALL = "¿Puede escribir ahora?"
OURS = {"bot", "services", "data"}


@pytest.fixture
def core(core: Core) -> Core:
    """Faro with a team that answers."""
    return replace(core, operator=replace(core.operator, casework_team=True), _directory=None)


class Slow(Phone):
    """Somebody who never writes too fast, though the clock of these tests stands still."""

    async def sent(self) -> None:
        async with self.core.database.write() as connection:
            await connection.execute(update(person).values(sends_full_at=None))
        await super().sent()


@pytest.fixture
def ana(core: Core, telegram_api: TelegramApi) -> Phone:
    return Slow(core, telegram_api)


async def leave(phone: Phone, *, window: str = "any", days: int = 3) -> Opened:
    """A word left for the team, step by step, about a lawyer in Tlapa."""
    await phone.say("necesito un abogado en tlapa guerrero")
    for tap in (
        "request",
        "request:yes",
        f"request:when:{window}",
        f"request:until:{window}:{days}",
        f"request:send:{window}:{days}",
    ):
        await phone.say(tap=tap)
    return (await answering.requests(phone.core))[-1]


async def taken(phone: Phone, *, window: str = "any", days: int = 3) -> str:
    left = await leave(phone, window=window, days=days)
    await answering.take(phone.core, left.id, by=ROSA)
    return left.id


async def answer(phone: Phone, request_id: str, words: str = WORDS) -> answering.Outcome:
    outcome = await answering.answer(phone.core, request_id, words, by=ROSA, now=phone.now)
    await phone.sent()
    return outcome


async def talking(phone: Phone) -> str:
    """A request in which the person said «Sí»."""
    request_id = await taken(phone)
    await answer(phone, request_id)
    await phone.say(tap="talk:yes")
    return request_id


async def refused(attempt: Awaitable[object]) -> str:
    with pytest.raises(CannotAnswer) as error:
        await attempt
    return str(error.value)


async def said(phone: Phone, request_id: str) -> list[answering.Line]:
    return await answering.thread(phone.core, request_id, by=ROSA, now=phone.now)


async def standing(phone: Phone) -> Opened | None:
    return next((r for r in await answering.requests(phone.core) if r.closed_at is None), None)


async def pass_time(phone: Phone, time: timedelta) -> None:
    """The clock goes on, and the scheduler does what is due."""
    phone.now += time
    await request_clock.look_after(phone.core, phone.now)
    await phone.sent()


async def everything(core: Core) -> str:
    """All that the database holds, as one text."""
    async with core.database.read() as connection:
        found = [list((await connection.execute(select(table))).all()) for table in metadata.sorted_tables]
    return repr(found)


# Left, sealed


async def test_a_request_is_kept_sealed_and_holds_only_what_the_consent_said(ana: Phone) -> None:
    left = await leave(ana, window="night")

    assert (left.need, left.place, left.window) == ("legal", "12066", Window.NIGHT)
    assert left.until == datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
    (row,) = await rows(ana.core.database, request)
    for secret in (b"legal", b"12066", b"night", b"abogado"):
        assert secret not in row["payload"]
    sealed = json.loads(ana.core.keys.open(row["payload"]))
    assert sealed == {"need": "legal", "place": "12066", "window": "night"}
    assert await rows(ana.core.database, request_message) == []


async def test_it_is_kept_in_the_turn_that_answers_or_not_at_all(
    ana: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    await ana.say("necesito un abogado en tlapa guerrero")
    for tap in ("request", "request:yes", "request:when:any", "request:until:any:1"):
        await ana.say(tap=tap)
    with monkeypatch.context() as patched:
        patched.setattr(outbox_store, "add", fails)
        await ana.say(tap="request:send:any:1")
    assert await rows(ana.core.database, request) == []

    await ana.answered()

    assert len(await rows(ana.core.database, request)) == 1


async def test_a_second_word_takes_the_place_of_the_first(ana: Phone) -> None:
    first = await leave(ana, window="any")
    second = await leave(ana, window="morning", days=1)

    assert second.id == first.id
    assert second.window is Window.MORNING
    assert len(await rows(ana.core.database, request)) == 1


async def test_without_a_team_nothing_can_be_left(core: Core, telegram_api: TelegramApi) -> None:
    alone = replace(core, operator=replace(core.operator, casework_team=False), _directory=None)
    phone = Phone(alone, telegram_api)

    for tap in ("request", "request:yes", "request:when:any", "request:send:any:1"):
        await phone.say(tap=tap)

    assert await rows(core.database, request) == []


# Taken back and gone


async def test_borrar_erases_the_request_and_every_word_in_it(ana: Phone) -> None:
    request_id = await talking(ana)
    await ana.say("vivo con mi hermana")
    await answering.close(ana.core, request_id, by=ROSA, now=ana.now)
    await leave(ana)

    await ana.say("borrar")
    await ana.say(tap="erase:yes")

    assert await rows(ana.core.database, request) == []
    assert await rows(ana.core.database, request_message) == []
    assert await rows(ana.core.database, person) == []


@pytest.mark.parametrize(("word", "goodbye"), [("salir", privacy.LEFT), ("alto", privacy.STOPPED)])
async def test_salir_and_alto_take_back_an_open_request(ana: Phone, word: str, goodbye: str) -> None:
    request_id = await taken(ana, window="night")
    await answer(ana, request_id)

    heard = await ana.say(word)
    await pass_time(ana, 8 * HOUR)

    assert heard == [goodbye]
    assert await rows(ana.core.database, request) == []
    assert ana.heard[-1] == goodbye
    assert await refused(answering.answer(ana.core, request_id, WORDS, by=ROSA, now=ana.now)) == casework.GONE


async def test_a_tap_takes_it_back(ana: Phone) -> None:
    await leave(ana)

    heard = await ana.say(tap="request:drop")

    assert heard == [say.TAKEN_BACK]
    assert await rows(ana.core.database, request) == []


async def test_the_retention_takes_the_request_with_the_person(ana: Phone) -> None:
    await talking(ana)

    await scheduler.forget_people(ana.core, NOW + 8 * DAY)

    assert await rows(ana.core.database, request) == []
    assert await rows(ana.core.database, request_message) == []


async def test_a_request_that_nobody_answers_goes_when_its_time_is_over(
    ana: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    await leave(ana, days=0)

    with caplog.at_level(logging.WARNING, "bot.request_clock"):
        await pass_time(ana, DAY)

    assert await rows(ana.core.database, request) == []
    assert "nobody answered in time: 1" in caplog.text


async def test_a_closed_request_is_erased_after_the_set_days(ana: Phone) -> None:
    core = replace(ana.core, operator=replace(ana.core.operator, request_days=2))
    request_id = await talking(ana)
    await answering.close(core, request_id, by=ROSA, now=NOW)

    await request_clock.look_after(core, NOW + 2 * DAY - MINUTE)
    kept = await rows(core.database, request_message)
    await request_clock.look_after(core, NOW + 2 * DAY + MINUTE)

    assert len(kept) == 1
    assert await rows(core.database, request) == []
    assert await rows(core.database, request_message) == []


async def test_a_talk_whose_time_is_over_is_closed_and_not_lost_to_the_caseworker(ana: Phone) -> None:
    request_id = await talking(ana)
    await answering.hand_back(ana.core, request_id, by=ROSA, now=ana.now)

    await pass_time(ana, 4 * DAY)

    (closed,) = await answering.requests(ana.core)
    assert closed.closed_at == ana.now


async def test_an_id_is_never_another_persons_later(ana: Phone, telegram_api: TelegramApi) -> None:
    old = await taken(ana)
    await ana.say("salir")
    bea = Phone(ana.core, telegram_api, chat=BEA)
    new = await taken(bea)

    assert new != old
    assert await refused(answering.answer(ana.core, old, WORDS, by=ROSA, now=NOW)) == casework.GONE
    assert CALL not in bea.heard


# Taken by one caseworker


async def test_two_caseworkers_at_once_are_one_who_has_it_and_one_who_is_told(ana: Phone) -> None:
    left = await leave(ana)

    results = await asyncio.gather(
        answering.take(ana.core, left.id, by=ROSA),
        answering.take(ana.core, left.id, by=LUZ),
        return_exceptions=True,
    )

    assert sorted(type(result).__name__ for result in results) == ["CannotAnswer", "Opened"]


async def test_only_who_took_it_may_read_or_answer(ana: Phone) -> None:
    request_id = await talking(ana)

    for attempt in (
        answering.answer(ana.core, request_id, WORDS, by=LUZ, now=NOW),
        answering.thread(ana.core, request_id, by=LUZ, now=NOW),
        answering.hand_back(ana.core, request_id, by=LUZ, now=NOW),
        answering.close(ana.core, request_id, by=LUZ, now=NOW),
        answering.call(ana.core, request_id, by=LUZ, now=NOW),
        answering.put_back(ana.core, request_id, by=LUZ),
    ):
        assert await refused(attempt) == casework.NOT_YOURS
    assert await refused(answering.take(ana.core, request_id, by=LUZ)) == casework.TAKEN


async def test_what_one_puts_back_another_may_take(ana: Phone) -> None:
    request_id = await taken(ana)

    await answering.put_back(ana.core, request_id, by=ROSA)

    assert (await answering.take(ana.core, request_id, by=LUZ)).taken_by == LUZ


# The first message is neutral


async def test_the_first_message_is_only_the_question_and_the_words_follow_the_yes(ana: Phone) -> None:
    request_id = await taken(ana)
    before = len(ana.heard)

    outcome = await answer(ana, request_id)
    asked = ana.heard[before:]
    heard = await ana.say(tap="talk:yes")

    assert asked == [CALL]
    assert outcome.sentence == casework.CALLED
    assert len(heard) == 1
    assert heard[0].startswith(say.BEGINS)
    assert heard[0].endswith(WORDS)
    assert [line.delivery for line in await said(ana, request_id)] == ["sent"]


async def test_words_that_were_added_meanwhile_follow_in_order(ana: Phone) -> None:
    request_id = await taken(ana)
    await answer(ana, request_id)
    second = await answer(ana, request_id, "Le espero mañana.")

    heard = await ana.say("sí")

    assert second.sentence == casework.CALLED_ALREADY
    assert [words.endswith(end) for words, end in zip(heard, (WORDS, "mañana."), strict=True)] == [True, True]
    assert ana.heard.count(CALL) == 1


async def test_not_now_keeps_the_words_and_leaves_the_person_in_peace(ana: Phone) -> None:
    request_id = await taken(ana)
    await answer(ana, request_id)

    heard = await ana.say(tap="talk:no")
    ana.now += 10 * MINUTE
    soon = await answering.call(ana.core, request_id, by=ROSA, now=ana.now)
    await ana.sent()
    asked_soon = ana.heard.count(CALL)
    ana.now += HOUR
    await answering.call(ana.core, request_id, by=ROSA, now=ana.now)
    await ana.sent()
    later = await ana.say(tap="talk:yes")

    assert heard == [say.NOT_NOW]
    assert soon.at == NOW + HOUR
    assert asked_soon == 1
    assert ana.heard.count(CALL) == 2
    assert later[0].endswith(WORDS)


async def test_the_question_goes_only_in_the_persons_hours_and_then_by_itself(ana: Phone) -> None:
    request_id = await taken(ana, window="night")
    before = len(ana.heard)

    outcome = await answer(ana, request_id)
    await pass_time(ana, 6 * HOUR + 59 * MINUTE)  # 18:59 where she is
    too_early = ana.heard[before:]
    await pass_time(ana, 2 * MINUTE)
    await pass_time(ana, 2 * MINUTE)

    assert outcome.at == NOW + 7 * HOUR
    assert "19:00" in outcome.sentence
    assert too_early == []
    assert ana.heard[before:] == [CALL]


async def test_a_question_without_an_answer_is_asked_once_a_day_at_most(ana: Phone) -> None:
    request_id = await taken(ana, window="night")
    await answer(ana, request_id)

    for _ in range(24):
        await pass_time(ana, 2 * HOUR)

    assert ana.heard.count(CALL) == 2


async def test_a_question_that_could_not_go_in_its_hours_does_not_go_later(ana: Phone) -> None:
    request_id = await taken(ana, window="afternoon")
    ana.api.faults.extend([Fault(500)] * 3)

    await answer(ana, request_id)
    ana.now += 8 * HOUR
    await ana.sent()

    assert CALL not in ana.heard
    found = await standing(ana)
    assert found
    assert found.call_delivery == "dropped"


async def test_the_caseworker_sees_that_the_person_blocked_faro(ana: Phone) -> None:
    request_id = await taken(ana)
    ana.api.blocked.add(ANA)

    await answer(ana, request_id)

    found = await standing(ana)
    assert found
    assert found.call_delivery == "failed"


async def on_whatsapp(phone: Phone) -> None:
    async with phone.core.database.write() as connection:
        await connection.execute(update(person).values(channel="whatsapp"))


async def test_on_whatsapp_no_answer_is_taken_after_24_hours_and_the_reason_says_so(ana: Phone) -> None:
    request_id = await taken(ana)
    await on_whatsapp(ana)

    ana.now += 24 * HOUR
    reason = await refused(answering.answer(ana.core, request_id, WORDS, by=ROSA, now=ana.now))

    assert "24 horas" in reason
    assert "martes 11:55" in reason
    assert await rows(ana.core.database, request_message) == []


async def test_on_whatsapp_safe_hours_after_the_24_hours_are_told_at_once(ana: Phone) -> None:
    request_id = await taken(ana, window="morning")
    await on_whatsapp(ana)

    in_time = await answering.answer(ana.core, request_id, WORDS, by=ROSA, now=NOW)
    late = NOW + DAY  # noon: the morning is over, and the next one comes after the 24 hours
    reason = await refused(answering.answer(ana.core, request_id, WORDS, by=ROSA, now=late))

    assert in_time.at == NOW + 19 * HOUR
    assert "miércoles 7:00" in reason


async def test_telegram_has_no_such_limit(ana: Phone) -> None:
    request_id = await taken(ana)
    ana.now += 30 * HOUR

    await answer(ana, request_id)

    assert ana.heard[-1] == CALL


async def test_nobody_is_written_to_after_the_time_they_chose(ana: Phone) -> None:
    request_id = await taken(ana, days=0)

    reason = await refused(answering.answer(ana.core, request_id, WORDS, by=ROSA, now=NOW + DAY))

    assert "martes 0:00" in reason


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("  ", casework.EMPTY),
        ("Del refugio le contestan que sí hay lugar.", "«refugio»"),
        ("a" * 701, "701"),
        ("🙏" * 400, "800"),
    ],
)
async def test_words_that_can_not_go_are_refused_with_a_reason_and_not_kept(
    ana: Phone, words: str, reason: str
) -> None:
    request_id = await taken(ana)

    assert reason in await refused(answering.answer(ana.core, request_id, words, by=ROSA, now=NOW))
    assert await rows(ana.core.database, request_message) == []


async def test_without_words_there_is_nothing_to_ask_for(ana: Phone) -> None:
    request_id = await taken(ana)

    assert await refused(answering.call(ana.core, request_id, by=ROSA, now=NOW)) == casework.NOTHING_HELD


# While a person answers


async def test_faro_is_silent_and_the_words_are_sealed_for_the_caseworker_only(ana: Phone) -> None:
    request_id = await talking(ana)

    heard = await ana.say("me llamo como mi abuela y estoy en el parque")
    await answer(ana, request_id, "Entiendo. ¿Tiene con quién quedarse hoy?")

    assert heard == []
    assert ana.heard[-1] == "Entiendo. ¿Tiene con quién quedarse hoy?"
    assert [line.by_person for line in await said(ana, request_id)] == [False, True, False]
    assert "abuela" not in await everything(ana.core)
    assert "quedarse" not in await everything(ana.core)


async def test_danger_is_answered_by_faro_while_a_person_answers(ana: Phone) -> None:
    request_id = await talking(ana)

    heard = await ana.say("ya llegó mi esposo y me quiere matar, ayúdenme")
    after = await ana.say("sí voy a llamar")

    assert "911" in heard[0][:60]
    assert after == []
    assert len(await said(ana, request_id)) == 3


async def test_menu_brings_faro_back_and_the_next_answer_begins_with_the_question(ana: Phone) -> None:
    request_id = await talking(ana)

    heard = await ana.say("menú")
    bot_again = await ana.say("busco comida en tlapa")
    ana.now += HOUR
    await answer(ana, request_id, "Buenas, sigo aquí.")

    assert heard[0].startswith("¿Qué necesita?")
    assert len(bot_again) == 1
    assert ana.heard[-1] == CALL


async def test_after_a_pause_the_person_may_go_on_by_a_tap(ana: Phone) -> None:
    await talking(ana)
    await ana.say("menú")

    resumed = await ana.say(tap="talk:yes")
    heard = await ana.say("sigo aquí")

    assert resumed == [say.RESUMED]
    assert heard == []


async def test_salir_in_the_talk_cancels_what_was_on_its_way(ana: Phone) -> None:
    request_id = await talking(ana)
    await answering.answer(ana.core, request_id, "Le mando la dirección.", by=ROSA, now=NOW)

    await ana.write("salir")
    await ana.answered()
    await ana.sent()

    assert "Le mando la dirección." not in ana.heard
    assert ana.heard[-1] == privacy.LEFT


async def test_words_of_a_talk_that_the_person_paused_are_not_sent(ana: Phone) -> None:
    request_id = await talking(ana)
    await answering.answer(ana.core, request_id, "Le mando la dirección.", by=ROSA, now=NOW)

    await ana.say("menú")

    assert "Le mando la dirección." not in ana.heard
    assert [line.delivery for line in await said(ana, request_id)] == ["sent", "dropped"]


async def test_an_answer_of_faro_that_waits_is_held_back_once_a_person_answers(ana: Phone) -> None:
    """The owner is asked for when a message is sent, not when it is queued."""
    request_id = await taken(ana)
    await answer(ana, request_id)
    await ana.write("busco comida en tlapa")
    await ana.answered()
    await ana.write(tap="talk:yes")
    await ana.answered()
    before = len(ana.heard)

    await ana.sent()

    assert [words.endswith(WORDS) for words in ana.heard[before:]] == [True]


async def test_the_owner_is_asked_for_when_words_are_fetched_too(ana: Phone) -> None:
    request_id = await talking(ana)
    await answering.answer(ana.core, request_id, "Le mando la dirección.", by=ROSA, now=NOW)
    async with ana.core.database.write() as connection:
        await connection.execute(update(request).values(owner=request_store.BOT))

    fetched = await sending.fetch(ana.core, ana.person, now=NOW)

    assert fetched == []


async def test_nobody_writes_to_a_phone_that_somebody_else_seems_to_hold(ana: Phone) -> None:
    request_id = await taken(ana)

    await ana.say("quién eres tú? por qué le escribes a mi mujer")
    reason = await refused(answering.answer(ana.core, request_id, WORDS, by=ROSA, now=ana.now))
    await ana.say("hola")
    asked = await ana.say("persona")
    await leave(ana)
    again = await answer(ana, request_id)

    assert reason == casework.DOUBT
    assert say.PERSON_LEFT not in asked[0]
    assert again.sentence == casework.CALLED


# The bot comes back


async def test_faro_comes_back_by_itself_and_tells_who_waits(ana: Phone) -> None:
    request_id = await talking(ana)
    ana.now += 5 * MINUTE
    await ana.say("¿sigue ahí?")

    await pass_time(ana, 24 * MINUTE)
    still = len(ana.heard)
    await pass_time(ana, 2 * MINUTE)
    bot_again = await ana.say("busco comida en tlapa")

    assert ana.heard[still] == say.RETURNED
    assert len(bot_again) == 1
    assert [line.by_person for line in await said(ana, request_id)] == [False, True]


async def test_who_does_not_wait_is_told_with_the_next_message_which_is_kept(ana: Phone) -> None:
    request_id = await talking(ana)
    before = len(ana.heard)

    await pass_time(ana, 31 * MINUTE)
    untold = ana.heard[before:]
    heard = await ana.say("sí, mañana puedo ir")
    after = await ana.say("busco comida en tlapa")

    assert untold == []
    assert heard == [say.RETURNED_KEPT]
    assert len(after) == 1
    assert (await said(ana, request_id))[-1].text == "sí, mañana puedo ir"


async def test_the_caseworker_hands_back_and_the_person_is_told(ana: Phone) -> None:
    request_id = await talking(ana)

    await answering.hand_back(ana.core, request_id, by=ROSA, now=ana.now)
    await ana.sent()
    bot_again = await ana.say("busco comida en tlapa")

    assert ana.heard[-2] == say.HANDED_BACK
    assert len(bot_again) == 1


async def test_last_words_are_not_cut_off_by_closing(ana: Phone) -> None:
    request_id = await talking(ana)
    await answering.answer(ana.core, request_id, "Que le vaya bien.", by=ROSA, now=NOW)

    reason = await refused(answering.close(ana.core, request_id, by=ROSA, now=NOW))
    await ana.sent()
    await answering.close(ana.core, request_id, by=ROSA, now=NOW)
    await ana.sent()

    assert reason == casework.ON_ITS_WAY
    assert ana.heard[-2:] == ["Que le vaya bien.", say.HANDED_BACK]


async def test_closing_erases_words_that_were_never_asked_for(ana: Phone) -> None:
    request_id = await taken(ana)
    await answer(ana, request_id)

    await answering.close(ana.core, request_id, by=ROSA, now=NOW)
    heard = await ana.say(tap="talk:yes")

    assert await rows(ana.core.database, request_message) == []
    assert heard[0].startswith(say.ENDED)


async def test_a_late_word_of_a_caseworker_is_dropped_and_never_sent(ana: Phone) -> None:
    request_id = await talking(ana)
    await answering.answer(ana.core, request_id, "Ya puede venir.", by=ROSA, now=NOW)

    ana.now += 11 * MINUTE
    await ana.sent()

    assert "Ya puede venir." not in ana.heard
    assert (await said(ana, request_id))[-1].delivery == "dropped"


async def test_after_a_silence_of_the_person_the_question_comes_first_again(ana: Phone) -> None:
    request_id = await talking(ana)
    ana.now += 25 * MINUTE
    await answer(ana, request_id, "¿Cómo sigue?")
    ana.now += 10 * MINUTE

    await answer(ana, request_id, "Aquí estoy si me necesita.")

    assert ana.heard[-2:] == ["¿Cómo sigue?", CALL]


async def test_a_message_that_crosses_with_the_end_of_the_talk_is_answered_by_faro(ana: Phone) -> None:
    """The turn found a talk, and the talk ended before the turn was kept."""
    request_id = await talking(ana)
    original = asking.follow

    async def ends_first(*arguments: Any, **named: Any) -> Any:
        connection = arguments[1]
        await request_store.close(connection, request_id, now=NOW)
        return await original(*arguments, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asking, "follow", ends_first)
        await ana.write("busco comida en tlapa")
        await ana.answered()
    crossed = len(await ana.waiting())
    await answering.close(ana.core, request_id, by=ROSA, now=NOW)
    before = len(ana.heard)
    await ana.answered()
    await ana.sent()

    assert crossed == 1
    assert ana.heard[before:][0] == say.HANDED_BACK
    assert len(ana.heard[before:]) == 2


# Nothing personal anywhere


async def test_nothing_that_was_said_stands_in_a_log_or_unsealed(
    ana: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        request_id = await talking(ana)
        await ana.say("soy la del vestido amarillo")
        await answer(ana, request_id, "Ya le mandé el dato al correo.")
        await pass_time(ana, HOUR)
        await answering.close(ana.core, request_id, by=ROSA, now=ana.now)
        await pass_time(ana, 30 * DAY)

    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.split(".")[0] in OURS)
    assert "bot.request_clock" in {record.name for record in caplog.records}
    for secret in ("amarillo", "correo", "lugar para usted", str(ANA), ana.person, request_id, ROSA):
        assert secret not in ours


async def test_a_request_sealed_with_a_key_that_is_gone_stops_nothing(seeded: Seeded, ana: Phone) -> None:
    await taken(ana)
    async with ana.core.database.write() as connection:
        await connection.execute(update(request).values(payload=b"another key"))
    bea = Phone(ana.core, ana.api, chat=BEA)
    other = await taken(bea, window="night")
    await answer(bea, other)

    await request_clock.look_after(ana.core, NOW + 8 * HOUR)
    bea.now += 8 * HOUR
    await bea.sent()

    assert CALL in bea.heard


async def test_the_ids_of_what_was_said_are_not_taken_for_another_persons(ana: Phone) -> None:
    """Outbox ids come again on SQLite once the newest rows are purged."""
    request_id = await talking(ana)
    async with ana.core.database.write() as connection:
        await connection.execute(text("DELETE FROM outbox"))
    bea = Phone(ana.core, ana.api, chat=BEA)
    await bea.write("busco comida en tlapa")
    await bea.answered()
    (row,) = await rows(ana.core.database, outbox)
    async with ana.core.database.write() as connection:
        await connection.execute(update(request_message).values(outbox_id=row["id"]))
        await people_store.lock(connection, ana.person)

    await answering.hand_back(ana.core, request_id, by=ROSA, now=NOW)
    await bea.sent()

    assert len(bea.heard) == 1
