"""One usage in all Spanish that people read: the Academy's of 2010, «usted», «correo», «WhatsApp»."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = [
    path
    for folder in ("bot", "services", "data")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".html", ".js", ".typ", ".yml", ".csv", ".md")
    and not {"standards", "source", "gazetteer", "danger", "keywords", "migrations"}.intersection(path.parts)
]
READ = [
    *(ROOT / "bot" / "texts").glob("*.py"),
    *(ROOT / "bot" / "panel" / "templates").glob("*.html"),
    *(ROOT / "bot" / "chat").rglob("*.html"),
    *(ROOT / "services" / "reports" / "words").glob("*.py"),
    *(ROOT / "services" / "reports" / "templates").glob("*.html"),
]
_MARKUP = re.compile(r"<[^>]*>|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


def hits(path: Path, pattern: str, *, bare: bool = False) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if bare:
        text = _MARKUP.sub(" ", text)
    return [f"{path.name}: {found[0]}" for found in re.finditer(pattern, text)]


def test_there_is_something_to_read() -> None:
    assert len(CODE) > 200
    assert len(READ) > 50


@pytest.mark.parametrize(
    "pattern",
    [
        r"\b[Ss]ólo\b",
        r"\b(?:[Éé]st?[aeo]s?|[Aa]quél(?:la|los|las)?)\b",
        r"\b(?:Ud|Uds|ud|uds)\.",
        r"\b(?:Whatsapp|Whats App|Whatsap|Wathsapp)\b",
    ],
)
def test_nothing_is_spelt_in_an_older_or_another_way(pattern: str) -> None:
    assert [hit for path in CODE for hit in hits(path, pattern)] == []


@pytest.mark.parametrize("pattern", [r"\b[Ee]-?mails?\b", r"\bmail\b", r"[“”]", r"&(?:ldquo|quot);"])
def test_people_read_correo_and_angular_quotes(pattern: str) -> None:
    bare = [hit for path in READ if path.suffix == ".html" for hit in hits(path, pattern, bare=True)]
    said = [hit for path in READ if path.suffix == ".py" for hit in hits(path, pattern)]

    assert bare + said == []
