"""Need, place, services: the main job. And the ladder when the directory has nothing that fits."""

from collections.abc import Sequence

from bot.budget import join, room, units
from bot.flows import listing, menu
from bot.messages import Option, Reply
from bot.state import Asked, Talk, Turn
from bot.texts import find_help as say
from bot.texts import labels
from data.needs import Need, Who
from data.records import Service
from services import matching
from services.matching import Match, Question
from services.places import Place

PAGE = 3
NO_PLACE = "00"

_SAME_FOR_ALL = frozenset({Need.DOCUMENTS, Need.EDUCATION, Need.MISSING, Need.TRANSPORT, Need.AID_ABUSE})
"""Needs for which nothing is made for women, so that the line about it would only be noise."""


def for_need(talk: Talk, need: str) -> Turn:
    """Start on a need: with the place when it is known, else ask for it."""
    talk = talk.remember(need=need, shown=(), in_hand=(), misses=0)
    return show(talk) if talk.state.place else ask_place(talk)


def ask_place(talk: Talk, *, again: bool = False) -> Turn:
    """«¿En qué municipio o estado está?»"""
    text = say.ASK_PLACE_AGAIN if again else say.ASK_PLACE.format(need=_phrase(talk.state.need))
    options = (menu.no_place(),)
    state = talk.remember(asked=Asked.PLACE).state
    return Turn(state, (Reply(text, options, place_request=True),))


def at_place(talk: Talk, key: str) -> Turn:
    """The place is settled («00»: would rather not say); go on with the need, or ask for it."""
    talk = talk.remember(place=key, shown=(), in_hand=(), misses=0)
    if talk.state.need:
        return show(talk)
    name = place_name(talk)
    state = talk.remember(asked=Asked.NEED).state
    return Turn(state, (Reply(say.ASK_NEED.format(place=name), menu.needs_menu()),))


def ask_which(talk: Talk, candidates: tuple[Place, ...]) -> Turn:
    """Several places share the name."""
    distinctions = {place.key: talk.directory.gazetteer.distinction(place.key) for place in candidates}
    state = talk.remember(asked=Asked.WHICH_PLACE).state
    return Turn(state, (Reply(say.ASK_WHICH_PLACE, menu.places(candidates, distinctions)),))


def show(talk: Talk, *, lead: str = "") -> Turn:
    """The next services for the need and place, never skipping one; or the ladder."""
    question = _question(talk)
    matches = matching.find(talk.directory, question)
    left = [m for m in matches if m.service.id not in talk.state.shown]
    if not left:
        return _ladder(talk, question, lead=lead)
    return _page(talk, left, lead=lead)


def details(talk: Talk) -> Turn:
    """What the list left out, as many services as fit; the others stay a tap away."""
    found = [s for service_id in talk.state.in_hand if (s := talk.directory.get(service_id))]
    if not found:
        state = talk.remember(asked=Asked.NEED).state
        return Turn(state, (Reply(say.DETAILS_NONE, menu.needs_menu()),))
    return details_of(talk, found[0])


def details_of(talk: Talk, service: Service) -> Turn:
    """Everything about one service, and a way to the others that were just shown."""
    match = _as_match(talk, service)
    text = join([say.DETAILS, listing.details(match, now=talk.now)])
    shown = enumerate(talk.state.in_hand[:PAGE])
    options = [Option(f"service:{i}", labels.DETAILS_OF[n]) for n, i in shown if i != service.id]
    state = talk.remember(asked=Asked.NOTHING).state
    reply = Reply(text, (*options, menu.menu()), services=(service.id,))
    return Turn(state, (reply,))


def place_name(talk: Talk) -> str:
    """«Tlapa de Comonfort, Guerrero», «Guerrero» or «todo México»."""
    place = talk.directory.gazetteer.place(talk.state.place)
    if place is None:
        return say.NATION
    return f"{place.municipality}, {place.state}" if place.municipality else place.state


def women_flow(talk: Talk) -> bool:
    """Whether women's services may be shown in this conversation."""
    who = [Who(w) for w in talk.state.who]
    return matching.is_womens_flow(who, gbv=talk.state.gbv or talk.state.need == Need.GBV)


def _question(talk: Talk) -> Question:
    state = talk.state
    return Question(
        need=state.need,
        place="" if state.place == NO_PLACE else state.place,
        who=tuple(Who(w) for w in state.who),
        now=talk.now,
        women=women_flow(talk),
    )


def _page(talk: Talk, left: Sequence[Match], *, lead: str) -> Turn:
    """Up to three services, fewer when they do not fit."""
    for size in range(min(PAGE, len(left)), 0, -1):
        text = _compose(talk, left[:size], remaining=len(left) - size, lead=lead)
        if units(text) <= room(talk.state) or size == 1:
            break
    ids = tuple(m.service.id for m in left[:size])
    more = (menu.more(),) if len(left) > size else (menu.change_place(),)
    options = (*more, menu.details(), _go_on(talk))
    state = talk.remember(
        asked=Asked.NOTHING, shown=talk.state.shown + ids, in_hand=ids, more_needs=talk.state.more_needs
    ).state
    return Turn(state, (Reply(text, options, services=ids),), grave=talk.state.gbv)


def _compose(talk: Talk, page: Sequence[Match], *, remaining: int, lead: str) -> str:
    ask = _referral(talk)
    blocks = [listing.block(match, now=talk.now, ask=ask) for match in page]
    left = say.FOUND_ONE_OF.format(count=remaining) if remaining else ""
    required = [lead, _heading(talk), *blocks, left, _women_line(talk)]
    return join(required, [] if remaining else [_law(talk)], limit=room(talk.state))


def _referral(talk: Talk) -> str:
    """The national line that can refer to an office without a phone."""
    national = talk.directory.ladder.national(talk.state.need)
    line = talk.directory.first(national, women=women_flow(talk))
    return listing.dial(line) if line else ""


def _heading(talk: Talk) -> str:
    need = _phrase(talk.state.need)
    if talk.state.place in ("", NO_PLACE):
        return say.FOUND_NATION.format(need=need)
    template = say.FOUND_MORE if talk.state.shown else say.FOUND
    return template.format(need=need, place=place_name(talk))


def _ladder(talk: Talk, question: Question, *, lead: str) -> Turn:
    """Nothing fits, said plainly; then who can refer, each step named for what it is."""
    template = say.NO_MORE if talk.state.shown else say.NONE_HERE
    none = template.format(need=_phrase(talk.state.need), place=place_name(talk))
    rungs = [rung for rung in _rungs(talk, question) if rung[0] not in talk.state.shown]
    services = tuple(service_id for service_id, _ in rungs)
    text = join([lead, none, *(text for _, text in rungs), _law(talk), _women_line(talk)])
    state = talk.remember(asked=Asked.NOTHING, in_hand=services).state
    options = (menu.change_place(), menu.details(), _go_on(talk))
    return Turn(state, (Reply(text, options, services=services),), grave=talk.state.gbv)


def _law(talk: Talk) -> str:
    """Which office must help by law, and what to ask for there."""
    step = talk.directory.ladder.for_need(talk.state.need, talk.state.place[:2])
    return say.LADDER_LAW.format(office=step.office, ask=step.ask) if step else ""


def _rungs(talk: Talk, question: Question) -> list[tuple[str, str]]:
    """(service id, text) of the nearest municipality, the state body and the national line."""
    rungs: list[tuple[str, str]] = []
    if near := matching.nearest(talk.directory, question):
        where = f"{near.place.municipality}, {near.place.state}"
        block = listing.one(near.match, now=talk.now)
        text = say.LADDER_NEAREST.format(
            place=where, distance=listing.spoken_distance(near.km), service=block
        )
        rungs.append((near.match.service.id, text))
    ladder = talk.directory.ladder
    bodies = ladder.state_bodies(question.place[:2], question.need)
    body = talk.directory.first(bodies, women=question.women)
    if body and body.id not in dict(rungs):
        state = talk.directory.gazetteer.place(question.place[:2])
        block = listing.one(_as_match(talk, body), now=talk.now)
        rungs.append((body.id, say.LADDER_STATE.format(state=state.state if state else "", service=block)))
    line = talk.directory.first(ladder.national(question.need), women=question.women)
    if line:
        rungs.append(
            (line.id, say.LADDER_NATION.format(service=listing.one(_as_match(talk, line), now=talk.now)))
        )
    return rungs


def _women_line(talk: Talk) -> str:
    """Offered apart and never as a family's own shelter: one line, when the sex is not known."""
    if women_flow(talk) or Who.MAN in talk.state.who or talk.state.need in _SAME_FOR_ALL:
        return ""
    return say.WOMEN_LINE


def _go_on(talk: Talk) -> Option:
    """The next thing the person asked for, if there was one; else the menu."""
    waiting = [need for need in talk.state.more_needs if need != talk.state.need]
    return menu.need(waiting[0]) if waiting else menu.menu()


def _phrase(need: str) -> str:
    return labels.NEED_PHRASES.get(need, labels.NEED_PHRASES["know_rights"])


def _as_match(talk: Talk, service: Service) -> Match:
    hours = matching.hours_of(talk.directory, service, talk.now)
    return Match(service, matching.Reach.NATION, hours)
