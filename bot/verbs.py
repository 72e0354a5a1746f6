"""The forms of a Spanish verb as people type them, without accents, each with what it tells. Pure."""

from itertools import product

Forms = dict[str, frozenset[str]]
"""A form → its tags: `uno` or `varios` (who acts), `hoy`, `antes` or `que` (present and future, past,
subjunctive), `inf`, `ger`, `part`, `pego` (first person)."""

_CLITICS = ("me", "nos", "le", "les", "la", "las", "lo", "los", "te", "se", "melo", "mela", "sela", "selo")

_AR = {
    "a": "uno hoy",
    "an": "varios hoy",
    "o": "uno antes yo",
    "aron": "varios antes",
    "aba": "uno antes",
    "aban": "varios antes",
    "ara": "uno hoy que",
    "aran": "varios hoy que",
    "aria": "uno hoy",
    "arian": "varios hoy",
    "e": "que1 yo",
    "en": "varios hoy que",
    "ar": "uno varios hoy inf",
    "ando": "uno varios hoy ger",
}
_AR_PARTICIPLE = ("ado", "ada", "ados", "adas")
_ER = {
    "e": "uno hoy",
    "en": "varios hoy",
    "io": "uno antes",
    "ieron": "varios antes",
    "ia": "uno antes",
    "ian": "varios antes",
    "era": "uno hoy que",
    "eran": "varios hoy que",
    "iera": "uno hoy que",
    "ieran": "varios hoy que",
    "eria": "uno hoy",
    "a": "que1",
    "an": "varios hoy que",
    "er": "uno varios hoy inf",
    "iendo": "uno varios hoy ger",
}
_IR = _ER | {"ira": "uno hoy", "iran": "varios hoy", "iria": "uno hoy", "ir": "uno varios hoy inf"}
_IR_PARTICIPLE = ("ido", "ida", "idos", "idas")


def conjugate(entry: str) -> Forms:
    """The forms of `entry`: an infinitive, then the other stems of an irregular verb («herir hier hir»).

    Each stem takes all endings: some forms exist in no book, and people write those too.
    """
    infinitive, *stems = entry.split()
    ending = infinitive[-2:]
    endings = {"ar": _AR, "er": _ER, "ir": _IR}[ending]
    participles = _AR_PARTICIPLE if ending == "ar" else _IR_PARTICIPLE
    forms: Forms = {}
    for stem in (infinitive[:-2], *stems):
        forms |= {_spelled(stem, end): frozenset(tags.split()) for end, tags in endings.items()}
        forms |= {_spelled(stem, end): frozenset(("uno", "varios", "antes", "part")) for end in participles}
    return forms | _with_clitics(forms)


def _with_clitics(forms: Forms) -> Forms:
    open_forms = [(form, tags) for form, tags in forms.items() if tags & {"inf", "ger"}]
    return {
        form + clitic: tags | {"con", clitic[:2]} for (form, tags), clitic in product(open_forms, _CLITICS)
    }


def _spelled(stem: str, ending: str) -> str:
    """«ahorc» + «e» is «ahorque», «peg» + «e» «pegue»; «ca» + «io» is «cayo»."""
    if ending[0] in "ei":
        stem = _softened(stem) if ending in ("e", "en") else stem
    if stem[-1] in "aeou" and ending.startswith("i") and len(ending) > 1 and ending[1] in "oe":
        return stem + "y" + ending[1:]
    return stem + ending


def _softened(stem: str) -> str:
    for hard, soft in (("c", "qu"), ("g", "gu"), ("z", "c")):
        if stem.endswith(hard):
            return stem[:-1] + soft
    return stem
