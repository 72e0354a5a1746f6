"""Words that answer «where are you» and are no place of Mexico: other countries, «la calle», «el centro»."""

COUNTRIES = frozenset(
    (
        "guatemala honduras|el salvador|salvador|nicaragua|costa rica|panama|belice|cuba|haiti|venezuela|colombia|"
        "ecuador|peru|bolivia|chile|argentina|uruguay|paraguay|brasil|republica dominicana|estados unidos|"
        "estados unidos de america|los estados unidos|usa|eu|eeuu|eua|gringolandia|el gabacho|gabacho|"
        "el otro lado|otro lado|canada|espana|texas|california|arizona|nuevo mexico|florida|nueva york|chicago|"
        "houston|dallas|los angeles|san antonio texas|el paso texas|el paso|san diego|guatemala|honduras|china|"
        "rusia|francia|italia|alemania|inglaterra|peru|corea|egipto|africa|europa|asia|tegucigalpa|"
        "san pedro sula|ciudad de guatemala|caracas|bogota|la habana|puerto rico|puerto principe|phoenix|tucson"
    )
    .replace(" honduras|", "|honduras|", 1)
    .split("|")
)
NO_PLACES = frozenset(
    ["la calle", "calle", "la ciudad", "la comunidad", "ninguno", "ninguna", "ningun lado", "ninguna parte", "el pueblo", "pueblo", "la casa", "mi casa", "casa", "la frontera", "el centro", "centro comercial", "el campo", "el monte", "la sierra", "sierra", "el rancho", "rancho", "mi rancho", "el cerro", "la playa", "el camino", "la carretera", "el refugio", "refugio", "el albergue", "albergue", "hospital", "la central", "central", "la estacion", "la linea", "el sitio", "el puesto", "la capital", "norte", "sur", "el sur", "el norte", "senor", "la selva", "la costa", "el rio", "la capilla", "la iglesia", "la presa", "la cueva", "la finca", "las colonias", "la colonia", "el cambio", "la orilla", "el hospital", "el grande", "el largo", "el chico", "los dolores", "dolores", "la isla", "el rincon", "la salud", "la luz", "la vista", "el control", "bienvenido", "mexicanos", "menores", "la aldea", "la familia", "buenos dias", "hogar", "el hogar", "la escuela", "el puerto", "el norte", "el valle", "la loma"]
)
