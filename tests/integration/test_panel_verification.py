"""The verification round: what each answer does to the record, to the round, and to what people read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot import conversation
from bot.messages import Inbound, Meaning
from bot.panel.rendering import ZONE
from bot.panel.roles import Role
from bot.state import State
from data import check_store, directory_store, history_store, proposal_store
from data.records import Method, Result, Service, Status
from services import freshness
from tests.fixtures.panel import Answer, Caseworker, PanelServer
from tests.fixtures.record_forms import form_of
from tests.integration.test_panel_editing import XSS, edit, grave_line, plain_office, record

pytestmark = pytest.mark.usually_on("sqlite")


def today() -> date:
    return datetime.now(UTC).astimezone(ZONE).date()


async def check(who: Caseworker, service: Service, result: str, **fields: str) -> Answer:
    await who.get(f"/verificar?id={service.id}&cuales=all")
    form = {"result": result, "how": "call", "revision": str(service.revision), "query": "cuales=all"}
    return await who.post(f"/verificar/{service.id}", form | fields)


async def reported(panel: PanelServer, service: Service, *, times: int = 1) -> None:
    async with panel.core.database.write() as connection:
        for _ in range(times):
            await directory_store.add_report(connection, service.id, on=today())


async def read_in_chat(panel: PanelServer, service: Service) -> str:
    async with panel.core.database.read() as connection:
        directory = await panel.core.directory(connection)
    state = State(need=service.needs[0], place=service.location.municipality, welcomed=True)
    said = conversation.respond(state, Inbound(option="more"), Meaning(), directory, datetime.now(UTC))
    return said.replies[0].text


async def test_the_same_as_before_is_verified_today_and_the_chat_says_so(panel: PanelServer) -> None:
    office = await plain_office(panel)
    eva = await panel.caseworker(Role.VERIFYING, "eva@ejemplo.org")

    answer = await check(eva, office, "same", how="visit")

    now = await record(panel, office.id)
    assert answer.location.endswith(f"hecho={office.id}&cuales=all&ok=verified")
    assert (now.verified_on, now.verified_by, now.verified_how) == (today(), "eva", "visit")
    assert now.verified_result is Result.CONFIRMED
    assert now.check_due == today() + freshness.load().of(office)
    page = await eva.get(answer.location.removeprefix("/panel"))
    assert "verificado hoy" in page.text.partition('class="card round"')[0]
    assert "visita" in page.text
    async with panel.core.database.read() as connection:
        history = await history_store.of_service(connection, office.id)
    assert history[0].author.by == "eva"


async def test_the_same_form_sent_twice_verifies_once(panel: PanelServer) -> None:
    office = await plain_office(panel)
    eva = await panel.caseworker(Role.VERIFYING)

    first, second = await check(eva, office, "same"), await check(eva, office, "same")

    assert first.location == second.location
    assert (await record(panel, office.id)).revision == office.revision + 1


async def test_no_answer_changes_nothing_and_comes_again_later_with_its_count(panel: PanelServer) -> None:
    office = await plain_office(panel)
    eva = await panel.caseworker(Role.VERIFYING)
    await reported(panel, office)

    await check(eva, office, "silent")
    await check(eva, office, "silent")  # the same form again

    assert await record(panel, office.id) == office
    page = await eva.get("/verificar?cuales=reported")
    assert "Más tarde hay que llamar otra vez a 1" in page.text
    async with panel.core.database.write() as connection:
        (kept,) = (await check_store.tries(connection)).values()
        assert kept.count == 1
        past = datetime.now(UTC) - timedelta(minutes=1)
        await check_store.reached(connection, office.id)
        await check_store.tried(connection, office.id, by="eva", now=past, again_at=past)
    again = await eva.get("/verificar?cuales=reported")
    assert "no contestó 1 vez" in again.text
    assert office.phones[0].number in again.text


async def test_what_people_reported_comes_first_and_is_settled_by_a_check(panel: PanelServer) -> None:
    office = await plain_office(panel)
    eva = await panel.caseworker(Role.VERIFYING)
    await reported(panel, office, times=2)

    first = await eva.get("/verificar")
    await check(eva, office, "same")
    after = await eva.get("/verificar?cuales=reported")

    assert "2 personas dijeron que no sirve" in first.text
    assert "No queda ninguno así" in after.text


async def test_no_more_asks_how_that_is_known_and_leaves_the_chat(panel: PanelServer) -> None:
    office = await plain_office(panel)
    eva = await panel.caseworker(Role.VERIFYING)

    unsaid = await check(eva, office, "gone")
    before = await read_in_chat(panel, office)
    answer = await check(eva, office, "gone", why="Contestó una tienda")

    now = await record(panel, office.id)
    assert unsaid.status == 422
    assert "Escriba cómo supo" in unsaid.text
    assert answer.location.endswith("ok=ended")
    assert (now.status, now.verified_result) == (Status.DEFUNCT, Result.CLOSED)
    if office.name in before:
        assert office.name not in await read_in_chat(panel, office)


async def test_a_line_for_danger_is_ended_by_two_people(panel: PanelServer) -> None:
    line = await grave_line(panel)
    eva = await panel.caseworker(Role.VERIFYING, "eva@ejemplo.org")
    luz = await panel.caseworker(Role.VERIFYING, "luz@ejemplo.org")

    answer = await check(eva, line, "gone", why="El número ya no existe")
    async with panel.core.database.read() as connection:
        (waiting,) = await proposal_store.waiting(connection)

    assert answer.location.endswith("ok=proposed")
    assert (await record(panel, line.id)).status is Status.ACTIVE
    decision = {"do": "approve", "revision": str(line.revision)}
    await eva.get("/cambios")
    assert (await eva.post(f"/cambios/{waiting.id}", decision)).status == 403
    await luz.get("/cambios")
    assert (await luz.post(f"/cambios/{waiting.id}", decision)).status == 303
    assert (await record(panel, line.id)).status is Status.DEFUNCT


async def test_what_changed_is_edited_and_comes_back_to_the_round(panel: PanelServer) -> None:
    office = await plain_office(panel)
    eva = await panel.caseworker(Role.VERIFYING)
    link = f"/servicios/{office.id}/editar"

    page = await eva.get(f"{link}?volver=verificar&cuales=all&estado=12")
    form = form_of(page.text, do="save", why="llamé", phones__0__number="961 615 5178")
    answer = await eva.post(link, form)

    now = await record(panel, office.id)
    assert answer.location.startswith("/panel/verificar?")
    assert "estado=12" in answer.location
    assert now.phones[0].number == "961 615 5178"
    assert (now.verified_on, now.verified_result) == (today(), Result.CORRECTED)


async def test_the_form_keeps_how_it_was_checked_and_what_came_of_it(panel: PanelServer) -> None:
    office = await plain_office(panel)
    ana = await panel.caseworker(Role.EDITING, "ana@ejemplo.org")

    kept = []
    for how in Method:
        await edit(ana, office.id, verified_how=how.value, check_due="")
        kept.append(await record(panel, office.id))
    await edit(ana, office.id, verified_how="visit", fees="Gratis, preguntado")
    corrected = await record(panel, office.id)
    page = await ana.get(f"/servicios/{office.id}")

    assert [(each.verified_how, each.verified_result) for each in kept] == [
        (how, Result.CONFIRMED) for how in Method
    ]
    assert {(each.verified_on, each.verified_by) for each in kept} == {(today(), "ana")}
    assert (corrected.verified_how, corrected.verified_result) == (Method.VISIT, Result.CORRECTED)
    assert "Visita" in page.text


@pytest.mark.parametrize("back", ["https://malo.example", "//malo.example", "volver=//malo", XSS])
async def test_the_way_back_leads_nowhere_else(panel: PanelServer, back: str) -> None:
    office = await plain_office(panel)
    eva = await panel.caseworker(Role.VERIFYING)
    link = f"/servicios/{office.id}/editar"
    page = await eva.get(link)

    form = dict(form_of(page.text, do="save", why="llamé", phones__0__number="961 615 5178"))
    answer = await eva.post(link, form | {"volver": back})

    assert answer.location == f"/panel/servicios/{office.id}?ok=saved"


async def test_a_check_of_what_somebody_changed_meanwhile_is_shown_again(panel: PanelServer) -> None:
    office = await plain_office(panel)
    eva = await panel.caseworker(Role.VERIFYING)

    answer = await check(eva, office, "same", revision=str(office.revision + 5))

    assert answer.status == 409
    assert await record(panel, office.id) == office


async def test_only_who_verifies_may_and_only_within_their_states(panel: PanelServer) -> None:
    office = await plain_office(panel)
    other = "07" if office.location.state != "07" else "12"
    editor = await panel.caseworker(Role.EDITING)
    far = await panel.caseworker(Role.VERIFYING, states=other)

    assert (await editor.get("/verificar")).status == 403
    assert (await editor.post(f"/verificar/{office.id}", {"result": "same", "how": "call"})).status == 403
    assert office.id not in (await far.get(f"/verificar?id={office.id}&cuales=all")).text
    assert (await far.post(f"/verificar/{office.id}", {"result": "same", "how": "call"})).status == 403
    assert (await record(panel, office.id)).verified_on == office.verified_on


@pytest.mark.parametrize("form", [{}, {"result": "same"}, {"result": XSS, "how": "call"}, {"how": "x"}])
async def test_a_form_that_is_not_ours_is_refused(panel: PanelServer, form: dict[str, str]) -> None:
    office = await plain_office(panel)
    eva = await panel.caseworker(Role.VERIFYING)

    assert (await eva.post(f"/verificar/{office.id}", form)).status == 400
