"""What a channel adds of its own around a reply."""

LIST_BUTTON = "Opciones"
BY_NUMBER = "Responda con el número:"
SHARE_LOCATION = "📍 Mandar mi ubicación"
SORRY = "Perdón por la demora: estuve fuera de servicio. Ya puedo responder."
IN_PRIVATE = "Aquí no puedo ayudarle. Escríbame en privado, por favor."
PLACE_HINT = "Municipio o estado"
