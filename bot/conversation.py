"""respond(): one message in, one answer out. Pure: no clock, no network, no database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot import keywords
from bot.budget import with_notice
from bot.flows import danger, find_help, handoff, leaving, menu, route, welcome, women, wrong_info
from bot.keywords import Command
from bot.messages import Inbound, Meaning, Option
from bot.state import Asked, State, Talk, Turn
from data.needs import Need, Steer
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
    "more": find_help.show,
    "details": find_help.details,
    "route": route.open_route,
    "route:list": route.steps,
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

_ALWAYS = (menu.more(), menu.details(), menu.change_place(), menu.no_place(), menu.person(), *route.ways())
"""What can be said in words although it is not offered just now; numbers only choose what is."""

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
    Steer.OPINION: welcome.opinion,
    Steer.OUT_OF_SCOPE: welcome.out_of_scope,
}


def respond(state: State, inbound: Inbound, meaning: Meaning, directory: Directory, now: datetime) -> Turn:
    """The answer to one message: exactly one reply, whatever the message and the state."""
    returning = state.left or state.stopped
    talk = Talk(State() if returning else state, inbound, meaning, directory, now)
    turn = welcome.welcome(talk) if returning and inbound.option else _step(talk)
    return _with_options(with_notice(turn))


def _step(talk: Talk) -> Turn:
    if talk.inbound.option:
        return _tapped(talk, talk.inbound.option)
    if talk.inbound.attachment:
        return welcome.attachment(talk)
    if talk.inbound.location:
        return _located(talk)
    return _said(talk)


def _said(talk: Talk) -> Turn:
    """Text: danger first, then words that work everywhere, then choices, then what it means."""
    talk = _take_in(talk)
    if talk.meaning.danger.urgent:
        return danger.answer(talk)
    if command := keywords.command(talk.inbound.text):
        return _COMMANDS[command](talk)
    chosen = keywords.choice(talk.inbound.text, _offered(talk.state))
    if chosen or (chosen := keywords.choice(talk.inbound.text, _ALWAYS)):
        return _tapped(talk, chosen)
    if number := route.asked_for(talk):
        return route.open_step(talk, number)
    if talk.meaning.danger.leaving:
        return leaving.leave(forget=False)
    if talk.meaning.danger.other_person:
        return welcome.other_person()
    return _meant(talk)


def _offered(state: State) -> list[Option]:
    return [Option(option_id, label) for option_id, label in state.options]


def _take_in(talk: Talk) -> Talk:
    """Everything the message holds is kept: needs, place, who, and that violence was named."""
    meaning = talk.meaning
    needs = [n.need for n in meaning.needs if n.need in set(Need)]
    grave = (Need.EMERGENCY, Need.GBV)
    who = tuple(str(w) for w in meaning.who) or talk.state.who
    changes: dict[str, object] = {"who": who, "gbv": talk.state.gbv or meaning.danger.gbv}
    if meaning.place and meaning.place.candidates and not meaning.place.ambiguous:
        changes |= {"place": meaning.place.candidates[0].key, "shown": ()}
    if needs:
        changes |= {
            "need": needs[0],
            "more_needs": tuple(n for n in needs[1:] if n not in grave),
            "shown": (),
        }
    return talk.remember(**changes)


def _meant(talk: Talk) -> Turn:
    meaning, state = talk.meaning, talk.state
    if meaning.danger.gbv:
        return danger.gbv_answer(talk)
    if meaning.danger.silent:
        return welcome.silent(talk)
    if meaning.place and _wants_place(talk, meaning.place):
        return _named_place(talk, meaning.place)
    if any(n.need in set(Need) for n in meaning.needs):
        return _for_need(talk, state.need)
    return _steer(talk)


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
    has_need = any(n.need in set(Need) for n in talk.meaning.needs)
    if place.ambiguous:
        return True
    return bool(place.candidates) and not has_need


def _for_need(talk: Talk, need: str) -> Turn:
    if need == Need.EMERGENCY:
        return danger.loud_help(talk)
    if need == Need.KNOW_RIGHTS and talk.state.place:
        return route.open_route(talk)
    if need == Need.GBV:
        return danger.womens_lines(talk.remember(gbv=True))
    return find_help.for_need(talk, need)


def _steer(talk: Talk) -> Turn:
    steer = next((n.need for n in talk.meaning.needs if n.need in set(Steer)), "")
    if steer in (Steer.AFFIRM, Steer.DENY):
        return _yes_or_no(talk, yes=steer == Steer.AFFIRM)
    if step := _STEERS.get(steer):
        return step(talk.remember(misses=0))
    if talk.state.asked in (Asked.PLACE, Asked.WHICH_PLACE):
        return find_help.ask_place(talk, again=True)
    return _unsure(talk)


def _yes_or_no(talk: Talk, *, yes: bool) -> Turn:
    """«Sí» and «no» count only as an answer to what was asked."""
    if talk.state.asked is Asked.DANGER:
        return danger.confirmed(talk) if yes else danger.corrected(talk)
    if talk.state.asked is Asked.ERASE:
        return leaving.erase() if yes else leaving.keep(talk)
    if talk.state.asked is Asked.PLACE and not yes:
        return _at_place(talk, find_help.NO_PLACE)
    return welcome.show_menu(talk)


def _unsure(talk: Talk) -> Turn:
    likely = tuple(n.need for n in talk.meaning.guesses if n.need in set(Need))[:3]
    return welcome.guesses(talk, likely) if likely else welcome.miss(talk)


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
    if kind == "need" and value in set(Need):
        return _chosen_need(talk, value)
    if kind == "place" and (value == find_help.NO_PLACE or talk.directory.gazetteer.place(value)):
        return _at_place(talk, value)
    if kind == "service" and (service := talk.directory.get(value)):
        return find_help.details_of(talk, service)
    if kind == "step" and value.isdecimal():
        return route.open_step(talk, int(value))
    if kind == "wrong" and talk.directory.get(value):
        return wrong_info.about(talk, value)
    return welcome.show_menu(talk)


def _chosen_need(talk: Talk, need: str) -> Turn:
    rest = tuple(n for n in talk.state.more_needs if n != need)
    talk = talk.remember(more_needs=rest, misses=0)
    if need == Need.GBV and talk.state.asked is not Asked.DANGER and talk.state.gbv:
        return find_help.for_need(talk, need)
    return _for_need(talk, need)


def _with_options(turn: Turn) -> Turn:
    """Remember what was offered, so that a number or a word can choose it."""
    offered = tuple((o.id, o.label) for reply in turn.replies for o in reply.options)
    return replace(turn, state=replace(turn.state, options=offered))
