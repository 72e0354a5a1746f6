"""The facts of a state and the law of its route must say the same."""

from urllib.parse import urlsplit

from data.needs import Need
from services import routes
from services.exchange.words import NEEDS
from services.reports import facts
from services.reports.facts import Aspect, Seen
from services.reports.words import comparison, sheet
from tests.conftest import seed_gazetteer


def test_the_year_of_a_law_is_the_one_that_the_route_says() -> None:
    known, states = facts.load(), routes.load().states

    for key, state in states.items():
        fact = known.of(key, Aspect.YEAR)
        assert (fact.value or None) == (str(state.law.year) if state.law.year else None), key


def test_what_the_route_calls_seen_the_facts_call_seen() -> None:
    known, states = facts.load(), routes.load().states
    pairs = ((Aspect.REGISTRY, "registry"), (Aspect.OFFENCE, "offence"), (Aspect.PROGRAMME, "programme"))

    for key, state in states.items():
        if not state.law.has_law:
            continue  # there these are the register and the programme of victims of any crime
        for aspect, name in pairs:
            seen = known.of(key, aspect).status is Seen.SEEN
            assert seen or not getattr(state.law, name), (key, aspect)


def test_every_fact_has_a_page_that_anybody_can_open() -> None:
    for fact in facts.load().known.values():
        parts = urlsplit(fact.source)
        named = parts.scheme in ("http", "https") and "." in parts.netloc
        assert named or (fact.status is Seen.NOT_SEEN and not fact.source), (fact.state, fact.aspect)


def test_every_fact_is_of_a_state_and_every_list_of_words_is_whole() -> None:
    gazetteer = seed_gazetteer()

    assert all(gazetteer.place(state) and len(state) == 2 for state, _ in facts.load().known)
    assert set(comparison.ASPECTS) == set(Aspect)
    assert set(comparison.STATUSES) == set(Seen)
    assert set(NEEDS) == set(Need)
    assert set(sheet.SHEET_NEEDS) <= set(Need)
