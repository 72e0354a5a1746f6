"""What a report says of where its figures come from."""

from collections.abc import Mapping

APPENDIX_TITLE = "De dónde sale cada cifra"
APPENDIX_TEXT = (
    "Cada tabla nombra sus consultas, y cada gráfica y mapa su tabla. Aquí están las consultas como este"
    " programa"
    " las hizo a la base de datos, y cómo se cuenta cada tabla con sus renglones. Quien revise puede"
    " repetirlas"
    " sobre la misma base y debe llegar a las mismas cifras.",
    "Las cifras del resumen son de las mismas tablas. Una consulta puede dar cifras que la tabla guarda por"
    " pequeñas: esas no salen de la oficina.",
)
TABLES_TABLE = "Cómo se cuenta cada tabla"
QUERIES_TABLE = "Las consultas"
COL_TABLE, COL_QUERIES, COL_HOW = "Tabla", "Consultas", "Cómo se cuenta"
COL_QUERY, COL_GIVES, COL_SQL = "Consulta", "Qué da", "SQL o archivo"
NAMED = "Consultas: {keys}."
NAMED_ONE = "Consulta: {keys}."
SCRIPT = "Las consultas de este informe. Solo leen."

TITLES: Mapping[str, str] = {
    "meses-publicados": "Los meses publicados del periodo.",
    "pedido-por-mes": "Cifras publicadas por mes, necesidad y cómo terminó la pregunta.",
    "pedido-por-lugar": "Cifras publicadas por estado, o por municipio cuando el informe es de un estado.",
    "pedido-por-persona": "Cifras publicadas por necesidad y para quién se pidió.",
    "opciones-de-consultas": "Cuántas veces se eligió cada opción. «choice» empieza en 0.",
    "temas-de-opiniones": "Respuestas escritas ya leídas, por tema. Sin consulta: opiniones libres.",
    "directorio": "Todo el directorio, como lo lee Faro: un registro y sus partes por renglón.",
    "municipios": "Población, mujeres y coordenadas de cada cabecera municipal (INEGI, Censo 2020).",
    "hechos-por-estado": "El marco legal y de coordinación de cada estado, cada dato con su fuente.",
    "ruta": "La ruta de protección: la nacional, y lo que cada estado cambia.",
}
FILES: Mapping[str, str] = {
    "municipios": "data/seed/gazetteer/municipios.csv",
    "hechos-por-estado": "data/seed/states/facts.csv, los renglones de los dos estados (columna state)",
    "ruta": "data/seed/routes/national.yml y data/seed/routes/states/, los archivos de los dos estados",
}
_SHOWN = (
    "Cuenta un registro cuando se puede mostrar: exposure «public» o «women», kind distinto de «refuge»,"
    " confidence distinta de «X», status «active» y verified_result distinto de «closed»; para peligro y"
    " violencia, además, confidence A o B, o verificado. No cuenta si su última fecha (verified_on, o el fin"
    " de"
    " source_date) es de antes del plazo hide_after_days de data/seed/freshness.yml, salvo una línea (kind"
    " «line») A, B o verificada. Es propio de un estado cuando lo cubre (extent empieza con su clave) o está"
    " en"
    " él (location.state, o municipality si no está reservado)."
)
HOW: Mapping[str, str] = {
    "meses": (
        "Preguntas = «shown» + «none». «Todas»: la suma de lo publicado. Lo que no está publicado es «pocas»."
    ),
    "lugares": (
        "Preguntas = «shown» + «none» de cada lugar. % sin nada = «none» entre preguntas, si las dos están"
        " publicadas."
    ),
    "personas": "La suma por necesidad; «Todas» suma todas las necesidades.",
    "finales": (
        "La suma de los meses por necesidad y final. % sin nada = «none» entre «shown» + «none», si las dos"
        " están"
        " publicadas."
    ),
    "directorio": (
        f"{_SHOWN} Verificado: verified_on con fecha y verified_result distinto de «no_answer». Antigüedad:"
        " meses desde"
        " verified_on, o desde source_date (un año solo cuenta desde julio); se da la mediana."
    ),
    "consulta": (
        "Opciones: la suma de cada «choice». Abiertas: la suma de cada tema. Menos que el mínimo es «pocas»."
    ),
    "opiniones": "La suma de cada tema de ese mes. Menos que el mínimo es «pocas».",
    "marco": "Un renglón por «aspect»; lo que no está en el archivo es «no visto».",
    "marco_fuentes": "Los mismos renglones, con «source», «source_date» y «note».",
    "ruta": "Los pasos de cada estado, parte por parte; solo los que no dicen lo mismo.",
    "cobertura": (
        f"{_SHOWN} Con teléfono: alguno en phone que se puede mostrar, y confidence distinta de «D». Con"
        " puerta:"
        " municipality que se puede mostrar. Para mujeres: women_only. Nacionales: extent «00»."
    ),
    "distancia": (
        "Puerta: municipality de un registro de exposure «public» que se puede mostrar y que cubre el"
        " estado, o que no"
        " se limita a otros. Distancia en línea recta entre cabeceras (radio 6371.0088 km), a la puerta más"
        " cercana."
        " Media y mediana con la población, y aparte con las mujeres, de cada municipio como peso."
    ),
    "municipios": "La distancia de cada municipio a la puerta más cercana, como en la tabla de distancia.",
    "puertas": (
        "De los registros propios: hijas e hijos, sons_up_to_age o accepts_children de los que son"
        " women_only; papeles,"
        " accepts_without_papers; lengua, si alguna de language.name es indígena."
    ),
    "frescura": (
        "De los registros propios: verificados, confidence A o B, confidence C, sin teléfono que se pueda"
        " mostrar, y la"
        " mediana de la antigüedad en meses."
    ),
    "anios": "El año de source_date de los registros propios.",
    "preguntas": (
        "La suma de los meses por necesidad y final, de cada estado. Lo que no está publicado es «pocas»."
    ),
}
