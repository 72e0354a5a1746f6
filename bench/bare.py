"""The least that aiohttp can do with a webhook: read the body, check the same HMAC, answer 200."""

import hashlib
import hmac
import sys

from aiohttp import web

from bench.world import APP_SECRET


async def webhook(request: web.Request) -> web.Response:
    body = await request.read()
    expected = b"sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest().encode()
    if not hmac.compare_digest(request.headers.get("X-Hub-Signature-256", "").encode(), expected):
        raise web.HTTPForbidden
    return web.Response(text="ok")


async def live(request: web.Request) -> web.Response:
    del request
    return web.Response(text="live")


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/webhooks/whatsapp", webhook)
    app.router.add_get("/health/live", live)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
