"""«No contesta», «ya cerró»: thanks, and the next option at once."""

from bot.flows import find_help, menu
from bot.messages import Option, Reply
from bot.state import Asked, Talk, Turn
from bot.texts import find_help as say
from bot.texts import labels


def report(talk: Talk) -> Turn:
    """About the service in hand; with several in hand, ask which; with none, start again."""
    in_hand = [i for i in talk.state.in_hand if talk.directory.get(i)]
    if not in_hand or not talk.state.need:
        state = talk.remember(asked=Asked.NEED).state
        return Turn(state, (Reply(say.WRONG_INFO_NONE, menu.needs_menu()),))
    if len(in_hand) == 1:
        return about(talk)
    options = tuple(Option(f"wrong:{i}", labels.WRONG_OF[n]) for n, i in enumerate(in_hand[:3]))
    state = talk.remember(asked=Asked.WHICH_WRONG).state
    return Turn(state, (Reply(say.WRONG_INFO_WHICH, options),))


def about(talk: Talk) -> Turn:
    """The person said which; the next services of the same question follow."""
    return find_help.show(talk, lead=say.WRONG_INFO)
