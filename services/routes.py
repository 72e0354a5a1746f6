"""The protection route: ordered steps, the same numbers for everybody, worded for a state and a situation.

Order of what is laid over a national step: the state's own practice, then the person's situation.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from data.needs import Need, Who
from services.spelling import fold

FOLDER = Path(__file__).parent.parent / "data" / "seed" / "routes"

_NUMBERS = (
    "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte",
)  # fmt: skip
_ORDINALS = (
    "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "septimo", "octavo", "noveno", "decimo",
)  # fmt: skip
_FILLERS = frozenset({
    "el", "la", "los", "las", "un", "una", "mi", "mis", "su", "sus", "de", "del", "al", "n", "no", "num",
    "numero", "paso", "pasos", "ver", "ir", "abrir", "quiero", "por", "favor",
})  # fmt: skip
_WORD = re.compile(r"[a-z]+|\d+")


class Situation(StrEnum):
    """What changes a route besides for whom it is (`Who`)."""

    CHILD_ALONE = "child_alone"
    NO_PAPERS = "no_papers"
    DISASTER = "disaster"
    PREGNANT = "pregnant"
    OTHER_STATE = "other_state"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `number` never changes, so that «paso 5» opens the same step after all was forgotten.

    `what` to `notes` are what the person reads, at most 600 characters together with `title` and `basis`.
    `services` are record ids, the state's before the nation's; `role` is a key of `lines.yml`;
    `need` is what to look for in the directory beside them, empty when nothing fits.
    `sources` are URLs. `unconfirmed` is for caseworkers: what nobody has seen in a source.
    """

    key: str
    number: int
    title: str
    what: str
    who: str
    bring: str
    without_papers: str
    free: bool
    cost: str
    basis: str
    if_refused: str
    sources: tuple[str, ...]
    names: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    role: str = ""
    need: str = ""
    notes: tuple[str, ...] = ()
    unconfirmed: str = ""
    optional: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything a person reads of the step, in reading order."""
        parts = (self.title, self.what, *self.notes, self.who, self.bring, self.without_papers)
        return tuple(part for part in (*parts, self.cost, self.if_refused, self.basis) if part)


@dataclass(frozen=True, slots=True)
class StateLaw:
    """What a state has on internal displacement; without a law, `law` and `year` are empty.

    `text` says it to the person, at most 600 characters. The rest is for comparing states:
    empty means that it was not seen, and `not_seen` names it.
    """

    state: str
    name: str
    text: str
    sources: tuple[str, ...]
    law: str = ""
    year: int | None = None
    body: str = ""
    registry: str = ""
    programme: str = ""
    practice: str = ""
    offence: str = ""
    not_seen: str = ""

    @property
    def has_law(self) -> bool:
        """Whether a law on internal displacement was seen."""
        return self.year is not None


@dataclass(frozen=True, slots=True)
class Definition:
    """Who is displaced, as the person reads it, and where it is defined (URLs)."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The steps as one person gets them, in order. `state` is empty when it isn't known."""

    state: str
    situations: frozenset[str]
    law: StateLaw
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """What changes in some steps for people in any of `situations` and none of `unless`."""

    situations: frozenset[str]
    unless: frozenset[str]
    changes: Mapping[str, Mapping[str, Any]]

    def is_for(self, people: frozenset[str]) -> bool:
        """Whether it concerns these people."""
        return bool(self.situations & people) and not self.unless & people


@dataclass(frozen=True, slots=True)
class StateRoute:
    """What changes in a state: its law, steps, and steps for a situation."""

    law: StateLaw
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Routes:
    """The national steps and everything that may change in them."""

    steps: tuple[Step, ...]
    variants: tuple[Variant, ...]
    states: Mapping[str, StateRoute]
    nation: StateRoute
    definition: Definition = Definition("", ())

    def for_person(self, state: str, situations: frozenset[Who | str] = frozenset()) -> Route:
        """The route in a state (two-digit key, a longer INEGI key, or empty) for these situations.

        A state or situation that nobody has described changes nothing; no one is left without a route.
        """
        here = self.states.get(state[:2], self.nation)
        people = frozenset(str(s) for s in situations)
        variants = [v for v in (*self.variants, *here.variants) if v.is_for(people)]
        layers = [here.changes, *(v.changes for v in variants)]
        steps = tuple(_changed(step, layers) for step in self.steps)
        return Route(here.law.state, people, here.law, steps)

    def find(self, route: Route, wanted: str | int) -> Step | None:
        """The step by number or name: 5, «5», «paso 5», «paso cinco», «papeles». None when it is neither."""
        said = [w for w in _WORD.findall(fold(str(wanted))) if w not in _FILLERS]
        number = wanted if isinstance(wanted, int) else _as_number(said)
        if number is not None:
            return next((step for step in route.steps if step.number == number), None)
        name = " ".join(said)
        return next((step for step in route.steps if name and name in _names(step)), None)


_ONLY = ("only_services", "only_notes")
_LISTS = frozenset({"sources", "names", "services", "notes", *_ONLY})
_STEP_FIELDS = frozenset(f.name for f in fields(Step))
_REQUIRED = (
    "key", "title", "what", "who", "bring", "without_papers", "free", "cost", "basis", "if_refused",
    "sources", "names",
)  # fmt: skip
_FIXED = frozenset({"key", "number", "names", "optional"})
_LAW_REQUIRED = ("name", "text", "sources")
_PARTS = ("states", "definition", "nation", "no_law", "steps", "variants")


def load(folder: Path = FOLDER) -> Routes:
    """Read `national.yml` and `states/*.yml`. Raises ValueError naming the file and what is wrong in it."""
    national = _read(folder / "national.yml")
    missing = [part for part in _PARTS if not national.get(part)]
    if missing:
        raise ValueError(f"national.yml lacks {', '.join(missing)}; copy them from the seed.")
    steps = tuple(_step(number, entry) for number, entry in enumerate(national["steps"], start=1))
    keys = frozenset(step.key for step in steps)
    states = {
        key: StateRoute(_law("national.yml", key, {**national["no_law"], "name": name}))
        for key, name in national["states"].items()
    }
    for path in sorted((folder / "states").glob("*.yml")):
        key = path.stem
        names = {"name": national["states"].get(key), "no_law": national["no_law"]}
        states[key] = _state(path.name, key, {**_read(path), **names}, keys)
    nation = StateRoute(_law("national.yml", "", national["nation"]))
    variants = _variants("national.yml", national["variants"], keys)
    return Routes(steps, variants, states, nation, _definition(national["definition"]))


def _definition(entry: Mapping[str, Any]) -> Definition:
    if not entry.get("text") or not entry.get("sources"):
        raise ValueError("national.yml: `definition` needs a text and its sources.")
    return Definition(str(entry["text"]), tuple(entry["sources"]))


def _changed(step: Step, layers: Iterable[Mapping[str, Mapping[str, Any]]]) -> Step:
    """The step with the layers' changes; records, sources and notes add up, other fields are replaced."""
    for layer in layers:
        change = layer.get(step.key)
        if change:
            step = replace(step, **_merged(step, change))
    return step


def _merged(step: Step, change: Mapping[str, Any]) -> dict[str, Any]:
    """The step's new values; `only_services` and `only_notes` are the new ones alone."""
    merged = {key.removeprefix("only_"): value for key, value in change.items()}
    if "services" in change:
        merged["services"] = _unique((*change["services"], *step.services))
    if "sources" in change:
        merged["sources"] = _unique((*step.sources, *change["sources"]))
    if "notes" in change:
        merged["notes"] = _unique((*step.notes, *change["notes"]))
    if "unconfirmed" in change:
        merged["unconfirmed"] = " ".join(_unique((step.unconfirmed, change["unconfirmed"]))).strip()
    return merged


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _as_number(said: list[str]) -> int | None:
    if len(said) != 1:
        return None
    if said[0].isdecimal():
        return int(said[0])
    return next((names.index(said[0]) + 1 for names in (_NUMBERS, _ORDINALS) if said[0] in names), None)


def _names(step: Step) -> frozenset[str]:
    named = (step.title, *step.names)
    return frozenset(" ".join(w for w in _WORD.findall(fold(n)) if w not in _FILLERS) for n in named)


def _step(number: int, entry: dict[str, Any]) -> Step:
    where = f"national.yml: paso {number}"
    missing = [name for name in _REQUIRED if entry.get(name) in (None, "", [])]
    if missing:
        raise ValueError(f"{where} lacks {', '.join(missing)}; add it with its source.")
    return Step(number=number, **_values(where, entry, _STEP_FIELDS - {"number"}))


def _state(file: str, key: str, entry: dict[str, Any], keys: frozenset[str]) -> StateRoute:
    if str(entry.get("state")) != key or not entry["name"]:
        raise ValueError(f"{file}: `state` must be «{key}» in quotes and be named in national.yml.")
    law = _law(file, key, {**entry["no_law"], **entry.get("law", {}), "name": entry["name"]})
    changes = _changes(file, entry.get("steps", {}), keys)
    return StateRoute(law, changes, _variants(file, entry.get("variants", ()), keys))


def _law(file: str, key: str, entry: dict[str, Any]) -> StateLaw:
    missing = [name for name in _LAW_REQUIRED if not entry.get(name)]
    if missing:
        raise ValueError(f"{file}: the law of «{key}» lacks {', '.join(missing)}; add it with its source.")
    values = _values(f"{file}: law", entry, frozenset(f.name for f in fields(StateLaw)) - {"state"})
    values["text"] = str(values["text"]).replace("{state}", entry["name"])
    return StateLaw(state=key, **values)


def _variants(file: str, entries: Iterable[dict[str, Any]], keys: frozenset[str]) -> tuple[Variant, ...]:
    known = frozenset(map(str, (*Who, *Situation)))
    found = []
    for entry in entries:
        situations, unless = frozenset(entry["for"]), frozenset(entry.get("unless", ()))
        if not situations or (situations | unless) - known:
            raise ValueError(f"{file}: `for` and `unless` must list some of {', '.join(sorted(known))}.")
        found.append(Variant(situations, unless, _changes(file, entry["steps"], keys)))
    return tuple(found)


def _changes(
    file: str, entries: Mapping[str, dict[str, Any]], keys: frozenset[str]
) -> Mapping[str, Mapping[str, Any]]:
    unknown = set(entries) - keys
    if unknown:
        raise ValueError(f"{file}: no step is called {', '.join(sorted(unknown))}; see national.yml.")
    allowed = (_STEP_FIELDS | set(_ONLY)) - _FIXED
    return {key: _values(f"{file}: {key}", entry, allowed) for key, entry in entries.items()}


def _values(where: str, entry: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """The entry's values with lists frozen. Raises ValueError on a key that means nothing."""
    unknown = set(entry) - allowed
    if unknown:
        known = ", ".join(sorted(allowed))
        raise ValueError(f"{where}: {', '.join(sorted(unknown))} can't stand here; use {known}.")
    if entry.get("need") and entry["need"] not in set(Need):
        raise ValueError(f"{where}: «{entry['need']}» is not a need; see data/needs.py.")
    return {key: tuple(value) if key in _LISTS else value for key, value in entry.items()}


def _read(path: Path) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ValueError(f"{path.name}: expected a mapping of keys to values.")
    return data
