"""The web chat: a page that fetches its answers, so sending means leaving them to be fetched."""

from collections.abc import Mapping
from typing import Any

from bot.cards import Card, Page, Point, can_be_opened, map_link
from bot.channels import Sent
from bot.messages import Attachment, Event, Ignored, Inbound, Received, Reply
from bot.pacing import Limits, Pace
from bot.texts import labels

MAX_TEXT = 4096


class Web:
    """The channel of /chat. The session cookie is checked by the page's own handler."""

    name = "web"
    limits = Limits(turns=Pace(60, 1.0), sends=Pace(60, 0.1), overall=Pace(1000, 0.001))

    def check(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Nobody else calls it: the browser's cookie stands for the person."""
        del headers, body
        return True

    def read(self, payload: object) -> tuple[Event, ...]:
        """`{"id", "session", "text" | "option" | "location" | "attachment"}`, one message."""
        if not isinstance(payload, dict):
            return (Ignored("malformed"),)
        session, external_id = payload.get("session"), payload.get("id")
        inbound = _inbound(payload)
        if not (isinstance(session, str) and isinstance(external_id, str) and inbound):
            return (Ignored("malformed"),)
        return (Received(f"{session}:{external_id}", session, session, inbound),)

    def render(self, reply: Reply) -> dict[str, Any]:
        """Text and options as they are; the page draws them. `link`, when there is one, leads out of Faro."""
        options = [{"id": option.id, "label": option.label} for option in reply.options]
        shown = {"text": reply.text, "options": options, "place_request": reply.place_request}
        return shown | ({"link": link} if (link := _link(reply.card)) else {})

    def render_plain(self, reply: Reply) -> dict[str, Any]:
        """The page refuses nothing."""
        return self.render(reply)

    def seen(self, address: str, context: str) -> None:
        """The page shows nothing while it waits."""

    async def send(self, address: str, message: dict[str, Any], *, context: str, reference: str) -> Sent:
        """The page fetches from the outbox itself."""
        del address, message, context
        return Sent(reference)

    async def settled(self) -> None:
        """Nothing is begun beside an answer."""

    async def delete(self, address: str, external_ids: list[str]) -> None:
        """The page clears itself on SALIR."""


def _link(card: Card | None) -> dict[str, Any] | None:
    """What can be opened: a label, an address, and whose page it is."""
    match card:
        case Point() as point if point.is_on_earth:
            page = Page(map_link(point), labels.OPEN_MAP)
        case Page() as page if can_be_opened(page.url):
            pass
        case _:
            return None
    return {"label": page.label, "url": page.url, "host": page.host}


def _inbound(payload: dict[str, Any]) -> Inbound | None:
    text, option = payload.get("text"), payload.get("option")
    if isinstance(text, str):
        return Inbound(text=text[:MAX_TEXT])
    if isinstance(option, str) and option:
        return Inbound(option=option[:64])
    attachment = payload.get("attachment")
    if isinstance(attachment, str) and attachment in set(Attachment):
        return Inbound(attachment=Attachment(attachment))
    return _location(payload.get("location"))


def _location(location: object) -> Inbound | None:
    if not isinstance(location, dict):
        return None
    lat, lon = location.get("lat"), location.get("lon")
    if not (_is_degrees(lat, 90) and _is_degrees(lon, 180)):
        return None
    return Inbound(location=(float(lat), float(lon)))  # type: ignore[arg-type]


def _is_degrees(value: object, limit: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -limit <= value <= limit
