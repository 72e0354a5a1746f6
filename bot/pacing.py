"""Token buckets: how fast one person is answered, and how fast a platform may be sent to. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` at once, then one in `seconds`. A bucket is the moment when it is full again; None: full."""

    burst: int
    seconds: float

    def room(self, full_at: datetime | None, now: datetime) -> int:
        """How many may go at once."""
        missing = max((full_at - now).total_seconds(), 0.0) if full_at else 0.0
        return max(0, int(self.burst - missing / self.seconds + 1e-6))

    def wait(self, full_at: datetime | None, now: datetime) -> float:
        """Seconds until one may go."""
        missing = (full_at - now).total_seconds() if full_at else 0.0
        return max(0.0, missing - (self.burst - 1) * self.seconds)

    def after(self, full_at: datetime | None, now: datetime, *, count: int = 1) -> datetime:
        """The bucket once `count` have gone; it is never emptier than for twice its burst."""
        start = max(full_at, now) if full_at else now
        emptiest = now + timedelta(seconds=2 * self.burst * self.seconds)
        return min(start + timedelta(seconds=count * self.seconds), emptiest)


@dataclass(frozen=True, slots=True)
class Limits:
    """A channel's paces: `turns`, how fast one person's messages are taken one by one; `sends`, what one
    person gets; `overall`, what the platform takes of all together."""

    turns: Pace
    sends: Pace
    overall: Pace
