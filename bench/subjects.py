"""What can be measured: one module each, with `async def measure(bench: Bench) -> list[Figure]`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Subject:
    """`on_request`: left out unless it is named, for it installs something large."""

    title: str
    module: str
    on_request: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """How long to measure, where to put files, and how to show that something goes on."""

    quick: bool
    folder: Path
    say: Callable[[str], object]

    def pick(self, *, quick: int, full: int) -> int:
        return quick if self.quick else full


class Unavailable(Exception):
    """This machine lacks something that the subject needs; the text says what."""


SUBJECTS = {
    "nlu": Subject("Texts read by the NLU process", "bench.reading"),
    "intake": Subject("Webhooks taken in", "bench.intake"),
    "turn": Subject("From a person's message to the answer", "bench.latency"),
    "burst": Subject("A hundred people write five messages each", "bench.burst"),
    "memory": Subject("Memory over ten thousand turns", "bench.memory"),
    "small": Subject("Memory of the profile «small» under load", "bench.small"),
    "directory": Subject("A directory of twenty thousand services", "bench.directory"),
    "panel": Subject("The caseworkers' pages over ten thousand services", "bench.panel"),
    "reports": Subject("Reports over a year of a hundred thousand invented people", "bench.reports"),
    "scale": Subject("Many people at once, with one and two workers and reading processes", "bench.scale"),
    "rasa": Subject("The same conversation through Rasa's own server", "bench.rasa_server", on_request=True),
}
