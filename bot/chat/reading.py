"""What Faro understood of a text, in words for whoever learns how it reads. Pure."""

from collections.abc import Iterable

from bot.messages import Meaning
from data.needs import Steer
from services.exchange.words import NEEDS, WHO
from services.places import Place, PlaceAnswer

STEERS = {
    Steer.GREETING: "saluda",
    Steer.THANKS: "da las gracias",
    Steer.GOODBYE: "se despide",
    Steer.AFFIRM: "dice que sí",
    Steer.DENY: "dice que no",
    Steer.MENU: "pide el menú",
    Steer.TALK_TO_PERSON: "pide hablar con alguien",
    Steer.REPORT_WRONG_INFO: "dice que un dato está mal",
    Steer.DELETE_DATA: "pide borrar sus datos",
    Steer.SAFE_EXIT: "quiere irse",
    Steer.STOP: "pide que no le escriban",
    Steer.OPINION: "da su opinión",
    Steer.OUT_OF_SCOPE: "pide algo que Faro no atiende",
}
KINDS = {
    "attack": "ataque",
    "threat": "amenaza",
    "suicide": "riesgo de suicidio",
    "medical": "urgencia médica",
    "child": "niña o niño en riesgo",
    "missing": "persona desaparecida",
    "partner": "violencia de pareja",
    "sexual": "violencia sexual",
    "family": "violencia en la familia",
    "trafficking": "trata",
    "authority": "una autoridad",
    "third_person": "le pasa a otra persona",
}
SOURCES = {"rasa": "el modelo", "rules": "las reglas de peligro", "keywords": "las palabras clave"}


def in_words(meaning: Meaning) -> list[tuple[str, str]]:
    """A title and what was understood under it, in the order in which it matters."""
    danger = meaning.danger
    found = [
        ("Peligro ahora", _yes(danger.urgent)),
        ("Violencia contra mujeres o sexual", _yes(danger.gbv)),
        ("Señales", _joined(KINDS.get(kind, kind) for kind in sorted(danger.kinds))),
        ("Quiere irse", _yes(danger.leaving, quiet=True)),
        ("Parece otra persona", _yes(danger.other_person, quiet=True)),
        ("Necesita", _joined(f"{_need(n.need)} ({n.confidence:.0%})" for n in meaning.needs) or "nada claro"),
        ("Pensó también en", _joined(_need(n.need) for n in meaning.guesses) if not meaning.needs else ""),
        ("Para quién", _joined(WHO[code] for code in meaning.who)),
        ("Dónde", _place(meaning.place)),
        ("De dónde salió", _place(meaning.place_from)),
        ("Lo leyó con", SOURCES.get(meaning.source, meaning.source)),
    ]
    return [(title, said) for title, said in found if said]


def _need(code: str) -> str:
    return NEEDS.get(code) or STEERS.get(Steer(code) if code in set(Steer) else Steer.MENU, code)


def _place(answer: PlaceAnswer | None) -> str:
    if answer is None or not answer.candidates:
        return ""
    shown = [_name(place) for place in answer.candidates[: 4 if answer.ambiguous else 1]]
    return "pregunta cuál: " + _joined(shown) if answer.ambiguous else shown[0]


def _name(place: Place) -> str:
    return ", ".join(part for part in (place.municipality, place.state) if part)


def _yes(is_so: bool, *, quiet: bool = False) -> str:
    return "sí" if is_so else "" if quiet else "no"


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)
