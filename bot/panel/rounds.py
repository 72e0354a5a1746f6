"""Which record is to be checked next, and what a check makes of it. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.panel.shelf import Entry
from data.check_store import Tries
from data.needs import Need
from data.records import Exposure, Kind, Method, Result, Service, Status
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
class Candidates:
    """Those of a state and a need that can be checked, the longest overdue first, and where each stands."""

    entries: tuple[Entry, ...]
    at: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Round:
    """What is left, in order, and how many are called again later.

    `first`: how many of those left somebody reported; they come first.
    """

    entries: Sequence[Entry]
    first: int
    later: int
    reported: Mapping[str, int]
    tries: Mapping[str, Tries]

    def at(self, service_id: str = "", *, after: str = "") -> Turn | None:
        """The one with this id, the one behind `after`, or the first."""
        chosen = self._index(service_id)
        if chosen is None:
            before = self._index(after)
            chosen = 0 if before is None or before + 1 == len(self.entries) else before + 1
        return self._turn(self.entries[chosen]) if self.entries else None

    def _index(self, service_id: str) -> int | None:
        ids = (index for index, entry in enumerate(self.entries) if entry.record.id == service_id)
        return next(ids, None) if service_id else None

    def _turn(self, entry: Entry) -> Turn:
        record = entry.record
        tries = _since_reached(self.tries.get(record.id), record)
        return Turn(record, entry.due, self.reported.get(record.id, 0), tries)


def wish(query: Mapping[str, str], states: Iterable[str]) -> Wish:
    """The filters of an address; what is not on a list is left out."""
    state, need, which = (query.get(name, "") for name in ("estado", "necesidad", "cuales"))
    return Wish(
        state if state in set(states) else "",
        need if need in set(Need) else "",
        which if which in WHICH else "",
    )


def candidates(entries: Iterable[Entry], wanted: Wish) -> Candidates:
    """What a round is chosen from.

    A refuge is checked through its line: it has nothing of its own to call.
    """
    found = [
        entry
        for entry in entries
        if entry.record.kind is not Kind.REFUGE
        and entry.record.status is not Status.DEFUNCT
        and entry.record.exposure is not Exposure.NEVER
        and _fits(entry, wanted)
    ]
    found.sort(key=lambda entry: (_due(entry), entry.record.id))
    return Candidates(tuple(found), {entry.record.id: index for index, entry in enumerate(found)})


def plan(
    found: Candidates,
    which: str,
    *,
    reported: Mapping[str, int],
    tries: Mapping[str, Tries],
    waiting: Iterable[str],
    now: datetime,
    today: date,
) -> Round:
    """Those that people reported first; what waits for another call is left out.

    `which` is a key of WHICH. `waiting` are ids whose change waits for a second person: left out, too.
    """
    at, everything = found.at, len(found.entries)
    due = bisect_right(found.entries, today, key=_due)
    most = {"all": everything, "reported": 0}.get(which, due)
    named = {at[key] for key in reported if key in at and (which != "due" or at[key] < due)}
    silent = {at[key] for key in tries if key in at and _is_later(found, key, tries[key], now)}
    out = silent | {at[key] for key in waiting if key in at}
    first = sorted(named - out, key=lambda index: (-reported[found.entries[index].record.id], index))
    skipped = out | named
    rest = [entry for index, entry in enumerate(found.entries[:most]) if index not in skipped]
    later = sum(index < most or index in named for index in silent)
    return Round([*(found.entries[index] for index in first), *rest], len(first), later, reported, tries)


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


def _due(entry: Entry) -> date:
    """What carries no date is due before everything."""
    return entry.due or date.min


def _is_later(found: Candidates, key: str, tries: Tries, now: datetime) -> bool:
    """Whether it did not answer lately and is called again later."""
    known = _since_reached(tries, found.entries[found.at[key]].record)
    return known is not None and known.again_at > now
