"""The operators' guide: its links lead somewhere, its settings, commands and metrics exist."""

import os
import re
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bench import paper
from bench.figures import Figure
from bot import backups, missed, scheduler
from bot.__main__ import cli
from bot.settings import Settings, read
from data.tables import metadata
from tests.fixtures.require import need_program

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "operators").glob("*.md"))
OF_COMPOSE = {
    "FARO_NLU_PROCESSES",
    *(f"FARO_SCALE_{role}" for role in ("WEB", "WORKER", "SCHEDULER", "NLU")),
}
"""Read by Compose and the NLU process's container, not by Faro."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_file_of_the_guide_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / link).exists(), link
    for path in re.findall(r"`((?:deploy|tests|bench|nlu|bot|docs|tools)/[\w./-]+)`", text):
        if path not in ("nlu/models", "bench/FIGURES.md"):
            assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_setting_secret_and_command_of_the_guide_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {f"FARO_{name.upper()}" for name in Settings.model_fields} | OF_COMPOSE
    secrets = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["secrets"]
    commands = set(get_command(cli).commands)  # type: ignore[attr-defined]

    assert set(re.findall(r"FARO_[A-Z_]+[A-Z]", text)) <= known
    assert set(re.findall(r"`secrets/(\w+)`", text)) <= set(secrets)
    for command in re.findall(r"(?:`|«|exec faro )faro (\w+)", text):
        assert command in commands, command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_container_that_the_guide_speaks_to_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    services = set(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"])
    option = r"(?: -v \S+| --since \S+| -{1,2}[\w-]+)*"
    named = set(re.findall(rf"docker compose (?:exec|run|stop|logs){option} ([a-z]\w*)", text))

    assert named <= services
    for line in re.findall(r"docker compose up -d[^\n`]*--force-recreate ([a-z ]+)", text):
        assert set(line.split()) <= services


def test_the_caddy_lines_of_the_guide_are_taken_by_caddy(tmp_path: Path) -> None:
    caddy = need_program("caddy", name="caddy", package="caddy")
    text = (ROOT / "docs/operators/install.md").read_text(encoding="utf-8")
    lines = re.search(r"^    faro\.example\.org \{\n(?:.*\n)*?    \}\n", text, re.MULTILINE)
    assert lines
    written = tmp_path / "Caddyfile"
    written.write_text(lines[0], encoding="utf-8")

    ended = subprocess.run(
        [caddy, "validate", "--adapter", "caddyfile", "--config", written],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr


def test_the_settings_for_a_machine_without_containers_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs/operators/install.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    (FARO_(?!SCALE)[A-Z_]+)=(.*)$", text, re.MULTILINE)
    filled = [f"{name}={value or f'invented-{name}-of-a-machine'}" for name, value in lines]
    (tmp_path / ".env").write_text("\n".join(filled), encoding="utf-8")
    for variable in [name for name in os.environ if name.startswith("FARO_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("FARO_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)

    settings = read()

    assert len(lines) > 10
    assert settings.is_public
    assert settings.database == "postgresql+asyncpg:///faro"


def test_the_data_protection_sheet_names_every_table() -> None:
    sheet = (ROOT / "docs/operators/data-protection.md").read_text(encoding="utf-8")
    named = {name.partition(".")[0] for name in re.findall(r"`([a-z_.]+)`", sheet)}

    assert set(metadata.tables) <= named


def test_the_times_of_the_data_protection_sheet_are_those_of_the_program() -> None:
    sheet = (ROOT / "docs/operators/data-protection.md").read_text(encoding="utf-8")
    fields = Settings.model_fields

    assert f"`FARO_RETENTION_DAYS` ({fields['retention_days'].default})" in sheet
    assert f"`FARO_IDLE_MINUTES` ({fields['idle_minutes'].default})" in sheet
    assert f"`FARO_REQUEST_DAYS` ({fields['request_days'].default})" in sheet
    assert re.search(rf"`inbox`: keyed hash[^|]*\| {scheduler.REDELIVERY.days} days", sheet)
    assert re.search(rf"`sent_message`[^|]*\| {scheduler.DELETABLE.days * 24} hours", sheet)
    assert re.search(rf"`missed_phrase`[^|]*\| {missed.KEPT.days} days", sheet)
    assert re.search(rf"`FARO_BACKUP_DIR` \| {backups.KEPT} days", sheet)


def test_every_page_stands_in_the_table_of_contents() -> None:
    listed = re.findall(
        r"\]\(([\w-]+\.md)\)", (ROOT / "docs/operators/README.md").read_text(encoding="utf-8")
    )

    assert {page.name for page in PAGES} - {"README.md"} == set(listed)


def test_the_page_on_paper_holds_the_figures_that_were_measured() -> None:
    text = paper.PAGE.read_text(encoding="utf-8")

    assert text.partition(paper.BEGIN)[2].partition(paper.END)[0].strip() == paper.part()


def test_without_every_figure_the_page_says_that_it_is_not_measured() -> None:
    half = {"figures": [asdict(Figure("1 worker, 1 reading process: answers", (20.0,), "/s"))]}

    assert paper.read(None) is None
    assert paper.read(half) is None
