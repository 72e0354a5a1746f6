"""Who is offered what, where, in which order: who × need × place, on an invented directory and the seed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from bot.flows import listing
from data.needs import Need, Who
from data.records import (
    Compatibility,
    Confidence,
    Exposure,
    Kind,
    Location,
    Phone,
    Service,
    Source,
    Status,
)
from services import directory as directories
from services import matching
from services.directory import Directory, Operator
from services.gazetteer import Gazetteer
from services.ladder import Ladder
from services.matching import Question, Reach
from services.routes import Routes, Situation

MONDAY_NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
TLAPA, OLINALA, CHILAPA, ACAPULCO, PUEBLA = "12066", "12045", "12028", "12001", "21114"
"""From Tlapa: Olinalá 31 km, Chilapa 63, Acapulco 158, Puebla 171. Chilapa is near Olinalá, too."""

NOBODY: tuple[Who, ...] = ()
WOMAN = (Who.WOMEN,)
MOTHER = (Who.WOMAN_WITH_CHILDREN,)
MAN = (Who.MAN,)
FAMILY = (Who.FAMILY_WITH_MAN,)
PHONE = (Phone("55 0000 0001"),)
WOMEN_ONLY = Compatibility(women_only=True)


def service(service_id: str, **changes: object) -> Service:
    """An invented shelter in Tlapa with a phone, confirmed by two sources."""
    values: dict[str, object] = {
        "id": service_id,
        "name": f"Servicio {service_id}",
        "organization": "Organización inventada",
        "kind": Kind.OFFICE,
        "needs": (Need.SHELTER,),
        "coverage": (TLAPA,),
        "confidence": Confidence.A,
        "source": Source(("https://example.org",), "2026-03"),
        "phones": PHONE,
    }
    return Service(**(values | changes))  # type: ignore[arg-type]


def at(municipality: str) -> Location:
    return Location(state=municipality[:2], municipality=municipality)


def directory_of(gazetteer: Gazetteer, *services: Service) -> Directory:
    return directories.build(
        services,
        version=1,
        gazetteer=gazetteer,
        ladder=Ladder(),
        routes=Routes((), (), {}, None),  # type: ignore[arg-type]
        operator=Operator(),
    )


def found(
    gazetteer: Gazetteer,
    *services: Service,
    need: str = Need.SHELTER,
    place: str = TLAPA,
    who: tuple[Who, ...] = NOBODY,
    gbv: bool = False,
    situations: frozenset[Situation] = frozenset(),
    son: int = 0,
) -> list[str]:
    """The ids offered, in order, to somebody who asks."""
    women = matching.is_womens_flow(who, gbv=gbv)
    question = Question(need, place, who, MONDAY_NOON, women, situations, son)
    return [m.service.id for m in matching.find(directory_of(gazetteer, *services), question)]


DOORS = {
    "women": service("women", compatibility=WOMEN_ONLY),
    "women_by_list": service("women_by_list", only_for=(Who.WOMEN, Who.WOMAN_WITH_CHILDREN)),
    "women_kept": service("women_kept", exposure=Exposure.WOMEN),
    "no_men": service("no_men", compatibility=Compatibility(men=False)),
    "no_children": service("no_children", compatibility=Compatibility(children=False)),
    "violence": service("violence", needs=(Need.GBV, Need.SHELTER)),
    "violence_men_too": service(
        "violence_men_too", needs=(Need.GBV, Need.SHELTER), compatibility=Compatibility(men=True)
    ),
    "lgbti": service("lgbti", only_for=(Who.LGBTI,)),
    "women_and_lgbti": service("women_and_lgbti", only_for=(Who.WOMEN, Who.LGBTI)),
    "all": service("all"),
}


WOMENS = "women women_by_list women_kept women_and_lgbti"


@pytest.mark.parametrize(
    ("who", "gbv", "open_doors"),
    [
        (NOBODY, False, "no_men no_children violence violence_men_too all"),
        (NOBODY, True, f"{WOMENS} no_men no_children violence violence_men_too all"),
        (WOMAN, False, f"{WOMENS} no_men no_children violence violence_men_too all"),
        (MOTHER, False, f"{WOMENS} no_men violence violence_men_too all"),
        (MAN, False, "no_children violence_men_too all"),
        (MAN, True, "no_children violence_men_too all"),
        (FAMILY, False, "no_children violence_men_too all"),
        (FAMILY, True, "no_children violence_men_too all"),
        ((Who.LGBTI,), False, "no_men no_children violence violence_men_too lgbti women_and_lgbti all"),
        ((Who.LGBTI,), True, "no_men no_children violence violence_men_too lgbti women_and_lgbti all"),
        ((Who.LGBTI, Who.MAN), True, "no_children violence_men_too lgbti women_and_lgbti all"),
        (
            (Who.LGBTI, Who.WOMEN),
            False,
            f"{WOMENS} no_men no_children violence violence_men_too lgbti all",
        ),
    ],
)
def test_a_door_opens_only_for_those_whom_it_is_for(
    gazetteer: Gazetteer, who: tuple[Who, ...], gbv: bool, open_doors: str
) -> None:
    offered = found(gazetteer, *DOORS.values(), who=who, gbv=gbv)

    assert sorted(offered) == sorted(open_doors.split())


PLACES = {
    "tlapa": service("tlapa"),
    "olinala": service("olinala", coverage=(OLINALA,), location=at(OLINALA)),
    "chilapa": service("chilapa", coverage=(CHILAPA,), location=at(CHILAPA)),
    "guerrero": service("guerrero", coverage=("12",)),
    "puebla": service("puebla", coverage=("21",)),
    "nation": service("nation", coverage=("00",)),
}


@pytest.mark.parametrize(
    ("place", "offered"),
    [
        (TLAPA, ["tlapa", "olinala", "guerrero", "nation"]),
        (OLINALA, ["olinala", "chilapa", "guerrero", "nation"]),
        (ACAPULCO, ["guerrero", "nation"]),
        ("12", ["chilapa", "guerrero", "olinala", "tlapa", "nation"]),
        (PUEBLA, ["puebla", "nation"]),
        ("09", ["nation"]),
        ("", ["nation"]),
    ],
)
def test_nearest_first_and_nothing_that_does_not_cover_the_place(
    gazetteer: Gazetteer, place: str, offered: list[str]
) -> None:
    assert found(gazetteer, *PLACES.values(), place=place) == offered


ALWAYS, CLOSED = "24/7", "Su 01:00-02:00"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (service("z", compatibility=WOMEN_ONLY, phones=()), service("a")),
        (service("z"), service("a", phones=())),
        (service("z"), service("a", coverage=("12",))),
        (service("z", coverage=("12",)), service("a", coverage=("00",))),
        (service("z"), service("a", needs=(Need.FOOD, Need.SHELTER))),
        (service("z", schedule=ALWAYS), service("a")),
        (service("z"), service("a", schedule=CLOSED)),
        (
            service("z", confidence=Confidence.C, source=Source((), "2026-11")),
            service("a", confidence=Confidence.A, source=Source((), "2024-11")),
        ),
        (
            service("z", confidence=Confidence.C, verified_on=date(2026, 11, 1)),
            service("a", confidence=Confidence.A),
        ),
        (service("z", confidence=Confidence.A), service("a", confidence=Confidence.B)),
        (service("z", confidence=Confidence.B), service("a", confidence=Confidence.C)),
        (service("z", location=at(TLAPA)), service("a", coverage=(TLAPA,), location=at(OLINALA))),
        (service("a"), service("z")),
    ],
    ids=[
        "for women first",
        "with a phone",
        "the municipality before the state",
        "the state before the nation",
        "whose first need it is",
        "open before unknown",
        "unknown before closed",
        "what need not be checked again",
        "verified by a caseworker",
        "A before B",
        "B before C",
        "the nearer",
        "the id, so that the order never changes by itself",
    ],
)
def test_what_decides_the_order(gazetteer: Gazetteer, first: Service, second: Service) -> None:
    assert found(gazetteer, second, first, who=WOMAN) == [first.id, second.id]


@pytest.mark.parametrize(
    ("who", "fit"),
    [
        (Who.LGBTI, Compatibility(lgbti=True)),
        (Who.DISABILITY, Compatibility(disability=True)),
        (Who.INDIGENOUS, Compatibility(indigenous=True)),
    ],
)
def test_what_is_known_to_fit_the_person_comes_first(
    gazetteer: Gazetteer, who: Who, fit: Compatibility
) -> None:
    anybody = service("a")
    fits = service("z", compatibility=fit, phones=())

    assert found(gazetteer, anybody, fits, who=(who,)) == ["z", "a"]
    assert found(gazetteer, anybody, fits) == ["a", "z"]


@pytest.mark.parametrize(
    ("who", "closed"),
    [
        ((Who.WOMEN, Who.DISABILITY), Compatibility(disability=False)),
        ((Who.WOMEN, Who.LGBTI), Compatibility(lgbti=False)),
        ((Who.WOMEN, Who.INDIGENOUS), Compatibility(indigenous=False)),
        (MOTHER, Compatibility(children=False)),
    ],
)
@pytest.mark.parametrize("women_only", [True, False])
def test_a_door_known_to_be_closed_to_the_person_is_not_offered(
    gazetteer: Gazetteer, who: tuple[Who, ...], closed: Compatibility, women_only: bool
) -> None:
    door = service("door", compatibility=replace(closed, women_only=women_only))
    unknown = service("unknown", compatibility=Compatibility(women_only=women_only))

    assert found(gazetteer, door, unknown, who=who) == ["unknown"]


def test_a_door_that_asks_for_papers_is_not_offered_to_who_lost_them(gazetteer: Gazetteer) -> None:
    asks = service("asks", compatibility=Compatibility(without_papers=False))
    unknown = service("unknown")

    assert found(gazetteer, asks, unknown, situations=frozenset({Situation.NO_PAPERS})) == ["unknown"]


@pytest.mark.parametrize("place", [TLAPA, OLINALA, "12"])
@pytest.mark.parametrize("need", [Need.SHELTER, Need.GBV])
@pytest.mark.parametrize("who", [NOBODY, WOMAN, MOTHER])
@pytest.mark.parametrize(
    ("situation", "field"),
    [
        (Situation.NO_PAPERS, "without_papers"),
        (Situation.PREGNANT, "pregnant"),
        (Situation.OTHER_STATE, "other_state"),
    ],
)
def test_doors_known_to_open_come_first_unknown_ones_next_closed_ones_never(
    gazetteer: Gazetteer, situation: Situation, field: str, who: tuple[Who, ...], need: Need, place: str
) -> None:
    women_only = who != NOBODY
    doors = [
        service(
            name,
            needs=(need,),
            location=at(TLAPA),
            phones=() if name == "z opens" else PHONE,
            compatibility=Compatibility(women_only=women_only, **{field: opens}),
        )
        for name, opens in (("a unknown", None), ("b closed", False), ("z opens", True))
    ]

    concerned = found(gazetteer, *doors, need=need, place=place, who=who, situations=frozenset({situation}))
    others = found(gazetteer, *doors, need=need, place=place, who=who)

    assert concerned == ["z opens", "a unknown"]
    assert others == ["a unknown", "b closed", "z opens"]


def test_what_fits_in_more_ways_comes_first(gazetteer: Gazetteer) -> None:
    once = service("a", compatibility=Compatibility(pregnant=True))
    twice = service("z", compatibility=Compatibility(pregnant=True, other_state=True))
    situations = frozenset({Situation.PREGNANT, Situation.OTHER_STATE})

    assert found(gazetteer, once, twice, who=WOMAN, situations=situations) == ["z", "a"]


@pytest.mark.parametrize(
    ("son", "offered"), [(0, ["to_12", "unknown"]), (12, ["to_12", "unknown"]), (13, ["unknown"])]
)
def test_a_door_that_takes_sons_up_to_an_age_is_not_offered_with_an_older_one(
    gazetteer: Gazetteer, son: int, offered: list[str]
) -> None:
    to_12 = service("to_12", compatibility=Compatibility(women_only=True, sons_up_to_age=12))
    unknown = service("unknown", compatibility=WOMEN_ONLY)

    assert found(gazetteer, to_12, unknown, who=MOTHER, son=son) == offered


@pytest.mark.parametrize("who", [MAN, FAMILY])
@pytest.mark.parametrize(
    ("need", "men", "is_offered"),
    [
        (Need.GBV, None, False),
        (Need.GBV, True, True),
        (Need.LEGAL, None, False),
        (Need.LEGAL, True, True),
        (Need.CHILDREN, None, True),
        (Need.CHILDREN, False, False),
    ],
)
def test_a_door_for_violence_opens_to_a_man_only_when_that_is_known_or_for_a_child(
    gazetteer: Gazetteer, who: tuple[Who, ...], need: Need, men: bool | None, is_offered: bool
) -> None:
    door = service("door", needs=(Need.GBV, Need.LEGAL, Need.CHILDREN), compatibility=Compatibility(men=men))

    assert found(gazetteer, door, need=need, who=who) == (["door"] if is_offered else [])


def test_what_only_takes_reports_never_stands_before_what_helps(gazetteer: Gazetteer) -> None:
    reports = service("a", phones=(Phone("089"),), schedule=ALWAYS)
    helps = service("z", coverage=("00",), confidence=Confidence.C)

    assert found(gazetteer, reports, helps) == ["z", "a"]


@pytest.mark.parametrize(
    ("hidden", "reason"),
    [
        (service("x", confidence=Confidence.X), "sources conflict"),
        (service("x", exposure=Exposure.STAFF), "for staff"),
        (service("x", exposure=Exposure.NEVER), "for nobody"),
        (service("x", status=Status.TEMPORARILY_CLOSED), "closed for now"),
        (service("x", status=Status.DEFUNCT), "gone"),
        (service("x", coverage=("00",), phones=()), "far away without a phone"),
        (service("x", needs=(Need.FOOD,)), "another need"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("who", [NOBODY, WOMAN, MAN])
def test_what_is_never_offered(
    gazetteer: Gazetteer, hidden: Service, reason: str, who: tuple[Who, ...]
) -> None:
    assert found(gazetteer, hidden, service("shown"), who=who) == ["shown"], reason


def test_an_office_without_a_confirmed_phone_is_shown_without_one(gazetteer: Gazetteer) -> None:
    office = service("d", confidence=Confidence.D)
    question = Question(Need.SHELTER, TLAPA, NOBODY, MONDAY_NOON)

    match = matching.find(directory_of(gazetteer, office), question)[0]

    assert match.service.phones == ()
    assert "Pregunte aquí: CNDH, 800 715 2000" in listing.block(
        match, now=MONDAY_NOON, ask="CNDH, 800 715 2000"
    )


@pytest.mark.parametrize("need", [Need.GBV, Need.EMERGENCY])
@pytest.mark.parametrize(
    ("confidence", "verified", "is_fit"),
    [
        (Confidence.A, None, True),
        (Confidence.B, None, True),
        (Confidence.C, None, False),
        (Confidence.D, None, False),
        (Confidence.C, date(2026, 11, 1), True),
        (Confidence.X, date(2026, 11, 1), False),
    ],
)
def test_danger_and_violence_use_only_what_can_be_trusted(
    gazetteer: Gazetteer, need: Need, confidence: Confidence, verified: date | None, is_fit: bool
) -> None:
    line = service("line", needs=(need,), confidence=confidence, verified_on=verified)

    assert found(gazetteer, line, need=need, gbv=True) == (["line"] if is_fit else [])


def test_the_nearest_is_one_that_can_be_asked_before_setting_out(gazetteer: Gazetteer) -> None:
    silent = service("silent", coverage=(CHILAPA,), location=at(CHILAPA), phones=())
    near = service("near", coverage=(ACAPULCO,), location=at(ACAPULCO))
    far = service("far", coverage=(PUEBLA,), location=at(PUEBLA))
    directory = directory_of(gazetteer, far, silent, near)

    nearest = matching.nearest(directory, Question(Need.SHELTER, TLAPA, NOBODY, MONDAY_NOON))

    assert nearest is not None
    assert (nearest.match.service.id, nearest.place.key) == ("near", ACAPULCO)


def test_nobody_is_near_somebody_who_does_not_say_where(gazetteer: Gazetteer) -> None:
    directory = directory_of(gazetteer, service("near", location=at(ACAPULCO)))

    assert matching.nearest(directory, Question(Need.SHELTER, "", NOBODY, MONDAY_NOON)) is None


@pytest.mark.parametrize("who", [MAN, FAMILY])
def test_the_nearest_door_for_a_man_is_not_one_for_women(gazetteer: Gazetteer, who: tuple[Who, ...]) -> None:
    women = service("women", coverage=(CHILAPA,), location=at(CHILAPA), compatibility=WOMEN_ONLY)
    everybody = service("all", coverage=(PUEBLA,), location=at(PUEBLA))
    directory = directory_of(gazetteer, women, everybody)

    nearest = matching.nearest(directory, Question(Need.SHELTER, TLAPA, who, MONDAY_NOON))

    assert nearest is not None
    assert nearest.match.service.id == "all"


@pytest.mark.parametrize(
    ("who", "gbv", "opens"),
    [
        (NOBODY, False, False),
        (NOBODY, True, True),
        (WOMAN, False, True),
        (MOTHER, False, True),
        (MAN, False, False),
        (MAN, True, False),
        (FAMILY, True, False),
        ((Who.OLDER,), False, False),
        ((Who.LGBTI,), False, False),
        ((Who.LGBTI,), True, False),
        ((Who.LGBTI, Who.MAN), True, False),
        ((Who.LGBTI, Who.WOMEN), False, True),
        ((Who.CHILDREN,), True, True),
    ],
)
def test_when_the_womens_flow_opens(who: tuple[Who, ...], gbv: bool, opens: bool) -> None:
    assert matching.is_womens_flow(who, gbv=gbv) is opens


@pytest.mark.parametrize(
    ("km", "words"),
    [
        (0.4, ", muy cerca"),
        (4.9, ", muy cerca"),
        (5.0, ", a unos 5 km"),
        (33.0, ", a unos 35 km"),
        (97.4, ", a unos 95 km"),
        (171.0, ", a unos 170 km"),
        (999.0, ", a unos 1000 km"),
    ],
)
def test_a_distance_is_said_in_round_words(km: float, words: str) -> None:
    assert listing.spoken_distance(km) == words


TOWNS = (TLAPA, ACAPULCO, "25006", "16053", "07078", "08037", "02004", "20067", "12", "25", "")


@pytest.mark.parametrize("need", list(Need))
def test_the_seed_sends_no_man_to_a_door_for_women(directory: Directory, need: Need) -> None:
    for place, who, gbv in product(TOWNS, (MAN, FAMILY), (False, True)):
        question = Question(need, place, who, MONDAY_NOON, matching.is_womens_flow(who, gbv=gbv))
        offered = [m.service for m in matching.find(directory, question)]
        nearest = matching.nearest(directory, question)
        offered += [nearest.match.service] if nearest else []

        assert not [s.id for s in offered if s.compatibility.women_only], (place, who)
        assert not [s.id for s in offered if s.exposure is Exposure.WOMEN], (place, who)


@pytest.mark.parametrize("need", list(Need))
def test_the_seed_shows_what_is_kept_for_women_in_their_flow_only(directory: Directory, need: Need) -> None:
    for place in TOWNS:
        for match in matching.find(directory, Question(need, place, NOBODY, MONDAY_NOON)):
            assert match.service.exposure is Exposure.PUBLIC, (place, match.service.id)
            assert not match.service.compatibility.women_only, (place, match.service.id)


def test_a_woman_in_violence_finds_a_line_for_women_wherever_she_is(directory: Directory) -> None:
    for number in range(1, 33):
        question = Question(Need.GBV, f"{number:02}", WOMAN, MONDAY_NOON, women=True)

        first = matching.find(directory, question)[0].service

        assert first.compatibility.women_only or Who.WOMEN in first.only_for, (number, first.id)
        assert first.phones, (number, first.id)


def test_every_match_of_the_seed_says_how_it_covers_the_place(directory: Directory) -> None:
    for need, place in product(Need, (TLAPA, "12", "")):
        for match in matching.find(directory, Question(need, place, NOBODY, MONDAY_NOON)):
            assert place or match.reach is Reach.NATION, match.service.id
