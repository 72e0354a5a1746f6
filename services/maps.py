"""A map of Mexico or of one state as SVG that also says what it shows. Pure: shapes and words in, text out.

Geometry: INEGI. Colours are steps of lightness, so that a map printed in grey says the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import cos, radians
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from services.shapes import Ring, read_rings

SHAPES = Path(__file__).resolve().parent.parent / "data" / "seed" / "shapes"

PALETTE = ("#eaf1f7", "#b9d2e6", "#7aa8cf", "#3b76b0", "#143c70")
"""From least to most, five steps at most."""

NO_DATA = "#f4f1ea"

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDTH = 720.0
_MAX_HEIGHT = 760.0
_LEGEND_ROW = 34.0
_MARGIN = 8.0


@dataclass(frozen=True)
class Outlines:
    """Areas by INEGI key, each with its rings in degrees (longitude, latitude)."""

    rings: Mapping[str, tuple[Ring, ...]]

    def within(self, state: str) -> "Outlines":
        """Only the areas whose key begins with this one."""
        if state not in self._parts:
            chosen = {key: rings for key, rings in self.rings.items() if key.startswith(state)}
            self._parts[state] = Outlines(chosen)
        return self._parts[state]

    @cached_property
    def frame(self) -> "_Frame":
        """How they fit the page."""
        return _frame(self)

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """Every area as an SVG path: drawn once, coloured many times."""
        return {
            key: "".join(_path(ring, self.frame) for ring in rings)
            for key, rings in sorted(self.rings.items())
        }

    @cached_property
    def _parts(self) -> dict[str, "Outlines"]:
        return {}


@dataclass(frozen=True, slots=True)
class Shade:
    """How an area is drawn. `label` is read aloud and shown on touch; `band` None means no figure."""

    label: str
    band: int | None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in degrees, for instance the seat of an office. `label` as in Shade."""

    label: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Legend:
    """The words for every band, from least to most, and for areas without a figure (empty: none)."""

    bands: Sequence[str]
    no_data: str = ""
    marks: str = ""


@cache
def states(folder: Path = SHAPES) -> Outlines:
    """The 32 states. Raises OSError, KeyError or ValueError for a file that isn't TopoJSON."""
    return Outlines(read_rings(folder / "estados.topo.json"))


@cache
def municipalities(folder: Path = SHAPES) -> Outlines:
    """The municipalities of 2020, 2,469 of them. Raises as `states`."""
    return Outlines(read_rings(folder / "municipios.topo.json"))


def draw(
    outlines: Outlines,
    shades: Mapping[str, Shade],
    *,
    ident: str,
    title: str,
    description: str,
    legend: Legend,
    marks: Iterable[Mark] = (),
) -> str:
    """The map as one `<svg>`; the same bytes for the same arguments.

    `ident` makes the ids inside unique on a page: ASCII letters, digits and «-». Areas without a shade
    are drawn as having no figure. Nothing in it needs CSS or scripts; put the same figures in a table,
    with the same links: those of the map are for a finger or a mouse, hundreds would stop a keyboard.
    """
    frame = outlines.frame
    height = frame.height + 2 * _MARGIN + _legend_height(legend)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {height:.0f}"'
        f' width="{_WIDTH:.0f}" height="{height:.0f}" role="{_role(shades)}"'
        f' aria-labelledby="{ident}-title {ident}-desc">',
        f'<title id="{ident}-title">{_text(title)}</title>',
        f'<desc id="{ident}-desc">{_text(description)}</desc>',
        _hatching(ident),
        f'<g stroke="#5c6670" stroke-width="{_stroke(outlines)}" stroke-linejoin="round">',
        *(_area(key, path, shades.get(key), ident) for key, path in outlines.paths.items()),
        "</g>",
        *(_mark(mark, frame) for mark in marks),
        *_legend(legend, ident, top=frame.height + 2 * _MARGIN),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part)


def writable(words: str) -> str:
    """Words without the signs that no XML file can hold."""
    return _UNWRITABLE.sub("", words)


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to the page: an equirectangular map, true in the middle latitude."""

    west: float
    north: float
    squeeze: float
    scale: float
    left: float
    height: float

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * self.squeeze * self.scale
        return x, _MARGIN + (self.north - latitude) * self.scale


def _frame(outlines: Outlines) -> _Frame:
    points = [point for rings in outlines.rings.values() for ring in rings for point in ring]
    if not points:
        return _Frame(0, 0, 1, 1, _MARGIN, 0)
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = cos(radians((south + north) / 2))
    across, down = (east - west) * squeeze or 1, (north - south) or 1
    scale = min((_WIDTH - 2 * _MARGIN) / across, _MAX_HEIGHT / down)
    left = (_WIDTH - across * scale) / 2
    return _Frame(west, north, squeeze, scale, left, down * scale)


def _area(key: str, path: str, shade: Shade | None, ident: str) -> str:
    label = f"<title>{_text(shade.label)}</title>" if shade else ""
    fill = f"url(#{ident}-none)"
    if shade and shade.band is not None:
        fill = PALETTE[min(shade.band, len(PALETTE) - 1)]
    drawn = f'<path id="{ident}-{key}" fill="{fill}" fill-rule="evenodd" d="{path}">{label}</path>'
    if not (shade and shade.href):
        return drawn
    label = quoteattr(_clean(shade.label))
    return f'<a href={quoteattr(shade.href)} tabindex="-1" aria-label={label}>{drawn}</a>'


def _role(shades: Mapping[str, Shade]) -> str:
    """A picture, unless something in it can be followed."""
    return "group" if any(shade.href for shade in shades.values()) else "img"


def _path(ring: Ring, frame: _Frame) -> str:
    """Whole tenths of a unit, as steps from point to point: a third of the size of absolute ones."""
    steps = []
    last: tuple[int, int] | None = None
    for longitude, latitude in ring:
        x, y = frame.point(longitude, latitude)
        here = round(x * 10), round(y * 10)
        if last is None:
            steps.append(f"M{_tenths(here[0])} {_tenths(here[1])}l")
        elif here != last:
            steps.append(f"{_tenths(here[0] - last[0])} {_tenths(here[1] - last[1])} ")
        last = here
    return "".join(steps).rstrip(" l") + "z" if len(steps) > 1 else ""


def _tenths(value: int) -> str:
    whole, tenth = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{tenth}" if tenth else f"{sign}{whole}"


def _text(words: str) -> str:
    """Words as XML text."""
    return escape(_clean(words))


def _clean(words: str) -> str:
    """Without what XML can't hold at all."""
    return _UNWRITABLE.sub("", words)


def _stroke(outlines: Outlines) -> str:
    count = len(outlines.rings)
    return "0.3" if count > 600 else "0.5" if count > 60 else "0.9"


def _hatching(ident: str) -> str:
    """Areas without a figure are hatched, so that colour is not all that tells them apart."""
    return (
        f'<defs><pattern id="{ident}-none" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{NO_DATA}"/>'
        '<path d="M0 6 6 0" stroke="#b9b2a3" stroke-width="0.8"/></pattern></defs>'
    )


def _mark(mark: Mark, frame: _Frame) -> str:
    x, y = frame.point(mark.longitude, mark.latitude)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="#c2410c" stroke="#ffffff" stroke-width="1.5">'
        f"<title>{_text(mark.label)}</title></circle>"
    )


def _legend_rows(legend: Legend) -> list[tuple[str, str]]:
    rows = [(PALETTE[min(i, len(PALETTE) - 1)], words) for i, words in enumerate(legend.bands)]
    rows += [("none", legend.no_data)] if legend.no_data else []
    return rows + ([("mark", legend.marks)] if legend.marks else [])


def _legend_height(legend: Legend) -> float:
    return -(-len(_legend_rows(legend)) // 2) * _LEGEND_ROW + _MARGIN


def _legend(legend: Legend, ident: str, *, top: float) -> list[str]:
    """Two columns, in letters that stay readable when the map is as narrow as a phone."""
    drawn = []
    for index, (colour, words) in enumerate(_legend_rows(legend)):
        x = _MARGIN + (index % 2) * _WIDTH / 2
        y = top + (index // 2) * _LEGEND_ROW
        drawn.append(_swatch(colour, ident, x, y))
        drawn.append(
            f'<text x="{x + 34:.0f}" y="{y + 19:.0f}" font-family="Source Sans Pro, sans-serif"'
            f' font-size="24" fill="#1d2430">{_text(words)}</text>'
        )
    return drawn


def _swatch(colour: str, ident: str, x: float, y: float) -> str:
    if colour == "mark":
        return f'<circle cx="{x + 13:.0f}" cy="{y + 10:.0f}" r="7" fill="#c2410c"/>'
    fill = f"url(#{ident}-none)" if colour == "none" else colour
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="26" height="20" fill="{fill}" stroke="#5c6670"'
        ' stroke-width="0.9"/>'
    )
