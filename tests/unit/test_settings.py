"""Every setting is known, has its default, and is refused with a sentence when malformed."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.settings import Settings, SettingsError, read

KEY = "an invented secret key of enough characters"
DEFAULTS: dict[str, Any] = {
    "FARO_DATABASE_URL": "",
    "FARO_DATA_DIR": Path("var"),
    "FARO_HOST": "127.0.0.1",
    "FARO_PORT": 8080,
    "FARO_SECRET_KEY": "",
    "FARO_SECRET_KEY_OLD": "",
    "FARO_NLU_URL": "",
    "FARO_TELEGRAM_TOKEN": "",
    "FARO_TELEGRAM_WEBHOOK_SECRET": "",
    "FARO_TELEGRAM_API_URL": "https://api.telegram.org",
    "FARO_WHATSAPP_TOKEN": "",
    "FARO_WHATSAPP_PHONE_NUMBER_ID": "",
    "FARO_WHATSAPP_APP_SECRET": "",
    "FARO_WHATSAPP_VERIFY_TOKEN": "",
    "FARO_WHATSAPP_API_URL": "https://graph.facebook.com/v26.0",
    "FARO_PUBLIC_URL": "",
    "FARO_WEB_CHAT": "",
    "FARO_OPERATOR_NAME": "",
    "FARO_OPERATOR_CONTACT": "",
    "FARO_PRIVACY_URL": "",
    "FARO_RETENTION_DAYS": 7,
    "FARO_IDLE_MINUTES": 60,
    "FARO_AUDIT_DAYS": 365,
    "FARO_TRUSTED_PROXIES": "",
    "FARO_METRICS_TOKEN": "",
    "FARO_LOG_LEVEL": "INFO",
    "FARO_WHATSAPP_MONTHLY_BUDGET": 0,
    "FARO_ALERT_URL": "",
    "FARO_HEARTBEAT_URL": "",
    "FARO_DATABASE_POOL": 10,
    "FARO_LOG_FORMAT": "text",
    "FARO_ALERT_FORMAT": "json",
    "FARO_QUIET_HOURS": 24,
    "FARO_BACKUP_DIR": "",
}
ADDRESSES = [
    ("FARO_DATABASE_URL", "postgresql+asyncpg://faro:zzpass@127.0.0.1/faro"),
    ("FARO_ALERT_URL", "https://alerts.example.org/zzpass"),
    ("FARO_HEARTBEAT_URL", "https://beat.example.org/zzpass"),
]
SECRETS = [
    "FARO_SECRET_KEY",
    "FARO_SECRET_KEY_OLD",
    "FARO_TELEGRAM_TOKEN",
    "FARO_TELEGRAM_WEBHOOK_SECRET",
    "FARO_WHATSAPP_TOKEN",
    "FARO_WHATSAPP_APP_SECRET",
    "FARO_WHATSAPP_VERIFY_TOKEN",
    "FARO_METRICS_TOKEN",
]
MALFORMED = [
    ("FARO_DATABASE_URL", "zzgarbagezz"),
    ("FARO_DATABASE_URL", "mysql://zzuser:zzpass@zzhost/zzbase"),
    ("FARO_DATABASE_URL", "postgresql+asyncpg://zzuser:zzpass@zzhost:zzport/zzbase"),
    ("FARO_PORT", "zzport"),
    ("FARO_PORT", "70707"),
    ("FARO_PORT", "-77"),
    ("FARO_PORT", "80.85"),
    ("FARO_NLU_URL", "zzlocalhost:5005"),
    ("FARO_NLU_URL", "ftp://zzhost"),
    ("FARO_NLU_URL", "http://"),
    ("FARO_TELEGRAM_API_URL", "zzapi.telegram.org"),
    ("FARO_WHATSAPP_API_URL", "zzgraph"),
    ("FARO_PUBLIC_URL", "http://zzfaro.example.org"),
    ("FARO_PUBLIC_URL", "zzfaro.example.org"),
    ("FARO_PUBLIC_URL", "https:///zzpath"),
    ("FARO_PUBLIC_URL", "https://[zz"),
    ("FARO_PUBLIC_URL", "https://zz℀zz"),
    ("FARO_WEB_CHAT", "zzmaybe"),
    ("FARO_RETENTION_DAYS", "0"),
    ("FARO_RETENTION_DAYS", "3131"),
    ("FARO_RETENTION_DAYS", "zzweek"),
    ("FARO_IDLE_MINUTES", "4"),
    ("FARO_AUDIT_DAYS", "29"),
    ("FARO_IDLE_MINUTES", "zzhour"),
    ("FARO_TRUSTED_PROXIES", "zz10.0.0.0"),
    ("FARO_TRUSTED_PROXIES", "10.0.0.0/8, 203.0.113.77/4"),
    ("FARO_LOG_LEVEL", "zzloud"),
    ("FARO_WHATSAPP_MONTHLY_BUDGET", "-55"),
    ("FARO_WHATSAPP_MONTHLY_BUDGET", "zzmany"),
    ("FARO_ALERT_URL", "zzalert"),
    ("FARO_HEARTBEAT_URL", "javascript:zz"),
    ("FARO_TELEGRAM_WEBHOOK_SECRET", "zz with spaces ñ"),
    ("FARO_TELEGRAM_WEBHOOK_SECRET", "z" * 257),
]
PUBLIC = {
    "FARO_PUBLIC_URL": "https://faro.example.org",
    "FARO_SECRET_KEY": KEY,
    "FARO_OPERATOR_NAME": "Organización de prueba",
    "FARO_OPERATOR_CONTACT": "contacto@example.org",
    "FARO_PRIVACY_URL": "https://faro.example.org/privacidad",
}


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no `.env` of this machine."""
    for name in list(os.environ):
        if name.startswith("FARO_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def plain(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def set_all(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_every_variable_has_its_default() -> None:
    settings = Settings()

    found = {f"FARO_{name.upper()}": plain(getattr(settings, name)) for name in Settings.model_fields}
    for name, value in DEFAULTS.items():
        assert found[name] == value, name


def test_every_setting_says_what_it_is_for() -> None:
    assert not [name for name, field in Settings.model_fields.items() if not field.description]


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_is_hidden_when_settings_are_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARO_TELEGRAM_WEBHOOK_SECRET", "other-secret")
    set_all(monkeypatch, FARO_WHATSAPP_PHONE_NUMBER_ID="1", FARO_WHATSAPP_APP_SECRET="a")
    monkeypatch.setenv("FARO_WHATSAPP_VERIFY_TOKEN", "b")
    monkeypatch.setenv(name, "zzsecretzz")

    settings = Settings()

    assert plain(getattr(settings, name.removeprefix("FARO_").lower())) == "zzsecretzz"
    assert "zzsecretzz" not in repr(settings) + str(settings)


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_be_given_as_a_file(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FARO_TELEGRAM_WEBHOOK_SECRET", "other-secret")
    set_all(monkeypatch, FARO_WHATSAPP_PHONE_NUMBER_ID="1", FARO_WHATSAPP_APP_SECRET="a")
    monkeypatch.setenv("FARO_WHATSAPP_VERIFY_TOKEN", "b")
    monkeypatch.delenv(name, raising=False)
    (tmp_path / "secret").write_text("from-a-file\n", encoding="utf-8")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secret"))

    assert plain(getattr(Settings(), name.removeprefix("FARO_").lower())) == "from-a-file"


@pytest.mark.parametrize(("name", "address"), ADDRESSES)
def test_an_address_with_a_secret_in_it_is_hidden_and_can_be_a_file(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "address").write_text(f"{address}\n", encoding="utf-8")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "address"))

    settings = read()

    assert plain(getattr(settings, name.removeprefix("FARO_").lower())) == address
    assert "zzpass" not in repr(settings)


def test_a_file_may_be_named_in_env(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY, encoding="utf-8")
    (tmp_path / ".env").write_text(f"FARO_SECRET_KEY_FILE={tmp_path / 'key'}\n", encoding="utf-8")

    assert plain(read().secret_key) == KEY


def test_an_empty_file_or_variable_is_a_setting_not_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").touch()
    monkeypatch.setenv("FARO_TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    set_all(monkeypatch, FARO_PORT="", FARO_WEB_CHAT="")

    settings = read()

    assert not settings.telegram_is_on
    assert settings.port == 8080


@pytest.mark.parametrize("word", ["change-me", "CHANGEME", "secret", "Password", "a" * 40, "abab" * 12])
def test_a_secret_from_an_example_is_refused(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARO_SECRET_KEY", word)

    with pytest.raises(SettingsError, match="FARO_SECRET_KEY") as refused:
        read()

    assert word not in str(refused.value).replace("secret of your own", "")


def test_the_same_key_as_new_and_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, FARO_SECRET_KEY=KEY, FARO_SECRET_KEY_OLD=KEY)

    with pytest.raises(SettingsError, match="FARO_SECRET_KEY_OLD"):
        read()


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("postgresql://faro@db/faro", "postgresql+asyncpg://faro@db/faro"),
        ("postgres://faro:a%40b@db:5433/faro", "postgresql+asyncpg://faro:a%40b@db:5433/faro"),
        ("postgresql+psycopg://faro@db/faro", "postgresql+asyncpg://faro@db/faro"),
        (
            "postgresql+psycopg://faro@db/faro?sslmode=require",
            "postgresql+asyncpg://faro@db/faro?ssl=require",
        ),
        ("sqlite:////srv/faro.db", "sqlite+aiosqlite:////srv/faro.db"),
    ],
)
def test_a_database_address_is_taken_however_its_driver_is_called(address: str, taken: str) -> None:
    assert read(database_url=address).database == taken


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://faro@zzdb",
        "postgresql://faro@zzdb/faro?zzoption=1",
        "postgresql://faro@zzdb/faro?sslmode=zz",
        "sqlite+aiosqlite://",
        "postgresql+zz://db/faro",
    ],
)
def test_a_database_address_that_cannot_work_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="FARO_DATABASE_URL") as refused:
        read(database_url=address)

    assert "zz" not in str(refused.value)


def test_a_variable_wins_over_a_file_and_a_file_over_env(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(f"FARO_SECRET_KEY={KEY} env\nFARO_PORT=9000\n", encoding="utf-8")
    assert plain(read().secret_key) == f"{KEY} env"
    assert read().port == 9000

    (tmp_path / "key").write_text(f"{KEY} file", encoding="utf-8")
    monkeypatch.setenv("FARO_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert plain(read().secret_key) == f"{KEY} file"

    monkeypatch.setenv("FARO_SECRET_KEY", f"{KEY} variable")
    assert plain(read().secret_key) == f"{KEY} variable"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not text"])
def test_a_file_that_cannot_be_read_is_refused_by_its_variable(
    content: bytes | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "zzfile").write_bytes(content)
    monkeypatch.setenv("FARO_TELEGRAM_TOKEN_FILE", str(tmp_path / "zzfile"))

    with pytest.raises(SettingsError, match="FARO_TELEGRAM_TOKEN_FILE") as refused:
        read()

    assert "zz" not in str(refused.value)


@pytest.mark.parametrize(("name", "value"), MALFORMED)
def test_a_malformed_value_is_refused_by_name_and_never_quoted(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, **{**PUBLIC, name: value})

    with pytest.raises(SettingsError) as refused:
        read()

    sentence = str(refused.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert value not in sentence
    assert "zz" not in sentence


@pytest.mark.parametrize(
    ("given_name", "missing"),
    [
        ("FARO_TELEGRAM_TOKEN", "FARO_TELEGRAM_WEBHOOK_SECRET"),
        ("FARO_WHATSAPP_TOKEN", "FARO_WHATSAPP_PHONE_NUMBER_ID"),
        ("FARO_WHATSAPP_TOKEN", "FARO_WHATSAPP_APP_SECRET"),
        ("FARO_WHATSAPP_TOKEN", "FARO_WHATSAPP_VERIFY_TOKEN"),
    ],
)
def test_a_token_without_what_belongs_to_it_is_refused(
    given_name: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {
        "FARO_TELEGRAM_WEBHOOK_SECRET": "invented-secret",
        "FARO_WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
        "FARO_WHATSAPP_APP_SECRET": "invented-app-secret",
        "FARO_WHATSAPP_VERIFY_TOKEN": "invented-verify-token",
        given_name: "zztokenzz",
    }
    set_all(monkeypatch, **{name: value for name, value in whole.items() if name != missing})

    with pytest.raises(SettingsError, match=missing) as refused:
        read()

    assert "zztokenzz" not in str(refused.value)


@pytest.mark.parametrize("missing", [name for name in PUBLIC if name != "FARO_PUBLIC_URL"])
def test_in_public_more_is_required(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, **{name: value for name, value in PUBLIC.items() if name != missing})

    with pytest.raises(SettingsError, match=f"{missing} is required"):
        read()


def test_in_public_a_short_key_is_refused_and_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, **{**PUBLIC, "FARO_SECRET_KEY": "zzshort"})

    with pytest.raises(SettingsError, match="FARO_SECRET_KEY") as refused:
        read()

    assert "zzshort" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "url", "is_public"),
    [
        ("127.0.0.1", "", False),
        ("::1", "", False),
        ("localhost", "", False),
        ("0.0.0.0", "", True),  # noqa: S104 - that is the case
        ("192.0.2.7", "", True),
        ("127.0.0.1", "https://faro.example.org", True),
    ],
)
def test_public_means_an_address_or_a_host_that_others_can_reach(
    host: str, url: str, is_public: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, **{**PUBLIC, "FARO_HOST": host, "FARO_PUBLIC_URL": url})

    settings = read()

    assert settings.is_public is is_public
    assert settings.web_chat_is_on is not is_public


def test_the_web_chat_is_on_in_public_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, **PUBLIC, FARO_WEB_CHAT="on")
    assert read().web_chat_is_on

    set_all(monkeypatch, FARO_PUBLIC_URL="", FARO_WEB_CHAT="off")
    assert not read().web_chat_is_on


def test_a_key_is_made_once_and_only_the_owner_can_read_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path / "data"))

    first, again = plain(read().secret_key), plain(read().secret_key)

    assert first == again
    assert len(first) >= 32
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_another_process_is_still_writing_is_never_taken_as_an_empty_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path))
    (tmp_path / "secret_key").touch()

    with pytest.raises(SettingsError, match="FARO_SECRET_KEY"):
        read()


def test_processes_that_start_at_once_make_one_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for number in range(30):
        monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path / str(number)))
        with ThreadPoolExecutor(4) as processes:
            keys = set(processes.map(lambda _: plain(read().secret_key), range(4)))
        assert len(keys) == 1
        assert len(keys.pop()) >= 32


def test_a_data_folder_that_cannot_be_made_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "zzfile").touch()
    for key in ("", KEY):
        set_all(monkeypatch, FARO_DATA_DIR=str(tmp_path / "zzfile" / "var"), FARO_SECRET_KEY=key)
        with pytest.raises(SettingsError, match="FARO_DATA_DIR") as refused:
            read()
        assert "zz" not in str(refused.value)


def test_the_database_stands_in_the_data_folder_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path))
    assert read().database == f"sqlite+aiosqlite:///{tmp_path}/faro.db"

    named = "postgresql+asyncpg://faro@127.0.0.1/faro"
    monkeypatch.setenv("FARO_DATABASE_URL", named)
    assert read().database == named


def test_settings_cannot_be_changed_while_faro_runs() -> None:
    settings = Settings()

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=40)


@hypothesis_settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(DEFAULTS)), words)
def test_any_value_is_taken_or_refused_with_one_sentence(name: str, value: str) -> None:
    before = dict(os.environ)
    os.environ.update({**PUBLIC, "FARO_TELEGRAM_WEBHOOK_SECRET": "a-b_c", name: value})
    try:
        Settings()
        read(data_dir=Path("var"))
    except SettingsError as refused:
        sentence = str(refused)
        assert "FARO_" in sentence
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert len(value) < 4 or value not in sentence
    except ValueError:
        with pytest.raises(SettingsError):
            read()
    finally:
        os.environ.clear()
        os.environ.update(before)
