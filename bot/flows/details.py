"""One service in full: what the list left out, and what can be had of it besides words."""

from collections.abc import Sequence

from bot.budget import join
from bot.flows import asking_before, cards, find_help, known, listing, menu, offer
from bot.messages import Option, Reply
from bot.state import Asked, Talk, Turn
from bot.texts import cards as say_of_cards
from bot.texts import find_help as say
from bot.texts import labels
from data.needs import Who
from data.records import Kind, Service


def first(talk: Talk) -> Turn:
    """«Más datos»: the first of those just shown; the others stay a tap away."""
    found = _in_hand(talk)
    return of(talk, found[0]) if found else find_help.start_again(talk)


def of(talk: Talk, service: Service, *, lead: str = "") -> Turn:
    """Everything about one service, and a way to the others that were just shown."""
    if not _may_come(talk, service):
        return find_help.start_again(talk)
    match = known.as_match(talk, known.record(talk, service.id) or service)
    before = asking_before.line(talk.state, [match.service])
    others = _others(talk, service)
    offered = cards.offered(talk, service, beside=len(others) + 1)
    stays = say_of_cards.STAYS if cards.stays(offered) else ""
    text = join([lead or say.DETAILS, listing.details(match, now=talk.now), before], [stays])
    options = (*others, *offered, menu.menu())
    state = talk.remember(asked=Asked.NOTHING).state
    return Turn(state, (Reply(text, options, services=(service.id,)),))


def handed_over(talk: Talk, kind: str, service: Service) -> Turn:
    """The map, the contact or the page (a kind of bot.flows.cards); all in words when it can't be had."""
    reply = cards.made(talk, kind, service)
    if reply is None:
        return of(talk, service, lead=cards.lacks(talk, kind, service))
    return Turn(talk.remember(asked=Asked.NOTHING, misses=0).state, (reply,))


def asked_for(talk: Talk) -> Turn | None:
    """«¿Cómo llego?», «contacto», «su página», of what was just shown; None when nothing was, or it asks
    for none of these."""
    kind = cards.wanted(talk)
    candidates = _read(talk) if kind else []
    if not candidates:
        return None
    have = [service for service in candidates if cards.made(talk, kind, service)]
    if len(have) > 1:
        return _which(talk, kind, have)
    return handed_over(talk, kind, (have or candidates)[0])


def _which(talk: Talk, kind: str, have: Sequence[Service]) -> Turn:
    """Several have one: each by its place in the list that was shown."""
    ids = [service.id for service in have]
    options = tuple(
        Option(f"{kind}:{service_id}", labels.ONE_OF[n])
        for n, service_id in enumerate(_shown(talk))
        if service_id in ids
    )
    state = talk.remember(asked=Asked.NOTHING, misses=0).state
    return Turn(state, (Reply(say_of_cards.WHICH, (*options, menu.menu())),))


def _others(talk: Talk, service: Service) -> tuple[Option, ...]:
    shown = _shown(talk) if service.id in talk.state.in_hand else ()
    return tuple(Option(f"service:{i}", labels.DETAILS_OF[n]) for n, i in enumerate(shown) if i != service.id)


def _shown(talk: Talk) -> tuple[str, ...]:
    return tuple(dict.fromkeys(talk.state.in_hand))[: offer.PAGE]


def _in_hand(talk: Talk) -> list[Service]:
    records = (known.record(talk, service_id) for service_id in talk.state.in_hand)
    return [service for service in records if service and _may_come(talk, service)]


def _read(talk: Talk) -> list[Service]:
    """Of what is in hand, the one whose page is open (it offers the others); else all."""
    in_hand = [service for service in _in_hand(talk) if service.id in _shown(talk)]
    elsewhere = {option_id for option_id, _ in talk.state.options}
    if not any(f"service:{service.id}" in elsewhere for service in in_hand):
        return in_hand
    return [service for service in in_hand if f"service:{service.id}" not in elsewhere]


def _may_come(talk: Talk, service: Service) -> bool:
    """An old list or button must not send a man, or a family with one, to a door for women."""
    if not service.compatibility.women_only:
        return True
    if Who.FAMILY_WITH_MAN in talk.state.who:
        return service.kind is Kind.LINE
    return Who.MAN not in talk.state.who and not talk.state.harms
