"""Doctor's look beyond Faro: the NLU process and its model, the platforms and what they have registered."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot import nlu_process
from bot.checkup import Finding, fault, warning, well
from bot.nlu_process import NluUnavailable
from bot.registration import called_by_meta
from bot.settings import Settings

_SECONDS = 5.0
_CLOCK_SECONDS = 60.0
_PENDING = 100
_STANDARD_PACE = 80


async def findings(settings: Settings, http: aiohttp.ClientSession, now: datetime) -> list[Finding]:
    """Every finding about the NLU and the platforms."""
    del now
    found = await _nlu(settings, http)
    if settings.telegram_is_on:
        found += await _telegram(settings, http)
    if settings.whatsapp_is_on:
        found += await _whatsapp(settings, http)
    return found


async def _nlu(settings: Settings, http: aiohttp.ClientSession) -> list[Finding]:
    url = settings.nlu_url
    if not url:
        nlu = await nlu_process.running(http, settings.data_dir / "nlu.json")
        if nlu is None:
            try:
                nlu_process.check_installed()
            except NluUnavailable as error:
                return [warning("nlu", str(error))]
            return [well("nlu", "installed; Faro starts it when it serves")]
        url = nlu.url
    status, _, said = await _get(http, f"{url}/status")
    if status != 200:
        return [
            fault(
                "nlu", "The NLU server of FARO_NLU_URL does not answer; start it. Keywords answer meanwhile."
            )
        ]
    return [_model(said)]


def _model(said: Any) -> Finding:
    """Rasa's own server names its model in another way, and knows nothing of the training data."""
    model = said.get("model") or said.get("model_file") if isinstance(said, dict) else None
    data = said.get("data") if isinstance(said, dict) else None
    if not model:
        return warning("nlu", "It answers and does not say which model it serves.")
    if data and data != model:
        return warning(
            "nlu",
            f"The model {model} is older than the training data ({data}); train a new one with «make nlu».",
        )
    return well("nlu", f"answers, with the model {model}")


async def _telegram(settings: Settings, http: aiohttp.ClientSession) -> list[Finding]:
    token = settings.telegram_token.get_secret_value()
    status, date, said = await _get(http, f"{settings.telegram_api_url}/bot{token}/getWebhookInfo")
    if status in (401, 404):
        return [
            fault("telegram", "The token is not valid; ask @BotFather for it and set FARO_TELEGRAM_TOKEN.")
        ]
    if status != 200 or not isinstance(said, dict) or not isinstance(said.get("result"), dict):
        return [warning("telegram", "Telegram can't be reached from here; look at the network.")]
    return [*_clock(date), *_registered(settings, said["result"])]


def _registered(settings: Settings, info: dict[str, Any]) -> Iterator[Finding]:
    wanted = f"{settings.public_url}/webhooks/telegram"
    if info.get("url") != wanted:
        yield fault("telegram", "No webhook of this Faro is registered; run «faro webhook set telegram».")
        return
    pending = info.get("pending_update_count", 0)
    if isinstance(pending, int) and pending > _PENDING:
        yield fault("telegram", f"{pending} messages wait at Telegram: it does not reach this Faro.")
    if info.get("last_error_date"):
        at = datetime.fromtimestamp(int(info["last_error_date"]), UTC)
        yield warning("telegram", f"Telegram last failed to reach this Faro at {at:%Y-%m-%d %H:%M} UTC.")
    else:
        yield well("telegram", "the token is valid and the webhook registered")


async def _whatsapp(settings: Settings, http: aiohttp.ClientSession) -> list[Finding]:
    number = settings.whatsapp_phone_number_id
    headers = {"Authorization": f"Bearer {settings.whatsapp_token.get_secret_value()}"}
    fields = "quality_rating,throughput,name_status,webhook_configuration"
    url = f"{settings.whatsapp_api_url}/{number}?fields={fields}"
    status, date, said = await _get(http, url, headers=headers)
    error = said.get("error", {}) if isinstance(said, dict) else {}
    if status in (401, 403) or error.get("code") in (0, 10, 190):
        return [
            fault(
                "whatsapp",
                "The token is not valid, or lacks whatsapp_business_messaging; make a new system-user token"
                " and set FARO_WHATSAPP_TOKEN.",
            )
        ]
    if status == 400 or error.get("code") in (33, 100):
        return [fault("whatsapp", "Meta does not know the number; correct FARO_WHATSAPP_PHONE_NUMBER_ID.")]
    if status != 200:
        return [warning("whatsapp", "Meta can't be reached from here; look at the network.")]
    number_is = said if isinstance(said, dict) else {}
    return [
        *_clock(date),
        *_quality(number_is),
        *_called(number_is, settings),
        *_pace(number_is, settings),
    ]


def _called(number: dict[str, Any], settings: Settings) -> Iterator[Finding]:
    called = called_by_meta(number)
    if not called:
        yield warning("whatsapp", "Meta tells of no webhook for the number; run «faro webhook set whatsapp».")
    elif called != f"{settings.public_url}/webhooks/whatsapp":
        yield fault(
            "whatsapp", "Meta calls another address than FARO_PUBLIC_URL's; run «faro webhook set whatsapp»."
        )


def _quality(number: dict[str, Any]) -> Iterator[Finding]:
    if number.get("quality_rating") == "RED":
        yield warning(
            "whatsapp",
            "Meta rates the number's quality red and may hold messages back; see WhatsApp Manager.",
        )
    else:
        yield well("whatsapp", "the token is valid and the number known")


def _pace(number: dict[str, Any], settings: Settings) -> Iterator[Finding]:
    """80 messages a second, or 1,000 for a number that was raised (Meta, «Throughput», May 2026)."""
    throughput = number.get("throughput")
    level = throughput.get("level") if isinstance(throughput, dict) else None
    if level == "HIGH" and settings.whatsapp_per_second <= _STANDARD_PACE:
        yield warning(
            "whatsapp", "Meta has raised the number to 1,000 messages a second; set FARO_WHATSAPP_PER_SECOND."
        )
    if level == "STANDARD" and settings.whatsapp_per_second > _STANDARD_PACE:
        yield warning(
            "whatsapp",
            f"The number takes {_STANDARD_PACE} messages a second and FARO_WHATSAPP_PER_SECOND is higher:"
            " Meta will refuse some, which are sent later. Lower it.",
        )


def _clock(date: str) -> Iterator[Finding]:
    """Against the platform's own clock: by ours, late answers are dropped."""
    try:
        off = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return
    if off > _CLOCK_SECONDS:
        yield fault("clock", f"This machine's clock is off by {off:.0f} seconds; set up NTP.")


async def _get(
    http: aiohttp.ClientSession, url: str, *, headers: dict[str, str] | None = None
) -> tuple[int, str, Any]:
    """Status (0: no answer), Date and JSON (None: none). The address, which holds a token, goes nowhere."""
    try:
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        async with http.get(url, headers=headers, timeout=timeout) as response:
            said = await response.json(content_type=None)
            return response.status, response.headers.get("Date", ""), said
    except ValueError:
        return 200, "", None
    except (aiohttp.ClientError, TimeoutError, OSError):
        return 0, "", None
