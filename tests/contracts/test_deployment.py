"""The compose file, the Dockerfiles and deploy/prepare: valid, closed, and in agreement with the settings."""

import json
import os
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.settings import Settings, read
from tests.fixtures.require import need_program

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "tests" / "fixtures" / "compose-spec" / "compose-spec.json"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
DOCKERFILES = [ROOT / "Dockerfile", ROOT / "nlu" / "Dockerfile"]
OURS = {"faro", "web", "worker", "scheduler", "nlu"}


def megabytes(limit: str) -> int:
    number, unit = int(limit[:-1]), limit[-1]
    return number * 1024 if unit == "g" else number


def test_the_compose_file_is_valid_by_its_own_schema() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    # Compose fills in the variables first: a number given by one is a number.
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    filled = yaml.safe_load(re.sub(r'"?\$\{\w+:-(\w*)\}"?', r"\1", text))

    assert list(jsonschema.Draft7Validator(schema).iter_errors(filled)) == []


def test_how_many_run_stands_in_the_settings_of_compose() -> None:
    """A number given with --scale would be forgotten by the next `docker compose up`."""
    many = {name: service["deploy"]["replicas"] for name, service in SERVICES.items() if "deploy" in service}

    assert many == {n: f"${{FARO_SCALE_{n.upper()}:-1}}" for n in ("web", "worker", "scheduler", "nlu")}


def test_there_are_two_profiles_and_the_small_one_stays_within_a_gigabyte() -> None:
    profiles = {profile for service in SERVICES.values() for profile in service["profiles"]}
    small = [service for service in SERVICES.values() if "small" in service["profiles"]]

    assert profiles == {"small", "scaled"}
    assert sum(megabytes(service["mem_limit"]) for service in small) <= 1024
    assert {n for n, s in SERVICES.items() if "scaled" in s["profiles"]} == {
        "web",
        "worker",
        "scheduler",
        "nlu",
        "postgres",
        "caddy",
    }


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_closed_and_looked_after(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert service["mem_limit"]
    assert service["healthcheck"]["test"]
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", sorted(OURS - {"nlu"}))
def test_every_folder_that_faro_writes_to_is_its_own(name: str) -> None:
    service = SERVICES[name]
    image = DOCKERFILES[0].read_text(encoding="utf-8").rpartition("FROM ")[2]
    made = {*re.findall(r"--home-dir (\S+) --create-home", image)}
    made |= {*re.findall(r"install --directory --owner=faro --mode=0700 (\S+)", image)}
    volumes = {mount.split(":")[1] for mount in service.get("volumes", []) if not mount.endswith(":ro")}
    memory = [mount.partition(":") for mount in service["tmpfs"]]
    private = {path for path, _, options in memory if "uid=10001" in options}

    assert volumes <= made, "a volume over no folder of the image belongs to root"
    assert "/var/lib/faro" in volumes | private
    backups = service["environment"].get("FARO_BACKUP_DIR")
    assert backups is None or any(Path(backups).is_relative_to(volume) for volume in volumes)


def test_the_lists_to_refresh_from_are_where_the_settings_say() -> None:
    for name in ("faro", "web", "scheduler"):
        assert SERVICES[name]["environment"]["FARO_SOURCES"] == "/etc/faro/sources.yml"
        assert "./sources:/etc/faro:ro" in SERVICES[name]["volumes"]


def test_only_the_proxy_publishes_ports_and_only_80_and_443() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert set(published) == {"caddy"}
    assert {port.split(":")[0] for port in published["caddy"]} == {"80", "443"}


def test_the_database_and_the_model_have_no_way_to_the_internet() -> None:
    assert COMPOSE["networks"]["back"]["internal"] is True
    for name in ("postgres", "nlu"):
        assert SERVICES[name]["networks"] == ["back"]


def test_every_setting_in_the_compose_file_exists_and_every_secret_is_a_file() -> None:
    known = {f"FARO_{name.upper()}" for name in Settings.model_fields}
    for name in OURS - {"nlu"}:
        for variable, value in SERVICES[name]["environment"].items():
            assert variable.removesuffix("_FILE") in known, variable
            if variable.endswith("_FILE"):
                assert Path(value).name in SERVICES[name]["secrets"], variable


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_itself_takes_the_units(unit: Path, tmp_path: Path) -> None:
    program = need_program("systemd-analyze", name="systemd", package="systemd")
    where = tmp_path / "etc" / "systemd" / "system"
    where.mkdir(parents=True)
    for each in UNITS:
        shutil.copy(each, where)
    system = Path("/usr/lib/systemd/system")
    shutil.copytree(system, tmp_path / system.relative_to("/"), symlinks=True)
    for path in re.findall(r"^ExecStart=(\S+)", unit.read_text(encoding="utf-8"), re.MULTILINE):
        here = tmp_path / path.lstrip("/")
        here.parent.mkdir(parents=True)
        here.touch(mode=0o755)
    name = unit.name.replace("@.", "@web.")

    ended = subprocess.run(
        [program, "verify", f"--root={tmp_path}", name], capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stderr) == (0, "")


def test_units_run_what_the_containers_run_without_rights() -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        for line in (
            "User=faro",
            "Restart=always",
            "NoNewPrivileges=true",
            "ProtectSystem=strict",
            "MemoryMax=",
        ):
            assert line in text, unit.name
    one = (ROOT / "deploy/systemd/faro@.service").read_text(encoding="utf-8")
    for unit in ("faro@.service", "faro.service"):
        assert "UMask=0077" in (ROOT / "deploy/systemd" / unit).read_text(encoding="utf-8")
    assert "faro serve --only %i" in one
    for role in ("web", "worker", "scheduler"):
        assert SERVICES[role]["command"] == ["faro", "serve", "--only", role]


def prepare(folder: Path, profile: str) -> None:
    subprocess.run(
        [
            ROOT / "deploy" / "prepare",
            profile,
            "https://faro.prueba.mx",
            'La "casa" de prueba',
            "contacto@prueba.mx",
            "https://prueba.mx/privacidad",
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def test_prepare_makes_every_secret_and_settings_that_faro_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in [name for name in os.environ if name.startswith("FARO_")]:
        monkeypatch.delenv(variable)
    prepare(tmp_path, "scaled")
    before = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    prepare(tmp_path, "small")

    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == before
    assert set(before) == set(COMPOSE["secrets"])
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o644}
    assert (tmp_path / "sources").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    for variable, value in SERVICES["web"]["environment"].items():
        where = value.replace("/run/secrets", str(tmp_path / "secrets"))
        monkeypatch.setenv(variable, where)
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    settings = read()
    assert settings.database.startswith("postgresql+asyncpg://faro:")
    assert settings.is_public
    assert settings.operator_name == "La casa de prueba"
    assert not settings.telegram_is_on


def test_prepare_refuses_an_address_without_tls(tmp_path: Path) -> None:
    command = [ROOT / "deploy" / "prepare", "small", "http://faro.prueba.mx", "a", "b", "c"]

    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)

    assert ended.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", DOCKERFILES, ids=["faro", "nlu"])
def test_an_image_is_made_in_two_stages_from_locked_packages_for_a_user_without_rights(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert len([line for line in lines if line.startswith("FROM ")]) == 2
    assert all("--locked" in line for line in lines if "uv sync" in line)
    assert any(line.startswith("USER ") and line != "USER root" for line in lines)
    assert any("useradd" in line and "--uid" in line for line in lines)


@pytest.mark.parametrize("path", DOCKERFILES, ids=["faro", "nlu"])
def test_what_an_image_copies_exists_and_is_not_kept_from_the_builder(path: Path) -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", path.read_text(encoding="utf-8"), re.MULTILINE)

    for source in " ".join(copied).split():
        assert (ROOT / source).exists(), source
        assert not is_ignored(source, rules), source
    for secret in (".env", "secrets", "var", "nlu/.venv", "tests"):
        assert is_ignored(secret, rules), secret


def is_ignored(path: str, rules: list[str]) -> bool:
    """As the builder reads .dockerignore: the last rule that meets the path or a folder above it."""
    parents = [path, *map(str, Path(path).parents)]
    ignored = False
    for rule in filter(None, rules):
        if rule.startswith("#"):
            continue
        pattern = rule.removeprefix("!")
        if any(fnmatch(parent, pattern) for parent in parents if parent != "."):
            ignored = not rule.startswith("!")
    return ignored
