"""One report: how well each author's phrases are read by a model that never saw that author, and, where
they are there, the held-out phrases, which nobody trains or tunes on."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from faro_nlu import augment, corpus, gate, model, places, reader, vectors
from faro_nlu.corpus import FLAG, LABELS, Phrase
from faro_nlu.spelling import clean, words
from faro_nlu.training import GAZETTEER, HOME

Say = Callable[[str], None]
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


def run(*, archive: Path, by_author: bool, report: Path | None, say: Say, home: Path = HOME) -> None:
    phrases = corpus.read(home / "data")
    settings, copies, seed = configured(home)
    lines = ["# How well Faro's model reads", "", f"{len(phrases)} training phrases.", ""]
    if by_author:
        lines += _by_author(phrases, settings, copies, seed, say)
    loaded = model.load(archive)
    lines += _held_out(held_out(home / "tests" / "holdout", loaded))
    lines += _latency([phrase.text for phrase in phrases], loaded)
    text = "\n".join(lines) + "\n"
    print(text, flush=True)  # noqa: T201
    if report is not None:
        report.write_text(text, "utf-8")


def configured(home: Path = HOME) -> tuple[reader.Settings, float, int]:
    """The classifier's settings, copies and seed as config.yml has them."""
    pipeline = yaml.safe_load((home / "config.yml").read_text("utf-8"))["pipeline"]
    own = next(dict(part) for part in pipeline if part["name"].endswith("NeedClassifier"))
    del own["name"]
    copies, seed = float(own.pop("copies", 1)), int(own.pop("seed", 7))
    return reader.Settings(**own), copies, seed


def _by_author(
    phrases: list[Phrase], settings: reader.Settings, copies: float, seed: int, say: Say
) -> list[str]:
    encoder = vectors.from_package()
    every: list[Read] = []
    found_places: list[tuple[int, int, int]] = []
    rows = []
    for author in sorted({phrase.author for phrase in phrases}):
        say(f"Reading {author} with a model of the other authors …")
        others = [phrase for phrase in phrases if phrase.author != author]
        own = [phrase for phrase in phrases if phrase.author == author]
        finder = _finder(others)
        read = _read(others, own, finder, encoder=encoder, settings=settings, copies=copies, seed=seed)
        every += read
        found_places.append(_places(own, finder))
        rows.append(f"| {author} | {len(own)} | {_percent(read, 1)} | {_percent(read, 3)} |")
    head = [
        "## Each author read by a model of the others",
        "",
        "| author | phrases | first right | in the first three |",
    ]
    total = f"| **all** | {len(every)} | **{_percent(every, 1)}** | **{_percent(every, 3)}** |"
    return [*head, "|---|---|---|---|", *rows, total, "", *_details(every), *_place_lines(found_places)]


def _read(
    others: list[Phrase],
    own: list[Phrase],
    finder: places.Finder,
    *,
    encoder: vectors.Encoder,
    settings: reader.Settings,
    copies: float,
    seed: int,
) -> list[Read]:
    labels = tuple(label for label in (*LABELS, FLAG) if any(label in phrase.labels for phrase in others))
    written = augment.with_copies(
        [(places.hidden(p.text, _marked(p)), p.labels) for p in others], copies=copies, seed=seed
    )
    examples = [(words(clean(text)), present) for text, present in written]
    trained = reader.train(
        examples, labels=labels, settings=settings, encoder=encoder, progress=lambda _: None
    )
    found = [_found(phrase, finder) for phrase in own]
    rows = trained.probabilities(
        [words(clean(places.hidden(phrase.text, marked))) for phrase, marked in zip(own, found)]
    )
    return [
        _one(
            phrase,
            dict(zip(labels, map(float, row))),
            trained.known(places.outside(words(phrase.text), marked)),
        )
        for phrase, row, marked in zip(own, rows, found)
    ]


def _one(phrase: Phrase, found: dict[str, float], known: float) -> Read:
    wanted = tuple(part for part in phrase.intent.split("+") if part != FLAG)
    top = max(value for label, value in found.items() if label != FLAG)
    nothing = known < gate.KNOWN_WORDS or top < gate.SURE
    return Read(wanted, FLAG in phrase.labels, "gbv" in wanted, found, nothing, "", len(phrase.text))


def _finder(others: list[Phrase]) -> places.Finder:
    with TemporaryDirectory() as folder:
        places.train(
            [(p.text, _marked(p)) for p in others],
            names=places.known_names(GAZETTEER),
            folder=Path(folder),
        )
        return places.load(Path(folder))


def _marked(phrase: Phrase) -> list[places.Marked]:
    return [(one.start, one.end, one.role) for one in phrase.places]


def _found(phrase: Phrase, finder: places.Finder) -> list[places.Marked]:
    found = finder.find(phrase.text, words(clean(phrase.text)))
    return [(one.start, one.end, one.role) for one in found]


def _places(own: list[Phrase], finder: places.Finder) -> tuple[int, int, int]:
    """Places found right, found in all, and there to be found."""
    right = made = there = 0
    for phrase in own:
        found, wanted = set(_found(phrase, finder)), set(_marked(phrase))
        right, made, there = right + len(found & wanted), made + len(found), there + len(wanted)
    return right, made, there


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


def _place_lines(counts: list[tuple[int, int, int]]) -> list[str]:
    right, made, there = (sum(column) for column in zip(*counts))
    return [
        f"Places with their role, exact to the letter: precision {right / max(made, 1):.3f}, "
        f"recall {right / max(there, 1):.3f} of {there}.",
        "",
    ]


def held_out(folder: Path, loaded: model.Model) -> list[tuple[str, Read]]:
    """Each held-out phrase that has needs, with its part (the file's name), as the model reads it."""
    items = [
        (file.stem, item)
        for file in sorted(folder.glob("*.yml"))
        for item in yaml.safe_load(file.read_text("utf-8")) or []
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
