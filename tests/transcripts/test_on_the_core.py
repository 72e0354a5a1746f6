"""Every transcript on the pure core, with the keyword understanding."""

from datetime import datetime, timedelta

import pytest

from bot import conversation, understanding
from bot.messages import Inbound, Reply
from bot.state import State
from bot.understanding import Reading
from services.directory import Directory
from tests.transcripts import script
from tests.transcripts.script import Transcript

IDLE = timedelta(minutes=60)
TRANSCRIPTS = script.read_all()


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda t: t.name)
async def test_a_transcript_plays_on_the_core(
    transcript: Transcript, directory: Directory, reading: Reading, now: datetime
) -> None:
    state, clock = State(), now

    async def say(inbound: Inbound, passed: timedelta) -> Reply:
        nonlocal state, clock
        clock += passed
        if passed > IDLE:
            state = State(stopped=state.stopped, left=state.left)
        meaning = await understanding.understand(
            None, inbound, state=state, directory=directory, reading=reading
        )
        turn = conversation.respond(state, inbound, meaning, directory, clock)
        state = turn.state
        assert len(turn.replies) == 1
        return turn.replies[0]

    await script.play(transcript, say)


def test_nobody_needs_more_than_three_messages_to_a_phone_number() -> None:
    """Counted in the transcripts: the first answer that must hold a number comes third at the latest."""
    for transcript in TRANSCRIPTS:
        spoken = [step for step in transcript.steps if step.inbound or step.tap]
        promised = [i for i, step in enumerate(spoken, start=1) if step.phone]
        assert not promised or promised[0] <= 3, f"{transcript.name}: the first number comes too late"
