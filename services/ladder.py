"""Whom to turn to when the directory has nothing that fits: offices by law, state bodies, national lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROUTES = Path(__file__).parent.parent / "data" / "seed" / "routes"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Step:
    """Which office must help by law, and what to ask for there. `basis` is the article, `source` its URL."""

    office: str
    ask: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps by need and state, and which records stand for a role."""

    steps: Mapping[str, Step] = field(default_factory=dict)
    state_steps: Mapping[tuple[str, str], Step] = field(default_factory=dict)
    bodies: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    referrals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def for_need(self, need: str, state: str) -> Step | None:
        """The office for a need, as the state has it, else as the general law has it."""
        return self.state_steps.get((state, need)) or self.steps.get(need)

    def state_bodies(self, state: str, need: str) -> tuple[str, ...]:
        """Ids of the state's records that can orient, those for this need first."""
        return self.bodies.get((state, need), ()) + self.bodies.get((state, DEFAULT), ())

    def national(self, need: str) -> tuple[str, ...]:
        """Ids of the national lines that can refer."""
        return self.referrals.get(need, ()) or self.referrals.get(DEFAULT, ())

    def lines(self, role: str) -> tuple[str, ...]:
        """Ids of the records for a role in a danger answer, best first."""
        return self.roles.get(role, ())


def load(folder: Path = ROUTES) -> Ladder:
    """Read `ladder.yml` and `lines.yml`. Raises ValueError naming what is missing in them."""
    ladder = _read(folder / "ladder.yml")
    needs: dict[str, dict[str, Any]] = ladder["needs"]
    states: dict[str, dict[str, Any]] = ladder.get("states", {})
    return Ladder(
        steps={need: _step(need, entry) for need, entry in needs.items() if "office" in entry},
        state_steps={
            (state, need): _step(f"{state} {need}", step)
            for state, entry in states.items()
            for need, step in entry.get("needs", {}).items()
        },
        bodies={
            (state, need): tuple(ids)
            for state, entry in states.items()
            for need, ids in entry.get("bodies", {}).items()
        },
        referrals={need: tuple(entry.get("national", ())) for need, entry in needs.items()},
        roles={role: tuple(ids) for role, ids in _read(folder / "lines.yml").items()},
    )


def _step(where: str, entry: dict[str, Any]) -> Step:
    missing = [name for name in Step.__slots__ if not entry.get(name)]
    if missing:
        raise ValueError(f"ladder.yml: «{where}» lacks {', '.join(missing)}; add it with its source.")
    return Step(**{name: str(entry[name]) for name in Step.__slots__})


def _read(path: Path) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ValueError(f"{path.name}: expected a mapping of keys to values.")
    return data
