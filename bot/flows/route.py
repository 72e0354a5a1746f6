"""The protection route: open it, walk it, jump in it. Nothing depends on what was forgotten."""

import re

from bot.budget import MAX_ROWS, join, room
from bot.flows import known, listing, menu, offer
from bot.messages import Option, Reply
from bot.state import Asked, Talk, Turn
from bot.texts import labels
from bot.texts import route as say
from data.counts import Outcome
from data.needs import Need, Who
from data.records import Service
from services.routes import Route, Step

_PASO = re.compile(r"^\W*(?:el |al |ver |abrir |ir al )*paso\b", re.IGNORECASE)
_LIST = Option("route:list", labels.STEPS)
_NEXT = Option("route:next", labels.NEXT)
_BACK = Option("route:back", labels.BACK)
_DONE = Option("route:done", labels.DONE)
_CASE = Option("route:case", labels.MY_CASE)


def ways() -> tuple[Option, ...]:
    """What can be said in words while walking the route."""
    return (_NEXT, _BACK, _DONE, _LIST)


def open_route(talk: Talk, *, lead: str = "") -> Turn:
    """The route for the person's state and situation: the law there, and the first step to tap."""
    route = _route(talk)
    template = say.INTRO if route.state else say.INTRO_NATION
    intro = template.format(state=route.law.name, count=len(route.steps))
    optional = [_for_the_case(talk, route), say.HOW, "" if lead else talk.directory.routes.definition.text]
    text = join([lead, intro, route.law.text], optional, limit=room(talk.state))
    state = talk.remember(asked=Asked.NOTHING, step=0, misses=0).state
    options = (Option("step:1", labels.START), _LIST, _CASE)
    ended = (Need.KNOW_RIGHTS, Outcome.SHOWN)
    return Turn(state, (Reply(text, options),), grave=talk.state.gbv, ended=ended)


def ask_case(talk: Talk) -> Turn:
    """What may change the steps, to tap; whatever was said before is not asked again."""
    cases = [Option(f"case:{code}", label) for code, label in labels.CASES.items()]
    left = [case for case in cases if case.id.partition(":")[2] not in talk.state.people]
    state = talk.remember(asked=Asked.NOTHING).state
    return Turn(state, (Reply(say.ASK_CASE, (*left, _LIST, menu.menu())),), grave=talk.state.gbv)


def with_case(talk: Talk, code: str) -> Turn:
    """A case that was tapped (a code of Who or Situation): the route again, as it changes it."""
    kind = "who" if code in set(Who) else "situations"
    known: tuple[str, ...] = getattr(talk.state, kind)
    talk = talk.remember(**{kind: tuple(dict.fromkeys((*known, code)))})
    return open_route(talk, lead=say.CASE_TAKEN)


def steps(talk: Talk, *, lead: str = "") -> Turn:
    """Every step with its number; the next ones can be tapped."""
    route = _route(talk)
    lines = [say.LIST_LINE.format(number=step.number, title=step.title) for step in route.steps]
    text = join([lead or say.LIST, "\n".join(lines)])
    ahead = [step for step in route.steps if step.number > talk.state.step] or list(route.steps)
    shown = ahead[: MAX_ROWS - 1]
    options = [Option(f"step:{s.number}", labels.STEP.format(number=s.number)) for s in shown]
    state = talk.remember(asked=Asked.NOTHING).state
    return Turn(state, (Reply(text, (*options, menu.menu())),), grave=talk.state.gbv)


def open_step(talk: Talk, number: int, *, lead: str = "") -> Turn:
    """One step in one message: what to do, with whom, what to bring, and what if they refuse."""
    route = _route(talk)
    step = next((s for s in route.steps if s.number == number), None)
    if step is None:
        return steps(talk, lead=say.UNKNOWN_STEP)
    services = _services(talk, step)
    header = say.HEADER.format(number=number, count=len(route.steps), title=step.title)
    blocks = [listing.short(service) for service in services]
    text = join([lead, header, *_parts(step)], ["\n".join(blocks)] if blocks else [], limit=room(talk.state))
    ids = tuple(s.id for s, block in zip(services, blocks, strict=True) if block in text)
    state = talk.remember(asked=Asked.NOTHING, step=number, in_hand=ids, misses=0).state
    return Turn(state, (Reply(text, _ways_on(route, step), services=ids),), grave=talk.state.gbv)


def open_named(talk: Talk, key: str, *, lead: str = "") -> Turn:
    """The step that has this key in the seed."""
    return open_step(talk, next((s.number for s in _route(talk).steps if s.key == key), 1), lead=lead)


def following(talk: Talk) -> Turn:
    """The next step that is not done."""
    return _next_open(talk)


def previous(talk: Talk) -> Turn:
    """The step before."""
    return open_step(talk, max(1, talk.state.step - 1))


def done(talk: Talk) -> Turn:
    """«Ya lo hice»: the next step follows at once."""
    step = talk.state.step
    if step:
        talk = talk.remember(done=tuple(dict.fromkeys((*talk.state.done, step))))
    return _next_open(talk, lead=say.DONE)


def asked_for(talk: Talk) -> int:
    """The number of the step that a text names («paso 5», «paso de los papeles»), or 0."""
    text = talk.inbound.text
    if not _PASO.match(text):
        return 0
    step = talk.directory.routes.find(_route(talk), text)
    if step is None and talk.meaning.place and talk.meaning.place.candidates:
        return 0  # «Paso de Ovejas» is a town
    return step.number if step else -1


def _next_open(talk: Talk, *, lead: str = "") -> Turn:
    route = _route(talk)
    ahead = [s for s in route.steps if s.number > talk.state.step and s.number not in talk.state.done]
    if ahead:
        return open_step(talk, ahead[0].number, lead=lead)
    state = talk.remember(asked=Asked.NOTHING).state
    return Turn(state, (Reply(say.END, (_LIST, menu.person(), menu.menu())),))


def _route(talk: Talk) -> Route:
    place = talk.state.place if talk.state.place != offer.NO_PLACE else ""
    return talk.directory.routes.for_person(place, talk.state.people)


def _for_the_case(talk: Talk, route: Route) -> str:
    """Which steps are not as everybody else has them."""
    common = talk.directory.routes.for_person(route.state).steps
    changed = [str(step.number) for step, other in zip(route.steps, common, strict=True) if step != other]
    if not changed:
        return ""
    *first, last = changed
    template = say.CASE_STEPS if first else say.CASE_STEP
    return say.CASE_CHANGES.format(steps=template.format(numbers=", ".join(first), last=last))


def _parts(step: Step) -> list[str]:
    """What a person reads of a step, each thing on its line."""
    lines = (
        step.what,
        *step.notes,
        say.WHO.format(text=step.who) if step.who else "",
        say.BRING.format(text=step.bring) if step.bring else "",
        say.WITHOUT_PAPERS.format(text=step.without_papers) if step.without_papers else "",
        step.cost,
        say.REFUSED.format(text=step.if_refused) if step.if_refused else "",
        say.BASIS.format(text=step.basis) if step.basis else "",
    )
    return ["\n".join(line for line in lines if line)]


def _services(talk: Talk, step: Step) -> list[Service]:
    """Up to two records with a phone that may be shown to this person."""
    women = known.women_flow(talk)
    found: list[Service] = []
    for service_id in step.services:
        service = talk.directory.first([service_id], today=talk.today, women=women)
        if service and service.phones and len(found) < 2:
            found.append(service)
    return found


def _ways_on(route: Route, step: Step) -> tuple[Option, ...]:
    last = step.number == len(route.steps)
    services = (Option(f"need:{step.need}", labels.SERVICES),) if step.need else ()
    on = () if last else (_DONE, _NEXT)
    back = (_BACK,) if step.number > 1 else ()
    return (*on, *services, *back, _LIST, menu.menu()) if services else (*on, _LIST)
