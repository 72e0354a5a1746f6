"""Phone numbers as people dial them."""

import pytest

from data.dialing import NotDialableError, as_dialled


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("5556581111", "55 5658 1111"),
        ("(961) 615-5178", "961 615 5178"),
        ("8008224460", "800 822 4460"),
        ("800 5533 000", "800 553 3000"),
        ("+52 1 667 697 1979", "667 697 1979"),
        ("+52 55 5658 1111", "55 5658 1111"),
        ("01 800 822 4460", "800 822 4460"),
        ("044 961 615 5178", "961 615 5178"),
        ("045-961-615-5178", "961 615 5178"),
    ],
)
def test_a_number_is_shown_as_people_dial_it(written: str, shown: str) -> None:
    assert as_dialled(written) == shown


@pytest.mark.parametrize("code", ["911", "*765", "075"])
def test_a_short_code_counts_only_when_it_is_on_the_list(code: str) -> None:
    assert as_dialled(code, short={"911", "*765", "075"}) == code
    with pytest.raises(NotDialableError):
        as_dialled(code)


@pytest.mark.parametrize(
    "text", ["", "llame al 911", "123", "000 000 0000", "741414896(045)75110985092", "+1 212 555 0100"]
)
def test_what_cannot_be_dialled_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(NotDialableError) as refused:
        as_dialled(text)
    assert not text or text not in str(refused.value)
