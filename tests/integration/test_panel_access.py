"""Who comes into the panel, and how far: logins, roles, keys, sessions, the second factor."""

import asyncio
import re
import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pyotp
import pytest

from bot import scheduler
from bot.core import Core
from bot.panel import second_factor
from bot.panel.guard import HEADERS, Page
from bot.panel.login import PER_BOTH
from bot.panel.roles import Permission, Role, may
from bot.panel.site import MODULES
from bot.settings import read
from data import account_store, audit_store
from tests.fixtures.panel import PASSWORD, Caseworker, PanelServer, panel_of

PAGES = [page for module in MODULES for page in module.PAGES]
INSIDE = [page for page in PAGES if page.permission is not None]
sqlite_only = pytest.mark.usually_on("sqlite")


def address(page: Page, some_id: str = "MX001") -> str:
    return re.sub(r"\{\w+\}", some_id, page.path)


async def visit(who: Caseworker, page: Page) -> int:
    path = address(page)
    answer = await (who.get(path) if page.method == "GET" else who.post(path))
    return answer.status


@sqlite_only
@pytest.mark.parametrize("role", list(Role))
async def test_every_role_opens_only_the_pages_that_it_is_granted(panel: PanelServer, role: Role) -> None:
    who = await panel.caseworker(role)
    assert who.account
    risky = {"/salir", "/contrasena", "/cuenta/sesiones", "/cuenta/sesion"}

    for page in INSIDE:
        if page.path in risky or "open" not in page.stages:
            continue
        status = await visit(who, page)
        granted = may(who.account, page.permission or Permission.READ)
        assert (status == 403) != granted, f"{role} {page.method} {page.path}: {status}"


@sqlite_only
async def test_nobody_opens_a_page_without_logging_in(panel: PanelServer) -> None:
    visitor = panel.visitor()

    for page in INSIDE:
        path = address(page)
        answer = await (visitor.get(path) if page.method == "GET" else visitor.post(path, {"a": "b"}))
        expected = 303 if page.method == "GET" else 401
        assert answer.status == expected, f"{page.method} {page.path}: {answer.status}"


@sqlite_only
async def test_every_answer_carries_the_protecting_headers(panel: PanelServer) -> None:
    visitor = panel.visitor()

    for path in ("/entrar", "/", "/no/hay", "/cuentas"):
        answer = await visitor.get(path)
        assert HEADERS.items() <= answer.headers.items()


async def test_a_login_brings_a_new_cookie_whatever_cookie_came(panel: PanelServer) -> None:
    await panel.add("ana@ejemplo.org", Role.EDITING)
    victim = panel.visitor()
    victim.plant("elegida-por-otra-persona")
    await victim.get("/entrar")

    answer = await victim.log_in("ana@ejemplo.org")
    attacker = panel.visitor()
    attacker.plant("elegida-por-otra-persona")

    assert answer.status == 303
    assert victim.cookie != "elegida-por-otra-persona"
    assert (await victim.get("/")).status == 200
    assert (await attacker.get("/")).status == 303


@sqlite_only
async def test_the_cookie_is_closed_to_scripts_and_to_other_sites(panel: PanelServer) -> None:
    await panel.add("ana@ejemplo.org", Role.EDITING)
    who = panel.visitor()

    answer = await who.log_in("ana@ejemplo.org")

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/panel" in cookie
    assert "Secure" not in cookie  # plain loopback; see the next test


@sqlite_only
async def test_the_cookie_is_secure_when_faro_is_public(core: Core, tmp_path: Path) -> None:
    public = read(
        data_dir=tmp_path,
        secret_key=secrets.token_urlsafe(48),
        public_url="https://faro.example.org",
        operator_name="a",
        operator_contact="b",
        privacy_url="https://example.org",
    )
    async with panel_of(core, public) as served:
        answer = await served.visitor().get("/entrar")

    assert "Secure" in answer.headers["Set-Cookie"]


async def test_guessing_is_held_after_a_few_tries_in_every_process(panel: PanelServer) -> None:
    await panel.add("ana@ejemplo.org", Role.EDITING)
    guesser = panel.visitor()
    await guesser.get("/entrar")

    tries = [
        await guesser.post("/entrar", {"email": "ana@ejemplo.org", "password": f"clave {i}"})
        for i in range(PER_BOTH + 1)
    ]
    right = await guesser.post("/entrar", {"email": "Ana@Ejemplo.org ", "password": PASSWORD})

    assert [answer.status for answer in tries] == [401] * PER_BOTH + [429]
    assert right.status == 429
    async with panel.core.database.read() as connection:
        actions = [entry.action for entry in await audit_store.entries(connection)]
    assert actions.count("login_failed") == PER_BOTH
    assert actions.count("login_held") == 2


async def test_tries_at_the_same_moment_count_as_many(panel: PanelServer) -> None:
    await panel.add("ana@ejemplo.org", Role.EDITING)
    guesser = panel.visitor()
    await guesser.get("/entrar")
    form = {"email": "ana@ejemplo.org", "password": "no es esta"}

    answers = await asyncio.gather(*(guesser.post("/entrar", form) for _ in range(12)))

    assert sorted(answer.status for answer in answers) == [401] * PER_BOTH + [429] * (12 - PER_BOTH)


@sqlite_only
async def test_a_new_password_from_an_administrator_lets_in_again(panel: PanelServer) -> None:
    admin = await panel.caseworker(Role.ADMINISTRATION)
    ana = await panel.add("ana@ejemplo.org", Role.EDITING)
    who = panel.visitor()
    await who.get("/entrar")
    for _ in range(PER_BOTH):
        await who.post("/entrar", {"email": "ana@ejemplo.org", "password": "otra cosa"})

    given = await admin.post(f"/cuentas/{ana.id}/contrasena")
    password = given.text.split('class="secret">')[1].split("<")[0]
    first = await who.log_in("ana@ejemplo.org", password)
    elsewhere = await who.get("/cuenta")
    weak = await who.post("/contrasena", {"new": "corta", "again": "corta"})
    done = await who.post("/contrasena", {"new": "lluvia mesa tren azul", "again": "lluvia mesa tren azul"})

    assert first.status == 200
    assert "Escriba una contraseña suya" in first.text
    assert elsewhere.location == "/panel/contrasena"
    assert weak.status == 422
    assert done.status == 303
    assert (await who.get("/cuenta")).status == 200


@sqlite_only
async def test_an_unknown_account_is_answered_as_a_wrong_password(panel: PanelServer) -> None:
    await panel.add("ana@ejemplo.org", Role.EDITING)
    who = panel.visitor()
    await who.get("/entrar")

    unknown = await who.post("/entrar", {"email": "nadie@ejemplo.org", "password": "x"})
    wrong = await who.post("/entrar", {"email": "ana@ejemplo.org", "password": "x"})

    assert unknown.status == wrong.status == 401
    assert unknown.text.replace("nadie", "ana") == wrong.text
    async with panel.core.database.read() as connection:
        said = [entry.who for entry in await audit_store.entries(connection)]
    assert said == ["ana@ejemplo.org", "(cuenta desconocida)"]


@sqlite_only
@pytest.mark.parametrize("password", ["", "x" * 300_00, "\x00", "ñ" * 201, "\ud800"])
async def test_hostile_passwords_are_only_wrong(panel: PanelServer, password: str) -> None:
    await panel.add("ana@ejemplo.org", Role.EDITING)
    who = panel.visitor()
    await who.get("/entrar")
    body = aiohttp.FormData({"email": "ana@ejemplo.org", "_csrf": who.key})
    body.add_field("password", password.encode("utf-8", "surrogatepass").decode("latin-1"))

    async with who.http.post(f"{panel.url}/entrar", data=body) as response:
        assert response.status == 401


async def test_the_second_factor_opens_once_and_recovery_codes_too(panel: PanelServer) -> None:
    who = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    page = await who.get("/cuenta/dos-pasos")
    secret = page.text.split('class="secret">')[1].split("<")[0]
    sealed = page.hidden("sealed")
    wrong = await who.post("/cuenta/dos-pasos", {"sealed": sealed, "code": "000000"})
    code = pyotp.TOTP(secret).now()
    on = await who.post("/cuenta/dos-pasos", {"sealed": sealed, "code": code})
    recovery = on.text.split('class="secret">')[1].split("<")[0]
    other = panel.visitor()

    asked = await other.log_in("ana@ejemplo.org")
    early = await other.get("/cuenta")
    replayed = await other.post("/codigo", {"code": code})
    opened = await other.post("/codigo", {"code": recovery.upper()})
    third = panel.visitor()
    await third.log_in("ana@ejemplo.org")
    again = await third.post("/codigo", {"code": recovery})

    assert wrong.status == 422
    assert on.text.count('class="secret"') == second_factor.RECOVERY_CODES
    assert "Código de su teléfono" in asked.text
    assert early.location == "/panel/codigo"
    assert replayed.status == 401
    assert opened.status == 303
    assert (await other.get("/cuenta")).status == 200
    assert again.status == 401


@sqlite_only
async def test_codes_can_not_be_guessed(panel: PanelServer) -> None:
    keys = panel.core.keys
    await panel.add("ana@ejemplo.org", Role.EDITING, totp=keys.seal(second_factor.new_secret()))
    who = panel.visitor()
    await who.log_in("ana@ejemplo.org")

    tries = [(await who.post("/codigo", {"code": f"{i:06}"})).status for i in range(PER_BOTH + 1)]

    assert tries == [401] * PER_BOTH + [429]


@sqlite_only
async def test_a_session_is_listed_and_closed_from_another(panel: PanelServer) -> None:
    here = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    there = panel.visitor()
    await there.log_in("ana@ejemplo.org")
    eva = await panel.caseworker(Role.EDITING, "eva@ejemplo.org")
    page = await here.get("/cuenta")
    their_id = page.hidden("session")

    by_eva = await eva.post("/cuenta/sesion", {"session": their_id})
    still = await there.get("/cuenta")
    closed = await here.post("/cuenta/sesion", {"session": their_id})

    assert by_eva.status == 404
    assert still.status == 200
    assert closed.status == 303
    assert (await there.get("/cuenta")).status == 303
    assert (await here.get("/cuenta")).status == 200


@sqlite_only
async def test_a_closed_account_is_out_at_once(panel: PanelServer) -> None:
    admin = await panel.caseworker(Role.ADMINISTRATION)
    who = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    assert who.account
    assert admin.account

    await admin.post(f"/cuentas/{who.account.id}/activa", {"active": "no"})
    own = await admin.post(f"/cuentas/{admin.account.id}/activa", {"active": "no"})

    assert (await who.get("/")).status == 303
    assert (await panel.visitor().log_in("ana@ejemplo.org")).status == 401
    assert own.status == 403


@sqlite_only
async def test_logging_out_ends_the_session_itself(panel: PanelServer) -> None:
    who = await panel.caseworker(Role.EDITING)
    cookie = who.cookie

    await who.post("/salir")
    thief = panel.visitor()
    thief.plant(cookie)

    assert (await thief.get("/cuenta")).status == 303


@sqlite_only
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
async def test_a_form_from_another_site_is_refused(panel: PanelServer, headers: dict[str, str]) -> None:
    who = await panel.caseworker(Role.EDITING)
    who.headers = headers

    answer = await who.post("/cuenta/sesiones")

    assert answer.status == 403
    assert "_kept" not in answer.text


@sqlite_only
@pytest.mark.parametrize("key", ["", "0" * 64, "ñ"])
async def test_a_form_without_its_key_changes_nothing_and_comes_back(panel: PanelServer, key: str) -> None:
    admin = await panel.caseworker(Role.ADMINISTRATION)
    typed = {"email": "nueva@ejemplo.org", "name": "Nueva", "role": "lectura"}

    refused = await admin.post("/cuentas/nueva", typed, key=key)
    async with panel.core.database.read() as connection:
        assert await account_store.by_email(connection, "nueva@ejemplo.org") is None
    again = await admin.post("/cuentas/nueva", {"_kept": refused.hidden("_kept")})

    assert refused.status == 403
    assert again.status == 200
    async with panel.core.database.read() as connection:
        assert await account_store.by_email(connection, "nueva@ejemplo.org")


@sqlite_only
async def test_what_was_typed_outlives_the_session(panel: PanelServer) -> None:
    admin = await panel.caseworker(Role.ADMINISTRATION)
    assert admin.account
    async with panel.core.database.write() as connection:
        await account_store.close_sessions(connection, admin.account.id)

    ended = await admin.post("/cuentas/nueva", {"email": "b@ejemplo.org", "name": "Be", "role": "lectura"})
    inside = await admin.post(
        "/entrar", {"email": admin.account.email, "password": PASSWORD, "kept": ended.hidden("kept")}
    )
    done = await admin.post("/cuentas/nueva", {"_kept": inside.hidden("_kept")})

    assert ended.status == 401
    assert "Su sesión terminó" in ended.text
    assert "Enviar lo que escribí" in inside.text
    assert done.status == 200
    assert "La cuenta está lista" in done.text


@sqlite_only
async def test_a_kept_form_goes_only_where_it_was_meant_for(panel: PanelServer) -> None:
    admin = await panel.caseworker(Role.ADMINISTRATION)
    refused = await admin.post("/cuentas/nueva", {"name": "x"}, key="")

    answer = await admin.post("/cuenta/sesiones", {"_kept": refused.hidden("_kept")})
    forged = await admin.post("/cuentas/nueva", {"_kept": "gAAAAABnotours"})

    assert answer.status == 400
    assert forged.status == 400


@sqlite_only
async def test_huge_and_malformed_forms_are_refused_with_a_page(panel: PanelServer) -> None:
    who = await panel.caseworker(Role.EDITING)

    async def send(data: object, content_type: str) -> int:
        async with who.http.post(
            f"{panel.url}/cuenta/sesiones", data=data, headers={"Content-Type": content_type}
        ) as response:
            assert "<h1>" in await response.text()
            return response.status

    async def drops() -> object:
        yield b"a=b"

    assert await send(b"a=" + b"x" * 300_000, "application/x-www-form-urlencoded") == 413
    assert await send(b"a=1&" * 3000, "application/x-www-form-urlencoded") in (400, 413)
    assert await send(b"not a multipart", "multipart/form-data; boundary=x") in (400, 403)
    assert await send(b"a=1", "multipart/form-data") in (400, 403)
    assert await send(b"a=%ff%fe", "application/x-www-form-urlencoded; charset=nonsense") in (400, 403)
    assert await send(drops(), "application/x-www-form-urlencoded") == 411


@sqlite_only
async def test_an_administrator_makes_accounts_with_limits(panel: PanelServer) -> None:
    admin = await panel.caseworker(Role.ADMINISTRATION)
    form = [
        ("email", "Eva@Ejemplo.ORG"),
        ("name", "<b>Eva</b>"),
        ("role", "edición"),
        ("organization", "DIF Chiapas"),
        ("states", "07"),
        ("states", "12"),
    ]

    made = await admin.post("/cuentas/nueva", form)
    twice = await admin.post("/cuentas/nueva", form)
    wrong = await admin.post("/cuentas/nueva", {"email": "x", "name": "", "role": "dueña", "states": "99"})
    page = await admin.get("/cuentas")

    assert made.status == 200
    assert twice.status == 422
    assert "Ya hay una cuenta con ese correo" in twice.text
    assert wrong.text.count('class="error"') >= 4
    assert "&lt;b&gt;Eva&lt;/b&gt;" in page.text
    assert "<b>Eva" not in page.text
    async with panel.core.database.read() as connection:
        eva = await account_store.by_email(connection, "eva@ejemplo.org")
    assert eva
    assert replace(eva, password="", id="").states == ("07", "12")
    assert eva.must_change


@sqlite_only
async def test_the_audit_tells_what_was_done_and_no_secret(panel: PanelServer) -> None:
    admin = await panel.caseworker(Role.ADMINISTRATION)
    made = await admin.post("/cuentas/nueva", {"email": "e@ejemplo.org", "name": "Eva", "role": "lectura"})
    password = made.text.split('class="secret">')[1].split("<")[0]

    page = await admin.get("/bitacora")
    narrowed = await admin.get("/bitacora?accion=account_added&quien=administration@ejemplo.org&antes=%00")

    assert "creó la cuenta «e@ejemplo.org»" in page.text
    assert "entró" in page.text
    assert password not in page.text
    assert "creó la cuenta" in narrowed.text


async def test_the_audit_forgets_after_the_set_days(panel: PanelServer) -> None:
    core = panel.core
    await panel.caseworker(Role.ADMINISTRATION)
    async with core.database.read() as connection:
        first = (await audit_store.entries(connection))[0]
    until = first.at + timedelta(days=core.operator.audit_days)

    await scheduler.purge_queues(core, until - timedelta(seconds=1))
    async with core.database.read() as connection:
        kept = await audit_store.entries(connection)
    await scheduler.purge_queues(core, until + timedelta(seconds=1))
    async with core.database.read() as connection:
        left = await audit_store.entries(connection)

    assert first in kept
    assert left == []


@sqlite_only
async def test_a_limited_administrator_gives_and_takes_no_more_than_their_own(panel: PanelServer) -> None:
    chief = await panel.add("jefa@ejemplo.org", Role.ADMINISTRATION)
    admin = await panel.caseworker(Role.ADMINISTRATION, "ana@ejemplo.org", states=("07",))
    assert admin.account
    form = {"email": "n@ejemplo.org", "name": "Ene", "role": "edición"}

    unlimited = await admin.post("/cuentas/nueva", form)
    elsewhere = await admin.post("/cuentas/nueva", form | {"states": "12"})
    within = await admin.post("/cuentas/nueva", form | {"states": "07"})
    own = await admin.post(f"/cuentas/{admin.account.id}", {"name": "Ana", "role": "administración"})
    taken = [
        (await admin.get(f"/cuentas/{chief.id}")).status,
        (await admin.post(f"/cuentas/{chief.id}/contrasena")).status,
        (await admin.post(f"/cuentas/{chief.id}/activa", {"active": "no"})).status,
    ]
    listed = await admin.get("/cuentas")

    assert [unlimited.status, elsewhere.status, within.status, own.status] == [422, 422, 200, 422]
    assert taken == [403, 403, 403]
    assert "jefa@ejemplo.org" not in listed.text
