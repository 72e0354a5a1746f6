"""WhatsApp, by Meta's Cloud API: its webhooks read, its messages made and sent."""

import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.channels import (
    AcceptanceUnknown,
    Misconfigured,
    SendError,
    Sent,
    Unavailable,
    Undeliverable,
    whatsapp_message,
)
from bot.channels import whatsapp_webhook as webhook
from bot.channels.background import Background
from bot.channels.json_values import rows, table, word
from bot.channels.whatsapp_errors import classify
from bot.messages import Event, Reply
from bot.pacing import Limits, Pace

log = logging.getLogger(__name__)

SEND_SECONDS = 10.0
CONNECT_SECONDS = 5.0
READ_MARK_SECONDS = 2.0

Json = dict[str, Any]


class WhatsApp:
    """The channel of one phone number. `app_secrets` are several while they are being changed."""

    name = "whatsapp"

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        token: str,
        phone_number_id: str,
        app_secrets: tuple[str, ...],
        api_url: str,
        per_second: int = 80,
    ) -> None:
        self._http = http
        self._token = token
        self._phone_number_id = phone_number_id
        self._app_secrets = tuple(secret.encode() for secret in app_secrets if secret)
        self._url = f"{api_url.rstrip('/')}/{phone_number_id}/messages"
        self._marks = Background()
        # Meta, «pair rate»: one message in six seconds to one person; a burst is borrowed from later.
        # The number's throughput counts what comes in as well as what goes out: half of it is for answers.
        answers = max(1, per_second // 2)
        self.limits = Limits(turns=Pace(10, 6.0), sends=Pace(10, 6.0), overall=Pace(answers, 1 / answers))

    def check(self, headers: Mapping[str, str], body: bytes) -> bool:
        """X-Hub-Signature-256: HMAC-SHA256 of the body as it came, with the app secret."""
        given = headers.get("X-Hub-Signature-256", "").encode("utf-8", "surrogateescape")
        matches = [hmac.compare_digest(given, _signature(secret, body)) for secret in self._app_secrets]
        return any(matches)

    def read(self, payload: object) -> tuple[Event, ...]:
        """Every event of a notification, in order."""
        return webhook.read(payload, phone_number_id=self._phone_number_id)

    def render(self, reply: Reply) -> Json:
        """See bot.channels.whatsapp_message."""
        return whatsapp_message.render(reply)

    def render_plain(self, reply: Reply) -> Json:
        """The same as text."""
        return whatsapp_message.render_plain(reply)

    def seen(self, address: str, context: str) -> None:
        """Blue ticks and «escribiendo…» while the answer is made."""
        del address
        if context:
            self._marks.once(context, lambda: self._mark_read(context, typing=True))

    async def send(self, address: str, message: Json, *, context: str, reference: str) -> Sent:
        """Send, and mark what it answers as read if nobody has. `reference` comes back with every status."""
        envelope = {**_recipient(address), **message, "biz_opaque_callback_data": reference}
        if context:
            self._marks.once(context, lambda: self._mark_read(context, typing=False))
        return Sent(_accepted(await self._post(envelope, seconds=SEND_SECONDS)))

    async def settled(self) -> None:
        """What was begun beside the answers is done."""
        await self._marks.settled()

    async def delete(self, address: str, external_ids: list[str]) -> None:
        """WhatsApp lets no business delete a message at the person's side; AYUDA says how they can."""
        del address, external_ids

    async def _mark_read(self, message_id: str, *, typing: bool) -> None:
        """An answer does not need it."""
        mark: Json = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        if typing:  # beside an answer that is on its way it would come too late, and stay for 25 seconds
            mark["typing_indicator"] = {"type": "text"}
        try:
            await self._post(mark, seconds=READ_MARK_SECONDS)
        except SendError as error:
            log.debug("whatsapp: no read mark: %s", error.reason)

    async def _post(self, body: Json, *, seconds: float) -> object:
        """The JSON of Meta's answer. Raises a SendError whose text holds nothing of the body."""
        timeout = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, CONNECT_SECONDS))
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._http.post(
                self._url, json=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                answer, status = _parsed(await response.read()), response.status
                retry_after = _seconds(response.headers.get("Retry-After", ""))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unavailable("WhatsApp could not be reached") from None
        except aiohttp.InvalidURL:
            raise Misconfigured("FARO_WHATSAPP_API_URL is not an address") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise AcceptanceUnknown(f"WhatsApp's answer was cut off ({type(error).__name__})") from None
        if status != 200:
            raise classify(status, answer, retry_after=retry_after)
        return answer


def _signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + hmac.digest(secret, body, "sha256").hex().encode()


def _recipient(address: str) -> Json:
    """{"to": number} or {"recipient": business-scoped id}, as `read` made it."""
    given = table(_parsed(address.encode("utf-8", "replace")))
    named = {key: word(given.get(key)) for key in ("to", "recipient") if word(given.get(key))}
    if len(named) != 1:
        raise Undeliverable("the address of a person on WhatsApp cannot be read")
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **named}


def _accepted(answer: object) -> str:
    """The id of the accepted message; without one nobody knows whether it was."""
    message_id = word(table(next(iter(rows(table(answer).get("messages"))), None)).get("id"))
    if not message_id:
        raise AcceptanceUnknown("WhatsApp answered 200 without the id of a message")
    return message_id


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _seconds(header: str) -> float | None:
    return float(header) if header.isascii() and header.isdigit() and len(header) < 6 else None
