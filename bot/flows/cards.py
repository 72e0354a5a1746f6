"""What a record can be handed over as besides words: its point on the map, its contact card, its page.

Only when asked for: whoever picks up the phone sees a pin or a saved contact long after the talk. Never in
a talk about danger or violence, nor of a door for those.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.budget import MAX_BUTTONS, MAX_ID_BYTES, fits, join, shorten
from bot.cards import Contact, Page, Point, can_be_opened, map_link
from bot.flows import known, listing, menu
from bot.messages import Option, Reply
from bot.neutral import is_neutral
from bot.questions import asks_for_a_contact, asks_for_a_page, asks_the_way
from bot.state import Asked, Talk
from bot.texts import cards as say
from bot.texts import labels
from data.needs import Need, Who
from data.records import Exposure, Kind, Service

MAP, CONTACT, PAGE = "map", "card", "page"
"""The first part of an option's id; the id of the record follows."""

_GRAVE = frozenset({Need.GBV, Need.EMERGENCY})
_OWN_DOORS = frozenset({Who.WOMEN, Who.WOMAN_WITH_CHILDREN, Who.LGBTI})


@dataclass(frozen=True, slots=True)
class _Form:
    """One thing to hand over: how it is asked for, what is said when there is none, and how it is made."""

    label: str
    is_asked_for: Callable[[str], bool]
    missing: str
    is_known: Callable[[Service], bool]
    make: Callable[[Talk, Service], Reply | None]


def offered(talk: Talk, service: Service, *, beside: int) -> tuple[Option, ...]:
    """What can be asked for by a tap. `beside` is how many other options the message has.

    Nearly every record has a number: its card alone must not turn three buttons into a list.
    """
    kinds = [kind for kind in _FORMS if made(talk, kind, service)]
    if kinds == [CONTACT] and beside >= MAX_BUTTONS:
        return ()
    options = (Option(f"{kind}:{service.id}", _FORMS[kind].label) for kind in kinds)
    return tuple(option for option in options if len(option.id.encode()) <= MAX_ID_BYTES)


def stays(options: Iterable[Option]) -> bool:
    """Whether one of these leaves something on the phone that can be seen by itself."""
    return any(option.id.partition(":")[0] in (MAP, CONTACT) for option in options)


def made(talk: Talk, kind: str, service: Service) -> Reply | None:
    """The thing, beside a text that says the same; None when it is not known, or must not stay on a phone."""
    public = talk.directory.get(service.id, today=talk.today)  # never the fields kept for the women's flow
    if public is None or not _may_stay_on_a_phone(talk, public):
        return None
    reply = _FORMS[kind].make(talk, public)
    return reply if reply and fits(reply) else None


def lacks(talk: Talk, kind: str, service: Service) -> str:
    """That the record has none, as a sentence; empty when that is not why it is not handed over."""
    if _FORMS[kind].is_known(service) or not _may_stay_on_a_phone(talk, service):
        return ""
    return say.NO_PLACE if kind == MAP and service.kind is Kind.LINE else _FORMS[kind].missing


def wanted(talk: Talk) -> str:
    """What the whole message asks for in words: «¿cómo llego?», «su página»; empty when nothing of these."""
    if talk.state.asked in (Asked.PLACE, Asked.WHICH_PLACE):  # then «ubicación» is about the person's own
        return ""
    return next((kind for kind, form in _FORMS.items() if form.is_asked_for(talk.inbound.text)), "")


def _may_stay_on_a_phone(talk: Talk, service: Service) -> bool:
    state = talk.state
    grave = state.gbv or state.danger or state.silent or state.harms or state.for_her or state.need in _GRAVE
    is_public = service.exposure is Exposure.PUBLIC and service.kind is not Kind.REFUGE
    return is_public and not _tells_of_whoever_has_it(service) and not grave


def _tells_of_whoever_has_it(service: Service) -> bool:
    """A door for violence or danger, for women, or for people who may be hunted for whom they love."""
    for_some = service.compatibility.women_only or bool(_OWN_DOORS.intersection(service.only_for))
    return for_some or bool(_GRAVE.intersection(service.needs))


def _has_point(service: Service) -> bool:
    return service.location.latitude is not None and service.location.longitude is not None


def _point(talk: Talk, service: Service) -> Reply | None:
    place, name = service.location, _name(service)
    if place.latitude is None or place.longitude is None or not is_neutral(place.address):
        return None
    lines = (*listing.place(known.as_match(talk, service), now=talk.now), say.ASK_FIRST)
    point = Point(
        latitude=place.latitude,
        longitude=place.longitude,
        name=name if is_neutral(name) else say.SOME_PLACE,
        lines=_one_line(lines),
    )
    if not point.is_on_earth:
        return None
    url = map_link(point)
    told = "\n".join([name, *lines, say.POINT_LINK.format(url=url)])
    return _reply(service, [say.POINT, told, _outside(url)], card=point)


def _contact(talk: Talk, service: Service) -> Reply | None:
    name = _name(service)
    if not service.phones or not is_neutral(name):
        return None
    known_on = listing.known_on(known.as_match(talk, service), now=talk.now)
    numbers = tuple(phone.number for phone in service.phones[:2])
    contact = Contact(name, numbers, note=_one_line([*listing.beside_numbers(service), known_on]))
    told = "\n".join([name, listing.reach(service), known_on])
    return _reply(service, [say.CONTACT, told], card=contact)


def _page(talk: Talk, service: Service) -> Reply | None:
    if not can_be_opened(service.website):
        return None
    page = Page(service.website, labels.OPEN_PAGE)
    known_on = listing.known_on(known.as_match(talk, service), now=talk.now)
    told = "\n".join([_name(service), listing.website(service), known_on])
    return _reply(service, [say.PAGE, told, _outside(page.url)], card=page, options=(menu.menu(),))


def _reply(
    service: Service, parts: list[str], *, card: Point | Contact | Page, options: tuple[Option, ...] = ()
) -> Reply:
    """A point and a contact hold no options on WhatsApp: those of the message before stay good."""
    return Reply(join(parts), options, services=(service.id,), card=card)


def _outside(url: str) -> str:
    return say.OUTSIDE.format(host=Page(url, "").host)


def _name(service: Service) -> str:
    return shorten(service.name, listing.MAX_NAME)


def _one_line(parts: list[str] | tuple[str, ...]) -> str:
    """Sentences in a row, whatever line breaks a record holds."""
    return " ".join(f"{' '.join(part.split()).rstrip('.')}." for part in parts)


_FORMS: Mapping[str, _Form] = {
    MAP: _Form(labels.MAP, asks_the_way, say.NO_POINT, _has_point, _point),
    CONTACT: _Form(
        labels.CONTACT, asks_for_a_contact, say.NO_CONTACT, lambda service: bool(service.phones), _contact
    ),
    PAGE: _Form(labels.PAGE, asks_for_a_page, say.NO_PAGE, lambda service: bool(service.website), _page),
}
