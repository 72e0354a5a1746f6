"""A whole text as the answer to «¿En qué municipio o estado está?»: more is a place than in a message."""

from collections.abc import Sequence

from services.context import role_of
from services.cues import BESIDE, COMMON_NOUNS, LEAVING, LEFT_BEHIND, SAYS_NOTHING
from services.elsewhere import is_abroad
from services.guesses import called, guessed, in_state, longer, whole
from services.heard import as_cues
from services.homonyms import choose
from services.kinds import scan
from services.mentions import not_corrected, read_message, wanted_and_fled, without_corrected
from services.narrowing import at_border, without_chance, without_towns
from services.placenames import UNCOUNTED, Names, Rank, Sense
from services.roles import Mention
from services.spans import Found

# What is longer is a message, not an answer.
_ANSWER_WORDS = 60


def read_answer(names: Names, spoken: Sequence[str]) -> list[Found]:
    """Places that the answer names, the plainest first; none when it names another country or nothing."""
    if len(spoken) > _ANSWER_WORDS:
        return wanted_and_fled(read_message(names, spoken), home=True)[0]
    if is_abroad(spoken):
        return []
    spoken, named = _without_what_is_taken_back(names, as_cues(names, spoken))
    if plain := _plain(names, spoken, named):
        return plain
    if not _only_places(spoken, named) and (slip := whole(names, spoken, named)):
        return [slip]
    if _unexplained(spoken, named) and (meant := guessed(names, spoken, named)):
        return meant
    if _only_places(spoken, named):
        return _not_fled(spoken, named)
    wanted, fled = wanted_and_fled(read_message(names, spoken), home=True)
    if wanted and not all(place.state for place in wanted):
        return wanted
    said = called(names, spoken, wanted) or wanted or _region_first(spoken, named)
    return said or ([] if fled else guessed(names, spoken, named))


def _without_what_is_taken_back(names: Names, spoken: tuple[str, ...]) -> tuple[tuple[str, ...], list[Found]]:
    """The words and the places in them that tell something."""
    named = list(scan(names, spoken))
    kept = without_corrected(spoken, named)
    if kept != spoken:
        spoken, named = kept, list(scan(names, kept))
    named = not_corrected(spoken, without_chance(names, spoken, named))
    return spoken, without_towns(names, spoken, at_border(spoken, named))


def only_filling(spoken: Sequence[str]) -> bool:
    """Whether the words say nothing: what else the text holds is the answer."""
    return all(word in SAYS_NOTHING or not word.isalpha() for word in spoken)


def says_only_where(spoken: Sequence[str], mentions: Sequence[Mention]) -> bool:
    """Whether a message is nothing but a place: «soy de Michoacán»."""
    leaving = not LEAVING.isdisjoint(spoken) or not LEFT_BEHIND.isdisjoint(spoken)
    return not leaving and _only_places(spoken, [mention.found for mention in mentions])


def _only_places(spoken: Sequence[str], named: Sequence[Found]) -> bool:
    """Whether nothing but filling words stands around the places."""
    if not named:
        return False
    covered = {at for place in named for at in range(place.start, place.end)}
    rest = [word for at, word in enumerate(spoken) if at not in covered]
    return all(word in SAYS_NOTHING or not word.isalpha() for word in rest)


def _unexplained(spoken: Sequence[str], named: Sequence[Found]) -> bool:
    """A state, and beside it a name that is in another: «xalpa veracruz» is a slip of a place there."""
    states = [place for place in named if place.state]
    others = [place for place in named if not place.state]
    if len(states) != 1 or any(place.near for place in others):
        return False
    return len(others) == 1 or not _only_places(spoken, named)


def _plain(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    """What needs no weighing: a place with its state, two to choose from, or what the answer begins with."""
    kept = [place for place in named if place in _not_fled(spoken, named)]
    if between := _between(spoken, kept):
        return [between]
    if not _only_places(spoken, named) and (long := longer(names, spoken, named)):
        return [long]
    state = next((place.near or place.state for place in reversed(kept) if place.near or place.state), None)
    if told := [one for place in kept if (one := _told(names, place, state))]:
        return told
    first = kept and (_stands_first(names, spoken, kept[0]) or (len(kept) == 1 and _opens(spoken, kept[0])))
    return kept if first else []


def _opens(spoken: Sequence[str], place: Found) -> bool:
    """«Palomas, la frontera»: a name before the first comma, everyday word or not."""
    official = any(sense.rank <= Rank.ALIAS for sense in place.senses)
    return (
        official
        and place.certain
        and not place.state
        and spoken[: place.end + 1] == (*place.name.split(), ",")
    )


def _between(spoken: Sequence[str], kept: Sequence[Found]) -> Found | None:
    """«entre Iguala y Taxco»: both, for the person to choose."""
    if (
        len(kept) != 2
        or "entre" not in spoken[: kept[0].start]
        or spoken[kept[0].end : kept[1].start] != ("y",)
    ):
        return None
    keys = [key for place in kept for key in choose(place.senses)[0][:1]]
    senses = tuple(Sense(key, Rank.MUNICIPALITY, UNCOUNTED) for key in keys)
    return Found(kept[0].start, kept[1].end, "entre", senses, certain=False)


def _told(names: Names, place: Found, state: str | None) -> Found | None:
    if place.near or state is None or place.state == state:
        return place if place.near else None
    return in_state(names, place, state)


def _stands_first(names: Names, spoken: Sequence[str], place: Found) -> bool:
    """«Gómez Palacio, por la laguna»: what follows only tells where in it, or beside what."""
    if place.state or not place.certain or not only_filling(spoken[: place.start]):
        return False
    if not BESIDE.isdisjoint(spoken[place.end : place.end + 2]):
        return place.name not in COMMON_NOUNS
    if place.start or names.is_everyday(place.name):
        return False
    alone = spoken[place.end : place.end + 1] in ((), (",",)) and not choose(place.senses)[1]
    return names.is_official(place.name) or alone


def _region_first(spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    """«el Istmo, no quiero decir el pueblo», «Guerrero y ya. No diré más»: a state or region that opens the
    answer."""
    first = named[0] if named else None
    if first is None or not first.state or not only_filling(spoken[: first.start]):
        return []
    after = next((word for word in spoken[first.end :] if word not in SAYS_NOTHING), ",")
    return [] if after.isalnum() else [first]


def _not_fled(spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    return wanted_and_fled([role_of(spoken, place) for place in named], home=True)[0]
