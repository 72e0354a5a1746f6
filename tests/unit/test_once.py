"""A text is worked out once while it is read, and nothing of it is kept."""

import asyncio

import pytest

from services.once import once, reading

asked: list[str] = []


@once
def length(text: str) -> int:
    asked.append(text)
    return len(text)


@once
def shout(text: str) -> str:
    return text.upper()


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    asked.clear()


def test_a_text_is_worked_out_once_while_it_is_read() -> None:
    with reading():
        found = [length("hola"), length("hola"), length("adiós")]

    assert found == [4, 4, 5]
    assert asked == ["hola", "adiós"]


def test_two_functions_of_one_text_are_two_answers() -> None:
    with reading():
        assert (length("hola"), shout("hola")) == (4, "HOLA")


def test_nothing_is_kept_before_and_after() -> None:
    length("hola")
    with reading():
        length("hola")
    length("hola")

    assert asked == ["hola"] * 3


def test_nothing_is_kept_when_reading_fails() -> None:
    with pytest.raises(TypeError), reading():
        length(5)  # type: ignore[arg-type]

    length("hola")
    length("hola")
    assert asked == [5, "hola", "hola"]


async def test_messages_read_at_the_same_time_know_nothing_of_each_other() -> None:
    async def read() -> None:
        with reading():
            length("hola")
            await asyncio.sleep(0)
            length("hola")

    await asyncio.gather(read(), read())

    assert asked == ["hola"] * 2
