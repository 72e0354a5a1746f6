"""Coming in and going out: password, second factor, a new password when the old was given by somebody."""

import re
import secrets
import unicodedata
from dataclasses import replace
from datetime import timedelta

from multidict import MultiDict

from bot.panel import passwords, second_factor
from bot.panel.devices import device
from bot.panel.guard import CODE, LONGEST, OPEN, RENEW, Page, door, resume, set_cookie
from bot.panel.roles import Permission
from bot.panel.visit import COOKIE, ROOT, Response, Visit, kept, session_id
from data import account_store, audit_store
from data.account_store import Account, Session

WINDOW = timedelta(minutes=15)
PER_BOTH, PER_ACCOUNT, PER_ADDRESS = 5, 20, 60
"""Failed logins in a window: of an account from one address, of an account, from one address."""

UNKNOWN = "(cuenta desconocida)"
"""Who, in the audit, when there is no such account: what was typed may be a password."""

_NEXT = re.compile(r"/[\w/.?=&%+-]{0,500}", re.ASCII)


def normal_email(text: str) -> str:
    """The one way in which an address is kept and compared."""
    return unicodedata.normalize("NFKC", text).strip().casefold()[:200]


async def show_login(visit: Visit) -> Response:
    """The form, unless somebody is in already."""
    if visit.session and visit.session.stage == OPEN:
        return visit.to("/")
    return door(visit, next_path=_next(visit.asked("next")), why=visit.asked("ok"))


async def log_in(visit: Visit) -> Response:
    """The password; what comes after depends on the account."""
    email = normal_email(visit.text("email"))
    password = visit.form.get("password", "")
    async with visit.desk.core.database.read() as connection:
        account = await account_store.by_email(connection, email)
    keys = _keys(visit, email, account.password if account else "")
    who = email if account else UNKNOWN
    if not await _is_let_try(visit, keys, who):
        return _again(visit, email, "held", status=429)
    known = account if account and account.is_active else None
    given = password if isinstance(password, str) else ""
    right = await visit.desk.passwords.matches(known.password if known else "", given)
    if known is None or not right:
        await _note_failure(visit, who)
        return _again(visit, email, "wrong", status=401)
    await _rehash(visit, known, given)
    return await _come_in(visit, known, forget=tuple(keys)[:2])


async def show_code(visit: Visit) -> Response:
    """The second factor."""
    return _code_page(visit)


async def check_code(visit: Visit) -> Response:
    """A code of the telephone, or a recovery code."""
    keys = {visit.desk.core.keys.digest("login code", visit.account.id): PER_BOTH}
    if not await _is_let_try(visit, keys, visit.account.email):
        return _code_page(visit, "held", status=429)
    async with visit.desk.core.database.write() as connection:
        way = await second_factor.check(
            connection, visit.desk.core.keys, visit.account, visit.text("code"), now=visit.now
        )
        if way:
            await account_store.forget_failures(connection, list(keys))
        if way == second_factor.RECOVERY:
            await visit.note(connection, "recovery")
    if not way:
        await _note_failure(visit, visit.account.email)
        return _code_page(visit, "wrong_code", status=401)
    return await _go_on(visit, visit.account, RENEW if visit.account.must_change else OPEN)


async def show_password(visit: Visit) -> Response:
    """A new password."""
    return _password_page(visit)


async def change_password(visit: Visit) -> Response:
    """Set it; every other session ends, and this one gets another cookie."""
    new, again = (visit.form.get(name, "") for name in ("new", "again"))
    errors = await _password_errors(visit, str(new), str(again))
    if errors:
        return _password_page(visit, errors, status=422)
    made = await visit.desk.passwords.hash(str(new))
    async with visit.desk.core.database.write() as connection:
        await account_store.change(connection, visit.account.id, password=made, must_change=False)
        await account_store.close_sessions(connection, visit.account.id)
        await visit.note(connection, "password_changed")
    return await _go_on(visit, visit.account, OPEN, ok="password")


async def log_out(visit: Visit) -> Response:
    """End the session here and in the database."""
    async with visit.desk.core.database.write() as connection:
        await account_store.close_session(connection, session_id(visit.desk, visit.token))
        await visit.note(connection, "logout")
    response = visit.to("/entrar", ok="left")
    response.del_cookie(COOKIE, path=ROOT)
    return response


PAGES = (
    Page("GET", "/entrar", None, show_login),
    Page("POST", "/entrar", None, log_in),
    Page("GET", "/codigo", Permission.READ, show_code, stages=(CODE,)),
    Page("POST", "/codigo", Permission.READ, check_code, stages=(CODE,)),
    Page("GET", "/contrasena", Permission.READ, show_password, stages=(OPEN, RENEW)),
    Page("POST", "/contrasena", Permission.READ, change_password, stages=(OPEN, RENEW)),
    Page("POST", "/salir", Permission.READ, log_out, stages=(OPEN, CODE, RENEW)),
)


def _keys(visit: Visit, email: str, password: str) -> dict[str, int]:
    """Under what a try counts, and how many may fail. A new password begins at nothing."""
    digest = visit.desk.core.keys.digest
    return {
        digest("login both", email, visit.address, password): PER_BOTH,
        digest("login account", email, password): PER_ACCOUNT,
        digest("login address", visit.address): PER_ADDRESS,
    }


async def _is_let_try(visit: Visit, keys: dict[str, int], who: str) -> bool:
    """Counted before the password is looked at: many tries at the same time count as many."""
    async with visit.desk.core.database.write() as connection:
        failed = await account_store.failures(connection, list(keys), since=visit.now - WINDOW)
        if all(failed.get(key, 0) < most for key, most in keys.items()):
            await account_store.add_failures(connection, list(keys), now=visit.now)
            return True
        await audit_store.note(connection, "login_held", who=who, now=visit.now)
        return False


async def _note_failure(visit: Visit, who: str) -> None:
    async with visit.desk.core.database.write() as connection:
        await audit_store.note(connection, "login_failed", who=who, now=visit.now)


async def _rehash(visit: Visit, account: Account, password: str) -> None:
    if visit.desk.passwords.is_old(account.password):
        made = await visit.desk.passwords.hash(password)
        async with visit.desk.core.database.write() as connection:
            await account_store.change(connection, account.id, password=made)


async def _come_in(visit: Visit, account: Account, *, forget: tuple[str, ...]) -> Response:
    stage = CODE if account.totp else RENEW if account.must_change else OPEN
    async with visit.desk.core.database.write() as connection:
        await account_store.forget_failures(connection, forget)
    return await _go_on(visit, account, stage)


async def _go_on(visit: Visit, account: Account, stage: str, *, ok: str = "") -> Response:
    """A new session under a new cookie, whatever cookie came; then the next page."""
    token = secrets.token_urlsafe(32)
    new = Session(
        id=session_id(visit.desk, token),
        account_id=account.id,
        stage=stage,
        device=device(visit.request.headers.get("User-Agent", "")),
        created_at=visit.now,
        seen_at=visit.now,
        until=visit.now + LONGEST,
    )
    async with visit.desk.core.database.write() as connection:
        await account_store.close_session(connection, session_id(visit.desk, visit.token))
        await account_store.open_session(connection, new)
        if stage == OPEN and not ok:
            await audit_store.note(connection, "login", who=account.email, now=visit.now)
    inside = replace(visit, token=token, account=account, session=new)
    response = _next_page(inside, ok=ok)
    set_cookie(visit, response, token)
    return response


def _next_page(visit: Visit, *, ok: str) -> Response:
    stage = visit.session.stage if visit.session else ""
    next_path, sealed = _next(visit.text("next")), visit.text("kept")
    if stage == CODE:
        return _code_page(visit, status=200)
    if stage == RENEW:
        return _password_page(visit)
    found = kept(visit.desk, sealed, now=visit.now) if sealed else None
    if found:
        return resume(visit, found[0], MultiDict(found[1]), why="back")
    return visit.to(next_path or "/", ok=ok)


def _code_page(visit: Visit, why: str = "", *, status: int = 200) -> Response:
    return visit.page("code.html", status=status, why=why, **_carried(visit))


def _password_page(visit: Visit, errors: dict[str, str] | None = None, *, status: int = 200) -> Response:
    must = visit.session is not None and visit.session.stage == RENEW
    return visit.page(
        "password.html",
        status=status,
        errors=errors or {},
        must=must,
        least=passwords.MIN_LENGTH,
        **_carried(visit),
    )


def _carried(visit: Visit) -> dict[str, str]:
    return {"next_path": _next(visit.text("next")), "kept": visit.text("kept")}


async def _password_errors(visit: Visit, new: str, again: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if problem := passwords.problem(new, email=visit.account.email):
        errors["new"] = problem
    if new != again:
        errors["again"] = "No es igual a la de arriba; escríbala otra vez."
    now = str(visit.form.get("current", ""))
    must = visit.session is not None and visit.session.stage == RENEW
    keys = {visit.desk.core.keys.digest("change password", visit.account.id): PER_BOTH}
    if not must and not await _is_let_try(visit, keys, visit.account.email):
        errors["current"] = "Demasiados intentos. Espere 15 minutos."
    elif not must and not await visit.desk.passwords.matches(visit.account.password, now):
        errors["current"] = "No es su contraseña de ahora."
    if not errors and await visit.desk.passwords.matches(visit.account.password, new):
        errors["new"] = "Es la misma que ya tiene; escriba otra."
    return errors


def _again(visit: Visit, email: str, why: str, *, status: int) -> Response:
    return door(visit, status=status, why=why, email=email, **_carried(visit))


def _next(path: str) -> str:
    """Only a page of ours."""
    return path if _NEXT.fullmatch(path) and not path.startswith("//") else ""
