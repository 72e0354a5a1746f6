"""Spanish as it is typed: words with their place in the text, their plain form and their sound.

Everything here is pure. No step changes an offset: `start` and `end` always point into the text as it came.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

READ_AT_MOST = 4096
"""Characters of a message that are read. Of a longer one: its beginning and its last `TAIL` characters."""
TAIL = 1024

_INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_WORD = re.compile(rf"\d+(?=[^\W\d_]{{3}})|[^\W_](?:[\w\u0300-\u036f{_INVISIBLE}]|['’](?=\w))*")
_INVISIBLE_ONE = re.compile(f"[{_INVISIBLE}]")
_STOP = re.compile(r"[.;!?¡¿…\n]")
_COMMA = re.compile(r"[,:()\-–—]")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_LAUGH = re.compile(r"^(?:[jh]+[aeiou]+){2,}[jh]*$|^x+d+$|^l+o+l+$")
_DIGIT_LETTERS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"})

# Chat spelling and clipped speech, by the word without accents. A value may hold several words.
_SHORT = {
    "q": "que",
    "k": "que",
    "ke": "que",
    "qe": "que",
    "qu": "que",
    "x": "por",
    "xq": "porque",
    "pq": "porque",
    "porq": "porque",
    "xk": "porque",
    "pk": "porque",
    "pork": "porque",
    "xke": "porque",
    "d": "de",
    "dl": "del",
    "t": "te",
    "m": "me",
    "n": "en",
    "l": "el",
    "tmb": "tambien",
    "tb": "tambien",
    "tbn": "tambien",
    "tmbn": "tambien",
    "tambn": "tambien",
    "tamb": "tambien",
    "ps": "pues",
    "pos": "pues",
    "pz": "pues",
    "pa": "para",
    "pal": "para el",
    "paq": "para que",
    "pq2": "porque",
    "p": "para",
    "xfa": "por favor",
    "xfavor": "por favor",
    "porfa": "por favor",
    "porfis": "por favor",
    "pf": "por favor",
    "plis": "por favor",
    "pls": "por favor",
    "porfavor": "por favor",
    "bn": "bien",
    "tons": "entonces",
    "entons": "entonces",
    "toy": "estoy",
    "ta": "esta",
    "tamos": "estamos",
    "tan": "estan",
    "taba": "estaba",
    "onde": "donde",
    "ond": "donde",
    "dnd": "donde",
    "dond": "donde",
    "aki": "aqui",
    "aka": "aca",
    "haki": "aqui",
    "msj": "mensaje",
    "msg": "mensaje",
    "mnsj": "mensaje",
    "tel": "telefono",
    "cel": "celular",
    "num": "numero",
    "nmas": "nomas",
    "namas": "nomas",
    "nomaz": "nomas",
    "mijo": "mi hijo",
    "mija": "mi hija",
    "mijos": "mis hijos",
    "mijas": "mis hijas",
    "sta": "esta",
    "stoy": "estoy",
    "stamos": "estamos",
    "hno": "hermano",
    "hna": "hermana",
    "hrmno": "hermano",
    "sñr": "señor",
    "sr": "señor",
    "sra": "señora",
    "srita": "señorita",
    "dr": "doctor",
    "dra": "doctora",
    "lic": "licenciado",
    "grax": "gracias",
    "grcs": "gracias",
    "grasias": "gracias",
    "grs": "gracias",
    "vdd": "verdad",
    "alguin": "alguien",
    "algn": "algun",
    "nd": "nada",
    "tngo": "tengo",
    "tnemos": "tenemos",
    "kiero": "quiero",
    "qiero": "quiero",
    "kro": "quiero",
    "ncsito": "necesito",
    "nesito": "necesito",
    "nececito": "necesito",
    "ncesito": "necesito",
    "ayer": "ayer",
    "wey": "guey",
    "we": "guey",
    "salu2": "saludos",
    "to2": "todos",
    "mux": "mucho",
    "muxo": "mucho",
    "muxa": "mucha",
    "muxos": "muchos",
    "cn": "con",
    "sn": "son",
    "ls": "los",
    "ntp": "no te preocupes",
    "tqm": "te quiero mucho",
    "oie": "oye",
    "olle": "oye",
    "oygan": "oigan",
    "usté": "usted",
    "uste": "usted",
    "ud": "usted",
    "uds": "ustedes",
    "vrd": "verdad",
    "asi": "asi",
    "aora": "ahora",
    "ora": "ahora",
    "orita": "ahorita",
    "horita": "ahorita",
    "aorita": "ahorita",
    "haber": "haber",
    "pasame": "pasame",
    "comu": "como",
    "km": "como",
    "cmo": "como",
    "qien": "quien",
    "kien": "quien",
    "qn": "quien",
    "psicologo": "psicologo",
    "sicologo": "psicologo",
    "sicologa": "psicologa",
    "sicologica": "psicologica",
    "sikologo": "psicologo",
    "deq": "de que",
    "alaver": "a la ver",
    "na": "nada",
    "asta": "hasta",
    "hijole": "hijole",
    "esq": "es que",
    "esk": "es que",
    "esque": "es que",
    "osea": "o sea",
    "aver": "a ver",
    "talvez": "tal vez",
    "nose": "no se",
    "nosé": "no se",
    "mas": "mas",
    "noc": "no se",
    "ablar": "hablar",
}


_TONE = re.compile(r"[.…!]{2,}|[…!]|¡+")
_PICTURES = re.compile("(?![😂🤣👍👎👋])[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]")
"""All but those that are as good as a word: a laugh, yes, no and a greeting."""
_REMEMBERED = 20_000
"""Words of which what was found out is kept until `forget`: the same make up most of what people write."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands in the text: as read («necesito») and as it sounds («nesesito»).

    `start` and `end` are offsets into the text as it came. `breaks` is how strongly the text breaks
    before this word: 0 not at all, 1 a comma, 2 a full stop or a new line.
    """

    start: int
    end: int
    plain: str
    sound: str
    breaks: int = 0


def clean(text: str) -> str:
    """The text without what is no word, character by character: same length.

    Control characters become spaces, lone surrogates U+FFFD, and a «/» at the start (which Rasa would
    obey as a command that names an intent) a space. How a person sounds goes, too: «me pegó... con la
    plancha 😭» says the same without dots and tears, but whoever writes phrases puts them into jokes, and a
    model then takes fear for a joke. «!» becomes a full stop, all else a space.
    """
    safe = text if text.isprintable() else "".join(_safe(c) for c in text)
    safe = _TONE.sub(_quiet, _PICTURES.sub(" ", safe))
    slashes = len(safe) - len(safe.lstrip("/ \t\r\n\ufeff\u200b"))
    return safe[:slashes].replace("/", " ") + safe[slashes:]


def words(text: str) -> list[Word]:
    """The words of a text in order, at most those in its first and last stretches (see `READ_AT_MOST`)."""
    found: list[Word] = []
    end = 0
    for match in _matches(text):
        gap = text[end : match.start()]
        end = match.end()
        found.extend(_word(match, _break(gap) if found else 2))
    return found


def forget() -> None:
    """What was found out about words must not outlive what people are answered."""
    _read.cache_clear()


def kept(text: str) -> str:
    """What is read of a text: of one that is longer than `READ_AT_MOST` its beginning and its end."""
    return " ".join(text[start:end] for start, end in _kept_spans(text))


def plain_form(word: str) -> str:
    """Lower case, without accents (ñ kept), elongation, invisible marks and digits that stand for letters."""
    lower = unicodedata.normalize("NFKC", _INVISIBLE_ONE.sub("", word)).lower()
    bare = _without_accents(lower).replace("’", "'").replace("'", "")
    bare = _letters_for_digits(bare)
    short = _ELONGATED.sub(r"\1", bare)
    bare = short if len(short) > 1 else bare[:3]
    if _LAUGH.match(bare):
        return "jaja"
    return bare


def sound(word: str) -> str:
    """How a plain word sounds in Mexican Spanish, so that «ocupo hayuda» meets «ocupo ayuda»."""
    s = word.replace("ñ", "n")
    for pattern, to in _SOUNDS:
        s = pattern.sub(to, s)
    return s or word


_SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^ps", "s"),
        (r"sh|ch", "C"),
        (r"^h?u(?=[eai])", "w"),
        (r"gü|(?<=[aeiou])hu(?=[aei])|^gu(?=a)", "w"),
        (r"h", ""),
        (r"qu(?=[ei])|q|k", "K"),
        (r"c(?=[ei])|z", "s"),
        (r"sc(?=[ei])", "s"),
        (r"c", "K"),
        (r"gu(?=[ei])", "G"),
        (r"g(?=[ei])", "j"),
        (r"G", "g"),
        (r"ll", "y"),
        (r"v", "b"),
        (r"x(?=[^aeiou]|$)", "s"),
        (r"n(?=[bp])", "m"),
        (r"^i(?=[aeou])", "y"),
        (r"(?<=[aeiou])i(?=[aeou])", "y"),
        (r"y(?![aeiou])", "i"),
        (r"^es(?=[ptK])", "s"),
        (r"([a-qs-zKC])\1", r"\1"),
        (r"ado(s?)$", r"ao\1"),
        (r"s+", "s"),
    )
)


def _safe(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    return " " if category == "Cc" and char not in "\n\t" else char


def _quiet(match: "re.Match[str]") -> str:
    return ("." if "!" in match[0] else " ").ljust(len(match[0]))


def _matches(text: str) -> list["re.Match[str]"]:
    return [match for start, end in _kept_spans(text) for match in _WORD.finditer(text, start, end)]


def _kept_spans(text: str) -> list[tuple[int, int]]:
    if len(text) <= READ_AT_MOST:
        return [(0, len(text))]
    return [(0, READ_AT_MOST - TAIL), (len(text) - TAIL, len(text))]


def _word(match: "re.Match[str]", breaks: int) -> list[Word]:
    """Several words when a short form stands for several («pal» → «para el»), all at the same place."""
    start, end = match.span()
    return [
        Word(start, end, plain, heard, breaks if index == 0 else 0)
        for index, (plain, heard) in enumerate(_read(match.group()[:64]))
    ]


@lru_cache(maxsize=_REMEMBERED)
def _read(written: str) -> tuple[tuple[str, str], ...]:
    """A word as it is written: as it is read and as it sounds, twice or more for a short form of several."""
    plain = plain_form(written)
    return tuple((part, sound(part)) for part in _SHORT.get(plain, plain).split())


def _break(gap: str) -> int:
    if _STOP.search(gap):
        return 2
    return 1 if _COMMA.search(gap) else 0


def _without_accents(lower: str) -> str:
    if lower.isascii():
        return lower
    split = unicodedata.normalize("NFD", lower.replace("ñ", "\0").replace("n\u0303", "\0"))
    return "".join(c for c in split if not unicodedata.combining(c)).replace("\0", "ñ")


def _letters_for_digits(bare: str) -> str:
    """«ayud4» is a word; «12» and «3a» are not."""
    if (
        not bare
        or bare.isalpha()
        or bare[0].isdigit()
        or bare in _SHORT
        or sum(c.isalpha() for c in bare) < 3
    ):
        return bare
    return bare.translate(_DIGIT_LETTERS)
