"""Parts of the panel that need no server: who may do what, what needs two people, searching, showing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.client_address import client_address, trusted_networks
from bot.panel import passwords, search, second_factor
from bot.panel.devices import device
from bot.panel.guard import NOBODY
from bot.panel.login import normal_email
from bot.panel.roles import GRANTS, Permission, Role, is_within, may, visible
from bot.panel.search import Filters
from data.record_json import to_fields
from data.records import Exposure, Location, Phone
from services import approval
from services.differences import Reason
from tests.unit.test_exchange import office

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def account(role: Role = Role.EDITING, **limits: object):  # type: ignore[no-untyped-def]
    return replace(NOBODY, id="a", role=role, is_active=True, **limits)  # type: ignore[arg-type]


def test_every_role_grants_what_the_one_before_it_grants() -> None:
    granted = [GRANTS[role] for role in Role]

    assert all(less < more for less, more in pairwise(granted))
    assert granted[-1] == frozenset(Permission)
    assert not any(may(NOBODY, permission) for permission in Permission)


@pytest.mark.parametrize(
    ("states", "coverage", "state", "within"),
    [
        ((), ("00",), "", True),
        (("07",), ("07",), "07", True),
        (("07",), ("07078",), "", True),
        (("07",), ("07", "12"), "07", False),
        (("07",), ("00",), "07", False),
        (("07",), ("07",), "12", False),
        (("07", "12"), ("07", "12"), "07", True),
    ],
)
def test_states_limit_an_account(
    states: tuple[str, ...], coverage: tuple[str, ...], state: str, within: bool
) -> None:
    record = replace(office(), coverage=coverage, location=Location(state=state))

    assert is_within(account(states=states), record) is within


def test_a_field_for_nobody_is_read_only_by_who_may_change_the_record() -> None:
    record = replace(office(), field_exposure=(("phones", Exposure.NEVER),), coverage=("07",))
    record = replace(record, location=Location(state="07"))

    mine = visible(account(states=("07",)), record)
    others = visible(account(states=("12",)), record)

    assert mine == record
    assert others
    assert others.phones == ()


GRAVE = {"needs": ["gbv"]}
A_PHONE = [{"number": "911", "type": "voice", "extension": "", "description": "", "exposure": "public"}]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"fees": "x"}, ()),
        ({}, {"phones": []}, ()),
        (GRAVE, {"fees": "x"}, ()),
        (GRAVE, {"phones": []}, (Reason.PHONE,)),
        (GRAVE, {"phones": [], "kind": "refuge"}, ()),
        ({}, GRAVE, (Reason.PHONE,)),
        (GRAVE, {"exposure": "staff"}, ()),
        ({"exposure": "staff"}, {"exposure": "public"}, (Reason.EXPOSURE,)),
        ({"field_exposure": {"address": "staff"}}, {"field_exposure": {}}, (Reason.EXPOSURE,)),
        ({"field_exposure": {"address": "staff"}}, {"field_exposure": {"address": "never"}}, ()),
        ({"phones": [A_PHONE[0] | {"exposure": "staff"}]}, {"phones": A_PHONE}, (Reason.EXPOSURE,)),
        ({**GRAVE, "confidence": "D"}, {"confidence": "A"}, (Reason.PHONE,)),
        ({"confidence": "D"}, {"confidence": "A"}, ()),
    ],
)
def test_what_needs_a_second_person(
    before: dict[str, object], after: dict[str, object], expected: tuple[Reason, ...]
) -> None:
    record = replace(office(), phones=(Phone("961 615 5178"),), field_exposure=(), needs=office().needs)
    fields = {**to_fields(record), "needs": ["food"], **before}

    assert approval.reasons(fields, {**fields, **after}) == expected


def test_a_new_line_for_danger_needs_a_second_person() -> None:
    fields = {**to_fields(office()), "phones": A_PHONE}

    assert approval.reasons(None, {**fields, "needs": ["emergency"]}) == (Reason.PHONE,)
    assert approval.reasons(None, {**fields, "needs": ["food"]}) == ()


@given(st.dictionaries(st.sampled_from(["q", "estado", "municipio", "necesidad", "edad", "x"]), st.text()))
def test_any_address_of_the_directory_is_read(query: dict[str, str]) -> None:
    filters = search.asked(query, knows=lambda key: key in ("07", "07078"))

    assert filters.state in ("", "07")
    assert filters.municipality in ("", "07078")
    assert search.find([], filters, today=date(2026, 11, 26)) == []
    assert search.asked(filters.query(), knows=lambda _: True) == filters or filters == Filters(q=filters.q)


@pytest.mark.parametrize(
    "password", ["", "corta", "aaaaaaaaaaaaaaaa", "contraseña-2026-x", "x" * 201, "ana.perez-12345"]
)
def test_weak_passwords_are_told_why(password: str) -> None:
    assert passwords.problem(password, email="ana.perez@ejemplo.org").endswith((".", "»."))


def test_one_time_passwords_are_good_and_never_the_same() -> None:
    drawn = {passwords.one_time() for _ in range(50)}

    assert len(drawn) == 50
    assert all(passwords.problem(each, email="ana@ejemplo.org") == "" for each in drawn)


def test_a_one_time_password_that_is_easy_to_guess_is_drawn_again() -> None:
    letters = iter("faro" + "k7mq" * 3 + "w3hx" + "p9tz" * 3)

    assert passwords.one_time(lambda _: next(letters)) == "w3hx-p9tz-p9tz-p9tz"


def test_a_name_of_three_letters_within_a_word_makes_no_password_weak() -> None:
    assert passwords.problem("bananas-con-leche", email="ana@ejemplo.org") == ""
    assert passwords.problem("vivan-los-perez-9", email="Perez@ejemplo.org") != ""


@given(st.text(max_size=12))
def test_any_text_is_a_code_or_not(code: str) -> None:
    secret = second_factor.new_secret()

    assert second_factor.step_of(secret, code, now=NOW) is None or len(code.strip()) >= 6


def test_an_address_is_written_in_one_way() -> None:
    assert normal_email("  Ana@EJEMPLO.org\n") == "ana@ejemplo.org"


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("203.0.113.5", ["10.0.0.1"], "203.0.113.5"),
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["1.1.1.1, 203.0.113.5, 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", ["1.1.1.1", "203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["no es una dirección"], "no es una dirección"),
        (None, ["203.0.113.5"], ""),
    ],
)
def test_only_trusted_proxies_are_believed(remote: str | None, forwarded: list[str], expected: str) -> None:
    assert client_address(remote, forwarded, trusted=trusted_networks("10.0.0.0/8, ::1/128")) == expected


def test_a_device_is_named_without_keeping_what_the_browser_said() -> None:
    agent = "Mozilla/5.0 (Linux; Android 14; SM-A135M) AppleWebKit/537.36 Chrome/129.0 Mobile Safari/537.36"

    assert device(agent) == "Chrome en Android"
    assert device("<script>") == "Otro navegador en otro sistema"
