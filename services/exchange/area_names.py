"""States and municipalities in a cell: by name as INEGI or people write them, or by key."""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data import inegi
from services.exchange.cells import plain
from services.exchange.problems import UnreadableCell

NATION_WORDS = frozenset(("todo el pais", "nacional", "mexico (pais)", "todo mexico", "pais"))

_KEY_AT_THE_END = re.compile(r"\((\d{5})\)\s*$")
_STATE_AT_THE_END = re.compile(r"^(.*),([^,]+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AreaNames:
    """Names in plain letters → keys. `municipalities` are by name, then all keys so called."""

    areas: inegi.Areas
    states: Mapping[str, str]
    municipalities: Mapping[str, tuple[str, ...]]

    def state_key(self, cell: str) -> str:
        """A state by name, short name or key («7» too: spreadsheets eat zeros)."""
        if cell.isdecimal() and cell.zfill(2) in self.areas.states:
            return cell.zfill(2)
        found = self.states.get(plain(cell).replace(".", ""))
        if found is None:
            raise UnreadableCell("no es un estado; escriba su nombre, por ejemplo «Chiapas»")
        return found

    def municipality_key(self, cell: str, state: str) -> str:
        """A municipality by name within its state, or by key."""
        if match := _KEY_AT_THE_END.search(cell):
            cell = match[1]
        if cell.isdecimal():
            return self._known_key(cell, state)
        keys = [key for key in self.municipalities.get(plain(cell), ()) if key.startswith(state)]
        if len(keys) > 1 and not state:
            raise UnreadableCell("hay varios municipios con ese nombre; escriba también el estado")
        if len(keys) > 1:
            raise UnreadableCell("hay dos municipios así; agregue su clave de INEGI entre paréntesis")
        if not keys:
            raise UnreadableCell("no es un municipio de ese estado; escríbalo como INEGI o ponga su clave")
        return keys[0]

    def coverage_key(self, part: str) -> str:
        """«Todo el país», «Chiapas», «Tlapa de Comonfort, Guerrero», or a key."""
        if plain(part) in NATION_WORDS or part in ("00", "0"):
            return inegi.NATION
        if part.isdecimal():
            return self.state_key(part) if len(part) <= 2 else self._known_key(part, "")
        if plain(part).replace(".", "") in self.states:
            return self.state_key(part)
        if match := _STATE_AT_THE_END.match(part):
            return self.municipality_key(match[1].strip(), self.state_key(match[2].strip()))
        return self.municipality_key(part, "")

    def municipality_name(self, key: str) -> str:
        """The name, with the key where the state has two of that name."""
        if key not in self.areas.municipalities:
            return key
        name = self.areas.name(key)
        same = [each for each in self.municipalities.get(plain(name), ()) if each.startswith(key[:2])]
        return name if len(same) == 1 else f"{name} ({key})"

    def state_name(self, key: str) -> str:
        """The name of a state."""
        return self.areas.states.get(key, key)

    def coverage_name(self, key: str) -> str:
        """As `coverage_key` reads it."""
        if key in self.areas.municipalities:
            return f"{self.municipality_name(key)}, {self.state_name(key[:2])}"
        return self.areas.name(key) or key

    def _known_key(self, digits: str, state: str) -> str:
        key = digits.zfill(5) if len(digits) == 4 else digits
        if len(key) <= 3 and state:
            key = state + key.zfill(3)
        if key not in self.areas.municipalities or not key.startswith(state):
            raise UnreadableCell("no es clave de un municipio de ese estado; use las cinco cifras de INEGI")
        return key


def load(areas: inegi.Areas, gazetteer: Path = inegi.GAZETTEER) -> AreaNames:
    """Official names, seats where no municipality is called so, and the short names of aliases.csv."""
    states = {plain(name): key for key, name in areas.states.items()}
    names: dict[str, set[str]] = defaultdict(set)
    for key, (name, _) in areas.municipalities.items():
        names[plain(name)].add(key)
    official = {(name, key[:2]) for name, keys in names.items() for key in keys}
    extra: dict[str, set[str]] = defaultdict(set)
    for alias, keys in [*_seats(areas), *_aliases(gazetteer)]:
        if len(keys) == 1 and len(keys[0]) == 2:
            states.setdefault(alias, keys[0])
        elif len(keys) == 1 and (alias, keys[0][:2]) not in official:
            extra[alias].add(keys[0])
    for alias, found in extra.items():
        names[alias] |= found
    return AreaNames(areas, states, {name: tuple(sorted(keys)) for name, keys in names.items()})


def _seats(areas: inegi.Areas) -> list[tuple[str, list[str]]]:
    return [(plain(seat), [key]) for key, (_, seat) in areas.municipalities.items() if seat]


def _aliases(gazetteer: Path) -> list[tuple[str, list[str]]]:
    with (gazetteer / "aliases.csv").open(encoding="utf-8", newline="") as file:
        return [(plain(row["alias"]), row["keys"].split()) for row in csv.DictReader(file)]
