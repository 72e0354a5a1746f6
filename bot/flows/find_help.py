"""Need, place, services: the main job. And the ladder when the directory has nothing that fits."""

import re
from collections.abc import Sequence

from bot.budget import join, room, units
from bot.flows import asking_before, listing, menu
from bot.flows.menu import state_name
from bot.messages import Option, Reply
from bot.spanish import fold
from bot.state import Asked, Talk, Turn
from bot.texts import find_help as say
from bot.texts import labels
from data.needs import Need, Who
from data.records import Service
from services import matching
from services.matching import Match, Question
from services.places import Place
from services.routes import Situation

_LAST_ROLES = ("person", "human_rights", "emergency")

PAGE = 3
GUESS = 0.2
"""From here on a single need that a message sounds like is taken up, and can be corrected."""

_WORDS_OF_A_PLACE = 4
_MORE_WORDS = frozenset({"mas", "otro", "otra", "otros", "otras", "hay mas", "mas opciones", "otra opcion"})
NO_PLACE = "00"

_SAME_FOR_ALL = frozenset({Need.DOCUMENTS, Need.EDUCATION, Need.MISSING, Need.TRANSPORT, Need.AID_ABUSE})
"""Needs for which nothing is made for women, so that the line about it would only be noise."""

_SAY_THERE = frozenset(
    {Need.VICTIM_REGISTRY, Need.AID_ABUSE, Need.HUMAN_RIGHTS, Need.DOCUMENTS, Need.EDUCATION, Need.HOUSING}
)
"""Needs for which what to say at the counter matters more than a third place to go."""

_KEEPS_PLACE = re.compile(
    r"\b(?:prefiero no|no (?:le |te |les )?(?:quiero|puedo|voy a|pienso)) decir(?:le|les|te)?"
    r" (?:donde|en (?:que|donde)|mi (?:lugar|ubicacion|municipio|direccion)|el lugar)\b"
)


def for_need(talk: Talk, need: str) -> Turn:
    """Start on a need: with the place when it is known, else ask for it."""
    talk = talk.remember(need=need, shown=(), in_hand=(), misses=0)
    return show(talk) if talk.state.place else ask_place(talk)


def keeps_place(text: str) -> bool:
    """«Prefiero no decir dónde estoy», inside a longer message too."""
    return bool(_KEEPS_PLACE.search(fold(text)))


def ask_place(talk: Talk, *, again: bool = False) -> Turn:
    """«¿En qué municipio o estado está?» Asked again, it comes with a number to call meanwhile.

    So it does for a need on the second page of the menu: the person has written three times by now.
    """
    seek = labels.NEED_SEEK.get(talk.state.need)
    question = say.ASK_PLACE.format(need=seek) if seek else say.ASK_PLACE_ONLY
    is_late = again or talk.state.need in labels.MENU_SECOND
    parts = (
        "" if again else _lead(talk),
        say.ASK_PLACE_AGAIN if again else question,
        _meanwhile(talk) if is_late else "",
    )
    state = talk.remember(asked=Asked.PLACE).state
    return Turn(state, (Reply(join(parts), (menu.no_place(),), place_request=True),))


def at_place(talk: Talk, key: str) -> Turn:
    """The place is settled («00»: would rather not say); go on with the need, or ask for it."""
    talk = talk.remember(place=key, shown=(), in_hand=(), misses=0)
    if talk.state.need:
        return show(talk)
    if guessed := _guessed(talk):
        return for_need(talk, guessed)
    text = say.ASK_NEED_ANYWHERE if key == NO_PLACE else say.ASK_NEED.format(place=place_name(talk))
    state = talk.remember(asked=Asked.NEED).state
    return Turn(state, (Reply(text, menu.needs_menu()),))


def _guessed(talk: Talk) -> str:
    """The one need that a message with a place sounds like, though not surely."""
    likely = [g.need for g in talk.meaning.guesses if g.need in set(Need) and g.confidence >= GUESS]
    says_more = len(talk.inbound.text.split()) > _WORDS_OF_A_PLACE
    return likely[0] if len(likely) == 1 and says_more and likely[0] not in (Need.EMERGENCY, Need.GBV) else ""


def ask_which(talk: Talk, candidates: tuple[Place, ...]) -> Turn:
    """Several places share the name."""
    distinctions = {place.key: talk.directory.gazetteer.distinction(place.key) for place in candidates}
    text = join([say.ASK_WHICH_PLACE, _meanwhile(talk)])
    state = talk.remember(asked=Asked.WHICH_PLACE).state
    return Turn(state, (Reply(text, menu.places(candidates, distinctions)),))


def wants_more(text: str) -> bool:
    """«Más», «otro»: in words, and nothing else."""
    return fold(text).strip(" .!¡?¿") in _MORE_WORDS


def more(talk: Talk) -> Turn:
    """«Ver más»: the next services; when what was asked is forgotten, ask it."""
    if not talk.state.need:
        return _start_again(talk)
    return show(talk) if talk.state.place else ask_place(talk)


def show(talk: Talk, *, lead: str = "") -> Turn:
    """The next services for the need and place, never skipping one; or the ladder."""
    question = _question(talk)
    matches = matching.find(talk.directory, question)
    left = [m for m in matches if m.service.id not in talk.state.shown]
    if not left:
        return _ladder(talk, question, lead=lead)
    return _page(talk, left, lead=lead)


def other_line(talk: Talk, *, lead: str) -> Turn:
    """Somebody else to call, when no need was said."""
    rungs = _last_rung(talk)
    ids = tuple(service_id for service_id, _ in rungs)
    steps = [template.format(service=_block(talk, i, brief=False)) for i, template in rungs]
    state = talk.remember(asked=Asked.NEED, in_hand=ids).state
    return Turn(state, (Reply(join([lead, *steps]), menu.needs_menu(), services=ids),), grave=talk.state.gbv)


def details(talk: Talk) -> Turn:
    """What the list left out, as many services as fit; the others stay a tap away."""
    in_hand = (_record(talk, service_id) for service_id in talk.state.in_hand)
    found = [service for service in in_hand if service and _may_come(talk, service)]
    return details_of(talk, found[0]) if found else _start_again(talk)


def details_of(talk: Talk, service: Service) -> Turn:
    """Everything about one service, and a way to the others that were just shown."""
    if not _may_come(talk, service):
        return _start_again(talk)
    match = _as_match(talk, _record(talk, service.id) or service)
    text = join([say.DETAILS, listing.details(match, now=talk.now)])
    in_hand = tuple(dict.fromkeys(talk.state.in_hand))[:PAGE] if service.id in talk.state.in_hand else ()
    options = [Option(f"service:{i}", labels.DETAILS_OF[n]) for n, i in enumerate(in_hand) if i != service.id]
    state = talk.remember(asked=Asked.NOTHING).state
    reply = Reply(text, (*options, menu.menu()), services=(service.id,))
    return Turn(state, (reply,))


def _may_come(talk: Talk, service: Service) -> bool:
    """An old list or button must not send a man to a door for women."""
    return Who.MAN not in talk.state.who or not service.compatibility.women_only


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
        without_papers=Situation.NO_PAPERS in state.situations,
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
    shown = _with_womens_number(talk, text, ids)
    return Turn(state, (Reply(text, options, services=shown),), grave=talk.state.gbv)


def _compose(talk: Talk, page: Sequence[Match], *, remaining: int, lead: str) -> str:
    ask = _referral(talk)
    blocks = [listing.block(match, now=talk.now, ask=ask) for match in page]
    before = asking_before.line(talk.state, [match.service for match in page])
    left = say.FOUND_ONE_OF.format(count=remaining) if remaining else ""
    women = "" if any(m.service.compatibility.women_only for m in page) else _women_line(talk)
    required = [lead or _lead(talk), _heading(talk), *blocks, before, left, women, _next_line(talk)]
    says_law = talk.state.need in _SAY_THERE and not talk.state.shown
    law = _law(talk) if says_law or not remaining else ""
    optional = [_for_whom(talk), _step_by_step(talk)]
    if says_law:
        return join([*required, law], optional, limit=room(talk.state))
    return join(required, [law, *optional], limit=room(talk.state))


def _referral(talk: Talk) -> str:
    """The national line that can refer to an office without a phone."""
    national = talk.directory.ladder.national(talk.state.need)
    line = talk.directory.first(national, women=women_flow(talk))
    return listing.dial(line) if line else ""


def _heading(talk: Talk) -> str:
    need = _phrase(talk.state.need)
    template = say.FOUND_MORE if talk.state.shown else say.FOUND
    return template.format(need=need, place=place_name(talk))


def _ladder(talk: Talk, question: Question, *, lead: str) -> Turn:
    """Nothing fits, said plainly; then who can refer, each step named for what it is."""
    rungs = [rung for rung in _rungs(talk, question) if rung[0] not in talk.state.shown]
    rungs = rungs or _last_rung(talk)
    options = (menu.change_place(), menu.details(), _go_on(talk))
    text = _ladder_text(talk, rungs, lead=lead, brief=False)
    if units(text) > room(talk.state):
        text = _ladder_text(talk, rungs, lead=lead, brief=True)
    services = tuple(service_id for service_id, _ in rungs)
    seen = tuple(dict.fromkeys((*talk.state.shown, *services)))
    state = talk.remember(asked=Asked.NOTHING, shown=seen, in_hand=services).state
    shown = _with_womens_number(talk, text, services)
    return Turn(state, (Reply(text, options, services=shown),), grave=talk.state.gbv)


def _ladder_text(talk: Talk, rungs: Sequence[tuple[str, str]], *, lead: str, brief: bool) -> str:
    if talk.state.shown:
        none = say.NO_MORE.format(need=_phrase(talk.state.need), place=place_name(talk))
    else:
        none = say.NONE_HERE.format(need=labels.NEED_MISSING[talk.state.need], place=place_name(talk))
    steps = [template.format(service=_block(talk, i, brief=brief)) for i, template in rungs]
    required = [lead or _lead(talk), none, *steps, _law(talk), _women_line(talk)]
    optional = [_next_line(talk), _for_whom(talk), _step_by_step(talk)]
    return join(required, optional, limit=room(talk.state))


def _block(talk: Talk, service_id: str, *, brief: bool) -> str:
    service = _record(talk, service_id)
    if service is None:
        return ""
    return listing.short(service) if brief else listing.one(_as_match(talk, service), now=talk.now)


def _law(talk: Talk) -> str:
    """Which office must help by law, and what to ask for there."""
    step = talk.directory.ladder.for_need(talk.state.need, talk.state.place[:2])
    return say.LADDER_LAW.format(office=step.office, ask=step.ask) if step else ""


def _rungs(talk: Talk, question: Question) -> list[tuple[str, str]]:
    """(service id, sentence) of the nearest municipality, the state body and the national line, each once."""
    ladder, directory = talk.directory.ladder, talk.directory
    body = directory.first(ladder.state_bodies(question.place[:2], question.need), women=question.women)
    line = directory.first(ladder.national(question.need), women=question.women)
    state = directory.gazetteer.place(question.place[:2])
    found = [
        _nearest_rung(talk, question),
        (body.id, _partly(say.LADDER_STATE, state=state_name(state))) if body and state else None,
        (line.id, say.LADDER_NATION) if line else None,
    ]
    distinct: dict[str, str] = {}
    for rung in found:
        if rung and rung[0] not in distinct:
            distinct[rung[0]] = rung[1]
    return list(distinct.items())


def _nearest_rung(talk: Talk, question: Question) -> tuple[str, str] | None:
    near = matching.nearest(talk.directory, question)
    if near is None:
        return None
    where = f"{near.place.municipality}, {state_name(near.place)}"
    distance = listing.spoken_distance(near.km)
    return near.match.service.id, _partly(say.LADDER_NEAREST, place=where, distance=distance)


def _last_rung(talk: Talk) -> list[tuple[str, str]]:
    """When all was shown or did not answer: somebody to talk to, else the emergency line."""
    lines = (talk.directory.line(role, place=talk.state.place) for role in _LAST_ROLES)
    return [(line.id, say.LADDER_PERSON) for line in lines if line and line.id not in talk.state.shown][:1]


def _partly(template: str, **values: str) -> str:
    """The template with all but the service filled in."""
    return template.format(service="{service}", **{k: v.replace("{", "(") for k, v in values.items()})


def _women_line(talk: Talk) -> str:
    """Offered apart and never as a family's own shelter: one line, unless they were shown or are no use.

    A woman who said so gets the number itself.
    """
    if talk.state.gbv or Who.MAN in talk.state.who or talk.state.need in _SAME_FOR_ALL:
        return ""
    line = _womens_number(talk)
    return say.WOMEN_NUMBER.format(line=listing.dial(line)) if line else say.WOMEN_LINE


def _womens_number(talk: Talk) -> Service | None:
    return talk.directory.line("women", place=talk.state.place) if women_flow(talk) else None


def _with_womens_number(talk: Talk, text: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of all records that the text shows."""
    line = _womens_number(talk)
    shows = line is not None and say.WOMEN_NUMBER.format(line=listing.dial(line)) in text
    return (*ids, line.id) if line and shows and line.id not in ids else ids


def _next_line(talk: Talk) -> str:
    """How to go on with the other need of the same message."""
    need = waiting(talk)
    if need == Need.HUMAN_RIGHTS:
        return say.NEXT_REFUSED.format(label=labels.NEEDS[need])
    return say.NEXT_NEED.format(need=_phrase(need), label=labels.NEEDS[need]) if need else ""


def _for_whom(talk: Talk) -> str:
    """The step of the route made for this person: an interpreter, equal treatment, care."""
    named = next((w for w in say.FOR_WHOM if w in talk.state.who), "")
    key, text = say.FOR_WHOM.get(named, ("", ""))
    number = next((step.number for step in talk.directory.routes.steps if step.key == key), 0)
    return text.format(number=number) if number else ""


def _step_by_step(talk: Talk) -> str:
    """The step of the route about this need: what to bring, and what to do when they refuse."""
    of_need = [step.number for step in talk.directory.routes.steps if step.need == talk.state.need]
    template = say.STEP_OF_RETURN if talk.state.need == Need.TRANSPORT else say.STEP_BY_STEP
    return template.format(number=of_need[-1]) if of_need else ""


def _lead(talk: Talk) -> str:
    return say.LEADS.get(talk.state.need, "")


def _meanwhile(talk: Talk) -> str:
    line = _referral(talk)
    return say.MEANWHILE.format(line=line) if line else ""


def _start_again(talk: Talk) -> Turn:
    """What it was about is forgotten, or never was: ask for it, and nothing more."""
    state = talk.remember(asked=Asked.NEED).state
    return Turn(state, (Reply(say.DETAILS_NONE, menu.needs_menu()),))


def _go_on(talk: Talk) -> Option:
    """The next thing the person asked for, if there was one; else the menu."""
    need = waiting(talk)
    return menu.need(need) if need else menu.menu()


def _record(talk: Talk, service_id: str) -> Service | None:
    """A record as this person may read it."""
    return talk.directory.get(service_id, women=women_flow(talk))


def _phrase(need: str) -> str:
    return labels.NEED_PHRASES.get(need, labels.NEED_PHRASES["know_rights"])


def _as_match(talk: Talk, service: Service) -> Match:
    hours = matching.hours_of(talk.directory, service, talk.now)
    return Match(service, matching.Reach.NATION, hours)
