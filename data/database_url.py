"""The database's address: SQLAlchemy's form, brought to the two drivers that Faro uses."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    # One driver for every server: an address written for psycopg means the same server.
    "postgresql+psycopg": "postgresql+asyncpg",
}
_SSL_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})


class WrongAddress(ValueError):
    """Not an address that Faro can use. The message says what to write and quotes nothing."""


def normal(address: str) -> str:
    """The address with Faro's own driver. Raises WrongAddress."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise WrongAddress(
            "must be a database address such as postgresql+asyncpg://faro@localhost/faro"
        ) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise WrongAddress("must be a database address such as postgresql+asyncpg://faro@localhost/faro")
    url = url.set(drivername=driver)
    return _server(url) if driver.startswith("postgresql") else _file(url)


def _server(url: URL) -> str:
    """libpq's `sslmode` is asyncpg's `ssl`; anything else would be refused only at the first connection."""
    if not url.database:
        raise WrongAddress("must name the database after the host, such as …@localhost/faro")
    query = dict(url.query)
    mode = query.pop("sslmode", None) or query.pop("ssl", None)
    if query:
        raise WrongAddress("takes only «sslmode» after the question mark")
    if mode is None:
        return _text(url.set(query={}))
    if mode not in _SSL_MODES:
        raise WrongAddress(f"takes as sslmode one of {', '.join(sorted(_SSL_MODES))}")
    return _text(url.set(query={"ssl": mode}))


def _file(url: URL) -> str:
    if not url.database or url.database == ":memory:":
        raise WrongAddress("must name a file, such as sqlite+aiosqlite:////var/lib/faro/faro.db")
    return _text(url)


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
