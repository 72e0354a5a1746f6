"""«Pregunte antes»: for whom nobody knows whether a door for women, or a place to stay, opens."""

from collections.abc import Sequence

from bot.flows import listing
from bot.state import State
from bot.texts import find_help as say
from data.needs import Need, Who
from data.records import Kind, Service
from services.routes import Situation


def line(state: State, shown: Sequence[Service]) -> str:
    """One sentence about everything that is unknown of these doors and concerns this person; or nothing."""
    doors = [service for service in shown if _is_door(service)]
    whom = [say.ASK_BEFORE_WHOM[key] for key in say.ASK_BEFORE_WHOM if _concerns(state, key, doors)]
    if not whom:
        return ""
    return say.ASK_BEFORE.format(whom=listing.spoken_list(whom))


def _is_door(service: Service) -> bool:
    """Where one would go in: not a telephone line."""
    opens = service.compatibility.women_only or Need.SHELTER in service.needs
    return opens and service.kind is not Kind.LINE


def _concerns(state: State, key: str, doors: Sequence[Service]) -> bool:
    if key == "sons":
        takes_children = [d for d in doors if d.compatibility.children and d.compatibility.women_only]
        is_mother = Who.WOMAN_WITH_CHILDREN in state.who or bool(state.son)
        return is_mother and any(d.compatibility.sons_up_to_age is None for d in takes_children)
    said = Situation.NO_PAPERS if key == "without_papers" else key
    return said in state.people and any(getattr(d.compatibility, key) is None for d in doors)
