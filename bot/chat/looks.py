"""A reply as WhatsApp and as Telegram would show it, drawn from what would really be sent. Pure."""

from collections.abc import Iterable
from typing import Any

from bot.budget import MAX_BUTTONS, MAX_ROWS, units
from bot.cards import Point, map_link
from bot.channels import telegram_message, whatsapp_message
from bot.messages import Reply
from bot.texts import channels as say
from bot.texts import labels

Json = dict[str, Any]

TELEGRAM_TEXT = 4096
"""Bot API, sendMessage: characters of a text."""


def looks(reply: Reply) -> dict[str, Json]:
    """By platform: `text`, `rows` of things to tap, and `limits` in words.

    Something to tap has `label` and one of `option` (its id comes back), `text` (the words come back),
    `location` and `url` (a page outside Faro). `sheet` is the label of the button that opens the rows,
    where the platform has one.
    """
    return {
        "whatsapp": whatsapp_look(whatsapp_message.render(reply)),
        "telegram": telegram_look(telegram_message.render(reply)),
    }


def whatsapp_look(message: Json) -> Json:
    """A rendered message as WhatsApp shows it."""
    match message["type"]:
        case "text":
            body = message["text"]["body"]
            return _look(body, [], f"Texto sin botones: {_of(units(body), whatsapp_message.MAX_BODY)} letras")
        case "location":
            place = message["location"]
            degrees = (place["latitude"], place["longitude"])
            return _pin(place["name"], place["address"], degrees)
        case "contacts":
            (card,) = message["contacts"]
            phones = [phone["phone"] for phone in card["phones"]]
            return _saved(card["name"]["formatted_name"], card["org"]["title"], phones)
    return _interactive(message["interactive"])


def _interactive(told: Json) -> Json:
    body, action = told["body"]["text"], told["action"]
    length = f"{_of(units(body), whatsapp_message.MAX_BODY)} letras"
    if told["type"] == "cta_url":
        opens = action["parameters"]
        button = {"label": opens["display_text"], "url": opens["url"]}
        return _look(body, [[button]], f"Botón que abre una página, que va solo: {length}")
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


def telegram_look(message: Json) -> Json:
    """A rendered message as Telegram shows it."""
    markup = message["reply_markup"]
    rows = [[_inline(each) for each in row] for row in markup.get("inline_keyboard", ())]
    if place := message.get("venue"):
        shown = _pin(place["title"], place["address"], (place["latitude"], place["longitude"]))
        return shown | {"rows": [*shown["rows"], *rows]}
    if contact := message.get("contact"):
        name = " ".join(filter(None, (contact["first_name"], contact.get("last_name"))))
        return _saved(name, "", [contact["phone_number"]]) | {"rows": rows}
    body = message["text"]
    length = f"{_of(units(body), TELEGRAM_TEXT)} letras"
    if "keyboard" in markup:
        keys = [[_key(button) for button in row] for row in markup["keyboard"]]
        return _look(body, keys, f"Teclado propio, por el botón de ubicación: {length}")
    return _look(body, rows, f"{sum(map(len, rows))} botones; {length}")


def _pin(name: str, address: str, degrees: tuple[Any, Any]) -> Json:
    latitude, longitude = map(float, degrees)
    button = {"label": labels.OPEN_MAP, "url": map_link(Point(latitude, longitude, name, address))}
    return _look(f"📍 {name}\n{address}", [[button]], "Punto en el mapa, que va solo")


def _saved(name: str, note: str, phones: Iterable[str]) -> Json:
    lines = [f"👤 {name}", *phones, note]
    return _look("\n".join(filter(None, lines)), [], "Tarjeta de contacto, que va sola")


def _inline(button: Json) -> Json:
    if "url" in button:
        return {"label": button["text"], "url": button["url"]}
    return _option(button["callback_data"], button["text"])


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
