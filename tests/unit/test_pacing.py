"""Token buckets: never more than a burst at once, never more than the pace over time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import Pace

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ONE_IN_SIX = Pace(burst=10, seconds=6.0)


def test_a_burst_goes_at_once_and_the_next_waits() -> None:
    full_at = None
    for _ in range(10):
        assert ONE_IN_SIX.wait(full_at, NOW) == 0
        full_at = ONE_IN_SIX.after(full_at, NOW)

    assert ONE_IN_SIX.wait(full_at, NOW) == 6.0
    assert ONE_IN_SIX.wait(full_at, NOW + timedelta(seconds=6)) == 0
    assert ONE_IN_SIX.room(full_at, NOW) == 0
    assert ONE_IN_SIX.room(full_at, NOW + timedelta(seconds=13)) == 2


def test_a_bucket_that_rested_is_full_and_no_fuller() -> None:
    long_ago = NOW - timedelta(days=3)

    assert ONE_IN_SIX.room(long_ago, NOW) == 10
    assert ONE_IN_SIX.room(None, NOW) == 10


def test_what_went_beyond_the_pace_holds_up_nobody_for_ever() -> None:
    full_at = None
    for _ in range(1000):
        full_at = ONE_IN_SIX.after(full_at, NOW)

    assert ONE_IN_SIX.wait(full_at, NOW) <= 2 * 10 * 6.0


@given(
    burst=st.integers(1, 50),
    seconds=st.floats(0.01, 10),
    steps=st.lists(st.floats(0, 20), max_size=100),
)
def test_no_time_sees_more_than_a_burst_and_the_pace(burst: int, seconds: float, steps: list[float]) -> None:
    pace, full_at, now, went = Pace(burst, seconds), None, NOW, 0
    for step in steps:
        now += timedelta(seconds=step)
        if pace.wait(full_at, now) == 0:
            full_at, went = pace.after(full_at, now), went + 1

    assert went <= burst + (now - NOW).total_seconds() / seconds + 1e-3
