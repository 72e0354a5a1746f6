"""What the operator must hear of, judged from how Faro stands: one sentence each, with what to do. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.standing import Standing, age

QUEUE_SECONDS = 300.0
"""Beside the 10 minutes after which an answer to danger comes too late (product, rule 8)."""
DISK_SHARE = 0.1
SOURCE_DAYS = 14
KEYWORDS_SECONDS = 300.0
MANY_SET_ASIDE = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator set. `quiet_hours`: 0 for no alarm. `intake_expected`: a platform is on.
    `backup_age`: since the newest backup, None where none is asked for.
    """

    quiet_hours: int = 24
    intake_expected: bool = False
    backup_age: timedelta | None = None


def judge(standing: Standing, limits: Limits) -> dict[str, str]:
    """Alarm → sentence. A name stays the same as long as the cause does."""
    return {
        name: sentence
        for rule in (_queues, _intake, _processes, _platforms, _disk, _directory, _messages, _backup)
        for name, sentence in rule(standing, limits)
    }


def _queues(standing: Standing, limits: Limits) -> Iterator[tuple[str, str]]:
    del limits
    waiting = age(standing.inbox.oldest, standing.now)
    if waiting > QUEUE_SECONDS:
        yield (
            "inbox_age",
            f"{standing.inbox.length} messages wait, the oldest for {_minutes(waiting)}: start another"
            " worker, and look at the workers' log.",
        )
    for channel, queue in standing.outbox.items():
        waiting = age(queue.oldest, standing.now)
        if channel != "web" and waiting > QUEUE_SECONDS:
            yield (
                f"outbox_age_{channel}",
                f"{queue.length} answers wait for {channel}, the oldest for {_minutes(waiting)}: see «faro"
                " webhook status» and the platform's status page.",
            )


def _intake(standing: Standing, limits: Limits) -> Iterator[tuple[str, str]]:
    if not limits.quiet_hours or not limits.intake_expected or standing.last_received is None:
        return
    silent = age(standing.last_received, standing.now)
    if silent > limits.quiet_hours * 3600:
        yield (
            "no_intake",
            f"No message came for {silent / 3600:.0f} hours: write to Faro yourself, and run «faro webhook"
            " status».",
        )


def _processes(standing: Standing, limits: Limits) -> Iterator[tuple[str, str]]:
    del limits
    roles = standing.roles()
    if "worker" not in roles:
        yield "no_worker", "No worker runs, so nobody is answered: start «faro serve --only worker»."
    if "web" not in roles:
        yield "no_web", "No web process runs, so no message is taken: start «faro serve --only web»."
    readers = [p for p in standing.processes if p.understanding]
    old = [p for p in readers if age(p.started_at, standing.now) > KEYWORDS_SECONDS]
    if old and all(p.understanding == "keywords" for p in readers):
        yield "no_nlu", "The NLU process does not answer; keywords stand in for it. See «faro doctor»."


def _platforms(standing: Standing, limits: Limits) -> Iterator[tuple[str, str]]:
    del limits
    for (channel, reason), number in standing.held.items():
        yield f"held_{channel}_{_slug(reason)}", f"{number} answers wait for {channel}: {reason}."
    for (channel, reason), number in standing.failed.items():
        if number >= MANY_SET_ASIDE:
            yield (
                f"failed_{channel}_{_slug(reason)}",
                f"{number} answers on {channel} were given up within an hour: {reason}.",
            )


def _disk(standing: Standing, limits: Limits) -> Iterator[tuple[str, str]]:
    del limits
    free = min((process.disk_free for process in standing.processes), default=1.0)
    if free < DISK_SHARE:
        yield "disk", f"Only {free:.0%} of the disk is free; when it is full no message can be taken."


def _directory(standing: Standing, limits: Limits) -> Iterator[tuple[str, str]]:
    del limits
    if standing.freshness.services == 0:
        yield "no_directory", "The directory holds no service: restore a backup or import one."
    for name, good_at in standing.freshness.sources.items():
        days = age(good_at, standing.now) / 86400
        if days > SOURCE_DAYS:
            yield (
                f"source_{name}",
                f"The source «{name}» could not be read for {days:.0f} days; its data grow old: see «faro"
                " sources list».",
            )


def _messages(standing: Standing, limits: Limits) -> Iterator[tuple[str, str]]:
    del limits
    if standing.set_aside >= MANY_SET_ASIDE:
        yield (
            "set_aside",
            f"{standing.set_aside} messages could not be handled within an hour; their senders got a line to"
            " call. Look for «turn failed» in the workers' log and report it.",
        )


def _backup(standing: Standing, limits: Limits) -> Iterator[tuple[str, str]]:
    del standing
    if limits.backup_age is not None and limits.backup_age > timedelta(days=2):
        yield "backup", "No backup was written for two days: look at FARO_BACKUP_DIR and its disk."


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"


def _slug(reason: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in reason.lower())[:30].strip("_")
