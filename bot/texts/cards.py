"""What goes with a point on the map, a contact card or a page: only for who asked for it."""

POINT = "Aquí está el lugar en el mapa, para que vea cómo llegar desde donde esté:"
ASK_FIRST = "Antes de ir, pregunte si atienden."
POINT_LINK = "Mapa: {url}"
CONTACT = "Este es el contacto que pidió. Puede guardarlo o mandarlo a quien lo necesite:"
PAGE = "Esta es la página que pidió. Ahí puede haber más datos; léalos con calma:"
OUTSIDE = "El enlace abre una página de {host}, no de Faro. Queda en el historial de su teléfono."

NO_POINT = "No tengo el punto en el mapa. Esto es lo que sé de ese lugar; léalo con calma:"
NO_PLACE = "Ahí no se va: se llama por teléfono. Esto es lo que sé; léalo con calma:"
NO_CONTACT = "No tengo un contacto para guardar. Esto es lo que sé; léalo con calma:"
NO_PAGE = "No tengo una página de internet. Esto es lo que sé; léalo con calma:"

STAYS = "El mapa o el contacto que pida se queda en este chat."
"""Told before it is asked for: somebody else may read the phone."""

WHICH = "¿De cuál? Toque uno o escriba su número."

SOME_PLACE = "El lugar que pidió"
"""The title of a point whose own name a locked screen must not show."""
