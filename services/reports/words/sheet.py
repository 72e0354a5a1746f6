"""What a printed sheet and its short message say."""

from collections.abc import Mapping

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
SHEET_QR_HOW = "Apunte la cámara de su teléfono a este cuadro, o escriba a:"
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
UNKNOWN_MUNICIPALITY = (
    "No conozco el municipio «{text}». Escriba su clave INEGI de cinco cifras o «Municipio, Estado»."
)
AMBIGUOUS_MUNICIPALITY = "Hay varios municipios con ese nombre: {names}. Escriba la clave o añada el estado."
