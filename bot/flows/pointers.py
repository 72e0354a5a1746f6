"""Lines of an answer that point elsewhere: options for women, the next need, a step of the route."""

from bot.flows import known, listing
from bot.state import Talk
from bot.texts import find_help as say
from bot.texts import labels
from data.needs import Need, Who
from data.records import Service

_SAME_FOR_ALL = frozenset(
    {
        Need.DOCUMENTS,
        Need.EDUCATION,
        Need.MISSING,
        Need.TRANSPORT,
        Need.AID_ABUSE,
        Need.VICTIM_REGISTRY,
        Need.HUMAN_RIGHTS,
    }
)
"""Needs for which nothing is made for women, so that the line about it would only be noise."""


def lead(talk: Talk) -> str:
    """What must be known before anything else about this need."""
    return say.LEADS.get(talk.state.need, "")


def women_line(talk: Talk) -> str:
    """Offered apart and never as a family's own shelter: one line, unless they were shown or are no use.

    A woman who said so gets the number itself.
    """
    lines_shown = talk.state.gbv and Who.FAMILY_WITH_MAN not in talk.state.who
    no_use = talk.state.harms or Who.MAN in talk.state.who or talk.state.need in _SAME_FOR_ALL
    if lines_shown or no_use:
        return ""
    line = _womens_number(talk)
    return say.WOMEN_NUMBER.format(line=listing.dial(line)) if line else say.WOMEN_LINE


def with_womens_number(talk: Talk, text: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of all records that the text shows."""
    line = _womens_number(talk)
    shows = line is not None and say.WOMEN_NUMBER.format(line=listing.dial(line)) in text
    return (*ids, line.id) if line and shows and line.id not in ids else ids


def next_line(talk: Talk) -> str:
    """How to go on with the other need of the same message."""
    need = known.waiting(talk)
    if need == Need.HUMAN_RIGHTS:
        return say.NEXT_REFUSED.format(label=labels.NEEDS[need])
    return say.NEXT_NEED.format(need=known.phrase(need), label=labels.NEEDS[need]) if need else ""


def for_whom(talk: Talk) -> str:
    """The step of the route made for this person: an interpreter, equal treatment, care."""
    named = next((w for w in say.FOR_WHOM if w in talk.state.who), "")
    key, text = say.FOR_WHOM.get(named, ("", ""))
    number = next((step.number for step in talk.directory.routes.steps if step.key == key), 0)
    return text.format(number=number) if number else ""


def step_by_step(talk: Talk) -> str:
    """The step of the route about this need: what to bring, and what to do when they refuse."""
    of_need = [step.number for step in talk.directory.routes.steps if step.need == talk.state.need]
    template = say.STEP_OF_RETURN if talk.state.need == Need.TRANSPORT else say.STEP_BY_STEP
    return template.format(number=of_need[-1]) if of_need else ""


def _womens_number(talk: Talk) -> Service | None:
    return (
        talk.directory.line("women", today=talk.today, place=talk.state.place)
        if known.women_flow(talk)
        else None
    )
