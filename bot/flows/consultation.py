"""«Quiero opinar»: the questions of an open consultation, or an opinion that nobody asked for."""

import re
from dataclasses import replace

from bot import keywords
from bot.budget import MAX_LABEL, join, room, shorten, units
from bot.flows import menu
from bot.messages import Option, Reply
from bot.spanish import fold
from bot.state import Asked, State, Talk, Turn
from bot.texts import consultation as say
from data import months
from data.consultations import FREE, Answer, Consultation, Question
from data.counts import NO_PLACE, Outcome
from data.needs import Need, Steer

MAX_WORDS = 1500

_WISH = re.compile(
    r"(?:si,? )?(?:yo )?(?:(?:quiero|quisiera|deseo|puedo|me gustaria) )?(?:opinar|dar (?:mi|una) opinion)"
)

_ANSWERS = frozenset({Steer.OUT_OF_SCOPE, Steer.OPINION, Steer.AFFIRM})
"""Only these may be an answer in words beside a need; any other word of the conversation leaves."""


def offered(before: State, turn: Turn, talk: Talk) -> Turn:
    """The answer with one line more, once: after a need was answered, and never in or after danger."""
    found = _open(talk)
    if found is None or not _is_fit(before, turn) or before.offered == found.id:
        return turn
    reply = turn.replies[-1]
    text = join([reply.text, say.OFFER])
    if units(text) > room(turn.state):
        return turn
    state = replace(turn.state, offered=found.id)
    return replace(turn, state=state, replies=(*turn.replies[:-1], replace(reply, text=text)))


def is_asked_for(text: str) -> bool:
    """«Quiero opinar», which no model is needed to understand."""
    return bool(_WISH.fullmatch(fold(text).strip(" .,!¡¿?«»\"'")))


def start(talk: Talk) -> Turn:
    """What is kept and who answers for it, before anything is asked: a yes is needed."""
    found = _open(talk)
    text = _consent(found) if found else say.FREE
    options = (Option("opinion:yes", say.YES), Option("opinion:no", say.NO))
    state = talk.remember(
        asked=Asked.CONSULT, consultation=found.id if found else FREE, question=0, misses=0
    ).state
    return Turn(state, (Reply(text, options),))


def heard(talk: Talk) -> Turn | None:
    """A text while a consultation asks; None when it is no answer, and so leaves it."""
    if talk.state.asked is Asked.CONSULT:
        return _yes_or_no(talk)
    if talk.state.asked is not Asked.OPINION or _is_something_else(talk):
        return None
    question = _question(talk)
    if question is None:
        return None
    if not question.options:
        return _next(talk, _answer(talk, words=talk.inbound.text[:MAX_WORDS]))
    chosen = keywords.choice(talk.inbound.text, _choices(talk, question))
    return tapped(talk, chosen) if chosen else None


def tapped(talk: Talk, option: str) -> Turn:
    """«Sí», «Ahora no», or a choice. An old button of a consultation that is over begins again."""
    if option == "opinion:no":
        return Turn(talk.remember(asked=Asked.NEED).state, (Reply(say.NOT_NOW, menu.needs_menu()),))
    if option == "opinion:yes":
        return _ask(talk) if talk.state.asked is Asked.CONSULT else start(talk)
    question = _question(talk) if talk.state.asked is Asked.OPINION else None
    _, _, rest = option.partition(":")
    number, _, choice = rest.partition(":")
    known = question and number == str(talk.state.question) and choice.isascii() and choice.isdecimal()
    if not question or not known or int(choice) >= len(question.options):
        return start(talk)
    return _next(talk, _answer(talk, choice=int(choice)))


def _is_fit(before: State, turn: Turn) -> bool:
    state = turn.state
    grave = turn.grave or state.gbv or state.danger or before.danger or before.quiet
    calm = not (grave or state.more_needs)
    asked_before = before.welcomed and bool(turn.replies)
    return (
        calm
        and asked_before
        and bool(turn.ended)
        and turn.ended is not None
        and (turn.ended[1] is Outcome.SHOWN and turn.ended[0] not in (Need.GBV, Need.EMERGENCY))
    )


def _open(talk: Talk) -> Consultation | None:
    """The first consultation that is open where the person is."""
    today = talk.now.astimezone(months.ZONE).date()
    place = "" if talk.state.place == NO_PLACE else talk.state.place
    return next((c for c in talk.directory.consultations if c.is_open(place, on=today)), None)


def _consent(found: Consultation) -> str:
    count = len(found.questions)
    return say.CONSENT.format(
        title=shorten(found.title, 120).rstrip("."),
        count=say.ONE_QUESTION if count == 1 else say.QUESTIONS.format(count=count),
        answers_for=shorten(found.answers_for, 120).rstrip("."),
    )


def _yes_or_no(talk: Talk) -> Turn | None:
    offered_now = [Option(option_id, label) for option_id, label in talk.state.options]
    chosen = keywords.choice(talk.inbound.text, offered_now)
    if chosen and chosen.startswith("opinion:"):
        return tapped(talk, chosen)
    said = next((n.need for n in talk.meaning.needs), "")
    if said in (Steer.AFFIRM, Steer.DENY):
        return tapped(talk, "opinion:yes" if said == Steer.AFFIRM else "opinion:no")
    return None


def _is_something_else(talk: Talk) -> bool:
    """Danger, somebody else at the phone, or a word that steers the conversation."""
    danger = talk.meaning.danger
    if danger.gbv or danger.leaving or danger.other_person or danger.silent:
        return True
    first = next((n.need for n in talk.meaning.needs), "")
    return first in set(Steer) and first not in _ANSWERS


def _current(talk: Talk) -> Consultation | None:
    return next((c for c in talk.directory.consultations if c.id == talk.state.consultation), None)


def _question(talk: Talk) -> Question | None:
    """The question that was asked last; None when its consultation is gone or closed."""
    if talk.state.consultation == FREE:
        return Question(say.FREE_QUESTION)
    found = _current(talk)
    if found is None or found.closed or talk.state.question >= len(found.questions):
        return None
    return found.questions[talk.state.question]


def _ask(talk: Talk) -> Turn:
    question = _question(talk)
    if question is None:
        return Turn(talk.remember(asked=Asked.NEED).state, (Reply(say.DONE, menu.needs_menu()),))
    state = talk.remember(asked=Asked.OPINION).state
    found = _current(talk)
    if found is None:
        return Turn(state, (Reply(say.FREE_QUESTION, (menu.menu(),)),))
    number, count = talk.state.question + 1, len(found.questions)
    asked = say.ASK.format(number=number, count=count, question=shorten(question.text, 400))
    how = say.CHOOSE if question.options else say.WRITE
    options = tuple(_choices(talk, question)) or (menu.menu(),)
    return Turn(state, (Reply(join([asked, how]), options),))


def _choices(talk: Talk, question: Question) -> list[Option]:
    return [
        Option(f"opinion:{talk.state.question}:{index}", shorten(words, MAX_LABEL))
        for index, words in enumerate(question.options)
    ]


def _next(talk: Talk, answer: Answer) -> Turn:
    turn = _ask(talk.remember(question=talk.state.question + 1)) if _current(talk) else _done(talk)
    return replace(turn, opinion=answer)


def _done(talk: Talk) -> Turn:
    return Turn(talk.remember(asked=Asked.NEED).state, (Reply(say.DONE, menu.needs_menu()),))


def _answer(talk: Talk, *, choice: int | None = None, words: str = "") -> Answer:
    """The answer by state only, with the theme that the understanding of the words suggests."""
    needs = (str(n.need) for n in talk.meaning.needs)
    return Answer(
        consultation=talk.state.consultation,
        question=talk.state.question,
        state=(talk.state.place or NO_PLACE)[:2],
        choice=choice,
        words=words,
        suggested="" if choice is not None else next((need for need in needs if need in set(Need)), ""),
    )
