"""Accounts of caseworkers: made, limited, reset and closed by an administrator."""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from bot.panel import passwords
from bot.panel.guard import Page
from bot.panel.login import normal_email
from bot.panel.passwords import Passwords
from bot.panel.roles import Permission, Role
from bot.panel.visit import Response, Visit
from bot.panel.words import ROLES
from data import account_store
from data.account_store import Account

_EMAIL = re.compile(r"[^@\s<>\"',;]{1,100}@[^@\s<>\"',;]{1,80}\.[^@\s<>\"',;.]{2,20}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form of an account says."""

    email: str
    name: str
    role: str
    organization: str
    states: tuple[str, ...]


def is_email(text: str) -> bool:
    """Whether it may be the address of an account."""
    return bool(_EMAIL.fullmatch(text)) and text.isprintable()


async def new_account(
    keeper: Passwords, email: str, role: str, password: str, *, now: datetime, name: str = ""
) -> Account:
    """An account whose password must be changed at the first login."""
    return Account(
        id=secrets.token_hex(16),
        email=email,
        name=name,
        password=await keeper.hash(password),
        must_change=True,
        role=role,
        organization="",
        states=(),
        totp=None,
        totp_step=0,
        is_active=True,
        created_at=now,
    )


async def show_all(visit: Visit) -> Response:
    """Every account."""
    async with visit.desk.core.database.read() as connection:
        found = await account_store.every(connection)
    return visit.page("accounts.html", accounts=[each for each in found if _is_below(visit.account, each)])


async def show_new(visit: Visit) -> Response:
    """The form of an account that does not exist yet."""
    mine = visit.account
    return _form(visit, Typed("", "", Role.EDITING, mine.organization, mine.states))


async def add(visit: Visit) -> Response:
    """Make it, and show its one-time password this once."""
    typed = _typed(visit)
    errors = _errors(visit, typed)
    if not is_email(typed.email):
        errors["email"] = "No es un correo; escriba por ejemplo «nombre@ejemplo.org»."
    if errors:
        return _form(visit, typed, errors)
    password = passwords.one_time()
    made = await new_account(
        visit.desk.passwords, typed.email, typed.role, password, now=visit.now, name=typed.name
    )
    made = replace(made, organization=typed.organization, states=typed.states)
    async with visit.desk.core.database.write() as connection:
        if not await account_store.add(connection, made):
            return _form(visit, typed, {"email": "Ya hay una cuenta con ese correo."})
        await visit.note(connection, "account_added", target=made.email, detail=_limits(typed))
    return visit.page("account_password.html", other=made, password=password, is_new=True)


async def show(visit: Visit) -> Response:
    """One account."""
    other = await _other(visit)
    return _form(
        visit, Typed(other.email, other.name, other.role, other.organization, other.states), other=other
    )


async def change(visit: Visit) -> Response:
    """Its name, role and limits. What changed counts from its next page on."""
    other = await _other(visit)
    typed = replace(_typed(visit), email=other.email)
    errors = _errors(visit, typed)
    if other.id == visit.account.id and typed.role != other.role:
        errors["role"] = "No puede cambiar su propio papel; pídalo a otra persona que administre."
    if errors:
        return _form(visit, typed, errors, other=other)
    async with visit.desk.core.database.write() as connection:
        await account_store.change(
            connection,
            other.id,
            name=typed.name,
            role=typed.role,
            organization=typed.organization,
            states=typed.states,
        )
        await visit.note(connection, "account_changed", target=other.email, detail=_limits(typed))
    return visit.to("/cuentas", ok="account_saved")


async def reset(visit: Visit) -> Response:
    """Another one-time password; every session ends. The second factor goes when the telephone is lost."""
    other = await _other(visit)
    password = passwords.one_time()
    values: dict[str, object] = {"password": await visit.desk.passwords.hash(password), "must_change": True}
    lost = visit.text("lost") == "yes"
    async with visit.desk.core.database.write() as connection:
        if lost:
            values |= {"totp": None, "totp_step": 0}
            await account_store.set_recovery_codes(connection, other.id, ())
        await account_store.change(connection, other.id, **values)
        await account_store.close_sessions(connection, other.id)
        detail = "también quitó la verificación en dos pasos" if lost else ""
        await visit.note(connection, "account_reset", target=other.email, detail=detail)
    return visit.page("account_password.html", other=other, password=password, is_new=False)


async def switch(visit: Visit) -> Response:
    """Close an account or open it again. Nobody closes their own."""
    other = await _other(visit)
    if other.id == visit.account.id:
        raise web.HTTPForbidden
    is_active = visit.text("active") == "yes"
    async with visit.desk.core.database.write() as connection:
        await account_store.change(connection, other.id, is_active=is_active)
        await account_store.close_sessions(connection, other.id)
        await visit.note(connection, "account_on" if is_active else "account_off", target=other.email)
    return visit.to("/cuentas", ok="account_saved")


PAGES = (
    Page("GET", "/cuentas", Permission.ACCOUNTS, show_all),
    Page("GET", "/cuentas/nueva", Permission.ACCOUNTS, show_new),
    Page("POST", "/cuentas/nueva", Permission.ACCOUNTS, add),
    Page("GET", "/cuentas/{id}", Permission.ACCOUNTS, show),
    Page("POST", "/cuentas/{id}", Permission.ACCOUNTS, change),
    Page("POST", "/cuentas/{id}/contrasena", Permission.ACCOUNTS, reset),
    Page("POST", "/cuentas/{id}/activa", Permission.ACCOUNTS, switch),
)


async def _other(visit: Visit) -> Account:
    async with visit.desk.core.database.read() as connection:
        found = await account_store.by_id(connection, visit.id())
    if found is None:
        raise web.HTTPNotFound
    if not _is_below(visit.account, found):
        raise web.HTTPForbidden
    return found


def _is_below(account: Account, other: Account | Typed) -> bool:
    """Whether the limits of an account hold the other's: nobody gives, or takes over, more than their own."""
    if account.organization and account.organization.casefold() != other.organization.casefold():
        return False
    return not account.states or (bool(other.states) and set(other.states) <= set(account.states))


def _typed(visit: Visit) -> Typed:
    states = {key for key in visit.form.getall("states", ()) if isinstance(key, str)}
    return Typed(
        email=normal_email(visit.text("email")),
        name=visit.text("name"),
        role=visit.text("role"),
        organization=visit.text("organization"),
        states=tuple(sorted(states)),
    )


def _errors(visit: Visit, typed: Typed) -> dict[str, str]:
    errors = {}
    if not typed.name or len(typed.name) > 200 or not typed.name.isprintable():
        errors["name"] = "Escriba el nombre con el que firma sus cambios, de hasta 200 letras."
    if typed.role not in ROLES:
        errors["role"] = "Elija uno de la lista."
    if len(typed.organization) > 300 or not typed.organization.isprintable():
        errors["organization"] = "Es demasiado largo; escríbalo como está en el directorio."
    if any(key not in visit.desk.areas.areas.states for key in typed.states):
        errors["states"] = "Elija estados de la lista."
    elif not _is_below(visit.account, typed):
        errors["states"] = "Su propia cuenta tiene límites: dé la misma institución y solo sus estados."
    return errors


def _form(
    visit: Visit, typed: Typed, errors: dict[str, str] | None = None, *, other: Account | None = None
) -> Response:
    return visit.page(
        "account.html", status=422 if errors else 200, typed=typed, errors=errors or {}, other=other
    )


def _limits(typed: Typed) -> str:
    parts = (typed.role, typed.organization, " ".join(typed.states))
    return "; ".join(part for part in parts if part)
