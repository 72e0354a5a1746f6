"""Which services can help this person, here, in which order; and the ladder when none fits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from data.needs import Need, Who
from data.records import Compatibility, Confidence, Service
from services import freshness
from services.directory import Directory
from services.gazetteer import Gazetteer
from services.hours import Opening, Status, status
from services.places import Place
from services.routes import Situation

NEAR_KM = 60.0
DEFAULT_ZONE = "America/Mexico_City"

_MEN = frozenset({Who.MAN, Who.FAMILY_WITH_MAN})
_NOT_ONLY_WOMEN = _MEN | {Who.LGBTI}
_WOMEN = frozenset({Who.WOMEN, Who.WOMAN_WITH_CHILDREN})
_DOORS: dict[Who | Situation, str] = {
    Who.LGBTI: "lgbti",
    Who.DISABILITY: "disability",
    Who.INDIGENOUS: "indigenous",
    Situation.NO_PAPERS: "without_papers",
    Situation.PREGNANT: "pregnant",
    Situation.OTHER_STATE: "other_state",
}
"""Somebody who may find a door closed, and the field of the record that says whether it opens for them."""
_CONFIDENCE = {Confidence.A: 0, Confidence.B: 1, Confidence.C: 2, Confidence.D: 3, Confidence.X: 4}
_OPENING = {
    **dict.fromkeys((Opening.ALWAYS, Opening.OPEN), 0),
    **dict.fromkeys((Opening.APPOINTMENT, Opening.UNKNOWN, Opening.HOLIDAY), 1),
    Opening.CLOSED: 2,
}


class Reach(IntEnum):
    """How a service comes to cover a place, nearest first."""

    MUNICIPALITY = 0
    NEAR = 1
    STATE = 2
    NATION = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for. `place` is an INEGI key, empty when the person did not say."""

    need: str
    place: str
    who: tuple[Who, ...]
    now: datetime
    women: bool = False
    """The women's flow: services for women come first. Otherwise they are not offered at all."""
    situations: frozenset[Situation] = frozenset()
    son: int = 0
    """The age in years of the oldest son who comes along, 0 when it was not said."""

    @property
    def today(self) -> date:
        """The day that decides how old a fact is."""
        return freshness.day_of(self.now)


@dataclass(frozen=True, slots=True)
class Match:
    """A service that covers the place. `km` is to its own municipality, None when unknown."""

    service: Service
    reach: Reach
    hours: Status
    km: float | None = None
    is_past_due: bool = False
    """Its facts should have been checked again by now: they may have changed."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The closest municipality that has what is looked for."""

    match: Match
    place: Place
    km: float


def is_womens_flow(who: Iterable[Who], *, gbv: bool) -> bool:
    """Whether women's services may be offered: to a woman, or where violence against one was named.

    Violence against somebody who says no more than «soy gay» or «soy trans» opens no door for women.
    """
    people = set(who)
    if people & _WOMEN:
        return True
    return gbv and not people & _NOT_ONLY_WOMEN


def find(directory: Directory, question: Question) -> tuple[Match, ...]:
    """Services that cover the place, best first.

    Order: for women first (women's flow); what only takes reports (089) last; what is known to fit the
    person (their language, a disability, LGBTI, no papers, pregnant, from another state) before the rest,
    what fits in more ways first; with a phone or WhatsApp before without;
    municipality, near (60 km), state, nation; those whose first need it is; open now
    before unknown before closed; what need not be checked again before what must; confidence (verified
    by a caseworker first); distance; id.
    A nationwide office without phone or website is no match: nobody far away can reach it. Doors for
    women only open in the women's flow, never for a man or a family with one; doors only for others
    (`only_for`) open to those who said that they are.
    """
    near = directory.gazetteer.within(question.place, NEAR_KM) if len(question.place) == 5 else ()
    candidates = directory.reaching(
        question.need, question.place, near=near, today=question.today, women=question.women
    )
    matches = [m for s in candidates if (m := _match(directory, question, s))]
    return tuple(sorted(matches, key=lambda match: _order(question, match)))


def nearest(directory: Directory, question: Question) -> Nearest | None:
    """The closest service of this need that does not cover the place, with its distance.

    Only one that can be asked before setting out, by phone or on its website.
    """
    if not question.place:
        return None
    need, today, women = question.need, question.today, question.women
    towns = directory.towns(need, women=women)
    for km, town in _by_distance(directory.gazetteer, question.place, towns):
        seated = directory.seated(need, town, today=today, women=women)
        open_ones = [service for service in seated if _can_be_asked(question, service)]
        place = directory.gazetteer.place(town)
        if open_ones and place:
            service = min(open_ones, key=lambda each: each.id)
            return Nearest(_matched(directory, question.now, service, Reach.NEAR, km=km), place, km)
    return None


def alone(directory: Directory, service: Service, now: datetime) -> Match:
    """One record by itself, wherever it is, with its hours and its age now."""
    return _matched(directory, now, service, Reach.NATION)


def _by_distance(gazetteer: Gazetteer, place: str, towns: Iterable[str]) -> list[tuple[float, str]]:
    measured = ((gazetteer.distance_km(place, town), town) for town in towns)
    return sorted((km, town) for km, town in measured if km is not None)


def _can_be_asked(question: Question, service: Service) -> bool:
    """Whether somebody who sets out for it could know before that the door opens for them."""
    reachable = _fits(question, service) and _answers(service)
    return reachable and not is_another_states(service, question.place)


def is_another_states(service: Service, place: str) -> bool:
    """A state's own office serves its state: it is no answer for somebody in another."""
    states = [key for key in service.coverage if len(key) == 2 and key != "00"]
    return bool(states) and place[:2] not in states


def hours_of(directory: Directory, service: Service, now: datetime) -> Status:
    """Whether a service is open, in its own time zone."""
    key = service.location.municipality or service.location.state or _first_state(service)
    return status(service.schedule, now, zone=directory.gazetteer.time_zone(key) if key else DEFAULT_ZONE)


def _match(directory: Directory, question: Question, service: Service) -> Match | None:
    if not _fits(question, service):
        return None
    km = _distance(directory, question.place, service)
    reach = _reach(question.place, service, km)
    if reach is None or (reach is Reach.NATION and not _answers(service)):
        return None
    return _matched(directory, question.now, service, reach, km=km)


def _matched(
    directory: Directory, now: datetime, service: Service, reach: Reach, *, km: float | None = None
) -> Match:
    late = directory.is_past_due(service.id, today=freshness.day_of(now))
    return Match(service, reach, hours_of(directory, service, now), km, late)


def _answers(service: Service) -> bool:
    """Whether it can be reached from anywhere."""
    return bool(service.phones or service.website)


def _fits(question: Question, service: Service) -> bool:
    """Whether the door opens for this person, as far as anybody knows."""
    who = set(question.who)
    by_list = bool(service.only_for) and _WOMEN.issuperset(service.only_for)
    if _is_known_to_be_closed(question, service):
        return False
    if service.compatibility.women_only or by_list:
        return question.women and not who & _MEN
    if service.only_for and not _is_on_the_list(question, service):
        return False
    return not who & _MEN or _takes_men(service, question.need)


def _is_on_the_list(question: Question, service: Service) -> bool:
    """Said to be one of those the door is for; in the women's flow, that it is for women too is enough."""
    listed = set(service.only_for)
    return bool(listed.intersection(question.who)) or (question.women and bool(listed & _WOMEN))


def _takes_men(service: Service, need: str) -> bool:
    """Unless it says that men may come, what is there for violence is no door for a man.

    Whoever asks for a child may ask anybody who protects children.
    """
    if service.compatibility.men is not None:
        return service.compatibility.men
    return need == Need.CHILDREN or (need != Need.GBV and service.needs[:1] != (Need.GBV,))


def _reach(place: str, service: Service, km: float | None) -> Reach | None:
    if len(place) == 5 and (place in service.coverage or place == service.location.municipality):
        return Reach.MUNICIPALITY
    if km is not None and km <= NEAR_KM:
        return Reach.NEAR
    if place and place[:2] in service.coverage:
        return Reach.STATE
    if len(place) == 2 and any(key.startswith(place) for key in service.coverage):
        return Reach.STATE
    return Reach.NATION if "00" in service.coverage else None


def _distance(directory: Directory, place: str, service: Service) -> float | None:
    if len(place) != 5 or not service.location.municipality:
        return None
    return directory.gazetteer.distance_km(place, service.location.municipality)


def _order(question: Question, match: Match) -> tuple[object, ...]:
    service = match.service
    for_women = service.compatibility.women_only or _WOMEN.intersection(service.only_for)
    women_first = 0 if question.women and for_women else 1
    asked = service.needs.index(Need(question.need)) if question.need in service.needs else 9
    return (
        women_first if question.women else 0,
        1 if _only_takes_reports(service) else 0,
        -_known_fits(question, service),
        0 if service.phones else 1,
        match.reach,
        0 if asked == 0 else 1,
        _OPENING[match.hours.opening],
        1 if match.is_past_due else 0,
        -1 if service.verified_on else _CONFIDENCE[service.confidence],
        match.km if match.km is not None else 9999.0,
        service.id,
    )


def _is_known_to_be_closed(question: Question, service: Service) -> bool:
    """A record that says that it does not take this person; what nobody knows closes no door."""
    fit = service.compatibility
    if Who.WOMAN_WITH_CHILDREN in question.who and fit.children is False:
        return True
    if fit.sons_up_to_age is not None and question.son > fit.sons_up_to_age:
        return True
    return any(opens is False for opens in _answers_of(question, fit))


def _known_fits(question: Question, service: Service) -> int:
    return sum(opens is True for opens in _answers_of(question, service.compatibility))


def _answers_of(question: Question, fit: Compatibility) -> list[bool | None]:
    """What the record says of each thing about this person that may close a door."""
    people = {*question.who, *question.situations}
    return [getattr(fit, name) for person, name in _DOORS.items() if person in people]


def _only_takes_reports(service: Service) -> bool:
    """089 is for anonymous reports: no help comes, so it never stands before what helps."""
    return any(phone.number == "089" for phone in service.phones)


def _first_state(service: Service) -> str:
    return next((key[:2] for key in service.coverage if key != "00"), "")
