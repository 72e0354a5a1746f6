"""A whole text as the answer to «¿En qué municipio o estado está?»: more is a place than in a message."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.cues import (
    AROUND,
    BEING,
    COMMON_NOUNS,
    KINDS,
    LEAVING,
    LEFT_BEHIND,
    MOTION,
    ORIGIN,
    SMALL_TALK,
)
from services.elsewhere import COUNTRIES, NO_PLACES, is_abroad
from services.evidence import is_something_else, may_be_a_name
from services.homonyms import choose
from services.mentions import not_corrected, read_message, wanted_and_fled
from services.nicknames import begun
from services.placenames import UNCOUNTED, Names, Rank, Sense
from services.roles import Mention, role_of
from services.spans import Found, places_within, scan
from services.spelling import joined_sound

# What is longer is a message, not an answer.
_ANSWER_WORDS = 60
_MOST_WORDS = 12
_MOST_SPANS = 24
_LONGEST_NAME = 7
_LEAST_IN_PIECES = 6
_BESIDE = frozenset(("por", "donde", "cerca", "junto", "rumbo", "enfrente", "atras"))
_FILLING = SMALL_TALK | AROUND | BEING | KINDS | LEAVING | LEFT_BEHIND | MOTION | ORIGIN


def read_answer(names: Names, spoken: Sequence[str]) -> list[Found]:
    """Places that the answer names, the plainest first; none when it names another country or nothing."""
    if len(spoken) > _ANSWER_WORDS:
        return wanted_and_fled(read_message(names, spoken), home=True)[0]
    if is_abroad(spoken):
        return []
    named = not_corrected(spoken, _without_chance(names, spoken, list(scan(names, spoken))))
    if plain := _plain(names, spoken, named):
        return plain
    if not _only_places(spoken, named) and (slip := _whole(names, spoken, named)):
        return [slip]
    if _unexplained(spoken, named) and (meant := _guessed(names, spoken, named)):
        return meant
    if _only_places(spoken, named):
        return _not_fled(spoken, named)
    wanted, fled = wanted_and_fled(read_message(names, spoken), home=True)
    if wanted and not all(place.state for place in wanted):
        return wanted
    called = _called(names, spoken, wanted)
    return called or wanted or ([] if fled else _guessed(names, spoken, named))


def only_filling(spoken: Sequence[str]) -> bool:
    """Whether the words say nothing: what else the text holds is the answer."""
    return all(word in _FILLING or not word.isalpha() for word in spoken)


def says_only_where(spoken: Sequence[str], mentions: Sequence[Mention]) -> bool:
    """Whether a message is nothing but a place: «soy de Michoacán»."""
    leaving = not LEAVING.isdisjoint(spoken) or not LEFT_BEHIND.isdisjoint(spoken)
    return not leaving and _only_places(spoken, [mention.found for mention in mentions])


def _without_chance(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    """Leave out ordinary words beside other words: the «col.» and the «centro» of «col. centro, Oaxaca»."""
    if len(spoken) == 1:
        return list(named)
    if any(not names.is_everyday(place.name) for place in named):
        named = [place for place in named if place.name not in COMMON_NOUNS or place.near]
    state = next((place.state for place in named if place.state and len(place.name) > 3), None)
    return [place for place in named if place.near or not _by_chance(names, spoken, place, state)]


def _by_chance(names: Names, spoken: Sequence[str], place: Found, state: str | None) -> bool:
    if not names.is_everyday(place.name):
        return False
    if is_something_else(names, spoken, place):
        return True
    if place.state == state is not None:
        return False
    opens = place.start == 0 and spoken[place.end : place.end + 1] == (",",)
    return (len(place.name) <= 3 and not opens) or (
        state is not None and not places_within(place.senses, state)
    )


def _only_places(spoken: Sequence[str], named: Sequence[Found]) -> bool:
    """Whether nothing but filling words stands around the places."""
    if not named:
        return False
    covered = {at for place in named for at in range(place.start, place.end)}
    rest = [word for at, word in enumerate(spoken) if at not in covered]
    return all(word in _FILLING or not word.isalpha() for word in rest)


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
    state = next((place.near or place.state for place in reversed(kept) if place.near or place.state), None)
    if told := [one for place in kept if (one := _told(names, place, state))]:
        return told
    return kept if kept and _stands_first(names, spoken, kept[0]) else []


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
    return _in_state(names, place, state)


def _in_state(names: Names, place: Found, state: str | None) -> Found | None:
    """«el Mezquital, con los tepehuanos de Durango»: the place of that name in a state named farther on."""
    if state is None:
        return None
    bare = place.name.removeprefix("el ").removeprefix("la ")
    every = (*place.senses, *names.senses.get(bare, ()))
    senses = tuple(sense for sense in places_within(every, state) if len(sense.key) == 5)
    return replace(place, near=state, senses=senses) if senses else None


def _stands_first(names: Names, spoken: Sequence[str], place: Found) -> bool:
    """«Gómez Palacio, por la laguna»: what follows only tells where in it, or beside what."""
    if place.state or not place.certain or not only_filling(spoken[: place.start]):
        return False
    if not _BESIDE.isdisjoint(spoken[place.end : place.end + 2]):
        return place.name not in COMMON_NOUNS
    return place.start == 0 and names.is_official(place.name) and not names.is_everyday(place.name)


def _called(names: Names, spoken: Sequence[str], states: Sequence[Found]) -> list[Found]:
    """A place written in pieces («oco sin go») or only begun («tlajo», «tlalte, Zacatecas»)."""
    state = next((place.state for place in states), None)
    core = _core(spoken, states)
    if not {" ".join(spoken), " ".join(core)}.isdisjoint(COUNTRIES | NO_PLACES):
        return []
    senses = names.heard(core)[1] if len("".join(core)) >= _LEAST_IN_PIECES else ()
    found = (
        [Found(0, len(spoken), " ".join(core), senses, certain=False)] if senses else begun(names, core[:1])
    )
    if len(core) > 1 and not senses and not (len(spoken) > 1 and spoken[1] == ","):
        return []
    return [place for one in found if (place := _in_state(names, one, state) if state else one)]


def _not_fled(spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    return wanted_and_fled([role_of(spoken, place) for place in named], home=True)[0]


def _whole(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> Found | None:
    """A name of several words with a slip in one of them: «san anres tuxtla», «nuveo casas grandes»."""
    if any(place.near or place.state for place in named) and not _cut_short(spoken, named):
        return None
    best: tuple[float, Found | None] = (1.0, None)
    for start, span in _tails(spoken):
        size = len(joined_sound(span))
        if len(span) < 2 or size < 7 or not may_be_a_name(names, span):
            continue
        slips = 1 if size < 9 else 2
        senses, distance = names.nearest(span, slips, towns=True)
        if senses and distance / size < best[0]:
            place = Found(start, start + len(span), " ".join(span), senses, certain=False)
            best = distance / size, place
    return best[1]


def _cut_short(spoken: Sequence[str], named: Sequence[Found]) -> bool:
    """A state's name that only begins another: «san luis rio colodado», «oaxaca de juarze»."""
    last = max(place.end for place in named)
    return len(named) == 1 and named[0].near is None and last < len(spoken) and spoken[last].isalpha()


def _tails(spoken: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What may be the place: the last words after nothing but filling, at most six."""
    words = list(spoken)
    while words and (words[-1] in _FILLING or not words[-1].isalnum()):
        words.pop()
    for start in range(len(words)):
        if not LEAVING.isdisjoint(words[:start]) or not LEFT_BEHIND.isdisjoint(words[:start]):
            return
        if len(words) - start <= _LONGEST_NAME and all(word.isalpha() for word in words[start:]):
            yield start, tuple(words[start:])
        if words[start] not in _FILLING and words[start].isalpha():
            return


def _guessed(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    """The name with slips that is nearest to the words left when the filling is taken away."""
    state = next((place.state for place in named if place.state), None)
    core = _core(spoken, [place for place in named if place.state])
    if not core or len(core) > _MOST_WORDS or all(word in names.ordinary for word in core):
        return []
    best: tuple[float, tuple[Sense, ...]] = (1.0, ())
    for span in _spans(core):
        if may_be_a_name(names, span):
            best = min(best, _guess(names, span, state, len(span) / len(core)), key=lambda guess: guess[0])
    if not best[1]:
        return []
    return [Found(0, len(spoken), " ".join(core), best[1], certain=False, near=state)]


def _spans(core: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The whole first, then its parts; a part of «San Juan Tenango» would be another place."""
    whole = [core] if len(core) <= 5 else []
    if core[0] in ("san", "santa", "santo"):
        return whole
    parts = [core[at : at + size] for size in (3, 2, 1) for at in range(len(core) - size + 1)]
    return [*whole, *parts][:_MOST_SPANS]


def _core(spoken: Sequence[str], states: Sequence[Found]) -> tuple[str, ...]:
    taken = {at for place in states for at in range(place.start, place.end)}
    words = [word for at, word in enumerate(spoken) if word.isalpha() and at not in taken]
    while words and words[0] in _FILLING:
        words = words[1:]
    while words and words[-1] in _FILLING:
        words = words[:-1]
    return tuple(words)


def _guess(
    names: Names, span: tuple[str, ...], state: str | None, share: float
) -> tuple[float, tuple[Sense, ...]]:
    size = len(joined_sound(span))
    slips = _slips_allowed(size, sure=state is not None)
    if (share < (0.34 if state else 0.5)) or not slips:
        return 1.0, ()
    senses, distance = names.nearest(span, slips, towns=True, within=state)
    towns = state is not None or (size >= 7 and distance < 2)
    senses = tuple(sense for sense in senses if towns or sense.rank <= Rank.ALIAS)
    return (distance / size + (1 - share), senses) if senses else (1.0, ())


def _slips_allowed(size: int, *, sure: bool) -> int:
    if size < 4:
        return 0
    if size < 7:
        return 1
    return 3 if sure and size >= 15 else 2
