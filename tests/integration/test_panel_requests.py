"""Requests in the panel: who sees which, answering through the bot, and that nothing goes twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import answering
from bot.core import Core
from bot.panel.roles import Role
from data import audit_store
from data.tables import request_message
from tests.fixtures.panel import Caseworker, PanelServer
from tests.fixtures.platforms import TelegramApi
from tests.integration.test_requests import leave
from tests.integration.test_turns import Phone, rows

pytestmark = pytest.mark.usually_on("sqlite")
WORDS = "Buenas tardes, soy Rosa, del equipo. Hay lugar para usted desde hoy."
HOSTILE = '<script>alert(1)</script> & "comillas"'


@pytest.fixture
def core(core: Core) -> Core:
    return replace(core, operator=replace(core.operator, casework_team=True), _directory=None)


@pytest.fixture
def ana(core: Core, telegram_api: TelegramApi) -> Phone:
    return Phone(core, telegram_api, now=datetime.now(UTC) - timedelta(minutes=1))


async def heard(phone: Phone, text: str = "", *, tap: str = "") -> str:
    """What the person has read last, now; first they may say something themselves."""
    phone.now = datetime.now(UTC)
    if text or tap:
        await phone.say(text, tap=tap)
    await phone.sent()
    return phone.heard[-1]


async def mine(panel: PanelServer, phone: Phone) -> tuple[Caseworker, str]:
    """A caseworker who has taken the request that a person left."""
    left = await leave(phone)
    rosa = await panel.caseworker(Role.EDITING, "rosa@ejemplo.org")
    assert (await rosa.post(f"/solicitudes/{left.id}/tomar")).status == 303
    return rosa, left.id


async def test_a_caseworker_takes_answers_hands_back_and_closes(panel: PanelServer, ana: Phone) -> None:
    rosa, request_id = await mine(panel, ana)
    page = f"/solicitudes/{request_id}"

    sent = await rosa.post(f"{page}/contestar", {"words": WORDS})
    asked = await rosa.get(sent.location.removeprefix("/panel"))
    assert "Se le preguntó si puede escribir" in asked.text
    assert (await heard(ana)).startswith("¿Puede escribir ahora?")
    assert WORDS in await heard(ana, tap="talk:yes")
    assert (await heard(ana, HOSTILE)).endswith(WORDS)  # Faro is silent
    read_back = await rosa.get(f"{page}?parte=hilo")
    assert "&lt;script&gt;" in read_back.text
    assert "<script" not in read_back.text

    assert (await rosa.post(f"{page}/devolver")).status == 303
    assert WORDS not in await heard(ana)
    assert (await rosa.post(f"{page}/cerrar")).location.startswith("/panel/solicitudes?")
    assert "Se cerró" in (await rosa.get(page)).text
    async with panel.core.database.read() as connection:
        noted = await audit_store.entries(connection)
    assert {"request_taken", "request_answered", "request_handed_back", "request_closed"} <= {
        entry.action for entry in noted
    }
    assert all("Buenas" not in entry.detail + entry.target for entry in noted)


async def test_the_same_answer_sent_twice_is_kept_once(panel: PanelServer, ana: Phone) -> None:
    rosa, request_id = await mine(panel, ana)

    for _ in range(2):
        await rosa.post(f"/solicitudes/{request_id}/contestar", {"words": WORDS})
    await heard(ana)
    await heard(ana, tap="talk:yes")
    await heard(ana, "gracias")
    await rosa.post(f"/solicitudes/{request_id}/contestar", {"words": WORDS})

    assert len(await rows(panel.core.database, request_message)) == 2
    assert "no sale dos veces" not in (await rosa.get(f"/solicitudes/{request_id}?dicho=inventado")).text


async def test_words_that_a_locked_screen_must_not_show_stay_in_the_form(
    panel: PanelServer, ana: Phone
) -> None:
    rosa, request_id = await mine(panel, ana)

    refused = await rosa.post(f"/solicitudes/{request_id}/contestar", {"words": "Sobre su denuncia de ayer"})

    assert refused.status == 422
    assert "pantalla bloqueada" in refused.text
    assert "Sobre su denuncia de ayer</textarea>" in refused.text
    assert await rows(panel.core.database, request_message) == []


async def test_nobody_else_reads_or_answers_a_taken_request(panel: PanelServer, ana: Phone) -> None:
    rosa, request_id = await mine(panel, ana)
    await rosa.post(f"/solicitudes/{request_id}/contestar", {"words": WORDS})
    luz = await panel.caseworker(Role.EDITING, "luz@ejemplo.org")

    seen = await luz.get(f"/solicitudes/{request_id}")
    thread = await luz.get(f"/solicitudes/{request_id}?parte=hilo")
    answers = [
        await luz.post(f"/solicitudes/{request_id}/{what}", {"words": "Hola"})
        for what in ("tomar", "contestar", "preguntar", "devolver", "cerrar")
    ]
    freed = await luz.post(f"/solicitudes/{request_id}/soltar")

    assert WORDS not in seen.text + thread.text
    assert [answer.status for answer in answers] == [409, 422, 409, 409, 409]
    assert freed.status == 403
    assert (await answering.requests(panel.core))[0].taken_by == (rosa.account and rosa.account.id)


async def test_who_approves_frees_a_request_of_somebody_who_left(panel: PanelServer, ana: Phone) -> None:
    _, request_id = await mine(panel, ana)
    lead = await panel.caseworker(Role.VERIFYING)

    assert (await lead.post(f"/solicitudes/{request_id}/soltar")).status == 303

    assert (await answering.requests(panel.core))[0].taken_by == ""


async def test_a_request_of_another_state_is_not_found(panel: PanelServer, ana: Phone) -> None:
    left = await leave(ana)  # in Guerrero
    other = await panel.caseworker(Role.EDITING, states="07")

    assert left.id not in (await other.get("/solicitudes")).text
    assert (await other.get(f"/solicitudes/{left.id}")).status == 404
    assert (await other.post(f"/solicitudes/{left.id}/tomar")).status == 404


@pytest.mark.parametrize("words", ["", "   ", "x" * 701, "😀" * 400])
async def test_empty_and_huge_answers_are_refused_with_a_sentence(
    panel: PanelServer, ana: Phone, words: str
) -> None:
    rosa, request_id = await mine(panel, ana)

    refused = await rosa.post(f"/solicitudes/{request_id}/contestar", {"words": words})

    assert refused.status == 422
    assert 'role="alert"' in refused.text
    assert await rows(panel.core.database, request_message) == []
