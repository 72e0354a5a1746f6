"""The directory as files: upload one, see what it would change, accept all or some; export; template."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path, PureWindowsPath
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.panel import publishing, uploads
from bot.panel.guard import Page
from bot.panel.publishing import Wanted
from bot.panel.roles import Permission, may_change
from bot.panel.uploads import Upload
from bot.panel.visit import Response, Visit
from data import directory_store, history_store, upload_store
from data.history_store import Via
from data.keys import Unreadable
from data.record_json import from_fields, to_fields
from data.records import Exposure, RefugePlace, Service
from services import approval, editing, showing
from services.editing import EditError
from services.exchange import files, plan
from services.exchange.plan import Plan, Proposal
from services.exchange.problems import UnreadableFile
from services.freshness import day_of

MAX_BYTES = 16_000_000
PER_PAGE = 50
FORMATS: Mapping[str, tuple[str, str]] = {
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (".csv", "text/csv"),
    "hxl": (".hxl.csv", "text/csv"),
    "json": (".json", "application/json"),
}
AUDIENCES: Mapping[str, str] = {
    Exposure.PUBLIC: "Lo que ve cualquier persona",
    Exposure.WOMEN: "Además lo que se muestra solo a mujeres",
    Exposure.STAFF: "Todo lo que ve el personal: no lo comparta fuera",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal for the page, against the record of now. `stale`: somebody changed it since."""

    proposal: Proposal
    lines: list[showing.Difference]
    is_new: bool
    needs_two: bool
    stale: bool


async def show(visit: Visit) -> Response:
    """Upload, export, template, and what was imported last."""
    return await _front(visit)


async def upload(visit: Visit) -> Response:
    """Read a file and show what it would do. Nothing is stored in the directory yet."""
    sent = visit.form.get("file")
    if not isinstance(sent, FileField) or not sent.filename:
        return await _front(visit, problem="Elija un archivo.", status=422)
    name = PureWindowsPath(sent.filename).name[-120:]
    data = await asyncio.to_thread(sent.file.read, MAX_BYTES + 1)
    try:
        found = await _compared(visit, name, data)
    except UnreadableFile as told:
        return await _front(visit, problem=str(told), status=422)
    mine = await _within(visit, found)
    upload_id = secrets.token_hex(16)
    kept = uploads.of_plan(found, mine, file=name if name.isprintable() else "archivo")
    sealed = await asyncio.to_thread(visit.desk.core.keys.seal, uploads.to_json(kept))
    async with visit.desk.core.database.write() as connection:
        await upload_store.purge(connection, before=visit.now - upload_store.KEPT)
        await upload_store.add(connection, upload_id, sealed, account_id=visit.account.id, now=visit.now)
    return visit.to(f"/archivos/subido/{upload_id}")


async def show_upload(visit: Visit) -> Response:
    """The difference row by row, and every problem by cell."""
    return await _page(visit)


async def accept(visit: Visit) -> Response:
    """Store the chosen rows as one batch. Those that need a second person wait for one."""
    what = visit.text("do")
    if what not in ("some", "all", "drop"):
        raise web.HTTPBadRequest
    if what == "drop":
        async with visit.desk.core.database.write() as connection:
            await upload_store.drop(connection, visit.id(), account_id=visit.account.id)
        return visit.to("/archivos", ok="upload_dropped")
    ticked: set[Any] = set(visit.form.getall("row", ()))
    try:
        outcome = await _stored(visit, None if what == "all" else ticked)
    except EditError as told:
        return await _page(visit, problem=f"{told} No se guardó nada.", status=409)
    if outcome is None:
        return await _page(visit, problem="Marque por lo menos una fila.", status=422)
    return outcome


async def export(visit: Visit) -> Response:
    """The directory as a file, for an audience."""
    kind, audience = visit.asked("formato"), visit.asked("para")
    if kind not in FORMATS or audience not in AUDIENCES:
        raise web.HTTPNotFound
    suffix, content_type = FORMATS[kind]
    name = f"faro-{audience}-{visit.now:%Y-%m-%d}{suffix}"
    async with visit.desk.core.database.write() as connection:
        shelves = await visit.desk.shelf.at_newest(connection)
        await visit.note(connection, "exported", target=name)
    records = [entry.record for entry in shelves.by_id.values()]
    data = await asyncio.to_thread(
        files.rendered,
        Path(name),
        records,
        visit.desk.areas,
        audience=Exposure(audience),
        today=day_of(visit.now),
    )
    return _file(data, name, content_type)


async def template(visit: Visit) -> Response:
    """An empty sheet with lists to choose from."""
    data = await asyncio.to_thread(files.template, visit.desk.areas)
    return _file(data, "faro-plantilla.xlsx", FORMATS["xlsx"][1])


PAGES = (
    Page("GET", "/archivos", Permission.READ, show),
    Page("POST", "/archivos", Permission.IMPORT, upload, max_bytes=MAX_BYTES + 100_000),
    Page("GET", "/archivos/exportar", Permission.READ, export),
    Page("GET", "/archivos/plantilla", Permission.READ, template),
    Page("GET", "/archivos/subido/{id}", Permission.IMPORT, show_upload),
    Page("POST", "/archivos/subido/{id}", Permission.IMPORT, accept),
)


def _file(data: bytes, name: str, content_type: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=data, content_type=content_type, headers=headers)


async def _front(visit: Visit, *, problem: str = "", status: int = 200) -> Response:
    async with visit.desk.core.database.read() as connection:
        batches = await history_store.batches(connection, limit=200)
    return visit.page(
        "files.html",
        status=status,
        problem=problem,
        batches=[each for each in batches if each.author.via is Via.IMPORT][:15],
        formats=FORMATS,
        audiences=AUDIENCES,
        megabytes=MAX_BYTES // 1_000_000,
    )


async def _compared(visit: Visit, name: str, data: bytes) -> Plan:
    """The plan of a file, made in a thread: a large one takes a while, and nobody else waits for it."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"Pesa más de {MAX_BYTES // 1_000_000} MB. Parta el archivo, por estado.")
    async with visit.desk.core.database.read() as connection:
        shelves = await visit.desk.shelf.at_newest(connection)
    current = {key: entry.record for key, entry in shelves.by_id.items()}

    def work() -> Plan:
        sheet = files.read_data(Path(name), data)
        return plan.compare(sheet, current, rules=visit.desk.rules, areas=visit.desk.areas, now=visit.now)

    return await asyncio.to_thread(work)


async def _within(visit: Visit, found: Plan) -> list[Proposal]:
    async with visit.desk.core.database.read() as connection:
        shelves = await visit.desk.shelf.at_newest(connection)
    current = {key: entry.record for key, entry in shelves.by_id.items()}
    return [each for each in found.proposals if _is_mine(visit, each, current.get(each.edit.service_id))]


def _is_mine(visit: Visit, proposal: Proposal, record: Service | None) -> bool:
    """Within the limits of the account, before and after."""
    if record is not None and not may_change(visit.account, record, Permission.IMPORT):
        return False
    before = to_fields(record) if record else None
    try:
        made = from_fields(editing.with_fields(before, proposal.edit.service_id, proposal.edit.fields))
    except (RefugePlace, ValueError):
        return False
    return may_change(visit.account, made, Permission.IMPORT)


async def _loaded(visit: Visit, connection: AsyncConnection) -> Upload:
    payload = await upload_store.load(
        connection, visit.id(), account_id=visit.account.id, since=visit.now - upload_store.KEPT
    )
    if payload is None:
        raise web.HTTPNotFound
    try:
        return uploads.from_json(visit.desk.core.keys.open(payload))
    except Unreadable:
        raise web.HTTPNotFound from None


async def _page(visit: Visit, *, problem: str = "", status: int = 200) -> Response:
    async with visit.desk.core.database.read() as connection:
        found = await _loaded(visit, connection)
        shelves = await visit.desk.shelf.at_newest(connection)
    last = max(1, ceil(len(found.proposals) / PER_PAGE))
    asked = visit.asked("pagina")
    number = min(int(asked), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    number = max(1, number)
    shown = found.proposals[(number - 1) * PER_PAGE : number * PER_PAGE]
    records = {key: entry.record for key, entry in shelves.by_id.items()}
    return visit.page(
        "upload.html",
        status=status,
        upload=found,
        rows=[_row(visit, each, records.get(each.edit.service_id)) for each in shown],
        number=number,
        last=last,
        address=lambda page: f"?pagina={page}",
        problem=problem,
        upload_id=visit.id(),
    )


def _row(visit: Visit, proposal: Proposal, record: Service | None) -> Row:
    before = to_fields(record) if record else None
    after = editing.with_fields(before, proposal.edit.service_id, proposal.edit.fields)
    return Row(
        proposal=proposal,
        lines=showing.differences(before, after, visit.desk.areas),
        is_new=proposal.edit.revision is None,
        needs_two=bool(approval.reasons(before, after)),
        stale=_revision(record) != proposal.edit.revision,
    )


def _revision(record: Service | None) -> int | None:
    return record.revision if record else None


async def _stored(visit: Visit, ticked: set[Any] | None) -> Response | None:
    """None when nothing was chosen. Raises EditError, and then nothing was stored."""
    database = visit.desk.core.database
    async with database.write() as connection:
        await directory_store.lock(connection)
        found = await _loaded(visit, connection)
        chosen = [p for p in found.proposals if ticked is None or str(p.row) in ticked]
        if not chosen:
            return None
        loaded = await directory_store.load(connection, [p.edit.service_id for p in chosen])
        current = {record.id: record for record in loaded}
        fresh = [p for p in chosen if _may_go(visit, p, current.get(p.edit.service_id))]
        batch_id, erased = await _kept(visit, connection, found, fresh, current)
        left = found.without([p.row for p in fresh])
        if left.proposals:
            sealed = visit.desk.core.keys.seal(uploads.to_json(left))
            await upload_store.keep(connection, visit.id(), sealed)
        else:
            await upload_store.drop(connection, visit.id(), account_id=visit.account.id)
    if erased:
        await database.settle()
    if left.proposals and not erased:
        said = "upload_some" if len(fresh) == len(chosen) else "upload_stale"
        return visit.to(f"/archivos/subido/{visit.id()}", ok=said)
    if batch_id is None:
        return visit.to("/cambios", ok="proposed")
    return visit.to(f"/archivos/{batch_id}", ok="imported")


def _may_go(visit: Visit, proposal: Proposal, record: Service | None) -> bool:
    """Nobody changed it since it was compared, and it still lies within the limits."""
    return _revision(record) == proposal.edit.revision and _is_mine(visit, proposal, record)


async def _kept(
    visit: Visit,
    connection: AsyncConnection,
    found: Upload,
    chosen: Sequence[Proposal],
    current: Mapping[str, Service],
) -> tuple[int | None, bool]:
    """Publish what is safe, propose what needs two. The batch, and whether places were erased."""
    author = plan.author_of(chosen, by=publishing.author(visit), file=found.file)
    safe = []
    for proposal in chosen:
        record = current.get(proposal.edit.service_id)
        before = to_fields(record) if record else None
        after = editing.with_fields(before, proposal.edit.service_id, proposal.edit.fields)
        reasons = approval.reasons(before, after)
        if not reasons:
            safe.append(proposal.edit)
            continue
        edit = proposal.edit
        wanted = Wanted(
            edit.service_id, edit.revision, before, after, edit.fields, f"Archivo {author.source}"
        )
        await publishing.propose(visit, connection, wanted, reasons)
    if not safe:
        return None, False
    published = await editing.publish_within(
        connection, safe, author=author, rules=visit.desk.rules, now=visit.now
    )
    detail = showing.counted(published.services, "servicio", "servicios")
    await visit.note(connection, "imported", target=f"lote {published.batch_id}", detail=detail)
    return published.batch_id, published.erased_places
