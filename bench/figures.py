"""Figures: medians over repeated runs, kept in figures.json and shown as one table in FIGURES.md."""

import json
import os
import platform
import re
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
KEPT, SHOWN = FOLDER / "figures.json", FOLDER / "FIGURES.md"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured in several runs. `limit`: at most, or with `at_least` at least, this is aimed at."""

    name: str
    runs: tuple[float, ...]
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    @property
    def reaches(self) -> bool | None:
        """Whether the median is where it should be; None when nothing is aimed at."""
        if self.limit is None:
            return None
        return self.median >= self.limit if self.at_least else self.median <= self.limit


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many per cent lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def machine() -> str:
    """What it was measured on: cores, CPU, Python, system."""
    found = re.search(r"^model name\s*: (.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s+(\d+)", _read("/proc/meminfo"), re.MULTILINE)
    parts = [
        f"{os.cpu_count()} cores",
        found[1] if found else platform.machine(),
        f"{int(memory[1]) // 2**20} GiB" if memory else "",
        f"Python {platform.python_version()}",
        f"{platform.system()} {platform.release()}",
    ]
    return ", ".join(filter(None, parts))


def keep(
    subject: str, title: str, figures: list[Figure], *, quick: bool, load: float, seconds: float
) -> None:
    """Put the figures of one subject in the place of its former ones, and write the table anew."""
    book: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    book[subject] = {
        "title": title,
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine(),
        "quick": quick,
        "load_before": round(load, 1),
        "seconds": round(seconds),
        "figures": [asdict(figure) for figure in figures],
    }
    KEPT.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    SHOWN.write_text(_page(book), encoding="utf-8")


def rows(figures: list[Figure]) -> list[tuple[str, str, str, str, str]]:
    """What, median, range of the runs, aim, whether it is reached."""
    return [
        (f.name + (f" ({f.note})" if f.note else ""), _amount(f.median, f.unit), _range(f), _aim(f), _mark(f))
        for f in figures
    ]


def _page(book: dict[str, Any]) -> str:
    lines = [
        "# Figures",
        "",
        "Made by `make bench` and `make bench-rasa`; do not edit. Medians over repeated runs. The load, the"
        " platforms and Faro share the machine.",
    ]
    for kept in book.values():
        figures = [Figure(**{**each, "runs": tuple(each["runs"])}) for each in kept["figures"]]
        quick = ", quick mode" if kept["quick"] else ""
        took = f", took {kept['seconds']} s" if "seconds" in kept else ""
        lines += ["", f"## {kept['title']}", ""]
        lines += [
            f"{kept['measured_at']}{quick}{took}; load before {kept['load_before']}. {kept['machine']}.",
            "",
        ]
        lines += ["| what | median | runs | aim | reached |", "|---|---|---|---|---|"]
        lines += ["| " + " | ".join(row) + " |" for row in rows(figures)]
    return "\n".join(lines) + "\n"


def _amount(value: float, unit: str) -> str:
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"
    return f"{number} {unit}".strip()


def _range(figure: Figure) -> str:
    if len(figure.runs) == 1:
        return "1 run"
    low, high = (_amount(each, "").strip() for each in (min(figure.runs), max(figure.runs)))
    return f"{len(figure.runs)} runs, {low} to {high}"


def _aim(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    return ("at least " if figure.at_least else "at most ") + _amount(figure.limit, figure.unit)


def _mark(figure: Figure) -> str:
    return {True: "yes", False: "**no**", None: ""}[figure.reaches]


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
