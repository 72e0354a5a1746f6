"""Finds what could tell where a refuge is (LGAMVLV art. 55). Names the rule that was hit, never the words."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote


class Rule(StrEnum):
    """What kind of place was found; the value is what a caseworker reads."""

    STREET = "calle o domicilio"
    NUMBER = "número exterior"
    COLONIA = "colonia o barrio"
    POSTAL_CODE = "código postal"
    COORDINATES = "coordenadas"
    MAP_LINK = "enlace de mapa"
    MUNICIPALITY = "nombre de municipio"


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """Names of municipalities prepared for the screen; made once by `prepare`."""

    anywhere: re.Pattern[str]
    after_a_preposition: re.Pattern[str]


# Municipalities whose name is an everyday word: they count as a place only after «en», «municipio de» …
_EVERYDAY = re.compile(
    r"altar|angostura|ascension|asientos|bahia|barrio|boca|camaron|cañadas|cañitas|cardonal|"
    r"carmen|casas|castaños|castillo|catorce|cedral|centro|cerro|china|ciudad|compostela|"
    r"concepcion|concordia|constancia|cuna|delicias|encarnacion|esperanza|espinal|frontera|"
    r"fronteras|granados|heroica|heroico|higueras|honey|independencia|isla|jala|libres|llera|"
    r"madera|magdalena|mama|mani|marques|martir|mineral|monjas|naranjal|natividad|nombre|"
    r"noria|oriental|pabellon|palmar|paraiso|paso|pinal|pinos|playa|playas|progreso|puente|"
    r"purisima|reforma|rincon|rodeo|rosario|sabinas|sacramento|salto|santiago|sitio|soledad|"
    r"suma|tala|tequila|trincheras|union|valle|vega|venado|victoria|villa"
)
_STATES = re.compile(
    r"aguascalientes|baja california|baja california sur|campeche|coahuila|coahuila de zaragoza|"
    r"colima|chiapas|chihuahua|ciudad de mexico|durango|guanajuato|guerrero|hidalgo|jalisco|"
    r"mexico|estado de mexico|michoacan|michoacan de ocampo|morelos|nayarit|nuevo leon|oaxaca|"
    r"puebla|queretaro|quintana roo|san luis potosi|sinaloa|sonora|tabasco|tamaulipas|tlaxcala|"
    r"veracruz|veracruz de ignacio de la llave|yucatan|zacatecas"
)
_SHORT_FORM = re.compile(r"^(.{5,}?) (?:de|del) .+$")
_PREPOSITION = (
    r"\b(?:en|municipio de|municipio|ciudad de|cabecera de|alcaldia|ciudad|desde|rumbo a|cerca de)\s+"
)

_PATTERNS: tuple[tuple[Rule, re.Pattern[str]], ...] = (
    (
        Rule.MAP_LINK,
        re.compile(
            r"goo\.gl/maps|maps\.(app|google)|google\.[a-z.]+/maps|waze\.com|openstreetmap|plus\.codes|"
            r"\bgeo:|maps\.apple|what3words|\b[23456789cfghjmpqrvwx]{4,8}\+[23456789cfghjmpqrvwx]{2,3}\b"
        ),
    ),
    (
        Rule.COORDINATES,
        re.compile(
            r"-?\d{1,3}\.\d{2,}\s*[,;/ ]\s*-?\d{1,3}\.\d{2,}|\d{1,3}\s*°|\blat(itud)?\b|\blon(gitud|g)?\b"
        ),
    ),
    (Rule.POSTAL_CODE, re.compile(r"\bc\.?\s?p\.?\s?:?\s*\d{4,5}\b|\bcodigo postal\b")),
    (
        Rule.COLONIA,
        re.compile(
            r"\b(col|fracc|frac|bo)\.\s*\w|\b(colonia|fraccionamiento|barrio|ejido|rancheria|poblado)\b"
        ),
    ),
    (
        Rule.STREET,
        re.compile(
            r"\b(calle|avenida|av|ave|blvd|boulevard|bulevar|calzada|calz|carretera|privada|priv|callejon|"
            r"prolongacion|andador|periferico|libramiento|esquina|esq|ubicad[oa] (en|junto|frente|atras))\b"
            r"\.?|\bkm\.?\s*\d|\bkilometro\s+\d|\bdomicilio\s*:|\ba un costado\b|\ba espaldas\b"
        ),
    ),
    (
        Rule.NUMBER,
        re.compile(
            r"\b(num|no|nro)\.\s*\d|#\s*\d|\bnumero\s+\d{1,4}\b|\bs/n\b|\b(int|mz|lt|lote|manzana)\.?\s*\d"
        ),
    ),
)

# A women's refuge by its many names. «Refugio temporal» is a storm or displacement shelter, open to all.
_REFUGE = re.compile(
    r"\brefugios?\b(?! temporal)|\bcasas? (violeta|de emergencia|de transito|de transicion|de paso|segura|"
    r"de seguridad|de medio camino)\b|\bresguardo\b|\bestancia (temporal|segura)\b|"
    r"\balbergues? (de|para) mujeres\b"
)
_CALLED = re.compile(rf"(?:(?:el|la|los|las) )?(?:{_REFUGE.pattern})")


def prepare(names: Iterable[str]) -> PlaceNames:
    """The patterns for these municipality and seat names, with their short forms («Tlapa»)."""
    plain = {_plain(name) for name in names}
    forms = plain | {match[1] for name in plain if (match := _SHORT_FORM.match(name))}
    forms -= {form for form in forms if _STATES.fullmatch(form)}
    everyday = {form for form in forms if _EVERYDAY.fullmatch(form)}
    return PlaceNames(
        anywhere=_any_of(forms - everyday),
        after_a_preposition=re.compile(_PREPOSITION + _any_of(everyday).pattern),
    )


def places_in(text: str, names: PlaceNames) -> tuple[Rule, ...]:
    """The rules that the text hits, in the order of `Rule`; empty when it tells no place."""
    plain = _plain(text)
    hits = {rule for rule, pattern in _PATTERNS if pattern.search(plain)}
    if names.anywhere.search(plain) or names.after_a_preposition.search(plain):
        hits.add(Rule.MUNICIPALITY)
    return tuple(rule for rule in Rule if rule in hits)


def speaks_of_a_refuge(text: str) -> bool:
    return bool(_REFUGE.search(_plain(text)))


def is_called_a_refuge(name: str) -> bool:
    """Whether a name is that of a refuge itself, not of an office or line that leads to one."""
    return bool(_CALLED.match(_plain(name)))


def _any_of(forms: set[str]) -> re.Pattern[str]:
    return re.compile(rf"\b{_branches(forms)}\b" if forms else r"(?!)")


def _branches(forms: set[str]) -> str:
    """The forms as branches of their letters: thousands in a row would be tried one by one at every word."""
    by_letter: dict[str, set[str]] = defaultdict(set)
    for form in forms:
        if form:
            by_letter[form[0]].add(form[1:])
    parts = [re.escape(letter) + _branches(rest) for letter, rest in sorted(by_letter.items())]
    if not parts:
        return ""
    return f"(?:{'|'.join(parts)})" + ("?" if "" in forms else "")


def _plain(text: str) -> str:
    """Lower case without accents (ñ kept) or unseen letters; hyphens of links open into spaces."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", unquote(text)) if unicodedata.category(c) != "Cf")
    lowered = seen.lower().replace("ñ", "\0")
    bare = "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
    return re.sub(r"[\s_]+|(?<=[a-z])-(?=[a-z])", " ", bare.replace("\0", "ñ")).strip()
