"""«¿Puede escribir ahora?»: when a person may be asked, and how the question and notices are queued."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import asking
from bot.asking import LATE
from bot.core import Core
from bot.flows import menu, talking
from bot.messages import Reply
from bot.safe_times import Window, closes, opens
from bot.texts import casework as say
from bot.texts import find_help
from data import request_store
from data.request_store import ANY, CALL, Kept
from services.matching import DEFAULT_ZONE

FRESH = timedelta(minutes=30)
"""So long after the person's last words no new question is needed; so long may a caseworker be silent."""
BETWEEN_CALLS = timedelta(hours=1)
_PLATFORM_WINDOWS = {"whatsapp": timedelta(hours=24) - timedelta(minutes=5)}
"""After this no free answer is taken (Cloud API, customer service window), less the time of a send."""


class CannotAnswer(Exception):
    """Why not, as a sentence for the caseworker."""


def when_to_ask(kept: Kept, window: Window, *, zone: str, now: datetime) -> datetime:
    """When «¿Puede escribir ahora?» may go: `now`, or the next safe time. Raises CannotAnswer when never."""
    if kept.doubt:
        raise CannotAnswer(say.DOUBT)
    earliest = max(now, kept.called_at + BETWEEN_CALLS) if kept.called_at else now
    moment = opens(window, earliest, zone=zone)
    platform = platform_limit(kept)
    if moment >= kept.until:
        raise CannotAnswer(sentence(say.PAST_UNTIL, zone, limit=kept.until, opens=moment))
    if platform and moment >= platform:
        raise CannotAnswer(sentence(say.PLATFORM_WINDOW, zone, limit=platform, opens=moment))
    return moment


async def ask(
    core: Core, connection: AsyncConnection, kept: Kept, window: Window, zone: str, *, now: datetime
) -> None:
    """Queue the question; it goes within the safe hours and soon, or not at all."""
    limits = [closes(window, now, zone=zone), kept.until, platform_limit(kept), now + FRESH]
    late_at = min(limit for limit in limits if limit)
    row = await asking.queue(core, connection, kept, talking.CALL, voice=CALL, late_at=late_at, now=now)
    await request_store.call(connection, kept.id, outbox_id=row, now=now)


async def tell(core: Core, connection: AsyncConnection, kept: Kept, text: str, *, now: datetime) -> None:
    """Queue a notice of Faro's own about the talk."""
    reply = Reply(text, (menu.menu(), menu.person()))
    await asking.queue(core, connection, kept, reply, voice=ANY, late_at=now + LATE, now=now)


def window_of(core: Core, kept: Kept) -> tuple[Window, str]:
    """The safe part of the day, and the clock it is read on. Raises Unreadable."""
    wish = asking.opened(core.keys, kept)
    is_known = core.gazetteer.place(wish.place) is not None
    return wish.window, core.gazetteer.time_zone(wish.place) if is_known else DEFAULT_ZONE


def platform_limit(kept: Kept) -> datetime | None:
    """Until when the platform takes an answer; None where it sets no limit."""
    after = _PLATFORM_WINDOWS.get(kept.channel)
    return kept.seen_at + after if after else None


def sentence(template: str, zone: str, **moments: datetime) -> str:
    """A reason with its moments on the person's clock."""
    return template.format(**{name: _spoken(moment, zone) for name, moment in moments.items()})


def _spoken(moment: datetime, zone: str) -> str:
    """«lunes 19:00 (hora de donde está)»."""
    local = moment.astimezone(ZoneInfo(zone))
    day = find_help.DAYS[local.weekday()]
    return say.MOMENT.format(day=day, hour=f"{local.hour}:{local.minute:02}")
