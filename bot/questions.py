"""What somebody asks of Faro itself, and of a service that was shown: how to get there, its contact. Pure."""

from functools import cache

from bot.phrases import PAUSE, Phrase, hear, phrase, tone

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


_WHAT_IT_IS = (
    "eres|son persona|personas|robot|bot|maquina|humano|humana|computadora|programa",
    "es robot|bot|maquina|humano|humana|computadora",
    "hablo|hablando robot|bot|maquina|computadora",
    "eres|es persona|robot|bot|maquina|humano|humana|computadora de verdad|real",
    "persona real|verdadera o robot|maquina|bot",
    "para que sirves|sirve esto|faro",
    "que haces|puedes hacer",
)


_WHERE_A_REFUGE_IS = (
    "donde esta|estan|queda|quedan|es|hay|se|encuentra ... refugio|refugios|casa|casas segura|seguras",
    "donde esta|estan|queda|quedan|es|hay|encuentra|encuentran refugio|refugios",
    "ubicacion|direccion|domicilio|mapa|coordenadas|calle ... refugio|refugios",
    "refugio|refugios ... ubicacion|direccion|domicilio|mapa|donde esta|estan|queda|quedan",
    "como llego|llegar|llegamos ... refugio",
)


_THE_WAY = (
    "mapa",
    "ubicacion",
    "direccion",
    "domicilio",
    "como llego|llegar|llegamos|llega",
    "como hago|hacemos|hacer ... llegar",
    "donde esta|estan|queda|quedan|es|encuentra|encuentran|ubica",
)
_A_CONTACT = ("contacto", "tarjeta", "tarjeta contacto")
_A_PAGE = ("pagina", "pagina web|internet", "sitio", "sitio web", "enlace", "link|liga")

_BESIDE = (
    "y el la los las lo le su sus un una me nos se por favor para puede podria quiero quisiera necesito "
    "tiene tienen ver saber en de del al a mande manda mandeme mandar mandarme pase paseme pasar pasarme "
    "deme dame dar darme gracias ahi alla hasta eso ese esa lugar oficina"
)
"""Words that may stand beside what is asked for. Any other one makes it another question: «¿dónde está mi
hijo?»"""


def asks_the_way(text: str) -> bool:
    """«¿Cómo llego?», «mapa»: the whole message, but for small and kind words."""
    return _is_all(text, _THE_WAY)


def asks_for_a_contact(text: str) -> bool:
    """«Mándeme el contacto.»"""
    return _is_all(text, _A_CONTACT)


def asks_for_a_page(text: str) -> bool:
    """«¿Tienen página de internet?»"""
    return _is_all(text, _A_PAGE)


def asks_where_a_refuge_is(text: str) -> bool:
    """«Mándame la ubicación del refugio»: what nobody is told, whoever asks."""
    heard = hear(text)
    return any(one.is_in(heard) for one in _read(_WHERE_A_REFUGE_IS))


def asks_what_faro_is(text: str) -> bool:
    """«¿Eres una persona o un robot?»"""
    heard = hear(text)
    return len(text.split()) <= _MOST_WORDS and any(one.is_in(heard) for one in _read(_WHAT_IT_IS))


def asks_about_privacy(text: str) -> bool:
    """«¿Quién lee esto?», «¿es del gobierno?», «¿queda grabado?», in a message that is not long."""
    if len(text.split()) > _MOST_WORDS:
        return False
    heard = hear(text)
    return any(question.is_in(heard) for question in _read(_ABOUT_PRIVACY))


def _is_all(text: str, written: tuple[str, ...]) -> bool:
    if len(text.split()) > _MOST_WORDS:
        return False
    heard = hear(text)
    spans = (span for one in _read(written) for span in one.spans(heard))
    return any(_beside().issuperset(f"{heard[:start]} {heard[end:]}".split()) for start, end in spans)


@cache
def _beside() -> frozenset[str]:
    return frozenset((PAUSE, *tone(_BESIDE).split()))


@cache
def _read(written: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(phrase(one) for one in written)
