"""How Spanish names are spelt on a phone: folded to plain letters, and folded further to how they sound."""

import re
import unicodedata
from functools import lru_cache

from services.once import once

MAX_TEXT = 4096

# Accents, apostrophes, and what a keyboard slips in unseen.
_UNHEARD = re.compile(r"[\u0300-\u036f\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08'`´’]")
# «D.F.», «S. L. P.»
_INITIALS = re.compile(r"\b(?:[a-z]\. ?){2,4}")
# The dot of «Gustavo A. Madero», «Dr. Mora», «Sta. María» ends no phrase.
_DOTTED = re.compile(
    r"(?<![a-z])([a-z]|ra|da|ro|er|dr|sta|sto|sn|gral|cd|fco|gpe|edo|mpio|col|pto)\.(?= ?[a-z])"
)
_TOKEN = re.compile(r"[a-z]+|[0-9]+|[.,;:!?¡¿()\n]")
# Chat spelling and written abbreviations. Only what cannot be a place by itself.
_SHORT_FORMS = {
    "sn": "san", "snn": "san", "sta": "santa", "sto": "santo", "stgo": "santiago", "cd": "ciudad",
    "cdad": "ciudad", "gpe": "guadalupe", "fco": "francisco", "mpio": "municipio", "mun": "municipio",
    "mpo": "municipio", "edo": "estado", "pto": "puerto", "fracc": "fraccionamiento",
    "av": "avenida", "gral": "general", "d": "de", "dl": "del", "x": "por", "xq": "porque", "q": "que",
    "k": "que", "qiero": "quiero",
    "toy": "estoy", "stoy": "estoy", "nuebo": "nuevo", "nva": "nueva",
    "nvo": "nuevo", "dto": "distrito",
    "dtto": "distrito", "dist": "distrito", "pobl": "poblado", "comun": "comunidad",
}  # fmt: skip
# «sakaron», «aki», «kien»: k stands for c and qu, in names as in messages, so that they still meet.
_K_BEFORE_E = re.compile(r"k(?=[ei])")
_K = re.compile(r"k(?=[aourl])")
_WITH_K = frozenset(("kinder", "kilo", "kilos", "kilometro", "kilometros", "kiosco", "okay"))
_SOUNDS = (
    (re.compile(r"x(?=[bcdfgkmnpqt])"), "s"),
    (re.compile(r"^x"), "s"),
    (re.compile(r"x"), "j"),
    (re.compile(r"gu(?=[ei])"), "G"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"(?:qu|q)(?=[ei])"), "k"),
    (re.compile(r"ch"), "C"),
    (re.compile(r"sh"), "s"),
    (re.compile(r"sc(?=[ei])"), "s"),
    (re.compile(r"c(?=[ei])"), "s"),
    (re.compile(r"[cq]"), "k"),
    (re.compile(r"z"), "s"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"[gh]u(?=[aeio])|^oa|^u(?=[aeio])"), "w"),
    (re.compile(r"h"), ""),
    (re.compile(r"v"), "b"),
    (re.compile(r"n(?=[bpm])"), "m"),
    (re.compile(r"m$"), "n"),
    (re.compile(r"y"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@once
def fold(text: str) -> str:
    """Lower case, no accents, ñ as n, only the first `MAX_TEXT` characters. Punctuation stays."""
    plain = unicodedata.normalize("NFKD", text[:MAX_TEXT]).casefold()
    return _UNHEARD.sub("", plain)


@once
def tokens(text: str) -> tuple[str, ...]:
    """Words, numbers and the punctuation that ends a phrase; abbreviations written out."""
    plain = _INITIALS.sub(lambda found: found.group().replace(".", "").replace(" ", "") + " ", fold(text))
    plain = _DOTTED.sub(r"\1 ", plain)
    return tuple(_spelt_out(token) for token in _TOKEN.findall(plain))


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a name, without punctuation."""
    return tuple(token for token in tokens(text) if token[0].isalnum())


def _spelt_out(token: str) -> str:
    if "k" in token and len(token) > 1 and token not in _WITH_K:
        token = _K.sub("c", _K_BEFORE_E.sub("qu", token))
    return _SHORT_FORMS.get(token, token)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """One folded word as it sounds in Mexico: b for v, s for c and z, no h, i for y and ll."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


def joined_sound(span: tuple[str, ...]) -> str:
    """Several words as one sound, so that «tuxtla gutierrez» and «tuxtlagutierrez» are the same."""
    return "".join(map(sound, span))
