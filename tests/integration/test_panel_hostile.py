"""Whatever a browser sends to the panel, the answer is a page and never a fault, on both databases."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import panel as package
from bot.panel.guard import Page
from bot.panel.roles import Role
from bot.panel.site import MODULES
from data import account_store
from tests.fixtures.panel import Caseworker, PanelServer
from tests.integration.test_panel_editing import XSS, edit, grave_line, plain_office, record
from tests.integration.test_panel_removed import removed

PAGES = [page for module in MODULES for page in module.PAGES if "salir" not in page.path]
SOURCES = [path.read_text(encoding="utf-8") for path in Path(package.__file__).parent.glob("*.py")]
READ = re.compile(r'(?:\.text|\.asked|form\.get(?:all)?|query\.get)\(\s*"([\w-]+)"')
FIELDS = sorted({name for source in SOURCES for name in READ.findall(source)})
HOSTILE = ["", "=HYPERLINK(1)<script>", "\x00", "9" * 9, "9" * 40, "x" * 5000]


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


@pytest.mark.usually_on("sqlite")
async def test_hostile_words_are_text_wherever_they_are_kept(panel: PanelServer) -> None:
    office, line = await plain_office(panel), await grave_line(panel)
    ana = await panel.caseworker(Role.ADMINISTRATION, "ana@ejemplo.org")
    ana.headers["User-Agent"] = XSS
    await ana.post("/salir")
    await ana.log_in("ana@ejemplo.org")
    made = await ana.post("/cuentas/nueva", {"email": "e@ejemplo.org", "name": XSS, "role": "lectura"})
    account = await account_of(panel, "e@ejemplo.org")
    eva = await panel.caseworker(Role.ADMINISTRATION, "eva@ejemplo.org", name=XSS)
    await edit(eva, line.id, phones__0__number="961 615 5178", why=XSS)
    decided = re.findall(r"/cambios/([0-9a-f]{32})", (await ana.get("/cambios")).text)[0]
    await edit(eva, office.id, name=XSS, organization=XSS, conflict=XSS, staff_note=XSS, why=XSS)
    now = await record(panel, office.id)
    form = {"result": "gone", "how": "call", "revision": str(now.revision), "why": XSS}
    await eva.post(f"/verificar/{office.id}", form)
    await ana.get("/cambios")

    seen = [made.text]
    plain_paths = [page.path for page in PAGES if page.method == "GET" and "{" not in page.path]
    chosen = [f"/servicios/{office.id}", f"/servicios/{office.id}/editar", f"/cuentas/{account}"]
    walk = [*plain_paths, *chosen, f"/verificar?hecho={office.id}", "/directorio?q=alert"]
    before = [(await ana.get(path)).text for path in walk]
    await ana.post(f"/cambios/{decided}", {"do": "reject", "note": XSS})
    await removed(panel, office)
    after = [(await ana.get(path)).text for path in [*walk, "/directorio/quitados"]]
    seen += before + after

    assert not [text[:80] for text in seen if "<script>alert" in text or "<img src=x" in text]
    assert sum("&lt;script&gt;alert" in text for text in seen) > 8


async def account_of(panel: PanelServer, email: str) -> str:
    async with panel.core.database.read() as connection:
        found = await account_store.by_email(connection, email)
    assert found
    return found.id
