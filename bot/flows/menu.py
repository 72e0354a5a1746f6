"""Options as people tap them: needs, and the ways on from an answer. Ids carry all they need."""

from collections.abc import Mapping

from bot.budget import MAX_LABEL, shorten
from bot.messages import Option
from bot.texts import labels
from services.places import Place


def needs_menu() -> tuple[Option, ...]:
    """The first page of needs, with a way to the second."""
    return (*(need(code) for code in labels.MENU_FIRST), Option("needs:2", labels.OTHER_NEEDS))


def more_needs_menu() -> tuple[Option, ...]:
    """The second page of needs."""
    return (*(need(code) for code in labels.MENU_SECOND), menu())


def all_needs() -> tuple[Option, ...]:
    """Every need of the menu's two pages."""
    return tuple(need(code) for code in (*labels.MENU_FIRST, *labels.MENU_SECOND))


def need(code: str) -> Option:
    """One need."""
    return Option(f"need:{code}", labels.NEEDS[code])


def menu() -> Option:
    """Back to the menu."""
    return Option("menu", labels.MENU)


def person() -> Option:
    """A person to talk to."""
    return Option("person", labels.PERSON)


def more() -> Option:
    """The next services of the same question."""
    return Option("more", labels.MORE)


def details() -> Option:
    """What the list left out."""
    return Option("details", labels.DETAILS)


def no_place() -> Option:
    """Go on without a place."""
    return Option("place:00", labels.NO_PLACE)


def change_place() -> Option:
    """Ask for the place again."""
    return Option("place:?", labels.CHANGE_PLACE)


def state_name(place: Place) -> str:
    """The state as people say it: «Michoacán», «Estado de México»."""
    return labels.STATES.get(place.key[:2], place.state)


def places(candidates: tuple[Place, ...], distinctions: Mapping[str, str]) -> tuple[Option, ...]:
    """Places to choose from, each told apart from the others: by state, by name, or by district.

    `distinctions` says by key what tells two places of one name and state apart, e.g. «distrito 08».
    """
    shown = candidates[:8]
    same_state = len({place.state for place in shown}) == 1
    return (*(Option(f"place:{p.key}", _label(p, distinctions, same_state)) for p in shown), no_place())


def _label(place: Place, distinctions: Mapping[str, str], same_state: bool) -> str:
    if distinction := distinctions.get(place.key):
        return shorten(distinction.capitalize(), MAX_LABEL)
    name = (place.municipality or place.state) if same_state else state_name(place)
    return shorten(name, MAX_LABEL)
