"""What a state has in law and in practice about displacement, each fact with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from services.namefiles import read_rows

FILE = Path(__file__).resolve().parents[2] / "data" / "seed" / "states" / "facts.csv"


class Aspect(StrEnum):
    """What is compared between two states, in the order of a report."""

    INSTRUMENT = "instrument"
    YEAR = "year"
    REGULATION = "regulation"
    BODY = "body"
    REGISTRY = "registry"
    FUND = "fund"
    PROGRAMME = "programme"
    OFFENCE = "offence"
    WOMEN = "women"
    INTAKE = "intake"
    OFFICIAL_FIGURE = "official_figure"
    OTHER_FIGURE = "other_figure"


class Seen(StrEnum):
    """Whether a source was found, and what it says."""

    SEEN = "seen"
    ABSENT = "absent"
    """A source says that there is none."""
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `source` is a URL or the name of a publication, `source_date` ISO, maybe only a year."""

    state: str
    aspect: Aspect
    status: Seen
    value: str = ""
    source: str = ""
    source_date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StateFacts:
    """Every fact by state and aspect; what stands nowhere was not seen."""

    known: Mapping[tuple[str, str], Fact]

    def of(self, state: str, aspect: Aspect) -> Fact:
        """The fact, or one that says that nothing was seen."""
        return self.known.get((state, aspect), Fact(state, aspect, Seen.NOT_SEEN))


def load(path: Path = FILE) -> StateFacts:
    """Read the file. Raises ValueError naming the row that can't be used, OSError when there is no file."""
    found: dict[tuple[str, str], Fact] = {}
    for number, row in enumerate(read_rows(path), start=2):
        fact = _fact(number, row)
        if (fact.state, fact.aspect) in found:
            raise ValueError(f"facts.csv, row {number}: the fact stands there twice; keep one of them.")
        found[fact.state, fact.aspect] = fact
    return StateFacts(found)


def _fact(number: int, row: dict[str, str]) -> Fact:
    try:
        aspect, status = Aspect(row["aspect"]), Seen(row["status"])
    except (KeyError, ValueError):
        raise ValueError(
            f"facts.csv, row {number}: `aspect` or `status` is none of those in README.md."
        ) from None
    if status is not Seen.NOT_SEEN and not (row["value"] and row["source"]):
        raise ValueError(f"facts.csv, row {number}: a fact that was seen needs its value and its source.")
    return Fact(
        state=row["state"],
        aspect=aspect,
        status=status,
        value=row["value"],
        source=row["source"],
        source_date=row["source_date"],
        note=row["note"],
    )
