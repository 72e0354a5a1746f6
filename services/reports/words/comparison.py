"""What a comparison of two states says."""

from collections.abc import Mapping

from services.reports.facts import Aspect, Seen
from services.reports.words.common import INEGI

ASPECTS: Mapping[str, str] = {
    Aspect.INSTRUMENT: "Ley o instrumento",
    Aspect.YEAR: "Año",
    Aspect.REGULATION: "Reglamento",
    Aspect.BODY: "Quién coordina",
    Aspect.REGISTRY: "Registro de personas desplazadas",
    Aspect.FUND: "Fondo",
    Aspect.PROGRAMME: "Programa",
    Aspect.OFFENCE: "Delito",
    Aspect.WOMEN: "Disposiciones para mujeres",
    Aspect.INTAKE: "La puerta en la práctica",
    Aspect.OFFICIAL_FIGURE: "Cifra oficial",
    Aspect.OTHER_FIGURE: "Otra cifra",
}
STATUSES: Mapping[str, str] = {
    Seen.SEEN: "visto",
    Seen.ABSENT: "una fuente dice que no hay",
    Seen.NOT_SEEN: "no visto",
}
NOT_SEEN = "no visto"
NOT_SEEN_NOTE = "no visto. {note}"
COMPARE_TITLE = "{a} y {b}: cómo protegen a las personas desplazadas"
COMPARE_SUBTITLE = "Comparación de dos estados con los datos del directorio de Faro"
COMPARE_SUMMARY_LAW = "{state}: {instrument} Coordina: {body}"
COMPARE_SUMMARY_ASPECTS = (
    "De {count} aspectos del marco legal y de coordinación, en {a} se vieron {seen_a} y en {b} {seen_b}."
    " «No visto» quiere decir que no apareció en ninguna fuente consultada, no que no exista."
)
COMPARE_SUMMARY_FAR = "Para {need}, la mitad de la población de {a} {far_a}; la de {b} {far_b}."
FAR = "vive a {km} o más de la puerta registrada más cercana"
FAR_NOT = "tiene una puerta registrada en su propio municipio"
COMPARE_SUMMARY_GAPS = (
    "Necesidades sin ningún servicio propio registrado: en {a}, {count_a} de {all};"
    " en {b}, {count_b} de {all}."
)
LAW_TITLE = "El marco: ley, coordinación, registro, fondo y delito"
LAW_TABLE = "Marco legal y de coordinación"
LAW_NOTE = (
    "«No visto»: no apareció en ninguna fuente consultada. «Una fuente dice que no hay»: una fuente lo"
    " afirma. Nadie ha llamado por teléfono para confirmarlo."
)
SOURCES_TABLE = "De dónde sale cada dato del marco"
ROUTE_TITLE = "La ruta, paso por paso: en qué se distinguen"
ROUTE_TEXT = (
    "La ruta de protección tiene {steps} pasos con el mismo número en todo el país. En {same} no se vio"
    " diferencia entre los dos estados. Abajo están los {different} en que sí."
)
ROUTE_NONE = "No se vio ninguna diferencia entre los dos estados en los {steps} pasos de la ruta."
ROUTE_TABLE = "Pasos que se distinguen"
ROUTE_PARTS: Mapping[str, str] = {
    "what": "Qué se pide",
    "who": "Con quién",
    "without_papers": "Sin papeles",
    "basis": "Base legal",
    "if_refused": "Si no le atienden",
}
COVERAGE_TITLE = "Qué hay en el directorio, por necesidad"
COVERAGE_TEXT = (
    "Se cuentan los registros propios de cada estado que se pueden mostrar. Los servicios nacionales se"
    " cuentan aparte: atienden en los dos. Los refugios no se cuentan: de ellos no se dice nada."
)
COVERAGE_TABLE = "Servicios por necesidad"
DISTANCE_TITLE = "A qué distancia vive la gente del servicio más cercano"
DISTANCE_TEXT = (
    "Distancia en línea recta, de cabecera a cabecera municipal; por camino es más. Cada municipio pesa lo"
    " que su población de 2020, y aparte lo que sus mujeres y niñas. La puerta puede estar en otro estado si"
    " atiende a cualquier persona. Se cuentan solo puertas que se pueden publicar. Una distancia muy grande"
    " suele querer decir que falta registrar lo que hay cerca."
)
DISTANCE_TABLE = "Distancia por necesidad"
DISTANCE_NOTE = (
    "«—»: no hay ninguna puerta registrada con municipio. Cerca: hasta {near} km. Lejos: más de {far} km."
)
DISTANCE_WOMEN = "Servicios hechos para mujeres"
DISTANCE_WOMEN_NOTE = (
    "Los servicios hechos para mujeres se cuentan solo como total del estado: municipio por municipio dirían"
    " dónde están."
)
WAYS_TABLE = "{state}: kilómetros a la puerta más cercana, municipio por municipio"
WAYS_NOTE = "Población y mujeres: Censo 2020. «—»: sin dato o sin puerta registrada."
MAP_TITLE = "{state}: distancia a la puerta más cercana de «{need}»"
MAP_DESCRIPTION = (
    "Mapa de los municipios de {state}. El tono más oscuro es más lejos. {near} de {count} municipios están a"
    " 50 kilómetros o menos, y {far} a más de 100."
)
MAP_NO_DOOR = "{state}: no hay ninguna puerta registrada de «{need}» a menos de 200 km; por eso no hay mapa."
BANDS = ("hasta 25 km", "de 25 a 50 km", "de 50 a 100 km", "de 100 a 200 km", "más de 200 km")
KM = "{km} km"
LABEL_KM = "{place}: {km} km"
LABEL_NONE = "{place}: sin dato"
DOORS_TITLE = "Para quién se abre la puerta"
DOORS_TABLE = "Servicios que dicen si la puerta se abre"
DOORS_NOTE = "La mayoría de los registros no lo dice: «no se sabe» es una tarea de verificación, no un no."
DOORS_SONS = "Servicios para mujeres: ¿reciben a hijas e hijos?"
DOORS_PAPERS = "¿Atienden sin papeles?"
DOORS_LANGUAGE = "¿Atienden en una lengua indígena?"
DOORS_LANGUAGES = "Lenguas que algún servicio nombra en {state}: {languages}."
DOORS_NO_LANGUAGE = "Ningún servicio de {state} nombra una lengua indígena."
FRESH_TITLE = "Qué tan frescos son los datos"
FRESH_TABLE = "Antigüedad y respaldo de los registros"
FRESH_ROWS = (
    "Registros propios del estado",
    "Verificados por el equipo",
    "Bien respaldados (A o B)",
    "Por verificar (C)",
    "Sin teléfono",
    "Antigüedad mediana, en meses",
)
YEARS_TABLE = "Año de la fuente de cada registro"
UNMET_TITLE = "Lo que la gente pidió y no encontró"
UNMET_TABLE = "Preguntas contadas, {period}"
UNMET_NONE = (
    "Todavía no hay meses publicados de conversaciones en estos estados. Este apartado se llena solo cuando"
    " los haya."
)
PRACTICES_TITLE = "Prácticas que vale la pena llevar de un estado a otro"
PRACTICES_TEXT = (
    "Cada renglón es algo que se vio en un estado y no en el otro. Una persona que conozca los dos decide"
    " si sirve, quién lo haría y para cuándo."
)
PRACTICE = (
    "{aspect}. Se vio en {there}: «{value}». En {here}: {other}.  ¿Sirve en {here}? ____  ¿Quién? __________"
    "  ¿Para cuándo? ________"
)
PRACTICES_NONE = "No se vio nada que esté en un estado y falte en el otro."
METHOD_COMPARE = (
    "Los hechos de cada estado salen de fuentes públicas que se nombran renglón por renglón; muchas son de"
    " prensa y nadie las ha confirmado por teléfono.",
    "El directorio no está completo: que falte un servicio puede ser falta de registro, no de servicio.",
    "De los refugios para mujeres no se cuenta ni se muestra nada en este informe.",
    INEGI,
)
COL_ASPECT, COL_SOURCE, COL_DATE, COL_NOTE, COL_STATUS = "Aspecto", "Fuente", "Fecha", "Nota", "Estado"
COL_STEP, COL_PART = "Paso", "Parte"
COL_YEAR, COL_FACT = "Año", "Dato"
COL_OWN = "{state}: propios"
COL_PHONE = "{state}: con teléfono"
COL_DOOR = "{state}: con puerta"
COL_FOR_WOMEN = "{state}: para mujeres"
COL_NATION = "Nacionales"
COL_MEAN = "{state}: media, km"
COL_MEDIAN = "{state}: mediana, km"
COL_MEDIAN_WOMEN = "{state}: mediana de mujeres, km"
COL_NEAR = "{state}: % cerca"
COL_FAR = "{state}: % lejos"
COL_FAR_WOMEN = "{state}: % de mujeres lejos"
COL_QUESTION = "Pregunta"
COL_SHOWN = "{state}: se mostró un servicio"
COL_NONE = "{state}: no había"
SAME_STATE = "Los dos estados son el mismo. Escriba dos distintos."
