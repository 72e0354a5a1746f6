"""Need and place: asking for them, and going on when both are known."""

import re

from bot.budget import join
from bot.flows import known, menu, offer, pointers
from bot.messages import Reply
from bot.spanish import fold
from bot.state import Asked, Talk, Turn
from bot.texts import find_help as say
from bot.texts import labels
from data.needs import Need
from services.places import Place

GUESS = 0.2
"""From here on a single need that a message sounds like is taken up, and can be corrected."""

_WORDS_OF_A_PLACE = 4
_MORE_WORDS = frozenset({"mas", "otro", "otra", "otros", "otras", "hay mas", "mas opciones", "otra opcion"})


_KEEPS_PLACE = re.compile(
    r"\b(?:prefiero no|no (?:le |te |les )?(?:quiero|puedo|voy a|pienso)) decir(?:le|les|te)?"
    r" (?:donde|en (?:que|donde)|mi (?:lugar|ubicacion|municipio|direccion)|el lugar)\b"
)


_REFUSES_PLACE = re.compile(
    r"^(?:(?:prefiero|mejor) no(?: decir\w*)?|no (?:(?:se )?(?:le|te|les|lo|la|nos) )*"
    r"(?:quiero|puedo|voy a|pienso|debo) (?:decir|dar|contar)\w*|no (?:le|te|les|lo) digo|"
    r"(?:y )?(?:para|pa) que (?:(?:le|lo|la|me) )?(?:quiere|quieres|necesita|necesitas|pregunta|preguntas)|"
    r"me da (?:miedo|pena|desconfianza) decir\w*)\b"
)


def for_need(talk: Talk, need: str) -> Turn:
    """Start on a need: with the place when it is known, else ask for it."""
    talk = talk.remember(need=need, shown=(), in_hand=(), misses=0)
    return offer.show(talk) if talk.state.place else ask_place(talk)


def refuge(talk: Talk) -> Turn:
    """Where a refuge is, is told to nobody; a place to stay is looked for all the same."""
    talk = talk.remember(need=Need.SHELTER, shown=(), in_hand=(), misses=0)
    if talk.state.place:
        return offer.show(talk, lead=say.REFUGE)
    return ask_place(talk, lead=join([say.REFUGE, pointers.women_line(talk)]))


def keeps_place(text: str) -> bool:
    """«Prefiero no decir dónde estoy», inside a longer message too."""
    return bool(_KEEPS_PLACE.search(fold(text)))


def refuses_place(text: str) -> bool:
    """«No le voy a decir», «para qué quiere saber»: when a place was asked for."""
    return bool(_REFUSES_PLACE.search(fold(text)))


def ask_place(talk: Talk, *, again: bool = False, lead: str = "") -> Turn:
    """«¿En qué municipio o estado está?» Asked again, it comes with a number to call meanwhile.

    So it does for a need on the second page of the menu: the person has written three times by now.
    """
    seek = labels.NEED_SEEK.get(talk.state.need)
    question = say.ASK_PLACE.format(need=seek) if seek else say.ASK_PLACE_ONLY
    is_late = again or talk.state.need in labels.MENU_SECOND
    parts = (
        lead or ("" if again else pointers.lead(talk)),
        say.ASK_PLACE_AGAIN if again else question,
        _meanwhile(talk) if is_late else "",
    )
    state = talk.remember(asked=Asked.PLACE).state
    return Turn(state, (Reply(join(parts), (menu.no_place(),), place_request=True),))


def at_place(talk: Talk, key: str) -> Turn:
    """The place is settled («00»: would rather not say); go on with the need, or ask for it."""
    talk = talk.remember(place=key, shown=(), in_hand=(), misses=0)
    if talk.state.need:
        return offer.show(talk)
    if guessed := _guessed(talk) or _offered(talk):
        return for_need(talk, guessed)
    text = (
        say.ASK_NEED_ANYWHERE if key == offer.NO_PLACE else say.ASK_NEED.format(place=known.place_name(talk))
    )
    state = talk.remember(asked=Asked.NEED).state
    return Turn(state, (Reply(text, menu.needs_menu()),))


def _guessed(talk: Talk) -> str:
    """The one need that a message with a place sounds like, though not surely."""
    likely = [g.need for g in talk.meaning.guesses if g.need in set(Need) and g.confidence >= GUESS]
    says_more = len(talk.inbound.text.split()) > _WORDS_OF_A_PLACE
    return likely[0] if len(likely) == 1 and says_more and likely[0] not in (Need.EMERGENCY, Need.GBV) else ""


def _offered(talk: Talk) -> str:
    """The one need that was offered as a button just before: a place in answer to it takes it up."""
    needs = [
        option_id.partition(":")[2] for option_id, _ in talk.state.options if option_id.startswith("need:")
    ]
    lines_shown = talk.state.gbv and talk.state.asked is Asked.NOTHING and known.women_flow(talk)
    grave = (Need.EMERGENCY,) if lines_shown else (Need.EMERGENCY, Need.GBV)
    return needs[0] if len(needs) == 1 and needs[0] not in grave else ""


def ask_which(talk: Talk, candidates: tuple[Place, ...]) -> Turn:
    """Several places share the name."""
    distinctions = {place.key: talk.directory.gazetteer.distinction(place.key) for place in candidates}
    text = join([say.ASK_WHICH_PLACE, _meanwhile(talk)])
    state = talk.remember(asked=Asked.WHICH_PLACE).state
    return Turn(state, (Reply(text, menu.places(candidates, distinctions)),))


def wants_more(text: str) -> bool:
    """«Más», «otro»: in words, and nothing else."""
    return fold(text).strip(" .!¡?¿") in _MORE_WORDS


def more(talk: Talk) -> Turn:
    """«Ver más»: the next services; when what was asked is forgotten, ask it."""
    if not talk.state.need:
        return start_again(talk)
    return offer.show(talk) if talk.state.place else ask_place(talk)


def start_again(talk: Talk) -> Turn:
    """What it was about is forgotten, or never was: ask for it, and nothing more."""
    state = talk.remember(asked=Asked.NEED).state
    return Turn(state, (Reply(say.DETAILS_NONE, menu.needs_menu()),))


def _meanwhile(talk: Talk) -> str:
    line = offer.referral(talk)
    return say.MEANWHILE.format(line=line) if line else ""
