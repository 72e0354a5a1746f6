"""What is counted: a closed list, without anything about a person. Kept in the database, for all processes.

Each process adds up in memory and writes the sums every few seconds: any of them then shows the whole.
"""

import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from data import counter_store
from data.counter_store import Series
from data.database import Database

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """A counter, or with `buckets` (upper bounds) a histogram."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


RECEIVED = Metric("faro_received", "Events in webhooks and the web chat, by kind.", ("channel", "kind"))
REFUSED = Metric("faro_refused", "Webhooks that were not taken, by reason.", ("channel", "reason"))
ANSWERED = Metric("faro_answered", "Messages answered.", ("channel",))
FAILED_TURNS = Metric("faro_turn_failures", "Turns that failed, by what became of the message.", ("result",))
PART = Metric(
    "faro_part_seconds",
    "Seconds by part: wait (received to turn), understand, turn (all of it), send (the platform's answer),"
    " outbox (queued to accepted).",
    ("part",),
    SECONDS,
)
CONFIDENCE = Metric("faro_nlu_confidence", "The model's first label: how sure it was.", (), SHARES)
UNDERSTOOD = Metric("faro_understood", "Texts read, by what read them: rasa, rules, keywords.", ("source",))
DANGER = Metric("faro_danger", "Texts with danger in them.", ("kind",))
SENDS = Metric("faro_sends", "Tries to send an answer, by result.", ("channel", "result"))

POSTERS = Metric("faro_posters", "Talks begun by a poster's link, by its code in FARO_POSTERS.", ("code",))

ALL = (RECEIVED, REFUSED, ANSWERED, FAILED_TURNS, PART, CONFIDENCE, UNDERSTOOD, DANGER, SENDS, POSTERS)


@dataclass(slots=True)
class Meter:
    """Sums of one process that are not in the database yet."""

    _sums: dict[Series, float] = field(default_factory=dict)

    def count(self, metric: Metric, amount: float = 1, **labels: str) -> None:
        """Raise a counter."""
        self._add(f"{metric.name}_total", labels, amount)

    def observe(self, metric: Metric, value: float, **labels: str) -> None:
        """Put a value into a histogram."""
        place = bisect_left(metric.buckets, value)
        bound = str(metric.buckets[place]) if place < len(metric.buckets) else "+Inf"
        self._add(f"{metric.name}_bucket", {**labels, "le": bound}, 1)
        self._add(f"{metric.name}_sum", labels, max(0.0, value))

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Observe how long the block takes."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.observe(PART, time.perf_counter() - begun, part=part)

    async def flush(self, database: Database) -> None:
        """Write the sums. What can't be written now is kept for the next time."""
        sums, self._sums = self._sums, {}
        if not sums:
            return
        try:
            async with database.write() as connection:
                await counter_store.add(connection, sums)
        except BaseException:
            for series, value in sums.items():
                self._sums[series] = self._sums.get(series, 0.0) + value
            raise

    def _add(self, name: str, labels: dict[str, str], amount: float) -> None:
        series = (name, ",".join(f"{key}={labels[key]}" for key in sorted(labels)))
        self._sums[series] = self._sums.get(series, 0.0) + amount


def labels_of(text: str) -> dict[str, str]:
    """A series' labels, as they were before they were written."""
    return dict(part.split("=", 1) for part in text.split(",") if part)
