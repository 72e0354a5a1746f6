"""One request to the panel: who asks, what they sent, and the ways to answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.web_request import FileField
from multidict import MultiDict, MultiMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.client_address import client_address
from bot.panel.desk import Desk
from bot.panel.roles import Permission, may
from data import audit_store
from data.account_store import Account, Session
from data.keys import Unreadable

ROOT = "/panel"
COOKIE = "faro_panel"
CSRF = "_csrf"
KEPT = "_kept"
KEPT_FOR = timedelta(hours=12)
_NEVER_KEPT = frozenset({"password", "new", "again", "current", "code"})

Response = web.StreamResponse


@dataclass(frozen=True, slots=True)
class Visit:
    """A request. `account` is Nobody's and `session` None on the pages before the login.

    `form` holds what was posted, `token` the cookie, from which the form's key is made.
    """

    desk: Desk
    request: web.Request
    token: str
    account: Account
    session: Session | None
    form: MultiMapping[str | FileField]
    now: datetime

    @property
    def path(self) -> str:
        """The address within the site, as `to` takes it."""
        return self.request.path

    def id(self, name: str = "id") -> str:
        """A part of the address. PostgreSQL can't be asked for a NUL."""
        return self.request.match_info[name].replace("\0", "")

    def text(self, name: str) -> str:
        """A posted text; empty when there is none."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def asked(self, name: str) -> str:
        """A text of the query."""
        return self.request.query.get(name, "").replace("\0", "").strip()

    def may(self, permission: str) -> bool:
        """Whether the account's role grants it; records have limits besides."""
        return may(self.account, Permission(permission))

    def page(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A page of the panel."""
        shown = {
            "visit": self,
            "account": self.account,
            "root": ROOT,
            "path": self.path,
            "csrf": form_key(self.desk, self.token),
            "now": self.now,
            "said": self.asked("ok"),
        }
        text = self.desk.templates.get_template(template).render({**shown, **values})
        return web.Response(text=text, content_type="text/html", status=status)

    def to(self, path: str, *, ok: str = "", **query: str) -> web.Response:
        """Go on to another page; `ok` is a code of words.SAID, shown there once."""
        asked = {**query, **({"ok": ok} if ok else {})}
        address = ROOT + path + (f"?{urlencode(asked)}" if asked else "")
        return web.Response(status=303, headers={"Location": address})

    async def note(
        self, connection: AsyncConnection, action: str, *, target: str = "", detail: str = ""
    ) -> None:
        """Write into the audit what the account does, in the same transaction."""
        await audit_store.note(
            connection, action, who=self.account.email, target=target, detail=detail, now=self.now
        )

    @property
    def address(self) -> str:
        """The network address, for counting failed logins; never kept as it is."""
        forwarded = self.request.headers.getall("X-Forwarded-For", ())
        return client_address(self.request.remote, forwarded, trusted=self.desk.trusted)


def form_key(desk: Desk, token: str) -> str:
    """What a form must carry to be taken: known only to pages that this cookie opened."""
    return desk.core.keys.digest("panel form", token) if token else ""


def session_id(desk: Desk, token: str) -> str:
    """The session of a cookie."""
    return desk.core.keys.digest("panel session", token)


def keep(desk: Desk, path: str, form: MultiMapping[str | FileField], *, now: datetime) -> str:
    """What was typed, sealed, so that it outlasts a login or an outage in the page itself."""
    typed = [
        (name, value)
        for name, value in form.items()
        if isinstance(value, str) and not name.startswith("_") and name not in _NEVER_KEPT
    ]
    kept = {"path": path, "at": now.isoformat(), "form": typed}
    return desk.core.keys.seal_text(json.dumps(kept))


def kept(desk: Desk, sealed: str, *, now: datetime) -> tuple[str, MultiDict[str | FileField]] | None:
    """The path and the form of `keep`; None when it is too old or not ours."""
    try:
        found: Mapping[str, Any] = json.loads(desk.core.keys.open_text(sealed))
    except (Unreadable, ValueError):
        return None
    if now - datetime.fromisoformat(found["at"]) > KEPT_FOR:
        return None
    return found["path"], MultiDict((name, value) for name, value in found["form"])
