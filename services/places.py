"""Places as people write them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality (five-digit INEGI key) or a state alone (two digits, `municipality` None)."""

    key: str
    state: str
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """Candidates, best first; `ambiguous` exactly when the person must be asked which one."""

    candidates: tuple[Place, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    """Places inside a message: where help is wanted, and the place fled. None when nothing was said."""

    wanted: PlaceAnswer | None = None
    fled: PlaceAnswer | None = None
