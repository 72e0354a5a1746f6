"""The directory's records in HSDS 3.0 terms, frozen, as every other module sees them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from data.needs import Need, Who


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


class Status(StrEnum):
    """Whether a service works (HSDS service.status)."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class Method(StrEnum):
    """How a caseworker verified a fact."""

    CALL = "call"
    VISIT = "visit"
    MESSAGE = "message"
    WEB = "web"


class Result(StrEnum):
    """What the verification found."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    NO_ANSWER = "no_answer"
    CLOSED = "closed"


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
    exposure: Exposure = Exposure.PUBLIC


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
    `confidence`, `exposure`, `compatibility` and how it was verified are what HSDS lacks.
    Raises RefugePlace for a refuge that says more than its state.
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
    """For caseworkers: what to check. Never leaves by a chat."""
    alternate_name: str = ""
    only_for: tuple[Who, ...] = ()
    """The only people whom the door is for; empty when it is for all."""
    field_exposure: tuple[tuple[str, Exposure], ...] = ()
    """What fewer people may read than the record, by name («address», «email» …)."""
    status: Status = Status.ACTIVE
    verified_how: Method | None = None
    verified_result: Result | None = None
    check_due: date | None = None
    conflict: str = ""
    """Where sources contradict each other, in a sentence for caseworkers."""
    route_step: str = ""
    """The step of the protection route that this service answers."""
    updated_at: datetime | None = field(default=None, compare=False)
    """When the record last changed, for whatever reason: says nothing of whether it is true."""
    revision: int = field(default=0, compare=False)
    """Raised with every change, so that two people can't overwrite each other unseen."""

    def __post_init__(self) -> None:
        if self.kind is Kind.REFUGE:
            _check_refuge(self)


REFUGE_EXPOSURES = (Exposure.STAFF, Exposure.NEVER)


class RefugePlace(ValueError):
    """A refuge says more than its state (LGAMVLV art. 55). Names field and rule, never the value."""

    def __init__(self, field_name: str, rule: str = "un refugio solo lleva el estado") -> None:
        super().__init__(f"{rule}; borre el campo «{field_name}»")
        self.field = field_name
        self.rule = rule


def _check_refuge(service: Service) -> None:
    place = service.location
    told = {
        "municipality": place.municipality,
        "locality": place.locality,
        "address": place.address,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "phones": service.phones,
        "email": service.email,
        "website": service.website,
        "alternate_name": service.alternate_name,
        "coverage": any(len(key) > 2 for key in service.coverage),
    }
    for name, value in told.items():
        if value not in ("", None, (), False):
            raise RefugePlace(name)
    if service.exposure not in REFUGE_EXPOSURES:
        raise RefugePlace("exposure", "un refugio lleva exposure «staff» o «never»")
