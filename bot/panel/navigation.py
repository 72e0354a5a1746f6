"""What stands in the panel's menu: address, words, and the permission without which it is not shown."""

from dataclasses import dataclass

from bot.panel.roles import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the menu. `path` is below /panel; what is not needed every day stands under «Más»."""

    path: str
    words: str
    permission: Permission
    is_daily: bool = True


PLACES = (
    Place("/", "Inicio", Permission.READ),
    Place("/directorio", "Directorio", Permission.READ),
    Place("/verificar", "Verificar", Permission.VERIFY),
    Place("/solicitudes", "Solicitudes", Permission.ANSWER),
    Place("/cambios", "Por aprobar", Permission.EDIT),
    Place("/archivos", "Archivos", Permission.READ),
    Place("/fuentes", "Fuentes", Permission.SOURCES),
    Place("/sin-encontrar", "Sin encontrar", Permission.INSIGHT),
    Place("/consultas", "Consultas", Permission.APPROVE, is_daily=False),
    Place("/informes", "Informes", Permission.INSIGHT, is_daily=False),
    Place("/cuentas", "Cuentas", Permission.ACCOUNTS, is_daily=False),
    Place("/bitacora", "Bitácora", Permission.AUDIT, is_daily=False),
    Place("/cuenta", "Mi cuenta", Permission.READ, is_daily=False),
)
