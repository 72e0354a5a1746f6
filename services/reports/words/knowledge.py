"""What the knowledge-management report says."""

from collections.abc import Mapping

from services.reports.words.common import INEGI

KNOWLEDGE_TITLE = "Lo que pide la gente desplazada: {geography}"
KNOWLEDGE_SUBTITLE = "Informe de gestión del conocimiento de Faro, {period}"
NATION = "todo México"
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
    " sale solo de lo publicado: donde hay poco, tómela con cuidado."
)
AREA_NONE = (
    "En ningún lugar hubo bastantes preguntas para dar una cifra sin que se pudiera reconocer a alguien."
)
AREA_UNSAID = "Sin decir el estado"
AREA_LEGEND = "hasta {most}"
REST_SMALL = "Las necesidades que no aparecen tuvieron pocas preguntas o ninguna."
WHO_TITLE = "Para quién se pidió"
WHO_TABLE = "Preguntas en que se dijo para quién, por necesidad"
WHO_NOTE = (
    "Solo cuando la persona lo dijo. Una pregunta puede ser de una mujer y de una persona indígena a la vez;"
    " las cuatro primeras columnas no se enciman."
)
WHO_NONE = "Muy pocas veces se dijo para quién: ninguna cifra llega al mínimo para mostrarse."
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
    "Un programa quitó los nombres y lugares que reconoció, y una persona leyó cada respuesta escrita antes"
    " de"
    " contarla. Se cuentan respuestas, no personas; los temas"
    " con pocas respuestas no llevan cifra ni citas. Una consulta se publica entera, cuando terminó."
)
OBSERVED_CONSULTATION = "Consulta: {title}"
OBSERVED_WHEN = "Del {first} al {last}. Responde por ella: {who}."
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
    "Se publican solo meses completos. Lo publicado no cambia nunca.",
    "Ninguna cifra menor de {threshold} sale. Si con una resta se pudiera saber una cifra pequeña, también se"
    " guarda la siguiente. Por eso las sumas son «al menos»: suman solo lo publicado. «pocas» quiere decir"
    " que la cifra se guardó o es cero; en los archivos de datos es un hueco.",
    "Para quién se pidió, el peligro y la violencia se cuentan solo por estado.",
    "Quien pregunta no representa a toda la población desplazada: hace falta un teléfono y conocer a Faro.",
    "De los refugios para mujeres no se cuenta ni se muestra nada en este informe.",
    INEGI,
)
PERIOD_UNKNOWN = "«{text}» no es un mes. Escríbalo con año y mes, por ejemplo 2026-03."
PERIOD_INVERTED = "El periodo está al revés: {first} es después de {last}."
PERIOD_LONG = "El periodo es de más de {most} meses. Pida uno más corto."
