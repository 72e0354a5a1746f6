"""The training phrases as their authors wrote them, and the evaluation phrases nobody trains on."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LABELS = (
    "emergency", "shelter", "food", "cash", "health", "mental_health", "legal", "victim_registry",
    "documents",
    "gbv", "children", "education", "work", "housing", "missing", "transport", "human_rights", "aid_abuse",
    "know_rights", "greeting", "thanks", "goodbye", "affirm", "deny", "menu", "talk_to_person",
    "report_wrong_info", "delete_data", "safe_exit", "stop", "opinion", "out_of_scope",
)  # fmt: skip
"""The codes of Need and Steer, in the order of product.md. «urgent» stands beside them as a flag."""
FLAG = "urgent"
_ENTITY = re.compile(r'\[([^\]]+)\]\{"entity":\s*"place",\s*"role":\s*"(wanted|fled)"\}')
_MARKED = re.compile(r"\[[^\]]*\]\{|\]\(")


class UnreadablePhrase(ValueError):
    """A phrase file that does not hold what it should; the message says where and what to write."""


@dataclass(frozen=True, slots=True)
class Place:
    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with its labels («urgent» among them) and its places as offsets into `text`."""

    text: str
    labels: frozenset[str]
    author: str
    intent: str
    source: str
    places: tuple[Place, ...] = ()


def read(path: Path) -> list[Phrase]:
    """All phrases under `path/<author>/*.yml`, in a stable order, or of one file. Raises UnreadablePhrase."""
    files = [path] if path.is_file() else sorted(path.glob("*/*.yml"))
    return [phrase for file in files for phrase in _read_file(file)]


def load(file: Path) -> Any:
    """What a YAML file holds, read in C: ten times faster. Raises YAMLError."""
    return yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)


def labels_of(intent: str) -> frozenset[str]:
    """The labels a training intent joins with «+». An emergency is always urgent."""
    named = frozenset(part.strip() for part in intent.split("+"))
    return named | {FLAG} if "emergency" in named else named


def _read_file(file: Path) -> list[Phrase]:
    try:
        content = load(file)
    except yaml.YAMLError as error:
        raise UnreadablePhrase(f"{file} is not valid YAML: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("nlu", []), list):
        raise UnreadablePhrase(f"{file} must hold «version» and «nlu:» with a list of intents")
    return [phrase for block in content.get("nlu") or [] for phrase in _read_block(block, file)]


def _read_block(block: dict[str, str], file: Path) -> list[Phrase]:
    intent = block.get("intent")
    if not intent:
        return []
    unknown = labels_of(intent) - set(LABELS) - {FLAG}
    if unknown:
        raise UnreadablePhrase(
            f"{file}: «{intent}» has labels Faro does not know: {', '.join(sorted(unknown))}"
        )
    lines = (line.strip() for line in str(block.get("examples") or "").splitlines())
    return [
        _read_line(line[1:].strip(), intent, file)
        for line in lines
        if line.startswith("-") and line[1:].strip()
    ]


def _read_line(line: str, intent: str, file: Path) -> Phrase:
    text, places, end = "", [], 0
    for match in _ENTITY.finditer(line):
        text += line[end : match.start()]
        places.append(Place(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        end = match.end()
    text += line[end:]
    if _MARKED.search(text):
        raise UnreadablePhrase(
            f'{file}: write a place as [Tlapa]{{"entity": "place", "role": "wanted"}}: {line}'
        )
    return Phrase(text, labels_of(intent), file.parent.name, intent, file.name, tuple(places))
