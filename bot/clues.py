"""Points that single words and pairs of neighbours give for or against danger, added up. Pure.

They are counted from labelled phrases (tools/clues.py) and kept in data/seed/danger/clues.csv; how they are
read stands in its LEEME.md.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bot.spanish import fold, sound

BEGINNING = "*"
"""Behind a clue: any word that begins so."""
FROM_THE_START = "(siempre)"
"""The row with the points that every text has."""
ENOUGH = 15
"""Points from which clues alone raise an alarm (four to one); chosen on authors whom nobody had read."""
DOUBT = -15
"""Points of the words around it below which an alarm of a rule is only a hint."""
FEWEST_WORDS = 9
"""Around an alarm, for them to speak against it."""

_BEGINNING_LENGTH = 5


class Points(NamedTuple):
    """Tenths of the logarithm of the odds, for each flag."""

    urgent: int
    gbv: int


@dataclass(frozen=True, slots=True)
class Clues:
    """Points by clue as it sounds: a word, two neighbours («me pega»), or how a word begins («cuchillo*»)."""

    points: Mapping[str, Points]
    start: Points


def read_clues(path: Path) -> Clues:
    """Read the table. Raises OSError, KeyError or ValueError."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["clue"]: Points(int(row["urgent"]), int(row["gbv"])) for row in csv.DictReader(file)}
    start = rows.pop(FROM_THE_START)
    return Clues({heard(written): points for written, points in rows.items()}, start)


def heard(written: str) -> str:
    """A clue as it is looked up: of «cuchillo*» only how it begins."""
    said = sound(fold(written))
    return said[:_BEGINNING_LENGTH] + BEGINNING if written.endswith(BEGINNING) else said


def clues_in(words: Sequence[str]) -> set[str]:
    """All that may be clues in the words of a text as they sound, pauses left out."""
    told = {*words, *(f"{first} {second}" for first, second in pairwise(words))}
    told.update(word[:_BEGINNING_LENGTH] + BEGINNING for word in words if len(word) > _BEGINNING_LENGTH)
    return told


def weigh(words: Sequence[str], clues: Clues) -> Points:
    """The points of a text."""
    points = clues.points
    return _sum([clues.start, *(points[clue] for clue in clues_in(words) if clue in points)])


def _sum(points: Iterable[Points]) -> Points:
    urgent, gbv = zip(*points, strict=True)
    return Points(sum(urgent), sum(gbv))
