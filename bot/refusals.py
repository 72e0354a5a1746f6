"""Whether somebody says that a door was refused: «no me quisieron atender», «nos negaron el lugar». Pure."""

import re
from functools import cache

from bot.phrases import Phrase, hear, phrase

_REFUSED = (
    "me|nos|le|les|se negaron|niegan",
    "no me|nos|le|les quisieron|quieren atender|recibir|ayudar|dar|apoyar|escuchar",
    "no me|nos|le|les quisieron|quieren registrar|inscribir|tomar|anotar|aceptar",
    "no me|nos|le|les dejaron|dejan entrar|pasar|quedar|quedarme|quedarnos|inscribir",
    "no me|nos|le|les atendieron|recibieron|ayudaron|apoyaron|inscribieron|registraron|aceptaron|dieron",
    "no me|nos|le|les hicieron caso",
    "me|nos|le|les rechazaron|rechazan|discriminaron|discriminan",
    "me|nos|le|les cerraron ... puerta|puertas",
    "me|nos|le|les dijeron ... no hay lugar|cupo|espacio",
    "me|nos|le|les dijeron ... no me|nos|le|les toca|tocaba|corresponde|pueden|podian",
    "me|nos|le|les corrieron|sacaron de|del ... albergue|oficina|hospital|ministerio|dif|clinica|escuela",
)
_BY_ONE = (
    "me|nos|le|les nego|niega|rechazo",
    "no me|nos|le|les quiso|quiere atender|recibir|ayudar|dar|apoyar|escuchar",
    "no me|nos|le|les quiso|quiere registrar|inscribir|tomar|anotar|aceptar",
    "no me|nos|le|les dejo|deja entrar|pasar|inscribir",
    "no me|nos|le|les atendio|recibio|ayudo|acepto|dio",
    "no me|nos|le|les hizo caso",
)
"""Said of one, which may as well be a husband: only beside an office."""

_OFFICES = (
    "dif|fiscalia|ministerio|mp|hospital|clinica|oficina|albergue|escuela|comedor|ceav|imss|issste|juzgado|refugio",
    "centro de salud",
    "registro civil",
    "comision|secretaria|sistema|procuraduria de",
    "presidencia municipal",
    "trabajadora social",
    "policia|policias|funcionari*|licenciad*|doctor|doctora|director|directora|gobierno|municipio|ayuntamiento",
)
_OWN = (
    "mi|mis|su|sus familia|familiares|papa|papas|mama|padres|herman*|tia|tias|tio|tios|suegr*",
    "mi|mis|su|sus espos*|marido|pareja",
    "mi|mis hij*|amig*|vecin*|patron*|jefe|jefa",
)
_NOT_YET = re.compile(
    r"\bsi (?:es que )?(?:no )?(?:me|nos|le|les)"
    r" (?:niega|rechaza|quiere|deja|atiende|recibe|acepta|dice)n?\b",
    re.IGNORECASE,
)
_NOT_SO = (
    "no|nunca|jamas me|nos|le|les negaron|niegan|nego|niega",
    "no|nunca|jamas me|nos|le|les rechazaron|rechazan|rechazo|discriminaron|corrieron",
)


def says_refused(text: str, *, in_hand: bool) -> bool:
    """Whether the door of an office or service was refused. `in_hand`: something was shown just before.

    What is only feared, and what family or neighbours refused, is none.
    """
    if _NOT_YET.search(text):
        return False
    heard = hear(text)
    if _is_any(_NOT_SO, heard):
        return False
    office = _is_any(_OFFICES, heard)
    if not office and _is_any(_OWN, heard):
        return False
    if _is_any(_REFUSED, heard):
        return office or in_hand
    return office and _is_any(_BY_ONE, heard)


def _is_any(written: tuple[str, ...], heard: str) -> bool:
    return any(one.is_in(heard) for one in _read(written))


@cache
def _read(written: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(phrase(one) for one in written)
