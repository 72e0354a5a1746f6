"""The browser that the tests of a file share."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.fixtures.browsing import chromium, chromium_path
from tests.fixtures.require import require


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    path = chromium_path()
    if path is None:
        require("browser", "Chromium is not installed; on Debian: apt-get install chromium.")
    async with chromium(path) as running:
        yield running
