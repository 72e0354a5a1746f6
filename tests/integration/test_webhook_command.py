"""`faro webhook set` and `status`, against both platforms as small servers."""

import asyncio
import logging
import sys
from pathlib import Path

import pytest

from bot import redaction
from bot.texts import channels as say
from tests.fixtures.platforms import GraphApi, TelegramApi
from tests.fixtures.process import ROOT
from tests.fixtures.serving import served, settings_for

PUBLIC = "https://faro.example.org"
FOR_THE_PUBLIC = {
    "FARO_PUBLIC_URL": PUBLIC,
    "FARO_OPERATOR_NAME": "Prueba",
    "FARO_OPERATOR_CONTACT": "prueba@example.org",
    "FARO_PRIVACY_URL": "https://example.org/privacidad",
}


async def faro(folder: Path, *arguments: str, graph: GraphApi, telegram: TelegramApi, **more: str) -> str:
    """What the command says on both outputs, with its exit status."""
    settings = settings_for(folder, graph, telegram)
    names = [name for name in type(settings).model_fields if getattr(settings, name)]
    values = {f"FARO_{name.upper()}": getattr(settings, name) for name in names}
    plain = {
        name: value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in values.items()
    }
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **plain, **FOR_THE_PUBLIC, **more}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "webhook",
        *arguments,
        cwd=folder,
        env={name: value for name, value in environment.items() if value},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return f"{said.decode()}exit {process.returncode}"


async def test_telegram_is_told_where_faro_is_and_what_it_says_of_itself(tmp_path: Path) -> None:
    async with GraphApi() as graph, TelegramApi() as telegram:
        before = await faro(tmp_path, "status", graph=graph, telegram=telegram)
        done = await faro(tmp_path, "set", "telegram", graph=graph, telegram=telegram)
        after = await faro(tmp_path, "status", graph=graph, telegram=telegram)

    assert "No webhook is registered; run «faro webhook set telegram»." in before
    assert f"Telegram calls {PUBLIC}/webhooks/telegram." in done
    assert done.endswith("exit 0")
    assert telegram.webhook["url"] == f"{PUBLIC}/webhooks/telegram"
    assert telegram.webhook["secret_token"] == "invented-webhook-secret"
    assert "callback_query" in telegram.webhook["allowed_updates"]
    assert telegram.profile["description"]["description"] == say.DESCRIPTION
    assert [c["command"] for c in telegram.profile["commands"]["commands"]] == [n for n, _ in say.COMMANDS]
    assert "0 messages wait there" in after


async def test_whatsapp_calls_back_before_it_takes_the_address(tmp_path: Path) -> None:
    async with served(tmp_path / "faro") as running:
        running.graph.tunnels = {PUBLIC: running.url}
        both = {"graph": running.graph, "telegram": running.telegram}
        before = await faro(tmp_path, "status", **both)
        wrong = await faro(tmp_path, "set", "whatsapp", FARO_WHATSAPP_VERIFY_TOKEN="another", **both)
        done = await faro(tmp_path, "set", "whatsapp", **both)
        after = await faro(tmp_path, "status", **both)

    assert "No webhook is registered; run «faro webhook set whatsapp»." in before
    assert "has it the same FARO_WHATSAPP_VERIFY_TOKEN?" in wrong
    assert wrong.endswith("exit 1")
    assert "The app is subscribed to the number's account." in done
    assert running.graph.subscribed
    assert f"WhatsApp calls {PUBLIC}/webhooks/whatsapp." in after


@pytest.mark.parametrize(
    ("settings", "platform", "sentence"),
    [
        ({"FARO_WHATSAPP_TOKEN": "revoked"}, "whatsapp", "the access token is not valid any more"),
        (
            {"FARO_WHATSAPP_PHONE_NUMBER_ID": "1"},
            "whatsapp",
            "there is no such phone number id for this token",
        ),
        ({"FARO_TELEGRAM_TOKEN": "1:wrong"}, "telegram", "Telegram refused the token; ask @BotFather"),
        ({"FARO_WHATSAPP_API_URL": "http://127.0.0.1:9"}, "whatsapp", "Meta could not be reached"),
        ({"FARO_TELEGRAM_API_URL": "http://127.0.0.1:9"}, "telegram", "Telegram could not be reached"),
    ],
    ids=["revoked token", "wrong number id", "wrong bot token", "no Meta", "no Telegram"],
)
@pytest.mark.parametrize("command", ["status", "set"])
async def test_what_is_wrong_is_said_in_a_sentence(
    command: str, settings: dict[str, str], platform: str, sentence: str, tmp_path: Path
) -> None:
    arguments = [command, *([platform] if command == "set" else [])]
    async with GraphApi() as graph, TelegramApi() as telegram:
        said = await faro(tmp_path, *arguments, graph=graph, telegram=telegram, **settings)

    assert sentence in said
    assert "Traceback" not in said
    assert not {"revoked", "1:wrong"}.intersection(said.split())
    assert said.endswith("exit 1")


@pytest.mark.parametrize(
    "line",
    [
        "GET https://api.telegram.org/bot123456789:AAHpruebaPRUEBApruebaPRUEBApruebaP/getMe",
        "Authorization: Bearer EAAGpruebaPRUEBApruebaPRUEBA",
        "token EAAGpruebaPRUEBApruebaPRUEBA refused",
        "GET /webhooks/whatsapp?hub.verify_token=prueba&hub.challenge=1",
        "postgresql://faro:prueba@localhost/faro",
        "X-Hub-Signature-256: sha256=" + "ab" * 32,
    ],
)
def test_no_log_line_opens_a_door(line: str) -> None:
    record = logging.LogRecord("httpx", logging.INFO, "", 0, "%s", (line,), None)

    said = redaction.Redacting(logging.Formatter("%(message)s")).format(record)

    assert "prueba" not in said.lower()
    assert "abab" not in said
    assert "…" in said


def test_an_ordinary_line_stays_as_it_is() -> None:
    line = "2026-11-23 18:00:00 INFO bot.app: Faro is ready: http://127.0.0.1:8080/chat"

    assert redaction.redacted(line) == line
