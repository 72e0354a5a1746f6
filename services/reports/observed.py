"""What people said in consultations, as a section of the knowledge report.

A consultation is told whole, once it is over and every answer was read; opinions that nobody asked for
month by month. No two reports tell a part of either, so no difference tells a small figure.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from data.consultations import FREE, Consultation
from services.exchange.words import NEEDS
from services.reports.document import SMALL, Block, Cell, Column, Query, Quotes, Section, Table, Text
from services.reports.spoken import day, month_name
from services.reports.words import knowledge as say

MAX_QUOTES = 3
"""So many quotes of a theme, and only of a theme whose figure may leave."""

Choices = Mapping[tuple[str, int, int], int]
"""(consultation, question, choice) → count."""

Themes = Mapping[tuple[str, int, str, str], int]
"""(consultation, question, month, theme) → count of what was read."""

CHOICES, THEMES = "opciones-de-consultas", "temas-de-opiniones"


@dataclass(frozen=True, slots=True)
class Said:
    """Words that a coordinator released, opened."""

    consultation: str
    question: int
    month: str
    theme: str
    words: str
    quotable: bool


@dataclass(frozen=True, slots=True)
class Observations:
    """All that was asked and answered. `waiting` are (consultation, month) of answers nobody has read.

    `choices` and `themes` are the rows of `queries`; `said` has the words that may be quoted.
    """

    consultations: tuple[Consultation, ...] = ()
    said: tuple[Said, ...] = ()
    waiting: frozenset[tuple[str, str]] = frozenset()
    choices: Choices = field(default_factory=dict)
    themes: Themes = field(default_factory=dict)
    queries: tuple[Query, ...] = ()


def section(
    found: Observations, *, wanted: Sequence[str], state: str, threshold: int, today: date
) -> Section:
    """What may be told of these months: for the nation everything, for a state what asked it alone."""
    blocks: list[Block] = []
    for consultation in found.consultations:
        if _may_be_told(consultation, found, wanted=wanted, state=state, today=today):
            blocks += _consultation(consultation, found, threshold=threshold)
    if not state:
        blocks += _free(found, wanted=wanted, threshold=threshold, today=today)
    if not blocks:
        return Section("opiniones", say.OBSERVED_TITLE, (Text((say.OBSERVED_NONE,)),))
    return Section("opiniones", say.OBSERVED_TITLE, (Text((say.OBSERVED_HOW,)), *blocks))


def _may_be_told(
    consultation: Consultation, found: Observations, *, wanted: Sequence[str], state: str, today: date
) -> bool:
    over = consultation.closed or consultation.closes_on < today
    read = all(each != consultation.id for each, _ in found.waiting)
    here = not state or consultation.states == (state,)
    return over and read and here and f"{consultation.closes_on:%Y-%m}" in wanted


def _consultation(consultation: Consultation, found: Observations, *, threshold: int) -> Iterator[Block]:
    told = say.OBSERVED_WHEN.format(
        first=day(consultation.opens_on), last=day(consultation.closes_on), who=consultation.answers_for
    )
    yield Text((told,), heading=say.OBSERVED_CONSULTATION.format(title=consultation.title))
    for number, question in enumerate(consultation.questions):
        key = f"consulta_{consultation.id}_{number + 1}"
        if question.options:
            yield _options(
                key, question.text, question.options, _counts(found, consultation.id, number), threshold
            )
        else:
            said = [s for s in found.said if (s.consultation, s.question) == (consultation.id, number)]
            counted = _counted(found, consultation.id, number)
            yield from _themes(key, question.text, counted, said, threshold=threshold)


def _counts(found: Observations, consultation: str, question: int) -> dict[int, int]:
    return {
        choice: count
        for (asked_in, number, choice), count in found.choices.items()
        if (asked_in, number) == (consultation, question)
    }


def _counted(found: Observations, consultation: str, question: int, *, month: str = "") -> Counter[str]:
    """Theme → count, over all months or in one."""
    counted: Counter[str] = Counter()
    for (asked_in, number, in_month, theme), count in found.themes.items():
        if (asked_in, number) == (consultation, question) and month in ("", in_month):
            counted[theme] += count
    return counted


def _options(
    key: str, title: str, options: Sequence[str], counts: Mapping[int, int], threshold: int
) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (words, _kept(counts.get(index, 0), threshold)) for index, words in enumerate(options)
    )
    columns = (Column(say.COL_ANSWER, "#indicator+answer"), Column(say.COL_ANSWERS, "#reached+num", 0))
    return Table(key, title, columns, rows, queries=(CHOICES,))


def _themes(
    key: str, title: str, counted: Counter[str], said: Sequence[Said], *, threshold: int
) -> Iterator[Block]:
    themes = sorted(counted, key=lambda theme: (-counted[theme], theme))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (theme_name(theme), _kept(counted[theme], threshold)) for theme in themes
    )
    columns = (Column(say.COL_THEME, "#indicator+theme"), Column(say.COL_ANSWERS, "#reached+num", 0))
    yield Table(key, title, columns, rows, queries=(THEMES,))
    for theme in (theme for theme in themes if counted[theme] >= threshold):
        quotes = sorted({each.words for each in said if each.theme == theme and each.quotable})
        if quotes:
            yield Quotes(theme_name(theme), tuple(quotes[:MAX_QUOTES]))


def _free(found: Observations, *, wanted: Sequence[str], threshold: int, today: date) -> Iterator[Block]:
    """Month by month, whole months that are over and read."""
    for month in wanted:
        said = [each for each in found.said if (each.consultation, each.month) == (FREE, month)]
        over = month < f"{today:%Y-%m}"
        counted = _counted(found, FREE, 0, month=month)
        if counted and over and (FREE, month) not in found.waiting:
            title = say.OBSERVED_FREE.format(month=month_name(month))
            yield from _themes(
                f"opiniones_{month.replace('-', '_')}", title, counted, said, threshold=threshold
            )


def theme_name(theme: str) -> str:
    """A theme as people call it: a need, or one of the themes that are none."""
    return NEEDS.get(theme) or say.THEMES.get(theme) or theme


def _kept(count: int, threshold: int) -> Cell:
    return count if count >= threshold else SMALL
