"""What a turn and a send work with: opened once in bot.app, or in memory for the terminal."""

import asyncio
import logging
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels import Channel
from bot.metrics import Meter
from bot.understanding import Nlu, Reading
from data import acceptance_store, consultation_store, directory_store
from data.acceptance_store import Acceptance
from data.database import Database
from data.keys import Keys
from data.together import Together
from services import directory as directories
from services import hours
from services.directory import Directory, Operator
from services.gazetteer import Gazetteer
from services.ladder import Ladder
from services.reports.suppression import THRESHOLD
from services.routes import Routes

log = logging.getLogger(__name__)


@dataclass(slots=True, repr=False)
class Core:
    """The open parts of one process, which `id` names. Never shown: it is large and holds keys.

    `nlu` is None until the NLU process is ready, and again when it has gone.
    """

    database: Database
    keys: Keys
    channels: dict[str, Channel]
    reading: Reading
    gazetteer: Gazetteer
    ladder: Ladder
    routes: Routes
    operator: Operator
    nlu: Nlu | None = None
    meter: Meter = field(init=False, default_factory=Meter)
    id: str = field(init=False, default_factory=lambda: secrets.token_hex(8))
    accepted: Together[Acceptance] = field(init=False)
    """What platforms took: as many at once as sends end while the disk is waited for."""
    report_threshold: int = THRESHOLD
    bot_link: str = ""
    posters: frozenset[str] = frozenset()
    """Codes that are counted by their name; what anybody else puts into a link is «other»."""
    _directory: Directory | None = field(default=None)
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def __post_init__(self) -> None:
        self.accepted = Together(self.database, acceptance_store.note)

    async def directory(self, connection: AsyncConnection) -> Directory:
        """The directory at its newest version: one small query, and a reload only after a change."""
        version = await directory_store.version(connection)
        if self._directory is None or self._directory.version != version:
            async with self._loading:  # whoever waited finds it done
                if self._directory is None or self._directory.version != version:
                    self._directory = await self._built(connection, version)
        return self._directory

    def loaded(self, version: int) -> Directory | None:
        """The directory if it is loaded at this version."""
        kept = self._directory
        return kept if kept is not None and kept.version == version else None

    async def _built(self, connection: AsyncConnection, version: int) -> Directory:
        """In a thread: a large directory takes a second, and people are answered meanwhile."""
        await asyncio.to_thread(hours.prepare, datetime.now(UTC).date())
        built = await asyncio.to_thread(
            directories.build,
            await directory_store.load(connection),
            version=version,
            gazetteer=self.gazetteer,
            ladder=self.ladder,
            routes=self.routes,
            operator=self.operator,
            consultations=await consultation_store.every(connection),
        )
        log.info("directory loaded: version %d, %d services", version, len(built))
        return built
