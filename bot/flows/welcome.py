"""The first words, the menu, small talk, and what to do when nothing was understood."""

from dataclasses import replace

from bot.budget import join
from bot.flows import lines_to_call, listing, menu
from bot.messages import Reply
from bot.state import Asked, State, Talk, Turn
from bot.texts import labels
from bot.texts import welcome as say

MISSES_BEFORE_A_PERSON = 3


def welcome(talk: Talk) -> Turn:
    """The first answer, with the short privacy notice; the next greetings are shorter."""
    if talk.state.welcomed:
        return _with_menu(talk, say.GREETING_AGAIN)
    return _with_menu(talk, say.WELCOME)


def show_menu(talk: Talk) -> Turn:
    """The needs, and the words that work everywhere. What was asked is let go; who asks, and where, stays."""
    let_go = talk.remember(
        need="", more_needs=(), shown=(), in_hand=(), step=0, misses=0,
        danger="", gbv=False, for_her=False,
        consultation="", question=0,
    )  # fmt: skip
    return Turn(_asking(let_go.state), (Reply(say.MENU, menu.needs_menu()),))


def show_more_needs(talk: Talk) -> Turn:
    """The second page of needs."""
    return Turn(_asking(talk.state), (Reply(say.MENU_MORE, menu.more_needs_menu()),))


def thanks(talk: Talk) -> Turn:
    """«Para eso estoy»."""
    return Turn(talk.state, (Reply(say.THANKS, (menu.menu(),)),))


def goodbye(talk: Talk) -> Turn:
    """A goodbye that is not SALIR: nothing is deleted."""
    return Turn(talk.state, (Reply(say.GOODBYE, (menu.menu(),)),))


def out_of_scope(talk: Talk) -> Turn:
    """Understood, and not what Faro is for. The third in a row is a miss, and so is what has no letters."""
    is_third = talk.state.misses + 1 >= MISSES_BEFORE_A_PERSON
    if is_third or not any(letter.isalpha() for letter in talk.inbound.text):
        return miss(talk)
    return _with_menu(talk.remember(misses=talk.state.misses + 1), say.OUT_OF_SCOPE)


def guesses(talk: Talk, needs: tuple[str, ...]) -> Turn:
    """Two or three needs it might be, as buttons."""
    options = (*(menu.need(code) for code in needs if code in labels.NEEDS), menu.menu())
    return Turn(_asking(talk.state), (Reply(say.GUESSES, options),))


def miss(talk: Talk) -> Turn:
    """Nothing fitted: the menu and a person to call; the third time, a phone line."""
    misses = talk.state.misses + 1
    talk = talk.remember(misses=misses)
    template = say.MISS if misses < MISSES_BEFORE_A_PERSON else say.MISS_THIRD
    text, services = _with_line(talk, template)
    options = menu.needs_menu() if misses < MISSES_BEFORE_A_PERSON else (menu.menu(),)
    turn = Turn(_asking(talk.state), (Reply(text, options, services=services),))
    return replace(turn, missed=talk.inbound.text)


def attachment(talk: Talk) -> Turn:
    """A voice note, a photo, a sticker: kind words, the menu, one number. Nothing is opened."""
    text, services = _with_line(talk, say.ATTACHMENT)
    return Turn(_asking(talk.state), (Reply(text, menu.needs_menu(), services=services),))


def other_person() -> Turn:
    """Somebody else seems to hold the phone: neutral, and whatever comes next meets a stranger."""
    return Turn(State(left=True), (Reply(say.OTHER_PERSON),))


def silent(talk: Talk) -> Turn:
    """«No puedo hablar»: nothing to call, unless there is a line to write to."""
    line = talk.directory.line("emergency_writing", today=talk.today, place=talk.state.place)
    written = say.SILENT_LINE.format(line=lines_to_call.dial(line, "emergency_writing")) if line else ""
    turn = _with_menu(talk, join([say.SILENT, written]))
    return replace(turn, grave=True)


def fine(talk: Talk) -> Turn:
    """«No» to nothing in particular: nothing more is offered, and what still waited is let go."""
    return Turn(talk.remember(more_needs=()).state, (Reply(say.FINE, (menu.menu(),)),))


def program(talk: Talk) -> Turn:
    """«¿Eres una persona o un robot?»"""
    return _with_menu(talk, say.PROGRAM)


def here(step: str) -> str:
    """What stands before a step that is opened unasked for, by its key."""
    return say.HERE if step == "care" else ""


def noted(talk: Talk) -> Turn:
    """Only who it is for was said, or from where they come."""
    return _with_menu(talk, say.NOTED)


def _with_line(talk: Talk, template: str) -> tuple[str, tuple[str, ...]]:
    line = talk.directory.line("person", today=talk.today, place=talk.state.place)
    if line is None:
        return template.format(line=lines_to_call.FALLBACK_NUMBER), ()
    return template.format(line=listing.dial(line)), (line.id,)


def _with_menu(talk: Talk, text: str) -> Turn:
    return Turn(_asking(talk.state), (Reply(text, menu.needs_menu()),))


def _asking(state: State) -> State:
    return replace(state, asked=Asked.NEED)
