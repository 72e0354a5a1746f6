"""What changes somebody's route besides who they are: lost papers, a disaster, being alone. Pure."""

import re
from functools import cache

from bot.phrases import Phrase, hear, phrase
from services.routes import Situation

_PAPERS = (
    "papel|papeles|papelitos|papeleria|documento|documentos|identificacion|identificaciones|acta|actas|curp|ine|"
    "credencial|credenciales"
)
_NO_PAPERS = (
    f"sin {_PAPERS}",
    f"no tengo|tenemos|traigo|traemos|cargo|hay|saque|sacamos|quedo|quedaron {_PAPERS}",
    f"no tengo|tenemos|traigo|traemos|cargo|saque|sacamos ningun|ninguna|ni {_PAPERS}",
    f"no alcance|alcanzamos|pude|pudimos ... {_PAPERS}",
    f"no tengo|tenemos|traigo|traemos nada de {_PAPERS}",
    f"perdi|perdimos|perdio|perdieron|extravie|extraviamos|deje|dejamos ... {_PAPERS}",
    f"robaron|quitaron|quemaron|quemo|mojaron|mojo|quedaron|olvidaron ... {_PAPERS}",
    f"{_PAPERS} ... perdi|perdimos|perdieron|perdidos|perdida|alla|llevo",
    f"{_PAPERS} ... robaron|quitaron|quemaron|quemo|mojaron|mojo",
)
_DISASTER = (
    "inund*",
    "huracan*",
    "ciclon*",
    "tormenta tropical",
    "terremoto*",
    "temblor*",
    "sismo*",
    "tsunami",
    "maremoto",
    "tornado",
    "deslave*",
    "derrumb*",
    "alud",
    "erupcion",
    "volcan",
    "damnificad*",
    "incendio forestal",
    "incendios forestales",
    "se quemo|incendio el monte|cerro|bosque",
    "creciente|crecida del rio|arroyo",
    "llevo|llevaron|llevar el rio|agua|arroyo|lluvia|creciente|corriente|cerro",
    "crecio|desbordo|desbordaron el rio|arroyo",
    "rio|presa|arroyo ... desbordo|crecio",
    "metio|entro|subio|tapo el agua|lodo|rio",
    "por las|tantas|fuertes lluvias",
    "cayo|vino el cerro",
)
_ALONE = (
    "estoy|ando|vengo|vine|viajo|voy|quede|vivo|duermo|sali|llegue|camino|cruce ... solo|sola|solito|solita",
    "estamos|andamos|venimos|vinimos|quedamos ... solos|solas|solitos|solitas",
    "sin mi familia|mama|papa",
    "sin mis papas|padres",
    "sin nadie que me cuide",
    "no tengo papas|padres|familia|mama",
    "no tengo a nadie",
    "no se donde estan|quedaron mis papas|padres|familia|papa|mama",
    "mis papas|padres me|nos dejaron|corrieron|abandonaron|sacaron",
    "mi papa|mama|padrastro|madrastra|tio|tia|abuela|abuelo me|nos dejo|corrio|abandono|saco|echo",
    "me|nos corrieron|echaron|sacaron de la|mi casa",
    "me escape|fugue|perdi",
    "me sali de mi|la casa",
    "mis hermanitos y yo",
    "yo y mis hermanitos",
)
_NO = re.compile(r"(?<!\S)(?:no|tampoko|ni)(?: (?:fue|fueron|era|por|es|un|una|el|estoi|ando|boi|me)){0,3}$")


def situations(text: str) -> tuple[Situation, ...]:
    """What the text says that changes a route: papers that are lost, a disaster."""
    heard = hear(text)
    found = {Situation.NO_PAPERS: _NO_PAPERS, Situation.DISASTER: _DISASTER}
    return tuple(situation for situation, written in found.items() if _says(heard, written))


def is_alone(text: str) -> bool:
    """Whether the writer says to be without family: of a child, it changes who must help."""
    return _says(hear(text), _ALONE)


def _says(heard: str, written: tuple[str, ...]) -> bool:
    return any(
        not _NO.search(heard[:start].rstrip(" ")) for one in _read(written) for start, _ in one.spans(heard)
    )


@cache
def _read(written: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(phrase(one) for one in written)
