"""What a channel adds of its own around a reply."""

LIST_BUTTON = "Opciones"
BY_NUMBER = "Responda con el número:"
SHARE_LOCATION = "📍 Mandar mi ubicación"
SORRY = "Perdón por la demora: estuve fuera de servicio. Ya puedo responder."
IN_PRIVATE = "Aquí no puedo ayudarle. Escríbame en privado, por favor."
DESCRIPTION = (
    "Hola. Le digo qué oficinas y líneas pueden ayudarle en México, dónde están y si están abiertas. "
    "Es gratis. Escriba lo que necesita, con sus palabras, o toque Iniciar."
)
SHORT_DESCRIPTION = "Le digo qué oficinas y líneas pueden ayudarle en México. Es gratis."
COMMANDS = (
    ("menu", "Ver en qué puedo ayudarle"),
    ("ayuda", "Un número para llamar ahora"),
    ("persona", "Hablar con una persona"),
    ("privacidad", "Qué se guarda y por cuánto tiempo"),
    ("borrar", "Borrar mis datos"),
    ("salir", "Cerrar esta plática"),
)
PLACE_HINT = "Municipio o estado"
