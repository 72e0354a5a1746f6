"""One's own account, and the first one: passwords, the picture for the telephone, the command line."""

import re
from pathlib import Path

import pyotp
import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.panel import second_factor
from bot.panel.passwords import Passwords
from bot.panel.roles import Role
from data import account_store, audit_store
from tests.fixtures.panel import PASSWORD, PanelServer

NEW = "lluvia mesa tren azul"
sqlite_only = pytest.mark.usually_on("sqlite")


async def test_a_new_password_needs_the_old_one_and_ends_every_other_session(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.READING, "ana@ejemplo.org")
    elsewhere = panel.visitor()
    await elsewhere.log_in("ana@ejemplo.org")
    before = ana.cookie
    await ana.get("/contrasena")

    wrong = await ana.post("/contrasena", {"current": "otra cosa", "new": NEW, "again": NEW})
    differ = await ana.post("/contrasena", {"current": PASSWORD, "new": NEW, "again": NEW + "x"})
    done = await ana.post("/contrasena", {"current": PASSWORD, "new": NEW, "again": NEW})

    assert (wrong.status, differ.status, done.status) == (422, 422, 303)
    assert NEW not in wrong.text + differ.text
    assert ana.cookie != before
    assert (await elsewhere.get("/cuenta")).status == 303
    assert (await panel.visitor().log_in("ana@ejemplo.org", PASSWORD)).status == 401
    assert (await panel.visitor().log_in("ana@ejemplo.org", NEW)).status == 303


@sqlite_only
async def test_the_second_factor_is_a_picture_to_scan_and_goes_with_the_password_only(
    panel: PanelServer,
) -> None:
    ana = await panel.caseworker(Role.READING, "ana@ejemplo.org")
    page = await ana.get("/cuenta/dos-pasos")
    secret = page.text.split('class="secret">')[1].split("<")[0]
    code = pyotp.TOTP(secret).now()
    await ana.post("/cuenta/dos-pasos", {"sealed": page.hidden("sealed"), "code": code})

    await ana.get("/cuenta/un-paso")
    kept_on = await ana.post("/cuenta/un-paso", {"password": "no es"})
    off = await ana.post("/cuenta/un-paso", {"password": PASSWORD})

    assert "<svg" in page.text
    assert kept_on.status == 422
    assert off.location.endswith("ok=totp_off")
    async with panel.core.database.read() as connection:
        account = await account_store.by_email(connection, "ana@ejemplo.org")
        actions = {entry.action for entry in await audit_store.entries(connection)}
    assert account
    assert account.totp is None
    assert {"totp_on", "totp_off"} <= actions


@sqlite_only
async def test_the_secret_and_the_codes_are_kept_so_that_nobody_reads_them(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.READING, "ana@ejemplo.org")
    page = await ana.get("/cuenta/dos-pasos")
    secret = page.text.split('class="secret">')[1].split("<")[0]
    shown = await ana.post(
        "/cuenta/dos-pasos", {"sealed": page.hidden("sealed"), "code": pyotp.TOTP(secret).now()}
    )
    codes = re.findall(r'class="secret">([^<]+)<', shown.text)

    async with panel.core.database.read() as connection:
        account = await account_store.by_email(connection, "ana@ejemplo.org")
        left = await account_store.recovery_codes_left(connection, account.id if account else "")
    assert account
    assert len(codes) == left == second_factor.RECOVERY_CODES
    assert account.totp
    assert secret.encode() not in account.totp


async def test_passwords_are_kept_as_argon2id_with_todays_cost() -> None:
    passwords = Passwords()

    kept = await passwords.hash(PASSWORD)

    assert kept.startswith("$argon2id$")
    assert "m=65536" in kept
    assert await passwords.matches(kept, PASSWORD)
    assert not await passwords.matches(kept, PASSWORD + " ")
    assert not await passwords.matches("", PASSWORD)


def test_the_first_administrator_comes_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path))
    run = CliRunner()

    made = run.invoke(cli, ["user", "add", " Ana@Ejemplo.org ", "--role", "administración"])
    twice = run.invoke(cli, ["user", "add", "ana@ejemplo.org", "--role", "lectura"])
    no_address = run.invoke(cli, ["user", "add", "ana", "--role", "lectura"])
    no_role = run.invoke(cli, ["user", "add", "eva@ejemplo.org", "--role", "jefa"])
    weak = run.invoke(cli, ["user", "add", "eva@ejemplo.org", "--role", "lectura", "--ask"], input="corta\n")

    password = made.stdout.rpartition(": ")[2].strip()
    assert made.exit_code == 0, made.output
    assert "ana@ejemplo.org (administración)" in made.stdout
    assert len(password) >= 16
    assert [each.exit_code != 0 for each in (twice, no_address, no_role, weak)] == [True] * 4
    assert "Ya hay una cuenta con ese correo" in twice.output
    assert "Eso no es un correo" in no_address.output
    assert "Es corta" in weak.output
