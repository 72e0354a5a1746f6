"""Danger found by rules that need no model. Pure: `load` reads the rules once, `look` reads a text.

The rules are data a caseworker can review (data/seed/danger); what they mean is in its LEEME.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import data
from bot.clues import (
    CLAUSE_DOUBT,
    DOUBT,
    ENOUGH,
    FEWEST_WORDS,
    FEWEST_WORDS_OF_CLAUSE,
    STRONG_DOUBT,
    Clues,
    read_clues,
    weigh,
)
from bot.lexicon import PatternError, Vocabulary, close, read_classes
from bot.messages import Danger, Points
from bot.patterns import (
    Index,
    Pattern,
    Places,
    Reading,
    build_index,
    clauses_with,
    compile_pattern,
    matches,
    possible,
    read,
    sentence_around,
    spread,
    spread_in_clause,
)
from bot.spanish import LAUGHTER, fold, sound, without_ellipses

KINDS = frozenset(
    [
        "attack",
        "threat",
        "suicide",
        "medical",
        "child",
        "missing",
        "partner",
        "sexual",
        "family",
        "trafficking",
        "authority",
        "third_person",
    ]
)
SIGNS = frozenset(("leaving", "other_person", "silent"))

_FOLDER = Path(data.__file__).parent / "seed" / "danger"
_CLASSES, _CONTEXT, _HARMLESS, _CLUES = "words.yml", "context.yml", "harmless.yml", "clues.csv"
_NO_CLUES = Clues({}, Points(DOUBT, DOUBT))
"""Say nothing for an alarm nor against it."""
_UNLESS_REACH = 6
_HARMLESS_REACH = (8, 5)
_TIME_REACH = 14
_DENIAL_REACH = 40
"""No pattern is longer."""
_FICTION_REACH = 30
_LAUGHING = frozenset("😂🤣")
_NEVER_DOUBTED = frozenset(("suicide", "child", "threat"))
_LISTS = (attrgetter("patterns"), attrgetter("hints"), attrgetter("unless"))


class When(StrEnum):
    """How time decides whether what a rule finds is urgent."""

    NEVER = "never"
    NOW = "now"
    """Only beside a word of now: «ahorita», «anoche», «otra vez»."""
    STORY = "story"
    """Unless it is long past, or is told as the reason to have left or to ask for a service."""
    RECENT = "recent"
    """Unless it is long past: «hace años», «cuando era niña»."""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of data/seed/danger. `finds`: a kind of danger, or a sign. Its examples are its tests.

    `patterns` raise an alarm; `hints` only beside a hint of another rule, or with the model. A rule of a kind
    without flags raises none: it says whom or what a danger found otherwise is about.
    """

    id: str
    finds: str
    gbv: bool
    when: When
    patterns: tuple[Pattern, ...]
    hints: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    examples: tuple[str, ...]
    counter: tuple[str, ...]

    @property
    def only_names(self) -> bool:
        return self.when is When.NEVER and not self.gbv and self.finds not in SIGNS


@dataclass(frozen=True, slots=True)
class Harmless:
    """A figure of speech or a thing that takes back the kinds of danger named in `clears`.

    It explains its own clause, which a comma or a joint ends; `over_commas`: only a joint.
    """

    id: str
    clears: frozenset[str]
    over_commas: bool
    patterns: tuple[Pattern, ...]
    examples: tuple[str, ...]
    counter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, read and compiled. Never changes after `load`.

    `index` knows the patterns of all rules as the first groups, then the hints of all, then what each
    `unless` names; `around` the patterns of the context, then those of what is harmless.
    """

    vocabulary: Vocabulary
    danger: tuple[Rule, ...]
    index: Index
    around: Index
    harmless: tuple[Harmless, ...]
    clues: Clues
    context: Mapping[str, tuple[Pattern, ...]]


def load(folder: Path = _FOLDER) -> Rules:
    """Read and compile the rules. Raises PatternError or OSError; a sentence says which file and why."""
    context = _yaml(folder / _CONTEXT)
    vocabulary = Vocabulary(
        classes=read_classes(_yaml(folder / _CLASSES)),
        known=frozenset(sound(fold(context["everyday"])).split()),
    )
    danger = tuple(_rule(entry, vocabulary) for entry in _entries(folder))
    harmless = tuple(_harmless(entry, vocabulary) for entry in _yaml(folder / _HARMLESS))
    marks = {name: _patterns(listed, vocabulary) for name, listed in context["patterns"].items()}
    rules = Rules(
        vocabulary=vocabulary,
        danger=danger,
        index=_index(danger),
        around=build_index([*marks.values(), *(entry.patterns for entry in harmless)]),
        harmless=harmless,
        clues=read_clues(folder / _CLUES),
        context=marks,
    )
    close(vocabulary)
    return rules


def only(rule: Rule, rules: Rules) -> Rules:
    """The same reading with one rule alone: for reviews."""
    return replace(rules, danger=(rule,), index=_index([rule]), clues=_NO_CLUES)


def without_clues(rules: Rules) -> Rules:
    """The same rules, each believed by itself: for reviews."""
    return replace(rules, clues=_NO_CLUES)


def look(text: str, rules: Rules) -> Danger:
    """What the rules find in a text of any length and any content. Never raises."""
    heard = _hear(text, rules)
    hints = [finding for finding in heard.findings if finding.hint and not finding.taken_back]
    sure = [finding for finding in heard.findings if finding.is_sure]
    found = {finding.rule.finds for finding in sure}
    alarms = [finding for finding in sure if not finding.only_names] or _together(hints)
    taken_back = not alarms and any(one.taken_back and not one.only_names for one in heard.findings)
    enough = Points(0, 0) if taken_back else heard.points
    return Danger(
        urgent=enough.urgent >= ENOUGH or any(finding.urgent for finding in alarms),
        gbv=enough.gbv >= ENOUGH or any(finding.gbv for finding in alarms),
        kinds=frozenset(finding.rule.finds for finding in [*alarms, *sure] if finding.speaks_of_danger),
        leaving="leaving" in found,
        other_person="other_person" in found,
        silent="silent" in found,
        hinted=frozenset(flag for finding in [*hints, *heard.doubted] for flag in finding.flags),
        taken_back=taken_back,
        points=heard.points,
    )


def explain(text: str, rules: Rules) -> list[str]:
    """The ids of the rules that speak for a text, in the order of the files: for tests and reviews.

    A «?» behind an id: only a hint. «pistas»: the points of its words are enough.
    """
    heard = _hear(text, rules)
    spoken = [finding for finding in heard.findings if not finding.taken_back]
    named = [finding.rule.id + "?" * finding.hint for finding in spoken]
    named += [finding.rule.id + "?" for finding in heard.doubted]
    return [*named, "pistas"] if max(heard.points) >= ENOUGH else named


@dataclass(frozen=True, slots=True)
class _Finding:
    """What a rule says of a text, and where. `taken_back`: what it named is denied or imagined."""

    rule: Rule
    places: int
    urgent: bool
    gbv: bool
    hint: bool = False
    taken_back: bool = False

    @property
    def is_sure(self) -> bool:
        return not (self.hint or self.taken_back)

    @property
    def is_alarm(self) -> bool:
        return self.is_sure and bool(self.flags)

    @property
    def only_names(self) -> bool:
        return self.rule.only_names

    @property
    def speaks_of_danger(self) -> bool:
        return bool(self.flags) or self.only_names

    @property
    def flags(self) -> list[str]:
        return [flag for flag, present in (("urgent", self.urgent), ("gbv", self.gbv)) if present]


def _together(hints: Sequence[_Finding]) -> list[_Finding]:
    """Hints of two kinds of danger, each in its own words, are as good as a finding."""
    return [
        one
        for one in hints
        if any(one.rule.finds != other.rule.finds and not one.places & other.places for other in hints)
    ]


class _Heard(NamedTuple):
    """What the rules say of a text, and the points of its words. `doubted`: where they speak against."""

    findings: Sequence[_Finding]
    doubted: Sequence[_Finding]
    points: Points


@dataclass(frozen=True, slots=True)
class _Scene:
    """A text as places, and those of them that are denied, imagined, long past, now, or told as a reason."""

    places: Places
    denied: int
    near_denial: int
    imagined: int
    cleared: Mapping[str, int]
    past: int
    now: int
    told: int


def _scene(reading: Reading, rules: Rules) -> _Scene:
    places = reading.places
    around = dict(possible(rules.around, reading))
    marks = {name: _any(around.get(group, ()), places) for group, name in enumerate(rules.context)}
    first = len(rules.context)
    harmless = [(rules.harmless[group - first], fit) for group, fit in around.items() if group >= first]
    denied = _denied(marks)
    now = spread(marks["now"] & ~spread(marks["not_now"], 3, 3), _TIME_REACH, _TIME_REACH)
    return _Scene(
        places=places,
        denied=denied,
        near_denial=spread(denied, _DENIAL_REACH, _DENIAL_REACH),
        imagined=_imagined(marks),
        cleared=_cleared(harmless, places, marks),
        past=spread(marks["past"], _TIME_REACH, _TIME_REACH) & ~now,
        now=now,
        told=_told(marks) & ~now,
    )


def _denied(marks: Mapping[str, int]) -> int:
    """«no me ha pegado»: what follows a «no» through pronouns and auxiliaries."""
    denied = (marks["denial"] & ~marks["denial_kept"]) << 1
    for _ in range(5):
        denied |= (denied & marks["auxiliary"]) << 1
    return denied


def _told(marks: Mapping[str, int]) -> int:
    """What is told in the past, where the message says that the person left or what she asks for."""
    if not marks["left"] | marks["errand"]:
        return 0
    return spread(marks["told"] | marks["left"], 6, 6)


def _imagined(marks: Mapping[str, int]) -> int:
    """What is told of a film or a song, unless the person speaks of herself; dreams and games even then."""
    told = spread(marks["fiction"], _FICTION_REACH, _FICTION_REACH) & ~spread(marks["mine"], 5, 5)
    return told | spread(marks["dream"], 6, 12) | spread(marks["not_meant"], 0, 8)


def _cleared(
    tried: Iterable[tuple[Harmless, Sequence[Pattern]]], places: Places, marks: Mapping[str, int]
) -> dict[str, int]:
    """Kind of danger → places of the clauses in which something harmless explains it."""
    cleared: dict[str, int] = {}
    for entry, patterns in tried:
        commas = 0 if entry.over_commas else marks["comma"]
        if found := _any(patterns, places, joints=marks["joint"] | commas):
            near = spread_in_clause(found, *_HARMLESS_REACH, joints=marks["joint"] | commas << 1)
            cleared |= {kind: cleared.get(kind, 0) | near for kind in entry.clears}
    return cleared


def _hear(text: str, rules: Rules) -> _Heard:
    written = read(text, rules.vocabulary)
    findings = _all_findings(text, written, rules)
    words = [word for _, word in written.words]
    alarmed = _alarmed(finding for _, finding in findings)
    points = weigh(words, rules.clues, rules=alarmed)
    if max(points) >= DOUBT:
        return _Heard([finding for _, finding in findings], [], points)

    @cache
    def worth(said: tuple[str, ...]) -> int:
        return max(weigh(said, rules.clues, rules=alarmed))

    fewest = 1 if LAUGHTER in words or _LAUGHING & set(text) else FEWEST_WORDS
    kept: list[_Finding] = []
    doubted: list[_Finding] = []
    for reading, finding in findings:
        (doubted if _is_doubtful(finding, reading, fewest, worth) else kept).append(finding)
    return _Heard(kept, doubted, points)


def _all_findings(text: str, written: Reading, rules: Rules) -> list[tuple[Reading, _Finding]]:
    """What is found in a text as written and, without its ellipses, as if it were said in one go.

    «me pegó... con la plancha» is one sentence, «llegué hace dos años... me amenazan» is two: each of the
    two readings may find a danger, and the second takes nothing back.
    """
    found = [(written, finding) for finding in _findings(written, rules)]
    if (in_one_go := without_ellipses(text)) != text:
        said = read(in_one_go, rules.vocabulary)
        found += [(said, finding) for finding in _findings(said, rules) if not finding.taken_back]
    return found


def _is_doubtful(
    finding: _Finding, reading: Reading, fewest: int, worth: Callable[[tuple[str, ...]], int]
) -> bool:
    """Whether, wherever it was found, the clause or the sentence of an alarm speaks against it.

    No sign is doubted, as «ya llegó» stands among harmless words, no thought of suicide, no child
    alone and no threat.
    """
    if not finding.is_alarm or finding.rule.finds in _NEVER_DOUBTED:
        return False
    for place, clause in clauses_with(finding.places, reading):
        sentence = sentence_around(place, reading)
        least = DOUBT if len(sentence) >= fewest else STRONG_DOUBT
        in_clause = len(clause) >= FEWEST_WORDS_OF_CLAUSE and worth(clause) < CLAUSE_DOUBT
        if not in_clause and worth(sentence) >= least:
            return False
    return True


def alarms(text: str, rules: Rules) -> set[str]:
    """The ids of the rules that raise an alarm in a text, whatever its words are worth: to count clues."""
    written = read(text, rules.vocabulary)
    return _alarmed(finding for _, finding in _all_findings(text, written, rules))


def _alarmed(findings: Iterable[_Finding]) -> set[str]:
    return {one.rule.id for one in findings if one.is_alarm}


def _findings(reading: Reading, rules: Rules) -> Iterator[_Finding]:
    scene = _scene(reading, rules)
    many = len(rules.danger)
    fitting = dict(possible(rules.index, reading))
    for group, patterns in fitting.items():
        hint, number = divmod(group, many)
        if hint > 1:
            return
        tried = _Tried(patterns, fitting.get(2 * many + number, ()), bool(hint))
        finding = _find(rules.danger[number], tried, scene)
        if finding:
            yield finding


class _Tried(NamedTuple):
    """The patterns of a rule that a text could hold, those of its `unless` among them apart."""

    patterns: Sequence[Pattern]
    unless: Sequence[Pattern]
    hint: bool


def _find(rule: Rule, tried: _Tried, scene: _Scene) -> _Finding | None:
    patterns, unless, hint = tried
    named = _any(patterns, scene.places)
    if named and unless:
        named &= ~spread(_any(unless, scene.places), _UNLESS_REACH, _UNLESS_REACH)
    if not named:
        return None
    near_denial = named & scene.near_denial
    places = named & _any(patterns, scene.places, barred=scene.denied) if near_denial else named
    places &= ~(scene.imagined | scene.cleared.get(rule.finds, 0))
    if not places:
        return _Finding(rule, named, urgent=False, gbv=False, hint=hint, taken_back=True)
    urgent = _is_urgent(rule.when, places, scene)
    speaks = urgent or rule.gbv or rule.finds in SIGNS or rule.only_names
    return _Finding(rule, places, urgent=urgent, gbv=rule.gbv, hint=hint) if speaks else None


def _is_urgent(when: When, places: int, scene: _Scene) -> bool:
    if when in (When.NEVER, When.ALWAYS):
        return when is When.ALWAYS
    if when is When.NOW:
        return bool(places & scene.now)
    over = scene.past | scene.told if when is When.STORY else scene.past
    return bool(places & ~over)


def _index(danger: Sequence[Rule]) -> Index:
    return build_index([list_of(rule) for list_of in _LISTS for rule in danger])


def _any(patterns: Sequence[Pattern], reading: Places, *, barred: int = 0, joints: int = 0) -> int:
    places = 0
    for pattern in patterns:
        places |= matches(pattern, reading, barred=barred, joints=joints)
    return places


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _entries(folder: Path) -> Iterator[Mapping[str, Any]]:
    seen: set[str] = set()
    for path in sorted(folder.glob("*.yml")):
        if path.name in (_CLASSES, _CONTEXT, _HARMLESS):
            continue
        for entry in _yaml(path):
            if entry["id"] in seen:
                raise PatternError(f"Two rules are called «{entry['id']}»; the second is in {path.name}.")
            seen.add(entry["id"])
            yield entry


def _rule(entry: Mapping[str, Any], vocabulary: Vocabulary) -> Rule:
    flags = entry.get("flags", [])
    if entry["kind"] not in KINDS | SIGNS or set(flags) - {"urgent", "gbv"}:
        raise PatternError(f"The rule «{entry['id']}» has an unknown kind or flag.")
    return Rule(
        id=entry["id"],
        finds=entry["kind"],
        gbv="gbv" in flags,
        when=When(entry.get("when", "recent")) if "urgent" in flags else When.NEVER,
        patterns=_patterns(entry.get("patterns", ()), vocabulary),
        hints=_patterns(entry.get("hints", ()), vocabulary),
        unless=_patterns(entry.get("unless", ()), vocabulary),
        examples=tuple(entry.get("examples", ())),
        counter=tuple(entry.get("counter", ())),
    )


def _harmless(entry: Mapping[str, Any], vocabulary: Vocabulary) -> Harmless:
    clears = KINDS | SIGNS if entry["clears"] == "all" else frozenset(entry["clears"])
    return Harmless(
        id=entry["id"],
        clears=clears,
        over_commas=entry.get("over_commas") is True,
        patterns=_patterns(entry["patterns"], vocabulary),
        examples=tuple(entry.get("examples", ())),
        counter=tuple(entry.get("counter", ())),
    )


def _patterns(listed: Sequence[str], vocabulary: Vocabulary) -> tuple[Pattern, ...]:
    return tuple(compile_pattern(source, vocabulary) for source in listed)
