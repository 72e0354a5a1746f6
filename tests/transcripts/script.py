"""Reads a transcript file and plays it on anything that takes a message and gives an answer.

A transcript is a YAML file that reads as a conversation:

    about: A mother looks for a place to sleep
    turns:
    - person: busco donde dormir con mis hijos     # or tap: LABEL, send: voice, at: [17.5, -98.5], wait: 2h
      faro: [¿En qué municipio]                    # every piece stands in the answer
      never: [refugio]                             # none of these does
      taps: [Prefiero no decir]                    # these can be tapped
      phone: true                                  # the answer holds a number to call
      card: map                                    # it is a map, a card or a page; none: it is words

Beside the seed, the directory holds the one record of tests/fixtures/invented.py, in Mulegé.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.cards import Contact, Page, Point
from bot.messages import Attachment, Inbound, Option, Reply

FOLDER = Path(__file__).parent
PHONE = re.compile(r"\b911\b|\b079\b|\*\d{3,4}|\b\d{2,4} \d{3,4} \d{3,4}\b")
CARDS = {"map": Point, "card": Contact, "page": Page, "none": type(None)}
_WAIT = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Step:
    """One message and what its answer must be."""

    inbound: Inbound | None
    wait: timedelta
    tap: str
    faro: tuple[str, ...]
    never: tuple[str, ...]
    taps: tuple[str, ...]
    phone: bool | None
    card: str


@dataclass(frozen=True)
class Transcript:
    """A conversation as a file tells it."""

    name: str
    about: str
    steps: tuple[Step, ...]


Say = Callable[[Inbound, timedelta], Awaitable[Reply]]


def read_all() -> list[Transcript]:
    return [read(path) for path in sorted(FOLDER.glob("*.yml"))]


def read(path: Path) -> Transcript:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Transcript(path.stem, data["about"], tuple(_step(turn) for turn in data["turns"]))


async def play(transcript: Transcript, say: Say) -> None:
    """Say every line and check every answer."""
    offered: tuple[Option, ...] = ()
    passed = timedelta()
    for number, step in enumerate(transcript.steps, start=1):
        passed += step.wait
        if step.inbound is None and not step.tap:
            continue
        reply = await say(step.inbound or _tap(step.tap, offered), passed)
        if reply.options or not reply.card:  # what stands above a map or a card can still be tapped
            offered = reply.options
        passed = timedelta()
        check(step, reply, where=f"{transcript.name}, turn {number}")


def check(step: Step, reply: Reply, *, where: str) -> None:
    answer = reply.text.casefold()
    for piece in step.faro:
        assert piece.casefold() in answer, f"{where}: «{piece}» is not in the answer:\n{reply.text}"
    for piece in step.never:
        assert piece.casefold() not in answer, f"{where}: «{piece}» is in the answer:\n{reply.text}"
    labels = [option.label for option in reply.options]
    for label in step.taps:
        assert label in labels, f"{where}: «{label}» can't be tapped, only {labels}"
    if step.phone is not None:
        has = bool(PHONE.search(reply.text))
        assert has is step.phone, f"{where}: a phone number is {'there' if has else 'missing'}:\n{reply.text}"
    if step.card:
        assert isinstance(reply.card, CARDS[step.card]), f"{where}: no {step.card} but {reply.card}"


def _tap(label: str, offered: tuple[Option, ...]) -> Inbound:
    for option in offered:
        if label in (option.label, option.id):
            return Inbound(option=option.id)
    return Inbound(option=label)  # an old button


def _step(turn: dict[str, Any]) -> Step:
    return Step(
        inbound=_inbound(turn),
        wait=_wait(turn.get("wait", "0m")),
        tap=turn.get("tap", ""),
        faro=tuple(turn.get("faro", ())),
        never=tuple(turn.get("never", ())),
        taps=tuple(turn.get("taps", ())),
        phone=turn.get("phone"),
        card=turn.get("card", ""),
    )


def _inbound(turn: dict[str, Any]) -> Inbound | None:
    if "person" in turn:
        return Inbound(text=str(turn["person"]))
    if "send" in turn:
        return Inbound(attachment=Attachment(turn["send"]))
    if "at" in turn:
        latitude, longitude = turn["at"]
        return Inbound(location=(latitude, longitude))
    return None


def _wait(text: str) -> timedelta:
    return timedelta(**{_WAIT[text[-1]]: int(text[:-1])})
