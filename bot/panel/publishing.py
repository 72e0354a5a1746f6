"""How a change made in the panel gets into the directory: at once, or when a second person approves it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.panel.visit import Visit
from data import directory_store, proposal_store
from data.history_store import Author, Pair, Via
from data.proposal_store import Proposal
from data.record_json import Fields
from services import approval, editing
from services.differences import Reason, is_grave
from services.editing import CannotUndo, Edit

SAVED, SAME, PROPOSED, UNDONE = "saved", "same", "proposed", "undone"
"""What became of a change: codes of words.SAID."""
_ENDED_BY_TWO = (
    "Es un servicio de emergencia o de violencia: no se quita así. En «Cambiar» póngalo como cerrado; "
    "otra persona lo aprueba."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change of one record. `before` None: a new record; `after` is the whole record."""

    service_id: str
    revision: int | None
    before: Fields | None
    after: Fields
    changes: Mapping[str, Any]
    why: str


def author(visit: Visit) -> str:
    """How whoever is logged in signs."""
    return visit.account.name or visit.account.email


async def save(visit: Visit, wanted: Wanted) -> str:
    """Publish, or keep for a second person. Raises Refused or Conflict."""
    reasons = approval.reasons(wanted.before, wanted.after)
    database = visit.desk.core.database
    async with database.write() as connection:
        if reasons:
            await propose(visit, connection, wanted, reasons)
            return PROPOSED
        published = await editing.publish_within(
            connection,
            [Edit(wanted.service_id, dict(wanted.changes), wanted.revision)],
            author=Author(author(visit), Via.PANEL, wanted.why),
            rules=visit.desk.rules,
            now=visit.now,
        )
        if published.batch_id is not None:
            action = "record_added" if wanted.before is None else "record_changed"
            await visit.note(connection, action, target=wanted.service_id)
    if published.erased_places:
        await database.settle()
    return SAVED if published.batch_id is not None else SAME


async def undo(visit: Visit, connection: AsyncConnection, change_id: int, pair: Pair) -> str:
    """Take one change back, or propose to. `pair` is what it would make of the record.

    Raises CannotUndo for a service of danger or violence that would go: it is ended by two people.
    """
    if pair.after is None:
        if pair.before is not None and is_grave(pair.before):
            raise CannotUndo(_ENDED_BY_TWO)
    elif reasons := approval.reasons(pair.before, pair.after):
        known = pair.before or editing.blank(pair.service_id)
        changes = {name: value for name, value in pair.after.items() if known[name] != value}
        record = await directory_store.load(connection, [pair.service_id])
        revision = record[0].revision if record else None
        why = visit.text("why") or "Deshacer un cambio"
        wanted = Wanted(pair.service_id, revision, pair.before, pair.after, changes, why)
        await propose(visit, connection, wanted, reasons)
        return PROPOSED
    await editing.undo_change_within(
        connection,
        change_id,
        by=author(visit),
        why=visit.text("why"),
        rules=visit.desk.rules,
        now=visit.now,
    )
    await visit.note(connection, "record_undone", target=pair.service_id)
    return UNDONE


async def propose(
    visit: Visit, connection: AsyncConnection, wanted: Wanted, reasons: tuple[Reason, ...]
) -> None:
    """Keep a change for a second person. What is refused in a record is not kept here either."""
    pair = Pair(wanted.service_id, wanted.before, wanted.after)
    editing.check_author(Author(author(visit), Via.PANEL, wanted.why), [pair], visit.desk.rules)
    await proposal_store.add(
        connection,
        Proposal(
            id=secrets.token_hex(16),
            service_id=wanted.service_id,
            revision=wanted.revision,
            name=str(wanted.after["name"])[:300],
            fields=dict(wanted.changes),
            why=wanted.why,
            reasons=tuple(str(reason) for reason in reasons),
            proposed_by=visit.account.id,
            proposed_name=author(visit),
            proposed_at=visit.now,
        ),
    )
    await visit.note(connection, "proposed", target=wanted.service_id)
