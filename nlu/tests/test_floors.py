"""The floors of the model alone: what it read rightly of the held-out phrases when this was written."""

from pathlib import Path

import pytest

from faro_nlu import evaluation, model, training

HOME = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def read() -> list[tuple[str, evaluation.Read]]:
    archive = training.train(models=training.MODELS, say=lambda _: None)
    return evaluation.held_out(HOME / "tests" / "holdout", model.load(archive))


@pytest.mark.timeout(900)
def test_the_right_need_comes_first_or_among_the_first_three(read: list[tuple[str, evaluation.Read]]) -> None:
    every = [one for _, one in read]
    assert evaluation.first_right(every, 1) >= 0.80
    assert evaluation.first_right(every, 3) >= 0.90


def test_what_is_out_of_scope_is_refused(read: list[tuple[str, evaluation.Read]]) -> None:
    assert evaluation.first_right([one for part, one in read if part == "out_of_scope"], 1) >= 0.85
