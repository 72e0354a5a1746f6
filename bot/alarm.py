"""One sentence for the operator when something needs a person: in the log, and at FARO_ALERT_URL."""

import logging
from typing import Any

import aiohttp

log = logging.getLogger(__name__)

SECONDS = 10.0


async def tell(http: aiohttp.ClientSession, url: str, sentence: str, *, as_json: bool = True) -> None:
    """Log it, and post `{"text": sentence}` or the sentence alone to the operator. Never raises."""
    log.error("alarm: %s", sentence)
    if not url:
        return
    body: dict[str, Any] = {"json": {"text": sentence}} if as_json else {"data": sentence.encode()}
    try:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with http.post(url, timeout=timeout, **body) as response:
            if response.status >= 300:
                log.error("alarm: FARO_ALERT_URL answered %d", response.status)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        log.error("alarm: FARO_ALERT_URL could not be reached (%s)", type(error).__name__)
