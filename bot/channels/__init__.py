"""The Channel protocol: all that Faro needs of a messaging platform, and how a send can fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.messages import Event, Reply
from bot.pacing import Limits


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform accepted a message. `external_id` names it there; `deletable` until 48 hours later."""

    external_id: str
    deletable: bool = False


class Channel(Protocol):
    """A messaging platform. `check`, `read` and `render` are pure; `read` never raises."""

    name: str
    limits: Limits

    def check(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the platform, and nobody else, sent this webhook."""
        ...

    def read(self, payload: object) -> tuple[Event, ...]:
        """Every event of a webhook's JSON, in order; what can't be read comes as Ignored."""
        ...

    def render(self, reply: Reply) -> dict[str, Any]:
        """The reply in the platform's own JSON, without the address. Translates, and drops nothing."""
        ...

    def render_plain(self, reply: Reply) -> dict[str, Any]:
        """The same as words alone, for a platform that refused the form that `render` gave it."""
        ...

    def seen(self, address: str, context: str) -> None:
        """A turn begins: show it where the platform can (read mark, «escribiendo…», a button let go).

        Waits for nothing and never raises.
        """
        ...

    async def send(self, address: str, message: dict[str, Any], *, context: str, reference: str) -> Sent:
        """Send a rendered message. Raises a SendError."""
        ...

    async def settled(self) -> None:
        """Wait for what `seen` began; each of it has a time limit."""
        ...

    async def delete(self, address: str, external_ids: list[str]) -> None:
        """Delete messages of ours at the person's side, where the platform can. Raises a SendError."""
        ...


class SendError(Exception):
    """A message was not accepted. `reason` is for the operator: no text, no address, no token.

    `growth`, when set: the next try waits that many seconds to the power of the tries before it.
    """

    retryable = False
    growth: float | None = None

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Throttled(SendError):
    """The platform asks to slow down; wait `retry_after` seconds, else 4^X (Meta's rule for its limits)."""

    retryable = True
    growth = 4.0


class Unavailable(SendError):
    """The platform could not be reached, or failed on its side; nothing was accepted."""

    retryable = True


class AcceptanceUnknown(SendError):
    """Cut off by a timeout or a broken connection: it may have been accepted. Tried once more at most."""

    retryable = True


class Undeliverable(SendError):
    """This message or this person cannot be reached: blocked, outside the window, not on the platform."""


class FormRefused(Undeliverable):
    """The platform takes no message of this form; nothing was accepted. The same in plain words may go."""


class Misconfigured(SendError):
    """The operator must act: a token revoked, a permission missing, an account blocked."""

    retryable = True
