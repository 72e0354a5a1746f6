"""When somebody is in danger: a number first, no question about what happened, a word to leave."""

from bot.budget import join
from bot.flows import find_help, listing, menu
from bot.messages import Danger, Option, Reply
from bot.state import Asked, Talk, Turn
from bot.texts import danger as say
from bot.texts import labels
from bot.texts import welcome as greet
from data.needs import Need, Who
from data.records import Service

FALLBACK_NUMBER = "911"  # MX001 of the seed: two official sources, March 2026

_YES = Option("danger:yes", labels.YES)
_NO = Option("danger:no", labels.NO)
_AFTER = {
    "suicide": (say.CONFIRMED_SUICIDE, Need.MENTAL_HEALTH),
    "medical": (say.CONFIRMED_MEDICAL, Need.HEALTH),
    "missing": (say.CONFIRMED_MISSING, Need.MISSING),
    "child": (say.CONFIRMED_CHILD, Need.CHILDREN),
}
"""What is said once a person confirmed, and what to look for, by what the danger was about."""

_WOMEN_KINDS = frozenset({"partner", "sexual", "family", "trafficking"})


def answer(talk: Talk) -> Turn:
    """The danger answer: a line to call now, another where one is on record, SALIR, «¿es esto?»."""
    danger = talk.meaning.danger
    lines = _alternatives(talk, danger)
    opening = say.OPENING.format(line=emergency_number(talk))
    said = [text for text, _ in lines] or [say.NONE]
    authority = _authority(talk, danger)
    text = join(
        [
            opening,
            *said,
            *([authority[0]] if authority else []),
            say.CHILD if "child" in danger.kinds else "",
            f"{say.LEAVE} {say.QUESTION}",
        ],
        [say.HEALTH_FIRST if "sexual" in danger.kinds else "", _silent(danger)],
        separator="\n",
    )
    services = [s for _, group in lines for s in group] + ([authority[1]] if authority else [])
    return _ask(talk, text, _with_emergency(talk, services), about=_about(danger))


def gbv_answer(talk: Talk) -> Turn:
    """Violence that is not happening now: women's options first, SALIR and the same correction.

    For a man or a boy: general services and health, and no women-only door.
    """
    is_man = Who.MAN in talk.state.who
    sexual = "sexual" in talk.meaning.danger.kinds
    women = [] if is_man else _lines(talk, "women", "refuge_intake")
    opening = _gbv_opening(women)
    text = join(
        [
            opening,
            say.HEALTH_FIRST if sexual else say.GBV_NO_COMPLAINT,
            f"{say.LEAVE} {say.QUESTION}",
        ],
        separator="\n",
    )
    return _ask(talk, text, women or _with_emergency(talk, []), about="")


def womens_lines(talk: Talk) -> Turn:
    """The lines for women, without asking what happened; offices nearby are one tap away."""
    women = _lines(talk, "women", "refuge_intake")
    text = join([_gbv_opening(women), say.GBV_NO_COMPLAINT, say.WOMEN_PLACES, say.LEAVE], separator="\n")
    options = (Option(f"need:{Need.GBV}", labels.SEE_OPTIONS), menu.person(), menu.menu())
    ids = tuple(s.id for s in women)
    state = talk.remember(asked=Asked.NOTHING, in_hand=ids, misses=0).state
    return Turn(state, (Reply(text, options, services=ids),), grave=True)


def confirmed(talk: Talk) -> Turn:
    """«Sí»: calm words, how to delete the chat, and what else there is."""
    need = _need_after(talk)
    words, _ = _AFTER.get(talk.state.danger, (say.CONFIRMED, ""))
    text = join([words, say.ERASE_HINT_WHATSAPP])
    state = talk.remember(asked=Asked.NOTHING, need=need).state
    options = (Option(f"need:{need}", labels.SEE_OPTIONS), menu.person(), menu.menu())
    return Turn(state, (Reply(text, options),), grave=True)


def corrected(talk: Talk) -> Turn:
    """«No, es otra cosa»: go on with what was asked, or offer the menu."""
    talk = talk.remember(asked=Asked.NOTHING, danger="", gbv=False)
    asked_for = talk.state.need
    if asked_for and asked_for not in (Need.EMERGENCY, Need.GBV):
        if talk.state.place:
            return find_help.show(talk, lead=say.NOT_IT_GO_ON)
        return find_help.ask_place(talk)
    state = talk.remember(need="", asked=Asked.NEED).state
    return Turn(state, (Reply(say.NOT_IT, menu.needs_menu()),))


def loud_help(talk: Talk) -> Turn:
    """AYUDA, AUXILIO, SOCORRO alone: a line to call now, then the menu, in one message."""
    women = "" if Who.MAN in talk.state.who else _women(talk)
    text = greet.HELP_LOUD.format(
        line=emergency_number(talk),
        alternative=f" {women}" if women else "",
        erase_hint=say.ERASE_HINT_WHATSAPP,
    )
    state = talk.remember(asked=Asked.NEED).state
    services = tuple(s.id for s in _with_emergency(talk, []))
    return Turn(state, (Reply(text, menu.needs_menu(), services=services),), grave=True)


def emergency_number(talk: Talk) -> str:
    """The number to call now."""
    line = talk.directory.line("emergency", place=talk.state.place)
    return listing.number(line) if line else FALLBACK_NUMBER


def _ask(talk: Talk, text: str, services: list[Service], *, about: str) -> Turn:
    ids = tuple(dict.fromkeys(s.id for s in services))
    state = talk.remember(asked=Asked.DANGER, danger=about, in_hand=ids, misses=0).state
    return Turn(state, (Reply(text, (_YES, _NO), services=ids),), grave=True)


def _alternatives(talk: Talk, danger: Danger) -> list[tuple[str, list[Service]]]:
    """(sentence, records) for each alternative to the emergency line that is on record."""
    found: list[tuple[str, list[Service]]] = []
    if (danger.gbv or danger.kinds & _WOMEN_KINDS) and Who.MAN not in talk.state.who:
        women = _lines(talk, "women", "refuge_intake")
        if women:
            found.append((_women_sentence(women), women))
    for kind, role, template in (
        ("suicide", "suicide", say.SUICIDE),
        ("missing", "missing", say.MISSING),
        ("silent", "emergency_writing", say.STATE_EMERGENCY),
    ):
        line = talk.directory.line(role, place=talk.state.place)
        wanted = kind in danger.kinds or (kind == "silent" and line is not None)
        if wanted and line:
            found.append((template.format(line=_dial(line, role)), [line]))
    return found


def _dial(line: Service, role: str) -> str:
    if role != "emergency_writing":
        return listing.dial(line)
    writing = [phone for phone in line.phones if phone.type == "whatsapp"]
    return f"WhatsApp {writing[0].number}" if writing else listing.dial(line)


def _about(danger: Danger) -> str:
    """The one thing to speak of: violence comes before what it leads to."""
    if danger.gbv or danger.kinds & {"attack", "threat"}:
        return "attack"
    return next((kind for kind in _AFTER if kind in danger.kinds), "attack")


def _women(talk: Talk) -> str:
    lines = _lines(talk, "women", "refuge_intake")
    return _women_sentence(lines) if lines else ""


def _women_sentence(lines: list[Service]) -> str:
    second = say.WOMEN_SECOND.format(line=listing.dial(lines[1])) if len(lines) > 1 else ""
    return say.WOMEN.format(line=listing.dial(lines[0]), second=second)


def _gbv_opening(women: list[Service]) -> str:
    if not women:
        return say.GBV_GENERAL
    second = say.WOMEN_SECOND.format(line=listing.dial(women[1])) if len(women) > 1 else ""
    return say.GBV_OPENING.format(line=listing.dial(women[0]), second=second)


def _lines(talk: Talk, *roles: str) -> list[Service]:
    found = (talk.directory.line(role, place=talk.state.place) for role in roles)
    return [service for service in found if service]


def _authority(talk: Talk, danger: Danger) -> tuple[str, Service] | None:
    line = talk.directory.line("human_rights", place=talk.state.place)
    if "authority" not in danger.kinds or line is None:
        return None
    return say.AUTHORITY.format(line=listing.dial(line)), line


def _with_emergency(talk: Talk, services: list[Service]) -> list[Service]:
    line = talk.directory.line("emergency", place=talk.state.place)
    return [line, *services] if line else services


def _silent(danger: Danger) -> str:
    return say.SILENT if danger.silent else ""


def _need_after(talk: Talk) -> str:
    """What to look for once a person said «sí»: what they asked, else what keeps them safe."""
    if talk.state.need and talk.state.need != Need.EMERGENCY:
        return talk.state.need
    if talk.state.danger in _AFTER:
        return _AFTER[talk.state.danger][1]
    return Need.GBV if talk.state.gbv else Need.SHELTER
