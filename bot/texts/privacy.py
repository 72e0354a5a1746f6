"""Leaving, erasing, stopping, and what is kept."""

LEFT = "Listo. Hasta luego. Gracias."

ASK_ERASE = "Puedo borrar ahora todo lo que guardo de esta conversación. ¿Quiere que lo borre?"
ERASED = (
    "Listo, ya está borrado: lo que me contó, el lugar, los servicios que vio y su código. "
    "Este chat sigue en su teléfono: para quitarlo, abra el menú del chat y elija «Eliminar chat»."
)
NOT_ERASED = "Está bien, no borré nada. ¿Qué necesita?"

STOPPED = "Listo. Ya no le escribo. Si un día me necesita, escriba y vuelvo a contestar."

PRIVACY = (
    "Cómo cuido sus datos. Opera este servicio: {operator}. Contacto: {contact}.\n"
    "• El texto de sus mensajes se borra al contestarle.\n"
    "• Recuerdo qué busca y en qué municipio {idle} minutos; lo demás, {days} días como máximo.\n"
    "• Guardo un código en lugar de su número. No guardo su nombre ni el lugar exacto.\n"
    "• {platform} sí puede saber que usted escribió aquí.\n"
    "• Para borrar todo ahora, escriba BORRAR. Para que ya no le escriba, ALTO. Para irse, SALIR.{url}"
)
PRIVACY_PHRASES = (
    "\n• Si no entiendo una frase, puedo guardarla 30 días para aprender, sin nombres, números ni lugares. "
    "Nunca si habla de peligro."
)
PRIVACY_URL = "\nAviso completo: {url}"
OPERATOR_UNSET = "una organización que todavía no puso su nombre aquí"
CONTACT_UNSET = "sin contacto todavía"
PLATFORM = "La empresa de mensajería"
