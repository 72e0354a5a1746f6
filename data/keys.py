"""Keys made from the one secret: who a person is, hashed; what they wrote, sealed."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unreadable(Exception):
    """A sealed value was made with a secret that is not set any more."""


class Keys:
    """Keyed hashes and encryption. `old` is the secret before a rotation: it opens, never seals."""

    def __init__(self, secret: str, *, old: str = "") -> None:
        self._hash_key = _derive(secret, "hash")
        sealing = [Fernet(urlsafe_b64encode(_derive(s, "seal"))) for s in (secret, old) if s]
        self._fernet = MultiFernet(sealing)

    def digest(self, *parts: str) -> str:
        """A keyed hash, 64 hexadecimal characters. The parts cannot be read back."""
        joined = "\x00".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self._hash_key, joined, hashlib.sha256).hexdigest()

    def seal(self, text: str) -> bytes:
        """Encrypt."""
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass"))

    def open(self, sealed: bytes) -> str:
        """Decrypt. Raises Unreadable when the secret was changed without keeping the old one."""
        try:
            return self._fernet.decrypt(sealed).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise Unreadable("sealed with another FARO_SECRET_KEY; set FARO_SECRET_KEY_OLD") from None


def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"faro {purpose}".encode()).derive(
        secret.encode()
    )
