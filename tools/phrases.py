"""Labelled phrases for the reports of this folder: the training phrases, and sets of held-out ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

NLU = Path(__file__).resolve().parents[1] / "nlu"
TRAINING = NLU / "data"

_URGENT = frozenset(("urgent", "emergency"))
_PLACE = re.compile(r"\[([^\]]+)\]\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, who wrote it, what it is about, and whether it must raise an alarm."""

    text: str
    author: str
    subject: str
    urgent: bool
    gbv: bool

    @property
    def danger(self) -> bool:
        return self.urgent or self.gbv


def training(folder: Path = TRAINING) -> list[Phrase]:
    """All phrases under `folder/<author>/<subject>.yml`, in Rasa's format."""
    return [phrase for path in sorted(folder.glob("*/*.yml")) for phrase in _trained(path)]


def held_out(folder: Path) -> list[Phrase]:
    """The phrases of `folder/*.yml` that say whether they are urgent."""
    return [
        Phrase(item["text"], folder.name, path.stem, item["urgent"], item["gbv"])
        for path in sorted(folder.glob("*.yml"))
        for item in _yaml(path)
        if "urgent" in item
    ]


def _trained(path: Path) -> Iterator[Phrase]:
    for block in _yaml(path)["nlu"]:
        if "intent" in block:
            yield from _examples(block, path)


def _examples(block: Mapping[str, str], path: Path) -> Iterator[Phrase]:
    labels = set(block["intent"].split("+"))
    for line in block["examples"].splitlines():
        text = _PLACE.sub(r"\1", line.strip().removeprefix("-").strip())
        if text:
            yield Phrase(text, path.parent.name, path.stem, bool(labels & _URGENT), "gbv" in labels)


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
