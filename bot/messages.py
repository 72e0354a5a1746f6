"""The shared vocabulary of a conversation: what comes in, what it means, what goes out."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from data.needs import Who
from services.places import PlaceAnswer


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
    `sent_at` is the platform's time of sending.
    """

    text: str = ""
    option: str = ""
    location: tuple[float, float] | None = None
    attachment: Attachment | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Danger:
    """What the danger rules found (product.md, «Two flags»).

    `kinds`: attack, threat, suicide, medical, child, missing, partner, sexual, family, trafficking,
    authority, third_person. `leaving`: sounds like closing the chat at once («ya llegó»).
    `other_person`: somebody else seems to hold the phone. `silent`: cannot speak aloud.
    """

    urgent: bool = False
    gbv: bool = False
    kinds: frozenset[str] = frozenset()
    leaving: bool = False
    other_person: bool = False
    silent: bool = False


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

    `place_request` asks the channel for its «share my location» control besides the text.
    """

    text: str
    options: tuple[Option, ...] = ()
    services: tuple[str, ...] = ()
    place_request: bool = False
