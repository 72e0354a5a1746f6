"""An answer with slips, in pieces or only begun: the name that it is most like."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.cues import LEAVING, LEFT_BEHIND, SAYS_NOTHING
from services.elsewhere import COUNTRIES, NO_PLACES
from services.evidence import may_be_a_name
from services.nicknames import begun
from services.placenames import Names, Rank, Sense
from services.spans import Found, name_end, places_within
from services.spelling import joined_sound

_MOST_WORDS = 12
_MOST_SPANS = 24
_LONGEST_NAME = 7
_LEAST_IN_PIECES = 6
_MOST_TAILS = 3


def longer(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> Found | None:
    """A long name with slips of which a part is a name too: «san juan ugichicovi», «tula ed allende»."""
    state, words = _before_state(spoken, named)
    covered = {at for place in named for at in range(place.start, place.end)}
    for start, span in [*_tails(words)][-_MOST_TAILS:]:
        name, end = " ".join(span), start + len(span)
        slips = _slips_of_the_whole(len(joined_sound(span)), sure=state is not None)
        if (
            len(span) < 2
            or not slips
            or name in COUNTRIES | NO_PLACES
            or covered.issuperset(range(start, end))
        ):
            continue
        senses, _ = names.nearest(span, slips, towns=True, within=state)
        if senses:
            return Found(start, end, name, senses, certain=False, near=state)
    return None


def _before_state(spoken: Sequence[str], named: Sequence[Found]) -> tuple[str | None, Sequence[str]]:
    """The state that an answer ends with, and the words before it."""
    last = named[-1] if named else None
    if last is None or any(map(str.isalpha, spoken[last.end :])):
        return None, spoken
    if last.near:
        return last.near, spoken[: name_end(last)]
    return (last.state, spoken[: last.start]) if last.state else (None, spoken)


def _slips_of_the_whole(size: int, *, sure: bool) -> int:
    least = (7, 10) if sure else (10, 14)
    return sum(size >= letters for letters in least)


def called(names: Names, spoken: Sequence[str], states: Sequence[Found]) -> list[Found]:
    """A place written in pieces («oco sin go») or only begun («tlajo», «tlalte, Zacatecas»)."""
    state = next((place.state for place in states), None)
    core = _core(spoken, states)
    if not {" ".join(spoken), " ".join(core)}.isdisjoint(COUNTRIES | NO_PLACES):
        return []
    senses = names.heard(core)[1] if len("".join(core)) >= _LEAST_IN_PIECES else ()
    if len(core) == 1 and not senses and len(core[0]) >= _LEAST_IN_PIECES and names.nearest(core, 1)[0]:
        return []  # «tehuaan» is a slip of Tehuacán, not the beginning of Tehuantepec
    found = (
        [Found(0, len(spoken), " ".join(core), senses, certain=False)] if senses else begun(names, core[:1])
    )
    if len(core) > 1 and not senses and not (len(spoken) > 1 and spoken[1] == ","):
        return []
    return [place for one in found if (place := in_state(names, one, state) if state else one)]


def in_state(names: Names, place: Found, state: str | None) -> Found | None:
    """«el Mezquital, con los tepehuanos de Durango»: the place of that name in a state named farther on."""
    if state is None:
        return None
    bare = place.name.removeprefix("el ").removeprefix("la ")
    every = (*place.senses, *names.senses.get(bare, ()))
    senses = tuple(sense for sense in places_within(every, state) if len(sense.key) == 5)
    return replace(place, near=state, senses=senses) if senses else None


def whole(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> Found | None:
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
    while words and (words[-1] in SAYS_NOTHING or not words[-1].isalnum()):
        words.pop()
    for start in range(len(words)):
        if not LEAVING.isdisjoint(words[:start]) or not LEFT_BEHIND.isdisjoint(words[:start]):
            return
        if len(words) - start <= _LONGEST_NAME and all(word.isalpha() for word in words[start:]):
            yield start, tuple(words[start:])
        if words[start] not in SAYS_NOTHING and words[start].isalpha():
            return


def guessed(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    """The name with slips that is nearest to the words left when the filling is taken away."""
    state = next((place.state for place in named if place.state), None)
    core = _core(spoken, [place for place in named if place.state])
    rare = state is not None and len(core) == 1 and len(core[0]) >= _LEAST_IN_PIECES
    if not core or len(core) > _MOST_WORDS or (not rare and all(word in names.ordinary for word in core)):
        return []
    best: tuple[float, tuple[Sense, ...]] = (1.0, ())
    for span in _spans(core):
        if rare or may_be_a_name(names, span):
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
    while words and words[0] in SAYS_NOTHING:
        words = words[1:]
    while words and words[-1] in SAYS_NOTHING:
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
