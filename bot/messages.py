"""The shared vocabulary of a conversation: what comes in, what it means, what goes out."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from bot import cards
from bot.cards import Card
from data.needs import Who
from services.places import PlaceAnswer

_encode = json.JSONEncoder(ensure_ascii=False).encode


class Attachment(StrEnum):
    """What a person sent that Faro does not read. Nothing is downloaded."""

    VOICE = "voice"
    IMAGE = "image"
    STICKER = "sticker"
    DOCUMENT = "document"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a person. Exactly one of text, option, location and attachment is set.

    `location` is (latitude, longitude) in degrees, rounded to a municipality before anything is kept.
    `sent_at` is the platform's time of sending; `poster` the code of the poster whose link was opened.
    """

    text: str = ""
    option: str = ""
    location: tuple[float, float] | None = None
    attachment: Attachment | None = None
    sent_at: datetime | None = None
    poster: str = ""


class Points(NamedTuple):
    """What the words of a message say for each flag: tenths of the logarithm of the odds."""

    urgent: int
    gbv: int


_NO_POINTS = Points(0, 0)


@dataclass(frozen=True, slots=True)
class Danger:
    """What the danger rules found (product.md, «Two flags»).

    `kinds`: attack, threat, suicide, medical, child, missing, partner, sexual, family, trafficking,
    authority, third_person. `leaving`: sounds like closing the chat at once («ya llegó»).
    `other_person`: somebody else seems to hold the phone. `silent`: cannot speak aloud.
    `hinted`: flags that a weak sign speaks for: no alarm by itself, but the model is believed sooner.
    `taken_back`: a danger was named and denied, imagined or a figure of speech, and no other was found.
    `points`: what all words together say (bot/clues.py); the model's odds are added to them.
    """

    urgent: bool = False
    gbv: bool = False
    kinds: frozenset[str] = frozenset()
    leaving: bool = False
    other_person: bool = False
    silent: bool = False
    hinted: frozenset[str] = frozenset()
    taken_back: bool = False
    points: Points = field(default=_NO_POINTS, compare=False)


@dataclass(frozen=True, slots=True)
class ScoredNeed:
    """A code of Need or Steer with how sure the reader is, 0 to 1."""

    need: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text means. `needs` holds all that are present, best first; `guesses` the best three,
    sure or not, to offer as buttons when `needs` is empty. `source`: rasa, rules or keywords."""

    needs: tuple[ScoredNeed, ...] = ()
    guesses: tuple[ScoredNeed, ...] = ()
    danger: Danger = field(default_factory=Danger)
    who: tuple[Who, ...] = ()
    place: PlaceAnswer | None = None
    place_from: PlaceAnswer | None = None
    source: str = "keywords"


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tap. `id` at most 64 bytes, `label` at most 20 UTF-16 units, neutral words."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person: meaning, not markup. `services` are the ids of the records it shows.

    `place_request` asks the channel for its «share my location» control besides the text. `card` goes in
    place of the text where the channel can show it; the text says the same.
    """

    text: str
    options: tuple[Option, ...] = ()
    services: tuple[str, ...] = ()
    place_request: bool = False
    card: Card | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON values; `reply_from_dict` gives the same back."""
        data = {
            "text": self.text,
            "options": [{"id": option.id, "label": option.label} for option in self.options],
            "services": list(self.services),
            "place_request": self.place_request,
        }
        return data | ({"card": cards.to_dict(self.card)} if self.card else {})


@dataclass(frozen=True, slots=True)
class Received:
    """A person's message as a channel read it.

    `external_id` is the platform's id of the message, `person` who wrote (the same string for the same
    person, whatever form the platform used), `address` what `send` needs to answer, `context` what the
    platform wants back with the answer (a callback id, the id of the message to mark as read),
    `deletable` the id by which SALIR can delete the person's own message, where the platform lets us.
    `in_group`: a group called Faro; it hears only that Faro talks in private.
    """

    external_id: str
    person: str
    address: str
    inbound: Inbound
    context: str = ""
    deletable: str = ""
    in_group: bool = False

    def to_json(self) -> str:
        """As text; `received_from_json` gives the same back."""
        sent_at = self.inbound.sent_at
        inbound = {name: getattr(self.inbound, name) for name in Inbound.__slots__}
        inbound["sent_at"] = sent_at.isoformat() if sent_at else None
        data = {name: getattr(self, name) for name in self.__slots__}
        return _encode({**data, "inbound": inbound})


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a platform says of a message Faro sent: `reference` is the outbox id that was given along.

    `billed`: the platform charges for it.
    """

    external_id: str
    status: str
    reference: str = ""
    error_code: int | None = None
    billed: bool = False


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person left, came back, or got another id. `kind`: blocked, unblocked, moved, forgotten."""

    kind: str
    person: str
    new_person: str = ""
    new_address: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something authentic that gets no answer; counted under its kind, never kept."""

    kind: str


Event = Received | Delivery | PersonChange | Ignored


def reply_from_dict(data: dict[str, Any]) -> Reply:
    """A reply that was kept with `to_dict`, by this version, the one before or the one after."""
    options = tuple(Option(**option) for option in data["options"])
    card = cards.from_dict(data.get("card"))
    return Reply(data["text"], options, tuple(data["services"]), data["place_request"], card)


def received_from_json(text: str) -> Received:
    """A message that was kept with `to_json`."""
    data = json.loads(text)
    kept = data.pop("inbound")
    inbound = Inbound(
        text=kept["text"],
        option=kept["option"],
        location=tuple(kept["location"]) if kept["location"] else None,
        attachment=Attachment(kept["attachment"]) if kept["attachment"] else None,
        sent_at=datetime.fromisoformat(kept["sent_at"]) if kept["sent_at"] else None,
        poster=kept.get("poster", ""),
    )
    return Received(inbound=inbound, **data)
