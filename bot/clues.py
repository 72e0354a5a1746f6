"""Points that single words and pairs of neighbours give for or against danger, added up. Pure.

They are counted from labelled phrases (tools/clues.py) and kept in data/seed/danger/clues.csv; how they are
read stands in its LEEME.md.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bot.messages import Points
from bot.spanish import fold, sound

BEGINNING = "*"
"""Behind a clue: any word that begins so."""
FROM_THE_START = "(siempre)"
"""The row with the points that every text has."""
OF_A_RULE = "="
"""Before the id of a rule: what its alarm is worth among the words."""
ENOUGH = 18
"""Points from which clues alone raise an alarm (six to one); chosen on authors whom nobody had read."""
DOUBT = 8
"""Points of a message, and of the sentence of an alarm in it, below which a rule's alarm is only a hint."""
FEWEST_WORDS = 13
"""Of that sentence, for them to speak against the alarm: in few words danger is said straight out."""
STRONG_DOUBT = -25
"""The same for a sentence of any length (twelve to one against, the alarm itself counted in)."""
CLAUSE_DOUBT = -8
"""Points of the clause of an alarm below which it is only a hint."""
FEWEST_WORDS_OF_CLAUSE = 8
"""Of that clause."""

_BEGINNING_LENGTH = 5


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
    """A clue as it is looked up: of «cuchillo*» only how it begins; a rule by its id."""
    if written.startswith(OF_A_RULE):
        return written
    said = sound(fold(written))
    return said[:_BEGINNING_LENGTH] + BEGINNING if written.endswith(BEGINNING) else said


def clues_in(words: Sequence[str]) -> set[str]:
    """All that may be clues in the words of a text as they sound, pauses left out."""
    told = {*words, *(f"{first} {second}" for first, second in pairwise(words))}
    told.update(word[:_BEGINNING_LENGTH] + BEGINNING for word in words if len(word) > _BEGINNING_LENGTH)
    return told


def weigh(words: Sequence[str], clues: Clues, *, rules: Iterable[str] = ()) -> Points:
    """The points of a text in which the `rules` named raised an alarm."""
    points = clues.points
    told = clues_in(words).union(OF_A_RULE + rule for rule in rules)
    return _sum([clues.start, *(points[clue] for clue in told if clue in points)])


def _sum(points: Iterable[Points]) -> Points:
    urgent, gbv = zip(*points, strict=True)
    return Points(sum(urgent), sum(gbv))
