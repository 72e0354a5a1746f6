"""What a source publishes, whatever its kind, as a sheet of rows under our columns."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from data.needs import Need
from data.source_store import State
from services.exchange import csv_rows, hsds_rows, xlsx
from services.exchange.cells import joined, plain
from services.exchange.columns import recognized
from services.exchange.problems import UnreadableFile
from services.exchange.sheet import MAX_ROWS, Cell, Line, Sheet, assemble
from services.fetching import Body, Fetcher, SourceFailed, opened
from services.sources import Kind, Source

MAX_PAGES = 1000
PER_PAGE = 100
_HEADER_WITHIN = 15
_APPROVED = "validation_status_approved"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `sheet` is None when the source says what it said before."""

    sheet: Sheet | None
    fingerprint: str = ""
    etag: str = ""
    last_modified: str = ""


async def fetch(source: Source, state: State) -> Reading:
    """Read a source. `state` holds what it said last: the same again needs no work. Raises SourceFailed."""
    try:
        if not source.is_remote:
            return await asyncio.to_thread(_local, source, state)
        async with opened(source, token=_token(source)) as fetcher:
            return await _remote(fetcher, state)
    except UnreadableFile as unread:
        raise SourceFailed("unreadable", str(unread)) from None


async def _remote(fetcher: Fetcher, state: State) -> Reading:
    source = fetcher.source
    if source.kind is Kind.HSDS_API:
        return await _listed(source, state, await _hsds_pages(fetcher))
    if source.kind is Kind.KOBO:
        return await _listed(source, state, await _kobo_pages(fetcher))
    if source.kind is Kind.CKAN:
        return await _ckan(fetcher, state)
    body = await fetcher.get(source.address, known=_known(source, state))
    return await _read(source, state, body, source.kind)


def _known(source: Source, state: State) -> dict[str, str]:
    """Conditional headers, as long as the source is declared as it was when they were given."""
    if not state.fingerprint.startswith(_declared(source)):
        return {}
    found = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in found.items() if value and value.isprintable()}


async def _read(source: Source, state: State, body: Body, kind: Kind) -> Reading:
    if body.data is None:
        return Reading(
            None, etag=body.etag or state.etag, last_modified=body.last_modified or state.last_modified
        )
    if body.type in ("text/html", "application/xhtml+xml"):
        raise SourceFailed("type", "Llegó una página de internet, no una lista. Revise la dirección.")
    mark = _mark(source, body.data)
    if mark == state.fingerprint:
        return Reading(None, mark, body.etag, body.last_modified)
    sheet = await asyncio.to_thread(_sheet, source, kind, body.data)
    return Reading(sheet, mark, body.etag, body.last_modified)


async def _listed(source: Source, state: State, found: list[Any]) -> Reading:
    """Records of an API that has no file: the same again is told by their content."""
    data = json.dumps(found, sort_keys=True, ensure_ascii=False).encode()
    mark = _mark(source, data)
    if mark == state.fingerprint:
        return Reading(None, mark)
    if source.kind is Kind.HSDS_API:
        return Reading(await asyncio.to_thread(hsds_rows.sheet, data), mark)
    return Reading(await asyncio.to_thread(_table, source, found), mark)


def _local(source: Source, state: State) -> Reading:
    path = _newest(Path(source.address), source)
    try:
        if path.stat().st_size > source.max_bytes:
            size = source.max_bytes / 1_000_000
            raise SourceFailed("huge", f"El archivo pesa más de {size:g} MB. Pártalo, o suba «max_bytes».")
        data = path.read_bytes()
    except OSError:
        raise SourceFailed(
            "missing", "El archivo no se puede leer. Revise la carpeta y el permiso."
        ) from None
    mark = _mark(source, data)
    return (
        Reading(None, mark) if mark == state.fingerprint else Reading(_sheet(source, source.kind, data), mark)
    )


def _newest(path: Path, source: Source) -> Path:
    """The file itself, or the newest of its kind in a folder."""
    if path.is_file():
        return path
    suffix = ".json" if source.kind is Kind.HSDS else f".{source.kind.value}"
    try:
        files = [
            p for p in path.iterdir() if p.suffix.lower() == suffix and p.is_file() and not p.is_symlink()
        ]
        found = max(files, key=lambda p: (p.stat().st_mtime, p.name), default=None)
    except OSError:
        raise SourceFailed("missing", "No encontré la carpeta o el archivo. Revise «address».") from None
    if found is None:
        raise SourceFailed("missing", f"La carpeta no tiene ningún archivo {suffix}.")
    return found


def _sheet(source: Source, kind: Kind, data: bytes) -> Sheet:
    if not data.strip():
        raise SourceFailed("empty", "Llegó vacía; se quedan los datos de antes.")
    if kind is Kind.HSDS:
        return hsds_rows.sheet(data)
    if kind is Kind.XLSX:
        return _assembled(source, xlsx.lines(data))
    lines = csv_rows.lines(data, headings=source.mapping)
    if len(lines) > 1 and not data.endswith(b"\n") and len(lines[-1][1]) < len(lines[0][1]):
        raise SourceFailed("truncated", "Llegó cortada a media fila. Se intentará otra vez.")
    return _assembled(source, lines)


def _assembled(source: Source, lines: list[Line]) -> Sheet:
    """The rows, with the source's own headings put into ours."""
    if not source.mapping:
        return assemble(lines)
    wanted = {plain(heading): column for heading, column in source.mapping.items()}
    at = max(range(min(len(lines), _HEADER_WITHIN)), key=lambda i: _hits(lines[i][1], wanted), default=None)
    missing = set(wanted) if at is None else set(wanted) - {plain(str(cell)) for cell in lines[at][1]}
    if at is None or missing:
        told = next(h for h in source.mapping if plain(h) in missing)
        raise SourceFailed("columns", f"Ya no trae la columna «{told[:60]}». Revise la lista o «mapping».")
    number, cells = lines[at]
    titles = {wanted[plain(str(cell))]: str(cell) for cell in cells if plain(str(cell)) in wanted}
    lines = [*lines[:at], (number, [_heading(cell, wanted) for cell in cells]), *lines[at + 1 :]]
    sheet = assemble(lines[at:])
    return replace(sheet, titles={**sheet.titles, **titles})


def _hits(cells: Sequence[Cell], wanted: Mapping[str, str]) -> int:
    return sum(1 for cell in cells if plain(str(cell)) in wanted)


def _heading(cell: Cell, wanted: Mapping[str, str]) -> Cell:
    """Ours for a mapped heading; nothing where another heading would mean the same column."""
    text = plain(str(cell))
    if text in wanted:
        return wanted[text]
    return "" if recognized(str(cell)) in wanted.values() else cell


async def _hsds_pages(fetcher: Fetcher) -> list[Any]:
    """Every page of an HSDS list of services; one by one in full where the list is short of detail."""
    address = fetcher.source.address
    found: list[Any] = []
    for number in range(1, MAX_PAGES + 1):
        page = await _json(fetcher, address, {"page": str(number), "per_page": str(PER_PAGE), "full": "true"})
        contents = _objects(page.get("contents"), "HSDS («contents»)")
        found += contents
        _check_many(found)
        if page.get("last_page") is True or not contents or number == page.get("total_pages"):
            _check_total(found, page.get("total_items"))
            return [await _in_full(fetcher, each) for each in found]
    raise SourceFailed("huge", "Son demasiadas páginas. Revise la dirección.")


async def _in_full(fetcher: Fetcher, service: Mapping[str, Any]) -> Any:
    if any(name in service for name in ("phones", "service_at_locations", "attributes", "service_areas")):
        return service
    key = str(service.get("id", ""))
    if not key or not key.replace("-", "").isalnum():
        return service
    return await _json(fetcher, f"{fetcher.source.address.partition('?')[0].rstrip('/')}/{key}", None)


async def _kobo_pages(fetcher: Fetcher) -> list[Any]:
    """Every submission of a KoboToolbox asset: `/api/v2/assets/UID/data/`, by its own `next` links."""
    address: str | None = fetcher.source.address
    params: dict[str, str] | None = {"format": "json", "limit": str(PER_PAGE)}
    found: list[Any] = []
    for _ in range(MAX_PAGES):
        page = await _json(fetcher, address or "", params)
        found += _objects(page.get("results"), "KoboToolbox («results»)")
        _check_many(found)
        following = page.get("next")
        if not following:
            _check_total(found, page.get("count"))
            return [each for each in found if not fetcher.source.approved_only or _is_approved(each)]
        address, params = urljoin(address or "", str(following)), None
        if not fetcher.may_go(address):
            raise SourceFailed("redirect", "La página siguiente está en otro servidor. Revise la dirección.")
    raise SourceFailed("huge", "Son demasiadas páginas. Revise la dirección.")


def _is_approved(submission: Mapping[str, Any]) -> bool:
    status = submission.get("_validation_status")
    return isinstance(status, dict) and status.get("uid") == _APPROVED


async def _ckan(fetcher: Fetcher, state: State) -> Reading:
    """A resource of a CKAN portal: its file, or its datastore where there is no file that can be read."""
    source = fetcher.source
    action = urljoin(source.address.rstrip("/") + "/", "api/3/action/")
    told = await _json(fetcher, f"{action}resource_show", {"id": source.resource})
    resource = told.get("result")
    if told.get("success") is not True or not isinstance(resource, dict):
        raise SourceFailed("shape", "El portal no encontró el recurso. Revise «resource».")
    kind = _CKAN_KINDS.get(str(resource.get("format", "")).strip(". ").lower())
    if kind is None and resource.get("datastore_active") is True:
        return await _listed(source, state, await _ckan_rows(fetcher, action))
    if kind is None:
        raise SourceFailed("type", "El recurso no es CSV, XLSX ni JSON. Busque otro recurso del conjunto.")
    address = urljoin(action, str(resource.get("url", "")))
    if not fetcher.may_go(address):
        raise SourceFailed(
            "redirect", "El archivo está en otro servidor. Si es de fiar, agréguelo a «redirects_to»."
        )
    return await _read(source, state, await fetcher.get(address, known=_known(source, state)), kind)


_CKAN_KINDS = {"csv": Kind.CSV, "xlsx": Kind.XLSX, "json": Kind.HSDS}


async def _ckan_rows(fetcher: Fetcher, action: str) -> list[Any]:
    found: list[Any] = []
    for _ in range(MAX_PAGES):
        params = {"resource_id": fetcher.source.resource, "limit": str(PER_PAGE), "sort": "_id"}
        told = await _json(fetcher, f"{action}datastore_search", {**params, "offset": str(len(found))})
        result = told.get("result")
        records = _objects(result.get("records") if isinstance(result, dict) else None, "CKAN («records»)")
        found += records
        _check_many(found)
        if not records or len(found) == (result or {}).get("total"):
            _check_total(found, (result or {}).get("total"))
            return found
    raise SourceFailed("huge", "Son demasiadas páginas. Revise «resource».")


def _objects(found: Any, whose: str) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise SourceFailed("shape", f"No contesta como dice {whose}. Revise el tipo y la dirección.")
    return found


async def _json(fetcher: Fetcher, url: str, params: Mapping[str, str] | None) -> dict[str, Any]:
    body = await fetcher.get(url, params=params)
    try:
        found = json.loads((body.data or b"").decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise SourceFailed("type", "No contesta con JSON. Revise la dirección.") from None
    if not isinstance(found, dict):
        raise SourceFailed("shape", "No contesta como se espera. Revise el tipo y la dirección.")
    return found


def _check_many(found: Sequence[Any]) -> None:
    if len(found) > MAX_ROWS:
        raise SourceFailed("huge", f"Son más de {MAX_ROWS:,} filas.")


def _check_total(found: Sequence[Any], total: Any) -> None:
    """A list that moved while it was read lacks somebody: nothing of it is used."""
    if isinstance(total, int) and not isinstance(total, bool) and total != len(found):
        raise SourceFailed("truncated", "La lista cambió mientras se leía. Se intentará otra vez.")


def _table(source: Source, found: Sequence[Mapping[str, Any]]) -> Sheet:
    """Submissions or datastore rows as a sheet: a question by its whole path, or by its last part."""
    names = [name for name in dict.fromkeys(n for each in found for n in each) if _is_read(name, source)]
    shown = {name: _shown_name(name, source, names) for name in names}
    lines: list[Line] = [(1, [shown[name] for name in names])]
    for number, each in enumerate(found, start=2):
        lines.append((number, [_cell(each.get(name)) for name in names]))
    return _assembled(source, lines) if found else Sheet({}, ())


def _is_read(name: str, source: Source) -> bool:
    """Of a form only what the operator mapped: the rest may be about whoever filled it."""
    if source.kind is not Kind.KOBO or not source.mapping or name == "_id":
        return True
    mapped = {plain(heading) for heading in source.mapping}
    return plain(name) in mapped or plain(name.rpartition("/")[2]) in mapped


def _shown_name(name: str, source: Source, names: Iterable[str]) -> str:
    """«grupo/nombre» is «nombre» too, where no other question is called so; Kobo's `_id` is the id."""
    if name == "_id" and source.kind is Kind.KOBO and "id" not in source.mapping.values():
        return "id"
    last = name.rpartition("/")[2]
    alone = sum(1 for other in names if other.rpartition("/")[2] == last) == 1
    mapped = {plain(heading) for heading in source.mapping}
    return last if alone and plain(name) not in mapped else name


def _cell(value: Any) -> str:
    """One value as a cell; several codes of a «select many» in our way of writing several."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, list):
        return joined(_cell(each) for each in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    codes = text.split()
    return joined(codes) if len(codes) > 1 and set(codes) <= set(Need) else text


def _token(source: Source) -> str:
    if source.token_file is None:
        return ""
    try:
        token = source.token_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        token = ""
    if not token or not token.isascii() or not token.isprintable():
        raise SourceFailed("token", "El archivo de «token_file» no se puede leer o está vacío.")
    return token


def _mark(source: Source, data: bytes) -> str:
    """What was read and how: another mapping reads the same file anew."""
    return _declared(source) + hashlib.sha256(data).hexdigest()[:48]


def _declared(source: Source) -> str:
    return hashlib.sha256(repr(source).encode()).hexdigest()[:16]
