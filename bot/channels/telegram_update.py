"""What Telegram tells: one update at a time. Pure; never raises."""

import re
from collections.abc import Callable
from typing import Any

from telegram import ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.channels.json_values import point, table, text, whole
from bot.messages import Attachment, Event, Ignored, Inbound, PersonChange, Received

_ATTACHMENTS = {
    "voice": Attachment.VOICE,
    "audio": Attachment.VOICE,
    "photo": Attachment.IMAGE,
    "video": Attachment.IMAGE,
    "video_note": Attachment.IMAGE,
    "animation": Attachment.IMAGE,
    "sticker": Attachment.STICKER,
    "contact": Attachment.CONTACT,
}
_READ = ("message_id", "date", "chat", "from", "text", "caption", "location")
_NOTICES = frozenset(
    {
        "pinned_message",
        "message_auto_delete_timer_changed",
        "write_access_allowed",
        "chat_background_set",
        "connected_website",
        "proximity_alert_triggered",
        "boost_added",
        "forum_topic_created",
        "users_shared",
        "chat_shared",
        "passport_data",
    }
)
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_WORDS = {"start": "hola", "help": "ayuda"}
_UNREADABLE = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    OverflowError,
    OSError,
    TelegramError,
)
"""What python-telegram-bot raises at JSON that is not an update (it promises nothing there)."""


def read(payload: object) -> tuple[Event, ...]:
    """The event of an update."""
    data = table(payload)
    update_id = whole(data.get("update_id"))
    if update_id is None:
        return (Ignored("malformed"),)
    kind = next((kind for kind in _READERS if kind in data), None)
    if kind is None:
        return (Ignored("other_update"),)
    try:
        return (_READERS[kind](table(data[kind]), f"{kind}:{update_id}"),)
    except _UNREADABLE:
        return (Ignored("malformed"),)


def _message(raw: dict[str, Any], external_id: str) -> Event:
    message = _update("message", _known(raw)).message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return Ignored("no_sender")
    if message.chat.type != ChatType.PRIVATE:
        return _in_group(message, raw, external_id)
    if _NOTICES & raw.keys():
        return Ignored("notice")
    chat = _id(message.chat.id)
    return Received(external_id, chat, chat, _inbound(message, raw), deletable=_id(message.message_id))


def _in_group(message: Message, raw: dict[str, Any], external_id: str) -> Event:
    """A group that calls Faro by a command hears, once, that it talks in private; nobody else does."""
    calls = isinstance(message.text, str) and message.text.startswith("/")
    if not calls or message.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP) or "via_bot" in raw:
        return Ignored("group")
    chat = _id(message.chat.id)
    return Received(external_id, chat, chat, Inbound(text="", sent_at=message.date), in_group=True)


def _known(raw: dict[str, Any]) -> dict[str, Any]:
    """The fields that are read. A field that is new tomorrow must not cost a person's words."""
    known = {name: raw[name] for name in _READ if name in raw}
    place = table(raw.get("location") or table(raw.get("venue")).get("location"))
    known["location"] = {name: place.get(name) for name in ("latitude", "longitude")} if place else None
    return known


def _inbound(message: Message, raw: dict[str, Any]) -> Inbound:
    """What the person sent; what can't be read counts as a file, so that they hear back."""
    if isinstance(message.text, str):
        said = text(message.text)
        return Inbound(text=_said(said), sent_at=message.date, poster=_poster(said))
    if message.location:
        found = point(message.location.latitude, message.location.longitude)
        if found:
            return Inbound(location=found, sent_at=message.date)
    caption = text(message.caption)
    if caption.strip():  # the words under a photo may be the call for help
        return Inbound(text=caption, sent_at=message.date)
    attachment = next((what for name, what in _ATTACHMENTS.items() if name in raw), Attachment.DOCUMENT)
    return Inbound(attachment=attachment, sent_at=message.date)


def _said(written: str) -> str:
    """/menu, /ayuda, /salir are their words; /start, with or without a poster's code, is a greeting."""
    if _poster(written):
        return _WORDS["start"]
    command = _COMMAND.fullmatch(written.strip())
    if command is None:
        return written
    name, rest = command[1].lower(), (command[2] or "").strip()
    return " ".join(filter(None, (_WORDS.get(name, name.replace("_", " ")), rest)))


def _poster(written: str) -> str:
    """The code of the poster whose link was opened: t.me/BOT?start=CODE comes as «/start CODE»."""
    command = _COMMAND.fullmatch(written.strip())
    if command is None or command[1].lower() != "start":
        return ""
    code = (command[2] or "").strip()
    return code if _CODE.fullmatch(code) else ""


def _callback(raw: dict[str, Any], external_id: str) -> Event:
    """A tapped button. Its message may be too old to come along; the chat is then the person's own."""
    fields = {name: raw.get(name) for name in ("id", "from", "data", "chat_instance")}
    query = _update("callback_query", fields).callback_query
    option = text(query.data) if query else ""
    if query is None or not option or query.from_user.is_bot:
        return Ignored("no_option")
    chat = table(table(raw.get("message")).get("chat"))
    if chat and chat.get("type") != ChatType.PRIVATE:
        return Ignored("group")
    person = _id(query.from_user.id)
    return Received(external_id, person, person, Inbound(option=option), context=text(query.id))


def _membership(raw: dict[str, Any], external_id: str) -> Event:
    """A person blocked the bot, or came back."""
    change = _update("my_chat_member", raw).my_chat_member
    if change is None:
        return Ignored("membership")
    if change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        return _joined(change, external_id)
    if change.chat.type != ChatType.PRIVATE:
        return Ignored("group")
    kind = _membership_kind(change)
    return PersonChange(kind, _id(change.chat.id)) if kind else Ignored("membership")


def _joined(change: ChatMemberUpdated, external_id: str) -> Event:
    """Faro was added to a group: it says once that it talks in private."""
    before, now = change.old_chat_member.status, change.new_chat_member.status
    gone = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if before not in gone or now in gone:
        return Ignored("group")
    chat = _id(change.chat.id)
    return Received(external_id, chat, chat, Inbound(text="", sent_at=change.date), in_group=True)


def _membership_kind(change: ChatMemberUpdated) -> str:
    if change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT):
        return "blocked"
    return "unblocked" if change.new_chat_member.status == ChatMemberStatus.MEMBER else ""


def _edited(raw: dict[str, Any], external_id: str) -> Event:
    del raw, external_id
    return Ignored("edited_message")


def _post(raw: dict[str, Any], external_id: str) -> Event:
    del raw, external_id
    return Ignored("channel")


def _id(value: object) -> str:
    """An id as text. The parser takes anything for one; then this raises ValueError."""
    number = whole(value)
    if number is None:
        raise ValueError("not an id")
    return str(number)


def _update(kind: str, fields: dict[str, Any]) -> Update:
    return Update.de_json({"update_id": 0, kind: fields}, None)


_READERS: dict[str, Callable[[dict[str, Any], str], Event]] = {
    "message": _message,
    "callback_query": _callback,
    "my_chat_member": _membership,
    "edited_message": _edited,
    "channel_post": _post,
    "edited_channel_post": _post,
}
