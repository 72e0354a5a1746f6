"""What somebody asks of Faro itself: who reads this, and does it stay. Pure."""

from functools import cache

from bot.phrases import Phrase, hear, phrase

_MOST_WORDS = 14
_ABOUT_PRIVACY = (
    "quien|quienes ve|lee|leen|ven|recibe|escucha|mira esto|mensaje|mensajes|aqui",
    "quien|quienes ve|lee|leen|ven lo que escribo|digo|mando|pongo",
    "queda|quedan grabado|guardado|registrado|grabados|guardados",
    "guardan|guarda|graban|graba|comparten|pasan|venden ... datos|numero|mensajes|informacion",
    "es|son|eres|trabajan del|con|para gobierno|policia|ejercito|marina|migracion",
    "es|esto anonimo|anonima|confidencial|secreto|privado",
    "van|vayan|vaya|pueden|puede rastrear|rastrearme|ubicar|ubicarme|localizar|localizarme",
    "es seguro escribir|hablar|contar|decir",
)


def asks_about_privacy(text: str) -> bool:
    """«¿Quién lee esto?», «¿es del gobierno?», «¿queda grabado?», in a message that is not long."""
    if len(text.split()) > _MOST_WORDS:
        return False
    heard = hear(text)
    return any(question.is_in(heard) for question in _questions())


@cache
def _questions() -> tuple[Phrase, ...]:
    return tuple(phrase(written) for written in _ABOUT_PRIVACY)
