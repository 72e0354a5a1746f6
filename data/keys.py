"""Keys made from the one secret: who a person is, hashed; what they wrote, sealed."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SEALED = b"\x01"
"""First byte of what is sealed with AES-256-GCM; then 12 bytes that never come again, then the rest."""
_NONCE = 12


class Unreadable(Exception):
    """A sealed value was made with a secret that is not set any more."""


class Keys:
    """Keyed hashes and encryption. `old` is the secret before a rotation: it opens, never seals."""

    def __init__(self, secret: str, *, old: str = "") -> None:
        self._hash_key = _derive(secret, "hash")
        secrets = [each for each in (secret, old) if each]
        self._seals = [AESGCM(_derive(each, "seal with AES-GCM")) for each in secrets]
        self._former = MultiFernet([Fernet(urlsafe_b64encode(_derive(each, "seal"))) for each in secrets])

    def digest(self, *parts: str) -> str:
        """A keyed hash, 64 hexadecimal characters. The parts cannot be read back."""
        joined = "\x00".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self._hash_key, joined, "sha256").hex()

    def seal(self, text: str) -> bytes:
        """Encrypt."""
        nonce = os.urandom(_NONCE)
        return _SEALED + nonce + self._seals[0].encrypt(nonce, text.encode("utf-8", "surrogatepass"), None)

    def open(self, sealed: bytes) -> str:
        """Decrypt. Raises Unreadable when the secret was changed without keeping the old one."""
        return self._opened(sealed).decode("utf-8", "surrogatepass")

    def seal_text(self, text: str) -> str:
        """Encrypt for a form or a file that holds letters only."""
        return urlsafe_b64encode(self.seal(text)).decode()

    def open_text(self, sealed: str) -> str:
        """Decrypt what `seal_text` made, or a Faro of before. Raises Unreadable for anything else."""
        try:
            decoded = urlsafe_b64decode(sealed.encode())
        except ValueError:  # no base64, or a surrogate
            raise Unreadable("this is nothing that was sealed here") from None
        return self.open(decoded if decoded[:1] == _SEALED else sealed.encode())

    def _opened(self, sealed: bytes) -> bytes:
        if sealed[:1] == _SEALED:
            nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
            for seal in self._seals:
                with suppress(InvalidTag, ValueError):
                    return seal.decrypt(nonce, rest, None)
        else:  # by a Faro of before November 2026
            with suppress(InvalidToken):
                return self._former.decrypt(sealed)
        raise Unreadable("sealed with another FARO_SECRET_KEY; set FARO_SECRET_KEY_OLD")


def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"faro {purpose}".encode()).derive(
        secret.encode()
    )
