"""Every record of the directory in memory, ready to be searched: read once, then only what changed."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.panel.roles import Permission, limits, may_change
from data import directory_store, history_store
from data.account_store import Account
from data.records import Exposure, Service
from services import freshness
from services.exchange.area_names import AreaNames
from services.exchange.cells import plain
from services.exposure import seen_by

T = TypeVar("T")

SEVERAL = 4
"""A source of so many records is worth a line in the list of sources."""
MOST_KEPT = 64
"""Things made out of one version that are kept beside it: a drawn map is a third of a megabyte."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and by what it is found, in plain letters: nothing that the staff may not read.

    `due` is the day by which it must be checked again, None when nothing is dated: at once.
    """

    record: Service
    name: str
    words: str
    states: frozenset[str]
    municipalities: frozenset[str]
    hosts: frozenset[str]
    due: date | None

    def is_due(self, today: date) -> bool:
        """Whether it must be checked again."""
        return self.due is None or self.due <= today


@dataclass(frozen=True, slots=True)
class Shelves:
    """All records by id, ordered by name, which of them nobody may read, and how many each source gives."""

    version: int
    by_id: Mapping[str, Entry]
    hidden: frozenset[str] = frozenset()
    sources: Counter[str] = field(default_factory=Counter)
    _made: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The sources that give several."""
        return tuple(sorted(host for host, count in self.sources.items() if count >= SEVERAL))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes of this version, made once. `key` names all that it depends on besides."""
        if key not in self._made:
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def within(self, account: Account, permission: Permission) -> tuple[Entry, ...]:
        """The records that an account may do this to, by name."""

        def fits() -> tuple[Entry, ...]:
            return tuple(e for e in self.by_id.values() if may_change(account, e.record, permission))

        return self.once(("within", permission, limits(account)), fits)

    def known(self, account: Account) -> tuple[Entry, ...]:
        """The records that an account may know of, by name."""
        out = {key for key in self.hidden if not may_change(account, self.by_id[key].record)}
        if not out:
            return self.once("all", lambda: tuple(self.by_id.values()))
        key = ("known", limits(account))
        return self.once(key, lambda: tuple(e for key, e in self.by_id.items() if key not in out))


@dataclass(slots=True)
class Shelf:
    """All records at the newest version. Each process has its own, and looks at each visit."""

    areas: AreaNames
    _held: Shelves = field(default_factory=lambda: Shelves(-1, {}))
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def at_newest(self, connection: AsyncConnection) -> Shelves:
        """Every record as of now."""
        version = await directory_store.version(connection)
        if version != self._held.version:
            async with self._loading:
                if version != self._held.version:  # else somebody's visit has read it meanwhile
                    self._held = await self._read(connection, version)
        return self._held

    async def record(self, connection: AsyncConnection, service_id: str) -> Service | None:
        """One record as of now."""
        entry = (await self.at_newest(connection)).by_id.get(service_id)
        return entry.record if entry else None

    async def _read(self, connection: AsyncConnection, version: int) -> Shelves:
        held = self._held
        if held.version < 0 or version < held.version:
            records = await directory_store.load(connection)
            entries = await asyncio.to_thread(self._indexed, records)  # answers go out meanwhile
            return Shelves(version, _ordered(entries), _hidden(entries), _counted(entries.values()))
        changed = await history_store.changed_since(connection, held.version)
        found = self._indexed(await directory_store.load(connection, sorted(changed)))
        return _with(held, version, found, changed)

    def _indexed(self, records: Iterable[Service]) -> dict[str, Entry]:
        return {record.id: self._entry(record) for record in records}

    def _entry(self, record: Service) -> Entry:
        told = seen_by(Exposure.STAFF, record) or record
        return Entry(
            record=record,
            name=plain(record.name),
            words=self._words(told),
            states=frozenset(key[:2] for key in (*record.coverage, record.location.state) if key),
            municipalities=frozenset(
                key for key in (*record.coverage, record.location.municipality) if len(key) == 5
            ),
            hosts=frozenset(host(url) for url in told.source.urls),
            due=freshness.due(record, freshness.load()),
        )

    def _words(self, record: Service) -> str:
        place = record.location
        names = [self.areas.coverage_name(key) for key in record.coverage]
        told = (
            record.name,
            record.alternate_name,
            record.organization,
            record.description,
            record.id,
            place.locality,
            self.areas.municipality_name(place.municipality) if place.municipality else "",
            self.areas.state_name(place.state),
            *names,
            *(f"{phone.number} {phone.number.replace(' ', '')}" for phone in record.phones),
        )
        return plain(" ".join(told))


def _with(held: Shelves, version: int, found: Mapping[str, Entry], changed: Collection[str]) -> Shelves:
    """The shelves after some records changed; those that are in `changed` and not found are gone."""
    before = {key: held.by_id[key] for key in changed if key in held.by_id}
    entries = dict(held.by_id)
    for key in before.keys() - found.keys():
        del entries[key]
    entries.update(found)
    stays = all(key in before and before[key].name == entry.name for key, entry in found.items())
    sources = held.sources + _counted(found.values())
    sources.subtract(_counted(before.values()))
    hidden = held.hidden.difference(changed) | _hidden(found)
    return Shelves(version, entries if stays else _ordered(entries), hidden, +sources)


def _ordered(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return dict(sorted(entries.items(), key=lambda item: (item[1].name, item[0])))


def _hidden(entries: Mapping[str, Entry]) -> frozenset[str]:
    return frozenset(key for key, each in entries.items() if each.record.exposure is Exposure.NEVER)


def _counted(entries: Iterable[Entry]) -> Counter[str]:
    return Counter(host for entry in entries for host in entry.hosts)


def host(url: str) -> str:
    """«www.gob.mx» of an address; «gob.mx» the same."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
