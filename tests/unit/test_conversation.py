"""Properties of the conversation: any message in any state is answered, safely and within the budget."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot import budget, conversation, taking_in
from bot.keywords import Command
from bot.messages import Attachment, Danger, Inbound, Meaning, ScoredNeed
from bot.state import Asked, Effect, State, Talk, from_json
from bot.texts import labels
from data.needs import Need, Steer, Who
from services.directory import Directory
from services.gazetteer import Gazetteer
from services.places import Place, PlaceAnswer
from services.routes import Situation
from tests.conftest import NOW, seed_directory

TEXTS = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "SALIR",
            "borrar",
            "Alto",
            "menú",
            "ayuda",
            "persona",
            "mujer",
            "privacidad",
            "ver más",
            "1",
            "10",
            "no contesta",
            "sí",
            "no",
            "👍",
            "\x00",
            "مساعدة",
            "/start",
            "🆘" * 50,
            "más datos",
            "paso 5",
            "paso papeles",
            "siguiente",
            "ya lo hice",
            "cómo llego",
            "contacto",
            "su página",
        ]
    ),
)
KEYS = ["", "00", "12", "12066", "07078", "25006", "09007", "20201", "99999"]
IDS = ["MX001", "MX002", "MX005", "MX006", "NOPE", ""]
OPTIONS = ["menu", "more", "details", "person", "place:?", "place:00", "place:12066", "place:zz", "erase:yes"]
OPTIONS += [
    "erase:no",
    "danger:yes",
    "danger:no",
    "needs:2",
    "service:MX001",
    "service:X",
    "wrong:MX001",
    "map:MX005",
    "card:MX005",
    "card:MX006",
    "page:MX007",
    "x",
]
OPTIONS += [f"need:{code}" for code in Need]
OPTIONS += [
    "route",
    "route:list",
    "route:case",
    "route:next",
    "route:done",
    "step:6",
    "step:99",
    "case:no_papers",
    "case:x",
]
KINDS = ["attack", "suicide", "medical", "child", "missing", "partner", "sexual", "trafficking", "authority"]

states = st.builds(
    State,
    welcomed=st.booleans(),
    need=st.sampled_from(["", *Need]),
    more_needs=st.lists(st.sampled_from(list(Need)), max_size=3).map(tuple),
    place=st.sampled_from(KEYS),
    who=st.lists(st.sampled_from(list(Who)), max_size=2, unique=True).map(tuple),
    situations=st.lists(st.sampled_from(list(Situation)), max_size=2, unique=True).map(tuple),
    minor=st.booleans(),
    alone=st.booleans(),
    gbv=st.booleans(),
    danger=st.sampled_from(["", "attack", "gbv", "sexual", "suicide", "medical", "missing", "child"]),
    asked=st.sampled_from(list(Asked)),
    options=st.lists(st.tuples(st.sampled_from(OPTIONS), st.text(min_size=1, max_size=20)), max_size=4).map(
        tuple
    ),
    shown=st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
    in_hand=st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
    step=st.integers(0, 25),
    done=st.lists(st.integers(1, 20), max_size=3, unique=True).map(tuple),
    misses=st.integers(0, 5),
    stopped=st.booleans(),
    left=st.booleans(),
)
dangers = st.builds(
    Danger,
    urgent=st.booleans(),
    gbv=st.booleans(),
    kinds=st.frozensets(st.sampled_from(KINDS), max_size=3),
    leaving=st.booleans(),
    other_person=st.booleans(),
    silent=st.booleans(),
)
scored = st.builds(ScoredNeed, st.sampled_from([*Need, *Steer]), st.floats(0, 1))
TLAPA = Place("12066", "Guerrero", "Tlapa de Comonfort")
MIXTEPEC = (Place("20208", "Oaxaca", "San Juan Mixtepec"), Place("20209", "Oaxaca", "San Juan Mixtepec"))
place_answers = st.sampled_from(
    [None, PlaceAnswer(), PlaceAnswer((TLAPA,)), PlaceAnswer(MIXTEPEC, ambiguous=True)]
)
meanings = st.builds(
    Meaning,
    needs=st.lists(scored, max_size=4).map(tuple),
    guesses=st.lists(scored, max_size=3, unique_by=lambda s: s.need).map(tuple),
    danger=dangers,
    who=st.lists(st.sampled_from(list(Who)), max_size=2, unique=True).map(tuple),
    place=place_answers,
    place_from=place_answers,
)
inbounds = st.one_of(
    st.builds(Inbound, text=TEXTS),
    st.builds(Inbound, option=st.one_of(st.sampled_from(OPTIONS), st.text(min_size=1, max_size=64))),
    st.builds(Inbound, location=st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
    st.builds(Inbound, attachment=st.sampled_from(list(Attachment))),
)


def talk_of(state: State, inbound: Inbound, meaning: Meaning, directory: Directory) -> Talk:
    return Talk(state, inbound, meaning, directory, NOW)


@settings(max_examples=400, deadline=None)
@given(states, inbounds, meanings)
def test_any_message_in_any_state_gets_one_answer_that_every_channel_can_carry(
    state: State, inbound: Inbound, meaning: Meaning
) -> None:
    turn = conversation.respond(state, inbound, meaning, seed_directory(), NOW)

    assert len(turn.replies) == 1
    assert budget.fits(turn.replies[0]), turn.replies[0]
    assert all(seed_directory().get(service_id, today=NOW.date()) for service_id in turn.replies[0].services)
    assert from_json(turn.state.to_json()) == turn.state


@settings(max_examples=200, deadline=None)
@given(states, inbounds, meanings)
def test_who_only_says_gay_or_trans_gets_no_line_for_women(
    state: State, inbound: Inbound, meaning: Meaning
) -> None:
    state = replace(state, who=(Who.LGBTI,), in_hand=())
    meaning = replace(meaning, who=())
    assume(not inbound.option.startswith("service:"))  # a button that somebody else was offered

    turn = conversation.respond(state, inbound, meaning, seed_directory(), NOW)

    if Who.LGBTI in turn.state.who and Who.WOMEN not in turn.state.who:
        shown = [seed_directory().get(i, today=NOW.date()) for i in turn.replies[0].services]
        assert not [s.id for s in shown if s and s.compatibility.women_only]


@settings(max_examples=300, deadline=None)
@given(states, inbounds, meanings)
def test_a_man_is_never_sent_to_a_womens_door(state: State, inbound: Inbound, meaning: Meaning) -> None:
    state = replace(state, who=(Who.MAN,))
    said = {Command.WOMAN, Command.HELP}
    meaning = replace(
        meaning, who=(), danger=replace(meaning.danger, gbv=False, urgent=False, kinds=frozenset())
    )

    turn = conversation.respond(state, inbound, meaning, seed_directory(), NOW)

    if Who.MAN in turn.state.who and conversation.keywords.command(inbound.text) not in said:
        shown = [seed_directory().get(i, today=NOW.date()) for i in turn.replies[0].services]
        assert not [s.id for s in shown if s and s.compatibility.women_only]


@settings(max_examples=200, deadline=None)
@given(states, st.builds(Inbound, text=st.text(max_size=200)), meanings)
def test_danger_leads_with_help_in_any_state(state: State, inbound: Inbound, meaning: Meaning) -> None:
    assume(conversation.keywords.command(inbound.text) is not Command.HELP)  # AUXILIO alone: a line, the menu
    meaning = replace(meaning, danger=replace(meaning.danger, urgent=True))

    turn = conversation.respond(state, inbound, meaning, seed_directory(), NOW)

    text = turn.replies[0].text
    assert "911" in text[:60]
    assert "SALIR" in text
    assert [option.id for option in turn.replies[0].options] == ["danger:yes", "danger:no"]
    assert turn.grave


@pytest.mark.parametrize("need", list(Need))
@pytest.mark.parametrize(
    "who", [(), (Who.WOMEN,), (Who.MAN,), (Who.WOMAN_WITH_CHILDREN,), (Who.FAMILY_WITH_MAN,)]
)
def test_every_need_in_every_state_is_answered_within_the_budget(
    directory: Directory, gazetteer: Gazetteer, need: Need, who: tuple[Who, ...]
) -> None:
    for number in range(33):
        key = f"{number:02}"
        state = State(place=key, who=who, gbv=need == Need.GBV)

        turn = conversation.respond(state, Inbound(option=f"need:{need}"), Meaning(), directory, NOW)

        reply = turn.replies[0]
        assert budget.fits(reply), (key, reply.text, budget.units(reply.text))
        assert is_neutral(reply.text[:60]), (key, reply.text[:60])


@settings(max_examples=400, deadline=None)
@given(states, inbounds, meanings)
def test_a_locked_screen_shows_nothing_that_exposes(state: State, inbound: Inbound, meaning: Meaning) -> None:
    turn = conversation.respond(state, inbound, meaning, seed_directory(), NOW)

    reply = turn.replies[0]
    assert is_neutral(reply.text[:60]), reply.text[:80]
    assert all(is_neutral(option.label) for option in reply.options)


@settings(max_examples=200, deadline=None)
@given(states, inbounds, meanings)
def test_nothing_is_left_on_the_phone_of_who_told_of_violence_or_is_in_danger(
    state: State, inbound: Inbound, meaning: Meaning
) -> None:
    turn = conversation.respond(state, inbound, meaning, seed_directory(), NOW)

    (reply,) = turn.replies
    if reply.card:
        assert not (state.gbv or state.danger) or state.left or state.stopped
        assert not (meaning.danger.gbv or meaning.danger.urgent) or not inbound.text
        assert not turn.grave
        assert is_neutral(getattr(reply.card, "name", ""))


def test_salir_forgets_and_says_four_neutral_words(directory: Directory, now: datetime) -> None:
    state = State(welcomed=True, need="gbv", place="12066", gbv=True)

    turn = conversation.respond(state, Inbound(text="salir"), Meaning(), directory, now)

    assert turn.effect is Effect.LEAVE
    assert turn.state == State(left=True)
    assert len(turn.replies[0].text.split()) == 4


@pytest.mark.parametrize("code", [*labels.MENU_FIRST, *labels.MENU_SECOND])
def test_a_need_of_the_menu_is_chosen_by_its_words_at_any_moment(
    directory: Directory, now: datetime, code: str
) -> None:
    """Whatever the model takes the words for."""
    state = State(welcomed=True, place="07101", options=(("menu", "Menú"),))
    meaning = Meaning(guesses=(ScoredNeed(Need.WORK, 0.2),))

    said = conversation.respond(state, Inbound(text=labels.NEEDS[code].lower()), meaning, directory, now)
    tapped = conversation.respond(state, Inbound(option=f"need:{code}"), meaning, directory, now)

    assert said.replies == tapped.replies


@pytest.mark.parametrize("text", ["🆘🆘🆘", "ayuda ayuda", "auxilio, auxilio, auxilio!!"])
def test_a_call_for_help_said_over_and_over_is_one(directory: Directory, now: datetime, text: str) -> None:
    turn = conversation.respond(State(welcomed=True), Inbound(text=text), Meaning(), directory, now)

    assert "911" in turn.replies[0].text[:60]


def test_after_salir_an_old_button_meets_a_welcome(directory: Directory, now: datetime) -> None:
    turn = conversation.respond(State(left=True), Inbound(option="need:gbv"), Meaning(), directory, now)

    assert turn.replies[0].text.startswith("Hola, soy Faro")


def test_the_state_reads_what_an_older_version_wrote() -> None:
    older = json.dumps({"need": "shelter", "place": "12066", "something_gone": [1]})

    assert from_json(older) == State(need="shelter", place="12066")


SENSITIVE = (
    "violen", "refugi", "mujer", "denunci", "delito", "víctima", "abus", "agres", "golpe", "maltrat",
    "crimen",
    "amenaz", "secuestr", "desaparec", "suicid", "trata de",
)  # fmt: skip


def is_neutral(text: str) -> bool:
    """No word of violence, refuge, women's services, complaint or crime (product.md, rule 7)."""
    folded = text.casefold()
    return not any(word in folded for word in SENSITIVE)


def test_a_place_in_answer_to_one_offered_need_takes_the_need_up(directory: Directory, now: datetime) -> None:
    state = State(welcomed=True, asked=Asked.NEED, options=(("need:food", "Comida y ropa"), ("menu", "Menú")))
    meaning = Meaning(place=PlaceAnswer((TLAPA,)))

    turn = conversation.respond(state, Inbound(text="tlapa"), meaning, directory, now)

    assert (turn.state.need, turn.state.place) == (Need.FOOD, "12066")


@pytest.mark.parametrize(("confidence", "leads"), [(0.12, False), (0.9, True)])
def test_a_faint_wish_to_talk_to_a_person_does_not_hide_the_place_that_was_named(
    confidence: float, leads: bool
) -> None:
    meaning = Meaning(needs=(ScoredNeed(Steer.TALK_TO_PERSON, confidence),))

    assert taking_in.leads(meaning) == leads
