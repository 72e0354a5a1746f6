"""A whole text read as the answer to «¿En qué municipio o estado está?»: more is a place than in a message."""

from collections.abc import Sequence

from services.mentions import Found, read_message, role_of, scan, wanted_and_fled
from services.placenames import Names, Rank, Sense
from services.spelling import joined_sound

_MOST_WORDS = 12

_FILLING = frozenset(
    ["a", "al", "aca", "actualmente", "ahi", "ahora", "ahorita", "alla", "ando", "andamos", "andando", "aqui", "buen", "buena", "buenas", "bueno", "buenos", "cerca", "cerquita", "como", "con", "creo", "de", "del", "dia", "dias", "el", "en", "entre", "era", "es", "esta", "estado", "estamos", "estoy", "favor", "gracias", "hasta", "hola", "hoy", "la", "las", "le", "lo", "los", "llegue", "llegamos", "llegando", "mas", "me", "mera", "mero", "mexico", "mi", "mismo", "municipio", "mun", "nos", "noches", "o", "oiga", "orita", "pa", "para", "pero", "por", "porfa", "pues", "quedo", "que", "quedamos", "radico", "rato", "region", "rumbo", "rumbos", "se", "senor", "senorita", "si", "soy", "somos", "sr", "srita", "tal", "tardes", "tengo", "vivo", "vivimos", "viviendo", "y", "ya", "yo", "zona", "cabecera", "alcaldia", "delegacion", "ciudad", "poblado", "pueblo", "comunidad", "lado", "seria", "sera", "este", "mas", "menos", "viviendo", "afueras", "alrededores", "orilla", "orillas", "parte", "norte", "sur", "oriente", "poniente", "centro", "colonia", "barrio", "localidad", "ejido", "rancho", "rancheria", "municipal", "recien", "apenas", "llegando", "hace", "aproximadamente", "casi", "dentro", "ubico", "ubicada", "ubicado", "encuentro", "encontramos", "refugiada", "refugiado", "quedandome", "cp", "codigo", "postal", "familia", "toda", "todos", "interior", "adentro", "fuera", "mexicana", "republica", "mexicano", "xfa", "xfavor", "porfavor", "plis", "oye", "disculpe", "buena", "tarde", "noche", "saludos", "eh", "ah", "ok", "okay", "mande", "pasando", "viajando", "yendo", "voy", "vamos", "mudamos", "mude", "estuve", "serian", "eso", "donde", "estoi", "ensima", "mesta"]
)


def read_answer(names: Names, spoken: Sequence[str]) -> list[Found]:
    """Places that the answer names, the plainest first; none when it names another country or nothing."""
    named = list(scan(names, spoken))
    if _astray(named) and (meant := _guessed(names, spoken, named)):
        return meant
    if _only_places(spoken, named):
        return _not_fled(spoken, named)
    wanted, fled = wanted_and_fled(read_message(names, spoken))
    return wanted if wanted or fled else _guessed(names, spoken, named)


def _only_places(spoken: Sequence[str], named: Sequence[Found]) -> bool:
    """Whether nothing but filling words stands around the places."""
    if not named:
        return False
    covered = {at for place in named for at in range(place.start, place.end)}
    rest = [word for at, word in enumerate(spoken) if at not in covered]
    return all(word in _FILLING or not word.isalpha() for word in rest)


def _astray(named: Sequence[Found]) -> bool:
    """A state and a place that is not in it: «xalpa veracruz» is a slip, not the Xalpa of another state."""
    states = [place.state for place in named if place.state]
    others = [place for place in named if not place.state and place.near is None]
    return len(states) == 1 and len(others) == 1


def _not_fled(spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    return wanted_and_fled([role_of(spoken, place) for place in named])[0]


def _guessed(names: Names, spoken: Sequence[str], named: Sequence[Found]) -> list[Found]:
    """The name with slips that is nearest to the words left when the filling is taken away."""
    state = next((place.state for place in named if place.state), None)
    core = _core(spoken, [place for place in named if place.state])
    if not core or len(core) > _MOST_WORDS or all(word in names.ordinary for word in core):
        return []
    tries = [core] if len(core) <= 5 else []
    tries += [core[at : at + size] for size in (3, 2, 1) for at in range(len(core) - size + 1)]
    best: tuple[float, tuple[Sense, ...]] = (1.0, ())
    for span in tries[:24]:
        if _may_be_a_name(names, span):
            best = min(best, _guess(names, span, state, len(span) / len(core)), key=lambda guess: guess[0])
    if not best[1]:
        return []
    return [Found(0, len(spoken), " ".join(core), best[1], certain=False, near=state)]


def _may_be_a_name(names: Names, span: tuple[str, ...]) -> bool:
    """Some word is no Spanish word, and every ordinary one also occurs in names («villa», «san»)."""
    strange = [word for word in span if len(word) > 3 and word not in names.ordinary]
    return bool(strange) and all(word in names.vocabulary for word in span if word not in strange)


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
    if (share < 0.5 and state is None) or not slips:
        return 1.0, ()
    senses, distance = names.nearest(span, slips, towns=True)
    senses = tuple(
        sense
        for sense in senses
        if (state is None or sense.key[:2] == state)
        and (sense.rank <= Rank.ALIAS or (size >= 7 and distance < 2) or state)
    )
    return (distance / size + (1 - share), senses) if senses else (1.0, ())


def _slips_allowed(size: int, *, sure: bool) -> int:
    if size < 4:
        return 0
    if size < 7:
        return 1
    return 2 if size < 11 and not sure else 3
