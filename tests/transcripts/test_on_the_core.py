"""Every transcript on the pure core, with the keyword understanding."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

import pytest

from bot import conversation, understanding
from bot.messages import Inbound, Reply
from bot.state import State
from bot.understanding import Reading
from data import seed_files
from services import directory as directories
from services.directory import Directory
from tests.conftest import seed_directory
from tests.fixtures.invented import KITCHEN
from tests.transcripts import script
from tests.transcripts.script import Transcript

IDLE = timedelta(minutes=60)
TRANSCRIPTS = script.read_all()


MOST_MESSAGES = 3
NOBODY_ASKED = {
    "mi_caso_se_toca": "walks the route's list of cases",
    "privacidad": "asks about privacy",
    "quien_lee_esto": "asks about privacy",
    "salir_con_una_letra_mal": "leaves",
    "fuera_de_tema": "thanks and greets",
}
"""Transcripts in which nobody asks for help, and what happens instead."""


@cache
def directory_with_one_more() -> Directory:
    seed = seed_directory()
    return directories.build(
        [*seed_files.read().services, KITCHEN],
        version=1,
        gazetteer=seed.gazetteer,
        ladder=seed.ladder,
        routes=seed.routes,
        operator=seed.operator,
    )


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda t: t.name)
async def test_a_transcript_plays_on_the_core(
    transcript: Transcript, reading: Reading, now: datetime
) -> None:
    """Every answer is as the file says; nobody who wants help writes a fourth time without a number."""
    talk = Core(directory_with_one_more(), reading, now)

    await script.play(transcript, talk.say)

    assert talk.longest_without_a_phone <= MOST_MESSAGES or transcript.name in NOBODY_ASKED


@dataclass
class Core:
    """One person's conversation on the pure core, which counts how long a number to call was missing."""

    directory: Directory
    reading: Reading
    clock: datetime
    state: State = field(default_factory=State)
    has_a_phone: bool = False
    longest_without_a_phone: int = 0
    written: int = 0

    async def say(self, inbound: Inbound, passed: timedelta) -> Reply:
        self.clock += passed
        if passed > IDLE:
            self.state = State(stopped=self.state.stopped, left=self.state.left)
        meaning = await understanding.understand(
            None, inbound, state=self.state, directory=self.directory, reading=self.reading
        )
        turn = conversation.respond(self.state, inbound, meaning, self.directory, self.clock)
        self.state = turn.state
        assert len(turn.replies) == 1
        self._count(turn.replies[0], begins_anew=turn.state.left or turn.state.stopped or bool(turn.effect))
        return turn.replies[0]

    def _count(self, reply: Reply, *, begins_anew: bool) -> None:
        if begins_anew:
            self.has_a_phone, self.written = False, 0
            return
        self.written += 1
        self.has_a_phone = self.has_a_phone or bool(script.PHONE.search(reply.text))
        if not self.has_a_phone:
            self.longest_without_a_phone = max(self.longest_without_a_phone, self.written + 1)


def test_who_asks_for_nothing_is_named_and_every_transcript_says_when_a_number_comes() -> None:
    """The first answer that must hold a number comes third at the latest, in at least forty conversations."""
    assert NOBODY_ASKED.keys() <= {transcript.name for transcript in TRANSCRIPTS}
    promised = []
    for transcript in TRANSCRIPTS:
        spoken = [step for step in transcript.steps if step.inbound or step.tap]
        first = next((i for i, step in enumerate(spoken, start=1) if step.phone), None)
        assert first is None or first <= MOST_MESSAGES, f"{transcript.name}: the first number comes too late"
        promised += [first] if first else []
    assert len(promised) >= 40


NAMED = (
    "mujer_que_se_va_esta_noche", "hombre_solo", "familia_en_morelia", "adolescente_gay",
    "abuela_con_discapacidad", "interprete_tseltal", "papeles_perdidos", "hijo_desaparecido",
    "registro_negado", "funcionario_pide_dinero", "no_dice_donde", "cambia_de_necesidad",
    "salir_a_la_mitad", "otra_persona_toma_el_telefono", "tres_mensajes_sin_sentido",
    "vuelve_a_los_tres_dias",
)  # fmt: skip
"""The situations without which Faro does not go out."""


def test_the_situations_that_matter_most_have_a_transcript() -> None:
    assert set(NAMED) <= {transcript.name for transcript in TRANSCRIPTS}
