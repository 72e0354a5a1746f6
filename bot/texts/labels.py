"""What stands on buttons and in menus: neutral words, at most 20 characters."""

MENU = "Menú"
MORE = "Ver más"
DETAILS = "Más datos"
DETAILS_OF = ("Datos del primero", "Datos del segundo", "Datos del tercero")
WRONG_OF = ("El primero", "El segundo", "El tercero")
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
    "human_rights": "Quejas",
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
    "documents": "papeles de identidad",
    "gbv": "apoyo y orientación",
    "children": "protección de niñas y niños",
    "education": "un lugar en la escuela",
    "work": "trabajo",
    "housing": "casa o tierra",
    "missing": "la búsqueda de una persona",
    "transport": "traslado",
    "human_rights": "qué hacer si una autoridad no atiende",
    "aid_abuse": "qué hacer si le cobran la ayuda",
    "know_rights": "orientación sobre sus derechos",
}

MENU_FIRST = (
    "shelter", "food", "health", "mental_health", "documents", "legal", "victim_registry", "gbv",
    "know_rights",
)  # fmt: skip
MENU_SECOND = (
    "cash", "children", "education", "work", "housing", "missing", "transport", "human_rights", "aid_abuse",
)  # fmt: skip
