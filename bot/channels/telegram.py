"""Telegram, by its Bot API: updates read, messages made, sent and deleted."""

import asyncio
import hmac
import logging
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import telegram
from telegram import error as errors
from telegram.request import HTTPXRequest

from bot.channels import (
    AcceptanceUnknown,
    FormRefused,
    Misconfigured,
    SendError,
    Sent,
    Throttled,
    Unavailable,
    Undeliverable,
    telegram_message,
)
from bot.channels import telegram_update as update
from bot.channels.background import Background
from bot.messages import Event, Reply
from bot.pacing import Limits, Pace

log = logging.getLogger(__name__)

SEND_SECONDS = 10.0
CONNECT_SECONDS = 5.0
CALLBACK_SECONDS = 2.0
DELETE_AT_ONCE = 100

Json = dict[str, Any]

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_LONG_NUMBER = re.compile(r"\d{5,}")
_NOBODY_THERE = re.compile(r"not found|peer_id|chat_id|migrated", re.IGNORECASE)
"""Of a refusal: it is the chat, and no other form of the message would help."""


@asynccontextmanager
async def open_bot(token: str, *, api_url: str) -> AsyncIterator[telegram.Bot]:
    """A Bot API client, closed in the end. It calls nobody until it sends."""
    _keep_quiet()
    # python-telegram-bot 22 hands out seconds as timedelta only when this says so, and warns otherwise.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    request = HTTPXRequest(
        connection_pool_size=64,
        read_timeout=SEND_SECONDS,
        write_timeout=SEND_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        pool_timeout=CONNECT_SECONDS,
    )
    unused = HTTPXRequest(connection_pool_size=1)  # for getUpdates, which Faro never calls
    bot = telegram.Bot(
        token, base_url=f"{api_url.rstrip('/')}/bot", request=request, get_updates_request=unused
    )
    try:
        yield bot
    finally:
        await request.shutdown()
        await unused.shutdown()


def _keep_quiet() -> None:
    """httpx logs every address, which holds the token; the client logs texts and what it can't read."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)


class Telegram:
    """The channel of one bot."""

    name = "telegram"
    # Bot API, «Bots FAQ»: one message a second in a chat, bursts tolerated; thirty a second overall.
    limits = Limits(turns=Pace(15, 2.0), sends=Pace(5, 1.0), overall=Pace(30, 1 / 30))

    def __init__(self, bot: telegram.Bot, *, webhook_secret: str) -> None:
        self._bot = bot
        self._webhook_secret = webhook_secret.encode()
        self._callbacks = Background()

    def check(self, headers: Mapping[str, str], body: bytes) -> bool:
        """X-Telegram-Bot-Api-Secret-Token, the secret set with the webhook; Telegram signs nothing."""
        del body
        given = headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode("utf-8", "surrogateescape")
        return bool(self._webhook_secret) and hmac.compare_digest(given, self._webhook_secret)

    def read(self, payload: object) -> tuple[Event, ...]:
        """The event of an update."""
        return update.read(payload)

    def render(self, reply: Reply) -> Json:
        """See bot.channels.telegram_message."""
        return telegram_message.render(reply)

    def render_plain(self, reply: Reply) -> Json:
        """The same as text."""
        return telegram_message.render_plain(reply)

    def seen(self, address: str, context: str) -> None:
        """Let go of the tapped button, so that it does not turn for ever."""
        del address
        if context:
            self._callbacks.once(context, lambda: self._answer_callback(context))

    async def send(self, address: str, message: Json, *, context: str, reference: str) -> Sent:
        """Send, and let go of the tapped button if nobody has."""
        del reference
        chat = _chat(address)
        self.seen(address, context)
        try:
            async with asyncio.timeout(CONNECT_SECONDS + SEND_SECONDS):
                accepted = await self._call(chat, message)
        except errors.TelegramError as error:
            raise send_error(error) from None
        except TimeoutError:
            raise AcceptanceUnknown("Telegram's answer was cut off (TimeoutError)") from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise AcceptanceUnknown("Telegram's answer could not be read") from None
        return Sent(str(accepted.message_id), deletable=True)

    async def _call(self, chat: int, message: Json) -> telegram.Message:
        """The method of the Bot API that the message was rendered for."""
        markup = _markup(message["reply_markup"])
        if venue := message.get("venue"):
            return await self._bot.send_venue(chat, **venue, reply_markup=markup)
        if contact := message.get("contact"):
            return await self._bot.send_contact(chat, **contact, reply_markup=markup)
        previews = telegram.LinkPreviewOptions(**message["link_preview_options"])
        return await self._bot.send_message(
            chat, message["text"], link_preview_options=previews, reply_markup=markup
        )

    async def settled(self) -> None:
        """What was begun beside the answers is done."""
        await self._callbacks.settled()

    async def delete(self, address: str, external_ids: list[str]) -> None:
        """Delete messages of the last 48 hours, ours and the person's; what is gone already is skipped."""
        chat = _chat(address)
        ids = [int(external_id) for external_id in external_ids if external_id.isdecimal()]
        for start in range(0, len(ids), DELETE_AT_ONCE):
            await self._delete_some(chat, ids[start : start + DELETE_AT_ONCE])

    async def _delete_some(self, chat: int, ids: list[int]) -> None:
        try:
            await self._bot.delete_messages(chat, ids)
        except errors.BadRequest:  # one that is too old must not keep the others
            for message_id in ids:
                await self._delete_one(chat, message_id)
        except errors.TelegramError as error:
            raise send_error(error) from None

    async def _delete_one(self, chat: int, message_id: int) -> None:
        try:
            await self._bot.delete_message(chat, message_id)
        except errors.BadRequest:
            log.debug("telegram: a message could not be deleted any more")
        except errors.TelegramError as error:
            raise send_error(error) from None

    async def _answer_callback(self, callback_id: str) -> None:
        """The answer itself does not wait for it to work: an old button has nothing left to stop."""
        try:
            await self._bot.answer_callback_query(
                callback_id, read_timeout=CALLBACK_SECONDS, connect_timeout=CALLBACK_SECONDS
            )
        except errors.TelegramError as error:
            log.debug("telegram: a callback was not answered (%s)", type(error).__name__)


def _markup(
    markup: Json,
) -> telegram.InlineKeyboardMarkup | telegram.ReplyKeyboardMarkup | telegram.ReplyKeyboardRemove:
    if "inline_keyboard" in markup:
        return telegram.InlineKeyboardMarkup.de_json(markup, None)
    if "keyboard" in markup:
        rows = [[telegram.KeyboardButton(**button) for button in row] for row in markup["keyboard"]]
        return telegram.ReplyKeyboardMarkup(**{**markup, "keyboard": rows})
    return telegram.ReplyKeyboardRemove()


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Undeliverable("the address of a person on Telegram cannot be read") from None


def send_error(error: errors.TelegramError) -> SendError:
    """What python-telegram-bot raised, as one of ours. The reason never quotes its text with the token."""
    if isinstance(error, errors.RetryAfter):
        return Throttled("Telegram asks to wait", retry_after=_seconds(error.retry_after))
    if isinstance(error, errors.Forbidden):
        return Undeliverable("the person blocked the bot or left Telegram")
    if isinstance(error, errors.InvalidToken | errors.EndPointNotFound):
        return Misconfigured(
            "Telegram refused the token; ask @BotFather for a new one and set FARO_TELEGRAM_TOKEN"
        )
    if isinstance(error, errors.BadRequest | errors.ChatMigrated):
        kind = Undeliverable if _NOBODY_THERE.search(error.message) else FormRefused
        return kind(f"Telegram refused the message: {_LONG_NUMBER.sub('…', error.message)[:120]}")
    if isinstance(error, errors.NetworkError):
        return _network_error(error)
    return AcceptanceUnknown("Telegram's answer could not be read")


def _network_error(error: errors.NetworkError) -> SendError:
    cause = error.__cause__
    if isinstance(cause, _NOT_SENT):
        return Unavailable("Telegram could not be reached")
    if isinstance(cause, httpx.HTTPError):
        return AcceptanceUnknown(f"Telegram's answer was cut off ({type(cause).__name__})")
    if "Gateway Time" in error.message:  # a gateway that waited in vain: Telegram may have taken it
        return AcceptanceUnknown("a gateway gave up waiting for Telegram")
    return Unavailable("Telegram failed on its side")


def _seconds(wait: int | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
