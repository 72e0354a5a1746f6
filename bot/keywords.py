"""What a message means without the model: global words, options typed in words, needs by phrases. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

import yaml
from rapidfuzz.distance import OSA

from bot.messages import Option, ScoredNeed
from bot.phrases import PAUSE, Index, Phrase, hear, phrase, tone
from bot.spanish import fold
from data.needs import Need, Steer

FOLDER = Path(__file__).parent.parent / "data" / "seed" / "keywords"
FOUND = 0.45
"""From this confidence on, a need counts as said; below it is only a guess."""

_WEIGHTS = {"sure": 0.75, "likely": 0.55, "hint": 0.3, "whole": 0.8}
_CERTAIN = 0.92
"""Words alone are never surer than this."""
_COURTESY = frozenset({Steer.GREETING, Steer.THANKS, Steer.GOODBYE, Steer.AFFIRM, Steer.DENY})
_ORDER = {code: place for place, code in enumerate((*Need, *Steer))}
_LONGEST_SPACED_OUT = 24
_MASK = "#"
_EDGES = frozenset({"", PAUSE, "\n"})


class Command(StrEnum):
    """A word that works in every state."""

    EXIT = "exit"
    DELETE = "delete"
    STOP = "stop"
    MENU = "menu"
    HELP = "help"
    PERSON = "person"
    WOMAN = "woman"
    PRIVACY = "privacy"


_COMMANDS = {
    "salir": Command.EXIT,
    "borrar": Command.DELETE,
    "alto": Command.STOP,
    "menu": Command.MENU,
    "ayuda": Command.HELP,
    "auxilio": Command.HELP,
    "socorro": Command.HELP,
    "persona": Command.PERSON,
    "mujer": Command.WOMAN,
    "privacidad": Command.PRIVACY,
}
_ALSO = {
    "0": Command.MENU,
    "borra": Command.DELETE,
    "baja": Command.STOP,
    "stop": Command.STOP,
    "mujeres": Command.WOMAN,
    "ayudame": Command.HELP,
    "ayudeme": Command.HELP,
    "ayudenme": Command.HELP,
    "ayudanos": Command.HELP,
    "ayudenos": Command.HELP,
    "help": Command.HELP,
    "help me": Command.HELP,
    "i need help": Command.HELP,
    "please help": Command.HELP,
    "please help me": Command.HELP,
    "sos": Command.HELP,
}
_NOT_A_SLIP = (
    "salio salia salid sali salar saler salire salis salim samir "
    "borran borras borre borrara borrare bordar forrar "
    "algo auto acto alta altos apto salto falto alzo alt also alo anto ato arto albo allo aldo alco "
    "mena meno men mens manu "
    "ayudo ayude ayudas ayudar ayudan ayudad aguda acuda ayuna anuda "
    "personas personal perdona persono "
    "socorre socorra "
)
"""Everyday words one slip away from a command: they stay text."""


def command(text: str) -> Command | None:
    """The global word that the whole message is, one slip apart; inside a sentence there is none."""
    said = fold(text)
    exact = _COMMANDS.get(said) or _ALSO.get(said) or _spaced_out(text) or _called_again(said)
    if exact or " " in said or said in _NOT_A_SLIP.split():
        return exact
    return next((found for word, found in _COMMANDS.items() if _one_slip(said, word)), None)


def _spaced_out(text: str) -> Command | None:
    """«S A L I R», «sali r»: a shaking finger on the space."""
    return _COMMANDS.get(fold("".join(text.split()))) if len(text) <= _LONGEST_SPACED_OUT else None


def _called_again(said: str) -> Command | None:
    """«🆘🆘🆘», «ayuda ayuda ayuda»: only a call for help is said over and over."""
    words = set(said.split())
    found = _COMMANDS.get(words.pop()) if len(words) == 1 else None
    return found if found is Command.HELP else None


def _one_slip(said: str, word: str) -> bool:
    return OSA.distance(said, word, score_cutoff=1) <= 1


_NUMBERS = (
    "1 un uno una primera primero primer",
    "2 dos segunda segundo",
    "3 tres tercera tercero tercer",
    "4 cuatro cuarta cuarto",
    "5 cinco quinta quinto",
    "6 seis sexta sexto",
    "7 siete septima septimo",
    "8 ocho octava octavo",
    "9 nueve novena noveno",
    "10 diez decima decimo",
)
_ASKING = (
    "el la lo los las un una de del al a por para con y que opcion opciones numero num inciso respuesta "
    "quiero quisiera necesito busco elijo escojo prefiero dame deme mejor favor seria es esa ese eso pues "
    "mi mis me gustaria"
)


def choice(text: str, options: Sequence[Option]) -> str | None:
    """The id of the option that the whole message names by number or by its label's words, if it is one."""
    said = tone(text).split()
    asking = _heard(_ASKING)
    asked = [word for word in said if word not in asking]
    return _by_label(said, options) or _by_number(asked or said, options) or _by_words(asked, options)


def label(text: str, options: Sequence[Option]) -> str | None:
    """The id of the option whose label is the whole message, if there is one."""
    return _by_label(tone(text).split(), options)


@lru_cache(maxsize=1024)
def _heard(ours: str) -> tuple[str, ...]:
    """Words of Faro's own as they sound; what people write is kept nowhere."""
    return tuple(tone(ours).split())


def _by_number(asked: list[str], options: Sequence[Option]) -> str | None:
    if len(asked) != 1:
        return None
    if asked[0] in ("ultima", "ultimo") and options:
        return options[-1].id
    named = zip(_NUMBERS, options, strict=False)
    return next((option.id for words, option in named if asked[0].lstrip("0") in _heard(words)), None)


def _by_label(said: list[str], options: Sequence[Option]) -> str | None:
    return _only(option.id for option in options if list(_heard(option.label)) == said)


def _by_words(asked: list[str], options: Sequence[Option]) -> str | None:
    """Every word of the message stands in one label, and in no other."""
    return _only(option.id for option in options if asked and _all_in(asked, _heard(option.label)))


def _all_in(asked: Iterable[str], label: Sequence[str]) -> bool:
    return all(any(_same_word(word, other) for other in label) for word in asked)


def _same_word(said: str, word: str) -> bool:
    return said == word or (min(len(said), len(word)) >= 5 and _one_slip(said, word))


def _only(found: Iterable[str]) -> str | None:
    ids = list(dict.fromkeys(found))
    return ids[0] if len(ids) == 1 else None


@dataclass(frozen=True, slots=True)
class Clue:
    """A phrase that speaks for a need. `whole`: only when it is all the person said between two pauses."""

    phrase: Phrase
    weight: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """What speaks for one need, and the phrases whose words do not count for it."""

    code: str
    clues: tuple[Clue, ...]
    never: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All topics, as the caseworkers' lists have them."""

    topics: tuple[Topic, ...]
    _lookup: "_Lookup" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lookup", _Lookup.of(self.topics))

    def hinted(self, heard: str) -> tuple[Topic, ...]:
        """The topics with only those phrases that the text may hold."""
        return self._lookup.hinted(self.topics, heard)


@dataclass(frozen=True, slots=True)
class _Lookup:
    """All phrases in one index: `places` says of each the topic, and the number among its clues or, below
    zero, among those that do not count."""

    index: Index
    places: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, topics: tuple[Topic, ...]) -> "_Lookup":
        phrases: list[Phrase] = []
        places: list[tuple[int, int]] = []
        for number, topic in enumerate(topics):
            phrases += [clue.phrase for clue in topic.clues] + list(topic.never)
            places += [(number, clue) for clue in range(len(topic.clues))]
            places += [(number, -1 - never) for never in range(len(topic.never))]
        return cls(Index(phrases), tuple(places))

    def hinted(self, topics: tuple[Topic, ...], heard: str) -> tuple[Topic, ...]:
        clues: dict[int, list[Clue]] = {}
        never: dict[int, list[Phrase]] = {}
        for candidate in self.index.candidates(heard):
            topic, place = self.places[candidate]
            if place >= 0:
                clues.setdefault(topic, []).append(topics[topic].clues[place])
            else:
                never.setdefault(topic, []).append(topics[topic].never[-1 - place])
        return tuple(
            Topic(topics[topic].code, tuple(found), tuple(never.get(topic, ())))
            for topic, found in clues.items()
        )


def read(text: str, vocabulary: Vocabulary) -> tuple[ScoredNeed, ...]:
    """The needs and steering words that the text says, best first; empty when nothing is found."""
    return sure(guess(text, vocabulary))


def sure(guesses: tuple[ScoredNeed, ...]) -> tuple[ScoredNeed, ...]:
    """Of what the text hints at, what it says; a greeting beside a need says nothing."""
    found = tuple(scored for scored in guesses if scored.confidence >= FOUND)
    asked = tuple(scored for scored in found if scored.need not in _COURTESY)
    return asked or found


def guess(text: str, vocabulary: Vocabulary) -> tuple[ScoredNeed, ...]:
    """Whatever the text hints at, best first, sure or not."""
    heard = hear(text)
    scored = (ScoredNeed(topic.code, _confidence(heard, topic)) for topic in vocabulary.hinted(heard))
    some = [one for one in scored if one.confidence]
    return tuple(sorted(some, key=lambda one: (-one.confidence, _ORDER[one.need])))


def load(folder: Path = FOLDER) -> Vocabulary:
    """Reads the lists of `folder`. A malformed list raises ValueError with the file and the reason."""
    topics: list[Topic] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            topics.extend(_topic(code, lists) for code, lists in _lists(path))
        except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"{path.name}: {error}") from error
    return Vocabulary(tuple(topics))


def _lists(path: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """One need per file, named by `need`; or several, each under its own code."""
    # BaseLoader keeps every scalar a word: YAML would read «no» as false and 911 as a number.
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    if "need" in content:
        yield content.pop("need"), content
    else:
        yield from content.items()


def _topic(code: str, lists: Mapping[str, list[str]]) -> Topic:
    unknown = set(lists) - set(_WEIGHTS) - {"never"}
    if code not in _ORDER or unknown:
        raise ValueError(f"«{code}» no es una necesidad conocida o sobra una lista: {sorted(unknown)}")
    clues = tuple(
        Clue(phrase(written), weight, whole=name == "whole")
        for name, weight in _WEIGHTS.items()
        for written in lists.get(name, ())
    )
    return Topic(code, clues, tuple(phrase(written) for written in lists.get("never", ())))


def _confidence(heard: str, topic: Topic) -> float:
    heard = _masked(heard, topic.never)
    doubt = 1.0
    for clue in topic.clues:
        spans = clue.phrase.spans(heard)
        if spans and any(_counts(heard, span, clue) for span in spans):
            doubt *= 1 - clue.weight
    return round(_CERTAIN * (1 - doubt), 3)


def _masked(heard: str, never: Iterable[Phrase]) -> str:
    for ignored in never:
        for start, end in ignored.spans(heard):
            heard = heard[:start] + _MASK * (end - start) + heard[end:]
    return heard


def _counts(heard: str, span: tuple[int, int], clue: Clue) -> bool:
    before, after = heard[: span[0]].rstrip(" "), heard[span[1] :].lstrip(" ")
    if clue.whole:
        return before[-1:] in _EDGES and after[:1] in _EDGES
    return not _denial().search(before)


@cache
def _denial() -> re.Pattern[str]:
    """«No» right before a phrase, or «no necesito», «ya tengo» with small words between."""
    small = r"(?: (?:me|te|le|les|nos|lo|la|los|las|mi|mis|el|un|una|de|a|por|mas|otro|otra|ir))*"
    plain = r"(?<!ya )(?:no|nunka|jamas|tampoko)"
    wish = r"no (?:me |nos )?(?:kier\w+|keremos|nesesit\w+|okup\w+|busk\w+|pid\w+|interesa|ase falta|bengo)"
    have = r"ya (?:tengo|tenemos|enkontr\w+|konsegui\w*|(?:me|nos) dieron)"
    return re.compile(rf"(?<!\S)(?:{plain}|(?:ya )?{wish}|{have}){small}$")
