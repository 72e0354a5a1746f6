"""Alert rules and the dashboard: valid, and about metrics that Faro has."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics, metrics_page
from bot.standing import Standing
from data.operation_store import Freshness, Queue
from tests.fixtures.require import need_program

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/faro.json").read_text(encoding="utf-8"))
RULES: dict[str, Any] = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
SHOWN = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
RESULTS = {"accepted", "given_up", "dropped", "misconfigured", "throttled", "unavailable", "undeliverable"}


def families() -> dict[str, str]:
    """Of a Faro where nothing happened yet: name → type."""
    empty = Queue(0, None)
    standing = Standing(
        NOW, empty, {"telegram": empty}, {}, {}, 0, None, Freshness(0, 0, {}, {}, {}), (), (), {}, 0, 0
    )
    page = metrics_page.render(standing, budget=0).decode()
    return {family.name: family.type for family in text_string_to_metric_families(page)}


def names_in(expression: str) -> set[str]:
    return set(re.findall(r"\bfaro_[a-z_]+", expression))


def known() -> set[str]:
    """As queries name them: a counter with _total, a histogram with _bucket."""
    ending = {"counter": "_total", "histogram": "_bucket", "gauge": ""}
    return {name + ending[kind] for name, kind in families().items()}


@pytest.mark.parametrize("expression", [*SHOWN, *(rule["expr"] for rule in ALERTS)])
def test_a_query_asks_only_for_metrics_that_faro_has(expression: str) -> None:
    assert names_in(expression) <= known()


def test_the_dashboard_shows_every_metric() -> None:
    assert {name for expression in SHOWN for name in names_in(expression)} >= known() - {
        "faro_processes",
        "faro_alarm",
    }


def test_labels_that_the_rules_ask_for_are_those_that_faro_writes() -> None:
    labels = {
        "faro_queue_age_seconds": {"queue"},
        "faro_processes": {"role", "understanding", "version"},
        "faro_source_age_seconds": {"source"},
        "faro_whatsapp_month_messages": {"what"},
        **{f"{metric.name}_total": set(metric.labels) for metric in metrics.ALL},
        **{f"{metric.name}_bucket": {*metric.labels, "le"} for metric in metrics.ALL},
    }
    for expression in [*SHOWN, *(rule["expr"] for rule in ALERTS)]:
        for name, matchers in re.findall(r"\b(faro_[a-z_]+)\{([^}]*)\}", expression):
            assert set(re.findall(r"(\w+)\s*!?=", matchers)) <= labels[name], expression
        for result in re.findall(r'result="(\w+)"', expression):
            assert result in RESULTS


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    for rule in ALERTS:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert set(rule["annotations"]) == {"summary", "action"}


def test_panels_have_ids_of_their_own_and_ask_the_chosen_prometheus() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    sources = {panel["datasource"]["uid"] for panel in DASHBOARD["panels"] if "targets" in panel}

    assert len(ids) == len(set(ids))
    assert sources == {"${source}"}


@pytest.mark.parametrize(
    "command",
    [
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts_test.yml"],
        ["check", "config", "--syntax-only", "prometheus.yml"],
    ],
    ids=["rules", "when they fire", "configuration"],
)
def test_prometheus_itself_takes_the_rules(command: list[str]) -> None:
    program = need_program("promtool", name="promtool", package="prometheus")

    ended = subprocess.run([program, *command], cwd=PROMETHEUS, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
