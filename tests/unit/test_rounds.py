"""The order of the verification round."""

from datetime import UTC, datetime, timedelta

from bot.panel import rounds


def test_each_call_without_an_answer_waits_longer() -> None:
    now = datetime(2026, 11, 23, 18, tzinfo=UTC)
    waits = [rounds.again_at(count, now) - now for count in range(1, 7)]

    assert waits == sorted(waits)
    assert waits[0] < timedelta(days=1) < waits[-1] <= timedelta(days=7)
