"""Routes. Every handler is short: check, read, store, answer."""

import asyncio
import hmac
import json
import logging
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot import health, hsds_api, intake, metrics, sending
from bot.chat import learning
from bot.chat.looks import looks
from bot.core import Core
from bot.messages import Event, Received
from bot.panel.desk import open_desk
from bot.panel.site import add_panel, warmed
from bot.settings import Settings
from data.inbox_store import Intake

log = logging.getLogger(__name__)

TELEGRAM_MAX = 256 * 1024
WHATSAPP_MAX = 3 * 1024 * 1024
CHAT_MAX = 64 * 1024
BODY_SECONDS = 5.0
POLL_SECONDS = 20.0
POLL_STEP = 0.1
_SESSION = re.compile(r"[A-Za-z0-9_-]{20,64}")
_CHALLENGE = re.compile(r"[0-9A-Za-z_-]{1,64}")
_PAGE = Path(__file__).parent / "chat"
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

CORE = web.AppKey("core", Core)
INTAKE = web.AppKey("intake", Intake)
SETTINGS = web.AppKey("settings", Settings)
STOPPING = web.AppKey("stopping", asyncio.Event)
WAKE: web.AppKey[Callable[[], None]] = web.AppKey("wake")


def build(
    core: Core,
    intake: Intake,
    settings: Settings,
    *,
    wake: Callable[[], None],
    loaded: Callable[[], None] = lambda: None,
) -> web.Application:
    """The application with every route that the settings open. `wake` is called when something was stored,
    `loaded` once everything is in memory that pages would wait for."""
    app = web.Application(client_max_size=WHATSAPP_MAX, middlewares=[_secure])
    app[CORE], app[INTAKE], app[SETTINGS], app[WAKE] = core, intake, settings, wake
    app[STOPPING] = asyncio.Event()
    app.on_shutdown.append(_let_pages_go)
    app.router.add_post("/webhooks/telegram", telegram_webhook)
    app.router.add_get("/webhooks/whatsapp", whatsapp_handshake)
    app.router.add_post("/webhooks/whatsapp", whatsapp_webhook)
    health.add_routes(app, core, settings)
    hsds_api.add_routes(app, core)
    desk = open_desk(core, settings)
    add_panel(app, desk)
    app.cleanup_ctx.append(warmed(desk, loaded))
    if settings.web_chat_is_on:
        app.router.add_get("/chat", chat_page)
        app.router.add_static("/chat/static", _PAGE / "static")
        app.router.add_post("/chat/messages", chat_post)
        app.router.add_get("/chat/messages", chat_poll)
        app.router.add_post("/chat/understood", chat_understood)
        learning.add_routes(app, core)
        app.router.add_get("/", _to_chat)
    return app


async def telegram_webhook(request: web.Request) -> web.Response:
    """Telegram's updates, one a request."""
    return await _webhook(request, "telegram", max_bytes=TELEGRAM_MAX)


async def whatsapp_webhook(request: web.Request) -> web.Response:
    """WhatsApp's notifications, many a request."""
    return await _webhook(request, "whatsapp", max_bytes=WHATSAPP_MAX)


async def whatsapp_handshake(request: web.Request) -> web.Response:
    """Meta asks once whether this address is ours (hub.mode, hub.verify_token, hub.challenge)."""
    settings = request.app[SETTINGS]
    if not settings.whatsapp_is_on:
        raise web.HTTPNotFound
    token = settings.whatsapp_verify_token.get_secret_value()
    given, challenge = request.query.get("hub.verify_token", ""), request.query.get("hub.challenge", "")
    same = hmac.compare_digest(given.encode(), token.encode())
    if request.query.get("hub.mode") != "subscribe" or not same or not _CHALLENGE.fullmatch(challenge):
        raise web.HTTPForbidden
    return web.Response(text=challenge, content_type="text/plain")


async def chat_page(request: web.Request) -> web.StreamResponse:
    """The phone-like page. Its cookie is the person."""
    response = web.FileResponse(_PAGE / "chat.html", headers=_SECURITY)
    is_new = "nueva" in request.query or not _SESSION.fullmatch(request.cookies.get("faro_chat", ""))
    if is_new:
        response.set_cookie(
            "faro_chat",
            secrets.token_urlsafe(24),
            httponly=True,
            samesite="Strict",
            secure=request.app[SETTINGS].is_public,
            path="/chat",
        )
    return response


async def chat_post(request: web.Request) -> web.Response:
    """A message typed in the page; stored like any other."""
    session = _session(request)
    payload = _json(await _body(request, max_bytes=CHAT_MAX))
    if not isinstance(payload, dict):
        raise web.HTTPBadRequest(text="Send a JSON object with id and text, option, location or attachment.")
    events = request.app[CORE].channels["web"].read({**payload, "session": session})
    if not any(isinstance(event, Received) for event in events):
        raise web.HTTPBadRequest(text="Send a JSON object with id and text, option, location or attachment.")
    await _store(request, "web", events)
    return web.Response(status=204)


async def chat_poll(request: web.Request) -> web.Response:
    """The answers that wait for this page; held open for a while when there is none."""
    core = request.app[CORE]
    person_id = core.keys.digest("person", "web", _session(request))
    deadline = asyncio.get_running_loop().time() + POLL_SECONDS
    while True:
        if request.transport is None or request.transport.is_closing():
            raise web.HTTPNoContent  # the page is gone: what waits is for the next one
        try:
            replies = await sending.fetch(core, person_id)
        except (SQLAlchemyError, OSError):
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from None
        ended = request.app[STOPPING].is_set() or asyncio.get_running_loop().time() > deadline
        if replies or ended:
            web_chat = core.channels["web"]
            rendered = [web_chat.render(reply) | {"looks": looks(reply)} for reply in replies]
            return web.json_response({"replies": rendered}, headers={"Cache-Control": "no-store"})
        await asyncio.sleep(POLL_STEP)


async def chat_understood(request: web.Request) -> web.Response:
    """How Faro reads a text, for whoever learns; nothing of it is kept."""
    _session(request)
    payload = _json(await _body(request, max_bytes=CHAT_MAX))
    text = payload.get("text") if isinstance(payload, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise web.HTTPBadRequest(text="Send a JSON object with text.")
    return await learning.understood(request, text)


async def _webhook(request: web.Request, name: str, *, max_bytes: int) -> web.Response:
    channel = request.app[CORE].channels.get(name)
    if channel is None:
        raise web.HTTPNotFound
    body = await _body(request, max_bytes=max_bytes)
    if not channel.check(request.headers, body):
        request.app[CORE].meter.count(metrics.REFUSED, channel=name, reason="forged")
        raise web.HTTPForbidden
    await _store(request, name, channel.read(_json(body)))
    return web.Response(text="ok")


async def _store(request: web.Request, name: str, events: tuple[Event, ...]) -> None:
    """On disk before the platform hears 200; 503 when it can't be."""
    core = request.app[CORE]
    for event in events:
        core.meter.count(metrics.RECEIVED, channel=name, kind=type(event).__name__.lower())
        if event == intake.OTHER_NUMBER:
            core.meter.count(metrics.REFUSED, channel=name, reason="other_number")
    told = intake.told(core.keys, name, events)
    if not told:
        return
    try:
        await request.app[INTAKE].accept(
            told.arrivals, datetime.now(UTC), changes=told.changes, statuses=told.statuses
        )
    except (SQLAlchemyError, OSError) as error:
        log.error("%s: a webhook could not be stored (%s)", name, type(error).__name__)
        core.meter.count(metrics.REFUSED, channel=name, reason="not_stored")
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from None
    request.app[WAKE]()


async def _body(request: web.Request, *, max_bytes: int) -> bytes:
    """The raw body: 413 when too long, 408 when too slow."""
    if request.content_length is not None and request.content_length > max_bytes:
        raise web.HTTPRequestEntityTooLarge(max_size=max_bytes, actual_size=request.content_length)
    if request.content.is_eof():  # all of it came with the head, as nearly always
        return _no_longer_than(request.content.read_nowait(), max_bytes)
    chunks, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_chunked(64 * 1024):
                size += len(chunk)
                if size > max_bytes:
                    raise web.HTTPRequestEntityTooLarge(max_size=max_bytes, actual_size=size)
                chunks.append(chunk)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return b"".join(chunks)


def _no_longer_than(body: bytes, max_bytes: int) -> bytes:
    if len(body) > max_bytes:
        raise web.HTTPRequestEntityTooLarge(max_size=max_bytes, actual_size=len(body))
    return body


def _json(body: bytes) -> object:
    """The body as JSON values; None when it is not JSON, which every channel reads as nothing."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _session(request: web.Request) -> str:
    session = request.cookies.get("faro_chat", "")
    if not _SESSION.fullmatch(session):
        raise web.HTTPForbidden(text="Open /chat first.")
    return session


async def _let_pages_go(app: web.Application) -> None:
    """A page that waits for an answer must not hold up the end."""
    app[STOPPING].set()


async def _to_chat(request: web.Request) -> web.Response:
    del request
    raise web.HTTPFound("/chat")


@web.middleware
async def _secure(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
    except web.HTTPException as refusal:
        refusal.headers.setdefault("X-Content-Type-Options", "nosniff")
        raise
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
