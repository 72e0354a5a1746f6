"""The form of a record: the field's own controls, what was typed kept as typed, errors beside each field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp.web_request import FileField
from multidict import MultiMapping
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from data.records import Channel
from services import appointments
from services.exchange import words
from services.exchange.area_names import AreaNames
from services.exposure import EXPOSABLE
from services.weekly_hours import ALWAYS, MAX_SPANS, Week, read

YES, NO, UNKNOWN = "si", "no", ""
ANSWERS = ((YES, "Sí"), (NO, "No"), (UNKNOWN, "No sabemos"))
COMPATIBILITY = (
    "children", "men", "lgbti", "disability", "without_papers", "pregnant", "other_state", "indigenous",
)  # fmt: skip
HOURS_UNKNOWN, HOURS_ALWAYS, HOURS_DAYS, HOURS_OTHER = "unknown", "always", "days", "other"
HOURS = (
    (HOURS_UNKNOWN, "No sabemos"),
    (HOURS_ALWAYS, "Siempre, las 24 horas"),
    (HOURS_DAYS, "Por días"),
    (HOURS_OTHER, "De otra forma"),
)
TEXTS = (
    "name", "alternate_name", "organization", "description", "locality", "address", "schedule_note",
    "website", "email", "eligibility", "fees", "conflict", "staff_note", "source_date", "check_due",
)  # fmt: skip
PLACE_FIELDS = (
    "alternate_name", "municipality", "locality", "address", "latitude", "longitude", "phones", "website",
    "email", "hidden",
)  # fmt: skip
"""What a refuge does not have, and its form does not show."""

VERIFIED = (
    ("", "No, solo corrijo"),
    *((code, f"Sí: {word.lower()}") for code, word in words.METHODS.items()),
)
CONFIDENCES = (
    ("A", "A: dos fuentes, o una oficial"),
    ("B", "B: una fuente reciente"),
    ("C", "C: una fuente vieja; dato por verificar"),
    ("D", "D: existe, sin teléfono confirmado"),
    ("X", "X: las fuentes se contradicen; no se muestra"),
)
"""The words of every confidence."""


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Codes and words as WTForms takes them."""
    return [SelectChoice(code, words) for code, words in pairs]


@dataclass(frozen=True, slots=True)
class Lists:
    """What can be chosen: states by INEGI key, and steps of the route by their key."""

    states: Mapping[str, str]
    steps: Mapping[str, str]


class PhoneForm(Form):
    """A number; an empty one is no number."""

    number = StringField("Número")
    type = SelectField(
        "Se usa para",
        choices=choices([(Channel.VOICE.value, "Llamar"), (Channel.WHATSAPP.value, "WhatsApp")]),
    )
    extension = StringField("Extensión")
    description = StringField("Nota")
    exposure = SelectField("Quién lo ve", choices=choices(words.EXPOSURES.items()))


class SpanForm(Form):
    """From when to when."""

    opens = StringField("Abre")
    closes = StringField("Cierra")


class DayForm(Form):
    """A day of the week; empty spans are none."""

    spans = FieldList(FormField(SpanForm), min_entries=2, max_entries=MAX_SPANS)


class HiddenForm(Form):
    """Who may read one field; empty: whoever may read the record."""


for _name in sorted(EXPOSABLE):
    setattr(
        HiddenForm,
        _name,
        SelectField(_name, choices=choices([("", "Igual que el servicio"), *words.EXPOSURES.items()])),
    )


class RecordForm(Form):
    """Everything of a record that a person writes. `base` is the sealed record that was on the screen."""

    kind = RadioField("Tipo", choices=choices(words.KINDS.items()))
    confirm_refuge = BooleanField(
        "Sí, es un refugio: borrar su lugar, teléfonos y página, también del historial"
    )
    status = SelectField("Situación", choices=choices(words.STATUSES.items()))
    name = StringField("Nombre")
    alternate_name = StringField("Otro nombre")
    organization = StringField("Institución")
    description = TextAreaField("Qué da, en una frase")
    main_need = SelectField("Sobre todo es para", choices=choices([("", "Elija una"), *words.NEEDS.items()]))
    needs = SelectMultipleField("También para", choices=choices(words.NEEDS.items()))
    only_for = SelectMultipleField("Solo para", choices=choices(words.WHO.items()))
    coverage = FieldList(StringField("Sirve a"), min_entries=1)
    state = SelectField("Estado", choices=[])
    municipality = StringField("Municipio")
    locality = StringField("Localidad")
    address = StringField("Dirección")
    latitude = StringField("Latitud")
    longitude = StringField("Longitud")
    phones = FieldList(FormField(PhoneForm), min_entries=1)
    website = StringField("Página de internet")
    email = StringField("Correo")
    hours = RadioField(
        "Horario",
        choices=choices(HOURS),
    )
    days = FieldList(FormField(DayForm), min_entries=7, max_entries=7)
    holidays = BooleanField("Cierra en días festivos")
    schedule = StringField("Horario escrito")
    appointment = BooleanField("Previa cita")
    schedule_note = StringField("Nota del horario")
    languages = StringField("Lenguas")
    eligibility = TextAreaField("Quién puede ir")
    fees = StringField("Costo")
    women_only = RadioField("Solo mujeres", choices=choices([(YES, "Sí"), (NO, "No")]))
    children = RadioField("Recibe niñas y niños", choices=choices(ANSWERS))
    sons_up_to_age = StringField("Hijos varones hasta (años)")
    men = RadioField("Recibe hombres", choices=choices(ANSWERS))
    lgbti = RadioField("Recibe personas LGBTI", choices=choices(ANSWERS))
    disability = RadioField("Recibe personas con discapacidad", choices=choices(ANSWERS))
    without_papers = RadioField("Atiende sin papeles", choices=choices(ANSWERS))
    pregnant = RadioField("Recibe embarazadas", choices=choices(ANSWERS))
    other_state = RadioField("Recibe a quien viene de otro estado", choices=choices(ANSWERS))
    indigenous = RadioField("Atiende en lengua indígena", choices=choices(ANSWERS))
    confidence = SelectField("Confianza", choices=choices(CONFIDENCES))
    source_urls = TextAreaField("Fuentes")
    source_date = StringField("Fecha de la fuente")
    verified_how = SelectField("¿Lo comprobó hoy?", choices=choices(VERIFIED))
    check_due = StringField("Verificar de nuevo el")
    conflict = TextAreaField("En qué no coinciden las fuentes")
    route_step = SelectField("Paso de la ruta", choices=[])
    exposure = SelectField("Quién lo ve en el chat", choices=choices(words.EXPOSURES.items()))
    hidden = FormField(HiddenForm)
    staff_note = TextAreaField("Nota para el personal")
    why = StringField("Por qué hace este cambio")


def filled(data: Mapping[str, Any], lists: Lists) -> RecordForm:
    """The form with a record's values in it, or with those that were merged."""
    return _with_choices(RecordForm(data=dict(data)), lists)


def typed(form: MultiMapping[str | FileField], lists: Lists) -> RecordForm:
    """The form as it was sent."""
    return _with_choices(RecordForm(formdata=form), lists)


def values(fields: Mapping[str, Any], areas: AreaNames) -> dict[str, Any]:
    """A record's fields as the form's values."""
    needs = list(fields["needs"])
    schedule, by_appointment = _hours_and_mark(fields["schedule"])
    week = read(schedule)
    data = {name: fields[name] or "" for name in TEXTS}
    data |= {name: fields[name] for name in ("kind", "status", "only_for", "state", "confidence", "exposure")}
    data |= {name: answer(fields[name]) for name in COMPATIBILITY}
    return data | {
        "main_need": needs[0] if needs else "",
        "needs": needs[1:],
        "coverage": [areas.coverage_name(key) for key in fields["coverage"]] or [""],
        "municipality": areas.municipality_name(fields["municipality"]) if fields["municipality"] else "",
        "latitude": _number(fields["latitude"]),
        "longitude": _number(fields["longitude"]),
        "phones": [*fields["phones"], {"exposure": "public", "type": "voice"}],
        "hours": _hours(schedule, week),
        "days": _days(week),
        "holidays": week.closed_on_holidays if week else not schedule,
        "schedule": schedule if week is None and schedule != ALWAYS else "",
        "appointment": by_appointment,
        "languages": ", ".join(fields["languages"]),
        "women_only": YES if fields["women_only"] else NO,
        "sons_up_to_age": _number(fields["sons_up_to_age"]),
        "source_urls": "\n".join(fields["source_urls"]),
        "route_step": fields["route_step"],
        "hidden": dict(fields["field_exposure"]),
        "verified_how": "",
        "why": "",
    }


def answer(content: bool | None) -> str:
    """Yes, no or nobody knows, as the form has it."""
    return UNKNOWN if content is None else YES if content else NO


def blank(form: RecordForm, names: Sequence[str]) -> None:
    """Take out of the form what must not be repeated, not even to whoever typed it."""
    for name in names:
        field = dict(zip((each.short_name for each in form), form, strict=True)).get(name)
        if isinstance(field, FieldList):
            while len(field.entries) > 0:
                field.pop_entry()
        elif field is not None and not isinstance(field, FormField):
            field.data, field.raw_data = "", None
            field.process_errors = []


def _with_choices(form: RecordForm, lists: Lists) -> RecordForm:
    form.state.choices = choices([("", "Elija un estado"), *lists.states.items()])
    steps = dict(lists.steps)
    if form.route_step.data and form.route_step.data not in steps:
        steps[form.route_step.data] = form.route_step.data  # an import may have brought another
    form.route_step.choices = choices([("", "Ninguno"), *steps.items()])
    return form


def _hours_and_mark(schedule: str) -> tuple[str, bool]:
    """The hours, and «previa cita» by itself. Where only some of the hours carry it, it stays in them."""
    hours = appointments.unmarked(schedule)
    is_marked = hours != schedule and appointments.marked(hours) == schedule
    return (hours, True) if is_marked else (schedule, False)


def _hours(schedule: str, week: Week | None) -> str:
    if not schedule:
        return HOURS_UNKNOWN
    if schedule == ALWAYS:
        return HOURS_ALWAYS
    return HOURS_DAYS if week else HOURS_OTHER


def _days(week: Week | None) -> list[dict[str, Any]]:
    """Seven days; «24:00» is shown as «00:00», which a clock has."""
    days = week.days if week else ((),) * 7
    return [
        {
            "spans": [
                {"opens": opens, "closes": "00:00" if closes == "24:00" else closes}
                for opens, closes in spans
            ]
        }
        for spans in days
    ]


def _number(content: float | None) -> str:
    return "" if content is None else f"{content:g}" if isinstance(content, int) else repr(content)
