"""What is counted of a message."""

from collections import Counter
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from faro_nlu import spelling
from faro_nlu.grams import Grams


def counted(text: str, longest: int = 5) -> Counter[str]:
    """What `Grams` finds, by name."""
    names: dict[str, int] = {}
    rows = Grams(lambda gram: names.setdefault(gram, len(names)), longest=longest).of(spelling.words(text))
    by_row = {row: name for name, row in names.items()}
    return Counter(by_row[row] for row in rows)


def one_by_one(text: str, longest: int = 5) -> Counter[str]:
    """The same, word by word and letter by letter."""
    sounds = [word.sound for word in spelling.words(text)]
    found = Counter(f"w {sound}" for sound in sounds) + Counter(f"p {a} {b}" for a, b in pairwise(sounds))
    for sound in sounds:
        padded = f" {sound} "
        pieces = (padded[a:b] for a in range(len(padded)) for b in range(a + 2, len(padded) + 1))
        found.update("c" + piece for piece in pieces if len(piece) <= longest)
    return found


@given(st.text(st.characters(exclude_categories=()), max_size=200))
@example("no no no me pega")
@example("ocupo hayuda xfa, kiero salir d aki")
def test_the_same_is_counted_as_word_by_word(text: str) -> None:
    assert counted(text) == one_by_one(text)


def test_a_word_that_came_before_counts_again() -> None:
    names = {"w ola": 0, "cla": 1, "p ola ola": 2}
    grams = Grams(names.get, longest=5)
    words = spelling.words("hola hola")

    assert sorted(grams.of(words)) == [0, 0, 1, 1, 2]
    assert sorted(grams.of(words[:1])) == [0, 1]


def test_words_of_which_training_knew_nothing_have_no_rows() -> None:
    grams = Grams({}.get, longest=5)

    assert grams.of(spelling.words("مساعدة asdfgh")).tolist() == []
    assert grams.of([]).tolist() == []
