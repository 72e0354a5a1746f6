"""MUJER: services for women first, opened only by the person's own word or tap."""

from bot.flows import danger
from bot.state import Talk, Turn
from data.needs import Who


def open_options(talk: Talk) -> Turn:
    """Lines for women at once, and the way to offices nearby. The word says who is asking."""
    who = tuple(w for w in talk.state.who if w not in (Who.MAN, Who.FAMILY_WITH_MAN))
    talk = talk.remember(gbv=True, harms=False, who=who if Who.WOMEN in who else (*who, Who.WOMEN))
    return danger.womens_lines(talk)
