"""Services in one message; and the ladder when the directory has nothing that fits."""

from collections.abc import Sequence

from bot.budget import join, room, units
from bot.flows import asking_before, known, listing, menu, pointers
from bot.flows.menu import state_name
from bot.messages import Option, Reply
from bot.state import Asked, Talk, Turn
from bot.texts import find_help as say
from bot.texts import labels
from data.counts import Outcome
from data.needs import Need, Who
from services import matching
from services.matching import Match, Question
from services.routes import Situation

PAGE = 3
NO_PLACE = "00"

_LAST_ROLES = ("person", "human_rights", "emergency")
_SAY_THERE = frozenset(
    {Need.VICTIM_REGISTRY, Need.AID_ABUSE, Need.HUMAN_RIGHTS, Need.DOCUMENTS, Need.EDUCATION, Need.HOUSING}
)
"""Needs for which what to say at the counter matters more than a third place to go."""


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


def referral(talk: Talk) -> str:
    """The national line that can refer to an office without a phone."""
    national = talk.directory.ladder.national(talk.state.need)
    line = talk.directory.first(national, today=talk.today, women=known.women_flow(talk))
    return listing.dial(line) if line else ""


def _question(talk: Talk) -> Question:
    state = talk.state
    return Question(
        need=state.need,
        place="" if state.place == NO_PLACE else state.place,
        who=tuple(Who(w) for w in state.who),
        now=talk.now,
        women=known.women_flow(talk),
        situations=frozenset(s for s in Situation if s in state.people),
        son=state.son,
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
    shown = pointers.with_womens_number(talk, text, ids)
    ended = (talk.state.need, Outcome.SHOWN)
    return Turn(state, (Reply(text, options, services=shown),), grave=talk.state.gbv, ended=ended)


def _compose(talk: Talk, page: Sequence[Match], *, remaining: int, lead: str) -> str:
    ask = referral(talk)
    blocks = [listing.block(match, now=talk.now, ask=ask) for match in page]
    before = asking_before.line(talk.state, [match.service for match in page])
    left = say.FOUND_ONE_OF.format(count=remaining) if remaining else ""
    women = "" if any(m.service.compatibility.women_only for m in page) else pointers.women_line(talk)
    required = [
        lead or pointers.lead(talk),
        _heading(talk),
        *blocks,
        before,
        left,
        women,
        pointers.next_line(talk),
    ]
    says_law = talk.state.need in _SAY_THERE and not talk.state.shown
    law = _law(talk) if says_law or not remaining else ""
    optional = [pointers.for_whom(talk), pointers.step_by_step(talk)]
    if says_law:
        return join([*required, law], optional, limit=room(talk.state))
    return join(required, [law, *optional], limit=room(talk.state))


def _heading(talk: Talk) -> str:
    need = known.phrase(talk.state.need)
    template = say.FOUND_MORE if talk.state.shown else say.FOUND
    return template.format(need=need, place=known.place_name(talk))


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
    shown = pointers.with_womens_number(talk, text, services)
    ended = None if talk.state.shown else (talk.state.need, Outcome.NONE)
    return Turn(state, (Reply(text, options, services=shown),), grave=talk.state.gbv, ended=ended)


def _ladder_text(talk: Talk, rungs: Sequence[tuple[str, str]], *, lead: str, brief: bool) -> str:
    if talk.state.shown:
        none = say.NO_MORE.format(need=known.phrase(talk.state.need), place=known.place_name(talk))
    else:
        none = say.NONE_HERE.format(need=labels.NEED_MISSING[talk.state.need], place=known.place_name(talk))
    steps = [template.format(service=_block(talk, i, brief=brief)) for i, template in rungs]
    named = [service for i, _ in rungs if (service := known.record(talk, i))]
    before = asking_before.line(talk.state, named)
    required = [lead or pointers.lead(talk), none, *steps, before, _law(talk), pointers.women_line(talk)]
    optional = [pointers.next_line(talk), pointers.for_whom(talk), pointers.step_by_step(talk)]
    return join(required, optional, limit=room(talk.state))


def _block(talk: Talk, service_id: str, *, brief: bool) -> str:
    service = known.record(talk, service_id)
    if service is None:
        return ""
    return listing.short(service) if brief else listing.one(known.as_match(talk, service), now=talk.now)


def _law(talk: Talk) -> str:
    """Which office must help by law, and what to ask for there."""
    step = talk.directory.ladder.for_need(talk.state.need, talk.state.place[:2])
    return say.LADDER_LAW.format(office=step.office, ask=step.ask) if step else ""


def _rungs(talk: Talk, question: Question) -> list[tuple[str, str]]:
    """(service id, sentence) of the nearest municipality, the state body and the national line, each once."""
    ladder, directory = talk.directory.ladder, talk.directory
    bodies, national = ladder.state_bodies(question.place[:2], question.need), ladder.national(question.need)
    body = directory.first(bodies, today=question.today, women=question.women)
    line = directory.first(national, today=question.today, women=question.women)
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
    lines = (talk.directory.line(role, today=talk.today, place=talk.state.place) for role in _LAST_ROLES)
    return [(line.id, say.LADDER_PERSON) for line in lines if line and line.id not in talk.state.shown][:1]


def _partly(template: str, **values: str) -> str:
    """The template with all but the service filled in."""
    return template.format(service="{service}", **{k: v.replace("{", "(") for k, v in values.items()})


def _go_on(talk: Talk) -> Option:
    """The next thing the person asked for, if there was one; else the menu."""
    need = known.waiting(talk)
    return menu.need(need) if need else menu.menu()
