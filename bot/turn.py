"""One turn: load, understand, respond, save. The answer is sent afterwards, from the outbox."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import conversation, understanding
from bot.core import Core
from bot.flows import danger
from bot.messages import Meaning, Received, Reply, received_from_json
from bot.state import Effect, State, Turn, from_json
from bot.texts import welcome as say
from data import directory_store, inbox_store, outbox_store, people_store
from data.inbox_store import Arrival, Waiting
from data.keys import Keys, Unreadable
from data.outbox_store import Answer
from data.people_store import Person
from services.directory import Directory

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
LATE = timedelta(minutes=30)
LATE_AND_GRAVE = timedelta(minutes=10)
LATE_AND_LEAVING = timedelta(seconds=20)
DELETABLE = timedelta(hours=48)


def arrival(keys: Keys, channel: str, received: Received) -> Arrival:
    """A message as it is stored: ids hashed, contents and address sealed."""
    return Arrival(
        channel=channel,
        external_key=keys.digest("message", channel, received.external_id),
        person_id=keys.digest("person", channel, received.person),
        address=keys.seal(received.address),
        payload=keys.seal(received.to_json()),
    )


async def take(core: Core, waiting: Waiting, *, now: datetime) -> None:
    """Answer one stored message. It ends answered, or set aside with an answer that says so."""
    async with core.database.write() as connection:
        await inbox_store.count_attempt(connection, waiting.id)
    try:
        if waiting.attempts >= MAX_ATTEMPTS:
            await _give_up(core, waiting, reason="the process ended during every try", now=now)
            return
        await _answer(core, waiting, now=now)
    except Exception as error:  # the one broad catch: whatever failed, the person hears of it
        log.exception("turn failed (%s), try %d", type(error).__name__, waiting.attempts + 1, exc_info=False)
        if waiting.attempts + 1 >= MAX_ATTEMPTS:
            await _give_up(core, waiting, reason=type(error).__name__, now=now)


async def _answer(core: Core, waiting: Waiting, *, now: datetime) -> None:
    async with core.database.read() as connection:
        person = await people_store.load(connection, waiting.person_id)
        directory = await core.directory(connection)
    try:
        received = received_from_json(core.keys.open(waiting.payload))
    except Unreadable:
        await _give_up(core, waiting, reason="sealed with a key that is gone", now=now)
        return
    state = _state(core, person, directory, now)
    meaning = await understanding.understand(
        core.nlu, received.inbound, state=state, directory=directory, reading=core.reading
    )
    turn = conversation.respond(state, received.inbound, meaning, directory, now)
    async with core.database.write() as connection:
        await _save(core, connection, waiting, received, turn, now=now)


def _state(core: Core, person: Person | None, directory: Directory, now: datetime) -> State:
    """The conversation, unless it was forgotten, is idle for too long, or can't be read any more."""
    if person is None or person.state is None or person.state_at is None:
        return State()
    try:
        state = from_json(core.keys.open(person.state))
    except (Unreadable, ValueError, TypeError):
        return State()
    if now - person.state_at > timedelta(minutes=directory.operator.idle_minutes):
        return State(stopped=state.stopped, left=state.left)
    return state


async def _save(
    core: Core,
    connection: AsyncConnection,
    waiting: Waiting,
    received: Received,
    turn: Turn,
    *,
    now: datetime,
) -> None:
    """One transaction: the state, the answers, and the message done and wiped."""
    person_id = waiting.person_id
    if received.deletable:
        await people_store.add_sent(connection, person_id, core.keys.seal(received.deletable), now)
    answers = await _answers(core, connection, waiting, received, turn, now=now)
    if turn.effect is Effect.ERASE:
        await people_store.erase(connection, person_id)
    else:
        state = core.keys.seal(turn.state.to_json())
        await people_store.save_state(connection, person_id, state=state, stopped=turn.state.stopped, now=now)
    await outbox_store.add(connection, person_id, waiting.channel, answers, now)
    if turn.reported:
        await directory_store.add_report(connection, turn.reported, on=now.date())
    await inbox_store.finish(connection, waiting.id)


async def _answers(
    core: Core,
    connection: AsyncConnection,
    waiting: Waiting,
    received: Received,
    turn: Turn,
    *,
    now: datetime,
) -> list[Answer]:
    """What goes to the outbox; whoever leaves, stops or erases gets nothing of what still waited."""
    answers: list[Answer] = []
    if turn.effect:
        await outbox_store.cancel_all(connection, waiting.person_id)
    if turn.effect is Effect.LEAVE:
        sealed = await people_store.take_sent(connection, waiting.person_id, since=now - DELETABLE)
        ids = [core.keys.open(message) for message in sealed]
        answers += [_deletion(core, ids, now)] if ids else []
    late = _late(turn)
    for i, reply in enumerate(turn.replies):
        context = received.context if i == 0 else ""
        payload = {"reply": reply.to_dict(), "context": context}
        answers.append(
            Answer(
                core.keys.seal(json.dumps(payload, ensure_ascii=False)),
                late_at=waiting.received_at + late,
                drop_when_late=late is LATE_AND_LEAVING,
            )
        )
    return answers


def _deletion(core: Core, ids: list[str], now: datetime) -> Answer:
    payload = core.keys.seal(json.dumps({"delete": ids}))
    return Answer(payload, late_at=now + DELETABLE, drop_when_late=True)


def _late(turn: Turn) -> timedelta:
    if turn.state.left:
        return LATE_AND_LEAVING
    return LATE_AND_GRAVE if turn.grave else LATE


async def _give_up(core: Core, waiting: Waiting, *, reason: str, now: datetime) -> None:
    """Set a message aside and tell the person, with a line to call."""
    reply = Reply(say.BROKEN.format(line=danger.FALLBACK_NUMBER))
    payload = json.dumps({"reply": reply.to_dict(), "context": ""}, ensure_ascii=False)
    answer = Answer(core.keys.seal(payload), late_at=waiting.received_at + LATE)
    async with core.database.write() as connection:
        await inbox_store.set_aside(connection, waiting.id, reason=reason)
        await outbox_store.add(connection, waiting.person_id, waiting.channel, [answer], now)


async def in_memory(
    core: Core, state: State, received: Received, *, directory: Directory, now: datetime | None = None
) -> tuple[Turn, Meaning]:
    """A turn that keeps nothing, for the terminal: the same understanding and the same conversation."""
    now = now or datetime.now(UTC)
    meaning = await understanding.understand(
        core.nlu, received.inbound, state=state, directory=directory, reading=core.reading
    )
    turn = conversation.respond(state, received.inbound, meaning, directory, now)
    if turn.effect is Effect.ERASE:
        turn = replace(turn, state=State())
    return turn, meaning
