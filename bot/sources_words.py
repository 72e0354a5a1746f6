"""What `faro sources` says of a list, a reading and a difference: sentences that a technician reads."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from data.rejection_store import Rejection
from data.source_store import Kind, Outcome, Run
from services import showing
from services.exchange.area_names import AreaNames
from services.held import FieldChange, Waiting
from services.refresh import Standing

_OUTCOMES = {
    Outcome.RUNNING: "se está leyendo",
    Outcome.PUBLISHED: "leída",
    Outcome.UNCHANGED: "sin cambios",
    Outcome.FAILED: "FALLÓ",
}
_WOULD = {
    Kind.NEW: "La lista lo trae y el directorio no lo tiene.",
    Kind.CHANGED: "La lista no dice lo mismo que el directorio.",
    Kind.GONE: "La lista ya no lo trae; si se aprueba, queda marcado como que ya no funciona.",
}
_REJECTED = {
    Kind.NEW: "la lista lo traía nuevo",
    Kind.CHANGED: "la lista decía otra cosa",
    Kind.GONE: "la lista ya no lo traía",
}
_SHOWN = 120
NOTHING_HELD = "Nada espera una decisión."
NOTHING_REJECTED = "Nadie ha rechazado nada."


def standing(found: Standing) -> str:
    """Where a source stands."""
    source, state, last = found.source, found.state, found.last
    parts = [
        f"{source.name}  ({source.kind}, {source.place})",
        _OUTCOMES[last.outcome] if last else "nunca leída",
        f"última buena: {showing.moment(state.good_at)}",
        f"próxima: {showing.moment(state.next_at)}",
    ]
    if state.failures:
        parts.append(f"fallas seguidas: {state.failures}")
    if found.held:
        parts.append(f"esperan una decisión: {found.held} (faro sources held {source.name})")
    return " · ".join(parts) + (f"\n    {last.reason}" if last and last.reason else "")


def run(done: Run) -> str:
    """How a reading went, and where to look further."""
    counts = done.counts
    said = (
        f"Lectura {done.id} de «{done.source}», {showing.moment(done.started_at)}: {_OUTCOMES[done.outcome]}."
    )
    if done.outcome is Outcome.PUBLISHED:
        said += (
            f" Filas: {counts.rows}; nuevas: {counts.new}; cambian: {counts.changed};"
            f" ya no están: {counts.gone}; iguales: {counts.same}; con problemas: {counts.invalid}."
            f" Publicadas: {counts.published}."
        )
    if done.reason:
        said += f" {done.reason.rstrip('.')}."
    if counts.invalid:
        said += f" Qué tienen las filas con problemas: faro sources problems {done.id}"
    if counts.held:
        said += f" Cuáles y por qué: faro sources held {done.source}"
    return said


def held(found: Sequence[Waiting], areas: AreaNames, *, panel: str) -> Iterator[str]:
    """Everything that waits, source by source: what, why, from which row, and where to decide.

    `panel` is the address of the panel, without a slash at its end.
    """
    by_source = sorted(found, key=lambda each: (each.source, each.id))
    for source, several in groupby(by_source, key=lambda each: each.source):
        waiting = list(several)
        some = showing.counted(len(waiting), "diferencia espera", "diferencias esperan")
        yield f"Fuente «{source}»: {some} a una persona."
        for each in waiting:
            yield from _waiting(each, areas)
        number = waiting[0].id
        yield (
            f"Qué hacer: en el panel, «Fuentes», «{source}» ({panel}/fuentes/{source}) se ven lado a lado"
            " y se aprueban o se rechazan."
        )
        yield f"Desde aquí: faro sources approve {number}, o faro sources reject {number} --why «el motivo»."


def rejected(each: Rejection) -> str:
    """What was turned down, by whom and why."""
    titles = ", ".join(showing.title(name) for name in each.fields)
    service = f"{each.name or 'sin nombre'} (clave {each.service_id})"
    said = f"{showing.moment(each.at)}. Fuente «{each.source}»: {service}, {_REJECTED[each.kind]}."
    why = f"    Lo rechazó {each.by}. Motivo: {each.why or 'no lo dijo'}."
    if titles and each.kind is Kind.CHANGED:
        why += f" Decía distinto: {titles}."
    return f"{said}\n{why}"


def _waiting(each: Waiting, areas: AreaNames) -> Iterator[str]:
    row = f" Fila {each.row}." if each.row else ""
    yield f"{each.id}. {each.name or 'sin nombre'} (clave {each.service_id}). {_WOULD[each.kind]}{row}"
    yield f"    Por qué espera: {'; '.join(_lower(why) for why in each.why)}."
    if not each.changes and each.kind is not Kind.GONE:
        yield "    El directorio ya dice lo mismo."
    for change in each.changes:
        yield f"    {_change(change, each.kind, areas)}"


def _change(change: FieldChange, kind: Kind, areas: AreaNames) -> str:
    line = showing.difference(change.field, change.before, change.after, areas)
    before, after = _short(line.before), _short(line.after)
    if kind is Kind.NEW:
        return f"{line.title}: {after}"
    return f"{line.title}. El directorio dice: {before}. La lista dice: {after}."


def _short(text: str) -> str:
    """One line of a terminal."""
    joined = "; ".join(text.splitlines())
    return joined if len(joined) <= _SHOWN else f"{joined[:_SHOWN]}…"


def _lower(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}"
