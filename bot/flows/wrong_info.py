"""«No contesta», «ya cerró»: thanks, noted for caseworkers, and the next option at once."""

from dataclasses import replace

from bot.flows import menu, offer
from bot.messages import Option, Reply
from bot.state import Asked, Talk, Turn
from bot.texts import find_help as say
from bot.texts import labels


def report(talk: Talk) -> Turn:
    """About the service in hand; with several in hand, ask which; with none, start again."""
    in_hand = [i for i in dict.fromkeys(talk.state.in_hand) if talk.directory.get(i, today=talk.today)]
    if not in_hand:
        state = talk.remember(asked=Asked.NEED).state
        return Turn(state, (Reply(say.WRONG_INFO_NONE, menu.needs_menu()),))
    if len(in_hand) == 1:
        return about(talk, in_hand[0])
    options = tuple(Option(f"wrong:{i}", labels.ONE_OF[n]) for n, i in enumerate(in_hand[:3]))
    state = talk.remember(asked=Asked.WHICH_WRONG).state
    return Turn(state, (Reply(say.WRONG_INFO_WHICH, options),))


def about(talk: Talk, service_id: str) -> Turn:
    """It is noted without a word about the person; the next option follows, never the same again."""
    talk = talk.remember(shown=tuple(dict.fromkeys((*talk.state.shown, service_id))))
    next_option = offer.show if talk.state.need else offer.other_line
    return replace(next_option(talk, lead=say.WRONG_INFO), reported=service_id)
