"""PERSONA: somebody to talk to. A line at once; where there is a team, also a word left for them."""

from dataclasses import replace

from bot.budget import join, shorten
from bot.flows import known, listing, menu
from bot.messages import Option, Reply
from bot.safe_times import Window, days_left, end_of
from bot.state import Asked, Casework, Handoff, Request, State, Talk, Turn
from bot.texts import labels
from bot.texts import person as say
from data.counts import Outcome
from data.records import Service
from services import matching
from services.hours import Opening
from services.matching import DEFAULT_ZONE

_MOST = 2
_MAX_OPERATOR = 120
_QUESTIONS = (Asked.CONSENT, Asked.WHEN, Asked.UNTIL, Asked.SEND)
_CAN_GO_ON = (Casework.CALLED, Casework.ASKING, Casework.PAUSED, Casework.RETURNED)
_LEAVE = Option("request", say.LEAVE_WORD)
_NO = Option("request:no", say.NO_THANKS)
_TAKE_BACK = Option("request:drop", say.TAKE_BACK)
_GO_ON = Option("talk:yes", say.GO_ON)


def offer(talk: Talk) -> Turn:
    """The right lines for the need and place, with their hours now; below them, a word for the team."""
    services = _lines(talk)
    blocks = [listing.one(known.as_match(talk, service), now=talk.now) for service in services]
    place = f" ({known.place_name(talk)})" if _has_place(talk) else ""
    lines = say.PERSON.format(place=place, services="\n\n".join(blocks))
    words, ways = _team(talk)
    text = join([lines, say.PERSON_SAFE, words])
    ids = tuple(s.id for s in services)
    state = talk.remember(asked=Asked.NOTHING, in_hand=ids, misses=0).state
    reply = Reply(text, (*ways, menu.menu()), services=ids)
    return Turn(state, (reply,), grave=talk.state.gbv, ended=(talk.state.need, Outcome.PERSON))


def offered_too(talk: Talk, turn: Turn) -> Turn:
    """The same answer, with the way to leave a word for the team where there is one."""
    _, ways = _team(talk)
    reply = turn.replies[-1]
    more = replace(reply, options=(*ways, *reply.options))
    return replace(turn, replies=(*turn.replies[:-1], more))


def tapped(talk: Talk, option: str) -> Turn:
    """A step of leaving a word. A button of an earlier talk begins again with what is kept and why."""
    _, _, rest = option.partition(":")
    step, _, value = rest.partition(":")
    if step == "drop":
        return _taken_back(talk)
    if step == "no":
        return _not_left(talk)
    if not talk.directory.operator.casework_team:
        return offer(talk)
    return _step(talk, step, value) or consent(talk)


def consent(talk: Talk) -> Turn:
    """What is kept, who reads it, until when, and how to take it back."""
    operator = talk.directory.operator
    days = operator.request_days
    text = say.CONSENT.format(
        what=_what(talk),
        where=_where(talk),
        operator=shorten(operator.name, _MAX_OPERATOR).rstrip(".") or say.TEAM,
        days=say.DAY if days == 1 else say.DAYS.format(days=days),
    )
    return _ask(talk, Asked.CONSENT, text, (Option("request:yes", say.AGREE), _NO))


def yes_or_no(talk: Talk, *, yes: bool) -> Turn | None:
    """«Sí» or «no» in other words, to one of these questions; None to any other."""
    asked = talk.state.asked
    if asked not in _QUESTIONS:
        return None
    if not yes:
        return _not_left(talk)
    if asked in (Asked.CONSENT, Asked.WHEN):
        return _when(talk)
    window, days = _last_offered(talk)
    if asked is Asked.SEND and days is not None:
        return _saved(talk, window, days)
    return _until(talk, window)


def settled(turn: Turn) -> Turn:
    """Any other word leaves the questions at once: no later «sí» means them."""
    asks = any(option.id.startswith("request:") for reply in turn.replies for option in reply.options)
    if asks or turn.state.asked not in _QUESTIONS:
        return turn
    return replace(turn, state=replace(turn.state, asked=Asked.NOTHING))


def zone_of(talk: Talk) -> str:
    """The clock of the place the person named, else of central Mexico."""
    known = talk.directory.gazetteer.place(talk.state.place)
    return talk.directory.gazetteer.time_zone(known.key) if known else DEFAULT_ZONE


def _step(talk: Talk, step: str, value: str) -> Turn | None:
    """The step that a button leads to, when its question is the one that was asked last."""
    asked = talk.state.asked
    name, _, number = value.partition(":")
    if step == "yes" and asked is Asked.CONSENT:
        return _when(talk)
    if name not in set(Window):
        return None
    if step == "when" and asked is Asked.WHEN:
        return _until(talk, Window(name))
    if step in ("until", "send") and number not in [str(d) for d in _days(talk, Window(name))]:
        return _until(talk, Window(name)) if asked in (Asked.UNTIL, Asked.SEND) else None
    if step == "until" and asked is Asked.UNTIL:
        return _confirm(talk, Window(name), int(number))
    return _saved(talk, Window(name), int(number)) if step == "send" and asked is Asked.SEND else None


def _when(talk: Talk) -> Turn:
    options = tuple(Option(f"request:when:{window}", say.WINDOWS[window]) for window in Window)
    return _ask(talk, Asked.WHEN, say.WHEN, options)


def _until(talk: Talk, window: Window) -> Turn:
    days = _days(talk, window)
    options = tuple(Option(f"request:until:{window}:{d}", say.LAST_DAYS[d]) for d in days)
    return _ask(talk, Asked.UNTIL, say.UNTIL, options)


def _confirm(talk: Talk, window: Window, days: int) -> Turn:
    text = say.SEND.format(
        when=say.TIMES[window], until=say.UNTILS[days], what=_what(talk), where=_where(talk)
    )
    options = (Option(f"request:send:{window}:{days}", say.KEEP), _NO)
    return _ask(talk, Asked.SEND, text, options)


def _saved(talk: Talk, window: Window, days: int) -> Turn:
    place = talk.state.place if _has_place(talk) else ""
    until = end_of(days, talk.now, zone=zone_of(talk))
    request = Request(talk.state.need, place, str(window), until)
    state = talk.remember(asked=Asked.NEED, casework=Casework.LEFT).state
    return Turn(state, (Reply(say.SAVED, menu.needs_menu()),), grave=state.gbv, request=request)


def _not_left(talk: Talk) -> Turn:
    return Turn(_with_need_asked(talk), (Reply(say.NOT_LEFT, menu.needs_menu()),))


def _taken_back(talk: Talk) -> Turn:
    state = replace(_with_need_asked(talk), casework=Casework.NONE)
    return Turn(state, (Reply(say.TAKEN_BACK, menu.needs_menu()),), handoff=Handoff.WITHDRAW)


def _with_need_asked(talk: Talk) -> State:
    return talk.remember(asked=Asked.NEED, misses=0).state


def _ask(talk: Talk, asked: Asked, text: str, options: tuple[Option, ...]) -> Turn:
    state = talk.remember(asked=asked, misses=0).state
    return Turn(state, (Reply(text, options),), grave=state.gbv)


def _days(talk: Talk, window: Window) -> tuple[int, ...]:
    remembered = talk.directory.operator.retention_days
    return days_left(window, talk.now, zone=zone_of(talk), at_most=remembered)


def _last_offered(talk: Talk) -> tuple[Window, int | None]:
    """The window, and the last day, that the buttons offered last carry."""
    for option_id, _ in talk.state.options:
        _, step, window, days = (option_id + ":::").split(":")[:4]
        if step in ("until", "send") and window in set(Window):
            return Window(window), int(days) if step == "send" and days.isdecimal() else None
    return Window.UNSAID, None


def _what(talk: Talk) -> str:
    need = labels.NEED_PHRASES.get(talk.state.need)
    return say.NEED.format(need=need) if need else say.NO_NEED


def _where(talk: Talk) -> str:
    return say.PLACE.format(place=known.place_name(talk)) if _has_place(talk) else say.NO_PLACE


def _has_place(talk: Talk) -> bool:
    return talk.directory.gazetteer.place(talk.state.place) is not None


def _team(talk: Talk) -> tuple[str, tuple[Option, ...]]:
    """What to say of the team, and what can be tapped, as the request stands."""
    if not talk.directory.operator.casework_team:
        return "", ()
    if talk.state.casework in _CAN_GO_ON:
        return say.PERSON_PAUSED, (_GO_ON, _TAKE_BACK)
    if talk.state.casework is Casework.LEFT:
        return say.PERSON_LEFT, (_TAKE_BACK,)
    return say.PERSON_MESSAGE, (_LEAVE,)


def _lines(talk: Talk) -> list[Service]:
    """For women first in their flow, then the state's body, then the nation's; one that is open now."""
    ladder, directory, place = talk.directory.ladder, talk.directory, talk.state.place
    is_women = known.women_flow(talk)
    women = [directory.line("women", today=talk.today, place=place)] if is_women else []
    bodies = [i for i in ladder.state_bodies(place[:2], talk.state.need) if _has_phone(talk, i)]
    body = directory.first(bodies, today=talk.today, women=is_women)
    national = directory.first(ladder.national(talk.state.need), today=talk.today, women=is_women)
    found = [*women, body, national, directory.line("person", today=talk.today, place=place)]
    distinct = list({service.id: service for service in found if service and service.phones}.values())
    shown = distinct[:_MOST]
    if any(_is_open(talk, service) for service in shown):
        return shown
    return [*shown, *[s for s in distinct[_MOST:] if _is_open(talk, s)][:1]]


def _is_open(talk: Talk, service: Service) -> bool:
    hours = matching.hours_of(talk.directory, service, talk.now)
    return hours.opening in (Opening.ALWAYS, Opening.OPEN)


def _has_phone(talk: Talk, service_id: str) -> bool:
    service = talk.directory.get(service_id, today=talk.today)
    return bool(service and service.phones)
