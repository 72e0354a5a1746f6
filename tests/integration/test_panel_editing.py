"""Changing the directory in the panel: what is typed, refused, proposed, published, undone, in conflict."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot import conversation
from bot.messages import Inbound, Meaning
from bot.panel.roles import Role
from bot.state import State
from data import directory_store, history_store, proposal_store
from data.history_store import Author, Via
from data.records import Exposure, Kind, Service
from services import editing, record_rules
from services.editing import Edit
from tests.fixtures.panel import Answer, Caseworker, PanelServer
from tests.fixtures.postgres import Postgres
from tests.fixtures.record_forms import form_of

sqlite_only = pytest.mark.usually_on("sqlite")
OFFICE = "MS005"
"""An office without gender-based violence or emergency among its needs."""

XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
SECRET = "Calle Secretísima 5, colonia Centro"


async def record(panel: PanelServer, key: str) -> Service:
    async with panel.core.database.read() as connection:
        return (await directory_store.load(connection, [key]))[0]


async def plain_office(panel: PanelServer) -> Service:
    """Some public office of one state that has a phone and is not about danger."""
    async with panel.core.database.read() as connection:
        found = await directory_store.load(connection)
    return next(
        each
        for each in found
        if each.kind is Kind.OFFICE
        and each.phones
        and not {"gbv", "emergency"} & set(each.needs)
        and each.exposure is Exposure.PUBLIC
        and each.location.municipality
        and not each.field_exposure
    )


async def grave_line(panel: PanelServer) -> Service:
    async with panel.core.database.read() as connection:
        found = await directory_store.load(connection)
    return next(each for each in found if "gbv" in each.needs and each.phones and each.location.state)


async def edit(who: Caseworker, key: str, **changes: str | list[str]) -> Answer:
    page = await who.get(f"/servicios/{key}/editar")
    return await who.post(
        f"/servicios/{key}/editar", form_of(page.text, **({"do": "save", "why": "llamé"} | changes))
    )


async def test_a_change_is_in_the_very_next_answer_and_in_the_history(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    async with panel.core.database.read() as connection:
        await panel.core.directory(connection)

    answer = await edit(ana, office.id, phones__0__number="(961) 615-51 78")

    async with panel.core.database.read() as connection:
        directory = await panel.core.directory(connection)
        history = await history_store.of_service(connection, office.id)
    state = State(
        need=office.needs[0], place=office.location.municipality, in_hand=(office.id,), welcomed=True
    )
    said = conversation.respond(
        state, Inbound(option=f"service:{office.id}"), Meaning(), directory, datetime.now(UTC)
    )
    page = await ana.get(f"/servicios/{office.id}")
    assert answer.location.endswith(f"/servicios/{office.id}?ok=saved")
    assert "961 615 5178" in said.replies[0].text
    assert history[0].field == "phones"
    assert history[0].author == Author("ana", Via.PANEL, why="llamé")
    assert "«llamé»" in page.text


@sqlite_only
async def test_an_untouched_form_changes_nothing_at_all(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.EDITING)
    async with panel.core.database.read() as connection:
        records = await directory_store.load(connection)
    version_before = await version(panel)

    for each in records[::23]:
        answer = await edit(ana, each.id)
        async with panel.core.database.read() as connection:
            changes = await history_store.of_service(connection, each.id)
        assert answer.location.endswith("ok=same"), changes[0]

    assert await version(panel) == version_before


async def version(panel: PanelServer) -> int:
    async with panel.core.database.read() as connection:
        return await directory_store.version(connection)


@sqlite_only
async def test_every_control_writes_its_field(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)

    answer = await edit(
        ana,
        office.id,
        name="Casa <de> paso «Ñandú»",
        main_need="food",
        needs=["shelter", "health"],
        coverage__0="Tlapa, Guerrero",
        coverage__1="Oaxaca",
        state="12",
        municipality="tlapa",
        hours="days",
        days__0__spans__0__opens="9:00",
        days__0__spans__0__closes="14:00",
        days__0__spans__1__opens="16:00",
        days__0__spans__1__closes="18:00",
        days__5__spans__0__opens="22:00",
        days__5__spans__0__closes="00:00",
        holidays="y",
        appointment="y",
        schedule_note="toque fuerte",
        children="si",
        men="no",
        lgbti="",
        sons_up_to_age="12",
        languages="español, náhuatl",
        source_urls="https://a.example/1\n https://b.example ",
        verified_how="call",
        check_due="2027-01-31",
        hidden__address="staff",
    )

    saved = await record(panel, office.id)
    assert answer.status == 303, answer.text
    assert saved.name == "Casa <de> paso «Ñandú»"
    assert saved.needs == ("food", "shelter", "health")
    assert saved.coverage == ("12066", "20")
    assert (saved.location.state, saved.location.municipality) == ("12", "12066")
    mark = '"previa cita"'
    assert saved.schedule == f"Mo 09:00-14:00,16:00-18:00 {mark}; Sa 22:00-24:00 {mark}; PH off"
    assert saved.schedule_note == "toque fuerte"
    fit = saved.compatibility
    assert (fit.children, fit.men, fit.lgbti, fit.sons_up_to_age) == (True, False, None, 12)
    assert saved.languages == ("español", "náhuatl")
    assert saved.source.urls == ("https://a.example/1", "https://b.example")
    assert (saved.verified_how, saved.verified_by) == ("call", "editing")
    assert dict(saved.field_exposure) == {"address": "staff"}
    again = await edit(ana, office.id)
    assert again.location.endswith("ok=same")


@sqlite_only
async def test_errors_stand_beside_their_field_and_nothing_typed_is_lost(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)
    typed = {
        "name": "",
        "organization": "Y" * 301,
        "phones__0__number": "12345",
        "municipality": "Macondo",
        "coverage__0": "San Juan Mixtepec",
        "latitude": "norte",
        "hours": "days",
        "days__0__spans__0__opens": "25:00",
        "days__0__spans__0__closes": "9",
        "email": "no es correo",
        "website": "javascript:alert(1)",
        "sons_up_to_age": "doce",
        "check_due": "mañana",
        "why": "porque sí",
        "staff_note": XSS,
    }

    answer = await edit(ana, office.id, **typed)

    assert answer.status == 422
    expected = {
        "phones-0", "municipality", "coverage-0", "latitude", "days-0", "sons_up_to_age", "check_due",
    }  # fmt: skip
    for name in expected:
        assert f'id="error-{name}"' in answer.text, name
    for value in ("12345", "Macondo", "San Juan Mixtepec", "norte", "doce", "porque sí", "no es correo"):
        assert value in answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert await record(panel, office.id) == office


@sqlite_only
async def test_the_directorys_own_rules_are_told_in_the_form(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)

    answer = await edit(ana, office.id, name="", website="javascript:alert(1)", email="x", source_date="ayer")

    assert answer.status == 422
    for name in ("name", "website", "email", "source_date"):
        assert f'id="error-{name}"' in answer.text, name


@sqlite_only
async def test_a_change_needs_a_reason(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)

    answer = await edit(ana, office.id, fees="gratis, siempre", why="  ")

    assert answer.status == 422
    assert 'id="error-why"' in answer.text
    assert "gratis, siempre" in answer.text


@sqlite_only
async def test_the_preview_is_what_the_channels_send_and_saves_nothing(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)

    answer = await edit(ana, office.id, name="Comedor Las Jacarandas", do="preview")

    assert answer.status == 200
    told, asked_for = 4, 2 * sum(map(bool, (office.phones, office.website)))
    assert answer.text.count('<div class="bubble">') == told + asked_for
    assert answer.text.count("Solo si toca o escribe") == asked_for
    assert answer.text.count("• Comedor Las Jacarandas") == 2
    assert "Cambiar de lugar" in answer.text
    assert await record(panel, office.id) == office


@sqlite_only
async def test_the_preview_shows_the_map_that_comes_when_somebody_asks_for_it(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)

    answer = await edit(
        ana, office.id, address="Calle Inventada 12", latitude="19.4326", longitude="-99.1332", do="preview"
    )

    assert answer.text.count("Solo si toca o escribe «Mapa»:") == 2
    assert answer.text.count("📍") == 2
    assert "Abrir el mapa" in answer.text


@sqlite_only
async def test_stored_text_is_shown_as_text_on_every_page(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.ADMINISTRATION)
    await edit(ana, office.id, name=XSS, description=XSS, staff_note=XSS, why=XSS)

    for path in (
        f"/servicios/{office.id}",
        f"/servicios/{office.id}/editar",
        "/directorio?q=alert",
        f"/directorio?q={XSS}",
        f"/directorio?municipio={XSS}",
        "/bitacora",
        f"/entrar?next={XSS}",
    ):
        page = await ana.get(path)
        assert "<script>alert" not in page.text, path
        assert "<img src=x" not in page.text, path


async def test_phones_of_danger_and_violence_need_a_second_person(panel: PanelServer) -> None:
    line = await grave_line(panel)
    ana = await panel.caseworker(Role.VERIFYING, "ana@ejemplo.org")
    eva = await panel.caseworker(Role.VERIFYING, "eva@ejemplo.org")

    proposed = await edit(ana, line.id, phones__0__number="961 615 5178")
    twice = await edit(ana, line.id, phones__0__number="961 615 5178")
    async with panel.core.database.read() as connection:
        (waiting,) = await proposal_store.waiting(connection)
    unchanged = await record(panel, line.id)
    form = {"do": "approve", "revision": str(line.revision)}
    own = await ana.post(f"/cambios/{waiting.id}", form)
    stale = await eva.post(f"/cambios/{waiting.id}", {**form, "revision": "999"})
    page = await eva.get("/cambios")
    approved = await eva.post(f"/cambios/{waiting.id}", form)
    late = await eva.post(f"/cambios/{waiting.id}", form)

    saved = await record(panel, line.id)
    async with panel.core.database.read() as connection:
        history = await history_store.of_service(connection, line.id)
    assert proposed.location.endswith("ok=proposed")
    assert twice.location.endswith("ok=proposed")
    assert unchanged == line
    assert own.status == 403
    assert stale.status == 409
    assert "961 615 5178" in page.text
    assert approved.location.endswith("ok=approved")
    assert late.status == 409
    assert saved.phones[0].number == "961 615 5178"
    assert history[0].author.by == "ana; aprobó eva"


@sqlite_only
async def test_showing_what_was_hidden_needs_a_second_person_also_by_undoing(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")

    hidden = await edit(ana, office.id, exposure="staff")
    async with panel.core.database.read() as connection:
        change = (await history_store.of_service(connection, office.id))[0]
    undone = await ana.post(f"/servicios/{office.id}/deshacer", {"change": str(change.id)})
    shown = await edit(ana, office.id, exposure="public")
    field = await edit(ana, office.id, hidden__phones="never")
    field_back = await edit(ana, office.id, hidden__phones="staff")

    assert hidden.location.endswith("ok=saved")
    assert undone.location.endswith("ok=proposed")
    assert shown.location.endswith("ok=proposed")
    assert field.location.endswith("ok=saved")
    assert field_back.location.endswith("ok=proposed")
    assert (await record(panel, office.id)).exposure is Exposure.STAFF


@sqlite_only
async def test_a_proposal_can_be_withdrawn_by_its_author_only_or_turned_down(panel: PanelServer) -> None:
    line = await grave_line(panel)
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    eva = await panel.caseworker(Role.VERIFYING, "eva@ejemplo.org")
    await edit(ana, line.id, phones__0__number="961 615 5178")
    await edit(ana, line.id, phones__0__number="961 615 5179")
    async with panel.core.database.read() as connection:
        first, second = await proposal_store.waiting(connection)

    by_other = await eva.post(f"/cambios/{first.id}/retirar")
    by_author = await ana.post(f"/cambios/{first.id}/retirar")
    by_role = await ana.post(f"/cambios/{second.id}", {"do": "approve", "revision": str(line.revision)})
    rejected = await eva.post(f"/cambios/{second.id}", {"do": "reject", "note": "ese no es"})

    async with panel.core.database.read() as connection:
        assert await proposal_store.waiting(connection) == []
        decided = await proposal_store.decided(connection)
    assert [by_other.status, by_author.status, by_role.status, rejected.status] == [404, 303, 403, 303]
    assert {each.status for each in decided} == {"withdrawn", "refused"}
    assert all(each.fields is None for each in decided)
    assert await record(panel, line.id) == line


async def test_two_who_edit_at_once_lose_nothing(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    eva = await panel.caseworker(Role.EDITING, "eva@ejemplo.org")
    path = f"/servicios/{office.id}/editar"
    hers, his = await ana.get(path), await eva.get(path)

    await eva.post(path, form_of(his.text, fees="cinco pesos", eligibility="con acta", why="a", do="save"))
    clash = await ana.post(
        path, form_of(hers.text, fees="gratis", description="Da comida.", why="b", do="save")
    )
    merged = await ana.post(path, form_of(clash.text, do="save"))

    saved = await record(panel, office.id)
    assert clash.status == 409
    assert "Otra persona guardó cambios" in clash.text
    assert "cinco pesos" in clash.text
    assert "gratis" in clash.text
    assert "con acta" in clash.text
    assert merged.location.endswith("ok=saved")
    assert (saved.fees, saved.eligibility, saved.description) == ("gratis", "con acta", "Da comida.")


@sqlite_only
async def test_the_same_form_sent_twice_is_one_change(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)
    path = f"/servicios/{office.id}/editar"
    page = await ana.get(path)
    form = form_of(page.text, fees="gratis del todo", why="a", do="save")

    answers = await asyncio.gather(*(ana.post(path, form) for _ in range(3)))

    async with panel.core.database.read() as connection:
        changes = await history_store.of_service(connection, office.id)
    assert {answer.status for answer in answers} == {303}
    assert sum(change.field == "fees" for change in changes) == 1


@sqlite_only
async def test_a_new_record_is_made_once(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.EDITING)
    page = await ana.get("/servicios/nuevo")
    form = form_of(
        page.text,
        kind="office",
        name="Comedor Nuevo",
        organization="Parroquia inventada",
        main_need="food",
        coverage__0="Tlapa, Guerrero",
        why="la visité",
        do="save",
    )

    first = await ana.post("/servicios/nuevo", form)
    second = await ana.post("/servicios/nuevo", form)
    bad_id = await ana.post("/servicios/nuevo", [*[f for f in form if f[0] != "id"], ("id", "MX007")])

    found = await ana.get("/directorio?q=comedor+nuevo")
    assert first.status == 303, first.text
    assert second.status == 303
    assert bad_id.status == 400
    assert "1 servicio<" in found.text


@sqlite_only
async def test_limits_of_an_account_hold_by_address_too(panel: PanelServer) -> None:
    office = await plain_office(panel)
    other_state = "01" if office.location.state != "01" else "02"
    ana = await panel.caseworker(Role.ADMINISTRATION, "ana@ejemplo.org", states=(other_state,))
    rosa = await panel.caseworker(Role.EDITING, "rosa@ejemplo.org", organization="Otra Institución")
    mine = await panel.caseworker(Role.EDITING, "mia@ejemplo.org", states=(office.location.state,))
    page = await mine.get(f"/servicios/{office.id}/editar")
    form = form_of(page.text, fees="cambiado", why="x", do="save")

    refused = [
        (await ana.get(f"/servicios/{office.id}/editar")).status,
        (await ana.post(f"/servicios/{office.id}/editar", form)).status,
        (await rosa.post(f"/servicios/{office.id}/editar", form)).status,
        (await ana.post(f"/servicios/{office.id}/deshacer", {"change": "1"})).status,
    ]
    taken_out = await mine.post(
        f"/servicios/{office.id}/editar", form_of(page.text, coverage__0="Todo el país", why="x", do="save")
    )
    seen = await ana.get(f"/servicios/{office.id}")

    assert refused[:3] == [403, 403, 403]
    assert refused[3] in (403, 404)
    assert taken_out.status == 422
    assert "Su cuenta no puede poner" in taken_out.text
    assert seen.status == 200
    assert "/editar" not in seen.text
    assert await record(panel, office.id) == office


@sqlite_only
async def test_what_nobody_may_see_is_not_found_by_who_may_not_change_it(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")
    leo = await panel.caseworker(Role.READING, "leo@ejemplo.org")
    await edit(ana, office.id, exposure="never")

    assert (await leo.get(f"/servicios/{office.id}")).status == 404
    assert f'/servicios/{office.id}"' not in (await leo.get(f"/directorio?q={office.id}")).text
    assert (await ana.get(f"/servicios/{office.id}")).status == 200


@sqlite_only
async def test_an_undo_of_another_records_change_is_not_found(panel: PanelServer) -> None:
    office, line = await plain_office(panel), await grave_line(panel)
    ana = await panel.caseworker(Role.EDITING)
    await edit(ana, office.id, fees="uno")
    async with panel.core.database.read() as connection:
        change = (await history_store.of_service(connection, office.id))[0]

    wrong = await ana.post(f"/servicios/{line.id}/deshacer", {"change": str(change.id)})
    right = await ana.post(f"/servicios/{office.id}/deshacer", {"change": str(change.id)})
    again = await ana.post(f"/servicios/{office.id}/deshacer", {"change": str(change.id)})
    hostile = [
        (await ana.post(f"/servicios/{office.id}/deshacer", {"change": text})).status
        for text in ("", "-1", "9" * 40, "٣", "1;drop")
    ]

    assert wrong.status == 404
    assert right.location.endswith("ok=undone")
    assert again.status == 409
    assert hostile == [404] * 5
    assert (await record(panel, office.id)).fees == office.fees


@sqlite_only
async def test_a_refuge_has_no_place_in_its_form_and_refused_text_is_nowhere(panel: PanelServer) -> None:
    ana = await panel.caseworker(Role.EDITING)
    fields = {
        "name": "Refugio", "organization": "No se publica", "needs": ["gbv"], "coverage": ["07"],
        "kind": "refuge", "exposure": "staff", "state": "07",
    }  # fmt: skip
    author = Author("eva", Via.PANEL)
    await editing.publish(
        panel.core.database,
        [Edit("R1", fields)],
        author=author,
        rules=record_rules.load_rules(),
        now=datetime.now(UTC),
    )

    page = await ana.get("/servicios/R1/editar")
    told = await edit(ana, "R1", description=SECRET, staff_note=SECRET, why=SECRET)
    forged = await edit(ana, "R1", address=SECRET, phones__0__number="961 615 5178", municipality="Tuxtla")
    place = await edit(ana, "R1", coverage__0="Tapachula, Chiapas")

    for name in ("address", "municipality", "locality", "latitude", "phones-0-number", "website", "email"):
        assert f'name="{name}"' not in page.text
    assert told.status == 422
    assert "Secret" not in told.text
    assert forged.location.endswith("ok=same")
    assert place.status == 422
    dump = (panel.core.database, await record(panel, "R1"))[1]
    assert "Secret" not in repr(dump)


@sqlite_only
async def test_making_a_record_a_refuge_is_confirmed_and_erases_its_place(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)
    place = office.location

    asked = await edit(ana, office.id, kind="refuge", coverage__0="Chiapas", name="Refugio", description="",
                       organization="No se publica", eligibility="", fees="", schedule_note="", staff_note="",
                       source_urls="", languages="", hours="unknown", main_need="gbv", needs=[])  # fmt: skip
    done = await ana.post(
        f"/servicios/{office.id}/editar",
        form_of(asked.text, confirm_refuge="y", why="es un refugio", do="save"),
    )

    saved = await record(panel, office.id)
    assert asked.status == 422
    assert 'id="error-confirm_refuge"' in asked.text
    assert place.address == "" or place.address not in asked.text
    assert done.status == 303, done.text
    assert saved.kind is Kind.REFUGE
    assert saved.location.municipality == ""
    assert saved.exposure is Exposure.STAFF
    page = await ana.get(f"/servicios/{office.id}")
    assert office.phones[0].number not in page.text


HOSTILE: list[dict[str, str | list[str]]] = [
    {"kind": "castillo", "status": "x", "confidence": "Z", "exposure": "todos"},
    {"needs": ["nada"], "only_for": ["<b>"]},
    {"main_need": "x" * 1000},
    {"base": "no sellado"},
    {"phones__0__type": "fax", "phones__0__exposure": "todos"},
    {"hidden__phones": "todos"},
    {"phones__7__number": "961 615 5178"},
    {"coverage__99999999": "Chiapas"},
    {"days__9__spans__0__opens": "9:00"},
    {"latitude": "nan", "longitude": "inf"},
    {"sons_up_to_age": "-1"},
    {"name": "\x00\x01", "description": "Ã¡"},
    {"description": "x" * 90_000},
]


@sqlite_only
async def test_hostile_forms_are_answered_with_the_form(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)

    for changes in HOSTILE:
        answer = await edit(ana, office.id, **changes)
        assert answer.status in (303, 422), (changes, answer.text)
        assert "<h1>" in answer.text or answer.location


@pytest.mark.only_on("postgres")
async def test_a_lost_connection_while_saving_loses_nothing(panel: PanelServer, postgres: Postgres) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING)
    page = await ana.get(f"/servicios/{office.id}/editar")
    form = form_of(page.text, fees="gratis todos los días", why="llamé", do="save")

    postgres.stop()
    try:
        cut = await ana.post(f"/servicios/{office.id}/editar", form)
        away = await ana.get("/directorio")
    finally:
        postgres.start()
    again = await ana.post(f"/servicios/{office.id}/editar", {"_kept": cut.hidden("_kept")})

    assert cut.status == 503
    assert "No se perdió nada" in cut.text
    assert away.status == 503
    assert again.location.endswith("ok=saved")
    assert (await record(panel, office.id)).fees == "gratis todos los días"
