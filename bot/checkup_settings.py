"""Doctor's look at the settings and at the disk: what is allowed and still unwise."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import combinations
from pathlib import Path

from bot.backups import newest_age
from bot.checkup import Finding, fault, warning, well
from bot.reporting import free_share
from bot.setting_files import given_twice
from bot.settings import LOOPBACK, MIN_SECRET, Settings, secret_names

_SHORT = 16
_OWN_CHOICE = ("telegram_webhook_secret", "whatsapp_verify_token", "metrics_token")
_EXAMPLE_HOSTS = ("example.org", "example.com", "example.net", "localhost")


def findings(settings: Settings) -> Iterator[Finding]:
    """Every finding about settings and disk."""
    found = [*_secrets(settings), *_address(settings), *_channels(settings), *_operator(settings)]
    yield from found or [well("settings", "complete, and nothing contradicts itself")]
    yield from _disk(settings)
    yield from _backups(settings)


def _secrets(settings: Settings) -> Iterator[Finding]:
    values = {name: getattr(settings, name).get_secret_value() for name in secret_names()}
    given = [(name, value) for name, value in values.items() if value]
    for name, value in given:
        if name in _OWN_CHOICE and len(value) < _SHORT:
            yield warning("secrets", f"{_name(name)} is short; use one of {_SHORT} characters or more.")
    for (name, value), (other, same) in combinations(given, 2):
        if value == same:
            yield fault("secrets", f"{_name(name)} and {_name(other)} are the same; each needs its own.")
    for variable in given_twice([_name(name) for name in Settings.model_fields]):
        yield warning("secrets", f"{variable} and {variable}_FILE are both set; the first wins. Keep one.")
    if settings.secret_key_old.get_secret_value():
        yield warning(
            "secrets",
            f"FARO_SECRET_KEY_OLD is set; take it out {settings.retention_days} days after the rotation.",
        )
    if 0 < len(settings.secret_key.get_secret_value()) < MIN_SECRET:
        yield warning(
            "secrets", f"FARO_SECRET_KEY is shorter than {MIN_SECRET} characters; make a longer one."
        )


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.host not in LOOPBACK and not settings.public_url:
        yield fault(
            "address",
            "Faro listens beyond this machine without TLS: put a reverse proxy with TLS before it and set"
            " FARO_PUBLIC_URL, or set FARO_HOST to 127.0.0.1.",
        )
    if settings.public_url and any(settings.public_url.endswith(host) for host in _EXAMPLE_HOSTS):
        yield fault("address", "FARO_PUBLIC_URL is the address of an example; set your own.")
    if settings.public_url and not settings.trusted_proxies:
        yield warning(
            "address",
            "FARO_TRUSTED_PROXIES is empty, so that every visitor of the panel seems to come from the proxy;"
            " set it to the proxy's network.",
        )
    for part in filter(None, (p.strip() for p in settings.trusted_proxies.split(","))):
        if ip_network(part).prefixlen == 0:
            yield fault("address", "FARO_TRUSTED_PROXIES trusts everybody; name only the proxy's network.")
    if settings.is_public and settings.web_chat_is_on:
        yield warning(
            "address", "The web chat is open to everybody; set FARO_WEB_CHAT=off unless you mean it."
        )


def _channels(settings: Settings) -> Iterator[Finding]:
    if not (settings.telegram_is_on or settings.whatsapp_is_on):
        yield warning("channels", "No platform is on; set FARO_TELEGRAM_TOKEN or FARO_WHATSAPP_TOKEN.")
    elif not settings.public_url:
        yield warning(
            "channels", "A platform is on, and FARO_PUBLIC_URL is not set: no webhook can be registered."
        )
    if settings.whatsapp_is_on and not settings.whatsapp_monthly_budget:
        yield warning(
            "channels",
            "FARO_WHATSAPP_MONTHLY_BUDGET is not set, and WhatsApp bills answers: set the number of messages"
            " after which you want to hear.",
        )


def _operator(settings: Settings) -> Iterator[Finding]:
    if settings.is_public and not settings.alert_url.get_secret_value():
        yield warning("alarms", "FARO_ALERT_URL is not set; alarms stand only in the log and in /metrics.")
    if settings.is_public and not settings.metrics_token.get_secret_value():
        yield warning(
            "alarms", "FARO_METRICS_TOKEN is not set; /metrics answers only to this machine itself."
        )


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    free = free_share(folder)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        yield fault("disk", "FARO_DATA_DIR can't be written: the disk is full or read-only, or not Faro's.")
        return
    if free < 0.1:
        yield (fault if free < 0.02 else warning)("disk", f"Only {free:.0%} of the disk is free.")
    else:
        yield well("disk", f"{free:.0%} free, and can be written")


def _backups(settings: Settings) -> Iterator[Finding]:
    if not settings.backup_dir:
        if settings.is_public:
            yield warning("backup", "FARO_BACKUP_DIR is not set, so that no backup is made by itself.")
        return
    age = newest_age(Path(settings.backup_dir), datetime.now(UTC))
    if age is None:
        yield warning(
            "backup",
            "FARO_BACKUP_DIR holds no backup yet; the scheduler writes one within the hour. If it stays so,"
            " see whether Faro's user may write to the folder.",
        )
        return
    days = age.total_seconds() / 86400
    if days > 2:
        yield warning("backup", "No backup was written for two days; look at FARO_BACKUP_DIR.")
    else:
        yield well("backup", f"the newest is {days * 24:.0f} hours old")


def _name(field: str) -> str:
    return f"FARO_{field.upper()}"
