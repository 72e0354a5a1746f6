"""`faro webhook set` and `status`: register with the platforms, and show what they say."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum

import aiohttp
import typer

from bot import registration
from bot.channels import SendError
from bot.channels.telegram import open_bot
from bot.logs import log_to_stderr
from bot.settings import Settings, read

app = typer.Typer(no_args_is_help=True, help="Register with the platforms; show what they say.")


class Platform(StrEnum):
    """Where people write."""

    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"


@app.command("set")
def set_webhook(platform: Platform) -> None:
    """Tell a platform where this Faro is; for Telegram also its commands and description in Spanish."""
    settings = _settings()
    if not _is_on(settings, platform):
        sys.exit(f"faro: FARO_{platform.upper()}_TOKEN is not set.")
    sys.exit(asyncio.run(_all([(platform, _SET[platform])], settings)))


@app.command()
def status() -> None:
    """What each platform says of this Faro."""
    settings = _settings()
    on = [platform for platform in Platform if _is_on(settings, platform)]
    if not on:
        sys.exit("faro: no platform is on; set FARO_TELEGRAM_TOKEN or FARO_WHATSAPP_TOKEN.")
    sys.exit(asyncio.run(_all([(platform, _STATUS[platform]) for platform in on], settings)))


Ask = Callable[[Settings], Awaitable[list[str]]]


async def _all(asked: list[tuple[Platform, Ask]], settings: Settings) -> int:
    """Print what comes back, a sentence a line; 1 when a platform refused."""
    failed = 0
    for platform, ask in asked:
        try:
            for sentence in await ask(settings):
                typer.echo(f"{platform}: {sentence}")
        except SendError as error:
            failed = 1
            typer.echo(f"{platform}: {error.reason}.", err=True)
    return failed


async def _set_telegram(settings: Settings) -> list[str]:
    token = settings.telegram_token.get_secret_value()
    async with open_bot(token, api_url=settings.telegram_api_url) as bot:
        return await registration.set_telegram(bot, settings)


async def _telegram_status(settings: Settings) -> list[str]:
    token = settings.telegram_token.get_secret_value()
    async with open_bot(token, api_url=settings.telegram_api_url) as bot:
        return await registration.telegram_status(bot, settings)


async def _set_whatsapp(settings: Settings) -> list[str]:
    async with aiohttp.ClientSession() as http:
        return await registration.set_whatsapp(http, settings)


async def _whatsapp_status(settings: Settings) -> list[str]:
    async with aiohttp.ClientSession() as http:
        return await registration.whatsapp_status(http, settings)


_SET: dict[Platform, Ask] = {Platform.TELEGRAM: _set_telegram, Platform.WHATSAPP: _set_whatsapp}
_STATUS: dict[Platform, Ask] = {Platform.TELEGRAM: _telegram_status, Platform.WHATSAPP: _whatsapp_status}


def _is_on(settings: Settings, platform: Platform) -> bool:
    return settings.telegram_is_on if platform is Platform.TELEGRAM else settings.whatsapp_is_on


def _settings() -> Settings:
    settings = read()
    log_to_stderr("WARNING")
    return settings
