"""The Spanish words of closed lists and short notices that several pages use."""

from collections.abc import Mapping

from bot.panel.roles import Role
from data.records import Exposure

ROLES: Mapping[str, str] = {
    Role.READING: "Lectura: solo ver",
    Role.EDITING: "Edición: cambiar el directorio y contestar solicitudes",
    Role.VERIFYING: "Verificación: además comprobar datos y aprobar cambios de otra persona",
    Role.ADMINISTRATION: "Administración: además cuentas y bitácora",
}

SEEN_BY: Mapping[str, str] = {
    Exposure.WOMEN: "se muestra a mujeres",
    Exposure.STAFF: "solo para el personal",
    Exposure.NEVER: "no se muestra a nadie",
}

SAID: Mapping[str, str] = {
    "consultation_opened": "La consulta quedó abierta. Faro la ofrecerá una sola vez a cada persona.",
    "consultation_closed": "La consulta se cerró: ya no se pregunta a nadie más.",
    "opinion_released": "La respuesta ya cuenta en los informes.",
    "opinion_dropped": "La respuesta se borró.",
    "opinion_gone": "Otra persona ya había leído esa respuesta.",
    "saved": "Guardado. El chat ya lo dice así.",
    "same": "No había nada distinto que guardar.",
    "proposed": "Queda en espera: otra persona tiene que aprobarlo antes de que se vea en el chat.",
    "approved": "Aprobado. El chat ya lo dice así.",
    "rejected": "No se aprobó; el directorio sigue como estaba.",
    "withdrawn": "Retiró su propuesta; el directorio sigue como estaba.",
    "undone": "Deshecho. El chat ya lo dice como antes.",
    "password": "Cambió su contraseña. Las demás sesiones se cerraron.",
    "totp_on": "La verificación en dos pasos quedó activada.",
    "totp_off": "La verificación en dos pasos quedó desactivada.",
    "session_closed": "Esa sesión se cerró.",
    "sessions_closed": "Las demás sesiones se cerraron.",
    "account_saved": "La cuenta quedó guardada.",
    "left": "Salió. Ya puede cerrar esta página.",
    "source_read": "La lista se leyó. Abajo está cómo salió.",
    "source_reading": "Se está leyendo; puede tardar. Vuelva a abrir esta página en un momento.",
    "held_approved": "Aprobado. El chat ya lo dice así.",
    "held_rejected": "Rechazado; el directorio sigue como estaba.",
    "imported": "Guardado. El chat ya lo dice así; abajo está todo lo que cambió.",
    "upload_some": "Guardado. Abajo está lo que falta por decidir.",
    "upload_stale": "Se guardó lo que se pudo. Lo que alguien cambió mientras tanto sigue abajo.",
    "upload_dropped": "No se guardó nada de ese archivo.",
    "phrase_written": "Su frase quedó guardada y la original se borró.",
    "phrase_removed": "Se quitó.",
    "verified": "Verificado hoy. El chat ya lo dice así; el siguiente está abajo.",
    "silent": "Anotado: no contestó. Vuelve a salir más tarde.",
    "ended": "Ya no se muestra en el chat. Se puede deshacer en su historial.",
    "request_taken": "La solicitud es suya. Ya puede escribir.",
    "request_put_back": "La solicitud quedó libre para otra persona del equipo.",
    "request_handed_back": "Faro contesta otra vez; la persona lo sabe o lo sabrá con su próximo mensaje.",
    "request_closed": "La solicitud se cerró. Lo que se dijo se borra solo.",
}
"""What a page says once after something was done, by the code in its address."""

ACTIONS: Mapping[str, str] = {
    "consultation_opened": "abrió la consulta",
    "consultation_closed": "cerró la consulta",
    "opinion_released": "aceptó una respuesta",
    "opinion_dropped": "borró una respuesta",
    "login": "entró",
    "login_failed": "intentó entrar y no pudo",
    "login_held": "se detuvieron intentos de entrar",
    "logout": "salió",
    "recovery": "entró con un código de recuperación",
    "password_changed": "cambió su contraseña",
    "totp_on": "activó la verificación en dos pasos",
    "totp_off": "desactivó la verificación en dos pasos",
    "session_closed": "cerró una sesión",
    "account_added": "creó la cuenta",
    "account_changed": "cambió la cuenta",
    "account_reset": "dio una contraseña nueva a la cuenta",
    "account_off": "desactivó la cuenta",
    "account_on": "activó la cuenta",
    "record_added": "agregó el servicio",
    "record_changed": "cambió el servicio",
    "record_undone": "deshizo un cambio del servicio",
    "proposed": "propuso un cambio del servicio",
    "approved": "aprobó un cambio del servicio",
    "rejected": "no aprobó un cambio del servicio",
    "withdrawn": "retiró su propuesta para el servicio",
    "source_read": "leyó la fuente",
    "held_approved": "aprobó diferencias de la fuente",
    "held_rejected": "rechazó diferencias de la fuente",
    "imported": "guardó un archivo",
    "exported": "bajó el directorio",
    "batch_undone": "deshizo",
    "phrase_written": "escribió una frase para enseñar",
    "check_silent": "llamó y no contestó el servicio",
    "request_taken": "tomó la solicitud",
    "request_put_back": "dejó libre la solicitud",
    "request_answered": "contestó la solicitud",
    "request_handed_back": "devolvió a Faro la solicitud",
    "request_closed": "cerró la solicitud",
}
"""Codes of the audit, as they follow a name."""

REASONS: Mapping[str, tuple[str, str]] = {
    "no_page": ("Esta página no existe", "Revise la dirección, o vuelva al inicio."),
    "not_allowed": (
        "Esto no está permitido para su cuenta",
        "Si lo necesita para su trabajo, pídalo a quien administra el panel.",
    ),
    "unreadable": ("No se pudo leer lo que llegó", "Vuelva atrás e inténtelo de nuevo; no se cambió nada."),
    "too_large": ("Es demasiado grande", "Vuelva atrás y envíe menos; no se cambió nada."),
}
