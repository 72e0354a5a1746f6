"""The first words, the menu, and what Faro says when it did not understand."""

PRIVACY_LINE = "Lo que escribe se borra al contestarle. Para irse, escriba SALIR. Más: PRIVACIDAD."
PRIVACY_LINE_SHORT = "Lo que escribe se borra al contestarle. Más: PRIVACIDAD."
"""For an answer that already says how to leave."""

WELCOME = (
    "Hola, soy Faro. Dígame qué necesita y en qué municipio está. "
    "Yo busco a quién puede llamar o a dónde puede ir. Es gratis.\n\n"
    "Puede escribir con sus palabras, por ejemplo: «busco dónde dormir en Tlapa». "
    "O elija una opción de la lista."
)

MENU = (
    "¿Qué necesita? Elija una opción de la lista, escriba su número o dígalo con sus palabras.\n\n"
    "También puede escribir: AYUDA, PERSONA, MUJER, PRIVACIDAD, BORRAR o SALIR."
)

MENU_MORE = "Hay más opciones. Elija una de la lista, escriba su número o dígalo con sus palabras."

GREETING_AGAIN = "Hola de nuevo. ¿Qué necesita? Puede decirlo con sus palabras o elegir de la lista."

PROGRAM = (
    "Soy Faro, un programa que contesta solo; no soy una persona. Le busco a quién puede llamar o a dónde "
    "puede ir. Para hablar con una persona, escriba PERSONA. ¿Qué necesita?"
)

NOTED = "Gracias por contarme. ¿Qué necesita? Elija de la lista o dígalo con sus palabras."

HERE = "Aquí estoy con usted. Esto puede pedir hoy; si le hace falta otra cosa, dígala con sus palabras:"

FINE = "Está bien. Aquí sigo: escriba cuando quiera."

THANKS = "Para eso estoy. Si necesita algo más, escriba cuando quiera."

GOODBYE = "Que le vaya bien. Aquí sigo: escriba cuando quiera."

OUT_OF_SCOPE = (
    "Con eso no sé ayudarle. Si tuvo que dejar su casa, sí puedo buscarle dónde dormir, comida, doctor, "
    "papeles, abogados y más. ¿Necesita algo de la lista?"
)

GUESSES = "¿Busca alguna de estas cosas? Toque una, o dígamelo con otras palabras."

MISS = (
    "Dígame con otras palabras qué necesita, o elija de la lista.\n\n"
    "Si prefiere hablar con una persona, llame aquí: {line}."
)

MISS_THIRD = (
    "Creo que le va a ayudar más hablar con una persona. "
    "Llame aquí: {line}.\n\nSi quiere seguir por aquí, escriba MENÚ."
)

HELP_LOUD = (
    "Aquí estoy. Llame al {line} si necesita ayuda en este momento. "
    "Es gratis y contestan de día y de noche.{alternative}\n\n"
    "¿Qué necesita? Elija de la lista o dígalo con sus palabras. Para irse, escriba SALIR. {erase_hint}"
)

ATTACHMENT = (
    "Gracias. Yo solo puedo leer mensajes escritos; no abrí lo que me mandó. "
    "Si puede, escriba qué necesita o elija de la lista. "
    "Si prefiere hablar, llame aquí: {line}."
)

OTHER_PERSON = "Este es un servicio de información. Si busca algún trámite o servicio, escriba MENÚ."

SILENT = (
    "Está bien, no hace falta hablar: puede escribir poco a poco. "
    "¿Qué necesita? Elija de la lista o dígalo con sus palabras."
)

SILENT_LINE = "Si necesita auxilio ahora, escriba a {line}."

LATE = "Ya puedo responder. Escriba cuando quiera."

BROKEN = "Algo falló de mi lado y no pude contestarle. Si es urgente, llame al {line}. Si no, escriba MENÚ."
