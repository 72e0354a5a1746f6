"""What a person reads of a record in the chat, made by the code that composes and sends. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import conversation
from bot.cards import Contact, Page, Point
from bot.channels import telegram_message, whatsapp_message
from bot.chat.looks import telegram_look, whatsapp_look
from bot.core import Core
from bot.flows import cards
from bot.messages import Inbound, Meaning, Reply
from bot.panel.shelf import Shelves
from bot.state import State
from bot.texts import labels
from data.needs import Who
from data.records import Exposure, Service
from services import directory as directories

_LABELS: Mapping[type, str] = {Point: labels.MAP, Contact: labels.CONTACT, Page: labels.PAGE}


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as a platform shows it: its text, and what can be tapped.

    `asked_for`: the button by which alone it comes, for what goes out only when somebody wants it.
    """

    text: str
    buttons: tuple[str, ...]
    asked_for: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The answer that shows the record, «Más datos», map, contact and page of it, on both platforms."""

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
                tuple(_bubble(reply, whatsapp_look(whatsapp_message.render(reply))) for reply in replies),
                tuple(_bubble(reply, telegram_look(telegram_message.render(reply))) for reply in replies),
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
    handed = [
        conversation.respond(told.state, Inbound(option=f"{kind}:{record.id}"), Meaning(), directory, now)
        for kind in (cards.MAP, cards.CONTACT, cards.PAGE)
    ]
    asked_for = [reply for turn in handed for reply in turn.replies if reply.card]
    return (*listed.replies, *told.replies, *asked_for)


def _place(record: Service) -> str:
    """Where somebody is who would be sent there; «00» for who does not say."""
    places = [record.location.municipality, *record.coverage, record.location.state]
    return next((key for key in places if key and key != "00"), "00")


def _who(record: Service) -> tuple[Who, ...]:
    if record.only_for:
        return (record.only_for[0],)
    for_women = record.compatibility.women_only or record.exposure is Exposure.WOMEN
    return (Who.WOMEN,) if for_women else ()


def _bubble(reply: Reply, look: dict[str, Any]) -> Bubble:
    asked_for = _LABELS.get(type(reply.card), "")
    return Bubble(look["text"], tuple(tap["label"] for row in look["rows"] for tap in row), asked_for)
