"""WhatsApp, by Meta's Cloud API: its webhooks read, its messages made and sent."""

import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.budget import MAX_BUTTONS, MAX_LABEL, MAX_ROWS, units
from bot.channels import AcceptanceUnknown, Misconfigured, SendError, Sent, Unavailable, Undeliverable
from bot.channels import whatsapp_webhook as webhook
from bot.channels.background import Background
from bot.channels.json_values import rows, table, word
from bot.channels.whatsapp_errors import classify
from bot.messages import Event, Option, Reply
from bot.pacing import Limits, Pace
from bot.texts import channels as say
from bot.texts import labels

log = logging.getLogger(__name__)

MAX_BODY = 1024
"""UTF-16 units of text beside something to tap; Meta's lists take more today, its buttons do not."""
MAX_BUTTON_ID = 256
MAX_ROW_ID = 200
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
        """See `render`."""
        return render(reply)

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


def render(reply: Reply) -> Json:
    """Text with its options as buttons, a list or numbered lines, or with a location button.

    WhatsApp's location button stands alone. It is used when all else there is to tap is «Prefiero no
    decir», which then stands below as a numbered line (typed answers choose too); beside other
    options the words of the text ask for the place.
    """
    options = reply.options
    if reply.place_request and all(option.label == labels.NO_PLACE for option in options):
        body = _numbered(reply.text, options)
        if units(body) <= MAX_BODY:
            return _interactive("location_request_message", body, {"name": "send_location"})
    if not options:
        return _text(reply.text)
    if units(reply.text) > MAX_BODY or not _tappable(options):
        return _text(_numbered(reply.text, options))
    return _buttons(reply) if len(options) <= MAX_BUTTONS else _list(reply)


def _signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + hmac.digest(secret, body, "sha256").hex().encode()


def _tappable(options: tuple[Option, ...]) -> bool:
    """Whether WhatsApp takes them as buttons or rows: few, short, and no two alike."""
    longest_id = MAX_BUTTON_ID if len(options) <= MAX_BUTTONS else MAX_ROW_ID
    return (
        len(options) <= MAX_ROWS
        and len({option.id for option in options}) == len(options)
        and len({option.label.strip().casefold() for option in options}) == len(options)
        and all(option.label.isprintable() and option.label.strip() for option in options)
        and all(units(option.label) <= MAX_LABEL for option in options)
        and all(0 < units(option.id) <= longest_id for option in options)
    )


def _numbered(text: str, options: tuple[Option, ...]) -> str:
    """The options as lines to answer with a number, which the conversation understands as a tap."""
    if not options:
        return text
    lines = [f"{number}. {option.label}" for number, option in enumerate(options, start=1)]
    return "\n".join([text, "", say.BY_NUMBER, *lines])


def _text(body: str) -> Json:
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def _buttons(reply: Reply) -> Json:
    buttons = [
        {"type": "reply", "reply": {"id": option.id, "title": option.label}} for option in reply.options
    ]
    return _interactive("button", reply.text, {"buttons": buttons})


def _list(reply: Reply) -> Json:
    listed = [{"id": option.id, "title": option.label} for option in reply.options]
    return _interactive("list", reply.text, {"button": say.LIST_BUTTON, "sections": [{"rows": listed}]})


def _interactive(kind: str, body: str, action: Json) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action}}


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
