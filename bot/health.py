"""For the operator's monitoring: `/health/live`, `/health/ready`, `/metrics`."""

import hmac
from datetime import UTC, datetime

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics_page
from bot.core import Core
from bot.settings import LOOPBACK, Settings
from bot.standing import look
from data import operation_store

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via")


def add_routes(app: web.Application, core: Core, settings: Settings) -> None:
    """Open them in an application."""
    health = Health(core, settings)
    app.router.add_get("/health/live", health.live)
    app.router.add_get("/health/ready", health.ready)
    app.router.add_get("/metrics", health.metrics)


class Health:
    """Answers for one Faro."""

    def __init__(self, core: Core, settings: Settings) -> None:
        self._core = core
        self._settings = settings

    async def live(self, request: web.Request) -> web.Response:
        """The process answers."""
        del request
        return web.json_response({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        """A message can be stored; the NLU is told apart, because Faro answers without it."""
        self._check_operator(request)
        core, now = self._core, datetime.now(UTC)
        try:
            async with core.database.read() as connection:
                directory = await core.directory(connection)
            async with core.database.write() as connection:  # read-only, or full: then nothing can be stored
                await operation_store.try_to_store(connection, now=now)
        except (SQLAlchemyError, OSError):
            return web.json_response({"status": "no database"}, status=503)
        understanding = "rasa" if core.nlu else "keywords"
        answer = {"status": "ready", "services": len(directory), "understanding": understanding}
        return web.json_response(answer)

    async def metrics(self, request: web.Request) -> web.Response:
        """For Prometheus: all processes together, whichever answers."""
        self._check_operator(request)
        try:
            await self._core.meter.flush(self._core.database)
            standing = await look(self._core, datetime.now(UTC))
        except (SQLAlchemyError, OSError):
            raise web.HTTPServiceUnavailable(text="The database does not answer.\n") from None
        page = metrics_page.render(standing, budget=self._settings.whatsapp_monthly_budget)
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _check_operator(self, request: web.Request) -> None:
        """In public only the metrics token, or a direct call from this machine, may look."""
        if not self._settings.is_public:
            return
        token = self._settings.metrics_token.get_secret_value()
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token and hmac.compare_digest(given.encode(), token.encode()):
            return
        forwarded = any(name in request.headers for name in _FORWARDED)
        if request.remote not in LOOPBACK or forwarded:
            raise web.HTTPNotFound
