"""Which record is to be checked next, and what a check makes of it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.panel.shelf import Entry
from data.check_store import Tries
from data.needs import Need
from data.records import Kind, Method, Result, Service, Status
from services import freshness

AGAIN = (timedelta(hours=3), timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""When to call again after the first, second … time that nobody answers."""
MANY = 3
"""So many calls without an answer, and another way has to be found."""

WHICH: Mapping[str, str] = {
    "": "Los que toca verificar y los que alguien reportó",
    "reported": "Solo los que alguien dijo que no contestan",
    "due": "Solo los que toca verificar",
    "all": "Todos",
}
METHODS: Mapping[str, str] = {
    Method.CALL: "llamada",
    Method.VISIT: "visita",
    Method.MESSAGE: "mensaje",
    Method.WEB: "su página",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to check: INEGI key of a state, code of a need, key of WHICH."""

    state: str = ""
    need: str = ""
    which: str = ""

    def query(self) -> dict[str, str]:
        """For an address, without what is empty."""
        named = {"estado": self.state, "necesidad": self.need, "cuales": self.which}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Turn:
    """A record that waits for a check. `due` None: its facts carry no date."""

    record: Service
    due: date | None
    reported: int
    tries: Tries | None


@dataclass(frozen=True, slots=True)
class Round:
    """What is left, in order, and how many are called again later."""

    turns: tuple[Turn, ...]
    later: int

    def at(self, service_id: str = "", *, after: str = "") -> Turn | None:
        """The one with this id, the one behind `after`, or the first."""
        ids = [turn.record.id for turn in self.turns]
        if service_id in ids:
            return self.turns[ids.index(service_id)]
        start = ids.index(after) + 1 if after in ids else 0
        return self.turns[start] if start < len(ids) else (self.turns[0] if self.turns else None)


def wish(query: Mapping[str, str], states: Iterable[str]) -> Wish:
    """The filters of an address; what is not on a list is left out."""
    state, need, which = (query.get(name, "") for name in ("estado", "necesidad", "cuales"))
    return Wish(
        state if state in set(states) else "",
        need if need in set(Need) else "",
        which if which in WHICH else "",
    )


def plan(
    entries: Iterable[Entry],
    wanted: Wish,
    *,
    reported: Mapping[str, int],
    tries: Mapping[str, Tries],
    now: datetime,
    today: date,
) -> Round:
    """Those that people reported first, then the longest overdue; what waits for another call is left out.

    A refuge is checked through its line: it has nothing of its own to call.
    """
    turns, later = [], 0
    for entry in entries:
        record = entry.record
        if record.kind is Kind.REFUGE or record.status is Status.DEFUNCT or not _fits(entry, wanted):
            continue
        turn = Turn(
            record,
            entry.due,
            reported.get(record.id, 0),
            _since_reached(tries.get(record.id), record),
        )
        if not _is_wanted(turn, wanted, today):
            continue
        if turn.tries and turn.tries.again_at > now:
            later += 1
        else:
            turns.append(turn)
    turns.sort(key=lambda t: (-t.reported, t.due or date.min, t.record.id))
    return Round(tuple(turns), later)


def again_at(count: int, now: datetime) -> datetime:
    """When to call again after `count` calls without an answer."""
    return now + AGAIN[min(count, len(AGAIN)) - 1]


def confirmed(record: Service, *, by: str, how: str, today: date) -> dict[str, Any]:
    """«Sigue igual»: the fields to set."""
    return _checked(by, how, today) | {
        "verified_result": Result.CONFIRMED.value,
        "check_due": (today + freshness.load().of(record)).isoformat(),
    }


def gone(*, by: str, how: str, today: date) -> dict[str, Any]:
    """«Ya no existe»: the fields to set."""
    return _checked(by, how, today) | {
        "verified_result": Result.CLOSED.value,
        "status": Status.DEFUNCT.value,
        "check_due": None,
    }


def _checked(by: str, how: str, today: date) -> dict[str, Any]:
    return {"verified_on": today.isoformat(), "verified_by": by, "verified_how": how}


def _since_reached(tries: Tries | None, record: Service) -> Tries | None:
    """Whoever verified it by editing has reached it, too."""
    is_old = tries and record.verified_on and record.verified_on > tries.last_at.date()
    return None if is_old else tries


def _fits(entry: Entry, wanted: Wish) -> bool:
    in_state = not wanted.state or wanted.state in entry.states
    return in_state and (not wanted.need or wanted.need in entry.record.needs)


def _is_wanted(turn: Turn, wanted: Wish, today: date) -> bool:
    is_due = turn.due is None or turn.due <= today
    chosen = {"": bool(turn.reported) or is_due, "reported": bool(turn.reported), "due": is_due, "all": True}
    return chosen[wanted.which]
