"""Names found in a text, wherever they stand, and joined to the state beside them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from services.cues import ARTICLES
from services.elsewhere import COUNTRIES, NO_PLACES
from services.placenames import Names, Rank, Sense
from services.spelling import sound

_STOPS = frozenset(".!?¡¿;\n()")
_SAINTS = frozenset(("san", "santa", "santo"))
# «san cristo bal», «oco sin go»: a name may be written in more words than it has
_SPLIT_WORDS = 3
# «de Guadalupe» and «a Toluca» are hamlets too; people say a preposition and a place
SMALL_WORDS = frozenset(
    ("a", "al", "de", "del", "en", "es", "la", "me", "mi", "no", "pa", "para", "por", "que", "se", "su", "y")
)
_PREPOSITIONS = frozenset(("a", "de", "del", "en", "por", "y"))
_FAR_BIGGER = 4
_NEW = frozenset(("nuevo", "nueva", "nuevos", "nuevas"))
_BETWEEN = frozenset((",", "(", ".", "de", "del", "en", "estado", "el", "municipio"))


@dataclass(frozen=True, slots=True)
class Found:
    """A place named by tokens[start:end]. `near` is a state named right beside it."""

    start: int
    end: int
    name: str
    senses: tuple[Sense, ...]
    certain: bool = True
    near: str | None = None

    @property
    def state(self) -> str | None:
        """The state that the name may stand for."""
        return next((sense.key for sense in self.senses if sense.rank is Rank.STATE), None)


def named_in(names: Names, tokens: Sequence[str]) -> Iterator[Found]:
    """Every name in the tokens, longest first, left to right, none overlapping."""
    at = 0
    while at < len(tokens):
        here = _longest(names, tokens, at)
        if here is None:
            at += 1
            continue
        yield here
        at = here.end


def with_states(found: Sequence[Found], tokens: Sequence[str]) -> Iterator[Found]:
    """Join a state to the place right before it («Ocampo, Michoacán») or right after («Oaxaca, Juchitán»)."""
    return in_pairs(found, tokens, _one_place)


def in_pairs(
    found: Sequence[Found],
    tokens: Sequence[str],
    joined: Callable[[Sequence[str], Found, Found], Found | None],
) -> Iterator[Found]:
    """The places in order, two neighbours as the one that `joined` makes of them, where it makes one."""
    at = 0
    while at < len(found):
        pair = found[at : at + 2]
        one = joined(tokens, *pair) if len(pair) == 2 else None
        yield one or found[at]
        at += 2 if one else 1


def _one_place(tokens: Sequence[str], here: Found, after: Found) -> Found | None:
    if not _side_by_side(tokens, here, after):
        return None
    if after.state and (inside := places_within(here.senses, after.state)):
        return replace(here, end=after.end, near=after.state, senses=inside)
    if here.state and not after.state and (inside := places_within(after.senses, here.state)):
        return replace(after, start=here.start, near=here.state, senses=inside)
    return None


def name_end(place: Found) -> int:
    """Where the name of a place ends that a state is joined to."""
    return place.start + len(place.name.split()) if place.near else place.end


def words_from(tokens: Sequence[str], at: int, most: int) -> list[str]:
    """The words at a position, at most so many, up to the next punctuation."""
    span: list[str] = []
    for token in tokens[at : at + most]:
        if not token[0].isalnum():
            break
        span.append(token)
    return span


def words_before(tokens: Sequence[str], start: int, most: int = 8) -> list[str]:
    """The words before a position, the nearest first, up to the end of the sentence."""
    words: list[str] = []
    for token in reversed(tokens[max(0, start - most) : start]):
        if token in _STOPS:
            break
        words.append(token)
    return words


def places_within(senses: tuple[Sense, ...], state: str) -> tuple[Sense, ...]:
    """The senses that lie in a state: its municipalities, failing them the state."""
    inside = tuple(sense for sense in senses if len(sense.key) == 5 and sense.key[:2] == state)
    return inside or tuple(sense for sense in senses if sense.key == state)


def without_hamlets(found: Sequence[Found]) -> list[Found]:
    """«San Juan Tenango» is a hamlet on no list: neither one of the San Juan nor one of the Tenango.

    «San Carlos Guaymas» is the San Carlos of Guaymas.
    """
    hamlets: set[int] = set()
    for here, after in pairwise(found):
        short = here.end - here.start <= 2 and here.name.split(" ", 1)[0] in _SAINTS
        beside = short and here.end == after.start and not after.state
        if beside and not _in_one_municipality(here, after):
            hamlets |= {here.start, after.start}
    return [place for place in found if place.start not in hamlets]


def _in_one_municipality(here: Found, after: Found) -> bool:
    return not {sense.key for sense in here.senses}.isdisjoint(sense.key for sense in after.senses)


def is_elsewhere(tokens: Sequence[str], place: Found) -> bool:
    """Another country, or «la calle», «el centro»: towns are named so, but nobody who says it means them."""
    if place.near is not None:
        return False
    before = tokens[place.start - 1] if place.start else ""
    if before in _NEW:  # «Nuevo Morelia» is a hamlet on no list
        return True
    return place.name in COUNTRIES or not {place.name, f"{before} {place.name}"}.isdisjoint(NO_PLACES)


def _longest(names: Names, tokens: Sequence[str], at: int) -> Found | None:
    here = _longest_at(names, tokens, at)
    if here is None or tokens[at] not in ARTICLES or here.end - at > 2:
        return here
    after = _longest_at(names, tokens, at + 1)  # «el istmo» and «istmo de tehuantepec»
    return after if after and after.certain and after.end > here.end else here


def _longest_at(names: Names, tokens: Sequence[str], at: int) -> Found | None:
    first = tokens[at]
    if not first[0].isalnum():
        return None
    known = max(names.longest_from.get(first, 0), names.longest_from.get(sound(first), 0))
    span = tuple(words_from(tokens, at, max(known, _SPLIT_WORDS)))
    for length in range(len(span), 0, -1):
        place = _named(names, span[:length], at)
        if place and (first not in _PREPOSITIONS or names.is_official(place.name)):
            return place
    return _glued(names, tokens, at)


def _named(names: Names, part: tuple[str, ...], at: int) -> Found | None:
    name = " ".join(part)
    if name in names.senses:
        return Found(at, at + len(part), name, _with_bare(names, part, names.senses[name]))
    if not part[0].isalpha() or all(word in names.ordinary or len(word) < 4 for word in part):
        return None
    if len(part) > 1 and part[-1] in SMALL_WORDS:
        return None
    if len(part) > 1 and _state_of(names, part[-1]) and " ".join(part[:-1]) in names.senses:
        return None  # «Apan, Hgo.» only sounds like Apango
    name, senses = names.heard(part)
    return Found(at, at + len(part), name, senses, certain=False) if senses else None


def _with_bare(names: Names, part: tuple[str, ...], senses: tuple[Sense, ...]) -> tuple[Sense, ...]:
    """«el Mezquital» is a hamlet's name; most who say it mean the far bigger Mezquital."""
    if part[0] not in ARTICLES or any(sense.rank is not Rank.LOCALITY for sense in senses):
        return senses
    bare = names.senses.get(" ".join(part[1:]), ())
    least = _FAR_BIGGER * sum(sense.weight for sense in senses)
    return (*senses, *(sense for sense in bare if sense.rank is Rank.MUNICIPALITY and sense.weight > least))


def _glued(names: Names, tokens: Sequence[str], at: int) -> Found | None:
    """«tlapaguerrero», «entlapa»: a place with its state or its preposition stuck to it."""
    word = tokens[at]
    if not 6 <= len(word) <= 40 or word in names.ordinary:
        return None
    for cut in range(4, len(word) - 3):
        head, tail = word[:cut], word[cut:]
        state = _state_of(names, tail)
        if state and (senses := places_within(names.heard((head,))[1], state)):
            return Found(at, at + 1, head, senses, certain=False, near=state)
    if word.startswith("en") and word[2:] not in names.ordinary:
        senses = tuple(sense for sense in names.heard((word[2:],))[1] if sense.rank <= Rank.ALIAS)
        if senses and len(word) >= 7:
            return Found(at, at + 1, word[2:], senses, certain=False)
    return None


def _state_of(names: Names, word: str) -> str | None:
    senses = names.senses.get(word, ())
    return next((sense.key for sense in senses if sense.rank is Rank.STATE), None)


def _side_by_side(tokens: Sequence[str], here: Found, after: Found) -> bool:
    between = tokens[here.end : after.start]
    return len(between) <= 4 and _BETWEEN.issuperset(between)
