"""A report as one self-contained page that reads well on a phone."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from services.reports.document import Document, Table, shown
from services.reports.queries import named
from services.reports.spoken import day
from services.reports.words import common as say

TEMPLATES = Path(__file__).resolve().parent / "templates"

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_URL = re.compile(r"https?://[^\s<>\"']+")


def written(document: Document) -> str:
    """The page. Everything in it is escaped but our own SVG."""
    page = environment().get_template("report.html")
    made_on = say.MADE_ON.format(date=day(document.made_on))
    counted = {table.key: _pointed(table) for table in document.tables()}
    return page.render(document=document, made_on=made_on, counted=counted) + "\n"


def style_source(page: str) -> str:
    """What a Content-Security-Policy must name so that the style of a page is let in, and no other."""
    digests = (hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(page))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


@cache
def environment() -> Environment:
    """Templates that escape whatever they are given."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), undefined=StrictUndefined
    )
    found.globals |= {"shown": shown, "linked": _linked, "stacks": _stacks}
    return found


def _linked(words: str) -> Markup:
    """The words with their web addresses as links."""
    parts = []
    end = 0
    for found in _URL.finditer(words):
        url = found.group()
        parts.append(escape(words[end : found.start()]))
        parts.append(Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(url))
        end = found.end()
    return Markup("").join([*parts, escape(words[end:])])


def _pointed(table: Table) -> Markup:
    """The queries of a table, each a link to where it stands in the page."""
    words = escape(named(table))
    for key in table.queries:
        words = words.replace(key, Markup('<a href="#consulta-{0}">{0}</a>').format(key), 1)
    return words


def _stacks(table: Table) -> bool:
    """Tables of words read better one under the other on a phone; figures keep their columns."""
    return all(column.digits is None for column in table.columns)
