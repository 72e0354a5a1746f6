"""Which lines a danger answer names: for whom, for what, and to write to instead of speaking."""

from bot.flows import listing
from bot.messages import Danger
from bot.state import Talk
from bot.texts import danger as say
from data.needs import Who
from data.records import Channel, Service

FALLBACK_NUMBER = "911"  # MX001 of the seed: two official sources, March 2026

_ROLES = (
    ("suicide", "suicide", say.SUICIDE),
    ("missing", "missing", say.MISSING),
    ("child", "child", say.CHILD_LINE),
    ("", "emergency_writing", say.STATE_EMERGENCY),
)
"""Kind of danger (empty: any), role of the line that may help, and the sentence that names it."""

_WRITING = frozenset({"emergency_writing", "women_writing"})

_WOMEN = frozenset({Who.WOMEN, Who.WOMAN_WITH_CHILDREN})
_WOMEN_KINDS = frozenset({"partner", "sexual", "family", "trafficking"})


def emergency_number(talk: Talk) -> str:
    """The number to call now."""
    line = talk.directory.line("emergency", today=talk.today, place=talk.state.place)
    return listing.number(line) if line else FALLBACK_NUMBER


def alternatives(talk: Talk, danger: Danger) -> list[tuple[str, list[Service]]]:
    """(sentence, records) for each alternative to the emergency line that is on record."""
    violence = danger.gbv or bool(danger.kinds & _WOMEN_KINDS)
    found: list[tuple[str, list[Service]]] = []
    if violence and (women := for_women(talk)):
        found += [(women_sentence(talk, women), women)]
        found += _named(talk, "women_writing", say.WOMEN_WRITING) if danger.silent else []
    if talk.state.harms:
        found += _named(talk, "suicide", say.HARM)
    if violence and Who.LGBTI in talk.state.who:
        found += _named(talk, "lgbti", say.LGBTI)
    for kind, role, template in _ROLES:
        found += _named(talk, role, template) if kind in danger.kinds or not kind else []
    return found


def complaints(talk: Talk, danger: Danger) -> list[tuple[str, list[Service]]]:
    """Who takes a complaint: no help that comes, and so no alternative to the emergency line."""
    found = _named(talk, "human_rights", say.AUTHORITY) if "authority" in danger.kinds else []
    return found + (_named(talk, "respect", say.RESPECT) if Who.LGBTI in talk.state.who else [])


def of_violence(talk: Talk) -> list[Service]:
    """Lines for women, or for everybody where the person is a man or none is on record."""
    if _leads_with_hers(talk) and (women := for_women(talk)):
        return women if len(women) > 1 else [*women, *of_roles(talk, "emergency")]
    fitting = of_roles(talk, "lgbti") if Who.LGBTI in talk.state.who else []
    return [*fitting, *of_roles(talk, "person", "emergency")]


def for_women(talk: Talk) -> list[Service]:
    """Lines for women, for her who writes or of whom they write.

    A family with a man gets no line that leads to a refuge: its door is closed to them.
    """
    if is_with_a_man(talk):
        return of_roles(talk, "women")
    if none_for_women(talk) and not _is_for_her(talk):
        return []
    return of_roles(talk, "women", "refuge_intake")


def beside(talk: Talk) -> tuple[str, list[Service]]:
    """What is named for a woman or girl beside the lines of a man or of a family with one."""
    women = [] if _leads_with_hers(talk) else for_women(talk)
    return (women_sentence(talk, women), women) if women else ("", [])


def of_roles(talk: Talk, *roles: str) -> list[Service]:
    found = (talk.directory.line(role, today=talk.today, place=talk.state.place) for role in roles)
    return [service for service in found if service]


def with_emergency(talk: Talk, services: list[Service]) -> list[Service]:
    line = talk.directory.line("emergency", today=talk.today, place=talk.state.place)
    return [line, *services] if line else services


def none_for_women(talk: Talk) -> bool:
    """A man, who hurts others, or who says no more than «soy gay» or «soy trans»; a trans woman gets them."""
    who = talk.state.who
    if talk.state.harms or Who.MAN in who:
        return True
    return Who.LGBTI in who and not _WOMEN.intersection(who)


def is_with_a_man(talk: Talk) -> bool:
    """A family with a man, none of whom has said to hurt the others."""
    who = talk.state.who
    return Who.FAMILY_WITH_MAN in who and not talk.state.harms


def women_sentence(talk: Talk, lines: list[Service]) -> str:
    second = say.WOMEN_SECOND.format(line=listing.dial(lines[1])) if len(lines) > 1 else ""
    hers = is_with_a_man(talk) or none_for_women(talk)
    template = say.FOR_HER if hers and not _WOMEN.intersection(talk.state.who) else say.WOMEN
    return template.format(line=listing.dial(lines[0]), second=second)


def _leads_with_hers(talk: Talk) -> bool:
    """The lines for women come first; in a family with a man only for her who says to be a woman."""
    if none_for_women(talk):
        return False
    return not is_with_a_man(talk) or bool(_WOMEN.intersection(talk.state.who))


def _is_for_her(talk: Talk) -> bool:
    """A man writes of violence against a woman."""
    return talk.state.for_her and Who.MAN in talk.state.who and not talk.state.harms


def dial(line: Service, role: str) -> str:
    """A line as it stands in a sentence; one to write to with its WhatsApp number."""
    written = [phone for phone in line.phones if phone.type is Channel.WHATSAPP]
    if role in _WRITING and written:
        return f"WhatsApp {written[0].number}"
    return listing.dial(line)


def _named(talk: Talk, role: str, template: str) -> list[tuple[str, list[Service]]]:
    line = talk.directory.line(role, today=talk.today, place=talk.state.place)
    return [(template.format(line=dial(line, role)), [line])] if line else []
