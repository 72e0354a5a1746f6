"""Exposure by record and by field, where records leave the directory for a conversation."""

from data.needs import Need
from data.records import Confidence, Exposure, Phone, Service, Status
from services import directory as directories
from services import ladder, routes
from services.directory import Directory, Operator
from tests.conftest import NOW, seed_gazetteer
from tests.unit.test_exchange import office, refuge


def directory_of(*services: Service) -> Directory:
    return directories.build(
        services,
        version=1,
        gazetteer=seed_gazetteer(),
        ladder=ladder.load(),
        routes=routes.load(),
        operator=Operator(),
    )


def test_a_field_kept_for_women_is_in_their_flow_only() -> None:
    service = office(
        phones=(Phone("961 615 5178"), Phone("961 615 5179", exposure=Exposure.WOMEN)),
        field_exposure=(("address", Exposure.WOMEN), ("email", Exposure.STAFF)),
        email="a@example.org",
    )
    directory = directory_of(service)

    (general,) = directory.for_need(Need.SHELTER, today=NOW.date(), women=False)
    (for_women,) = directory.for_need(Need.SHELTER, today=NOW.date(), women=True)

    assert ([phone.number for phone in general.phones], general.location.address) == (["961 615 5178"], "")
    assert len(for_women.phones) == 2
    assert for_women.location.address == "Calle Inventada 5"
    assert (general.email, for_women.email) == ("", "")
    assert directory.get("T1", today=NOW.date()) == general
    assert directory.get("T1", today=NOW.date(), women=True) == for_women


def test_a_record_for_women_is_in_their_flow_only_but_may_be_opened_by_its_id() -> None:
    directory = directory_of(office(exposure=Exposure.WOMEN))

    assert directory.for_need(Need.SHELTER, today=NOW.date(), women=False) == ()
    assert len(directory.for_need(Need.SHELTER, today=NOW.date(), women=True)) == 1
    assert directory.get("T1", today=NOW.date()) is not None
    assert directory.all_public(today=NOW.date()) == ()


def test_what_nobody_may_be_shown_is_not_in_a_conversation() -> None:
    directory = directory_of(
        refuge(),
        office("A", exposure=Exposure.STAFF),
        office("B", exposure=Exposure.NEVER),
        office("C", confidence=Confidence.X),
        office("D", status=Status.DEFUNCT),
        office("E", status=Status.TEMPORARILY_CLOSED),
    )

    assert len(directory) == 0


def test_an_office_without_a_confirmed_phone_is_shown_without_it() -> None:
    directory = directory_of(office(confidence=Confidence.D))

    found = directory.get("T1", today=NOW.date())

    assert found is not None
    assert found.phones == ()


def test_notes_for_the_staff_never_reach_a_conversation() -> None:
    directory = directory_of(office(staff_note="nota", verified_by="Eva", conflict="dos horarios"))

    found = directory.get("T1", today=NOW.date(), women=True)

    assert found is not None
    assert (found.staff_note, found.verified_by, found.conflict) == ("", "", "")
