"""Caseworkers' accounts, their sessions and failed logins."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from data.tables import account, login_failure, panel_session, recovery_code

_COUNTING = 0x6C6F67696E
"""The advisory lock of whoever counts logins: «login» in ASCII."""


@dataclass(frozen=True, slots=True)
class Account:
    """A caseworker. `password` is an argon2 hash; `totp` the sealed secret, None without a second factor.

    `organization` and `states` (two-digit INEGI keys) limit what may be changed; empty: no limit.
    """

    id: str
    email: str
    name: str
    password: str
    must_change: bool
    role: str
    organization: str
    states: tuple[str, ...]
    totp: bytes | None
    totp_step: int
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """An open page. `id` is a keyed hash of its cookie; `stage` how far the login has come."""

    id: str
    account_id: str
    stage: str
    device: str
    created_at: datetime
    seen_at: datetime
    until: datetime


async def add(connection: AsyncConnection, new: Account) -> bool:
    """Keep an account. False when the address has one already."""
    row = {name: getattr(new, name) for name in Account.__slots__} | {"states": " ".join(new.states)}
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    added = dialect.insert(account).values(**row).on_conflict_do_nothing().returning(account.c.id)
    return (await connection.execute(added)).first() is not None


async def change(connection: AsyncConnection, account_id: str, **values: Any) -> None:
    """Set columns of an account."""
    if "states" in values:
        values["states"] = " ".join(values["states"])
    await connection.execute(update(account).where(account.c.id == account_id).values(**values))


async def by_email(connection: AsyncConnection, email: str) -> Account | None:
    """The account of an address, as `normal_email` writes it."""
    return await _one(connection, select(account).where(account.c.email == email))


async def by_id(connection: AsyncConnection, account_id: str) -> Account | None:
    """An account."""
    return await _one(connection, select(account).where(account.c.id == account_id))


async def every(connection: AsyncConnection) -> list[Account]:
    """Every account, by address."""
    rows = (await connection.execute(select(account).order_by(account.c.email))).mappings()
    return [_account(row) for row in rows]


async def lock(connection: AsyncConnection, account_id: str) -> Account | None:
    """An account that nobody else changes until this transaction ends."""
    return await _one(connection, select(account).where(account.c.id == account_id).with_for_update())


async def use_step(connection: AsyncConnection, account_id: str, step: int) -> bool:
    """Take a time step of the second factor. False when it, or a later one, was used before."""
    fresh = (account.c.id == account_id) & (account.c.totp_step < step)
    taken: CursorResult[Any] = await connection.execute(update(account).where(fresh).values(totp_step=step))
    return taken.rowcount == 1


async def set_recovery_codes(connection: AsyncConnection, account_id: str, codes: Collection[str]) -> None:
    """Replace the recovery codes; each is a keyed hash."""
    await connection.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))
    if codes:
        rows = [{"account_id": account_id, "code": code} for code in codes]
        await connection.execute(insert(recovery_code), rows)


async def use_recovery_code(connection: AsyncConnection, account_id: str, code: str) -> bool:
    """Use up a recovery code. False when there is none such."""
    which = (recovery_code.c.account_id == account_id) & (recovery_code.c.code == code)
    used: CursorResult[Any] = await connection.execute(delete(recovery_code).where(which))
    return used.rowcount == 1


async def recovery_codes_left(connection: AsyncConnection, account_id: str) -> int:
    """How many recovery codes an account still has."""
    query = select(func.count()).where(recovery_code.c.account_id == account_id)
    return int(await connection.scalar(query) or 0)


async def open_session(connection: AsyncConnection, new: Session) -> None:
    """Keep a session, and forget those that have run out."""
    await purge_sessions(connection, now=new.created_at)
    await connection.execute(
        insert(panel_session).values(**{name: getattr(new, name) for name in Session.__slots__})
    )


async def purge_sessions(connection: AsyncConnection, *, now: datetime) -> None:
    """Forget the sessions that have run out."""
    await connection.execute(delete(panel_session).where(panel_session.c.until < now))


async def session(
    connection: AsyncConnection, session_id: str, *, now: datetime, idle_since: datetime
) -> tuple[Session, Account] | None:
    """A session that has not run out, with its account, which must be active."""
    alive = (
        (panel_session.c.id == session_id)
        & (panel_session.c.until > now)
        & (panel_session.c.seen_at > idle_since)
        & account.c.is_active
    )
    query = (
        select(account, *(panel_session.c[name].label(f"session_{name}") for name in Session.__slots__))
        .join_from(panel_session, account)
        .where(alive)
    )
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    found = Session(**{name: row[f"session_{name}"] for name in Session.__slots__})
    return found, _account(row)


async def sessions_of(
    connection: AsyncConnection, account_id: str, *, now: datetime, idle_since: datetime
) -> list[Session]:
    """Open sessions of an account, the last seen first."""
    alive = (panel_session.c.until > now) & (panel_session.c.seen_at > idle_since)
    query = (
        select(panel_session)
        .where((panel_session.c.account_id == account_id) & alive)
        .order_by(panel_session.c.seen_at.desc())
    )
    return [Session(**row) for row in (await connection.execute(query)).mappings()]


async def seen(connection: AsyncConnection, session_id: str, *, now: datetime) -> None:
    """The session is in use."""
    await connection.execute(
        update(panel_session).where(panel_session.c.id == session_id).values(seen_at=now)
    )


async def close_session(connection: AsyncConnection, session_id: str, *, account_id: str = "") -> bool:
    """End a session; with `account_id` only when it is that account's. False when there is none such."""
    which = panel_session.c.id == session_id
    if account_id:
        which &= panel_session.c.account_id == account_id
    ended: CursorResult[Any] = await connection.execute(delete(panel_session).where(which))
    return ended.rowcount > 0


async def close_sessions(connection: AsyncConnection, account_id: str, *, but: str = "") -> None:
    """End every session of an account, except one."""
    which = (panel_session.c.account_id == account_id) & (panel_session.c.id != but)
    await connection.execute(delete(panel_session).where(which))


async def failures(connection: AsyncConnection, keys: Collection[str], *, since: datetime) -> dict[str, int]:
    """How many failed logins each key has since a moment. Others who count wait for this transaction."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_COUNTING)))
    await connection.execute(delete(login_failure).where(login_failure.c.failed_at < since))
    query = (
        select(login_failure.c.key, func.count().label("failures"))
        .where(login_failure.c.key.in_(keys))
        .group_by(login_failure.c.key)
    )
    return {row.key: row.failures for row in await connection.execute(query)}


async def purge_failures(connection: AsyncConnection, *, before: datetime) -> None:
    """Failed logins of old count for nothing."""
    await connection.execute(delete(login_failure).where(login_failure.c.failed_at < before))


async def add_failures(connection: AsyncConnection, keys: Collection[str], *, now: datetime) -> None:
    """A login is tried: it counts as failed until it went well."""
    await connection.execute(insert(login_failure), [{"key": key, "failed_at": now} for key in keys])


async def forget_failures(connection: AsyncConnection, keys: Collection[str]) -> None:
    """The login went well, or an administrator let the account in again."""
    await connection.execute(delete(login_failure).where(login_failure.c.key.in_(keys)))


async def _one(connection: AsyncConnection, query: Any) -> Account | None:
    row = (await connection.execute(query)).mappings().one_or_none()
    return _account(row) if row else None


def _account(row: Any) -> Account:
    values = {name: row[name] for name in Account.__slots__}
    return Account(**{**values, "states": tuple(row["states"].split())})
