"""PERSONA: somebody to talk to, by phone, for the need and the place."""

from bot.budget import join
from bot.flows import find_help, listing, menu
from bot.messages import Reply
from bot.state import Asked, Talk, Turn
from bot.texts import person as say
from data.records import Service
from services import matching
from services.matching import Match, Reach

_MOST = 2


def offer(talk: Talk) -> Turn:
    """The right lines for the need and place, with their hours now."""
    services = _lines(talk)
    blocks = [
        listing.one(Match(s, Reach.NATION, matching.hours_of(talk.directory, s, talk.now)), now=talk.now)
        for s in services
    ]
    place = f" ({find_help.place_name(talk)})" if talk.state.place not in ("", find_help.NO_PLACE) else ""
    text = join([say.PERSON.format(place=place, services="\n\n".join(blocks)), say.PERSON_SAFE])
    ids = tuple(s.id for s in services)
    state = talk.remember(asked=Asked.NOTHING, in_hand=ids, misses=0).state
    return Turn(state, (Reply(text, (menu.menu(),), services=ids),), grave=talk.state.gbv)


def _lines(talk: Talk) -> list[Service]:
    ladder, directory, place = talk.directory.ladder, talk.directory, talk.state.place
    is_women = find_help.women_flow(talk)
    women = [directory.line("women", place=place)] if is_women else []
    bodies = [i for i in ladder.state_bodies(place[:2], talk.state.need) if _has_phone(talk, i)]
    body = directory.first(bodies, women=is_women)
    national = directory.first(ladder.national(talk.state.need), women=is_women)
    found = [*women, body, national, directory.line("person", place=place)]
    distinct = {service.id: service for service in found if service and service.phones}
    return list(distinct.values())[:_MOST]


def _has_phone(talk: Talk, service_id: str) -> bool:
    service = talk.directory.get(service_id)
    return bool(service and service.phones)
