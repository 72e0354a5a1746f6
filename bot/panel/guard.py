"""The one gate of the panel: every page goes through it, whoever asks and however they came.

In this order: size, origin, session, form key, permission. What was typed is never lost on the way.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.web_request import FileField
from multidict import MultiDict, MultiDictProxy, MultiMapping

from bot.panel.desk import Desk
from bot.panel.roles import Permission
from bot.panel.visit import COOKIE, CSRF, KEPT, ROOT, Response, Visit, form_key, keep, kept, session_id
from data import account_store
from data.account_store import Account, Session
from data.database import DatabaseAway

log = logging.getLogger(__name__)

MAX_FORM = 256 * 1024
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)

OPEN, CODE, RENEW = "open", "code", "renew"
"""Stages of a login: done; the second factor is missing; a new password is missing."""

_DOORS = {CODE: "/codigo", RENEW: "/contrasena"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
NOBODY = Account("", "", "", "", False, "", "", (), None, 0, False, datetime.min.replace(tzinfo=UTC))

Show = Callable[[Visit], Awaitable[Response]]
Answer = Callable[[web.Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """A way into the panel: what it asks for, and who shows it. `permission` None: before the login.

    `stages` are how far the login must have come.
    """

    method: str
    path: str
    permission: Permission | None
    show: Show
    stages: tuple[str, ...] = (OPEN,)
    max_bytes: int = MAX_FORM


def guarded(page: Page, desk: Desk) -> Answer:
    """The handler of a page for aiohttp."""

    async def answer(request: web.Request) -> Response:
        visit = _arrival(desk, request)
        try:
            response = await _answer(page, visit)
        except web.HTTPException as refusal:
            response = await _refusal(visit, refusal)
        except DatabaseAway:
            log.error("panel: the database does not answer (%s)", page.path)
            response = visit.page("wait.html", status=503, retry=request.path)
        _protect(response)
        return response

    return answer


async def not_found(desk: Desk, request: web.Request) -> Response:
    """Any other address under /panel."""
    visit = await _with_session(_arrival(desk, request))
    response = visit.page("refused.html", status=404, reason="no_page")
    _protect(response)
    return response


def _protect(response: Response) -> None:
    """The headers of every answer; a page that is whole in itself brings a policy of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _arrival(desk: Desk, request: web.Request) -> Visit:
    nothing: MultiMapping[str | FileField] = MultiDictProxy(MultiDict())
    token = request.cookies.get(COOKIE, "")
    return Visit(desk, request, token, NOBODY, None, nothing, datetime.now(UTC))


async def _answer(page: Page, visit: Visit) -> Response:
    if page.method == "POST":
        _check_origin(visit)
        if page.max_bytes > MAX_FORM and (turned_away := _door(page, await _with_session(visit))):
            return turned_away  # nobody else's upload is read at all
        visit = replace(visit, form=await _form(page, visit))
    with closing_files(visit.form):
        return await _shown(page, visit)


@contextmanager
def closing_files(form: MultiMapping[str | FileField]) -> Iterator[None]:
    """What was uploaded is let go of, whatever becomes of it."""
    try:
        yield
    finally:
        for value in form.values():
            if isinstance(value, FileField):
                value.file.close()


async def _shown(page: Page, visit: Visit) -> Response:
    try:
        visit = await _with_session(visit)
        if page.permission is not None and (turned_away := _door(page, visit)):
            return turned_away
        if page.method == "POST" and not _has_key(visit):
            return _without_key(page, visit)
        if page.permission is not None and not visit.may(page.permission):
            raise web.HTTPForbidden
        return await page.show(visit)
    except DatabaseAway:
        if page.method != "POST" or page.permission is None:
            raise
        log.error("panel: the database does not answer (%s)", page.path)
        return resume(visit, visit.path, visit.form, status=503, why="away")


def _without_key(page: Page, visit: Visit) -> Response:
    """An old page of ours, or somebody else's: nothing is done, and whoever typed it may send it again."""
    if page.permission is None:
        return door(visit, status=403, why="key")
    return resume(visit, visit.path, visit.form, status=403)


def resume(
    visit: Visit, path: str, form: MultiMapping[str | FileField], *, status: int = 200, why: str = "key"
) -> Response:
    """A page with what was typed in it, and one button to send it again."""
    sealed = keep(visit.desk, path, form, now=visit.now)
    fresh = visit.token or secrets.token_urlsafe(32)
    response = replace(visit, token=fresh).page(
        "resume.html", status=status, action=path, kept=sealed, why=why
    )
    if fresh != visit.token:
        set_cookie(visit, response, fresh)
    return response


def set_cookie(visit: Visit, response: Response, token: str) -> None:
    """Give the browser a token."""
    response.set_cookie(
        COOKIE,
        token,
        path=ROOT,
        httponly=True,
        samesite="Lax",
        secure=visit.desk.settings.is_public,
    )


def _check_origin(visit: Visit) -> None:
    """A form comes from a page of ours. Browsers say so themselves; old ones say nothing."""
    headers = visit.request.headers
    if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise web.HTTPForbidden
    origin = headers.get("Origin", "")
    if not origin:
        return
    ours = {visit.request.host, urlsplit(visit.desk.settings.public_url).netloc}
    if urlsplit(origin).netloc not in ours - {""}:
        raise web.HTTPForbidden


async def _form(page: Page, visit: Visit) -> MultiMapping[str | FileField]:
    length = visit.request.content_length
    if length is None and visit.request.body_exists:
        raise web.HTTPLengthRequired
    if length is not None and length > page.max_bytes:
        raise web.HTTPRequestEntityTooLarge(max_size=page.max_bytes, actual_size=length)
    try:
        # The whole site takes less than some pages do: an upload says so itself.
        form = _readable(await visit.request.clone(client_max_size=page.max_bytes).post())
    except (ValueError, LookupError, AssertionError):
        raise web.HTTPBadRequest from None
    sealed = form.get(KEPT)
    if not isinstance(sealed, str) or not sealed:
        return form
    found = kept(visit.desk, sealed, now=visit.now)
    if found is None or found[0] != visit.path:
        raise web.HTTPBadRequest
    again = found[1]
    again.add(CSRF, form.get(CSRF, ""))
    return MultiDictProxy(again)


def _readable(form: MultiMapping[Any]) -> MultiMapping[str | FileField]:
    """Texts and files. Halves of characters can be neither kept nor shown, NUL not kept by PostgreSQL."""
    fields: MultiDict[str | FileField] = MultiDict()
    for name, value in form.items():
        if isinstance(value, str):
            fields.add(name, value.encode("utf-8", "replace").decode().replace("\0", ""))
        elif isinstance(value, FileField):
            fields.add(name, value)
    return MultiDictProxy(fields)


async def _with_session(visit: Visit) -> Visit:
    if not visit.token or len(visit.token) > 100:
        return replace(visit, token="")
    found = await _session(visit)
    if found is None:
        return visit
    session, account = found
    return replace(visit, session=session, account=account)


async def _session(visit: Visit) -> tuple[Session, Account] | None:
    database, key = visit.desk.core.database, session_id(visit.desk, visit.token)
    async with database.glance() as connection:
        found = await account_store.session(connection, key, now=visit.now, idle_since=visit.now - IDLE)
    if found and visit.now - found[0].seen_at > SEEN_EVERY:
        with suppress(DatabaseAway):
            async with database.write() as connection:
                await account_store.seen(connection, key, now=visit.now)
    return found


def _door(page: Page, visit: Visit) -> Response | None:
    """Where to go first, when the login is not that far; None to come in."""
    stage = visit.session.stage if visit.session else ""
    if stage in page.stages:
        return None
    if stage in _DOORS:
        return visit.to(_DOORS[stage])
    if page.method == "POST":
        sealed = keep(visit.desk, visit.path, visit.form, now=visit.now)
        return door(visit, status=401, kept=sealed, why="ended")
    back = visit.request.path_qs.removeprefix(ROOT)
    return visit.to("/entrar", **({"next": back} if back not in ("", "/") else {}))


def door(
    visit: Visit, *, status: int = 200, next_path: str = "", kept: str = "", why: str = "", email: str = ""
) -> Response:
    """The login page. Its cookie is drawn here, so that nobody can choose it for somebody else."""
    fresh = visit.token if visit.session is None and visit.token else secrets.token_urlsafe(32)
    values = {"next_path": next_path, "kept": kept, "why": why, "email": email}
    shown = replace(visit, token=fresh, account=NOBODY, session=None)
    response = shown.page("login.html", status=status, **values)
    if fresh != visit.token:
        set_cookie(visit, response, fresh)
    return response


def _has_key(visit: Visit) -> bool:
    given = visit.form.get(CSRF, "")
    expected = form_key(visit.desk, visit.token)
    return bool(expected) and isinstance(given, str) and compare_digest(given.encode(), expected.encode())


_REASONS = {400: "unreadable", 403: "not_allowed", 404: "no_page", 411: "unreadable", 413: "too_large"}


async def _refusal(visit: Visit, refusal: web.HTTPException) -> Response:
    if refusal.status in (301, 302, 303, 307, 308, 304):
        return web.Response(status=refusal.status, headers=refusal.headers)
    reason = _REASONS.get(refusal.status, "unreadable")
    with suppress(DatabaseAway):
        visit = await _with_session(visit)
    return visit.page("refused.html", status=refusal.status, reason=reason)
