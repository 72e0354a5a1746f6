"""A door that was refused is told apart from what is feared, from family, and from what does not work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import conversation
from bot.messages import Inbound, Meaning, ScoredNeed
from bot.refusals import says_refused
from bot.state import Asked, Casework, State
from data.counts import Outcome
from data.needs import Need
from tests.conftest import NOW, seed_directory

SAID = (
    "me negaron el lugar", "no me quisieron atender", "me dijeron que no hay lugar", "nos cerraron la puerta",
    "me rechazaron por no traer papeles", "se negaron a registrarme", "ya fui y no me atendieron",
    "me dijeron que no me toca", "Me negaron mi registro de víctimas, dicen que no traigo denuncia",
)  # fmt: skip
OF_AN_OFFICE = (
    "nos negaron la atencion en el hospital", "fui al DIF y no nos quisieron recibir",
    "No nos dejaron entrar al albergue", "el licenciado no me quiso tomar la denuncia",
    "en la fiscalía no me hicieron caso", "me corrieron del albergue", "la doctora no me atendió",
    "en el registro civil no me quisieron dar el acta",
)  # fmt: skip
NOT_SAID = (
    "si me niegan el registro qué hago", "¿y si no me quieren atender?", "mi esposo no me dejó entrar",
    "mi familia no nos quiso recibir", "mis papás no me quisieron ayudar", "nos corrieron del pueblo",
    "no me negaron nada, gracias", "un policía me pide dinero", "no contestan", "nadie contesta el teléfono",
    "busco un albergue", "¿me pueden atender sin papeles?", "me quitaron mi casa", "nos sacaron de la casa",
    "mi papá me rechazó por ser gay", "ya no me ayudó mi hermano", "la policía nos corrió de la casa",
)  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_behind_what_was_shown_a_refusal_needs_no_office(text: str) -> None:
    assert says_refused(text, in_hand=True)


@pytest.mark.parametrize("text", OF_AN_OFFICE)
def test_of_an_office_it_is_a_refusal_at_any_moment(text: str) -> None:
    assert says_refused(text, in_hand=False)


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_is_feared_or_done_by_family_or_no_refusal_is_none(text: str) -> None:
    assert not says_refused(text, in_hand=True)


@given(st.text(max_size=200), st.booleans())
def test_any_text_is_read(text: str, in_hand: bool) -> None:
    assert says_refused(text, in_hand=in_hand) in (True, False)


def counts(state: State, text: str, *needs: Need) -> list[tuple[str, str, str]]:
    meaning = Meaning(needs=tuple(ScoredNeed(need, 0.9) for need in needs))
    turn = conversation.respond(state, Inbound(text=text), meaning, seed_directory(), NOW)
    return [(each.area, each.need, each.outcome) for each in turn.counts if each.outcome == Outcome.REFUSED]


SHOWN = State(welcomed=True, need=Need.SHELTER, place="12066", in_hand=("S1",))


def test_a_refusal_is_of_what_was_asked_for_or_of_what_the_message_names() -> None:
    of_before = counts(SHOWN, "me negaron el lugar", Need.HUMAN_RIGHTS)
    named = counts(SHOWN, "en el hospital no me atendieron", Need.HEALTH, Need.HUMAN_RIGHTS)
    nothing = counts(
        State(welcomed=True, place="12066"), "en la fiscalía no me hicieron caso", Need.HUMAN_RIGHTS
    )

    assert of_before == [("12066", "shelter", "refused")]
    assert named == [("12066", "health", "refused")]
    assert nothing == [("12066", "human_rights", "refused")]


def test_an_abuse_that_is_no_refusal_counts_as_none() -> None:
    assert counts(SHOWN, "un policía me pide dinero", Need.HUMAN_RIGHTS) == []


def test_words_of_an_opinion_and_words_for_a_caseworker_count_nothing() -> None:
    asked = State(welcomed=True, asked=Asked.OPINION, place="12066", in_hand=("S1",), need=Need.SHELTER)
    talking = State(
        welcomed=True, casework=Casework.TALKING, place="12066", in_hand=("S1",), need=Need.SHELTER
    )

    assert counts(asked, "en el DIF no me quisieron atender") == []
    assert counts(talking, "en el DIF no me quisieron atender") == []
