"""Settings given as files: FARO_SECRET_KEY_FILE=/run/secrets/key and the like."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource


class SettingsError(Exception):
    """A setting is missing or malformed. The message names the variable and never its value."""


class SettingFiles(PydanticBaseSettingsSource):
    """Every setting may be a file's content, so every secret can. An empty file is a setting not given."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        self._given = given()

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """The content without the line end."""
        del field
        name = f"FARO_{field_name.upper()}_FILE"
        path = self._given.get(name)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None, field_name, False
        except (OSError, ValueError):
            raise SettingsError(f"{name} names a file that can't be read.") from None

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(f, name)[0] for name, f in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def given() -> Mapping[str, str]:
    """What stands in `.env` and in the environment, which wins."""
    try:
        written = dotenv_values(".env")
    except (OSError, UnicodeDecodeError):
        raise SettingsError("FARO's file .env can't be read; it must be text in UTF-8.") from None
    return {name: value for name, value in {**written, **os.environ}.items() if value}


def given_twice(names: list[str]) -> list[str]:
    """Variables that are set both as themselves and as a file: the variable wins, which may surprise."""
    found = given()
    return [name for name in names if found.get(name) and found.get(f"{name}_FILE")]
