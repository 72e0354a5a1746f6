"""Maps: every area drawn once, said in words, hostile names harmless, the same bytes each time."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import maps
from services.maps import Legend, Mark, Shade

SVG = "{http://www.w3.org/2000/svg}"
LEGEND = Legend(("hasta 25 km", "hasta 50 km", "más de 50 km"), no_data="sin dato")


def drawn(shades: dict[str, Shade], *, state: str = "29", **more: object) -> ElementTree.Element:
    text = maps.draw(
        maps.municipalities().within(state),
        shades,
        ident="m",
        title="Distancia",
        description="De cada municipio al servicio más cercano.",
        legend=LEGEND,
        **more,  # type: ignore[arg-type]
    )
    return ElementTree.fromstring(text)  # noqa: S314 (our own text)


def test_every_municipality_of_a_state_is_drawn_once() -> None:
    svg = drawn({})

    ids = [path.get("id") for path in svg.iter(f"{SVG}path") if path.get("id")]

    assert len(ids) == len(set(ids)) == 60
    assert all(str(each).startswith("m-29") for each in ids)


def test_all_states_and_all_municipalities_can_be_drawn() -> None:
    assert len(maps.states().rings) == 32
    assert len(maps.municipalities().rings) == 2469


def test_the_map_is_named_and_described_for_who_cannot_see_it() -> None:
    svg = drawn({"29033": Shade("Tlaxcala: 12 km", 0)})

    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "m-title m-desc"
    assert "Tlaxcala: 12 km" in [title.text for title in svg.iter(f"{SVG}title")]


def test_an_area_without_a_figure_is_hatched_and_the_legend_says_so() -> None:
    svg = drawn({"29033": Shade("Tlaxcala: sin dato", None)})

    (path,) = (p for p in svg.iter(f"{SVG}path") if p.get("id") == "m-29033")

    assert path.get("fill") == "url(#m-none)"
    assert "sin dato" in [text.text for text in svg.iter(f"{SVG}text")]


def test_an_area_can_be_a_link_and_a_mark_has_words() -> None:
    svg = drawn(
        {"29033": Shade("Tlaxcala", 1, href="/panel/directory?place=29033&x=1")},
        marks=[Mark("Centro de Justicia", 19.3, -98.2)],
    )

    links = [a.get("href") for a in svg.iter(f"{SVG}a")]
    (mark,) = (c for c in svg.iter(f"{SVG}circle"))

    assert links == ["/panel/directory?place=29033&x=1"]
    assert mark.findtext(f"{SVG}title") == "Centro de Justicia"


def test_points_lie_where_they_should() -> None:
    """A mark in the north-west of the state stands left of and above one in the south-east."""
    svg = drawn({}, marks=[Mark("a", 19.6, -98.6), Mark("b", 19.2, -97.8)])

    first, second = svg.iter(f"{SVG}circle")

    assert float(str(first.get("cx"))) < float(str(second.get("cx")))
    assert float(str(first.get("cy"))) < float(str(second.get("cy")))


def test_a_map_of_nothing_is_still_a_map() -> None:
    svg = drawn({}, state="99")

    assert not [path for path in svg.iter(f"{SVG}path") if path.get("id")]


@given(
    name=st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")),
    band=st.integers(0, 40) | st.none(),
)
@settings(max_examples=25, deadline=None)
def test_any_name_is_text_and_never_markup(name: str, band: int | None) -> None:
    svg = drawn({"29033": Shade(name, band)})

    assert name in [title.text or "" for title in svg.iter(f"{SVG}title")]


def test_what_xml_cannot_hold_is_left_out() -> None:
    svg = drawn({"29033": Shade("a\x00b\x1f\ufffec", 0)})

    assert "abc" in [title.text for title in svg.iter(f"{SVG}title")]


@pytest.mark.parametrize("state", ["07", "20"])
def test_the_same_figures_give_the_same_bytes(state: str) -> None:
    shades = {key: Shade(key, int(key) % 4) for key in maps.municipalities().within(state).rings}

    first, second = (
        maps.draw(
            maps.municipalities().within(state), order, ident="m", title="t", description="d", legend=LEGEND
        )
        for order in (shades, dict(reversed(shades.items())))
    )

    assert first == second
