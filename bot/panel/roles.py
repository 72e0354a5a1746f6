"""Who may do what: a table of roles and permissions, and the records an account is limited to. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from data.account_store import Account
from data.inegi import NATION
from data.records import Exposure, Service
from services.exposure import seen_by


class Permission(StrEnum):
    """What a page asks for."""

    READ = "read"
    EDIT = "edit"
    VERIFY = "verify"
    IMPORT = "import"
    ANSWER = "answer"
    APPROVE = "approve"
    SOURCES = "sources"
    INSIGHT = "insight"
    ACCOUNTS = "accounts"
    AUDIT = "audit"


class Role(StrEnum):
    """The role of an account, as `faro user add --role` takes it."""

    READING = "lectura"
    EDITING = "edición"
    VERIFYING = "verificación"
    ADMINISTRATION = "administración"


_READING = frozenset({Permission.READ})
_EDITING = _READING | {Permission.EDIT, Permission.IMPORT, Permission.ANSWER, Permission.INSIGHT}
_VERIFYING = _EDITING | {Permission.VERIFY, Permission.APPROVE, Permission.SOURCES}
GRANTS: Mapping[str, frozenset[Permission]] = {
    Role.READING: _READING,
    Role.EDITING: _EDITING,
    Role.VERIFYING: _VERIFYING,
    Role.ADMINISTRATION: frozenset(Permission),
}


def may(account: Account, permission: Permission) -> bool:
    """Whether the role of an account grants a permission."""
    return permission in GRANTS.get(account.role, frozenset())


def may_change(account: Account, record: Service, permission: Permission = Permission.EDIT) -> bool:
    """Whether an account may do this to a record: by its role, and within its organisation and states."""
    return may(account, permission) and is_within(account, record)


def is_within(account: Account, record: Service) -> bool:
    """Whether a record lies within the limits of an account. One that serves the nation is no state's."""
    if account.organization and account.organization.casefold() != record.organization.casefold():
        return False
    if not account.states:
        return True
    places = {key[:2] for key in (*record.coverage, record.location.state) if key}
    return bool(places) and NATION not in places and places <= set(account.states)


def limits(account: Account) -> tuple[str, str, tuple[str, ...]]:
    """All of an account that `may_change` looks at."""
    return account.role, account.organization.casefold(), account.states


def visible(account: Account, record: Service) -> Service | None:
    """The record as an account may read it: whole for whoever may change it, else what is for the staff."""
    if may_change(account, record):
        return record
    return seen_by(Exposure.STAFF, record) if may(account, Permission.READ) else None
