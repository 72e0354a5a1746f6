"""One frozen Settings, read from the environment and `.env`, checked at start."""

import os
import re
import secrets
import tempfile
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.setting_files import SettingFiles
from bot.setting_files import SettingsError as SettingsError
from data.database_url import normal

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MIN_SECRET = 32
_MIN_VARIETY = 8
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_POSTER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MAX_POSTERS = 100
_PLACEHOLDERS = frozenset({"changeme", "secret", "password", "token", "default", "example", "todo", "xxx"})
_NO_FOLDER = "FARO_DATA_DIR names a folder that can't be written; choose another."


class Settings(BaseSettings):
    """Everything an operator can set. Every secret may also be given as a file: NAME_FILE."""

    model_config = SettingsConfigDict(
        env_prefix="FARO_",
        env_file=".env",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    database_url: SecretStr = Field(
        SecretStr(""), description="SQLite under FARO_DATA_DIR, or postgresql+asyncpg://…"
    )
    database_pool: int = Field(
        10, ge=2, le=100, description="Connections of each process to PostgreSQL; see docs/operators."
    )
    data_dir: Path = Field(Path("var"), description="Folder for the database and what Faro makes itself.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Made on first run and kept in the data folder; required when public."
    )
    secret_key_old: SecretStr = Field(SecretStr(""), description="The key before a rotation.")
    nlu_url: str = Field("", description="A Rasa 3.6 server; unset: Faro starts its own NLU process.")
    telegram_token: SecretStr = Field(SecretStr(""), description="Unset: Telegram is off.")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="1-256 characters A-Z a-z 0-9 _ -; required with the token."
    )
    telegram_api_url: str = Field("https://api.telegram.org", description="Telegram's Bot API.")
    whatsapp_token: SecretStr = Field(SecretStr(""), description="Unset: WhatsApp is off.")
    whatsapp_phone_number_id: str = Field("", description="The number's id in Meta's console.")
    whatsapp_app_secret: SecretStr = Field(
        SecretStr(""), description="Signs the webhooks; several, comma-separated, during a rotation."
    )
    whatsapp_verify_token: SecretStr = Field(SecretStr(""), description="For Meta's handshake.")
    whatsapp_api_url: str = Field("https://graph.facebook.com/v26.0", description="Meta's Graph API.")
    whatsapp_per_second: int = Field(
        80, ge=2, le=1000, description="Messages a second that Meta lets the number send and receive."
    )
    public_url: str = Field("", description="The https address the platforms call.")
    web_chat: Literal["on", "off", ""] = Field("", description="on; off when public.")
    bot_link: str = Field(
        "", description="What the QR code on printed sheets opens: https://wa.me/…, https://t.me/…"
    )
    posters: str = Field(
        "", description="Codes in links t.me/BOT?start=CODE counted by their name, comma-separated."
    )
    operator_name: str = Field("", description="Who operates this Faro; required when public.")
    operator_contact: str = Field("", description="How to reach them; required when public.")
    privacy_url: str = Field("", description="The whole privacy notice; required when public.")
    retention_days: int = Field(7, ge=1, le=30, description="Days after which a person is forgotten.")
    idle_minutes: int = Field(60, ge=5, le=1440, description="Minutes after which a talk is forgotten.")
    casework_team: Literal["on", "off"] = Field(
        "off", description="on: people may leave a request that a caseworker answers in the panel."
    )
    request_days: int = Field(7, ge=1, le=30, description="Days that a closed request is kept.")
    audit_days: int = Field(
        365, ge=30, le=3650, description="Days that the audit keeps who came into the panel and did what."
    )
    missed_phrases: Literal["on", "off"] = Field(
        "off", description="on: phrases not understood are kept 30 days, without names, numbers or places."
    )
    sources: Path = Field(
        Path(), description="File of published lists to refresh from; unset: sources.yml under FARO_DATA_DIR."
    )
    report_threshold: int = Field(
        10,
        ge=5,
        le=1000,
        description="No figure of a report below this leaves; a published month keeps its own.",
    )
    trusted_proxies: str = Field("", description="Networks whose X-Forwarded-For counts, comma-separated.")
    metrics_token: SecretStr = Field(SecretStr(""), description="Opens /metrics and /health/ready.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much to log.")
    log_format: Literal["text", "json"] = Field("text", description="json: one object per line.")
    whatsapp_monthly_budget: int = Field(0, ge=0, description="Messages a month; 0: no alarm.")
    alert_url: SecretStr = Field(SecretStr(""), description="Gets one sentence per alarm.")
    alert_format: Literal["text", "json"] = Field(
        "json", description='json: {"text": "…"}, as chat rooms take it; text: the sentence alone.'
    )
    heartbeat_url: SecretStr = Field(SecretStr(""), description="Called every minute while ready.")
    quiet_hours: int = Field(
        24, ge=0, le=720, description="Hours without any message until an alarm; 0: no alarm."
    )
    backup_dir: str = Field("", description="Folder for a backup every day, without people; unset: none.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """NAME_FILE stands between the environment and `.env`."""
        del file_secret_settings
        return init_settings, env_settings, SettingFiles(settings_cls), dotenv_settings

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value()
        return SecretStr(normal(address)) if address else value

    @field_validator("public_url")
    @classmethod
    def _is_https(cls, value: str) -> str:
        if value and not _is_address(value, "https"):
            raise ValueError("must be an https address such as https://faro.example.org")
        return value.rstrip("/")

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_what_telegram_takes(cls, value: SecretStr) -> SecretStr:
        if not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 1 to 256 characters A-Z a-z 0-9 _ -")
        return value

    @field_validator("nlu_url", "telegram_api_url", "whatsapp_api_url", "bot_link")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if value and not _is_address(value, "http", "https"):
            raise ValueError("must be an http or https address")
        return value.rstrip("/")

    @field_validator("posters")
    @classmethod
    def _are_codes(cls, value: str) -> str:
        codes = [code.strip() for code in value.split(",") if code.strip()]
        if len(codes) > _MAX_POSTERS or not all(_POSTER.fullmatch(code) for code in codes):
            raise ValueError(
                f"takes at most {_MAX_POSTERS} codes of 1-64 characters A-Z a-z 0-9 _ -, with commas between"
            )
        return value

    @field_validator("alert_url", "heartbeat_url")
    @classmethod
    def _is_secret_url(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value()
        if address and not _is_address(address, "http", "https"):
            raise ValueError("must be an http or https address")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        try:
            for part in filter(None, (p.strip() for p in value.split(","))):
                ip_network(part)
        except ValueError:
            raise ValueError("must be networks such as 10.0.0.0/8, separated by commas") from None
        return value

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.telegram_token.get_secret_value() and not self.telegram_webhook_secret.get_secret_value():
            raise ValueError("FARO_TELEGRAM_WEBHOOK_SECRET is required with FARO_TELEGRAM_TOKEN")
        if self.whatsapp_token.get_secret_value() and not all(
            (
                self.whatsapp_phone_number_id,
                self._has("whatsapp_app_secret"),
                self._has("whatsapp_verify_token"),
            )
        ):
            raise ValueError(
                "FARO_WHATSAPP_PHONE_NUMBER_ID, FARO_WHATSAPP_APP_SECRET and FARO_WHATSAPP_VERIFY_TOKEN"
                " are required with FARO_WHATSAPP_TOKEN"
            )
        for name in self._placeholders():
            raise ValueError(f"FARO_{name.upper()} holds a word from an example; make a secret of your own")
        if self._has("secret_key") and self.secret_key == self.secret_key_old:
            raise ValueError(
                "FARO_SECRET_KEY and FARO_SECRET_KEY_OLD are the same; the old one is the one before"
            )
        for name in self._missing_in_public():
            raise ValueError(f"FARO_{name.upper()} is required when Faro is public")
        return self

    @property
    def is_public(self) -> bool:
        """Reachable from other machines: then more is required and less is shown."""
        return bool(self.public_url) or self.host not in LOOPBACK

    @property
    def own_address(self) -> str:
        """Where a browser opens this Faro: as the platforms call it, else on this machine."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def web_chat_is_on(self) -> bool:
        """The web chat is for trying out; in public only when asked for."""
        return self.web_chat == "on" or (self.web_chat == "" and not self.is_public)

    @property
    def link(self) -> str:
        """What opens the chat from a printed sheet; empty when nothing does."""
        if self.bot_link or not self.public_url:
            return self.bot_link
        return f"{self.public_url}/chat" if self.web_chat_is_on else ""

    @property
    def poster_codes(self) -> frozenset[str]:
        """The codes of FARO_POSTERS."""
        return frozenset(code.strip() for code in self.posters.split(",") if code.strip())

    @property
    def telegram_is_on(self) -> bool:
        """A token is set."""
        return self._has("telegram_token")

    @property
    def whatsapp_is_on(self) -> bool:
        """A token is set."""
        return self._has("whatsapp_token")

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url.get_secret_value() or f"sqlite+aiosqlite:///{self.data_dir / 'faro.db'}"

    @property
    def sources_file(self) -> Path:
        """The file that declares the published lists; it need not exist."""
        return self.data_dir / "sources.yml" if self.sources == Path() else self.sources

    def _has(self, name: str) -> bool:
        return bool(getattr(self, name).get_secret_value())

    def _placeholders(self) -> list[str]:
        """Secrets that stand in examples and documents, or are one character over and over."""
        words = {name: getattr(self, name).get_secret_value() for name in secret_names()}
        plain = {name: re.sub(r"[^a-z0-9]", "", word.casefold()) for name, word in words.items() if word}
        return [name for name, word in plain.items() if word in _PLACEHOLDERS or _is_monotonous(words[name])]

    def _missing_in_public(self) -> list[str]:
        if not self.is_public:
            return []
        plain = [n for n in ("operator_name", "operator_contact", "privacy_url") if not getattr(self, n)]
        secret = len(self.secret_key.get_secret_value()) < MIN_SECRET
        return [*(["secret_key"] if secret else []), *plain]


def secret_names() -> list[str]:
    """Settings that are secrets, in the order they stand; addresses with a secret in them are others."""
    addresses = ("database_url", "alert_url", "heartbeat_url")
    fields = Settings.model_fields.items()
    return [name for name, field in fields if field.annotation is SecretStr and name not in addresses]


def read(**overrides: Any) -> Settings:
    """The settings, complete: a missing secret key is made and kept in the data folder.

    Raises SettingsError: one sentence that names the variable, never its value.
    """
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    _make(settings.data_dir)
    if settings.secret_key.get_secret_value():
        return settings
    return settings.model_copy(update={"secret_key": SecretStr(_kept_key(settings.data_dir))})


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise SettingsError(_NO_FOLDER) from None


def _kept_key(folder: Path) -> str:
    path = folder / "secret_key"
    try:
        if not path.exists():
            _keep_new_key(folder, path)
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(_NO_FOLDER) from None
    if len(key) < MIN_SECRET:
        raise SettingsError("FARO_SECRET_KEY is not set, and its file in FARO_DATA_DIR is cut short.")
    return key


def _keep_new_key(folder: Path, path: Path) -> None:
    """Written beside and then linked: another process sees the whole key or none."""
    descriptor, written = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process made it in the same instant
            os.link(written, path)
    finally:
        Path(written).unlink()


def _is_monotonous(word: str) -> bool:
    return len(word) >= MIN_SECRET and len(set(word)) < _MIN_VARIETY


def _is_address(value: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # its text quotes the value
        return False


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return f"{message}."
    return f"FARO_{str(first['loc'][0]).upper()}: {message}."
