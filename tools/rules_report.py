"""Which danger rules earn their place: true and false hits of each on labelled phrases, and what is missed.

`python -m tools.rules_report [--also FOLDER] [--rule ID] [--misses] [--speed]`. The phrases are those
the model is trained on (nlu/data); --also adds a folder of held-out ones. --rule shows one rule pattern by
pattern, --misses the phrases that no rule finds, --speed what a text of 4,096 characters costs
beside one of 300.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot import safety
from bot.safety import Rule, Rules
from tools import phrases
from tools.phrases import Phrase

Say = Callable[[str], object]

LENGTHS = (300, 1000, 4096)


@dataclass(frozen=True, slots=True)
class Looked:
    """A phrase, whether the rules raise an alarm, and which rules speak («?» behind a hint)."""

    phrase: Phrase
    alarm: bool
    rules: tuple[str, ...]


def look_at(every: Iterable[Phrase], rules: Rules) -> list[Looked]:
    """Each phrase as the rules read it."""
    return [_looked(phrase, rules) for phrase in every]


def figures(looked: Sequence[Looked]) -> dict[str, float]:
    """Shares between 0 and 1: danger found, false alarms."""
    danger = [one.alarm for one in looked if one.phrase.danger]
    calm = [one.alarm for one in looked if not one.phrase.danger]
    return {"found": _share(danger), "false alarms": _share(calm)}


def hits(looked: Sequence[Looked]) -> dict[str, tuple[int, int]]:
    """For each rule that speaks: on how many phrases with danger, on how many without."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in looked:
        for rule in set(one.rules):
            counted[rule][0 if one.phrase.danger else 1] += 1
    return {rule: (right, wrong) for rule, (right, wrong) in counted.items()}


def only_alarms(looked: Sequence[Looked]) -> list[Looked]:
    """Without the hints, and without the signs («ya llegó»), which are no danger."""
    return [
        replace(one, rules=tuple(rule for rule in one.rules if not rule.endswith("?") and one.alarm))
        for one in looked
    ]


def speed(every: Sequence[Phrase], rules: Rules) -> dict[int, float]:
    """Milliseconds of processor time, the best of ten, by length of a text made of phrases with danger."""
    text = " ".join(phrase.text for phrase in every if phrase.danger)
    return {length: 1000 * min(_seconds(text[:length], rules) for _ in range(10)) for length in LENGTHS}


def main() -> None:
    asked = _asked()
    every = phrases.training() + (phrases.held_out(asked.also) if asked.also else [])
    rules = safety.load()
    if asked.rule:
        _say_rule(_named(asked.rule, rules), rules, every, _say)
        return
    if asked.speed:
        took = speed(every, rules)
        for length, milliseconds in took.items():
            _say(
                f"{length:5} characters {milliseconds:7.2f} ms, {milliseconds / took[LENGTHS[0]]:5.1f} times"
            )
        return
    looked = look_at(every, rules)
    _say_table(looked, rules, _say)
    _say_authors(looked, _say)
    missed = [one for one in looked if one.phrase.danger and not one.alarm]
    _say(f"missed by subject: {Counter(one.phrase.subject for one in missed).most_common(12)}")
    if asked.misses:
        for one in missed:
            _say(f"{one.phrase.subject:14} {one.phrase.text}  {' '.join(one.rules)}")


def _looked(phrase: Phrase, rules: Rules) -> Looked:
    danger = safety.look(phrase.text, rules)
    return Looked(phrase, danger.urgent or danger.gbv, tuple(safety.explain(phrase.text, rules)))


def _say_table(looked: Sequence[Looked], rules: Rules, say: Say) -> None:
    counted = hits(looked)
    say(f"{'rule':26}{'kind':13}{'alarms':>7}{'right':>7}{'hints':>7}{'right':>7}")
    for rule in rules.danger:
        alarms, hints = counted.get(rule.id, (0, 0)), counted.get(f"{rule.id}?", (0, 0))
        say(f"{rule.id:26}{rule.finds:13}{_cells(alarms)}{_cells(hints)}")


def _say_authors(looked: Sequence[Looked], say: Say) -> None:
    for author in (*sorted({one.phrase.author for one in looked}), ""):
        told = figures([one for one in looked if author in ("", one.phrase.author)])
        say(f"{author or 'all':12} found {told['found']:.3f}, false alarms {told['false alarms']:.4f}")


def _named(name: str, rules: Rules) -> Rule:
    for rule in rules.danger:
        if rule.id == name:
            return rule
    sys.exit(f"There is no rule «{name}». The names stand in data/seed/danger.")


def _say_rule(rule: Rule, rules: Rules, every: Sequence[Phrase], say: Say) -> None:
    """Each pattern of a rule alone, its worst false hit beside it."""
    for pattern in (*rule.patterns, *rule.hints):
        alone = replace(rule, patterns=(pattern,), hints=())
        looked = look_at(every, safety.only(alone, rules))
        right, wrong = hits(looked).get(rule.id, (0, 0))
        false = next((one.phrase.text for one in looked if one.rules and not one.phrase.danger), "")
        say(f"{right:5}{wrong:5}  {pattern.source[:90]}  {false[:70]}")


def _seconds(text: str, rules: Rules) -> float:
    start = time.process_time()
    safety.look(text, rules)
    return time.process_time() - start


def _cells(counted: tuple[int, int]) -> str:
    right, wrong = counted
    return f"{right + wrong:7}{right / (right + wrong):7.2f}" if right + wrong else f"{'–':>7}{'':7}"


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--also", type=Path, help="a folder of held-out phrases")
    parser.add_argument("--rule", help="one rule, pattern by pattern")
    parser.add_argument("--speed", action="store_true", help="what long texts cost beside short ones")
    parser.add_argument("--misses", action="store_true", help="show what no rule finds")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
