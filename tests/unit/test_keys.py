"""What is sealed is opened by its secret alone, also after a rotation, and also from an earlier Faro."""

from base64 import urlsafe_b64encode

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from data.keys import Keys, Unreadable, _derive

SECRET, OTHER = "one invented secret of forty characters.", "another invented secret of forty chars.."
KEYS = Keys(SECRET)


@given(st.text(st.characters()))
def test_any_text_can_be_sealed_and_opened_again(text: str) -> None:
    assert KEYS.open(KEYS.seal(text)) == text


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert KEYS.seal("hola") != KEYS.seal("hola")


@given(st.binary(max_size=80))
def test_what_was_not_sealed_is_refused(noise: bytes) -> None:
    for sealed in (noise, b"\x01" + noise):
        with pytest.raises(Unreadable):
            KEYS.open(sealed)


def test_a_bit_that_was_changed_is_noticed() -> None:
    sealed = KEYS.seal("la llamaré mañana")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Unreadable):
            KEYS.open(bytes(changed))


def test_after_a_rotation_the_old_secret_opens_and_never_seals() -> None:
    rotated = Keys(OTHER, old=SECRET)

    assert rotated.open(KEYS.seal("hola")) == "hola"
    assert Keys(OTHER).open(rotated.seal("hola")) == "hola"
    with pytest.raises(Unreadable):
        KEYS.open(rotated.seal("hola"))


@pytest.mark.parametrize("keys", [KEYS, Keys(OTHER, old=SECRET)], ids=["same secret", "after a rotation"])
def test_what_an_earlier_faro_sealed_is_opened(keys: Keys) -> None:
    former = Fernet(urlsafe_b64encode(_derive(SECRET, "seal"))).encrypt("mañana".encode())

    assert keys.open(former) == "mañana"


def test_a_hash_is_the_same_each_time_and_tells_its_parts_apart() -> None:
    assert KEYS.digest("person", "telegram", "1") == Keys(SECRET).digest("person", "telegram", "1")
    assert KEYS.digest("person", "telegram", "1") != KEYS.digest("person", "telegram1")
    assert KEYS.digest("a") != Keys(OTHER).digest("a")


@given(st.text())
def test_what_goes_through_a_form_comes_back(text: str) -> None:
    keys = Keys("a secret of forty characters for tests..")

    sealed = keys.seal_text(text)

    assert sealed.isascii()
    assert keys.open_text(sealed) == text


@given(st.text())
def test_what_was_not_sealed_is_told_from_what_was(text: str) -> None:
    with pytest.raises(Unreadable):
        Keys("a secret of forty characters for tests..").open_text(text)


def test_letters_that_an_earlier_faro_sealed_are_opened() -> None:
    former = Fernet(urlsafe_b64encode(_derive(SECRET, "seal"))).encrypt(b"algo inventado").decode()

    assert KEYS.open_text(former) == "algo inventado"
