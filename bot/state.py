"""What a conversation remembers between two messages, and what one turn gives back."""

import json
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.messages import Inbound, Meaning, Reply
from data.consultations import Answer
from data.counts import Asked as Count
from data.counts import Outcome
from services.directory import Directory
from services.freshness import day_of
from services.routes import Situation

_encode = json.JSONEncoder(ensure_ascii=False).encode


class Asked(StrEnum):
    """What Faro's last message asked, if anything."""

    NOTHING = ""
    NEED = "need"
    PLACE = "place"
    WHICH_PLACE = "which_place"
    DANGER = "danger"
    ERASE = "erase"
    WHICH_WRONG = "which_wrong"
    CONSENT = "consent"
    WHEN = "when"
    UNTIL = "until"
    SEND = "send"
    CONSULT = "consult"
    """Whether the person wants to give an opinion."""
    OPINION = "opinion"


class Casework(StrEnum):
    """Where a request to talk to a person stands. Read from what is kept of it, at every turn."""

    NONE = ""
    LEFT = "left"
    """It waits for a caseworker, or for a caseworker's words."""
    CALLED = "called"
    """A caseworker's answer waits for the person's «Sí»."""
    ASKING = "asking"
    """The same, and «¿Puede escribir ahora?» is the last that Faro said."""
    TALKING = "talking"
    """A person answers: Faro is silent but for danger and the words that work everywhere."""
    PAUSED = "paused"
    """They talked, and Faro answers again."""
    RETURNED = "returned"
    """The same, and the person has not been told yet."""


class Handoff(StrEnum):
    """What a turn changes between the person, Faro and the caseworker."""

    NOTHING = ""
    ACCEPT = "accept"
    """«Sí»: the caseworker's words follow."""
    LATER = "later"
    """«Ahora no»: they are kept."""
    PAUSE = "pause"
    """Faro answers again; the request stays."""
    DOUBT = "doubt"
    """Somebody else seems to hold the phone: nobody writes until the person asks again."""
    WITHDRAW = "withdraw"
    """The person takes the request back."""


class Effect(StrEnum):
    """What a turn does besides answering."""

    NOTHING = ""
    LEAVE = "leave"
    """Cancel all that waits, delete what the platform lets us, forget the conversation."""
    ERASE = "erase"
    """Forget everything about the person."""
    STOP = "stop"
    """Write no more until the person writes."""


@dataclass(frozen=True, slots=True)
class State:
    """A conversation. `place` is an INEGI key, «00» when the person would rather not say.

    `danger` is what the last danger answer was about, empty when there was none.
    `situations` are codes of services.routes.Situation; `minor` and `alone` are what the writer said of
    themselves, in whatever order: together they make a child without family. `silent`: cannot speak aloud.
    `home` is the state that was left (two-digit key), `son` the age in years of the oldest son who comes.
    `harms`: the writer says to hurt somebody of their home: no door and no line for women is for them.
    `for_her`: the violence is done to a woman other than the writer.
    `step` is the route step that was shown last (0: none), `done` those the person has done.
    `options` are the (id, label) pairs offered last, so that a number or a word can choose one;
    `shown` the service ids shown for this question, `in_hand` those of the last answer.
    `counted` are the questions of this talk that the counters already hold.
    `offered` is the consultation that was offered, `consultation` and `question` what is being asked.
    """

    welcomed: bool = False
    need: str = ""
    more_needs: tuple[str, ...] = ()
    place: str = ""
    who: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    minor: bool = False
    alone: bool = False
    silent: bool = False
    home: str = ""
    son: int = 0
    harms: bool = False
    for_her: bool = False
    gbv: bool = False
    danger: str = ""
    asked: Asked = Asked.NOTHING
    options: tuple[tuple[str, str], ...] = ()
    shown: tuple[str, ...] = ()
    in_hand: tuple[str, ...] = ()
    step: int = 0
    done: tuple[int, ...] = ()
    misses: int = 0
    stopped: bool = False
    left: bool = False
    casework: Casework = Casework.NONE
    counted: tuple[str, ...] = ()
    quiet: bool = False
    """The talk touched danger, violence or a missing person: nothing is learned from its words."""
    offered: str = ""
    consultation: str = ""
    question: int = 0

    @property
    def child_alone(self) -> bool:
        """Whether a child without family writes."""
        return (self.minor and self.alone) or Situation.CHILD_ALONE in self.situations

    @property
    def people(self) -> frozenset[str]:
        """All that changes the route and the doors: who, and in which situation."""
        known = {Situation.CHILD_ALONE: self.child_alone, Situation.OTHER_STATE: self.comes_from_afar}
        return frozenset((*self.who, *self.situations, *(s for s, holds in known.items() if holds)))

    @property
    def comes_from_afar(self) -> bool:
        """Whether the place where help is wanted lies in another state than the one that was left."""
        return bool(self.home) and self.place[:2] not in ("", "00", self.home)

    def to_json(self) -> str:
        """As text; `from_json` gives the same state back."""
        return _encode({name: getattr(self, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Request:
    """What a person leaves for the caseworkers; nothing of what they wrote.

    `place` is an INEGI key or empty, `window` a bot.safe_times.Window, `until` when it ends.
    """

    need: str
    place: str
    window: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message leads to: the state after it, the answer, and what else happens.

    `grave`: the answer is about danger or violence, so a late one could expose the person.
    `reported`: the id of a service that the person says does not work.
    `request`: what the person leaves for the caseworkers; `said`: words for the caseworker who talks.
    `ended`: the need that was answered and how (a data.counts.Outcome); `counts`: what is added
    to the counters for it; `false_alarm`: the need that a danger answer stood for, taken back.
    `missed`: what was written and not understood.
    """

    state: State
    replies: tuple[Reply, ...]
    effect: Effect = Effect.NOTHING
    grave: bool = False
    reported: str = ""
    request: Request | None = None
    handoff: Handoff = Handoff.NOTHING
    said: str = ""
    ended: tuple[str, Outcome] | None = None
    counts: tuple[Count, ...] = ()
    false_alarm: str = ""
    opinion: Answer | None = None
    missed: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """All that one step of a conversation may look at."""

    state: State
    inbound: Inbound
    meaning: Meaning
    directory: Directory
    now: datetime

    @property
    def today(self) -> date:
        """The day that decides how old a fact is."""
        return day_of(self.now)

    def remember(self, **changes: object) -> "Talk":
        """The same step with some of the state changed."""
        return replace(self, state=replace(self.state, **changes))  # type: ignore[arg-type]


def from_json(text: str) -> State:
    """A state kept by this or an earlier version: what is unknown is left out. Raises ValueError."""
    data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("a state is a JSON object")
    known = {f.name for f in fields(State)}
    values: dict[str, Any] = {key: _frozen(value) for key, value in data.items() if key in known}
    values["asked"] = Asked(values.get("asked", ""))
    values["casework"] = Casework(values.get("casework", ""))
    return State(**values)


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
