"""Counts what words and pairs of neighbours say for or against danger, and writes data/seed/danger/clues.csv.

`python -m tools.clues [--also FOLDER] [--try FOLDER]`. The phrases are those the model is trained on
(nlu/data) and the examples of the rules; --also adds a folder of labelled ones. --try writes nothing and says
what a table counted without that folder finds in it.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot import safety
from bot.clues import BEGINNING, FROM_THE_START, OF_A_RULE, Clues, clues_in, heard
from bot.messages import Points
from bot.safety import Rules
from bot.spanish import fold, sound
from tools import phrases
from tools.phrases import Phrase
from tools.rules_report import figures, look_at

Numbers = NDArray[np.float64]
Say = Callable[[str], object]

FILE = Path(safety.__file__).resolve().parents[1] / "data" / "seed" / "danger" / "clues.csv"
FEWEST_PHRASES = 6
FEWEST_AUTHORS = 2
"""A word that only one author uses says who wrote, not what happens."""
FEWEST_POINTS = 2
STRICTNESS = 2.0
"""How dear a point is (an L2 penalty): rare words get few."""
_ROUNDS = 300
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Table:
    """Points by clue as it sounds, the points of every text, and in how many phrases a clue stands."""

    points: Mapping[str, Points]
    start: Points
    phrases: Mapping[str, int]


def count(every: Sequence[Phrase], rules: Rules) -> Table:
    """The points that tell dangerous phrases from others best: a logistic regression for each flag.

    An alarm of a rule counts among the words, so that what a rule says already is not said by them again.
    """
    told = [_told(phrase.text, rules) for phrase in every]
    often = Counter(clue for clues in told for clue in clues)
    known = sorted(_used_by_several(told, every, often))
    number = {clue: place for place, clue in enumerate(known)}
    columns = [np.array([number[clue] for clue in clues if clue in number], np.intp) for clues in told]
    urgent = _regression(columns, np.array([phrase.urgent for phrase in every], float), len(known))
    gbv = _regression(columns, np.array([phrase.gbv for phrase in every], float), len(known))
    points = {
        clue: Points(*given)
        for clue, given in zip(known, zip(urgent[:-1], gbv[:-1], strict=True), strict=True)
        if max(map(abs, given)) >= FEWEST_POINTS
    }
    return Table(points, Points(urgent[-1], gbv[-1]), often)


def _told(text: str, rules: Rules) -> set[str]:
    words = sound(fold(text)).split()
    return clues_in(words).union(OF_A_RULE + rule for rule in safety.alarms(text, rules))


def examples(rules: Rules) -> list[Phrase]:
    """What the rules themselves are tested with."""
    found = []
    for rule in rules.danger:
        if rule.finds in safety.SIGNS or rule.only_names:
            continue
        urgent = rule.when is not safety.When.NEVER
        found += [Phrase(text, "reglas", rule.id, urgent, rule.gbv) for text in rule.examples]
        found += [Phrase(text, "reglas", rule.id, urgent=False, gbv=False) for text in rule.counter]
    for entry in rules.harmless:
        found += [Phrase(text, "reglas", entry.id, urgent=False, gbv=False) for text in entry.examples]
        found += [_as_the_rules_say(text, entry.id, rules) for text in entry.counter]
    return found


def _as_the_rules_say(text: str, subject: str, rules: Rules) -> Phrase:
    danger = safety.look(text, safety.without_clues(rules))
    return Phrase(text, "reglas", subject, danger.urgent, danger.gbv)


def write(table: Table, every: Iterable[Phrase], path: Path) -> None:
    """The table as a caseworker reads it: words as most people write them, the strongest first."""
    spelling = _spellings(every)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("clue", "urgent", "gbv", "phrases"))
        rows.writerow((FROM_THE_START, *table.start, ""))
        for clue, points in sorted(table.points.items(), key=lambda row: (-max(row[1]), row[0])):
            rows.writerow((_written(clue, spelling), *points, table.phrases[clue]))


def main() -> None:
    asked = _asked()
    rules = safety.load()
    every = _told_apart([*phrases.training(), *examples(rules), *_folders(asked.also)])
    tried = _folders(asked.unread)
    if tried:
        texts = {phrase.text for phrase in tried}
        table = count([phrase for phrase in every if phrase.text not in texts], rules)
        _say_figures(tried, replace(rules, clues=Clues(table.points, table.start)), _say)
        return
    table = count(every, rules)
    write(table, every, FILE)
    _say(f"{len(table.points)} clues from {len(every)} phrases: {FILE.name}")


def _folders(folders: Iterable[Path]) -> list[Phrase]:
    return [phrase for folder in folders for phrase in phrases.held_out(folder)]


def _told_apart(every: Iterable[Phrase]) -> list[Phrase]:
    return list({phrase.text: phrase for phrase in every}.values())


def _used_by_several(
    told: Sequence[set[str]], every: Sequence[Phrase], often: Mapping[str, int]
) -> Iterable[str]:
    authors: dict[str, set[str]] = defaultdict(set)
    for clues, phrase in zip(told, every, strict=True):
        for clue in clues:
            if often[clue] >= FEWEST_PHRASES or clue.startswith(OF_A_RULE):
                authors[clue].add(phrase.author)
    return (clue for clue, names in authors.items() if len(names) >= FEWEST_AUTHORS)


def _regression(columns: Sequence[NDArray[np.intp]], wanted: Numbers, many: int) -> list[int]:
    """Weights of the columns in tenths, the constant last: logistic loss with L2, by Adam on all phrases."""
    rows = np.repeat(np.arange(len(columns)), [len(column) for column in columns])
    flat = np.concatenate([*columns, np.empty(0, np.intp)])
    weights, mean, square = np.zeros(many + 1), np.zeros(many + 1), np.zeros(many + 1)
    for turn in range(1, _ROUNDS + 1):
        score = np.bincount(rows, weights[flat], len(columns)) + weights[-1]
        error = 1 / (1 + np.exp(-score)) - wanted
        pull = np.append(np.bincount(flat, error[rows], many) + STRICTNESS * weights[:-1], error.sum())
        mean, square = 0.9 * mean + 0.1 * pull, 0.99 * square + 0.01 * pull**2
        pace = 0.1 * 0.99 ** (turn / 3) / (1 - 0.9**turn)
        weights -= pace * mean / (np.sqrt(square / (1 - 0.99**turn)) + 1e-9)
    return [round(weight * _TENTHS) for weight in weights]


def _spellings(every: Iterable[Phrase]) -> dict[str, str]:
    """Word as it sounds → how most write it."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase in every:
        for word in fold(phrase.text).split():
            counted[sound(word)][word] += 1
    return {heard_as: written.most_common(1)[0][0] for heard_as, written in counted.items()}


def _written(clue: str, spelling: Mapping[str, str]) -> str:
    """The clue in letters that are heard as it again."""
    if clue.endswith(BEGINNING):
        stem = clue.removesuffix(BEGINNING)
        longer = [written for heard_as, written in spelling.items() if heard_as.startswith(stem)]
        return min(longer, key=len) + BEGINNING
    written = " ".join(spelling.get(word, word) for word in clue.split())
    return written if heard(written) == clue else clue


def _say_figures(tried: Sequence[Phrase], rules: Rules, say: Say) -> None:
    for name, how in (("rules", safety.without_clues(rules)), ("rules and clues", rules)):
        looked = look_at(tried, how)
        for author in sorted({one.phrase.author for one in looked}):
            own = [one for one in looked if one.phrase.author == author]
            alike = [one for one in own if one.phrase.subject == "lookalikes"]
            calm = [one for one in own if one.phrase.subject != "lookalikes"]
            say(
                f"{author:12} {name:16} found {figures(own)['found']:.3f}, false alarms on look-alikes "
                f"{figures(alike)['false alarms']:.3f}, on others {figures(calm)['false alarms']:.3f}"
            )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--also", type=Path, action="append", default=[], help="labelled phrases to count too"
    )
    parser.add_argument(
        "--try", type=Path, action="append", default=[], dest="unread", help="phrases to judge by"
    )
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
