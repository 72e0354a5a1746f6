"""What a caseworker reads when an answer to a person waits, or can't go."""

GONE = "Este recado ya no está: la persona lo quitó, venció o se cerró."
NOT_YOURS = "Este recado lo tiene otra persona del equipo. Tómelo primero."
TAKEN = "Este recado ya lo tomó otra persona del equipo."
EMPTY = "Escriba el mensaje antes de mandarlo."
TOO_LONG = "El mensaje es muy largo: caben {limit} caracteres y tiene {length}. Mándelo en dos partes."
NOT_NEUTRAL = (
    "Las primeras palabras se ven con la pantalla bloqueada. "
    "Empiece con un saludo y ponga «{word}» más adelante."
)
DOUBT = (
    "Parece que otra persona tiene el teléfono. "
    "Por seguridad no se le escribe hasta que vuelva a dejar un recado."
)
PLATFORM_WINDOW = (
    "WhatsApp solo deja contestar hasta 24 horas después del último mensaje de la persona ({limit}). "
    "Es seguro escribirle desde {opens}. Podrá contestarle si vuelve a escribir."
)
PAST_UNTIL = "La persona pidió respuesta hasta {limit}. Es seguro escribirle desde {opens}: ya no alcanza."
NOTHING_HELD = "No hay ningún mensaje guardado para esta persona. Escríbalo primero."
CALLED_ALREADY = "Ya se le preguntó si puede escribir. Su mensaje saldrá cuando conteste «Sí»."
SENT = "Enviado."
SAID_ALREADY = "Ese mensaje ya se había guardado; no sale dos veces."
CALLED = "Se le preguntó si puede escribir. Su mensaje saldrá cuando conteste «Sí»."
HELD = "Guardado. Se le preguntará si puede escribir a partir de {opens}, su hora segura."
ON_ITS_WAY = "Su último mensaje aún va en camino. Espere unos segundos y vuelva a intentarlo."
MOMENT = "{day} {hour} (hora de donde está)"
UNREADABLE = "[Este mensaje ya no se puede leer: cambió la llave del servicio.]"
