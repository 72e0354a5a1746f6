"""The Spanish words of closed lists, as a caseworker reads and writes them in a sheet."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from data.needs import Need, Who
from data.records import Confidence, Exposure, Kind, Method, Result, Status
from services.exchange.cells import plain
from services.exchange.problems import UnreadableCell

Listed = TypeVar("Listed", bound=StrEnum)

NEEDS: Mapping[str, str] = {
    Need.EMERGENCY: "Emergencia",
    Need.SHELTER: "Albergue",
    Need.FOOD: "Comida y agua",
    Need.CASH: "Dinero",
    Need.HEALTH: "Salud",
    Need.MENTAL_HEALTH: "Apoyo emocional",
    Need.LEGAL: "Abogado o denuncia",
    Need.VICTIM_REGISTRY: "Registro de víctimas",
    Need.DOCUMENTS: "Papeles",
    Need.GBV: "Violencia contra mujeres",
    Need.CHILDREN: "Niñas y niños",
    Need.EDUCATION: "Escuela",
    Need.WORK: "Trabajo",
    Need.HOUSING: "Casa y tierra",
    Need.MISSING: "Persona desaparecida",
    Need.TRANSPORT: "Traslado o regreso",
    Need.HUMAN_RIGHTS: "Queja contra autoridad",
    Need.AID_ABUSE: "Abuso con la ayuda",
    Need.KNOW_RIGHTS: "Conocer mis derechos",
}
WHO: Mapping[str, str] = {
    Who.WOMEN: "Mujeres",
    Who.WOMAN_WITH_CHILDREN: "Mujer con hijos",
    Who.MAN: "Hombre",
    Who.FAMILY_WITH_MAN: "Familia con hombre",
    Who.CHILDREN: "Niñez",
    Who.OLDER: "Personas mayores",
    Who.DISABILITY: "Discapacidad",
    Who.LGBTI: "LGBTI",
    Who.INDIGENOUS: "Indígenas",
}
KINDS: Mapping[str, str] = {
    Kind.LINE: "Línea telefónica",
    Kind.OFFICE: "Oficina",
    Kind.ONLINE: "En línea",
    Kind.REFUGE: "Refugio",
}
CONFIDENCES: Mapping[str, str] = {each: each.value for each in Confidence}
EXPOSURES: Mapping[str, str] = {
    Exposure.PUBLIC: "Público",
    Exposure.WOMEN: "Solo mujeres",
    Exposure.STAFF: "Solo personal",
    Exposure.NEVER: "Nadie",
}
STATUSES: Mapping[str, str] = {
    Status.ACTIVE: "Funciona",
    Status.INACTIVE: "Inactivo",
    Status.DEFUNCT: "Cerró para siempre",
    Status.TEMPORARILY_CLOSED: "Cerrado por ahora",
}
METHODS: Mapping[str, str] = {
    Method.CALL: "Llamada",
    Method.VISIT: "Visita",
    Method.MESSAGE: "Mensaje",
    Method.WEB: "Página de internet",
}
RESULTS: Mapping[str, str] = {
    Result.CONFIRMED: "Confirmado",
    Result.CORRECTED: "Corregido",
    Result.NO_ANSWER: "No contestan",
    Result.CLOSED: "Cerrado",
}
YES_NO = ("sí", "no")


def code(cell: str, kind: type[Listed], words: Mapping[str, str]) -> Listed:
    """The member that a cell names, by its code or its word."""
    found = _codes(kind, tuple(words.items())).get(plain(cell))
    if found is not None:
        return kind(found)
    known = ", ".join(words[member] for member in kind)
    raise UnreadableCell(f"no está en la lista; escriba uno de estos: {known}")


@lru_cache(maxsize=32)
def _codes(kind: type[StrEnum], words: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Every way to name a member, in plain letters → its code."""
    named = {plain(word): str(code) for code, word in words}
    return named | {plain(member.value): member.value for member in kind}
