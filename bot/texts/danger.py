"""When somebody is in danger. A number first, no question about what happened, a way out."""

OPENING = "Aquí estoy con usted. Llame ahora al {line}: es gratis y contestan todo el día."

WOMEN = "Otra opción: {line}{second}."
WOMEN_SECOND = " o {line}"
SUICIDE = "También puede hablar con {line}. Escuchan sin juzgar."
HEALTH_FIRST = "Puede pedir atención médica ya, sin poner una denuncia."
MISSING = "Para buscar a una persona: {line}. No hay que esperar 72 horas."
STATE_EMERGENCY = "Si no puede hablar: {line}."
NONE = "No tengo registrada otra línea para esto."
AUTHORITY = "Si es una autoridad quien le hace daño: {line}."
CHILD = "Si hay una niña o un niño en riesgo, dígalo al llamar: deben atenderlo primero."
SILENT = "Si no puede hablar, escriba: yo leo."
LEAVE = "Para irse de este chat: SALIR."
QUESTION = "¿Es esto lo que le pasa?"

GBV_OPENING = "Aquí estoy con usted. Puede llamar ahora, a cualquier hora y gratis: {line}{second}."
GBV_NO_COMPLAINT = "No tiene que denunciar ni dar su nombre para pedir ayuda."

CONFIRMED = (
    "Gracias por decírmelo. No está solo ni sola en esto, y no es su culpa. "
    "Lo primero es estar a salvo: si puede, vaya a donde haya gente de su confianza y llame."
)
CONFIRMED_GBV = (
    "Gracias por decírmelo. Nada de eso es culpa de quien lo vive. "
    "Se puede pedir apoyo hoy o cuando se quiera, y cada quien decide qué cuenta."
)
CONFIRMED_SUICIDE = (
    "Gracias por decírmelo: lo que siente importa mucho. No se quede a solas ahora. "
    "Llame, o busque a alguien de su confianza y dígale lo mismo que me dijo a mí. Este dolor puede bajar."
)
CONFIRMED_MEDICAL = (
    "Gracias por decírmelo. Llame ya y diga primero dónde están y qué le pasa a la persona. "
    "En urgencias deben atenderle aunque no tenga seguro ni papeles."
)
CONFIRMED_MISSING = (
    "Gracias por decírmelo. Puede avisar desde ahora mismo: no hay que esperar. "
    "Tenga a la mano una foto y diga cómo iba vestida la persona y dónde se le vio por última vez."
)
CONFIRMED_CHILD = (
    "Gracias por decírmelo. Si puede, no deje sola a la niña o al niño, y llame. "
    "Deben darle protección sin pedir papeles."
)
NUMBER_AGAIN = "Tenga a la mano este número: {line}."
ERASE_HINT_WHATSAPP = (
    "Para borrar esta conversación de su teléfono: abra el menú del chat y elija «Eliminar chat»."
)
NOT_IT = "Qué bueno que me dice. Entonces, ¿qué necesita? Elija de la lista o dígalo con sus palabras."
NOT_IT_GO_ON = "Qué bueno que me dice. Sigo con lo que me pidió."

WOMEN_PLACES = "Para ver oficinas y centros para mujeres cerca de usted, toque «Ver opciones»."
