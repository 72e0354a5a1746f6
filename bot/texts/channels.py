"""What a channel adds of its own around a reply."""

LIST_BUTTON = "Opciones"
BY_NUMBER = "Responda con el número:"
SHARE_LOCATION = "📍 Mandar mi ubicación"
PLACE_HINT = "Municipio o estado"
