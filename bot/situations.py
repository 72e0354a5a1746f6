"""What changes somebody's route besides who they are: lost papers, a disaster, a child to come. Pure."""

import re
from functools import cache

from bot.phrases import Phrase, hear, phrase, tone
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
_PREGNANT = (
    "embarazad*",
    "estoy|esta|estamos|va|sigo|anda|vengo de encargo",
    "mi|su|del|este|con|por|tiene|tengo|meses|semanas ... embarazo",
    "preñada",
    "espero|espera|esperando|esperamos|esperaba un|una|otro|otra bebe|hijo|niño|niña",
    "voy|va|vamos a tener|parir|aliviar* un|una|otro|otra|mi|su bebe|hijo|niño|niña",
    "me|se voy|va a aliviar|componer",
    "me alivio en|el|este|proximo|pronto",
    "a punto|dias|semanas de parir|dar a luz|aliviarme|aliviarse",
)
_NO_LONGER = ("perdi|perdio|interrumpir ... embarazo|bebe", "estuve|estaba|fui embarazada")
_OTHER_STATE = (
    "vengo|venimos|vine|vinimos|viene|vienen|soy|somos|es|son|llegue|llegamos|llego|llegaron|salimos|sali "
    "de otro|otra estado|entidad",
    "desde otro estado",
    "no soy|somos de este estado",
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

_SONS = "hijo varón muchacho chamaco plebe morro huerco niño adolescente"
_TEENS = {
    "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciséis": 16, "dieciseis": 16,
    "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20,
}  # fmt: skip
_GROWN = 25
"""A son older than this is no child who comes along to a door for women."""


def situations(text: str) -> tuple[Situation, ...]:
    """What the text says that changes a route or a door: papers, a disaster, a pregnancy, another state."""
    heard = hear(text)
    found = {
        Situation.NO_PAPERS: _says(heard, _NO_PAPERS),
        Situation.DISASTER: _says(heard, _DISASTER),
        Situation.PREGNANT: _says(heard, _PREGNANT) and not _says(heard, _NO_LONGER),
        Situation.OTHER_STATE: any(one.is_in(heard) for one in _read(_OTHER_STATE)),
    }
    return tuple(situation for situation, holds in found.items() if holds)


def age_of_a_son(text: str) -> int:
    """The age in years of the oldest son whom the text names with his age, 0 when there is none."""
    ages = (_years(found.group(1)) for found in _son().finditer(hear(text)))
    return max((age for age in ages if age <= _GROWN), default=0)


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


def _years(said: str) -> int:
    return int(said) if said.isdecimal() else _spoken_ages().get(said, 0)


@cache
def _son() -> re.Pattern[str]:
    """«Mi hijo Juan de 12 años», «mi hijo tiene 15»."""
    named = "|".join(tone(word) for word in _SONS.split())
    return re.compile(
        rf"(?<!\S)(?:{named})(?: \w+){{0,2}}? (?:de|tiene|kumplio|kon)(?: komo| kasi| apenas| ya| unos)? "
        r"(\d{1,2}|[a-z]+)(?= anos|$|\n| ,| i)"
    )


@cache
def _spoken_ages() -> dict[str, int]:
    return {tone(word): age for word, age in _TEENS.items()}
