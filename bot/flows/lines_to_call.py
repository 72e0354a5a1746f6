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

_WOMEN_KINDS = frozenset({"partner", "sexual", "family", "trafficking"})


def emergency_number(talk: Talk) -> str:
    """The number to call now."""
    line = talk.directory.line("emergency", today=talk.today, place=talk.state.place)
    return listing.number(line) if line else FALLBACK_NUMBER


def alternatives(talk: Talk, danger: Danger) -> list[tuple[str, list[Service]]]:
    """(sentence, records) for each alternative to the emergency line that is on record."""
    violence = danger.gbv or bool(danger.kinds & _WOMEN_KINDS)
    found: list[tuple[str, list[Service]]] = []
    if violence and not none_for_women(talk):
        women = of_roles(talk, "women", "refuge_intake")
        found += [(women_sentence(women), women)] if women else []
        found += _named(talk, "women_writing", say.WOMEN_WRITING) if danger.silent else []
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
    women = [] if none_for_women(talk) else of_roles(talk, "women", "refuge_intake")
    fitting = of_roles(talk, "lgbti") if Who.LGBTI in talk.state.who else []
    return women or [*fitting, *of_roles(talk, "person", "emergency")]


def of_roles(talk: Talk, *roles: str) -> list[Service]:
    found = (talk.directory.line(role, today=talk.today, place=talk.state.place) for role in roles)
    return [service for service in found if service]


def with_emergency(talk: Talk, services: list[Service]) -> list[Service]:
    line = talk.directory.line("emergency", today=talk.today, place=talk.state.place)
    return [line, *services] if line else services


def none_for_women(talk: Talk) -> bool:
    """A man, or somebody who says no more than «soy gay» or «soy trans»; a trans woman gets them."""
    who = talk.state.who
    return Who.MAN in who or (Who.LGBTI in who and not {Who.WOMEN, Who.WOMAN_WITH_CHILDREN} & set(who))


def women_sentence(lines: list[Service]) -> str:
    second = say.WOMEN_SECOND.format(line=listing.dial(lines[1])) if len(lines) > 1 else ""
    return say.WOMEN.format(line=listing.dial(lines[0]), second=second)


def dial(line: Service, role: str) -> str:
    """A line as it stands in a sentence; one to write to with its WhatsApp number."""
    written = [phone for phone in line.phones if phone.type is Channel.WHATSAPP]
    if role in _WRITING and written:
        return f"WhatsApp {written[0].number}"
    return listing.dial(line)


def _named(talk: Talk, role: str, template: str) -> list[tuple[str, list[Service]]]:
    line = talk.directory.line(role, today=talk.today, place=talk.state.place)
    return [(template.format(line=dial(line, role)), [line])] if line else []
