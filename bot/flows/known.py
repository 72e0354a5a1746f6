"""What is known of this person, as answers need it: the place in words, what waits, what may be shown."""

from bot.flows.menu import state_name
from bot.state import Talk
from bot.texts import find_help as say
from bot.texts import labels
from data.needs import Need, Who
from data.records import Service
from services import matching
from services.matching import Match


def place_name(talk: Talk) -> str:
    """«Tlapa de Comonfort, Guerrero», «Guerrero» or «todo México»."""
    place = talk.directory.gazetteer.place(talk.state.place)
    if place is None:
        return say.NATION
    state = state_name(place)
    return f"{place.municipality}, {state}" if place.municipality else state


def waiting(talk: Talk) -> str:
    """The next thing that the person asked for, empty when there is none."""
    return next((need for need in talk.state.more_needs if need != talk.state.need), "")


def women_flow(talk: Talk) -> bool:
    """Whether women's services may be shown in this conversation."""
    if talk.state.harms:
        return False
    who = [Who(w) for w in talk.state.who]
    return matching.is_womens_flow(who, gbv=talk.state.gbv or talk.state.need == Need.GBV)


def phrase(need: str) -> str:
    """A need inside a sentence: «comida, agua o ropa»."""
    return labels.NEED_PHRASES.get(need, labels.NEED_PHRASES["know_rights"])


def record(talk: Talk, service_id: str) -> Service | None:
    """A record as this person may read it."""
    return talk.directory.get(service_id, today=talk.today, women=women_flow(talk))


def as_match(talk: Talk, service: Service) -> Match:
    """One record by itself, with its hours and its age now."""
    return matching.alone(talk.directory, service, talk.now)
