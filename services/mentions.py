"""Places inside a message: what counts as a place there, and whether it is wanted or was fled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from services.elsewhere import COUNTRIES, NO_PLACES
from services.placenames import LONGEST_NAME, Names, Rank, Sense, choose
from services.spelling import joined_sound

_FUZZY_LOOKUPS = 24


class Role(Enum):
    """What a place is to the person, as far as the words around it tell."""

    FLED = "fled"
    ORIGIN = "origin"  # «soy de»: fled when another place is wanted, else where the person is
    WANTED = "wanted"


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


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a message with its role; the bigger `force`, the plainer that it is meant so."""

    found: Found
    role: Role
    force: int


_ARTICLES = frozenset(("el", "la", "los", "las", "lo"))
_STOPS = frozenset(".!?;\n()")
_KINDS = frozenset(
    ["ciudad", "municipio", "pueblo", "poblado", "estado", "comunidad", "ejido", "rancheria", "cabecera", "alcaldia", "delegacion", "puerto", "localidad", "region", "zona", "sierra", "costa", "villa", "capital", "heroica", "congregacion"]
)
_AROUND = frozenset(
    ["cerca", "cerquita", "lejos", "fuera", "afuera", "afueras", "dentro", "adentro", "alrededores", "alrededor", "orillas", "orilla", "lado", "rumbo", "rumbos", "centro", "adelante", "atras", "aqui", "aca", "alla", "ahi", "arriba", "abajo", "parte", "norte", "sur", "camino", "pegado", "junto", "entrada", "central", "terminal", "hospital", "presidencia", "dif", "palacio", "albergue", "zocalo", "mercado", "mero"]
)
_FILLING = frozenset(["aqui", "aca", "alla", "ahi", "ahorita", "ahora", "hoy", "mero", "mera", "mismo", "pues", "ya", "mas", "tambien"])
_PLACING = frozenset(["en", "hasta", "hacia", "desde", "rumbo", "por", "cerca", "para", "pa", "entre"])
_TOWARDS = frozenset(["a", "hacia", "hasta", "en", "para", "pa", "por", "rumbo", "al"])
_PERSON = frozenset(
    ["llamo", "llama", "llaman", "nombre", "hija", "hijo", "hijas", "hijos", "hermana", "hermano", "hermanita", "hermanito", "esposa", "esposo", "marido", "senora", "senor", "sra", "sr", "don", "dona", "licenciada", "licenciado", "lic", "maestra", "maestro", "doctora", "doctor", "dr", "dra", "tia", "tio", "prima", "primo", "mama", "papa", "abuela", "abuelo", "suegra", "suegro", "vecina", "vecino", "amiga", "amigo", "comadre", "compadre", "virgen", "familia", "companera", "companero", "nina", "nino", "sobrina", "sobrino", "nieta", "nieto", "cunada", "cunado", "novia", "novio", "bebe", "apellido", "comandante", "presidente", "presidenta"]
)
_THINGS = frozenset(
    ["calle", "calles", "avenida", "colonia", "col", "barrio", "fraccionamiento", "escuela", "primaria", "secundaria", "iglesia", "parroquia", "parque", "carretera", "autopista", "boulevard", "blvd", "jardin", "plaza", "calzada", "privada", "esquina", "edificio", "clinica", "kinder", "cerrada", "prolongacion", "seguro", "cruz", "super", "tienda", "farmacia", "virgen", "metro", "estacion"]
)
_MOTION = frozenset(
    ["llegue", "llegamos", "llegar", "llegando", "voy", "vamos", "ir", "iba", "ibamos", "vine", "vinimos", "venir", "viniendo", "fui", "fuimos", "irme", "irnos", "irse", "mover", "moverme", "movernos", "movimos", "llevaron", "llevar", "trasladar", "trasladarme", "trasladarnos", "mude", "mudamos", "mudarme", "mudarnos", "mudar", "regresar", "regrese", "regresamos", "regresarme", "volver", "volvi", "volvimos", "vengo", "venimos", "pasar", "pase", "pasamos", "salir", "salimos", "sali", "cambie", "cambiarme", "cambiamos", "huimos", "hui", "mandaron", "mandar", "trajeron", "traje", "viajar", "viaje", "viajamos", "arribamos", "arribe", "vayamos", "vaya", "ire", "iremos", "corrimos", "escapamos", "cruce", "cruzamos", "dirijo", "dirigimos", "camino", "cerca", "junto", "rumbo", "frente", "vienen", "bajamos", "baje", "subi", "subimos", "bajar", "corri", "jale", "jalamos", "jalar", "ando", "andamos"]
)
_BEING = frozenset(["estoy", "estamos", "esto", "ando", "andamos", "vivo", "vivimos", "radico", "radicamos", "quede", "quedamos"])
_SEEKING = frozenset(
    ["busco", "buscamos", "buscando", "quiero", "queremos", "quisiera", "quisieramos", "necesito", "necesitamos", "ocupo", "ocupamos", "voy", "vamos", "rumbo", "camino", "llegar", "quedarme", "quedarnos", "irme", "irnos", "ir", "mudarme", "hay", "habra", "existe", "conocen", "saben", "dirijo", "dirigimos", "hacia", "donde"]
)
_LEAVING = frozenset(
    ["salimos", "sali", "salieron", "salio", "salido", "saliendo", "salirme", "salirnos", "venimos", "vengo", "vine", "vinimos", "viene", "vienen", "vino", "viniendo", "corrieron", "corrio", "huimos", "hui", "huyendo", "huyo", "huido", "huyeron", "escapamos", "escape", "escapando", "escaparon", "desplazado", "desplazada", "desplazados", "desplazadas", "desplazo", "desplazaron", "expulsado", "expulsada", "expulsados", "expulsadas", "expulsaron", "sacaron", "saco", "echaron", "fuimos", "fui", "llegamos", "llegue", "bajamos", "baje", "trajeron", "traje", "migramos", "escapado", "arrancamos", "pelamos", "jalamos", "desterraron", "desterrados", "procedente", "procedentes", "provenientes", "proveniente", "retiramos", "aventaron", "corridos", "corrida", "corrido", "corridas"]
)
_ALSO_ARRIVING = frozenset(["llegamos", "llegue", "fuimos", "fui", "vine", "vinimos", "bajamos", "baje", "traje", "trajeron", "viene"])
_ARRIVING_AT = frozenset(["a", "al", "hasta", "en", "hacia"])
_MUST_LEAVE = frozenset(["tuve", "tuvimos", "tuvo", "tuvieron", "obligaron", "hicieron"])
_LEFT_BEHIND = frozenset(
    ["deje", "dejamos", "dejando", "dejo", "abandonamos", "abandone", "abandonar", "vivia", "viviamos", "vivian", "vivi", "nacimos", "naci", "perdimos", "quedaron", "quemaron", "quemo", "destruyeron", "tenia", "teniamos", "era", "eramos", "trabajaba", "trabajabamos", "radicaba"]
)
_ORIGIN = frozenset(["soy", "somos", "originario", "originaria", "originarios", "originarias", "nativo", "nativa", "nativos"])
_HAPPENED = frozenset(
    ["mataron", "balacera", "balearon", "levantaron", "secuestraron", "amenazaron", "atacaron", "metieron", "llegaron", "llego", "vino", "quedo", "desaparecio", "desaparecieron", "asesinaron", "enfrentamiento", "enfrentamientos", "guerra", "balaceras", "conflicto"]
)
_DISTRUSTED_AFTER = frozenset(["de", "del", "que", "roja"])


def scan(names: Names, tokens: Sequence[str]) -> Iterator[Found]:
    """Every name in the tokens, longest first, left to right, none overlapping; states joined to places."""
    found: list[Found] = []
    at = 0
    while at < len(tokens):
        here = _longest(names, tokens, at)
        if here is None:
            at += 1
            continue
        found.append(here)
        at = here.end
    return (place for place in _with_states(found, tokens) if not _elsewhere(tokens, place))


def read_message(names: Names, tokens: Sequence[str]) -> list[Mention]:
    """Places that the message surely names, in its order, each with its role."""
    scanned = list(scan(names, tokens))
    counted = [place for place in scanned if _counts(names, tokens, place)]
    counted = sorted([*counted, *_misspelt(names, tokens, scanned)], key=lambda place: place.start)
    counted = list(_with_states(counted, tokens))
    mentions: list[Mention] = []
    for place in counted:
        mentions.append(_in_role(tokens, place, mentions[-1] if mentions else None))
    return mentions


def wanted_and_fled(mentions: Sequence[Mention]) -> tuple[list[Found], list[Found]]:
    """Places wanted, the plainest first, and places fled, in order."""
    wanted = [mention for mention in mentions if mention.role is Role.WANTED]
    origin = [mention for mention in mentions if mention.role is Role.ORIGIN]
    fled = [mention for mention in mentions if mention.role is Role.FLED]
    if wanted or any(mention.force > 1 for mention in origin):
        fled = sorted(fled + origin, key=lambda mention: mention.found.start)
    else:
        wanted = origin
    wanted.sort(key=_plainest)
    return [mention.found for mention in wanted], [mention.found for mention in fled]


def _plainest(mention: Mention) -> tuple[int, int]:
    """The most forceful first; of equals the last said («estuve en X, ahora estoy en Y»)."""
    start = mention.found.start
    return -mention.force, -start if mention.force == 2 else start


def role_of(tokens: Sequence[str], place: Found) -> Mention:
    """A place with the role that the words before it give."""
    return _in_role(tokens, place, None)


def _elsewhere(tokens: Sequence[str], place: Found) -> bool:
    """Another country, or «la calle», «el centro»: towns are named so, but nobody who says it means them."""
    if place.near is not None:
        return False
    before = tokens[place.start - 1] if place.start else ""
    return place.name in COUNTRIES or not {place.name, f"{before} {place.name}"}.isdisjoint(NO_PLACES)


def _longest(names: Names, tokens: Sequence[str], at: int) -> Found | None:
    if not tokens[at].isalpha():
        return None
    span = _words_from(tokens, at, LONGEST_NAME)
    for length in range(len(span), 0, -1):
        part = tuple(span[:length])
        name = " ".join(part)
        if part[0] in names.opening_words and name in names.senses:
            return _as_municipality(tokens, Found(at, at + length, name, names.senses[name]))
        name, senses = _heard(names, part)
        if senses:
            return _as_municipality(tokens, Found(at, at + length, name, senses, certain=False))
    return _glued(names, tokens, at)


def _as_municipality(tokens: Sequence[str], place: Found) -> Found:
    """«municipio de Hidalgo» is not the state, «alcaldía Cuauhtémoc» is in the capital."""
    before = [word for word in _before(tokens, place.start, 2) if word != "de"]
    if before[:1] == ["municipio"]:
        senses = tuple(sense for sense in place.senses if len(sense.key) == 5)
    elif before and before[0] in ("alcaldia", "delegacion"):
        senses = _within(place.senses, "09")
    else:
        return place
    return replace(place, senses=senses or place.senses)


def _heard(names: Names, part: tuple[str, ...]) -> tuple[str, tuple[Sense, ...]]:
    if all(word in names.ordinary or len(word) < 4 for word in part):
        return "", ()
    return names.heard(part)


def _glued(names: Names, tokens: Sequence[str], at: int) -> Found | None:
    """«tlapaguerrero», «entlapa»: a place with its state or its preposition stuck to it."""
    word = tokens[at]
    if not 6 <= len(word) <= 40 or word in names.ordinary:
        return None
    for cut in range(4, len(word) - 3):
        head, tail = word[:cut], word[cut:]
        state = _state_of(names, tail)
        if state and (senses := _within(names.heard((head,))[1], state)):
            return Found(at, at + 1, head, senses, certain=False, near=state)
    if word.startswith("en") and word[2:] not in names.ordinary:
        senses = tuple(sense for sense in names.heard((word[2:],))[1] if sense.rank <= Rank.ALIAS)
        if senses and len(word) >= 7:
            return Found(at, at + 1, word[2:], senses, certain=False)
    return None


def _state_of(names: Names, word: str) -> str | None:
    senses = names.senses.get(word, ())
    return next((sense.key for sense in senses if sense.rank is Rank.STATE), None)


def _words_from(tokens: Sequence[str], at: int, most: int) -> list[str]:
    span: list[str] = []
    for token in tokens[at : at + most]:
        if not token[0].isalnum():
            break
        span.append(token)
    return span


def _with_states(found: Sequence[Found], tokens: Sequence[str]) -> Iterator[Found]:
    """Join a state to the place right before it («Ocampo, Michoacán») or right after («Oaxaca, Juchitán»)."""
    at = 0
    while at < len(found):
        here, after = found[at], found[at + 1] if at + 1 < len(found) else None
        if after and after.state and _joined(tokens, here, after) and _within(here.senses, after.state):
            yield replace(here, end=after.end, near=after.state, senses=_within(here.senses, after.state))
            at += 2
            continue
        if after and here.state and _joined(tokens, here, after) and not after.state:
            if inside := _within(after.senses, here.state):
                yield replace(after, start=here.start, near=here.state, senses=inside)
                at += 2
                continue
        yield here
        at += 1


def _joined(tokens: Sequence[str], here: Found, after: Found) -> bool:
    between = tokens[here.end : after.start]
    return len(between) <= 4 and set(between) <= {
        ",",
        "(",
        ".",
        "de",
        "del",
        "en",
        "estado",
        "el",
        "municipio",
    }


def _within(senses: tuple[Sense, ...], state: str) -> tuple[Sense, ...]:
    inside = tuple(sense for sense in senses if len(sense.key) == 5 and sense.key[:2] == state)
    return inside or tuple(sense for sense in senses if sense.key == state)


def _counts(names: Names, tokens: Sequence[str], place: Found) -> bool:
    """Whether a name inside a message is meant as a place."""
    if _is_something_else(tokens, place.start):
        return False
    cued = _cued(tokens, place.start)
    if place.name in ("mexico", "mex") and not place.near:
        return False
    if names.is_everyday(place.name):
        official = any(sense.rank <= Rank.ALIAS for sense in place.senses)
        return cued and (place.near is not None or (official and _stands_alone(tokens, place)))
    if any(sense.rank <= Rank.SHORT for sense in place.senses):
        return place.certain or cued or len(place.name) >= 6
    return place.near is not None or cued


def _before(tokens: Sequence[str], start: int, most: int = 8) -> list[str]:
    """The words before a position, the nearest first, up to the end of the sentence."""
    words: list[str] = []
    for token in reversed(tokens[max(0, start - most) : start]):
        if token in _STOPS:
            break
        words.append(token)
    return words


def _is_something_else(tokens: Sequence[str], start: int) -> bool:
    """A street, a school, a person: «calle Hidalgo», «mi hija Victoria», «me llamo Guadalupe»."""
    before = [word for word in _before(tokens, start, 3) if word not in _ARTICLES]
    if not before:
        return False
    if before[0] in _PERSON or before[0] in _THINGS:
        return True
    return before[0] in ("soy", "es") and before[1:2] != ["de"]


def _cued(tokens: Sequence[str], start: int) -> bool:
    """Whether the words before tell that a place follows: «en», «cerca de», «llegamos a», «municipio»."""
    before = _before(tokens, start)
    while before and (before[0] in _ARTICLES or before[0] in _FILLING):
        before = before[1:]
    if not before:
        return False
    if before[0] in _PLACING or before[0] in _KINDS or before[0] in _BEING:
        return True
    if before[0] in ("a", "al"):
        return not _MOTION.isdisjoint(before[1:6])
    if before[0] in ("de", "del"):
        return _cued_by_de(before[1:])
    return False


def _cued_by_de(before: list[str]) -> bool:
    if not before:
        return False
    if before[0] in _AROUND or before[0] in _KINDS:
        return True
    movers = (
        _LEAVING
        | _ORIGIN
        | {"salir", "irme", "irnos", "es", "son", "huir", "escapar", "llamo", "escribo", "hablo"}
    )
    return not movers.isdisjoint(before[:4])


def _stands_alone(tokens: Sequence[str], place: Found) -> bool:
    """«en Victoria» counts, «en la reforma», «en casas de campaña» and «en el centro» don't."""
    if place.start and tokens[place.start - 1] in _ARTICLES | {"al"}:
        return False
    following = tokens[place.end] if place.end < len(tokens) else ""
    return following not in _DISTRUSTED_AFTER


def _misspelt(names: Names, tokens: Sequence[str], known: Sequence[Found]) -> Iterator[Found]:
    """Names with slips: after a cue, or long words that are no Spanish word. Only what is very near."""
    taken = {at for place in known for at in range(place.start, place.end)}
    lookups = 0
    at = 0
    while at < len(tokens) and lookups < _FUZZY_LOOKUPS:
        if at in taken or not _may_be_misspelt(names, tokens, at):
            at += 1
            continue
        for length in (3, 2, 1):
            span = tuple(_words_from(tokens, at, length))
            if len(span) < length or not taken.isdisjoint(range(at, at + length)):
                continue
            lookups += 1
            if senses := _near_enough(names, span):
                yield Found(at, at + length, " ".join(span), senses, certain=False)
                at += length - 1
                break
        at += 1


def _may_be_misspelt(names: Names, tokens: Sequence[str], at: int) -> bool:
    word = tokens[at]
    if len(word) < 4 or not word.isalpha() or word in names.ordinary or _is_something_else(tokens, at):
        return False
    return len(word) >= 9 or _cued(tokens, at)


def _near_enough(names: Names, span: tuple[str, ...]) -> tuple[Sense, ...]:
    if any(word in names.ordinary for word in span) or len(span[-1]) < 4 < len(span):
        return ()
    size = len(joined_sound(span))
    if size < 6:
        return ()
    senses, _ = names.nearest(span, 1 if size < 9 else 2)
    official = tuple(sense for sense in senses if sense.rank <= Rank.ALIAS)
    return official if choose(official)[0] else ()


def _in_role(tokens: Sequence[str], place: Found, previous: Mention | None) -> Mention:
    floor = previous.found.end if previous else 0
    before = _before(tokens, place.start, min(9, place.start - floor))
    if previous and before and len(before) <= 3 and set(before) <= {"y", "de", ",", "en", "o", "e"}:
        return Mention(place, previous.role, previous.force)
    joint = next((word for word in before if word in _TOWARDS or word in ("de", "del", "desde")), "")
    reach = before[:8]
    if joint in ("de", "del", "desde"):
        return _coming_from(tokens, place, reach)
    return _being_at(place, reach)


def _coming_from(tokens: Sequence[str], place: Found, before: list[str]) -> Mention:
    heard = set(before)
    if heard & _LEFT_BEHIND - {"era", "eramos"}:
        return Mention(place, Role.FLED, 2)
    wishing = heard & {"quiero", "queremos", "necesito", "necesitamos", "puedo", "podemos", "quisiera"}
    if _left(before) and not (wishing and not heard & _MUST_LEAVE):
        return Mention(place, Role.FLED, 2)
    if not _LEAVING.isdisjoint(tokens[place.end : place.end + 3]):
        return Mention(place, Role.FLED, 2)
    if heard & {"salir", "salirme", "salirnos", "irme", "irnos", "huir", "escapar"} and heard & _MUST_LEAVE:
        return Mention(place, Role.FLED, 2)
    if heard & _ORIGIN or heard & {"era", "eramos"}:
        return Mention(place, Role.ORIGIN, 2 if "pero" in tokens[place.end : place.end + 2] else 1)
    return Mention(place, Role.WANTED, 1 if heard & _BEING else 0)


def _left(before: Sequence[str]) -> bool:
    """A verb of leaving before «de»; «llegamos a la central de Puebla» is none."""
    for at, word in enumerate(before):
        if word in _LEAVING:
            return word not in _ALSO_ARRIVING or _ARRIVING_AT.isdisjoint(before[:at])
    return False


def _being_at(place: Found, before: list[str]) -> Mention:
    for word in before:
        if word in _LEFT_BEHIND:
            return Mention(place, Role.FLED, 2)
        if word in _SEEKING:
            return Mention(place, Role.WANTED, 3)
        if word in _BEING or word in _MOTION:
            return Mention(place, Role.WANTED, 2)
        if word in _HAPPENED:
            return Mention(place, Role.ORIGIN, 1)
    return Mention(place, Role.WANTED, 1 if before[:1] and before[0] in _PLACING else 0)
