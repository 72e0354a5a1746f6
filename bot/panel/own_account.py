"""One's own account: password, second factor, and where one is logged in."""

from aiohttp import web

from bot.panel import second_factor
from bot.panel.guard import IDLE, Page
from bot.panel.roles import Permission
from bot.panel.visit import Response, Visit
from data import account_store
from data.keys import Unreadable


async def show(visit: Visit) -> Response:
    """Everything about it on one page."""
    async with visit.desk.core.database.read() as connection:
        sessions = await account_store.sessions_of(
            connection, visit.account.id, now=visit.now, idle_since=visit.now - IDLE
        )
        codes = await account_store.recovery_codes_left(connection, visit.account.id)
    return visit.page("own_account.html", sessions=sessions, codes=codes)


async def close_session(visit: Visit) -> Response:
    """End one of one's own sessions; another's is not found."""
    async with visit.desk.core.database.write() as connection:
        ended = await account_store.close_session(
            connection, visit.text("session"), account_id=visit.account.id
        )
        if not ended:
            raise web.HTTPNotFound
        await visit.note(connection, "session_closed")
    return visit.to("/cuenta", ok="session_closed")


async def close_others(visit: Visit) -> Response:
    """End every session but this."""
    async with visit.desk.core.database.write() as connection:
        mine = visit.session.id if visit.session else ""
        await account_store.close_sessions(connection, visit.account.id, but=mine)
        await visit.note(connection, "session_closed")
    return visit.to("/cuenta", ok="sessions_closed")


async def show_second_factor(visit: Visit) -> Response:
    """A new secret as a picture; it is kept nowhere until a code proves that the telephone has it."""
    if visit.account.totp:
        return visit.to("/cuenta")
    return _setup(visit, second_factor.new_secret())


async def start_second_factor(visit: Visit) -> Response:
    """The telephone's first code is right: from now on it is asked for. Shows the recovery codes once."""
    try:
        secret = visit.desk.core.keys.open_text(visit.text("sealed"))
    except Unreadable:
        return visit.to("/cuenta/dos-pasos")
    step = second_factor.step_of(secret, visit.text("code"), now=visit.now)
    if step is None:
        return _setup(visit, secret, error="Ese código no es el que muestra su aplicación ahora.")
    if visit.account.totp:
        return visit.to("/cuenta")
    codes = second_factor.new_recovery_codes()
    keys = visit.desk.core.keys
    digests = [second_factor.digest(keys, visit.account.id, code) for code in codes]
    async with visit.desk.core.database.write() as connection:
        await account_store.change(connection, visit.account.id, totp=keys.seal(secret), totp_step=step)
        await account_store.set_recovery_codes(connection, visit.account.id, digests)
        await account_store.close_sessions(
            connection, visit.account.id, but=visit.session.id if visit.session else ""
        )
        await visit.note(connection, "totp_on")
    return visit.page("recovery_codes.html", codes=codes)


async def stop_second_factor(visit: Visit) -> Response:
    """Without it again; the password is asked, because the page may have been left open."""
    given = visit.form.get("password", "")
    if not await visit.desk.passwords.matches(visit.account.password, str(given)):
        return visit.page("second_factor_off.html", status=422, error="No es su contraseña.")
    async with visit.desk.core.database.write() as connection:
        await account_store.change(connection, visit.account.id, totp=None, totp_step=0)
        await account_store.set_recovery_codes(connection, visit.account.id, ())
        await visit.note(connection, "totp_off")
    return visit.to("/cuenta", ok="totp_off")


async def ask_to_stop(visit: Visit) -> Response:
    """The page that asks for the password."""
    return visit.page("second_factor_off.html", error="")


PAGES = (
    Page("GET", "/cuenta", Permission.READ, show),
    Page("POST", "/cuenta/sesion", Permission.READ, close_session),
    Page("POST", "/cuenta/sesiones", Permission.READ, close_others),
    Page("GET", "/cuenta/dos-pasos", Permission.READ, show_second_factor),
    Page("POST", "/cuenta/dos-pasos", Permission.READ, start_second_factor),
    Page("GET", "/cuenta/un-paso", Permission.READ, ask_to_stop),
    Page("POST", "/cuenta/un-paso", Permission.READ, stop_second_factor),
)


def _setup(visit: Visit, secret: str, *, error: str = "") -> Response:
    return visit.page(
        "second_factor.html",
        status=422 if error else 200,
        picture=second_factor.picture(secret, email=visit.account.email),
        secret=secret,
        sealed=visit.desk.core.keys.seal_text(secret),
        error=error,
    )
