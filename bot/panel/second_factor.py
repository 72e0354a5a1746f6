"""The optional second factor: time codes of a telephone (TOTP), and recovery codes on paper."""

import re
import secrets
from datetime import datetime

import pyotp
import segno
from sqlalchemy.ext.asyncio import AsyncConnection

from data import account_store
from data.account_store import Account
from data.keys import Keys, Unreadable

ISSUER = "Faro"
STEP = 30
RECOVERY_CODES = 10
TIME, RECOVERY = "time", "recovery"

_DIGITS = re.compile(r"\d{6}")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A secret for a telephone."""
    return pyotp.random_base32()


def picture(secret: str, *, email: str) -> str:
    """The QR code as SVG, to be put into the page as it is."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    return segno.make(uri, error="m").svg_inline(scale=5, border=4, dark="#1c2b2a", light="#ffffff")


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step that a code belongs to; None for a wrong one. One step early or late is right."""
    code = re.sub(r"\s", "", code)
    if not code.isascii() or not _DIGITS.fullmatch(code):
        return None
    timer, this = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    for step in (this, this - 1, this + 1):
        if secrets.compare_digest(timer.generate_otp(step), code):
            return step
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """Codes to be written down: each opens once."""
    return tuple(
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY_CODES)
    )


def digest(keys: Keys, account_id: str, code: str) -> str:
    """A recovery code as it is kept."""
    return keys.digest("recovery code", account_id, re.sub(r"[^a-z0-9]", "", code.casefold()))


async def check(
    connection: AsyncConnection, keys: Keys, account: Account, code: str, *, now: datetime
) -> str:
    """TIME or RECOVERY when the code opens, empty when not. A code opens once."""
    if account.totp is None:
        return ""
    try:
        step = step_of(keys.open(account.totp), code, now=now)
    except Unreadable:  # the secret key was changed: only a recovery code or an administrator helps
        step = None
    if step is not None and await account_store.use_step(connection, account.id, step):
        return TIME
    used = await account_store.use_recovery_code(connection, account.id, digest(keys, account.id, code))
    return RECOVERY if used else ""
