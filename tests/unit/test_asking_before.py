"""«Pregunte antes»: what nobody knows of a door is said to those whom it concerns."""

import pytest

from bot.flows import asking_before
from bot.state import State
from data.needs import Need, Who
from data.records import Compatibility, Kind, Service
from services.routes import Situation
from tests.unit.test_matching import service

UNKNOWN = Compatibility(women_only=True, children=True)
KNOWN = Compatibility(
    women_only=True, children=True, sons_up_to_age=12, lgbti=True, disability=True, without_papers=True,
    pregnant=True, other_state=True,
)  # fmt: skip


def door(compatibility: Compatibility, kind: Kind = Kind.OFFICE) -> Service:
    return service("door", needs=(Need.GBV,), compatibility=compatibility, kind=kind)


@pytest.mark.parametrize(
    ("state", "whom"),
    [
        (State(who=(Who.WOMAN_WITH_CHILDREN,)), "a hijos varones grandes"),
        (State(who=(Who.WOMEN, Who.DISABILITY)), "a personas con discapacidad"),
        (State(who=(Who.WOMEN, Who.LGBTI)), "a personas LGBTI"),
        (State(who=(Who.WOMEN,), situations=(Situation.NO_PAPERS,)), "sin papeles"),
        (State(who=(Who.WOMEN,), situations=(Situation.PREGNANT,)), "a embarazadas"),
        (State(who=(Who.WOMEN,), situations=(Situation.OTHER_STATE,)), "a quien viene de otro estado"),
        (State(who=(Who.WOMEN,), home="12", place="16053"), "a quien viene de otro estado"),
        (State(who=(Who.WOMEN,), son=17), "a hijos varones grandes"),
        (
            State(situations=(Situation.PREGNANT, Situation.NO_PAPERS), home="12", place="25"),
            "a embarazadas, a quien viene de otro estado y sin papeles",
        ),
        (
            State(who=(Who.WOMAN_WITH_CHILDREN, Who.DISABILITY)),
            "a hijos varones grandes y a personas con discapacidad",
        ),
    ],
)
def test_what_is_unknown_of_a_door_is_said_as_ask_before(state: State, whom: str) -> None:
    assert asking_before.line(state, [door(UNKNOWN)]) == f"Antes de ir, pregunte si reciben {whom}."
    assert asking_before.line(state, [door(KNOWN)]) == ""
    assert asking_before.line(state, [door(UNKNOWN, Kind.LINE)]) == ""


def test_whom_it_does_not_concern_is_told_nothing() -> None:
    assert asking_before.line(State(who=(Who.WOMEN,)), [door(UNKNOWN)]) == ""
    assert asking_before.line(State(home="12", place="12066"), [door(UNKNOWN)]) == ""
    assert asking_before.line(State(home="12", place="00"), [door(UNKNOWN)]) == ""
