"""One report: how well the trained model reads the held-out phrases, which nobody trains or tunes on."""

import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from faro_nlu import corpus, gate, model
from faro_nlu.corpus import FLAG, LABELS
from faro_nlu.training import HOME

_OUT = "out_of_scope"
_BINS = (0.0, 0.3, 0.5, 0.7, 0.9, 1.01)


@dataclass(frozen=True, slots=True)
class Read:
    """What a text should say (best first) and what the model read: probability by label."""

    wanted: tuple[str, ...]
    urgent: bool
    gbv: bool
    found: dict[str, float]
    nothing: bool
    style: str
    length: int

    @property
    def ranked(self) -> list[str]:
        """Labels best first; out of scope before all when nothing was recognised."""
        best = sorted((label for label in self.found if label != FLAG), key=lambda label: -self.found[label])
        return [_OUT, *(label for label in best if label != _OUT)] if self.nothing else best


def run(*, archive: Path, report: Path | None, home: Path = HOME) -> None:
    phrases = corpus.read(home / "data")
    lines = ["# How well Faro's model reads", "", f"{len(phrases)} training phrases.", ""]
    loaded = model.load(archive)
    lines += _held_out(held_out(home / "tests" / "holdout", loaded))
    lines += _latency([phrase.text for phrase in phrases], loaded)
    text = "\n".join(lines) + "\n"
    print(text, flush=True)  # noqa: T201
    if report is not None:
        report.write_text(text, "utf-8")


def _details(every: list[Read]) -> list[str]:
    return [
        *_per_label(every), *_confusion(every), *_flags(every), *_out_of_scope(every), *_several(every),
        *_calibration(every), *_by_length(every),
    ]  # fmt: skip


def _hit(read: Read, first: int) -> bool:
    return bool(set(read.ranked[:first]) & set(read.wanted))


def _percent(every: Sequence[Read], first: int) -> str:
    return _share(_hit(one, first) for one in every if one.wanted)


def _share(values: Any) -> str:
    counted = [bool(value) for value in values]
    return f"{sum(counted) / len(counted):.3f}" if counted else "–"


def _per_label(every: list[Read]) -> list[str]:
    lines = [
        "### Each label",
        "",
        "| label | phrases | first right | in the first three | read first, rightly |",
        "|---|---|---|---|---|",
    ]
    for label in LABELS:
        own = [one for one in every if one.wanted and one.wanted[0] == label]
        given = [label in one.wanted for one in every if one.ranked[0] == label]
        if own:
            lines.append(
                f"| {label} | {len(own)} | {_percent(own, 1)} | {_percent(own, 3)} | {_share(given)} |"
            )
    return [*lines, ""]


def _confusion(every: list[Read]) -> list[str]:
    pairs = Counter((one.wanted[0], one.ranked[0]) for one in every if one.wanted and not _hit(one, 1))
    told = (f"{wanted} read as {found} ({count})" for (wanted, found), count in pairs.most_common(15))
    return ["Worst pairs: " + "; ".join(told) + ".", ""]


def _flags(every: list[Read]) -> list[str]:
    lines = ["### Danger by the model alone (the rules of `bot/safety.py` come before it)", ""]
    for flag, there in (("urgent", [one.urgent for one in every]), ("gbv", [one.gbv for one in every])):
        for threshold in (0.15, gate.URGENT, 0.5):
            marked = [one.found.get(flag, 0.0) >= threshold for one in every]
            recall = _share(m for m, t in zip(marked, there) if t)
            alarms = _share(m for m, t in zip(marked, there) if not t)
            lines.append(f"- `{flag}` from {threshold}: found {recall}, false alarms {alarms}")
    return [*lines, ""]


def _out_of_scope(every: list[Read]) -> list[str]:
    refused = _share(one.ranked[0] == _OUT for one in every if one.wanted == (_OUT,))
    wrongly = _share(one.ranked[0] == _OUT for one in every if one.wanted and _OUT not in one.wanted)
    return [f"Out of scope refused: {refused}; in scope refused by mistake: {wrongly}.", ""]


def _several(every: list[Read]) -> list[str]:
    several = [one for one in every if len(one.wanted) > 1]
    lines = ["### Several needs", "", f"{len(several)} phrases hold several needs."]
    for threshold in (gate.PRESENT, 0.3, 0.5):
        present = [
            {label for label, p in one.found.items() if p >= threshold and label != FLAG} for one in every
        ]
        right = sum(len(found & set(one.wanted)) for found, one in zip(present, every))
        made, there = sum(map(len, present)), sum(len(one.wanted) for one in every)
        every_one = _share(
            set(one.wanted) <= found for found, one in zip(present, every) if len(one.wanted) > 1
        )
        lines.append(
            f"- from {threshold}: precision {right / max(made, 1):.3f}, recall {right / max(there, 1):.3f}; "
            f"of the phrases with several, all found in {every_one}"
        )
    return [*lines, ""]


def _calibration(every: list[Read]) -> list[str]:
    lines = ["### Calibration of the first label", "", "| said | phrases | was right |", "|---|---|---|"]
    wanted = [(max(p for label, p in one.found.items() if label != FLAG), one) for one in every if one.wanted]
    for low, high in pairwise(_BINS):
        inside = [
            max(one.found, key=lambda la: one.found[la] * (la != FLAG)) in one.wanted
            for p, one in wanted
            if low <= p < high
        ]
        lines.append(f"| {low:.1f} to {min(high, 1):.1f} | {len(inside)} | {_share(inside)} |")
    return [*lines, ""]


def _by_length(every: list[Read]) -> list[str]:
    spans = (("up to 40 characters", 0, 41), ("to 120", 41, 121), ("over 120", 121, 10**6))
    told = (
        f"{name} {_percent([o for o in every if low <= o.length < high], 1)}" for name, low, high in spans
    )
    return ["First right by length: " + ", ".join(told) + ".", ""]


def held_out(folder: Path, loaded: model.Model) -> list[tuple[str, Read]]:
    """Each held-out phrase that has needs, with its part (the file's name), as the model reads it."""
    items = [
        (file.stem, item)
        for file in sorted(folder.glob("*.yml"))
        for item in corpus.load(file) or []
        if "needs" in item
    ]
    return [(part, _held(item, loaded)) for part, item in items]


def first_right(every: Sequence[Read], first: int) -> float:
    """The share of phrases with one of their labels among the `first` best."""
    told = [one for one in every if one.wanted]
    return sum(_hit(one, first) for one in told) / max(len(told), 1)


def _held_out(read: list[tuple[str, Read]]) -> list[str]:
    if not read:
        return []
    lines = [
        "## The held-out phrases, by the trained model alone",
        "",
        "| part | phrases | first right | in the first three |",
        "|---|---|---|---|",
    ]
    for part in dict.fromkeys(part for part, _ in read):
        own = [one for name, one in read if name == part and one.wanted]
        lines.append(f"| {part} | {len(own)} | {_percent(own, 1)} | {_percent(own, 3)} |")
    every = [one for _, one in read]
    lines += [f"| **all** | {len(every)} | **{_percent(every, 1)}** | **{_percent(every, 3)}** |", ""]
    styles = (
        f"{style} {_percent([one for one in every if one.style == style], 1)}"
        for style in sorted({one.style for one in every})
    )
    return [*lines, "First right by style: " + ", ".join(styles) + ".", "", *_details(every)]


def _held(item: dict[str, Any], loaded: model.Model) -> Read:
    answer = loaded.parse([item["text"]])[0] or {"intent": {"name": None}, "intent_ranking": []}
    found = {
        one["name"]: one["confidence"] for one in answer["intent_ranking"] if one["name"] in (*LABELS, FLAG)
    }
    nothing = answer["intent"]["name"] in (None, "nlu_fallback")
    found = {label: found.get(label, 0.0) for label in (*LABELS, FLAG)}
    return Read(
        tuple(item["needs"]), bool(item["urgent"]), bool(item["gbv"]), found, nothing, item.get("style", ""),
        len(item["text"]),
    )  # fmt: skip


def _latency(texts: list[str], loaded: model.Model) -> list[str]:
    took = []
    for text in texts[:: max(len(texts) // 500, 1)]:
        begun = time.perf_counter()
        loaded.parse([text])
        took.append((time.perf_counter() - begun) * 1000)
    cut = statistics.quantiles(took, n=20)
    return [
        f"One text at a time, in process: median {statistics.median(took):.1f} ms, p95 {cut[18]:.1f} ms.",
        "",
    ]
