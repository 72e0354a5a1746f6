"""What a message adds to what is remembered: needs, place, for whom, and in which situation. Pure."""

from bot.flows import find_help, offer
from bot.harm import is_done_to_a_woman, says_to_harm
from bot.messages import Meaning
from bot.situations import age_of_a_son, is_alone, situations
from bot.state import Talk
from bot.who import is_minor
from data.needs import Need, Steer, Who

_SEX_OR_FAMILY = frozenset({Who.WOMEN, Who.WOMAN_WITH_CHILDREN, Who.MAN, Who.FAMILY_WITH_MAN})
"""Of these the newest counts; the others (a language, an age) add up."""

_WOMEN = frozenset({Who.WOMEN, Who.WOMAN_WITH_CHILDREN})

_LEADING = frozenset({Steer.TALK_TO_PERSON, Steer.REPORT_WRONG_INFO, Steer.DELETE_DATA, Steer.STOP})
"""What a message asks for first, although it names a place or hints at a need too."""

SURE = 0.6
"""Beside danger or one of those, a need counts from here on: «si no le doy dinero me lleva» asks for none."""

LIKELY = 0.35
"""Below this a need is not acted on but offered as a button."""


def take_in(talk: Talk) -> Talk:
    """Everything the message holds is kept: needs, place, who, and that violence was named."""
    meaning = talk.meaning
    found = needs(meaning)
    grave = (Need.EMERGENCY, Need.GBV)
    who = _people(talk)
    changes: dict[str, object] = {
        "who": who,
        "gbv": talk.state.gbv or meaning.danger.gbv,
        **_circumstances(talk),
        **_harm(talk, who),
    }
    if who != talk.state.who:
        changes |= {"shown": ()}
    if meaning.place and meaning.place.candidates and not meaning.place.ambiguous:
        changes |= {"place": meaning.place.candidates[0].key, "shown": ()}
    elif find_help.keeps_place(talk.inbound.text):
        changes |= {"place": talk.state.place or offer.NO_PLACE}
    if found:
        changes |= {
            "need": found[0],
            "more_needs": tuple(n for n in found[1:] if n not in grave),
            "shown": (),
        }
    return talk.remember(**changes)


def _circumstances(talk: Talk) -> dict[str, object]:
    """What else changes the route; it adds up over the talk."""
    state, text = talk.state, talk.inbound.text
    return {
        "situations": tuple(dict.fromkeys((*state.situations, *map(str, situations(text))))),
        "minor": state.minor or is_minor(text),
        "alone": state.alone or is_alone(text),
        "silent": state.silent or talk.meaning.danger.silent,
        "home": _home(talk),
        "son": max(state.son, age_of_a_son(text)),
    }


def _home(talk: Talk) -> str:
    """The state that was left, as far as it is plain."""
    left = talk.meaning.place_from
    states = {place.key[:2] for place in left.candidates} if left else set()
    return states.pop() if len(states) == 1 else talk.state.home


def _harm(talk: Talk, who: tuple[str, ...]) -> dict[str, object]:
    """Whether the writer hurts somebody, or a woman is hurt. A woman who hurts a child is not turned away."""
    state, text = talk.state, talk.inbound.text
    harms = state.harms or (says_to_harm(text) and not _WOMEN.intersection(who))
    violence = talk.meaning.danger.gbv
    return {"harms": harms, "for_her": is_done_to_a_woman(text) if violence else state.for_her}


def _people(talk: Talk) -> tuple[str, ...]:
    """Who it is for: the newest sex or family, and everything else that was ever said."""
    said = tuple(str(w) for w in talk.meaning.who)
    kept = talk.state.who
    if _SEX_OR_FAMILY.intersection(said):
        kept = tuple(w for w in kept if w not in _SEX_OR_FAMILY)
    elif "partner" in talk.meaning.danger.kinds:  # the man of the family is whom she needs help from
        kept = tuple(w for w in kept if w != Who.FAMILY_WITH_MAN)
    return tuple(dict.fromkeys((*kept, *said)))


def needs(meaning: Meaning) -> list[str]:
    """The needs that count, best first."""
    least = SURE if meaning.danger.urgent or leads(meaning) else LIKELY
    return [n.need for n in meaning.needs if n.need in set(Need) and n.confidence >= least]


def leads(meaning: Meaning) -> bool:
    first = meaning.needs[:1]
    return bool(first) and first[0].need in _LEADING and first[0].confidence >= LIKELY
