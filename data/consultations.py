"""A consultation with people who write to Faro, and what they answer. Nothing tells who answered."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MAX_QUESTIONS = 6
MAX_OPTIONS = 3
FREE = ""
"""The id in place of a consultation's, for an opinion that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """Open when it has no options."""

    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consultation:
    """`states` are two-digit keys, none for the nation. `answers_for`: who is responsible for it."""

    id: str
    title: str
    questions: tuple[Question, ...]
    states: tuple[str, ...]
    opens_on: date
    closes_on: date
    answers_for: str
    closed: bool = False

    def is_open(self, state: str, *, on: date) -> bool:
        """Whether somebody in this state (a key, or empty) may be asked on this day."""
        here = not self.states or state[:2] in self.states
        return here and not self.closed and self.opens_on <= on <= self.closes_on


class Standing(StrEnum):
    """Where an answer in words stands."""

    HELD = "held"
    """Nobody has read it: it is neither counted nor quoted."""
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of somebody: a choice (an index), or words. `state` is a two-digit key or «00»."""

    consultation: str
    question: int
    state: str
    choice: int | None = None
    words: str = ""
    suggested: str = ""
    """The theme that the model suggests: a need, or empty."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """Words as they are kept: sealed, and without a date finer than the month."""

    id: str
    consultation: str
    question: int
    state: str
    sealed: bytes
    suggested: str
    theme: str
    standing: Standing
    quotable: bool
    month: str
