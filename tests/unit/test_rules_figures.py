"""What the danger rules alone reach on the phrases they were written on; the others: tools/evaluate.py."""

from functools import cache

import pytest

from bot import safety
from tools import phrases
from tools.rules_report import Looked, figures, hits, look_at, only_alarms

EVERY = 7
"""One phrase in seven is looked at, so that the test takes seconds."""


@cache
def looked() -> list[Looked]:
    return look_at(phrases.training()[::EVERY], safety.load())


def test_the_rules_find_most_danger_in_the_training_phrases_with_few_false_alarms() -> None:
    told = figures(looked())

    assert told["found"] >= 0.7
    assert told["false alarms"] <= 0.03


def test_no_rule_that_raises_alarms_is_mostly_wrong() -> None:
    counted = hits(only_alarms(looked()))

    assert not {rule: seen for rule, seen in counted.items() if seen[1] > max(3, seen[0])}


@pytest.mark.parametrize("author", ["alarma", "ciudad", "norte", "sur", "voz"])
def test_every_author_is_heard(author: str) -> None:
    own = [one for one in looked() if one.phrase.author == author]

    assert figures(own)["found"] >= 0.55
