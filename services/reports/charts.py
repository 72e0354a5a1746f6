"""Bar charts as SVG that also say what they show. The same figures stand in a table beside them."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from services.maps import writable
from services.reports.document import SMALL

Items = Sequence[tuple[str, int | None]]
"""(label, figure), in the order they are drawn; None: the figure is kept back, and is said in words."""

_INK, _BAR = "#1d2430", "#3b76b0"
_FONT = 'font-family="Source Sans Pro, sans-serif"'
_WIDTH = 720
_LABEL = 310
"""Room for the labels, also where a narrow screen shows them larger."""
_ROW = 34
_HEIGHT = 260
_LETTERS, _LEAST = 18, 10


def bars(items: Items, *, ident: str, title: str, description: str) -> str:
    """Horizontal bars, one under the other, each with its figure. Empty items give an empty drawing."""
    most = max((figure or 0 for _, figure in items), default=0) or 1
    height = len(items) * _ROW + 8
    drawn = []
    for row, (label, figure) in enumerate(items):
        y = row * _ROW + 4
        width = (figure or 0) / most * (_WIDTH - _LABEL - 90)
        drawn.append(
            f'<text x="{_LABEL - 10}" y="{y + 21}" text-anchor="end" font-size="19" class="label" {_FONT}'
            f' fill="{_INK}">{_words(label)}</text>'
            f'<rect x="{_LABEL}" y="{y + 3}" width="{width:.1f}" height="{_ROW - 10}" fill="{_BAR}"/>'
            f'<text x="{_LABEL + width + 8:.1f}" y="{y + 21}" font-size="19" class="label" {_FONT}'
            f' fill="{_INK}">{_figure(figure)}</text>'
        )
    return _svg(drawn, height, ident=ident, title=title, description=description)


def columns(items: Items, *, ident: str, title: str, description: str) -> str:
    """One column for each month, with its figure on top; labels stand upright when there are many."""
    most = max((figure or 0 for _, figure in items), default=0) or 1
    step = (_WIDTH - 16) / max(len(items), 1)
    many = len(items) > 8
    longest = max((len(_figure(figure)) for _, figure in items), default=1)
    size = min(_LETTERS, step / longest / 0.56)  # figures side by side never touch
    below = max(size, _LEAST)
    drawn = []
    for place, (label, figure) in enumerate(items):
        tall = (figure or 0) / most * (_HEIGHT - 60)
        x, y = 8 + place * step, _HEIGHT - tall
        middle = x + step / 2
        turned = f' transform="rotate(-60 {middle:.1f} {_HEIGHT + 22})"' if many else ""
        anchor = "end" if many else "middle"
        drawn.append(
            f'<rect x="{x + step * 0.12:.1f}" y="{y:.1f}" width="{step * 0.76:.1f}" height="{tall:.1f}"'
            f' fill="{_BAR}"/>'
            f'<text x="{middle:.1f}" y="{y - 6:.1f}" text-anchor="middle" font-size="{size:.1f}" {_FONT}'
            f' fill="{_INK}">{_figure(figure)}</text>'
            f'<text x="{middle:.1f}" y="{_HEIGHT + 22}" text-anchor="{anchor}" font-size="{below:.1f}"'
            f' class="month" {_FONT} fill="{_INK}"{turned}>{_words(label)}</text>'
        )
    return _svg(drawn, _HEIGHT + (100 if many else 34), ident=ident, title=title, description=description)


def _svg(drawn: Sequence[str], height: int, *, ident: str, title: str, description: str) -> str:
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
            f' height="{height}" role="img" aria-labelledby="{ident}-title {ident}-desc">',
            f'<title id="{ident}-title">{_words(title)}</title>',
            f'<desc id="{ident}-desc">{_words(description)}</desc>',
            *drawn,
            "</svg>",
        )
    )


def _figure(figure: int | None) -> str:
    return SMALL if figure is None else f"{figure:,}"


def _words(text: str) -> str:
    return escape(writable(text))
