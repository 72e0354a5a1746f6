"""The directory's records in HSDS 3.0 terms, frozen, as every other module sees them."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from data.needs import Need


class Confidence(StrEnum):
    """How well a fact is sourced: A two sources or an official page, B one recent source,
    C one older source, D the service exists without a confirmed phone, X sources conflict."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    X = "X"


class Exposure(StrEnum):
    """Who may read a record or a field; enforced where records leave the directory."""

    PUBLIC = "public"
    WOMEN = "women"
    STAFF = "staff"
    NEVER = "never"


class Kind(StrEnum):
    """How a service is reached. A refuge is a record with a state only."""

    LINE = "line"
    OFFICE = "office"
    ONLINE = "online"
    REFUGE = "refuge"


class Channel(StrEnum):
    """How a phone number is used (HSDS phone.type)."""

    VOICE = "voice"
    WHATSAPP = "whatsapp"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as people dial it in Mexico: «961 615 5178», «911», «079»."""

    number: str
    type: Channel = Channel.VOICE
    extension: str = ""
    description: str = ""
    """What to do once it answers, e.g. «opción 1»."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a service is given. `municipality` is a five-digit INEGI key, `state` a two-digit one."""

    state: str = ""
    municipality: str = ""
    locality: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts come from. `date` is ISO and may stop at the year or month; empty when undated."""

    urls: tuple[str, ...]
    date: str


@dataclass(frozen=True, slots=True)
class Compatibility:
    """For whom the door opens. None means that nobody knows: «pregunte antes»."""

    women_only: bool = False
    children: bool | None = None
    sons_up_to_age: int | None = None
    men: bool | None = None
    lgbti: bool | None = None
    disability: bool | None = None
    without_papers: bool | None = None
    pregnant: bool | None = None
    other_state: bool | None = None
    indigenous: bool | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A protection service as HSDS service, organization, location, phone and schedule together.

    `coverage` holds INEGI keys: «00» the nation, two digits a state, five a municipality.
    `schedule` is OpenStreetMap opening-hours syntax, empty when unknown; `languages` are HSDS names.
    `confidence`, `exposure`, `verified_on` and `compatibility` are what HSDS lacks.
    """

    id: str
    name: str
    organization: str
    kind: Kind
    needs: tuple[Need, ...]
    coverage: tuple[str, ...]
    confidence: Confidence
    source: Source
    description: str = ""
    phones: tuple[Phone, ...] = ()
    location: Location = field(default_factory=Location)
    schedule: str = ""
    schedule_note: str = ""
    website: str = ""
    email: str = ""
    languages: tuple[str, ...] = ()
    eligibility: str = ""
    fees: str = ""
    compatibility: Compatibility = field(default_factory=Compatibility)
    exposure: Exposure = Exposure.PUBLIC
    verified_on: date | None = None
    verified_by: str = ""
    staff_note: str = ""
    """For caseworkers: conflicts between sources and what to check. Never leaves by a chat."""
