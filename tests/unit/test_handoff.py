"""PERSONA: lines at once, a word left for the team step by step, and what is said while a person answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import budget, conversation, neutral
from bot.flows import talking
from bot.messages import Attachment, Danger, Inbound, Meaning, Option, ScoredNeed
from bot.safe_times import Window, closes, days_left, end_of, opens
from bot.state import Asked, Casework, Effect, Handoff, State, Turn, from_json
from bot.texts import casework, person
from data.needs import Need, Steer, Who
from services.directory import Directory, Operator
from tests.conftest import NOW, seed_directory
from tests.unit import test_conversation as all_texts

MEXICO = "America/Mexico_City"
TLAPA = "12066"
OPERATOR = Operator(name="Casa de Prueba, A. C.", casework_team=True)
QUESTIONS = (Asked.CONSENT, Asked.WHEN, Asked.UNTIL, Asked.SEND)


def with_team(operator: Operator = OPERATOR) -> Directory:
    return replace(seed_directory(), operator=operator)


def respond(
    state: State,
    inbound: Inbound,
    meaning: Meaning | None = None,
    *,
    directory: Directory | None = None,
    now: datetime = NOW,
) -> Turn:
    return conversation.respond(state, inbound, meaning or Meaning(), directory or with_team(), now)


def say(turn: Turn | State, text: str, *, steer: str = "", now: datetime = NOW) -> Turn:
    state = turn.state if isinstance(turn, Turn) else turn
    needs = (ScoredNeed(steer, 0.9),) if steer else ()
    return respond(state, Inbound(text=text), Meaning(needs=needs), now=now)


def tap(turn: Turn | State, label: str, *, now: datetime = NOW) -> Turn:
    """Tap what stands on a button of the last answer."""
    state = turn.state if isinstance(turn, Turn) else turn
    option = next(option_id for option_id, shown in state.options if shown == label)
    return respond(state, Inbound(option=option), now=now)


def labels(turn: Turn) -> list[str]:
    return [option.label for option in turn.replies[0].options]


def text(turn: Turn) -> str:
    return turn.replies[0].text


def in_consent(state: State | None = None) -> Turn:
    state = state or State(welcomed=True, need=Need.LEGAL, place=TLAPA)
    return tap(respond(state, Inbound(text="persona")), person.LEAVE_WORD)


# A line at once


def test_without_a_team_persona_gives_lines_and_offers_no_message() -> None:
    turn = respond(
        State(welcomed=True, need=Need.LEGAL, place=TLAPA),
        Inbound(text="persona"),
        directory=with_team(Operator()),
    )

    assert all_texts.is_neutral(text(turn)[:60])
    assert "Tel." in text(turn)
    assert labels(turn) == ["Menú"]


def test_persona_gives_lines_first_and_then_offers_to_leave_a_word() -> None:
    turn = say(State(welcomed=True, need=Need.LEGAL, place=TLAPA), "persona")

    assert text(turn).index("Tel.") < text(turn).index(person.LEAVE_WORD)
    assert labels(turn) == [person.LEAVE_WORD, "Menú"]


@pytest.mark.parametrize("hour", [3, 10, 21])
@pytest.mark.parametrize("need", list(Need))
def test_persona_names_a_line_that_is_open_now_wherever_one_is(need: Need, hour: int) -> None:
    """Whatever the hour, for every need and state, within the budget and with the hours said."""
    now = datetime(2026, 11, 21, hour, 30, tzinfo=UTC)
    for number in range(33):
        for who in ((), (Who.WOMEN,), (Who.MAN,)):
            state = State(welcomed=True, need=need, place=f"{number:02}", who=who)

            turn = respond(state, Inbound(option="person"), now=now)

            assert budget.fits(turn.replies[0]), text(turn)
            assert "abierto" in text(turn).casefold(), text(turn)


def test_in_the_womens_flow_the_line_for_women_comes_first() -> None:
    turn = say(State(welcomed=True, need=Need.GBV, place=TLAPA, gbv=True), "persona")

    women = seed_directory().line("women", today=NOW.date(), place=TLAPA)
    assert women
    assert turn.replies[0].services[0] == women.id
    assert turn.grave


def test_a_man_gets_no_line_for_women() -> None:
    turn = say(State(welcomed=True, need=Need.GBV, place=TLAPA, gbv=True, who=(Who.MAN,)), "persona")

    shown = [seed_directory().get(i, today=NOW.date()) for i in turn.replies[0].services]
    assert shown
    assert not [s for s in shown if s and s.compatibility.women_only]


def test_a_state_without_a_body_gets_the_national_line() -> None:
    ladder = seed_directory().ladder
    bare = next(f"{n:02}" for n in range(1, 33) if not ladder.state_bodies(f"{n:02}", Need.HEALTH))

    turn = respond(State(welcomed=True, need=Need.HEALTH, place=bare), Inbound(option="person"))

    assert set(turn.replies[0].services) & set(ladder.national(Need.HEALTH))


def test_in_danger_a_line_comes_first_and_no_message_is_offered() -> None:
    urgent = Meaning(danger=Danger(urgent=True, kinds=frozenset({"attack"})))

    turn = respond(State(welcomed=True), Inbound(text="me quieren matar, quiero hablar con alguien"), urgent)

    assert "911" in text(turn)[:60]
    assert person.LEAVE_WORD not in labels(turn)


def test_three_misses_lead_to_a_line_and_to_the_team() -> None:
    turn = say(State(welcomed=True, misses=2), "blablabla")

    assert labels(turn) == [person.LEAVE_WORD, "Menú"]


# Leaving a word


def test_the_consent_says_what_is_kept_who_reads_it_until_when_and_how_to_take_it_back() -> None:
    turn = in_consent()

    for piece in (
        "ayuda de una abogada o un abogado",
        "Tlapa de Comonfort, Guerrero",
        "Casa de Prueba, A. C.\n",
        "7 días después",
        "BORRAR",
        "SALIR",
    ):
        assert piece in text(turn)
    assert turn.state.asked is Asked.CONSENT
    assert turn.request is None
    assert labels(turn) == [person.AGREE, person.NO_THANKS]


@pytest.mark.parametrize("place", ["", "00", "12", TLAPA])
@pytest.mark.parametrize("need", ["", *Need])
def test_the_consent_fits_every_channel_and_exposes_nobody(need: str, place: str) -> None:
    long_name = replace(OPERATOR, name="Instituto de la Mujer " * 20, request_days=30)
    state = State(welcomed=True, need=need, place=place, asked=Asked.NOTHING)

    turn = respond(state, Inbound(option="request"), directory=with_team(long_name))

    assert budget.fits(turn.replies[0]), text(turn)
    assert all_texts.is_neutral(text(turn)[:60])


def test_a_word_is_left_in_four_taps_and_holds_nothing_that_was_written() -> None:
    when = tap(in_consent(), person.AGREE)
    until = tap(when, "En la noche")
    confirm = tap(until, "Hasta mañana")
    saved = tap(confirm, person.KEEP)

    assert labels(when) == [*person.WINDOWS.values()]
    assert labels(until) == ["Solo hoy", "Hasta mañana", "Durante 3 días"]
    assert "en la noche, hoy o mañana" in text(confirm)
    assert saved.request is not None
    assert (saved.request.need, saved.request.place, saved.request.window) == (Need.LEGAL, TLAPA, "night")
    assert saved.request.until == datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # the midnight that ends tomorrow
    assert saved.state.casework is Casework.LEFT
    assert "WhatsApp" in text(saved)


def test_a_word_can_be_left_by_typing() -> None:
    turn = in_consent()
    for typed in ("sí", "en la tarde", "mañana", "sí"):
        turn = say(turn, typed)

    assert turn.request is not None
    assert turn.request.window == "afternoon"


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_yes_in_other_words_goes_on_and_a_no_keeps_nothing(asked: Asked) -> None:
    steps = {
        Asked.CONSENT: ("request:yes", Asked.WHEN),
        Asked.WHEN: ("request:when:night", Asked.WHEN),
        Asked.UNTIL: ("request:until:night:1", Asked.UNTIL),
        Asked.SEND: ("request:send:night:1", Asked.NEED),
    }
    option, after = steps[asked]
    state = State(welcomed=True, asked=asked, options=((option, "x"),))

    yes = say(state, "claro que si", steer=Steer.AFFIRM)
    no = say(state, "mejor ya no", steer=Steer.DENY)

    assert yes.state.asked is after
    assert bool(yes.request) is (asked is Asked.SEND)
    assert no.request is None
    assert no.state.asked is Asked.NEED
    assert text(no) == person.NOT_LEFT


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("typed", ["gracias", "busco comida", "mi primo se llama Beto", "??"])
def test_any_other_word_leaves_the_questions_so_that_no_later_yes_means_them(
    asked: Asked, typed: str
) -> None:
    state = State(welcomed=True, asked=asked, options=(("request:send:any:1", person.KEEP),))

    away = say(state, typed, steer=Steer.THANKS if typed == "gracias" else "")
    later = say(away, "sí", steer=Steer.AFFIRM)

    assert away.state.asked not in QUESTIONS
    assert away.request is None
    assert later.request is None


@pytest.mark.parametrize("asked", QUESTIONS)
def test_danger_comes_first_in_the_questions(asked: Asked) -> None:
    urgent = Meaning(danger=Danger(urgent=True))

    turn = respond(State(welcomed=True, asked=asked), Inbound(text="ya viene, me va a matar"), urgent)

    assert "911" in text(turn)[:60]
    assert turn.state.asked is Asked.DANGER


@pytest.mark.parametrize(
    "option", ["request:yes", "request:when:night", "request:until:night:1", "request:send:night:1"]
)
@pytest.mark.parametrize("asked", [Asked.NOTHING, Asked.NEED, Asked.DANGER])
def test_a_button_of_an_earlier_talk_saves_nothing_and_begins_with_the_consent(
    option: str, asked: Asked
) -> None:
    turn = respond(State(welcomed=True, asked=asked), Inbound(option=option))

    assert turn.request is None
    assert turn.state.asked is Asked.CONSENT


@pytest.mark.parametrize(
    "option", ["request:send:night:2", "request:send:never:1", "request:send", "request:x"]
)
def test_a_made_up_button_saves_nothing(option: str) -> None:
    turn = respond(State(welcomed=True, asked=Asked.SEND), Inbound(option=option))

    assert turn.request is None
    assert budget.fits(turn.replies[0])


def test_where_the_team_is_gone_an_old_button_gives_lines() -> None:
    turn = respond(
        State(asked=Asked.SEND), Inbound(option="request:send:night:1"), directory=with_team(Operator())
    )

    assert turn.request is None
    assert "Tel." in text(turn)


def test_today_is_not_offered_when_the_safe_hours_are_over() -> None:
    night = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 22:00 of the 23rd in Guerrero
    state = State(welcomed=True, place=TLAPA, asked=Asked.WHEN)

    turn = respond(state, Inbound(option="request:when:morning"), now=night)

    assert labels(turn) == ["Hasta mañana", "Durante 3 días"]


def test_no_longer_than_a_person_is_remembered() -> None:
    short = replace(OPERATOR, retention_days=1)
    state = State(welcomed=True, place=TLAPA, asked=Asked.WHEN)

    turn = respond(state, Inbound(option="request:when:any"), directory=with_team(short))

    assert labels(turn) == ["Solo hoy"]


def test_who_left_a_word_can_take_it_back_by_a_tap() -> None:
    asked = say(State(welcomed=True, casework=Casework.LEFT), "persona")

    turn = tap(asked, person.TAKE_BACK)

    assert labels(asked) == [person.TAKE_BACK, "Menú"]
    assert turn.handoff is Handoff.WITHDRAW
    assert turn.state.casework is Casework.NONE


# Safe hours


@pytest.mark.parametrize(
    ("window", "hour", "opening", "closing"),
    [
        (Window.MORNING, 6, 7, 12),
        (Window.MORNING, 9, 9, 12),
        (Window.MORNING, 12, 24 + 7, 24 + 12),
        (Window.NIGHT, 23, 24 + 19, 24 + 22),
        (Window.ANY, 3, 3, 24),
        (Window.UNSAID, 20, 24 + 9, 24 + 19),
    ],
)
def test_safe_hours_are_those_of_the_persons_clock(
    window: Window, hour: int, opening: int, closing: int
) -> None:
    midnight = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # in central Mexico
    now = midnight + timedelta(hours=hour)

    assert opens(window, now, zone=MEXICO) == midnight + timedelta(hours=opening)
    assert closes(window, now, zone=MEXICO) == midnight + timedelta(hours=closing)


def test_safe_hours_hold_on_the_day_the_clock_is_put_forward() -> None:
    night = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)  # 23:00 in Ciudad Juárez, before the change

    assert opens(Window.MORNING, night, zone="America/Ciudad_Juarez") == datetime(2026, 3, 8, 13, tzinfo=UTC)


@given(st.sampled_from(Window), st.integers(0, 365 * 24 * 60), st.sampled_from([MEXICO, "America/Tijuana"]))
def test_a_window_opens_within_a_day_and_closes_after_it_opens(
    window: Window, minutes: int, zone: str
) -> None:
    now = NOW + timedelta(minutes=minutes)

    opening, closing = opens(window, now, zone=zone), closes(window, now, zone=zone)

    assert now <= opening < closing
    assert opening - now < timedelta(hours=25)
    assert days_left(window, now, zone=zone, at_most=7)
    assert end_of(0, now, zone=zone) > now


# «¿Puede escribir ahora?»


def test_the_first_message_of_an_answer_tells_nothing() -> None:
    assert talking.CALL.text == "¿Puede escribir ahora?"
    assert [option.label for option in talking.CALL.options] == ["Sí", "Ahora no"]


@pytest.mark.parametrize("standing", [Casework.CALLED, Casework.ASKING])
def test_yes_brings_the_person_and_not_now_keeps_the_words(standing: Casework) -> None:
    state = State(welcomed=True, casework=standing)

    yes = respond(state, Inbound(option="talk:yes"))
    no = respond(state, Inbound(option="talk:no"))

    assert (yes.handoff, text(yes)) == (Handoff.ACCEPT, person.BEGINS)
    assert (no.handoff, text(no)) == (Handoff.LATER, person.NOT_NOW)


@pytest.mark.parametrize(
    ("typed", "steer", "handoff"),
    [
        ("sí", "", Handoff.ACCEPT),
        ("1", "", Handoff.ACCEPT),
        ("claro, dígame", Steer.AFFIRM, Handoff.ACCEPT),
        ("ahora no", "", Handoff.LATER),
        ("no", Steer.DENY, Handoff.LATER),
        ("ahorita no se puede", Steer.DENY, Handoff.LATER),
    ],
)
def test_the_question_can_be_answered_in_words(typed: str, steer: str, handoff: Handoff) -> None:
    turn = say(State(welcomed=True, casework=Casework.ASKING), typed, steer=steer)

    assert turn.handoff is handoff


@pytest.mark.parametrize(("typed", "steer"), [("hola", Steer.GREETING), ("mmm", "")])
def test_a_greeting_to_the_question_hears_it_again(typed: str, steer: str) -> None:
    turn = say(State(welcomed=True, casework=Casework.ASKING), typed, steer=steer)

    assert turn.replies == (talking.CALL,)
    assert turn.handoff is Handoff.NOTHING


def test_a_yes_to_something_else_does_not_bring_the_person() -> None:
    state = State(welcomed=True, casework=Casework.CALLED, asked=Asked.DANGER)

    turn = say(state, "sí", steer=Steer.AFFIRM)

    assert turn.handoff is Handoff.NOTHING


@pytest.mark.parametrize("standing", [Casework.NONE, Casework.LEFT])
@pytest.mark.parametrize("option", ["talk:yes", "talk:no", "talk:x"])
def test_an_old_button_of_a_talk_that_ended_says_so(standing: Casework, option: str) -> None:
    turn = respond(State(welcomed=True, casework=standing), Inbound(option=option))

    assert text(turn) == person.ENDED
    assert turn.handoff is Handoff.NOTHING


def test_who_asks_for_the_person_while_words_wait_gets_them() -> None:
    asked = say(State(welcomed=True, casework=Casework.CALLED), "persona")

    turn = tap(asked, person.GO_ON)

    assert turn.handoff is Handoff.ACCEPT


def test_somebody_else_on_the_phone_puts_the_request_in_doubt() -> None:
    other = Meaning(danger=Danger(other_person=True))

    turn = respond(State(welcomed=True, casework=Casework.ASKING), Inbound(text="quién eres tú?"), other)

    assert turn.handoff is Handoff.DOUBT
    assert (turn.state.casework, turn.state.need) == (Casework.NONE, "")


# While a person answers


def talk(**changes: object) -> State:
    return replace(State(welcomed=True, casework=Casework.TALKING), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed", ["hola", "busco comida en Tlapa", "sí", "no", "2", "gracias", "ver más", "quiero un abogado"]
)
def test_faro_is_silent_while_a_person_answers(typed: str) -> None:
    turn = say(talk(options=(("need:food", "Comida"),)), typed, steer=Steer.GREETING)

    assert turn.replies == ()
    assert turn.said == typed
    assert turn.state.casework is Casework.TALKING


def test_danger_is_answered_at_once_and_read_by_the_caseworker_too() -> None:
    urgent = Meaning(danger=Danger(urgent=True))

    turn = respond(talk(), Inbound(text="ya está aquí con la pistola"), urgent)
    confirmed = say(turn, "sí", steer=Steer.AFFIRM)
    after = say(confirmed, "sí", steer=Steer.AFFIRM)

    assert "911" in text(turn)[:60]
    assert turn.said == "ya está aquí con la pistola"
    assert turn.state.casework is Casework.TALKING
    assert turn.handoff is Handoff.NOTHING
    assert len(confirmed.replies) == 1
    assert confirmed.state.casework is Casework.TALKING
    assert (after.replies, after.said) == ((), "sí")


def test_violence_is_answered_once_with_the_lines_and_then_left_to_the_caseworker() -> None:
    violence = Meaning(danger=Danger(gbv=True, kinds=frozenset({"partner"})))

    first = respond(talk(), Inbound(text="mi esposo me pegaba"), violence)
    second = respond(first.state, Inbound(text="también a mis hijos"), violence)

    assert len(first.replies) == 1
    assert first.said
    assert (second.replies, second.said) == ((), "también a mis hijos")


@pytest.mark.parametrize("word", ["menú", "ayuda", "persona", "mujer", "privacidad"])
def test_a_word_that_works_everywhere_brings_faro_back(word: str) -> None:
    turn = say(talk(), word)

    assert len(turn.replies) == 1
    assert turn.handoff is Handoff.PAUSE
    assert turn.said == ""


@pytest.mark.parametrize(("word", "effect"), [("salir", Effect.LEAVE), ("alto", Effect.STOP)])
def test_salir_and_alto_end_the_talk(word: str, effect: Effect) -> None:
    turn = say(talk(), word)

    assert turn.effect is effect
    assert turn.state.casework is not Casework.TALKING


def test_borrar_asks_and_erases() -> None:
    asked = say(talk(), "borrar")

    turn = tap(asked, "Sí, borrar")

    assert asked.handoff is Handoff.PAUSE
    assert turn.effect is Effect.ERASE


def test_a_tap_on_faros_buttons_brings_faro_back() -> None:
    turn = respond(talk(), Inbound(option="need:food"))

    assert turn.handoff is Handoff.PAUSE
    assert len(turn.replies) == 1


@pytest.mark.parametrize("sent", list(Attachment))
def test_a_voice_note_is_answered_kindly_and_named_to_the_caseworker(sent: Attachment) -> None:
    turn = respond(talk(), Inbound(attachment=sent))

    assert text(turn) == person.ONLY_TEXT
    assert turn.said == person.HEARD_ATTACHMENT[sent]


def test_of_a_location_only_the_municipality_goes_on() -> None:
    turn = respond(talk(), Inbound(location=(17.5462, -98.5755)))

    assert turn.said == "[Mandó su ubicación: Tlapa de Comonfort, Guerrero.]"
    assert "17.5" not in turn.said


def test_who_seems_to_leave_is_let_go_and_nobody_writes_until_asked_again() -> None:
    turn = respond(talk(), Inbound(text="ya llegó"), Meaning(danger=Danger(leaving=True)))

    assert turn.state == State(left=True)
    assert turn.said == ""


# After the person has gone


def test_persona_in_the_talk_offers_to_go_on_with_it() -> None:
    turn = say(talk(), "persona")

    assert labels(turn) == [person.GO_ON, person.TAKE_BACK, "Menú"]


def test_words_for_a_caseworker_who_has_gone_are_kept_and_the_person_hears_so() -> None:
    state = State(welcomed=True, casework=Casework.RETURNED)

    turn = say(state, "sí, mañana puedo ir")
    after = say(turn, "hola", steer=Steer.GREETING)

    assert text(turn) == person.RETURNED_KEPT
    assert turn.said == "sí, mañana puedo ir"
    assert after.said == ""


def test_danger_comes_before_the_notice_that_the_caseworker_has_gone() -> None:
    state = State(welcomed=True, casework=Casework.RETURNED)

    turn = respond(state, Inbound(text="me están golpeando"), Meaning(danger=Danger(urgent=True)))

    assert "911" in text(turn)[:60]
    assert turn.said == "me están golpeando"


def test_who_uses_faros_buttons_after_the_caseworker_has_gone_needs_no_notice() -> None:
    turn = respond(State(welcomed=True, casework=Casework.RETURNED), Inbound(option="need:food"))

    assert turn.handoff is Handoff.PAUSE


def test_a_talk_that_was_paused_can_be_taken_up_again() -> None:
    turn = tap(say(State(welcomed=True, casework=Casework.PAUSED), "persona"), person.GO_ON)

    assert (turn.handoff, text(turn)) == (Handoff.ACCEPT, person.RESUMED)


# Properties and texts

CASEWORK_OPTIONS = [
    "request", "request:yes", "request:no", "request:drop", "request:when:night", "request:when:",
    "request:until:any:1", "request:until:any:9", "request:send:any:0", "request:send:::", "talk:yes",
    "talk:no",
]  # fmt: skip
inbounds = st.one_of(all_texts.inbounds, st.builds(Inbound, option=st.sampled_from(CASEWORK_OPTIONS)))
states = st.builds(
    lambda state, asked, casework, option: replace(
        state, asked=asked, casework=casework, options=((option, "Sí, dejar recado"), *state.options)
    ),
    all_texts.states,
    st.sampled_from([*QUESTIONS, Asked.NOTHING]),
    st.sampled_from([c for c in Casework if c is not Casework.TALKING]),
    st.sampled_from(CASEWORK_OPTIONS),
)


@settings(max_examples=400, deadline=None)
@given(states, inbounds, all_texts.meanings)
def test_any_message_in_any_of_these_states_gets_one_answer_that_exposes_nobody(
    state: State, inbound: Inbound, meaning: Meaning
) -> None:
    turn = respond(state, inbound, meaning)

    assert len(turn.replies) == 1
    reply = turn.replies[0]
    assert budget.fits(reply), reply
    assert all_texts.is_neutral(reply.text[:60]), reply.text[:80]
    assert all(all_texts.is_neutral(option.label) for option in reply.options)
    assert from_json(turn.state.to_json()) == turn.state


@settings(max_examples=400, deadline=None)
@given(states, inbounds, all_texts.meanings)
def test_nothing_is_left_for_the_team_but_by_the_confirmation(
    state: State, inbound: Inbound, meaning: Meaning
) -> None:
    turn = respond(state, inbound, meaning)

    if turn.request:
        assert state.asked is Asked.SEND
        assert turn.request.window in set(Window)
        assert turn.request.until > NOW


@settings(max_examples=400, deadline=None)
@given(states, inbounds, all_texts.meanings)
def test_while_a_person_answers_no_message_is_lost_and_danger_still_leads(
    state: State, inbound: Inbound, meaning: Meaning
) -> None:
    state = replace(state, casework=Casework.TALKING, left=False, stopped=False)

    turn = respond(state, inbound, meaning)

    assert len(turn.replies) <= 1
    assert turn.replies or turn.said or not inbound.text.strip()
    assert all(budget.fits(reply) for reply in turn.replies)
    if inbound.text and meaning.danger.urgent:
        assert "911" in text(turn)
    assert from_json(turn.state.to_json()) == turn.state


def test_every_label_is_short_and_every_text_is_neutral_where_it_shows() -> None:
    names = ("LEAVE_WORD", "TAKE_BACK", "GO_ON", "AGREE", "NO_THANKS", "KEEP", "CAN_WRITE", "CANNOT_WRITE")
    shown = [getattr(person, name) for name in names]
    for label in [*shown, *person.WINDOWS.values(), *person.LAST_DAYS.values()]:
        assert budget.units(label) <= budget.MAX_LABEL, label
        assert all_texts.is_neutral(label)
    for name, value in vars(person).items():
        if name.isupper() and isinstance(value, str):
            assert all_texts.is_neutral(value[:60]), name


def test_what_a_locked_screen_must_not_show_is_one_list() -> None:
    assert neutral.SENSITIVE == all_texts.SENSITIVE


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Buenos días, ¿cómo sigue?", ""),
        ("Sobre el refugio que preguntó", "refugio"),
        ("La VIOLENCIA no es su culpa", "violencia"),
        ("Buenas tardes. Le escribo por lo que preguntó la semana pasada: el refugio tiene lugar.", ""),
    ],
)
def test_a_word_that_exposes_is_found_among_the_first(words: str, found: str) -> None:
    assert neutral.exposing(words) == found


def test_what_a_caseworker_reads_says_what_to_do() -> None:
    for name, value in vars(casework).items():
        if name.isupper() and name != "MOMENT":
            assert value.endswith((".", "]")), name


def test_the_option_of_the_offer_is_the_one_that_opens_the_consent() -> None:
    turn = say(State(welcomed=True), "persona")

    assert turn.replies[0].options[0] == Option("request", person.LEAVE_WORD)
