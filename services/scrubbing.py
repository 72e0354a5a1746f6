"""Takes out of an opinion what could find somebody: names, numbers, groups, places below a municipality."""

import re

from services import fine_places, person_names
from services.gazetteer import Gazetteer
from services.spelling import fold

NAME, NUMBER, PLACE, GROUP, LINK = "[nombre]", "[número]", "[lugar]", "[grupo]", "[enlace]"

_WORD = r"[\wáéíóúñü]+"
_CAPITALISED = r"[A-ZÁÉÍÓÚÑ][\wáéíóúñü]+"
_OF = r"(?:de\s+(?:la\s+|los\s+|las\s+)?|del\s+)?"
_LINK = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|@\w+", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d(?:[\s().-]?\d)+|\d")
_KINDS_OF_PLACE = (
    "calle", "avenida", "av", "colonia", "col", "barrio", "ejido", "rancho", "rancher[ií]a", "paraje",
    "comunidad", "poblado", "pueblo", "fraccionamiento", "privada", "callej[oó]n", "carretera", "manzana",
    "lote", "cerrada", "unidad habitacional", "albergue", "refugio", "iglesia", "parroquia", "templo",
    "escuela", "primaria", "secundaria", "hospital", "cl[ií]nica", "cancha", "mercado",
)  # fmt: skip
_ROAD = re.compile(
    rf"\b(?:{'|'.join(_KINDS_OF_PLACE)})\.?\s+(?!(?:y|o|que|para|porque|donde|muy|está|nos|me|se|más|no)\b)"
    rf"(?:(?:de|del|la|las|los|el|san|santa|santo)\s+)*{_WORD}(?:\s+{_OF}(?-i:{_CAPITALISED}))*",
    re.IGNORECASE,
)
_CALLED = (
    "me llamo", "mi nombre es", "se llama", "se llamaba", "apodad[oa]", "alias", "el tal", "la tal", "don",
    "doña", "se[ñn]or", "se[ñn]ora", "lic", "licenciad[oa]", "ing", "ingenier[oa]", "doctor", "doctora",
    "dra?", "comandante", "oficial", "presidente", "regidora?", "maestr[oa]", "padre", "soy",
)  # fmt: skip
_NAMED = re.compile(rf"\b(?i:({'|'.join(_CALLED)}))\.?\s+{_CAPITALISED}(?:\s+{_OF}{_CAPITALISED})*")
_NAMED_SMALL = re.compile(
    rf"\b(me llamo|mi nombre es|se llama|se llamaba|apodad[oa]|alias|don|doña)\s+{_WORD}(?:\s+{_WORD})?",
    re.IGNORECASE,
)
_GROUP_NAMES = (
    r"c\.?j\.?n\.?g\.?", "jalisco nueva generaci[oó]n", r"c[aá]rtel(?:es)?(?:\s+(?:de|del))?(?:\s+\w+){0,2}",
    "los zetas", "zetas", "la familia michoacana", "los chapitos", "chapiza", "mayiza", "los ardillos",
    "los tlacos", "los rojos", "templarios", "la l[ií]nea", "los salazar", "guerreros unidos",
)  # fmt: skip
_GROUPS = re.compile(rf"\b(?:{'|'.join(_GROUP_NAMES)})", re.IGNORECASE)
_CAPITAL = re.compile(
    rf"(?<![.!?¡¿:«\"]\s)(?<![.!?¡¿«\"\[])(?<!^)\b{_CAPITALISED}(?:\s+{_OF}{_CAPITALISED})*"
)
_BETWEEN = re.compile(r"\s+(?:de(?:\s+(?:la|los|las))?|del)\s+")
_AT_THE_START = re.compile(rf"(?:^|(?<=[.!?]\s)){_CAPITALISED}(?:\s+{_OF}{_CAPITALISED})+")
_INSTITUTIONS = frozenset({
    "dif", "imss", "issste", "inm", "ine", "curp", "ceav", "cndh", "cedh", "dios", "estado", "gobierno",
    "proteccion", "civil", "registro", "fiscalia", "faro", "semar", "sedena", "guardia", "nacional", "oim",
    "acnur", "mexico",
})  # fmt: skip


def scrubbed(text: str, gazetteer: Gazetteer) -> str:
    """The text without them, on one line.

    No list of names is whole and a rare one may stay: a person reads it before it is counted or quoted.
    """
    text = " ".join(text.split())
    for pattern, mark in ((_LINK, LINK), (_GROUPS, GROUP), (_ROAD, PLACE), (_NUMBER, NUMBER)):
        text = pattern.sub(mark, text)
    text = _NAMED.sub(lambda m: f"{m.group(1)} {NAME}", text)
    text = _NAMED_SMALL.sub(lambda m: f"{m.group(1)} {NAME}", text)
    for pattern in (_AT_THE_START, _CAPITAL):
        text = pattern.sub(lambda m: _unless_known(m.group(), gazetteer), text)
    text = person_names.taken_out(text, NAME, is_place=lambda words: _is_named(words, gazetteer))
    return fine_places.taken_out(text, PLACE, is_known=lambda words: _is_known(words, gazetteer))


def _unless_known(words: str, gazetteer: Gazetteer) -> str:
    """States and municipalities may stay, and institutions, also one after the other; any other name goes."""
    if _is_known(words, gazetteer) or all(_is_known(part, gazetteer) for part in _BETWEEN.split(words)):
        return words
    return NAME


def _is_named(words: str, gazetteer: Gazetteer) -> bool:
    """Whether these are the whole name of a state or municipality; behind a saint also a part of it."""
    if fold(words).startswith(("san ", "santa ", "santo ")):
        return _is_known(words, gazetteer)
    found = gazetteer.resolve(words).candidates
    return any(fold(words) in (fold(place.municipality or ""), fold(place.state)) for place in found)


def _is_known(words: str, gazetteer: Gazetteer) -> bool:
    if all(fold(word) in _INSTITUTIONS for word in words.split()):
        return True
    found = gazetteer.resolve(words).candidates
    named = {fold(name) for place in found for name in (place.municipality, place.state) if name}
    return any(fold(words) in name for name in named)
