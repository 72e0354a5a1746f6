"""What a person reads of a record in the chat, made by the code that composes and sends. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import conversation
from bot.channels import telegram, whatsapp
from bot.core import Core
from bot.messages import Inbound, Meaning, Reply
from bot.panel.shelf import Shelves
from bot.state import State
from data.needs import Who
from data.records import Exposure, Service
from services import directory as directories


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as a platform shows it: its text, and what can be tapped."""

    text: str
    buttons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The answer that shows the record, and «Más datos» of it, on both platforms."""

    whatsapp: tuple[Bubble, ...]
    telegram: tuple[Bubble, ...]


def of(record: Service, core: Core, shelves: Shelves, *, now: datetime) -> Preview | None:
    """As somebody would get it who asks for its first need where it is; None when nobody gets it."""
    ladder = core.ladder
    named = (*ladder.roles.values(), *ladder.referrals.values(), *ladder.bodies.values())
    lines = {key for ids in named for key in ids} - {record.id}
    beside = [shelves.by_id[key].record for key in sorted(lines) if key in shelves.by_id]
    directory = directories.build(
        [record, *beside],
        version=0,
        gazetteer=core.gazetteer,
        ladder=core.ladder,
        routes=core.routes,
        operator=core.operator,
    )
    for need in record.needs:
        replies = _replies(record, need, directory, [each.id for each in beside], now)
        if replies:
            return Preview(
                tuple(_whatsapp(whatsapp.render(reply)) for reply in replies),
                tuple(_telegram(telegram.render(reply)) for reply in replies),
            )
    return None


def _replies(
    record: Service, need: str, directory: directories.Directory, others: Iterable[str], now: datetime
) -> tuple[Reply, ...]:
    state = State(
        need=need,
        place=_place(record),
        who=_who(record),
        shown=tuple(others),
        welcomed=True,
        gbv=record.exposure is Exposure.WOMEN,
    )
    listed = conversation.respond(state, Inbound(option="more"), Meaning(), directory, now)
    if not any(record.id in reply.services[:1] for reply in listed.replies):
        return ()
    told = conversation.respond(listed.state, Inbound(option="details"), Meaning(), directory, now)
    return (*listed.replies, *told.replies)


def _place(record: Service) -> str:
    """Where somebody is who would be sent there; «00» for who does not say."""
    places = [record.location.municipality, *record.coverage, record.location.state]
    return next((key for key in places if key and key != "00"), "00")


def _who(record: Service) -> tuple[Who, ...]:
    if record.only_for:
        return (record.only_for[0],)
    for_women = record.compatibility.women_only or record.exposure is Exposure.WOMEN
    return (Who.WOMEN,) if for_women else ()


def _whatsapp(message: dict[str, Any]) -> Bubble:
    if "text" in message:
        return Bubble(message["text"]["body"], ())
    told = message["interactive"]
    action = told["action"]
    taps = [button["reply"]["title"] for button in action.get("buttons", ())]
    taps += [row["title"] for section in action.get("sections", ()) for row in section["rows"]]
    return Bubble(told["body"]["text"], tuple(taps))


def _telegram(message: dict[str, Any]) -> Bubble:
    markup = message["reply_markup"]
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or ()
    return Bubble(message["text"], tuple(button["text"] for row in rows for button in row))
