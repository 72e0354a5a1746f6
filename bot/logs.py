"""Logs, on standard error: lines to read, or JSON to search. Never text, names, numbers or tokens."""

import json
import logging
import sys
from datetime import UTC, datetime

from bot.redaction import Redacting

_QUIET = (
    *("httpx", "httpcore", "telegram", "aiohttp", "apscheduler", "alembic", "asyncio"),
    *("aiosqlite", "asyncpg", "sqlalchemy"),
)
"""Clients' loggers print addresses and tokens, databases' every value that is written: only warnings."""


def log_to_stderr(level: str, *, as_json: bool = False) -> None:
    """Set up once, by the command."""
    stream = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    stream.setFormatter(Redacting(JsonLines() if as_json else plain))
    logging.basicConfig(level=level, handlers=[stream], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One object a line: time, level, logger, message, and an error's kind without its text."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)
