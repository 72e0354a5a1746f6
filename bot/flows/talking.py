"""While a person of the team answers: what is theirs to read, and what Faro still answers itself."""

from collections.abc import Callable
from dataclasses import replace

from bot import keywords
from bot.flows import menu
from bot.messages import Option, Reply
from bot.state import Asked, Casework, Handoff, Talk, Turn
from bot.texts import person as say
from data.needs import Steer

Step = Callable[[Talk], Turn]

MAX_WORDS = 4096
CALL = Reply(say.CALL, (Option("talk:yes", say.CAN_WRITE), Option("talk:no", say.CANNOT_WRITE)))
"""The first message of an answer: it tells nothing to whoever else reads it."""

_CALLED = (Casework.CALLED, Casework.ASKING)
_CAN_BEGIN = (*_CALLED, Casework.PAUSED, Casework.RETURNED)


def with_person(talk: Talk, *, answer: Step) -> Turn:
    """A message while a person answers. Faro answers danger, the words that work everywhere and taps.

    `answer` is what Faro would do. Whatever is not such a word or a tap goes to the caseworker.
    """
    inbound = talk.inbound
    if inbound.option:
        return _tapped(talk, answer)
    if inbound.attachment:
        return Turn(talk.state, (Reply(say.ONLY_TEXT),), said=say.HEARD_ATTACHMENT[inbound.attachment])
    if inbound.location:
        return Turn(talk.state, (), said=_place_sent(talk))
    return _said(talk, answer)


def tapped(talk: Talk, option: str) -> Turn:
    """«Sí» or «Ahora no», to «¿Puede escribir ahora?»; also from an old button."""
    if option == "talk:yes" and talk.state.casework in _CAN_BEGIN:
        words = say.BEGINS if talk.state.casework in _CALLED else say.RESUMED
        state = talk.remember(asked=Asked.NOTHING, casework=Casework.TALKING, misses=0).state
        return Turn(state, (Reply(words),), handoff=Handoff.ACCEPT)
    if option == "talk:no" and talk.state.casework in _CALLED:
        state = talk.remember(asked=Asked.NOTHING, casework=Casework.CALLED).state
        return Turn(state, (Reply(say.NOT_NOW, (menu.menu(),)),), handoff=Handoff.LATER)
    state = talk.remember(asked=Asked.NEED).state
    return Turn(state, (Reply(say.ENDED, menu.needs_menu()),))


def yes_or_no(talk: Talk, *, yes: bool) -> Turn | None:
    """«Sí» or «no» in other words, when «¿Puede escribir ahora?» is the last that was said."""
    if talk.state.casework is not Casework.ASKING:
        return None
    return tapped(talk, "talk:yes" if yes else "talk:no")


def ask_again(talk: Talk, steer: str) -> Turn | None:
    """A greeting, or words that say nothing, in answer to «¿Puede escribir ahora?»: the same again."""
    if talk.state.casework is not Casework.ASKING or steer not in ("", Steer.GREETING):
        return None
    return Turn(talk.state, (CALL,))


def offered(talk: Talk) -> list[Option]:
    """What a number or a word can choose: what was said last."""
    if talk.state.casework is Casework.ASKING:
        return list(CALL.options)
    return [Option(option_id, label) for option_id, label in talk.state.options]


def kept_for_later(talk: Talk) -> Turn:
    """Written to a caseworker who has gone: it is kept for them, and the person hears so."""
    state = talk.remember(asked=Asked.NOTHING, casework=Casework.PAUSED, misses=0).state
    reply = Reply(say.RETURNED_KEPT, (menu.menu(), menu.person()))
    return Turn(state, (reply,), said=_words(talk))


def told(turn: Turn, talk: Talk) -> Turn:
    """The first answer after a caseworker has gone: from here on the person knows that Faro answers."""
    danger = talk.meaning.danger
    if turn.said or turn.handoff or turn.effect or turn.state.left:
        return turn
    if talk.inbound.text and (danger.urgent or danger.gbv):
        return replace(turn, said=_words(talk))
    return _pause(turn)


def in_doubt(turn: Turn) -> Turn:
    """Somebody else seems to hold the phone: whoever wanted to write to the person must not."""
    return replace(turn, handoff=Handoff.DOUBT)


def _said(talk: Talk, answer: Step) -> Turn:
    danger = talk.meaning.danger
    if danger.urgent or _is_about_danger(talk):
        return _stay(answer(talk), talk)
    if keywords.command(talk.inbound.text):
        return _pause(answer(talk.remember(casework=Casework.PAUSED)))
    if danger.leaving or danger.other_person:
        return answer(talk)
    if danger.gbv and not talk.state.gbv:
        return _stay(answer(talk), talk)
    return Turn(talk.remember(asked=Asked.NOTHING).state, (), said=_words(talk))


def _tapped(talk: Talk, answer: Step) -> Turn:
    option = talk.inbound.option
    if option.startswith("danger:"):
        return replace(answer(talk), said="")
    if option == "talk:yes":
        return Turn(talk.state, (Reply(say.RESUMED),))
    if option == "talk:no":
        return _pause(Turn(talk.state, (Reply(say.NOT_NOW, (menu.menu(),)),)))
    return _pause(answer(talk.remember(casework=Casework.PAUSED)))


def _is_about_danger(talk: Talk) -> bool:
    """«Sí» or «no» in words, to «¿Es esto lo que le pasa?»."""
    if talk.state.asked is not Asked.DANGER:
        return False
    chosen = keywords.choice(talk.inbound.text, offered(talk))
    return chosen is not None or any(n.need in (Steer.AFFIRM, Steer.DENY) for n in talk.meaning.needs)


def _stay(turn: Turn, talk: Talk) -> Turn:
    """Faro answered, and the caseworker reads it as well."""
    return replace(turn, state=replace(turn.state, casework=Casework.TALKING), said=_words(talk))


def _pause(turn: Turn) -> Turn:
    """Faro answers from here on; the talk can be taken up again."""
    if turn.handoff:
        return turn
    return replace(turn, state=replace(turn.state, casework=Casework.PAUSED), handoff=Handoff.PAUSE)


def _place_sent(talk: Talk) -> str:
    """Only the municipality of a shared location goes on."""
    latitude, longitude = talk.inbound.location or (0.0, 0.0)
    place = talk.directory.gazetteer.at(latitude, longitude)
    if place is None:
        return say.HEARD_NO_PLACE
    return say.HEARD_PLACE.format(place=", ".join(part for part in (place.municipality, place.state) if part))


def _words(talk: Talk) -> str:
    return talk.inbound.text[:MAX_WORDS]
