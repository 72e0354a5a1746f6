"""Sources over HTTP against a true server: good, changed, broken, hostile, slow and endless lists."""

import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from click.testing import Result
from openpyxl import Workbook
from typer.testing import CliRunner

from bot import hsds_api, metrics_page
from bot.__main__ import cli
from bot.core import Core
from bot.refreshing import Refreshing
from bot.standing import look
from data import directory_store, source_store
from data.database import Database
from data.records import Confidence, Exposure, Service
from data.source_store import Outcome
from services import fetching, record_rules, refresh, sources
from services.exchange import area_names, files
from services.exchange.area_names import AreaNames
from services.fetching import Guarded, PrivateAddress
from services.record_rules import Rules
from services.refresh import Desk
from services.sources import Kind, Source
from tests.fixtures import lists
from tests.fixtures.lists import ListServer, Published
from tests.fixtures.platforms import TelegramApi
from tests.integration.test_turns import Phone

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HEADER = "id,name,needs,state,municipality,phones\n"
FOOD = "1,Comedor inventado,food,Chiapas,Tapachula,961 615 5178\n"
LIST = (HEADER + FOOD).encode()
MAPPING = {"centro": "name", "tel": "phones", "estado": "state", "necesidad": "needs"}

server = lists.server
pytestmark = pytest.mark.usually_on("sqlite")  # fetching is the same on either; see test_refresh


@pytest.fixture(scope="module")
def rules() -> Rules:
    return record_rules.load_rules()


@pytest.fixture(scope="module")
def areas(rules: Rules) -> AreaNames:
    return area_names.load(rules.areas)


@pytest.fixture
def desk(database: Database, rules: Rules, areas: AreaNames) -> Desk:
    return Desk(database, rules, areas)


@pytest.fixture
def source(server: ListServer) -> Source:
    return Source(
        "lista",
        Kind.CSV,
        f"{server.url}/lista",
        every=timedelta(hours=1),
        prefix="lista-",
        trust=Confidence.B,
        exposure=Exposure.PUBLIC,
        allow_private=True,
        max_bytes=200_000,
        max_seconds=5,
    )


async def records(desk: Desk) -> dict[str, Service]:
    async with desk.database.read() as connection:
        found = await directory_store.load(connection)
    return {each.id: each for each in found if each.id.startswith("lista-")}


def book(*rows: tuple[object, ...]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


async def test_a_list_is_read_once_and_then_only_asked_whether_it_changed(
    desk: Desk, server: ListServer, source: Source
) -> None:
    server.at["/lista"] = Published(LIST)

    first = await refresh.run(desk, source, now=NOW)
    second = await refresh.run(desk, source, now=NOW)
    forced = await refresh.run(desk, source, now=NOW, force=True)

    assert [run.outcome for run in (first, second)] == [Outcome.PUBLISHED, Outcome.UNCHANGED]
    assert "If-None-Match" in server.asked[1][1]
    assert "If-None-Match" not in server.asked[2][1]
    assert forced.counts.same == 1
    (record,) = (await records(desk)).values()
    assert (record.confidence, record.source.urls) == (Confidence.B, (source.address,))


async def test_a_list_without_a_tag_is_asked_by_the_day_it_changed(
    desk: Desk, server: ListServer, source: Source
) -> None:
    monday, tuesday = "Mon, 23 Nov 2026 12:00:00 GMT", "Tue, 24 Nov 2026 12:00:00 GMT"
    server.at["/lista"] = Published(LIST, tagged=False, modified=monday)

    first = await refresh.run(desk, source, now=NOW)
    second = await refresh.run(desk, source, now=NOW)
    third = await refresh.run(desk, source, now=NOW)
    changed = LIST.replace(b"5178", b"5179")
    server.at["/lista"] = Published(changed, tagged=False, modified=tuesday)
    fourth = await refresh.run(desk, source, now=NOW)

    asked = [headers.get("If-Modified-Since") for _, headers in server.asked]
    assert asked == [None, monday, monday, monday]
    assert all("If-None-Match" not in headers for _, headers in server.asked)
    assert [run.outcome for run in (first, second, third)] == [
        Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.UNCHANGED
    ]  # fmt: skip
    assert fourth.counts.published == 1
    assert (await records(desk))["lista-1"].phones[0].number == "961 615 5179"


async def test_a_list_that_says_neither_is_read_whole_and_compared(
    desk: Desk, server: ListServer, source: Source
) -> None:
    server.at["/lista"] = Published(LIST, tagged=False)

    await refresh.run(desk, source, now=NOW)
    again = await refresh.run(desk, source, now=NOW)

    assert again.outcome is Outcome.UNCHANGED
    assert not {"If-None-Match", "If-Modified-Since"} & server.asked[1][1].keys()


async def test_after_a_changed_declaration_the_list_is_read_anew(
    desk: Desk, server: ListServer, source: Source
) -> None:
    server.at["/lista"] = Published(LIST)
    await refresh.run(desk, source, now=NOW)

    again = await refresh.run(desk, replace(source, trust=Confidence.C), now=NOW)

    assert "If-None-Match" not in server.asked[1][1]
    assert (again.outcome, again.counts.same) == (Outcome.PUBLISHED, 1)


HOSTILE: dict[str, tuple[Published, str]] = {
    "cut off": (Published(LIST * 50, cut=100), "cortada"),
    "cut off in a row, without a size": (Published(LIST[:-30], length=False), "cortada"),
    "larger than allowed": (Published(b"x" * 300_000), "MB"),
    "endless": (Published(endless=True), "MB"),
    "slow": (Published(LIST, seconds=30), "Tarda"),
    "a web page": (Published(b"<html>Entrar</html>", type="text/html; charset=utf-8"), "página"),
    "a page that says it is CSV": (Published(b"<html>\n<p>Entrar, por favor</p>"), "títulos"),
    "empty": (Published(b""), "vacía"),
    "without rows": (Published(HEADER.encode()), "ninguna fila"),
    "other letters": (Published(LIST.replace(b"Comedor", "Comedór".encode("latin-1"))), "UTF-8"),
    "broken letters": (Published(LIST.replace(b"Comedor", "ComedÃ³r".encode())), "acentos"),
    "open quotes": (Published(LIST + b'2,"Comedor'), "comillas"),
    "binary": (Published(bytes(range(256))), "texto"),
    "too many requests": (Published(status=429, headers={"Retry-After": "7200"}), "esperar"),
    "out of order": (Published(status=500), "servidor"),
    "gone": (Published(status=410), "no está"),
    "closed": (Published(status=403), "permiso"),
    "compressed": (Published(LIST, headers={"Content-Encoding": "gzip"}), "comprimida"),
    "sent elsewhere": (Published(status=302, headers={"Location": "http://otro.example/"}), "otro.example"),
    "sent to a private address": (
        Published(status=302, headers={"Location": "http://169.254.169.254/meta"}),
        "redirects_to",
    ),
    "sent to a file": (Published(status=302, headers={"Location": "file:///etc/passwd"}), "no se entiende"),
    "only invalid rows": (Published((HEADER + "1,Comedor,food,Narnia,,12\n").encode()), "Ninguna fila"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_bad_list_changes_nothing_and_says_why(
    desk: Desk, server: ListServer, source: Source, name: str
) -> None:
    bad, told = HOSTILE[name]
    server.at["/lista"] = Published(LIST)
    await refresh.run(desk, source, now=NOW)
    before = await records(desk)
    server.at["/lista"] = bad

    run = await refresh.run(desk, replace(source, max_seconds=1), now=NOW)
    (standing,) = await refresh.standings(desk.database, [source])

    assert run.outcome is Outcome.FAILED
    assert told in run.reason
    assert await records(desk) == before
    assert standing.is_failing
    assert standing.state.good_at == NOW


async def test_a_server_that_asks_to_wait_is_left_alone_for_so_long(
    desk: Desk, server: ListServer, source: Source
) -> None:
    server.at["/lista"] = Published(status=503, headers={"Retry-After": "7200"})

    await refresh.run(desk, source, now=NOW)
    async with desk.database.read() as connection:
        state = await source_store.state(connection, source.name)

    assert state.next_at == NOW + timedelta(hours=2)


async def test_good_rows_of_a_half_broken_list_wait_and_bad_ones_are_told(
    desk: Desk, server: ListServer, source: Source
) -> None:
    rows = [FOOD.replace("1,", f"{i},", 1) for i in range(4)]
    bad = [FOOD.replace("1,", f"{i},", 1).replace("5178", "51") for i in range(4, 8)]
    server.at["/lista"] = Published((HEADER + "".join(rows + bad)).encode())

    run = await refresh.run(desk, source, now=NOW)
    told = await refresh.problems(desk.database, run.id)

    assert (run.counts.held, run.counts.invalid, run.counts.published) == (4, 4, 0)
    assert [(each.row, each.field) for each in told] == [(row, "phones") for row in range(6, 10)]
    assert all("615" not in each.sentence for each in told)


async def test_formulas_are_text_and_do_not_run(desk: Desk, server: ListServer, source: Source) -> None:
    formula = '=HYPERLINK(""http://malo.example"",""x"")'
    row = f'1,"{formula}",food,Chiapas,Tapachula,961 615 5178\n'
    server.at["/lista"] = Published((HEADER + row).encode())

    await refresh.run(desk, source, now=NOW)
    (record,) = (await records(desk)).values()

    assert record.name.startswith("=HYPERLINK")  # guarded again by every export


async def test_a_redirect_goes_only_where_the_operator_allowed_it_and_never_carries_the_token(
    desk: Desk, server: ListServer, source: Source, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("un-token-inventado")
    async with ListServer() as other:
        server.at["/lista"] = Published(
            status=307, headers={"Location": other.url.replace("127.0.0.1", "localhost") + "/aqui"}
        )
        other.at["/aqui"] = Published(LIST)

        run = await refresh.run(desk, replace(source, redirects_to=("localhost",), token_file=token), now=NOW)

    assert run.counts.published == 1
    assert server.asked[0][1]["Authorization"] == "Token un-token-inventado"
    assert "Authorization" not in other.asked[0][1]


async def test_a_private_address_is_refused_unless_allowed(
    desk: Desk, server: ListServer, source: Source
) -> None:
    server.at["/lista"] = Published(LIST)
    named = source.address.replace("127.0.0.1", "localhost").replace("http:", "https:")

    by_number = await refresh.run(desk, replace(source, allow_private=False), now=NOW)
    by_name = await refresh.run(desk, replace(source, address=named, allow_private=False), now=NOW)

    assert by_number.outcome is by_name.outcome is Outcome.FAILED
    assert "sin cifrar" in by_number.reason
    assert "red privada" in by_name.reason
    assert server.asked == []


class TwoFaced(AbstractResolver):
    """A name that leads to a public address and a private one, as in DNS rebinding."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        def one(address: str) -> ResolveResult:
            return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)

        return [one("93.184.215.14"), one("10.0.0.5")]

    async def close(self) -> None:
        return


async def test_a_name_that_leads_to_a_private_address_too_is_refused_whole() -> None:
    with pytest.raises(PrivateAddress):
        await Guarded(allow_private=False, inner=TwoFaced()).resolve("lista.example", 443)


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "127.0.0.1", "0.0.0.0", "169.254.169.254", "100.64.0.1", "192.168.1.1", "::1",  # noqa: S104
        "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "224.0.0.1",
        "nonsense",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_not_asked(address: str) -> None:
    assert not fetching.may_be_asked(address, allow_private=False)


def test_link_local_is_never_asked_and_public_always() -> None:
    assert not fetching.may_be_asked("169.254.169.254", allow_private=True)
    assert fetching.may_be_asked("10.0.0.1", allow_private=True)
    assert fetching.may_be_asked("93.184.215.14", allow_private=False)


async def test_an_excel_book_is_read_and_a_bomb_is_not(
    desk: Desk, server: ListServer, source: Source
) -> None:
    rows = [tuple(line.split(",")) for line in LIST.decode().splitlines()]
    server.at["/lista"] = Published(book(*rows), type="application/octet-stream")
    good = await refresh.run(desk, replace(source, kind=Kind.XLSX), now=NOW)
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package,
        package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(160):
            part.write(b" " * 1_000_000)
    server.at["/lista"] = Published(bomb.getvalue(), type="application/octet-stream")

    bad = await refresh.run(desk, replace(source, kind=Kind.XLSX), now=NOW)

    assert good.counts.published == 1
    assert bad.outcome is Outcome.FAILED
    assert "grande por dentro" in bad.reason


async def test_the_newest_file_of_a_folder_is_read(desk: Desk, source: Source, tmp_path: Path) -> None:
    (tmp_path / "vieja.csv").write_bytes(b"nada")
    (tmp_path / "nueva.csv").write_bytes(LIST)
    (tmp_path / "ajena.csv").symlink_to("/etc/hostname")
    os.utime(tmp_path / "vieja.csv", (1, 1))

    run = await refresh.run(desk, replace(source, address=str(tmp_path)), now=NOW)

    assert run.counts.published == 1


async def test_headings_are_mapped_and_a_lost_heading_is_told(
    desk: Desk, server: ListServer, source: Source
) -> None:
    mapped = replace(source, mapping=MAPPING, defaults={"municipality": "Tapachula"})
    text = "Lista 2026;;;;\nClave;CENTRO;Tel;Estado;Necesidad\n7;Comedor;961 615 5178;Chiapas;Comida y agua\n"
    server.at["/lista"] = Published(text.encode())
    good = await refresh.run(desk, mapped, now=NOW)
    server.at["/lista"] = Published(text.replace("Tel;", "Contacto;").encode())

    bad = await refresh.run(desk, mapped, now=NOW)
    (record,) = (await records(desk)).values()

    assert good.counts.published == 1
    assert (record.id, record.location.municipality) == ("lista-7", "07089")
    assert "«tel»" in bad.reason


def kobo(*submissions: dict[str, Any], per_page: int = 2) -> Callable[[web.Request], Any]:
    """The data of an asset, as KoboToolbox pages it."""

    def answer(request: web.Request) -> Any:
        if request.headers.get("Authorization") != "Token un-token-inventado":
            return Published(b"{}", type="application/json", status=401)
        start = int(request.query.get("start", "0"))
        following = start + per_page
        link = f"{request.url.origin()}{request.path}?format=json&start={following}"
        return {
            "count": len(submissions),
            "next": link if following < len(submissions) else None,
            "previous": None,
            "results": list(submissions[start:following]),
        }

    return answer


def submission(number: int, status: str = "validation_status_approved") -> dict[str, Any]:
    return {
        "_id": number,
        "_validation_status": {"uid": status} if status else {},
        "_submitted_by": "persona",
        "address": "Calle de quien llenó 5",
        "grupo/centro": f"Comedor {number}",
        "grupo/tel": "961 615 5178",
        "estado": "Chiapas",
        "necesidad": "food shelter",
    }


async def test_kobo_submissions_are_read_page_by_page_and_only_what_is_mapped(
    desk: Desk, server: ListServer, source: Source, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("un-token-inventado\n")
    form = replace(source, kind=Kind.KOBO, mapping=MAPPING, token_file=token)
    server.at["/lista"] = kobo(*(submission(i) for i in range(1, 6)), submission(6, ""))

    all_of_them = await refresh.run(desk, form, now=NOW)
    again = await refresh.run(desk, form, now=NOW)
    approved = await refresh.run(desk, replace(form, approved_only=True), now=NOW)
    refused = await refresh.run(desk, replace(form, token_file=None), now=NOW)
    found = await records(desk)

    assert (all_of_them.counts.published, again.outcome) == (6, Outcome.UNCHANGED)
    assert (approved.counts.rows, approved.counts.gone) == (5, 1)
    assert "permiso" in refused.reason
    assert found["lista-1"].needs == ("food", "shelter")
    assert found["lista-1"].location.address == ""


async def test_kobo_does_not_follow_pages_to_another_server(
    desk: Desk, server: ListServer, source: Source
) -> None:
    server.at["/lista"] = lambda _: {"count": 2, "next": "http://otro.example/x", "results": [submission(1)]}

    run = await refresh.run(desk, replace(source, kind=Kind.KOBO, mapping=MAPPING), now=NOW)

    assert "otro servidor" in run.reason


async def test_a_ckan_resource_is_read_as_a_file_or_from_the_datastore(
    desk: Desk, server: ListServer, source: Source
) -> None:
    portal = replace(source, kind=Kind.CKAN, address=server.url, resource="r-1")
    shown: dict[str, Any] = {"format": "CSV", "url": f"{server.url}/archivo", "datastore_active": True}
    rows = [
        {"_id": i, "id": i, "name": f"Comedor {i}", "needs": "food", "state": "Chiapas"} for i in range(150)
    ]
    server.at["/api/3/action/resource_show"] = lambda _: {"success": True, "result": shown}
    server.at["/archivo"] = Published(LIST)

    def searched(request: web.Request) -> Any:
        start = int(request.query["offset"])
        page = rows[start : start + min(int(request.query["limit"]), 60)]
        return {"success": True, "result": {"records": page, "total": len(rows)}}

    server.at["/api/3/action/datastore_search"] = searched
    by_file = await refresh.run(desk, portal, now=NOW)
    again = await refresh.run(desk, portal, now=NOW)
    shown["format"] = "SHP"
    from_store = await refresh.run(desk, portal, now=NOW)
    shown["url"] = "http://otro.example/lista.csv"
    shown["format"] = "csv"
    elsewhere = await refresh.run(desk, portal, now=NOW)

    assert (by_file.counts.published, again.outcome) == (1, Outcome.UNCHANGED)
    assert from_store.counts.rows == 150
    assert "redirects_to" in elsewhere.reason


async def test_another_faro_is_read_through_its_own_hsds_api(
    desk: Desk, core: Core, source: Source, server: ListServer
) -> None:
    app = web.Application()
    hsds_api.add_routes(app, core)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/hsds/services"
    api = replace(source, kind=Kind.HSDS_API, address=address, max_bytes=2_000_000, max_seconds=30)

    run = await refresh.run(desk, api, now=NOW)
    found = await records(desk)
    await runner.cleanup()

    assert run.counts.rows > 300
    assert await refresh.problems(desk.database, run.id) == ()
    assert run.counts.new == run.counts.rows
    assert "lista-MX015" in found


@pytest.mark.parametrize(
    "page",
    [
        [],
        {"contents": "no"},
        {"contents": [1]},
        {"total_items": 9, "last_page": True, "contents": [{"id": "1", "name": "x", "phones": []}]},
    ],
)
async def test_an_api_that_does_not_answer_as_hsds_is_not_believed(
    desk: Desk, server: ListServer, source: Source, page: Any
) -> None:
    server.at["/lista"] = lambda _: Published(json.dumps(page).encode(), type="application/json")

    run = await refresh.run(desk, replace(source, kind=Kind.HSDS_API), now=NOW)

    assert run.outcome is Outcome.FAILED


async def test_a_source_that_turns_to_garbage_is_seen_in_the_metrics(
    core: Core, desk: Desk, server: ListServer, source: Source
) -> None:
    server.at["/lista"] = Published(
        (HEADER + FOOD + FOOD.replace("1,", "2,").replace("food", "gbv")).encode()
    )
    await refresh.run(desk, source, now=NOW)
    server.at["/lista"] = Published(b"basura")
    await refresh.run(desk, source, now=NOW)

    page = metrics_page.render(await look(core, NOW), budget=0).decode()

    assert 'faro_source_failures{source="lista"} 1.0' in page
    assert 'faro_source_held{source="lista"} 1.0' in page
    assert 'faro_source_age_seconds{source="lista"} 0.0' in page


async def test_the_job_reads_its_file_anew_and_forgets_what_is_declared_no_more(
    core: Core, desk: Desk, server: ListServer, source: Source, tmp_path: Path
) -> None:
    server.at["/lista"] = Published(LIST)
    file = tmp_path / "sources.yml"
    refreshing = Refreshing(file)
    declared = (
        "sources:\n- {name: lista, kind: csv, every: 1h, allow_private: true, exposure: public,"
        f" address: '{source.address}'}}\n"
    )

    await refreshing.run_due(core, NOW)
    file.write_text(declared)
    await refreshing.run_due(core, NOW)
    read = await records(desk)
    file.write_text("sources: [")
    await refreshing.run_due(core, NOW + timedelta(hours=2))
    file.write_text("")
    await refreshing.run_due(core, NOW + timedelta(hours=3))
    async with core.database.read() as connection:
        state = await source_store.state(connection, "lista")

    assert set(read) == {"lista-1"}
    assert len(server.asked) == 2  # the file that was wrong did not stop the source
    assert state.good_at is None


@pytest.fixture
def faro(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `faro sources …` on a database with the seed, with one source: a file in a folder."""
    declared = tmp_path / "sources.yml"
    declared.write_text(
        "sources:\n- name: lista\n  kind: csv\n  address: lista.csv\n  every: 1h\n  exposure: public\n"
    )
    (tmp_path / "lista.csv").write_bytes(LIST)
    monkeypatch.setenv("FARO_DATABASE_URL", url)
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("FARO_SOURCES", str(declared))

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(cli, ["sources", *map(str, arguments)])  # type: ignore[return-value]

    return run


def numbers_waiting(held: Result) -> dict[str, str]:
    """Key of the service → number of its difference, as the page of `faro sources held` says them."""
    found = re.findall(r"^(\d+)\. .* \(clave ([\w-]+)\)", held.stdout, re.MULTILINE)
    return {key: number for number, key in found}


def test_the_command_refreshes_shows_and_decides(faro: Callable[..., Result], tmp_path: Path) -> None:
    never = faro("list")
    first = faro("refresh", "lista", "--by", "ana")
    (tmp_path / "lista.csv").write_text(HEADER + FOOD + FOOD.replace("1,", "2,").replace("food", "gbv"))
    second = faro("refresh")
    waiting = faro("held")
    number = numbers_waiting(waiting)["lista-2"]
    approved = faro("approve", number, "--by", "ana", "--why", "lo confirmé")
    again = faro("approve", number)
    nobody_yet = faro("rejected")
    (tmp_path / "lista.csv").write_text(HEADER + FOOD + FOOD.replace("1,", "3,").replace("food", "gbv"))
    faro("refresh")
    turned_down = numbers_waiting(faro("held"))["lista-3"]
    rejected = faro("reject", turned_down, "--by", "eva", "--why", "no existe")
    told = faro("rejected", "lista")
    (tmp_path / "lista.csv").write_text("basura")
    broken = faro("refresh")
    listed = faro("list")

    assert "nunca leída" in never.stdout
    assert (first.exit_code, second.exit_code, approved.exit_code) == (0, 1, 0)
    said = waiting.stdout.splitlines()
    assert said[0] == "Fuente «lista»: 1 diferencia espera a una persona."
    assert said[1] == (
        f"{number}. Comedor inventado (clave lista-2). La lista lo trae y el directorio no lo tiene. Fila 3."
    )
    assert said[2] == ("    Por qué espera: es un servicio de emergencia o de violencia contra mujeres.")
    assert "    Necesidades: Violencia contra mujeres" in said
    assert "(http://127.0.0.1:8080/panel/fuentes/lista)" in said[-2]
    assert said[-1].startswith(f"Desde aquí: faro sources approve {number}, o ")
    assert "ya no espera" in again.stdout
    assert "Nadie ha rechazado nada" in nobody_yet.stdout
    assert rejected.exit_code == 0
    assert re.search(
        r"lista-3\), la lista lo traía nuevo\.\n +Lo rechazó eva\. Motivo: no existe\.", told.stdout
    )
    assert broken.exit_code == 2
    assert "FALLÓ" in listed.stdout
    assert "títulos" in listed.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sources: 5", "lista"),
        ("sources:\n- kind: csv\n", "name"),
        ("{", "YAML"),
        ("sources:\n- {name: a, kind: csv, address: http://x.mx/l.csv, every: 1h}", "https"),
        ("sources:\n- {name: a, kind: csv, address: 'https://u:p@x.mx/l', every: 1h}", "token_file"),
        ("sources:\n- {name: a, kind: csv, address: x, every: 1m}", "5 minutos"),
        ("sources:\n- {name: a, kind: csv, address: x, cron: '61 * * * *'}", "cron"),
        ("sources:\n- {name: a, kind: ftp, address: x, every: 1h}", "kind"),
        ("sources:\n- {name: a, kind: csv, address: x, every: 1h, mapping: {A: verified_on}}", "verifica"),
        ("sources:\n- {name: a, kind: csv, address: x, every: 1h, mapping: {A: nada}}", "no existe"),
        ("sources:\n- {name: a, kind: csv, address: x, every: 1h, secreto: s3cr3t}", "no conozco"),
        ("sources:" + "\n- {name: a, kind: csv, address: x, every: 1h}" * 2, "el mismo «name»"),
    ],
)
def test_a_wrong_declaration_is_told_in_a_sentence(
    faro: Callable[..., Result], tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "sources.yml").write_text(text)

    done = faro("list")

    assert done.exit_code == 2
    assert re.search(told, done.stderr)
    assert "s3cr3t" not in done.stderr


def test_the_example_of_the_operators_is_read() -> None:
    found = sources.read(Path("deploy/sources.example.yml"))

    assert {source.kind for source in found} == {Kind.CSV, Kind.XLSX, Kind.KOBO, Kind.CKAN}


async def test_a_changed_source_is_in_the_next_answer_without_a_restart(
    core: Core, desk: Desk, telegram_api: TelegramApi, server: ListServer, source: Source
) -> None:
    phone = Phone(core, telegram_api, now=NOW)
    rows = HEADER + "1,Comedor Inventado,food,Chiapas,Tapachula,961 615 5198\n"
    server.at["/lista"] = Published(rows.encode())
    await refresh.run(desk, source, now=NOW)

    (before,) = await phone.say("necesito comida en Tapachula, Chiapas")
    server.at["/lista"] = Published(rows.replace("615 5198", "615 5199").encode())
    await refresh.run(desk, source, now=NOW)
    (after,) = await phone.say("necesito comida en Tapachula, Chiapas")

    assert "961 615 5198" in before
    assert "961 615 5199" in after
    assert "961 615 5198" not in after


async def test_an_hsds_file_of_our_own_is_read_and_says_nothing_new(
    desk: Desk, source: Source, tmp_path: Path, areas: AreaNames
) -> None:
    path = tmp_path / "directorio.json"
    async with desk.database.read() as connection:
        services = await directory_store.load(connection)
    files.write(path, services, areas, audience=Exposure.STAFF, today=NOW.date())
    ours = replace(
        source, kind=Kind.HSDS, address=str(path), prefix="", trust=Confidence.A, max_bytes=5_000_000
    )

    run = await refresh.run(desk, ours, now=NOW)
    files.write(path, services[1:], areas, audience=Exposure.STAFF, today=NOW.date())
    without_one = await refresh.run(desk, ours, now=NOW)

    assert run.counts.rows > 500
    assert (run.counts.new, run.counts.changed, run.counts.published) == (0, 0, 0)
    assert (without_one.counts.gone, without_one.counts.published) == (1, 0)  # it is not its own record


async def test_a_source_that_names_records_of_others_changes_none_by_itself(
    desk: Desk, server: ListServer, source: Source
) -> None:
    row = "MX001,Otro nombre para el 911,emergency,,,961 615 5198\n"
    server.at["/lista"] = Published((HEADER + row).encode())

    run = await refresh.run(desk, replace(source, prefix=""), now=NOW)
    async with desk.database.read() as connection:
        (kept,) = await directory_store.load(connection, ["MX001"])

    assert (run.counts.held, run.counts.published) == (1, 0)
    assert kept.phones[0].number == "911"


async def test_a_refresh_whose_process_was_killed_is_told_and_done_again(
    desk: Desk, server: ListServer, source: Source
) -> None:
    server.at["/lista"] = Published(LIST)
    async with desk.database.write() as connection:
        await source_store.begin(connection, source.name, by="x", now=NOW)  # and then nothing more

    await refresh.run(desk, source, now=NOW)
    newest, killed = await refresh.runs(desk.database, source=source.name)

    assert (newest.outcome, killed.outcome) == (Outcome.PUBLISHED, Outcome.FAILED)
    assert "se detuvo" in killed.reason
