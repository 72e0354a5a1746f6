"""The columns of a sheet, one for each field of a record: how it is headed, written and read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from data.needs import Need, Who
from data.record_json import phone_fields, phone_from, to_fields
from data.records import Confidence, Exposure, Kind, Method, Result, Service, Status
from services.exchange import phones, spoken_hours, words
from services.exchange.area_names import AreaNames
from services.exchange.cells import (
    iso_date,
    joined,
    number,
    plain,
    several,
    unescaped,
    whole_number,
    yes_no,
    yes_no_word,
)
from services.exchange.problems import UnreadableCell
from services.exposure import EXPOSABLE
from services.record_rules import Rules


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell is read with. `state` is the key of the row's state, empty when it is not said."""

    rules: Rules
    areas: AreaNames
    state: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """`write` makes the cell of a record's fields; `read` gives the fields' new values.

    `words` are the Spanish words of a closed list; `empty` is what BORRAR leaves, None: it can't be emptied.
    """

    name: str
    title: str
    hxl: str
    write: Callable[[Mapping[str, Any], AreaNames], str]
    read: Callable[[str, Context], Any]
    empty: Any = ""
    must_be_filled: bool = False
    words: Mapping[str, str] | None = None
    choices: tuple[str, ...] = ()
    width: int = 18
    aliases: tuple[str, ...] = ()


def cells_of(service: Service, areas: AreaNames, *, in_words: bool = False) -> dict[str, str]:
    """The row of a record: column name → cell. `in_words` writes closed lists in Spanish."""
    fields = to_fields(service)
    row = {}
    for column in COLUMNS:
        cell = column.write(fields, areas)
        row[column.name] = _in_words(cell, column) if in_words and column.words else cell
    row["updated_at"] = service.updated_at.date().isoformat() if service.updated_at else ""
    return row


def _in_words(cell: str, column: Column) -> str:
    known = column.words or {}
    return joined(known.get(code, code) for code in several(cell))


def _text(name: str) -> Callable[[Mapping[str, Any], AreaNames], str]:
    return lambda fields, _: fields[name] or ""


def _list(name: str) -> Callable[[Mapping[str, Any], AreaNames], str]:
    return lambda fields, _: joined(fields[name])


def _scalar(name: str) -> Callable[[Mapping[str, Any], AreaNames], str]:
    return lambda fields, _: "" if fields[name] is None else repr(fields[name])


def _answer(name: str) -> Callable[[Mapping[str, Any], AreaNames], str]:
    return lambda fields, _: yes_no_word(fields[name])


def _write_phones(fields: Mapping[str, Any], _: AreaNames) -> str:
    return phones.written(phone_from(phone) for phone in fields["phones"])


def _read_phones(cell: str, context: Context) -> Any:
    return [phone_fields(phone) for phone in phones.read(cell, context.rules.short_numbers)]


def _write_exposures(fields: Mapping[str, Any], _: AreaNames) -> str:
    return joined(f"{name}={exposure}" for name, exposure in fields["field_exposure"].items())


def _read_exposures(cell: str, _: Context) -> dict[str, str]:
    found = {}
    for part in several(cell):
        name, _sign, exposure = part.partition("=")
        if name.strip() not in EXPOSABLE:
            known = ", ".join(sorted(EXPOSABLE))
            raise UnreadableCell(f"escriba por ejemplo «address=staff»; campos: {known}")
        found[name.strip()] = words.code(exposure.strip(), Exposure, words.EXPOSURES).value
    return dict(sorted(found.items()))


def _read_text(cell: str, _: Context) -> str:
    return cell


def _read_list(cell: str, _: Context) -> list[str]:
    return list(several(cell))


def _one_of(kind: type[StrEnum], known: Mapping[str, str]) -> Callable[[str, Context], str]:
    return lambda cell, _: words.code(cell, kind, known).value


def _some_of(kind: type[StrEnum], known: Mapping[str, str]) -> Callable[[str, Context], list[str]]:
    def read(cell: str, _: Context) -> list[str]:
        parts = several(cell)
        if len(parts) == 1 and "," in cell:
            parts = tuple(part.strip() for part in unescaped(cell).split(",") if part.strip())
        return list(dict.fromkeys(words.code(part, kind, known).value for part in parts))

    return read


def _read_website(cell: str, _: Context) -> str:
    """A bare «www.ejemplo.org» gets its beginning."""
    return f"https://{cell}" if cell.lower().startswith("www.") else cell


def _read_partial_date(cell: str, _: Context) -> str:
    whole = len(cell) > 7
    return iso_date(cell) if whole else cell


def _write_state(fields: Mapping[str, Any], areas: AreaNames) -> str:
    return areas.state_name(fields["state"]) if fields["state"] else ""


def _write_municipality(fields: Mapping[str, Any], areas: AreaNames) -> str:
    return areas.municipality_name(fields["municipality"]) if fields["municipality"] else ""


def _read_coverage(cell: str, context: Context) -> list[str]:
    return list(dict.fromkeys(context.areas.coverage_key(part) for part in several(cell)))


def _read_women_only(cell: str, _: Context) -> bool:
    answer = yes_no(cell)
    if answer is None:
        raise UnreadableCell("se contesta con «sí» o «no»")
    return answer


def _simple(name: str, title: str, hxl: str, *, width: int = 24, aliases: tuple[str, ...] = ()) -> Column:
    return Column(name, title, hxl, _text(name), _read_text, width=width, aliases=aliases)


def _yes_no_column(name: str, title: str) -> Column:
    return Column(
        name,
        title,
        f"#eligibility+{name}",
        _answer(name),
        lambda cell, _: yes_no(cell),
        empty=None,
        choices=words.YES_NO,
        width=12,
    )


def _listed(
    name: str, title: str, hxl: str, kind: type[StrEnum], known: Mapping[str, str], *, empty: Any = None
) -> Column:
    return Column(
        name, title, hxl, _text(name), _one_of(kind, known), empty=empty, words=known,
        choices=tuple(known.values()),
    )  # fmt: skip


COLUMNS: tuple[Column, ...] = (
    Column("id", "Clave", "#meta+id", _text("id"), _read_text, must_be_filled=True, width=12),
    Column("name", "Nombre", "#service+name", _text("name"), _read_text, must_be_filled=True, width=40),
    Column(
        "needs", "Necesidades", "#sector+code+list", _list("needs"), _some_of(Need, words.NEEDS),
        must_be_filled=True, words=words.NEEDS, width=26, aliases=("necesidad",),
    ),
    Column(
        "state", "Estado", "#adm1+name", _write_state,
        lambda cell, context: context.areas.state_key(cell), aliases=("entidad",),
    ),
    Column(
        "municipality", "Municipio", "#adm2+name", _write_municipality,
        lambda cell, context: context.areas.municipality_key(cell, context.state), width=24,
    ),
    Column(
        "phones", "Teléfonos", "#contact+phone+list", _write_phones, _read_phones, empty=[], width=30,
        aliases=("telefono", "tel", "phone"),
    ),
    Column(
        "address", "Dirección", "#loc+address", _text("address"), _read_text, width=40, aliases=("domicilio",)
    ),
    _listed("confidence", "Confianza", "#status+confidence", Confidence, words.CONFIDENCES),
    _listed("exposure", "Visibilidad", "#access+exposure", Exposure, words.EXPOSURES),
    Column(
        "organization", "Institución", "#org+name", _text("organization"), _read_text, must_be_filled=True,
        width=32, aliases=("organizacion", "dependencia"),
    ),
    _listed("kind", "Tipo", "#service+type", Kind, words.KINDS),
    _simple("alternate_name", "Otro nombre", "#service+name+alt"),
    _simple("description", "Descripción", "#description", width=40),
    Column(
        "coverage", "Cobertura", "#geo+coverage+list",
        lambda fields, areas: joined(areas.coverage_name(key) for key in fields["coverage"]), _read_coverage,
        must_be_filled=True, width=26,
    ),
    _simple("locality", "Localidad", "#loc+name"),
    Column(
        "latitude", "Latitud", "#geo+lat", _scalar("latitude"), lambda cell, _: number(cell), empty=None
    ),
    Column(
        "longitude", "Longitud", "#geo+lon", _scalar("longitude"), lambda cell, _: number(cell), empty=None
    ),
    Column(
        "schedule", "Horario", "#service+schedule", _text("schedule"),
        lambda cell, _: spoken_hours.read(cell), width=28, aliases=("horarios",),
    ),
    _simple("schedule_note", "Nota del horario", "#description+schedule"),
    Column(
        "website", "Página de internet", "#contact+url", _text("website"), _read_website, width=28,
        aliases=("sitio web", "pagina web", "pagina", "url"),
    ),
    _simple("email", "Correo", "#contact+email", aliases=("correo electronico",)),
    Column("languages", "Lenguas", "#language+list", _list("languages"), _read_list, empty=[]),
    _simple("eligibility", "Quién puede ir", "#eligibility", width=32, aliases=("requisitos",)),
    _simple("fees", "Costo", "#description+fees"),
    _listed("status", "Situación", "#status+service", Status, words.STATUSES),
    Column(
        "only_for", "Solo para", "#eligibility+only+list", _list("only_for"), _some_of(Who, words.WHO),
        empty=[], words=words.WHO,
    ),
    Column(
        "women_only", "Solo mujeres", "#eligibility+women_only", _answer("women_only"), _read_women_only,
        empty=False, choices=words.YES_NO, width=12,
    ),
    _yes_no_column("children", "Recibe niñas y niños"),
    Column(
        "sons_up_to_age", "Hijos varones hasta (años)", "#eligibility+sons_up_to_age",
        _scalar("sons_up_to_age"), lambda cell, _: whole_number(cell), empty=None, width=12,
    ),
    _yes_no_column("men", "Recibe hombres"),
    _yes_no_column("lgbti", "Recibe LGBTI"),
    _yes_no_column("disability", "Con discapacidad"),
    _yes_no_column("without_papers", "Sin papeles"),
    _yes_no_column("pregnant", "Embarazadas"),
    _yes_no_column("other_state", "De otro estado"),
    _yes_no_column("indigenous", "En lengua indígena"),
    Column(
        "source_urls", "Fuentes", "#meta+source+url+list", _list("source_urls"), _read_list, empty=[],
        width=40, aliases=("fuente",),
    ),
    Column(
        "source_date", "Fecha de la fuente", "#meta+source+date", _text("source_date"), _read_partial_date,
        width=14,
    ),
    Column(
        "verified_on", "Verificado el", "#date+verified", _text("verified_on"),
        lambda cell, _: iso_date(cell), empty=None, width=14,
    ),
    _listed("verified_how", "Verificado por (medio)", "#meta+verified+method", Method, words.METHODS),
    _listed("verified_result", "Resultado", "#meta+verified+result", Result, words.RESULTS),
    _simple("verified_by", "Quién verificó", "#contact+verified"),
    Column(
        "check_due", "Verificar de nuevo el", "#date+due", _text("check_due"), lambda cell, _: iso_date(cell),
        empty=None, width=14,
    ),
    _simple("conflict", "Las fuentes no coinciden en", "#meta+conflict", width=32),
    _simple("route_step", "Paso de la ruta", "#activity+step"),
    Column(
        "field_exposure", "Campos ocultos", "#access+fields+list", _write_exposures, _read_exposures,
        empty={}, width=26,
    ),
    _simple("staff_note", "Nota interna", "#meta+note", width=40, aliases=("notas", "nota")),
)  # fmt: skip

BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}

READ_ONLY = "updated_at"
"""Written for whoever reads the file; never read back: it says when a record changed, not what it says."""
READ_ONLY_TITLE = "Último cambio"
READ_ONLY_HXL = "#date+updated"

_DEFAULTS = {"confidence": "C", "exposure": "public", "kind": "office", "status": "active"}


def recognized(heading: str) -> str | None:
    """The column that a heading names, by its name, title or alias; None when it is unknown."""
    return _HEADINGS.get(plain(heading).rstrip(":*. ").replace("_", " "))


def cleared(column: Column) -> Any:
    """What BORRAR leaves. Raises UnreadableCell where something must stand."""
    if column.must_be_filled or column.name in _DEFAULTS:
        raise UnreadableCell("no puede quedar vacío")
    return column.empty


def _headings() -> dict[str, str]:
    known = {plain(READ_ONLY).replace("_", " "): READ_ONLY, plain(READ_ONLY_TITLE): READ_ONLY}
    for column in COLUMNS:
        for heading in (column.name, column.title, *column.aliases):
            known.setdefault(plain(heading).replace("_", " "), column.name)
    return known


_HEADINGS = _headings()
