"""The scheduler's job that refreshes the directory from its published lists, each when it is due."""

import logging
from datetime import datetime
from pathlib import Path

from bot.core import Core
from data import source_store
from services import refresh
from services import sources as declared
from services.refresh import Desk
from services.sources import Source, SourcesError

log = logging.getLogger(__name__)


class Refreshing:
    """Reads the file of sources at every look, so that a change needs no restart."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._sources: tuple[Source, ...] = ()
        self._told = ""
        self._desk: Desk | None = None

    async def run_due(self, core: Core, now: datetime) -> None:
        """Refresh every source that is due. A file that is wrong is told once; the last good one stands."""
        before = self._sources
        self._read()
        if self._sources != before:
            async with core.database.write() as connection:
                await source_store.forget_others(connection, [source.name for source in self._sources])
        if not self._sources:
            return
        if self._desk is None:
            self._desk = await refresh.desk(core.database)
        await refresh.run_due(self._desk, self._sources, now=now)

    def _read(self) -> None:
        try:
            self._sources = declared.read(self._file)
            self._told = ""
        except SourcesError as error:
            if str(error) != self._told:
                self._told = str(error)
                log.warning("sources: %s", error)
