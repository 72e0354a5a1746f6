"""Passwords: argon2 in a thread, so that nobody waits for another's login; one-time ones drawn at random."""

import asyncio
import secrets
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

MIN_LENGTH = 12
MAX_LENGTH = 200
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike: a one-time password is read aloud and typed once."""
_AT_ONCE = 2
_SHORTEST_NAME = 4
"""Of an address, to be looked for in a password: «ana» stands in many a word."""
_COMMON = ("contraseña", "contrasena", "password", "123456", "qwerty", "desplazad", "faro")


class Passwords:
    """Hashes and checks. Two at a time: each takes 64 MiB."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = ""

    async def hash(self, password: str) -> str:
        """The hash to keep."""
        async with self._gate:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, kept: str, password: str) -> bool:
        """Whether it is the password. With an empty `kept` it takes as long, and is not."""
        if len(password) > MAX_LENGTH:
            return False
        if not kept and not self._nobodys:
            self._nobodys = await self.hash(secrets.token_urlsafe())
        async with self._gate:
            same = await asyncio.to_thread(self._verify, kept or self._nobodys, password)
        return same and bool(kept)

    def is_old(self, kept: str) -> bool:
        """Whether a hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (Argon2Error, InvalidHashError, UnicodeEncodeError):
            return False


def one_time(choose: Callable[[str], str] = secrets.choice) -> str:
    """A password to be used once: four groups of four, 79 bits."""
    while True:
        drawn = "-".join("".join(choose(_ALPHABET) for _ in range(4)) for _ in range(4))
        if not problem(drawn, email=""):
            return drawn


def problem(password: str, *, email: str) -> str:
    """What is wrong with a new password, as a sentence; empty when nothing is."""
    if len(password) < MIN_LENGTH:
        return f"Es corta: use {MIN_LENGTH} letras o más. Varias palabras sueltas son fáciles de recordar."
    if len(password) > MAX_LENGTH:
        return f"Es demasiado larga: use menos de {MAX_LENGTH} letras."
    plain = password.casefold()
    own = email.partition("@")[0].casefold()
    easy = (*_COMMON, own) if len(own) >= _SHORTEST_NAME else _COMMON
    if len(set(plain)) < 5 or any(word in plain for word in easy):
        return "Es fácil de adivinar: no use su correo, series ni palabras como «contraseña»."
    return ""
