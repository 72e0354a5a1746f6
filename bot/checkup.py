"""What a check of `faro doctor` finds."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How bad it is."""

    WELL = "well"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about one subject: what is so, and what helps. Never a secret, never a person."""

    level: Level
    subject: str
    sentence: str


def well(subject: str, sentence: str) -> Finding:
    """As it should be."""
    return Finding(Level.WELL, subject, sentence)


def warning(subject: str, sentence: str) -> Finding:
    """Faro works, and somebody should look."""
    return Finding(Level.WARNING, subject, sentence)


def fault(subject: str, sentence: str) -> Finding:
    """People are not answered as they should be."""
    return Finding(Level.FAULT, subject, sentence)
