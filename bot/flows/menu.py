"""Options as people tap them: needs, and the ways on from an answer. Ids carry all they need."""

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


def places(candidates: tuple[Place, ...]) -> tuple[Option, ...]:
    """Places to choose from, each told apart from the others."""
    shown = candidates[:8]
    options = [Option(f"place:{place.key}", _place_label(place, shown)) for place in shown]
    return (*_told_apart(options), no_place())


def _place_label(place: Place, others: tuple[Place, ...]) -> str:
    same_state = len({other.state for other in others}) == 1
    name = (place.municipality or place.state) if same_state else place.state
    return shorten(name, MAX_LABEL)


def _told_apart(options: list[Option]) -> tuple[Option, ...]:
    """Two labels alike get the district or a number behind them, as registries write it."""
    labels_seen = [option.label for option in options]
    if len(set(labels_seen)) == len(options):
        return tuple(options)
    return tuple(
        Option(option.id, f"{shorten(option.label, MAX_LABEL - 4)} ({i})")
        for i, option in enumerate(options, start=1)
    )
