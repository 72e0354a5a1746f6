"""Every record of the directory in memory, ready to be searched: read once, then only what changed."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from data import directory_store, history_store
from data.records import Service
from services.exchange.area_names import AreaNames
from services.exchange.cells import plain


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and the words by which it is found, in plain letters."""

    record: Service
    words: str


class Shelf:
    """All records at the newest version. Each process has its own, and looks at each visit."""

    def __init__(self, areas: AreaNames) -> None:
        self._areas = areas
        self._version = -1
        self._entries: dict[str, Entry] = {}
        self._loading = asyncio.Lock()

    async def entries(self, connection: AsyncConnection) -> Mapping[str, Entry]:
        """Every record by id, as of now."""
        version = await directory_store.version(connection)
        if version != self._version:
            async with self._loading:
                await self._read(connection, version)
        return self._entries

    async def _read(self, connection: AsyncConnection, version: int) -> None:
        if version == self._version:  # somebody else's visit has read it meanwhile
            return
        if self._version < 0 or version < self._version:
            self._entries = self._indexed(await directory_store.load(connection))
        else:
            changed = await history_store.changed_since(connection, self._version)
            found = self._indexed(await directory_store.load(connection, sorted(changed)))
            kept = {key: entry for key, entry in self._entries.items() if key not in changed}
            self._entries = dict(sorted((kept | found).items()))
        self._version = version

    def _indexed(self, records: Iterable[Service]) -> dict[str, Entry]:
        return {record.id: Entry(record, self._words(record)) for record in records}

    def _words(self, record: Service) -> str:
        place = record.location
        names = [self._areas.coverage_name(key) for key in record.coverage]
        phones = [phone.number.replace(" ", "") for phone in record.phones]
        told = (
            record.name,
            record.alternate_name,
            record.organization,
            record.description,
            record.id,
            place.locality,
            self._areas.municipality_name(place.municipality) if place.municipality else "",
            self._areas.state_name(place.state),
            *names,
            *phones,
        )
        return plain(" ".join(told))
