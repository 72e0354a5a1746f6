"""How the danger rules and the model are joined: the model may add a danger, never remove one."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Danger, Inbound, Points
from bot.state import State
from bot.understanding import Nlu, Reading, understand, with_model, without_absent_child
from data.needs import Who
from services.directory import Directory

WORDS = Points(-20, -20)
"""Those of most messages."""
CALM = Danger(points=WORDS)
HINTED = Danger(hinted=frozenset(("urgent",)), points=WORDS)
TAKEN_BACK = Danger(taken_back=True, points=WORDS)
CHANCE = st.floats(0, 1)


@pytest_asyncio.fixture
async def nlu() -> AsyncIterator[Nlu]:
    async with aiohttp.ClientSession() as http:
        yield Nlu(http, "http://127.0.0.1:9")


@pytest_asyncio.fixture
async def eager() -> AsyncIterator[Nlu]:
    """A model that takes everything for the registry of victims."""

    async def parse(_: web.Request) -> web.Response:
        return web.json_response({"intent_ranking": [{"name": "victim_registry", "confidence": 1.0}]})

    app = web.Application()
    app.router.add_post("/model/parse", parse)
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        yield Nlu(http, str(server.make_url("")).rstrip("/"), timeout=30)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("7777777", "keywords"),
        ("👍👍", "keywords"),
        ("помогите мне", "keywords"),
        ("¿?", "keywords"),
        ("apuntarme", "rasa"),
    ],
)
async def test_the_model_is_not_asked_about_what_holds_no_letter_of_spanish(
    eager: Nlu, directory: Directory, reading: Reading, text: str, source: str
) -> None:
    meaning = await understand(eager, Inbound(text=text), state=State(), directory=directory, reading=reading)

    assert meaning.source == source
    assert bool(meaning.needs) is (source == "rasa")


@pytest.mark.parametrize(
    ("danger", "labels", "urgent", "gbv"),
    [
        (CALM, {"urgent": 0.9}, True, False),
        (CALM, {"emergency": 0.9}, True, False),
        (CALM, {"gbv": 0.9}, False, True),
        (CALM, {"urgent": 0.48, "gbv": 0.48}, False, False),
        (Danger(points=Points(-10, -25)), {"urgent": 0.35, "gbv": 0.35}, True, False),
        (Danger(points=Points(-120, -120)), {"urgent": 0.9, "gbv": 0.9}, False, False),
        (Danger(urgent=True), {}, True, False),
        (Danger(gbv=True), {"out_of_scope": 1.0}, False, True),
        (HINTED, {"urgent": 0.48, "gbv": 0.48}, True, False),
        (TAKEN_BACK, {"urgent": 0.8, "gbv": 0.8}, False, False),
        (TAKEN_BACK, {"urgent": 0.97}, True, False),
        (CALM, {"urgent": 0.55}, True, False),
        (CALM, {"urgent": 0.55, "out_of_scope": 0.7}, False, False),
    ],
)
async def test_the_model_is_believed_as_far_as_the_words_and_the_rules_allow(
    danger: Danger, labels: dict[str, float], urgent: bool, gbv: bool, nlu: Nlu
) -> None:
    joined = with_model(danger, labels, nlu)

    assert (joined.urgent, joined.gbv) == (urgent, gbv)


@given(
    urgent=st.booleans(),
    gbv=st.booleans(),
    taken_back=st.booleans(),
    chances=st.tuples(CHANCE, CHANCE),
    points=st.integers(-500, 500),
)
async def test_the_model_never_removes_a_danger(
    urgent: bool, gbv: bool, taken_back: bool, chances: tuple[float, float], points: int
) -> None:
    danger = Danger(urgent=urgent, gbv=gbv, taken_back=taken_back, points=Points(points, points))
    async with aiohttp.ClientSession() as http:
        nlu = Nlu(http, "http://127.0.0.1:9")

    joined = with_model(danger, {"urgent": chances[0], "out_of_scope": chances[1]}, nlu)

    assert joined.urgent >= urgent
    assert joined.gbv >= gbv


@pytest.mark.parametrize(
    ("text", "people", "kept"),
    [
        ("tengo 80 años y me dejaron sola", (Who.OLDER,), False),
        ("tengo 70 años y dejaron solos a mis nietos", (Who.OLDER,), True),
        ("me dejaron sola", (), True),
    ],
)
def test_an_old_person_left_alone_is_not_sent_to_the_protection_of_children(
    text: str, people: tuple[Who, ...], kept: bool
) -> None:
    heard = without_absent_child({"children": 0.5, "housing": 0.3}, text, people)

    assert ("children" in heard) == kept
    assert heard["housing"] == 0.3
