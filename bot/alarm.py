"""One sentence for the operator when something needs a person: in the log, and at FARO_ALERT_URL."""

import logging

import aiohttp

log = logging.getLogger(__name__)

SECONDS = 10.0


async def tell(http: aiohttp.ClientSession, url: str, sentence: str) -> None:
    """Log it, and post `{"text": sentence}` where the operator wants to hear of it. Never raises."""
    log.error("alarm: %s", sentence)
    if not url:
        return
    try:
        async with http.post(
            url, json={"text": sentence}, timeout=aiohttp.ClientTimeout(total=SECONDS)
        ) as response:
            if response.status >= 300:
                log.error("alarm: FARO_ALERT_URL answered %d", response.status)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        log.error("alarm: FARO_ALERT_URL could not be reached (%s)", type(error).__name__)
