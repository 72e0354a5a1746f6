"""When somebody is in danger: a number first, no question about what happened, a word to leave."""

from dataclasses import replace

from bot.budget import join
from bot.flows import find_help, lines_to_call, listing, menu, offer, route
from bot.messages import Danger, Option, Reply
from bot.questions import asks_where_a_refuge_is
from bot.state import Asked, Talk, Turn
from bot.texts import danger as say
from bot.texts import labels
from bot.texts import welcome as greet
from data.counts import Outcome
from data.needs import Need
from data.records import Service

_YES = Option("danger:yes", labels.YES)
_NO = Option("danger:no", labels.NO)
_AFTER = {
    "gbv": (say.CONFIRMED_GBV, Need.GBV),
    "sexual": (say.CONFIRMED, Need.GBV),
    "suicide": (say.CONFIRMED_SUICIDE, Need.MENTAL_HEALTH),
    "medical": (say.CONFIRMED_MEDICAL, Need.HEALTH),
    "missing": (say.CONFIRMED_MISSING, Need.MISSING),
    "child": (say.CONFIRMED_CHILD, Need.CHILDREN),
    "harm": (say.CONFIRMED_HARM, Need.MENTAL_HEALTH),
}
"""What is said once a person confirmed, and what to look for, by what the danger was about."""


def answer(talk: Talk) -> Turn:
    """The danger answer: a line to call now, another where one is on record, SALIR, «¿es esto?»."""
    danger = talk.meaning.danger
    others = lines_to_call.alternatives(talk, danger)
    complaints = lines_to_call.complaints(talk, danger)
    opening = say.OPENING_SILENT if danger.silent else say.OPENING
    text = join(
        [
            opening.format(line=lines_to_call.emergency_number(talk)),
            *([text for text, _ in others] or [say.NONE]),
            say.HEALTH_FIRST if "sexual" in danger.kinds and not talk.state.harms else "",
            _child(talk, danger),
            *[text for text, _ in complaints],
            f"{say.LEAVE} {say.QUESTION}",
        ],
        separator="\n",
    )
    services = [service for _, found in (*others, *complaints) for service in found]
    return _ask(talk, text, lines_to_call.with_emergency(talk, services), about=_about(talk, danger))


def gbv_answer(talk: Talk) -> Turn:
    """Violence that is not happening now: women's options first, SALIR and the same correction.

    For a man or a boy: general services and health, and no women-only door.
    """
    kinds = talk.meaning.danger.kinds
    lines = lines_to_call.of_violence(talk)
    for_her, hers = lines_to_call.beside(talk)
    text = join(
        [
            _gbv_opening(lines),
            for_her,
            say.REFUGE_CLOSED if asks_where_a_refuge_is(talk.inbound.text) else "",
            say.HEALTH_FIRST if "sexual" in kinds else say.GBV_NO_COMPLAINT,
            f"{say.LEAVE} {say.QUESTION}",
        ],
        separator="\n",
    )
    return _ask(
        talk,
        text,
        [*lines, *hers],
        about="sexual" if "sexual" in kinds and lines_to_call.none_for_women(talk) else "gbv",
    )


def harm_answer(talk: Talk) -> Turn:
    """The writer says to hurt somebody: a line for anybody, what to do now, and the same correction."""
    found = lines_to_call.of_roles(talk, "suicide")
    line = listing.dial(found[0]) if found else lines_to_call.emergency_number(talk)
    text = join(
        [
            say.HARM_OPENING.format(line=line),
            say.HARM_NOW.format(line=lines_to_call.emergency_number(talk)),
            say.HARM_NO_OTHER,
            f"{say.LEAVE} {say.QUESTION}",
        ],
        separator="\n",
    )
    return _ask(talk, text, lines_to_call.with_emergency(talk, found), about="harm")


def lines(talk: Talk) -> Turn:
    """«Mi seguridad»: lines at once, without asking what happened.

    A man, and a family with one, gets those for everybody; beside them the one for a woman of the family.
    """
    if lines_to_call.none_for_women(talk) or lines_to_call.is_with_a_man(talk):
        return _general_lines(talk)
    return womens_lines(talk.remember(gbv=True))


def womens_lines(talk: Talk) -> Turn:
    """The lines for women, without asking what happened; offices nearby are one tap away."""
    women = lines_to_call.of_roles(talk, "women", "refuge_intake")
    text = join([_gbv_opening(women), say.GBV_NO_COMPLAINT, say.WOMEN_PLACES, say.LEAVE], separator="\n")
    options = (Option(f"need:{Need.GBV}", labels.SEE_OPTIONS), menu.person(), menu.menu())
    ids = tuple(s.id for s in women)
    state = talk.remember(asked=Asked.NOTHING, in_hand=ids, misses=0).state
    return Turn(state, (Reply(text, options, services=ids),), grave=True, ended=(Need.GBV, Outcome.SHOWN))


def confirmed(talk: Talk) -> Turn:
    """«Sí»: calm words, the number once more, how to delete the chat, and what else there is."""
    need = _need_after(talk)
    words = _words_after(talk)
    number = say.NUMBER_AGAIN.format(line=_number_again(talk))
    text = join([words, number, say.ERASE_HINT_WHATSAPP])
    state = talk.remember(asked=Asked.NOTHING, need=need).state
    options = (Option(f"need:{need}", labels.SEE_OPTIONS), menu.person(), menu.menu())
    return Turn(state, (Reply(text, options),), grave=True)


def corrected(talk: Talk) -> Turn:
    """«No, es otra cosa»: go on with what was asked, or offer the menu."""
    about = talk.state.danger
    turn = _without_danger(
        talk.remember(asked=Asked.NOTHING, danger="", gbv=False, harms=False, for_her=False)
    )
    return replace(turn, false_alarm=_counted_as(about) if about else "")


def _without_danger(talk: Talk) -> Turn:
    asked_for = _asked_for(talk)
    if asked_for:
        talk = talk.remember(need=asked_for)
        if talk.state.place and asked_for == Need.KNOW_RIGHTS:
            return route.open_route(talk, lead=say.NOT_IT_GO_ON)
        if talk.state.place:
            return offer.show(talk, lead=say.NOT_IT_GO_ON)
        return find_help.ask_place(talk)
    state = talk.remember(need="", asked=Asked.NEED).state
    return Turn(state, (Reply(say.NOT_IT, menu.needs_menu()),))


def _asked_for(talk: Talk) -> str:
    """What was asked for beside what turned out to be no danger."""
    asked = (talk.state.need, *talk.state.more_needs)
    return next((need for need in asked if need and need not in (Need.EMERGENCY, Need.GBV)), "")


def loud_help(talk: Talk) -> Turn:
    """AYUDA, AUXILIO, SOCORRO alone: a line to call now, then the menu, in one message."""
    women = [] if lines_to_call.none_for_women(talk) else lines_to_call.for_women(talk)
    text = greet.HELP_LOUD.format(
        line=lines_to_call.emergency_number(talk),
        alternative=f" {lines_to_call.women_sentence(talk, women)}" if women else "",
        erase_hint=say.ERASE_HINT_WHATSAPP,
    )
    services = tuple(s.id for s in lines_to_call.with_emergency(talk, women))
    state = talk.remember(asked=Asked.NEED, in_hand=services).state
    reply = Reply(text, menu.needs_menu(), services=services)
    return Turn(state, (reply,), grave=True, ended=(Need.EMERGENCY, Outcome.SHOWN))


def _ask(talk: Talk, text: str, services: list[Service], *, about: str) -> Turn:
    ids = tuple(dict.fromkeys(s.id for s in services))
    state = talk.remember(asked=Asked.DANGER, danger=about, in_hand=ids, misses=0).state
    ended = (_counted_as(about), Outcome.SHOWN)
    return Turn(state, (Reply(text, (_YES, _NO), services=ids),), grave=True, ended=ended)


def _counted_as(about: str) -> Need:
    """The need that a danger answer stands for in the counters."""
    return {"gbv": Need.GBV, "harm": Need.MENTAL_HEALTH}.get(about, Need.EMERGENCY)


def _child(talk: Talk, danger: Danger) -> str:
    """What to say on the phone: of a child, or as the child."""
    if talk.state.child_alone:
        return say.CHILD_ALONE
    if talk.state.minor:
        return say.CHILD_SELF
    return say.CHILD if "child" in danger.kinds else ""


def _words_after(talk: Talk) -> str:
    """The calm words, for what the danger was about and whose it is."""
    if (talk.state.child_alone or talk.state.minor) and talk.state.danger in ("child", "attack"):
        return say.CONFIRMED_CHILD_ALONE
    if talk.state.silent and talk.state.danger == "attack":
        return say.CONFIRMED_SILENT
    if talk.state.danger == "attack" and talk.state.gbv and not lines_to_call.none_for_women(talk):
        return say.CONFIRMED_LEAVING
    return _AFTER.get(talk.state.danger, (say.CONFIRMED, ""))[0]


def _about(talk: Talk, danger: Danger) -> str:
    """The one thing to speak of: violence comes before what it leads to; who hurts others is told to stop."""
    if talk.state.harms:
        return next((kind for kind in ("medical", "suicide", "missing") if kind in danger.kinds), "harm")
    if "sexual" in danger.kinds:
        return "sexual"
    if danger.gbv or danger.kinds & {"attack", "threat"}:
        return "attack"
    return next((kind for kind in _AFTER if kind in danger.kinds), "attack")


def _gbv_opening(lines: list[Service]) -> str:
    second = say.WOMEN_SECOND.format(line=listing.dial(lines[1])) if len(lines) > 1 else ""
    first = listing.dial(lines[0]) if lines else lines_to_call.FALLBACK_NUMBER
    return say.GBV_OPENING.format(line=first, second=second)


def _general_lines(talk: Talk) -> Turn:
    found = lines_to_call.of_violence(talk)
    for_her, hers = lines_to_call.beside(talk)
    text = join([_gbv_opening(found), for_her, say.GBV_NO_COMPLAINT, say.LEAVE], separator="\n")
    options = (Option(f"need:{Need.MENTAL_HEALTH}", labels.SEE_OPTIONS), menu.person(), menu.menu())
    ids = tuple(s.id for s in (*found, *hers))
    state = talk.remember(asked=Asked.NOTHING, in_hand=ids, misses=0).state
    return Turn(state, (Reply(text, options, services=ids),), grave=True, ended=(Need.GBV, Outcome.SHOWN))


def _number_again(talk: Talk) -> str:
    """The number that the calm words speak of."""
    if (
        talk.state.danger in ("attack", "sexual")
        and talk.state.gbv
        and (women := lines_to_call.of_violence(talk))
    ):
        return say.BOTH.format(first=lines_to_call.emergency_number(talk), second=listing.dial(women[0]))
    if talk.state.danger == "gbv" and (lines := lines_to_call.of_violence(talk)):
        return listing.dial(lines[0])
    listens = talk.directory.line("suicide", today=talk.today, place=talk.state.place)
    if talk.state.danger in ("suicide", "harm") and listens:
        return say.BOTH.format(first=lines_to_call.emergency_number(talk), second=listing.dial(listens))
    return lines_to_call.emergency_number(talk)


def _need_after(talk: Talk) -> str:
    """What to look for once a person said «sí»: what they asked, else what keeps them safe."""
    asked = talk.state.need
    if asked and asked not in (Need.EMERGENCY, Need.GBV):
        return asked
    if talk.state.child_alone:
        return Need.CHILDREN
    if talk.state.danger == "harm":
        return Need.MENTAL_HEALTH
    if asked == Need.GBV or talk.state.gbv:
        closed = lines_to_call.none_for_women(talk) or lines_to_call.is_with_a_man(talk)
        return _need_without_womens_lines(talk) if closed else Need.GBV
    if talk.state.danger in _AFTER:
        return _AFTER[talk.state.danger][1]
    return Need.SHELTER


def _need_without_womens_lines(talk: Talk) -> Need:
    """Sexual violence of anybody: health first. Put out of the house: a place. Else somebody to talk to."""
    if talk.state.danger == "sexual":
        return Need.HEALTH
    return Need.SHELTER if talk.state.alone else Need.MENTAL_HEALTH
