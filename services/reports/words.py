"""Every Spanish sentence of the reports and sheets: institutions and communities read them."""

from collections.abc import Mapping

from services.reports.facts import Aspect, Seen

STATES: Mapping[str, str] = {
    "Coahuila de Zaragoza": "Coahuila",
    "México": "Estado de México",
    "Michoacán de Ocampo": "Michoacán",
    "Veracruz de Ignacio de la Llave": "Veracruz",
}
"""Names that people shorten."""

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
YES, NO, UNKNOWN = "sí", "no", "no se sabe"

MADE_ON = "Hecho el {date}."
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
DATE = "{day} de {month} de {year}"
MONTH = "{month} de {year}"

INEGI = "Fuente de población, coordenadas y mapas: INEGI, Censo 2020 y Marco Geoestadístico."

# Two states compared

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
    " atiende a cualquier persona. Se cuentan sólo puertas que se pueden publicar. Una distancia muy grande"
    " suele querer decir que falta registrar lo que hay cerca."
)
DISTANCE_TABLE = "Distancia por necesidad"
DISTANCE_NOTE = (
    "«—»: no hay ninguna puerta registrada con municipio. Cerca: hasta {near} km. Lejos: más de {far} km."
)
DISTANCE_WOMEN = "Servicios hechos para mujeres"
DISTANCE_WOMEN_NOTE = (
    "Los servicios hechos para mujeres se cuentan sólo como total del estado: municipio por municipio dirían"
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
NO_FIGURE = "sin dato"
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
METHOD_TITLE = "Método y límites"
METHOD_COMPARE = (
    "Los hechos de cada estado salen de fuentes públicas que se nombran renglón por renglón; muchas son de"
    " prensa y nadie las ha confirmado por teléfono.",
    "El directorio no está completo: que falte un servicio puede ser falta de registro, no de servicio.",
    "De los refugios para mujeres no se cuenta ni se muestra nada en este informe.",
    INEGI,
)

# The knowledge-management report

KNOWLEDGE_TITLE = "Lo que pide la gente desplazada: {geography}"
KNOWLEDGE_SUBTITLE = "Informe de gestión del conocimiento de Faro, {period}"
NATION = "todo México"
PERIOD = "{first} a {last}"
PERIOD_ONE = "{month}"
KNOWLEDGE_EMPTY = (
    "No hay meses publicados en este periodo: o nadie ha preguntado, o los meses no han terminado. Un mes se"
    " publica completo, un día después de terminar. Lo que dice el directorio sí está abajo."
)
KNOWLEDGE_SUMMARY_ASKED = (
    "Preguntas contestadas y contadas: {asked} en {months} de {wanted} meses del periodo."
)
KNOWLEDGE_SUMMARY_TOP = "Lo que más se pidió: {needs}."
KNOWLEDGE_SUMMARY_UNMET = "Sin nada registrado que sirviera: {none} ({percent} %)."
KNOWLEDGE_SUMMARY_GAP = "Donde más veces no había nada: {needs}."
TIME_TITLE = "Qué se pidió, mes por mes"
TIME_TABLE = "Preguntas por necesidad y mes"
TIME_ALL = "Todas"
TIME_CHART = "Preguntas por mes"
NEED_CHART = "Preguntas por necesidad"
CHART_DESCRIPTION = "Barras. La más alta: {label}, con {figure}."
AREA_TITLE = "Dónde se pidió"
AREA_TABLE_NATION = "Preguntas por estado"
AREA_TABLE_STATE = "Preguntas por municipio"
AREA_MAP = "Preguntas contadas: {geography}"
AREA_DESCRIPTION = "Mapa. El tono más oscuro es donde más se preguntó. Hay cifra de {count} lugares."
AREA_NOTE = (
    "Peligro y violencia no se cuentan por municipio. Sin cifra: pocas preguntas o ninguna. La parte"
    " sale sólo de lo publicado: donde hay poco, tómela con cuidado."
)
AREA_UNSAID = "Sin decir el estado"
AREA_LEGEND = "hasta {most}"
AREA_LEGEND_LAST = "más de {least}"
REST_SMALL = "Las necesidades que no aparecen tuvieron pocas preguntas o ninguna."
WHO_TITLE = "Para quién se pidió"
WHO_TABLE = "Preguntas en que se dijo para quién, por necesidad"
WHO_NOTE = (
    "Sólo cuando la persona lo dijo. Una pregunta puede ser de una mujer y de una persona indígena a la vez;"
    " las cuatro primeras columnas no se enciman."
)
ENDS_TITLE = "Lo que no se encontró, y lo que no funcionó"
ENDS_TABLE = "Cómo terminó cada pregunta, por necesidad"
ENDS_NOTE = (
    "«No había»: el directorio no tenía nada que sirviera ahí. «No funcionó» y «Le negaron» es lo que la"
    " persona dijo después. «Falsa alarma»: la persona dijo que no era peligro."
)
ENDS: Mapping[str, str] = {
    "shown": "Se mostró un servicio",
    "none": "No había",
    "wrong": "No funcionó",
    "refused": "Le negaron",
    "person": "Pidió a una persona",
    "false_alarm": "Falsa alarma",
}
UNMET_AREA_TABLE = "Preguntas sin nada que sirviera, por lugar"
COL_PERCENT = "% sin nada"
MATRIX_TITLE = "Qué hay en el directorio"
MATRIX_TABLE = "Servicios propios de cada estado, por necesidad"
MATRIX_WOMEN = "Hechos para mujeres"
MATRIX_AGE = "Antigüedad mediana, meses"
MATRIX_VERIFIED = "Verificados por el equipo"
MATRIX_NOTE = "Los servicios nacionales no se cuentan aquí; atienden en todos. Los refugios no se cuentan."
OBSERVED_TITLE = "Lo que opinó la gente"
OBSERVED_NONE = "No hay opiniones publicadas en este periodo."
OBSERVED_HOW = (
    "Una persona leyó cada respuesta escrita antes de contarla. Se cuentan respuestas, no personas; los temas"
    " con pocas respuestas no llevan cifra ni citas. Una consulta se publica entera, cuando terminó."
)
OBSERVED_CONSULTATION = "Consulta «{title}». Responde por ella: {who}."
OBSERVED_FREE = "Opiniones sin consulta, {month}"
THEMES: Mapping[str, str] = {
    "treatment": "El trato",
    "waiting": "La espera",
    "distance": "La distancia",
    "money": "Cobros o costos",
    "language": "La lengua",
    "safety": "La seguridad",
    "faro": "Faro mismo",
    "other": "Otro tema",
}
COL_THEME, COL_ANSWER, COL_ANSWERS = "Tema", "Respuesta", "Respuestas"
METHOD_KNOWLEDGE = (
    "Se cuentan preguntas, no personas: Faro no guarda quién preguntó. La misma pregunta repetida en una"
    " conversación cuenta una vez; si la persona vuelve otro día, cuenta otra vez.",
    "Se publican sólo meses completos. Lo publicado no cambia nunca.",
    "Ninguna cifra menor de {threshold} sale. Si con una resta se pudiera saber una cifra pequeña, también se"
    " guarda la siguiente. Por eso las sumas son «al menos»: suman sólo lo publicado. «pocas» quiere decir"
    " que la cifra se guardó o es cero; en los archivos de datos es un hueco.",
    "Para quién se pidió, el peligro y la violencia se cuentan sólo por estado.",
    "Quien pregunta no representa a toda la población desplazada: hace falta un teléfono y conocer a Faro.",
    "De los refugios para mujeres no se cuenta ni se muestra nada en este informe.",
    INEGI,
)
PERIOD_UNKNOWN = "«{text}» no es un mes. Escríbalo con año y mes, por ejemplo 2026-03."
PERIOD_INVERTED = "El periodo está al revés: {first} es después de {last}."
PERIOD_LONG = "El periodo es de más de {most} meses. Pida uno más corto."

# Columns

COL_ASPECT, COL_SOURCE, COL_DATE, COL_NOTE, COL_STATUS = "Aspecto", "Fuente", "Fecha", "Nota", "Estado"
COL_STATE, COL_MUNICIPALITY, COL_KEY, COL_NEED = "Estado", "Municipio", "Clave", "Necesidad"
COL_PEOPLE, COL_WOMEN = "Población", "Mujeres"
COL_STEP, COL_PART = "Paso", "Parte"
COL_YEAR, COL_COUNT, COL_FACT = "Año", "Registros", "Dato"
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

# The printed sheet

SHEET_TITLE = "Teléfonos de ayuda en {place}"
SHEET_STATE = "{municipality}, {state}"
SHEET_LEAD = "Para quien tuvo que salir de su casa. Pedir ayuda es gratis. Nadie debe cobrarle."
SHEET_NOW = "Ahora mismo"
SHEET_ROLES: Mapping[str, str] = {
    "emergency": "Emergencia",
    "women": "Para mujeres",
    "suicide": "Si ya no puede más",
    "missing": "Buscar a alguien",
    "human_rights": "Si una autoridad no atiende",
}
SHEET_NEEDS_TITLE = "Otras ayudas"
SHEET_NEEDS: Mapping[str, str] = {
    "shelter": "Dónde dormir",
    "food": "Comida y ropa",
    "health": "Doctor",
    "mental_health": "Apoyo emocional",
    "legal": "Ayuda legal",
    "victim_registry": "Registro de víctimas",
    "documents": "Papeles",
    "children": "Niñas y niños",
}
SHEET_UNSURE = "dato por verificar"
SHEET_NATIONAL = "línea nacional"
SHEET_NO_SERVICE = "No hay teléfono registrado. A quién le toca ayudar: {office}"
SHEET_QR = "Pregunte por más ayuda"
SHEET_QR_HOW = "Apunte la cámara de su teléfono a este cuadro, o escriba a {link}"
SHEET_FOOT = (
    "Hecho el {date}. Los teléfonos cambian: si uno no contesta, pruebe otro. Si corre peligro, {line}."
)
SHEET_LINE = "llame al {number}"
SHEET_NO_LINE = "pida ayuda a quien tenga cerca"
SMS_OPENING = "Ayuda en {place}"
SMS_ROLES: Mapping[str, str] = {
    "emergency": "emergencia",
    "women": "mujeres",
    "suicide": "animo",
    "human_rights": "derechos",
    "missing": "buscar",
}
SMS_LINK = "Mas: {link}"
EXTENSION = " ext. {extension}"

# What goes wrong

UNKNOWN_STATE = "No conozco el estado «{text}». Escríbalo completo, por ejemplo «Chiapas» o «Sinaloa»."
NOT_A_STATE = "«{text}» es un municipio de {state}. Escriba un estado."
SAME_STATE = "Los dos estados son el mismo. Escriba dos distintos."
UNKNOWN_MUNICIPALITY = (
    "No conozco el municipio «{text}». Escriba su clave INEGI de cinco cifras o «Municipio, Estado»."
)
AMBIGUOUS_MUNICIPALITY = "Hay varios municipios con ese nombre: {names}. Escriba la clave o añada el estado."
FOLDER = "No pude escribir en la carpeta «{name}». Revise que exista y que tenga permiso."
