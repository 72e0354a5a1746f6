"""A consultation by chat: offered once, begun by a yes, left by any word."""

OFFER = "Si quiere decir qué falta o qué mejorar, escriba «quiero opinar». No es obligatorio."

CONSENT = (
    "Gracias por querer opinar sobre: {title}.\n"
    "• Son {count}. Puede dejarlo cuando quiera.\n"
    "• No se guarda quién es. No ponga nombres, teléfonos ni direcciones.\n"
    "• Una persona lee lo que escriba antes de que se use.\n"
    "• Responde por esto: {answers_for}.\n"
    "¿Quiere empezar?"
)
ONE_QUESTION = "1 pregunta"
QUESTIONS = "{count} preguntas"

FREE = (
    "Gracias por querer opinar. Puede decirme qué le ha servido, qué falta y qué se debe cambiar.\n"
    "• No se guarda quién es. No ponga nombres, teléfonos ni direcciones.\n"
    "• Una persona lee lo que escriba antes de que se use.\n"
    "¿Quiere empezar?"
)
FREE_QUESTION = "Escriba su opinión en un solo mensaje. Para dejarlo, escriba MENÚ."

ASK = "{number} de {count}. {question}"
CHOOSE = "Elija una opción. Para dejarlo, escriba MENÚ."
WRITE = "Escríbalo en un solo mensaje. Para dejarlo, escriba MENÚ."

DONE = "Muchas gracias, su opinión quedó guardada sin su nombre. ¿Necesita algo más?"
NOT_NOW = "Está bien. Si quiere opinar después, escriba «quiero opinar». ¿Necesita algo más?"

YES = "Sí, empezar"
NO = "Ahora no"
