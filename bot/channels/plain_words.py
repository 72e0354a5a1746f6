"""What every platform can carry: words in lines, and options that are answered with a number. Pure."""

from collections.abc import Sequence

from bot.budget import units
from bot.messages import Option
from bot.texts import channels as say


def numbered(text: str, options: Sequence[Option]) -> str:
    """The options as lines to answer with a number, which the conversation understands as a tap."""
    if not options:
        return text
    lines = [f"{number}. {option.label}" for number, option in enumerate(options, start=1)]
    return "\n".join([text, "", say.BY_NUMBER, *lines])


def is_line(text: str, longest: int) -> bool:
    """Whether it can be a line of a card: something to see, nothing unseen, at most so many UTF-16 units."""
    return bool(text.strip()) and text.isprintable() and units(text) <= longest
