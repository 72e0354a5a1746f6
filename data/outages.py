"""Why a database does not answer, in a sentence an operator can act on. Quotes nothing that was stored."""

_BY_TYPE = {
    "InvalidPasswordError": "it refuses the user or the password of FARO_DATABASE_URL",
    "InvalidAuthorizationSpecificationError": "it refuses the user of FARO_DATABASE_URL",
    "InvalidCatalogNameError": "the server has no such database; create it, or correct FARO_DATABASE_URL",
    "ConnectionRefusedError": "nothing listens at the host and port of FARO_DATABASE_URL; start the server",
    "gaierror": "the host of FARO_DATABASE_URL is not known; correct it",
    "TimeoutError": "the server did not answer in time",
    "TooManyConnectionsError": "the server takes no more connections; raise its max_connections or lower"
    " FARO_DATABASE_POOL",
    "CannotConnectNowError": "the server is still starting, or stopping",
    "ReadOnlySQLTransactionError": "it is read-only; FARO_DATABASE_URL must name the primary server",
    "DiskFullError": "its disk is full; free some space",
    "InsufficientPrivilegeError": "the user of FARO_DATABASE_URL may not do this; give it the database",
}
_BY_WORDS = (
    ("database or disk is full", "its disk is full; free some space"),
    ("readonly database", "its file is read-only; give Faro's user the file and its folder"),
    ("unable to open database file", "its file can't be opened; FARO_DATA_DIR must exist and be writable"),
    ("disk I/O error", "its disk gives errors; look at the machine's log"),
    ("file is not a database", "its file is not an SQLite database; restore a backup"),
    ("malformed", "its file is damaged; restore a backup"),
    ("database is locked", "another program holds its file; only one may write at a time"),
)


def reason(error: BaseException) -> str:
    """What is wrong and what helps; the name of the error when it is not a known one."""
    known = _BY_TYPE.get(type(error).__name__) or _from_cause(error)
    if known:
        return known
    said = str(error)
    for words, meaning in _BY_WORDS:
        if words in said:
            return meaning
    return type(error).__name__


def _from_cause(error: BaseException) -> str | None:
    """SQLAlchemy and its driver each wrap what happened."""
    causes = (getattr(error, "orig", None), error.__cause__)
    return next((found for cause in causes if cause and (found := _BY_TYPE.get(type(cause).__name__))), None)
