"""respond(): one message in, one answer out. Pure: no clock, no network, no database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot import counting, keywords, taking_in
from bot.budget import MAX_ROWS, with_notice
from bot.flows import (
    cards,
    consultation,
    danger,
    details,
    find_help,
    handoff,
    known,
    leaving,
    menu,
    offer,
    route,
    talking,
    welcome,
    women,
    wrong_info,
)
from bot.harm import says_to_harm
from bot.keywords import Command
from bot.messages import Inbound, Meaning, Option
from bot.questions import asks_about_privacy, asks_what_faro_is, asks_where_a_refuge_is
from bot.state import Asked, Casework, State, Talk, Turn
from bot.texts import labels
from data.needs import Need, Steer, Who
from services.directory import Directory
from services.places import PlaceAnswer

Step = Callable[[Talk], Turn]

_COMMANDS: dict[Command, Step] = {
    Command.MENU: welcome.show_menu,
    Command.HELP: danger.loud_help,
    Command.EXIT: lambda _: leaving.leave(forget=True),
    Command.DELETE: leaving.ask_erase,
    Command.STOP: lambda _: leaving.stop(),
    Command.PERSON: handoff.offer,
    Command.WOMAN: women.open_options,
    Command.PRIVACY: leaving.explain,
}

_TAPS: dict[str, Step] = {
    "menu": welcome.show_menu,
    "needs:2": welcome.show_more_needs,
    "more": find_help.more,
    "details": details.first,
    "route": route.open_route,
    "route:list": route.steps,
    "route:case": route.ask_case,
    "route:next": route.following,
    "route:back": route.previous,
    "route:done": route.done,
    "person": handoff.offer,
    "place:?": find_help.ask_place,
    "danger:yes": danger.confirmed,
    "danger:no": danger.corrected,
    "erase:yes": lambda _: leaving.erase(),
    "erase:no": leaving.keep,
}

_WITH_TEAM = {"request": handoff.tapped, "talk": talking.tapped, "opinion": consultation.tapped}
"""Taps about a request to talk to a person, by the first part of their id."""

_NOTHING = Option("", "")
_ALWAYS = (
    *(_NOTHING for _ in range(MAX_ROWS)),
    menu.more(),
    menu.details(),
    menu.change_place(),
    menu.no_place(),
    menu.person(),
    *route.ways(),
    _NOTHING,
)
"""What can be said in words although it is not offered just now; a number chooses nothing here."""

_OWN_STEPS = {Who.INDIGENOUS: "language", Who.OLDER: "care", Who.DISABILITY: "care"}
"""For whom → the step of the route that is opened when nothing else was asked for."""

_STEERS: dict[str, Step] = {
    Steer.GREETING: welcome.welcome,
    Steer.THANKS: welcome.thanks,
    Steer.GOODBYE: welcome.goodbye,
    Steer.MENU: welcome.show_menu,
    Steer.TALK_TO_PERSON: handoff.offer,
    Steer.REPORT_WRONG_INFO: wrong_info.report,
    Steer.DELETE_DATA: leaving.ask_erase,
    Steer.SAFE_EXIT: lambda _: leaving.leave(forget=False),
    Steer.STOP: lambda _: leaving.stop(),
    Steer.OPINION: consultation.start,
}


def respond(state: State, inbound: Inbound, meaning: Meaning, directory: Directory, now: datetime) -> Turn:
    """The answer to one message: exactly one reply, whatever the message and the state.

    While a person of the team answers it may be none.
    """
    returning = state.left or state.stopped
    talk = Talk(State() if returning else state, inbound, meaning, directory, now)
    turn = welcome.welcome(talk) if returning and inbound.option else _step(talk)
    turn = counting.noted(talk.state, turn, meaning, text=inbound.text)
    turn = consultation.offered(talk.state, turn, talk)
    return _with_options(handoff.settled(turn if _says_goodbye(turn) else with_notice(turn)))


def _says_goodbye(turn: Turn) -> bool:
    """The few neutral words of an ending stay few: no notice behind them."""
    return turn.state.left or turn.state.stopped


def _step(talk: Talk) -> Turn:
    if talk.state.casework is Casework.TALKING:
        return talking.with_person(talk, answer=_answer)
    turn = _answer(talk)
    return talking.told(turn, talk) if talk.state.casework is Casework.RETURNED else turn


def _answer(talk: Talk) -> Turn:
    if talk.inbound.option:
        return _tapped(talk, talk.inbound.option)
    if talk.inbound.attachment:
        return welcome.attachment(talk)
    if talk.inbound.location:
        return _located(talk)
    return _said(talk)


def _said(talk: Talk) -> Turn:
    """Text: danger first, then words that work everywhere, then choices, then what it means."""
    as_it_stood, talk = talk, taking_in.take_in(talk)
    command = keywords.command(talk.inbound.text)
    if talk.meaning.danger.urgent and command is not Command.HELP:
        return danger.answer(talk)
    if command:
        return _COMMANDS[command](talk)
    if consultation.is_asked_for(talk.inbound.text):
        return consultation.start(talk)
    if opinion := consultation.heard(as_it_stood):  # words of an opinion are no need and no place
        return opinion
    if chosen := _choice(as_it_stood):  # «el primero» names a button, whatever else it sounds like
        return _tapped(as_it_stood, chosen)
    if number := route.asked_for(talk):
        return route.open_step(talk, number)
    return _about_what_was_shown(talk, as_it_stood) or _heard(talk)


def _about_what_was_shown(talk: Talk, as_it_stood: Talk) -> Turn | None:
    """«Más», «¿cómo llego?», «contacto»."""
    if find_help.wants_more(talk.inbound.text):
        return find_help.more(talk)
    return details.asked_for(as_it_stood) if _is_calm(talk) else None


def _is_calm(talk: Talk) -> bool:
    """Neither violence, nor somebody who leaves or took the phone, speaks from the message."""
    danger = talk.meaning.danger
    return not (danger.gbv or danger.leaving or danger.other_person)


def _choice(talk: Talk) -> str | None:
    """The option that the text names; «no» and «sí» alone name only what was just offered."""
    text = talk.inbound.text
    chosen = keywords.choice(text, talking.offered(talk))
    if chosen or _is_yes_or_no(talk):
        return chosen
    return keywords.choice(text, _ALWAYS) or keywords.label(text, menu.all_needs())


def _is_yes_or_no(talk: Talk) -> bool:
    return any(n.need in (Steer.AFFIRM, Steer.DENY) for n in talk.meaning.needs)


def _heard(talk: Talk) -> Turn:
    """What a text sounds like before what it asks for: somebody leaves, or somebody else reads."""
    if talk.meaning.danger.leaving:
        return leaving.leave(forget=False)
    if talk.meaning.danger.other_person:
        return talking.in_doubt(welcome.other_person())
    wants_something = any(n.need in set(Need) for n in talk.meaning.needs)
    if not wants_something and asks_about_privacy(talk.inbound.text):
        return leaving.explain(talk)
    if not wants_something and asks_what_faro_is(talk.inbound.text):
        return welcome.program(talk)
    return _meant(talk)


def _meant(talk: Talk) -> Turn:
    meaning, state = talk.meaning, talk.state
    if grave := _grave(talk):
        return grave(talk)
    if talk.state.casework is Casework.RETURNED:
        return talking.kept_for_later(talk)
    if taking_in.leads(meaning):
        return _steer(talk)
    if asks_where_a_refuge_is(talk.inbound.text):
        return find_help.refuge(talk)
    if _own_step(talk) and not state.need:
        return _for_whom(talk)
    if meaning.place and _wants_place(talk, meaning.place):
        return _named_place(talk, meaning.place)
    if taking_in.needs(meaning):
        return _for_need(talk, state.need)
    return _steer(talk)


def _grave(talk: Talk) -> Step | None:
    """Violence that is not happening now, whoever does it, and who can't speak aloud."""
    if talk.state.harms and says_to_harm(talk.inbound.text):
        return danger.harm_answer
    if talk.meaning.danger.gbv:
        return danger.gbv_answer
    return welcome.silent if talk.meaning.danger.silent else None


def _named_place(talk: Talk, answer: PlaceAnswer) -> Turn:
    if answer.ambiguous:
        return find_help.ask_which(talk, answer.candidates)
    return _at_place(talk, answer.candidates[0].key)


def _at_place(talk: Talk, key: str) -> Turn:
    """The place is settled («00»: would rather not say): go on with what was asked for."""
    if talk.state.need == Need.KNOW_RIGHTS:
        return route.open_route(talk.remember(place=key))
    return find_help.at_place(talk, key)


def _wants_place(talk: Talk, place: PlaceAnswer) -> bool:
    """A place alone is an answer to our question, or a change of place."""
    if place.ambiguous:
        return True
    return bool(place.candidates) and not taking_in.needs(talk.meaning)


def _for_need(talk: Talk, need: str) -> Turn:
    if need == Need.EMERGENCY:
        return danger.loud_help(talk)
    if need == Need.KNOW_RIGHTS and talk.state.place:
        return route.open_route(talk)
    if need == Need.GBV:
        return danger.lines(talk)
    return find_help.for_need(talk, need)


def _steer(talk: Talk) -> Turn:
    likely = (n.need for n in talk.meaning.needs if n.confidence >= taking_in.LIKELY)
    steer = next((need for need in likely if need in set(Steer)), "")
    if steer in (Steer.AFFIRM, Steer.DENY):
        return _yes_or_no(talk, yes=steer == Steer.AFFIRM)
    if _keeps_place_back(talk):
        return _at_place(talk, offer.NO_PLACE)
    if question := talking.ask_again(talk, steer):
        return question
    if steer == Steer.OUT_OF_SCOPE:
        return welcome.out_of_scope(talk)
    if step := _STEERS.get(steer):
        return step(talk.remember(misses=0))
    return _unsteered(talk)


def _unsteered(talk: Talk) -> Turn:
    if find_help.keeps_place(talk.inbound.text):
        return _at_place(talk, talk.state.place)
    if talk.meaning.who:
        return _for_whom(talk)
    if talk.state.asked in (Asked.PLACE, Asked.WHICH_PLACE):
        return _no_such_place(talk)
    return _unsure(talk)


def _keeps_place_back(talk: Talk) -> bool:
    asked = talk.state.asked in (Asked.PLACE, Asked.WHICH_PLACE)
    return asked and find_help.refuses_place(talk.inbound.text)


def _for_whom(talk: Talk) -> Turn:
    """Only who it is for was said: what was asked for again, now for them."""
    if talk.state.need:
        return _for_need(talk, talk.state.need)
    key = _own_step(talk)
    return route.open_named(talk, key, lead=welcome.here(key)) if key else welcome.noted(talk)


def _own_step(talk: Talk) -> str:
    """The step of the route made for somebody whom the message names, empty when there is none."""
    return next((key for who, key in _OWN_STEPS.items() if who in talk.meaning.who), "")


def _no_such_place(talk: Talk) -> Turn:
    """The place was not found: ask again, with a number to call meanwhile; the third time go on without."""
    talk = talk.remember(misses=talk.state.misses + 1)
    if talk.state.misses < welcome.MISSES_BEFORE_A_PERSON:
        return find_help.ask_place(talk, again=True)
    return _at_place(talk, offer.NO_PLACE)


def _yes_or_no(talk: Talk, *, yes: bool) -> Turn:
    """«Sí» and «no» count only as an answer to what was asked."""
    if turn := talking.yes_or_no(talk, yes=yes) or handoff.yes_or_no(talk, yes=yes):
        return turn
    if talk.state.asked is Asked.DANGER:
        return danger.confirmed(talk) if yes else danger.corrected(talk)
    if talk.state.asked is Asked.ERASE:
        return leaving.erase() if yes else leaving.keep(talk)
    if talk.state.asked in (Asked.PLACE, Asked.WHICH_PLACE):
        return find_help.ask_place(talk) if yes else _at_place(talk, offer.NO_PLACE)
    if yes and (waiting := _options_to_see(talk) or known.waiting(talk)):
        return _chosen_need(talk, waiting)
    return welcome.show_menu(talk) if yes else welcome.fine(talk)


def _options_to_see(talk: Talk) -> str:
    """The need behind «Ver opciones», where it was offered first just now."""
    offered = next(iter(talk.state.options), ("", ""))
    return offered[0].removeprefix("need:") if offered[1] == labels.SEE_OPTIONS else ""


def _unsure(talk: Talk) -> Turn:
    likely = tuple(n.need for n in talk.meaning.guesses if n.need in set(Need))[:3]
    if likely:
        return welcome.guesses(talk, likely)
    if talk.meaning.place_from:
        return welcome.noted(talk)
    turn = welcome.miss(talk)
    third = turn.state.misses >= welcome.MISSES_BEFORE_A_PERSON
    return handoff.offered_too(talk, turn) if third else turn


def _located(talk: Talk) -> Turn:
    """A shared location: only its municipality is kept."""
    latitude, longitude = talk.inbound.location or (0.0, 0.0)
    place = talk.directory.gazetteer.at(latitude, longitude)
    return _at_place(talk, place.key) if place else find_help.ask_place(talk, again=True)


def _tapped(talk: Talk, option: str) -> Turn:
    """A tapped option; its id carries all it needs, so an old button still works."""
    kind, _, value = option.partition(":")
    if step := _TAPS.get(option):
        return step(talk)
    if with_team := _WITH_TEAM.get(kind):
        return with_team(talk, option)
    turn = _tapped_by_kind(talk, kind, value)
    return turn or welcome.show_menu(talk)


def _tapped_by_kind(talk: Talk, kind: str, value: str) -> Turn | None:
    if kind == "need" and value in set(Need):
        return _chosen_need(talk, value)
    if kind == "place" and (value == offer.NO_PLACE or talk.directory.gazetteer.place(value)):
        return _at_place(talk, value)
    if kind == "step" and value.isdecimal():
        return route.open_step(talk, int(value))
    if kind == "case" and value in labels.CASES:
        return route.with_case(talk, value)
    return _tapped_service(talk, kind, value)


def _tapped_service(talk: Talk, kind: str, value: str) -> Turn | None:
    service = talk.directory.get(value, today=talk.today)
    if kind == "service" and service:
        return details.of(talk, service)
    if kind in (cards.MAP, cards.CONTACT, cards.PAGE) and service:
        return details.handed_over(talk, kind, service)
    return wrong_info.about(talk, value) if kind == "wrong" and service else None


def _chosen_need(talk: Talk, need: str) -> Turn:
    rest = tuple(n for n in talk.state.more_needs if n != need)
    talk = talk.remember(more_needs=rest, misses=0)
    lines_shown = talk.state.gbv and talk.state.asked is not Asked.DANGER
    if need == Need.GBV and lines_shown and known.women_flow(talk):
        return find_help.for_need(talk, need)
    return _for_need(talk, need)


def _with_options(turn: Turn) -> Turn:
    """Remember what was offered, so that a number or a word can choose it."""
    offered = tuple((o.id, o.label) for reply in turn.replies for o in reply.options)
    if not offered and any(reply.card for reply in turn.replies):
        return turn  # what stood above it can still be chosen
    return replace(turn, state=replace(turn.state, options=offered))
