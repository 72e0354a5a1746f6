"""Whatever a browser sends to the panel, the answer is a page and never a fault, on both databases."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import panel as package
from bot.panel.guard import Page
from bot.panel.roles import Role
from bot.panel.site import MODULES
from tests.fixtures.panel import Caseworker, PanelServer

PAGES = [page for module in MODULES for page in module.PAGES if "salir" not in page.path]
SOURCES = [path.read_text(encoding="utf-8") for path in Path(package.__file__).parent.glob("*.py")]
READ = re.compile(r'(?:\.text|\.asked|form\.get(?:all)?|query\.get)\(\s*"([\w-]+)"')
FIELDS = sorted({name for source in SOURCES for name in READ.findall(source)})
HOSTILE = ["\x00", "9" * 9, "9" * 40, "x" * 5000]


def encoded(text: str) -> str:
    return quote(text, safe="")


async def sent(who: Caseworker, page: Page, text: str) -> int:
    path = re.sub(r"\{\w+\}", encoded(text), page.path)
    if page.method == "GET":
        query = "&".join(f"{encoded(name)}={encoded(text)}" for name in [*FIELDS, "desde", "estado"])
        return (await who.get(f"{path}?{query}")).status
    answer = await who.post(path, [(name, text) for name in FIELDS if name not in ("_csrf", "kept")])
    return answer.status


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(text)[:12] for text in HOSTILE])
async def test_no_page_fails_whatever_it_is_sent(panel: PanelServer, text: str) -> None:
    who = await panel.caseworker(Role.ADMINISTRATION)

    failed = [f"{page.method} {page.path}" for page in PAGES if (await sent(who, page, text)) >= 500]

    assert failed == []
