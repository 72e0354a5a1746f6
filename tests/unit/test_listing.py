"""A service in words: how to reach it, its hours, how fresh the fact is, who may come; within the budget."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot import budget
from bot.flows import listing
from data.needs import Need
from data.records import Channel, Compatibility, Confidence, Kind, Location, Phone, Service, Source
from services import matching
from services.directory import Directory
from services.hours import Opening, Status
from services.matching import Match, Reach

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
LOCAL = datetime.fromisoformat("2026-11-23 12:00")

OFFICE = Service(
    id="X1",
    name="Oficina inventada",
    organization="Organización inventada",
    kind=Kind.OFFICE,
    needs=(Need.FOOD,),
    coverage=("12066",),
    confidence=Confidence.B,
    source=Source(("https://example.org",), "2026-03-15"),
    description="Da despensas.",
    phones=(Phone("55 0000 0001"),),
)


def match(service: Service = OFFICE, hours: Status | None = None, **changes: object) -> Match:
    changed = replace(service, **changes)  # type: ignore[arg-type]
    return Match(changed, Reach.MUNICIPALITY, hours or Status(Opening.UNKNOWN))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status(Opening.ALWAYS), "abierto las 24 horas"),
        (Status(Opening.UNKNOWN), "horario no confirmado"),
        (Status(Opening.HOLIDAY, None, LOCAL), "hoy es día festivo: llame antes"),
        (
            Status(Opening.OPEN, datetime.fromisoformat("2026-11-23 17:00"), LOCAL),
            "abierto ahora, cierra a las 17:00",
        ),
        (Status(Opening.OPEN, None, LOCAL), "abierto ahora"),
        (
            Status(Opening.CLOSED, datetime.fromisoformat("2026-11-23 16:05"), LOCAL),
            "cerrado ahora, abre hoy a las 16:05",
        ),
        (
            Status(Opening.CLOSED, datetime.fromisoformat("2026-11-24 09:00"), LOCAL),
            "cerrado ahora, abre el martes a las 9:00",
        ),
        (
            Status(Opening.CLOSED, datetime.fromisoformat("2026-11-28 09:00"), LOCAL),
            "cerrado ahora, abre el sábado a las 9:00",
        ),
        (Status(Opening.CLOSED, None, LOCAL), "cerrado ahora"),
        (Status(Opening.APPOINTMENT, None, LOCAL), "atiende con cita: llame antes"),
        (
            Status(Opening.CLOSED, datetime.fromisoformat("2026-11-24 09:00"), LOCAL, by_appointment=True),
            "cerrado ahora, abre el martes a las 9:00, con cita",
        ),
    ],
)
def test_hours_are_said_in_words(status: Status, words: str) -> None:
    assert listing.opening(status) == words


@pytest.mark.parametrize(
    ("confidence", "verified", "source_date", "words"),
    [
        (Confidence.C, date(2026, 11, 23), "2024", "verificado hoy"),
        (Confidence.C, date(2026, 11, 22), "2024", "verificado hace 1 día"),
        (Confidence.A, date(2026, 11, 11), "2024", "verificado hace 12 días"),
        (Confidence.A, date(2026, 9, 24), "2024", "verificado hace 2 meses"),
        (Confidence.A, None, "2026-03-15", "según fuente pública de marzo de 2026"),
        (Confidence.B, None, "2025-12", "según fuente pública de diciembre de 2025"),
        (Confidence.B, None, "2024", "según fuente pública de 2024"),
        (Confidence.B, None, "2024-13", "según fuente pública de 2024"),
        (Confidence.A, None, "", "según fuente pública sin fecha"),
        (Confidence.A, None, "hace poco", "según fuente pública sin fecha"),
        (Confidence.C, None, "2026-03", "dato por verificar"),
        (Confidence.D, None, "2026-03", "dato por verificar"),
    ],
)
def test_how_fresh_a_fact_is(
    confidence: Confidence, verified: date | None, source_date: str, words: str
) -> None:
    service = replace(
        OFFICE,
        confidence=confidence,
        verified_on=verified,
        source=Source(("https://example.org",), source_date),
    )

    assert listing.freshness(service, TODAY) == words


@pytest.mark.parametrize(
    ("phones", "line"),
    [
        ((Phone("961 615 5178"),), "Tel. 961 615 5178"),
        ((Phone("911"),), "Tel. 911"),
        ((Phone("079", description="opción 1"),), "Tel. 079, opción 1"),
        ((Phone("222 214 0000", extension="225 y 226"),), "Tel. 222 214 0000 ext. 225 y 226"),
        ((Phone("667 697 1979", Channel.WHATSAPP),), "WhatsApp 667 697 1979"),
        (
            (Phone("55 0000 0001"), Phone("55 0000 0002", Channel.WHATSAPP), Phone("55 0000 0003")),
            "Tel. 55 0000 0001 · WhatsApp 55 0000 0002",
        ),
    ],
)
def test_a_phone_is_written_as_people_dial_it(phones: tuple[Phone, ...], line: str) -> None:
    assert line in listing.block(match(phones=phones), now=NOW).splitlines()


def test_without_a_phone_the_website_or_the_line_that_can_refer_is_named() -> None:
    with_website = match(phones=(), website="https://example.org/ayuda")
    with_nothing = match(phones=())

    assert "En internet: https://example.org/ayuda" in listing.block(with_website, now=NOW, ask="CNDH, 800")
    assert "Pregunte aquí: CNDH, 800 715 2000." in listing.block(
        with_nothing, now=NOW, ask="CNDH, 800 715 2000"
    )
    assert "No tengo su teléfono." in listing.block(with_nothing, now=NOW)


@pytest.mark.parametrize(
    ("name", "number", "words"),
    [
        ("Línea de la Vida", "800 911 2000", "Línea de la Vida (800 911 2000)"),
        ("CNDH: quejas contra autoridades", "800 715 2000", "CNDH (800 715 2000)"),
        ("Emergencias 911", "911", "Emergencias 911"),
    ],
)
def test_a_line_stands_in_a_sentence_without_its_subtitle(name: str, number: str, words: str) -> None:
    assert listing.dial(replace(OFFICE, name=name, phones=(Phone(number),))) == words


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        (Compatibility(), None),
        (Compatibility(women_only=True), "Solo para mujeres. Si va con hijas o hijos, pregunte antes."),
        (Compatibility(women_only=True, children=True), "Para mujeres con sus hijas e hijos."),
        (Compatibility(women_only=True, children=False), "Solo para mujeres."),
        (
            Compatibility(women_only=True, children=True, sons_up_to_age=12),
            "Solo para mujeres. Hijos varones: hasta 12 años.",
        ),
    ],
)
def test_who_may_come_is_said_and_the_unknown_is_asked_before(fit: Compatibility, words: str | None) -> None:
    lines = listing.block(match(compatibility=fit), now=NOW).splitlines()

    assert (words in lines) if words else not [line for line in lines if "mujeres" in line]


def test_a_distance_is_said_only_where_it_helps() -> None:
    near = Match(OFFICE, Reach.NEAR, Status(Opening.UNKNOWN), 33.0)
    here = Match(OFFICE, Reach.MUNICIPALITY, Status(Opening.UNKNOWN), 0.0)
    nationwide = Match(OFFICE, Reach.NATION, Status(Opening.UNKNOWN), 890.0)

    assert "(a unos 35 km)" in listing.block(near, now=NOW)
    assert "km" not in listing.block(here, now=NOW)
    assert "km" not in listing.block(nationwide, now=NOW)


def test_details_tell_the_rest_and_leave_out_what_nobody_knows() -> None:
    full = match(
        location=Location("12", "12066", address="Calle Inventada 1"),
        fees="gratuito",
        eligibility="familias",
        schedule_note="lunes a viernes",
    )

    text = listing.details(full, now=NOW)

    assert "Dirección: Calle Inventada 1" in text
    assert "Costo: gratuito." in text
    assert "Para: familias." in text
    assert "Horario: lunes a viernes." in text
    assert "Papeles: pregunte antes qué le piden." in text
    assert "Dirección" not in listing.details(match(), now=NOW)


def test_no_papers_are_spoken_of_for_a_line_to_call() -> None:
    assert "Papeles" not in listing.details(match(kind=Kind.LINE), now=NOW)
    known = match(kind=Kind.LINE, compatibility=Compatibility(without_papers=True))
    assert "No piden papeles." in listing.details(known, now=NOW)


def test_every_service_of_the_seed_fits_alone_in_an_answer(directory: Directory) -> None:
    for service in directory.all_public(today=TODAY):
        shown = Match(service, Reach.NEAR, matching.hours_of(directory, service, NOW), 123.0)

        assert budget.units(listing.block(shown, now=NOW, ask="CNDH, 800 715 2000")) <= 600, service.id
        assert budget.units(listing.details(shown, now=NOW)) <= 900, service.id


def test_every_phone_of_the_seed_is_shown_whole(directory: Directory) -> None:
    for service in directory.all_public(today=TODAY):
        block = listing.block(Match(service, Reach.NEAR, Status(Opening.UNKNOWN)), now=NOW)

        assert all(phone.number in block for phone in service.phones[:2]), service.id
