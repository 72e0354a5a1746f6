"""What a turn changes in a request to talk to a person: left, taken back, accepted, paused."""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.budget import join
from bot.core import Core
from bot.messages import Reply
from bot.safe_times import Window
from bot.state import Asked, Casework, Effect, Handoff, Request, State, Turn
from data import outbox_store, request_store
from data.keys import Keys
from data.outbox_store import Answer
from data.people_store import Person
from data.request_store import ANY, BOT, PERSON, Kept

LATE = timedelta(minutes=10)
"""After this an answer of a caseworker does not go any more: a late one can expose."""

_OWN_QUESTIONS = (Asked.DANGER, Asked.ERASE)
"""A «sí» after these is meant for them, whatever came in between."""


class Changed(Exception):
    """The request changed while the turn was made; the message is answered again, as it stands now."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person left, opened."""

    need: str
    place: str
    window: Window


def with_casework(state: State, kept: Kept | None, person: Person | None) -> State:
    """The state with what is kept of a request to talk to a person."""
    return replace(state, casework=_standing(state, kept, person.state_at if person else None))


def voice_of(turn: Turn) -> str:
    """Whose answer it is when it is sent: Faro's own stays back while a person answers; this one may not."""
    must_go = turn.grave or turn.effect or turn.handoff or turn.said or turn.state.left
    return ANY if must_go or turn.state.casework is Casework.TALKING else BOT


async def follow(
    core: Core, connection: AsyncConnection, person_id: str, turn: Turn, *, context: str, now: datetime
) -> Turn:
    """Keep what the turn changes. The turn comes back with what is still to be queued.

    Raises Changed when the request is not as the turn found it.
    """
    if turn.effect or turn.handoff is Handoff.WITHDRAW:
        erases = turn.effect is Effect.ERASE
        await request_store.withdraw(connection, person_id, closed_too=erases)
        return turn
    if turn.request:
        await _leave(core, connection, person_id, turn.request, now=now)
    if turn.said or turn.handoff or turn.state.left:
        return await _change(core, connection, person_id, turn, context=context, now=now)
    return turn


async def queue(
    core: Core,
    connection: AsyncConnection,
    kept: Kept,
    reply: Reply,
    *,
    voice: str,
    late_at: datetime,
    now: datetime,
    context: str = "",
) -> int | None:
    """Put words into the outbox; whether they may still go is asked again when they are sent."""
    content = {"reply": reply.to_dict(), "context": context, "voice": voice, "request": kept.id}
    payload = core.keys.seal(json.dumps(content, ensure_ascii=False))
    row = Answer(payload, late_at=late_at, drop_when_late=True)
    await outbox_store.add(connection, kept.person_id, kept.channel, [row], now)
    return await request_store.outbox_id(connection, kept.person_id, payload)


def opened(keys: Keys, kept: Kept) -> Wish:
    """What the person left. Raises Unreadable when it was sealed with a key that is gone."""
    data = json.loads(keys.open(kept.payload))
    return Wish(data["need"], data["place"], Window(data["window"]))


def _standing(state: State, kept: Kept | None, state_at: datetime | None) -> Casework:
    if kept is None or kept.doubt:
        return Casework.NONE
    if kept.owner == PERSON:
        return Casework.TALKING
    if kept.untold:
        return Casework.RETURNED
    if kept.held_at is None:
        return Casework.PAUSED if kept.spoke_at else Casework.LEFT
    is_last = kept.called and kept.called_at and (state_at is None or kept.called_at >= state_at)
    return Casework.ASKING if is_last and state.asked not in _OWN_QUESTIONS else Casework.CALLED


async def _leave(
    core: Core, connection: AsyncConnection, person_id: str, request: Request, *, now: datetime
) -> None:
    wish = {"need": request.need, "place": request.place, "window": request.window}
    sealed = core.keys.seal(json.dumps(wish))
    await request_store.leave(
        connection, person_id, sealed, request_id=secrets.token_hex(12), until=request.until, now=now
    )


async def _change(
    core: Core, connection: AsyncConnection, person_id: str, turn: Turn, *, context: str, now: datetime
) -> Turn:
    found = await request_store.open_of(connection, person_id)
    kept = await request_store.lock(connection, found.id) if found else None
    if kept is None:
        if turn.said or turn.handoff is Handoff.ACCEPT:
            raise Changed("the request is gone")
        return turn
    if turn.handoff is Handoff.ACCEPT:
        return await _accept(core, connection, kept, turn, context=context, now=now)
    if turn.said:
        await _hear(core, connection, kept, turn.said, now=now)
    elif turn.handoff is Handoff.LATER:
        await request_store.later(connection, kept.id)
    elif turn.handoff is Handoff.PAUSE:
        await request_store.pause(connection, kept.id, now=now)
    else:
        await request_store.doubt(connection, kept.id)
    return turn


async def _hear(core: Core, connection: AsyncConnection, kept: Kept, said: str, *, now: datetime) -> None:
    if kept.owner != PERSON and not kept.untold:
        raise Changed("nobody answers any more")
    await request_store.hear(connection, kept.id, core.keys.seal(said), now=now)


async def _accept(
    core: Core, connection: AsyncConnection, kept: Kept, turn: Turn, *, context: str, now: datetime
) -> Turn:
    """«Sí»: a person answers from now on, beginning with the words that were held."""
    if kept.doubt:
        raise Changed("somebody else may hold the phone")
    held = await request_store.accept(connection, kept.id, now=now)
    if not held:
        return turn
    opening = join([reply.text for reply in turn.replies])
    for said in held:
        text = core.keys.open(said.payload)
        reply = Reply(join([opening, text]))
        row = await queue(
            core, connection, kept, reply, voice=PERSON, late_at=now + LATE, now=now, context=context
        )
        await request_store.mark_sent(connection, said.id, outbox_id=row)
        opening, context = "", ""  # they go with the first
    return replace(turn, replies=())
