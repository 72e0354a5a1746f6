"""Whether a name inside a message is meant as a place, exactly written or with slips."""

from collections.abc import Iterator, Sequence

from services.cues import (
    AROUND,
    ARTICLES,
    BEING,
    CHILDREN,
    COMMON_NOUNS,
    DISTRUSTED_AFTER,
    FILLING,
    KINDS,
    LANDSCAPE,
    LEAVING,
    MOTION,
    OFFICES,
    ORIGIN,
    OWNED,
    OWNING,
    PERSON,
    PLACING,
    STAYING,
    THINGS,
    TRAVEL,
)
from services.homonyms import choose
from services.placenames import Names, Rank, Sense
from services.spans import SMALL_WORDS, Found, name_end, words_before, words_from
from services.spelling import joined_sound

_FUZZY_LOOKUPS = 12
# A slip is more likely one of a place that many people write: «nadadores» are more often swimmers.
_KNOWN = 15_000
_WORDY = 3
"""Letters of a state's abbreviation that is a word too: «sin leche»."""
_LEAST_IN_STATE = 5
"""Letters of a misspelt name beside its state."""
_SAID_KINDS = frozenset(("municipio", "alcaldia", "delegacion", "capital"))
_SAYING_WHERE_FROM = (
    LEAVING
    | ORIGIN
    | frozenset(("salir", "irme", "irnos", "es", "son", "huir", "escapar", "llamo", "escribo", "hablo"))
)


def counts(names: Names, tokens: Sequence[str], place: Found) -> bool:
    """Whether a name inside a message is meant as a place."""
    if is_something_else(names, tokens, place):
        return False
    if _goes_on(names, tokens, place):
        return False
    if len(place.name) <= 3 and names.is_everyday(place.name) and not place.near:
        return False
    cued = _cued(tokens, place.start) or _lived_in(tokens[place.end : place.end + 1])
    if not cued and place.start and tokens[place.start - 1] in ("el", "un", "una"):
        return False  # «perdió el Guadalajara», «mi perro es un chihuahua»
    if place.name in ("mexico", "mex") and not place.near:
        return False
    if names.is_everyday(place.name):
        official = any(sense.rank <= Rank.ALIAS for sense in place.senses)
        return cued and (place.near is not None or (official and _stands_alone(tokens, place)))
    if any(sense.rank <= Rank.SHORT for sense in place.senses):
        return place.certain or cued or len(place.name) >= 6
    return place.near is not None or cued


def is_something_else(names: Names, tokens: Sequence[str], place: Found) -> bool:
    """A street, a school, a person: «calle Hidalgo», «mi hija Victoria», «soy Guadalupe».

    «escuela para mis hijos Tapachula» is a place all the same.
    """
    before = _nouns_before(tokens, place.start)
    if names.is_everyday(place.name) and _is_called_a_thing(tokens, place.end):
        return True
    if _is_person_or_thing(tokens, place.start):
        return names.is_everyday(place.name) or before[0] not in CHILDREN or not names.is_official(place.name)
    return names.is_everyday(place.name) and before[:1] in (["soy"], ["es"])


def _is_called_a_thing(tokens: Sequence[str], end: int) -> bool:
    """«la Reforma, la colonia»."""
    after = [word for word in tokens[end : end + 4] if word != ","]
    return after[:1] in (["la"], ["el"]) and after[1:2] != [] and after[1] in THINGS and not after[2:3]


def _is_person_or_thing(tokens: Sequence[str], start: int) -> bool:
    before = _nouns_before(tokens, start)
    return before[:2] == ["con", "esquina"] or not (PERSON | THINGS).isdisjoint(before[:1])


def _nouns_before(tokens: Sequence[str], start: int) -> list[str]:
    return [word for word in words_before(tokens, start, 3) if word not in ARTICLES]


def _goes_on(names: Names, tokens: Sequence[str], place: Found) -> bool:
    """«San Juan Tenango» is a hamlet that nobody listed, not one of the San Juan."""
    following = tokens[place.end] if place.end < len(tokens) else ""
    if place.near or not place.name.startswith(("san ", "santa ", "santo ")) or not following.isalpha():
        return False
    return len(following) > 4 and following not in names.ordinary


def misspelt(names: Names, tokens: Sequence[str], known: Sequence[Found]) -> Iterator[Found]:
    """Names with slips: after a cue, or long words that are no Spanish word. Only what is very near.

    One may cover a known place that is a part of it: «Tuxtla» in «San Anres Tuxtla».
    """
    states = [place for place in known if len(place.name) > _WORDY or not names.is_everyday(place.name)]
    lookups = at = 0
    while at < len(tokens) and lookups < _FUZZY_LOOKUPS:
        spans = list(_spans_with_slips(names, tokens, at, known))
        lookups += len(spans)
        hits = (_hit(names, span, at, _state_after(tokens, states, at + len(span))) for span in spans)
        hit = next((hit for hit in hits if hit), None)
        if hit:
            yield hit
        at = hit.end if hit else at + 1


def _hit(names: Names, span: tuple[str, ...], at: int, state: str | None) -> Found | None:
    senses = _near_enough(names, span, state)
    return Found(at, at + len(span), " ".join(span), senses, certain=False, near=state) if senses else None


def may_be_a_name(names: Names, span: tuple[str, ...]) -> bool:
    """Some word is no Spanish word, and every ordinary one also occurs in names («villa», «san»)."""
    strange = [word for word in span if len(word) > 3 and word not in names.ordinary]
    usual = (word for word in span if word in names.ordinary and word not in strange)
    return bool(strange) and all(word in names.vocabulary for word in usual)


def _spans_with_slips(
    names: Names, tokens: Sequence[str], at: int, known: Sequence[Found]
) -> Iterator[tuple[str, ...]]:
    """Spans at a position to look up, the longest first; none that a known place covers or crosses."""
    word = tokens[at]
    if len(word) < 2 or not word.isalpha() or _is_person_or_thing(tokens, at):
        return
    strange = len(word) > 3 and word not in names.ordinary
    if not (_cued(tokens, at) or (strange and len(word) >= 9)):
        return
    for length in (5, 4, 3, 2, 1):
        span = tuple(words_from(tokens, at, length))
        if (
            len(span) == length
            and (length == 1 or span[-1] not in SMALL_WORDS)
            and may_be_a_name(names, span)
            and _free(names, tokens, known, range(at, at + length))
        ):
            yield span


def _free(names: Names, tokens: Sequence[str], known: Sequence[Found], span: range) -> bool:
    """Whether the span covers whole the known places it touches, and a strange word besides."""
    touched = [place for place in known if place.start < span.stop and span.start < place.end]
    covered = {at for place in touched for at in range(place.start, name_end(place))}
    if any(at in span for place in touched for at in range(name_end(place), place.end)):
        return False  # «ayotlan jalisco» is no slip of «Ocotlán, Jalisco»
    strange = any(len(tokens[at]) > 3 and tokens[at] not in names.ordinary for at in set(span) - covered)
    return strange and covered <= set(span)


def _cued(tokens: Sequence[str], start: int) -> bool:
    """Whether the words before tell that a place follows: «en», «cerca de», «llegamos a», «municipio»."""
    if tokens[start] in _SAID_KINDS:
        return True
    before = words_before(tokens, start)
    while before and (before[0] in ARTICLES or before[0] in FILLING):
        before = before[1:]
    if not before:
        return False
    if before[0] in PLACING or before[0] in KINDS or before[0] in BEING or before[0] in OFFICES:
        return True
    if before[0] in ("a", "al"):
        return not (MOTION | TRAVEL).isdisjoint(before[1:6])
    if before[0] in ("de", "del"):
        return _cued_by_de(before[1:])
    return False


def _lived_in(after: Sequence[str]) -> bool:
    """«Parral vivo»."""
    return not STAYING.isdisjoint(after)


def _cued_by_de(before: list[str]) -> bool:
    if not before:
        return False
    if before[0] in AROUND or before[0] in KINDS:
        return True
    if before[0] in OWNED and before[1:2] and before[1] in OWNING:
        return True
    return not _SAYING_WHERE_FROM.isdisjoint(before[:4])


def _stands_alone(tokens: Sequence[str], place: Found) -> bool:
    """«en Victoria» counts, «en la reforma», «en casas de campaña» and «en el centro» don't."""
    if tokens[place.start] in _SAID_KINDS:
        return True
    if place.start and tokens[place.start - 1] in ARTICLES | {"al"}:
        return False
    if place.start and tokens[place.start - 1] == "por" and place.name in LANDSCAPE:
        return False
    before = words_before(tokens, place.start)
    if place.name in COMMON_NOUNS and (BEING | MOTION | KINDS | AROUND).isdisjoint(before[:5]):
        return False
    following = tokens[place.end] if place.end < len(tokens) else ""
    return following not in DISTRUSTED_AFTER or (following == "que" and place.name not in COMMON_NOUNS)


def _state_after(tokens: Sequence[str], known: Sequence[Found], end: int) -> str | None:
    """The state named right behind a span, by itself or with the last word of the span: «San Anres
    Tuxtla, Veracruz»."""
    starts = {end, end + 1} if tokens[end : end + 1] in ((",",), ("de",)) else {end}
    for place in known:
        if place.near and name_end(place) == end:
            return place.near
        if place.state and place.start in starts:
            return place.state
    return None


def _near_enough(names: Names, span: tuple[str, ...], state: str | None) -> tuple[Sense, ...]:
    if state:
        size = len(joined_sound(span))
        slips = 0 if size < _LEAST_IN_STATE else 1 if size < 9 else 2
        return names.nearest(span, slips, towns=True, within=state)[0] if slips else ()
    core = span[1:] if span[0] in ARTICLES else span
    size = len(joined_sound(core))
    if size < 6:
        return ()
    senses, _ = names.nearest(span, 1 if size < 9 else 2)
    official = tuple(sense for sense in senses if sense.rank <= Rank.ALIAS and sense.weight >= _KNOWN)
    return official if choose(official)[0] else ()
