"""What stands in the panel's menu: address, words, and the permission without which it is not shown."""

from dataclasses import dataclass

from bot.panel.roles import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the menu. `path` is below /panel."""

    path: str
    words: str
    permission: Permission


PLACES = (
    Place("/", "Inicio", Permission.READ),
    Place("/directorio", "Directorio", Permission.READ),
    Place("/verificar", "Verificar", Permission.VERIFY),
    Place("/solicitudes", "Solicitudes", Permission.ANSWER),
    Place("/cambios", "Por aprobar", Permission.EDIT),
    Place("/consultas", "Consultas", Permission.APPROVE),
    Place("/informes", "Informes", Permission.INSIGHT),
    Place("/archivos", "Archivos", Permission.READ),
    Place("/sin-encontrar", "Sin encontrar", Permission.INSIGHT),
    Place("/fuentes", "Fuentes", Permission.SOURCES),
    Place("/cuentas", "Cuentas", Permission.ACCOUNTS),
    Place("/bitacora", "Bitácora", Permission.AUDIT),
)
