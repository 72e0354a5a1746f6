"""What a locked screen may show: the first characters of a message say nothing that exposes. Pure."""

SHOWN = 60
"""Characters of a message that a locked screen shows (product rule: these are neutral)."""

SENSITIVE = (
    "violen", "refugi", "mujer", "denunci", "delito", "víctima", "abus", "agres", "golpe", "maltrat",
    "crimen", "amenaz", "secuestr", "desaparec", "suicid", "trata de",
)  # fmt: skip
"""Beginnings of words of violence, refuge, women's services, complaint and crime."""


def exposing(text: str) -> str:
    """The first word that a locked screen shows and that exposes the person; empty when none does."""
    shown = text[:SHOWN].casefold()
    found = [(shown.index(word), word) for word in SENSITIVE if word in shown]
    if not found:
        return ""
    start = min(found)[0]
    return shown[start:].split()[0].strip(".,;:!?¡¿«»()\"'")


def is_neutral(text: str) -> bool:
    """Whether no part of it exposes: for what may be shown, saved or sent on by itself."""
    return not any(word in text.casefold() for word in SENSITIVE)
