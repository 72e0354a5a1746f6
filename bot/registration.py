"""Telling the platforms where this Faro is: webhooks, and what people see of it before they write.

Sources: Bot API, setWebhook and setMyCommands; Meta, «Webhook overrides» and «Subscribe to a WABA».
"""

from typing import Any

import aiohttp
import telegram
from telegram import error as errors

from bot.channels import Misconfigured, SendError, Unavailable
from bot.channels.json_values import rows, table, text, whole, word
from bot.channels.telegram import send_error
from bot.channels.whatsapp_errors import classify
from bot.settings import Settings
from bot.texts import channels as say

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
CONNECTIONS = 40
SECONDS = 15.0
_SCOPES = frozenset({"whatsapp_business_messaging", "whatsapp_business_management"})
_VERIFICATION_FAILED = 2200
NO_ADDRESS = Misconfigured("FARO_PUBLIC_URL is not set: a platform needs an https address to call")


async def set_telegram(bot: telegram.Bot, settings: Settings) -> list[str]:
    """Register the webhook, the commands and the description. What was done; raises a SendError."""
    url = _webhook(settings, "telegram")
    commands = [telegram.BotCommand(name, told) for name, told in say.COMMANDS]
    try:
        await bot.set_webhook(
            url,
            secret_token=settings.telegram_webhook_secret.get_secret_value(),
            allowed_updates=UPDATES,
            max_connections=CONNECTIONS,
        )
        for language in (None, "es"):
            await bot.set_my_commands(commands, language_code=language)
            await bot.set_my_description(say.DESCRIPTION, language_code=language)
            await bot.set_my_short_description(say.SHORT_DESCRIPTION, language_code=language)
        me = await bot.get_me()
    except errors.TelegramError as error:
        raise send_error(error) from None
    return [f"Telegram calls {url}.", f"People write to https://t.me/{me.username}."]


async def telegram_status(bot: telegram.Bot, settings: Settings) -> list[str]:
    """What Telegram says of the webhook. Raises a SendError."""
    try:
        me, info = await bot.get_me(), await bot.get_webhook_info()
    except errors.TelegramError as error:
        raise send_error(error) from None
    said = [f"The bot is https://t.me/{me.username}."]
    if not info.url:
        return [*said, "No webhook is registered; run «faro webhook set telegram»."]
    if info.url != _webhook(settings, "telegram"):
        said.append("Another address is registered than FARO_PUBLIC_URL's; run «faro webhook set telegram».")
    said.append(f"Telegram calls {info.url}; {info.pending_update_count} messages wait there.")
    if info.last_error_date:
        said.append(
            f"It last failed at {info.last_error_date:%Y-%m-%d %H:%M} UTC: {info.last_error_message or ''}."
        )
    return said


async def set_whatsapp(http: aiohttp.ClientSession, settings: Settings) -> list[str]:
    """Point the number's webhooks here, and subscribe the app to its account. Raises a SendError."""
    url = _webhook(settings, "whatsapp")
    graph = Graph(http, settings)
    token = settings.whatsapp_verify_token.get_secret_value()
    override = {"override_callback_uri": url, "verify_token": token}
    await graph.post(settings.whatsapp_phone_number_id, {"webhook_configuration": override})
    said = [f"WhatsApp calls {url}."]
    account = await _account(graph, settings)
    if account is None:
        return [
            *said,
            "The token does not tell which account the number belongs to: subscribe the app to it in Meta's"
            " console (WhatsApp, Configuration, field «messages»).",
        ]
    await graph.post(f"{account}/subscribed_apps", {})
    return [*said, "The app is subscribed to the number's account."]


async def whatsapp_status(http: aiohttp.ClientSession, settings: Settings) -> list[str]:
    """What Meta says of the number. Raises a SendError."""
    graph = Graph(http, settings)
    fields = "display_phone_number,verified_name,quality_rating,webhook_configuration"
    number = await graph.get(f"{settings.whatsapp_phone_number_id}?fields={fields}")
    called = called_by_meta(number)
    said = [
        f"The number is {text(number.get('display_phone_number'))} ({text(number.get('verified_name'))}),"
        f" quality {text(number.get('quality_rating')) or 'unknown'}."
    ]
    if not called:
        return [*said, "No webhook is registered; run «faro webhook set whatsapp»."]
    if called != _webhook(settings, "whatsapp"):
        said.append("Another address is registered than FARO_PUBLIC_URL's; run «faro webhook set whatsapp».")
    return [*said, f"WhatsApp calls {called}."]


def called_by_meta(number: dict[str, Any]) -> str:
    """The address that Meta calls for a number: its own webhook, its account's or the app's; empty: none."""
    registered = table(number.get("webhook_configuration"))
    levels = ("phone_number", "whatsapp_business_account", "application")
    return next((url for level in levels if (url := text(registered.get(level)))), "")


class Graph:
    """Calls of the Graph API beside messages."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        self._http = http
        self._url = settings.whatsapp_api_url
        self._headers = {"Authorization": f"Bearer {settings.whatsapp_token.get_secret_value()}"}

    async def get(self, path: str) -> dict[str, Any]:
        """The JSON of a node. Raises a SendError."""
        return await self._call("GET", path, None)

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of the answer. Raises a SendError."""
        return await self._call("POST", path, body)

    async def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        try:
            async with self._http.request(
                method,
                f"{self._url}/{path}",
                json=body,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=SECONDS),
                allow_redirects=False,
            ) as response:
                status, answer = response.status, table(await response.json(content_type=None))
        except ValueError:
            raise Unavailable("Meta's answer could not be read") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(f"Meta could not be reached ({type(error).__name__})") from None
        if status == 200:
            return answer
        if whole(table(answer.get("error")).get("code")) == _VERIFICATION_FAILED:
            raise Misconfigured(
                "Meta called the address and did not get its answer: is Faro running, does FARO_PUBLIC_URL"
                " lead to it, and has it the same FARO_WHATSAPP_VERIFY_TOKEN?"
            )
        raise classify(status, answer)


async def _account(graph: Graph, settings: Settings) -> str | None:
    """The WhatsApp business account that holds the number, among those the token may see."""
    token = settings.whatsapp_token.get_secret_value()
    try:
        seen = table((await graph.get(f"debug_token?input_token={token}")).get("data"))
        scopes = [table(scope) for scope in rows(seen.get("granular_scopes"))]
        for account in _accounts(scopes):
            numbers = rows((await graph.get(f"{account}/phone_numbers?fields=id")).get("data"))
            if settings.whatsapp_phone_number_id in {word(table(number).get("id")) for number in numbers}:
                return account
    except SendError:
        return None
    return None


def _accounts(scopes: list[dict[str, Any]]) -> list[str]:
    targets = [word(t) for s in scopes if s.get("scope") in _SCOPES for t in rows(s.get("target_ids"))]
    return [target for target in dict.fromkeys(targets) if target.isdigit()]


def _webhook(settings: Settings, channel: str) -> str:
    if not settings.public_url:
        raise NO_ADDRESS
    return f"{settings.public_url}/webhooks/{channel}"
