"""Training copies of a phrase as other hands would type it: no accents, chat spelling, slips, haste.

A copy keeps the labels of its phrase. Everything is drawn from a seeded generator: training repeats.
"""

import random
import re

Labelled = tuple[str, frozenset[str]]

_KEYS = {
    "q": "wa", "w": "qe", "e": "wr", "r": "et", "t": "ry", "y": "tu", "u": "yi", "i": "uo", "o": "ip",
    "p": "o",
    "a": "s", "s": "ad", "d": "sf", "f": "dg", "g": "fh", "h": "gj", "j": "hk", "k": "jl", "l": "kñ",
    "ñ": "l",
    "z": "x", "x": "zc", "c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "n",
}  # fmt: skip
_SAID = (
    (r"\bque\b", ("q", "k", "ke")), (r"\bporque\b", ("xq", "pq", "porq", "xk")), (r"\bpor\b", ("x",)),
    (r"\bpara\b", ("pa", "para")), (r"\btambien\b", ("tmb", "tb")), (r"\bestoy\b", ("toy",)), (r"\besta\b",
    ("ta",)),
    (r"\bdonde\b", ("onde", "dnd")), (r"\bpues\b", ("pos", "ps")), (r"\bqui", ("ki",)), (r"\bque", ("ke",)),
    (r"qui", ("ki",)), (r"que", ("ke",)), (r"\bh", ("",)), (r"ll", ("y",)), (r"\by(?=[aeou])", ("ll",)),
    (r"z", ("s",)), (r"c(?=[ei])", ("s",)), (r"s(?=[ei])", ("c", "s")), (r"v", ("b",)), (r"b", ("v", "b")),
    (r"g(?=[ei])", ("j",)), (r"ado\b", ("ao",)), (r"\bc(?=[aou])", ("k",)), (r"mb", ("nb",)), (r"x", ("cs",
    "x")),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), to) for pattern, to in _SAID)
_BEFORE = (
    "hola", "hola buenas tardes", "buenas", "buenos dias", "buen dia", "oiga", "disculpe",
    "disculpe la molestia",
    "perdon", "una pregunta", "mire", "fijese que", "por favor", "ayuda", "señorita", "oye", "bueno pues",
    "ps mire",
)  # fmt: skip
_AFTER = (
    "gracias", "por favor", "ayudenme por favor", "muchas gracias", "que hago", "me pueden ayudar", "porfa",
    "dios los bendiga", "le agradezco", "ojala me puedan ayudar", "espero su respuesta",
    "es urgente por favor",
)  # fmt: skip
_BARE = str.maketrans("áéíóúüÁÉÍÓÚÜ", "aeiouuAEIOUU")
_ALONE = frozenset(
    {"greeting", "thanks", "goodbye", "affirm", "deny", "menu", "stop", "safe_exit", "delete_data"}
)
"""Labels of phrases so short that words around them would change what they are."""
_NOT_BESIDE = _ALONE | {"out_of_scope", "opinion", "talk_to_person", "report_wrong_info"}
_JOINED = 0.2
"""Joined pairs for each phrase that may be joined."""
_LINKS = (" y ", ". ", ", ", " y tambien ", " ", " y ademas ", "\n", " pero ")


def with_copies(phrases: list[Labelled], *, copies: float, seed: int) -> list[Labelled]:
    """Every phrase once as it was written, `copies` times (0.5: every second one) as somebody else would
    type it, and some joined in pairs."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is a secret
    made = [
        (copy, labels)
        for text, labels in phrases
        for copy in _copies(text, labels, _number(copies, chance), chance)
    ]
    return [*phrases, *made, *_joined(phrases, chance)]


def _joined(phrases: list[Labelled], chance: random.Random) -> list[Labelled]:
    """Two things said in one breath, as people do: the message holds the labels of both."""
    whole = [one for one in phrases if not one[1] & _NOT_BESIDE]
    count = int(len(whole) * _JOINED)
    pairs = zip(chance.choices(whole, k=count), chance.choices(whole, k=count)) if whole else []
    return [
        (one + chance.choice(_LINKS) + other, labels | more)
        for (one, labels), (other, more) in pairs
        if not (labels & more)
    ]


def _number(copies: float, chance: random.Random) -> int:
    whole = int(copies)
    return whole + (chance.random() < copies - whole)


def _copies(text: str, labels: frozenset[str], copies: int, chance: random.Random) -> list[str]:
    made = []
    for _ in range(copies):
        copy = text.translate(_BARE) if chance.random() < 0.8 else text
        copy = _chat(copy, chance) if chance.random() < 0.6 else copy
        copy = _slips(copy, chance) if chance.random() < 0.4 else copy
        copy = _around(copy, chance) if chance.random() < 0.35 and not labels & _ALONE else copy
        made.append(copy.upper() if chance.random() < 0.08 else copy.lower())
    return made


def _chat(text: str, chance: random.Random) -> str:
    for pattern, to in _PATTERNS:
        if chance.random() < 0.35:
            text = pattern.sub(chance.choice(to), text)
    return text


def _slips(text: str, chance: random.Random) -> str:
    for _ in range(1 + len(text) // 60):
        if len(text) > 5:
            text = _slip(text, chance.randrange(1, len(text) - 1), chance.randrange(5), chance)
    return text


def _slip(text: str, at: int, kind: int, chance: random.Random) -> str:
    letter = text[at].lower()
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 3 and " " in text:
        blank = chance.choice([i for i, char in enumerate(text) if char == " "])
        return text[:blank] + text[blank + 1 :]
    return text[:at] + chance.choice(_KEYS.get(letter, letter)) + text[at + 1 :]


def _around(text: str, chance: random.Random) -> str:
    before = chance.choice(_BEFORE) + " " if chance.random() < 0.6 else ""
    after = " " + chance.choice(_AFTER) if chance.random() < 0.5 else ""
    return before + text + after
