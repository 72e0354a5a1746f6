"""Talking with a person instead of with Faro: by phone, or by a message that a caseworker answers."""

PERSON = "Claro. Estas son personas que pueden atenderle por teléfono{place}:\n{services}"
PERSON_SAFE = "Llame desde un lugar seguro y cuando pueda hablar."
PERSON_MESSAGE = "Si no puede llamar, toque «Dejar un recado»: alguien del equipo le escribe cuando pueda."
PERSON_LEFT = "Su recado sigue guardado. Si ya no lo quiere, toque «Quitar mi recado»."
PERSON_PAUSED = "Si quiere seguir por escrito con quien le atendió, toque «Seguir hablando»."

CONSENT = (
    "Puede dejar un recado para que le escriba una persona del equipo. Antes, lea esto:\n"
    "• Se guarda: {what}, {where}, cuándo le pueden escribir y hasta qué día.\n"
    "• No se guarda nada de lo que me ha escrito.\n"
    "• Solo lo ve el equipo de {operator}.\n"
    "• El primer mensaje dirá solo «¿Puede escribir ahora?».\n"
    "• Si luego hablan por escrito, lo lee ese equipo y se borra {days} después de terminar.\n"
    "• Para quitarlo antes, escriba BORRAR o SALIR.\n"
    "• Si nadie alcanza a contestarle, se borra solo.\n"
    "¿Está de acuerdo?"
)
NEED = "que pregunta por {need}"
NO_NEED = "que quiere hablar con alguien"
PLACE = "que está en {place}"
NO_PLACE = "sin decir dónde está"
TEAM = "este servicio"
DAY = "1 día"
DAYS = "{days} días"

WHEN = (
    "¿A qué hora es seguro que le escriban? Elija una opción.\n"
    "Mañana: de 7 a 12. Tarde: de 12 a 7. Noche: de 7 a 10. "
    "Si prefiere no decir, le escriben entre 9 de la mañana y 7 de la tarde."
)
UNTIL = "¿Hasta cuándo le pueden escribir? Después de ese día, su recado se borra solo."
SEND = (
    "Así queda su recado:\n• Le escriben {when}, {until}.\n• Se guarda {what}, {where}.\n¿Lo dejo guardado?"
)
TIMES = {
    "morning": "en la mañana",
    "afternoon": "en la tarde",
    "night": "en la noche",
    "any": "a cualquier hora",
    "unsaid": "de día",
}
UNTILS = {0: "solo hoy", 1: "hoy o mañana", 3: "hoy o en los siguientes 3 días"}

SAVED = (
    "Listo, su recado quedó guardado. El primer mensaje dirá solo «¿Puede escribir ahora?».\n"
    "Si usa WhatsApp, le pueden escribir hasta 24 horas después de su último mensaje.\n"
    "Para quitar su recado, escriba BORRAR. Mientras tanto sigo aquí: ¿necesita algo más?"
)
NOT_LEFT = "Está bien, no guardé ningún recado. ¿Qué necesita?"
TAKEN_BACK = "Listo, quité su recado: ya nadie le va a escribir por él. ¿Necesita algo más?"

CALL = "¿Puede escribir ahora?"
BEGINS = (
    "Gracias. Ahora le escribe una persona del equipo, no Faro. "
    "Para terminar, escriba MENÚ. Para irse, SALIR."
)
RESUMED = (
    "Muy bien. Lo que escriba ahora lo lee la persona que le atendió. "
    "Para terminar, escriba MENÚ. Para irse, SALIR."
)
NOT_NOW = "Está bien, en otro momento será. Si quiere hablar antes, escriba PERSONA."
ENDED = "Esa conversación ya terminó. Aquí sigo yo, Faro. ¿Qué necesita?"
RETURNED = (
    "Por ahora no hay quien le conteste por escrito. Sigo yo, Faro. "
    "Para ver opciones, toque «Menú». Para hablar con alguien, escriba PERSONA."
)
RETURNED_KEPT = (
    "Por ahora no hay quien le conteste por escrito. Guardé su mensaje para que lo lea. "
    "Si necesita algo ya, toque «Menú» o escriba PERSONA."
)
HANDED_BACK = (
    "La persona del equipo terminó por ahora. Sigo yo, Faro. "
    "Si necesita algo más, toque «Menú» o escriba PERSONA."
)
ONLY_TEXT = "Quien le atiende solo puede leer mensajes escritos. Si puede, escríbalo con sus palabras."

HEARD_ATTACHMENT = {
    "voice": "[Mandó una nota de voz. No se abrió.]",
    "image": "[Mandó una imagen. No se abrió.]",
    "sticker": "[Mandó un sticker.]",
    "document": "[Mandó un archivo. No se abrió.]",
    "contact": "[Mandó un contacto. No se abrió.]",
}
HEARD_PLACE = "[Mandó su ubicación: {place}.]"
HEARD_NO_PLACE = "[Mandó una ubicación que no está en México.]"

LEAVE_WORD = "Dejar un recado"
TAKE_BACK = "Quitar mi recado"
GO_ON = "Seguir hablando"
AGREE = "Sí, de acuerdo"
NO_THANKS = "No, gracias"
KEEP = "Sí, dejar recado"
CAN_WRITE = "Sí"
CANNOT_WRITE = "Ahora no"
WINDOWS = {
    "morning": "En la mañana",
    "afternoon": "En la tarde",
    "night": "En la noche",
    "any": "A cualquier hora",
    "unsaid": "Prefiero no decir",
}
LAST_DAYS = {0: "Solo hoy", 1: "Hasta mañana", 3: "Durante 3 días"}
