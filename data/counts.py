"""What is counted of a conversation, and what of it may leave. No word about who asked."""

from dataclasses import dataclass
from enum import StrEnum

from data.needs import Need, Who

NO_PLACE = "00"
GRAVE = (Need.EMERGENCY, Need.GBV)
"""Counted by state only."""

FAMILY = (Who.WOMEN, Who.WOMAN_WITH_CHILDREN, Who.MAN, Who.FAMILY_WITH_MAN)
"""The newest of these counts, so that no question counts for two."""


class Outcome(StrEnum):
    """How a question ended."""

    SHOWN = "shown"
    """A service was shown."""
    NONE = "none"
    """Nothing on record fits."""
    WRONG = "wrong"
    """The person says that what was shown does not work."""
    REFUSED = "refused"
    """The person says that the door was refused."""
    PERSON = "person"
    """The person asked for a human being."""
    FALSE_ALARM = "false_alarm"
    """The person says that it is no danger."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to count. `area` is an INEGI key or «00», `need` empty when none was said.

    `who` counts only beside `shown` and `none`, and by state.
    """

    area: str
    need: str
    outcome: Outcome
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A counter: `area` and `name` (an outcome, or who) with the count."""

    area: str
    need: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Every counter of a month. Never leaves as it is: what may is published."""

    outcomes: tuple[Cell, ...]
    who: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that may leave. `kind` is «outcome», «family» or «trait»."""

    month: str
    kind: str
    area: str
    need: str
    name: str
    count: int
