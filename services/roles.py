"""What a place may be to the person who names it."""

from dataclasses import dataclass
from enum import Enum

from services.spans import Found


class Role(Enum):
    """What a place is to the person, as far as the words around it tell."""

    FLED = "fled"
    ORIGIN = "origin"  # «soy de»: where somebody or something comes from
    SCENE = "scene"  # something happened there: wanted when no other place is
    OTHERS = "others"  # where others are, or on the way: wanted when no other place is, never fled
    WANTED = "wanted"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a message with its role; the bigger `force`, the plainer that it is meant so."""

    found: Found
    role: Role
    force: int = 0
