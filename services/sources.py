"""The published lists that the directory is refreshed from, as an operator declares them in a YAML file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml
from apscheduler.triggers.cron import CronTrigger

from data.records import Confidence, Exposure
from services.exchange.columns import BY_NAME

ZONE = ZoneInfo("America/Mexico_City")
"""Of schedules."""

MAX_SOURCES = 200
MAX_FILE = 1_000_000


class Kind(StrEnum):
    """How a source publishes. CSV and XLSX: an https address, a file or a folder of files."""

    CSV = "csv"
    XLSX = "xlsx"
    HSDS = "hsds"
    HSDS_API = "hsds-api"
    KOBO = "kobo"
    CKAN = "ckan"


PAGED = frozenset({Kind.HSDS_API, Kind.KOBO})


@dataclass(frozen=True, slots=True)
class Source:
    """A published list. `every` or `cron` (five fields, central Mexican time) says when it is due.

    `mapping`: the source's heading or question → our column; `defaults`: our column → cell.
    `trust` caps the confidence of its facts, `exposure` is the widest that a row may have.
    `prefix` stands before its ids; empty: they are the directory's own. `page` is shown as the source.
    `max_share` of records gone, changed or invalid beyond which nothing is published by itself.
    `redirects_to`: hosts («*.googleusercontent.com» too) that it may send us on to.
    """

    name: str
    kind: Kind
    address: str
    every: timedelta | None = None
    cron: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    trust: Confidence = Confidence.C
    exposure: Exposure = Exposure.STAFF
    prefix: str = ""
    page: str = ""
    resource: str = ""
    redirects_to: tuple[str, ...] = ()
    allow_private: bool = False
    token_file: Path | None = None
    approved_only: bool = False
    max_share: float = 0.2
    max_bytes: int = 20_000_000
    max_seconds: int = 60

    @property
    def is_remote(self) -> bool:
        """Fetched over the network; otherwise a file or folder of this machine."""
        return urlsplit(self.address).scheme in ("http", "https")

    @property
    def place(self) -> str:
        """Where it is, fit to be shown: the host, or «carpeta»."""
        return urlsplit(self.address).hostname or "" if self.is_remote else "carpeta"

    def due_after(self, now: datetime) -> datetime:
        """When it is next due."""
        if self.every is not None:
            return now + self.every
        trigger = CronTrigger.from_crontab(self.cron, timezone=ZONE)
        due: datetime = trigger.get_next_fire_time(None, now + timedelta(seconds=1))
        return due


class SourcesError(Exception):
    """The file of sources is wrong. One sentence that names source and field, never a secret."""


def read(path: Path) -> tuple[Source, ...]:
    """Every declared source, in the file's order; none when there is no file. Raises SourcesError."""
    try:
        if not path.exists():
            return ()
        if path.stat().st_size > MAX_FILE:
            raise SourcesError(f"{path.name} pesa más de 1 MB; deje solo las fuentes.")
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise SourcesError(f"{path.name} no se puede leer; revise el permiso y que sea UTF-8.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SourcesError(f"{path.name} no es YAML{_line(error)}; revise sangrías y comillas.") from None
    if found is None:
        return ()
    listed = found.get("sources") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise SourcesError(f"{path.name} debe empezar con «sources:» y una lista.")
    if len(listed) > MAX_SOURCES:
        raise SourcesError(f"{path.name} tiene más de {MAX_SOURCES} fuentes; júntelas.")
    sources = tuple(_source(number, each, path.parent) for number, each in enumerate(listed, start=1))
    _check_once(sources)
    return sources


def named(sources: tuple[Source, ...], name: str) -> Source:
    """The source of that name. Raises SourcesError."""
    for source in sources:
        if source.name == name:
            return source
    known = ", ".join(source.name for source in sources) or "ninguna"
    raise SourcesError(f"No hay una fuente con ese nombre. Las declaradas son: {known}.")


_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+|localhost|[0-9a-f.:]+")
_EVERY = re.compile(r"(\d{1,4})\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SOONEST = timedelta(minutes=5)
_KNOWN = frozenset(Source.__slots__) | {"every", "cron"}
_NEVER_FROM_A_SOURCE = frozenset(
    {"verified_on", "verified_how", "verified_by", "verified_result"}
    | {"check_due", "conflict", "field_exposure", "route_step"}
)
"""What only caseworkers say of a record; a source that says it is not believed."""


def column_names() -> frozenset[str]:
    """The columns that a source may fill."""
    return frozenset(BY_NAME) - _NEVER_FROM_A_SOURCE


def _source(number: int, said: Mapping[str, Any], folder: Path) -> Source:
    name = said.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SourcesError(
            f"La fuente {number} no tiene un «name» de letras minúsculas sin acento, cifras y guiones."
        )
    for key in said:
        if key not in _KNOWN:
            raise SourcesError(f"Fuente «{name}»: no conozco el campo «{str(key)[:40]}»; bórrelo.")
    reading = _Reading(name, said, folder)
    every, cron = reading.schedule()
    return Source(
        name=name,
        kind=reading.one_of("kind", Kind, None),
        address=reading.address(),
        every=every,
        cron=cron,
        mapping=reading.mapping(),
        defaults=reading.defaults(),
        trust=reading.trust(),
        exposure=reading.one_of("exposure", Exposure, Exposure.STAFF),
        prefix=reading.prefix(),
        page=reading.page(),
        resource=reading.text("resource"),
        redirects_to=reading.hosts(),
        allow_private=reading.flag("allow_private"),
        token_file=reading.token_file(),
        approved_only=reading.flag("approved_only"),
        max_share=reading.number("max_share", 0.2, 0.0, 1.0),
        max_bytes=int(reading.number("max_bytes", 20_000_000, 1000, 60_000_000)),
        max_seconds=int(reading.number("max_seconds", 60, 1, 900)),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One declared source, field by field. Each raises SourcesError with what to write."""

    name: str
    said: Mapping[str, Any]
    folder: Path

    def wrong(self, key: str, what: str) -> SourcesError:
        return SourcesError(f"Fuente «{self.name}»: «{key}» {what}.")

    def text(self, key: str) -> str:
        value = self.said.get(key, "")
        if not isinstance(value, str) or len(value) > 2000:
            raise self.wrong(key, "debe ser un texto")
        return value.strip()

    def flag(self, key: str) -> bool:
        value = self.said.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "es «true» o «false»")
        return value

    def number(self, key: str, default: float, low: float, high: float) -> float:
        value = self.said.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(key, f"es un número de {low:g} a {high:g}")
        return float(value)

    def one_of(self, key: str, kind: Any, default: Any) -> Any:
        value = self.said.get(key, default)
        if value in set(kind):
            return kind(value)
        raise self.wrong(key, f"es uno de: {', '.join(kind)}")

    def address(self) -> str:
        value = self.text("address")
        if not value:
            raise self.wrong("address", "falta; escriba una dirección https o una carpeta")
        parts = _split(value)
        if parts is None:
            raise self.wrong("address", "no es una dirección")
        if parts.scheme in ("http", "https"):
            return self._web_address("address", value)
        if self.said.get("kind") not in (Kind.CSV, Kind.XLSX, Kind.HSDS):
            raise self.wrong("address", "de este tipo de fuente es una dirección https")
        path = Path(value.removeprefix("file://"))
        return str(path if path.is_absolute() else self.folder / path)

    def _web_address(self, key: str, value: str) -> str:
        parts = _split(value)
        if parts is None or not parts.hostname:
            raise self.wrong(key, "no es una dirección de internet")
        if parts.username or parts.password:
            raise self.wrong(key, "no lleva usuario ni contraseña; use «token_file»")
        if parts.scheme != "https" and not self.flag("allow_private"):
            raise self.wrong(key, "debe empezar con https://")
        return value

    def schedule(self) -> tuple[timedelta | None, str]:
        every, cron = self.text("every"), self.text("cron")
        if bool(every) == bool(cron):
            raise self.wrong("every", "falta o sobra; escriba «every: 12h» o «cron: 0 6 * * *», uno solo")
        if cron:
            return None, self._cron(cron)
        match = _EVERY.fullmatch(every)
        span = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else timedelta()
        if span < _SOONEST:
            raise self.wrong("every", "es por ejemplo «30m», «12h» o «1d», de 5 minutos o más")
        return span, ""

    def _cron(self, cron: str) -> str:
        try:
            trigger = CronTrigger.from_crontab(cron, timezone=ZONE)
            comes = trigger.get_next_fire_time(None, datetime.now(ZONE)) is not None
        except (ValueError, TypeError, LookupError):
            comes = False
        if not comes:
            raise self.wrong("cron", "no es un horario de cinco campos, como «0 6 * * *»")
        return cron

    def _pairs(self, key: str) -> Mapping[str, str]:
        value = self.said.get(key, {})
        if not isinstance(value, dict) or not all(
            isinstance(k, str) and isinstance(v, str | int | float) for k, v in value.items()
        ):
            raise self.wrong(key, "debe ser pares «encabezado: columna»")
        return {k: str(v) for k, v in value.items()}

    def mapping(self) -> Mapping[str, str]:
        found = self._pairs("mapping")
        for column in found.values():
            self._check_column("mapping", column)
        if len(set(found.values())) < len(found):
            raise self.wrong("mapping", "lleva dos encabezados a la misma columna")
        return found

    def defaults(self) -> Mapping[str, str]:
        found = self._pairs("defaults")
        for column in found:
            self._check_column("defaults", column)
        return found

    def _check_column(self, key: str, column: str) -> None:
        if column in _NEVER_FROM_A_SOURCE:
            raise self.wrong(key, f"no puede llenar «{column}»: eso lo dice quien verifica")
        if column not in BY_NAME:
            raise self.wrong(key, f"nombra una columna que no existe: «{column[:40]}»")

    def trust(self) -> Confidence:
        value: Confidence = self.one_of("trust", Confidence, Confidence.C)
        if value is Confidence.X:
            raise self.wrong("trust", "es A, B, C o D")
        return value

    def prefix(self) -> str:
        if self.said.get("prefix") == "":  # its ids are the directory's own
            return ""
        value = self.text("prefix") or f"{self.name[:19]}-"
        if not _PREFIX.fullmatch(value):
            raise self.wrong("prefix", "lleva hasta 20 letras sin acento, cifras, puntos y guiones")
        return value

    def page(self) -> str:
        value = self.text("page")
        return self._web_address("page", value) if value else ""

    def hosts(self) -> tuple[str, ...]:
        value = self.said.get("redirects_to", [])
        if not isinstance(value, list) or not all(
            isinstance(host, str) and _HOST.fullmatch(host.lower()) for host in value
        ):
            raise self.wrong("redirects_to", "es una lista de servidores, como «*.googleusercontent.com»")
        return tuple(host.lower() for host in value)

    def token_file(self) -> Path | None:
        value = self.text("token_file")
        if not value:
            return None
        path = Path(value)
        return path if path.is_absolute() else self.folder / path


def _split(value: str) -> Any:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" en la línea {mark.line + 1}" if mark else ""


def _check_once(sources: tuple[Source, ...]) -> None:
    names = [source.name for source in sources]
    prefixes = [source.prefix for source in sources]
    for kind, values in (("name", names), ("prefix", prefixes)):
        twice = next((value for value in values if value and values.count(value) > 1), None)
        if twice:
            raise SourcesError(f"Dos fuentes tienen el mismo «{kind}»: «{twice}». Cambie uno.")
