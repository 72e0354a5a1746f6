"""Who hurts whom: the writer somebody of their home, or somebody else a woman whom they know. Pure."""

import re
from functools import cache

from bot.phrases import Phrase, hear, phrase

_HER = "esposa|mujer|señora|vieja|novia|pareja|ex|hermana|mama|suegra|cuñada|familia|hija"
_KIDS = "hijo|hijos|hijas|niño|niña|niños|niñas|chamaco|chamacos|plebes|bebe"
_DID = (
    "pegue|golpee|cachetee|maltrate|lastime|empuje|jalonee|ahorque|patee|insulte|humille|viole|amenace|"
    "agredi|encerre"
)
_DO = "pego|golpeo|cacheteo|maltrato|lastimo|empujo|jaloneo|pateo|insulto|humillo|amenazo|agredo"
_TO_DO = (
    "pegar|pegarle|pegarles|pegandole|pegandoles|golpear|golpearla|golpearlos|golpeandola|golpeandolos|"
    "maltratar|maltratarla|maltratarlos|maltratandola|lastimar|lastimarla|lastimarlos|agredir|agredirla|"
    "agrediendola|violentar|violentarla|matar|matarla"
)
_WHOM = f"{_HER}|{_KIDS}"

_SURELY = (
    f"le|la|les|los|las {_DID} a mi|mis|la|los|una {_WHOM}",
    f"{_DID} a mi|mis {_WHOM}",
    f"le|les di|meti|solte|puse ... golpe|golpes|cachetada|cachetadas|madriza|paliza|chinga ... {_WHOM}",
    f"le|les levante la mano ... {_WHOM}",
    f"he|habia pegado|golpeado|maltratado|lastimado|agredido a mi|mis {_WHOM}",
    f"pegado|golpeado|maltratado|lastimado a mi|mis {_WHOM}",
    f"yo le|la|les|los|las {_DO} a mi|mis {_WHOM}",
    f"yo {_DO} a mi|mis {_WHOM}",
    f"no quiero|quisiera|puedo|vuelvo|volver ... {_TO_DO} ... mi|mis {_WHOM}",
    f"quiero|quisiera|como|necesito|ayuda|ayudenme ... dejar|dejo|parar ... {_TO_DO}",
    f"quiero|quisiera|ganas|voy ... {_TO_DO} a mi|mis {_WHOM}",
    f"miedo {_TO_DO} a mi|mis {_WHOM}",
    f"mi|mis {_WHOM} ... la|le|los|les {_DID}",
    "soy violento|agresivo|golpeador|agresor|machista",
    "me pongo|pone violento|agresivo",
    "no quiero|quisiera ser violento|agresivo",
)
_PRESENT = (f"le|la|les|los|las {_DO} a mi|mis {_WHOM}",)
"""«Le pego a mi esposa»: unaccented, somebody else's «pegó» reads the same."""
_SOMEBODY_ELSE = ("pegó", "golpeó", "maltrató", "lastimó", "empujó", "insultó", "humilló")
_NOT_THE_WRITER = (
    "me|nos pega|pego|golpea|golpeo|maltrata|maltrato|viola|violo|amenaza|ahorca|ahorco|encierra|cela",
    "me quiere|quiso|quieren matar|ahorcar|pegar",
    "no le|la|les|los pegue|golpee|toque|hice nada",
    "nunca|jamas le|la|les|los pegue|golpee|he",
    "que pegue|golpee|maltrate|lastime",
    "que le|la|les|los pegue|golpee|maltrate|lastime",
    "que no le|la|les|los pegue|golpee|maltrate|lastime",
    "que|quien ... quiere|quieren ... matar|golpear|pegar",
)
_KINSWOMAN = (
    "hermana|hermanas|hermanita|hija|hijas|hijita|mama|madre|abuela|abuelita|tia|prima|sobrina|cuñada|nuera|suegra|"
    "vecina|amiga|comadre|compañera|conocida|esposa|mujer|señora|muchacha|niña|novia"
)
_TO_HER = (
    f"a mi|mis|una|la|su|otra {_KINSWOMAN}",
    f"mi|una|la {_KINSWOMAN} ... su marido|esposo|novio|pareja|ex|padrastro|papa|suegro",
    f"mi|una|la {_KINSWOMAN} la|sufre|vive|esta ... pega|golpea|maltrata|amenaza|viol*|maltrato|golpes",
)
_TO_ME = (
    "me|nos pega|pego|pegan|golpea|golpeo|golpean|maltrata|maltrato|viola|violo|violaron|amenaza|toco|"
    "insulta|humilla|corrio",
)
_BEGINS = re.compile(
    r"(?:^|\n|,)(?: ?(?:i|pero|porke|no|a|beses|siempre|tambien|ola|buenas|tardes|noches|dias|la|berdad|es|"
    r"ke|kuando|me|enojo|enkabrono|tomo|borracho|estoi|yo|todos|los|kada))*$"
)
"""Only such words stand before «le pego» when nobody else is said to do it."""


def says_to_harm(text: str) -> bool:
    """Whether the writer says to hit or hurt somebody of their own home, or asks how to stop."""
    heard = hear(text)
    if any(one.is_in(heard) for one in _read(_NOT_THE_WRITER)):
        return False
    return any(one.is_in(heard) for one in _read(_SURELY)) or _does(heard, text)


def is_done_to_a_woman(text: str) -> bool:
    """Whether the text speaks of a woman or girl other than the writer as the one who is hurt."""
    heard = hear(text)
    if any(one.is_in(heard) for one in _read(_TO_ME)):
        return False
    return any(one.is_in(heard) for one in _read(_TO_HER))


def _does(heard: str, text: str) -> bool:
    if any(word in text.casefold() for word in _SOMEBODY_ELSE):
        return False
    starts = (start for one in _read(_PRESENT) for start, _ in one.spans(heard))
    return any(_BEGINS.search(heard[:start].rstrip(" ")) for start in starts)


@cache
def _read(written: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(phrase(one) for one in written)
