"""SALIR, BORRAR, ALTO and PRIVACIDAD: exactly as product.md says."""

from bot.flows import menu
from bot.messages import Option, Reply
from bot.state import Asked, Effect, State, Talk, Turn
from bot.texts import labels, privacy
from services.directory import Operator

_ERASE = Option("erase:yes", labels.ERASE_YES)
_KEEP = Option("erase:no", labels.ERASE_NO)


def leave(*, forget: bool) -> Turn:
    """Four neutral words and silence. Only the exact word or a tap also deletes (`forget`)."""
    return Turn(State(left=True), (Reply(privacy.LEFT),), Effect.LEAVE if forget else Effect.NOTHING)


def ask_erase(talk: Talk) -> Turn:
    """BORRAR asks for one tap."""
    state = talk.remember(asked=Asked.ERASE).state
    return Turn(state, (Reply(privacy.ASK_ERASE, (_ERASE, _KEEP)),))


def erase() -> Turn:
    """Erased, and what was erased."""
    return Turn(State(), (Reply(privacy.ERASED),), Effect.ERASE)


def keep(talk: Talk) -> Turn:
    """Not erased after all."""
    state = talk.remember(asked=Asked.NEED).state
    return Turn(state, (Reply(privacy.NOT_ERASED, menu.needs_menu()),))


def stop() -> Turn:
    """ALTO: no more messages; writing again reopens."""
    return Turn(State(stopped=True), (Reply(privacy.STOPPED),), Effect.STOP)


def _more(operator: Operator) -> str:
    phrases = privacy.PRIVACY_PHRASES if operator.keeps_phrases else ""
    url = privacy.PRIVACY_URL.format(url=operator.privacy_url) if operator.privacy_url else ""
    return phrases + url


def explain(talk: Talk) -> Turn:
    """PRIVACIDAD: who operates, what is kept, for how long, how to erase."""
    operator = talk.directory.operator
    text = privacy.PRIVACY.format(
        operator=operator.name or privacy.OPERATOR_UNSET,
        contact=operator.contact or privacy.CONTACT_UNSET,
        idle=operator.idle_minutes,
        days=operator.retention_days,
        platform=privacy.PLATFORM,
        url=_more(operator),
    )
    state = talk.remember(welcomed=True).state
    return Turn(state, (Reply(text, (menu.menu(),)),))
