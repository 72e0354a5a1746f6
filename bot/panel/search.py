"""Finding records on the shelf: words and filters of the directory page. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import chain

from bot.panel.shelf import Entry
from data.inegi import NATION
from data.needs import Need
from data.records import Confidence, Exposure, Service
from services.exchange.cells import plain

MAX_TEXT = 200

AGES: Mapping[str, str] = {
    "due": "Toca verificar",
    "never": "Nunca verificados",
    "90": "Sin verificar en 90 días",
    "180": "Sin verificar en 180 días",
}
MARKS: Mapping[str, str] = {
    "reported": "Alguien dijo que no sirve",
    "conflict": "Las fuentes no coinciden",
    "phoneless": "Sin teléfono",
    "hidden": "No se ven en el chat",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; everything empty is everything. `state` and `municipality` are INEGI keys."""

    q: str = ""
    need: str = ""
    state: str = ""
    municipality: str = ""
    women: str = ""
    age: str = ""
    confidence: str = ""
    exposure: str = ""
    source: str = ""
    mark: str = ""

    def query(self, **others: str) -> dict[str, str]:
        """For an address, without what is empty."""
        values = {_SPANISH[f.name]: getattr(self, f.name) for f in fields(self)} | others
        return {name: value for name, value in values.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything besides words is chosen."""
        return any(getattr(self, f.name) for f in fields(self) if f.name != "q")


_SPANISH = {
    "q": "q",
    "need": "necesidad",
    "state": "estado",
    "municipality": "municipio",
    "women": "mujeres",
    "age": "edad",
    "confidence": "confianza",
    "exposure": "visibilidad",
    "source": "fuente",
    "mark": "marca",
}
_CLOSED: Mapping[str, Collection[str]] = {
    "need": frozenset(Need),
    "women": frozenset({"si"}),
    "age": AGES.keys(),
    "confidence": frozenset(Confidence),
    "exposure": frozenset(Exposure),
    "mark": MARKS.keys(),
}


def asked(query: Mapping[str, str], *, knows: Callable[[str], bool]) -> Filters:
    """The filters of an address. What is not on a list is left out; `knows` says which keys exist."""
    said = {name: query.get(spanish, "").strip()[:MAX_TEXT] for name, spanish in _SPANISH.items()}
    for name, known in _CLOSED.items():
        if said[name] not in known:
            said[name] = ""
    for name, length in (("state", 2), ("municipality", 5)):
        if len(said[name]) != length or not knows(said[name]):
            said[name] = ""
    if said["municipality"] and said["state"] and not said["municipality"].startswith(said["state"]):
        said["municipality"] = ""
    return Filters(**said)


def find(
    entries: Iterable[Entry], filters: Filters, *, today: date, reported: Collection[str] = ()
) -> list[Entry]:
    """The entries that fit all filters, in the order they came; those whose name begins so come first."""
    checks = _checks(filters, today, reported)
    words = plain(filters.q).split()
    found = list(entries)
    for word in words:
        found = [entry for entry in found if word in entry.words]
    for check in checks:
        found = [entry for entry in found if check(entry)]
    if words:
        found.sort(key=lambda entry: not all(word in entry.name for word in words))
    return found


Check = Callable[[Entry], bool]


def _checks(filters: Filters, today: date, reported: Collection[str]) -> list[Check]:
    made: dict[str, Check] = {
        "need": lambda e: filters.need in e.record.needs,
        "state": lambda e: filters.state in e.states,
        "municipality": lambda e: filters.municipality in e.municipalities,
        "women": lambda e: e.record.compatibility.women_only,
        "age": lambda e: _has_age(e, filters.age, today),
        "confidence": lambda e: e.record.confidence == filters.confidence,
        "exposure": lambda e: e.record.exposure == filters.exposure,
        "source": lambda e: filters.source in e.hosts,
        "mark": lambda e: _is_marked(e.record, filters.mark, reported),
    }
    return [check for name, check in made.items() if getattr(filters, name)]


def _has_age(entry: Entry, age: str, today: date) -> bool:
    if age == "due":
        return entry.is_due(today)
    checked = entry.record.verified_on
    return checked is None or (age != "never" and checked < today - timedelta(days=int(age)))


def is_in_conflict(record: Service) -> bool:
    """Whether its sources contradict each other."""
    return bool(record.conflict) or record.confidence is Confidence.X


def _is_marked(record: Service, mark: str, reported: Collection[str]) -> bool:
    if mark == "reported":
        return record.id in reported
    if mark == "conflict":
        return is_in_conflict(record)
    if mark == "phoneless":
        return not record.phones
    return record.exposure in (Exposure.STAFF, Exposure.NEVER) or record.confidence is Confidence.X


def counts_by_state(entries: Iterable[Entry]) -> dict[str, int]:
    """How many records belong to each state; those of the nation belong to none."""
    counted = Counter(chain.from_iterable(entry.states for entry in entries))
    del counted[NATION]
    return counted


def counts_by_municipality(entries: Iterable[Entry], state: str) -> dict[str, int]:
    """How many records stand in or serve each municipality of a state by name."""
    counted = Counter(chain.from_iterable(entry.municipalities for entry in entries))
    return {key: count for key, count in counted.items() if key.startswith(state)}
