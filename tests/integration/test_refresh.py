"""Sources against the directory on both databases: what is published, what waits, what is never kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import scheduler
from bot.core import Core
from data import directory_store, source_store
from data.database import Database
from data.records import Confidence, Exposure, Kind, Service, Status
from data.source_store import Outcome
from data.tables import held_difference, refresh_problem, refresh_run, rejection, source_record
from services import editing, held, record_rules, refresh
from services.differences import SENTENCES, Reason
from services.editing import Author, Edit, Refused
from services.exchange import area_names
from services.exchange.area_names import AreaNames
from services.record_rules import Rules
from services.refresh import Desk
from services.sources import Kind as SourceKind
from services.sources import Source

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HEADER = "id,name,needs,state,municipality,phones\n"
FOOD = "1,Comedor inventado,food,Chiapas,Tapachula,961 615 5178\n"
WOMEN = "2,Oficina inventada,gbv,Chiapas,Tapachula,961 615 5179\n"
REFUGE_PLACE = "Calle Escondida 12"

pytestmark = pytest.mark.usually_on("sqlite")  # the comparing is the same on either


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
def listed(tmp_path: Path) -> Callable[..., Source]:
    """A CSV source in a folder with these rows."""

    def make(*rows: str, header: str = HEADER, **declared: object) -> Source:
        path = tmp_path / "lista.csv"
        path.write_text(header + "".join(rows), encoding="utf-8")
        source = Source("lista", SourceKind.CSV, str(path), every=timedelta(hours=1), prefix="lista-")
        return replace(source, **{"trust": Confidence.B, "exposure": Exposure.PUBLIC, **declared})  # type: ignore[arg-type]

    return make


async def record(desk: Desk, key: str) -> Service | None:
    async with desk.database.read() as connection:
        found = await directory_store.load(connection, [key])
    return found[0] if found else None


async def everything_kept(desk: Desk) -> str:
    """All text of the tables that a source writes to."""
    async with desk.database.read() as connection:
        tables = (held_difference, refresh_problem, refresh_run, rejection, source_record)
        return "\n".join([repr(list(await connection.execute(select(table)))) for table in tables])


async def test_a_safe_row_is_published_and_a_grave_one_waits(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    run = await refresh.run(desk, listed(FOOD, WOMEN), now=NOW)

    waiting = await held.waiting(desk)
    food = await record(desk, "lista-1")

    assert (run.outcome, run.counts.published, run.counts.held) == (Outcome.PUBLISHED, 1, 1)
    assert food is not None
    assert food.confidence is Confidence.C  # a list without an address of its own is not believed more
    assert await record(desk, "lista-2") is None
    assert [(w.service_id, w.why) for w in waiting] == [("lista-2", (SENTENCES[Reason.GRAVE],))]


async def test_the_same_list_again_is_unchanged(desk: Desk, listed: Callable[..., Source]) -> None:
    await refresh.run(desk, listed(FOOD), now=NOW)

    again = await refresh.run(desk, listed(FOOD), now=NOW)

    assert again.outcome is Outcome.UNCHANGED


@pytest.mark.usually_on("sqlite", "postgres")
async def test_a_phone_of_a_womens_service_waits_until_a_caseworker_says_so(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    await refresh.run(desk, listed(WOMEN), now=NOW)
    await held.approve_run(desk, 1, by="ana", now=NOW)

    run = await refresh.run(desk, listed(WOMEN.replace("5179", "5180")), now=NOW)
    (waiting,) = await held.waiting(desk, run_id=run.id)
    before = await record(desk, "lista-2")
    decided = await held.approve(
        desk, [waiting.id], by="ana", now=NOW, revisions={waiting.id: waiting.revision}
    )
    after = await record(desk, "lista-2")

    assert waiting.why == (SENTENCES[Reason.PHONE],)
    assert before is not None
    assert after is not None
    assert before.phones[0].number == "961 615 5179"
    assert (decided.published, after.phones[0].number) == (1, "961 615 5180")
    assert await held.waiting(desk) == ()


async def test_what_was_rejected_is_not_proposed_again(desk: Desk, listed: Callable[..., Source]) -> None:
    source = listed(WOMEN)
    await refresh.run(desk, source, now=NOW)

    rejected = await held.reject_run(desk, 1, by="ana", now=NOW, why="ya no existe")
    again = await refresh.run(desk, source, now=NOW, force=True)

    assert rejected == 1
    assert (again.counts.held, again.counts.same) == (0, 1)
    assert await record(desk, "lista-2") is None


@pytest.mark.usually_on("sqlite", "postgres")
async def test_who_rejected_what_and_why_is_kept_for_as_long_as_the_runs(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    await refresh.run(desk, listed(WOMEN), now=NOW)
    await held.approve_run(desk, 1, by="ana", now=NOW)
    run = await refresh.run(desk, listed(WOMEN.replace("5179", "5180")), now=NOW)

    await held.reject_run(desk, run.id, by="eva", now=NOW, why="llamé y nadie lo conoce")
    kept = await held.rejections(desk.database, source="lista")
    others = await held.rejections(desk.database, source="otra")
    await refresh.run(desk, listed(WOMEN), now=NOW + refresh.KEPT + timedelta(days=1), force=True)

    (one,) = kept
    assert (one.by, one.why, one.at) == ("eva", "llamé y nadie lo conoce", NOW)
    assert (one.service_id, one.name, one.fields) == ("lista-2", "Oficina inventada", ("phones",))
    assert "5180" not in repr(one)
    assert others == ()
    assert await held.rejections(desk.database) == ()


async def test_the_reason_of_a_rejection_may_not_tell_where_a_refuge_is(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    header = "id,name,needs,state,kind\n"
    await refresh.run(desk, listed("1,Refugio inventado,gbv,Chiapas,refuge\n", header=header), now=NOW)
    before = await held.waiting(desk)

    with pytest.raises(Refused):
        await held.reject_run(desk, 1, by="eva", now=NOW, why=f"está en {REFUGE_PLACE}")

    assert before
    assert await held.waiting(desk) == before
    assert await held.rejections(desk.database) == ()
    assert "Escondida" not in await everything_kept(desk)


@pytest.mark.usually_on("sqlite", "postgres")
async def test_what_was_written_beside_a_rejection_goes_when_the_record_becomes_a_refuge(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    header = "id,name,needs,state,municipality\n"
    office = f"1,Casa de {REFUGE_PLACE},gbv,Chiapas,Tapachula\n"
    await refresh.run(desk, listed(office, header=header), now=NOW)
    await held.approve_run(desk, 1, by="ana", now=NOW)
    await refresh.run(desk, listed(office.replace("gbv", "gbv ; legal"), header=header), now=NOW)
    (waiting,) = await held.waiting(desk)
    await held.reject(desk, [waiting.id], by="eva", now=NOW, why=f"la {REFUGE_PLACE} no")

    named = {"name": "Refugio inventado", "organization": "Red inventada"}
    edit = Edit("lista-1", {"kind": "refuge", **named}, 0)
    author = Author("ana", editing.Via.PANEL)
    await editing.publish(desk.database, [edit], author=author, rules=desk.rules, now=NOW)

    (kept,) = await held.rejections(desk.database)
    assert (kept.by, kept.why, kept.name, kept.source) == ("eva", "", "", "")
    assert "Escondida" not in await everything_kept(desk)


@pytest.mark.usually_on("sqlite", "postgres")
async def test_a_refresh_does_not_overwrite_what_was_verified(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    await refresh.run(desk, listed(FOOD), now=NOW)
    verified = Edit("lista-1", {"verified_on": date(2026, 11, 25).isoformat(), "verified_by": "ana"}, 0)
    author = Author("ana", editing.Via.PANEL)
    await editing.publish(desk.database, [verified], author=author, rules=desk.rules, now=NOW)

    await refresh.run(desk, listed(FOOD.replace("5178", "5199")), now=NOW)
    (waiting,) = await held.waiting(desk)
    kept = await record(desk, "lista-1")

    assert waiting.why == (SENTENCES[Reason.VERIFIED],)
    assert kept is not None
    assert kept.phones[0].number == "961 615 5178"


async def test_a_field_that_a_caseworker_changed_stays_theirs(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    await refresh.run(desk, listed(FOOD), now=NOW)
    author = Author("ana", editing.Via.PANEL)
    edit = Edit("lista-1", {"name": "Comedor de Ana"}, 0)
    await editing.publish(desk.database, [edit], author=author, rules=desk.rules, now=NOW)

    await refresh.run(desk, listed(FOOD.replace("5178", "5199")), now=NOW)
    kept = await record(desk, "lista-1")
    await refresh.run(desk, listed(FOOD.replace("Comedor inventado", "Comedor nuevo")), now=NOW)
    (waiting,) = await held.waiting(desk)

    assert kept is not None
    assert (kept.name, kept.phones[0].number) == ("Comedor de Ana", "961 615 5199")
    assert SENTENCES[Reason.CONFLICT] in waiting.why


async def test_a_record_that_its_list_no_longer_has_is_shown_no_more_and_comes_back(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    other = FOOD.replace("1,", "3,", 1)
    await refresh.run(desk, listed(FOOD, other), now=NOW)

    await refresh.run(desk, listed(other), now=NOW)
    gone = await record(desk, "lista-1")
    await refresh.run(desk, listed(FOOD, other), now=NOW)
    back = await record(desk, "lista-1")

    assert gone is not None
    assert back is not None
    assert (gone.status, back.status) == (Status.INACTIVE, Status.ACTIVE)


async def test_when_much_of_a_list_is_gone_everything_waits(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    rows = [FOOD.replace("1,", f"{i},", 1) for i in range(1, 11)]
    await refresh.run(desk, listed(*rows), now=NOW)

    run = await refresh.run(desk, listed(*rows[:4]), now=NOW)
    waiting = await held.waiting(desk)

    assert (run.counts.gone, run.counts.published) == (6, 0)
    assert {w.why for w in waiting} == {(SENTENCES[Reason.MANY],)}


@pytest.mark.parametrize("garbage", ["", "<html>Entrar</html>", HEADER, "a,b\n1,2\n", "\x00\x01"])
async def test_garbage_changes_nothing_and_is_told(
    desk: Desk, listed: Callable[..., Source], garbage: str
) -> None:
    await refresh.run(desk, listed(FOOD), now=NOW)
    before = await record(desk, "lista-1")

    run = await refresh.run(desk, listed(header=garbage), now=NOW)
    (standing,) = await refresh.standings(desk.database, [listed(header=garbage)])

    assert run.outcome is Outcome.FAILED
    assert run.reason
    assert standing.is_failing
    assert await record(desk, "lista-1") == before


async def test_a_refused_place_of_a_refuge_is_kept_nowhere(desk: Desk, listed: Callable[..., Source]) -> None:
    header = "id,name,needs,state,kind,address,description\n"
    rows = (
        f"1,Refugio inventado,shelter,Chiapas,refuge,{REFUGE_PLACE},\n",
        f"2,Oficina inventada,gbv,Chiapas,office,,El refugio está en {REFUGE_PLACE}\n",
        "3,Comedor inventado,food,Chiapas,office,,\n",
    )

    run = await refresh.run(desk, listed(*rows, header=header), now=NOW)

    assert run.counts.invalid == 2
    assert "Escondida" not in await everything_kept(desk)


@pytest.mark.usually_on("sqlite", "postgres")
async def test_a_source_cannot_say_where_a_refuge_is_once_it_is_one(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    header = "id,name,needs,state,municipality,kind,address\n"
    office = f"1,Casa inventada,shelter,Chiapas,Tapachula,office,{REFUGE_PLACE}\n"
    await refresh.run(desk, listed(office, header=header), now=NOW)
    author = Author("ana", editing.Via.PANEL)
    edit = Edit("lista-1", {"kind": "refuge"}, 0)
    await editing.publish(desk.database, [edit], author=author, rules=desk.rules, now=NOW)

    run = await refresh.run(desk, listed(office.replace("12", "13"), header=header), now=NOW)
    kept = await record(desk, "lista-1")

    assert kept is not None
    assert kept.kind is Kind.REFUGE
    assert (run.counts.held, run.counts.published) == (0, 0)
    assert "Escondida" not in await everything_kept(desk)


@pytest.mark.usually_on("sqlite", "postgres")
async def test_only_one_process_refreshes_a_source(
    desk: Desk, another: Database, listed: Callable[..., Source]
) -> None:
    second = replace(desk, database=another)
    source = listed(FOOD)

    async with refresh._alone(desk.database, source):
        with pytest.raises(refresh.Busy):
            await refresh.run(second, source, now=NOW)
    after = await refresh.run(second, source, now=NOW)

    assert after.outcome is Outcome.PUBLISHED


async def test_a_failing_source_is_asked_less_and_less_often_and_missed_runs_are_caught_up_once(
    desk: Desk, listed: Callable[..., Source]
) -> None:
    source = listed(header="nada")
    waits = []
    now = NOW
    for _ in range(3):
        await refresh.run_due(desk, [source], now=now)
        async with desk.database.read() as connection:
            state = await source_store.state(connection, source.name)
        assert state.next_at is not None
        waits.append(state.next_at - now)
        now = state.next_at

    early = await refresh.run_due(desk, [source], now=now - timedelta(seconds=1))
    after_sleep = await refresh.run_due(desk, [listed(FOOD)], now=now + timedelta(days=3))
    at_once = await refresh.run_due(desk, [listed(FOOD)], now=now + timedelta(days=3, minutes=1))

    assert waits == sorted(set(waits))
    assert early == []
    assert [run.outcome for run in after_sleep] == [Outcome.PUBLISHED]
    assert at_once == []


@pytest.mark.usually_on("sqlite", "postgres")
async def test_records_that_must_be_checked_again_are_marked_and_unmarked(core: Core) -> None:
    async with core.database.write() as connection:
        await source_store.keep_stale(connection, {"MX001": None, "no-such": None})

    await scheduler.mark_stale(core, NOW)
    async with core.database.read() as connection:
        marked = await source_store.stale(connection)
        directory = await core.directory(connection)

    assert "MX001" not in marked
    assert marked
    assert all(
        directory.is_past_due(key, today=NOW.date()) for key in marked if directory.get(key, today=NOW.date())
    )
