"""What stands on buttons and in menus: neutral words, at most 20 characters."""

MENU = "Menú"
MORE = "Ver más"
DETAILS = "Más datos"
DETAILS_OF = ("Datos del primero", "Datos del segundo", "Datos del tercero")
ONE_OF = ("El primero", "El segundo", "El tercero")
MAP = "Mapa"
CONTACT = "Contacto"
PAGE = "Página"
OPEN_MAP = "Abrir el mapa"
OPEN_PAGE = "Abrir la página"
CHANGE_PLACE = "Cambiar de lugar"
NO_PLACE = "Prefiero no decir"
YES = "Sí"
NO = "No, es otra cosa"
ERASE_YES = "Sí, borrar"
ERASE_NO = "No, dejarlo así"
OTHER_NEEDS = "Otras opciones"
PERSON = "Hablar con alguien"
NEXT_NEED = "Seguir: {need}"
NONE_OF_THESE = "Ninguna de estas"
SEE_OPTIONS = "Ver opciones"
START = "Empezar"
NEXT = "Siguiente"
BACK = "Anterior"
DONE = "Ya lo hice"
STEPS = "Ver los pasos"
STEP = "Paso {number}"
SERVICES = "Ver a dónde ir"

MY_CASE = "Mi caso"
CASES = {
    "no_papers": "Perdí mis papeles",
    "disaster": "Fue un desastre",
    "child_alone": "Menor, sin familia",
    "indigenous": "Hablo otra lengua",
    "older": "Persona mayor",
    "disability": "Con discapacidad",
    "lgbti": "Trato igual",
    "other_state": "De otro estado",
}
"""Codes of Who and Situation that a person may tap, so that the route fits; none of them exposes."""

NEEDS = {
    "emergency": "Ayuda ahora",
    "shelter": "Dónde dormir",
    "food": "Comida y ropa",
    "cash": "Apoyo en dinero",
    "health": "Doctor y medicinas",
    "mental_health": "Apoyo emocional",
    "legal": "Abogada o abogado",
    "victim_registry": "Registro y apoyos",
    "documents": "Papeles",
    "gbv": "Mi seguridad",
    "children": "Niñas y niños",
    "education": "Escuela",
    "work": "Trabajo",
    "housing": "Casa o tierra",
    "missing": "Buscar a alguien",
    "transport": "Traslado",
    "human_rights": "Si no le atienden",
    "aid_abuse": "Me cobran la ayuda",
    "know_rights": "Qué hago primero",
}

NEED_PHRASES = {
    "emergency": "ayuda ahora mismo",
    "shelter": "un lugar donde quedarse",
    "food": "comida, agua o ropa",
    "cash": "apoyo en dinero",
    "health": "atención médica",
    "mental_health": "apoyo emocional",
    "legal": "ayuda de una abogada o un abogado",
    "victim_registry": "registro y apoyos",
    "documents": "sus papeles",
    "gbv": "apoyo y orientación",
    "children": "protección de niñas y niños",
    "education": "un lugar en la escuela",
    "work": "trabajo",
    "housing": "su casa o su tierra",
    "missing": "búsqueda de personas",
    "transport": "traslado a otro lugar",
    "human_rights": "quejas contra una autoridad",
    "aid_abuse": "cobros por la ayuda",
    "know_rights": "la ayuda que le toca",
}

NEED_SEEK = {
    "emergency": "Le ayudo a buscar ayuda ahora.",
    "shelter": "Le ayudo a buscar un lugar donde quedarse.",
    "food": "Le ayudo a buscar comida, agua o ropa.",
    "cash": "Le ayudo a buscar apoyo en dinero.",
    "health": "Le ayudo a buscar doctor y medicinas.",
    "mental_health": "Le ayudo a buscar apoyo emocional.",
    "legal": "Le ayudo a buscar una abogada o un abogado que no cobre.",
    "victim_registry": "Le ayudo a buscar dónde registrarse para recibir apoyos.",
    "documents": "Le ayudo a recuperar sus papeles.",
    "gbv": "Le ayudo a buscar apoyo y orientación.",
    "children": "Le ayudo a buscar quién proteja a niñas y niños.",
    "education": "Le ayudo a buscar lugar en la escuela.",
    "work": "Le ayudo a buscar trabajo.",
    "housing": "Le ayudo con lo de su casa o su tierra.",
    "missing": "Le ayudo a buscar a esa persona.",
    "transport": "Le ayudo a buscar cómo trasladarse.",
    "human_rights": "Le digo a dónde ir si una autoridad no le atiende.",
    "aid_abuse": "Le digo dónde quejarse si le cobran la ayuda.",
    "know_rights": "Le digo qué hacer primero y qué ayuda le toca.",
}
"""What comes before «¿En qué municipio…?»."""

NEED_MISSING = {
    "emergency": "otro número de ayuda inmediata",
    "shelter": "un lugar donde quedarse",
    "food": "quién dé comida, agua o ropa",
    "cash": "quién dé apoyo en dinero",
    "health": "un lugar de atención médica",
    "mental_health": "quién dé apoyo emocional",
    "legal": "quién dé ayuda legal gratis",
    "victim_registry": "dónde hacer el registro",
    "documents": "dónde reponer papeles",
    "gbv": "un lugar de apoyo y orientación",
    "children": "quién proteja a niñas y niños",
    "education": "un lugar en la escuela",
    "work": "quién ayude a encontrar trabajo",
    "housing": "quién ayude con casa o tierra",
    "missing": "quién ayude a buscar a una persona",
    "transport": "quién ayude a trasladarse o a regresar",
    "human_rights": "quién ayude si una autoridad no atiende",
    "aid_abuse": "quién reciba avisos de cobros por la ayuda",
    "know_rights": "quién le oriente sobre sus derechos",
}
"""What follows «No tengo registrado»."""

STATES = {"05": "Coahuila", "15": "Estado de México", "16": "Michoacán", "30": "Veracruz"}
"""States that people call otherwise than the official list."""

MENU_FIRST = (
    "shelter", "food", "health", "mental_health", "documents", "legal", "victim_registry", "gbv",
    "know_rights",
)  # fmt: skip
MENU_SECOND = (
    "cash", "children", "education", "work", "housing", "missing", "transport", "human_rights", "aid_abuse",
)  # fmt: skip
