"""When somebody is in danger. A number first, no question about what happened, a way out."""

OPENING = "Aquí estoy con usted. Llame ahora al {line}: es gratis y contestan de día y de noche."
OPENING_SILENT = "Aquí estoy. Pida a alguien que llame por usted al {line}: es gratis. No hace falta hablar."

WOMEN = "Otra opción: {line}{second}."
WOMEN_SECOND = " o {line}"
FOR_HER = "Para una mujer o una niña: {line}{second}."
HARM = "Para no lastimar a nadie, también puede llamar aquí: {line}. Escuchan sin juzgar."
SUICIDE = "También puede llamar aquí: {line}. Escuchan sin juzgar."
HEALTH_FIRST = "Puede pedir atención médica ya, sin poner una denuncia."
MISSING = "Para buscar a una persona: {line}. No hay que esperar 72 horas."
STATE_EMERGENCY = "Si no puede hablar, escriba ahí: {line}."
WOMEN_WRITING = "Para escribir en lugar de llamar: {line}."
CHILD_LINE = "Para niñas y niños también está: {line}."
LGBTI = "Otra opción: {line}."
BOTH = "{first}, o {second}"
RESPECT = "Si le niegan ayuda por quien es: {line}."
NONE = "No tengo registrada otra línea para esto."
AUTHORITY = "Si es una autoridad quien le hace daño: {line}."
CHILD = "Si hay una niña o un niño en riesgo, dígalo al llamar: deben atenderlo primero."
CHILD_SELF = "Al llamar diga: «Soy menor de edad». Deben atenderle primero."
CHILD_ALONE = "Al llamar diga: «Soy menor de edad y estoy sin mi familia». Deben atenderle primero."
LEAVE = "Para irse de este chat, escriba SALIR."
QUESTION = "¿Es esto lo que le pasa?"

GBV_OPENING = "Aquí estoy con usted. Puede llamar gratis, a cualquier hora: {line}{second}."
HARM_OPENING = "Gracias por decirlo. Puede llamar gratis, a cualquier hora: {line}. Escuchan sin juzgar."
HARM_NOW = "Si ahora puede lastimar a alguien, salga de ahí y llame al {line}."
HARM_NO_OTHER = "No tengo registrada otra línea para quien quiere dejar de lastimar."

REFUGE_CLOSED = "Dónde está un refugio no se le dice a nadie, para cuidarlas: se entra llamando."
GBV_NO_COMPLAINT = "No tiene que denunciar ni dar su nombre para pedir ayuda."

CONFIRMED = (
    "Gracias por decírmelo. Esto no es su culpa, y hay quien le ayude. "
    "Lo primero es estar a salvo: si puede, vaya a donde haya gente de su confianza y llame."
)
CONFIRMED_LEAVING = (
    "Gracias por decírmelo. Esto no es su culpa, y hay quien le ayude. "
    "Lo primero es estar a salvo: si puede, vaya a donde haya gente de su confianza y llame. "
    "Si sale, lleve papeles y medicinas solo si los tiene a la mano."
)
CONFIRMED_SILENT = (
    "Gracias por decírmelo. Esto no es su culpa, y hay quien le ayude. "
    "Si puede, vaya a donde haya gente de su confianza. "
    "No hace falta hablar: otra persona puede llamar por usted."
)
CONFIRMED_GBV = (
    "Gracias por decírmelo. Nada de eso es culpa de quien lo vive. "
    "Puede pedir apoyo hoy o cuando quiera, y usted decide qué cuenta."
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
    "Tenga a la mano una foto. Diga cómo iba vestida la persona y dónde se le vio la última vez."
)
CONFIRMED_CHILD = (
    "Gracias por decírmelo. Si puede, no deje sola a la niña o al niño, y llame. "
    "Deben darle protección sin pedir papeles."
)
CONFIRMED_CHILD_ALONE = (
    "Gracias por decírmelo. Hizo bien en pedir ayuda. "
    "Quédese donde haya gente y llame, o pida a una persona de confianza que llame con usted. "
    "No tiene que contar todo, y no le deben pedir papeles."
)
CONFIRMED_HARM = (
    "Gracias por decirlo: pedir ayuda es un buen paso. "
    "Mientras, ponga distancia: salga de ahí hasta que pase el enojo. "
    "Quien salió lastimado puede pedir atención médica, y nadie debe impedírselo."
)
NUMBER_AGAIN = "Este es el número: {line}. Apúntelo en un papel o apréndaselo."
ERASE_HINT_WHATSAPP = (
    "Para borrar esta conversación de su teléfono: abra el menú del chat y elija «Eliminar chat»."
)
NOT_IT = "Gracias por decirme. Entonces, ¿qué necesita? Elija de la lista o dígalo con sus palabras."
NOT_IT_GO_ON = "Gracias por decirme. Sigo con lo que me pidió."

WOMEN_PLACES = "Para ver oficinas y centros para mujeres cerca de usted, toque «Ver opciones»."
