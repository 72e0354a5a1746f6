"""What every report says: dates, names, headings that several tables share, what goes wrong."""

from collections.abc import Mapping

STATES: Mapping[str, str] = {
    "Coahuila de Zaragoza": "Coahuila",
    "México": "Estado de México",
    "Michoacán de Ocampo": "Michoacán",
    "Veracruz de Ignacio de la Llave": "Veracruz",
}
"""Names that people shorten."""
YES, NO, UNKNOWN = "sí", "no", "no se sabe"
MADE_ON = "Hecho el {date}."
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
DATE = "{day} de {month} de {year}"
MONTH = "{month} de {year}"
INEGI = "Fuente de población, coordenadas y mapas: INEGI, Censo 2020 y Marco Geoestadístico."
NO_FIGURE = "sin dato"
METHOD_TITLE = "Método y límites"
PERIOD = "{first} a {last}"
COL_STATE, COL_MUNICIPALITY, COL_KEY, COL_NEED = "Estado", "Municipio", "Clave", "Necesidad"
COL_PEOPLE, COL_WOMEN = "Población", "Mujeres"
UNKNOWN_STATE = "No conozco el estado «{text}». Escríbalo completo, por ejemplo «Chiapas» o «Sinaloa»."
NOT_A_STATE = "«{text}» es un municipio de {state}. Escriba un estado."
FOLDER = "No pude escribir en la carpeta «{name}». Revise que exista y que tenga permiso."
COL_COUNT = "Registros"
