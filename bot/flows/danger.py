"""When somebody is in danger: a number first, no question about what happened, a word to leave."""

from dataclasses import replace

from bot.budget import join
from bot.flows import find_help, listing, menu, offer, route
from bot.messages import Danger, Option, Reply
from bot.state import Asked, Talk, Turn
from bot.texts import danger as say
from bot.texts import labels
from bot.texts import welcome as greet
from data.counts import Outcome
from data.needs import Need, Who
from data.records import Channel, Service

FALLBACK_NUMBER = "911"  # MX001 of the seed: two official sources, March 2026

_YES = Option("danger:yes", labels.YES)
_NO = Option("danger:no", labels.NO)
_AFTER = {
    "gbv": (say.CONFIRMED_GBV, Need.GBV),
    "sexual": (say.CONFIRMED, Need.GBV),
    "suicide": (say.CONFIRMED_SUICIDE, Need.MENTAL_HEALTH),
    "medical": (say.CONFIRMED_MEDICAL, Need.HEALTH),
    "missing": (say.CONFIRMED_MISSING, Need.MISSING),
    "child": (say.CONFIRMED_CHILD, Need.CHILDREN),
}
"""What is said once a person confirmed, and what to look for, by what the danger was about."""

_ROLES = (
    ("suicide", "suicide", say.SUICIDE),
    ("missing", "missing", say.MISSING),
    ("child", "child", say.CHILD_LINE),
    ("", "emergency_writing", say.STATE_EMERGENCY),
)
"""Kind of danger (empty: any), role of the line that may help, and the sentence that names it."""

_WRITING = frozenset({"emergency_writing", "women_writing"})

_WOMEN_KINDS = frozenset({"partner", "sexual", "family", "trafficking"})


def answer(talk: Talk) -> Turn:
    """The danger answer: a line to call now, another where one is on record, SALIR, «¿es esto?»."""
    danger = talk.meaning.danger
    others = _alternatives(talk, danger)
    complaints = _complaints(talk, danger)
    opening = say.OPENING_SILENT if danger.silent else say.OPENING
    text = join(
        [
            opening.format(line=emergency_number(talk)),
            *([text for text, _ in others] or [say.NONE]),
            say.HEALTH_FIRST if "sexual" in danger.kinds else "",
            _child(talk, danger),
            *[text for text, _ in complaints],
            f"{say.LEAVE} {say.QUESTION}",
        ],
        separator="\n",
    )
    services = [service for _, found in (*others, *complaints) for service in found]
    return _ask(talk, text, _with_emergency(talk, services), about=_about(danger))


def gbv_answer(talk: Talk) -> Turn:
    """Violence that is not happening now: women's options first, SALIR and the same correction.

    For a man or a boy: general services and health, and no women-only door.
    """
    kinds = talk.meaning.danger.kinds
    lines = _gbv_lines(talk)
    text = join(
        [
            _gbv_opening(lines),
            say.HEALTH_FIRST if "sexual" in kinds else say.GBV_NO_COMPLAINT,
            f"{say.LEAVE} {say.QUESTION}",
        ],
        separator="\n",
    )
    return _ask(talk, text, lines, about="sexual" if "sexual" in kinds and _no_womens_lines(talk) else "gbv")


def lines(talk: Talk) -> Turn:
    """«Mi seguridad»: lines at once, without asking what happened. A man gets those for everybody."""
    return _general_lines(talk) if _no_womens_lines(talk) else womens_lines(talk.remember(gbv=True))


def womens_lines(talk: Talk) -> Turn:
    """The lines for women, without asking what happened; offices nearby are one tap away."""
    women = _lines(talk, "women", "refuge_intake")
    text = join([_gbv_opening(women), say.GBV_NO_COMPLAINT, say.WOMEN_PLACES, say.LEAVE], separator="\n")
    options = (Option(f"need:{Need.GBV}", labels.SEE_OPTIONS), menu.person(), menu.menu())
    ids = tuple(s.id for s in women)
    state = talk.remember(asked=Asked.NOTHING, in_hand=ids, misses=0).state
    return Turn(state, (Reply(text, options, services=ids),), grave=True, ended=(Need.GBV, Outcome.SHOWN))


def confirmed(talk: Talk) -> Turn:
    """«Sí»: calm words, the number once more, how to delete the chat, and what else there is."""
    need = _need_after(talk)
    words = _words_after(talk)
    number = say.NUMBER_AGAIN.format(line=_number_again(talk))
    text = join([words, number, say.ERASE_HINT_WHATSAPP])
    state = talk.remember(asked=Asked.NOTHING, need=need).state
    options = (Option(f"need:{need}", labels.SEE_OPTIONS), menu.person(), menu.menu())
    return Turn(state, (Reply(text, options),), grave=True)


def corrected(talk: Talk) -> Turn:
    """«No, es otra cosa»: go on with what was asked, or offer the menu."""
    need = Need.GBV if talk.state.danger == "gbv" else Need.EMERGENCY
    turn = _without_danger(talk.remember(asked=Asked.NOTHING, danger="", gbv=False))
    return replace(turn, false_alarm=need if talk.state.danger else "")


def _without_danger(talk: Talk) -> Turn:
    asked_for = _asked_for(talk)
    if asked_for:
        talk = talk.remember(need=asked_for)
        if talk.state.place and asked_for == Need.KNOW_RIGHTS:
            return route.open_route(talk, lead=say.NOT_IT_GO_ON)
        if talk.state.place:
            return offer.show(talk, lead=say.NOT_IT_GO_ON)
        return find_help.ask_place(talk)
    state = talk.remember(need="", asked=Asked.NEED).state
    return Turn(state, (Reply(say.NOT_IT, menu.needs_menu()),))


def _asked_for(talk: Talk) -> str:
    """What was asked for beside what turned out to be no danger."""
    asked = (talk.state.need, *talk.state.more_needs)
    return next((need for need in asked if need and need not in (Need.EMERGENCY, Need.GBV)), "")


def loud_help(talk: Talk) -> Turn:
    """AYUDA, AUXILIO, SOCORRO alone: a line to call now, then the menu, in one message."""
    women = [] if _no_womens_lines(talk) else _lines(talk, "women", "refuge_intake")
    text = greet.HELP_LOUD.format(
        line=emergency_number(talk),
        alternative=f" {_women_sentence(women)}" if women else "",
        erase_hint=say.ERASE_HINT_WHATSAPP,
    )
    services = tuple(s.id for s in _with_emergency(talk, women))
    state = talk.remember(asked=Asked.NEED, in_hand=services).state
    reply = Reply(text, menu.needs_menu(), services=services)
    return Turn(state, (reply,), grave=True, ended=(Need.EMERGENCY, Outcome.SHOWN))


def emergency_number(talk: Talk) -> str:
    """The number to call now."""
    line = talk.directory.line("emergency", place=talk.state.place)
    return listing.number(line) if line else FALLBACK_NUMBER


def _ask(talk: Talk, text: str, services: list[Service], *, about: str) -> Turn:
    ids = tuple(dict.fromkeys(s.id for s in services))
    state = talk.remember(asked=Asked.DANGER, danger=about, in_hand=ids, misses=0).state
    need = Need.GBV if about == "gbv" else Need.EMERGENCY
    return Turn(state, (Reply(text, (_YES, _NO), services=ids),), grave=True, ended=(need, Outcome.SHOWN))


def _alternatives(talk: Talk, danger: Danger) -> list[tuple[str, list[Service]]]:
    """(sentence, records) for each alternative to the emergency line that is on record."""
    violence = danger.gbv or bool(danger.kinds & _WOMEN_KINDS)
    found: list[tuple[str, list[Service]]] = []
    if violence and not _no_womens_lines(talk):
        women = _lines(talk, "women", "refuge_intake")
        found += [(_women_sentence(women), women)] if women else []
        found += _named(talk, "women_writing", say.WOMEN_WRITING) if danger.silent else []
    if violence and Who.LGBTI in talk.state.who:
        found += _named(talk, "lgbti", say.LGBTI)
    for kind, role, template in _ROLES:
        found += _named(talk, role, template) if kind in danger.kinds or not kind else []
    return found


def _complaints(talk: Talk, danger: Danger) -> list[tuple[str, list[Service]]]:
    """Who takes a complaint: no help that comes, and so no alternative to the emergency line."""
    found = _named(talk, "human_rights", say.AUTHORITY) if "authority" in danger.kinds else []
    return found + (_named(talk, "respect", say.RESPECT) if Who.LGBTI in talk.state.who else [])


def _named(talk: Talk, role: str, template: str) -> list[tuple[str, list[Service]]]:
    line = talk.directory.line(role, place=talk.state.place)
    return [(template.format(line=dial(line, role)), [line])] if line else []


def _child(talk: Talk, danger: Danger) -> str:
    """What to say on the phone: of a child, or as the child."""
    if talk.state.child_alone:
        return say.CHILD_ALONE
    if talk.state.minor:
        return say.CHILD_SELF
    return say.CHILD if "child" in danger.kinds else ""


def dial(line: Service, role: str) -> str:
    """A line as it stands in a sentence; one to write to with its WhatsApp number."""
    written = [phone for phone in line.phones if phone.type is Channel.WHATSAPP]
    if role in _WRITING and written:
        return f"WhatsApp {written[0].number}"
    return listing.dial(line)


def _words_after(talk: Talk) -> str:
    """The calm words, for what the danger was about and whose it is."""
    if (talk.state.child_alone or talk.state.minor) and talk.state.danger in ("child", "attack"):
        return say.CONFIRMED_CHILD_ALONE
    if talk.state.silent and talk.state.danger == "attack":
        return say.CONFIRMED_SILENT
    if talk.state.danger == "attack" and talk.state.gbv and not _no_womens_lines(talk):
        return say.CONFIRMED_LEAVING
    return _AFTER.get(talk.state.danger, (say.CONFIRMED, ""))[0]


def _about(danger: Danger) -> str:
    """The one thing to speak of: violence comes before what it leads to."""
    if "sexual" in danger.kinds:
        return "sexual"
    if danger.gbv or danger.kinds & {"attack", "threat"}:
        return "attack"
    return next((kind for kind in _AFTER if kind in danger.kinds), "attack")


def _women_sentence(lines: list[Service]) -> str:
    second = say.WOMEN_SECOND.format(line=listing.dial(lines[1])) if len(lines) > 1 else ""
    return say.WOMEN.format(line=listing.dial(lines[0]), second=second)


def _gbv_lines(talk: Talk) -> list[Service]:
    """Lines for women, or for everybody where the person is a man or none is on record."""
    women = [] if _no_womens_lines(talk) else _lines(talk, "women", "refuge_intake")
    fitting = _lines(talk, "lgbti") if Who.LGBTI in talk.state.who else []
    return women or [*fitting, *_lines(talk, "person", "emergency")]


def _gbv_opening(lines: list[Service]) -> str:
    second = say.WOMEN_SECOND.format(line=listing.dial(lines[1])) if len(lines) > 1 else ""
    first = listing.dial(lines[0]) if lines else FALLBACK_NUMBER
    return say.GBV_OPENING.format(line=first, second=second)


def _general_lines(talk: Talk) -> Turn:
    found = _lines(talk, "person", "emergency")
    text = join([_gbv_opening(found), say.GBV_NO_COMPLAINT, say.LEAVE], separator="\n")
    options = (Option(f"need:{Need.MENTAL_HEALTH}", labels.SEE_OPTIONS), menu.person(), menu.menu())
    ids = tuple(s.id for s in found)
    state = talk.remember(asked=Asked.NOTHING, in_hand=ids, misses=0).state
    return Turn(state, (Reply(text, options, services=ids),), grave=True, ended=(Need.GBV, Outcome.SHOWN))


def _lines(talk: Talk, *roles: str) -> list[Service]:
    found = (talk.directory.line(role, place=talk.state.place) for role in roles)
    return [service for service in found if service]


def _with_emergency(talk: Talk, services: list[Service]) -> list[Service]:
    line = talk.directory.line("emergency", place=talk.state.place)
    return [line, *services] if line else services


def _no_womens_lines(talk: Talk) -> bool:
    """A man, or somebody who says no more than «soy gay» or «soy trans»; a trans woman gets them."""
    who = talk.state.who
    return Who.MAN in who or (Who.LGBTI in who and not {Who.WOMEN, Who.WOMAN_WITH_CHILDREN} & set(who))


def _number_again(talk: Talk) -> str:
    """The number that the calm words speak of."""
    if talk.state.danger in ("attack", "sexual") and talk.state.gbv and (women := _gbv_lines(talk)):
        return say.BOTH.format(first=emergency_number(talk), second=listing.dial(women[0]))
    if talk.state.danger == "gbv" and (lines := _gbv_lines(talk)):
        return listing.dial(lines[0])
    if talk.state.danger == "suicide" and (line := talk.directory.line("suicide", place=talk.state.place)):
        return listing.dial(line)
    return emergency_number(talk)


def _need_after(talk: Talk) -> str:
    """What to look for once a person said «sí»: what they asked, else what keeps them safe."""
    asked = talk.state.need
    if asked and asked not in (Need.EMERGENCY, Need.GBV):
        return asked
    if talk.state.child_alone:
        return Need.CHILDREN
    if asked == Need.GBV or talk.state.gbv:
        return _need_without_womens_lines(talk) if _no_womens_lines(talk) else Need.GBV
    if talk.state.danger in _AFTER:
        return _AFTER[talk.state.danger][1]
    return Need.SHELTER


def _need_without_womens_lines(talk: Talk) -> Need:
    """Sexual violence of anybody: health first. Put out of the house: a place. Else somebody to talk to."""
    if talk.state.danger == "sexual":
        return Need.HEALTH
    return Need.SHELTER if talk.state.alone else Need.MENTAL_HEALTH
