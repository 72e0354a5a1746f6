"""The public API and the JSON export keep HSDS 3.0: checked against the published schemas."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import hsds_api
from data import seed_files
from data.database import Database, open_database
from data.records import Exposure, Kind, Location, Phone, Service
from services import directory as directories
from services import freshness, ladder, routes
from services.directory import Directory, Operator
from services.exchange import hsds
from services.exposure import EXPOSABLE, seen_by
from services.gazetteer import Gazetteer
from tests.conftest import seed_gazetteer
from tests.unit.test_exchange import areas, office, refuge

SCHEMAS = Path("data/standards/hsds-3.0")
MOMENT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECRET = "Calle Secretísima 5"
Client = TestClient[web.Request, web.Application]


@dataclass
class Faro:
    """What the API needs of Faro: a directory that a test may change."""

    database: Database
    gazetteer: Gazetteer
    services: tuple[Service, ...]
    version: int = 1

    async def directory(self, connection: AsyncConnection) -> Directory:
        del connection
        return built(self.services, self.version)


@cache
def built(services: tuple[Service, ...], version: int) -> Directory:
    return directories.build(
        services,
        version=version,
        gazetteer=seed_gazetteer(),
        ladder=ladder.load(),
        routes=routes.load(),
        operator=Operator(),
    )


@cache
def seeded() -> tuple[Service, ...]:
    loaded = [replace(service, updated_at=MOMENT) for service in seed_files.read().services]
    return (*loaded, office(updated_at=datetime(2026, 11, 23, tzinfo=UTC)), refuge())


@pytest.fixture
async def faro(tmp_path: Path) -> AsyncIterator[Faro]:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path / 'faro.db'}")
    yield Faro(database, seed_gazetteer(), seeded())
    await database.close()


@pytest.fixture
async def api(faro: Faro) -> AsyncIterator[Client]:
    app = web.Application()
    hsds_api.add_routes(app, faro)
    async with TestClient(TestServer(app)) as client:
        yield client


async def get(api: Client, path: str) -> Any:
    async with api.get(f"/api/hsds{path}") as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


checker = FormatChecker()


@checker.checks("uri", raises=ValueError)
def is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


@checker.checks("date-time", raises=ValueError)
def is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@cache
def registry() -> Registry[Any]:
    found: list[tuple[str, Resource[Any]]] = []
    for path in SCHEMAS.glob("*.json"):
        resource = Resource.opaque(json.loads(path.read_text()))
        found += [(path.name, resource), (f"https://faro.invalid/{path.name}", resource)]
    return Registry().with_resources(found)


@cache
def validator(name: str) -> Draft202012Validator:
    """Of a vendored schema: `service` and the like refer to each other, `compiled/…` stand alone."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    if not name.startswith("compiled/"):
        schema = {"$id": f"https://faro.invalid/{name}.json", **schema}
    return Draft202012Validator(schema, registry=registry(), format_checker=checker)


def problems(name: str, item: Any) -> list[str]:
    return [f"{list(error.path)}: {error.message[:200]}" for error in validator(name).iter_errors(item)]


def test_the_schemas_refuse_what_is_not_hsds() -> None:
    """So that the tests below can fail."""
    service = hsds.Record(office(), areas()).full

    assert problems("compiled/service_with_definitions", {**service, "id": 5})
    assert problems("compiled/service_with_definitions", {**service, "id": "MX001"})
    assert problems("compiled/service_with_definitions", {**service, "url": "no es una página"})
    assert problems("service", {**service, "phones": [{"id": service["id"], "number": 5}]})
    assert problems("compiled/service_list", {**service, "status": "abierto"})
    assert problems("organization", {"id": service["id"], "name": "x"})


@pytest.mark.parametrize("name", ["compiled/service_with_definitions", "service"])
def test_every_record_of_the_seed_is_hsds(name: str) -> None:
    shown = [each for service in seeded() if (each := seen_by(Exposure.STAFF, service))]

    found = {
        service.id: problem
        for service in shown
        if (problem := problems(name, hsds.Record(service, areas()).full))
    }

    assert found == {}
    assert len(shown) > 500


def test_the_export_is_a_page_of_full_services() -> None:
    page = hsds.written([office(), office("T2")], areas())

    assert (page["total_items"], page["size"], page["first_page"], page["last_page"]) == (2, 2, True, True)
    assert [problems("service", each) for each in page["contents"]] == [[], []]
    assert [
        problems("taxonomy_term", each) for each in page["taxonomy_terms"] if problems("taxonomy_term", each)
    ] == []


def test_an_appointment_is_said_as_the_standard_says_it() -> None:
    made = hsds.Record(office(schedule='Mo-Fr 09:00-15:00 "previa cita"; PH off'), areas())
    free = hsds.Record(office(), areas())

    assert problems("service", made.full) == []
    assert made.basic["application_process"] == hsds.APPLICATION
    monday_to_friday, holidays = made.full["schedules"]
    assert monday_to_friday["attending_type"] == hsds.ATTENDING
    assert (monday_to_friday["byday"], monday_to_friday["opens_at"]) == ("MO,TU,WE,TH,FR", "09:00")
    assert "attending_type" not in holidays
    assert "application_process" not in free.basic
    (only,) = hsds.Record(office(schedule='"previa cita"'), areas()).full["schedules"]
    assert (only["description"], only["attending_type"]) == (hsds.APPLICATION, hsds.ATTENDING)


async def test_the_base_says_the_version_and_where_the_specification_is(api: Client) -> None:
    for path in ("", "/"):
        about = await get(api, path)
        assert about["version"] == "3.0"
        assert all(is_uri(about[name]) for name in ("profile", "openapi_url"))


@pytest.mark.parametrize(
    ("path", "listed", "one"),
    [
        ("services", "compiled/service_list", "compiled/service_with_definitions"),
        ("organizations", "compiled/organization_list", "organization"),
        ("service_at_locations", "compiled/service_at_location_list", "service_at_location"),
        ("taxonomies", "taxonomy", "taxonomy"),
        ("taxonomy_terms", "taxonomy_term", "taxonomy_term"),
    ],
)
async def test_lists_and_single_answers_keep_the_published_schemas(
    api: Client, path: str, listed: str, one: str
) -> None:
    page = await get(api, f"/{path}?per_page=500")
    full = await get(api, f"/{path}?per_page=20&full=true")
    single = [await get(api, f"/{path}/{item['id']}") for item in page["contents"][:20]]

    assert page["contents"]
    assert [p for item in page["contents"] for p in problems(listed, item)] == []
    assert [p for item in [*full["contents"], *single] for p in problems(one, item)] == []
    assert problems("service", single[0].get("service", hsds.Record(office(), areas()).full)) == []


async def test_pages_hold_everything_once_and_say_where_they_are(api: Client) -> None:
    first = await get(api, "/services?per_page=100")
    pages = [await get(api, f"/services?per_page=100&page={n}") for n in range(1, first["total_pages"] + 1)]
    ids = [item["id"] for page in pages for item in page["contents"]]

    assert len(ids) == len(set(ids)) == first["total_items"] > 300
    assert [page["page_number"] for page in pages] == list(range(1, len(pages) + 1))
    assert [page["first_page"] for page in pages] == [True] + [False] * (len(pages) - 1)
    assert [page["last_page"] for page in pages] == [False] * (len(pages) - 1) + [True]
    assert sum(page["size"] for page in pages) == len(ids)


async def test_a_page_beyond_the_last_is_empty(api: Client) -> None:
    page = await get(api, "/services?page=999")

    assert (page["empty"], page["contents"], page["last_page"]) == (True, [], True)


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=-1", "per_page=0", "full=quizá", "modified_after=ayer", "format=xml",
              "page=99999999999999999999", "page=%C2%B2"]
)  # fmt: skip
async def test_a_wrong_parameter_is_refused_with_a_sentence(api: Client, query: str) -> None:
    async with api.get(f"/api/hsds/services?{query}") as answer:
        assert answer.status == 400
        assert (await answer.json())["error"].endswith(".")


@pytest.mark.parametrize(
    "path", ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"]
)
async def test_an_unknown_id_is_not_found(api: Client, path: str) -> None:
    async with api.get(f"/api/hsds/{path}/8f0c1b6e-6c0b-5a53-9d0b-000000000000") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
async def test_nothing_can_be_written(api: Client, method: str) -> None:
    async with api.request(method, "/api/hsds/services", json={}) as answer:
        assert answer.status == 405


async def test_filters_add_up(api: Client) -> None:
    term = hsds.need_term(seeded()[0].needs[0])["id"]
    shelter = next(t for t in hsds.taxonomy_terms() if t["code"] == "shelter")
    all_of = await get(api, "/services?per_page=500")
    by_term = await get(api, f"/services?per_page=500&taxonomy_term_id={shelter['id']}")
    by_both = await get(api, f"/services?taxonomy_term_id={shelter['id']}&search=INVENTADO centro")
    none = await get(api, f"/services?taxonomy_term_id={term}&search=inventado&organization_id=x")

    assert 0 < by_term["total_items"] < all_of["total_items"]
    assert [item["name"] for item in by_both["contents"]] == ["Centro inventado"]
    assert none["empty"] is True


async def test_services_are_found_by_organization_taxonomy_and_day_of_change(api: Client) -> None:
    own = hsds.Record(office(), areas())
    by_organization = await get(api, f"/services?organization_id={own.organization_id}")
    by_taxonomy = await get(api, f"/services?taxonomy_id={hsds.uid('taxonomy', 'needs')}")
    by_day = await get(api, "/services?modified_after=2026-11-22")
    by_moment = await get(api, "/services?modified_after=2026-11-22T00:00:00Z")
    minimal = await get(api, "/services?minimal=true&modified_after=2026-11-22")

    assert [each["id"] for each in by_organization["contents"]] == [own.id]
    assert by_taxonomy["total_items"] > 300
    assert by_day["contents"] == by_moment["contents"] != []
    assert [each["id"] for each in by_day["contents"]] == [own.id]
    assert set(minimal["contents"][0]) == {"id", "modified_date", "last_modified"}


async def test_places_are_found_by_postal_code_and_distance(api: Client) -> None:
    covered = await get(api, "/service_at_locations?postcode=29200&per_page=500")
    near = await get(api, "/service_at_locations?postcode=06000&proximity=1&per_page=500")

    assert covered["contents"]
    assert near["total_items"] <= covered["total_items"]
    async with api.get("/api/hsds/service_at_locations?postcode=x") as answer:
        assert answer.status == 400


async def test_everything_comes_line_by_line_when_asked(api: Client) -> None:
    async with api.get("/api/hsds/services?format=ndjson&full=true") as answer:
        lines = (await answer.text()).splitlines()

    assert len(lines) == (await get(api, "/services"))["total_items"]
    assert problems("service", json.loads(lines[0])) == []


async def test_an_organization_carries_its_services(api: Client) -> None:
    own = hsds.Record(office(), areas())

    simple = await get(api, f"/organizations/{own.organization_id}")
    full = await get(api, f"/organizations/{own.organization_id}?full_service=true")

    assert simple["services"][0]["id"] == own.id
    assert "phones" not in simple["services"][0]
    assert problems("service", full["services"][0]) == []


async def test_a_change_is_seen_in_the_next_answer(api: Client, faro: Faro) -> None:
    before = await get(api, "/services?search=recien abierto")
    faro.services = (*faro.services, office("T2", name="Recién abierto"))
    faro.version += 1

    after = await get(api, "/services?search=recien abierto")

    assert (before["total_items"], after["total_items"]) == (0, 1)


async def everything(api: Client) -> str:
    """All that the API can be made to say, as one text."""
    said = []
    for path in ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"):
        async with api.get(f"/api/hsds/{path}?format=ndjson&full=true&full_service=true") as answer:
            said.append(await answer.text())
    return "\n".join(said)


async def test_nothing_but_public_records_that_are_not_long_dead_is_in_the_api(api: Client) -> None:
    said = await everything(api)
    today = freshness.day_of(datetime.now(UTC))
    dead = [service for service in seeded() if freshness.is_dead(service, today=today)]
    hidden = dead + [service for service in seeded() if service.exposure is not Exposure.PUBLIC]

    assert dead
    assert len(hidden) > 100
    for service in hidden:
        assert hsds.uid("service", service.id) not in said
        assert f'"{service.id}"' not in said
    assert "Refugio para mujeres" not in said
    assert not re.search(r'"(staff_note|verified_by|conflict|field_exposure)", "value"', said)


hidden_fields = st.dictionaries(
    st.sampled_from(sorted(EXPOSABLE)),
    st.sampled_from([Exposure.WOMEN, Exposure.STAFF, Exposure.NEVER]),
    min_size=1,
)


@given(hidden_fields, st.sampled_from(Exposure))
def test_no_hidden_field_is_in_an_hsds_object(hidden: dict[str, Exposure], exposure: Exposure) -> None:
    service = office(
        description=f"{SECRET} description",
        location=Location("07", "07078", f"{SECRET} locality", f"{SECRET} address", 16.7371, -92.6376),
        phones=(Phone("961 615 5178", description=f"{SECRET} phones"),),
        schedule_note=f"{SECRET} schedule",
        website="https://secret.example.org",
        email="secret@example.org",
        eligibility=f"{SECRET} eligibility",
        fees=f"{SECRET} fees",
        staff_note=f"{SECRET} staff_note",
        conflict=f"{SECRET} conflict",
        verified_by=f"{SECRET} verified_by",
        field_exposure=tuple(sorted(hidden.items())),
        exposure=exposure,
    )
    seen = seen_by(Exposure.PUBLIC, service)
    said = json.dumps(hsds.Record(seen, areas()).full, ensure_ascii=False) if seen else ""

    assert (seen is None) == (exposure is not Exposure.PUBLIC)
    for name in (*hidden, "staff_note", "conflict", "verified_by"):
        assert f"{SECRET} {name}" not in said
    if {"address", "municipality"} & set(hidden):
        assert "16.7371" not in said
        assert f"{SECRET} locality" not in said
    if "municipality" in hidden:
        assert "San Cristóbal" not in said
        assert "07078" not in said
    if "phones" in hidden:
        assert "961 615 5178" not in said


@given(st.sampled_from([Exposure.STAFF, Exposure.NEVER]), st.sampled_from(Exposure))
def test_no_refuge_is_seen_by_anybody_but_the_staff(exposure: Exposure, audience: Exposure) -> None:
    if audience is Exposure.NEVER:
        return
    seen = seen_by(audience, refuge(exposure=exposure))

    assert (seen is None) == (audience is not Exposure.STAFF or exposure is Exposure.NEVER)
    if seen is not None:
        place = hsds.Record(seen, areas()).full["service_at_locations"][0]["location"]
        assert place["external_identifier"] == "07"
        assert place["addresses"][0]["address_1"] == place["addresses"][0]["city"] == ""
        assert "latitude" not in place
        assert seen.kind is Kind.REFUGE


async def test_a_search_of_endless_words_is_refused(api: Client) -> None:
    async with api.get("/api/hsds/services", params={"search": "a " * 3000}) as answer:
        assert answer.status == 400
