"""One turn: load, understand, respond, save. The answer is sent afterwards, from the outbox."""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import asking, backlog, consulting, conversation, metrics, missed, understanding
from bot.core import Core
from bot.flows import lines_to_call
from bot.messages import Meaning, Received, Reply, received_from_json
from bot.state import Effect, State, Turn, from_json
from bot.texts import channels
from bot.texts import welcome as say
from bot.understanding import Nlu
from data import counts_store, directory_store, inbox_store, months, outbox_store, people_store, request_store
from data.database import DatabaseAway
from data.inbox_store import Arrival, Waiting
from data.keys import Keys, Unreadable
from data.outbox_store import Answer
from data.people_store import Person
from data.request_store import Kept
from services.directory import Directory
from services.once import reading

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
MAX_TOGETHER = 2000
"""Characters of what was written too fast that are read."""
LATE = timedelta(minutes=30)
LATE_AND_GRAVE = timedelta(minutes=10)
LATE_AND_LEAVING = timedelta(seconds=20)
DELETABLE = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one turn answers: the message, what was written before it too fast, and all of it as one."""

    waiting: Waiting
    beside: tuple[Waiting, ...]
    messages: tuple[Received, ...]
    received: Received


@dataclass(frozen=True, slots=True)
class Known:
    """What a turn begins with. `directory`: None when a newer one must be loaded."""

    person: Person | None
    request: Kept | None
    directory: Directory | None


def arrival(keys: Keys, channel: str, received: Received) -> Arrival:
    """A message as it is stored: ids hashed, contents and address sealed."""
    return Arrival(
        channel=channel,
        external_key=keys.digest("message", channel, received.external_id),
        person_id=keys.digest("person", channel, received.person),
        address=keys.seal(received.address),
        payload=keys.seal(received.to_json()),
    )


async def take(
    core: Core,
    waiting: Waiting,
    *,
    now: datetime,
    beside: Sequence[Waiting] = (),
    with_model: bool = True,
    full_at: datetime | None = None,
) -> bool:
    """Answer one stored message, and with it those `beside` it, which came before. It ends answered, or set
    aside with an answer that says so. `full_at`: the person's pace once it is answered.

    False when it must be tried again, before any later message of the same person. Raises DatabaseAway.
    """
    async with core.database.note() as connection:
        if not await inbox_store.count_attempt(connection, waiting, full_at=full_at):
            return True
        known = await _known(core, connection, waiting.person_id)
    try:
        if waiting.attempts >= MAX_ATTEMPTS:
            await _give_up(core, waiting, reason="the process ended during every try", now=now)
        else:
            core.meter.observe(
                metrics.PART, (datetime.now(UTC) - waiting.received_at).total_seconds(), part="wait"
            )
            with core.meter.timed("turn"):
                await _answer(core, waiting, beside, known, now=now, nlu=core.nlu if with_model else None)
    except DatabaseAway:  # says nothing about the message
        raise
    except Exception as error:  # the one broad catch: whatever failed, the person hears of it
        log.exception("turn failed (%s), try %d", type(error).__name__, waiting.attempts + 1, exc_info=False)
        if not _is_last_try(waiting):
            core.meter.count(metrics.FAILED_TURNS, result="again")
            return False
        await _give_up(core, waiting, reason=type(error).__name__, now=now)
    return True


async def _known(core: Core, connection: AsyncConnection, person_id: str) -> Known:
    person = await people_store.load(connection, person_id)
    has_asked = person is not None and person.has_asked
    request = await request_store.open_of(connection, person_id) if has_asked else None
    return Known(person, request, core.loaded(await directory_store.version(connection)))


async def _answer(
    core: Core,
    waiting: Waiting,
    beside: Sequence[Waiting],
    known: Known,
    *,
    now: datetime,
    nlu: Nlu | None,
) -> None:
    person, directory = known.person, known.directory
    if directory is None:
        async with core.database.read() as connection:
            directory = await core.directory(connection)
    try:
        received = received_from_json(core.keys.open(waiting.payload))
    except Unreadable:
        await _give_up(core, waiting, reason="sealed with a key that is gone", now=now)
        return
    if channel := core.channels.get(waiting.channel):
        channel.seen(received.address, received.context)
    before = [received_from_json(core.keys.open(message.payload)) for message in beside]
    messages = (*before, received)
    taken = Taken(waiting, tuple(beside), messages, _together(before, received))
    # What fails again and again may be the conversation, not the message: the last try begins anew.
    state = State() if _is_last_try(waiting) else _state(core, person, directory, now)
    state = asking.with_casework(state, known.request, person)
    state = replace(state, offered=person.offered if person else "")
    turn = await _respond(core, taken, state, directory, nlu=nlu, now=now)
    async with core.database.note() as connection:
        await _save(core, connection, taken, turn, now=now)
    core.meter.count(metrics.ANSWERED, channel=taken.waiting.channel)


async def _respond(
    core: Core, taken: Taken, state: State, directory: Directory, *, nlu: Nlu | None, now: datetime
) -> Turn:
    received, channel = taken.received, taken.waiting.channel
    if received.in_group:
        return _in_group(state)
    if backlog.is_old(received, channel=channel, now=now):
        return backlog.answer(state, taken.messages, directory, channel=channel, now=now)
    with reading():
        with core.meter.timed("understand"):
            meaning = await understanding.understand(
                nlu, received.inbound, state=state, directory=directory, reading=core.reading
            )
        _count(core, received, meaning)
        turn = conversation.respond(state, received.inbound, meaning, directory, now)
    return missed.quieted(state, turn, meaning)


def _together(before: Sequence[Received], last: Received) -> Received:
    """What was written too fast, as one message; a tap, a place or a file that came last stands alone."""
    texts = [received.inbound.text for received in before if received.inbound.text]
    if not (texts and last.inbound.text):
        return last
    words = "\n".join([*texts, last.inbound.text])[-MAX_TOGETHER:]
    return replace(last, inbound=replace(last.inbound, text=words))


def _in_group(state: State) -> Turn:
    """A group hears once that Faro talks in private, and nothing more while it is remembered."""
    if state.welcomed:
        return Turn(state, ())
    return Turn(replace(state, welcomed=True), (Reply(channels.IN_PRIVATE),))


def _count(core: Core, received: Received, meaning: Meaning) -> None:
    meter, poster = core.meter, received.inbound.poster
    if poster:
        meter.count(metrics.POSTERS, code=poster if poster in core.posters else "other")
    if received.inbound.text.strip():
        meter.count(metrics.UNDERSTOOD, source=meaning.source)
    if meaning.source == "rasa" and meaning.guesses:
        meter.observe(metrics.CONFIDENCE, meaning.guesses[0].confidence)
    for kind in ("urgent", "gbv"):
        if getattr(meaning.danger, kind):
            meter.count(metrics.DANGER, kind=kind)


def _state(core: Core, person: Person | None, directory: Directory, now: datetime) -> State:
    """The conversation, unless it was forgotten, is idle for too long, or can't be read any more."""
    if person is None or person.state is None:
        return State()
    try:
        state = from_json(core.keys.open(person.state))
    except (Unreadable, ValueError, TypeError):
        return State()
    idle = timedelta(minutes=directory.operator.idle_minutes)
    if person.state_at and now - person.state_at > idle:
        return State(stopped=state.stopped, left=state.left)
    return state


def _is_last_try(waiting: Waiting) -> bool:
    return waiting.attempts + 1 >= MAX_ATTEMPTS


async def _save(
    core: Core,
    connection: AsyncConnection,
    taken: Taken,
    turn: Turn,
    *,
    now: datetime,
) -> None:
    """One transaction: the messages done and wiped, the state, and the answers."""
    waiting, received, person_id = taken.waiting, taken.received, taken.waiting.person_id
    await people_store.lock(connection, person_id)
    if not await inbox_store.finish(connection, waiting.id):
        return  # another worker has answered it
    for message in taken.beside:
        await inbox_store.finish(connection, message.id)
    for deletable in filter(None, (each.deletable for each in taken.messages)):
        await people_store.add_sent(connection, person_id, core.keys.seal(deletable), now)
    turn = await asking.follow(core, connection, person_id, turn, context=received.context, now=now)
    answers = await _answers(core, connection, waiting, received, turn, now=now)
    if turn.effect is Effect.ERASE:
        await people_store.erase(connection, person_id)
    else:
        await _keep(core, connection, person_id, turn.state, now=now)
    await missed.keep(core, connection, person_id, turn, now=now)
    await outbox_store.add(connection, person_id, waiting.channel, answers, now)
    await counts_store.add(connection, turn.counts, month=months.of(now))
    await consulting.keep(core, connection, person_id, turn, now=now)
    if turn.reported:
        await directory_store.add_report(connection, turn.reported, on=now.date())


async def _keep(
    core: Core, connection: AsyncConnection, person_id: str, state: State, *, now: datetime
) -> None:
    """That somebody left or stopped (and nothing else) outlives the idle time: old buttons stay dead."""
    silence = None if state.left or state.stopped else now
    sealed = core.keys.seal(state.to_json())
    await people_store.save_state(connection, person_id, state=sealed, stopped=state.stopped, now=silence)


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
    if turn.effect or turn.state.left:
        leaves = turn.effect is Effect.LEAVE
        await outbox_store.cancel_all(connection, waiting.person_id, leaves=leaves)
    if turn.effect is Effect.LEAVE:
        sealed = await people_store.take_sent(connection, waiting.person_id, since=now - DELETABLE)
        ids = _opened(core.keys, sealed)
        answers += [deletion(core.keys, ids, now)] if ids else []
    late = _late(turn)
    for i, reply in enumerate(turn.replies):
        context = received.context if i == 0 else ""
        payload = {"reply": reply.to_dict(), "context": context, "voice": asking.voice_of(turn)}
        answers.append(
            Answer(
                core.keys.seal(json.dumps(payload, ensure_ascii=False)),
                late_at=waiting.received_at + late,
                drop_when_late=late is LATE_AND_LEAVING,
                urgent=bool(turn.grave or turn.effect or turn.state.left),
            )
        )
    return answers


def deletion(keys: Keys, ids: list[str], now: datetime) -> Answer:
    """To be done at the person's side: messages that SALIR takes away."""
    payload = keys.seal(json.dumps({"delete": ids}))
    return Answer(payload, late_at=now + DELETABLE, drop_when_late=True)


def _opened(keys: Keys, sealed: list[bytes]) -> list[str]:
    """Ids of messages. One that can't be read any more must not keep the person from leaving."""
    found = []
    for message in sealed:
        with suppress(Unreadable):
            found.append(keys.open(message))
    return found


def _late(turn: Turn) -> timedelta:
    if turn.state.left:
        return LATE_AND_LEAVING
    return LATE_AND_GRAVE if turn.grave else LATE


async def _give_up(core: Core, waiting: Waiting, *, reason: str, now: datetime) -> None:
    """Set a message aside and tell the person, with a line to call."""
    core.meter.count(metrics.FAILED_TURNS, result="set_aside")
    reply = Reply(say.BROKEN.format(line=lines_to_call.FALLBACK_NUMBER))
    payload = json.dumps({"reply": reply.to_dict(), "context": ""}, ensure_ascii=False)
    answer = Answer(core.keys.seal(payload), late_at=waiting.received_at + LATE)
    async with core.database.note() as connection:
        await people_store.lock(connection, waiting.person_id)
        if not await inbox_store.set_aside(connection, waiting.id, reason=reason):
            return
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
