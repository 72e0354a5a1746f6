"""A reply as WhatsApp and as Telegram would show it, drawn from what would really be sent. Pure."""

from collections.abc import Iterable
from typing import Any

from bot.budget import MAX_BUTTONS, MAX_ROWS, units
from bot.channels import telegram, whatsapp
from bot.messages import Reply
from bot.texts import channels as say

Json = dict[str, Any]

TELEGRAM_TEXT = 4096
"""Bot API, sendMessage: characters of a text."""


def looks(reply: Reply) -> dict[str, Json]:
    """By platform: `text`, `rows` of things to tap, and `limits` in words.

    Something to tap has `label` and one of `option` (its id comes back), `text` (the words come back)
    and `location`. `sheet` is the label of the button that opens the rows, where the platform has one.
    """
    return {"whatsapp": _whatsapp(whatsapp.render(reply)), "telegram": _telegram(telegram.render(reply))}


def _whatsapp(message: Json) -> Json:
    if message["type"] == "text":
        body = message["text"]["body"]
        return _look(body, [], f"Texto sin botones: {_of(units(body), whatsapp.MAX_BODY)} letras")
    told = message["interactive"]
    body, action = told["body"]["text"], told["action"]
    length = f"{_of(units(body), whatsapp.MAX_BODY)} letras"
    if told["type"] == "location_request_message":
        button = {"label": say.SHARE_LOCATION, "location": True}
        return _look(body, [[button]], f"Botón de ubicación, que va solo: {length}")
    if told["type"] == "list":
        rows = [row for section in action["sections"] for row in section["rows"]]
        taps = [[_option(row["id"], row["title"])] for row in rows]
        limits = f"Lista: {_of(len(rows), MAX_ROWS)} renglones; {length}"
        return _look(body, taps, limits) | {"sheet": action["button"]}
    replies = [button["reply"] for button in action["buttons"]]
    taps = [[_option(each["id"], each["title"])] for each in replies]
    return _look(body, taps, f"{_of(len(replies), MAX_BUTTONS)} botones; {length}")


def _telegram(message: Json) -> Json:
    body, markup = message["text"], message["reply_markup"]
    length = f"{_of(units(body), TELEGRAM_TEXT)} letras"
    if "keyboard" in markup:
        rows = [[_key(button) for button in row] for row in markup["keyboard"]]
        return _look(body, rows, f"Teclado propio, por el botón de ubicación: {length}")
    inline = markup.get("inline_keyboard", ())
    rows = [[_option(each["callback_data"], each["text"]) for each in row] for row in inline]
    return _look(body, rows, f"{sum(map(len, rows))} botones; {length}")


def _look(text: str, rows: Iterable[list[Json]], limits: str) -> Json:
    return {"text": text, "rows": list(rows), "limits": limits}


def _option(option_id: str, label: str) -> Json:
    return {"label": label, "option": option_id}


def _key(button: Json) -> Json:
    if button.get("request_location"):
        return {"label": button["text"], "location": True}
    return {"label": button["text"], "text": button["text"]}


def _of(count: int, most: int) -> str:
    return f"{count} de {most:,}"
