"""The page on paper in docs/operators/scale.md: what 100,000 people a day ask of Faro, from the figures."""

import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import KEPT, Figure

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operators" / "scale.md"
BEGIN, END = "<!-- begin: written by python -m bench scale -->", "<!-- end -->"
NOT_YET = "Not measured yet: `python -m bench scale` writes this part."

PEOPLE, MESSAGES = 100_000, 4
IN_THE_PEAK_HOUR = 0.2
RUSH = 5
"""The first minutes of a peak, as often as its average."""
RUSH_SECONDS = 600
NOTICES = 3
"""Status webhooks of one answer: sent, delivered, read."""
WHATSAPP, WHATSAPP_ANSWERS = 80, 40
"""Messages a second, in and out, of a number that Meta has not raised; how many of them are for answers."""
TELEGRAM = 30
FREE_A_MONTH = 1000
"""Of each number, as providers report of Meta's rates since 1 October 2026."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of the subject `scale`."""

    when: str
    answers: float
    webhooks: float
    texts: float
    rows: float
    flushes: float
    log_kb: float
    web_mb: float
    worker_mb: float
    reader_mb: float


def write() -> None:
    """Put the part that rests on figures into the page anew."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{part()}\n\n{END}{after}", encoding="utf-8")


def part() -> str:
    """That part, in Markdown, of the figures that are kept."""
    book: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    measured = read(book.get("scale"))
    return _told(measured) if measured else NOT_YET


def read(kept: dict[str, Any] | None) -> Measured | None:
    """The figures that the page needs; None when they were not measured."""
    if kept is None:
        return None
    medians = {
        each["name"]: Figure(**{**each, "runs": tuple(each["runs"])}).median for each in kept["figures"]
    }
    one = "1 worker, 1 reading process"
    names = (
        f"{one}: answers",
        f"{one}: webhooks taken meanwhile",
        "1 reading process: texts",
        "one message: rows written in PostgreSQL",
        "one message: flushes of PostgreSQL to the disk",
        "one message: PostgreSQL's log",
        "memory of a web process",
        "memory of a worker",
        "memory of a reading process",
    )
    if any(name not in medians for name in names):
        return None
    quick = ", in a short run" if kept["quick"] else ""
    when = f"{kept['measured_at']}{quick}, {kept['machine']}"
    return Measured(when, *(medians[name] for name in names))


def _told(seen: Measured) -> str:
    peak = PEOPLE * MESSAGES * IN_THE_PEAK_HOUR / 3600
    rush = peak * RUSH
    lines = [
        f"Measured {seen.when}; people, platforms, PostgreSQL and Faro shared the machine, so that each part"
        " alone does better.",
        "",
        f"| part | of one message | at the peak, {peak:.0f} a second | in the first minutes, {rush:.0f} |",
        "|---|---|---|---|",
        *(f"| {name} | {one} | {at(peak)} | {at(rush)} |" for name, one, at in _rows(seen)),
        "",
        _memory(seen, peak, rush),
        "",
        _backlog(peak, rush),
        "",
        _cost(),
    ]
    return "\n".join(lines)


def _rows(seen: Measured) -> list[tuple[str, str, Callable[[float], str]]]:
    webhooks = 1 + NOTICES
    return [
        (
            f"webhooks; one web process took {seen.webhooks:.0f} a second",
            f"1, and up to {NOTICES} status notices",
            lambda n: f"{n * webhooks:.0f}/s: {_needed(n * webhooks, seen.webhooks)}",
        ),
        (
            f"turns; one worker with one reading process gave {seen.answers:.1f} answers a second",
            "1",
            lambda n: f"{_needed(n, seen.answers)} workers",
        ),
        (
            f"reading; one process read {seen.texts:.0f} texts a second",
            "1 at most: none for a tap or a known word",
            lambda n: f"{_needed(n, seen.texts)} reading processes",
        ),
        ("PostgreSQL, rows written", f"{seen.rows:.0f}", lambda n: f"{n * seen.rows:,.0f}/s"),
        ("PostgreSQL, flushes to the disk", f"{seen.flushes:.1f}", lambda n: f"{n * seen.flushes:,.0f}/s"),
        (
            "PostgreSQL, its log",
            f"{seen.log_kb:.0f} kB",
            lambda n: f"{n * seen.log_kb / 1000:.1f} MB/s",
        ),
        (
            f"WhatsApp, {WHATSAPP} a second in and out",
            "2",
            lambda n: f"{2 * n:.0f}/s{_over(2 * n, WHATSAPP)}",
        ),
        (f"Telegram, {TELEGRAM} a second out", "1", lambda n: f"{n:.0f}/s{_over(n, TELEGRAM)}"),
    ]


def _memory(seen: Measured, peak: float, rush: float) -> str:
    def total(rate: float) -> float:
        webs = _needed(rate * (1 + NOTICES), seen.webhooks) * seen.web_mb
        workers = _needed(rate, seen.answers) * seen.worker_mb
        return webs + workers + _needed(rate, seen.texts) * seen.reader_mb

    return (
        f"**Memory**: a web process {seen.web_mb:.0f} MB, a worker {seen.worker_mb:.0f} MB, a reading process"
        f" {seen.reader_mb:.0f} MB; together {total(peak) / 1000:.1f} GB for the peak,"
        f" {total(rush) / 1000:.1f} GB for the first minutes, without PostgreSQL."
    )


def _backlog(peak: float, rush: float) -> str:
    left = (rush - WHATSAPP_ANSWERS) * RUSH_SECONDS
    minutes = left / (WHATSAPP_ANSWERS - peak) / 60
    return (
        f"**The first limit** is the platform's: with everybody on one WhatsApp number of {WHATSAPP} a"
        f" second, {WHATSAPP_ANSWERS} answers a second can leave. After {RUSH_SECONDS // 60} minutes of"
        f" {rush:.0f} a second {left:,.0f} answers wait, and {minutes:.0f} minutes later none."
    )


def _cost() -> str:
    month = PEOPLE * MESSAGES * 30
    return (
        f"**Cost**: {month:,} answers in 30 days, {month - FREE_A_MONTH:,} of them billed, if all go through"
        f" one WhatsApp number: each thousandth of a dollar in the rate is"
        f" {(month - FREE_A_MONTH) / 1000:,.0f} dollars a month."
    )


def _needed(rate: float, each: float) -> int:
    return max(1, math.ceil(rate / each))


def _over(rate: float, limit: int) -> str:
    return f": **{rate / limit:.1f} times the limit**" if rate > limit else ""


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{PAGE}\n")
