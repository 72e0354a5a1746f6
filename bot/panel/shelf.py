"""Every record of the directory in memory, ready to be searched: read once, then only what changed."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncConnection

from data import directory_store, history_store
from data.records import Exposure, Service
from services import freshness
from services.exchange.area_names import AreaNames
from services.exchange.cells import plain
from services.exposure import seen_by

SEVERAL = 4
"""A source of so many records is worth a line in the list of sources."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and by what it is found, in plain letters: nothing that the staff may not read.

    `due` is the day by which it must be checked again, None when nothing is dated: at once.
    """

    record: Service
    name: str
    words: str
    states: frozenset[str]
    hosts: frozenset[str]
    due: date | None

    def is_due(self, today: date) -> bool:
        """Whether it must be checked again."""
        return self.due is None or self.due <= today


@dataclass(frozen=True, slots=True)
class Shelves:
    """All records by id, ordered by name, and the sources that give several."""

    version: int
    by_id: Mapping[str, Entry]
    hosts: tuple[str, ...] = ()


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
        else:
            changed = await history_store.changed_since(connection, held.version)
            found = self._indexed(await directory_store.load(connection, sorted(changed)))
            entries = {key: entry for key, entry in held.by_id.items() if key not in changed} | found
        ordered = dict(sorted(entries.items(), key=lambda item: (item[1].name, item[0])))
        counted = Counter(host for entry in ordered.values() for host in entry.hosts)
        hosts = tuple(sorted(host for host, count in counted.items() if count >= SEVERAL))
        return Shelves(version, ordered, hosts)

    def _indexed(self, records: Iterable[Service]) -> dict[str, Entry]:
        return {record.id: self._entry(record) for record in records}

    def _entry(self, record: Service) -> Entry:
        told = seen_by(Exposure.STAFF, record) or record
        return Entry(
            record=record,
            name=plain(record.name),
            words=self._words(told),
            states=frozenset(key[:2] for key in (*record.coverage, record.location.state) if key),
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


def host(url: str) -> str:
    """«www.gob.mx» of an address; «gob.mx» the same."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
