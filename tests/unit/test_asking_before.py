"""«Pregunte antes»: what nobody knows of a door is said to those whom it concerns."""

from dataclasses import replace

import pytest

from bot import conversation
from bot.flows import asking_before
from bot.messages import Inbound, Meaning
from bot.state import State
from bot.texts import find_help as say
from data.needs import Need, Who
from data.records import Compatibility, Kind, Service
from services.directory import Directory
from services.routes import Situation
from tests.conftest import NOW
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


TOWNS = ("07101", "12066", "16053", "25006", "02004", "09007", "21114", "30087", "07", "25")
WHO: tuple[tuple[Who, ...], ...] = (
    (),
    (Who.WOMEN,),
    (Who.WOMAN_WITH_CHILDREN,),
    (Who.FAMILY_WITH_MAN,),
    (Who.MAN,),
)
SAID = {
    "pregnant": State(situations=(Situation.PREGNANT,)),
    "other_state": State(home="19"),
    "without_papers": State(situations=(Situation.NO_PAPERS,)),
    "disability": State(who=(Who.DISABILITY,)),
    "lgbti": State(who=(Who.LGBTI,)),
}


@pytest.mark.parametrize("place", TOWNS)
@pytest.mark.parametrize("need", [Need.SHELTER, Need.GBV])
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("field", SAID)
def test_in_the_seed_no_door_that_may_be_closed_is_shown_without_a_word(
    directory: Directory, who: tuple[Who, ...], need: Need, place: str, field: str
) -> None:
    """Who × need × place: known to be closed is not shown, unknown is asked before."""
    said = SAID[field]
    state = replace(said, welcomed=True, place=place, who=(*said.who, *who))

    turn = conversation.respond(state, Inbound(option=f"need:{need}"), Meaning(), directory, NOW)

    reply = turn.replies[0]
    shown = [s for i in turn.state.in_hand if (s := directory.get(i, today=NOW.date(), women=True))]
    doors = [s for s in shown if s.compatibility.women_only or Need.SHELTER in s.needs]
    opens = [getattr(s.compatibility, field) for s in doors if s.kind is not Kind.LINE]
    asked = say.ASK_BEFORE_WHOM[field] in reply.text and "Antes de ir, pregunte si reciben" in reply.text
    assert False not in opens
    assert asked or None not in opens, reply.text


def test_whom_it_does_not_concern_is_told_nothing() -> None:
    assert asking_before.line(State(who=(Who.WOMEN,)), [door(UNKNOWN)]) == ""
    assert asking_before.line(State(home="12", place="12066"), [door(UNKNOWN)]) == ""
    assert asking_before.line(State(home="12", place="00"), [door(UNKNOWN)]) == ""
