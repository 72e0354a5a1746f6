"""INEGI keys of states and municipalities as the gazetteer in `data/seed/gazetteer` holds them."""

import csv
from dataclasses import dataclass
from pathlib import Path

NATION = "00"
GAZETTEER = Path(__file__).parent / "seed" / "gazetteer"


@dataclass(frozen=True, slots=True)
class Areas:
    """The keys a record may use. `municipalities` holds name and seat by five-digit key."""

    states: dict[str, str]
    municipalities: dict[str, tuple[str, str]]

    def knows(self, key: str) -> bool:
        return key == NATION or key in self.states or key in self.municipalities

    def name(self, key: str) -> str:
        if key == NATION:
            return "Todo el país"
        return self.municipalities[key][0] if key in self.municipalities else self.states.get(key, "")

    def place_names(self) -> frozenset[str]:
        """Every municipality and every seat, as written by INEGI."""
        return frozenset(name for pair in self.municipalities.values() for name in pair if name)


def load(folder: Path = GAZETTEER) -> Areas:
    """Raises FileNotFoundError when the gazetteer is missing."""
    states = {row["cve_ent"]: row["nom_ent"] for row in _rows(folder / "estados.csv")}
    municipalities = {
        row["cvegeo"]: (row["nom_mun"], row["nom_cab"]) for row in _rows(folder / "municipios.csv")
    }
    return Areas(states, municipalities)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
