"""Takes out of every log line what must never stand there: tokens, signatures, query strings."""

import logging
import re

_MASK = "…"
_SECRETS = (
    re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{20,}"),  # a Telegram token
    re.compile(r"(?i)\bBearer\s+\S+"),
    re.compile(r"\bEAA[A-Za-z0-9]{12,}"),  # a token of Meta's
    re.compile(r"(?i)\bsha256=[0-9a-f]{64}"),
    re.compile(r"(?<=\?)[^\s\"'<>]*=[^\s\"'<>]*"),  # a query string
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # user and password of an address
)


def redacted(line: str) -> str:
    """The line without anything that opens a door."""
    for secret in _SECRETS:
        line = secret.sub(_MASK, line)
    return line


class Redacting(logging.Formatter):
    """Another formatter, out of which nothing secret comes: no client's message, no error's text."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return redacted(self._inner.format(record))
