"""The directory's history on both databases: every change kept and undone; refuges without a place."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from data import directory_store, history_store
from data.database import Database
from data.history_store import WHOLE, Author, Via
from data.record_json import to_fields
from data.records import Exposure, Kind, Phone, Service
from data.tables import change, change_batch, location, phone, seed_record, service, service_area
from services import editing, record_rules
from services.editing import CannotUndo, Conflict, Edit, Published, Refused
from services.exchange import area_names, files, plan
from services.record_rules import Rules
from tests.unit.test_exchange import office

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
ANA = Author("ana", Via.PANEL, why="llamé y contestaron")
SECRET = "Calle Secretísima 5"
REFUGE = {
    "name": "Refugio",
    "organization": "No se publica",
    "needs": ["gbv"],
    "coverage": ["07"],
    "kind": "refuge",
    "exposure": "staff",
    "state": "07",
}


@cache
def rules() -> Rules:
    return record_rules.load_rules()


async def all_of(database: Database) -> dict[str, Service]:
    async with database.read() as connection:
        return {each.id: each for each in await directory_store.load(connection)}


async def one(database: Database, key: str = "T1") -> Service:
    return (await all_of(database))[key]


async def version(database: Database) -> int:
    async with database.read() as connection:
        return await directory_store.version(connection)


async def publish(database: Database, *edits: Edit, author: Author = ANA) -> Published:
    return await editing.publish(database, edits, author=author, rules=rules(), now=NOW)


async def add(database: Database, record: Service | None = None) -> Service:
    record = record or office()
    await publish(database, Edit(record.id, to_fields(record)))
    return await one(database, record.id)


async def change_fields(database: Database, key: str = "T1", **fields: object) -> Published:
    return await publish(database, Edit(key, fields, (await one(database, key)).revision))


async def undo(database: Database, batch: int | None) -> Published:
    assert batch is not None
    return await editing.undo_batch(database, batch, by="eva", rules=rules(), now=LATER)


async def dump(database: Database) -> str:
    """Every value in every table, as text."""
    async with database.read() as connection:
        tables = [table for table in service.metadata.sorted_tables if not table.name.startswith("inbox")]
        rows = [(await connection.execute(table.select())).all() for table in tables]
    return "\n".join(map(repr, rows))


async def seed(database: Database, services: Sequence[Service], fingerprint: str) -> None:
    async with database.write() as connection:
        await directory_store.publish_seed(connection, services, fingerprint=fingerprint, now=NOW)


async def test_a_record_is_kept_and_read_back_whole(database: Database) -> None:
    made = await add(database, office(phones=(Phone("961 615 5178", exposure=Exposure.STAFF),)))

    assert to_fields(made) == to_fields(office(phones=(Phone("961 615 5178", exposure=Exposure.STAFF),)))
    assert made.updated_at == NOW
    assert made.verified_on is None


async def test_a_change_is_kept_field_by_field_with_who_when_from_to_why_and_source(
    database: Database,
) -> None:
    await add(database)
    author = Author("ana", Via.PANEL, why="llamé", source="https://example.org/aviso")
    edit = Edit("T1", {"fees": "gratis", "phones": []}, (await one(database)).revision)
    await publish(database, edit, author=author)

    first, second, made = await editing.history(database, "T1")

    assert {first.field, second.field} == {"fees", "phones"}
    fees = first if first.field == "fees" else second
    assert (fees.before, fees.after, fees.made_at, fees.author) == ("", "gratis", NOW, author)
    assert (made.field, made.before) == (WHOLE, None)


async def test_a_publish_raises_the_version_and_a_refused_one_does_not(database: Database) -> None:
    before = await version(database)
    await add(database)
    raised = await version(database)
    with pytest.raises(Refused):
        await change_fields(database, phones=[{**to_fields(office())["phones"][0], "number": "12"}])

    assert raised == before + 1
    assert await version(database) == raised


async def test_nothing_is_written_when_nothing_differs(database: Database) -> None:
    await add(database)
    before = await version(database)

    done = await change_fields(database, name=office().name)

    assert (done.batch_id, await version(database)) == (None, before)
    assert len(await editing.history(database, "T1")) == 1


async def test_of_two_people_who_edit_at_once_the_second_is_told(
    database: Database, another: Database
) -> None:
    seen = await add(database)
    await publish(another, Edit("T1", {"fees": "gratis"}, seen.revision))

    with pytest.raises(Conflict, match="Otra persona"):
        await publish(database, Edit("T1", {"fees": "100 pesos"}, seen.revision))
    with pytest.raises(Conflict):
        await publish(database, Edit("T1", to_fields(office()), editing.NEW))

    assert (await one(database)).fees == "gratis"


async def test_undoing_a_batch_restores_values_and_children_and_is_a_change_itself(
    database: Database,
) -> None:
    seen = await add(database)
    done = await publish(
        database,
        Edit("T1", {"phones": [], "coverage": ["00"], "needs": ["cash"], "languages": []}, seen.revision),
        Edit("T2", to_fields(office("T2"))),
    )
    before = await version(database)

    undone = await undo(database, done.batch_id)

    records = await all_of(database)
    assert to_fields(records["T1"]) == to_fields(office())
    assert "T2" not in records
    assert await version(database) == before + 1
    assert {each.author.via for each in (await editing.history(database, "T1"))[:4]} == {Via.UNDO}
    assert undone.services == 2


async def test_an_undo_can_be_undone(database: Database) -> None:
    await add(database)
    done = await change_fields(database, fees="gratis")
    undone = await undo(database, done.batch_id)

    await undo(database, undone.batch_id)

    assert (await one(database)).fees == "gratis"


async def test_a_removed_record_comes_back_whole(database: Database) -> None:
    seen = await add(database)
    done = await publish(database, Edit("T1", revision=seen.revision, remove=True))
    assert "T1" not in await all_of(database)

    await undo(database, done.batch_id)

    assert to_fields(await one(database)) == to_fields(office())


async def test_one_field_of_a_batch_is_undone_alone(database: Database) -> None:
    await add(database)
    await change_fields(database, fees="gratis", eligibility="cualquiera")
    fees = next(each for each in await editing.history(database, "T1") if each.field == "fees")

    await editing.undo_change(database, fees.id, by="eva", rules=rules(), now=LATER)

    record = await one(database)
    assert (record.fees, record.eligibility) == ("", "cualquiera")


async def test_an_undo_with_a_later_change_in_between_is_refused_and_changes_nothing(
    database: Database,
) -> None:
    await add(database)
    first = await change_fields(database, fees="gratis", eligibility="cualquiera")
    later = await change_fields(database, fees="100 pesos")
    before = await version(database)

    with pytest.raises(CannotUndo, match="se cambió después"):
        await undo(database, first.batch_id)
    assert ((await one(database)).fees, await version(database)) == ("100 pesos", before)

    await undo(database, later.batch_id)
    await undo(database, first.batch_id)
    assert (await one(database)).fees == ""


async def test_a_value_set_again_later_still_stands_in_between(database: Database) -> None:
    await add(database)
    first = await change_fields(database, fees="gratis")
    await change_fields(database, fees="100 pesos")
    await change_fields(database, fees="gratis")

    with pytest.raises(CannotUndo):
        await undo(database, first.batch_id)


async def test_a_batch_that_does_not_exist_is_said(database: Database) -> None:
    with pytest.raises(CannotUndo, match="no existe"):
        await undo(database, 999_999)


async def test_turning_a_record_into_a_refuge_erases_its_place_everywhere(database: Database) -> None:
    await add(database, office(location=replace(office().location, address=SECRET)))
    moved = await publish(
        database,
        Edit("T1", {"address": f"{SECRET} bis", "description": f"Junto a {SECRET}"}, 0),
        author=Author("ana", Via.PANEL, why=f"se mudó a {SECRET}", source=f"nota de {SECRET}"),
    )
    safe = {"kind": "refuge", "name": "Refugio", "description": "", "source_urls": []}
    await change_fields(database, **safe)

    kept = await dump(database)
    record = await one(database)

    assert "Secretísima" not in kept
    assert "Secret\\u00edsima" not in kept
    assert (record.kind, record.location.state, record.location.municipality) == (Kind.REFUGE, "07", "")
    assert (record.phones, record.exposure, record.coverage) == ((), Exposure.STAFF, ("07", "12"))
    assert all(each.before is None for each in await editing.history(database, "T1") if each.erased)
    with pytest.raises(CannotUndo, match="se borró"):
        await undo(database, moved.batch_id)


@pytest.mark.only_on("sqlite")
async def test_the_place_of_a_new_refuge_is_gone_from_the_files_of_sqlite(
    database: Database, tmp_path: Path
) -> None:
    await add(database, office(location=replace(office().location, address=SECRET)))
    await change_fields(database, kind="refuge", name="Refugio", description="", source_urls=[])

    left = b"".join(path.read_bytes() for path in tmp_path.glob("faro.db*"))

    assert SECRET.encode() not in left


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", SECRET),
        ("municipality", "07078"),
        ("latitude", 16.7371),
        ("phones", to_fields(office())["phones"]),
        ("description", "Está en la colonia Secretísima"),
        ("staff_note", "Queda en San Cristóbal de las Casas"),
    ],
)
async def test_a_refused_refuge_is_kept_nowhere(
    database: Database, field: str, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    edit = Edit("T1", {**REFUGE, field: value})
    before = await dump(database)

    with pytest.raises(Refused) as told:
        await publish(database, edit)

    assert field in {each.field for each in told.value.problems}
    for said in (str(told.value), caplog.text):
        assert "ecretísima" not in said
        assert "San Crist" not in said
        assert "16.7371" not in said
    assert await dump(database) == before


async def test_the_reason_of_a_change_may_not_tell_where_a_refuge_is(database: Database) -> None:
    with pytest.raises(Refused, match="«why»"):
        await publish(
            database, Edit("T1", REFUGE), author=Author("ana", Via.PANEL, why="la mudaron a Tapachula")
        )


@pytest.mark.parametrize(
    "statement",
    [
        update(location).values(address=SECRET),
        update(location).values(municipality="07078"),
        update(service).values(url="https://example.org"),
        update(service).values(exposure="public"),
        update(service).values(alternate_name="La casa"),
        service_area.insert().values(service_id="REF-07-1", extent="07078", service_kind="refuge"),
        phone.insert().values(
            service_id="REF-07-1",
            position=0,
            service_kind="refuge",
            number="1",
            type="voice",
            exposure="staff",
        ),
    ],
    ids=["address", "municipality", "url", "exposure", "alternate_name", "area", "phone"],
)
async def test_the_database_itself_refuses_the_place_of_a_refuge(
    database: Database, statement: object
) -> None:
    if hasattr(statement, "where"):
        column = service.c.id if statement.table is service else location.c.service_id  # type: ignore[attr-defined]
        statement = statement.where(column == "REF-07-1")

    with pytest.raises(DBAPIError) as refused:
        async with database.write() as connection:
            await connection.execute(statement)  # type: ignore[call-overload]

    assert SECRET not in str(refused.value)


async def test_a_phone_cannot_name_another_kind_than_its_service(database: Database) -> None:
    row = {"service_id": "REF-07-1", "position": 0, "service_kind": "office", "number": "1", "type": "voice"}

    with pytest.raises(DBAPIError):
        async with database.write() as connection:
            await connection.execute(phone.insert().values(**row, exposure="staff"))


async def test_a_new_seed_changes_what_caseworkers_left_alone_and_keeps_what_they_changed(
    database: Database,
) -> None:
    first = [office(), office("T2"), office("T3")]
    await seed(database, first, "one")
    await change_fields(database, "T1", fees="100 pesos")
    await publish(database, Edit("T2", revision=(await one(database, "T2")).revision, remove=True))
    await add(database, office("OWN"))

    await seed(database, [office(fees="gratis", eligibility="todas"), office("T2"), office("T4")], "two")

    records = await all_of(database)
    assert (records["T1"].fees, records["T1"].eligibility) == ("100 pesos", "todas")
    assert {"T2", "T3"} & set(records) == set()  # one removed by hand, the other gone from the seed
    assert {"T4", "OWN"} <= set(records)


async def test_a_record_gone_from_the_seed_stays_when_a_caseworker_changed_it(database: Database) -> None:
    await seed(database, [office(), office("T2")], "one")
    await change_fields(database, "T1", fees="100 pesos")

    await seed(database, [office("T2")], "two")

    assert (await one(database)).fees == "100 pesos"


async def test_a_seed_never_gives_back_the_place_of_what_became_a_refuge(database: Database) -> None:
    await seed(database, [office(location=replace(office().location, address=SECRET))], "one")
    await change_fields(database, kind="refuge", name="Refugio", description="", source_urls=[])

    await seed(database, [office(location=replace(office().location, address=f"{SECRET} bis"))], "two")

    assert (await one(database)).kind is Kind.REFUGE
    assert "Secretísima" not in await dump(database)


async def test_the_same_seed_is_loaded_once(database: Database) -> None:
    await seed(database, [office()], "one")
    before = await version(database)

    await seed(database, [office(fees="otra cosa")], "one")

    assert await version(database) == before


async def test_reports_of_people_survive_a_new_seed(database: Database) -> None:
    await seed(database, [office()], "one")
    async with database.write() as connection:
        await directory_store.add_report(connection, "T1", on=NOW.date())

    await seed(database, [office(fees="gratis")], "two")

    assert "datetime.date(2026, 11, 23)" in await dump(database)


async def test_a_staff_export_imported_again_changes_nothing_and_an_import_is_undone_whole(
    database: Database, tmp_path: Path
) -> None:
    areas = area_names.load(rules().areas)
    before = await all_of(database)
    for name in ("d.csv", "d.xlsx", "d.json"):
        files.write(tmp_path / name, before.values(), areas, audience=Exposure.STAFF, today=NOW.date())
        same = plan.compare(files.read(tmp_path / name), before, rules=rules(), areas=areas, now=NOW)
        assert (same.proposals, same.problems) == ((), ())
    (tmp_path / "hoja.csv").write_text("id,name,fees,needs\nMX015,,gratis hoy,\n,Comedor inventado,,food\n")
    found = plan.compare(files.read(tmp_path / "hoja.csv"), before, rules=rules(), areas=areas, now=NOW)
    done = await plan.apply(database, found, by="ana", file="hoja.csv", rules=rules(), now=NOW)
    changed = await all_of(database)

    await undo(database, done.batch_id)

    assert (changed["MX015"].fees, len(changed)) == ("gratis hoy", len(before) + 1)
    assert {k: to_fields(r) for k, r in (await all_of(database)).items()} == {
        k: to_fields(r) for k, r in before.items()
    }


async def test_a_file_name_is_not_kept_when_a_refuge_comes_with_it(
    database: Database, tmp_path: Path
) -> None:
    areas = area_names.load(rules().areas)
    path = tmp_path / "refugio en Tapachula.csv"
    path.write_text("name,needs,state,kind\nRefugio,gbv,Chiapas,refuge\n")
    found = plan.compare(files.read(path), {}, rules=rules(), areas=areas, now=NOW)

    await plan.apply(database, found, by="ana", file=path.name, rules=rules(), now=NOW)

    assert "refugio en Tapachula" not in await dump(database)


async def test_history_and_seed_hold_no_more_tables_than_are_erased() -> None:
    """A new table that keeps values of records must be erased too: then name it in history_store.erase."""
    keeping = {
        table.name for table in service.metadata.sorted_tables if "record" in table.c or "before" in table.c
    }

    assert keeping == {seed_record.name, change.name}
    assert {"why", "source"} <= set(change_batch.c.keys())


async def test_the_batches_are_listed_newest_first(database: Database) -> None:
    await add(database)
    await change_fields(database, fees="gratis")

    async with database.read() as connection:
        newest, older, *_ = await history_store.batches(connection)

    assert (newest.author.by, newest.changes, older.changes) == ("ana", 1, 1)
    assert newest.id > older.id
    assert json.dumps(newest.author.why)


async def test_sqlite_and_postgresql_keep_the_same_check_names(database: Database, engine: str) -> None:
    query = (
        "SELECT sql FROM sqlite_master WHERE type = 'table'"
        if engine == "sqlite"
        else "SELECT conname FROM pg_constraint"
    )
    async with database.read() as connection:
        said = " ".join(str(row[0]) for row in await connection.execute(text(query)))

    for name in (
        "ck_service_refuge_says_only_its_state",
        "ck_location_refuge_has_no_place",
        "ck_phone_refuge_has_no_phone",
        "ck_service_area_refuge_covers_states",
    ):
        assert name in said
