"""Checks the phrases: twice the same, nearly the same under different intents, leaks into the evaluation."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from faro_nlu import corpus
from faro_nlu.corpus import Phrase
from faro_nlu.spelling import clean, words
from faro_nlu.training import HOME

_NEAR = 93.0
"""Likeness of two phrases by sound, 0 to 100, from which they count as nearly the same."""
_SHORTEST = _NEAR / (200 - _NEAR)
"""How long the shorter of two may be beside the longer to be so near."""
_LONG_ENOUGH = 12
_SAYS_SOMETHING = 6
"""Letters below which a phrase («ey», «bueno») may rightly mean several things."""
_NOT_EVERYBODYS = 25
_ROWS = 500


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    told: str


def run(*, say: Callable[[str], None], home: Path = HOME) -> int:
    """0 when nothing was found, else 1."""
    phrases = corpus.read(home / "data")
    held = held_out(home / "tests")
    findings = check(phrases, held)
    for finding in findings:
        say(f"{finding.kind}: {finding.told}")
    say(f"{len(phrases)} phrases, {len(held)} held out, {len(findings)} findings.")
    return 1 if findings else 0


def check(phrases: list[Phrase], held: list[str]) -> list[Finding]:
    return [*_same(phrases), *_nearly_same(phrases), *_leaks(phrases, held)]


def held_out(folder: Path) -> list[str]:
    """The texts of the evaluation, in whatever folder, whatever stands beside them."""
    found: list[str] = []
    for file in sorted(folder.rglob("*.yml")):
        items = corpus.load(file) or []
        items = next(iter(items.values())) if isinstance(items, dict) else items
        found.extend(str(item["text"]) for item in items if isinstance(item, dict) and "text" in item)
    return found


def heard(text: str) -> str:
    """A phrase by its sound, so that spelling hides no copy."""
    return " ".join(word.sound for word in words(clean(text)))


def _same(phrases: list[Phrase]) -> list[Finding]:
    """The same words twice from one author, or the same sounds with labels that have nothing in common."""
    written: dict[tuple[str, str], list[Phrase]] = defaultdict(list)
    spoken: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        written[phrase.author, _bare(phrase.text)].append(phrase)
        spoken[heard(phrase.text)].append(phrase)
    twice = [Finding("same phrase twice", _listed(group)) for group in written.values() if len(group) > 1]
    torn = [
        Finding("same phrase, other labels", _listed(group))
        for sound, group in spoken.items()
        if len(sound) >= _SAYS_SOMETHING and any(not _agree(group[0], one) for one in group)
    ]
    return twice + torn


def _bare(text: str) -> str:
    lower = text.casefold()
    return lower.strip(" .,;!¡?¿") or lower


def _listed(group: list[Phrase]) -> str:
    return " | ".join(f"{_where(one)} «{one.text}»" for one in group)


def _nearly_same(phrases: list[Phrase]) -> list[Finding]:
    sounds = [heard(phrase.text) for phrase in phrases]
    found = []
    for one, other in _near_pairs(sounds, sounds):
        if one < other and sounds[one] != sounds[other] and not _agree(phrases[one], phrases[other]):
            a, b = phrases[one], phrases[other]
            found.append(Finding("nearly the same, other labels", _listed([a, b])))
    return found


def _leaks(phrases: list[Phrase], held: list[str]) -> list[Finding]:
    """Says which training phrase to take out. Words that everybody writes («buenas tardes») are no leak."""
    sounds, secret = [heard(phrase.text) for phrase in phrases], [heard(text) for text in held]
    near = _near_pairs(secret, sounds) if secret else []
    leaked = sorted({column for row, column in near if len(secret[row]) >= _NOT_EVERYBODYS})
    return [Finding("leak into the evaluation", _listed([phrases[i]])) for i in leaked]


def _near_pairs(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Rows of both that are near, of those whose lengths allow it: a hundred letters are never near sixty."""
    by_length = np.argsort([len(one) for one in right], kind="stable")
    lengths = np.array([len(right[column]) for column in by_length])
    rows = [
        row for row in np.argsort([len(one) for one in left], kind="stable") if len(left[row]) >= _LONG_ENOUGH
    ]
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(rows), _ROWS):
        some = rows[start : start + _ROWS]
        least = max(_LONG_ENOUGH, int(len(left[some[0]]) * _SHORTEST))
        first = np.searchsorted(lengths, least)
        end = np.searchsorted(lengths, len(left[some[-1]]) / _SHORTEST, side="right")
        among = by_length[first:end]
        likeness = process.cdist(
            [left[row] for row in some],
            [right[column] for column in among],
            scorer=fuzz.ratio,
            score_cutoff=_NEAR,
            dtype=np.uint8,
        )
        pairs.extend((int(some[i]), int(among[j])) for i, j in zip(*np.nonzero(likeness)))
    return pairs


def _agree(one: Phrase, other: Phrase) -> bool:
    return bool(one.labels & other.labels - {corpus.FLAG})


def _where(phrase: Phrase) -> str:
    return f"{phrase.author}/{phrase.source} [{phrase.intent}]"
